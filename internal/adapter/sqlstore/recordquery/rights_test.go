package recordquery

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	records "voronka/internal/adapter/sqlstore/record"
	"voronka/internal/expr"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/textkey"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// court puts random companies into a database and compares what everybody there is answered with what he may know.
type court struct {
	d        *db.DB
	s        *Store
	c        *schema.Catalog
	deal     *schema.Type
	company  *schema.Type
	pipeline []*schema.Pipeline
	stages   []int64         // three of each pipeline
	of       map[int64]int64 // stage → pipeline
	cases    atomic.Int64
	seen     atomic.Int64
}

// TestRightsAreWhatTheirWordsSay: random companies, roles, moves and stand-ins; everybody asks everything. Each person of each
// company is a case. More companies: -rapid.checks.
func TestRightsAreWhatTheirWordsSay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ct := newCourt(t, d)
		rapid.Check(t, func(t *rapid.T) {
			w := &world{}
			drawTree(t, w)
			drawPeople(t, w, []int64{ct.pipeline[0].ID, ct.pipeline[1].ID}, ct.stages)
			drawRecords(t, w, ct.of, ct.stages)
			ct.write(t, w)
			ct.pretend(t, w)
			for person := int64(1); person <= people; person++ {
				(&trial{T: t, court: ct, w: w, person: person, who: w.who(person)}).all()
				ct.cases.Add(1)
			}
		})
		t.Logf("%d people asked everything, they saw %d records", ct.cases.Load(), ct.seen.Load())
		if ct.seen.Load() == 0 {
			t.Error("nobody saw anything")
		}
	})
}

func newCourt(t *testing.T, d *db.DB) *court {
	t.Helper()
	must(t, records.EnsureBuiltins(t.Context(), d))
	ct := &court{d: d, s: New(d), of: map[int64]int64{}}
	must(t, d.Do(t.Context(), func(x tx.Tx) error { // a second pipeline, of the same stages
		q := db.Of(x)
		first, err := db.Int(q, "SELECT p.id FROM pipeline p JOIN record_type t ON t.id = p.type_id WHERE t.code = 'deal'")
		if err != nil {
			return err
		}
		second, err := db.InsertID(q, "INSERT INTO pipeline (type_id, code, title_ru, title_en, sort) SELECT type_id, 'second', 'Вторая', 'Second', 99 FROM pipeline WHERE id = ? RETURNING id", first)
		if err != nil {
			return err
		}
		_, err = q.Exec("INSERT INTO stage (pipeline_id, code, title_ru, title_en, kind, sort) SELECT ?, code, title_ru, title_en, kind, sort FROM stage WHERE pipeline_id = ?", second, first)
		return err
	}))
	c, err := records.New(d).LastCatalog(t.Context())
	must(t, err)
	ct.c, ct.deal, ct.company, ct.pipeline = c, c.Type("deal"), c.Type("company"), c.Pipelines("deal")
	if len(ct.pipeline) != 2 {
		t.Fatalf("%d pipelines", len(ct.pipeline))
	}
	for _, p := range ct.pipeline {
		for _, s := range p.Stages[:3] {
			ct.stages = append(ct.stages, s.ID)
			ct.of[s.ID] = p.ID
		}
	}
	return ct
}

