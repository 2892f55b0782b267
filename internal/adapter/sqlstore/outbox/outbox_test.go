package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/adapter/sqlstore/outbox"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
)

// ear remembers what it hears.
type ear struct {
	mu   sync.Mutex
	seqs []int64
	ids  []int64
}

func (e *ear) hear(_ context.Context, events []event.Event) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, ev := range events {
		e.seqs = append(e.seqs, ev.Seq)
		e.ids = append(e.ids, ev.Ref.ID)
	}
	return nil
}

func (e *ear) heard() []int64 { e.mu.Lock(); defer e.mu.Unlock(); return slices.Clone(e.ids) }
func (e *ear) order() []int64 { e.mu.Lock(); defer e.mu.Unlock(); return slices.Clone(e.seqs) }

func run(t *testing.T, p *outbox.Pump) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := p.Run(ctx); err != nil && ctx.Err() == nil {
			t.Error(err)
		}
	}()
	select {
	case <-p.Ready():
	case <-time.After(10 * time.Second):
		t.Fatal("the pump did not start")
	}
	stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(stop)
	return stop
}

func emit(t *testing.T, d *db.DB, id int64) {
	t.Helper()
	if err := d.Do(t.Context(), func(x tx.Tx) error { return emitIn(x, id) }); err != nil {
		t.Fatal(err)
	}
}

func emitIn(x tx.Tx, id int64) error {
	return x.Emit(event.Event{Type: "record.changed", Ref: ref.Ref{Type: "deal", ID: id}, Fields: []string{"amount"}})
}

func wait(t *testing.T, limit time.Duration, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain: " + what)
		}
	}
}

func TestDeliversInOrderWhatWasCommittedAfterTheStart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		emit(t, d, 1)
		p := outbox.NewPump(d)
		var e ear
		p.Subscribe("ear", false, e.hear)
		p.Subscribe("broken", false, func(context.Context, []event.Event) error { panic("a subscriber's own trouble") })
		run(t, p)
		for id := int64(2); id <= 20; id++ {
			emit(t, d, id)
		}
		failed := errors.New("no")
		err := d.Do(t.Context(), func(x tx.Tx) error { return errors.Join(emitIn(x, 99), failed) })
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		emit(t, d, 21)
		started := time.Now()
		wait(t, 5*time.Second, "21", func() bool { return slices.Contains(e.heard(), 21) })
		if took := time.Since(started); took > 3*time.Second { // looking by itself it would have found it after five
			t.Errorf("nobody woke the pump: %v", took)
		}
		got := slices.DeleteFunc(e.heard(), func(id int64) bool { return id == 1 }) // 1 may be numbered after the start
		want := []int64{}
		for id := int64(2); id <= 21; id++ {
			want = append(want, id)
		}
		if !slices.Equal(got, want) || !slices.IsSorted(e.order()) {
			t.Fatal(got, e.order())
		}
	})
}

