package salesstore_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/sales/form"
	"voronka/internal/sales/intake"
)

func (h *house) hold(k *intake.Key, json, reason, dedupe string) int64 {
	h.Helper()
	p, err := intake.ParseJSON([]byte(json))
	if err != nil {
		h.Fatal(err)
	}
	id, err := h.intake.Hold(h.as(0), intake.Incoming{Key: k.Key, Payload: p, Dedupe: dedupe}, reason)
	if err != nil {
		h.Fatal(err)
	}
	return id
}

// heldNow are the numbers of the requests that wait.
func (h *house) heldNow() (ids []int64) {
	h.Helper()
	list, err := h.sales.Held(h.Context(), intake.HeldFilter{Limit: 100})
	if err != nil {
		h.Fatal(err)
	}
	for _, one := range list {
		ids = append(ids, one.ID)
	}
	return ids
}

// TestAPageIsWornOut: a puzzle solved once is no proof for any number of requests.
func TestAPageIsWornOut(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.drum(anna))
		worn := func(page string) bool {
			w, err := h.intake.Worn(h.Context(), door, page)
			if err != nil {
				h.Fatal(err)
			}
			return w
		}
		for n := range 5 {
			if worn("page") {
				h.Errorf("worn out after %d", n)
			}
			body := fmt.Sprintf(`{"phone":"+7912000000%d"}`, n)
			if n == 1 {
				h.hold(door, body, intake.WhyTooFast, "page.1")
				continue
			}
			p, err := intake.ParseJSON([]byte(body))
			if err != nil {
				h.Fatal(err)
			}
			if _, err := h.intake.Accept(h.as(0), intake.Incoming{Key: door.Key, Payload: p, Dedupe: fmt.Sprint("page.", n)}); err != nil {
				h.Fatal(err)
			}
		}
		if !worn("page") || worn("pag") || worn("pages") {
			h.Error("pages are told apart wrongly")
		}
	})
}

func TestHeldRequestsAreLetIn(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.drum(anna, boris))
		body := `{"name":"Иван","phone":"8 912 345-67-89","attribution":{"first":{"source":"ya"},"last":{"campaign":"осень"}}}`
		id := h.hold(door, body, intake.WhyNoScript, "page 1")
		if again := h.hold(door, body, intake.WhyNoScript, "page 1"); again != id || len(h.heldNow()) != 1 {
			h.Errorf("the same once more is another one: %d %v", again, h.heldNow())
		}
		if n := h.int("SELECT count(*) FROM request") + h.int("SELECT count(*) FROM r_lead") + h.int("SELECT count(*) FROM r_contact"); n != 0 {
			h.Errorf("%d rows before anybody has decided", n)
		}
		if _, err := h.intake.AcceptHeld(h.as(anna), h.who(anna), id); !fault.Is(err, fault.Forbidden) {
			h.Errorf("a manager decides: %v", err)
		}
		h.clock.Advance(time.Hour)
		a, err := h.intake.AcceptHeld(h.as(head), h.who(head), id)
		if err != nil || a.Offer == nil || a.Record.Type != "lead" {
			h.Fatalf("%+v %v", a, err)
		}
		if _, err := h.intake.AcceptHeld(h.as(admin), h.who(admin), id); !fault.Is(err, fault.Conflict) {
			h.Errorf("twice: %v", err)
		}
		if err := h.intake.RejectHeld(h.as(admin), h.who(admin), id); !fault.Is(err, fault.Conflict) {
			h.Errorf("rejected after all: %v", err)
		}
		list, err := h.sales.Requests(h.Context(), h.who(admin), intake.RequestFilter{Record: a.Record, Limit: 5})
		if err != nil || len(list) != 1 || !strings.Contains(string(list[0].Attribution), `"campaign":"осень"`) {
			h.Errorf("%+v %v", list, err)
		}
		if got := h.field(a.Record, "utm_campaign"); got != `"осень"` {
			h.Errorf("the record doesn't tell the last visit: %s", got)
		}
		if n := h.int("SELECT count(*) FROM held_request WHERE payload LIKE '%Иван%' OR attribution <> ''"); n != 0 {
			h.Error("what was decided is kept twice")
		}
		decided, err := h.sales.Held(h.Context(), intake.HeldFilter{State: intake.HeldAccepted, Limit: 5})
		if err != nil || len(decided) != 1 || decided[0].Record != a.Record || decided[0].DecidedBy != head || decided[0].KeyTitle != "Сайт" {
			h.Errorf("%+v %v", decided, err)
		}
		if n := h.int("SELECT count(*) FROM journal WHERE cause LIKE '%intake.cause.accepted%'"); n == 0 {
			h.Error("the card doesn't say that a person let it in")
		}
		if n := h.int("SELECT count(*) FROM journal WHERE diff LIKE ?", fmt.Sprintf(`%%"accepted_by":%d%%`, head)); n != 1 {
			h.Errorf("the card names who let it in %d times", n)
		}
	})
}

