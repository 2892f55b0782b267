// Package jobs runs work for later. A job is a row; the runner takes what is due, in the order of its time, and sleeps
// until the next. Jobs on our own data are removed in the transaction of their effect and so happen exactly once; jobs
// that speak to the outside run under a lease and at least once.
package jobs

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
)

const (
	batchSize    = 50                    // jobs in one transaction
	singles      = 10                    // jobs run one by one after a batch had to wait for somebody
	batchTime    = 20 * time.Millisecond // after which a SQLite transaction lets others write
	poll         = time.Second           // until what is due but can't be done is tried again
	breath       = 10 * time.Millisecond // shortest pause between two looks, however many commits wake us
	maxAttempts  = 8
	defaultLease = 2 * time.Minute
	pgWorkers    = 3
	outsideCap   = 8 // outside calls at once
)

// Runner runs jobs. Several runners, on one node or many, may work on one database.
type Runner struct {
	d        *db.DB
	log      *slog.Logger
	handlers map[string]job.Handler
	// Lease is how long an outside call may take before another runner may try the same job; its context ends before.
	Lease time.Duration

	outside sync.WaitGroup
	flying  sync.Map // numbers of the outside calls on their way here
	slots   chan struct{}
	ahead   ahead
}

// ahead is the next job as it was when the database was last asked.
type ahead struct {
	due   clock.Instant
	found bool
	asked time.Time // zero: it must be asked
}

// NewRunner makes a runner of the kinds in handlers, by kind.
func NewRunner(d *db.DB, handlers map[string]job.Handler) *Runner {
	return &Runner{d: d, log: d.Log(), handlers: handlers, Lease: defaultLease, slots: make(chan struct{}, outsideCap)}
}

// Run works until ctx ends and then waits for outside calls that are still running.
func (r *Runner) Run(ctx context.Context) error {
	wake, stop := r.d.Listen(db.TopicJob)
	defer stop()
	defer r.outside.Wait()
	for {
		pause, err := r.pass(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			r.complain(err)
			pause = poll
		}
		if sleep(ctx, wake, pause) || err != nil {
			r.ahead.asked = time.Time{}
		}
	}
}

func (r *Runner) complain(err error) {
	if fault.Is(err, fault.Unavailable) {
		r.log.Warn("jobs wait for the database", "error", err)
		return
	}
	r.log.Error("jobs", "error", err)
}

// sleep tells whether it was woken by a commit.
func sleep(ctx context.Context, wake <-chan struct{}, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return false
	case <-wake:
	}
	select { // a storm of commits wakes us once
	case <-ctx.Done():
	case <-time.After(breath):
	}
	return true
}

// next is when the next job is due.
func (r *Runner) next(ctx context.Context) (due clock.Instant, found bool, err error) {
	if a := &r.ahead; !a.asked.IsZero() && time.Since(a.asked) < r.d.Poll() {
		return a.due, a.found, nil
	}
	err = r.d.ReadLoose(ctx, func(q db.Q) error {
		found, err = db.One(q, "SELECT due_at FROM job WHERE state = 'waiting' ORDER BY due_at, id LIMIT 1", nil,
			func(row db.Row) error { due = clock.Instant(row.Int64(0)); return nil })
		return err
	})
	if err == nil {
		r.ahead = ahead{due: due, found: found, asked: time.Now()}
	}
	return due, found, err
}

// longest is how long to sleep at most. The clock may jump meanwhile: over SQLite the writer sees that and wakes us.
func (r *Runner) longest() time.Duration {
	if r.d.Dialect() == db.SQLite {
		return r.d.Until(r.d.Poll())
	}
	return r.d.Until(poll)
}

// pass runs what is due and tells how long to sleep then: until the next job, but never longer than longest.
func (r *Runner) pass(ctx context.Context) (time.Duration, error) {
	due, found, err := r.next(ctx)
	if err != nil {
		return poll, err
	}
	if !found {
		return r.longest(), nil
	}
	if wait := due.Sub(r.d.Clock().Now()); wait > 0 {
		return min(max(wait, breath), r.longest()), nil
	}
	r.ahead.asked = time.Time{}
	done, err := r.work(ctx)
	if err != nil || done == 0 {
		// Something is due, but another runner has it, its lease runs or nobody knows its kind: no reason to spin.
		return poll, err
	}
	return breath, nil
}

// work runs everything due and tells how many jobs that were.
func (r *Runner) work(ctx context.Context) (int, error) {
	if r.d.Dialect() == db.SQLite {
		return r.drain(ctx, true)
	}
	var mu sync.Mutex
	var group sync.WaitGroup
	var failed error
	total := 0
	for range pgWorkers {
		group.Go(func() {
			n, err := r.drain(ctx, true)
			mu.Lock()
			defer mu.Unlock()
			total += n
			failed = cmp.Or(failed, err)
		})
	}
	group.Wait()
	return total, failed
}

// drain runs batches until nothing is due. Every batch moves each job it looks at out of what is due and the next goes on
// behind it; at the end it looks from the beginning once more, for what came meanwhile.
func (r *Runner) drain(ctx context.Context, inTurn bool) (total int, err error) {
	var behind place
	alone := 0 // how many jobs to run one by one, because somebody stood in the way of a batch
	for ctx.Err() == nil {
		how := trusting
		if alone > 0 {
			how, alone = single, alone-1
		}
		b, blocked, err := r.batch(ctx, inTurn, behind, how)
		if err != nil {
			return total, err
		}
		if blocked {
			alone = singles
			continue
		}
		for _, call := range b.outside {
			r.flying.Store(call.ID, nil)
			r.outside.Go(func() {
				defer r.release(inTurn)
				defer r.flying.Delete(call.ID)
				r.call(ctx, call)
			})
		}
		total += b.done
		if b.seen == 0 && behind == (place{}) {
			return total, nil
		}
		behind = b.last
		if b.seen == 0 {
			behind = place{}
		}
	}
	return total, ctx.Err()
}

// RunDue runs everything due at the moment of the clock, outside calls included, and returns when it is done: for tests
// and for commands that do one thing.
func (r *Runner) RunDue(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := r.drain(ctx, false)
		r.outside.Wait()
		total += n
		if err != nil || n == 0 {
			return total, err
		}
	}
}
