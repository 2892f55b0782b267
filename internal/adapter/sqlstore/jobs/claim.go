package jobs

import (
	"encoding/json"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

// due is a claimed job with the fence that tells whether it is still ours.
type due struct {
	job.Job
	fence int64
}

const (
	claimColumns = "SELECT id, kind, key, due_at, payload, attempt, fence FROM job"
	claimNext    = claimColumns + " WHERE state = 'waiting' AND due_at <= ? AND (due_at, id) > (?, ?) AND lease_until <= ? ORDER BY due_at, id LIMIT ?"
	// claimKind looks at some of the next due jobs for those of one kind.
	claimKind = claimColumns + ` WHERE state = 'waiting' AND lease_until <= ? AND id IN (SELECT id FROM (SELECT id, kind FROM job
		WHERE state = 'waiting' AND due_at <= ? AND (due_at, id) > (?, ?) ORDER BY due_at, id LIMIT ?) AS next WHERE kind = ? LIMIT ?) ORDER BY due_at, id`
	lookAhead = 2000 // jobs claimKind looks at
)

// claim takes the next jobs due behind a place, and of a kind that is run in groups more of what is due with them. last is
// where the next claim goes on.
func (r *Runner) claim(t tx.Tx, now clock.Instant, behind place, limit int) (list []due, last place, err error) {
	list, err = claimed(db.Of(t), claimNext, t.Now(), behind.dueAt, behind.id, now, limit)
	if err != nil || len(list) == 0 {
		return list, behind, err
	}
	last = place{list[len(list)-1].DueAt, list[len(list)-1].ID}
	if len(list) < limit || limit == 1 {
		return list, last, nil
	}
	grouped := map[string]int{}
	for _, j := range list {
		if r.handlers[j.Kind].Many != nil {
			grouped[j.Kind]++
		}
	}
	for kind, n := range grouped {
		more, err := claimed(db.Of(t), claimKind, now, t.Now(), last.dueAt, last.id, lookAhead, kind, job.MaxGroup-n)
		if err != nil {
			return nil, behind, err
		}
		list = append(list, more...)
	}
	return list, last, nil
}

// claimed locks what a question finds; jobs another runner has locked aren't found.
func claimed(q db.Q, sql string, args ...any) (list []due, err error) {
	if q.Dialect() == db.Postgres {
		sql += " FOR UPDATE SKIP LOCKED"
	}
	err = q.Query(sql, args, func(row db.Row) error {
		list = append(list, due{fence: row.Int64(6), Job: job.Job{
			ID: row.Int64(0), Kind: row.Text(1), Key: row.Text(2), DueAt: clock.Instant(row.Int64(3)),
			Payload: json.RawMessage(row.Text(4)), Attempt: int(row.Int64(5)) + 1,
		}})
		return nil
	})
	return list, err
}

// together puts the jobs of one group where the first of them stands; all others are alone.
func (r *Runner) together(list []due) [][]due {
	at := map[[2]string]int{}
	sets := make([][]due, 0, len(list))
	for _, j := range list {
		h := r.handlers[j.Kind]
		if h.Many == nil || h.Group == nil {
			sets = append(sets, []due{j})
			continue
		}
		name := h.Group(j.Job)
		i, begun := at[[2]string{j.Kind, name}]
		if name == "" || !begun || len(sets[i]) == job.MaxGroup {
			at[[2]string{j.Kind, name}] = len(sets)
			sets = append(sets, []due{j})
			continue
		}
		sets[i] = append(sets[i], j)
	}
	return sets
}
