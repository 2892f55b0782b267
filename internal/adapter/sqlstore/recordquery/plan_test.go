package recordquery

import (
	"flag"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/expr"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
)

var update = flag.Bool("update", false, "write the golden files anew")

// asked are the lists whose plans are watched: everybody in a stage, by both promised orders and both directions.
var asked = []query.Params{
	{Stage: "contract", Sort: "-amount"},
	{Stage: "contract", Sort: "amount"},
	{Stage: "contract", Sort: "-stage_entered_at"},
	{Pipeline: "main", Sort: "-amount"},
	{Pipeline: "main", Sort: "-id"},
}

// explained are the plans of all lists for all people, by "person: question".
func explained(t *testing.T, h *house, explain func(q db.Q, s *statement) ([]string, error)) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	for name, plan := range h.plans() {
		if plan.Nothing() {
			continue
		}
		for _, p := range asked {
			p.Fields, p.Limit = "title,amount", 50
			l, err := query.NewList(h.c, "deal", p, expr.Moment{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			middle := int64(2000)
			l.After = &query.Mark{Sort: l.Sort.String(), Int: &middle, ID: 100}
			if err := h.d.Read(t.Context(), func(q db.Q) error {
				x, err := h.s.listing(q, plan, &l, "r.id, r.version", 2)
				if err != nil {
					return err
				}
				s, ok := x.statement(x.sections()[0], l.Limit+1)
				if !ok {
					return nil
				}
				out[fmt.Sprintf("%s: %s%s by %s", name, p.Stage, p.Pipeline, p.Sort)], err = explain(q, s)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}

// TestSQLitePlans holds the plans to a golden file, under the statistics of a million records, and to what must never be
// in one whatever the file says.
func TestSQLitePlans(t *testing.T) {
	h := build(t, dbtest.SQLite(t), 7, 14, 20, 400)
	h.write(t, func(q db.Q) error {
		return million(q)
	})
	var golden strings.Builder
	for _, share := range []int64{2, 100, 5000} {
		pretend(h, 125_000, share)
		plans := explained(t, h, func(q db.Q, s *statement) (lines []string, err error) {
			err = q.Query("EXPLAIN QUERY PLAN "+s.text.String(), s.args, func(r db.Row) error { lines = append(lines, r.Text(3)); return nil })
			return lines, err
		})
		fmt.Fprintf(&golden, "# one in %d records in each department\n", share)
		for _, name := range slices.Sorted(maps.Keys(plans)) {
			fmt.Fprintf(&golden, "%s\n", name)
			for line, n := range reading(plans[name]) {
				fmt.Fprintf(&golden, "    %d × %s\n", n, line)
			}
			for _, line := range plans[name] {
				if strings.HasPrefix(line, "SCAN r ") || line == "SCAN r" || strings.Contains(line, "AUTOMATIC") || strings.Contains(line, "MULTI-INDEX OR") {
					t.Errorf("%s, 1/%d: %s", name, share, line)
				}
				if len(plans[name]) <= 2 && strings.Contains(line, "TEMP B-TREE") {
					t.Errorf("%s, 1/%d sorts: %s", name, share, plans[name])
				}
			}
		}
	}
	compareGolden(t, "plans.sqlite.txt", golden.String())
}

// million makes SQLite believe in a million deals: eight stages, 200 a person, 5,000 a department.
func million(q db.Q) error {
	if _, err := q.Exec("ANALYZE"); err != nil {
		return err
	}
	for index, stat := range map[string]string{
		"r_deal_stage_amount": "1000000 125000 2 1 1 1 1", "r_deal_stage_entered": "1000000 125000 2 1 1 1 1",
		"r_deal_user_amount": "1000000 200 25 1 1", "r_deal_user_entered": "1000000 200 25 1 1",
		"r_deal_dept_amount": "1000000 5000 625 1 1", "r_deal_dept_entered": "1000000 5000 625 1 1",
		"r_deal_pipeline": "1000000 1000000 1 1 1 1", "r_deal_responsible": "1000000 200 1", "r_deal_department": "1000000 5000 1",
		"r_deal_user_title": "1000000 200 1 1", "r_deal_dept_title": "1000000 5000 1 1", "r_deal_title": "1000000 2 1",
	} {
		if n, err := q.Exec("UPDATE sqlite_stat1 SET stat = ? WHERE idx = ?", stat, index); err != nil || n != 1 {
			return fmt.Errorf("%s: %d rows, %w", index, n, err)
		}
	}
	_, err := q.Exec("CREATE TABLE makes_connections_read_the_statistics (x)")
	return err
}

// reading are the lines of a plan that say how tables are read, each once, in order, with their number.
func reading(plan []string) iter.Seq2[string, int] {
	counts := map[string]int{}
	var order []string
	for _, line := range plan {
		if !strings.HasPrefix(line, "SEARCH") && !strings.HasPrefix(line, "SCAN r") && !strings.HasPrefix(line, "USE") {
			continue
		}
		if counts[line] == 0 {
			order = append(order, line)
		}
		counts[line]++
	}
	return func(yield func(string, int) bool) {
		for _, line := range order {
			if !yield(line, counts[line]) {
				return
			}
		}
	}
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		wants, gots := strings.Split(string(want), "\n"), strings.Split(got, "\n")
		for i := range min(len(wants), len(gots)) {
			if wants[i] != gots[i] {
				t.Fatalf("%s:%d: %q, now %q; run with -update when the new plan is right", path, i+1, wants[i], gots[i])
			}
		}
		t.Fatalf("%s has %d lines, now %d", path, len(wants), len(gots))
	}
}

// TestPostgresPlans asserts, as if there were a hundred thousand and a million records, what must hold for every person: nothing is read whole, rights are checked inside an
// index, and a list that comes from one stretch of one index isn't sorted.
func TestPostgresPlans(t *testing.T) {
	h := build(t, dbtest.Postgres(t), 7, 14, 20, 6000)
	h.write(t, func(q db.Q) error { _, err := q.Exec("ANALYZE"); return err })
	for _, rows := range []int64{100_000, 1_000_000} {
		h.write(t, func(q db.Q) error {
			_, err := q.Exec("UPDATE pg_class SET reltuples = ? WHERE relname = 'r_deal' OR relname LIKE 'r\\_deal\\_%'", rows)
			return err
		})
		for _, share := range []int64{2, 100, 5000} {
			pretend(h, rows/8, share)
			plans := explained(t, h, explainGeneric)
			if len(plans) == 0 {
				t.Fatal("nothing was explained")
			}
			for name, lines := range plans {
				checkPostgres(t, fmt.Sprintf("%s, %d rows, 1/%d", name, rows, share), true, lines)
			}
		}
	}
}

// TestFewAreReadByTheirOwnIndexes asserts, as if there were a million records, that counts under a condition and searches of who
// sees little read what he sees and not the rest.
func TestFewAreReadByTheirOwnIndexes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, 7, 14, 20, 6000)
		h.write(t, func(q db.Q) error {
			if q.Dialect() == db.SQLite {
				return million(q)
			}
			_, err := q.Exec("ANALYZE")
			if err == nil {
				_, err = q.Exec("UPDATE pg_class SET reltuples = 1000000 WHERE relname = 'r_deal' OR relname LIKE 'r\\_deal\\_%'")
			}
			return err
		})
		pretend(h, 125_000, 5000)
		looked := 0
		for name, plan := range h.plans() {
			for what, lines := range h.few(t, plan) {
				looked++
				for _, line := range lines {
					if strings.HasPrefix(line, "SCAN r") || strings.Contains(line, "Seq Scan on r_deal") || strings.Contains(line, "r_deal_pipeline (pipeline_id=?)") ||
						strings.Contains(line, "r_deal_pipeline on") {
						t.Errorf("%s of %s: %s\n%s", what, name, line, strings.Join(lines, "\n"))
					}
				}
			}
		}
		if looked < 12 {
			t.Errorf("%d plans were looked at", looked)
		}
	})
}

