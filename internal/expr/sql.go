package expr

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Dialect is the database a fragment is for. The texts differ only in how a list is bound.
type Dialect uint8

// The databases.
const (
	SQLite Dialect = iota
	Postgres
)

// Target tells where the values of a schema lie in the database. Names are put into SQL as they are: they come from
// the catalogue, never from a user. False means that the value can't be reached by SQL; the condition is then refused
// with an error naming the field.
type Target interface {
	// Table holds the records of a type, one row each with a column id; it may be a bracketed SELECT.
	Table(recordType string) (name string, ok bool)
	// Column holds a single-valued field.
	Column(s Step, use Use) (Column, bool)
	// Side is the table of a many-valued field, one row for each value.
	Side(s Step) (Side, bool)
}

// Use is what a column is wanted for.
type Use uint8

// ForMatch compares values and needs, for texts, the column of keys (collated by bytes). ForPresence only asks whether there
// is a value, and whether a text is "": any column of the field will do.
const (
	ForMatch Use = iota
	ForPresence
)

// Column is where a single value lies. Encodings: bool 0 or 1, decimal int64 at its scale, money minor units of the
// portal's currency, instants int64 milliseconds, dates YYYY-MM-DD, list values, people, links, stages … their id.
type Column struct {
	Name     string
	Zero     bool   // the column isn't NULL when there is no value, but 0
	Presence string // the column that is NULL when there is no value; "" = Name, or with Zero: Name being 0
}

// Side is a table of values: SELECT Owner FROM Table WHERE Where. Value is never NULL there.
type Side struct {
	Table string
	Owner string // column of the record's id
	Value string // column of the value: an id, or the key of a text
	Where string // which rows are of this field and type, "" = all; columns without alias
	Args  []any  // for Where
}

// Query is where a fragment will stand.
type Query struct {
	Dialect Dialect
	Alias   string // of the row's table in the surrounding statement; not "h1", "h2", "s1" …, which fragments use
	Moment
}

// Fragment is a boolean SQL expression with ? for each argument in order. Arguments are int64 and string; a list is
// []int64 or []string for PostgreSQL and a JSON text for SQLite. The text depends on the form of the condition, not
// on its values, so statements stay cached. It is true exactly for the rows where the condition holds; where it
// doesn't it may be false or NULL, so negate the tree and never the text.
type Fragment struct {
	Text string
	Args []any
}

// SQL compiles a tree. Errors are *Error with key expr.not_in_lists.
func SQL(t *Tree, target Target, q Query) (Fragment, error) {
	w := &sqlWriter{target: target, dialect: q.Dialect}
	w.condition(t.root.lower(&q.Moment), false, row{alias: q.Alias})
	if w.err != nil {
		return Fragment{}, w.err
	}
	return Fragment{Text: w.text.String(), Args: w.args}, nil
}

// row is the row of a record on the way along a path.
type row struct {
	alias string
	depth int  // links followed
	probe bool // this row is looked up for each row of the list, so the way goes on row by row
}

// sqlWriter writes text and arguments side by side, so that they can't get out of order.
type sqlWriter struct {
	text    strings.Builder
	args    []any
	target  Target
	dialect Dialect
	err     error
}

func (w *sqlWriter) write(parts ...string) {
	for _, part := range parts {
		w.text.WriteString(part)
	}
}

func (w *sqlWriter) arg(v any) { w.args = append(w.args, v) }

func (w *sqlWriter) refuse(f FieldInfo) {
	if w.err == nil {
		w.err = fail(place{}, "not_in_lists", Args{"field": f.Code})
	}
}

// condition writes l, or its opposite. Negation is pushed down to the questions (De Morgan holds in three-valued logic),
// so that the text has no NOT over something that may be NULL.
func (w *sqlWriter) condition(l lowered, negated bool, r row) {
	switch l.op {
	case "":
		w.question(l.ask, negated, l.ask.path.Steps, r)
	case OpNot:
		w.condition(l.args[0], !negated, r)
	case OpTrue, OpFalse:
		w.constant((l.op == OpTrue) != negated)
	default:
		and := (l.op == OpAnd) != negated
		w.joined(len(l.args), choose(and, " AND ", " OR "), and, func(i int) { w.condition(l.args[i], negated, r) })
	}
}

func (w *sqlWriter) constant(yes bool) { w.write(choose(yes, "1=1", "1=0")) }

// joined writes n parts in brackets, as a balanced tree: SQLite limits how deep an expression may be.
func (w *sqlWriter) joined(n int, with string, empty bool, part func(i int)) {
	if n == 0 {
		w.constant(empty)
		return
	}
	var write func(from, to int)
	write = func(from, to int) {
		if to-from == 1 {
			part(from)
			return
		}
		w.write("(")
		if to-from <= 16 {
			for i := from; i < to; i++ {
				if i > from {
					w.write(with)
				}
				part(i)
			}
		} else {
			middle := (from + to) / 2
			write(from, middle)
			w.write(with)
			write(middle, to)
		}
		w.write(")")
	}
	write(0, n)
}

