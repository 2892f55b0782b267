package recordquery

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/expr"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// boardAnswer is a board, or totals, as a client reads it.
type boardAnswer struct {
	Stages []struct {
		Stage string `json:"stage"`
		Count int64  `json:"count"`
		Sum   int64  `json:"sum"`
		Sums  []struct {
			Currency string `json:"currency"`
			Minor    int64  `json:"minor"`
		} `json:"sums"`
		Exact bool `json:"exact"`
		Items []struct {
			ID int64 `json:"id"`
		} `json:"items"`
		Next string `json:"next"`
	} `json:"stages"`
	TotalsExact bool `json:"totals_exact"`
	Exact       bool `json:"exact"`
}

// naiveTotal is what should lie on a stage, worked out in memory.
func (h *house) naiveTotal(plan access.Plan, stage *schema.Stage, pass func(deal) bool) (n, base int64, sums map[string]int64) {
	sums = map[string]int64{}
	for _, d := range h.deals {
		if d.stage == stage.ID && plan.Sees(h.access(d)) && pass(d) {
			n++
			base += d.amount
			sums[d.currency] += d.amount
		}
	}
	return n, base, sums
}

func TestBoardTotalsAreTheNaiveSums(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, 3, 14, 20, 900)
		for name, plan := range h.plans() {
			b, err := query.NewBoard(h.c, "deal", query.Params{Fields: "title", Limit: 7}, expr.Moment{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			a := h.board(t, plan, &b)
			if len(a.Stages) != len(b.Pipeline.Stages) {
				t.Fatalf("%s: %d stages", name, len(a.Stages))
			}
			for i, stage := range b.Pipeline.Stages {
				got := a.Stages[i]
				n, base, sums := h.naiveTotal(plan, stage, func(deal) bool { return true })
				if !a.TotalsExact || !got.Exact || got.Count != n || got.Sum != base {
					t.Errorf("%s, %s: %d/%d exact %v, want %d/%d", name, stage.Code, got.Count, got.Sum, got.Exact, n, base)
				}
				for _, s := range got.Sums {
					if sums[s.Currency] != s.Minor {
						t.Errorf("%s, %s: %d %s, want %d", name, stage.Code, s.Minor, s.Currency, sums[s.Currency])
					}
				}
				l := b.List
				l.Stage = stage
				want := h.naive(plan, &l)
				var ids []int64
				for _, item := range got.Items {
					ids = append(ids, item.ID)
				}
				if !slices.Equal(ids, want[:min(7, len(want))]) || (got.Next != "") != (len(want) > 7) {
					t.Errorf("%s, %s: cards %v, want %v", name, stage.Code, ids, want[:min(7, len(want))])
				}
			}
		}
	})
}

func (h *house) board(t *testing.T, plan access.Plan, b *query.Board) boardAnswer {
	t.Helper()
	text, err := h.s.Board(t.Context(), plan, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	return read[boardAnswer](t, text)
}

func read[T any](t *testing.T, text []byte) T {
	t.Helper()
	a, err := decoded[T](text)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return a
}

func decoded[T any](text []byte) (a T, err error) {
	err = json.Unmarshal(text, &a)
	return a, err
}

func TestFilteredTotalsAndCountsAreTheNaiveOnes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, 4, 14, 20, 900)
		pass := func(d deal) bool { return d.amount >= 1000 && d.probability != nil && *d.probability < 80 }
		p := query.Params{Filter: "amount >= 10 and probability < 80", Pipeline: "main"}
		for name, plan := range h.plans() {
			scope, err := query.NewTotals(h.c, "deal", p, expr.Moment{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			text, err := h.s.Totals(t.Context(), plan, &scope, nil)
			if err != nil {
				t.Fatal(err)
			}
			a := read[boardAnswer](t, text)
			all := int64(0)
			for i, stage := range scope.Pipeline.Stages {
				n, base, _ := h.naiveTotal(plan, stage, pass)
				all += n
				if got := a.Stages[i]; got.Count != n || got.Sum != base || !got.Exact {
					t.Errorf("%s, %s: %d/%d exact %v, want %d/%d", name, stage.Code, got.Count, got.Sum, got.Exact, n, base)
				}
			}
			if text, err = h.s.Count(t.Context(), plan, &scope, nil); err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf(`{"count":%d,"exact":true}`, all); string(text) != want {
				t.Errorf("%s: %s, want %s", name, text, want)
			}
			whole, err := query.NewScope(h.c, "deal", query.Params{}, expr.Moment{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			l := query.List{Scope: whole, Sort: query.Sort{Field: h.deal.Field("id")}}
			if text, err = h.s.Count(t.Context(), plan, &whole, nil); err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf(`{"count":%d,"exact":true}`, len(h.naive(plan, &l))); string(text) != want {
				t.Errorf("%s, all: %s, want %s", name, text, want)
			}
		}
	})
}

func TestCountingStopsAtTheBound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, 4, 14, 20, query.Bound+700)
		all := h.plans()["admin"]
		scope, err := query.NewScope(h.c, "deal", query.Params{Filter: "amount >= 0"}, expr.Moment{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := h.s.Count(t.Context(), all, &scope, nil)
		if want := fmt.Sprintf(`{"count":%d,"exact":false}`, query.Bound); err != nil || string(text) != want {
			t.Errorf("%s %v, want %s", text, err, want)
		}
	})
}

