package jobs

import (
	"encoding/json"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

// DeadJob is a job nobody tries any more, with what went wrong the last time.
type DeadJob struct {
	job.Job
	Error string
}

// Dead lists dead jobs, the oldest first.
func Dead(q db.Q, limit int) ([]DeadJob, error) {
	var list []DeadJob
	err := q.Query(`SELECT id, kind, key, due_at, payload, attempt, error FROM job WHERE state = 'dead' ORDER BY due_at, id LIMIT ?`,
		[]any{limit}, func(row db.Row) error {
			list = append(list, DeadJob{Error: row.Text(6), Job: job.Job{
				ID: row.Int64(0), Kind: row.Text(1), Key: row.Text(2), DueAt: clock.Instant(row.Int64(3)),
				Payload: json.RawMessage(row.Text(4)), Attempt: int(row.Int64(5)),
			}})
			return nil
		})
	return list, err
}

// Revive makes a dead job due now with all its attempts before it; it tells whether there was one.
func Revive(t tx.Tx, id int64) (bool, error) {
	n, err := db.Of(t).Exec(`UPDATE job SET state = 'waiting', attempt = 0, due_at = ?, lease_until = 0, fence = fence + 1
		WHERE id = ? AND state = 'dead'`, t.Now(), id)
	if n > 0 {
		db.Wake(t, db.TopicJob)
	}
	return n > 0, err
}