// question writes a question, or its opposite, about the value at the end of steps. A question that says yes to a missing
// value is written as the absence of a no.
func (w *sqlWriter) question(q *question, negated bool, steps []Step, r row) {
	yesToNull := (q.null == True) != negated && q.null != Null
	switch {
	case len(steps) > 1:
		w.hop(q, negated, yesToNull, steps, r)
	case q.many:
		w.side(q, negated, steps[0], r)
	default:
		w.scalar(q, negated, yesToNull, steps[0], r)
	}
}

// Other tables are reached in two ways. "Is one of these" starts from the values, which have an index, and gives a set
// of ids. "Is none of these", "is there any" would give nearly all ids; they look from the row, as a list needs
// only its first fifty.

// hop goes over a link.
func (w *sqlWriter) hop(q *question, negated, yesToNull bool, steps []Step, r row) {
	link, ok := w.target.Column(steps[0], ForMatch)
	table, found := w.target.Table(steps[0].Field.LinkType)
	if !ok || !found {
		w.refuse(steps[0].Field)
		return
	}
	next := row{alias: fmt.Sprintf("h%d", r.depth+1), depth: r.depth + 1, probe: r.probe || negated || yesToNull || q.emptySet()}
	if next.probe {
		w.write(choose(yesToNull, "NOT EXISTS", "EXISTS"), " (SELECT 1 FROM ", table, " ", next.alias, " WHERE ", next.alias, ".id = ", r.alias, ".", link.Name, " AND ")
	} else {
		w.write(r.alias, ".", link.Name, " IN (SELECT ", next.alias, ".id FROM ", table, " ", next.alias, " WHERE ")
	}
	w.question(q, negated != yesToNull, steps[1:], next)
	w.write(")")
}

// side asks a many-valued field.
func (w *sqlWriter) side(q *question, negated bool, s Step, r row) {
	side, ok := w.target.Side(s)
	if !ok {
		w.refuse(s.Field)
		return
	}
	alias := fmt.Sprintf("s%d", r.depth+1)
	with := " WHERE "
	if r.probe || negated || q.shape == anything {
		w.write(choose(negated, "NOT EXISTS", "EXISTS"), " (SELECT 1 FROM ", side.Table, " ", alias, with, alias, ".", side.Owner, " = ", r.alias, ".id")
		with = " AND "
	} else {
		w.write(r.alias, ".id IN (SELECT ", alias, ".", side.Owner, " FROM ", side.Table, " ", alias)
	}
	if side.Where != "" {
		w.write(with, side.Where)
		w.args = append(w.args, side.Args...)
		with = " AND "
	}
	if q.shape != anything {
		w.write(with)
		w.inside(q, alias+"."+side.Value)
	}
	w.write(")")
}

// scalar asks a column of the row.
func (w *sqlWriter) scalar(q *question, negated, yesToNull bool, s Step, r row) {
	column, ok := w.target.Column(s, q.use())
	if !ok {
		w.refuse(s.Field)
		return
	}
	name := r.alias + "." + column.Name
	presence := name
	if column.Presence != "" {
		presence = r.alias + "." + column.Presence
	}
	byZero := column.Zero && column.Presence == ""
	inside := func() {
		if negated {
			w.outside(q, name)
		} else {
			w.inside(q, name)
		}
	}
	switch {
	case q.emptySet() && negated == yesToNull: // equal to nothing there can be, or not
		w.constant(negated)
	case yesToNull && q.emptySet() && !negated: // = null
		w.write(presence, choose(byZero, " = 0", " IS NULL"))
	case !yesToNull && q.emptySet() && negated: // != null
		w.write(presence, choose(byZero, " <> 0", " IS NOT NULL"))
	case yesToNull:
		w.write("(")
		inside()
		w.write(" OR ", presence, choose(byZero, " = 0)", " IS NULL)"))
	case column.Zero && q.holdsZero() != negated: // the 0 of a missing value would count
		w.write("(")
		inside()
		w.write(" AND ", presence, choose(byZero, " <> 0)", " IS NOT NULL)"))
	default:
		inside()
	}
}

// use tells whether the question compares, or only asks whether something is there.
func (q *question) use() Use {
	if q.emptySet() || q.shape == anything || q.shape == keys && len(q.keys) == 1 && q.keys[0] == "" && q.null == True {
		return ForPresence
	}
	return ForMatch
}

func (q *question) emptySet() bool {
	return q.shape == numbers && len(q.spans) == 0 || q.shape == keys && len(q.keys) == 0
}

func (q *question) holdsZero() bool { return q.shape == numbers && inSpans(q.spans, 0) }

