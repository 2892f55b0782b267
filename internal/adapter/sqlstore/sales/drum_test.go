package salesstore_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
)

// asked sends a request of a new client.
func (h *house) asked(k *intake.Key, n int) intake.Answer {
	h.Helper()
	return h.send(k, fmt.Sprintf(`{"name":"Client %d","phone":"+7912000%04d"}`, n, n))
}

func (h *house) create(user int64, typ string, v record.Values) (r ref.Ref) {
	h.Helper()
	h.do(user, func(t tx.Tx) (err error) {
		r.Type = typ
		r.ID, err = h.records.Create(t, access.System(), typ, v)
		return err
	})
	return r
}

func (h *house) update(user int64, r ref.Ref, v record.Values) {
	h.Helper()
	h.do(user, func(t tx.Tx) error { _, err := h.records.Update(t, h.who(user), r, v, 0); return err })
}

func (h *house) state(offer int64) string {
	h.Helper()
	var state string
	if err := h.d.Read(h.Context(), func(q db.Q) error {
		_, err := db.One(q, "SELECT state FROM offer WHERE id = ?", []any{offer}, func(r db.Row) error { state = r.Text(0); return nil })
		return err
	}); err != nil {
		h.Fatal(err)
	}
	return state
}

func TestSixteenTakers(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.drum(anna, boris, vera))
		for n := range 5 {
			a := h.asked(door, n)
			var won, lost atomic.Int64
			var wait sync.WaitGroup
			for i := range 16 {
				wait.Go(func() {
					who := h.who(head)
					if i%2 == 0 {
						who = h.who(admin)
					}
					if i == 5 {
						who = h.who(a.Offer.UserID)
					}
					switch o, err := h.drums.Take(h.as(who.UserID), who, a.Offer.ID); {
					case err == nil && o.State == drum.Taken && o.DecidedBy == who.UserID:
						won.Add(1)
					case fault.Is(err, fault.Conflict), fault.Is(err, fault.NotFound), fault.Is(err, fault.Forbidden):
						lost.Add(1)
					default:
						h.Errorf("%+v %v", o, err)
					}
				})
			}
			wait.Wait()
			if n := h.int("SELECT count(*) FROM journal WHERE kind = 'offer_taken' AND record_id = ?", a.Record.ID); n != 1 || won.Load() == 0 {
				h.Errorf("taken %d times, %d believe they have it", n, won.Load())
			}
			if s := h.load(a.Record); s.ResponsibleID != h.int("SELECT decided_by FROM offer WHERE id = ?", a.Offer.ID) {
				h.Errorf("taken by one, %d's", s.ResponsibleID)
			}
		}
	})
}

// TestTakeAgainstMiss lets takers race with the runner that finds the same offers late.
func TestTakeAgainstMiss(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.drum(anna, boris, vera))
		var offers []*drum.Offer
		for n := range 12 {
			offers = append(offers, h.asked(door, n).Offer)
		}
		h.clock.Advance(30 * time.Minute)
		var wait sync.WaitGroup
		for _, o := range offers {
			wait.Go(func() {
				if _, err := h.drums.Take(h.as(o.UserID), h.who(o.UserID), o.ID); err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) {
					h.Error(err)
				}
			})
		}
		wait.Go(func() {
			if _, err := h.jobs.RunDue(h.Context()); err != nil {
				h.Error(err)
			}
		})
		wait.Wait()
		taken, missed := h.int("SELECT count(*) FROM offer WHERE state = 'taken'"), h.int("SELECT count(*) FROM offer WHERE state = 'missed'")
		if taken+missed != 12 || h.int("SELECT count(*) FROM offer WHERE decided_at = 0") != missed || h.int("SELECT count(*) FROM incident") != missed {
			h.Errorf("%d taken, %d missed, %d open, %d incidents", taken, missed, h.int("SELECT count(*) FROM offer WHERE decided_at = 0"), h.int("SELECT count(*) FROM incident"))
		}
	})
}

func TestMissesReachTheHead(t *testing.T) {
	each(t, func(h *house) {
		lead := h.asked(h.door(h.drum(anna, boris)), 1).Record
		for range 4 {
			if o := h.open(lead); o.State != drum.Offered {
				h.Fatalf("%+v", o)
			}
			h.run(30 * time.Minute)
		}
		o := h.open(lead)
		if o == nil || o.State != drum.Escalated || o.UserID != head || o.DueAt != 0 || h.load(lead).ResponsibleID != head {
			h.Fatalf("%+v", o)
		}
		h.run(1000 * time.Hour)
		if h.open(lead).ID != o.ID {
			h.Error("the head has no deadline")
		}
		if n := h.int("SELECT count(*) FROM incident"); n != 4 {
			h.Errorf("%d incidents", n)
		}
		if _, err := h.drums.Take(h.as(head), h.who(head), o.ID); err != nil || h.field(lead, "stage") != `"in_work"` {
			h.Error(err)
		}
	})
}

