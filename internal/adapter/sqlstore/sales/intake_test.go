package salesstore_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/jobs"
	salesstore "voronka/internal/adapter/sqlstore/sales"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
	"voronka/internal/sales/intake"
)

func TestClientsAreRecognised(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.drum(anna, boris))
		first := h.send(door, `{"name":"Иван","phone":"8 (912) 345-67-89"}`)
		for _, again := range []string{`{"phone":"+79123456789"}`, `{"phone":"9123456789 доб. 5","email":"Ivan+ad@Mail.ru"}`, `{"email":"ivan@mail.ru","comment":"Ещё раз"}`} {
			if a := h.send(door, again); !a.Repeat || a.Record != first.Record || a.Client != first.Client {
				h.Errorf("%s: %+v, want %+v", again, a, first)
			}
		}
		if got := h.field(first.Client, "emails"); got != `[{"value":"Ivan+ad@mail.ru"}]` {
			h.Errorf("a new way to reach him isn't kept: %s", got)
		}
		if a := h.send(door, `{"phone":"+79123456780"}`); a.Repeat {
			h.Errorf("taken for somebody else: %+v", a)
		}
		if n := h.int("SELECT count(*) FROM request WHERE repeat_of = ?", first.Request); n != 3 {
			h.Errorf("%d repeats", n)
		}
		h.update(anna, first.Record, record.Values{"stage": "not_ours", "lost_reason": "spam"})
		h.asked(door, 50) // Anna's turn
		a := h.send(door, `{"phone":"+79123456789"}`)
		if a.Repeat || a.Client != first.Client || a.Record == first.Record {
			h.Errorf("a closed lead is reused: %+v", a)
		}
		if _, err := h.drums.Take(h.as(boris), h.who(boris), a.Offer.ID); err != nil {
			h.Fatal(err)
		}
		if s := h.load(a.Client); s.ResponsibleID != anna || len(s.Observers) != 1 || s.Observers[0] != boris {
			h.Errorf("Boris can't see Anna's client he works with now: %+v", s)
		}
	})
}

func TestCompaniesAreRecognised(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.drum(anna, boris))
		company := h.create(boris, "company", record.Values{"title": "ООО «Ромашка»", "inn": "7701234567", "emails": []any{"office@romashka.ru"}, "responsible": boris})
		h.create(boris, "company", record.Values{"title": "Двойник", "inn": "7700000001"})
		h.create(boris, "company", record.Values{"title": "ЗАО Двойник", "inn": "7700000002"})
		of := func(a intake.Answer) string { return h.field(a.Record, "company") }
		want, none := fmt.Sprintf(`{"id":%d}`, company.ID), "null"
		for name, c := range map[string]struct{ sent, want string }{
			"tax number":             {`{"phone":"+79120000001","company.inn":"7701 234 567"}`, want},
			"tax number beside":      {`{"phone":"+79120000002","inn":"7701234567"}`, want},
			"mail domain":            {`{"email":"new.person@Romashka.ru"}`, want},
			"name":                   {`{"phone":"+79120000004","company":"ромашка, ООО"}`, want},
			"the number is surer":    {`{"phone":"+79120000005","company":"Двойник","inn":"7701234567"}`, want},
			"public domains tell no": {`{"email":"romashka@mail.ru"}`, none},
			"two of a name tell no":  {`{"phone":"+79120000007","company":"Двойник"}`, none},
			"unknown":                {`{"phone":"+79120000008","company":"Лютик"}`, none},
			"another form":           {`{"phone":"+79120000009","company":"АО Ромашка"}`, none},
			"the form is left out":   {`{"phone":"+79120000010","company":"Ромашка"}`, want},
		} {
			a := h.send(door, c.sent)
			if got := of(a); got != c.want {
				h.Errorf("%s: %s, want %s", name, got, c.want)
			}
			if got := h.field(a.Client, "company"); got != c.want {
				h.Errorf("%s: the contact is of %s, want %s", name, got, c.want)
			}
		}

		// What it is told by follows the card, also over the bin.
		h.update(boris, company, record.Values{"inn": "7709999999", "title": "Василёк", "emails": []any{"office@vasilek.ru"}})
		for sent, want := range map[string]string{
			`{"phone":"+79130000001","inn":"7701234567"}`: none, `{"email":"a@romashka.ru"}`: none, `{"phone":"+79130000003","company":"Ромашка"}`: none,
			`{"phone":"+79130000004","inn":"7709999999"}`: want,
		} {
			if got := of(h.send(door, sent)); got != want {
				h.Errorf("%s: %s, want %s", sent, got, want)
			}
		}
		h.do(boris, func(t tx.Tx) error { return h.records.Delete(t, access.System(), company) })
		if got := of(h.send(door, `{"phone":"+79140000001","inn":"7709999999"}`)); got != none {
			h.Errorf("a deleted company is known: %s", got)
		}
	})
}

