package outbox

import (
	"context"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
)

const (
	durableBatch = 100
	gather       = 100 * time.Millisecond // after a wake-up: the place of a burst of events is stored once
	longestPause = time.Minute
)

// register gives every durable subscriber its row; a new one begins at the present end.
func (p *Pump) register(ctx context.Context) error {
	return p.d.Do(ctx, func(t tx.Tx) error {
		q := db.Of(t)
		if q.Dialect() == db.Postgres {
			if _, err := q.Exec("INSERT INTO subscription (name, seq) VALUES (?, 0) ON CONFLICT (name) DO NOTHING", relayName); err != nil {
				return err
			}
		}
		end, err := End(q)
		if err != nil {
			return err
		}
		for _, s := range p.kept {
			if _, err := q.Exec("INSERT INTO subscription (name, seq) VALUES (?, ?) ON CONFLICT (name) DO NOTHING", s.name, end); err != nil {
				return err
			}
		}
		return nil
	})
}

// serve runs a durable subscriber whenever this node holds its lock.
func (p *Pump) serve(ctx context.Context, s subscriber) {
	topic := db.TopicOutbox
	if p.d.Dialect() == db.Postgres {
		topic = db.TopicEvents
	}
	p.hold(ctx, "subscriber "+s.name, func(ctx context.Context, alive func() error) error {
		wake, stop := p.d.Listen(topic)
		defer stop()
		for failures := 0; ctx.Err() == nil; {
			if err := alive(); err != nil {
				return err
			}
			n, err := p.step(ctx, s)
			switch {
			case err != nil && ctx.Err() == nil:
				failures++
				p.log.Error("a durable subscriber failed and will be called again", "name", s.name, "error", err)
				rest(ctx, nil, min(100*time.Millisecond<<min(failures, 12), longestPause))
			case n == 0:
				failures = 0
				rest(ctx, wake, p.d.Until(p.d.Poll()))
				rest(ctx, nil, gather)
			case n < durableBatch:
				failures = 0
				rest(ctx, nil, gather)
			}
		}
		return nil
	})
}

// step hands the next events to a durable subscriber and stores its new place.
func (p *Pump) step(ctx context.Context, s subscriber) (int, error) {
	var place int64
	err := p.d.ReadLoose(ctx, func(q db.Q) (err error) {
		place, err = db.Int(q, "SELECT seq FROM subscription WHERE name = ?", s.name)
		return err
	})
	if err != nil {
		return 0, err
	}
	events, err := p.after(ctx, place, durableBatch)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	if err := p.call(ctx, s, events); err != nil {
		return 0, err
	}
	// The place is stored even when the program is just stopping: the handler has done its work.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return len(events), p.d.Do(ctx, func(t tx.Tx) error {
		last := events[len(events)-1].Seq
		_, err := db.Of(t).Exec("UPDATE subscription SET seq = ? WHERE name = ? AND seq < ?", last, s.name, last)
		return err
	})
}

// rest waits for pause, a wake-up or the end; false at the end.
func rest(ctx context.Context, wake <-chan struct{}, pause time.Duration) bool {
	if pause <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-wake:
	case <-timer.C:
	}
	return ctx.Err() == nil
}

// hold runs f while this node holds the named lock, and again whenever it was lost.
func (p *Pump) hold(ctx context.Context, name string, f func(ctx context.Context, alive func() error) error) {
	for ctx.Err() == nil {
		if err := p.d.Hold(ctx, name, f); err != nil && ctx.Err() == nil {
			p.log.Warn("lock lost", "name", name, "error", err)
			rest(ctx, nil, pause)
		}
	}
}
