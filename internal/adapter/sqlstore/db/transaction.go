package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync/atomic"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

// transaction is tx.Tx on both databases.
type transaction struct {
	d      *DB
	ctx    context.Context
	q      conn
	now    clock.Instant
	events []event.Event
	told   []event.Event // those that are written, with their numbers (SQLite)
	hooks  []func()
	topics []string
	loaded map[string]*loaded // what In has read in this transaction, by version name
	jobs   map[[2]string]bool // kinds and keys of jobs scheduled or cancelled, even if that was undone later
	over   atomic.Bool
}

// conn is a Q that can fail for good and be revived by going back to a savepoint.
type conn interface {
	Q
	fail(err error)
	failure() error
	forget() // what waits, it is undone anyway
}

func (q *liteQ) forget() {}

func (q *liteQ) fail(err error) { q.failed = err }
func (q *liteQ) failure() error { return q.failed }

type transactionKey struct{}

// newTransaction starts the bookkeeping of one transaction. Its context remembers it, so that a Do or Read within,
// which would wait for itself, is refused.
func newTransaction(ctx context.Context, d *DB, q conn) *transaction {
	t := &transaction{d: d, q: q, now: d.opt.Clock.Now()}
	t.ctx = context.WithValue(ctx, transactionKey{}, t)
	return t
}

// inside is the transaction ctx comes from, nil when there is none or it has ended.
func inside(ctx context.Context) *transaction {
	t, _ := ctx.Value(transactionKey{}).(*transaction)
	if t == nil || t.over.Load() {
		return nil
	}
	return t
}

// Of is the connection of a running write transaction.
func Of(t tx.Tx) Q { return tx.Base(t).(*transaction).q }

func (t *transaction) Context() context.Context { return t.ctx }
func (t *transaction) Now() clock.Instant       { return t.now }
func (t *transaction) Actor() int64             { return tx.ActorOf(t.ctx) }
func (t *transaction) Cause() event.Cause       { return tx.CauseOf(t.ctx) }
func (t *transaction) AfterCommit(f func())     { t.hooks = append(t.hooks, f) }

// Emit keeps the event until the function has returned; then all are written at once.
func (t *transaction) Emit(e event.Event) error {
	if e.Type == "" {
		return errors.New("db: an event without a type")
	}
	if e.At == 0 {
		e.At = t.now
	}
	if e.ActorID == 0 {
		e.ActorID = t.Actor()
	}
	if e.Cause == (event.Cause{}) {
		e.Cause = t.Cause()
	}
	if e.V == 0 {
		e.V = 1
	}
	if e.Cause.Depth > event.MaxDepth {
		return fault.New(fault.Conflict, "event.too_deep", fault.Args{"depth": e.Cause.Depth})
	}
	t.events = append(t.events, e)
	return nil
}

const eventsPerInsert = 50

// flush writes the kept events.
func (t *transaction) flush() error {
	for rest := t.events; len(rest) > 0; {
		n := min(len(rest), eventsPerInsert)
		args := make([]any, 0, 2*n)
		for _, e := range rest[:n] {
			body, err := json.Marshal(e)
			if err != nil {
				return fmt.Errorf("event %s: %w", e.Type, err)
			}
			args = append(args, e.Type, string(body))
		}
		if err := Later(t.q, insertEvents(n), args...); err != nil {
			return err
		}
		t.number(rest[:n])
		rest = rest[n:]
	}
	if len(t.events) > 0 {
		t.topic(TopicOutbox)
	}
	t.events = nil
	return nil
}

func insertEvents(n int) string {
	return "INSERT INTO outbox (type, body) VALUES (?, ?)" + strings.Repeat(", (?, ?)", n-1)
}

// topic asks to wake those who listen to it once the transaction is durable.
func (t *transaction) topic(name string) {
	for _, known := range t.topics {
		if known == name {
			return
		}
	}
	t.topics = append(t.topics, name)
}

// Schedule writes a job; one that waits under the same kind and key is replaced.
func (t *transaction) Schedule(j job.Job) error {
	if j.Kind == "" {
		return errors.New("db: a job without a kind")
	}
	payload := string(j.Payload)
	if payload == "" {
		payload = "{}"
	}
	var key any
	if j.Key != "" {
		key = j.Key
		t.rescheduled(j.Kind, j.Key)
	}
	if t.d.dialect == SQLite || j.DueAt.Sub(t.now) < 2*t.d.Poll() { // what is due later is found by looking now and then
		t.topic(TopicJob)
	}
	// The fence grows, so that whoever runs the replaced job outside can't finish this one.
	return Later(t.q, `INSERT INTO job (kind, key, due_at, payload) VALUES (?, ?, ?, ?)
		ON CONFLICT (kind, key) DO UPDATE SET due_at = excluded.due_at, payload = excluded.payload, attempt = 0,
		state = 'waiting', lease_until = 0, fence = job.fence + 1, error = ''`, j.Kind, key, int64(j.DueAt), payload)
}

