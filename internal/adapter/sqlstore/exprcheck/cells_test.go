package exprcheck_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"voronka/internal/expr"
	"voronka/internal/expr/exprtest"
)

// Every cell of the table kind × operator, on the databases.
func TestCells(t *testing.T) {
	cases, _ := exprtest.Cells()
	each(t, func(t *testing.T, d *database) {
		d.createTables(t)
		stored := ""
		for _, c := range cases {
			tree, err := expr.Parse(c.Condition, exprtest.Schema("deal"))
			if err != nil {
				t.Fatalf("%s: %v", c.Condition, err)
			}
			if dump := c.World().Dump(); dump != stored {
				d.store(t, c.World())
				stored = dump
			}
			answers := map[expr.Tri]int{}
			compare(t, d, c.World(), tree, exprtest.Noon(), answers)
			if answers[c.Want] != 1 {
				t.Errorf("%s with %v: got %v, want %s", c.Condition, c.Stored, answers, c.Want)
			}
		}
		t.Logf("%d cases", len(cases))
	})
}

// Lists of 500 and 1,000 values, and conditions at the limits, must run.
func TestLarge(t *testing.T) {
	numbers := func(n int, format string) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(format, i))
		}
		return strings.Join(list, ", ")
	}
	var days []string // every other day, so that no two touch
	for d := range 500 {
		days = append(days, exprtest.Noon().Now.Time().AddDate(0, 0, -2*d).Format(`date("2006-01-02")`))
	}
	fields := exprtest.Schema("deal")
	each(t, func(t *testing.T, d *database) {
		d.createTables(t)
		w := exprtest.World{
			"deal": {
				{ID: 1, One: map[string]exprtest.Cell{
					"count": {Int: 499}, "title": {Text: "Имя 499"}, "company": {Int: 1}, "created_at": {Int: int64(exprtest.Noon().Now)},
				}, Many: map[string][]exprtest.Cell{"contacts": {{Int: 499}}, "mails": {{Text: "A499@example.com"}}}},
				{ID: 2, One: map[string]exprtest.Cell{"count": {Int: 5000}, "title": {Text: "Другое"}, "company": {Int: 9}}},
				{ID: 3},
			},
			"company": {{ID: 1, One: map[string]exprtest.Cell{"title": {Text: "ИМЯ 7"}}}},
		}
		d.store(t, w)
		for _, src := range []string{
			"count in (" + numbers(500, "%d") + ")", "count in (" + numbers(999, "%d") + ", null)",
			"title in (" + numbers(500, `"имя %d"`) + ")", "company.title in (" + numbers(500, `"имя %d"`) + ")", "company in (" + numbers(500, "%d") + ")",
			"contacts in (" + numbers(500, "%d") + ")", "mails in (" + numbers(500, `"a%d@example.com"`) + ")",
			"has all(contacts, " + numbers(100, "%d") + ")", "created_at in (" + strings.Join(days, ", ") + ")",
			strings.TrimSuffix(strings.Repeat("count > 1 and ", expr.MaxTerms), " and "),
			strings.TrimSuffix(strings.Repeat("company.title != null or ", expr.MaxTerms), " or "),
			strings.Repeat("not ", expr.MaxDepth-1) + "count > 1",
			`title = "` + strings.Repeat("\uFDFA", 1000) + `" or contains(title, "` + strings.Repeat("\uFDFA", 1000) + `")`,
		} {
			tree, err := expr.Parse(src, fields)
			if err != nil {
				t.Fatalf("%.60s…: %v", src, err)
			}
			compare(t, d, w, tree, exprtest.Noon(), map[expr.Tri]int{})
		}
		for src, want := range map[string]int{
			"count in (" + numbers(500, "%d") + ")": 1, "count not in (" + numbers(500, "%d") + ")": 2, "contacts in (" + numbers(500, "%d") + ")": 1,
			"created_at in (" + strings.Join(days, ", ") + ")": 1,
		} {
			tree, err := expr.Parse(src, fields)
			if err != nil {
				t.Fatal(err)
			}
			ids, text, err := d.holds(tree, exprtest.Noon())
			if err != nil || len(ids) != want {
				t.Errorf("%.60s…: %d rows, %v, want %d\n%.300s", src, len(ids), err, want, text)
			}
		}
	})
}

// One statement text serves conditions that differ only in their values, so that statement caches work.
func TestTextIsStable(t *testing.T) {
	for _, pair := range [][2]string{
		{`title = "a" and count > 5`, `title = "ё" and count > 700`},
		{`count in (1, 2)`, `count in (1, 2, 3, 4, 5, 6, 7, 8, 9)`},
		{`created_at >= today() - 7 days`, `created_at >= today() - 90 days`},
		{`contains(title, "a")`, `contains(title, "100%")`},
		{`has all(tags, "red", "blue")`, `has all(tags, "blue", "green")`},
		{`responsible = me`, `responsible = 7`},
		{`amount < 1`, `amount < 1.001`},
	} {
		for _, dialect := range []expr.Dialect{expr.SQLite, expr.Postgres} {
			var texts [2]string
			for i, src := range pair {
				tree, err := expr.Parse(src, exprtest.Schema("deal"))
				if err != nil {
					t.Fatal(err)
				}
				f, err := expr.SQL(tree, target{}, expr.Query{Dialect: dialect, Alias: "d", Moment: exprtest.Noon()})
				if err != nil {
					t.Fatal(err)
				}
				if n := strings.Count(f.Text, "?"); n != len(f.Args) {
					t.Errorf("%s: %d places for %d arguments", f.Text, n, len(f.Args))
				}
				texts[i] = f.Text
			}
			if texts[0] != texts[1] {
				t.Errorf("%v have two texts:\n%s\n%s", pair, texts[0], texts[1])
			}
		}
	}
}

// nowhere is a database that holds nothing.
type nowhere struct{}

func (nowhere) Column(s expr.Step, use expr.Use) (expr.Column, bool) {
	return expr.Column{Name: s.Field.Code}, use == expr.ForPresence
}
func (nowhere) Side(expr.Step) (expr.Side, bool) { return expr.Side{}, false }
func (nowhere) Table(name string) (string, bool) { return "", false }

// What a database can't answer is refused by name; asking whether there is a value needs no key column.
func TestNotInLists(t *testing.T) {
	for src, field := range map[string]string{
		`contains(note, "x")`: "note", `has all(tags, "red")`: "tags", `company.title = null`: "company", `note = null or is empty(note)`: "",
	} {
		tree, err := expr.Parse(src, exprtest.Schema("deal"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = expr.SQL(tree, nowhere{}, expr.Query{Alias: "d", Moment: exprtest.Noon()})
		var e *expr.Error
		switch {
		case field == "" && err != nil, field != "" && (!errors.As(err, &e) || e.Key != "expr.not_in_lists" || e.Args["field"] != field):
			t.Errorf("%s: got %v, want a refusal of %q", src, err, field)
		}
	}
}
