package exprtest

import (
	"math/big"
	"slices"
	"strings"
	"time"

	"voronka/internal/expr"
	"voronka/internal/kernel/textkey"
)

// Naive answers a condition as the package comment of expr says it, without any of its machinery: fractions for
// numbers, the local date for days, lists walked one by one.
func Naive(n *expr.Node, w World, r *Record, m expr.Moment) expr.Tri {
	switch n.Op {
	case expr.OpTrue:
		return expr.True
	case expr.OpFalse:
		return expr.False
	case expr.OpNot:
		return expr.True - Naive(n.Args[0], w, r, m)
	case expr.OpAnd:
		out := expr.True
		for _, a := range n.Args {
			out = min(out, Naive(a, w, r, m))
		}
		return out
	case expr.OpOr:
		out := expr.False
		for _, a := range n.Args {
			out = max(out, Naive(a, w, r, m))
		}
		return out
	}
	return compare(n, w, r, m)
}

func compare(n *expr.Node, w World, r *Record, m expr.Moment) expr.Tri {
	// Walk to the record that holds the value.
	for _, code := range n.Path[:len(n.Path)-1] {
		if r == nil {
			break
		}
		link, ok := r.One[code]
		if f, _ := Schema("").Field(code); ok {
			r = w.find(f.LinkType, link.Int)
		} else {
			r = nil
		}
	}
	f, _ := Schema("").Field(n.Path[len(n.Path)-1])
	j := judge{f, m}
	if f.Many || f.Kind == expr.MultiList || f.Kind == expr.Users || f.Kind == expr.Links {
		var cells []Cell
		if r != nil {
			cells = r.Many[f.Code]
		}
		return j.set(n, cells)
	}
	var c *Cell
	if r != nil {
		if one, ok := r.One[f.Code]; ok {
			c = &one
		}
		if f.Kind == expr.ID {
			c = &Cell{Int: r.ID}
		}
	}
	return j.single(n, c)
}

// judge compares cells of a field with literals at a moment.
type judge struct {
	f expr.FieldInfo
	m expr.Moment
}

func tri(b bool) expr.Tri {
	if b {
		return expr.True
	}
	return expr.False
}

// equal is FEEL's two-valued equality.
func (j judge) equal(c *Cell, l expr.Literal) bool {
	if c == nil || l.Kind == expr.NullLiteral {
		return c == nil && l.Kind == expr.NullLiteral
	}
	if ids, ok := codes[j.f.Code][l.Text]; ok && l.Kind == expr.StringLiteral {
		return slices.Contains(ids, c.Int)
	}
	return j.order(*c, l) == 0
}

func (j judge) single(n *expr.Node, c *Cell) expr.Tri {
	switch n.Op {
	case expr.OpEqual:
		return tri(j.equal(c, n.Value))
	case expr.OpNotEqual:
		return tri(!j.equal(c, n.Value))
	case expr.OpIn:
		return tri(slices.ContainsFunc(n.Values, func(l expr.Literal) bool { return j.equal(c, l) }))
	case expr.OpIsEmpty:
		return tri(c == nil || Textual(j.f) && c.Text == "")
	}
	if c == nil {
		return expr.Null
	}
	switch n.Op {
	case expr.OpLess:
		return tri(j.order(*c, n.Value) < 0)
	case expr.OpAtMost:
		return tri(j.order(*c, n.Value) <= 0)
	case expr.OpMore:
		return tri(j.order(*c, n.Value) > 0)
	case expr.OpAtLeast:
		return tri(j.order(*c, n.Value) >= 0)
	case expr.OpRange:
		from, to := j.order(*c, n.From), j.order(*c, n.To)
		return tri((from > 0 || from == 0 && !n.OpenFrom) && (to < 0 || to == 0 && !n.OpenTo))
	case expr.OpContains:
		return tri(strings.Contains(j.key(c.Text), j.key(n.Value.Text)))
	case expr.OpStartsWith:
		return tri(strings.HasPrefix(j.key(c.Text), j.key(n.Value.Text)))
	}
	panic("no such operator: " + n.Op)
}