func TestOneDecisionOfMany(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.drum(anna))
		id := h.hold(door, `{"phone":"+79123456789"}`, intake.WhyTrap, "")
		var wait sync.WaitGroup
		won := make(chan string, 8)
		for i := range 8 {
			wait.Go(func() {
				var err error
				if i%2 == 0 {
					_, err = h.intake.AcceptHeld(h.as(admin), h.who(admin), id)
				} else {
					err = h.intake.RejectHeld(h.as(head), h.who(head), id)
				}
				switch {
				case err == nil:
					won <- fmt.Sprint(i)
				case !fault.Is(err, fault.Conflict):
					h.Error(err)
				}
			})
		}
		wait.Wait()
		if len(won) != 1 {
			h.Errorf("%d decisions", len(won))
		}
	})
}

func TestRejectedIsForgotten(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(0)
		first := h.hold(door, `{"phone":"+79123456789"}`, intake.WhyTrap, "")
		if err := h.intake.RejectHeld(h.as(head), h.who(head), first); err != nil {
			h.Fatal(err)
		}
		h.clock.Advance(31 * 24 * time.Hour)
		second := h.hold(door, `{"phone":"+79123456780"}`, intake.WhyTrap, "")
		if err := h.intake.RejectHeld(h.as(head), h.who(head), second); err != nil {
			h.Fatal(err)
		}
		if n := h.int("SELECT count(*) FROM held_request"); n != 1 {
			h.Errorf("%d are remembered", n)
		}
		if n, err := h.sales.HeldWaiting(h.Context(), 100); n != 0 || err != nil {
			h.Errorf("%d wait %v", n, err)
		}
	})
}

func TestFloodOfHeldRequestsEnds(t *testing.T) {
	each(t, func(h *house) {
		door, other := h.door(0), h.door(0)
		h.do(0, func(t tx.Tx) error {
			_, err := db.Of(t).Exec(`INSERT INTO held_request (at, intake_key_id, reason, payload, state)
				WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT 0, ?, 'trap', '{}', 'waiting' FROM n`, intake.MaxHeld, door.ID)
			return err
		})
		p, _ := intake.ParseJSON([]byte(`{"phone":"+79123456789"}`))
		if _, err := h.intake.Hold(h.as(0), intake.Incoming{Key: door.Key, Payload: p}, intake.WhyTrap); !fault.Is(err, fault.TooMany) {
			h.Errorf("one more: %v", err)
		}
		h.hold(other, `{"phone":"+79123456789"}`, intake.WhyTrap, "")
	})
}

// TestRemovedFormLosesNothing: what people had open when a form was removed is held and can be let in.
func TestRemovedFormLosesNothing(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.drum(anna))
		before := h.send(door, `{"phone":"+79123456789"}`)
		if err := h.intake.RemoveKey(h.as(admin), h.who(admin), door.ID); err != nil {
			h.Fatal(err)
		}
		if err := h.intake.RemoveKey(h.as(admin), h.who(admin), door.ID); !fault.Is(err, fault.NotFound) {
			h.Errorf("removed twice: %v", err)
		}
		title := "x"
		if _, err := h.intake.ChangeKey(h.as(admin), h.who(admin), door.ID, intake.KeyPatch{Title: &title}); !fault.Is(err, fault.NotFound) {
			h.Errorf("a removed form is changed: %v", err)
		}
		if _, err := h.trySend(door, `{"phone":"+79123456780"}`); !fault.Is(err, fault.NotFound) {
			h.Errorf("programs still get in: %v", err)
		}
		closed, err := h.sales.ClosedDoor(h.Context(), door.Key)
		if err != nil || closed.ID != door.ID || closed.RemovedAt == 0 || closed.Form.Secret != door.Form.Secret {
			h.Fatalf("%+v %v", closed, err)
		}
		id := h.hold(door, `{"phone":"+79123456780"}`, intake.WhyFormClosed, "")
		a, err := h.intake.AcceptHeld(h.as(admin), h.who(admin), id)
		if err != nil || a.Offer == nil || a.Record == before.Record {
			h.Errorf("%+v %v", a, err)
		}
		if list, err := h.sales.Requests(h.Context(), h.who(admin), intake.RequestFilter{KeyID: door.ID, Limit: 5}); err != nil || len(list) != 2 {
			h.Errorf("the requests of a removed form: %v %v", list, err)
		}
	})
}