// few explains a count, a search by prefix and one by word of somebody who sees little.
func (h *house) few(t *testing.T, plan access.Plan) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	must(t, h.d.Read(t.Context(), func(q db.Q) error {
		plan = h.s.trimmed(q, h.deal, plan)
		arms := h.s.narrow(q, h.c, h.deal, plan)
		if len(arms) == 0 {
			return nil
		}
		explain := explainGeneric
		if q.Dialect() == db.SQLite {
			explain = func(q db.Q, s *statement) (lines []string, err error) {
				return lines, q.Query("EXPLAIN QUERY PLAN "+s.text.String(), s.args, func(r db.Row) error { lines = append(lines, r.Text(3)); return nil })
			}
		}
		count, pipeline := newStatement(q.Dialect()), h.c.Pipelines("deal")[0]
		h.s.candidates(count, q, &query.Scope{Catalog: h.c, Type: h.deal}, plan, "r.id", query.Bound, func() {
			count.with(" AND r.pipeline_id = ? AND r.amount_base >= ?", pipeline.ID, int64(1000))
		})
		x := &seeking{q: q, t: h.deal, plan: plan, narrow: arms, ask: &query.Search{Key: "ель"}}
		prefix, word := newStatement(q.Dialect()), newStatement(q.Dialect())
		x.prefixOf(prefix, "ем")
		x.newestOf(word)
		for what, s := range map[string]*statement{"count": count, "prefix": prefix, "word": word} {
			lines, err := explain(q, s)
			if err != nil {
				return err
			}
			out[what] = lines
		}
		return nil
	}))
	return out
}