func TestOldCompaniesAreSigned(t *testing.T) {
	each(t, func(h *house) {
		for i := range 130 {
			h.create(admin, "company", record.Values{"title": fmt.Sprintf("ООО «Старая %d»", i), "inn": fmt.Sprint(7700000000 + i), "emails": []any{fmt.Sprintf("a@old%d.ru", i)}})
		}
		h.do(0, func(t tx.Tx) error {
			_, err := db.Of(t).Exec("DELETE FROM company_sign")
			return err
		})
		run := jobs.NewRunner(h.d, map[string]job.Handler{salesstore.SignJob: h.sales.SignJobHandler(h.records)})
		for range 2 { // the second time there is nothing left to do
			if err := h.sales.SignLater(h.Context()); err != nil {
				h.Fatal(err)
			}
			if _, err := run.RunDue(h.Context()); err != nil {
				h.Fatal(err)
			}
		}
		if n := h.int("SELECT count(*) FROM company_sign"); n != 4*130 {
			h.Errorf("%d signs", n)
		}
		if n := h.int("SELECT count(*) FROM job"); n != 0 {
			h.Errorf("%d jobs are left", n)
		}
	})
}

func TestKeysFollowRecords(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(0)
		var contact, other int64
		h.do(admin, func(t tx.Tx) (err error) {
			if contact, err = h.records.Create(t, h.who(admin), "contact", record.Values{"title": "Анна", "phones": []any{"+79123456789"}}); err != nil {
				return err
			}
			other, err = h.records.Create(t, h.who(admin), "contact", record.Values{"title": "Анна 2", "phones": []any{"+79123456789 доб. 7"}})
			return err
		})
		of := func(phone string) int64 {
			a := h.send(door, fmt.Sprintf(`{"name":"x","phone":%q}`, phone))
			return a.Client.ID
		}
		if got := of("89123456789"); got != contact {
			h.Errorf("%d, want %d", got, contact)
		}
		h.update(admin, ref.Ref{Type: "contact", ID: contact}, record.Values{"phones": []any{"+79123456700"}})
		if got := of("89123456789"); got != other {
			h.Errorf("the number has gone over: %d, want %d", got, other)
		}
		if got := of("89123456700"); got != contact {
			h.Errorf("the new number: %d, want %d", got, contact)
		}
		h.do(admin, func(t tx.Tx) error { return h.records.Delete(t, h.who(admin), ref.Ref{Type: "contact", ID: contact}) })
		if got := of("89123456700"); got == contact || got == 0 {
			h.Errorf("a deleted contact is recognised: %d", got)
		}
	})
}

func TestOneNewClientOfManyRequests(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.drum(anna, boris, vera))
		for round := range 3 {
			var wait sync.WaitGroup
			for i := range 12 {
				wait.Go(func() {
					body := fmt.Sprintf(`{"name":"N","phone":"+7912111%04d","email":"c%d@mail.ru"}`, round, round)
					if i%3 == 0 {
						body = fmt.Sprintf(`{"name":"N","email":"C%d+x@mail.ru","phone":"8912111%04d"}`, round, round)
					}
					h.send(door, body)
				})
			}
			wait.Wait()
		}
		for what, want := range map[string]int64{"r_contact": 3, "r_lead": 3, "request": 36, "offer": 3} {
			if n := h.int("SELECT count(*) FROM " + what); n != want {
				h.Errorf("%s: %d, want %d", what, n, want)
			}
		}
	})
}

