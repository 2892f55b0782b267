package record

import (
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/activity"
	"voronka/internal/record/schema"
)

var _ activity.Store = (*Store)(nil)

// About implements activity.Store.
func (s *Store) About(t tx.Tx, about *schema.Field, id int64) ([]schema.Item, error) {
	var items []schema.Item
	err := db.Of(t).Query(sides[schema.InLink].read, []any{about.TypeID, id, about.ID}, func(r db.Row) error {
		items = append(items, sides[schema.InLink].scan(r))
		return nil
	})
	return items, err
}

// Nearest implements activity.Store.
func (s *Store) Nearest(t tx.Tx, about *schema.Field, typ *schema.Type, id int64) (activity.Next, error) {
	q := db.Of(t)
	var n activity.Next
	if err := db.LockRows(q, typ.Table(), id); err != nil {
		return n, err
	}
	// The plus keeps SQLite, before it has statistics, from walking all links of activities by the primary key.
	_, err := db.One(q, `SELECT a.due_at, a.id, a.title FROM link l JOIN r_activity a ON a.id = l.from_id
		WHERE l.to_type = ? AND l.to_id = ? AND l.field_id = ? AND +l.from_type = ? AND a.done_at IS NULL AND a.due_at IS NOT NULL
		ORDER BY a.due_at, a.id LIMIT 1`, []any{typ.ID, id, about.ID, about.TypeID}, func(r db.Row) error {
		n = activity.Next{At: clock.Instant(r.Int64(0)), ID: r.Int64(1), Title: r.Text(2)}
		return nil
	})
	return n, err
}

// SetNext implements activity.Store.
func (s *Store) SetNext(t tx.Tx, typ *schema.Type, id int64, n activity.Next) (bool, event.Access, error) {
	touched, err := db.Of(t).Exec("UPDATE "+typ.Table()+` SET next_at = ?, next_id = ?, next_title = ?, next_title_key = ?
		WHERE id = ? AND (next_id <> ? OR next_title <> ? OR coalesce(next_at, 0) <> ?)`,
		orNull(n.At), n.ID, n.Title, nextKey(n.ID, n.Title), id, n.ID, n.Title, n.At)
	if err != nil || touched == 0 {
		return false, event.Access{}, err
	}
	a, ok, err := s.Access(t, typ, id)
	return ok, a, err
}
