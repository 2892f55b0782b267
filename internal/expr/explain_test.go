package expr_test

import (
	"testing"

	"pgregory.net/rapid"

	"voronka/internal/expr"
	"voronka/internal/expr/exprtest"
)

// Whatever is asked about whatever record, the explanation comes to the same answer, and its parts come to it too.
func TestExplainAgrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := exprtest.Moment().Draw(t, "moment")
		w := exprtest.Worlds(m).Draw(t, "world")
		node := exprtest.Condition(m).Draw(t, "condition")
		tree, err := expr.Check(node, deal)
		if err != nil {
			t.Fatalf("%s: %v", node, err)
		}
		holds := expr.Compile(tree)
		for _, r := range w["deal"] {
			env := &expr.Env{Moment: m, Record: exprtest.At{World: w, Record: r}}
			if got, want := expr.Explain(tree, env), holds(env); got.Result != want {
				t.Fatalf("%s about deal %d: explained as %s, is %s", tree, r.ID, got.Result, want)
			} else {
				parts(t, got, w, r, m)
			}
		}
	})
}

func parts(t *rapid.T, x expr.Trace, w exprtest.World, r *exprtest.Record, m expr.Moment) {
	if want := exprtest.Naive(x.Node, w, r, m); x.Result != want {
		t.Fatalf("the part %s is explained as %s, is %s", x.Node, x.Result, want)
	}
	if (x.Path == nil) != (len(x.Node.Path) == 0) {
		t.Fatalf("%s has a path only if it compares: %v", x.Node, x.Path)
	}
	for _, arg := range x.Args {
		parts(t, arg, w, r, m)
	}
}
