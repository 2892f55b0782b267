package directory

import (
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
)

// Hours is working time for those who set deadlines and measure stays on stages. Everybody works by the portal's schedule;
// the person is asked for so that schedules of people can be told apart here and nowhere else.
type Hours struct{ Source Source }

// Due is the moment when d of working time has passed since from. A schedule that never works counts round the clock, so
// that a deadline always comes.
func (h Hours) Due(t tx.Tx, _ int64, from clock.Instant, d time.Duration) (clock.Instant, error) {
	dir, err := h.Source.In(t)
	if err != nil {
		return 0, err
	}
	if due, ok := dir.WorkTime.Add(from, d); ok {
		return due, nil
	}
	return from.Add(d), nil
}

// Between is the working time from one moment to another in whole seconds.
func (h Hours) Between(t tx.Tx, _ int64, from, to clock.Instant) (seconds int64, err error) {
	dir, err := h.Source.In(t)
	if err != nil {
		return 0, err
	}
	return int64(dir.WorkTime.Between(from, to) / time.Second), nil
}