func TestOneRecordIsFoundByThoseWhoMaySeeIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, 6, 14, 20, 300)
		for name, plan := range h.plans() {
			for _, deal := range h.deals {
				g, err := query.NewGet(h.c, "deal", deal.id, "title", nil)
				if err != nil {
					t.Fatal(err)
				}
				text, err := h.s.Get(t.Context(), plan, &g, nil)
				if sees := plan.Sees(h.access(deal)); sees != (err == nil) {
					t.Fatalf("%s, deal %d: %s %v, sees %v", name, deal.id, text, err, sees)
				}
				if _, err := h.s.Visits(t.Context(), plan, &g, untimed, nil); plan.Sees(h.access(deal)) != (err == nil) {
					t.Fatalf("%s, visits of deal %d: %v", name, deal.id, err)
				}
			}
		}
	})
}

// TestAnOpenVisitIsCountedForWhoIsResponsibleNow: one that is over keeps what it took.
func TestAnOpenVisitIsCountedForWhoIsResponsibleNow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, 6, 14, 20, 20)
		deal := h.deals[slices.IndexFunc(h.deals, func(d deal) bool { return d.responsible > 1 })]
		h.write(t, func(q db.Q) error {
			_, err := q.Exec(`INSERT INTO visit (type_id, record_id, pipeline_id, stage_id, responsible_id, entered_at, left_at, wall_seconds, work_seconds)
				VALUES (?, ?, ?, ?, 1, 1000, 61000, 60, 20), (?, ?, ?, ?, 1, 61000, 0, 0, 0)`,
				h.deal.ID, deal.id, deal.pipeline, deal.stage, h.deal.ID, deal.id, deal.pipeline, deal.stage)
			return err
		})
		g, err := query.NewGet(h.c, "deal", deal.id, "id", nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := h.s.Visits(t.Context(), h.plans()["admin"], &g, func(user int64, since clock.Instant) (wall, work time.Duration, until clock.Instant) {
			if user != deal.responsible || since != 61000 {
				t.Errorf("asked of %d since %d", user, since)
			}
			return time.Hour, time.Minute, 86_400_000
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{
			`"left_at":"1970-01-01T00:01:01.000Z","wall_seconds":60,"work_seconds":20}`,
			`"entered_at":"1970-01-01T00:01:01.000Z","wall_seconds":3600,"work_seconds":60,"runs_until":"1970-01-02T00:00:00.000Z"}`,
		} {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s lacks %s", text, part)
			}
		}
	})
}

// untimed says that nobody has worked at all.
func untimed(int64, clock.Instant) (wall, work time.Duration, until clock.Instant) { return 0, 0, 0 }

func TestLinksShowTitlesOnlyToThoseWhoMaySeeThem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, 6, 14, 20, 120)
		company := h.c.Type("company")
		reader := h.head(3, 2)
		l, err := query.NewList(h.c, "deal", query.Params{Fields: "company", Limit: 200}, expr.Moment{}, query.PlansOf(reader))
		if err != nil {
			t.Fatal(err)
		}
		text, err := h.s.List(t.Context(), h.plans()["admin"], &l, nil)
		if err != nil {
			t.Fatal(err)
		}
		a := read[struct {
			Items []struct {
				Company *struct {
					ID    int64  `json:"id"`
					Title string `json:"title"`
				} `json:"company"`
			} `json:"items"`
		}](t, text)
		shown, hidden := 0, 0
		for _, item := range a.Items {
			if item.Company == nil {
				continue
			}
			g := query.Get{Catalog: h.c, Type: company, ID: item.Company.ID}
			_, err := h.s.Get(t.Context(), reader.Plan("company", access.See), &g, nil)
			if (err == nil) != (item.Company.Title != "") {
				t.Errorf("company %d: title %q, get: %v", item.Company.ID, item.Company.Title, err)
			}
			if err == nil {
				shown++
			} else {
				hidden++
			}
		}
		if shown == 0 || hidden == 0 {
			t.Errorf("%d shown, %d hidden: nothing was tested", shown, hidden)
		}
		// A condition through a link must not tell what the reader may not see.
		for id, want := range map[int64]bool{1: false, 2: false} {
			g := query.Get{Catalog: h.c, Type: company, ID: id}
			_, err := h.s.Get(t.Context(), reader.Plan("company", access.See), &g, nil)
			want = err == nil
			l, err := query.NewList(h.c, "deal", query.Params{Filter: fmt.Sprintf("company.id = %d", id)}, expr.Moment{}, query.PlansOf(reader))
			if err != nil {
				t.Fatal(err)
			}
			text, err := h.s.List(t.Context(), h.plans()["admin"], &l, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := len(read[answer](t, text).Items) > 0; got != want {
				t.Errorf("deals by company %d: found %v, visible %v", id, got, want)
			}
		}
	})
}
