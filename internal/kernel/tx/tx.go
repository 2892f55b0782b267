// Package tx is the one way to write. A use case gets a Tx from Do, hands it to the stores it uses, and either all of it
// is written or nothing is.
package tx

import (
	"context"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/job"
)

// Tx is a running write transaction. It is used by one goroutine and is dead after the function given to Do returned.
// Stores of the SQL adapter find their connection in it.
type Tx interface {
	Context() context.Context
	// Now is the moment of the transaction: the same however often it is asked.
	Now() clock.Instant
	// Actor is the person acting, 0 for the system.
	Actor() int64
	// Cause is because of what the transaction runs.
	Cause() event.Cause
	// Emit writes an event to the outbox. At, ActorID and Cause are filled in when empty.
	Emit(event.Event) error
	// Schedule writes a job; with a Key that is already waiting the job is replaced by the new one.
	Schedule(job.Job) error
	// Cancel removes the waiting job with this kind and key, if there is one.
	Cancel(kind, key string) error
	// AfterCommit runs f once the transaction is durable, on any goroutine; f must not block.
	AfterCommit(f func())
}

// Doer runs write transactions.
//
// The function may be called again after a serialisation failure, so it does no I/O but through the Tx and asks no clock
// but tx.Now. It should take under 50 ms; bulk work is cut into slices, each its own Do.
type Doer interface {
	Do(ctx context.Context, f func(Tx) error) error
}

type key int

const (
	actorKey key = iota
	causeKey
)

// WithActor says on whose behalf the transactions of ctx run.
func WithActor(ctx context.Context, id int64) context.Context {
	return context.WithValue(ctx, actorKey, id)
}

// ActorOf tells who acts in ctx, 0 for the system.
func ActorOf(ctx context.Context) int64 { id, _ := ctx.Value(actorKey).(int64); return id }

// WithCause says because of what the transactions of ctx run.
func WithCause(ctx context.Context, c event.Cause) context.Context {
	return context.WithValue(ctx, causeKey, c)
}

// CauseOf tells the cause in ctx; without one it is the acting person, or the system.
func CauseOf(ctx context.Context) event.Cause {
	if c, ok := ctx.Value(causeKey).(event.Cause); ok {
		return c
	}
	if ActorOf(ctx) != 0 {
		return event.Cause{Kind: "person"}
	}
	return event.Cause{Kind: "system"}
}
