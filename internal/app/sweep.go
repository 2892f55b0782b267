package app

import (
	"context"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

// sweepKind is the daily job that removes contents of files no row names any more.
const sweepKind = "files.sweep"

// sweepFiles is its handler.
func (a *App) sweepFiles() job.Handler {
	return job.Handler{Kind: sweepKind, Do: func(ctx context.Context, _ job.Job) error {
		removed, freed, err := a.Blobs.Sweep(ctx, func(hash string) (needed bool, err error) {
			err = a.DB.ReadLoose(ctx, func(q db.Q) error {
				needed, err = db.One(q, "SELECT 1 FROM file WHERE hash = ?", []any{hash}, func(db.Row) error { return nil })
				return err
			})
			return needed, err
		})
		if removed > 0 {
			a.Log.Info("contents nobody needs are removed", "files", removed, "bytes", freed)
		}
		if err != nil {
			return err
		}
		return a.sweepLater(ctx, 24*time.Hour)
	}}
}

// sweepLater schedules the next sweep, at most one a day.
func (a *App) sweepLater(ctx context.Context, pause time.Duration) error {
	return a.DB.Do(ctx, func(t tx.Tx) error {
		due := t.Now().Add(pause)
		return t.Schedule(job.Job{Kind: sweepKind, Key: sweepKind + " " + due.Date(time.UTC), DueAt: due})
	})
}