func TestSlowTransactionIsNotSkippedAndHoldsUpNobody(t *testing.T) {
	const others = 1000
	dbtest.EachOptions(t, func(t *testing.T, o db.Options) {
		hold := 5 * time.Second
		if o.DSN == "" {
			hold = 0 // one writer: nobody can overtake
		}
		d, other := dbtest.Open(t, o), dbtest.Open(t, o)
		var first, second ear
		for node, e := range map[*db.DB]*ear{d: &first, other: &second} {
			p := outbox.NewPump(node)
			p.Subscribe("ear", false, e.hear)
			run(t, p)
		}
		begun, release := make(chan struct{}), make(chan struct{})
		tell := sync.OnceFunc(func() { close(begun) })
		var group sync.WaitGroup
		group.Go(func() {
			err := d.Do(context.Background(), func(x tx.Tx) error {
				// Written at once, unlike Emit: the worst case, a small id that commits last.
				_, err := db.Of(x).Exec("INSERT INTO outbox (type, body) VALUES ('slow', ?)",
					fmt.Sprintf(`{"at":%d,"ref":{"type":"deal","id":1000000}}`, x.Now()))
				tell()
				if hold > 0 {
					<-release
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
		if hold > 0 {
			<-begun
		} else {
			group.Wait()
		}
		started := time.Now()
		for w := range 4 {
			group.Go(func() {
				for i := range others / 4 {
					emit(t, []*db.DB{d, other}[i%2], int64(w*others/4+i+1))
				}
			})
		}
		if hold > 0 {
			wait(t, hold, "the others, while one transaction is open", func() bool { return len(first.heard()) == others && len(second.heard()) == others })
			time.Sleep(time.Until(started.Add(hold)))
			close(release)
		}
		group.Wait()
		wait(t, 10*time.Second, "all", func() bool { return len(first.heard()) >= others+1 && len(second.heard()) >= others+1 })
		time.Sleep(50 * time.Millisecond)
		if !slices.Equal(first.heard(), second.heard()) || !slices.Equal(first.order(), second.order()) {
			t.Fatal("two listeners heard different things")
		}
		ids := first.heard()
		slices.Sort(ids)
		if len(slices.Compact(ids)) != others+1 || len(first.heard()) != others+1 || !slices.IsSorted(first.order()) {
			t.Fatal(len(first.heard()), "heard")
		}
	})
}

func TestDurableGoesOnWhereItWas(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var e ear
		refuse := true
		start := func() func() {
			p := outbox.NewPump(d)
			p.Subscribe("index", true, func(ctx context.Context, events []event.Event) error {
				e.mu.Lock()
				bad := refuse && events[len(events)-1].Ref.ID >= 3
				if bad {
					refuse = false
				}
				e.mu.Unlock()
				if bad {
					return errors.New("not now")
				}
				return e.hear(ctx, events)
			})
			return run(t, p)
		}
		stop := start()
		emit(t, d, 1)
		wait(t, 5*time.Second, "1", func() bool { return slices.Contains(e.heard(), 1) })
		emit(t, d, 2)
		emit(t, d, 3)
		wait(t, 5*time.Second, "3 after a refusal", func() bool { return slices.Contains(e.heard(), 3) })
		stop()
		emit(t, d, 4)
		start()
		emit(t, d, 5)
		wait(t, 10*time.Second, "5 after a restart", func() bool { return slices.Contains(e.heard(), 5) })
		got := e.heard()
		slices.Sort(got)
		if !slices.Equal(slices.Compact(got), []int64{1, 2, 3, 4, 5}) {
			t.Fatal(got)
		}
	})
}

func TestDurableRunsOnOneNode(t *testing.T) {
	dbtest.EachOptions(t, func(t *testing.T, o db.Options) {
		d, other := dbtest.Open(t, o), dbtest.Open(t, o)
		var e ear
		var stops []func()
		for _, node := range []*db.DB{d, other} {
			p := outbox.NewPump(node)
			p.Subscribe("index", true, e.hear)
			stops = append(stops, run(t, p))
		}
		for id := int64(1); id <= 50; id++ {
			emit(t, d, id)
		}
		wait(t, 10*time.Second, "50", func() bool { return slices.Contains(e.heard(), 50) })
		stops[0]() // the other takes over, whoever had it
		emit(t, d, 51)
		wait(t, 10*time.Second, "51 on the other node", func() bool { return slices.Contains(e.heard(), 51) })
		if got := e.heard(); len(got) != 51 || !slices.IsSorted(got) {
			t.Fatal(got)
		}
	})
}

func TestSince(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := outbox.NewPump(d)
		var e ear
		p.Subscribe("ear", false, e.hear)
		run(t, p)
		for id := int64(1); id <= 10; id++ {
			emit(t, d, id)
		}
		wait(t, 5*time.Second, "10", func() bool { return len(e.heard()) == 10 })
		fifth := e.order()[4]
		events, err := p.Since(t.Context(), fifth, 3)
		if err != nil || len(events) != 3 || events[0].Ref.ID != 6 || events[0].Fields[0] != "amount" || events[0].Seq != e.order()[5] {
			t.Fatal(events, err)
		}
		if events, err = p.Since(t.Context(), p.Head(), 3); err != nil || len(events) != 0 {
			t.Fatal(events, err)
		}
		if _, err = p.Since(t.Context(), p.Head()+100, 3); !errors.Is(err, outbox.ErrGone) {
			t.Fatal(err)
		}
	})
}

func TestTrimKeepsThreeDaysAndWhatSomebodyWaitsFor(t *testing.T) {
	c := clock.NewManual(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := outbox.NewPump(d)
		var e ear
		gate := make(chan struct{})
		p.Subscribe("ear", false, e.hear)
		p.Subscribe("slow", true, func(ctx context.Context, _ []event.Event) error {
			select {
			case <-gate:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		run(t, p)
		for id := int64(1); id <= 10; id++ {
			emit(t, d, id)
		}
		wait(t, 5*time.Second, "10", func() bool { return len(e.heard()) == 10 })
		c.Advance(73 * time.Hour)
		for id := int64(11); id <= 12; id++ {
			emit(t, d, id)
		}
		wait(t, 5*time.Second, "12", func() bool { return len(e.heard()) == 12 })
		trim(t, p)
		if n := rows(t, d); n != 12 {
			t.Fatal("trimmed what a durable subscriber has not had:", n)
		}
		close(gate)
		wait(t, 5*time.Second, "the slow one", func() bool {
			behind := int64(-1)
			err := d.Read(t.Context(), func(q db.Q) (err error) { behind, _, _, err = outbox.Backlog(q); return err })
			return err == nil && behind == 0
		})
		trim(t, p)
		if n := rows(t, d); n != 2 {
			t.Fatal(n)
		}
		if _, err := p.Since(t.Context(), e.order()[3], 3); !errors.Is(err, outbox.ErrGone) {
			t.Fatal(err)
		}
		if events, err := p.Since(t.Context(), e.order()[9], 3); err != nil || len(events) != 2 {
			t.Fatal(events, err)
		}
		c.Advance(100 * time.Hour)
		trim(t, p)
		if n := rows(t, d); n != 0 {
			t.Fatal(n)
		}
		emit(t, d, 13) // numbers go on growing over an empty outbox
		wait(t, 5*time.Second, "13", func() bool { return slices.Contains(e.heard(), 13) })
		if o := e.order(); !slices.IsSorted(o) || o[12] != o[11]+1 {
			t.Fatal(o)
		}
	}, func(o *db.Options) { o.Clock = c })
}

func trim(t *testing.T, p *outbox.Pump) {
	t.Helper()
	if err := p.Trim(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func rows(t *testing.T, d *db.DB) (n int64) {
	t.Helper()
	err := d.Read(t.Context(), func(q db.Q) (err error) { n, err = db.Int(q, "SELECT count(*) FROM outbox"); return err })
	if err != nil {
		t.Fatal(fmt.Errorf("count: %w", err))
	}
	return n
}

func TestGoesOnAfterItsConnectionsAreKilled(t *testing.T) {
	d := dbtest.Postgres(t)
	p := outbox.NewPump(d)
	var live, kept ear
	p.Subscribe("live", false, live.hear)
	p.Subscribe("kept", true, kept.hear)
	run(t, p)
	emit(t, d, 1)
	wait(t, 5*time.Second, "1", func() bool { return slices.Contains(live.heard(), 1) && slices.Contains(kept.heard(), 1) })
	o := d.Options()
	if err := db.Admin(t.Context(), o, func(q db.Q) error {
		_, err := db.Int(q, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	wait(t, 10*time.Second, "a write", func() bool {
		return d.Do(t.Context(), func(x tx.Tx) error { return emitIn(x, 2) }) == nil
	})
	wait(t, 10*time.Second, "2", func() bool { return slices.Contains(live.heard(), 2) && slices.Contains(kept.heard(), 2) })
}

// On SQLite events are delivered from memory as far as this process wrote them: those of another come in between.
func TestTwoProcessesWriteInTurns(t *testing.T) {
	dbtest.EachOptions(t, func(t *testing.T, o db.Options) {
		here, there := dbtest.Open(t, o), dbtest.Open(t, o)
		p := outbox.NewPump(here)
		var e ear
		p.Subscribe("ear", false, e.hear)
		run(t, p)
		var want []int64
		for id := int64(1); id <= 40; id++ {
			d := here
			if id%5 == 0 || id > 35 {
				d = there
			}
			emit(t, d, id)
			if want = append(want, id); id%7 == 0 {
				wait(t, 10*time.Second, "the events so far", func() bool { return len(e.heard()) == len(want) })
			}
		}
		wait(t, 10*time.Second, "all events", func() bool { return len(e.heard()) >= len(want) })
		if got := e.heard(); !slices.Equal(got, want) {
			t.Errorf("heard %v", got)
		}
		if got := e.order(); !slices.IsSorted(got) || got[len(got)-1]-got[0] != int64(len(want)-1) {
			t.Errorf("in the order %v", got)
		}
	})
}
