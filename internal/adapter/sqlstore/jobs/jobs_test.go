package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/adapter/sqlstore/jobs"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// withClock opens test databases with a clock that stands still.
func withClock() (*clock.Manual, dbtest.Option) {
	c := clock.NewManual(noon)
	return c, func(o *db.Options) { o.Clock = c }
}

// mark is a handler that writes a row named after the job's payload.
func mark(kind string) job.Handler {
	return job.Handler{Kind: kind, Run: func(x any, j job.Job) error {
		t := x.(tx.Tx)
		_, err := db.Of(t).Exec("INSERT INTO setting (key, value) VALUES (?, ?)", fmt.Sprintf("%s-%d", kind, j.ID), string(j.Payload))
		return err
	}}
}

func handlers(list ...job.Handler) map[string]job.Handler {
	m := map[string]job.Handler{}
	for _, h := range list {
		m[h.Kind] = h
	}
	return m
}

func do(t *testing.T, d *db.DB, f func(tx.Tx) error) {
	t.Helper()
	if err := d.Do(context.WithoutCancel(t.Context()), f); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, d *db.DB, sql string, args ...any) int64 {
	t.Helper()
	var n int64
	err := d.Read(context.WithoutCancel(t.Context()), func(q db.Q) (err error) { n, err = db.Int(q, sql, args...); return err })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func runDue(t *testing.T, r *jobs.Runner) int {
	t.Helper()
	n, err := r.RunDue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRunsWhatIsDueAndOnlyThat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := clock.NewManual(noon)
		d = reopen(t, d, c)
		r := jobs.NewRunner(d, handlers(mark("mark")))
		do(t, d, func(t tx.Tx) error {
			for i := range 3 {
				if err := t.Schedule(job.Job{Kind: "mark", DueAt: t.Now().Add(time.Duration(i) * time.Minute)}); err != nil {
					return err
				}
			}
			return nil
		})
		for want := 1; want <= 3; want++ {
			if n := runDue(t, r); n != 1 {
				t.Fatalf("ran %d", n)
			}
			if n := count(t, d, "SELECT count(*) FROM setting"); n != int64(want) {
				t.Fatal(n)
			}
			c.Advance(time.Minute)
		}
		if n := count(t, d, "SELECT count(*) FROM job"); n != 0 {
			t.Fatal(n, "jobs left")
		}
	})
}

// reopen gives the same database with another clock.
func reopen(t *testing.T, d *db.DB, c clock.Clock) *db.DB {
	t.Helper()
	o := d.Options()
	o.Clock = c
	return dbtest.Open(t, o)
}

func TestKeyReplacesAndCancels(t *testing.T) {
	c, option := withClock()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := jobs.NewRunner(d, handlers(mark("mark")))
		for _, payload := range []string{`"old"`, `"new"`} {
			do(t, d, func(t tx.Tx) error {
				return t.Schedule(job.Job{Kind: "mark", Key: "k", DueAt: c.Now(), Payload: json.RawMessage(payload)})
			})
		}
		do(t, d, func(t tx.Tx) error { return t.Schedule(job.Job{Kind: "mark", Key: "gone", DueAt: c.Now()}) })
		do(t, d, func(t tx.Tx) error { return t.Cancel("mark", "gone") })
		if n := runDue(t, r); n != 1 {
			t.Fatal("ran", n)
		}
		if n := count(t, d, `SELECT count(*) FROM setting WHERE value = '"new"'`); n != 1 {
			t.Fatal("the newer payload did not run")
		}
	}, option)
}

