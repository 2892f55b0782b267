package incident

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"voronka/internal/flow/deadline"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// LimitsJob is the kind of the jobs that count anew after the limit of a stage has changed.
const LimitsJob = "stage.limits"

// Deadlines is the one mechanism of being late.
type Deadlines interface {
	Open(t tx.Tx, d deadline.Deadline) (int64, error)
	CloseAll(t tx.Tx, kind string, r ref.Ref) error
	Reassign(t tx.Tx, kind string, r ref.Ref, userID int64) error
}

// Records reads records.
type Records interface {
	Catalog(t tx.Tx) (*schema.Catalog, error)
	Load(t tx.Tx, who access.Who, r ref.Ref) (*record.State, error)
}

// Lying lists records by the stage they lie on.
type Lying interface {
	// Some gives up to n records on the stages with numbers above after, in the order of their numbers.
	Some(t tx.Tx, typeID int64, stages []int64, after int64, n int) ([]ref.Ref, error)
}

// StageLimits is the hook of records that counts the time they lie on a stage with a limit.
type StageLimits struct {
	Deadlines Deadlines
	Hours     deadline.Hours
	Incidents *Service
	Records   Records
	Lying     Lying
}

// Before implements record.Hook.
func (*StageLimits) Before(tx.Tx, *record.Change) error { return nil }

// After opens a deadline when a record comes to a stage with a limit and closes it when it leaves. Given to another person
// the limit counts by his hours.
func (l *StageLimits) After(t tx.Tx, c *record.Change) error {
	if !c.Type.Staged {
		return nil
	}
	r := ref.Ref{Type: c.Type.Code, ID: c.ID}
	if !c.Created && !c.Deleted && !c.Restored && !c.Moved() {
		if s := c.Catalog.StageByID(c.After.StageID); s == nil || s.LimitSeconds == 0 || c.Before.ResponsibleID == c.After.ResponsibleID {
			return nil
		}
		return l.Deadlines.Reassign(t, deadline.Stage, r, c.After.ResponsibleID)
	}
	if !c.Created {
		if err := l.Deadlines.CloseAll(t, deadline.Stage, r); err != nil {
			return err
		}
	}
	if c.Deleted {
		return nil
	}
	return l.open(t, r, c.Catalog.StageByID(c.After.StageID), c.After.ResponsibleID, t.Now())
}

func (l *StageLimits) open(t tx.Tx, r ref.Ref, s *schema.Stage, responsible int64, since clock.Instant) error {
	if s == nil || s.LimitSeconds == 0 || s.Closed() {
		return nil
	}
	limit := time.Duration(s.LimitSeconds) * time.Second
	due, err := l.Hours.Due(t, responsible, since, limit)
	if err != nil {
		return err
	}
	if due <= t.Now() { // the limit is younger than the visit: it counts from now on
		since = t.Now()
		if due, err = l.Hours.Due(t, responsible, since, limit); err != nil {
			return err
		}
	}
	_, err = l.Deadlines.Open(t, deadline.Deadline{
		Kind: deadline.Stage, Record: r, Subject: s.ID, UserID: responsible, DueAt: due, FromAt: since, Work: limit,
	})
	return err
}

// Missed is what happens when a record has lain too long: the one responsible now gets an incident.
func (l *StageLimits) Missed(t tx.Tx, d deadline.Deadline) error {
	state, err := l.Records.Load(t, access.System(), d.Record)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil || state.StageID != d.Subject {
		return err
	}
	c, err := l.Records.Catalog(t)
	if err != nil {
		return err
	}
	s := c.StageByID(d.Subject)
	data, err := json.Marshal(map[string]any{"stage": s.Code, "limit_seconds": s.LimitSeconds})
	if err != nil {
		return fmt.Errorf("incident: %w", err)
	}
	t = tx.Because(t, event.Cause{Kind: "system", Code: "stage_limit", ID: s.ID, Title: s.TitleRU, Note: "flow.cause.stage_limit"})
	_, err = l.Incidents.Register(t, Incident{Kind: StageOverdue, UserID: state.ResponsibleID, Record: d.Record, Subject: s.ID, DueAt: d.DueAt, Data: data})
	return err
}

// recount is how far counting anew has come.
type recount struct {
	Stage int64 `json:"stage"`
	After int64 `json:"after,omitempty"`
}

// Changed is told that the limit of a stage has changed: records lying there are counted anew, slice by slice.
func (l *StageLimits) Changed(t tx.Tx, s *schema.Stage) error {
	return recount{Stage: s.ID}.schedule(t)
}

func (r recount) schedule(t tx.Tx) error {
	payload, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("incident: %w", err)
	}
	return t.Schedule(job.Job{Kind: LimitsJob, Key: strconv.FormatInt(r.Stage, 10), DueAt: t.Now(), Payload: payload})
}

// Job is the handler that counts anew.
func (l *StageLimits) Job() job.Handler {
	return job.Handler{Kind: LimitsJob, Run: func(t any, j job.Job) error {
		var r recount
		if err := json.Unmarshal(j.Payload, &r); err != nil {
			return fmt.Errorf("incident: %w", err)
		}
		return l.recount(t.(tx.Tx), r)
	}}
}

func (l *StageLimits) recount(t tx.Tx, r recount) error {
	c, err := l.Records.Catalog(t)
	if err != nil {
		return err
	}
	s := c.StageByID(r.Stage)
	if s == nil || s.Removed {
		return nil
	}
	some, err := l.Lying.Some(t, c.PipelineByID(s.PipelineID).TypeID, []int64{s.ID}, r.After, 50)
	if err != nil || len(some) == 0 {
		return err
	}
	for _, record := range some {
		state, err := l.Records.Load(t, access.System(), record)
		if err != nil {
			return err
		}
		if err := l.Deadlines.CloseAll(t, deadline.Stage, record); err != nil {
			return err
		}
		if err := l.open(t, record, s, state.ResponsibleID, state.StageEnteredAt); err != nil {
			return err
		}
		r.After = record.ID
	}
	return r.schedule(t)
}
