package salesstore_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voronka/internal/kernel/fault"
	"voronka/internal/sales/drum"
)

// TestFirstWalk is the main street: a request, a lead, an offer, a miss with its incident, the next person, a take, and
// the whole story in the card.
func TestFirstWalk(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.drum(anna, boris, vera))
		a := h.send(door, `{"name":"Иван Петров","phone":"8 (912) 345-67-89","email":"Ivan+ad@Mail.ru","comment":"Нужна сигнализация","utm_source":"yandex","budget":"много"}`)
		if a.Record.Type != "lead" || a.Offer == nil || a.Offer.UserID != anna || a.Client.Type != "contact" {
			t.Fatalf("%+v", a)
		}
		lead := a.Record
		for code, want := range map[string]string{
			"title": `"Иван Петров"`, "responsible": "3", "stage": `"new"`, "source": `"site"`, "utm_source": `"yandex"`,
			"comment": `"Нужна сигнализация"`, "phones": `[{"value":"8 (912) 345-67-89","e164":"+79123456789"}]`,
		} {
			if got := h.field(lead, code); got != want {
				h.Errorf("%s is %s, want %s", code, got, want)
			}
		}

		h.run(29 * time.Minute)
		if o := h.open(lead); o == nil || o.ID != a.Offer.ID || o.SecondsLeft(h.clock.Now()) != 60 {
			h.Fatalf("before its time: %+v", o)
		}
		h.run(time.Minute)
		o := h.open(lead)
		if o == nil || o.UserID != boris || o.Round != 2 || h.load(lead).ResponsibleID != boris {
			h.Fatalf("after a miss: %+v", o)
		}
		if n := h.int("SELECT count(*) FROM incident WHERE kind = 'missed_offer' AND user_id = ? AND record_id = ? AND dept_pos = 1000", anna, lead.ID); n != 1 {
			h.Errorf("%d incidents", n)
		}
		if _, err := h.drums.Take(h.as(anna), h.who(anna), a.Offer.ID); !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) {
			h.Errorf("too late: %v", err)
		}
		if _, err := h.drums.Take(h.as(vera), h.who(vera), o.ID); !fault.Is(err, fault.NotFound) {
			h.Errorf("not hers: %v", err)
		}
		taken, err := h.drums.Take(h.as(boris), h.who(boris), o.ID)
		if err != nil || taken.State != drum.Taken {
			h.Fatalf("%+v %v", taken, err)
		}
		if _, err := h.drums.Take(h.as(boris), h.who(boris), o.ID); err != nil {
			h.Errorf("once more: %v", err)
		}
		if got := h.field(lead, "stage"); got != `"in_work"` {
			h.Errorf("taken on %s", got)
		}
		if s := h.load(a.Client); s.ResponsibleID != boris {
			h.Errorf("the contact is %d's", s.ResponsibleID)
		}
		h.run(24 * time.Hour)
		want := []string{"created", "request_came", "offer_made", "offer_missed", "incident", "changed", "offer_made", "offer_taken", "moved"}
		if diff := cmp.Diff(want, h.kinds(lead)); diff != "" {
			h.Error(diff)
		}
		for cause, want := range map[string]int64{"intake": 2, "drum": 5, "person": 2} {
			if n := h.int("SELECT count(*) FROM journal WHERE type_id = (SELECT id FROM record_type WHERE code = 'lead') AND cause LIKE ?", `%"kind":"`+cause+`"%`); n != want {
				h.Errorf("%d entries because of %s, want %d", n, cause, want)
			}
		}
		if n := h.int("SELECT count(*) FROM deadline WHERE state = 'open'") + h.int("SELECT count(*) FROM job"); n != 0 {
			h.Errorf("%d deadlines and jobs are left over", n)
		}
	})
}