func TestJobOfTheSameBatchIsCancelledOrReplaced(t *testing.T) {
	c, option := withClock()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		first := job.Handler{Kind: "first", Run: func(x any, _ job.Job) error {
			t := x.(tx.Tx)
			if err := t.Cancel("mark", "cancelled"); err != nil {
				return err
			}
			return t.Schedule(job.Job{Kind: "mark", Key: "later", DueAt: t.Now().Add(time.Hour)})
		}}
		r := jobs.NewRunner(d, handlers(first, mark("mark")))
		do(t, d, func(t tx.Tx) error {
			return errors.Join(
				t.Schedule(job.Job{Kind: "first", DueAt: c.Now().Add(-time.Second)}),
				t.Schedule(job.Job{Kind: "mark", Key: "cancelled", DueAt: c.Now()}),
				t.Schedule(job.Job{Kind: "mark", Key: "later", DueAt: c.Now()}))
		})
		if n := runDue(t, r); n != 1 {
			t.Fatal("ran", n)
		}
		if n := count(t, d, "SELECT count(*) FROM setting"); n != 0 {
			t.Fatal("a cancelled job ran")
		}
		if n := count(t, d, "SELECT count(*) FROM job WHERE key = 'later' AND due_at > ?", c.Now()); n != 1 {
			t.Fatal("the replaced job is not waiting")
		}
	}, option)
}

func TestRecurringJobSchedulesItself(t *testing.T) {
	c, option := withClock()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c.Set(clock.Of(noon))
		ran := 0
		again := job.Handler{Kind: "again", Run: func(x any, j job.Job) error {
			ran++
			return x.(tx.Tx).Schedule(job.Job{Kind: "again", Key: j.Key, DueAt: j.DueAt.Add(time.Hour)})
		}}
		r := jobs.NewRunner(d, handlers(again))
		do(t, d, func(t tx.Tx) error { return t.Schedule(job.Job{Kind: "again", Key: "only", DueAt: c.Now()}) })
		for range 3 {
			runDue(t, r)
			c.Advance(time.Hour)
		}
		if n := count(t, d, "SELECT count(*) FROM job"); ran != 3 || n != 1 {
			t.Fatal(ran, n)
		}
	}, option)
}

func TestFailureIsAloneAndEndsDead(t *testing.T) {
	c, option := withClock()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c.Set(clock.Of(noon))
		broken := true
		bad := job.Handler{Kind: "bad", MaxAttempts: 3, Run: func(x any, j job.Job) error {
			t := x.(tx.Tx)
			if _, err := db.Of(t).Exec("INSERT INTO setting (key, value) VALUES (?, 'trace')", fmt.Sprint("bad", j.Attempt)); err != nil {
				return err
			}
			switch {
			case !broken:
				return nil
			case j.Attempt == 2:
				panic("boom")
			case j.Attempt == 3: // a failed statement, which spoils a PostgreSQL transaction
				_, err := db.Of(t).Exec("INSERT INTO setting (key, value) VALUES ('bad3', 'again')")
				return err
			}
			return errors.New("boom")
		}}
		r := jobs.NewRunner(d, handlers(bad, mark("mark")))
		do(t, d, func(t tx.Tx) error {
			return errors.Join(
				t.Schedule(job.Job{Kind: "mark", DueAt: c.Now()}),
				t.Schedule(job.Job{Kind: "bad", DueAt: c.Now()}),
				t.Schedule(job.Job{Kind: "mark", DueAt: c.Now()}))
		})
		for attempt := 1; attempt <= 3; attempt++ {
			runDue(t, r)
			if n := count(t, d, "SELECT count(*) FROM setting WHERE key LIKE 'mark%'"); n != 2 {
				t.Fatal("neighbours of a failing job", n)
			}
			if n := count(t, d, "SELECT count(*) FROM setting WHERE key LIKE 'bad%'"); n != 0 {
				t.Fatal("a failed job left a trace")
			}
			if n := count(t, d, "SELECT attempt FROM job"); n != int64(attempt) {
				t.Fatal("attempt", n)
			}
			c.Advance(time.Hour)
		}
		var dead []jobs.DeadJob
		err := d.Read(t.Context(), func(q db.Q) (err error) { dead, err = jobs.Dead(q, 10); return err })
		if err != nil || len(dead) != 1 || dead[0].Kind != "bad" || dead[0].Error == "" {
			t.Fatal(dead, err)
		}
		if n := runDue(t, r); n != 0 {
			t.Fatal("a dead job ran")
		}
		broken = false
		do(t, d, func(t tx.Tx) error { _, err := jobs.Revive(t, dead[0].ID); return err })
		if n := runDue(t, r); n != 1 {
			t.Fatal("a revived job did not run")
		}
		if n := count(t, d, "SELECT count(*) FROM setting WHERE key = 'bad1'"); n != 1 {
			t.Fatal("a revived job left no effect")
		}
	}, option)
}

