package exprtest

import (
	"fmt"
	"strings"
	"time"

	"voronka/internal/expr"
	"voronka/internal/kernel/clock"
)

// CellCase is one question of the table kind × operator about a deal that has Stored in one field and nothing else.
type CellCase struct {
	Kind      expr.Kind
	Many      bool
	Operator  expr.Operators
	Condition string
	Field     expr.FieldInfo
	Stored    []Cell // none, or one; of several-valued fields any number
	Want      expr.Tri
}

// World is the deal of the case, number 1024.
func (c CellCase) World() World {
	r := &Record{ID: 1024, One: map[string]Cell{}, Many: map[string][]Cell{}}
	switch {
	case c.Field.Many || c.Kind == expr.MultiList || c.Kind == expr.Users || c.Kind == expr.Links:
		r.Many[c.Field.Code] = c.Stored
	case len(c.Stored) > 0 && c.Kind != expr.ID:
		r.One[c.Field.Code] = c.Stored[0]
	}
	return World{"deal": {r}}
}

// Noon is the moment of all cell cases: 12:00 in Moscow on 19 November 2026, asked by person 2.
func Noon() expr.Moment {
	moscow, err := time.LoadLocation("Europe/Moscow")
	if err != nil {
		panic(err) // tzdata is embedded
	}
	return expr.Moment{Now: clock.Of(time.Date(2026, 11, 19, 12, 0, 0, 0, moscow)), Zone: moscow, Me: 2}
}

// sample is a field with a literal, a stored value equal to it and one after it that isn't.
type sample struct {
	field   string
	literal string
	same    Cell
	other   Cell
	part    string // for contains and starts with: the beginning of same and not in other
}

// midnight begins 19 November 2026 in Moscow.
var midnight = time.Date(2026, 11, 18, 21, 0, 0, 0, time.UTC).UnixMilli()

var samples = []sample{
	{"title", `"ЁЛКА"`, Cell{Text: "Елка"}, Cell{Text: "ёлки"}, `"ёлка"`},
	{"note", `"x"`, Cell{Text: "100% Сделано"}, Cell{Text: "1005 сделано"}, `"100% с"`},
	{"count", `10`, Cell{Int: 10}, Cell{Int: 11}, ``},
	{"rate", `12.5`, Cell{Int: 12500}, Cell{Int: 12501}, ``},
	{"amount", `1500.00`, Cell{Int: 150000}, Cell{Int: 150001}, ``},
	{"vip", `true`, Cell{Int: 1}, Cell{Int: 0}, ``},
	{"due", `today() - 1 day`, Cell{Text: "2026-11-18"}, Cell{Text: "2026-11-19"}, ``},
	{"created_at", `date("2026-11-18")`, Cell{Int: midnight - 1}, Cell{Int: midnight}, ``},
	{"source", `"site"`, Cell{Int: 1}, Cell{Int: 2}, ``},
	{"tags", `"red"`, Cell{Int: 1}, Cell{Int: 2}, ``},
	{"responsible", `me`, Cell{Int: 2}, Cell{Int: 3}, ``},
	{"observers", `me`, Cell{Int: 2}, Cell{Int: 3}, ``},
	{"company", `7`, Cell{Int: 7}, Cell{Int: 8}, ``},
	{"contacts", `7`, Cell{Int: 7}, Cell{Int: 8}, ``},
	{"phone", `"+7 921 555-01-42"`, Cell{Text: "+79215550142"}, Cell{Text: "+79215550143"}, `"+7 (921) 555-01-42"`},
	{"phones", `"+7 921 555-01-42"`, Cell{Text: "+79215550142"}, Cell{Text: "+79215550143"}, `"+7 (921) 555-01-42"`},
	{"mail", `"Anna@example.com"`, Cell{Text: "anna@example.com"}, Cell{Text: "b_a@example.com"}, `"AN"`},
	{"mails", `"Anna@example.com"`, Cell{Text: "anna@example.com"}, Cell{Text: "b_a@example.com"}, `"AN"`},
	{"site", `"https://a.example"`, Cell{Text: "https://a.example"}, Cell{Text: "https://b.example"}, `"https://a"`},
	{"address", `"x"`, Cell{Text: "Тверь, Советская 1"}, Cell{Text: "Москва"}, `"тверь"`},
	{"contract", `null`, Cell{Int: 1}, Cell{Int: 2}, ``},
	{"files", `null`, Cell{Int: 1}, Cell{Int: 2}, ``},
	{"stage", `"won"`, Cell{Int: 3}, Cell{Int: 2}, ``},
	{"pipeline", `"main"`, Cell{Int: 1}, Cell{Int: 2}, ``},
	{"department", `"support"`, Cell{Int: 3}, Cell{Int: 2}, ``},
	{"id", `1024`, Cell{Int: 1024}, Cell{Int: 1024}, ``},
}

