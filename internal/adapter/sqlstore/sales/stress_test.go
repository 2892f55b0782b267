package salesstore_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/portal"
	"voronka/internal/flow/stage"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/activity"
	"voronka/internal/record/record"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
)

// crowd is several people and machines doing everything at once with the same few records.
type crowd struct {
	*house
	door  *intake.Key
	until time.Time
	done  atomic.Int64
	fails atomic.Int64
}

// TestNobodyIsHinderedByOthers lets eight writers create, move, hand over, take and delete the same records, while offers
// and stages run out: the database sorts it out by itself, and afterwards all counts are right. It takes as long as
// VORONKA_STRESS says, two seconds by default.
func TestNobodyIsHinderedByOthers(t *testing.T) {
	length, err := time.ParseDuration(cmp.Or(os.Getenv("VORONKA_STRESS"), "2s"))
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(h *house) {
		h.records.Add(&activity.Steps{Store: h.schema})
		c := &crowd{house: h, door: h.door(h.drum(anna, boris, vera)), until: time.Now().Add(length)}
		limit := int64(600)
		for _, typ := range []string{"lead", "deal"} {
			first := h.catalog().Pipelines(typ)[0].Stages[0]
			if err := h.stages.Change(h.as(admin), h.who(admin), first.ID, stage.Patch{LimitSeconds: &limit}); err != nil {
				t.Fatal(err)
			}
		}
		var group sync.WaitGroup
		for i := range 8 {
			group.Go(func() { c.work(rand.New(rand.NewPCG(7, uint64(i)))) })
		}
		group.Go(c.pass)
		group.Wait()
		t.Logf("%d acts, %d refused, %d deadlocks solved", c.done.Load(), c.fails.Load(), c.deadlocks())
		if c.done.Load() < 20 {
			t.Error("hardly anything was done")
		}
		c.sound()
	})
}

// pass lets time go by, so that offers are missed and stages overstayed.
func (c *crowd) pass() {
	for time.Now().Before(c.until) && !c.Failed() {
		c.clock.Advance(3 * time.Minute)
		if _, err := c.jobs.RunDue(c.as(0)); err != nil {
			c.Errorf("jobs: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (c *crowd) work(r *rand.Rand) {
	people := []int64{admin, head, anna, boris, vera}
	for time.Now().Before(c.until) && !c.Failed() {
		err := c.act(r, people[r.IntN(len(people))])
		var known *fault.Error
		switch {
		case err == nil:
			c.done.Add(1)
		case errors.As(err, &known) && (known.Code == fault.NotFound || known.Code == fault.Conflict || known.Code == fault.Invalid || known.Code == fault.Forbidden):
			c.fails.Add(1) // gone, taken, not his: answers, not accidents
		default:
			c.Errorf("%v", err)
		}
	}
}

// act does one thing to a record most others are busy with too.
func (c *crowd) act(r *rand.Rand, user int64) error {
	who, ctx := c.who(user), c.as(user)
	at := ref.Ref{Type: []string{"lead", "deal"}[r.IntN(2)], ID: int64(1 + r.IntN(25))}
	update := func(v record.Values) error {
		return c.d.Do(ctx, func(t tx.Tx) error { _, err := c.records.Update(t, who, at, v, 0); return err })
	}
	create := func(typ string, v record.Values) error {
		return c.d.Do(ctx, func(t tx.Tx) error { _, err := c.records.Create(t, who, typ, v); return err })
	}
	stages := c.catalog().Pipelines(at.Type)[0].Stages
	switch n := r.IntN(20); {
	case n < 3:
		_, err := c.trySend(c.door, fmt.Sprintf(`{"name":"Клиент","phone":"+7912345%04d","email":"k%d@example.com"}`, r.IntN(15), r.IntN(15)))
		return err
	case n < 5:
		return create(at.Type, record.Values{"title": "Новая", "amount": fmt.Sprint(r.IntN(1000)), "observers": []any{int64(head)}})
	case n < 9:
		return update(record.Values{"stage": stages[r.IntN(len(stages))].Code, "amount": fmt.Sprint(r.IntN(1000))})
	case n < 13:
		return update(record.Values{"responsible": int64(anna + r.IntN(3))})
	case n < 14:
		return c.d.Do(ctx, func(t tx.Tx) error { return c.records.Delete(t, who, at) })
	case n < 15:
		return c.d.Do(ctx, func(t tx.Tx) error { return c.records.Restore(t, who, at.Type, at.ID) })
	case n < 17:
		offers, err := c.sales.Offers(ctx, who, drum.OfferFilter{})
		if err != nil || len(offers) == 0 {
			return err
		}
		_, err = c.drums.Take(ctx, who, offers[r.IntN(len(offers))].ID)
		return err
	case n < 18:
		return create(activity.Type, record.Values{"title": "Звонок", "about": []any{at}, "due_at": fmt.Sprintf("2026-12-%02dT10:00:00Z", 1+r.IntN(28))})
	default:
		ids := make([]int64, 10)
		for i := range ids {
			ids[i] = int64(1 + r.IntN(25))
		}
		_, err := c.records.BulkUpdate(ctx, c.d, who, at.Type, ids, record.Values{"responsible": int64(anna + r.IntN(3)), "stage": stages[r.IntN(2)].Code})
		return err
	}
}

// deadlocks is how often PostgreSQL had to end a transaction so that others could go on.
func (c *crowd) deadlocks() int64 {
	if c.d.Dialect() != db.Postgres {
		return 0
	}
	return c.int("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
}

// sound asks doctor about everything the crowd touched.
func (c *crowd) sound() {
	c.Helper()
	for _, check := range append(portal.Checks(nil), c.schema.Checks()...) {
		if check.Name == "files" || check.Name == "jobs" {
			continue // there are no files, and jobs of later are no trouble
		}
		found, err := check.Run(c.Context(), c.d)
		if err != nil {
			c.Errorf("%s: %v", check.Name, err)
		}
		for _, f := range found {
			c.Errorf("%s: %s %v", check.Name, f.Key, f.Args)
		}
	}
	if n := c.int("SELECT count(*) FROM (SELECT type_id, record_id FROM offer WHERE decided_at = 0 GROUP BY type_id, record_id HAVING count(*) > 1) AS doubled"); n != 0 {
		c.Errorf("%d records have two open offers", n)
	}
}
