package accessjournal_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/accessjournal"
)

// kept is a database that may be away.
type kept struct {
	accessjournal.Store
	mu      sync.Mutex
	lines   []accessjournal.Entry
	biggest int
	away    error
}

func (k *kept) Do(_ context.Context, f func(tx.Tx) error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.away != nil {
		return k.away
	}
	return f(nil)
}

func (k *kept) NoteAll(_ tx.Tx, list []accessjournal.Entry) error {
	k.lines, k.biggest = append(k.lines, list...), max(k.biggest, len(list))
	return nil
}

func (k *kept) count() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.lines)
}

func contact(id int) ref.Ref { return ref.Ref{Type: "contact", ID: int64(id)} }

func TestViewsAreWrittenTogether(t *testing.T) {
	store, now := &kept{}, clock.NewManual(time.Unix(1e9, 0))
	v := accessjournal.NewViews(store, store, now, slog.New(slog.DiscardHandler))
	ctx := accessjournal.With(t.Context(), accessjournal.From{IP: "::1", Agent: "x", TokenID: 4})
	var group sync.WaitGroup
	for reader := range 8 {
		group.Go(func() {
			for i := range 500 {
				v.Saw(ctx, int64(1+reader), contact(1+i))
				v.Saw(ctx, int64(1+reader), contact(1+i)) // again
			}
		})
	}
	group.Wait()
	v.Saw(ctx, 0, contact(1)) // the program itself
	if err := v.Flush(t.Context()); err != nil || store.count() != 8*500 || store.biggest > 200 {
		t.Fatal(err, store.count(), store.biggest)
	}
	if e := store.lines[0]; e.IP != "::1" || e.Agent != "x" || e.TokenID != 4 || e.Kind != accessjournal.View || e.At != now.Now() {
		t.Errorf("%+v", e)
	}
	v.Saw(t.Context(), 1, contact(1)) // the same person, himself this time
	if err := v.Flush(t.Context()); err != nil || store.count() != 8*500+1 {
		t.Error(err, store.count())
	}
}

func TestViewsWaitForTheDatabase(t *testing.T) {
	store, now := &kept{away: errors.New("away")}, clock.NewManual(time.Unix(1e9, 0))
	v := accessjournal.NewViews(store, store, now, slog.New(slog.DiscardHandler))
	for i := range 30_000 { // more than is kept
		v.Saw(t.Context(), 1, contact(1+i))
	}
	if err := v.Flush(t.Context()); err == nil {
		t.Error("written while the database is away")
	}
	store.away = nil
	if err := v.Flush(t.Context()); err != nil || store.count() != 20_000 {
		t.Error(err, store.count())
	}
	if first := store.lines[0].Ref; first != contact(1) {
		t.Error("out of order:", first)
	}
}

func TestViewsAreWrittenWhenItEnds(t *testing.T) {
	store := &kept{}
	v := accessjournal.NewViews(store, store, clock.System{}, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- v.Run(ctx) }()
	for i := range 200 { // a whole batch goes at once
		v.Saw(ctx, 1, contact(1+i))
	}
	for end := time.Now().Add(900 * time.Millisecond); store.count() == 0 && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	if store.count() != 200 {
		t.Errorf("%d were written at once", store.count())
	}
	v.Saw(ctx, 1, contact(999))
	stop()
	if err := <-ended; err != nil || store.count() != 201 {
		t.Error(err, store.count())
	}
}

func BenchmarkSaw(b *testing.B) {
	store := &kept{}
	v := accessjournal.NewViews(store, store, clock.System{}, slog.New(slog.DiscardHandler))
	ctx := accessjournal.With(b.Context(), accessjournal.From{IP: "::1"})
	for i := range b.N {
		v.Saw(ctx, 1, contact(1+i%5000))
	}
}
