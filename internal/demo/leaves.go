package demo

import (
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/attendance"
)

// leaves puts holidays and illnesses of the people on the line: two holidays in the history for everybody, some days ill for
// most. Nobody one may look as is away now; somebody else is.
func (s *seeding) leaves(zone *time.Location) {
	begin, end := s.start.In(zone), s.now.In(zone)
	months := int(end.Sub(begin).Hours() / 24 / 30)
	for i, m := range staff[1:] {
		shown := m.box == boxHead || m.box == boxManager || m.box == boxRival || m.box == "oksana"
		take := func(kind string, first time.Time, days int, notice time.Duration) {
			last := first.AddDate(0, 0, days-1)
			if last.After(end) && shown || first.Add(-notice).Before(begin) || first.After(end) {
				return
			}
			user := s.crew.ids[m.box]
			s.line.put(clock.Of(first.Add(-notice)), func() error { return s.leave1(user, kind, first, last) })
		}
		for n := range 2 {
			first := begin.AddDate(0, 1+n*months/2+s.r.IntN(max(1, months/2-1)), s.r.IntN(25))
			for first.Weekday() != time.Monday {
				first = first.AddDate(0, 0, 1)
			}
			take("vacation", day(first), 14-7*n, 20*24*time.Hour)
		}
		if i%3 > 0 {
			take("sick", day(begin.AddDate(0, 0, 20+s.r.IntN(months*28))), 2+s.r.IntN(4), 0)
		}
		if m.box == "ilya" {
			take("vacation", day(end.AddDate(0, 0, -4)), 14, 20*24*time.Hour)
		}
	}
}

// day is when a day of the office begins.
func day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 8, 30, 0, 0, t.Location())
}

// leave1 enters an absence; one that meets another is not taken.
func (s *seeding) leave1(user int64, kind string, first, last time.Time) error {
	a := attendance.Absence{UserID: user, Kind: kind, First: first.Format(time.DateOnly), Last: last.Format(time.DateOnly)}
	_, err := s.app.Attendance.AddAbsence(tx.WithActor(s.ctx, s.admin.UserID), s.admin, a)
	if fault.Is(err, fault.Invalid) {
		return nil
	}
	return err
}
