package flowstore

import (
	"maps"
	"slices"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/flow/deadline"
	"voronka/internal/kernel/tx"
)

// InsertMany implements deadline.Store.
func (s deadlines) InsertMany(t tx.Tx, list []deadline.Deadline) error {
	q := db.Of(t)
	for i := range list {
		d := &list[i]
		typ, err := s.typeID(t, d.Record.Type)
		if err != nil {
			return err
		}
		err = db.Soon(q, insertDeadline, deadlineArgs(t, typ, *d), func(r db.Row) error { d.ID = r.Int64(0); return nil })
		if err != nil {
			return err
		}
	}
	return db.Settle(q)
}

// FireMany implements deadline.Store. Records are locked before the deadlines, type by type, in the order of their numbers.
func (s deadlines) FireMany(t tx.Tx, ids []int64) ([]deadline.Deadline, error) {
	q := db.Of(t)
	c, err := s.schema.Catalog(t)
	if err != nil {
		return nil, err
	}
	found, records := map[int64]*deadline.Deadline{}, map[int64][]int64{}
	in, arg := db.Ints(q, ids)
	err = q.Query("SELECT "+deadlineColumns+" FROM deadline WHERE id"+in+" AND state = 'open'", []any{arg}, func(r db.Row) error {
		d, typeID := scanDeadline(r)
		if typ := c.TypeByID(typeID); typ != nil {
			d.Record.Type = typ.Code
			records[typeID] = append(records[typeID], d.Record.ID)
		}
		found[d.ID] = d
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, typeID := range slices.Sorted(maps.Keys(records)) {
		if err := db.LockRows(q, c.TypeByID(typeID).Table(), records[typeID]...); err != nil {
			return nil, err
		}
	}
	var fired []deadline.Deadline
	err = q.Query("UPDATE deadline SET state = 'fired', closed_at = ? WHERE id"+in+" AND state = 'open' RETURNING id", []any{t.Now(), arg}, func(r db.Row) error {
		d := found[r.Int64(0)]
		if d != nil {
			d.State = deadline.Fired
			fired = append(fired, *d)
		}
		return nil
	})
	slices.SortFunc(fired, func(a, b deadline.Deadline) int { return int(a.ID - b.ID) })
	return fired, err
}
