package flowstore

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/recordquery"
	"voronka/internal/flow/incident"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

type incidents struct{ *Store }

// Insert implements incident.Store.
func (s incidents) Insert(t tx.Tx, i *incident.Incident) (int64, error) {
	typ, err := s.typeID(t, i.Record.Type)
	if err != nil {
		return 0, err
	}
	return db.InsertID(db.Of(t), `INSERT INTO incident (at, kind, user_id, department_id, dept_pos, drum_id, type_id, record_id, subject_id, due_at, data)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, i.At, i.Kind, i.UserID, i.DepartmentID, i.DeptPos, i.DrumID, typ, i.Record.ID, i.Subject,
		i.DueAt, string(i.Data))
}

// Incidents implements incident.Reader: each way the person reaches incidents is asked by its own index, and the answers
// are merged.
func (s *Store) Incidents(ctx context.Context, who access.Who, f incident.Filter) ([]incident.Incident, error) {
	var list []incident.Incident
	err := s.d.Read(ctx, func(q db.Q) error {
		list = nil
		c, err := s.schema.CatalogIn(q)
		if err != nil {
			return err
		}
		plan := incident.Sight(who)
		for _, arm := range plan.Arms {
			for _, where := range reach(q, arm) {
				for _, not := range plan.Not {
					where = where.except(reach(q, not))
				}
				if list, err = s.some(q, c, where, f, list); err != nil {
					return err
				}
			}
		}
		slices.SortFunc(list, func(a, b incident.Incident) int { return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(b.ID, a.ID)) })
		list = slices.CompactFunc(list, func(a, b incident.Incident) bool { return a.ID == b.ID })
		list = list[:min(len(list), f.Limit)]
		return titles(q, c, who, list)
	})
	return list, err
}

const incidentColumns = "id, at, kind, user_id, department_id, drum_id, type_id, record_id, subject_id, due_at, data, dept_pos, excused_at, excused_by, excuse"

func incidentOf(c *schema.Catalog, r db.Row) incident.Incident {
	i := incident.Incident{
		ID: r.Int64(0), At: clock.Instant(r.Int64(1)), Kind: r.Text(2), UserID: r.Int64(3), DepartmentID: r.Int64(4), DrumID: r.Int64(5),
		Subject: r.Int64(8), DueAt: clock.Instant(r.Int64(9)), Data: json.RawMessage(r.Text(10)), DeptPos: r.Int64(11),
		Excuse: incident.Excuse{At: clock.Instant(r.Int64(12)), By: r.Int64(13), Comment: r.Text(14)},
	}
	if typ := c.TypeByID(r.Int64(6)); typ != nil {
		i.Record.Type, i.Record.ID = typ.Code, r.Int64(7)
	}
	return i
}

// Lock implements incident.Store.
func (s incidents) Lock(t tx.Tx, id int64) (*incident.Incident, error) {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return nil, err
	}
	q := db.Of(t)
	var i incident.Incident
	found, err := db.One(q, "UPDATE incident SET excuse = excuse WHERE id = ? RETURNING "+incidentColumns, []any{id}, func(r db.Row) error {
		i = incidentOf(c, r)
		return nil
	})
	if err == nil && !found {
		err = fault.New(fault.NotFound, "incident.not_found")
	}
	return &i, err
}

// SaveExcuse implements incident.Store.
func (s incidents) SaveExcuse(t tx.Tx, i *incident.Incident) error {
	_, err := db.Of(t).Exec("UPDATE incident SET excused_at = ?, excused_by = ?, excuse = ? WHERE id = ?", int64(i.Excuse.At), i.Excuse.By, i.Excuse.Comment, i.ID)
	return err
}

// condition is a part of WHERE with its arguments.
type condition struct {
	sql  string
	args []any
}

// except takes others off a condition.
func (c condition) except(others []condition) condition {
	for _, o := range others {
		c = condition{c.sql + " AND NOT (" + o.sql + ")", slices.Concat(c.args, o.args)}
	}
	return c
}

func reach(q db.Q, arm access.Arm) []condition {
	switch arm.Kind {
	case access.All:
		return []condition{{"1 = 1", nil}}
	case access.Own:
		return []condition{{"user_id = ?", []any{arm.UserID}}}
	case access.Departments:
		if len(arm.Ranges) == 0 {
			in, arg := db.Ints(q, arm.DepartmentIDs)
			return []condition{{"department_id" + in, []any{arg}}}
		}
		var list []condition
		for _, r := range arm.Ranges {
			list = append(list, condition{"dept_pos BETWEEN ? AND ?", []any{r.Lo, r.Hi}})
		}
		return list
	}
	return nil
}

func (s *Store) some(q db.Q, c *schema.Catalog, where condition, f incident.Filter, list []incident.Incident) ([]incident.Incident, error) {
	sql := strings.Builder{}
	sql.WriteString("SELECT " + incidentColumns + " FROM incident WHERE " + where.sql)
	args := slices.Clone(where.args)
	add := func(part string, values ...any) {
		sql.WriteString(" AND " + part)
		args = append(args, values...)
	}
	if f.UserID != 0 {
		add("user_id = ?", f.UserID)
	}
	if f.DrumID != 0 {
		add("drum_id = ?", f.DrumID)
	}
	if f.Kind != "" {
		add("kind = ?", f.Kind)
	}
	if f.Department.Hi != 0 {
		add("dept_pos BETWEEN ? AND ?", f.Department.Lo, f.Department.Hi)
	}
	if f.From != 0 {
		add("at >= ?", f.From)
	}
	if f.To != 0 {
		add("at < ?", f.To)
	}
	if f.Before.ID != 0 {
		add("(at, id) < (?, ?)", f.Before.At, f.Before.ID)
	}
	sql.WriteString(" ORDER BY at DESC, id DESC LIMIT ?")
	err := q.Query(sql.String(), append(args, f.Limit), func(r db.Row) error {
		list = append(list, incidentOf(c, r))
		return nil
	})
	return list, err
}

// titles reads what the records of incidents are called. A record that is there but not for the person keeps its type alone:
// who missed it may not see it any more.
func titles(q db.Q, c *schema.Catalog, who access.Who, list []incident.Incident) error {
	records := make([]ref.Ref, len(list))
	for i := range list {
		records[i] = list[i].Record
	}
	called, err := recordquery.Titles(q, c, who, records)
	for i := range list {
		t := called[list[i].Record]
		if list[i].Title = t.Text; t.Hidden {
			list[i].Record.ID = 0
		}
	}
	return err
}
