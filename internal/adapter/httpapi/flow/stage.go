package flowapi

import (
	"context"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/flow/pipeline"
	"voronka/internal/flow/stage"
	"voronka/internal/kernel/fault"
	"voronka/internal/record/schema"
)

// Stage is a place in a pipeline.
type Stage struct {
	ID           int64  `json:"id"`
	Code         string `json:"code" doc:"Never changes"`
	TitleRU      string `json:"title_ru"`
	TitleEN      string `json:"title_en"`
	Kind         string `json:"kind" enum:"open,waiting,won,lost"`
	Color        int64  `json:"color" doc:"Number of a stage colour, 1 to 10"`
	LimitSeconds int64  `json:"limit_seconds" doc:"Working time a record may stay; 0 for no limit"`
	Goal         string `json:"goal"`
	Role         string `json:"role" doc:"Business role: who does it"`
	Task         string `json:"task"`
	Product      string `json:"product" doc:"What there is in the end"`
	Instruction  string `json:"instruction"`
}

func stageOf(s *schema.Stage) Stage {
	return Stage{
		ID: s.ID, Code: s.Code, TitleRU: s.TitleRU, TitleEN: s.TitleEN, Kind: s.Kind, Color: s.Color, LimitSeconds: s.LimitSeconds,
		Goal: s.Goal, Role: s.BusinessRole, Task: s.Task, Product: s.Product, Instruction: s.Instruction,
	}
}

// StageDraft is a new stage.
type StageDraft struct {
	Code         string `json:"code,omitempty" doc:"Made from the title when left out"`
	TitleRU      string `json:"title_ru,omitempty"`
	TitleEN      string `json:"title_en,omitempty"`
	Kind         string `json:"kind,omitempty" doc:"open, waiting, won or lost; open when left out"`
	Color        int64  `json:"color,omitempty"`
	LimitSeconds int64  `json:"limit_seconds,omitempty"`
	Goal         string `json:"goal,omitempty"`
	Role         string `json:"role,omitempty"`
	Task         string `json:"task,omitempty"`
	Product      string `json:"product,omitempty"`
	Instruction  string `json:"instruction,omitempty"`
	Before       int64  `json:"before,omitempty" doc:"The stage it shall stand before"`
}

func (s StageDraft) draft() pipeline.StageDraft {
	return pipeline.StageDraft{
		Code: s.Code, Titles: pipeline.Titles{RU: s.TitleRU, EN: s.TitleEN}, Kind: s.Kind, Color: s.Color,
		LimitSeconds: s.LimitSeconds, Goal: s.Goal, BusinessRole: s.Role, Task: s.Task, Product: s.Product, Instruction: s.Instruction,
	}
}

// StagePatch is what shall change; what is left out stays.
type StagePatch struct {
	TitleRU      *string `json:"title_ru,omitempty"`
	TitleEN      *string `json:"title_en,omitempty"`
	Kind         *string `json:"kind,omitempty" doc:"open, waiting, won or lost"`
	Color        *int64  `json:"color,omitempty"`
	LimitSeconds *int64  `json:"limit_seconds,omitempty"`
	Goal         *string `json:"goal,omitempty"`
	Role         *string `json:"role,omitempty"`
	Task         *string `json:"task,omitempty"`
	Product      *string `json:"product,omitempty"`
	Instruction  *string `json:"instruction,omitempty"`
}

func (d Deps) stageRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodPatch, "/api/stages/{id}", httpapi.SetsUpLines, "pipelines", "Change a stage"), d.changeStage)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/stages/{id}", httpapi.SetsUpLines, "pipelines", "Remove a stage; its records go to another one"), d.removeStage)
}

type addStageIn struct {
	httpapi.ByID
	Body StageDraft
}

func (d Deps) addStage(ctx context.Context, in *addStageIn) (*httpapi.Body[Stage], error) {
	id, err := d.Stages.Create(ctx, httpapi.Who(ctx), in.ID, in.Body.draft(), in.Body.Before)
	if err != nil {
		return nil, err
	}
	return d.oneStage(ctx, id)
}

func (d Deps) oneStage(ctx context.Context, id int64) (*httpapi.Body[Stage], error) {
	c, err := d.Schema.Fresh(ctx)
	if err != nil {
		return nil, err
	}
	s := c.StageByID(id)
	if s == nil {
		return nil, fault.New(fault.NotFound, "stage.not_found")
	}
	return httpapi.OK(stageOf(s)), nil
}

type changeStageIn struct {
	httpapi.ByID
	Body StagePatch
}

func (d Deps) changeStage(ctx context.Context, in *changeStageIn) (*httpapi.Body[Stage], error) {
	b := in.Body
	patch := stage.Patch{
		TitleRU: b.TitleRU, TitleEN: b.TitleEN, Kind: b.Kind, Color: b.Color, LimitSeconds: b.LimitSeconds, Goal: b.Goal,
		BusinessRole: b.Role, Task: b.Task, Product: b.Product, Instruction: b.Instruction,
	}
	if err := d.Stages.Change(ctx, httpapi.Who(ctx), in.ID, patch); err != nil {
		return nil, err
	}
	return d.oneStage(ctx, in.ID)
}

type orderIn struct {
	httpapi.ByID
	Body struct {
		Stages []int64 `json:"stages" doc:"All stages of the pipeline in their new order" maxItems:"50"`
	}
}

func (d Deps) orderStages(ctx context.Context, in *orderIn) (*httpapi.Body[Pipeline], error) {
	if err := d.Stages.Reorder(ctx, httpapi.Who(ctx), in.ID, in.Body.Stages); err != nil {
		return nil, err
	}
	return d.onePipeline(ctx, in.ID)
}

func (d Deps) removeStage(ctx context.Context, in *removeIn) (*httpapi.Body[Removal], error) {
	a, err := d.Stages.Remove(ctx, httpapi.Who(ctx), in.ID, in.MoveTo)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(Removal{a.Pending, a.Held.Records, a.Held.Bin}), nil
}