func TestSameRequestOnce(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.drum(anna))
		var wait sync.WaitGroup
		answers := make([]intake.Answer, 8)
		for i := range answers {
			wait.Go(func() { answers[i] = h.send(door, `{"name":"Anna","phone":"+79123456789","dedupe":"order 7"}`) })
		}
		wait.Wait()
		for _, a := range answers {
			if a.Request != answers[0].Request || a.Record != answers[0].Record {
				h.Errorf("%+v and %+v", a, answers[0])
			}
		}
		if n := h.int("SELECT count(*) FROM request"); n != 1 {
			h.Errorf("%d requests", n)
		}
		if a := h.send(door, `{"name":"Anna","phone":"+79123456789","dedupe":"order 8"}`); a.Duplicate {
			h.Error("another one is taken for the same")
		}
	})
}

func TestWhatComesWrong(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(0)
		for body, key := range map[string]string{`{}`: "intake.empty", `{"utm_source":"x","phone":" "}`: "intake.empty", `[]`: "intake.bad_json"} {
			if _, err := h.trySend(door, body); !fault.Is(err, fault.Invalid) {
				h.Errorf("%s: %v, want %s", body, err, key)
			}
		}
		if _, err := h.trySend(&intake.Key{Key: "nobody"}, `{"name":"x"}`); !fault.Is(err, fault.NotFound) {
			h.Errorf("a door that isn't there: %v", err)
		}
		a := h.send(door, `{"phone":"12-34","email":"anna at mail","amount":"много","source":"неведомый","referrer":"javascript:x","closes_on":"x","name":"A\u0000nna"}`)
		if got := h.field(a.Record, "comment"); got != `"anna at mail\namount: много"` {
			h.Errorf("what can't be a value is lost: %s", got)
		}
		if got := h.field(a.Record, "phones"); got != `[{"value":"12-34"}]` {
			h.Error(got)
		}
		if b := h.send(door, `{"phone":"12-34","name":"Boris"}`); b.Repeat || b.Client == a.Client && !b.Client.Zero() {
			h.Errorf("recognised by a number that is none: %+v", b)
		}
		if got := h.field(a.Record, "source"); got != `"site"` {
			h.Error(got)
		}
		if n := h.int("SELECT count(*) FROM request WHERE source = 'неведомый' AND payload LIKE '%closes_on%'"); n != 1 {
			h.Error("the request isn't kept as it came")
		}
		if n := h.int("SELECT count(*) FROM request WHERE record_id = 0"); n != 0 {
			h.Errorf("%d requests became nothing", n)
		}
	})
}

func TestRepeatWakesADeal(t *testing.T) {
	each(t, func(h *house) {
		h.do(admin, func(t tx.Tx) error {
			if err := db.Bump(t, "org"); err != nil {
				return err
			}
			_, err := db.Of(t).Exec(`INSERT INTO setting (key, value) VALUES ('portal', '{"company":"X","lang":"ru","zone":"Europe/Moscow","currency":"RUB","simple":true,"region":"RU"}')`)
			return err
		})
		door := h.door(h.drum(anna))
		a := h.send(door, `{"name":"Иван","phone":"+79123456789","amount":1500.5}`)
		if a.Record.Type != "deal" || h.field(a.Record, "amount") != `{"minor":150050,"currency":"RUB","base":150050}` {
			h.Fatalf("%+v %s", a, h.field(a.Record, "amount"))
		}
		if _, err := h.drums.Take(h.as(anna), h.who(anna), a.Offer.ID); err != nil {
			h.Fatal(err)
		}
		h.update(anna, a.Record, record.Values{"stage": "postponed"})
		b := h.send(door, `{"phone":"+79123456789","comment":"Ну что там?"}`)
		if !b.Repeat || b.Record != a.Record || h.field(a.Record, "stage") != `"need"` {
			h.Errorf("%+v on %s", b, h.field(a.Record, "stage"))
		}
		if n := h.int(`SELECT count(*) FROM outbox WHERE type = 'request.repeated' AND body LIKE '%"users":[3]%'`); n != 1 {
			h.Errorf("Anna hears it %d times", n)
		}
		if got := h.field(ref.Ref{Type: "activity", ID: 1}, "text"); got != `"Ну что там?"` {
			h.Errorf("what he asked is no activity: %s", got)
		}
		if s := h.load(ref.Ref{Type: "activity", ID: 1}); s.ResponsibleID != anna {
			h.Errorf("it is for %d", s.ResponsibleID)
		}
		if n := h.int("SELECT count(*) FROM r_deal WHERE id = ? AND next_id = 1", a.Record.ID); n != 1 {
			h.Error("the deal has no next step")
		}
	})
}

