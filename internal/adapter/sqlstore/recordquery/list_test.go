package recordquery

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/expr"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/textkey"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
)

// answer is a list as a client reads it.
type answer struct {
	Items []struct {
		ID    int64  `json:"id"`
		Title string `json:"title"`
	} `json:"items"`
	Next string `json:"next"`
}

func (h *house) access(d deal) event.Access {
	return event.Access{
		PipelineID: d.pipeline, StageID: d.stage, ResponsibleID: d.responsible, DepartmentID: d.dept, DeptPos: d.pos, Observers: h.watched[d.id],
	}
}

// naive is what the list should give, worked out in memory.
func (h *house) naive(plan access.Plan, l *query.List) []int64 {
	var out []deal
	for _, d := range h.deals {
		if !plan.Sees(h.access(d)) || l.Stage != nil && l.Stage.ID != d.stage || l.Pipeline != nil && l.Pipeline.ID != d.pipeline {
			continue
		}
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b deal) int {
		c := cmp.Or(compare(value(a, l.Sort.Field.Code), value(b, l.Sort.Field.Code)), cmp.Compare(a.id, b.id))
		if l.Sort.Desc {
			return -c
		}
		return c
	})
	ids := make([]int64, len(out))
	for i, d := range out {
		ids[i] = d.id
	}
	return ids
}

func value(d deal, code string) any {
	switch code {
	case "title":
		return textkey.Key(d.title)
	case "amount":
		return d.amount
	case "stage_entered_at":
		return d.entered
	case "responsible":
		return d.responsible
	case "probability":
		return opt(d.probability)
	case "source":
		return opt(d.source)
	case "company":
		return opt(d.company)
	case "closes_on":
		return opt(d.closes)
	case "stage":
		return d.stage
	case "closed_at":
		return nil
	}
	return d.id
}

// compare orders values; a missing one is the smallest.
func compare(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	if s, ok := a.(string); ok {
		return strings.Compare(s, b.(string))
	}
	return cmp.Compare(a.(int64), b.(int64))
}

// pages reads a whole list page by page.
func (h *house) pages(t testing.TB, plan access.Plan, p query.Params) []int64 {
	t.Helper()
	var out []int64
	for {
		l, err := query.NewList(h.c, "deal", p, expr.Moment{}, query.PlansOf(access.System()))
		if err != nil {
			t.Fatal(err)
		}
		b, err := h.s.List(t.Context(), plan, &l, nil)
		if err != nil {
			t.Fatal(err)
		}
		var a answer
		if err := json.Unmarshal(b, &a); err != nil {
			t.Fatalf("%v: %s", err, b)
		}
		if len(a.Items) > l.Limit || a.Next != "" && len(a.Items) < l.Limit {
			t.Fatalf("a page of %d with limit %d", len(a.Items), l.Limit)
		}
		for _, item := range a.Items {
			out = append(out, item.ID)
		}
		if a.Next == "" {
			return out
		}
		p.After = a.Next
	}
}

// plans are those of all sorts of people, and some a customer's own roles may have.
func (h *house) plans() map[string]access.Plan {
	see := func(w access.Who) access.Plan { return w.Plan("deal", access.See) }
	restamping := h.head(3, 2, 5)
	restamping.Restamping = true
	out := map[string]access.Plan{
		"admin": see(access.Who{UserID: 1, Role: access.Admin}), "guest": see(access.Who{UserID: 1, Role: access.Guest}), "zero": {},
		"manager 1": see(access.Who{UserID: 1, Role: access.Manager}), "manager 9": see(access.Who{UserID: 9, Role: access.Manager}),
		"head of all": see(h.head(2, 1)), "head of one": see(h.head(2, 7)), "head of several": see(h.head(4, 3, 8, 11, 12)), "restamping": see(restamping),
	}
	for name, plan := range h.roles() {
		out[name] = plan
	}
	return out
}

var sorts = []string{
	"amount", "-amount", "stage_entered_at", "-stage_entered_at", "title", "-title", "id", "-id", "probability", "-probability", "closes_on",
	"-closes_on", "source", "-company", "responsible", "-stage", "closed_at", "-closed_at",
}

