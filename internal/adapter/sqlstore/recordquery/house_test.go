package recordquery

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	records "voronka/internal/adapter/sqlstore/record"
	"voronka/internal/kernel/textkey"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// house is a small company with deals, kept in the database and in memory side by side.
type house struct {
	d       *db.DB
	s       *Store
	c       *schema.Catalog
	deal    *schema.Type
	depts   []dept
	people  []person
	deals   []deal
	watched map[int64][]int64 // observers by deal
}

type dept struct{ id, parent, pos, end int64 }

type person struct{ id, dept int64 }

type deal struct {
	id, pipeline, stage, responsible, dept, pos int64
	title                                       string
	amount                                      int64
	currency                                    string
	entered, created                            int64
	company                                     *int64
	source                                      *int64
	closes                                      *string
	probability                                 *int64
}

// build makes the tables and fills them: depts departments in a random tree, people in them, deals of theirs.
func build(t testing.TB, d *db.DB, seed uint64, depts, people, deals int) *house {
	t.Helper()
	if err := records.EnsureBuiltins(context.Background(), d); err != nil {
		t.Fatal(err)
	}
	c, err := records.New(d).LastCatalog(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	h := &house{d: d, c: c, s: New(d), watched: map[int64][]int64{}}
	h.deal = h.c.Type("deal")
	r := rand.New(rand.NewPCG(seed, 1))
	h.plantPeople(r, depts, people)
	h.plantDeals(r, deals)
	h.write(t, h.insertPeople)
	for from := 0; from < len(h.deals); from += 500 {
		part := h.deals[from:min(from+500, len(h.deals))]
		h.write(t, func(q db.Q) error { return h.insertDeals(q, part) })
	}
	h.write(t, h.insertTotals)
	return h
}

func (h *house) write(t testing.TB, f func(q db.Q) error) {
	t.Helper()
	if err := h.d.Do(context.Background(), func(x tx.Tx) error { return f(db.Of(x)) }); err != nil {
		t.Fatal(err)
	}
}

func (h *house) plantPeople(r *rand.Rand, depts, people int) {
	parents := make([]int, depts)
	for i := range parents {
		parents[i] = -1
		if i > 0 {
			parents[i] = r.IntN(i)
		}
	}
	h.depts = make([]dept, depts)
	next := int64(1000)
	var number func(i int)
	number = func(i int) {
		h.depts[i] = dept{id: int64(i + 1), parent: int64(parents[i] + 1), pos: next}
		next += 1000
		for c, p := range parents {
			if p == i {
				number(c)
			}
		}
		h.depts[i].end = next - 1
	}
	number(0)
	for i := range people {
		h.people = append(h.people, person{int64(i + 1), h.depts[r.IntN(depts)].id})
	}
}

var words = []string{"Ёлка", "ель", "Ромашка", "ООО «Вектор»", "ооо «вектор»", "Поставка", "Zebra", "alpha", "Åland", "Ремонт", "ель зелёная"}

func (h *house) plantDeals(r *rand.Rand, n int) {
	pipeline := h.c.Pipelines("deal")[0]
	sources := h.deal.Field("source").Values
	for i := range n {
		d := deal{
			id: int64(i + 1), pipeline: pipeline.ID, stage: pipeline.Stages[min(r.IntN(6), r.IntN(8))].ID, currency: "RUB",
			title: words[r.IntN(len(words))] + " " + fmt.Sprint(r.IntN(20)), amount: int64(r.IntN(40)) * 100, entered: int64(1_700_000_000_000 + r.IntN(50)*1000),
			created: int64(1_690_000_000_000 + i*1000),
		}
		if r.IntN(10) > 0 {
			p := h.people[int(float64(len(h.people))*r.Float64()*r.Float64())]
			d.responsible, d.dept, d.pos = p.id, p.dept, h.depts[p.dept-1].pos
		}
		if r.IntN(5) == 0 {
			d.currency = "USD"
		}
		maybe := func(v int64) *int64 {
			if r.IntN(3) == 0 {
				return nil
			}
			return &v
		}
		d.source, d.probability, d.company = maybe(sources[r.IntN(4)].ID), maybe(int64(r.IntN(5)*20)), maybe(int64(r.IntN(10)+1))
		if r.IntN(3) > 0 {
			day := fmt.Sprintf("2026-%02d-%02d", 1+r.IntN(12), 1+r.IntN(28))
			d.closes = &day
		}
		h.deals = append(h.deals, d)
		if r.IntN(12) == 0 {
			h.watched[d.id] = append(h.watched[d.id], h.people[r.IntN(len(h.people))].id)
		}
	}
}

func (h *house) insertPeople(q db.Q) error {
	for _, d := range h.depts {
		if _, err := q.Exec("INSERT INTO department (id, parent_id, title, pos, pos_end) VALUES (?, ?, ?, ?, ?)",
			d.id, d.parent, fmt.Sprint("Отдел ", d.id), d.pos, d.end); err != nil {
			return err
		}
	}
	for i := range 10 {
		dept := h.depts[i%len(h.depts)]
		title := fmt.Sprintf("%s %d", words[i%len(words)], i)
		if _, err := q.Exec("INSERT INTO r_company (title, title_key, responsible_id, department_id, dept_pos, created_at, created_by, updated_at, version) VALUES (?, ?, ?, ?, ?, 1, 1, 1, 1)",
			title, textkey.Key(title), int64(i%len(h.people)+1), dept.id, dept.pos); err != nil {
			return err
		}
	}
	return nil
}

func opt[T any](v *T) any {
	if v == nil {
		return nil
	}
	return *v
}

func (h *house) insertDeals(q db.Q, deals []deal) error {
	for _, d := range deals {
		if _, err := q.Exec(`INSERT INTO r_deal (id, title, title_key, pipeline_id, stage_id, responsible_id, department_id, dept_pos,
			stage_entered_at, created_at, created_by, updated_at, version, amount, amount_cur, amount_base, company, source, closes_on, probability)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, 1, ?, ?, ?, ?, ?, ?, ?)`,
			d.id, d.title, textkey.Key(d.title), d.pipeline, d.stage, d.responsible, d.dept, d.pos, d.entered, d.created,
			d.amount, d.currency, d.amount, opt(d.company), opt(d.source), opt(d.closes), opt(d.probability)); err != nil {
			return err
		}
		for _, user := range h.watched[d.id] {
			if _, err := q.Exec("INSERT INTO observer (type_id, record_id, user_id) VALUES (?, ?, ?)", h.deal.ID, d.id, user); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h *house) insertTotals(q db.Q) error {
	const group = " FROM r_deal GROUP BY "
	for _, text := range []string{
		"INSERT INTO total_dept SELECT ?, pipeline_id, stage_id, department_id, amount_cur, count(*), sum(amount), sum(amount_base)" + group +
			"pipeline_id, stage_id, department_id, amount_cur",
		"INSERT INTO total_user SELECT ?, pipeline_id, responsible_id, stage_id, department_id, amount_cur, count(*), sum(amount), sum(amount_base)" + group +
			"pipeline_id, responsible_id, stage_id, department_id, amount_cur",
	} {
		if _, err := q.Exec(strings.Replace(text, "?", fmt.Sprint(h.deal.ID), 1)); err != nil {
			return err
		}
	}
	return nil
}

// head is a person of role head over departments.
func (h *house) head(user int64, over ...int64) access.Who {
	w := access.Who{UserID: user, Role: access.Head}
	for _, id := range over {
		d := h.depts[id-1]
		w.HeadOf = append(w.HeadOf, access.Range{Lo: d.pos, Hi: d.end})
		for _, below := range h.depts {
			if below.pos >= d.pos && below.pos <= d.end && !slices.Contains(w.HeadOfIDs, below.id) {
				w.HeadOfIDs = append(w.HeadOfIDs, below.id)
			}
		}
	}
	return w
}
