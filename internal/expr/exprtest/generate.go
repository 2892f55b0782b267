package exprtest

import (
	"fmt"
	"math"
	"time"
	_ "time/tzdata" // the zones must be the same everywhere

	"pgregory.net/rapid"

	"voronka/internal/expr"
	"voronka/internal/kernel/clock"
)

// Zones are where readers sit: from the west of Russia to its east, and where clocks change, some at midnight.
var Zones = []string{
	"UTC", "Europe/Kaliningrad", "Europe/Moscow", "Asia/Yekaterinburg", "Asia/Vladivostok", "Asia/Kathmandu",
	"Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Beirut",
}

// nows are moments where days, months and clocks turn.
var nows = []string{
	"2026-11-19T10:00:00Z", "2026-11-18T21:00:00Z", "2026-03-29T00:59:59.999Z", "2026-03-29T01:00:00Z", "2026-10-25T00:30:00Z",
	"2026-10-25T01:30:00Z", "2026-01-31T23:30:00Z", "2024-02-29T12:00:00Z", "2018-11-04T03:00:00Z", "2018-02-18T02:30:00Z",
	"2026-03-28T22:00:00Z", "2026-12-31T20:59:59Z",
}

// texts are few, so that they meet; they differ in case, ё and in what SQL could take for wild.
var texts = []string{
	"", "ёлка", "Елка", "ЁЛКИ и ежи", "Ромашка", "ромашка 100%", "100_", `a\b`, "ABC", "abc", "Straße", "STRASSE", "ё", "е", "%", "_",
	"е\u0308лка", "№5", "'; DROP TABLE r_deal; --", "?", "$1", "\U0010FFFF", "ab\U0010FFFF", "\uD7FF", "Ы", "я",
}

var phones = []string{"", "+7 921 555-01-42", "8 (921) 555 01 42", "+79215550142", "112", "+1 212 555 0100"}

// needles are what phones are searched for; each has a digit or is empty.
var needles = []string{"", "+7921", "921", "0142", "55501", "1", "+1 212"}

var ints = []int64{0, 1, -1, 2, 3, 5, 7, 10, 100, 1000, -1000, math.MaxInt64, math.MaxInt64 - 1, math.MinInt64, math.MinInt64 + 1}

// literals of numbers sit on, between and beyond the values of fields.
var literals = []string{
	"0", "1", "-1", "2", "5", "10", "0.5", "0.005", "0.0005", "0.001", "0.01", "-0.01", "-0.005", "-0.0001", "0.1", "1.005", "0.0049",
	"92233720368547758.07", "92233720368547758.08", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
	"-9223372036854775809", "-9223372036854775808.5", "-92233720368547758.08", "99999999999999999999999", "-99999999999999999999999",
	"9223372036854775.807", "9223372036854775.8075",
}

