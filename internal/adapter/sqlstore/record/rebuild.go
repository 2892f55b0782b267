package record

import (
	"context"
	"fmt"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/schema"
)

// RebuildTotals counts the totals of all staged types anew, for a doctor who found them wrong. Each type is one
// transaction in which nobody else writes records of it.
func (s *Store) RebuildTotals(ctx context.Context) error {
	cat, err := s.FreshCatalog(ctx)
	if err != nil {
		return err
	}
	for _, typ := range cat.Types {
		if !typ.Staged {
			continue
		}
		if err := s.d.Do(ctx, func(t tx.Tx) error { return rebuildTotals(db.Of(t), typ) }); err != nil {
			return fmt.Errorf("totals of %s: %w", typ.Code, err)
		}
	}
	return nil
}

func rebuildTotals(q db.Q, typ *schema.Type) error {
	if q.Dialect() == db.Postgres {
		if _, err := q.Exec("LOCK TABLE " + typ.Table() + " IN SHARE ROW EXCLUSIVE MODE"); err != nil {
			return err
		}
	}
	for table, keys := range map[string]string{
		"total_dept": "pipeline_id, stage_id, department_id", "total_user": "pipeline_id, responsible_id, stage_id, department_id",
	} {
		if _, err := q.Exec("DELETE FROM "+table+" WHERE type_id = ?", typ.ID); err != nil {
			return err
		}
		_, err := q.Exec("INSERT INTO "+table+" (type_id, "+keys+", currency, n, amount, base) SELECT CAST(? AS BIGINT), "+keys+
			", coalesce(amount_cur, ''), count(*), coalesce(sum(amount), 0), sum(amount_base) FROM "+typ.Table()+
			" GROUP BY "+keys+", coalesce(amount_cur, '')", typ.ID)
		if err != nil {
			return err
		}
	}
	return nil
}