func TestWhatEndsAnOffer(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.drum(anna, boris, vera))
		for name, c := range map[string]struct {
			act   func(r ref.Ref, person int64)
			state string
		}{
			"moved by the person himself": {func(r ref.Ref, person int64) { h.update(person, r, record.Values{"stage": "in_work"}) }, drum.Taken},
			"closed by the head":          {func(r ref.Ref, _ int64) { h.update(head, r, record.Values{"stage": "not_ours", "lost_reason": "spam"}) }, drum.Withdrawn},
			"given to somebody else":      {func(r ref.Ref, _ int64) { h.update(head, r, record.Values{"responsible": head}) }, drum.Withdrawn},
			"deleted": {func(r ref.Ref, _ int64) {
				h.do(admin, func(t tx.Tx) error { return h.records.Delete(t, h.who(admin), r) })
			}, drum.Withdrawn},
			"merely edited": {func(r ref.Ref, person int64) { h.update(person, r, record.Values{"comment": "!"}) }, drum.Offered},
		} {
			a := h.asked(door, len(name))
			c.act(a.Record, a.Offer.UserID)
			if got := h.state(a.Offer.ID); got != c.state {
				h.Errorf("%s: %s, want %s", name, got, c.state)
			}
		}
		h.run(29 * time.Minute)
		if n := h.int("SELECT count(*) FROM incident") + h.int("SELECT count(*) FROM offer WHERE round > 1"); n != 0 {
			h.Errorf("%d incidents and next offers", n)
		}
		if n := h.int("SELECT count(*) FROM job WHERE kind = 'deadline'"); n != 1 {
			h.Errorf("%d deadlines wait", n)
		}
	})
}

func TestPeopleComeAndGo(t *testing.T) {
	each(t, func(h *house) {
		id := h.drum(anna, boris, gone)
		door := h.door(id)
		first, second := h.asked(door, 1), h.asked(door, 2)
		if first.Offer.UserID != anna || second.Offer.UserID != boris {
			h.Fatalf("%+v %+v", first.Offer, second.Offer)
		}
		leave := func(person int64) {
			h.do(admin, func(t tx.Tx) error {
				if err := db.Bump(t, "org"); err != nil {
					return err
				}
				if _, err := db.Of(t).Exec("UPDATE users SET active = 0 WHERE id = ?", person); err != nil {
					return err
				}
				return h.drums.OnDeactivated(t, person)
			})
		}
		leave(anna)
		if o := h.open(first.Record); o == nil || o.UserID != boris || h.state(first.Offer.ID) != drum.Withdrawn {
			h.Errorf("Anna has left: %+v", o)
		}
		leave(boris)
		if o := h.open(first.Record); o == nil || o.UserID != 0 || o.State != drum.Waiting || h.load(first.Record).ResponsibleID != head {
			h.Errorf("nobody is left: %+v", o)
		}
		h.do(admin, func(t tx.Tx) error {
			if _, err := db.Of(t).Exec("UPDATE department SET head_id = 0"); err != nil {
				return err
			}
			return db.Bump(t, "org")
		})
		third := h.asked(door, 3)
		if third.Offer.State != drum.Waiting || h.load(third.Record).ResponsibleID != 0 {
			h.Errorf("nobody at all: %+v", third.Offer)
		}
		members := []drum.Member{{UserID: vera, Active: true}}
		if err := h.drums.Change(h.as(admin), h.who(admin), id, drum.Patch{Members: &members}); err != nil {
			h.Fatal(err)
		}
		h.run(0)
		if o := h.open(third.Record); o == nil || o.UserID != vera || o.State != drum.Offered {
			h.Errorf("Vera has come: %+v", o)
		}
		if n := h.int("SELECT count(*) FROM incident"); n != 0 {
			h.Errorf("%d incidents", n)
		}
		if err := h.drums.Remove(h.as(admin), h.who(admin), id); err != nil {
			h.Fatal(err)
		}
		if n := h.int("SELECT count(*) FROM offer WHERE decided_at = 0") + h.int("SELECT count(*) FROM deadline WHERE state = 'open'"); n != 0 {
			h.Errorf("%d offers and deadlines of a removed drum", n)
		}
		if a := h.asked(door, 4); a.Offer != nil || a.Record.Zero() {
			h.Errorf("without its drum a door still takes requests: %+v", a)
		}
	})
}

func TestOffersUnderRights(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.drum(anna, boris, vera))
		for n := range 6 {
			h.asked(door, n)
		}
		for person, want := range map[int64]int{admin: 6, head: 6, anna: 2, boris: 2} {
			list, err := h.sales.Offers(h.Context(), h.who(person), drum.OfferFilter{Limit: 100})
			if err != nil || len(list) != want || want > 0 && list[0].Title == "" {
				h.Errorf("%d sees %d offers, want %d (%v)", person, len(list), want, err)
			}
		}
		mine, err := h.sales.Offers(h.Context(), h.who(head), drum.OfferFilter{Mine: true, Limit: 100})
		if err != nil || len(mine) != 0 {
			h.Errorf("the head's own: %v %v", mine, err)
		}
		if n := h.int("SELECT count(*) FROM (SELECT user_id, count(*) AS n FROM offer GROUP BY user_id) x WHERE n <> 2"); n != 0 {
			h.Error("not dealt in turn")
		}
	})
}
