package db

import (
	"context"
	"hash/fnv"
	"sync"
	"time"
)

// held are the names locked in this process, by file: a SQLite file has one serving process.
var held = struct {
	sync.Mutex
	names map[string]bool
}{names: map[string]bool{}}

// holdTry is how often to try to get a lock another node holds.
const holdTry = time.Second

// Hold waits until it holds the lock name, which one node at a time can, and runs f. alive tells whether the lock is
// still ours: it is lost with its connection.
func (d *DB) Hold(ctx context.Context, name string, f func(ctx context.Context, alive func() error) error) error {
	if d.dialect == Postgres {
		return d.HoldAlone(ctx, name, func(q Q) error {
			return f(ctx, func() error { _, err := q.Exec("SELECT 1"); return err })
		})
	}
	name = d.opt.Path + "\x00" + name
	err := untilHeld(ctx, func() (bool, error) {
		held.Lock()
		defer held.Unlock()
		got := !held.names[name]
		held.names[name] = true
		return got, nil
	})
	if err != nil {
		return err
	}
	defer func() {
		held.Lock()
		defer held.Unlock()
		delete(held.names, name)
	}()
	return f(ctx, ctx.Err)
}

// HoldAlone is Hold on PostgreSQL with the very connection that holds the lock, so that work done on it can't outlive
// the lock. It is outside of any transaction.
func (d *DB) HoldAlone(ctx context.Context, name string, f func(Q) error) error {
	c, err := d.connectPostgres(ctx)
	if err != nil {
		return unavailable("db.unavailable", err)
	}
	defer closeNow(c)
	q := &pgQ{ctx: ctx, d: d, conn: c}
	h := fnv.New64a()
	_, _ = h.Write([]byte("voronka " + name))
	key := int64(h.Sum64()) //nolint:gosec // any 64 bits will do
	err = untilHeld(ctx, func() (bool, error) {
		got, err := Int(q, "SELECT CASE WHEN pg_try_advisory_lock(?) THEN 1 ELSE 0 END", key)
		return got == 1, err
	})
	if err != nil {
		return err
	}
	return f(q)
}

func untilHeld(ctx context.Context, try func() (bool, error)) error {
	for {
		got, err := try()
		if got || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(holdTry):
		}
	}
}
