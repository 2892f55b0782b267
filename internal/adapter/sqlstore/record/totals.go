package record

import (
	"cmp"
	"slices"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/record"
)

const (
	addDept = `INSERT INTO total_dept AS c (type_id, pipeline_id, stage_id, department_id, currency, n, amount, base)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (pipeline_id, stage_id, department_id, currency, type_id)
		DO UPDATE SET n = c.n + excluded.n, amount = c.amount + excluded.amount, base = c.base + excluded.base`
	addUser = `INSERT INTO total_user AS c (type_id, pipeline_id, responsible_id, stage_id, department_id, currency, n, amount, base)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (pipeline_id, responsible_id, stage_id, department_id, currency, type_id)
		DO UPDATE SET n = c.n + excluded.n, amount = c.amount + excluded.amount, base = c.base + excluded.base`
)

// AddTotals implements record.Store. Cells are touched in the order of their keys, first of departments, then of people:
// two transactions that touch the same cells wait for each other instead of deadlocking. Cells that come to zero stay.
func (s *Store) AddTotals(t tx.Tx, totals []record.Total) error {
	q := db.Of(t)
	for _, c := range byDepartment(totals) {
		if err := db.Later(q, addDept, c.TypeID, c.PipelineID, c.StageID, c.DepartmentID, c.Currency, c.N, c.Amount, c.Base); err != nil {
			return err
		}
	}
	slices.SortFunc(totals, func(a, b record.Total) int {
		return cmp.Or(cmp.Compare(a.TypeID, b.TypeID), cmp.Compare(a.PipelineID, b.PipelineID), cmp.Compare(a.ResponsibleID, b.ResponsibleID),
			cmp.Compare(a.StageID, b.StageID), cmp.Compare(a.DepartmentID, b.DepartmentID), cmp.Compare(a.Currency, b.Currency))
	})
	for _, c := range totals {
		if err := db.Later(q, addUser, c.TypeID, c.PipelineID, c.ResponsibleID, c.StageID, c.DepartmentID, c.Currency, c.N, c.Amount, c.Base); err != nil {
			return err
		}
	}
	return nil
}

// byDepartment adds up what differs by the responsible only; totals come sorted by all but him first.
func byDepartment(totals []record.Total) []record.Total {
	out := make([]record.Total, 0, len(totals))
	for _, c := range totals {
		c.ResponsibleID = 0
		if last := len(out) - 1; last >= 0 && out[last].TotalKey == c.TotalKey {
			out[last].N, out[last].Amount, out[last].Base = out[last].N+c.N, out[last].Amount+c.Amount, out[last].Base+c.Base
			continue
		}
		out = append(out, c)
	}
	return slices.DeleteFunc(out, func(c record.Total) bool { return c.N == 0 && c.Amount == 0 && c.Base == 0 })
}
