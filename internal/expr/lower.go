package expr

import (
	"slices"

	"voronka/internal/kernel/textkey"
)

// Memory and SQL run the same lowered form: and, or, not over questions "does the value lie in this set?". What the
// clock, the zone and the person decide is resolved here, so that the two can only differ in how they look into a set.

// lowered is a condition at one moment.
type lowered struct {
	op   Op // OpTrue, OpFalse, OpAnd, OpOr, OpNot, or "" for a question
	args []lowered
	ask  *question
}

// shape is the form of a set.
type shape uint8

const (
	anything shape = iota // every value; asks a many-valued field whether it has one
	numbers               // spans of int64
	keys                  // some texts
	between               // texts from a key to a key
	needle                // texts that contain a key
)

// question asks whether a value lies in a set. A many-valued field is asked whether one of its values does; a field
// without values, or of a record that isn't there, then answers False.
type question struct {
	path   *Path
	many   bool
	null   Tri // the answer when there is no value; always False if many
	shape  shape
	spans  []span   // numbers: sorted, apart
	keys   []string // keys: sorted
	bounds bounds   // between
	needle string   // needle
}

// bounds is a range of keys. No lower end is the empty text; hasHi tells whether there is an upper one.
type bounds struct {
	lo, hi         string
	openLo, openHi bool
	hasHi          bool
}

func (b bounds) hold(key string) bool {
	if key < b.lo || b.openLo && key == b.lo {
		return false
	}
	return !b.hasHi || key < b.hi || !b.openHi && key == b.hi
}

// lower resolves a checked condition at a moment.
func (b bound) lower(m *Moment) lowered {
	if b.term != nil {
		return b.term.lower(m)
	}
	out := lowered{op: b.op}
	for _, arg := range b.args {
		out.args = append(out.args, arg.lower(m))
	}
	return out
}

func asked(q question) lowered { return lowered{ask: &q} }

func opposite(l lowered) lowered { return lowered{op: OpNot, args: []lowered{l}} }

// lower resolves a comparison. = and in are two-valued, order and parts of texts answer Null to null.
func (t *term) lower(m *Moment) lowered {
	f := t.path.Field()
	q := question{path: t.path, many: f.several()}
	switch t.op {
	case OpEqual:
		return t.oneOf(q, t.lits, m)
	case OpNotEqual:
		return opposite(t.oneOf(q, t.lits, m))
	case OpIn:
		return t.oneOf(q, t.lits, m)
	case OpHasAll:
		all := lowered{op: OpAnd}
		for i := range t.lits {
			all.args = append(all.args, t.oneOf(q, t.lits[i:i+1], m))
		}
		return all
	case OpIsEmpty:
		return t.isEmpty(q)
	}
	q.null = choose(q.many, False, Null)
	switch t.op {
	case OpContains:
		q.shape, q.needle = needle, t.lits[0].key
	case OpStartsWith:
		q.shape = between
		q.bounds = bounds{lo: t.lits[0].key, openHi: true}
		q.bounds.hi, q.bounds.hasHi = textkey.After(q.bounds.lo)
	default:
		t.order(&q, m)
	}
	return asked(q)
}

// isEmpty asks for null, in texts also for "".
func (t *term) isEmpty(q question) lowered {
	if q.many {
		return opposite(asked(q))
	}
	q.null, q.shape = True, numbers
	if classes[q.path.Field().Kind] == textual {
		q.shape, q.keys = keys, []string{""}
	}
	return asked(q)
}

// oneOf asks whether the value is one of lits; null among them means "there is none".
func (t *term) oneOf(q question, lits []operand, m *Moment) lowered {
	null := false
	class := classes[q.path.Field().Kind]
	q.shape = choose(class == textual || class == calendar, keys, numbers)
	for i := range lits {
		o := &lits[i]
		switch {
		case o.Kind == NullLiteral:
			null = true
		case class == textual:
			q.keys = append(q.keys, o.key)
		case class == calendar:
			q.keys = append(q.keys, o.date(m))
		case o.ids != nil || class == coded && o.Kind == StringLiteral:
			for _, id := range o.ids {
				q.spans = append(q.spans, span{id, id})
			}
		default:
			q.spans = append(q.spans, o.point(m).equal())
		}
	}
	slices.Sort(q.keys)
	q.keys, q.spans = slices.Compact(q.keys), merged(q.spans)
	if !q.many {
		q.null = choose(null, True, False)
		return asked(q)
	}
	if null && len(q.keys)+len(q.spans) == 0 {
		return opposite(asked(question{path: q.path, many: true}))
	}
	if null {
		none := opposite(asked(question{path: q.path, many: true}))
		return lowered{op: OpOr, args: []lowered{asked(q), none}}
	}
	return asked(q)
}

// order fills in < <= > >= and ranges.
func (t *term) order(q *question, m *Moment) {
	class := classes[q.path.Field().Kind]
	first, last := &t.lits[0], &t.lits[len(t.lits)-1]
	op := t.op
	if class == textual || class == calendar {
		q.shape = between
		text := func(o *operand) string { return choose(class == calendar, o.date(m), o.key) }
		switch op {
		case OpLess, OpAtMost:
			q.bounds = bounds{hi: text(first), openHi: op == OpLess, hasHi: true}
		case OpMore, OpAtLeast:
			q.bounds = bounds{lo: text(first), openLo: op == OpMore}
		case OpRange:
			q.bounds = bounds{lo: text(first), openLo: t.openFrom, hi: text(last), openHi: t.openTo, hasHi: true}
		}
		return
	}
	q.shape = numbers
	var s span
	switch op {
	case OpLess, OpAtMost:
		s = first.point(m).below(op == OpAtMost)
	case OpMore, OpAtLeast:
		s = first.point(m).above(op == OpAtLeast)
	case OpRange:
		s = first.point(m).above(!t.openFrom).meet(last.point(m).below(!t.openTo))
	}
	q.spans = merged([]span{s})
}

// point is where the operand lies at a moment.
func (o *operand) point(m *Moment) point {
	switch o.Kind {
	case MeLiteral:
		return point{lo: m.Me, hi: m.Me}
	case NowLiteral:
		now := m.now(o.Shift)
		return point{lo: now, hi: now}
	case TodayLiteral:
		return m.today(o.Shift).in(m.zone())
	case DateLiteral:
		return parseDay(o.Text).in(m.zone())
	}
	return o.at
}

// date is the operand of a date field at a moment.
func (o *operand) date(m *Moment) string {
	if o.Kind == TodayLiteral {
		return m.today(o.Shift).String()
	}
	return o.Text
}