func TestPagesAreTheNaiveList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, 7, 14, 20, 1200)
		r := rand.New(rand.NewPCG(1, 2))
		for name, plan := range h.plans() {
			for _, sort := range sorts {
				for _, stage := range []string{"", "new", "contract"} {
					p := query.Params{Sort: sort, Stage: stage, Limit: 1 + r.IntN(400), Fields: "title"}
					if stage == "" && r.IntN(2) == 0 {
						p.Pipeline = "main"
					}
					l, err := query.NewList(h.c, "deal", p, expr.Moment{}, nil)
					if err != nil {
						t.Fatal(err)
					}
					want, got := h.naive(plan, &l), h.pages(t, plan, p)
					if !slices.Equal(want, got) {
						t.Errorf("%s, %+v: %d records, want %d\n got %v\nwant %v", name, p, len(got), len(want), head(got), head(want))
					}
				}
			}
		}
	})
}

func head(ids []int64) []int64 { return ids[:min(len(ids), 40)] }

// TestEveryPathGivesTheSame makes the choice of paths see other companies than there are, so that each is taken.
func TestEveryPathGivesTheSame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, 9, 14, 20, 600)
		taken := map[string]bool{}
		for _, scale := range []int64{1, 1000, 1_000_000} {
			for _, share := range []int64{1, 50, 5000} {
				pretend(h, scale, share)
				for name, plan := range h.plans() {
					for _, sort := range []string{"-amount", "amount", "-stage_entered_at", "title", "-id"} {
						for _, stage := range []string{"need", ""} {
							p := query.Params{Sort: sort, Stage: stage, Limit: 33, Fields: "title"}
							l, err := query.NewList(h.c, "deal", p, expr.Moment{}, nil)
							if err != nil {
								t.Fatal(err)
							}
							note(t, h, plan, l, taken)
							if want, got := h.naive(plan, &l), h.pages(t, plan, p); !slices.Equal(want, got) {
								t.Errorf("%s, %+v, scale %d/%d: %d records, want %d", name, p, scale, share, len(got), len(want))
							}
						}
					}
				}
			}
		}
		want := []branchKind{walk, own, department, collect, observation}
		if d.Dialect() == db.Postgres {
			want = []branchKind{walk, own, each, observation}
		}
		for _, kind := range want {
			if !taken[fmt.Sprint(kind)] {
				t.Errorf("path %d was never taken: %v", kind, taken)
			}
		}
	})
}

// pretend makes the shares tell of scale records in each stage, of which one in share lies in each department.
func pretend(h *house, scale, share int64) {
	_ = h.d.Read(context.Background(), func(q db.Q) error {
		s := h.s.shares.of(q, h.deal)
		fake := &shares{stages: map[int64]*stageShare{}, promises: s.promises, numbers: s.numbers, madeAt: s.madeAt.AddDate(1, 0, 0)}
		for _, stage := range h.c.Pipelines("deal")[0].Stages {
			one := &stageShare{n: scale}
			for _, d := range h.depts {
				one.depts = append(one.depts, deptShare{id: d.id, pos: d.pos, n: scale / share})
			}
			fake.stages[stage.ID] = one
			fake.total += scale
		}
		fake.all = stageShare{n: fake.total, depts: fake.stages[h.c.Pipelines("deal")[0].Stages[0].ID].depts}
		h.s.shares.put(h.deal, fake)
		return nil
	})
}

func note(t *testing.T, h *house, plan access.Plan, l query.List, taken map[string]bool) {
	t.Helper()
	err := h.d.Read(t.Context(), func(q db.Q) error {
		x, err := h.s.listing(q, plan, &l, "r.id", 1)
		if err != nil {
			return err
		}
		x.paths.limit = l.Limit + 1
		for _, b := range x.paths.branches() {
			taken[fmt.Sprint(b.kind)] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestBothDatabasesWriteTheSameBytes(t *testing.T) {
	lite, pg := build(t, dbtest.SQLite(t), 5, 14, 20, 400), build(t, dbtest.Postgres(t), 5, 14, 20, 400)
	for name, plan := range lite.plans() {
		for _, sort := range []string{"-amount", "title", "-closes_on"} {
			l, err := query.NewList(lite.c, "deal", query.Params{Sort: sort, Limit: 200}, expr.Moment{}, query.PlansOf(lite.head(2, 2)))
			if err != nil {
				t.Fatal(err)
			}
			a, err := lite.s.List(t.Context(), plan, &l, nil)
			if err != nil {
				t.Fatal(err)
			}
			b, err := pg.s.List(t.Context(), plan, &l, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(a, b) {
				t.Errorf("%s by %s:\nsqlite   %.600s\npostgres %.600s", name, sort, a, b)
			}
		}
	}
}