// inside writes that the value of col, which isn't NULL, lies in the set.
func (w *sqlWriter) inside(q *question, col string) {
	switch q.shape {
	case numbers:
		points, ranges := split(q.spans)
		n := len(ranges)
		if len(points) > 0 {
			n++
		}
		w.joined(n, " OR ", false, func(i int) {
			if i == len(ranges) {
				list(w, col, points, true)
				return
			}
			w.between(col, ranges[i])
		})
	case keys:
		if len(q.keys) == 0 {
			w.constant(false)
			return
		}
		list(w, col, q.keys, true)
	case between:
		ends := q.bounds.ends(choose(q.bounds.openLo, " > ?", " >= ?"), choose(q.bounds.openHi, " < ?", " <= ?"))
		if len(ends) == 0 {
			w.write(col, " IS NOT NULL")
			return
		}
		w.joined(len(ends), " AND ", true, func(i int) { w.write(col, ends[i].text); w.arg(ends[i].key) })
	case needle:
		w.write(col, ` LIKE ? ESCAPE '\'`)
		w.arg(likePattern(q.needle))
	default:
		w.constant(true)
	}
}

// outside writes that the value of col, which isn't NULL, lies outside the set. For NULL the text is NULL, so that it
// stays unknown.
func (w *sqlWriter) outside(q *question, col string) {
	switch q.shape {
	case numbers:
		points, ranges := split(q.spans)
		n := len(ranges)
		if len(points) > 0 {
			n++
		}
		if n == 0 {
			w.write(col, " IS NOT NULL")
			return
		}
		w.joined(n, " AND ", true, func(i int) {
			if i == len(ranges) {
				list(w, col, points, false)
				return
			}
			w.apart(col, ranges[i])
		})
	case keys:
		if len(q.keys) == 0 {
			w.write(col, " IS NOT NULL")
			return
		}
		list(w, col, q.keys, false)
	case between:
		ends := q.bounds.ends(choose(q.bounds.openLo, " <= ?", " < ?"), choose(q.bounds.openHi, " >= ?", " > ?"))
		w.joined(len(ends), " OR ", false, func(i int) { w.write(col, ends[i].text); w.arg(ends[i].key) })
	case needle:
		w.write(col, ` NOT LIKE ? ESCAPE '\'`)
		w.arg(likePattern(q.needle))
	default:
		w.constant(false)
	}
}

// end is one side of a range of keys.
type end struct{ text, key string }

// ends are the sides of a range that exclude something.
func (b bounds) ends(lo, hi string) []end {
	var out []end
	if b.lo != "" || b.openLo {
		out = append(out, end{lo, b.lo})
	}
	if b.hasHi {
		out = append(out, end{hi, b.hi})
	}
	return out
}

// between writes a range of numbers.
func (w *sqlWriter) between(col string, s span) {
	switch {
	case s == everywhere:
		w.write(col, " IS NOT NULL")
	case s.lo == minInt:
		w.write(col, " <= ?")
		w.arg(s.hi)
	case s.hi == maxInt:
		w.write(col, " >= ?")
		w.arg(s.lo)
	default:
		w.write("(", col, " >= ? AND ", col, " <= ?)")
		w.arg(s.lo)
		w.arg(s.hi)
	}
}

// apart writes the opposite of a range of numbers.
func (w *sqlWriter) apart(col string, s span) {
	switch {
	case s == everywhere:
		w.constant(false)
	case s.lo == minInt:
		w.write(col, " > ?")
		w.arg(s.hi)
	case s.hi == maxInt:
		w.write(col, " < ?")
		w.arg(s.lo)
	default:
		w.write("(", col, " < ? OR ", col, " > ?)")
		w.arg(s.lo)
		w.arg(s.hi)
	}
}

// list writes equality with one value or membership in several.
func list[T int64 | string](w *sqlWriter, col string, values []T, in bool) {
	switch {
	case len(values) == 1:
		w.write(col, choose(in, " = ?", " <> ?"))
		w.arg(values[0])
	case w.dialect == Postgres:
		w.write(col, choose(in, " = ANY(?)", " <> ALL(?)"))
		w.arg(values)
	default:
		w.write(col, choose(in, " IN ", " NOT IN "), "(SELECT value FROM json_each(?))")
		text, _ := json.Marshal(values) // numbers and strings always have a JSON form
		w.arg(string(text))
	}
}

// split parts spans into single values and true ranges.
func split(spans []span) (points []int64, ranges []span) {
	for _, s := range spans {
		if s.lo == s.hi {
			points = append(points, s.lo)
		} else {
			ranges = append(ranges, s)
		}
	}
	return points, ranges
}

// likePattern finds key anywhere; what LIKE would understand as wild is escaped.
func likePattern(key string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(key) + "%"
}
