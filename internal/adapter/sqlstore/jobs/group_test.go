package jobs_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/adapter/sqlstore/jobs"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

// grouped writes a row for each job; those of one group come together. broken is the key of one that fails.
func grouped(sizes *[]int, broken *string) job.Handler {
	write := func(t tx.Tx, list ...job.Job) error {
		for _, j := range list {
			if err := db.Later(db.Of(t), "INSERT INTO setting (key, value) VALUES (?, '')", "done "+j.Key); err != nil {
				return err
			}
			if j.Key == *broken {
				return errors.New("broken")
			}
		}
		t.AfterCommit(func() { *sizes = append(*sizes, len(list)) })
		return nil
	}
	return job.Handler{
		Kind:  "grouped",
		Group: func(j job.Job) string { name, _, _ := strings.Cut(j.Key, "/"); return name },
		Run:   func(t any, j job.Job) error { return write(t.(tx.Tx), j) },
		Many:  func(t any, list []job.Job) error { return write(t.(tx.Tx), list...) },
	}
}

func scheduleGroup(t *testing.T, d *db.DB, name string, n int) {
	t.Helper()
	do(t, d, func(t tx.Tx) error {
		for i := range n {
			if err := t.Schedule(job.Job{Kind: "grouped", Key: fmt.Sprintf("%s/%d", name, i), DueAt: t.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestJobsOfAGroupRunTogether(t *testing.T) {
	_, option := withClock()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var sizes []int
		none := ""
		r := jobs.NewRunner(d, handlers(grouped(&sizes, &none), mark("mark")))
		scheduleGroup(t, d, "a", 250)
		schedule(t, d, "mark", 30)
		scheduleGroup(t, d, "b", 60)
		scheduleGroup(t, d, "", 5) // in no group
		if n := runDue(t, r); n != 345 {
			t.Fatal("ran", n)
		}
		if n := count(t, d, "SELECT count(*) FROM setting WHERE key LIKE 'done %'"); n != 315 {
			t.Fatal("effects", n)
		}
		if n := count(t, d, "SELECT count(*) FROM job"); n != 0 {
			t.Fatal("left", n)
		}
		largest, alone := 0, 0
		for _, n := range sizes {
			largest = max(largest, n)
			if n == 1 {
				alone++
			}
		}
		if largest != job.MaxGroup || alone < 5 || len(sizes) > 5+10 {
			t.Fatal("sizes of what ran together", sizes)
		}
	}, option)
}

func TestAFailingGroupRunsOneByOne(t *testing.T) {
	c, option := withClock()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var sizes []int
		broken := "a/7"
		r := jobs.NewRunner(d, handlers(grouped(&sizes, &broken), mark("mark")))
		scheduleGroup(t, d, "a", 20)
		scheduleGroup(t, d, "b", 20)
		schedule(t, d, "mark", 3)
		runDue(t, r)
		if n := count(t, d, "SELECT count(*) FROM setting WHERE key LIKE 'done %'"); n != 39 {
			t.Fatal("effects", n)
		}
		if n := count(t, d, "SELECT count(*) FROM setting WHERE key = 'done a/7'"); n != 0 {
			t.Fatal("the one that failed left a trace")
		}
		if n := count(t, d, "SELECT count(*) FROM job WHERE attempt = 1 AND key = 'a/7' AND error LIKE '%broken%'"); n != 1 {
			t.Fatal("the one that failed is not kept for another try")
		}
		if n := count(t, d, "SELECT count(*) FROM job"); n != 1 {
			t.Fatal("left", n)
		}
		broken = ""
		c.Advance(time.Hour)
		if n := runDue(t, r); n != 1 || count(t, d, "SELECT count(*) FROM job") != 0 {
			t.Fatal("not done the second time", n)
		}
	}, option)
}

// A job of the same batch that cancels or replaces jobs of a group takes them out of it.
func TestCancelledJobsLeaveTheirGroup(t *testing.T) {
	_, option := withClock()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var sizes []int
		none := ""
		first := job.Handler{Kind: "first", Run: func(x any, _ job.Job) error {
			t := x.(tx.Tx)
			return errors.Join(t.Cancel("grouped", "a/1"), t.Schedule(job.Job{Kind: "grouped", Key: "a/2", DueAt: t.Now().Add(time.Hour)}))
		}}
		r := jobs.NewRunner(d, handlers(grouped(&sizes, &none), first))
		do(t, d, func(t tx.Tx) error { return t.Schedule(job.Job{Kind: "first", DueAt: t.Now().Add(-time.Second)}) })
		scheduleGroup(t, d, "a", 4)
		if n := runDue(t, r); n != 3 {
			t.Fatal("ran", n)
		}
		if n := count(t, d, "SELECT count(*) FROM setting WHERE key IN ('done a/0', 'done a/3')"); n != 2 || len(sizes) != 1 || sizes[0] != 2 {
			t.Fatal("effects", n, sizes)
		}
		if n := count(t, d, "SELECT count(*) FROM job WHERE key = 'a/2'"); n != 1 || count(t, d, "SELECT count(*) FROM job") != 1 {
			t.Fatal("the replaced one is not waiting")
		}
	}, option)
}

