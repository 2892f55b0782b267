package flowstore

import (
	"maps"
	"slices"
	"time"

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
	return db.InsertID(db.Of(t), insertDeadline, deadlineArgs(t, typ, d)...)
}

const insertDeadline = `INSERT INTO deadline (kind, type_id, record_id, subject_id, user_id, due_at, state, created_at, from_at, work_ms)
	VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?, ?) RETURNING id`

func deadlineArgs(t tx.Tx, typeID int64, d deadline.Deadline) []any {
	return []any{d.Kind, typeID, d.Record.ID, d.Subject, d.UserID, d.DueAt, t.Now(), d.FromAt, d.Work.Milliseconds()}
}

// Fire implements deadline.Store. The record is locked before the deadline, as everybody does who ends one.
func (s deadlines) Fire(t tx.Tx, id int64) (*deadline.Deadline, error) {
	q := db.Of(t)
	var d *deadline.Deadline
	var typeID int64
	found, err := db.One(q, "SELECT "+deadlineColumns+" FROM deadline WHERE id = ? AND state = 'open'", []any{id}, func(r db.Row) error {
		d, typeID = scanDeadline(r)
		d.State = deadline.Fired
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

const deadlineColumns = "id, kind, type_id, record_id, subject_id, user_id, due_at, from_at, work_ms"

// scanDeadline reads an open deadline; its record's type comes as a number.
func scanDeadline(r db.Row) (d *deadline.Deadline, typeID int64) {
	d = &deadline.Deadline{
		ID: r.Int64(0), Kind: r.Text(1), Subject: r.Int64(4), UserID: r.Int64(5), DueAt: clock.Instant(r.Int64(6)), State: deadline.Open,
		FromAt: clock.Instant(r.Int64(7)), Work: time.Duration(r.Int64(8)) * time.Millisecond,
	}
	d.Record.ID = r.Int64(3)
	return d, r.Int64(2)
}

// OpenOf implements deadline.Store.
func (s deadlines) OpenOf(t tx.Tx, users []int64, after deadline.Place, n int) ([]deadline.Deadline, error) {
	where, args := "", []any{}
	if users != nil {
		in, arg := db.Ints(db.Of(t), users)
		where, args = " AND user_id"+in, append(args, arg)
	}
	args = append(args, after.User, after.ID, n)
	return s.some(t, "state = 'open' AND work_ms > 0"+where+" AND (user_id, id) > (?, ?) ORDER BY user_id, id LIMIT ?", args)
}

// Hold implements deadline.Store. SQLite has one writer: what was read is so still.
func (s deadlines) Hold(t tx.Tx, some []deadline.Deadline) ([]deadline.Deadline, error) {
	q := db.Of(t)
	if q.Dialect() == db.SQLite || len(some) == 0 {
		return some, nil
	}
	c, err := s.schema.Catalog(t)
	if err != nil {
		return nil, err
	}
	ids, records := make([]int64, 0, len(some)), map[int64][]int64{}
	for _, d := range some {
		ids = append(ids, d.ID)
		if typ := c.Type(d.Record.Type); typ != nil {
			records[typ.ID] = append(records[typ.ID], d.Record.ID)
		}
	}
	for _, typeID := range slices.Sorted(maps.Keys(records)) {
		if err := db.LockRows(q, c.TypeByID(typeID).Table(), records[typeID]...); err != nil {
			return nil, err
		}
	}
	in, arg := db.Ints(q, ids)
	return s.some(t, "id"+in+" AND state = 'open' ORDER BY id", []any{arg})
}

// OpenAt implements deadline.Store.
func (s deadlines) OpenAt(t tx.Tx, kind string, r ref.Ref) ([]deadline.Deadline, error) {
	typ, err := s.typeID(t, r.Type)
	if err != nil {
		return nil, err
	}
	return s.some(t, "kind = ? AND type_id = ? AND record_id = ? AND state = 'open' ORDER BY id", []any{kind, typ, r.ID})
}

func (s deadlines) some(t tx.Tx, where string, args []any) (some []deadline.Deadline, err error) {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return nil, err
	}
	err = db.Of(t).Query("SELECT "+deadlineColumns+" FROM deadline WHERE "+where, args, func(r db.Row) error {
		d, typeID := scanDeadline(r)
		if typ := c.TypeByID(typeID); typ != nil {
			d.Record.Type = typ.Code
		}
		some = append(some, *d)
		return nil
	})
	return some, err
}

// Move implements deadline.Store.
func (s deadlines) Move(t tx.Tx, d deadline.Deadline) (bool, error) {
	n, err := db.Of(t).Exec("UPDATE deadline SET user_id = ?, due_at = ? WHERE id = ? AND state = 'open'", d.UserID, d.DueAt, d.ID)
	return n > 0, err
}
