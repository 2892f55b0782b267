package directory

import (
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
)

// Hours is working time for those who set deadlines and measure stays on stages: by the schedule of the person, of the
// portal for nobody.
type Hours struct{ Source Source }

// Due is the moment when d of a person's working time has passed since from. A schedule that never works counts round the
// clock, so that a deadline always comes.
func (h Hours) Due(t tx.Tx, userID int64, from clock.Instant, d time.Duration) (clock.Instant, error) {
	dir, err := h.Source.In(t)
	if err != nil {
		return 0, err
	}
	if due, ok := dir.ScheduleOf(userID).Add(from, d); ok {
		return due, nil
	}
	return from.Add(d), nil
}

// Between is the working time of a person from one moment to another in whole seconds.
func (h Hours) Between(t tx.Tx, userID int64, from, to clock.Instant) (seconds int64, err error) {
	dir, err := h.Source.In(t)
	if err != nil {
		return 0, err
	}
	return int64(dir.ScheduleOf(userID).Between(from, to) / time.Second), nil
}
