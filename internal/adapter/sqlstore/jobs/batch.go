package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"time"
	"unicode/utf8"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

// batch is what one claiming transaction did.
type batch struct {
	seen    int   // due jobs looked at
	done    int   // run, failed or handed to an outside call
	outside []due // to call after the commit; each holds a slot when inTurn
	inTurn  bool  // outside calls wait for a free slot
	last    place // of the last job looked at
}

// place is where a job stands in the order of due jobs. A drain goes on from the last one it looked at: the index entries
// of jobs that are done stay until the database cleans up, and walking over thousands of them costs more than the jobs.
type place struct {
	dueAt clock.Instant
	id    int64
}

// due is a claimed job with the fence that tells whether it is still ours.
type due struct {
	job.Job
	fence int64
}

const claim = `SELECT id, kind, key, due_at, payload, attempt, fence FROM job
	WHERE state = 'waiting' AND due_at <= ? AND (due_at, id) > (?, ?) AND lease_until <= ? ORDER BY due_at, id LIMIT ?`

// batch claims jobs that are due behind a place and runs those on our own data, each in its own savepoint.
func (r *Runner) batch(ctx context.Context, inTurn bool, behind place) (batch, error) {
	var b batch
	try := 0
	err := r.d.Do(ctx, func(t tx.Tx) error {
		r.drop(&b)
		b = batch{inTurn: inTurn, last: behind}
		limit := batchSize
		if try++; try > 1 {
			limit = 1 // a deadlock between two batches can't repeat when each holds the locks of one job
		}
		now, err := r.d.Now(db.Of(t))
		if err != nil {
			return err
		}
		list, err := r.claim(t, now, behind, limit)
		if err != nil {
			return err
		}
		started := time.Now()
		for _, j := range list {
			if r.d.Dialect() == db.SQLite && time.Since(started) > batchTime {
				break
			}
			if err := r.one(t, now, j, &b); err != nil {
				return err
			}
			b.last = place{j.DueAt, j.ID}
		}
		b.seen = len(list)
		return nil
	})
	if err != nil {
		r.drop(&b)
	}
	return b, err
}

// drop gives back the slots of outside calls that will not be made.
func (r *Runner) drop(b *batch) {
	for range b.outside {
		r.release(b.inTurn)
	}
	b.outside = nil
}

// slot takes one of the places for outside calls; false when all are taken.
func (r *Runner) slot(inTurn bool) bool {
	if !inTurn {
		return true
	}
	select {
	case r.slots <- struct{}{}:
		return true
	default:
		return false
	}
}

func (r *Runner) release(inTurn bool) {
	if inTurn {
		<-r.slots
	}
}

func (r *Runner) claim(t tx.Tx, now clock.Instant, behind place, limit int) ([]due, error) {
	q := db.Of(t)
	sql := claim
	if q.Dialect() == db.Postgres {
		sql += " FOR UPDATE SKIP LOCKED"
	}
	var list []due
	err := q.Query(sql, []any{t.Now(), behind.dueAt, behind.id, now, limit}, func(row db.Row) error {
		list = append(list, due{fence: row.Int64(6), Job: job.Job{
			ID: row.Int64(0), Kind: row.Text(1), Key: row.Text(2), DueAt: clock.Instant(row.Int64(3)),
			Payload: json.RawMessage(row.Text(4)), Attempt: int(row.Int64(5)) + 1,
		}})
		return nil
	})
	return list, err
}

// one runs a job on our own data, or leases one of the outside.
func (r *Runner) one(t tx.Tx, now clock.Instant, j due, b *batch) error {
	h, known := r.handlers[j.Kind]
	if !known {
		// A newer node may know it: look again later.
		_, err := db.Of(t).Exec("UPDATE job SET due_at = ?, error = ? WHERE id = ? AND fence = ?",
			t.Now().Add(time.Minute), "no handler", j.ID, j.fence)
		return err
	}
	if h.Do != nil {
		return r.lease(t, now, h, j, b)
	}
	ran := false
	err := db.Savepoint(t, func() error {
		// An earlier job of this batch may have cancelled or replaced it.
		n, err := db.Of(t).Exec("DELETE FROM job WHERE id = ? AND fence = ?", j.ID, j.fence)
		if err != nil || n == 0 {
			return err
		}
		ran = true
		return h.Run(t, j.Job)
	})
	if db.Fatal(t, err) {
		return err
	}
	if err != nil {
		err = r.failed(t, h, j, err)
	}
	if ran {
		b.done++
	}
	return err
}

func (r *Runner) lease(t tx.Tx, now clock.Instant, h job.Handler, j due, b *batch) error {
	if j.Attempt > attempts(h) { // its runner died the last time too
		return r.failed(t, h, j, errors.New("gave up: the program ended while it ran"))
	}
	if !r.slot(b.inTurn) { // slow outside calls must hold up neither each other's leases nor our own work
		_, err := db.Of(t).Exec("UPDATE job SET due_at = ? WHERE id = ? AND fence = ?",
			t.Now().Add(time.Second+rand.N(9*time.Second)), j.ID, j.fence) //nolint:gosec // jitter is no secret
		return err
	}
	// due_at moves with the lease, so that a leased job doesn't stand in the way of those behind it.
	n, err := db.Of(t).Exec(`UPDATE job SET attempt = ?, lease_until = ?, due_at = ?, fence = fence + 1
		WHERE id = ? AND fence = ?`, j.Attempt, now.Add(r.Lease), t.Now().Add(r.Lease), j.ID, j.fence)
	if err != nil || n == 0 {
		r.release(b.inTurn)
		return err
	}
	j.fence++
	b.done++
	b.outside = append(b.outside, j)
	return nil
}

func attempts(h job.Handler) int {
	if h.MaxAttempts > 0 {
		return h.MaxAttempts
	}
	return maxAttempts
}

// failed writes down what went wrong and when to try again; after the last attempt the job is dead.
func (r *Runner) failed(t tx.Tx, h job.Handler, j due, cause error) error {
	state := "waiting"
	if j.Attempt >= attempts(h) {
		state = "dead"
		r.log.Error("a job is dead", "kind", j.Kind, "id", j.ID, "attempt", j.Attempt, "error", cause)
	} else {
		r.log.Warn("a job failed and will be tried again", "kind", j.Kind, "id", j.ID, "attempt", j.Attempt, "error", cause)
	}
	db.Wake(t, db.TopicJob) // it may be due before all others
	_, err := db.Of(t).Exec(`UPDATE job SET attempt = ?, state = ?, due_at = ?, lease_until = 0, error = ?, fence = fence + 1
		WHERE id = ? AND fence = ?`, j.Attempt, state, t.Now().Add(backoff(j.Attempt, h.Do != nil)), short(cause.Error()), j.ID, j.fence)
	return err
}

// backoff grows from attempt to attempt, up to an hour, with jitter so that what failed together isn't tried together.
func backoff(attempt int, outside bool) time.Duration {
	pause := time.Second << min(attempt-1, 12)
	if outside { // the other side needs more time than we do
		pause = 5 * time.Second << min(2*(attempt-1), 12)
	}
	pause = min(pause, time.Hour)
	return pause/2 + rand.N(pause/2) //nolint:gosec // jitter is no secret
}

const errorCap = 1000

func short(s string) string {
	if len(s) <= errorCap {
		return s
	}
	s = s[:errorCap]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s
}
