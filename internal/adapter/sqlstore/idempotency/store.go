// Package idempotency keeps the answers of requests that carry an Idempotency-Key, for 24 hours. When a row is written and
// when its answer follows is decided by package httpapi.
package idempotency

import (
	"bytes"
	"context"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

// keptFor is how long an answer is kept.
const keptFor = 24 * time.Hour

// SweepKind is the job that removes old answers.
const SweepKind = "idempotency.sweep"

const slice = 500 // rows removed in one transaction

// Store keeps the answers.
type Store struct {
	d    *db.DB
	soon soon
}

// New makes a Store.
func New(d *db.DB) *Store { return &Store{d: d} }

// Kept is what is known of a key; Status 0 means that it was done and the answer is not known.
type Kept struct {
	Hash   string
	Status int
	Type   string
	Answer []byte
	Place  string // the path of what was made
}

// Find looks for the row of a key.
func (s *Store) Find(ctx context.Context, key string, userID int64) (k Kept, found bool, err error) {
	if k, found = s.soon.find(rowKey{key, userID}); found {
		return k, true, nil
	}
	since := s.d.Clock().Now().Add(-keptFor)
	err = s.d.ReadLoose(ctx, func(q db.Q) error {
		found, err = db.One(q, "SELECT hash, status, answer FROM idempotency WHERE key = ? AND user_id = ? AND at > ?", []any{key, userID, since}, func(r db.Row) error {
			kind, answer, _ := bytes.Cut(r.Bytes(2), []byte{'\n'})
			k = Kept{Hash: r.Text(0), Status: int(r.Int64(1)), Type: string(kind), Answer: bytes.Clone(answer)}
			if k.Status == 0 {
				k.Place, k.Type = k.Type, ""
			}
			return nil
		})
		return err
	})
	return k, found, err
}

// Reserve writes the row of a key inside a transaction; false when a fresh one is there. On PostgreSQL it waits for another
// transaction that is about to write the same row.
func (s *Store) Reserve(t tx.Tx, key string, userID int64, hash string) (bool, error) {
	n, err := db.Of(t).Exec(`INSERT INTO idempotency AS i (key, user_id, hash, at, status, answer) VALUES (?, ?, ?, ?, 0, NULL)
		ON CONFLICT (key, user_id) DO UPDATE SET hash = excluded.hash, at = excluded.at, status = 0, answer = NULL WHERE i.at <= ?`,
		key, userID, hash, t.Now(), t.Now().Add(-keptFor))
	return n == 1, err
}

// Place adds to the row of a key the path of what was made under it, inside the transaction that made it.
func (s *Store) Place(t tx.Tx, key string, userID int64, path string) error {
	return db.Later(db.Of(t), "UPDATE idempotency SET answer = ? WHERE key = ? AND user_id = ?", []byte(path), key, userID)
}

// Keep adds the answer to the row: at once, or a moment later with others when what was made has a place, because then a
// repeat after a crash can be answered without.
func (s *Store) Keep(ctx context.Context, key string, userID int64, k Kept) error {
	row := rowKey{key, userID}
	if k.Place != "" && s.soon.add(row, k, s.write) {
		return nil
	}
	return s.d.Do(ctx, func(t tx.Tx) error { return keep(t, row, k) })
}

func keep(t tx.Tx, row rowKey, k Kept) error {
	answer := append(append([]byte(k.Type), '\n'), k.Answer...)
	return db.Later(db.Of(t), "UPDATE idempotency SET status = ?, answer = ? WHERE key = ? AND user_id = ? AND hash = ?",
		int64(k.Status), answer, row.key, row.userID, k.Hash)
}

// Schedule makes sure that old answers will be removed.
func (s *Store) Schedule(ctx context.Context) error {
	return s.d.Do(ctx, func(t tx.Tx) error {
		return t.Schedule(job.Job{Kind: SweepKind, Key: SweepKind, DueAt: t.Now().Add(time.Hour)})
	})
}

// Handler removes old answers, a slice at a time, and comes again after an hour.
func (s *Store) Handler() job.Handler {
	return job.Handler{Kind: SweepKind, Run: func(x any, j job.Job) error {
		t, ok := x.(tx.Tx)
		if !ok {
			return nil
		}
		n, err := db.Of(t).Exec("DELETE FROM idempotency WHERE (key, user_id) IN (SELECT key, user_id FROM idempotency WHERE at <= ? ORDER BY at LIMIT ?)",
			t.Now().Add(-keptFor), int64(slice))
		if err != nil {
			return err
		}
		next := t.Now().Add(time.Hour)
		if n == slice {
			next = t.Now().Add(100 * time.Millisecond)
		}
		return t.Schedule(job.Job{Kind: SweepKind, Key: SweepKind, DueAt: next})
	}}
}