// explainGeneric is the plan the program gets: the generic one.
func explainGeneric(q db.Q, s *statement) (lines []string, err error) {
	if _, err := q.Exec("PREPARE asked AS " + s.text.String()); err != nil {
		return nil, err
	}
	args := make([]string, len(s.args))
	for i, arg := range s.args {
		args[i] = fmt.Sprintf("'%v'", arg)
	}
	execute := "EXPLAIN (COSTS OFF) EXECUTE asked"
	if len(args) > 0 {
		execute += "(" + strings.Join(args, ", ") + ")"
	}
	if err := q.Query(execute, nil, func(r db.Row) error { lines = append(lines, r.Text(0)); return nil }); err != nil {
		return nil, err
	}
	_, err = q.Exec("DEALLOCATE asked")
	return lines, err
}

// forbidden is what an explicit no asks of a row: nothing an index could be entered by.
var forbidden = regexp.MustCompile(`\w+ <> (ALL )?\(?\$\d+|\(dept_pos < \$\d+\) OR \(dept_pos > \$\d+\)`)

// checkPostgres refuses bitmaps over what may be long: they read all of it before the first row. Over what one person has
// they are fine, and over anything in a small table.
func checkPostgres(t *testing.T, name string, million bool, lines []string) {
	t.Helper()
	text := strings.Join(lines, "\n")
	// One branch, read directly along an index that isn't bounded by a person.
	whole := !strings.Contains(text, "Append") && !strings.Contains(text, "Nested Loop") && !strings.Contains(text, "r_deal_user")
	for _, line := range lines {
		line = forbidden.ReplaceAllString(line, "")
		switch {
		case strings.Contains(line, "Seq Scan on r_deal"), million && strings.Contains(line, "Bitmap Index Scan on r_deal") && !strings.Contains(line, "r_deal_user"):
			t.Errorf("%s: %s\n%s", name, strings.TrimSpace(line), text)
		case strings.Contains(line, "Filter:") && (strings.Contains(line, "dept_pos") || strings.Contains(line, "responsible_id") || strings.Contains(line, "department_id")):
			t.Errorf("%s checks rights on the rows: %s\n%s", name, strings.TrimSpace(line), text)
		case million && whole && strings.Contains(line, "Sort"):
			t.Errorf("%s sorts\n%s", name, text)
		}
	}
}

// TestRightsAreNotPartOfTexts makes sure that people share statements: a text for each would defeat the caches.
func TestRightsAreNotPartOfTexts(t *testing.T) {
	h := build(t, dbtest.SQLite(t), 7, 14, 20, 100)
	texts := map[string]bool{}
	for user := int64(1); user <= 20; user++ {
		l, err := query.NewList(h.c, "deal", query.Params{Stage: "need", Sort: "-amount"}, expr.Moment{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		who := access.Who{UserID: user, Role: access.Manager}
		if err := h.d.Read(t.Context(), func(q db.Q) error {
			x, err := h.s.listing(q, who.Plan("deal", access.See), &l, "r.id, r.version", 2)
			if err != nil {
				return err
			}
			s, _ := x.statement(x.sections()[0], 51)
			texts[s.text.String()] = true
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if len(texts) > 2 { // with and without observed records
		t.Errorf("%d texts for 20 managers", len(texts))
	}
}