// expectation is what an operator answers to the same value, to the other one and to none: T, F or N each.
type expectation struct{ condition, want string }

// expectations by operator; F is the field, L the literal, P the part.
var expectations = map[expr.Operators][]expectation{
	expr.Equality: {{`F = L`, "TFF"}, {`F != L`, "FTT"}, {`L = F`, "TFF"}, {`not(F = L)`, "FTT"}},
	expr.Order: {
		{`F < L`, "FFN"},
		{`F <= L`, "TFN"},
		{`F > L`, "FTN"},
		{`F >= L`, "TTN"},
		{`F in [L .. L]`, "TFN"},
		{`F in (L .. L]`, "FFN"},
		{`F in [L .. L)`, "FFN"},
		{`F between L and L`, "TFN"},
		{`not(F < L)`, "TTN"},
		{`not(F in [L .. L])`, "FTN"},
		{`not(F in (L .. L))`, "TTN"},
	},
	expr.Membership: {
		{`F in (L)`, "TFF"},
		{`F in (L, L)`, "TFF"},
		{`F in (L, null)`, "TFT"},
		{`F in ()`, "FFF"},
		{`F in (null)`, "FFT"},
		{`F not in (L)`, "FTT"},
		{`F not in (L, null)`, "FTF"},
		{`F not in ()`, "TTT"},
	},
	expr.Contains:   {{`contains(F, P)`, "TFN"}, {`not(contains(F, P))`, "FTN"}, {`contains(F, "")`, "TTN"}},
	expr.StartsWith: {{`starts with(F, P)`, "TFN"}, {`not(starts with(F, P))`, "FTN"}, {`starts with(F, "")`, "TTN"}},
	expr.HasAll:     {{`has all(F, L)`, "TFF"}, {`has all(F, L, L)`, "TFF"}, {`has all(F)`, "TTT"}, {`not(has all(F, L))`, "FTT"}},
	expr.Presence: {
		{`F = null`, "FFT"}, {`F != null`, "TTF"}, {`is empty(F)`, "FFT"}, {`not(is empty(F))`, "TTF"}, {`null = F`, "FFT"},
	},
}

var letters = map[byte]expr.Tri{'T': expr.True, 'F': expr.False, 'N': expr.Null}

// emptySet turns what is unknown of a single value into what a set without values answers: nothing in it is so, and so
// the opposite holds.
func emptySet(condition string, want byte) byte {
	if want != 'N' {
		return want
	}
	if strings.HasPrefix(condition, "not(") {
		return 'T'
	}
	return 'F'
}

