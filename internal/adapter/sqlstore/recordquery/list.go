package recordquery

import (
	"slices"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/expr"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// listing is one list on its way to SQL.
type listing struct {
	store   *Store
	q       db.Q
	plan    access.Plan
	l       *query.List
	t       *schema.Type
	order   order
	where   expr.Fragment // the condition, "" when there is none
	columns string
	n       int // how many columns; the sorted value follows
	paths   pathing
}

// section is a part of an order: the records that have a value, or those that don't.
type section struct {
	null  bool
	whole bool // the order has only one section
	after *query.Mark
}

func (s *Store) listing(q db.Q, plan access.Plan, l *query.List, columns string, n int) (*listing, error) {
	f := l.Sort.Field
	x := &listing{
		store: s, q: q, plan: plan, l: l, t: l.Type, columns: columns, n: n,
		order: order{
			col: f.SortColumn(), desc: l.Sort.Desc, nullable: nullable(l.Type, f), text: l.Sort.Textual(), name: l.Sort.String(),
		},
	}
	var err error
	x.where, x.paths.free, err = condition(q.Dialect(), &l.Scope)
	if err != nil {
		return nil, err
	}
	x.plan = s.trimmed(q, l.Type, plan)
	x.paths.dialect, x.paths.t, x.paths.plan, x.paths.order = q.Dialect(), l.Type, x.plan, x.order
	x.paths.limit, x.paths.shares = l.Limit+1, s.shares.of(q, l.Type)
	x.paths.stages, x.paths.catalog = stagesOf(&l.Scope), l.Catalog
	return x, nil
}

// stagesOf are the stages a scope covers, nil for types without.
func stagesOf(s *query.Scope) []int64 {
	if s.Stage != nil {
		return []int64{s.Stage.ID}
	}
	among := s.Catalog.Pipelines(s.Type.Code)
	if s.Pipeline != nil {
		among = []*schema.Pipeline{s.Pipeline}
	}
	var out []int64
	for _, p := range among {
		for _, stage := range p.Stages {
			out = append(out, stage.ID)
		}
	}
	return out
}

// trimmed leaves out what the person observes when that is nothing, which is so for most people and types. On PostgreSQL
// asking would cost as much as the branch does.
func (s *Store) trimmed(q db.Q, t *schema.Type, plan access.Plan) access.Plan {
	if q.Dialect() == db.Postgres || plan.Everything() {
		return plan
	}
	idle := map[int64]bool{} // people who observe nothing of the type
	for _, user := range watchers(plan) {
		found, err := db.One(q, "SELECT 1 FROM observer WHERE user_id = ? AND type_id = ? LIMIT 1", []any{user, t.ID},
			func(db.Row) error { return nil })
		idle[user] = err == nil && !found
	}
	return without(plan, func(arm access.Arm) bool { return arm.Kind == access.Observed && idle[arm.UserID] })
}

// without is the plan without some of its arms.
func without(plan access.Plan, some func(access.Arm) bool) access.Plan {
	plan.Arms = slices.DeleteFunc(slices.Clone(plan.Arms), some)
	plan.Not = slices.DeleteFunc(slices.Clone(plan.Not), some)
	return plan
}

// sections are the parts of the order still ahead.
func (x *listing) sections() []section {
	after := x.l.After
	if !x.order.nullable {
		return []section{{whole: true, after: after}}
	}
	null, rest := section{null: true}, section{}
	parts := []section{null, rest}
	if x.order.desc {
		parts = []section{rest, null}
	}
	if after == nil {
		return parts
	}
	if parts[1].null == after.Null {
		parts = parts[1:]
	}
	parts[0].after = after
	return parts
}

// run gives each every record of the page and one more, when there is one.
func (x *listing) run(each func(r db.Row, null bool) error) error {
	left := x.l.Limit + 1
	for _, sec := range x.sections() {
		s, ok := x.statement(sec, left)
		if !ok {
			return nil
		}
		err := s.query(x.q, func(r db.Row) error { left--; return each(r, sec.null) })
		if err != nil || left <= 0 {
			return err
		}
	}
	return nil
}

// statement writes the question for a section; false when nothing can be seen.
func (x *listing) statement(sec section, limit int) (*statement, bool) {
	x.paths.limit = limit
	branches := x.paths.branches()
	if len(branches) == 0 {
		return nil, false
	}
	s := newStatement(x.q.Dialect())
	if len(branches) == 1 && !branches[0].merged() {
		s.add("SELECT ", x.columns, ", r.", x.order.col)
		x.branch(s, branches[0], sec, limit)
		return s, true
	}
	if s.dialect == db.Postgres && len(branches) > 1 {
		x.rows(s, branches, sec, limit)
		return s, true
	}
	s.add("SELECT ", x.columns, ", r.", x.order.col, " FROM (")
	for i, b := range branches {
		if i > 0 {
			s.add(" UNION ")
		}
		if b.index != "" && !b.merged() && s.dialect == db.SQLite {
			// The index gives the order: SQLite merges such parts row by row and stops at the limit.
			s.add("SELECT ", x.key("r", sec))
			x.stretch(s, b, sec)
			continue
		}
		s.add("SELECT * FROM (SELECT ", x.key("r", sec))
		x.branch(s, b, sec, limit)
		s.add(") a").number(i)
	}
	if len(branches) > 1 {
		s.add(" ORDER BY ", x.by("", sec), " LIMIT ").number(limit)
	}
	if s.dialect == db.Postgres { // one look-up a row, whatever the planner thinks of reading the whole table instead
		s.add(") u CROSS JOIN LATERAL (SELECT x.* FROM ", x.t.Table(), " x WHERE x.id = u.id OFFSET 0) r ORDER BY ", x.by("u.", sec))
	} else {
		s.add(") u CROSS JOIN ", x.t.Table(), " r WHERE r.id = u.id ORDER BY ", x.by("u.", sec))
	}
	return s, true
}

// rows merges branches on PostgreSQL that give whole rows, each in the order of the list: it reads no more of them than the page
// has, and what several branches found comes one after the other. Columns go by their places, as their names may come twice.
func (x *listing) rows(s *statement, branches []branch, sec section, limit int) {
	place := itoa(int64(x.n) + 1)
	by, same, sorted := place+x.order.direction()+", 1"+x.order.direction(), place+", 1", "u.k"
	if sec.null || x.order.byID() {
		by, same, sorted = "1"+x.order.direction(), "1", "r."+x.order.col
	}
	s.add("SELECT DISTINCT ON (", same, ") * FROM (")
	for i, b := range branches {
		if i > 0 {
			s.add(" UNION ALL ")
		}
		s.add("SELECT * FROM (SELECT ")
		rest := strings.TrimPrefix(x.columns, "r.id")
		switch {
		case b.kind == observation && x.order.byID() && x.paths.watched == nil: // in the order of the observer's own list
			s.add("o.record_id", rest, ", r.id")
			x.branch(s, b, sec, limit)
		case b.merged() && b.kind != observation: // more is found than shown: look up what is
			s.add("u.id", rest, ", ", sorted, " FROM (SELECT ", x.key("r", sec))
			x.branch(s, b, sec, limit)
			s.add(") u CROSS JOIN LATERAL (SELECT x.* FROM ", x.t.Table(), " x WHERE x.id = u.id OFFSET 0) r ORDER BY ", x.by("u.", sec))
		default:
			s.add(x.columns, ", r.", x.order.col)
			x.branch(s, b, sec, limit)
		}
		s.add(") a").number(i)
	}
	s.add(") u ORDER BY ", by, " LIMIT ").number(limit)
}

// key are the columns a branch that is merged gives.
func (x *listing) key(alias string, sec section) string {
	if sec.null || x.order.byID() {
		return alias + ".id AS id"
	}
	return alias + "." + x.order.col + " AS k, " + alias + ".id AS id"
}

// by is ORDER BY over those columns.
func (x *listing) by(prefix string, sec section) string {
	d := x.order.direction()
	if sec.null || x.order.byID() {
		return prefix + "id" + d
	}
	return prefix + "k" + d + ", " + prefix + "id" + d
}

// branch writes FROM … LIMIT of a branch.
func (x *listing) branch(s *statement, b branch, sec section, limit int) {
	table := x.t.Table()
	switch {
	case b.kind == each || b.all != nil:
		x.lateral(s, b, sec, limit)
	case b.kind == gather && s.dialect == db.Postgres:
		// OFFSET 0 keeps the planner from walking along the order through all other stages.
		s.add(" FROM (SELECT x.* FROM ", table, " x WHERE ").in("x.stage_id", b.ids).add(" OFFSET 0) r WHERE 1=1")
		x.conditions(s, b, sec)
	case b.kind == observation && x.paths.watched != nil && s.dialect == db.Postgres:
		s.with(" FROM (SELECT r.* FROM "+table+" r WHERE r.id = ANY(?)", intArray(*x.paths.watched, '{', '}'))
		s.bounds(b.arms[0])
		x.conditions(s, b, sec)
		s.add(" OFFSET 0) r")
	case b.kind == observation && x.paths.watched != nil:
		s.with(" FROM json_each(?) o CROSS JOIN "+table+" r WHERE r.id = o.value", intArray(*x.paths.watched, '[', ']'))
		s.bounds(b.arms[0])
		x.conditions(s, b, sec)
	case b.kind == observation && x.order.byID():
		x.observedByNumber(s, b, sec)
		s.add(" ORDER BY o.record_id", x.order.direction(), " LIMIT ").number(limit)
		return
	case b.kind == observation && s.dialect == db.Postgres:
		// One scan for all numbers; OFFSET 0 keeps the planner from walking along the order instead.
		s.with(" FROM (SELECT r.* FROM "+table+" r WHERE r.id = ANY(ARRAY(SELECT o.record_id FROM observer o WHERE o.user_id = ? AND o.type_id = ?))",
			b.arms[0].UserID, x.t.ID)
		s.bounds(b.arms[0])
		x.conditions(s, b, sec)
		s.add(" OFFSET 0) r")
	case b.kind == observation:
		s.with(" FROM observer o CROSS JOIN "+table+" r WHERE o.user_id = ? AND o.type_id = ? AND r.id = o.record_id",
			b.arms[0].UserID, x.t.ID)
		s.bounds(b.arms[0])
		x.conditions(s, b, sec)
	default:
		x.stretch(s, b, sec)
	}
	s.add(" ORDER BY ", x.rowOrder(sec), " LIMIT ").number(limit)
}

// observedByNumber reads what is observed in the order of its numbers, which is that of the observer's own list, and so no more of
// it than the page needs.
func (x *listing) observedByNumber(s *statement, b branch, sec section) {
	table, join := x.t.Table(), " r WHERE r.id = o.record_id AND o.user_id = ? AND o.type_id = ?"
	if s.dialect == db.Postgres {
		s.with(" FROM (SELECT o.record_id FROM observer o WHERE o.user_id = ? AND o.type_id = ?", b.arms[0].UserID, x.t.ID)
		x.beyond(s, sec)
		s.add(" ORDER BY o.record_id", x.order.direction(), " OFFSET 0) o CROSS JOIN LATERAL (SELECT x.* FROM ", table, " x WHERE x.id = o.record_id OFFSET 0) r WHERE 1=1")
	} else {
		s.with(" FROM observer o CROSS JOIN "+table+join, b.arms[0].UserID, x.t.ID)
		x.beyond(s, sec)
	}
	s.bounds(b.arms[0])
	x.conditions(s, b, sec)
}

// beyond starts the observer's list where the last page ended.
func (x *listing) beyond(s *statement, sec section) {
	if sec.after != nil {
		s.with(" AND o.record_id"+x.order.compare()+"?", sec.after.ID)
	}
}

// stretch writes FROM and WHERE of a branch that reads one index.
func (x *listing) stretch(s *statement, b branch, sec section) {
	s.add(" FROM ", x.t.Table(), " r")
	if b.index != "" && s.dialect == db.SQLite {
		s.add(" INDEXED BY ", b.index)
	}
	s.add(" WHERE 1=1")
	x.rights(s, b)
	x.conditions(s, b, sec)
}

// lateral writes a page of each department, of each stage, or of each department on each stage.
func (x *listing) lateral(s *statement, b branch, sec section, limit int) {
	s.add(" FROM ")
	if b.kind == each {
		s.with("unnest(?::bigint[]) d(id) CROSS JOIN ", intArray(b.ids, '{', '}'))
	}
	if b.all != nil {
		s.with("unnest(?::bigint[]) s(id) CROSS JOIN ", intArray(b.all, '{', '}'))
	}
	s.add("LATERAL (SELECT ", x.plainKey(sec), " FROM ", x.t.Table(), " r WHERE 1=1")
	if b.kind == each {
		s.add(" AND r.department_id = d.id")
		s.bounds(b.arms[0])
	} else {
		x.rights(s, b)
	}
	x.conditions(s, b, sec)
	s.add(" ORDER BY ", x.rowOrder(sec), " LIMIT ").number(limit).add(") r")
}

// plainKey are the columns a LATERAL gives up: those key reads from it by their own names.
func (x *listing) plainKey(sec section) string {
	if sec.null || x.order.byID() {
		return "r.id"
	}
	return "r." + x.order.col + ", r.id"
}

func (x *listing) rowOrder(sec section) string {
	d := x.order.direction()
	if sec.null || x.order.byID() {
		return "r.id" + d
	}
	nulls := ""
	if x.order.nullable { // as the indexes of fields have them, though there is no null in this section
		nulls = " NULLS FIRST"
		if x.order.desc {
			nulls = " NULLS LAST"
		}
	}
	return "r." + x.order.col + d + nulls + ", r.id" + d
}

// rights writes what the branch's arms ask of a row.
func (x *listing) rights(s *statement, b branch) {
	switch b.kind {
	case own:
		s.with(" AND r.responsible_id = ?", b.arms[0].UserID)
		s.bounds(b.arms[0])
	case gather:
		s.add(" AND ").in("r.stage_id", b.ids)
	case department, collect:
		if s.add(" AND "); len(b.ids) == 1 {
			s.with("r.department_id = ?", b.ids[0])
		} else {
			s.in("r.department_id", b.ids)
		}
		s.bounds(b.arms[0])
	case walk:
		switch {
		case b.rng != nil:
			s.with(" AND r.dept_pos BETWEEN ? AND ?", b.rng.Lo, b.rng.Hi)
			s.bounds(b.arms[0])
		case len(b.arms) == 1 && b.arms[0].Kind == access.All:
			s.bounds(b.arms[0])
		default:
			s.add(" AND ")
			s.anyOf(x.t, b.arms)
		}
	}
}

// conditions writes what the request itself asks of a row: stage, section, place in the order, filter.
func (x *listing) conditions(s *statement, b branch, sec section) {
	switch {
	case b.all != nil:
		s.add(" AND r.stage_id = s.id")
	case b.stage != 0:
		s.with(" AND r.stage_id = ?", b.stage)
	case x.l.Stage != nil:
		s.with(" AND r.stage_id = ?", x.l.Stage.ID)
	case x.l.Pipeline != nil:
		s.with(" AND r.pipeline_id = ?", x.l.Pipeline.ID)
	}
	s.except(x.t, b.not)
	switch {
	case sec.null:
		s.add(" AND r.", x.order.col, " IS NULL")
	case !sec.whole:
		s.add(" AND r.", x.order.col, " IS NOT NULL")
	}
	if after := sec.after; after != nil {
		if sec.null || x.order.byID() {
			s.with(" AND r.id"+x.order.compare()+"?", after.ID)
		} else {
			s.with(" AND (r."+x.order.col+", r.id)"+x.order.compare()+"(?, ?)", after.Value(), after.ID)
		}
	}
	if x.where.Text != "" {
		s.with(" AND "+x.where.Text, x.where.Args...)
	}
}

// mark is the place of the row just read.
func (x *listing) mark(r db.Row, id int64, null bool) query.Mark {
	m := query.Mark{Sort: x.order.name, ID: id}
	switch {
	case null:
		m.Null = true
	case x.order.text:
		text := r.Text(x.n)
		m.Text = &text
	default:
		n := r.Int64(x.n)
		m.Int = &n
	}
	return m
}
