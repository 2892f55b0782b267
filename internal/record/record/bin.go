package record

import (
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
)

// BinDays is how long a deleted record can be restored.
const BinDays = 30

// Binned is a deleted record as the bin keeps it: the whole of it in one document.
type Binned struct {
	State     State // with all side values and observers
	External  []External
	DeletedAt clock.Instant
	DeletedBy int64
}

// Sight are the attributes rights on a record in the bin are decided by: those it had, in the departments of today.
func (b *Binned) Sight() event.Access { return b.State.Access }
