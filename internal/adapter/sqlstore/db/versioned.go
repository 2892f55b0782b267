package db

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"

	"voronka/internal/kernel/event"
	"voronka/internal/kernel/tx"
)

// Versioned keeps in memory something the database holds in many rows and that changes seldom: the schema, the people
// and their departments. A row of the table version tells whether what is kept is still true.
type Versioned[T any] struct {
	d    *DB
	name string
	load func(Q) (*T, error)
	last atomic.Pointer[versioned[T]]
	mu   sync.Mutex // one load for all who wait
}

type versioned[T any] struct {
	n     int64
	value *T
}

// loaded is what In has read within one transaction and may not share before its commit.
type loaded struct {
	n     int64
	value any
}

// NewVersioned makes a cache of what load reads, kept under name in the table version.
func NewVersioned[T any](d *DB, name string, load func(Q) (*T, error)) *Versioned[T] {
	c := &Versioned[T]{d: d, name: name, load: load}
	d.watch.add(name, func(ctx context.Context, n int64) error {
		if last := c.last.Load(); last == nil || last.n == n {
			return nil
		}
		return c.refresh(ctx)
	})
	return c
}

const selectVersion = "SELECT n FROM version WHERE name = ?"

func versionIn(q Q, name string) (int64, error) {
	if q, ok := q.(*pgQ); ok {
		return q.version(name)
	}
	return Int(q, selectVersion, name)
}

// In is the value as q's snapshot has it; it costs one small read, and a load when it has changed.
func (c *Versioned[T]) In(q Q) (*T, error) {
	n, err := versionIn(q, c.name)
	if err != nil {
		return nil, err
	}
	if last := c.last.Load(); last != nil && last.n == n {
		return last.value, nil
	}
	t := inside(q.Context())
	if t != nil {
		if l := t.loaded[c.name]; l != nil && l.n == n {
			return l.value.(*T), nil
		}
	}
	for {
		value, err := c.load(q)
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", c.name, err)
		}
		// On PostgreSQL each statement of a write sees its own moment: load again if it changed meanwhile.
		after, err := versionIn(q, c.name)
		if err != nil {
			return nil, err
		}
		if after == n {
			c.keep(t, &versioned[T]{n, value})
			return value, nil
		}
		n = after
	}
}

// keep shares a value with everybody: at once when it was read from what is committed, else after the commit.
func (c *Versioned[T]) keep(t *transaction, v *versioned[T]) {
	if t == nil {
		c.publish(v)
		return
	}
	if t.loaded == nil {
		t.loaded = map[string]*loaded{}
	}
	t.loaded[c.name] = &loaded{v.n, v.value}
	t.AfterCommit(func() { c.publish(v) })
}

func (c *Versioned[T]) publish(v *versioned[T]) {
	for {
		last := c.last.Load()
		if last != nil && last.n >= v.n || c.last.CompareAndSwap(last, v) {
			return
		}
	}
}

// Last is the newest value known here without asking the database; changes made elsewhere arrive within a second.
func (c *Versioned[T]) Last(ctx context.Context) (*T, error) {
	if last := c.last.Load(); last != nil {
		return last.value, nil
	}
	if err := c.refresh(ctx); err != nil {
		return nil, err
	}
	return c.last.Load().value, nil
}

func (c *Versioned[T]) refresh(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.d.Read(ctx, func(q Q) error {
		_, err := c.In(q)
		return err
	})
}

// Bump says in a transaction that what is kept under name has changed, and emits config.changed.
func Bump(x tx.Tx, name string) error {
	t := tx.Base(x).(*transaction)
	_, err := t.q.Exec(`INSERT INTO version (name, n) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET n = version.n + 1`, name)
	if err != nil {
		return err
	}
	t.topic(TopicVersion)
	data, err := json.Marshal(map[string]string{"name": name})
	if err != nil {
		return err
	}
	return x.Emit(event.Event{Type: "config.changed", Data: data})
}
