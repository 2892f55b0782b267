package expr_test

import (
	"errors"
	"testing"

	"voronka/internal/expr"
	"voronka/internal/expr/exprtest"
)

// Every cell of the table kind × operator, in memory.
func TestCells(t *testing.T) {
	cases, refusals := exprtest.Cells()
	type cell struct {
		kind     expr.Kind
		many     bool
		operator expr.Operators
	}
	seen := map[cell]bool{}
	m := exprtest.Noon()
	for _, c := range cases {
		seen[cell{c.Kind, c.Many, c.Operator}] = true
		tree, err := expr.Parse(c.Condition, deal)
		if err != nil {
			t.Errorf("%s: %v", c.Condition, err)
			continue
		}
		w := c.World()
		got := expr.Compile(tree)(&expr.Env{Moment: m, Record: exprtest.At{World: w, Record: w["deal"][0]}})
		if got != c.Want {
			t.Errorf("%s with %v: got %s, want %s", c.Condition, c.Stored, got, c.Want)
		}
		if naive := exprtest.Naive(tree.Node(), w, w["deal"][0], m); naive != c.Want {
			t.Errorf("%s with %v: the slow evaluator says %s, want %s", c.Condition, c.Stored, naive, c.Want)
		}
	}
	for _, row := range expr.Support() {
		for _, o := range expr.OperatorNames {
			if row.Operators&o.Operator != 0 && !seen[cell{row.Kind, row.Many, o.Operator}] {
				t.Errorf("%s (several: %v) %s: no case", row.Kind, row.Many, o.Name)
			}
		}
	}
	for _, src := range refusals {
		var e *expr.Error
		if _, err := expr.Parse(src, deal); !errors.As(err, &e) || e.Key != "expr.bad_operator" {
			t.Errorf("%s: got %v, want a refusal of the operator", src, err)
		}
	}
	t.Logf("%d cases, %d refusals", len(cases), len(refusals))
}