func TestOutsideRetriesUnderItsLease(t *testing.T) {
	dbtest.EachOptions(t, func(t *testing.T, o db.Options) {
		d, other := dbtest.Open(t, o), dbtest.Open(t, o)
		var calls atomic.Int32
		entered, leave := make(chan struct{}), make(chan struct{})
		slow := job.Handler{Kind: "send", Do: func(_ context.Context, _ job.Job) error {
			calls.Add(1)
			entered <- struct{}{}
			<-leave
			return nil
		}}
		quick := job.Handler{Kind: "send", Do: func(_ context.Context, j job.Job) error {
			calls.Add(1)
			if j.Attempt != 2 {
				t.Errorf("attempt %d", j.Attempt)
			}
			return nil
		}}
		first, second := jobs.NewRunner(d, handlers(slow)), jobs.NewRunner(other, handlers(quick))
		first.Lease = 150 * time.Millisecond
		do(t, d, func(t tx.Tx) error { return t.Schedule(job.Job{Kind: "send", Key: "k", DueAt: t.Now()}) })
		finished := make(chan struct{})
		go func() {
			defer close(finished)
			if _, err := first.RunDue(context.WithoutCancel(t.Context())); err != nil {
				t.Error(err)
			}
		}()
		<-entered
		if n, err := second.RunDue(t.Context()); err != nil || n != 0 {
			t.Fatal("taken while leased", n, err)
		}
		time.Sleep(200 * time.Millisecond)
		if n, err := second.RunDue(t.Context()); err != nil || n != 1 {
			t.Fatal("not taken after the lease", n, err)
		}
		// A new job under the same key must not be finished by the one who lost the old.
		do(t, d, func(t tx.Tx) error {
			return t.Schedule(job.Job{Kind: "send", Key: "k", DueAt: t.Now().Add(time.Hour)})
		})
		close(leave)
		<-finished
		if n := count(t, d, "SELECT count(*) FROM job"); n != 1 {
			t.Fatal("the late finisher removed a job that is not his")
		}
		if calls.Load() != 2 {
			t.Fatal(calls.Load())
		}
	})
}

func TestOutsideFailsBacksOffAndDies(t *testing.T) {
	c, option := withClock()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c.Set(clock.Of(noon))
		var calls int
		h := job.Handler{Kind: "send", MaxAttempts: 2, Do: func(context.Context, job.Job) error { calls++; return errors.New("away") }}
		r := jobs.NewRunner(d, handlers(h))
		do(t, d, func(t tx.Tx) error { return t.Schedule(job.Job{Kind: "send", DueAt: t.Now()}) })
		runDue(t, r)
		runDue(t, r) // pausing
		if calls != 1 {
			t.Fatal("no pause after a failure", calls)
		}
		c.Advance(time.Hour)
		runDue(t, r)
		c.Advance(time.Hour)
		runDue(t, r)
		if n := count(t, d, "SELECT count(*) FROM job WHERE state = 'dead' AND error = 'away'"); n != 1 || calls != 2 {
			t.Fatal(n, calls)
		}
	}, option)
}

