package accessjournal

import (
	"context"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
)

// Kinds are all kinds, in the order filters show them.
var Kinds = []Kind{Login, LoginFailed, LoginBlocked, Logout, Account, TokenMade, TokenRevoked, View, Export, Rights, Settings, LookAs}

// Filter narrows the journal; zero values don't.
type Filter struct {
	UserID   int64
	Kinds    []Kind
	TokenID  int64
	Ref      ref.Ref
	Text     string        // a part of a name or e-mail address, or a whole network address
	From, To clock.Instant // From inside, To not
	Before   Mark          // the last line of the page before
	Limit    int
}

// Mark is a place in the journal, which is read from the newest to the oldest.
type Mark struct {
	At clock.Instant `json:"at"`
	ID int64         `json:"id"`
}

// Reader reads the journal, the newest line first.
type Reader interface {
	Entries(ctx context.Context, f Filter) ([]Entry, error)
}

// Store keeps the journal.
type Store interface {
	Writer
	Reader
	// NoteAll writes many complete lines at once; nothing is filled in.
	NoteAll(t tx.Tx, list []Entry) error
	// Sweep removes up to limit lines of the kinds from before a moment, of each kind the oldest first, and tells how many.
	Sweep(t tx.Tx, kinds []Kind, before clock.Instant, limit int) (int64, error)
	// Keeping is how long lines are kept.
	Keeping(ctx context.Context) (Keep, error)
	KeepingIn(t tx.Tx) (Keep, error)
	SaveKeeping(t tx.Tx, k Keep) error
}
