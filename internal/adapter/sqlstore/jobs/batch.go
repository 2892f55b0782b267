package jobs

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
	"unicode/utf8"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
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

func (p place) before(o place) bool { return p.dueAt < o.dueAt || p.dueAt == o.dueAt && p.id < o.id }

// manner is how the jobs of a batch are run.
type manner int

const (
	// trusting: all in one transaction as if none could fail. One that fails, or that has to wait long for somebody, undoes
	// the whole batch.
	trusting manner = iota
	// careful: each in its savepoint, so that one that fails undoes nothing but what it did.
	careful
	// single: one job in a batch of its own, so that it holds no locks of others while it waits for its own.
	single
)

// patience is how long a job of a trusting batch waits for a lock: not as long as the database takes to find a deadlock.
const patience = "500ms"

// errCareful undoes a trusting batch that has to be run carefully.
var errCareful = errors.New("jobs: this batch has to be run carefully")

// batch claims jobs that are due behind a place and runs those on our own data. On PostgreSQL, where a savepoint costs as
// much as a small job, it is trusting and becomes careful when something fails; blocked says that nothing was done because
// the jobs wait for somebody.
func (r *Runner) batch(ctx context.Context, inTurn bool, behind place, how manner) (b batch, blocked bool, err error) {
	if how == trusting && r.d.Dialect() == db.SQLite {
		how = careful
	}
	b, err = r.try(ctx, inTurn, behind, how)
	if how != trusting || err == nil || ctx.Err() != nil {
		return b, false, err
	}
	var known *fault.Error
	if errors.As(err, &known) && known.Key == "db.busy" {
		return batch{last: behind}, true, nil
	}
	b, err = r.try(ctx, inTurn, behind, careful)
	return b, false, err
}

func (r *Runner) try(ctx context.Context, inTurn bool, behind place, how manner) (batch, error) {
	var b batch
	try := 0
	err := r.d.Do(ctx, func(t tx.Tx) error {
		r.drop(&b)
		b = batch{inTurn: inTurn, last: behind}
		limit := batchSize
		if try++; try > 1 || how == single {
			limit = 1 // a deadlock between two batches can't repeat when each holds the locks of one job
		}
		if how == trusting {
			if err := db.Later(db.Of(t), "SET LOCAL lock_timeout = '"+patience+"'"); err != nil {
				return err
			}
		}
		now, err := r.d.Now(db.Of(t))
		if err != nil {
			return err
		}
		list, last, err := r.claim(t, now, behind, limit)
		if err != nil {
			return err
		}
		b.seen = len(list)
		if how == trusting {
			b.last = last
			return r.all(t, now, list, &b)
		}
		return r.each(t, now, list, last, &b)
	})
	if err != nil {
		r.drop(&b)
	}
	return b, err
}

// all runs a batch trusting that no job fails. All are removed at once and before, by the transaction that claimed them: a
// row that was locked and removed by different (sub)transactions stays in the way of every look for what is due until the
// next vacuum.
func (r *Runner) all(t tx.Tx, now clock.Instant, list []due, b *batch) error {
	var ours []int64
	for _, j := range list {
		if h, known := r.handlers[j.Kind]; known && h.Do == nil {
			ours = append(ours, j.ID)
		}
	}
	if len(ours) > 0 {
		in, arg := db.Ints(db.Of(t), ours)
		if err := db.Later(db.Of(t), "DELETE FROM job WHERE id"+in, arg); err != nil {
			return err
		}
	}
	for _, set := range r.together(list) {
		h, known := r.handlers[set[0].Kind]
		if !known || h.Do != nil {
			if err := r.elsewhere(t, now, h, known, set[0], b); err != nil {
				return err
			}
			continue
		}
		for _, j := range set {
			if j.Key != "" && db.Rescheduled(t, j.Kind, j.Key) {
				return errCareful
			}
		}
		if err := run(t, h, set); err != nil {
			return err
		}
		b.done += len(set)
	}
	return nil
}

// each runs the jobs of a batch so that one that fails leaves the others as they are.
func (r *Runner) each(t tx.Tx, now clock.Instant, list []due, last place, b *batch) error {
	started := time.Now()
	for _, set := range r.together(list) {
		if r.d.Dialect() == db.SQLite && time.Since(started) > batchTime {
			return nil
		}
		if err := r.set(t, now, set, b); err != nil {
			return err
		}
		if at := (place{set[0].DueAt, set[0].ID}); !last.before(at) {
			b.last = at
		}
	}
	b.last = last
	return nil
}

func run(t tx.Tx, h job.Handler, set []due) error {
	if len(set) == 1 {
		return h.Run(t, set[0].Job)
	}
	list := make([]job.Job, len(set))
	for i, j := range set {
		list[i] = j.Job
	}
	return h.Many(t, list)
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

// set runs one job, or those of a group; a group that fails is run one by one.
func (r *Runner) set(t tx.Tx, now clock.Instant, set []due, b *batch) error {
	h, known := r.handlers[set[0].Kind]
	if !known || h.Do != nil {
		return r.elsewhere(t, now, h, known, set[0], b)
	}
	set, err := r.ours(t, set)
	if err != nil || len(set) == 0 {
		return err
	}
	err = db.Savepoint(t, func() error { return run(t, h, set) })
	switch {
	case db.Fatal(t, err):
		return err
	case err != nil && len(set) > 1:
		r.log.Warn("jobs of a group failed and are run one by one", "kind", h.Kind, "jobs", len(set), "error", err)
		for _, j := range set {
			if err := r.set(t, now, []due{j}, b); err != nil {
				return err
			}
		}
		return nil
	case err != nil:
		b.done++
		return r.failed(t, h, set[0], err)
	}
	b.done += len(set)
	for _, j := range set { // after its work, see all; one that has scheduled itself anew has another fence now
		if err := db.Later(db.Of(t), "DELETE FROM job WHERE id = ? AND fence = ?", j.ID, j.fence); err != nil {
			return err
		}
	}
	return nil
}

// ours leaves out jobs that an earlier one of the batch has cancelled or replaced.
func (r *Runner) ours(t tx.Tx, set []due) ([]due, error) {
	left := make([]due, 0, len(set))
	for _, j := range set {
		if j.Key != "" && db.Rescheduled(t, j.Kind, j.Key) {
			n, err := db.Int(db.Of(t), "SELECT count(*) FROM job WHERE id = ? AND fence = ?", j.ID, j.fence)
			if err != nil {
				return nil, err
			}
			if n == 0 {
				continue
			}
		}
		left = append(left, j)
	}
	return left, nil
}

// elsewhere leases a job of the outside, or leaves one of an unknown kind to those who know it.
func (r *Runner) elsewhere(t tx.Tx, now clock.Instant, h job.Handler, known bool, j due, b *batch) error {
	if known {
		return r.lease(t, now, h, j, b)
	}
	// A newer node may know it: look again later.
	return db.Later(db.Of(t), "UPDATE job SET due_at = ?, error = ? WHERE id = ? AND fence = ?", t.Now().Add(time.Minute), "no handler", j.ID, j.fence)
}

func (r *Runner) lease(t tx.Tx, now clock.Instant, h job.Handler, j due, b *batch) error {
	if _, here := r.flying.Load(j.ID); here { // the clock has jumped over the lease of a call that is still on its way
		_, err := db.Of(t).Exec("UPDATE job SET lease_until = ?, due_at = ? WHERE id = ? AND fence = ?", now.Add(r.Lease), t.Now().Add(r.Lease), j.ID, j.fence)
		return err
	}
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