// write replaces everything in the database.
func (ct *court) write(t *rapid.T, w *world) {
	err := ct.d.Do(context.Background(), func(x tx.Tx) error {
		q := db.Of(x)
		for _, table := range []string{"department", "r_deal", "r_company", "observer", "total_dept", "total_user"} {
			if _, err := q.Exec("DELETE FROM " + table); err != nil {
				return err
			}
		}
		for d, parent := range w.parent {
			if _, err := q.Exec("INSERT INTO department (id, parent_id, title, pos, pos_end) VALUES (?, ?, 'x', ?, ?)", d+1, parent+1, w.pos[d], w.end[d]); err != nil {
				return err
			}
		}
		for _, c := range w.companies {
			if _, err := q.Exec("INSERT INTO r_company (id, title, title_key, responsible_id, department_id, dept_pos, created_at, updated_at, version) VALUES (?, ?, ?, ?, ?, ?, 1, 1, 1)",
				c.id, c.title, textkey.Key(c.title), c.responsible, c.dept, c.pos); err != nil {
				return err
			}
		}
		h := &house{deal: ct.deal, deals: w.deals, watched: w.watched}
		if err := h.insertDeals(q, w.deals); err != nil {
			return err
		}
		return h.insertTotals(q)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// pretend makes the choice of paths believe in a company of another size.
func (ct *court) pretend(t *rapid.T, w *world) {
	scale, share := rapid.SampledFrom([]int64{1, 1000, 1_000_000}).Draw(t, "scale"), rapid.SampledFrom([]int64{1, 20, 5000}).Draw(t, "share")
	err := ct.d.Read(context.Background(), func(q db.Q) error {
		promises, err := promises(q, ct.deal)
		if err != nil {
			return err
		}
		numbers, err := numbers(q, ct.deal)
		if err != nil {
			return err
		}
		fake := &shares{numbers: numbers, stages: map[int64]*stageShare{}, promises: promises, madeAt: time.Now().AddDate(1, 0, 0)}
		for stage := range ct.of {
			one := &stageShare{n: scale}
			for d, pos := range w.pos {
				one.depts = append(one.depts, deptShare{id: int64(d + 1), pos: pos, n: scale / share})
			}
			fake.stages[stage] = one
			fake.total += scale
			fake.all.depts = one.depts
		}
		fake.all.n = fake.total
		ct.s.shares.put(ct.deal, fake)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// trial is what one person is answered.
type trial struct {
	*rapid.T
	*court
	w      *world
	person int64
	who    access.Who
	plan   access.Plan
}

func (x *trial) all() {
	x.plan = x.who.Plan("deal", access.See)
	x.memory()
	x.list()
	x.single()
	for _, p := range x.pipeline {
		x.totals(p)
	}
	x.count()
	x.behind()
	x.search()
}

func (x *trial) wrong(what string, got, want any) {
	x.Helper()
	x.Fatalf("%s of person %d: %v, want %v\nplan %+v\nwho %+v\nrights %+v", what, x.person, got, want, x.plan, x.who, x.w.people[x.person-1])
}

func (x *trial) access(d deal) event.Access {
	return event.Access{
		PipelineID: d.pipeline, StageID: d.stage, ResponsibleID: d.responsible, DepartmentID: d.dept, DeptPos: d.pos, Observers: x.w.watched[d.id],
	}
}

// sees are the deals the person may see that pass.
func (x *trial) sees(pass func(deal) bool) (out []deal) {
	for _, d := range x.w.deals {
		if x.w.may(x.person, access.See, "deal", x.access(d)) && pass(d) {
			out = append(out, d)
		}
	}
	return out
}

func every(deal) bool { return true }

// memory compares every operation on every record in memory.
func (x *trial) memory() {
	for _, op := range access.Ops {
		plan := x.who.Plan("deal", op)
		for _, d := range x.w.deals {
			want := x.w.may(x.person, op, "deal", x.access(d))
			if plan.Sees(x.access(d)) != want {
				x.wrong(fmt.Sprintf("%s of %+v", op, d), !want, want)
			}
			if stage := plan.OnStage(d.pipeline, d.stage); stage.Sees(x.access(d)) != want {
				x.wrong(fmt.Sprintf("%s of %+v on its stage", op, d), !want, want)
			}
		}
	}
	x.seen.Add(int64(len(x.sees(every))))
}

// params draws where to look, and tells which deals lie there.
func (x *trial) params() (query.Params, func(deal) bool) {
	p, pass := query.Params{Fields: "title,company"}, every
	switch rapid.IntRange(0, 3).Draw(x.T, "where") {
	case 1:
		in := rapid.SampledFrom(x.pipeline).Draw(x.T, "pipeline")
		p.Pipeline, pass = in.Code, func(d deal) bool { return d.pipeline == in.ID }
	case 2, 3:
		stage := x.c.StageByID(rapid.SampledFrom(x.stages).Draw(x.T, "stage"))
		p.Pipeline, p.Stage = x.c.PipelineByID(stage.PipelineID).Code, stage.Code
		pass = func(d deal) bool { return d.stage == stage.ID }
	}
	if rapid.IntRange(0, 3).Draw(x.T, "filter") == 0 {
		p.Filter = "amount >= 3"
		where := pass
		pass = func(d deal) bool { return where(d) && d.amount >= 300 }
	}
	return p, pass
}

func (x *trial) list() {
	p, pass := x.params()
	p.Sort = rapid.SampledFrom([]string{"-amount", "amount", "-stage_entered_at", "-id", "id", "title"}).Draw(x.T, "sort")
	p.Limit = rapid.SampledFrom([]int{1, 3, 50}).Draw(x.T, "limit")
	want := x.sees(pass)
	slices.SortFunc(want, func(a, b deal) int {
		code, desc := strings.CutPrefix(p.Sort, "-")
		c := cmp.Or(compare(value(a, code), value(b, code)), cmp.Compare(a.id, b.id))
		if desc {
			return -c
		}
		return c
	})
	var got []int64
	for range 100 {
		l, err := query.NewList(x.c, "deal", p, expr.Moment{}, query.PlansOf(x.who))
		x.ok(err)
		text, err := x.s.List(context.Background(), x.plan, &l, nil)
		x.ok(err)
		a := parse[struct {
			Items []struct {
				ID      int64
				Company *struct{ Title *string }
			}
			Next string
		}](x.T, text)
		for _, item := range a.Items {
			got = append(got, item.ID)
			shown := item.Company != nil && item.Company.Title != nil
			if may := x.mayCompany(1 + (item.ID-1)%3); shown != may {
				x.wrong(fmt.Sprintf("company of deal %d", item.ID), shown, may)
			}
		}
		if p.After = a.Next; a.Next == "" {
			break
		}
	}
	if !slices.Equal(got, ids(want)) {
		x.wrong(fmt.Sprintf("list %+v", p), got, ids(want))
	}
}

func (x *trial) mayCompany(id int64) bool {
	return x.w.may(x.person, access.See, "company", x.access(deal{responsible: x.w.companies[id-1].responsible, dept: x.w.companies[id-1].dept, pos: x.w.companies[id-1].pos}))
}

func ids(deals []deal) (out []int64) {
	for _, d := range deals {
		out = append(out, d.id)
	}
	return out
}

func (x *trial) ok(err error) {
	x.Helper()
	if err != nil {
		x.Fatalf("person %d: %v\nplan %+v", x.person, err, x.plan)
	}
}

func parse[T any](t *rapid.T, text []byte) T {
	t.Helper()
	a, err := decoded[T](text)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return a
}

// single asks for records one by one, and for all their titles.
func (x *trial) single() {
	var refs []ref.Ref
	for i, d := range x.w.deals {
		refs = append(refs, ref.Ref{Type: "deal", ID: d.id})
		if i%5 != int(x.person)%5 {
			continue
		}
		g := query.Get{Catalog: x.c, Type: x.deal, ID: d.id, Fields: query.AllFields(x.deal), Linked: query.PlansOf(x.who)}
		_, err := x.s.Get(context.Background(), x.plan, &g, nil)
		var ours *fault.Error
		if errors.As(err, &ours) && ours.Code == fault.NotFound {
			err = nil
			if x.w.may(x.person, access.See, "deal", x.access(d)) {
				x.wrong(fmt.Sprintf("deal %+v", d), "not found", "found")
			}
		} else if err == nil && !x.w.may(x.person, access.See, "deal", x.access(d)) {
			x.wrong(fmt.Sprintf("deal %+v", d), "found", "not found")
		}
		x.ok(err)
	}
	x.ok(x.d.Read(context.Background(), func(q db.Q) error {
		titles, err := Titles(q, x.c, x.who, refs)
		for _, d := range x.w.deals {
			t := titles[ref.Ref{Type: "deal", ID: d.id}]
			if may := x.w.may(x.person, access.See, "deal", x.access(d)); t.Hidden == may || may != (t.Text == d.title) {
				x.wrong(fmt.Sprintf("title of %+v", d), t, may)
			}
		}
		return err
	}))
}

// totals compares board, totals and matrix of a pipeline.
func (x *trial) totals(p *schema.Pipeline) {
	b, err := query.NewBoard(x.c, "deal", query.Params{Pipeline: p.Code, Fields: "title", Limit: 4, Sort: "-amount"}, expr.Moment{}, query.PlansOf(x.who))
	x.ok(err)
	text, err := x.s.Board(context.Background(), x.plan, &b, nil)
	x.ok(err)
	board := parse[boardAnswer](x.T, text)
	scope, err := query.NewTotals(x.c, "deal", query.Params{Pipeline: p.Code, Filter: rapid.SampledFrom([]string{"", "amount >= 0"}).Draw(x.T, "totals")}, expr.Moment{}, query.PlansOf(x.who))
	x.ok(err)
	text, err = x.s.Totals(context.Background(), x.plan, &scope, nil)
	x.ok(err)
	totals := parse[boardAnswer](x.T, text)
	all := int64(0)
	for i, stage := range p.Stages {
		want := x.sees(func(d deal) bool { return d.stage == stage.ID })
		slices.SortFunc(want, func(a, b deal) int { return -cmp.Or(cmp.Compare(a.amount, b.amount), cmp.Compare(a.id, b.id)) })
		sums := map[string]int64{}
		sum := int64(0)
		for _, d := range want {
			sum += d.amount
			sums[d.currency] += d.amount
		}
		for what, got := range map[string]boardAnswer{"board": board, "totals": totals} {
			s := got.Stages[i]
			if s.Count != int64(len(want)) || s.Sum != sum || !s.Exact {
				x.wrong(fmt.Sprintf("%s of %s", what, stage.Code), fmt.Sprint(s.Count, s.Sum, s.Exact), fmt.Sprint(len(want), sum))
			}
			for _, one := range s.Sums {
				if sums[one.Currency] != one.Minor {
					x.wrong(fmt.Sprintf("%s of %s in %s", what, stage.Code, one.Currency), one.Minor, sums[one.Currency])
				}
			}
		}
		var cards []int64
		for _, card := range board.Stages[i].Items {
			cards = append(cards, card.ID)
		}
		if first := ids(want[:min(4, len(want))]); !slices.Equal(cards, first) {
			x.wrong("cards of "+stage.Code, cards, first)
		}
		all += int64(len(want))
	}
	m, err := x.s.Matrix(context.Background(), x.plan, &scope)
	x.ok(err)
	for _, c := range m.Cells {
		all -= c.Count
	}
	if all != 0 {
		x.wrong("what the matrix leaves out", all, 0)
	}
}

func (x *trial) count() {
	p, pass := x.params()
	scope, err := query.NewScope(x.c, "deal", p, expr.Moment{}, query.PlansOf(x.who))
	x.ok(err)
	text, err := x.s.Count(context.Background(), x.plan, &scope, nil)
	x.ok(err)
	if want := `{"count":` + strconv.Itoa(len(x.sees(pass))) + `,"exact":true}`; string(text) != want {
		x.wrong(fmt.Sprintf("count %+v", p), string(text), want)
	}
}

// behind asks for deals by what their company is called: one that may not be seen is as if there were none.
func (x *trial) behind() {
	title := x.w.companies[1].title
	want := x.sees(func(d deal) bool { return *d.company == 2 && x.mayCompany(2) })
	scope, err := query.NewScope(x.c, "deal", query.Params{Filter: `company.title = "` + title + `"`}, expr.Moment{}, query.PlansOf(x.who))
	x.ok(err)
	text, err := x.s.Count(context.Background(), x.plan, &scope, nil)
	x.ok(err)
	if count := `{"count":` + strconv.Itoa(len(want)) + `,"exact":true}`; string(text) != count {
		x.wrong("deals of a company", string(text), count)
	}
}

// search looks for a beginning and for a part of titles.
func (x *trial) search() {
	text := rapid.SampledFrom([]string{"ель", "вектор", "ёлка", "lph"}).Draw(x.T, "text")
	plans := query.PlansOf(x.who)
	ask, ok := query.NewSearch(x.c, text, plans)
	if !ok {
		return
	}
	answer, err := x.s.Search(context.Background(), plans, &ask, nil)
	x.ok(err)
	want := x.sees(func(d deal) bool { return strings.Contains(textkey.Key(d.title), textkey.Key(text)) })
	n := 0
	for _, item := range parse[struct {
		Items []struct {
			Type string
			ID   int64
		}
	}](x.T, answer).Items {
		if item.Type == "company" && !x.mayCompany(item.ID) {
			x.wrong("search", fmt.Sprint("company ", item.ID), "not found")
		}
		if item.Type == "deal" {
			n++
			if !slices.Contains(ids(want), item.ID) {
				x.wrong("search for "+text, item.ID, ids(want))
			}
		}
	}
	if n != min(len(want), query.SearchLimit) {
		x.wrong("search for "+text, n, len(want))
	}
}
