package expr

import (
	"time"

	"voronka/internal/kernel/clock"
)

// Moment is what a condition needs to know besides the record: when it is asked, where and by whom.
type Moment struct {
	Now  clock.Instant
	Zone *time.Location // the reader's; nil = UTC
	Me   int64          // the person who asks; 0 = nobody, then me equals no one
}

func (m *Moment) zone() *time.Location {
	if m.Zone == nil {
		return time.UTC
	}
	return m.Zone
}

// today is the day of Now in the zone, moved by shift.
func (m *Moment) today(shift Shift) day {
	y, mo, d := m.Now.In(m.zone()).Date()
	return day{y, mo, d}.move(shift)
}

// now is Now moved by shift: months and days on the reader's calendar at the same time of day, then minutes.
func (m *Moment) now(shift Shift) int64 {
	t := m.Now.In(m.zone())
	if shift.Months != 0 || shift.Days != 0 {
		y, mo, d := t.Date()
		moved := day{y, mo, d}.move(shift)
		t = time.Date(moved.year, moved.month, moved.day, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), m.zone())
	}
	return t.Add(time.Duration(shift.Minutes) * time.Minute).UnixMilli()
}

// day is a day of the calendar, without a zone.
type day struct {
	year  int
	month time.Month
	day   int
}

// parseDay reads YYYY-MM-DD that is known to be right.
func parseDay(s string) day {
	t, _ := time.Parse(time.DateOnly, s)
	y, m, d := t.Date()
	return day{y, m, d}
}

// move shifts the day by months, where a shorter month ends at its last day, then by days.
func (d day) move(s Shift) day {
	if s.Months != 0 {
		first := time.Date(d.year, d.month+time.Month(s.Months), 1, 0, 0, 0, 0, time.UTC)
		d = day{first.Year(), first.Month(), min(d.day, first.AddDate(0, 1, -1).Day())}
	}
	if s.Days != 0 {
		t := time.Date(d.year, d.month, d.day+s.Days, 0, 0, 0, 0, time.UTC)
		d = day{t.Year(), t.Month(), t.Day()}
	}
	return d
}

func (d day) String() string {
	return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// in is all of the day's milliseconds in a zone.
func (d day) in(zone *time.Location) point {
	return point{lo: d.start(zone), hi: d.move(Shift{Days: 1}).start(zone) - 1}
}

// start is the first millisecond of the day in a zone. Where clocks jump over midnight the day begins after the jump;
// where midnight comes twice it begins with the first.
func (d day) start(zone *time.Location) int64 {
	t := time.Date(d.year, d.month, d.day, 0, 0, 0, 0, zone)
	begin, end := t.ZoneBounds()
	switch {
	case t.Day() != d.day: // midnight doesn't exist and t fell into the day before
		return end.UnixMilli()
	case t.Hour() != 0 || t.Minute() != 0: // … or t fell behind the jump
		return begin.UnixMilli()
	case begin.IsZero():
		return t.UnixMilli()
	}
	// t may be the second midnight: look at it with the offset of before.
	_, offset := t.Zone()
	_, before := begin.Add(-time.Millisecond).Zone()
	earlier := t.Add(time.Duration(offset-before) * time.Second)
	if earlier.Before(begin) && earlier.Day() == d.day && earlier.Hour() == 0 && earlier.Minute() == 0 {
		return earlier.UnixMilli()
	}
	return t.UnixMilli()
}