func TestConsentIsKeptWordForWord(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(0)
		with := func(ru string) form.Terms {
			o := form.Options{Consent: &form.Consent{Text: form.Titles{RU: ru}, Required: true}}
			k, err := h.intake.ChangeKey(h.as(admin), h.who(admin), door.ID, intake.KeyPatch{Form: &o})
			if err != nil {
				h.Fatal(err)
			}
			return k.Form.Consent.In("ru")
		}
		old := with("Согласен на всё")
		with("Согласен на звонок")
		with("Согласен на всё") // once more: no second copy
		p, _ := intake.ParseJSON([]byte(`{"phone":"+79123456789"}`))
		a, err := h.intake.Accept(h.as(0), intake.Incoming{Key: door.Key, Payload: p, Consent: old.Hash()})
		if err != nil {
			h.Fatal(err)
		}
		with("Другое")
		list, err := h.sales.Requests(h.Context(), h.who(admin), intake.RequestFilter{Record: a.Record, Limit: 5})
		if err != nil || len(list) != 1 || list[0].Consent == nil || *list[0].Consent != old {
			h.Errorf("%+v %v", list, err)
		}
		if n := h.int("SELECT count(*) FROM consent"); n != 6 { // three texts in two languages
			h.Errorf("%d texts", n)
		}
	})
}

func TestEveryRequestIsToldOfOnce(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(0)
		a := h.send(door, `{"phone":"+79123456789","dedupe":"1"}`)
		h.send(door, `{"phone":"+79123456789","dedupe":"1"}`)
		b := h.send(door, `{"phone":"+79123456789"}`)
		if n := h.int(`SELECT count(*) FROM outbox WHERE type = 'request.came'`); n != 2 {
			h.Errorf("told of %d", n)
		}
		for want, request := range map[string]int64{`"repeat":false`: a.Request, `"repeat":true`: b.Request} {
			if n := h.int(`SELECT count(*) FROM outbox WHERE type = 'request.came' AND body LIKE ? AND body LIKE ? AND body LIKE ?`, "%"+want+"%",
				fmt.Sprintf(`%%"request":%d%%`, request), fmt.Sprintf(`%%"key":%d,%%`, door.ID)); n != 1 {
				h.Errorf("%s: %d", want, n)
			}
		}
	})
}

func TestCardsOfAForm(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(0)
		a := h.send(door, `{"name":"Иван","company":"ООО «Огонь»","phone":"+79123456789","contact.position":"Инженер","contact.birthday":"вчера","company.inn":"7701234567","company.strange":"x"}`)
		if got := h.field(a.Client, "position"); got != `"Инженер"` {
			h.Error(got)
		}
		if got := h.field(a.Client, "comment"); got != `"birthday: вчера"` {
			h.Errorf("a mistyped value is lost: %s", got)
		}
		company := ref.Ref{Type: "company", ID: h.int("SELECT max(id) FROM r_company")}
		if got := h.field(company, "inn"); got != `"7701234567"` || h.load(company).Title != "ООО «Огонь»" {
			h.Errorf("%s of %s", got, h.load(company).Title)
		}
		for _, r := range []ref.Ref{a.Record, a.Client} {
			if n := h.int("SELECT company FROM "+"r_"+r.Type+" WHERE id = ?", r.ID); n != company.ID {
				h.Errorf("%s isn't of the company", r)
			}
		}
	})
}

func TestATrialLeavesNothing(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.drum(anna))
		p, _ := intake.ParseJSON([]byte(`{"name":"Проба","phone":"+79123456789"}`))
		before := h.int("SELECT count(*) FROM outbox")
		tried, err := h.intake.Try(h.as(admin), h.who(admin), door.ID, p)
		if err != nil || tried.UserID != anna || tried.Title != "Проба" || tried.Offer == nil || tried.Record.Type != "lead" {
			h.Fatalf("%+v %v", tried, err)
		}
		for _, table := range []string{"request", "r_lead", "r_contact", "offer", "client_key"} {
			if n := h.int("SELECT count(*) FROM " + table); n != 0 {
				h.Errorf("%d rows of %s stay", n, table)
			}
		}
		if n := h.int("SELECT count(*) FROM outbox"); n != before {
			h.Error("somebody hears of it")
		}
		if _, err := h.intake.Try(h.as(anna), h.who(anna), door.ID, p); !fault.Is(err, fault.Forbidden) {
			h.Errorf("a manager tries: %v", err)
		}
		if a := h.send(door, `{"name":"Иван","phone":"+79123456789"}`); a.Repeat || a.Offer.UserID != anna {
			h.Errorf("%+v", a)
		}
	})
}
