package record

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// External implements record.Store. Others asking for the same outside id wait until the transaction ends, so that two
// can't both create the record.
func (s *Store) External(t tx.Tx, system string, typ *schema.Type, externalID string) (int64, bool, error) {
	q := db.Of(t)
	if err := lockValue(q, "external "+system+" "+typ.Code+" "+externalID); err != nil {
		return 0, false, err
	}
	id, err := db.Int(q, "SELECT record_id FROM external_ref WHERE system = ? AND type_id = ? AND external_id = ?", system, typ.ID, externalID)
	return id, id != 0, err
}

// Known implements record.Store.
func (s *Store) Known(ctx context.Context, system, typ, externalID string) (id int64, a event.Access, ok bool, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		cat, err := s.CatalogIn(q)
		if err != nil {
			return err
		}
		x := cat.Type(typ)
		if x == nil {
			return fault.New(fault.NotFound, "record.no_such_type", fault.Args{"type": typ})
		}
		id, err = db.Int(q, "SELECT record_id FROM external_ref WHERE system = ? AND type_id = ? AND external_id = ?", system, x.ID, externalID)
		if err != nil || id == 0 {
			return err
		}
		a, ok, err = accessOf(q, x, id)
		return err
	})
	return id, a, ok, err
}

// PutExternal implements record.Store.
func (s *Store) PutExternal(t tx.Tx, system string, typ *schema.Type, externalID string, id int64) error {
	_, err := db.Of(t).Exec(`INSERT INTO external_ref (system, type_id, external_id, record_id) VALUES (?, ?, ?, ?)
		ON CONFLICT (system, type_id, external_id) DO UPDATE SET record_id = excluded.record_id`, system, typ.ID, externalID, id)
	return err
}

// ExternalOf implements record.Store.
func (s *Store) ExternalOf(t tx.Tx, typ *schema.Type, id int64) ([]record.External, error) {
	var all []record.External
	err := db.Of(t).Query("SELECT system, external_id FROM external_ref WHERE type_id = ? AND record_id = ? ORDER BY system, external_id", []any{typ.ID, id}, func(r db.Row) error {
		all = append(all, record.External{System: r.Text(0), ID: r.Text(1)})
		return nil
	})
	return all, err
}
