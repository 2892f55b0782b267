package recordquery

import (
	"context"
	"strconv"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/textkey"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// How many candidates a search looks at before rights: beyond that the answer would come too late to be of use.
const (
	prefixCandidates = 2000
	wordCandidates   = 2000 // the newest records of a type
	fewCandidates    = 700  // the newest of somebody's own, and of his departments together
	numberCandidates = 200
)

// found is one answer of a search.
type found struct {
	t     *schema.Type
	id    int64
	title string // JSON
	hint  string // JSON: the number or address it was found by
}

// Search appends what fits a text to dst: {"items": [{"type", "id", "title", "hint"}]}, of each type at most
// query.SearchLimit. plan says what the reader may see of a type.
func (s *Store) Search(ctx context.Context, plan query.Plans, ask *query.Search, dst []byte) ([]byte, error) {
	err := s.db.Read(ctx, func(q db.Q) error {
		dst = append(dst, `{"items":[`...)
		comma := false
		for _, t := range ask.Catalog.Types {
			p := plan.Of(t.Code)
			if p.Nothing() {
				continue
			}
			x := &seeking{q: q, t: t, plan: p, ask: ask, seen: map[int64]bool{}}
			if s.narrow(q, ask.Catalog, t, p) != nil {
				x.plan = s.trimmed(q, t, p)
				x.narrow = x.plan.Arms
			}
			if x.plan.Nothing() {
				continue
			}
			if err := x.all(); err != nil {
				return err
			}
			for _, f := range x.found {
				if comma {
					dst = append(dst, ',')
				}
				comma = true
				dst = f.append(dst)
			}
		}
		dst = append(dst, "]}"...)
		return nil
	})
	return dst, err
}

func (f found) append(dst []byte) []byte {
	dst = append(append(append(dst, `{"type":"`...), f.t.Code...), `","id":`...)
	dst = append(append(strconv.AppendInt(dst, f.id, 10), `,"title":`...), f.title...)
	if f.hint != "" {
		dst = append(append(dst, `,"hint":`...), f.hint...)
	}
	return append(dst, '}')
}

// seeking is the search among one type.
type seeking struct {
	q      db.Q
	t      *schema.Type
	plan   access.Plan
	narrow []access.Arm // the arms to be read one by one, nil when the plan reaches much
	ask    *query.Search
	seen   map[int64]bool
	found  []found
}

// all looks where it is likeliest first and stops when enough was found.
func (x *seeking) all() error {
	steps := []func() error{x.byNumber, x.byPrefix, x.byWord}
	for _, step := range steps {
		if len(x.found) >= query.SearchLimit {
			return nil
		}
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (x *seeking) take(r db.Row, hint string) error {
	id := r.Int64(0)
	if x.seen[id] {
		return nil
	}
	x.seen[id] = true
	x.found = append(x.found, found{x.t, id, string(r.AppendJSONString(nil, 1)), hint})
	if len(x.found) >= query.SearchLimit {
		return db.Stop
	}
	return nil
}

// byNumber finds phone numbers by their beginning, with or without the country's code, or their last digits, and
// addresses by their beginning.
func (x *seeking) byNumber() error {
	if x.ask.Digits != "" {
		digits := x.ask.Digits
		prefixes := []string{"+" + digits, "+7" + digits}
		if digits[0] == '8' {
			prefixes = append(prefixes, "+7"+digits[1:])
		}
		for _, prefix := range prefixes {
			if err := x.contact("phone", "p.normalised >= ? AND p.normalised < ?", prefix, prefix+":"); err != nil {
				return err
			}
		}
		tail := digits[len(digits)-query.MinDigits:]
		if err := x.contact("phone", "p.tail = ? AND p.normalised LIKE ?", tail, "%"+digits); err != nil {
			return err
		}
	}
	if x.ask.Email != "" {
		after, ok := textkey.After(x.ask.Email)
		if ok {
			return x.contact("email", "p.normalised >= ? AND p.normalised < ?", x.ask.Email, after)
		}
	}
	return nil
}

func (x *seeking) contact(table, condition string, args ...any) error {
	if len(x.found) >= query.SearchLimit {
		return nil
	}
	s := newStatement(x.q.Dialect())
	s.with("SELECT r.id, r.title, u.value FROM (SELECT p.record_id, p.value, p.normalised FROM "+table+" p WHERE "+condition+" AND p.type_id = ?",
		append(args, x.t.ID)...)
	if x.t.Partial() { // what is hidden isn't found by either
		s.add(" AND ").in("p.field_id", contactFields(x.t, table))
	}
	s.add(" LIMIT ").number(numberCandidates).add(") u JOIN ", x.t.Table(), " r ON r.id = u.record_id WHERE ")
	s.reached(x.t, x.plan)
	s.add(" ORDER BY u.normalised, r.id LIMIT ").number(query.SearchLimit * 2)
	return s.query(x.q, func(r db.Row) error { return x.take(r, string(r.AppendJSONString(nil, 2))) })
}

// contactFields are the fields of a type whose values lie in a table of numbers or addresses.
func contactFields(t *schema.Type, table string) []int64 {
	kind := schema.Phone
	if table == "email" {
		kind = schema.Email
	}
	ids := []int64{}
	for _, f := range t.Fields {
		if f.Kind == kind {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// byPrefix finds titles that begin with the text: a range of the index. Who sees little has it read for his own records and
// his departments, everybody else has the first candidates looked at.
func (x *seeking) byPrefix() error {
	after, ok := textkey.After(x.ask.Key)
	if !ok {
		return nil
	}
	s := newStatement(x.q.Dialect())
	if x.narrow != nil {
		x.prefixOf(s, after)
		return s.query(x.q, func(r db.Row) error { return x.take(r, "") })
	}
	s.with("SELECT r.id, r.title FROM (SELECT c.* FROM "+x.t.Table()+" c WHERE c.title_key >= ? AND c.title_key < ? ORDER BY c.title_key, c.id", x.ask.Key, after)
	s.add(" LIMIT ").number(prefixCandidates).add(") r WHERE ")
	s.reached(x.t, x.plan)
	s.add(" ORDER BY r.title_key, r.id LIMIT ").number(query.SearchLimit * 2)
	return s.query(x.q, func(r db.Row) error { return x.take(r, "") })
}

func (x *seeking) prefixOf(s *statement, after string) {
	s.add("SELECT u.id, u.title FROM (")
	x.each(s, query.SearchLimit*2, "r.title_key, r.id", func(arm access.Arm) {
		s.bounds(arm)
		s.except(x.t, x.plan.Not)
		s.with(" AND r.title_key >= ? AND r.title_key < ?", x.ask.Key, after)
	})
	s.add(") u ORDER BY u.title_key, u.id LIMIT ").number(query.SearchLimit * 2)
}

// byWord finds a word in the titles of the newest records, or of the newest a person with few sees.
func (x *seeking) byWord() error {
	s := newStatement(x.q.Dialect())
	if x.narrow != nil {
		x.newestOf(s)
		return s.query(x.q, func(r db.Row) error { return x.take(r, "") })
	}
	s.add("SELECT r.id, r.title FROM (SELECT c.* FROM ", x.t.Table(), " c ORDER BY c.id DESC LIMIT ").number(wordCandidates)
	s.with(`) r WHERE r.title_key LIKE ? ESCAPE '\' AND `, wordPattern(x.ask.Key))
	s.reached(x.t, x.plan)
	s.add(" ORDER BY r.id DESC LIMIT ").number(query.SearchLimit * 2)
	return s.query(x.q, func(r db.Row) error { return x.take(r, "") })
}

func (x *seeking) newestOf(s *statement) {
	s.add("SELECT u.id, u.title FROM (")
	x.each(s, fewCandidates, "r.id DESC", func(arm access.Arm) {
		s.bounds(arm)
		s.except(x.t, x.plan.Not)
	})
	s.with(`) u WHERE u.title_key LIKE ? ESCAPE '\'`, wordPattern(x.ask.Key))
	s.add(" LIMIT ").number(query.SearchLimit * 2)
}

// each writes the first records of every arm in an order, each with its own conditions: of one person, of each department, of what
// somebody observes. A record two arms reach comes twice.
func (x *seeking) each(s *statement, limit int, order string, conditions func(access.Arm)) {
	const columns = "r.id, r.title, r.title_key"
	for i, arm := range x.narrow {
		if i > 0 {
			s.add(" UNION ALL ")
		}
		s.add("SELECT * FROM (SELECT ", columns)
		switch {
		case arm.Kind == access.Own:
			s.with(" FROM "+x.t.Table()+" r WHERE r.responsible_id = ?", arm.UserID)
		case arm.Kind == access.Observed && s.dialect == db.Postgres:
			s.with(" FROM (SELECT o.record_id FROM observer o WHERE o.user_id = ? AND o.type_id = ? ORDER BY o.record_id DESC", arm.UserID, x.t.ID)
			s.add(" LIMIT ").number(fewCandidates).add(") o CROSS JOIN LATERAL (SELECT x.* FROM ", x.t.Table(), " x WHERE x.id = o.record_id OFFSET 0) r WHERE 1=1")
		case arm.Kind == access.Observed:
			s.with(" FROM (SELECT o.record_id FROM observer o WHERE o.user_id = ? AND o.type_id = ? ORDER BY o.record_id DESC", arm.UserID, x.t.ID)
			s.add(" LIMIT ").number(fewCandidates).add(") o CROSS JOIN ", x.t.Table(), " r WHERE r.id = o.record_id")
		case s.dialect == db.SQLite && len(arm.DepartmentIDs) <= maxMerged:
			for j, id := range arm.DepartmentIDs {
				if j > 0 {
					s.add(") d UNION ALL SELECT * FROM (SELECT ", columns)
				}
				s.with(" FROM "+x.t.Table()+" r WHERE r.department_id = ?", id)
				conditions(arm)
				s.add(" ORDER BY ", order, " LIMIT ").number(perDepartment(limit, arm))
			}
			s.add(") d")
			continue
		default:
			x.departments(s, arm, limit, order, conditions)
			continue
		}
		conditions(arm)
		s.add(" ORDER BY ", order, " LIMIT ").number(limit).add(") a").number(i)
	}
}

// perDepartment is how many records of each of an arm's departments are looked at.
func perDepartment(limit int, arm access.Arm) int {
	return min(limit, max(limit/len(arm.DepartmentIDs), query.SearchLimit*2))
}

// departments writes the first records of each department of an arm, out of an index of its own.
func (x *seeking) departments(s *statement, arm access.Arm, limit int, order string, conditions func(access.Arm)) {
	each := perDepartment(limit, arm)
	if s.dialect == db.Postgres {
		s.with(" FROM unnest(?::bigint[]) d(id) CROSS JOIN LATERAL (SELECT r.id, r.title, r.title_key FROM "+x.t.Table()+" r WHERE r.department_id = d.id", intArray(arm.DepartmentIDs, '{', '}'))
		conditions(arm)
		s.add(" ORDER BY ", order, " LIMIT ").number(each).add(") r) d")
		return
	}
	s.with(" FROM json_each(?) d CROSS JOIN "+x.t.Table()+" r WHERE r.id IN (SELECT r.id FROM "+x.t.Table()+" r WHERE r.department_id = d.value", intArray(arm.DepartmentIDs, '[', ']'))
	conditions(arm)
	s.add(" ORDER BY ", order, " LIMIT ").number(each).add(")) d")
}

// What is not worth reading arm by arm: so few records that all may be looked at (or nobody knows yet how many there are), and so
// many departments that each costs more than what it saves.
const (
	fewRecords      = 2000
	manyDepartments = 40
)

// narrow are the arms of a plan that are read one by one because they hold few of the records; nil when the plan reaches so
// much that its records are soon met among all.
func (s *Store) narrow(q db.Q, c *schema.Catalog, t *schema.Type, plan access.Plan) []access.Arm {
	p := &pathing{dialect: q.Dialect(), t: t, plan: plan, catalog: c, stages: stagesOf(&query.Scope{Catalog: c, Type: t}), shares: s.shares.of(q, t)}
	for _, arm := range plan.Arms {
		if arm.Kind == access.All || arm.Kind == access.Departments && (len(arm.DepartmentIDs) == 0 || len(arm.DepartmentIDs) > manyDepartments) {
			return nil
		}
	}
	if p.shares.total <= fewRecords || p.wide() {
		return nil
	}
	return plan.Arms
}

// wordPattern finds a text anywhere; what LIKE would take for wild is escaped.
func wordPattern(key string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(key) + "%"
}