func TestTwoRunnersRunNothingTwice(t *testing.T) {
	const jobsN = 1500
	dbtest.EachOptions(t, func(t *testing.T, o db.Options) {
		d, other := dbtest.Open(t, o), dbtest.Open(t, o)
		schedule(t, d, "mark", jobsN)
		var mu sync.Mutex
		ran := map[int64]int{}
		h := job.Handler{Kind: "mark", Run: func(x any, j job.Job) error {
			t := x.(tx.Tx)
			t.AfterCommit(func() { mu.Lock(); ran[j.ID]++; mu.Unlock() })
			_, err := db.Of(t).Exec("INSERT INTO setting (key, value) VALUES (?, '')", fmt.Sprint(j.ID))
			return err
		}}
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		for _, node := range []*db.DB{d, other} {
			group.Go(func() {
				if err := jobs.NewRunner(node, handlers(h)).Run(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		wait(t, 20*time.Second, func() bool { return count(t, d, "SELECT count(*) FROM job") == 0 })
		cancel()
		group.Wait()
		if len(ran) != jobsN {
			t.Fatal(len(ran))
		}
		for id, n := range ran {
			if n != 1 {
				t.Fatalf("job %d ran %d times", id, n)
			}
		}
	})
}

func schedule(t *testing.T, d *db.DB, kind string, n int) {
	t.Helper()
	for done := 0; done < n; {
		do(t, d, func(x tx.Tx) error {
			for range min(500, n-done) {
				if err := x.Schedule(job.Job{Kind: kind, DueAt: x.Now()}); err != nil {
					return err
				}
			}
			return nil
		})
		done += min(500, n-done)
	}
}

func wait(t *testing.T, limit time.Duration, done func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain")
		}
	}
}

func TestRunWakesOnSchedule(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var group sync.WaitGroup
		group.Go(func() {
			if err := jobs.NewRunner(d, handlers(mark("mark"))).Run(ctx); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(50 * time.Millisecond) // asleep by now
		started := time.Now()
		schedule(t, d, "mark", 1)
		wait(t, 5*time.Second, func() bool { return count(t, d, "SELECT count(*) FROM setting") == 1 })
		if took := time.Since(started); took > 3*time.Second { // looking by itself it would have found it after five
			t.Errorf("woke only after %v", took)
		}
		cancel()
		group.Wait()
	})
}

// counting is a clock that counts how often it is asked, to catch busy loops.
type counting struct {
	clock.Manual
	asked atomic.Int64
}

func (c *counting) Now() clock.Instant { c.asked.Add(1); return c.Manual.Now() }

func TestClockJumpsAreNoBusyLoop(t *testing.T) {
	c := &counting{}
	c.Set(clock.Of(noon))
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c.Set(clock.Of(noon))
		do(t, d, func(t tx.Tx) error {
			return errors.Join(
				t.Schedule(job.Job{Kind: "mark", DueAt: c.Manual.Now().Add(time.Hour)}),
				t.Schedule(job.Job{Kind: "unknown", DueAt: c.Manual.Now().Add(-time.Hour)}))
		})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var group sync.WaitGroup
		group.Go(func() {
			if err := jobs.NewRunner(d, handlers(mark("mark"))).Run(ctx); err != nil {
				t.Error(err)
			}
		})
		calm := func(what string) {
			t.Helper()
			before := c.asked.Load()
			time.Sleep(600 * time.Millisecond)
			if n := c.asked.Load() - before; n > 30 {
				t.Errorf("%s: the clock was asked %d times in 0.6 s", what, n)
			}
		}
		calm("start")
		c.Advance(-2 * time.Hour)
		calm("two hours back")
		c.Advance(4 * time.Hour)
		wait(t, 3*time.Second, func() bool { return count(t, d, "SELECT count(*) FROM setting") == 1 })
		calm("two hours ahead")
		cancel()
		group.Wait()
	}, func(o *db.Options) { o.Clock = c })
}

func TestTenThousandDueAtOnce(t *testing.T) {
	const jobsN = 10_000
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		schedule(t, d, "mark", jobsN)
		started := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var group sync.WaitGroup
		group.Go(func() { _ = jobs.NewRunner(d, handlers(mark("mark"))).Run(ctx) })
		wait(t, 60*time.Second, func() bool {
			time.Sleep(100 * time.Millisecond)
			return count(t, d, "SELECT count(*) FROM job") == 0
		})
		t.Logf("%d jobs took %v", jobsN, time.Since(started))
		cancel()
		group.Wait()
		if n := count(t, d, "SELECT count(*) FROM setting"); n != jobsN {
			t.Fatal(n)
		}
	})
}
