package flowapi

import (
	"context"
	"net/http"
	"slices"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/flow/pipeline"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// Pipeline is an ordered set of stages for records of a type.
type Pipeline struct {
	ID      int64   `json:"id"`
	Type    string  `json:"type" doc:"Code of the record type"`
	Code    string  `json:"code" doc:"Never changes"`
	TitleRU string  `json:"title_ru"`
	TitleEN string  `json:"title_en"`
	Stages  []Stage `json:"stages" doc:"In order"`
}

func pipelineOf(c *schema.Catalog, p *schema.Pipeline) Pipeline {
	out := Pipeline{ID: p.ID, Code: p.Code, TitleRU: p.TitleRU, TitleEN: p.TitleEN, Stages: make([]Stage, len(p.Stages))}
	if t := c.TypeByID(p.TypeID); t != nil {
		out.Type = t.Code
	}
	for i, s := range p.Stages {
		out.Stages[i] = stageOf(s)
	}
	return out
}

// PipelineDraft is a new pipeline.
type PipelineDraft struct {
	Type    string       `json:"type"`
	Code    string       `json:"code,omitempty" doc:"Made from the title when left out"`
	TitleRU string       `json:"title_ru,omitempty"`
	TitleEN string       `json:"title_en,omitempty"`
	Stages  []StageDraft `json:"stages,omitempty" maxItems:"50" doc:"The usual four when left out"`
}

// PipelinePatch is what shall change; what is left out stays.
type PipelinePatch struct {
	TitleRU *string `json:"title_ru,omitempty"`
	TitleEN *string `json:"title_en,omitempty"`
	Before  *int64  `json:"before,omitempty" doc:"The pipeline it shall stand before, 0 for the last place"`
}

// Removal is what became of something that was to be removed.
type Removal struct {
	Pending bool  `json:"pending" doc:"Records are being moved; it vanishes when it is empty"`
	Records int64 `json:"records" doc:"How many records have to move"`
	Bin     int64 `json:"bin" doc:"How many of the bin"`
}

type removeIn struct {
	httpapi.ByID
	MoveTo int64 `query:"move_to" minimum:"0" doc:"The stage its records go to; must be said when there are any"`
}

func (d Deps) pipelineRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/pipelines", httpapi.SignedIn, "pipelines", "Pipelines with their stages: those in which one may see, make, move or set up anything"), d.listPipelines)
	httpapi.Handle(r, httpapi.Route(http.MethodPost, "/api/pipelines", httpapi.Area(access.Types), "pipelines", "Make a pipeline"), d.addPipeline)
	httpapi.Handle(r, httpapi.Route(http.MethodPatch, "/api/pipelines/{id}", httpapi.SetsUpLines, "pipelines", "Rename or move a pipeline"), d.changePipeline)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/pipelines/{id}", httpapi.Area(access.Types), "pipelines", "Remove a pipeline; its records go to a stage of another one"), d.removePipeline)
	httpapi.Handle(r, httpapi.Route(http.MethodPost, "/api/pipelines/{id}/stages", httpapi.SetsUpLines, "pipelines", "Add a stage"), d.addStage)
	httpapi.Handle(r, httpapi.Route(http.MethodPut, "/api/pipelines/{id}/stage-order", httpapi.SetsUpLines, "pipelines", "Put the stages in order"), d.orderStages)
}

type listPipelinesIn struct {
	Type string `query:"type" doc:"Code of a record type; all when left out"`
}

func (d Deps) listPipelines(ctx context.Context, in *listPipelinesIn) (*httpapi.Body[httpapi.List[Pipeline]], error) {
	c, err := d.Schema.Fresh(ctx)
	if err != nil {
		return nil, err
	}
	var list []Pipeline
	who := httpapi.Who(ctx)
	for _, t := range c.Types {
		for _, p := range c.Pipelines(t.Code) {
			if (in.Type == "" || in.Type == t.Code) && opens(who, t, p) {
				list = append(list, pipelineOf(c, p))
			}
		}
	}
	return httpapi.ListOf(list, ""), nil
}

// opens tells whether a pipeline is anything to a person.
func opens(who access.Who, t *schema.Type, p *schema.Pipeline) bool {
	if who.Runs(access.Types) || who.Runs(access.Forms) || who.Runs(access.Rules) {
		return true
	}
	stages := make([]int64, 0, len(p.Stages))
	for _, s := range p.Stages {
		stages = append(stages, s.ID)
	}
	return slices.ContainsFunc([]access.Op{access.See, access.Create, access.Move, access.Settings}, func(op access.Op) bool {
		return who.Plan(t.Code, op).Into(p.ID, stages)
	})
}

func (d Deps) onePipeline(ctx context.Context, id int64) (*httpapi.Body[Pipeline], error) {
	c, err := d.Schema.Fresh(ctx)
	if err != nil {
		return nil, err
	}
	p, err := pipeline.Find(c, id)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(pipelineOf(c, p)), nil
}

