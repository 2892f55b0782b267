package deadline

import (
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
)

// Hours counts working time.
type Hours interface {
	// Due is the moment when d of the working time of a person has passed since from. Person 0 is the portal.
	Due(t tx.Tx, userID int64, from clock.Instant, d time.Duration) (clock.Instant, error)
}

// Wall is round the clock: working time is what the clock on the wall says.
type Wall struct{}

// Due implements Hours.
func (Wall) Due(_ tx.Tx, _ int64, from clock.Instant, d time.Duration) (clock.Instant, error) {
	return from.Add(d), nil
}
