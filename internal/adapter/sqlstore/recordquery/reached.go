package recordquery

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/event"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// Reached are those of some records of a type which a plan reaches.
func (s *Store) Reached(ctx context.Context, plan access.Plan, t *schema.Type, ids []int64) (out map[int64]bool, err error) {
	if plan.Nothing() || len(ids) == 0 {
		return nil, nil
	}
	err = s.db.Read(ctx, func(q db.Q) error {
		records := make(map[int64]event.Access, len(ids))
		x := newStatement(q.Dialect())
		x.add("SELECT r.id, ", accessColumns, " FROM ", t.Table(), " r WHERE ").in("r.id", ids)
		if err := x.query(q, func(r db.Row) error {
			records[r.Int64(0)] = readAccess(r, 1)
			return nil
		}); err != nil {
			return err
		}
		out, err = Seen(q, t, plan, records)
		return err
	})
	return out, err
}
