// Package journal is the append-only history of records: one row per change, in the change's transaction, with who did it
// and because of what. Reading it (timeline, feed, audit) belongs to higher rooms.
package journal

import (
	"encoding/json"

	"voronka/internal/kernel/tx"
)

// Kinds of entries the machinery of records writes itself; higher rooms add their own (offer_made, request_came …).
const (
	Created  = "created"
	Changed  = "changed"
	Moved    = "moved"
	Deleted  = "deleted"
	Restored = "restored"
)

// Entry is one row to be written. Actor, cause and moment come from the transaction.
type Entry struct {
	Type     string // code of the record's type; TypeID serves when it is empty
	TypeID   int64
	RecordID int64
	Kind     string
	Version  int64 // of the record after the change; 0 when its fields didn't change
	// Diff is {"field":{"from":…,"to":…}} with values in the API's shape; for entries of other kinds any JSON object. It is
	// json.RawMessage or []byte as it is, anything else is marshalled.
	Diff any
	// Personal holds the from/to of fields whose values must be erasable; in Diff they are {"personal":true}.
	Personal map[string]json.RawMessage
}

// Store keeps the journal.
type Store interface {
	// Write appends an entry.
	Write(t tx.Tx, e Entry) error
	// ChangedSince are the codes of fields changed after a version of a record.
	ChangedSince(t tx.Tx, typeID, recordID, version int64) (codes []string, err error)
}