// set judges many-valued fields.
func (j judge) set(n *expr.Node, cells []Cell) expr.Tri {
	has := func(l expr.Literal) bool {
		if l.Kind == expr.NullLiteral {
			return len(cells) == 0
		}
		return slices.ContainsFunc(cells, func(c Cell) bool { return j.equal(&c, l) })
	}
	switch n.Op {
	case expr.OpEqual:
		return tri(has(n.Value))
	case expr.OpNotEqual:
		return tri(!has(n.Value))
	case expr.OpIn:
		return tri(slices.ContainsFunc(n.Values, has))
	case expr.OpHasAll:
		return tri(!slices.ContainsFunc(n.Values, func(l expr.Literal) bool { return !has(l) }))
	case expr.OpIsEmpty:
		return tri(len(cells) == 0)
	}
	return tri(slices.ContainsFunc(cells, func(c Cell) bool { return j.single(n, &c) == expr.True }))
}

func (j judge) key(s string) string {
	if j.f.Kind == expr.Phone {
		return digits(s)
	}
	return textkey.Key(s)
}

// digits are the digits of a phone number with its leading plus.
func digits(s string) string {
	out := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
	if strings.HasPrefix(s, "+") {
		out = "+" + out
	}
	return out
}

// order compares a cell with a literal: negative, zero or positive.
func (j judge) order(c Cell, l expr.Literal) int {
	switch l.Kind {
	case expr.NumberLiteral:
		unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(j.f.Scale)), nil)
		have := new(big.Rat).SetFrac(big.NewInt(c.Int), unit)
		want, _ := new(big.Rat).SetString(l.Text)
		return have.Cmp(want)
	case expr.BoolLiteral:
		return int(c.Int) - map[string]int{"true": 1, "false": 0}[l.Text]
	case expr.StringLiteral:
		return strings.Compare(j.key(c.Text), j.key(l.Text))
	case expr.MeLiteral:
		return big.NewInt(c.Int).Cmp(big.NewInt(j.m.Me))
	case expr.InstantLiteral:
		t, _ := time.Parse(time.RFC3339, l.Text)
		return time.UnixMilli(c.Int).Compare(t)
	case expr.NowLiteral:
		return time.UnixMilli(c.Int).Compare(j.shift(l.Shift))
	case expr.DateLiteral:
		return strings.Compare(j.date(c), l.Text)
	case expr.TodayLiteral:
		now := j.m.Now.In(j.m.Zone)
		noon := time.Date(now.Year(), now.Month(), now.Day(), 12, 0, 0, 0, time.UTC)
		return strings.Compare(j.date(c), shift(noon, l.Shift).Format(time.DateOnly))
	}
	panic("no such literal")
}

// date is the cell's day for the reader.
func (j judge) date(c Cell) string {
	if j.f.Kind == expr.Date {
		return c.Text
	}
	return time.UnixMilli(c.Int).In(j.m.Zone).Format(time.DateOnly)
}

func (j judge) shift(s expr.Shift) time.Time { return shift(j.m.Now.In(j.m.Zone), s) }

// shift moves t by months, stepping back from days the month doesn't have, then by days and minutes.
func shift(t time.Time, s expr.Shift) time.Time {
	y, mo, d := t.Date()
	months := y*12 + int(mo) - 1 + s.Months
	for probe := d; s.Months != 0 || s.Days != 0; probe-- {
		moved := time.Date(months/12, time.Month(months%12+1), probe, 12, 0, 0, 0, time.UTC)
		if moved.Day() == probe {
			moved = moved.AddDate(0, 0, s.Days)
			t = time.Date(moved.Year(), moved.Month(), moved.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
			break
		}
	}
	return t.Add(time.Duration(s.Minutes) * time.Minute)
}
