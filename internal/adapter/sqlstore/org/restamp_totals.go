package orgstore

import (
	"cmp"
	"slices"

	"voronka/internal/adapter/sqlstore/db"
)

// cell is one place of the totals; total_user has a row for each, total_dept one for all responsibles together.
type cell struct {
	typeID, pipeline, stage, department int64
	currency                            string
	responsible                         int64
}

type sum struct{ n, amount, base int64 }

func (s sum) add(o sum, sign int64) sum {
	return sum{s.n + sign*o.n, s.amount + sign*o.amount, s.base + sign*o.base}
}

// cells are additions to the totals.
type cells map[cell]sum

// gather takes records, before they are stamped, out of their cells and puts them into those of their new department.
// Records without an amount count under the currency "".
func (c cells) gather(q db.Q, table table, ids []int64, department int64) error {
	currency, amount, base := "''", "0", "0"
	if slices.Contains(table.money, "amount") {
		currency = "CASE WHEN amount IS NULL THEN '' ELSE amount_cur END"
		amount = "COALESCE(CAST(SUM(amount) AS BIGINT), 0)"
		base = "COALESCE(CAST(SUM(CASE WHEN amount IS NULL THEN 0 ELSE amount_base END) AS BIGINT), 0)"
	}
	in, arg := db.Ints(q, ids)
	return q.Query("SELECT pipeline_id, stage_id, department_id, responsible_id, "+currency+", COUNT(*), "+amount+", "+base+
		" FROM "+table.name+" WHERE id"+in+" GROUP BY 1, 2, 3, 4, 5", []any{arg}, func(r db.Row) error {
		at := cell{table.typeID, r.Int64(0), r.Int64(1), r.Int64(2), r.Text(4), r.Int64(3)}
		s := sum{r.Int64(5), r.Int64(6), r.Int64(7)}
		c[at] = c[at].add(s, -1)
		at.department = department
		c[at] = c[at].add(s, 1)
		return nil
	})
}

// write adds to both tables, each in the order of its keys, so that two writers never wait for each other.
func (c cells) write(q db.Q) error {
	byDept := cells{}
	for at, s := range c {
		at.responsible = 0
		byDept[at] = byDept[at].add(s, 1)
	}
	for _, at := range byDept.sorted(cell.byDepartment) {
		s := byDept[at]
		if _, err := q.Exec(`INSERT INTO total_dept (type_id, pipeline_id, stage_id, department_id, currency, n, amount, base) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (pipeline_id, stage_id, department_id, currency, type_id) DO UPDATE SET n = total_dept.n + excluded.n,
			amount = total_dept.amount + excluded.amount, base = total_dept.base + excluded.base`,
			at.typeID, at.pipeline, at.stage, at.department, at.currency, s.n, s.amount, s.base); err != nil {
			return err
		}
	}
	for _, at := range c.sorted(cell.byResponsible) {
		s := c[at]
		if _, err := q.Exec(`INSERT INTO total_user (type_id, pipeline_id, responsible_id, stage_id, department_id, currency, n, amount, base) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (pipeline_id, responsible_id, stage_id, department_id, currency, type_id) DO UPDATE SET n = total_user.n + excluded.n,
			amount = total_user.amount + excluded.amount, base = total_user.base + excluded.base`,
			at.typeID, at.pipeline, at.responsible, at.stage, at.department, at.currency, s.n, s.amount, s.base); err != nil {
			return err
		}
	}
	return nil
}

// sorted are the cells to which something is added, in the order all writers of totals keep.
func (c cells) sorted(order func(a, b cell) int) []cell {
	var all []cell
	for at, s := range c {
		if s != (sum{}) {
			all = append(all, at)
		}
	}
	slices.SortFunc(all, order)
	return all
}

func (c cell) byDepartment(o cell) int {
	return cmp.Or(cmp.Compare(c.typeID, o.typeID), cmp.Compare(c.pipeline, o.pipeline), cmp.Compare(c.stage, o.stage),
		cmp.Compare(c.department, o.department), cmp.Compare(c.currency, o.currency))
}

func (c cell) byResponsible(o cell) int {
	return cmp.Or(cmp.Compare(c.typeID, o.typeID), cmp.Compare(c.pipeline, o.pipeline), cmp.Compare(c.responsible, o.responsible),
		cmp.Compare(c.stage, o.stage), cmp.Compare(c.department, o.department), cmp.Compare(c.currency, o.currency))
}
