package db

import (
	"testing"
	"time"

	"voronka/internal/kernel/clock"
)

func TestJumps(t *testing.T) {
	var j jumps
	at, now := time.Now(), clock.Of(time.Now())
	for i, look := range []struct {
		passed, shown time.Duration
		want          bool
	}{
		{0, 0, false},                     // the first look knows no other
		{time.Second, time.Second, false}, // a clock that goes
		{time.Second, time.Second + 20*time.Millisecond, false}, // corrected a little
		{10 * time.Second, 10 * time.Second, false},             // ourselves held up
		{time.Second, time.Hour, true},                          // set forward, or the machine slept
		{time.Second, time.Second, false},                       // and goes on from there
		{time.Second, -time.Hour, true},                         // set back
	} {
		at, now = at.Add(look.passed), now.Add(look.shown)
		if got := j.jumped(now, at); got != look.want {
			t.Errorf("look %d: %v", i, got)
		}
	}
}
