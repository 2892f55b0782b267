package worktime

import (
	"iter"
	"time"

	"voronka/internal/kernel/clock"
)

// working walks over the working intervals within [a, b) in order, of both schedules when there are two.
func (s *Schedule) working(a, b clock.Instant) iter.Seq2[clock.Instant, clock.Instant] {
	if s.and == nil {
		return s.own(a, b)
	}
	return func(yield func(from, to clock.Instant) bool) {
		for from, to := range s.own(a, b) {
			for from, to := range s.and.working(from, to) {
				if !yield(from, to) {
					return
				}
			}
		}
	}
}

// own walks over the schedule's own working intervals within [a, b) in order. Time is cut into pieces during which the zone keeps one
// offset; inside a piece the wall clock runs evenly, so intervals of the wall clock are intervals of time.
func (s *Schedule) own(a, b clock.Instant) iter.Seq2[clock.Instant, clock.Instant] {
	return func(yield func(from, to clock.Instant) bool) {
		if s.Zone == nil {
			return
		}
		for at := a; at < b; {
			offset, until := s.piece(at, b)
			if !s.walkPiece(at, until, offset, yield) {
				return
			}
			at = until
		}
	}
}

// piece tells the zone's offset at a moment and until when it holds, at most until b.
func (s *Schedule) piece(at, b clock.Instant) (offset time.Duration, until clock.Instant) {
	local := at.In(s.Zone)
	_, seconds := local.Zone()
	until = b
	if _, end := local.ZoneBounds(); !end.IsZero() {
		until = min(b, clock.Of(end))
	}
	return time.Duration(seconds) * time.Second, until
}

const (
	minuteMS = clock.Instant(60 * 1000)
	dayMS    = clock.Instant(Day) * minuteMS
)

// walkPiece yields the working intervals of [a, b) under one offset; false means the receiver wants no more.
func (s *Schedule) walkPiece(a, b clock.Instant, offset time.Duration, yield func(from, to clock.Instant) bool) bool {
	shift := clock.Instant(offset.Milliseconds())
	for day := floorDay(a + shift); day < b+shift; day += dayMS {
		date := day.Time() // the wall clock read as if it were UTC
		for _, p := range s.spans(date.Format(time.DateOnly), date.Weekday()) {
			from := max(a, day+clock.Instant(p.From)*minuteMS-shift)
			to := min(b, day+clock.Instant(p.To)*minuteMS-shift)
			if from < to && !yield(from, to) {
				return false
			}
		}
	}
	return true
}

// floorDay is the midnight before or at i.
func floorDay(i clock.Instant) clock.Instant {
	rest := i % dayMS
	if rest < 0 {
		rest += dayMS
	}
	return i - rest
}
