package record_test

import (
	"fmt"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/activity"
	"voronka/internal/record/record"
)

func TestRightsOfWriters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		id := h.mustCreate(3, "deal", record.Values{"title": "Моя", "observers": []int64{5}})
		at := ref.Ref{Type: "deal", ID: id}
		for _, c := range []struct {
			who  int64
			v    record.Values
			want fault.Code
		}{
			{1, record.Values{"comment": "администратор"}, ""},
			{2, record.Values{"comment": "руководитель"}, ""},
			{3, record.Values{"comment": "сам"}, ""},
			{4, record.Values{"comment": "коллега"}, fault.NotFound},
			{5, record.Values{"comment": "наблюдатель"}, fault.Forbidden},
			{4, record.Values{"nothing": 1}, fault.NotFound}, // what is wrong with the input tells nobody that it is there
			{2, record.Values{"responsible": int64(4)}, ""},
			{3, record.Values{"comment": "уже не его"}, fault.NotFound},
			{4, record.Values{"responsible": int64(3)}, ""},
		} {
			if _, err := h.update(c.who, "deal", id, c.v, 0); fault.CodeOf(err) != c.want {
				t.Errorf("person %d, %v: %v, want %q", c.who, c.v, err, c.want)
			}
		}
		if got := h.json("deal", id); got["department"] != "2" || got["responsible"] != "3" {
			t.Errorf("department %s, responsible %s", got["department"], got["responsible"])
		}
		for who, want := range map[int64]fault.Code{4: fault.NotFound, 5: fault.Forbidden} {
			err := h.do(who, func(t tx.Tx) error { return h.service.Delete(t, h.who(who), at) })
			if fault.CodeOf(err) != want {
				t.Errorf("person %d deletes: %v", who, err)
			}
		}
		if err := h.do(3, func(t tx.Tx) error { return h.service.Delete(t, h.who(3), at) }); err != nil {
			t.Fatal(err)
		}
		if _, err := h.update(1, "deal", id, record.Values{"comment": "x"}, 0); !fault.Is(err, fault.NotFound) {
			t.Errorf("in the bin, yet changed: %v", err)
		}
		if err := h.do(4, func(t tx.Tx) error { return h.service.Restore(t, h.who(4), "deal", id) }); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else restores: %v", err)
		}
		if err := h.do(3, func(t tx.Tx) error { return h.service.Restore(t, h.who(3), "deal", id) }); err != nil {
			t.Fatal(err)
		}
		if got := h.json("deal", id); got["comment"] != `"сам"` || got["observers"] != "[5]" {
			t.Errorf("restored: %v", got)
		}
		// A link to what one doesn't see is a link to nothing.
		if _, err := h.create(4, "activity", record.Values{"title": "Звонок", "about": []any{at}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("linked to an unseen record: %v", err)
		}
	})
}

func TestStagesCloseAndOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		id := h.mustCreate(3, "deal", record.Values{"title": "Путь"})
		for _, c := range []struct {
			v              record.Values
			closed, reason bool
		}{
			{record.Values{"stage": "lost", "lost_reason": "price"}, true, true},
			{record.Values{"stage": "need"}, false, false},
			{record.Values{"stage": "won"}, true, false},
			{record.Values{"stage": "lost", "lost_reason": "silent"}, true, true},
			{record.Values{"comment": "на той же стадии"}, true, true},
			{record.Values{"stage": "postponed"}, false, false},
		} {
			if _, err := h.update(3, "deal", id, c.v, 0); err != nil {
				t.Fatal(c.v, err)
			}
			got := h.json("deal", id)
			if (got["closed_at"] != "null") != c.closed || (got["lost_reason"] != "null") != c.reason {
				t.Errorf("%v: closed %s, reason %s", c.v, got["closed_at"], got["lost_reason"])
			}
		}
		if _, err := h.update(3, "deal", id, record.Values{"stage": "lost"}, 0); !fault.Is(err, fault.Invalid) {
			t.Errorf("lost without a reason: %v", err)
		}
	})
}

func TestBulkRefusesOneByOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		var ids []int64
		for i := range 120 {
			ids = append(ids, h.mustCreate(int64(3+i%2), "deal", record.Values{"title": fmt.Sprint(i), "amount": "10"}))
		}
		ctx := tx.WithActor(t.Context(), 3)
		out, err := h.service.BulkUpdate(ctx, d, h.who(3), "deal", append(ids, 999, ids[0]), record.Values{"stage": "need", "amount": "20"})
		if err != nil || out.Done != 60 || len(out.Failed) != 61 {
			t.Fatalf("done %d, failed %d, %v", out.Done, len(out.Failed), err)
		}
		for _, f := range out.Failed {
			if !fault.Is(f.Err, fault.NotFound) {
				t.Errorf("%d: %v", f.ID, f.Err)
			}
		}
		out, err = h.service.BulkDelete(ctx, d, h.who(2), "deal", ids[:100])
		if err != nil || out.Done != 100 {
			t.Fatalf("deleted %d, %v", out.Done, err)
		}
		l := &life{house: h, typ: "deal"}
		l.checkTotals()
		if _, err := h.service.BulkUpdate(ctx, d, h.who(3), "deal", make([]int64, record.MaxBulk+1), nil); !fault.Is(err, fault.TooLarge) {
			t.Errorf("too many: %v", err)
		}
	})
}