func (d Deps) addPipeline(ctx context.Context, in *httpapi.Body[PipelineDraft]) (*httpapi.Body[Pipeline], error) {
	b := in.Body
	draft := pipeline.Draft{Type: b.Type, Code: b.Code, Titles: pipeline.Titles{RU: b.TitleRU, EN: b.TitleEN}}
	for _, s := range b.Stages {
		draft.Stages = append(draft.Stages, s.draft())
	}
	id, err := d.Pipelines.Create(ctx, httpapi.Who(ctx), draft)
	if err != nil {
		return nil, err
	}
	return d.onePipeline(ctx, id)
}

type changePipelineIn struct {
	httpapi.ByID
	Body PipelinePatch
}

func (d Deps) changePipeline(ctx context.Context, in *changePipelineIn) (*httpapi.Body[Pipeline], error) {
	b := in.Body
	if err := d.Pipelines.Change(ctx, httpapi.Who(ctx), in.ID, pipeline.Patch{TitleRU: b.TitleRU, TitleEN: b.TitleEN, Before: b.Before}); err != nil {
		return nil, err
	}
	return d.onePipeline(ctx, in.ID)
}

func (d Deps) removePipeline(ctx context.Context, in *removeIn) (*httpapi.Body[Removal], error) {
	a, err := d.Stages.RemovePipeline(ctx, httpapi.Who(ctx), in.ID, in.MoveTo)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(Removal{a.Pending, a.Held.Records, a.Held.Bin}), nil
}

// LostReason is why records of a type are lost.
type LostReason struct {
	ID      int64  `json:"id"`
	Type    string `json:"type"`
	Code    string `json:"code"`
	TitleRU string `json:"title_ru"`
	TitleEN string `json:"title_en"`
}

// LostReasonDraft is a new one.
type LostReasonDraft struct {
	Type    string `json:"type"`
	Code    string `json:"code,omitempty" doc:"Made from the title when left out"`
	TitleRU string `json:"title_ru,omitempty"`
	TitleEN string `json:"title_en,omitempty"`
}

// LostReasonPatch is what shall change; what is left out stays.
type LostReasonPatch struct {
	TitleRU *string `json:"title_ru,omitempty"`
	TitleEN *string `json:"title_en,omitempty"`
	Sort    *int64  `json:"sort,omitempty"`
}

func (d Deps) reasonRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/lost-reasons", httpapi.SignedIn, "pipelines", "Why records are lost"), d.listReasons)
	httpapi.Handle(r, httpapi.Route(http.MethodPost, "/api/lost-reasons", httpapi.Area(access.Types), "pipelines", "Add a reason"), d.addReason)
	httpapi.Handle(r, httpapi.Route(http.MethodPatch, "/api/lost-reasons/{id}", httpapi.Area(access.Types), "pipelines", "Rename or move a reason"), d.changeReason)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/lost-reasons/{id}", httpapi.Area(access.Types), "pipelines", "Take a reason off the list; records keep it"), d.removeReason)
}

func (d Deps) listReasons(ctx context.Context, in *listPipelinesIn) (*httpapi.Body[httpapi.List[LostReason]], error) {
	c, err := d.Schema.Fresh(ctx)
	if err != nil {
		return nil, err
	}
	var list []LostReason
	for _, t := range c.Types {
		for _, reason := range c.LostReasons(t.Code) {
			if in.Type == "" || in.Type == t.Code {
				list = append(list, LostReason{reason.ID, t.Code, reason.Code, reason.TitleRU, reason.TitleEN})
			}
		}
	}
	return httpapi.ListOf(list, ""), nil
}

func (d Deps) oneReason(ctx context.Context, id int64) (*httpapi.Body[LostReason], error) {
	c, err := d.Schema.Fresh(ctx)
	if err != nil {
		return nil, err
	}
	reason := c.LostReasonByID(id)
	if reason == nil {
		return nil, fault.New(fault.NotFound, "reason.not_found")
	}
	return httpapi.OK(LostReason{reason.ID, c.TypeByID(reason.TypeID).Code, reason.Code, reason.TitleRU, reason.TitleEN}), nil
}

func (d Deps) addReason(ctx context.Context, in *httpapi.Body[LostReasonDraft]) (*httpapi.Body[LostReason], error) {
	b := in.Body
	id, err := d.Pipelines.CreateReason(ctx, httpapi.Who(ctx), b.Type, b.Code, pipeline.Titles{RU: b.TitleRU, EN: b.TitleEN})
	if err != nil {
		return nil, err
	}
	return d.oneReason(ctx, id)
}

type changeReasonIn struct {
	httpapi.ByID
	Body LostReasonPatch
}

func (d Deps) changeReason(ctx context.Context, in *changeReasonIn) (*httpapi.Body[LostReason], error) {
	b := in.Body
	if err := d.Pipelines.ChangeReason(ctx, httpapi.Who(ctx), in.ID, pipeline.ReasonPatch{TitleRU: b.TitleRU, TitleEN: b.TitleEN, Sort: b.Sort}); err != nil {
		return nil, err
	}
	return d.oneReason(ctx, in.ID)
}

func (d Deps) removeReason(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, d.Pipelines.RemoveReason(ctx, httpapi.Who(ctx), in.ID)
}
