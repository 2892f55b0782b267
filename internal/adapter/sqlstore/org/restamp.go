package orgstore

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/directory"
)

// RestampKind is the job that puts the department and its place on records, a slice at a time.
const RestampKind = "org.restamp"

const (
	recordSlice = 500  // records changed in one transaction
	sideSlice   = 2000 // rows of bin and incident looked at in one transaction
)

// restamp is the payload of the job: for whom, and how far it has come.
type restamp struct {
	User       int64 `json:"user,omitempty"`
	Department int64 `json:"department,omitempty"`
	Fallback   int64 `json:"fallback,omitempty"` // department of records without responsible, when theirs is gone
	Step       int64 `json:"step,omitempty"`     // record type, or one of the steps below
	After      int64 `json:"after,omitempty"`    // number of the last row done in this step
	Pass       int   `json:"pass,omitempty"`
	Changed    int64 `json:"changed,omitempty"` // in this pass
}

// Steps after all record types.
const (
	stepBin      = math.MaxInt64 - 2
	stepIncident = math.MaxInt64 - 1
	stepDone     = math.MaxInt64
)

// again is how long a second look waits on PostgreSQL: a write that read the departments before they changed may commit
// after the slice went over its place.
const again = 10 * time.Second

// Handler runs the job.
func (s *Store) Handler() job.Handler {
	return job.Handler{Kind: RestampKind, Run: func(t any, j job.Job) error {
		var r restamp
		if err := json.Unmarshal(j.Payload, &r); err != nil {
			return fmt.Errorf("restamp: %w", err)
		}
		return s.restamp(t.(tx.Tx), r)
	}}
}

// RestampUser implements user.Restamper.
func (s *Store) RestampUser(t tx.Tx, userID int64) error { return restamp{User: userID}.schedule(t, 0) }

// RestampDepartments implements department.Restamper.
func (s *Store) RestampDepartments(t tx.Tx, ids []int64, fallback int64) error {
	going, err := restampingIn(db.Of(t))
	if err != nil {
		return err
	}
	for _, id := range ids {
		going[id] = fallback
		if err := (restamp{Department: id, Fallback: fallback}).schedule(t, 0); err != nil {
			return err
		}
	}
	return saveSetting(t, restampingKey, going)
}

func (r restamp) key() string {
	if r.User != 0 {
		return "user/" + strconv.FormatInt(r.User, 10)
	}
	return "department/" + strconv.FormatInt(r.Department, 10)
}

func (r restamp) schedule(t tx.Tx, wait time.Duration) error {
	payload, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("restamp: %w", err)
	}
	return t.Schedule(job.Job{Kind: RestampKind, Key: r.key(), DueAt: t.Now().Add(wait), Payload: payload})
}

// restamp does one slice and asks for the next.
func (s *Store) restamp(t tx.Tx, r restamp) error {
	q := db.Of(t)
	dir, err := s.dirs.In(q)
	if err != nil {
		return err
	}
	tables, err := tablesIn(q)
	if err != nil {
		return err
	}
	for budget := recordSlice; budget > 0 && r.Step != stepDone; {
		x := slice{q: q, dir: dir, restamp: r, limit: budget}
		if err := x.run(tables); err != nil {
			return err
		}
		r.Changed += x.changed
		budget -= x.seen
		if r.After = x.last; !x.full {
			r.Step, r.After = next(tables, r), 0
		}
	}
	switch {
	case r.Step != stepDone:
		return r.schedule(t, 0)
	case r.Changed > 0 || q.Dialect() == db.Postgres && r.Pass == 0:
		wait := time.Duration(0)
		if q.Dialect() == db.Postgres {
			wait = again
		}
		return restamp{User: r.User, Department: r.Department, Fallback: r.Fallback, Pass: r.Pass + 1}.schedule(t, wait)
	case r.Department != 0:
		return s.restamped(t, r.Department)
	}
	return nil
}

// next is the step after r's: record types by number, then bin and, for a department, incidents. A person's incidents stay
// where they happened.
func next(tables []table, r restamp) int64 {
	for _, table := range tables {
		if table.typeID > r.Step {
			return table.typeID
		}
	}
	switch {
	case r.Step < stepBin:
		return stepBin
	case r.Step < stepIncident && r.Department != 0:
		return stepIncident
	}
	return stepDone
}

// restamped takes a department off the list of those under way; with the last one rights go by ranges again.
func (s *Store) restamped(t tx.Tx, id int64) error {
	if err := s.LockOrg(t); err != nil {
		return err
	}
	going, err := restampingIn(db.Of(t))
	if err != nil {
		return err
	}
	delete(going, id)
	return saveSetting(t, restampingKey, going)
}

// table is the table of a record type.
type table struct {
	typeID int64
	name   string
	staged bool
	gone   bool     // removed, kept for an undo
	money  []string // columns of amounts
}

func tablesIn(q db.Q) ([]table, error) {
	var tables []table
	err := q.Query("SELECT id, code, staged, removed_at FROM record_type ORDER BY id", nil, func(r db.Row) error {
		tables = append(tables, table{typeID: r.Int64(0), name: "r_" + r.Text(1), staged: r.Int64(2) != 0, gone: r.Int64(3) != 0})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return tables, q.Query("SELECT type_id, col FROM field WHERE kind = 'money' AND removed_at = 0 ORDER BY id", nil, func(r db.Row) error {
		for i := range tables {
			if tables[i].typeID == r.Int64(0) {
				tables[i].money = append(tables[i].money, r.Text(1))
			}
		}
		return nil
	})
}

var _ directory.People = (*directory.Directory)(nil)
