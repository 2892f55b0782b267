package expr

import (
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Tri is a truth value of three-valued (Kleene) logic. "and" is the smaller one, "or" the larger.
type Tri uint8

// The truth values. Null is "unknown": neither a condition nor its opposite holds.
const (
	False Tri = iota
	Null
	True
)

// Not turns True and False round.
func (t Tri) Not() Tri { return True - t }

func (t Tri) String() string { return [...]string{"false", "null", "true"}[t] }

// Value is one value of a record, or none.
type Value struct {
	state uint8
	n     int64
	s     string
}

const (
	noValue uint8 = iota
	numberValue
	keyValue
	rawValue
)

// NoValue is null.
var NoValue = Value{}

// IntValue is the value of everything that is stored as a number: integers, decimals at their scale, money in minor
// units of the portal's currency, yes = 1 and no = 0, instants in milliseconds, ids.
func IntValue(n int64) Value { return Value{state: numberValue, n: n} }

// TextValue is a text as the user wrote it; its key is made when it is compared.
func TextValue(s string) Value { return Value{state: rawValue, s: s} }

// KeyValue is a text that is already a key, or a date YYYY-MM-DD.
func KeyValue(s string) Value { return Value{state: keyValue, s: s} }

// Record gives values by path. A path over a link that isn't set, or leads to a record that isn't there, has no value.
type Record interface {
	Value(p *Path) Value    // of single-valued fields
	Values(p *Path) []Value // of many-valued fields; order doesn't matter
}

// Env is a record and the moment it is asked about.
type Env struct {
	Moment
	Record Record
}

// Condition is a compiled tree. It may be used by several goroutines at once.
type Condition func(env *Env) Tri

// Holds tells whether the condition is true.
func (c Condition) Holds(env *Env) bool { return c(env) == True }

// Compile makes a tree ready to be asked of many records in memory.
func Compile(t *Tree) Condition { return t.root.compile() }

func (b bound) compile() Condition {
	if b.term != nil {
		return b.term.compile()
	}
	var args []Condition
	for _, arg := range b.args {
		args = append(args, arg.compile())
	}
	return combine(b.op, args)
}

// combine makes the closure of and, or, not, true, false.
func combine(op Op, args []Condition) Condition {
	switch op {
	case OpAnd:
		return func(env *Env) Tri {
			out := True
			for _, arg := range args {
				if out = min(out, arg(env)); out == False {
					break
				}
			}
			return out
		}
	case OpOr:
		return func(env *Env) Tri {
			out := False
			for _, arg := range args {
				if out = max(out, arg(env)); out == True {
					break
				}
			}
			return out
		}
	case OpNot:
		arg := args[0]
		return func(env *Env) Tri { return arg(env).Not() }
	}
	answer := choose(op == OpTrue, True, False)
	return func(*Env) Tri { return answer }
}

func (l lowered) compile() Condition {
	if l.ask != nil {
		return l.ask.compile()
	}
	var args []Condition
	for _, arg := range l.args {
		args = append(args, arg.compile())
	}
	return combine(l.op, args)
}

// compile makes the closure of one question.
func (q *question) compile() Condition {
	in := q.contains()
	path, null := q.path, q.null
	if q.many {
		return func(env *Env) Tri {
			for _, v := range env.Record.Values(path) {
				if v.state != noValue && in(v) {
					return True
				}
			}
			return False
		}
	}
	return func(env *Env) Tri {
		v := env.Record.Value(path)
		if v.state == noValue {
			return null
		}
		if in(v) {
			return True
		}
		return False
	}
}

// contains makes the test whether a value lies in the set.
func (q *question) contains() func(Value) bool {
	f := q.path.Field()
	key := func(v Value) string {
		if v.state == rawValue {
			return f.key(v.s)
		}
		return v.s
	}
	switch q.shape {
	case numbers:
		spans := q.spans
		if len(spans) == 1 {
			only := spans[0]
			return func(v Value) bool { return v.n >= only.lo && v.n <= only.hi }
		}
		return func(v Value) bool { return inSpans(spans, v.n) }
	case keys:
		list := q.keys
		if len(list) == 1 {
			only := list[0]
			return func(v Value) bool { return key(v) == only }
		}
		return func(v Value) bool { _, found := slices.BinarySearch(list, key(v)); return found }
	case between:
		b := q.bounds
		return func(v Value) bool { return b.hold(key(v)) }
	case needle:
		part := q.needle
		return func(v Value) bool { return strings.Contains(key(v), part) }
	}
	return func(Value) bool { return true }
}

// compile makes the closure of a comparison. One that depends on the moment is resolved again when the moment leaves
// the window the last resolution is good for: for today() that is once a day.
func (t *term) compile() Condition {
	if !t.relative() {
		return t.lower(nil).compile()
	}
	var last atomic.Pointer[resolved]
	return func(env *Env) Tri {
		r := last.Load()
		if r == nil || !r.good(&env.Moment) {
			r = t.resolve(&env.Moment)
			last.Store(r)
		}
		return r.run(env)
	}
}

// resolved is a comparison at a moment and how long it stays the same.
type resolved struct {
	from, until int64 // milliseconds, until is outside
	zone        *time.Location
	me          int64
	run         Condition
}

func (r *resolved) good(m *Moment) bool {
	now := int64(m.Now)
	return now >= r.from && now < r.until && m.Zone == r.zone && m.Me == r.me
}

func (t *term) resolve(m *Moment) *resolved {
	r := &resolved{from: math.MinInt64, until: math.MaxInt64, zone: m.Zone, me: m.Me, run: t.lower(m).compile()}
	for _, o := range t.lits {
		switch o.Kind {
		case TodayLiteral:
			today := m.today(Shift{}).in(m.zone())
			r.from, r.until = max(r.from, today.lo), min(r.until, today.hi+1)
		case NowLiteral:
			r.from, r.until = int64(m.Now), int64(m.Now)+1
		}
	}
	return r
}

// relative tells whether the moment matters: the clock, the person, or the zone a date is a day of.
func (t *term) relative() bool {
	for _, o := range t.lits {
		switch o.Kind {
		case TodayLiteral, NowLiteral, MeLiteral:
			return true
		case DateLiteral:
			if classes[t.path.Field().Kind] == instant {
				return true
			}
		}
	}
	return false
}