// Cells are all cells of the support table with what they answer, and refusals: conditions in every other cell.
func Cells() (cases []CellCase, refusals []string) {
	for _, s := range samples {
		f, _ := Schema("deal").Field(s.field)
		many := f.Many || f.Kind == expr.MultiList || f.Kind == expr.Users || f.Kind == expr.Links
		known := expr.OperatorsOf(f.Kind, f.Many)
		fill := strings.NewReplacer("F", f.Code, "L", s.literal, "P", s.part)
		for operator, list := range expectations {
			for _, e := range list {
				if known&operator == 0 {
					// A part, or a literal that fits, so that the operator is what is wrong.
					refuse := strings.NewReplacer("F", f.Code, "L", refusable(s), "P", `"x"`).Replace(e.condition)
					if !strings.Contains(e.condition, "null") && e.condition != `F in ()` && e.condition != `F not in ()` || operator == expr.Presence {
						refusals = append(refusals, refuse)
					}
					continue
				}
				stored := [][]Cell{{s.same}, {s.other}, nil}
				for i, have := range stored {
					want := e.want[i]
					if many {
						want = emptySet(e.condition, want)
					}
					if f.Kind == expr.ID && i > 0 {
						continue // every record has its number
					}
					cases = append(cases, CellCase{f.Kind, many, operator, fill.Replace(e.condition), f, have, letters[want]})
				}
			}
		}
		if many {
			cases = append(cases, severalCases(f, s, known)...)
		}
		if Textual(f) && f.Kind != expr.Date && !many {
			cases = append(cases,
				CellCase{f.Kind, false, expr.Presence, "is empty(" + f.Code + ")", f, []Cell{{}}, expr.True},
				CellCase{f.Kind, false, expr.Presence, "not(is empty(" + f.Code + "))", f, []Cell{{}}, expr.False},
				CellCase{f.Kind, false, expr.Presence, f.Code + " = null", f, []Cell{{}}, expr.False})
		}
	}
	return append(cases, logic()...), refusals
}

func refusable(s sample) string {
	if s.literal == "null" {
		return "1"
	}
	return s.literal
}

// severalCases ask sets of two values.
func severalCases(f expr.FieldInfo, s sample, known expr.Operators) []CellCase {
	both := []Cell{s.other, s.same}
	var cases []CellCase
	add := func(operator expr.Operators, condition string, want expr.Tri) {
		if known&operator != 0 {
			cases = append(cases, CellCase{f.Kind, true, operator, fmt.Sprintf(condition, f.Code, s.literal), f, both, want})
		}
	}
	add(expr.Equality, "%s = %s", expr.True)
	add(expr.Equality, "%s != %s", expr.False)
	add(expr.Membership, "%s in (%s)", expr.True)
	add(expr.Membership, "%s in (%s, null)", expr.True)
	add(expr.HasAll, "has all(%s, %s)", expr.True)
	if f.Code == "tags" {
		cases = append(cases,
			CellCase{f.Kind, true, expr.HasAll, `has all(tags, "red", "green")`, f, both, expr.True},
			CellCase{f.Kind, true, expr.HasAll, `has all(tags, "red", "blue")`, f, both, expr.False},
			CellCase{f.Kind, true, expr.HasAll, `has all(tags, "warm")`, f, []Cell{{Int: 2}}, expr.True},
			CellCase{f.Kind, true, expr.Membership, `tags in ("blue", "green")`, f, both, expr.True})
	}
	return cases
}

// logic is the truth table of and, or, not. count has no value, so that a comparison of it is unknown.
func logic() []CellCase {
	f, _ := Schema("deal").Field("count")
	values := map[byte]string{'T': "true", 'F': "false", 'N': "count < 1"}
	var cases []CellCase
	add := func(condition string, want byte) {
		cases = append(cases, CellCase{f.Kind, false, expr.Order, condition, f, nil, letters[want]})
	}
	for _, row := range []struct{ a, b, and, or byte }{
		{'T', 'T', 'T', 'T'},
		{'T', 'F', 'F', 'T'},
		{'T', 'N', 'N', 'T'},
		{'F', 'T', 'F', 'T'},
		{'F', 'F', 'F', 'F'},
		{'F', 'N', 'F', 'N'},
		{'N', 'T', 'N', 'T'},
		{'N', 'F', 'F', 'N'},
		{'N', 'N', 'N', 'N'},
	} {
		add(values[row.a]+" and "+values[row.b], row.and)
		add(values[row.a]+" or "+values[row.b], row.or)
	}
	add("not(true)", 'F')
	add("not(false)", 'T')
	add("not(count < 1)", 'N')
	add("not(not(count < 1))", 'N')
	return cases
}