// Cancel removes the waiting job with this kind and key.
func (t *transaction) Cancel(kind, key string) error {
	t.rescheduled(kind, key)
	return Later(t.q, "DELETE FROM job WHERE kind = ? AND key = ?", kind, key)
}

func (t *transaction) rescheduled(kind, key string) {
	if t.jobs == nil {
		t.jobs = map[[2]string]bool{}
	}
	t.jobs[[2]string{kind, key}] = true
}

// Rescheduled tells whether the job with this kind and key may have been scheduled or cancelled in x.
func Rescheduled(x tx.Tx, kind, key string) bool {
	return tx.Base(x).(*transaction).jobs[[2]string{kind, key}]
}

// run calls f and writes what it left behind; a panic becomes a fault.
func (t *transaction) run(f func(tx.Tx) error) (err error) {
	defer func() {
		t.over.Store(true)
		if p := recover(); p != nil {
			err = t.d.panicked(p)
		}
	}()
	if err := f(t); err != nil {
		return err
	}
	if err := t.flush(); err != nil {
		return err
	}
	if err := t.q.failure(); err != nil {
		return fmt.Errorf("db: the function went on after a failed statement: %w", err)
	}
	return nil
}

func (d *DB) panicked(p any) error {
	d.log.Error("panic in a transaction", "panic", p, "stack", string(debug.Stack()))
	return fault.Wrap(fault.Internal, "internal", fmt.Errorf("panic: %v", p))
}

// committed runs the hooks and wakes the listeners.
func (t *transaction) committed() {
	for _, hook := range t.hooks {
		t.hook(hook)
	}
	for _, name := range t.topics {
		t.d.signals.send(name)
	}
}

func (t *transaction) hook(f func()) {
	defer func() {
		if p := recover(); p != nil {
			t.d.log.Error("panic after commit", "panic", p, "stack", string(debug.Stack()))
		}
	}()
	f()
}

// lost tells whether SQLite has given up the whole transaction by itself: disk full, I/O error.
func (t *transaction) lost() bool {
	q, ok := t.q.(*liteQ)
	return ok && q.conn.AutocommitEnabled()
}

// Fatal tells whether err, which a Savepoint in x returned, ends the whole transaction: PostgreSQL wants it run again, or
// the connection is lost. Who tries things one after another in savepoints must return such an error.
func Fatal(x tx.Tx, err error) bool {
	return err != nil && (retryable(err) || tx.Base(x).(*transaction).q.failure() != nil)
}

// Savepoint runs f so that its failure undoes only what f did: statements, events, hooks. The transaction goes on.
// Without it a failed statement (a broken unique index) spoils the whole transaction on both databases.
func Savepoint(x tx.Tx, f func() error) (err error) {
	t := tx.Base(x).(*transaction)
	if _, err := t.q.Exec("SAVEPOINT s"); err != nil { // what waits fails here, outside of it
		return err
	}
	events, hooks, topics := len(t.events), len(t.hooks), len(t.topics)
	defer func() {
		if p := recover(); p != nil {
			err = t.d.panicked(p)
		}
		if err == nil { // what waits within fails here at the latest
			if _, err = t.q.Exec("RELEASE SAVEPOINT s"); err == nil {
				return
			}
		}
		if retryable(err) || t.lost() { // the whole transaction has to run again
			t.q.fail(err)
			return
		}
		t.events, t.hooks, t.topics = t.events[:events], t.hooks[:hooks], t.topics[:topics]
		clear(t.loaded)
		t.q.fail(nil)
		t.q.forget()
		if _, e := t.q.Exec("ROLLBACK TO SAVEPOINT s"); e != nil {
			err = errors.Join(err, e)
		} else if _, e := t.q.Exec("RELEASE SAVEPOINT s"); e != nil {
			err = errors.Join(err, e)
		}
	}()
	err = f()
	if err == nil {
		err = t.q.failure()
	}
	return err
}

// Wake signals the listeners of topic on all nodes once x is durable.
func Wake(x tx.Tx, topic string) { tx.Base(x).(*transaction).topic(topic) }
