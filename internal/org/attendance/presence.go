package attendance

import (
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/directory"
)

// Why somebody doesn't work.
const (
	OutOfHours    = "out_of_hours"
	Absent        = "absent"
	DayNotStarted = "day_not_started"
	DayPaused     = "day_paused"
	DayFinished   = "day_finished"
	Left          = "left"
)

// Presence is whether a person works at a moment.
type Presence struct {
	Works bool
	Why   string        // "" when he works
	Until clock.Instant // when this state ends by itself, 0: unknown
	Next  clock.Instant // when he works next by his schedule, 0: never; now or earlier while he works
}

// Of tells who of some people works now. needDay also demands a working day that is started, not paused, not finished.
func (s *Service) Of(t tx.Tx, users []int64, needDay bool) (map[int64]Presence, error) {
	dir, err := s.Org.In(t)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]Presence, len(users))
	days := map[int64]string{} // who has to have a working day, with the date where he is
	for _, id := range users {
		p := At(dir, id, t.Now())
		if out[id] = p; p.Works && needDay {
			days[id] = t.Now().Date(dir.ScheduleOf(id).Zone)
		}
	}
	if len(days) == 0 {
		return out, nil
	}
	return out, s.days(t, days, out)
}

// At tells whether a person works at a moment by schedule and absences alone.
func At(dir *directory.Directory, userID int64, now clock.Instant) Presence {
	if u := dir.User(userID); u == nil || !u.Active {
		return Presence{Why: Left}
	}
	schedule := dir.ScheduleOf(userID)
	if until, away := dir.AwayAt(userID, now); away {
		next, _ := schedule.Next(until)
		return Presence{Why: Absent, Until: until, Next: next}
	}
	next, ever := schedule.Next(now)
	if !ever || next > now {
		return Presence{Why: OutOfHours, Until: next, Next: next}
	}
	p := Presence{Works: true, Next: now}
	if end, ends := schedule.Ends(now); ends {
		p.Until = end
	}
	return p
}

// days takes off those whose working day isn't running.
func (s *Service) days(t tx.Tx, days map[int64]string, out map[int64]Presence) error {
	users := make([]int64, 0, len(days))
	for id := range days {
		users = append(users, id)
	}
	open, err := s.Store.OpenSpans(t, users)
	if err != nil {
		return err
	}
	for id, span := range open {
		delete(days, id)
		if p := out[id]; span.Kind == Pause {
			out[id] = Presence{Why: DayPaused, Next: p.Next}
		}
	}
	if len(days) == 0 {
		return nil
	}
	worked, err := s.Store.Worked(t, days)
	if err != nil {
		return err
	}
	for id := range days {
		p := Presence{Why: DayNotStarted, Next: out[id].Next}
		if worked[id] {
			p.Why = DayFinished
		}
		out[id] = p
	}
	return nil
}
