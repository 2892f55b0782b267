package expr_test

import (
	"testing"

	"voronka/internal/expr"
	"voronka/internal/expr/exprtest"
)

// row is a record as a list would hold it: values in an array by the field's slot.
type row []expr.Value

func (r row) Value(p *expr.Path) expr.Value    { return r[p.Field().Slot] }
func (r row) Values(p *expr.Path) []expr.Value { return nil }

func fiveTerms(b testing.TB) (expr.Condition, *expr.Env) {
	tree, err := expr.Parse(`stage = "new" and amount > 1000.50 and title != "ромашка" and created_at >= today() - 90 days and responsible in (me, 5)`, deal)
	if err != nil {
		b.Fatal(err)
	}
	r := make(row, len(exprtest.Fields))
	m := exprtest.Noon()
	for code, v := range map[string]expr.Value{
		"stage": expr.IntValue(4), "amount": expr.IntValue(200000), "title": expr.TextValue("Лютик"), "created_at": expr.IntValue(int64(m.Now)),
		"responsible": expr.IntValue(2),
	} {
		f, _ := deal.Field(code)
		r[f.Slot] = v
	}
	return expr.Compile(tree), &expr.Env{Moment: m, Record: r}
}

func BenchmarkFiveTerms(b *testing.B) {
	condition, env := fiveTerms(b)
	b.ReportAllocs()
	for b.Loop() {
		if !condition.Holds(env) {
			b.Fatal("the record must pass")
		}
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := expr.Parse(`stage = "new" and amount > 1000.50 and contains(title, "ромашка") and created_at >= today() - 90 days`, deal); err != nil {
			b.Fatal(err)
		}
	}
}

// A condition allocates at most the key of a text.
func TestFewAllocations(t *testing.T) {
	condition, env := fiveTerms(t)
	if n := testing.AllocsPerRun(1000, func() { condition.Holds(env) }); n > 1 {
		t.Errorf("%v allocations an evaluation, want at most 1", n)
	}
}
