package deadline

import (
	"encoding/json"
	"fmt"
	"strconv"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
)

// RecountJob is the kind of the jobs that count deadlines anew after hours have changed.
const RecountJob = "deadline.recount"

// slice is how many deadlines one transaction counts anew.
const slice = 100

// CountBy says how deadlines of a kind are counted anew, if not by the hours of their person. Called while wiring.
func (s *Service) CountBy(kind string, f func(tx.Tx, Deadline) (clock.Instant, error)) {
	s.count[kind] = f
}

// OnMoved is told when a deadline of a kind has got another due time, in the same transaction. Called while wiring.
func (s *Service) OnMoved(kind string, f func(tx.Tx, Deadline) error) { s.moved[kind] = f }

// Recount says that the hours of some people (nil: of everybody) have changed: jobs count their open deadlines anew, slice
// by slice, after the commit.
func (s *Service) Recount(t tx.Tx, users []int64) error {
	if users == nil {
		return recounting{}.schedule(t, "all")
	}
	for _, id := range users {
		if err := (recounting{Users: []int64{id}}).schedule(t, strconv.FormatInt(id, 10)); err != nil {
			return err
		}
	}
	return nil
}

// recounting is how far counting anew has come. Rest of an earlier order is replaced by a new one under the same key, which
// begins from the start.
type recounting struct {
	Users []int64 `json:"users,omitempty"`
	After Place   `json:"after"`
}

func (r recounting) schedule(t tx.Tx, key string) error {
	payload, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("deadline: %w", err)
	}
	return t.Schedule(job.Job{Kind: RecountJob, Key: key, DueAt: t.Now(), Payload: payload})
}

// RecountJob is the handler that counts anew.
func (s *Service) RecountJob() job.Handler {
	return job.Handler{Kind: RecountJob, Run: func(t any, j job.Job) error {
		var r recounting
		if err := json.Unmarshal(j.Payload, &r); err != nil {
			return fmt.Errorf("deadline: %w", err)
		}
		return s.recount(t.(tx.Tx), r, j.Key)
	}}
}

func (s *Service) recount(t tx.Tx, r recounting, key string) error {
	if s.Hours == nil {
		return nil
	}
	some, err := s.Store.OpenOf(t, r.Users, r.After, slice)
	if err != nil || len(some) == 0 {
		return err
	}
	last := some[len(some)-1]
	r.After = Place{User: last.UserID, ID: last.ID}
	held, err := s.Store.Hold(t, some)
	if err != nil {
		return err
	}
	for _, d := range held {
		if err := s.Again(t, d, d.UserID); err != nil {
			return err
		}
	}
	if len(some) < slice {
		return nil
	}
	return r.schedule(t, key)
}

// Again counts one open deadline anew, for a person. A deadline that would have passed by now is due now.
func (s *Service) Again(t tx.Tx, d Deadline, userID int64) error {
	due, before := d.DueAt, d
	d.UserID = userID
	var err error
	switch count := s.count[d.Kind]; {
	case d.Work == 0:
	case count != nil:
		due, err = count(t, d)
	case s.Hours != nil:
		due, err = s.Hours.Due(t, userID, d.FromAt, d.Work)
	}
	if err != nil {
		return err
	}
	if due != before.DueAt {
		due = max(due, t.Now())
	}
	if d.DueAt = due; d == before {
		return nil
	}
	if open, err := s.Store.Move(t, d); err != nil || !open {
		return err
	}
	if d.DueAt == before.DueAt {
		return nil
	}
	if group := s.group[d.Kind]; group != nil {
		if d.Group, err = group(t, d); err != nil {
			return err
		}
	}
	if err := schedule(t, d); err != nil {
		return err
	}
	if moved := s.moved[d.Kind]; moved != nil {
		return moved(t, d)
	}
	return nil
}

// Reassign gives the open deadlines of a kind about a record to another person, by whose hours they count from now on.
func (s *Service) Reassign(t tx.Tx, kind string, r ref.Ref, userID int64) error {
	open, err := s.Store.OpenAt(t, kind, r)
	if err != nil {
		return err
	}
	for _, d := range open {
		if err := s.Again(t, d, userID); err != nil {
			return err
		}
	}
	return nil
}