// Moment draws a reader's moment.
func Moment() *rapid.Generator[expr.Moment] {
	return rapid.Custom(func(t *rapid.T) expr.Moment {
		zone, err := time.LoadLocation(rapid.SampledFrom(Zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		now, err := time.Parse(time.RFC3339, rapid.SampledFrom(nows).Draw(t, "now"))
		if err != nil {
			t.Fatal(err)
		}
		return expr.Moment{Now: clock.Of(now), Zone: zone, Me: rapid.Int64Range(0, 3).Draw(t, "me")}
	})
}

// Worlds draws some records of every type around a moment. Links may be missing and may lead nowhere.
func Worlds(m expr.Moment) *rapid.Generator[World] {
	return rapid.Custom(func(t *rapid.T) World {
		w := World{}
		for i, recordType := range Types {
			for id := range rapid.IntRange(1, []int{8, 3, 3}[i]).Draw(t, recordType+"s") {
				w[recordType] = append(w[recordType], record(t, m, int64(id+1)))
			}
		}
		return w
	})
}

func record(t *rapid.T, m expr.Moment, id int64) *Record {
	r := &Record{ID: id, One: map[string]Cell{}, Many: map[string][]Cell{}}
	for _, f := range Fields {
		switch many := expr.OperatorsOf(f.Kind, f.Many)&expr.HasAll != 0 || f.Many; {
		case f.Kind == expr.ID:
		case many:
			for range rapid.SampledFrom([]int{0, 0, 1, 1, 2, 3}).Draw(t, f.Code+"s") {
				r.Many[f.Code] = append(r.Many[f.Code], cell(t, m, f))
			}
		case rapid.IntRange(0, 3).Draw(t, "has "+f.Code) > 0:
			r.One[f.Code] = cell(t, m, f)
		}
	}
	return r
}

func cell(t *rapid.T, m expr.Moment, f expr.FieldInfo) Cell {
	pick := func(list []int64) Cell { return Cell{Int: rapid.SampledFrom(list).Draw(t, f.Code)} }
	switch f.Kind {
	case expr.Text, expr.LongText, expr.Email, expr.URL, expr.Address:
		return Cell{Text: rapid.SampledFrom(texts).Draw(t, f.Code)}
	case expr.Phone:
		return Cell{Text: rapid.SampledFrom(phones).Draw(t, f.Code)}
	case expr.Integer, expr.Decimal, expr.Money:
		return pick(ints)
	case expr.Bool:
		return pick([]int64{0, 1})
	case expr.Date:
		return Cell{Text: m.Now.In(m.Zone).AddDate(0, 0, offset(t)).Format(time.DateOnly)}
	case expr.DateTime:
		return Cell{Int: int64(instant(t, m))}
	}
	return pick([]int64{1, 2, 3, 4})
}

func offset(t *rapid.T) int {
	return rapid.SampledFrom([]int{0, 1, -1, 2, -2, 7, -7, 30, -31, 365}).Draw(t, "days")
}

// instant is at or near the beginning of a day, the present moment, or a turn of clocks.
func instant(t *rapid.T, m expr.Moment) clock.Instant {
	y, mo, d := m.Now.In(m.Zone).Date()
	base := rapid.SampledFrom([]clock.Instant{
		m.Now, clock.Of(time.Date(y, mo, d, 0, 0, 0, 0, m.Zone)), clock.Of(time.Date(y, mo, d, 0, 0, 0, 0, time.UTC)),
	}).Draw(t, "base")
	near := rapid.SampledFrom([]time.Duration{
		0, time.Millisecond, -time.Millisecond, time.Hour, -time.Hour, 30 * time.Minute, -3 * time.Hour, 12 * time.Hour, 23 * time.Hour,
	}).Draw(t, "near")
	return clock.Of(base.In(m.Zone).AddDate(0, 0, offset(t)).Add(near))
}

// Condition draws a condition about deals that fits the schema.
func Condition(m expr.Moment) *rapid.Generator[*expr.Node] {
	return rapid.Custom(func(t *rapid.T) *expr.Node { return node(t, m, 3) })
}

func node(t *rapid.T, m expr.Moment, depth int) *expr.Node {
	form := 0
	if depth > 0 {
		form = rapid.IntRange(0, 9).Draw(t, "form")
	}
	switch form {
	case 9:
		return &expr.Node{Op: expr.OpNot, Args: []*expr.Node{node(t, m, depth-1)}}
	case 7, 8:
		n := &expr.Node{Op: rapid.SampledFrom([]expr.Op{expr.OpAnd, expr.OpOr}).Draw(t, "group")}
		for range rapid.IntRange(2, 3).Draw(t, "args") {
			n.Args = append(n.Args, node(t, m, depth-1))
		}
		return n
	case 6:
		return &expr.Node{Op: rapid.SampledFrom([]expr.Op{expr.OpTrue, expr.OpFalse}).Draw(t, "constant")}
	}
	return Comparison(t, m, rapid.SampledFrom(Fields).Draw(t, "field"))
}

// Comparison draws a comparison of field f, of the record itself or over one or two links.
func Comparison(t *rapid.T, m expr.Moment, f expr.FieldInfo) *expr.Node {
	n := &expr.Node{}
	for range rapid.SampledFrom([]int{0, 0, 0, 1, 1, 2}).Draw(t, "hops") {
		n.Path = append(n.Path, rapid.SampledFrom([]string{"company", "contact"}).Draw(t, "link"))
	}
	n.Path = append(n.Path, f.Code)
	n.Op = rapid.SampledFrom(ops(f)).Draw(t, "op")
	null := func() bool { return rapid.IntRange(0, 5).Draw(t, "null") == 0 }
	one := func() expr.Literal { return Literal(t, m, f, n.Op) }
	switch n.Op {
	case expr.OpIsEmpty:
	case expr.OpRange:
		n.From, n.To = one(), one()
		n.OpenFrom, n.OpenTo = rapid.Bool().Draw(t, "open"), rapid.Bool().Draw(t, "open")
	case expr.OpIn, expr.OpHasAll:
		n.Values = []expr.Literal{}
		for range rapid.SampledFrom([]int{0, 1, 2, 2, 3, 6, 40}).Draw(t, "values") {
			if n.Op == expr.OpIn && null() {
				n.Values = append(n.Values, expr.Literal{})
			} else {
				n.Values = append(n.Values, one())
			}
		}
	case expr.OpEqual, expr.OpNotEqual:
		if f.Kind != expr.File && !null() {
			n.Value = one()
		}
	default:
		n.Value = one()
	}
	return n
}

// groups are the nodes' operators behind the groups of the support table.
var groups = map[expr.Operators][]expr.Op{
	expr.Equality: {expr.OpEqual, expr.OpNotEqual}, expr.Order: {expr.OpLess, expr.OpAtMost, expr.OpMore, expr.OpAtLeast, expr.OpRange},
	expr.Membership: {expr.OpIn}, expr.Contains: {expr.OpContains}, expr.StartsWith: {expr.OpStartsWith}, expr.HasAll: {expr.OpHasAll},
	expr.Presence: {expr.OpIsEmpty},
}

func ops(f expr.FieldInfo) []expr.Op {
	var list []expr.Op
	for _, o := range expr.OperatorNames {
		if expr.OperatorsOf(f.Kind, f.Many)&o.Operator != 0 {
			list = append(list, groups[o.Operator]...)
		}
	}
	if expr.OperatorsOf(f.Kind, f.Many)&expr.Equality == 0 && f.Kind == expr.File {
		list = append(list, expr.OpEqual, expr.OpNotEqual) // with null
	}
	return list
}

// Literal draws a value for field f under op, never null.
func Literal(t *rapid.T, m expr.Moment, f expr.FieldInfo, op expr.Op) expr.Literal {
	text := func(kind expr.LiteralKind, list []string) expr.Literal {
		return expr.Literal{Kind: kind, Text: rapid.SampledFrom(list).Draw(t, "value")}
	}
	switch f.Kind {
	case expr.Text, expr.LongText, expr.Email, expr.URL, expr.Address:
		return text(expr.StringLiteral, texts)
	case expr.Phone:
		if op == expr.OpContains || op == expr.OpStartsWith {
			return text(expr.StringLiteral, needles)
		}
		return text(expr.StringLiteral, phones)
	case expr.Integer, expr.Decimal, expr.Money:
		return text(expr.NumberLiteral, literals)
	case expr.Bool:
		return text(expr.BoolLiteral, []string{"true", "false"})
	case expr.Date, expr.DateTime:
		return dateLiteral(t, m, f.Kind == expr.DateTime)
	case expr.List, expr.MultiList, expr.Stage, expr.Pipeline:
		return text(expr.StringLiteral, Schema("").ValueCodes(f))
	case expr.Department:
		if rapid.Bool().Draw(t, "code") {
			return text(expr.StringLiteral, Schema("").ValueCodes(f))
		}
	case expr.User, expr.Users:
		if rapid.Bool().Draw(t, "me") {
			return expr.Literal{Kind: expr.MeLiteral}
		}
	}
	return text(expr.NumberLiteral, []string{"1", "2", "3", "4", "0", "-1", "9223372036854775808"})
}

func dateLiteral(t *rapid.T, m expr.Moment, clocked bool) expr.Literal {
	shift := expr.Shift{
		Months: rapid.SampledFrom([]int{0, 0, 1, -1, 12, -13}).Draw(t, "months"), Days: offset(t),
	}
	if rapid.IntRange(0, 3).Draw(t, "plain") == 0 {
		shift = expr.Shift{}
	}
	form := rapid.IntRange(0, 1).Draw(t, "form")
	if clocked {
		form = rapid.IntRange(0, 3).Draw(t, "form")
	}
	switch form {
	case 0:
		return expr.Literal{Kind: expr.TodayLiteral, Shift: shift}
	case 1:
		return expr.Literal{Kind: expr.DateLiteral, Text: m.Now.In(m.Zone).AddDate(0, 0, offset(t)).Format(time.DateOnly)}
	case 2:
		shift.Minutes = rapid.SampledFrom([]int{0, 30, -60, 1440}).Draw(t, "minutes")
		return expr.Literal{Kind: expr.NowLiteral, Shift: shift}
	}
	return expr.Literal{Kind: expr.InstantLiteral, Text: instant(t, m).In(m.Zone).Format("2006-01-02T15:04:05.999Z07:00")}
}

// Dump shows a world in failures.
func (w World) Dump() string {
	s := ""
	for _, recordType := range Types {
		for _, r := range w[recordType] {
			s += fmt.Sprintf("%s %d: %v %v\n", recordType, r.ID, r.One, r.Many)
		}
	}
	return s
}
