package recordquery

import (
	"strconv"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/event"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// fill asks for everything the page's holes want: values in shared tables, then titles of all linked records. Where p is
// the last thing that is read, it is there after db.Settle.
func (p *page) fill(q db.Q, c *schema.Catalog, t *schema.Type, sides []*schema.Field, plans query.Plans) error {
	if len(p.ids) == 0 {
		return nil
	}
	c = c.Whole() // titles are asked for by type, and the projection knows the types of the whole catalogue
	p.sides = sides
	byTable := map[schema.Side][]*schema.Field{}
	var tables []schema.Side
	for _, f := range sides {
		side := f.Kind.Side()
		if byTable[side] == nil {
			tables = append(tables, side)
		}
		byTable[side] = append(byTable[side], f)
	}
	for _, table := range tables {
		if err := p.fillSide(q, c, t, table, byTable[table]); err != nil {
			return err
		}
	}
	return p.fillTitles(q, plans)
}

// sideQueries read the values of some records' fields in their order: record, field, then what is shown.
var sideQueries = map[schema.Side]string{
	schema.InLink:       "SELECT from_id, field_id, to_type, to_id, role FROM link WHERE from_type = ? AND from_id",
	schema.InPhone:      "SELECT record_id, field_id, kind, value, normalised FROM phone WHERE type_id = ? AND record_id",
	schema.InEmail:      "SELECT record_id, field_id, kind, value, normalised FROM email WHERE type_id = ? AND record_id",
	schema.InChoice:     "SELECT record_id, field_id, value_id FROM choice WHERE type_id = ? AND record_id",
	schema.InObserver:   "SELECT record_id, 0, user_id FROM observer WHERE type_id = ? AND record_id",
	schema.InAttachment: "SELECT a.record_id, a.field_id, a.file_id, f.name, f.size, f.mime FROM attachment a JOIN file f ON f.id = a.file_id WHERE a.type_id = ? AND a.record_id",
}

var sideOrders = map[schema.Side]string{
	schema.InLink: " ORDER BY from_id, field_id, pos, to_type, to_id", schema.InPhone: " ORDER BY record_id, field_id, pos",
	schema.InEmail: " ORDER BY record_id, field_id, pos", schema.InChoice: " ORDER BY record_id, field_id, value_id",
	schema.InObserver: " ORDER BY record_id, user_id", schema.InAttachment: " ORDER BY a.record_id, a.field_id, a.pos, a.file_id",
}

func (p *page) fillSide(q db.Q, c *schema.Catalog, t *schema.Type, table schema.Side, fields []*schema.Field) error {
	wanted := make(map[int64]*schema.Field, len(fields))
	for _, f := range fields {
		wanted[f.ID] = f
	}
	s := newStatement(q.Dialect())
	s.with(sideQueries[table], t.ID).in("", p.ids).add(sideOrders[table])
	ask := s.query
	if p.last && table != schema.InLink { // of links the titles are asked for next
		ask = s.soon
	}
	return ask(q, func(r db.Row) error {
		f := wanted[r.Int64(1)]
		if f == nil {
			return nil
		}
		item, ok := readItem(c, f, table, r)
		if !ok {
			return nil
		}
		if p.items == nil {
			p.items = map[int64][]sideItem{}
		}
		p.items[r.Int64(0)] = append(p.items[r.Int64(0)], item)
		return nil
	})
}

func readItem(c *schema.Catalog, f *schema.Field, table schema.Side, r db.Row) (sideItem, bool) {
	item := sideItem{field: f.ID}
	var b []byte
	switch table {
	case schema.InLink:
		to := c.TypeByID(r.Int64(2))
		if to == nil {
			return item, false
		}
		item.link, item.role = target{to, r.Int64(3)}, r.Text(4)
		b = r.AppendInt(b, 3)
	case schema.InChoice:
		v := f.ValueByID(r.Int64(2))
		if v == nil {
			return item, false
		}
		b = schema.AppendString(b, v.Code)
	case schema.InObserver:
		b = r.AppendInt(b, 2)
	case schema.InAttachment:
		b = r.AppendInt(append(b, `{"id":`...), 2)
		b = r.AppendJSONString(append(b, `,"name":`...), 3)
		b = r.AppendInt(append(b, `,"size":`...), 4)
		b = append(r.AppendJSONString(append(b, `,"mime":`...), 5), '}')
	case schema.InPhone, schema.InEmail:
		b = readContact(b, table, r)
	}
	item.json = string(b)
	return item, true
}

// readContact writes a phone or e-mail: as it was given, its kind and, for a number that was understood, E.164.
func readContact(b []byte, table schema.Side, r db.Row) []byte {
	b = r.AppendJSONString(append(b, `{"value":`...), 3)
	if norm := r.Bytes(4); table == schema.InPhone && len(norm) > 0 && norm[0] == '+' {
		b = r.AppendJSONString(append(b, `,"e164":`...), 4)
	}
	if len(r.Bytes(2)) > 0 {
		b = r.AppendJSONString(append(b, `,"kind":`...), 2)
	}
	return append(b, '}')
}

// fillTitles reads the titles of all linked records the reader may see.
func (p *page) fillTitles(q db.Q, plans query.Plans) error {
	wanted := map[*schema.Type]map[int64]bool{}
	want := func(t *schema.Type, id int64) {
		if wanted[t] == nil {
			wanted[t] = map[int64]bool{}
		}
		wanted[t][id] = true
	}
	for _, h := range p.holes {
		if h.typ != nil {
			want(h.typ, h.id)
		}
	}
	for _, items := range p.items {
		for _, item := range items {
			if item.link.typ != nil {
				want(item.link.typ, item.link.id)
			}
		}
	}
	if len(wanted) > 0 {
		p.titles = make(map[target]string, 64)
	}
	for t, ids := range wanted {
		if err := p.titlesOf(q, t, ids, plans.Of(t.Code)); err != nil {
			return err
		}
	}
	return nil
}

func (p *page) titlesOf(q db.Q, t *schema.Type, ids map[int64]bool, plan access.Plan) error {
	if plan.Nothing() {
		return nil
	}
	list := make([]int64, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	all := plan.Everything()
	if p.last && !all && q.Dialect() == db.Postgres {
		return p.titlesSoon(q, t, list, plan)
	}
	sight := newSight(plan)
	s := newStatement(q.Dialect())
	s.add("SELECT r.id, r.title, ", accessColumns, " FROM ", t.Table(), " r WHERE ").in("r.id", list)
	ask := s.query
	if p.last && all {
		ask = s.soon
	}
	hidden := map[int64]string{}
	err := ask(q, func(r db.Row) error {
		title := string(r.AppendJSONString(nil, 1))
		if all || sight.at(r.Int64(0), readAccess(r, 2)) {
			p.titles[target{t, r.Int64(0)}] = title
		} else {
			hidden[r.Int64(0)] = title
		}
		return nil
	})
	if err != nil || len(hidden) == 0 {
		return err
	}
	seen, err := sight.observed(q, t)
	for _, id := range seen {
		p.titles[target{t, id}] = hidden[id]
	}
	return err
}

// titlesSoon asks for titles and for who observes the records in one go, and decides when all is there: a way to PostgreSQL and
// back costs more than a question that turns out not to matter.
func (p *page) titlesSoon(q db.Q, t *schema.Type, ids []int64, plan access.Plan) error {
	titles, at := make(map[int64]string, len(ids)), make(map[int64]event.Access, len(ids))
	s := newStatement(q.Dialect())
	s.add("SELECT r.id, r.title, ", accessColumns, " FROM ", t.Table(), " r WHERE ").in("r.id", ids)
	if err := s.soon(q, func(r db.Row) error {
		titles[r.Int64(0)], at[r.Int64(0)] = string(r.AppendJSONString(nil, 1)), readAccess(r, 2)
		return nil
	}); err != nil {
		return err
	}
	for _, user := range watchers(plan) {
		if err := observedAmong(q, t, user, ids).soon(q, func(r db.Row) error {
			a := at[r.Int64(0)]
			a.Observers = append(a.Observers, user)
			at[r.Int64(0)] = a
			return nil
		}); err != nil {
			return err
		}
	}
	p.settled = append(p.settled, func() {
		for id, title := range titles {
			if plan.Sees(at[id]) {
				p.titles[target{t, id}] = title
			}
		}
	})
	return nil
}

// settle gets the answers to what was put off.
func (p *page) settle(q db.Q) error {
	err := db.Settle(q)
	for _, then := range p.settled {
		then()
	}
	return err
}

// accessColumns are what rights on a record are decided by, besides observers.
const accessColumns = "r.pipeline_id, r.stage_id, r.responsible_id, r.department_id, r.dept_pos"

func readAccess(r db.Row, at int) event.Access {
	return event.Access{
		PipelineID: r.Int64(at), StageID: r.Int64(at + 1), ResponsibleID: r.Int64(at + 2),
		DepartmentID: r.Int64(at + 3), DeptPos: r.Int64(at + 4),
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
