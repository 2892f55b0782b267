package stage

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"voronka/internal/flow/pipeline"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// JobKind is the kind of the jobs that empty stages before they vanish.
const JobKind = "stage.removal"

// slice is how many records are moved in one transaction.
const slice = 25

// removal is what is being removed: a stage, or a whole pipeline when Pipeline is set.
type removal struct {
	Stage    int64 `json:"stage,omitempty"`
	Pipeline int64 `json:"pipeline,omitempty"`
	MoveTo   int64 `json:"move_to"`
	After    int64 `json:"after,omitempty"` // the last record that was moved
}

// Removed is the answer to a removal.
type Removed struct {
	Held    pipeline.Held // what has to move first
	Pending bool          // records are being moved; the stage vanishes when it is empty
}

// Remove takes a stage away. What lies on it is moved to the stage moveTo; without one a stage that holds something stays,
// and the error says how much that is.
func (s *Service) Remove(ctx context.Context, who access.Who, id, moveTo int64) (answer Removed, err error) {
	err = s.setUp(ctx, who, lineOf(id), func(t tx.Tx, c *schema.Catalog) error {
		gone, p, err := find(c, id)
		if err != nil {
			return err
		}
		rest := slices.DeleteFunc(slices.Clone(p.Stages), func(s *schema.Stage) bool { return s == gone })
		if err := pipeline.Complete(rest); err != nil {
			return err
		}
		answer, err = s.remove(t, c, removal{Stage: id, MoveTo: moveTo})
		return err
	})
	return answer, err
}

// RemovePipeline takes a pipeline away with all its stages, in the same way.
func (s *Service) RemovePipeline(ctx context.Context, who access.Who, id, moveTo int64) (answer Removed, err error) {
	if err := who.Must(access.Types); err != nil {
		return Removed{}, err
	}
	err = s.setUp(ctx, who, line(id), func(t tx.Tx, c *schema.Catalog) error {
		p, err := pipeline.Find(c, id)
		if err != nil {
			return err
		}
		if len(c.Pipelines(c.TypeByID(p.TypeID).Code)) == 1 {
			return fault.New(fault.Conflict, "pipeline.last")
		}
		answer, err = s.remove(t, c, removal{Pipeline: id, MoveTo: moveTo})
		return err
	})
	return answer, err
}

func (s *Service) remove(t tx.Tx, c *schema.Catalog, r removal) (Removed, error) {
	gone := r.stages(c)
	typeID := c.PipelineByID(gone[0].PipelineID).TypeID
	held, err := s.Store.Held(t, typeID, ids(gone))
	if err != nil {
		return Removed{}, err
	}
	if !held.Any() {
		return Removed{}, s.drop(t, c, r)
	}
	if r.MoveTo == 0 {
		return Removed{}, &fault.Error{Code: fault.Conflict, Key: "stage.holds_records", Args: fault.Args{"n": held.Records + held.Bin}, Data: held}
	}
	if err := r.check(c, typeID, gone); err != nil {
		return Removed{}, err
	}
	return Removed{Held: held, Pending: true}, r.schedule(t)
}

// check refuses a target the records can't go to.
func (r removal) check(c *schema.Catalog, typeID int64, gone []*schema.Stage) error {
	to, p, err := find(c, r.MoveTo)
	switch {
	case err != nil, p.TypeID != typeID, slices.Contains(gone, to):
		return fault.In("move_to", "stage.bad_move_to")
	case to.Kind == schema.Lost && slices.ContainsFunc(gone, func(s *schema.Stage) bool { return s.Kind != schema.Lost }):
		return fault.In("move_to", "stage.move_to_lost")
	}
	return nil
}

func (r removal) schedule(t tx.Tx) error {
	payload, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("removal: %w", err)
	}
	return t.Schedule(job.Job{Kind: JobKind, Key: fmt.Sprintf("%d/%d", r.Pipeline, r.Stage), DueAt: t.Now(), Payload: payload})
}

// Job is the handler that empties stages.
func (s *Service) Job() job.Handler {
	return job.Handler{Kind: JobKind, Run: func(t any, j job.Job) error { return s.step(t.(tx.Tx), j) }}
}

// step moves one slice; the one that finds nothing left removes the stage.
func (s *Service) step(t tx.Tx, j job.Job) error {
	var r removal
	if err := json.Unmarshal(j.Payload, &r); err != nil {
		return fmt.Errorf("removal: %w", err)
	}
	c, err := s.Store.Catalog(t)
	if err != nil {
		return err
	}
	gone := r.stages(c)
	to := c.StageByID(r.MoveTo)
	if len(gone) == 0 || to == nil || to.Removed {
		return nil // removed by somebody else meanwhile, or the target has gone: nothing is lost by waiting for a new wish
	}
	t = tx.Because(t, event.Cause{Kind: "system", Code: "stage_removal", ID: r.Stage + r.Pipeline, Title: gone[0].TitleRU, Note: "flow.cause.stage_removal"})
	typeID := c.PipelineByID(gone[0].PipelineID).TypeID
	some, err := s.Store.Some(t, typeID, ids(gone), r.After, slice)
	if err != nil {
		return err
	}
	if len(some) == 0 {
		return s.finish(t, c, r, typeID, gone, to)
	}
	for _, record := range some {
		if err := s.Mover.Move(t, record, to); err != nil {
			return fmt.Errorf("move %s: %w", record, err)
		}
		r.After = record.ID
	}
	return r.schedule(t)
}

func (s *Service) finish(t tx.Tx, c *schema.Catalog, r removal, typeID int64, gone []*schema.Stage, to *schema.Stage) error {
	if err := s.Store.Lock(t); err != nil {
		return err
	}
	if err := s.Store.MoveBin(t, typeID, ids(gone), to); err != nil {
		return err
	}
	held, err := s.Store.Held(t, typeID, ids(gone))
	if err != nil {
		return err
	}
	if held.Any() { // somebody put a record there meanwhile: once more from the start
		r.After = 0
		return r.schedule(t)
	}
	return s.drop(t, c, r)
}

// drop marks the stages, and the pipeline when it is one, as removed; rows of the journal still name them.
func (s *Service) drop(t tx.Tx, c *schema.Catalog, r removal) error {
	for _, gone := range r.stages(c) {
		removed := *gone
		removed.Removed = true
		if err := s.Store.SaveStage(t, &removed); err != nil {
			return err
		}
	}
	if r.Pipeline == 0 {
		return nil
	}
	p := *c.PipelineByID(r.Pipeline)
	p.Removed = true
	return s.Store.SavePipeline(t, &p)
}

// stages are the stages that shall go and are still there.
func (r removal) stages(c *schema.Catalog) []*schema.Stage {
	if r.Pipeline != 0 {
		if p := c.PipelineByID(r.Pipeline); p != nil && !p.Removed {
			return p.Stages
		}
		return nil
	}
	if s := c.StageByID(r.Stage); s != nil && !s.Removed {
		return []*schema.Stage{s}
	}
	return nil
}

func ids(stages []*schema.Stage) []int64 {
	out := make([]int64, len(stages))
	for i, s := range stages {
		out[i] = s.ID
	}
	return out
}
