package flowstore

import (
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/flow/deadline"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
)

type deadlines struct{ *Store }

// Insert implements deadline.Store.
func (s deadlines) Insert(t tx.Tx, d deadline.Deadline) (int64, error) {
	typ, err := s.typeID(t, d.Record.Type)
	if err != nil {
		return 0, err
	}
	return db.InsertID(db.Of(t), `INSERT INTO deadline (kind, type_id, record_id, subject_id, user_id, due_at, state, created_at)
		VALUES (?, ?, ?, ?, ?, ?, 'open', ?) RETURNING id`, d.Kind, typ, d.Record.ID, d.Subject, d.UserID, d.DueAt, t.Now())
}

// Fire implements deadline.Store. The record is locked before the deadline, as everybody does who ends one.
func (s deadlines) Fire(t tx.Tx, id int64) (*deadline.Deadline, error) {
	q := db.Of(t)
	d := &deadline.Deadline{ID: id, State: deadline.Fired}
	var typeID int64
	found, err := db.One(q, "SELECT kind, type_id, record_id, subject_id, user_id, due_at FROM deadline WHERE id = ? AND state = 'open'", []any{id},
		func(r db.Row) error {
			d.Kind, typeID, d.Record.ID, d.Subject, d.UserID, d.DueAt = r.Text(0), r.Int64(1), r.Int64(2), r.Int64(3), r.Int64(4), clock.Instant(r.Int64(5))
			return nil
		})
	if err != nil || !found {
		return nil, err
	}
	c, err := s.schema.Catalog(t)
	if err != nil {
		return nil, err
	}
	if typ := c.TypeByID(typeID); typ != nil {
		d.Record.Type = typ.Code
		if err := db.LockRows(q, typ.Table(), d.Record.ID); err != nil {
			return nil, err
		}
	}
	n, err := q.Exec("UPDATE deadline SET state = 'fired', closed_at = ? WHERE id = ? AND state = 'open'", t.Now(), id)
	if err != nil || n == 0 {
		return nil, err
	}
	return d, nil
}

// CloseSubject implements deadline.Store.
func (s deadlines) CloseSubject(t tx.Tx, kind string, subject int64) ([]int64, error) {
	return closed(t, "kind = ? AND subject_id = ?", kind, subject)
}

// CloseRecord implements deadline.Store.
func (s deadlines) CloseRecord(t tx.Tx, kind string, r ref.Ref) ([]int64, error) {
	typ, err := s.typeID(t, r.Type)
	if err != nil {
		return nil, err
	}
	return closed(t, "kind = ? AND type_id = ? AND record_id = ?", kind, typ, r.ID)
}

func closed(t tx.Tx, where string, args ...any) (ids []int64, err error) {
	err = db.Of(t).Query("UPDATE deadline SET state = 'closed', closed_at = ? WHERE "+where+" AND state = 'open' RETURNING id",
		append([]any{t.Now()}, args...), func(r db.Row) error { ids = append(ids, r.Int64(0)); return nil })
	return ids, err
}
