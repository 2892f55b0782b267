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
			x := &seeking{q: q, t: t, plan: s.trimmed(q, t, p), ask: ask, seen: map[int64]bool{}}
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
	q     db.Q
	t     *schema.Type
	plan  access.Plan
	ask   *query.Search
	seen  map[int64]bool
	found []found
}

// all looks where it is likeliest first and stops when enough was found.
func (x *seeking) all() error {
	steps := []func() error{x.byNumber, x.byPrefix, x.byOwnWord, x.byWord}
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

// byPrefix finds titles that begin with the text: a range of the index, of which the first candidates are looked at, and
// all of the person's own.
func (x *seeking) byPrefix() error {
	after, ok := textkey.After(x.ask.Key)
	if !ok {
		return nil
	}
	if !x.plan.Everything() {
		for _, arm := range x.plan.Arms {
			if err := x.ownPrefix(arm, after); err != nil || len(x.found) >= query.SearchLimit {
				return err
			}
		}
	}
	s := newStatement(x.q.Dialect())
	s.with("SELECT r.id, r.title FROM (SELECT c.* FROM "+x.t.Table()+" c WHERE c.title_key >= ? AND c.title_key < ? ORDER BY c.title_key, c.id", x.ask.Key, after)
	s.add(" LIMIT ").number(prefixCandidates).add(") r WHERE ")
	s.reached(x.t, x.plan)
	s.add(" ORDER BY r.title_key, r.id LIMIT ").number(query.SearchLimit * 2)
	return s.query(x.q, func(r db.Row) error { return x.take(r, "") })
}

func (x *seeking) ownPrefix(arm access.Arm, after string) error {
	if arm.Kind != access.Own {
		return nil
	}
	s := newStatement(x.q.Dialect())
	s.with("SELECT r.id, r.title FROM "+x.t.Table()+" r WHERE r.responsible_id = ? AND r.title_key >= ? AND r.title_key < ?", arm.UserID, x.ask.Key, after)
	s.bounds(arm)
	s.except(x.t, x.plan.Not)
	s.add(" ORDER BY r.title_key, r.id LIMIT ").number(query.SearchLimit * 2)
	return s.query(x.q, func(r db.Row) error { return x.take(r, "") })
}

// byOwnWord finds a word in the titles of the person's own records.
func (x *seeking) byOwnWord() error {
	for _, arm := range x.plan.Arms {
		if arm.Kind != access.Own {
			continue
		}
		s := newStatement(x.q.Dialect())
		s.with("SELECT r.id, r.title FROM "+x.t.Table()+` r WHERE r.responsible_id = ? AND r.title_key LIKE ? ESCAPE '\'`,
			arm.UserID, wordPattern(x.ask.Key))
		s.bounds(arm)
		s.except(x.t, x.plan.Not)
		s.add(" ORDER BY r.id DESC LIMIT ").number(query.SearchLimit * 2)
		if err := s.query(x.q, func(r db.Row) error { return x.take(r, "") }); err != nil {
			return err
		}
	}
	return nil
}

// byWord finds a word in the titles of the newest records.
func (x *seeking) byWord() error {
	s := newStatement(x.q.Dialect())
	s.add("SELECT r.id, r.title FROM (SELECT c.* FROM ", x.t.Table(), " c ORDER BY c.id DESC LIMIT ").number(wordCandidates)
	s.with(`) r WHERE r.title_key LIKE ? ESCAPE '\' AND `, wordPattern(x.ask.Key))
	s.reached(x.t, x.plan)
	s.add(" ORDER BY r.id DESC LIMIT ").number(query.SearchLimit * 2)
	return s.query(x.q, func(r db.Row) error { return x.take(r, "") })
}

// wordPattern finds a text anywhere; what LIKE would take for wild is escaped.
func wordPattern(key string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(key) + "%"
}