func TestNextStepFollowsActivities(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.service.Add(&activity.Steps{Store: h.store})
		deal := h.mustCreate(3, "deal", record.Values{"title": "С делами"})
		lead := h.mustCreate(3, "lead", record.Values{"person_name": "Анна"})
		about := []any{ref.Ref{Type: "deal", ID: deal}, ref.Ref{Type: "lead", ID: lead}}
		want := func(what, title string) {
			t.Helper()
			if got := h.json("deal", deal)["next_title"]; got != title {
				t.Errorf("%s: next step of the deal is %s, want %s", what, got, title)
			}
		}
		late := h.mustCreate(3, "activity", record.Values{"title": "Поздний", "about": about, "due_at": "2026-12-02T10:00:00Z"})
		want("one", `"Поздний"`)
		soon := h.mustCreate(3, "activity", record.Values{"title": "Скорый", "about": about[:1], "due_at": "2026-12-01T10:00:00Z", "kind": "call"})
		want("a nearer one", `"Скорый"`)
		if got := h.json("lead", lead)["next_title"]; got != `"Поздний"` {
			t.Errorf("next step of the lead is %s", got)
		}
		change := func(id int64, v record.Values) {
			t.Helper()
			if _, err := h.update(3, "activity", id, v, 0); err != nil {
				t.Fatal(err)
			}
		}
		change(soon, record.Values{"title": "Скорейший"})
		want("renamed", `"Скорейший"`)
		change(soon, record.Values{"done_at": "2026-11-30T10:00:00Z", "result": "дозвонились"})
		want("done", `"Поздний"`)
		change(soon, record.Values{"done_at": nil, "due_at": "2026-12-03T10:00:00Z"})
		want("planned again, later", `"Поздний"`)
		change(late, record.Values{"about": about[1:]})
		want("no longer about it", `"Скорейший"`)
		if err := h.do(3, func(t tx.Tx) error { return h.service.Delete(t, h.who(3), ref.Ref{Type: "activity", ID: soon}) }); err != nil {
			t.Fatal(err)
		}
		want("deleted", "null")
		if err := h.do(3, func(t tx.Tx) error { return h.service.Restore(t, h.who(3), "activity", soon) }); err != nil {
			t.Fatal(err)
		}
		want("restored", `"Скорейший"`)
		at := ref.Ref{Type: "deal", ID: deal}
		if err := h.do(3, func(t tx.Tx) error { return h.service.Delete(t, h.who(3), at) }); err != nil {
			t.Fatal(err)
		}
		change(soon, record.Values{"title": "Пока сделки нет"})
		if err := h.do(3, func(t tx.Tx) error { return h.service.Restore(t, h.who(3), "deal", deal) }); err != nil {
			t.Fatal(err)
		}
		want("the deal itself restored", `"Пока сделки нет"`)
		if got := h.json("activity", late); got["kind"] != `"todo"` {
			t.Errorf("the default kind is %s", got["kind"])
		}
	})
}

func TestOutsideIDsNameOneRecord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		put := func(who int64, v record.Values) (id int64, created bool, err error) {
			err = h.do(who, func(t tx.Tx) error {
				id, created, err = h.service.PutExternal(t, h.who(who), "1c", "company", "A-1", v)
				return err
			})
			return id, created, err
		}
		type answer struct {
			id  int64
			err error
		}
		answers := make(chan answer, 6)
		for range 6 {
			go func() {
				id, _, err := put(3, record.Values{"title": "Из 1С"})
				answers <- answer{id, err}
			}()
		}
		first := <-answers
		for range 5 {
			if a := <-answers; a.err != nil || a.id != first.id {
				t.Errorf("%+v, want %+v", a, first)
			}
		}
		if _, created, err := put(3, record.Values{"title": "Из 1С", "inn": "7707083893"}); err != nil || created {
			t.Error(created, err)
		}
		if _, _, err := put(5, record.Values{"title": "Чужой"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody who doesn't see it: %v", err)
		}
		at := ref.Ref{Type: "company", ID: first.id}
		for _, f := range []func(t tx.Tx) error{
			func(t tx.Tx) error { return h.service.Delete(t, h.who(3), at) },
			func(t tx.Tx) error { return h.service.Restore(t, h.who(3), "company", first.id) },
		} {
			if err := h.do(3, f); err != nil {
				t.Fatal(err)
			}
		}
		if id, created, err := put(3, record.Values{"comment": "после корзины"}); id != first.id || created || err != nil {
			t.Error(id, created, err)
		}
	})
}
