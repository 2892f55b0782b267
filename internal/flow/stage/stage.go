package stage

import (
	"context"
	"slices"

	"voronka/internal/flow/pipeline"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// Mover moves a record to a stage, with all that follows from a move.
type Mover interface {
	Move(t tx.Tx, r ref.Ref, to *schema.Stage) error
}

// Patch is what shall change of a stage; nil leaves as it is. The code and the pipeline never change.
type Patch struct {
	TitleRU, TitleEN *string
	Kind             *string
	Color            *int64
	LimitSeconds     *int64
	Goal             *string
	BusinessRole     *string
	Task             *string
	Product          *string
	Instruction      *string
}

// Service are the use cases.
type Service struct {
	Tx    tx.Doer
	Store pipeline.Store
	Mover Mover
	// Limits is told when the time limit of a stage has changed; nil for nobody.
	Limits func(t tx.Tx, s *schema.Stage) error
}

// Create adds a stage to a pipeline, before the stage before or, when that is 0, where its kind belongs.
func (s *Service) Create(ctx context.Context, who access.Who, pipelineID int64, d pipeline.StageDraft, before int64) (id int64, err error) {
	err = s.setUp(ctx, who, line(pipelineID), func(t tx.Tx, c *schema.Catalog) error {
		id, err = s.create(t, c, pipelineID, d, before)
		return err
	})
	return id, err
}

func (s *Service) create(t tx.Tx, c *schema.Catalog, pipelineID int64, d pipeline.StageDraft, before int64) (int64, error) {
	p, err := pipeline.Find(c, pipelineID)
	if err != nil {
		return 0, err
	}
	if len(p.Stages) >= pipeline.MaxStages {
		return 0, fault.New(fault.Conflict, "pipeline.too_many_stages", fault.Args{"max": pipeline.MaxStages})
	}
	codes, err := s.Store.StageCodes(t, p.ID)
	if err != nil {
		return 0, err
	}
	added, err := pipeline.NewStage(d, len(p.Stages), codes)
	if err != nil {
		return 0, err
	}
	at, err := place(p.Stages, added, before)
	if err != nil {
		return 0, err
	}
	added.PipelineID = p.ID
	if added.ID, err = s.Store.InsertStage(t, added); err != nil {
		return 0, err
	}
	return added.ID, s.number(t, slices.Insert(slices.Clone(p.Stages), at, added))
}

// place is where a new stage goes: before the one named, else open and waiting ones before the first closed one.
func place(stages []*schema.Stage, added *schema.Stage, before int64) (int, error) {
	if before != 0 {
		at := slices.IndexFunc(stages, func(s *schema.Stage) bool { return s.ID == before })
		if at < 0 {
			return 0, fault.In("before", "stage.not_found")
		}
		return at, nil
	}
	if !added.Closed() {
		if at := slices.IndexFunc(stages, (*schema.Stage).Closed); at >= 0 {
			return at, nil
		}
	}
	return len(stages), nil
}

// number writes the order of stages.
func (s *Service) number(t tx.Tx, stages []*schema.Stage) error {
	for i, stage := range stages {
		if want := int64(i+1) * 10; stage.Sort != want {
			moved := *stage
			moved.Sort = want
			if err := s.Store.SaveStage(t, &moved); err != nil {
				return err
			}
		}
	}
	return nil
}

// Change applies a patch. The kind of a stage with records stays open or stays closed: records can't be won by a setting.
func (s *Service) Change(ctx context.Context, who access.Who, id int64, patch Patch) error {
	return s.setUp(ctx, who, lineOf(id), func(t tx.Tx, c *schema.Catalog) error {
		before, p, err := find(c, id)
		if err != nil {
			return err
		}
		after := *before
		if err := patch.apply(&after); err != nil {
			return err
		}
		if after.Kind != before.Kind {
			if err := s.mayTurn(t, p, before, &after); err != nil {
				return err
			}
		}
		if err := s.Store.SaveStage(t, &after); err != nil || after.LimitSeconds == before.LimitSeconds || s.Limits == nil {
			return err
		}
		return s.Limits(t, &after)
	})
}

func (s *Service) mayTurn(t tx.Tx, p *schema.Pipeline, before, after *schema.Stage) error {
	stages := slices.Clone(p.Stages)
	stages[slices.Index(stages, before)] = after
	if err := pipeline.Complete(stages); err != nil {
		return err
	}
	if !before.Closed() && !after.Closed() {
		return nil
	}
	held, err := s.Store.Held(t, p.TypeID, []int64{before.ID})
	if err != nil || !held.Any() {
		return err
	}
	return &fault.Error{Code: fault.Conflict, Key: "stage.kind_holds_records", Args: fault.Args{"n": held.Records + held.Bin}, Data: held}
}

// Reorder puts the stages of a pipeline in the order given, which names each of them once.
func (s *Service) Reorder(ctx context.Context, who access.Who, pipelineID int64, order []int64) error {
	return s.setUp(ctx, who, line(pipelineID), func(t tx.Tx, c *schema.Catalog) error {
		p, err := pipeline.Find(c, pipelineID)
		if err != nil {
			return err
		}
		var stages []*schema.Stage
		for _, id := range order {
			at := slices.IndexFunc(p.Stages, func(s *schema.Stage) bool { return s.ID == id })
			if at < 0 || slices.Contains(stages, p.Stages[at]) {
				return fault.In("stages", "stage.bad_order")
			}
			stages = append(stages, p.Stages[at])
		}
		if len(stages) != len(p.Stages) {
			return fault.In("stages", "stage.bad_order")
		}
		return s.number(t, stages)
	})
}

// finding is which pipeline somebody wants to change.
type finding func(c *schema.Catalog) (*schema.Pipeline, error)

func line(id int64) finding {
	return func(c *schema.Catalog) (*schema.Pipeline, error) { return pipeline.Find(c, id) }
}

func lineOf(stage int64) finding {
	return func(c *schema.Catalog) (*schema.Pipeline, error) {
		_, p, err := find(c, stage)
		return p, err
	}
}

func (s *Service) setUp(ctx context.Context, who access.Who, which finding, f func(tx.Tx, *schema.Catalog) error) error {
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.Lock(t); err != nil {
			return err
		}
		c, err := s.Store.Catalog(t)
		if err != nil {
			return err
		}
		p, err := which(c)
		if err != nil {
			return err
		}
		if err := pipeline.MaySetUp(who, c, p); err != nil {
			return err
		}
		return f(t, c)
	})
}

func find(c *schema.Catalog, id int64) (*schema.Stage, *schema.Pipeline, error) {
	s := c.StageByID(id)
	if s == nil || s.Removed {
		return nil, nil, fault.New(fault.NotFound, "stage.not_found")
	}
	p, err := pipeline.Find(c, s.PipelineID)
	return s, p, err
}

func (p Patch) apply(s *schema.Stage) (err error) {
	titles := pipeline.Titles{RU: s.TitleRU, EN: s.TitleEN}
	set(&titles.RU, p.TitleRU)
	set(&titles.EN, p.TitleEN)
	if s.TitleRU, s.TitleEN, err = pipeline.CleanTitles(titles); err != nil {
		return err
	}
	set(&s.Kind, p.Kind)
	set(&s.Color, p.Color)
	set(&s.LimitSeconds, p.LimitSeconds)
	set(&s.Goal, p.Goal)
	set(&s.BusinessRole, p.BusinessRole)
	set(&s.Task, p.Task)
	set(&s.Product, p.Product)
	set(&s.Instruction, p.Instruction)
	return pipeline.CheckStage(s)
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
