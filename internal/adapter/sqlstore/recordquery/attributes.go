package recordquery

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// Attributes are what rights on a record are decided by, its observers among them. A record the plan doesn't reach is not found.
func (s *Store) Attributes(ctx context.Context, plan access.Plan, c *schema.Catalog, r ref.Ref) (a event.Access, err error) {
	t := c.Type(r.Type)
	if t == nil {
		return a, notFound(&schema.Type{Code: r.Type}, r.ID)
	}
	err = s.db.Read(ctx, func(q db.Q) error {
		a = event.Access{}
		if err := visible(q, plan, t, r.ID); err != nil {
			return err
		}
		x := newStatement(q.Dialect())
		x.with("SELECT "+accessColumns+" FROM "+t.Table()+" r WHERE r.id = ?", r.ID)
		if err := x.query(q, func(row db.Row) error { a = readAccess(row, 0); return nil }); err != nil {
			return err
		}
		return q.Query("SELECT user_id FROM observer WHERE type_id = ? AND record_id = ? ORDER BY user_id", []any{t.ID, r.ID}, func(row db.Row) error {
			a.Observers = append(a.Observers, row.Int64(0))
			return nil
		})
	})
	return a, err
}
