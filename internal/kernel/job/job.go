// Package job describes work for later: timers, retries, slices of bulk work. A job is a row in the database; nothing
// waits in memory.
package job

import (
	"context"
	"encoding/json"

	"voronka/internal/kernel/clock"
)

// Job is one piece of work.
type Job struct {
	ID      int64
	Kind    string // which handler
	Key     string // optional; at most one waiting job per kind and key
	DueAt   clock.Instant
	Payload json.RawMessage
	Attempt int // 1 on the first run
}

// Handler runs jobs of one kind.
//
// Own-data handlers are called inside the transaction that removes the job (Transactional), so their effect happens
// exactly once. Handlers that speak to the outside (External) run under a lease and at least once: they pass the job's ID
// as idempotency key. A returned error retries with growing pauses; after MaxAttempts the job is dead and shown in doctor.
type Handler struct {
	Kind        string
	MaxAttempts int // default 8
	// Run for own data; t is a tx.Tx (typed any to keep this room below tx).
	Run func(t any, j Job) error
	// Do for the outside world; exactly one of Run and Do is set.
	Do func(ctx context.Context, j Job) error
}
