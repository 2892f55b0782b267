package recordquery

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	diff "github.com/google/go-cmp/cmp"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/expr"
	"voronka/internal/kernel/clock"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

func (h *house) scope(t *testing.T, filter string) *query.Scope {
	t.Helper()
	s, err := query.NewScope(h.c, "deal", query.Params{Pipeline: "main", Filter: filter}, expr.Moment{Now: 1_700_000_100_000}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

func (h *house) stage(id int64) *schema.Stage { return h.c.StageByID(id) }

// closed says in the database which deals are closed.
func (h *house) closed(t *testing.T) {
	h.write(t, func(q db.Q) error {
		_, err := q.Exec("UPDATE r_deal SET closed_at = 1 WHERE stage_id IN (SELECT id FROM stage WHERE kind IN ('won', 'lost'))")
		return err
	})
}

// TestMatrixIsTheNaiveOne counts what lies on stages by person in memory, for everybody's rights.
func TestMatrixIsTheNaiveOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, 11, 14, 20, 1200)
		h.closed(t)
		for filter, pass := range map[string]func(deal) bool{
			"":                   func(deal) bool { return true },
			"amount >= 20":       func(d deal) bool { return d.amount >= 2000 },
			"is empty(source)":   func(d deal) bool { return d.source == nil },
			"responsible in (1)": func(d deal) bool { return d.responsible == 1 },
		} {
			scope := h.scope(t, filter)
			for name, plan := range h.plans() {
				type key struct{ stage, user int64 }
				sums := map[key]*query.Cell{}
				for _, d := range h.deals {
					if h.stage(d.stage).Closed() || !plan.Sees(h.access(d)) || !pass(d) {
						continue
					}
					k := key{d.stage, d.responsible}
					if sums[k] == nil {
						sums[k] = &query.Cell{StageID: d.stage, UserID: d.responsible}
					}
					sums[k].Count++
					sums[k].Base += d.amount
					sums[k].AgeMS += int64(scope.Moment.Now) - d.entered
				}
				var want []query.Cell
				for _, c := range sums {
					c.AgeMS /= c.Count
					want = append(want, *c)
				}
				slices.SortFunc(want, func(a, b query.Cell) int {
					return cmp.Or(cmp.Compare(a.StageID, b.StageID), cmp.Compare(a.UserID, b.UserID))
				})
				got, err := h.s.Matrix(t.Context(), plan, scope)
				if err != nil {
					t.Fatal(err)
				}
				if d := diff.Diff(want, got.Cells); d != "" || !got.Exact {
					t.Errorf("%s, %q: exact %v %s", name, filter, got.Exact, d)
				}
			}
		}
	})
}

// plantVisits gives every deal the stages it has been on, ending with its own; a few come from another time without any.
func (h *house) plantVisits(t *testing.T, r *rand.Rand) map[int64][]int64 {
	visits := map[int64][]int64{}
	stages := h.c.Pipelines("deal")[0].Stages
	h.write(t, func(q db.Q) error {
		for _, d := range h.deals {
			if r.IntN(20) == 0 {
				continue
			}
			for range r.IntN(3) {
				visits[d.id] = append(visits[d.id], stages[r.IntN(len(stages))].ID)
			}
			visits[d.id] = append(visits[d.id], d.stage)
			for _, stage := range visits[d.id] {
				if _, err := q.Exec("INSERT INTO visit (type_id, record_id, pipeline_id, stage_id, responsible_id, entered_at) VALUES (?, ?, ?, ?, 1, 1)",
					h.deal.ID, d.id, d.pipeline, stage); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return visits
}

// cohortOf is what became of one deal.
func (h *house) cohortOf(d deal, visits []int64) query.CohortRow {
	row := query.CohortRow{Furthest: -1, Count: 1, Base: d.amount}
	if d.source != nil {
		row.SourceID = *d.source
	}
	for _, id := range visits {
		if s := h.stage(id); s.Kind == schema.Open || s.Kind == schema.Waiting {
			row.Furthest = max(row.Furthest, int(s.Sort))
		}
	}
	switch h.stage(d.stage).Kind {
	case schema.Won:
		row.Outcome = 1
	case schema.Lost:
		row.Outcome = -1
	}
	return row
}

func TestCohortIsTheNaiveOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, 12, 14, 20, 900)
		r := rand.New(rand.NewPCG(5, 6))
		visits := h.plantVisits(t, r)
		from, to := int64(1_690_000_100_000), int64(1_690_000_700_000)
		order := func(a, b query.CohortRow) int {
			return cmp.Or(cmp.Compare(a.SourceID, b.SourceID), cmp.Compare(a.Furthest, b.Furthest), cmp.Compare(a.Outcome, b.Outcome))
		}
		source, furthest, won := h.deal.Field("source").Values[1].ID, h.c.Pipelines("deal")[0].Stages[2].Sort, 1
		parts := map[string]query.Part{"all": {}, "source": {Source: &source}, "reached": {Source: &source, Furthest: &furthest}, "won": {Outcome: &won}}
		for name, plan := range h.plans() {
			want := []query.CohortRow{}
			members := map[string][]int64{}
			for _, d := range h.deals {
				if d.created < from || d.created >= to || !plan.Sees(h.access(d)) {
					continue
				}
				row := h.cohortOf(d, visits[d.id])
				i := slices.IndexFunc(want, func(x query.CohortRow) bool { return order(x, row) == 0 })
				if i < 0 {
					want = append(want, row)
				} else {
					want[i].Count, want[i].Base = want[i].Count+1, want[i].Base+row.Base
				}
				for part, p := range parts {
					if (p.Source == nil || *p.Source == row.SourceID) && (p.Furthest == nil || row.Outcome == 1 || int64(row.Furthest) >= *p.Furthest) && (p.Outcome == nil || *p.Outcome == row.Outcome) {
						members[part] = append(members[part], d.id)
					}
				}
			}
			got, err := h.s.Cohort(t.Context(), plan, h.scope(t, ""), clock.Instant(from), clock.Instant(to))
			if err != nil {
				t.Fatal(err)
			}
			rows := append([]query.CohortRow{}, got.Rows...)
			slices.SortFunc(want, order)
			slices.SortFunc(rows, order)
			if d := diff.Diff(want, rows); d != "" || !got.Exact {
				t.Errorf("%s: exact %v %s", name, got.Exact, d)
			}
			for part, p := range parts {
				ids, err := h.s.CohortRecords(t.Context(), plan, h.scope(t, ""), clock.Instant(from), clock.Instant(to), p, 10_000)
				if err != nil {
					t.Fatal(err)
				}
				slices.Reverse(ids)
				if !slices.Equal(ids, members[part]) {
					t.Errorf("%s, %s: %v, want %v", name, part, ids, members[part])
				}
			}
			if len(want) == 0 && name == "admin" {
				t.Error("nothing was compared")
			}
		}
	})
}
