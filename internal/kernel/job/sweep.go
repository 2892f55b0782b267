package job

import (
	"time"

	"voronka/internal/kernel/clock"
)

// SweepSlice is how many rows a sweep removes at once: a long transaction keeps others waiting.
const SweepSlice = 5000

// FirstSweep is the job that removes what is old once a day, as a program that has just started asks for it.
func FirstSweep(kind string, now clock.Instant) Job { return sweep(kind, now.Add(time.Hour)) }

// NextSweep is that job after one that removed some rows: at once while there may be more, else the next day.
func NextSweep(kind string, now clock.Instant, removed int64) Job {
	if removed == SweepSlice {
		return sweep(kind, now.Add(time.Second))
	}
	return sweep(kind, now.Add(24*time.Hour))
}

func sweep(kind string, due clock.Instant) Job { return Job{Kind: kind, Key: "daily", DueAt: due} }