// TestNobodyIsTurnedAway: what a portal demands of its people, or keeps unique, costs no client, and what it knows of others is
// not told at the door.
func TestNobodyIsTurnedAway(t *testing.T) {
	each(t, func(h *house) {
		h.do(admin, func(t tx.Tx) error {
			for _, text := range []string{
				"UPDATE field SET required = 1 WHERE code = 'utm_campaign'",
				"UPDATE field SET required = 1 WHERE code = 'text' AND type_id = (SELECT id FROM record_type WHERE code = 'activity')",
				"UPDATE field SET uniq = 1 WHERE code = 'company_name'",
			} {
				if n, err := db.Of(t).Exec(text); err != nil || n == 0 {
					return fmt.Errorf("%s: %d %w", text, n, err)
				}
			}
			return db.Bump(t, "schema")
		})
		door := h.door(h.drum(anna))
		first := h.send(door, `{"name":"Иван","phone":"+79123456789","company":"Ромашка"}`)
		if b := h.send(door, `{"phone":"+79123456789"}`); first.Offer == nil || !b.Repeat {
			h.Errorf("%+v %+v", first, b)
		}
		other := h.send(door, `{"name":"Пётр","phone":"+79120000001","company":"Ромашка","comment":"Цена?"}`)
		if other.Repeat || other.Record == first.Record || h.field(other.Record, "company_name") != "null" {
			h.Errorf("%+v %s", other, h.field(other.Record, "company_name"))
		}
		if got := h.field(other.Record, "comment"); !strings.Contains(got, "Цена?") || !strings.Contains(got, "Ромашка") {
			h.Error(got)
		}
	})
}

// TestWhoLeftIsReplaced: a client asks again whose responsible works here no more, through a door that has a person, or nobody.
func TestWhoLeftIsReplaced(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(0)
		of := func(person int64) *intake.Key {
			if _, err := h.intake.ChangeKey(h.as(admin), h.who(admin), door.ID, intake.KeyPatch{ResponsibleID: &person}); err != nil {
				h.Fatal(err)
			}
			return door
		}
		for n, c := range []struct{ next, want int64 }{{boris, boris}, {0, head}} {
			phone := fmt.Sprintf(`{"phone":"+7912000000%d"}`, n)
			a := h.send(of(vera), phone)
			h.do(admin, func(t tx.Tx) error {
				if _, err := db.Of(t).Exec("UPDATE users SET active = 0 WHERE id = ?", vera); err != nil {
					return err
				}
				return db.Bump(t, "org")
			})
			b := h.send(of(c.next), phone)
			if got := h.load(a.Record).ResponsibleID; !b.Repeat || got != c.want {
				h.Errorf("door of %d: %+v, it is %d's", c.next, b, got)
			}
			if n := h.int(`SELECT count(*) FROM outbox WHERE type = 'request.repeated' AND body LIKE ?`, fmt.Sprintf(`%%"users":[%d]%%`, c.want)); n != 1 {
				h.Errorf("%d hears it %d times", c.want, n)
			}
			if n := h.int("SELECT count(*) FROM r_activity WHERE responsible_id = ?", c.want); n != 1 {
				h.Errorf("%d has %d activities", c.want, n)
			}
			h.do(admin, func(t tx.Tx) error {
				if _, err := db.Of(t).Exec("UPDATE users SET active = 1 WHERE id = ?", vera); err != nil {
					return err
				}
				return db.Bump(t, "org")
			})
		}
	})
}

