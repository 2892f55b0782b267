package accessjournal

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
)

// How views are collected. What is collected and not yet written is lost when the machine dies: a second of views.
const (
	viewPause = time.Second      // between two writings
	viewBatch = 200              // views that are written without waiting
	viewOnce  = 10 * time.Minute // the same person and record within it are one view
	viewMost  = 20_000           // views kept while the database can't take them
	seenMost  = 50_000           // remembered views; then the old ones are forgotten
)

// Views collects who looked at whom, so that reading costs the reader no write, and writes the lines together.
type Views struct {
	tx    tx.Doer
	store Store
	clock clock.Clock
	log   *slog.Logger

	full    chan struct{}
	mu      sync.Mutex
	waiting []Entry
	seen    map[view]clock.Instant
	dropped int
}

// view is one person, by one client, looking at one record.
type view struct {
	userID, tokenID int64
	ref             ref.Ref
}

// NewViews makes a Views. Run writes.
func NewViews(doer tx.Doer, store Store, c clock.Clock, log *slog.Logger) *Views {
	return &Views{tx: doer, store: store, clock: c, log: log, full: make(chan struct{}, 1), seen: map[view]clock.Instant{}}
}

// Saw says that a person was shown the personal data of a record. It doesn't wait for anything.
func (v *Views) Saw(ctx context.Context, userID int64, r ref.Ref) {
	if userID == 0 {
		return // the program itself
	}
	from, now := Of(ctx), v.clock.Now()
	key := view{userID, from.TokenID, r}
	v.mu.Lock()
	defer v.mu.Unlock()
	if last, ok := v.seen[key]; ok && now.Sub(last) < viewOnce && now >= last {
		return
	}
	if len(v.waiting) >= viewMost {
		v.dropped++
		return
	}
	v.seen[key] = now
	v.waiting = append(v.waiting, Entry{At: now, UserID: userID, Kind: View, IP: from.IP, Agent: from.Agent, TokenID: from.TokenID, Ref: r})
	if len(v.waiting) >= viewBatch {
		select {
		case v.full <- struct{}{}:
		default:
		}
	}
}

// Run writes what is collected until ctx ends, and then the rest.
func (v *Views) Run(ctx context.Context) error {
	pause := time.NewTicker(viewPause)
	defer pause.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			return v.Flush(last)
		case <-pause.C:
		case <-v.full:
		}
		if err := v.Flush(ctx); err != nil && ctx.Err() == nil {
			v.log.Warn("views are not in the access journal yet", "err", err)
		}
	}
}

// Flush writes what is collected; what couldn't be written waits for the next time.
func (v *Views) Flush(ctx context.Context) error {
	for {
		list, dropped := v.take()
		if dropped > 0 {
			v.log.Error("views are missing in the access journal: the database takes none", "n", dropped)
		}
		if len(list) == 0 {
			return nil
		}
		if err := v.tx.Do(ctx, func(t tx.Tx) error { return v.store.NoteAll(t, list) }); err != nil {
			v.mu.Lock()
			v.waiting = append(list, v.waiting...)
			v.mu.Unlock()
			return err
		}
	}
}

// take gives one batch of what waits, and forgets views so old that they don't matter any more.
func (v *Views) take() (list []Entry, dropped int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.seen) > seenMost {
		now := v.clock.Now()
		for key, at := range v.seen {
			if now.Sub(at) >= viewOnce {
				delete(v.seen, key)
			}
		}
		if len(v.seen) > seenMost { // all within ten minutes: a line too many is better than the memory
			clear(v.seen)
		}
	}
	n := min(len(v.waiting), viewBatch)
	list, dropped = append(list, v.waiting[:n]...), v.dropped
	v.waiting = append(v.waiting[:0], v.waiting[n:]...)
	v.dropped = 0
	return list, dropped
}