// A person who holds a record for long keeps the jobs about other records waiting for a moment only, and a job that waits for
// him runs when he is through.
func TestABatchDoesNotWaitLongForAPerson(t *testing.T) {
	dbtest.EachOptions(t, func(t *testing.T, o db.Options) {
		d := dbtest.Open(t, o)
		if d.Dialect() == db.SQLite {
			return // it has one writer: nobody waits for a row
		}
		do(t, d, func(t tx.Tx) error {
			_, err := db.Of(t).Exec("INSERT INTO setting (key, value) VALUES ('held', ''), ('free', '')")
			return err
		})
		touch := job.Handler{Kind: "touch", Run: func(x any, j job.Job) error {
			return db.Later(db.Of(x.(tx.Tx)), "UPDATE setting SET value = 'touched' WHERE key = ?", j.Key)
		}}
		do(t, d, func(t tx.Tx) error {
			return errors.Join(t.Schedule(job.Job{Kind: "touch", Key: "free", DueAt: t.Now().Add(-time.Second)}),
				t.Schedule(job.Job{Kind: "touch", Key: "held", DueAt: t.Now()}))
		})
		held, leave, left := make(chan struct{}), make(chan struct{}), make(chan error)
		go func() {
			left <- d.Do(t.Context(), func(t tx.Tx) error {
				_, err := db.Of(t).Exec("UPDATE setting SET value = 'a person' WHERE key = 'held'")
				close(held)
				<-leave
				return err
			})
		}()
		<-held
		ran := make(chan int)
		go func() { ran <- runDue(t, jobs.NewRunner(d, handlers(touch))) }()
		wait(t, 5*time.Second, func() bool {
			return count(t, d, "SELECT count(*) FROM setting WHERE key = 'free' AND value = 'touched'") == 1
		})
		close(leave)
		if err := <-left; err != nil {
			t.Fatal(err)
		}
		if n := <-ran; n != 2 || count(t, d, "SELECT count(*) FROM setting WHERE value = 'touched'") != 2 {
			t.Fatal("ran", n)
		}
	})
}

// What is done must not stay in the way of the next look for what is due: the database forgets it by itself.
func TestDoneJobsAreForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if d.Dialect() == db.SQLite {
			return // it removes rows at once
		}
		schedule(t, d, "mark", 2000)
		runDue(t, jobs.NewRunner(d, handlers(mark("mark"))))
		looked := int64(0)
		for range 3 { // the first look marks what is gone
			err := d.Read(t.Context(), func(q db.Q) error {
				return q.Query("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) SELECT due_at FROM job WHERE state = 'waiting' ORDER BY due_at, id LIMIT 1", nil, func(r db.Row) error {
					if _, n, ok := strings.Cut(r.Text(0), "Buffers: shared hit="); ok && looked == 0 {
						_, _ = fmt.Sscan(n, &looked)
					}
					return nil
				})
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Log("pages looked at:", looked)
			if looked > 0 && looked < 200 {
				return
			}
			looked = 0
		}
		t.Fatal("thousands of rows that are gone are looked at again and again")
	})
}