// TestWhatIsNobodysStaysSo: a record without a responsible is asked about again; administrators hear of it, it is given to none of them.
func TestWhatIsNobodysStaysSo(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(0)
		a := h.send(door, `{"phone":"+79120000001"}`)
		h.update(admin, a.Record, record.Values{"responsible": nil})
		b := h.send(door, `{"phone":"+79120000001","comment":"Again"}`)
		if got := h.load(a.Record).ResponsibleID; !b.Repeat || got != 0 {
			h.Errorf("%+v, it is %d's", b, got)
		}
		if n := h.int(`SELECT count(*) FROM outbox WHERE type = 'request.repeated' AND body LIKE ?`, fmt.Sprintf(`%%"users":[%d]%%`, admin)); n != 1 {
			h.Errorf("the administrator hears it %d times", n)
		}
		if n := h.int("SELECT count(*) FROM r_activity WHERE coalesce(responsible_id, 0) = 0"); n != 1 {
			h.Errorf("%d activities of nobody", n)
		}
	})
}

func TestRequestsUnderRights(t *testing.T) {
	each(t, func(h *house) {
		a := h.asked(h.door(h.drum(anna)), 1)
		for person, ok := range map[int64]bool{admin: true, head: true, anna: true, boris: false} {
			list, err := h.sales.Requests(h.Context(), h.who(person), intake.RequestFilter{Record: a.Record, Limit: 10})
			if ok != (err == nil && len(list) == 1) || !ok && !fault.Is(err, fault.NotFound) {
				h.Errorf("%d: %v %v", person, list, err)
			}
		}
		if _, err := h.sales.Requests(h.Context(), h.who(anna), intake.RequestFilter{Limit: 10}); !fault.Is(err, fault.NotFound) {
			h.Errorf("all of them: %v", err)
		}
	})
}

func TestFloodsAreHeldBack(t *testing.T) {
	h := &intake.Limiter{Burst: 3, Every: 10 * time.Second}
	now := record.State{}.CreatedAt
	for i := range 3 {
		if wait := h.Wait("k", "1.1.1.1", now); wait != 0 {
			t.Fatalf("request %d waits %v", i, wait)
		}
	}
	if wait := h.Wait("k", "1.1.1.1", now); wait != 10*time.Second {
		t.Errorf("the fourth waits %v", wait)
	}
	if wait := h.Wait("k", "2.2.2.2", now); wait != 0 {
		t.Errorf("somebody else waits %v", wait)
	}
	if wait := h.Wait("k", "1.1.1.1", now.Add(11*time.Second)); wait != 0 {
		t.Errorf("after a while it waits %v", wait)
	}
}

func TestKeysOfIntake(t *testing.T) {
	each(t, func(h *house) {
		k := h.door(0)
		title, bad := "Сайт", "nowhere"
		if _, err := h.intake.CreateKey(h.as(anna), h.who(anna), intake.KeyPatch{Title: &title}); !fault.Is(err, fault.Forbidden) {
			h.Errorf("a manager opens a door: %v", err)
		}
		if _, err := h.intake.CreateKey(h.as(admin), h.who(admin), intake.KeyPatch{Title: &title, Source: &bad}); !fault.Is(err, fault.Invalid) {
			h.Errorf("an unknown source: %v", err)
		}
		second, err := h.intake.CreateKey(h.as(admin), h.who(admin), intake.KeyPatch{Title: &title})
		if err != nil || second.Code == k.Code || second.Key == k.Key || len(second.Key) < 20 {
			h.Fatalf("%+v %v", second, err)
		}
		turned, err := h.intake.ChangeKey(h.as(admin), h.who(admin), k.ID, intake.KeyPatch{Rotate: true})
		if err != nil || turned.Key == k.Key || turned.Form.Secret != k.Form.Secret {
			h.Fatalf("%+v %v", turned, err)
		}
		if _, err := h.trySend(k, `{"name":"x"}`); !fault.Is(err, fault.NotFound) {
			h.Errorf("the old address lives on: %v", err)
		}
		h.send(turned, `{"name":"x"}`)
		if err := h.intake.RemoveKey(h.as(admin), h.who(admin), k.ID); err != nil {
			h.Fatal(err)
		}
		if _, err := h.sales.Door(h.Context(), turned.Key); !fault.Is(err, fault.NotFound) {
			h.Errorf("a removed door: %v", err)
		}
	})
}
