package db

import (
	"time"

	"voronka/internal/kernel/clock"
)

// jumps sees when the clock was set, or the machine slept: when the clock went further than the time that has passed.
type jumps struct {
	clock clock.Instant
	at    time.Time // by the clock nobody can set; zero before the first look
}

const jump = 100 * time.Millisecond // less is a correction, or ourselves held up between two looks

// jumped tells whether that happened since the last look.
func (j *jumps) jumped(now clock.Instant, at time.Time) bool {
	before := *j
	*j = jumps{now, at}
	return !before.at.IsZero() && (now.Sub(before.clock)-at.Sub(before.at)).Abs() > jump
}
