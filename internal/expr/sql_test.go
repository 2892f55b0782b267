package expr_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voronka/internal/expr"
	"voronka/internal/expr/exprtest"
)

// tables lay records out as the real database does.
type tables struct{}

func (tables) Table(recordType string) (string, bool) { return "r_" + recordType, true }

func (tables) Column(s expr.Step, use expr.Use) (expr.Column, bool) {
	code := s.Field.Code
	switch s.Field.Kind {
	case expr.Text, expr.LongText, expr.URL, expr.Address, expr.Phone, expr.Email:
		if use == expr.ForMatch {
			return expr.Column{Name: code + "_key"}, true
		}
	case expr.Money:
		return expr.Column{Name: code + "_base", Zero: true, Presence: code}, true
	case expr.Stage, expr.User, expr.Pipeline, expr.Department:
		return expr.Column{Name: code + "_id", Zero: true}, true
	}
	return expr.Column{Name: code}, true
}

func (tables) Side(s expr.Step) (expr.Side, bool) {
	return expr.Side{Table: "choice", Owner: "record_id", Value: "value_id", Where: "type_id = ? AND field_id = ?", Args: []any{int64(1), int64(s.Field.Slot)}}, true
}

// The SQL of each condition, and of its opposite, for SQLite and where it differs for PostgreSQL.
func TestSQL(t *testing.T) {
	golden(t, "sql.txt", func(input string) []string {
		tree, err := expr.Parse(input, deal)
		if err != nil {
			t.Errorf("%s: %v", input, err)
			return nil
		}
		var out []string
		for _, tr := range []*expr.Tree{tree, expr.Not(tree)} {
			var last string
			for _, dialect := range []expr.Dialect{expr.SQLite, expr.Postgres} {
				f, err := expr.SQL(tr, tables{}, expr.Query{Dialect: dialect, Alias: "d", Moment: exprtest.Noon()})
				if err != nil {
					t.Errorf("%s: %v", input, err)
				}
				line := f.Text + strings.TrimRight(fmt.Sprintf("  %v", f.Args), " ")
				if line != last {
					out = append(out, line)
				}
				last = line
			}
		}
		return out
	})
}

func TestTerms(t *testing.T) {
	for src, want := range map[string]string{
		`stage = "new" and responsible = me and amount > 5`:          "stage [1 4] [] responsible [2] []",
		`stage = "won" and (count = 1 or count = 2) and title = "Ё"`: "stage [3] [] title [] [е]",
		`count in (3, 1) and count in (1, null) and due = today()`:   "count [1 3] [] due [] [2026-11-19]",
		`not(stage = "won")`: "", `stage != "won"`: "", `stage = "won" or vip`: "", `company.vip`: "", `tags = "red"`: "", `stage = null`: "",
		`count = 1.5`: "", `created_at = today()`: "", `vip`: "vip [1] []",
	} {
		tree, err := expr.Parse(src, deal)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, term := range expr.Terms(tree, exprtest.Noon()) {
			got = append(got, fmt.Sprint(term.Path.Name, " ", term.IDs, " ", term.Keys))
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s", src, diff)
		}
	}
}
