package jobs

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
)

// call speaks to the outside under the job's lease and writes down how it went. Whoever lost the lease meanwhile can
// neither finish nor fail the job: its fence has grown.
func (r *Runner) call(ctx context.Context, j due) {
	h := r.handlers[j.Kind]
	limited, cancel := context.WithTimeout(ctx, r.Lease*9/10)
	err := r.guarded(limited, j)
	cancel()
	if ctx.Err() != nil && err != nil {
		// The program stops: give the job back without counting this attempt.
		r.finish(ctx, j, func(t tx.Tx) (int64, error) {
			return db.Of(t).Exec(`UPDATE job SET lease_until = 0, due_at = ?, attempt = ?, fence = fence + 1
				WHERE id = ? AND fence = ?`, t.Now(), j.Attempt-1, j.ID, j.fence)
		})
		return
	}
	r.finish(ctx, j, func(t tx.Tx) (int64, error) {
		if err != nil {
			return 1, r.failed(t, h, j, err)
		}
		return db.Of(t).Exec("DELETE FROM job WHERE id = ? AND fence = ?", j.ID, j.fence)
	})
}

func (r *Runner) guarded(ctx context.Context, j due) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("panic in a job", "kind", j.Kind, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return r.handlers[j.Kind].Do(ctx, j.Job)
}

// finish writes the outcome even when the program is stopping.
func (r *Runner) finish(ctx context.Context, j due, write func(tx.Tx) (int64, error)) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err := r.d.Do(ctx, func(t tx.Tx) error {
		n, err := write(t)
		if err == nil && n == 0 {
			r.log.Warn("a job ended after its lease and was taken by another", "kind", j.Kind, "id", j.ID)
		}
		return err
	})
	if err != nil {
		r.log.Error("the outcome of a job is not written; it will run again after its lease", "kind", j.Kind, "id", j.ID, "error", err)
	}
}
