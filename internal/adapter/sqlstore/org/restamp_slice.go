package orgstore

import (
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/org/directory"
)

// slice is one step of re-stamping within one transaction.
type slice struct {
	restamp
	q     db.Q
	dir   *directory.Directory
	limit int

	last    int64 // number of the last row looked at
	seen    int
	changed int64
	full    bool // there may be more rows in this step
}

// row is what is stamped of a record, a deleted record or an incident.
type row struct{ id, responsible, department, pos int64 }

// place is where a row belongs.
type place struct{ department, pos int64 }

func (x *slice) run(tables []table) error {
	switch x.Step {
	case stepBin:
		return x.side("bin", "responsible_id")
	case stepIncident:
		return x.side("incident", "0")
	}
	for _, table := range tables {
		if table.typeID == x.Step {
			return x.records(table)
		}
	}
	return nil // a type that was removed meanwhile, or the very beginning
}

// records goes over the next rows of a record table.
func (x *slice) records(table table) error {
	column, of := "department_id", x.Department
	if x.User != 0 {
		column, of = "responsible_id", x.User
	}
	rows, err := x.rows("SELECT id, responsible_id, department_id, dept_pos FROM "+table.name+
		" WHERE "+column+" = ? AND id > ? ORDER BY id LIMIT ?", of, x.After, x.limit)
	if err != nil {
		return err
	}
	x.seen, x.full = len(rows), len(rows) == x.limit
	if len(rows) > 0 {
		x.last = rows[len(rows)-1].id
	}
	stale, ids := x.stale(rows)
	if len(ids) > 0 && x.q.Dialect() == db.Postgres { // others may write them until they are locked: look again
		if err := db.LockRows(x.q, table.name, ids...); err != nil {
			return err
		}
		in, arg := db.Ints(x.q, ids)
		if rows, err = x.rows("SELECT id, responsible_id, department_id, dept_pos FROM "+table.name+" WHERE id"+in+" ORDER BY id", arg); err != nil {
			return err
		}
		stale, _ = x.stale(rows)
	}
	return x.write(table.name, table, stale)
}

// side goes over the next rows of a table without an index for us; it looks at all of them.
func (x *slice) side(name, responsible string) error {
	rows, err := x.rows("SELECT id, "+responsible+", department_id, dept_pos FROM "+name+" WHERE id > ? ORDER BY id LIMIT ?", x.After, sideSlice)
	if err != nil {
		return err
	}
	x.full = len(rows) == sideSlice
	x.seen = x.limit * len(rows) / sideSlice
	if len(rows) > 0 {
		x.last = rows[len(rows)-1].id
	}
	mine := rows[:0]
	for _, r := range rows {
		if x.User != 0 && r.responsible == x.User || x.Department != 0 && r.department == x.Department {
			mine = append(mine, r)
		}
	}
	stale, _ := x.stale(mine)
	return x.write(name, table{}, stale)
}

func (x *slice) rows(sql string, args ...any) (rows []row, err error) {
	err = x.q.Query(sql, args, func(r db.Row) error {
		rows = append(rows, row{r.Int64(0), r.Int64(1), r.Int64(2), r.Int64(3)})
		return nil
	})
	return rows, err
}

// belongs is where a row belongs now: where its responsible is; without one it stays in its department.
func (x *slice) belongs(r row) place {
	if r.responsible != 0 {
		if s, ok := x.dir.Stamp(r.responsible); ok {
			return place{s.DepartmentID, s.DeptPos}
		}
	}
	for _, id := range []int64{r.department, x.Fallback} {
		if d := x.dir.Department(id); d != nil {
			return place{d.ID, d.Pos}
		}
	}
	return place{}
}

// stale gathers the rows that aren't where they belong, by where that is.
func (x *slice) stale(rows []row) (map[place][]row, []int64) {
	stale := map[place][]row{}
	var ids []int64
	for _, r := range rows {
		if to := x.belongs(r); to != (place{r.department, r.pos}) {
			stale[to] = append(stale[to], r)
			ids = append(ids, r.id)
		}
	}
	return stale, ids
}

// write stamps the rows and moves what they count for in the totals.
func (x *slice) write(name string, table table, stale map[place][]row) error {
	totals := cells{}
	for to, rows := range stale {
		var all, moved []int64
		for _, r := range rows {
			all = append(all, r.id)
			if r.department != to.department {
				moved = append(moved, r.id)
			}
		}
		if table.staged && len(moved) > 0 {
			if err := totals.gather(x.q, table, moved, to.department); err != nil {
				return err
			}
		}
		in, arg := db.Ints(x.q, all)
		n, err := x.q.Exec("UPDATE "+name+" SET department_id = ?, dept_pos = ? WHERE id"+in, to.department, to.pos, arg)
		if err != nil {
			return err
		}
		x.changed += n
	}
	return totals.write(x.q)
}
