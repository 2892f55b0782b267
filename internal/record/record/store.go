package record

import (
	"context"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/directory"
	"voronka/internal/record/journal"
	"voronka/internal/record/schema"
)

// Store keeps records. All methods work within the transaction they are given.
type Store interface {
	journal.Store
	// Catalog is the schema as the transaction sees it.
	Catalog(t tx.Tx) (*schema.Catalog, error)
	// Load reads and locks a record: all of its row and observers, and of side tables the fields named. ok is false when
	// it isn't there.
	Load(t tx.Tx, typ *schema.Type, id int64, side []*schema.Field) (s State, ok bool, err error)
	// Lock locks records against other writers in the order of their numbers.
	Lock(t tx.Tx, typ *schema.Type, ids []int64) error
	// Insert writes a new record with side values and observers; it gives the number unless s.ID has one (a restored record).
	Insert(t tx.Tx, typ *schema.Type, s *State) (id int64, err error)
	// Update writes the changed fields and the system columns of c.After.
	Update(t tx.Tx, c *Change) error
	// Remove deletes the row with its side values, observers and external ids.
	Remove(t tx.Tx, typ *schema.Type, id int64) error

	// AddTotals adds to the totals, locking them in the order of their keys.
	AddTotals(t tx.Tx, totals []Total) error

	// EnterStage opens a visit; LeaveStage closes the open one, work is the working seconds from when it was entered.
	EnterStage(t tx.Tx, typ *schema.Type, s *State) error
	LeaveStage(t tx.Tx, typ *schema.Type, s *State, at clock.Instant, work int64) error

	// Holder is another record with the same value of a unique field, 0 when there is none. Until the end of the
	// transaction nobody else can take the value.
	Holder(t tx.Tx, typ *schema.Type, f *schema.Field, d schema.Datum, except int64) (id int64, err error)
	// Access are the attributes rights on a record are decided by; ok is false when it isn't there.
	Access(t tx.Tx, typ *schema.Type, id int64) (a event.Access, ok bool, err error)
	// Files tells which of the files are there: those uploaded by the person, or attached to records.
	Files(t tx.Tx, ids []int64) (map[int64]FileHold, error)
	// Rate is how much one of currency costs in base currency on a day, × money.RateScale: the last rate not after it.
	Rate(t tx.Tx, currency, day string) (rate int64, ok bool, err error)

	// PutBin puts a deleted record into the bin, Binned looks at it and locks it, DropBin takes it out.
	PutBin(t tx.Tx, typ *schema.Type, b *Binned) error
	Binned(t tx.Tx, typ *schema.Type, id int64) (b Binned, ok bool, err error)
	DropBin(t tx.Tx, typ *schema.Type, id int64) error
	// Purge removes what is left of a record in the bin for good, if it is still there.
	Purge(t tx.Tx, typeID, id int64) error
	// WithValue lists records that hold a list value, in the order of their numbers, after a number.
	WithValue(t tx.Tx, typ *schema.Type, f *schema.Field, valueID, after int64, limit int) ([]int64, error)

	// External finds the record known outside under an id; ExternalOf lists what a record is known as.
	External(t tx.Tx, system string, typ *schema.Type, externalID string) (id int64, ok bool, err error)
	// Known is External for those who only look, with what rights are decided by.
	Known(ctx context.Context, system, typ, externalID string) (id int64, a event.Access, ok bool, err error)
	PutExternal(t tx.Tx, system string, typ *schema.Type, externalID string, id int64) error
	ExternalOf(t tx.Tx, typ *schema.Type, id int64) ([]External, error)

	// Savepoint runs f so that its failure undoes only what f did.
	Savepoint(t tx.Tx, f func() error) error
}

// FileHold says who may attach a file: its uploader, or whoever sees a record it hangs on.
type FileHold struct {
	UploadedBy int64
	On         []FilePlace
}

// FilePlace is a field of a record a file hangs on.
type FilePlace struct {
	ref.Ref
	Field string
}

// External is one outside name of a record.
type External struct {
	System string `json:"system"`
	ID     string `json:"id"`
}

// Org is the organisation as a transaction sees it.
type Org interface {
	In(t tx.Tx) (*directory.Directory, error)
}

// WorkClock measures working time of a person between two moments, in seconds.
type WorkClock interface {
	Between(t tx.Tx, userID int64, from, to clock.Instant) (seconds int64, err error)
}
