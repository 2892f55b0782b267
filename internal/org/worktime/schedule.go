// Package worktime counts working time: weekly intervals with breaks in a time zone, and dated exceptions. It is pure: a
// schedule and moments in, durations and moments out. A moment is working when the wall clock of the schedule's zone shows a
// time inside an interval of the wall clock's date; that makes the answers exact when clocks are put forward or back, also at
// midnight. Whose schedule it is, where calendars come from and why somebody is away don't belong here: days of a calendar and
// times away arrive as data.
package worktime

import (
	"fmt"
	"slices"
	"time"

	"voronka/internal/kernel/clock"
)

// Day is how long a day is in minutes of the wall clock.
const Day = 24 * 60

// Span is a working interval of a day in minutes since midnight of the wall clock: From is inside, To is not. To may be Day.
type Span struct{ From, To int }

// Schedule says when work is done. The zero Schedule never works. A schedule is not changed once it is in use.
type Schedule struct {
	Zone *time.Location
	// Week holds the working intervals by time.Weekday, sorted and apart from each other.
	Week [7][]Span
	// Dates replace the week's intervals on single days, by YYYY-MM-DD; an empty list is a day off. They go before the
	// calendar.
	Dates map[string][]Span
	// Calendar says what holidays, shortened and moved days make of the week; nil: nothing. It is shared and not changed.
	Calendar Calendar
	// Away are the times nobody works whatever the rest says, in order of First.
	Away []Away
	// and is another schedule that must agree; see And.
	and *Schedule
}

// Default is Monday to Friday from nine to six without a break.
func Default(zone *time.Location) *Schedule {
	s := &Schedule{Zone: zone}
	for d := time.Monday; d <= time.Friday; d++ {
		s.Week[d] = []Span{{9 * 60, 18 * 60}}
	}
	return s
}

// Always works round the clock.
func Always() *Schedule {
	s := &Schedule{Zone: time.UTC}
	for d := range s.Week {
		s.Week[d] = []Span{{0, Day}}
	}
	return s
}

// Between is the working time from a to b. It is negative when b comes before a, so that
// Between(a, b) + Between(b, c) = Between(a, c) always holds.
func (s *Schedule) Between(a, b clock.Instant) time.Duration {
	if b < a {
		return -s.Between(b, a)
	}
	var sum time.Duration
	for from, to := range s.working(a, b) {
		sum += to.Sub(from)
	}
	return sum
}

// horizon is how far ahead Add looks for working time: a schedule that has none for so long never works.
const horizon = 10 * 366 * 24 * time.Hour

// Add is the earliest moment at or after start up to which d of working time has passed since start. A d of nothing or less
// is start itself. ok is false when the schedule has not so much working time within the next ten years and d.
func (s *Schedule) Add(start clock.Instant, d time.Duration) (end clock.Instant, ok bool) {
	d = d.Truncate(time.Millisecond)
	if d <= 0 {
		return start, true
	}
	if d > 10*horizon {
		return 0, false
	}
	for from, to := range s.working(start, start.Add(horizon).Add(d)) {
		if part := to.Sub(from); part < d {
			d -= part
			continue
		}
		return from.Add(d), true
	}
	return 0, false
}

// Works tells whether at is working time.
func (s *Schedule) Works(at clock.Instant) bool {
	for range s.working(at, at+1) {
		return true
	}
	return false
}

// Next is the first working moment at or after at.
func (s *Schedule) Next(at clock.Instant) (clock.Instant, bool) {
	for from := range s.working(at, at.Add(horizon)) {
		return from, true
	}
	return 0, false
}

// unending is how long an interval is looked at: who works two months without a break works round the clock.
const unending = 62 * 24 * time.Hour

// Ends is when the working interval at a moment ends; ok is false outside working time, and when it goes on for two months.
func (s *Schedule) Ends(at clock.Instant) (end clock.Instant, ok bool) {
	end = at
	for from, to := range s.working(at, at.Add(unending)) {
		if from != end {
			break
		}
		end = to
	}
	return end, end > at && end < at.Add(unending)
}

// And is the time both schedules work, each by the clock of its own zone.
func (s *Schedule) And(o *Schedule) *Schedule {
	both := *s
	if s.and != nil {
		o = s.and.And(o)
	}
	both.and = o
	return &both
}

// On are the working intervals of a date, by the clock of the schedule's zone.
func (s *Schedule) On(date string) []Span {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return nil
	}
	return s.spans(date, day.Weekday())
}

// spans are the intervals of one date.
func (s *Schedule) spans(date string, weekday time.Weekday) []Span {
	spans, fixed := s.Dates[date]
	if !fixed {
		spans = s.Week[weekday]
		if day, marked := s.Calendar[date]; marked {
			spans = day.spans(s.Week, weekday)
		}
	}
	for _, a := range s.Away {
		if a.First > date {
			break
		}
		if date <= a.Last {
			spans = cut(spans, a.Span())
		}
	}
	return spans
}

// Check tells what is wrong with the schedule, if anything.
func (s *Schedule) Check() error {
	if s.Zone == nil {
		return fmt.Errorf("worktime: no zone")
	}
	for d, spans := range s.Week {
		if err := check(spans); err != nil {
			return fmt.Errorf("worktime: %s: %w", time.Weekday(d), err)
		}
	}
	for date, spans := range s.Dates {
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			return fmt.Errorf("worktime: %q is no date", date)
		}
		if err := check(spans); err != nil {
			return fmt.Errorf("worktime: %s: %w", date, err)
		}
	}
	return nil
}

func check(spans []Span) error {
	if !slices.IsSortedFunc(spans, func(a, b Span) int { return a.From - b.From }) {
		return fmt.Errorf("intervals are not in order")
	}
	for i, p := range spans {
		switch {
		case p.From < 0 || p.To > Day || p.From >= p.To:
			return fmt.Errorf("interval %d–%d is not within a day", p.From, p.To)
		case i > 0 && spans[i-1].To > p.From:
			return fmt.Errorf("intervals overlap at %d", p.From)
		}
	}
	return nil
}
