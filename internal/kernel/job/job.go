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

// MaxGroup is how many jobs Handler.Many gets at most.
const MaxGroup = 200

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
	// Group and Many, both or neither and only beside Run, let due jobs that concern one thing be run together: those for
	// which Group gives the same text go to Many, up to MaxGroup at a time in the order they fell due; one with nobody
	// beside it, or with "", goes to Run. What Many does happens for all of them or for none: when it fails, each is run by
	// Run, and only those fail that fail there. Group sees the job alone (its key and payload).
	Group func(j Job) string
	Many  func(t any, list []Job) error
	// Do for the outside world; exactly one of Run and Do is set.
	Do func(ctx context.Context, j Job) error
}
