package record

import (
	"strconv"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// Load implements record.Store. The row is locked first, so that what is read afterwards is what the lock protects; to
// PostgreSQL all of it goes together.
func (s *Store) Load(t tx.Tx, typ *schema.Type, id int64, side []*schema.Field) (record.State, bool, error) {
	q := db.Of(t)
	if err := db.LockRows(q, typ.Table(), id); err != nil {
		return record.State{}, false, err
	}
	var state record.State
	found, x := false, s.of(typ)
	err := db.Soon(q, x.selected, []any{typ.ID, id}, func(r db.Row) error {
		state, found = readState(r, typ, x), true
		state.ID = id
		return nil
	})
	if err != nil {
		return state, false, err
	}
	items := make([][]schema.Item, len(side))
	for i, f := range side {
		if err := readSide(q, typ, id, f, &items[i]); err != nil {
			return state, false, err
		}
	}
	if err := db.Settle(q); err != nil || !found {
		return state, false, err
	}
	for i, f := range side {
		state.Data[f.Pos] = schema.ManyDatum(items[i])
	}
	return state, true, nil
}

// Lock implements record.Store.
func (s *Store) Lock(t tx.Tx, typ *schema.Type, ids []int64) error {
	return db.LockRows(db.Of(t), typ.Table(), ids...)
}

func readState(r db.Row, typ *schema.Type, x *texts) record.State {
	s := record.State{
		Version: r.Int64(0), Title: r.Text(1),
		Access:         event.Access{PipelineID: r.Int64(2), StageID: r.Int64(3), ResponsibleID: r.Int64(4), DepartmentID: r.Int64(5), DeptPos: r.Int64(6)},
		StageEnteredAt: clock.Instant(r.Int64(7)), CreatedAt: clock.Instant(r.Int64(8)), CreatedBy: r.Int64(9), UpdatedAt: clock.Instant(r.Int64(10)),
		ClosedAt: clock.Instant(r.Int64(11)), LostReasonID: r.Int64(12), NextAt: clock.Instant(r.Int64(13)), NextID: r.Int64(14), NextTitle: r.Text(15),
		Data: make([]schema.Datum, len(typ.Fields)),
	}
	i := len(systemColumns) - keyColumns
	for _, f := range x.columns {
		d, width := readDatum(r, i, f)
		s.Data[f.Pos] = d
		i += width
	}
	s.Observers = numbers(r.Text(i))
	return s
}

// numbers reads "1,2,3".
func numbers(list string) []int64 {
	if list == "" {
		return nil
	}
	out := make([]int64, 0, 4)
	for part := range strings.SplitSeq(list, ",") {
		if n, err := strconv.ParseInt(part, 10, 64); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// observersOf are the observers of the record r of a type as "1,2,3".
const observersOf = "(SELECT string_agg(CAST(o.user_id AS TEXT), ',' ORDER BY o.user_id) FROM observer o WHERE o.type_id = ? AND o.record_id = r.id)"

// Access implements record.Store.
func (s *Store) Access(t tx.Tx, typ *schema.Type, id int64) (event.Access, bool, error) {
	return accessOf(db.Of(t), typ, id)
}

func accessOf(q db.Q, typ *schema.Type, id int64) (a event.Access, ok bool, err error) {
	ok, err = db.One(q, "SELECT pipeline_id, stage_id, responsible_id, department_id, dept_pos, "+observersOf+" FROM "+typ.Table()+" r WHERE id = ?", []any{typ.ID, id}, func(r db.Row) error {
		a = event.Access{PipelineID: r.Int64(0), StageID: r.Int64(1), ResponsibleID: r.Int64(2), DepartmentID: r.Int64(3), DeptPos: r.Int64(4), Observers: numbers(r.Text(5))}
		return nil
	})
	return a, ok, err
}
