package exprcheck_test

import (
	"flag"
	"os"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"voronka/internal/expr"
	"voronka/internal/expr/exprtest"
)

// conditionsPerWorld are asked of one set of records; a pair is one condition asked of one set, straight and negated.
const conditionsPerWorld = 20

// pairs is how many pairs are compared on each database: VORONKA_PAIRS, 2,000 unless told.
func pairs(t *testing.T) int {
	n := 2000
	if s := os.Getenv("VORONKA_PAIRS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil || n < 1 {
			t.Fatalf("VORONKA_PAIRS=%q is no number of pairs", s)
		}
	}
	return n
}

// TestMemoryEqualsSQL compares who passes a condition and who passes its opposite: with both, true, false and null
// are told apart.
func TestMemoryEqualsSQL(t *testing.T) {
	worlds := (pairs(t) + conditionsPerWorld - 1) / conditionsPerWorld
	if err := flag.Set("rapid.checks", strconv.Itoa(worlds)); err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, d *database) {
		d.createTables(t)
		done, answers := 0, map[expr.Tri]int{}
		rapid.Check(t, func(t *rapid.T) {
			m := exprtest.Moment().Draw(t, "moment")
			w := exprtest.Worlds(m).Draw(t, "world")
			d.store(t, w)
			for range conditionsPerWorld {
				tree, err := expr.Check(exprtest.Condition(m).Draw(t, "condition"), exprtest.Schema("deal"))
				if err != nil {
					t.Fatal(err)
				}
				compare(t, d, w, tree, m, answers)
				done++
			}
		})
		t.Logf("%d pairs; answers: %v", done, answers)
	})
}

type fataler interface{ Fatalf(string, ...any) }

// compare asks memory and the database.
func compare(t fataler, d *database, w exprtest.World, tree *expr.Tree, m expr.Moment, answers map[expr.Tri]int) {
	yes, yesText, err := d.holds(tree, m)
	if err != nil {
		t.Fatalf("%s\n%s: %v", tree, yesText, err)
	}
	no, noText, err := d.holds(expr.Not(tree), m)
	if err != nil {
		t.Fatalf("not(%s)\n%s: %v", tree, noText, err)
	}
	condition := expr.Compile(tree)
	for _, r := range w["deal"] {
		answer := condition(&expr.Env{Moment: m, Record: exprtest.At{World: w, Record: r}})
		answers[answer]++
		if yes[r.ID] != (answer == expr.True) || no[r.ID] != (answer == expr.False) {
			t.Fatalf("%s\nat %s in %s about deal %d: memory says %s, SQL holds=%v, its opposite=%v\n%s\n%s\n%s",
				tree, m.Now.Time(), m.Zone, r.ID, answer, yes[r.ID], no[r.ID], yesText, noText, w.Dump())
		}
	}
}
