package db

import (
	"context"
	"sync"
	"time"
)

// watch keeps every Versioned fresh: it looks at the version rows when told, and every Poll, because what other nodes tell
// may be lost.
type watch struct {
	mu   sync.Mutex
	kept map[string][]func(context.Context, int64) error
}

func (w *watch) add(name string, f func(context.Context, int64) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.kept == nil {
		w.kept = map[string][]func(context.Context, int64) error{}
	}
	w.kept[name] = append(w.kept[name], f)
}

func (w *watch) of(name string) []func(context.Context, int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.kept[name]
}

func (d *DB) watchVersions(ctx context.Context) {
	wake, stop := d.Listen(TopicVersion)
	defer stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-time.After(d.Until(d.Poll())):
		}
		if err := d.lookAtVersions(ctx); err != nil && ctx.Err() == nil {
			d.log.Debug("versions not read", "error", err)
		}
	}
}

func (d *DB) lookAtVersions(ctx context.Context) error {
	now := map[string]int64{}
	err := d.ReadLoose(ctx, func(q Q) error {
		return q.Query("SELECT name, n FROM version", nil, func(r Row) error {
			now[r.Text(0)] = r.Int64(1)
			return nil
		})
	})
	if err != nil {
		return err
	}
	for name, n := range now {
		for _, f := range d.watch.of(name) {
			if err := f(ctx, n); err != nil {
				return err
			}
		}
	}
	return nil
}
