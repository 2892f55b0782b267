package outbox

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/tx"
)

const (
	relayName  = "(relay)" // its row in subscription holds the last number given
	relayBatch = 1000
	keepFor    = 3 * 24 * time.Hour
	trimEvery  = time.Hour
	trimBatch  = 500

	// relayPause is how long the relay lets events come together after it has numbered some: each round is a commit of its own.
	relayPause = 50 * time.Millisecond
)

// keepHouse gives numbers (on PostgreSQL) and removes old events, on one node at a time.
func (p *Pump) keepHouse(ctx context.Context) {
	if p.d.Dialect() == db.Postgres {
		for ctx.Err() == nil {
			err := p.d.HoldAlone(ctx, "relay", func(q db.Q) error { return p.relay(ctx, q) })
			if err != nil && ctx.Err() == nil {
				p.log.Warn("the relay of events was interrupted", "error", err)
				rest(ctx, nil, pause)
			}
		}
		return
	}
	p.hold(ctx, "trim", func(ctx context.Context, _ func() error) error {
		for {
			if err := p.Trim(ctx); err != nil && ctx.Err() == nil {
				p.log.Warn("old events not removed", "error", err)
			}
			if !rest(ctx, nil, trimEvery) {
				return nil
			}
		}
	})
}

// relay numbers what is committed, whenever somebody says there is something and every Poll.
func (p *Pump) relay(ctx context.Context, q db.Q) error {
	wake, stop := p.d.Listen(db.TopicOutbox)
	defer stop()
	trimmed := time.Time{}
	for {
		for more := true; more; {
			n, err := assign(q)
			if err != nil {
				return err
			}
			if n > 0 {
				p.d.Signal(db.TopicEvents)
				if n < relayBatch && !rest(ctx, nil, relayPause) {
					return nil
				}
			}
			more = n == relayBatch
		}
		if time.Since(trimmed) > trimEvery {
			if err := p.Trim(ctx); err != nil {
				return err
			}
			trimmed = time.Now()
		}
		if !rest(ctx, wake, p.d.Until(p.d.Poll())) {
			return nil
		}
	}
}

// assign gives the next numbers to committed events without one. It sees only what is committed, and only one relay
// runs, so numbers appear in growing order; a transaction still open gets higher ones when its time comes. Among
// events seen together the order of their ids keeps causes before effects, because events are written last in their
// transactions.
func assign(q db.Q) (int64, error) {
	return q.Exec(`WITH news AS (
			SELECT id, row_number() OVER (ORDER BY id) AS place FROM (
				SELECT id FROM outbox WHERE seq IS NULL ORDER BY id LIMIT ?) AS waiting),
		taken AS (
			UPDATE subscription SET seq = seq + (SELECT count(*) FROM news)
			WHERE name = ? AND (SELECT count(*) FROM news) > 0 RETURNING seq)
		UPDATE outbox SET seq = taken.seq - (SELECT count(*) FROM news) + news.place
		FROM news, taken WHERE outbox.id = news.id`, relayBatch, relayName)
}

// Trim removes events older than three days that every durable subscriber has had.
func (p *Pump) Trim(ctx context.Context) error {
	for {
		upTo, more, err := p.removable(ctx)
		if err != nil || upTo == 0 {
			return err
		}
		err = p.d.Do(ctx, func(t tx.Tx) error {
			_, err := db.Of(t).Exec("DELETE FROM outbox WHERE "+number(db.Of(t))+" <= ?", upTo)
			return err
		})
		if err != nil || !more {
			return err
		}
	}
}

// removable finds the last of the oldest events that may go; the time of an event is in its body.
func (p *Pump) removable(ctx context.Context) (upTo int64, more bool, err error) {
	old := p.d.Clock().Now().Add(-keepFor)
	err = p.d.Read(ctx, func(q db.Q) error {
		limit, err := End(q)
		if err != nil {
			return err
		}
		if _, err := db.One(q, "SELECT seq FROM subscription WHERE name <> ? ORDER BY seq LIMIT 1", []any{relayName},
			func(r db.Row) error { limit = min(limit, r.Int64(0)); return nil }); err != nil {
			return err
		}
		n := 0
		err = q.Query("SELECT "+number(q)+", body FROM outbox WHERE "+number(q)+" <= ? ORDER BY 1 LIMIT ?", []any{limit, trimBatch},
			func(r db.Row) error {
				at, err := moment(r)
				if err != nil {
					return err
				}
				if at > old {
					return db.Stop
				}
				upTo = r.Int64(0)
				n++
				return nil
			})
		more = n == trimBatch
		return err
	})
	return upTo, more, err
}

func moment(r db.Row) (clock.Instant, error) {
	var e event.Event
	if err := json.Unmarshal(r.Bytes(1), &e); err != nil {
		return 0, fmt.Errorf("event %d: %w", r.Int64(0), err)
	}
	return e.At, nil
}

// Backlog tells how many events the slowest durable subscriber is behind, its name, and how many have no number yet.
func Backlog(q db.Q) (behind int64, slowest string, unnumbered int64, err error) {
	end, err := End(q)
	if err != nil {
		return 0, "", 0, err
	}
	_, err = db.One(q, "SELECT name, seq FROM subscription WHERE name <> ? ORDER BY seq LIMIT 1", []any{relayName}, func(r db.Row) error {
		slowest, behind = r.Text(0), max(end-r.Int64(1), 0)
		return nil
	})
	if err == nil && q.Dialect() == db.Postgres {
		unnumbered, err = db.Int(q, "SELECT count(*) FROM outbox WHERE seq IS NULL")
	}
	return behind, slowest, unnumbered, err
}

// SetEnd makes seq the last number given, after a backup was loaded.
func SetEnd(t tx.Tx, seq int64) error {
	q := db.Of(t)
	if q.Dialect() == db.Postgres {
		_, err := q.Exec(`INSERT INTO subscription (name, seq) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq`,
			relayName, seq)
		return err
	}
	_, err := q.Exec("DELETE FROM subscription WHERE name = ?", relayName)
	return err
}
