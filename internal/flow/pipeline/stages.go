package pipeline

import (
	"strconv"

	"voronka/internal/kernel/fault"
	"voronka/internal/record/schema"
)

// usual are the stages of a pipeline made without any.
func usual() []StageDraft {
	return []StageDraft{
		{Code: "new", Titles: Titles{"Новая", "New"}, Kind: schema.Open},
		{Code: "in_work", Titles: Titles{"В работе", "In work"}, Kind: schema.Open},
		{Code: "won", Titles: Titles{"Успешна", "Won"}, Kind: schema.Won},
		{Code: "lost", Titles: Titles{"Проиграна", "Lost"}, Kind: schema.Lost},
	}
}

// newStages checks the stages of a new pipeline and gives them codes and places.
func newStages(drafts []StageDraft) ([]*schema.Stage, error) {
	if len(drafts) > MaxStages {
		return nil, fault.In("stages", "pipeline.too_many_stages", fault.Args{"max": MaxStages})
	}
	var stages []*schema.Stage
	codes := map[string]bool{}
	for i, d := range drafts {
		s, err := NewStage(d, i, codes)
		if err != nil {
			return nil, under("stages/"+strconv.Itoa(i)+"/", err)
		}
		s.Sort = int64(i+1) * 10
		codes[s.Code] = true
		stages = append(stages, s)
	}
	return stages, Complete(stages)
}

// NewStage makes a stage of a draft for a place in a pipeline where some codes are taken.
func NewStage(d StageDraft, place int, taken map[string]bool) (*schema.Stage, error) {
	s := &schema.Stage{
		Kind: d.Kind, Color: d.Color, LimitSeconds: d.LimitSeconds,
		Goal: d.Goal, BusinessRole: d.BusinessRole, Task: d.Task, Product: d.Product, Instruction: d.Instruction,
	}
	if s.Kind == "" {
		s.Kind = schema.Open
	}
	if s.Color == 0 {
		s.Color = colorOf(s.Kind, place)
	}
	var err error
	if s.TitleRU, s.TitleEN, err = CleanTitles(d.Titles); err != nil {
		return nil, err
	}
	if s.Code, err = NewCode(d.Code, d.Titles, "stage", taken); err != nil {
		return nil, err
	}
	return s, CheckStage(s)
}

// colorOf chooses a colour: green for won, grey-red for lost, grey for waiting, the others in turn.
func colorOf(kind string, place int) int64 {
	switch kind {
	case schema.Won:
		return 6
	case schema.Lost:
		return 10
	case schema.Waiting:
		return 8
	}
	return int64(place%5) + 1
}

// CheckStage refuses what a stage can't be.
func CheckStage(s *schema.Stage) error {
	var wrong *fault.Error
	switch s.Kind {
	case schema.Open, schema.Waiting, schema.Won, schema.Lost:
	default:
		wrong = wrong.With("kind", "stage.bad_kind")
	}
	if s.Color < 1 || s.Color > MaxColor {
		wrong = wrong.With("color", "stage.bad_color", fault.Args{"max": MaxColor})
	}
	if s.LimitSeconds < 0 || s.LimitSeconds > MaxLimit {
		wrong = wrong.With("limit_seconds", "stage.bad_limit")
	}
	if s.LimitSeconds > 0 && s.Closed() {
		wrong = wrong.With("limit_seconds", "stage.limit_of_closed")
	}
	for path, text := range map[string]string{"goal": s.Goal, "business_role": s.BusinessRole, "task": s.Task, "product": s.Product, "instruction": s.Instruction} {
		if len(text) > MaxText {
			wrong = wrong.With(path, "flow.too_long", fault.Args{"max": MaxText})
		}
	}
	return wrong.OrNil()
}

// Complete refuses a set of stages a pipeline can't live with: it needs one to begin on, one to win and one to lose.
func Complete(stages []*schema.Stage) error {
	has := map[string]bool{}
	for _, s := range stages {
		has[s.Kind] = true
	}
	for _, kind := range []string{schema.Open, schema.Won, schema.Lost} {
		if !has[kind] {
			return fault.New(fault.Conflict, "stage.last_"+kind)
		}
	}
	return nil
}

// under puts a path before the paths of an error.
func under(path string, err error) error {
	if f, ok := err.(*fault.Error); ok {
		for i := range f.Fields {
			f.Fields[i].Path = path + f.Fields[i].Path
		}
	}
	return err
}
