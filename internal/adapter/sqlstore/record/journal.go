package record

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/journal"
)

var _ journal.Store = (*Store)(nil)

// plainCauses are written so often that they needn't be marshalled.
var plainCauses = map[event.Cause]string{{Kind: "person"}: `{"kind":"person"}`, {Kind: "system"}: `{"kind":"system"}`}

// Write implements journal.Store.
func (s *Store) Write(t tx.Tx, e journal.Entry) error {
	q := db.Of(t)
	typeID := e.TypeID
	if e.Type != "" {
		cat, err := s.Catalog(t)
		if err != nil {
			return err
		}
		typ := cat.Type(e.Type)
		if typ == nil {
			return fmt.Errorf("journal: no type %q", e.Type)
		}
		typeID = typ.ID
	}
	cause, ok := plainCauses[t.Cause()]
	if !ok {
		b, err := json.Marshal(t.Cause())
		if err != nil {
			return err
		}
		cause = string(b)
	}
	diff, err := diffText(e.Diff)
	if err != nil {
		return err
	}
	const insert = `INSERT INTO journal (at, type_id, record_id, kind, actor_id, cause, diff, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	args := []any{t.Now(), typeID, e.RecordID, e.Kind, t.Actor(), cause, diff, e.Version}
	if len(e.Personal) == 0 {
		return db.Later(q, insert, args...)
	}
	id, err := db.InsertID(q, insert+" RETURNING id", args...)
	if err != nil {
		return err
	}
	for _, field := range slices.Sorted(maps.Keys(e.Personal)) {
		if err := db.Later(q, "INSERT INTO journal_personal (journal_id, field, diff) VALUES (?, ?, ?)", id, field, string(e.Personal[field])); err != nil {
			return err
		}
	}
	return nil
}

func diffText(diff any) (string, error) {
	switch d := diff.(type) {
	case nil:
		return "{}", nil
	case []byte:
		return string(d), nil
	case json.RawMessage:
		return string(d), nil
	case string:
		return d, nil
	}
	b, err := json.Marshal(diff)
	return string(b), err
}

// ChangedSince implements journal.Store.
func (s *Store) ChangedSince(t tx.Tx, typeID, recordID, version int64) ([]string, error) {
	seen := map[string]json.RawMessage{}
	err := db.Of(t).Query("SELECT diff FROM journal WHERE type_id = ? AND record_id = ? AND version > ?", []any{typeID, recordID, version}, func(r db.Row) error {
		return json.Unmarshal(r.Bytes(0), &seen)
	})
	return slices.Sorted(maps.Keys(seen)), err
}
