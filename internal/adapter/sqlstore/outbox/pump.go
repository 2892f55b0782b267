// Package outbox delivers events after their commit, at least once, in one order for everybody. On SQLite the order is
// that of the rows; on PostgreSQL one relay gives numbers to what is committed, so that an event of a slow transaction
// comes later but is never skipped, and nobody waits for it.
package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
)

const (
	pause     = time.Second // before trying again what failed
	readBatch = 500
)

// Handler gets events in order. A durable one is called again with the same events after an error or a crash.
type Handler func(ctx context.Context, events []event.Event) error

// Pump reads the outbox of one database for the subscribers of this process.
type Pump struct {
	d    *db.DB
	log  *slog.Logger
	live []subscriber // in memory, called one after another
	kept []subscriber // durable, each at its own pace

	ready chan struct{}
	mu    sync.Mutex
	head  int64 // last number delivered to the live ones
}

type subscriber struct {
	name   string
	handle Handler
}

// NewPump makes a pump without subscribers.
func NewPump(d *db.DB) *Pump { return &Pump{d: d, log: d.Log(), ready: make(chan struct{})} }

// Subscribe adds a subscriber before Run. One in memory starts with what happens after Run began, is called on every
// node, must not block, and its errors are only logged. A durable one keeps its place in the database under name, runs on
// one node at a time and starts, the first time, with what happens from then on.
func (p *Pump) Subscribe(name string, durable bool, handler func(ctx context.Context, events []event.Event) error) {
	s := subscriber{name: name, handle: handler}
	if durable {
		p.kept = append(p.kept, s)
	} else {
		p.live = append(p.live, s)
	}
}

// Ready is closed when Run has found its place: what is committed from then on is delivered.
func (p *Pump) Ready() <-chan struct{} { return p.ready }

// Head is the number of the last event delivered to the subscribers in memory.
func (p *Pump) Head() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.head
}

func (p *Pump) setHead(seq int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.head = seq
}

// Run delivers until ctx ends.
func (p *Pump) Run(ctx context.Context) error {
	topic := db.TopicOutbox
	if p.d.Dialect() == db.Postgres {
		topic = db.TopicEvents
	}
	wake, stop := p.d.Listen(topic)
	defer stop()
	var group sync.WaitGroup
	defer group.Wait()
	if err := p.start(ctx); err != nil {
		return err
	}
	group.Go(func() { p.keepHouse(ctx) })
	for _, s := range p.kept {
		group.Go(func() { p.serve(ctx, s) })
	}
	close(p.ready)
	tick := time.NewTimer(p.d.Until(p.d.Poll()))
	defer tick.Stop()
	for {
		if err := p.deliver(ctx); err != nil && ctx.Err() == nil {
			p.log.Warn("events wait for the database", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
		case <-tick.C:
			tick.Reset(p.d.Until(p.d.Poll()))
			p.d.Unsure()
		}
	}
}

// start finds the present end, waiting for the database if it is away.
func (p *Pump) start(ctx context.Context) error {
	for {
		err := p.d.Read(ctx, func(q db.Q) error {
			end, err := End(q)
			p.setHead(end)
			return err
		})
		if err == nil {
			err = p.register(ctx)
		}
		if err == nil || ctx.Err() != nil || !fault.Is(err, fault.Unavailable) {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// deliver hands new events to the subscribers in memory.
func (p *Pump) deliver(ctx context.Context) error {
	for {
		events, sure := p.d.Fresh(p.Head(), readBatch)
		if !sure {
			var err error
			if events, err = p.after(ctx, p.Head(), readBatch); err != nil {
				return err
			}
		}
		if len(events) == 0 {
			return nil
		}
		for _, s := range p.live {
			if err := p.call(ctx, s, events); err != nil {
				p.log.Error("a subscriber failed", "name", s.name, "error", err)
			}
		}
		p.setHead(events[len(events)-1].Seq)
		if len(events) < readBatch { // what came meanwhile has woken us again
			return nil
		}
	}
}

func (p *Pump) call(ctx context.Context, s subscriber, events []event.Event) (err error) {
	defer func() {
		if r := recover(); r != nil {
			p.log.Error("panic in a subscriber", "name", s.name, "panic", r, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return s.handle(ctx, events)
}

// ErrGone says that events after the asked number have been removed already: who asked must read everything anew.
var ErrGone = errors.New("outbox: the events after this number are gone")

// Since is up to limit events after seq, oldest first, to resume a broken stream; ErrGone when some are missing.
func (p *Pump) Since(ctx context.Context, seq int64, limit int) ([]event.Event, error) {
	var events []event.Event
	err := p.d.Read(ctx, func(q db.Q) error {
		end, err := End(q)
		if err != nil {
			return err
		}
		if seq == end {
			return nil
		}
		oldest, err := First(q)
		if err != nil {
			return err
		}
		if seq > end || seq < oldest-1 {
			return ErrGone
		}
		events, err = list(q, seq, limit)
		return err
	})
	return events, err
}

func (p *Pump) after(ctx context.Context, seq int64, limit int) (events []event.Event, err error) {
	err = p.d.ReadLoose(ctx, func(q db.Q) error {
		events, err = list(q, seq, limit)
		return err
	})
	return events, err
}

// list reads numbered events after seq.
func list(q db.Q, seq int64, limit int) ([]event.Event, error) {
	var events []event.Event
	err := q.Query("SELECT "+number(q)+", body FROM outbox WHERE "+number(q)+" > ? ORDER BY 1 LIMIT ?",
		[]any{seq, limit}, func(r db.Row) error {
			var e event.Event
			if err := json.Unmarshal(r.Bytes(1), &e); err != nil {
				return fmt.Errorf("event %d: %w", r.Int64(0), err)
			}
			e.Seq = r.Int64(0)
			events = append(events, e)
			return nil
		})
	return events, err
}

// number is the column of the order.
func number(q db.Q) string {
	if q.Dialect() == db.Postgres {
		return "seq"
	}
	return "id"
}

// End is the number of the last event anybody can have seen; it is remembered when the events are gone.
func End(q db.Q) (int64, error) {
	if q.Dialect() == db.Postgres {
		return db.Int(q, "SELECT seq FROM subscription WHERE name = ?", relayName)
	}
	return db.Int(q, "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'")
}

// First is the number of the oldest event still there; one more than End when there is none.
func First(q db.Q) (first int64, err error) {
	end, err := End(q)
	if err != nil {
		return 0, err
	}
	first = end + 1
	column := number(q)
	_, err = db.One(q, "SELECT "+column+" FROM outbox WHERE "+column+" IS NOT NULL ORDER BY "+column+" LIMIT 1", nil,
		func(r db.Row) error { first = r.Int64(0); return nil })
	return first, err
}
