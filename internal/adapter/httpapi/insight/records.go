package insightapi

import (
	"cmp"
	"context"
	"slices"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// PipelineIn is the pipeline a report is about.
type PipelineIn struct {
	Type     string `query:"type" doc:"deal by default"`
	Pipeline string `query:"pipeline" doc:"The first one by default"`
	Filter   string `query:"filter" maxLength:"8000" doc:"A condition"`
}

// Stages is what lies on the stages of a pipeline, by person.
type Stages struct {
	Type     string      `json:"type"`
	Pipeline string      `json:"pipeline"`
	Cells    []StageCell `json:"cells"`
	Exact    bool        `json:"exact" doc:"false: worked out of the first 200,000 records"`
}

// StageCell is what one person has on one stage.
type StageCell struct {
	Stage string `json:"stage"`
	User  *int64 `json:"user" doc:"null: nobody"`
	Count int64  `json:"count"`
	Sum   int64  `json:"sum" doc:"Minor units of the portal's currency"`
	Hours int64  `json:"hours" doc:"How long they have lain there on average"`
}

func (d Deps) stages(ctx context.Context, in *PipelineIn) (*httpapi.Body[Stages], error) {
	a, err := d.ask(ctx, PeriodIn{})
	if err != nil {
		return nil, err
	}
	s, err := d.scope(ctx, a, in.Type, in.Pipeline, in.Filter)
	if err != nil {
		return nil, err
	}
	m, err := d.Records.Matrix(ctx, a.who.Plan(s.Type.Code, access.See), s)
	if err != nil {
		return nil, err
	}
	out := Stages{Type: s.Type.Code, Pipeline: s.Pipeline.Code, Cells: []StageCell{}, Exact: m.Exact}
	for _, c := range m.Cells {
		if stage := s.Catalog.StageByID(c.StageID); stage != nil {
			out.Cells = append(out.Cells, StageCell{stage.Code, httpapi.OrNull(c.UserID), c.Count, c.Base, c.AgeMS / time.Hour.Milliseconds()})
		}
	}
	return httpapi.OK(out), nil
}

// CohortIn is which records a cohort is made of.
type CohortIn struct {
	PeriodIn
	Type     string `query:"type" doc:"lead by default"`
	Pipeline string `query:"pipeline" doc:"The first one by default"`
}

// Cohort is what became of the records of a period.
type Cohort struct {
	Type     string         `json:"type"`
	Pipeline string         `json:"pipeline"`
	Stages   []string       `json:"stages" doc:"The open stages, in their order"`
	Sources  []CohortSource `json:"sources" doc:"The largest first; an empty code is no source"`
	Exact    bool           `json:"exact"`
}

// CohortSource is what became of those of one source.
type CohortSource struct {
	Source  string  `json:"source"`
	Count   int64   `json:"count"`
	Reached []int64 `json:"reached" doc:"How many came to each of the stages or beyond"`
	Won     int64   `json:"won"`
	Lost    int64   `json:"lost"`
	WonSum  int64   `json:"won_sum" doc:"Minor units of the portal's currency"`
}

func (d Deps) cohort(ctx context.Context, in *CohortIn) (*httpapi.Body[Cohort], error) {
	a, err := d.ask(ctx, in.PeriodIn)
	if err != nil {
		return nil, err
	}
	s, err := d.scope(ctx, a, cmp.Or(in.Type, mainType(a)), in.Pipeline, "")
	if err != nil {
		return nil, err
	}
	out, err := d.cohortOf(ctx, a, s, a.period.From, a.period.To)
	return httpapi.OK(out), err
}

// PartIn says which part of a cohort is looked at.
type PartIn struct {
	CohortIn
	Source  string `query:"source" doc:"Code of the source, - for none; any by default"`
	Reached string `query:"reached" doc:"Code of a stage: those that came to it or beyond"`
	Outcome string `query:"outcome" enum:"won,lost" doc:"How they ended"`
}

func (d Deps) cohortRecords(ctx context.Context, in *PartIn) (*httpapi.Body[httpapi.List[Named]], error) {
	a, err := d.ask(ctx, in.PeriodIn)
	if err != nil {
		return nil, err
	}
	typ := cmp.Or(in.Type, mainType(a))
	s, err := d.scope(ctx, a, typ, in.Pipeline, "")
	if err != nil {
		return nil, err
	}
	part, err := partOf(s, in)
	if err != nil {
		return nil, err
	}
	ids, err := d.Records.CohortRecords(ctx, a.who.Plan(s.Type.Code, access.See), s, a.period.From, a.period.To, part, shown)
	if err != nil {
		return nil, err
	}
	records := make([]ref.Ref, len(ids))
	for i, id := range ids {
		records[i] = ref.Ref{Type: s.Type.Code, ID: id}
	}
	list, err := d.named(ctx, records)
	return httpapi.ListOf(list, ""), err
}

func partOf(s *query.Scope, in *PartIn) (p query.Part, err error) {
	if in.Source != "" {
		id, known := int64(0), in.Source == "-"
		if f := s.Type.Field("source"); f != nil && !known {
			for _, v := range f.Values {
				if v.Code == in.Source {
					id, known = v.ID, true
				}
			}
		}
		if !known {
			return p, fault.In("source", "figures.no_source")
		}
		p.Source = &id
	}
	if in.Reached != "" {
		i := slices.IndexFunc(s.Pipeline.Stages, func(stage *schema.Stage) bool { return stage.Code == in.Reached })
		if i < 0 {
			return p, fault.In("reached", "stage.not_found")
		}
		p.Furthest = &s.Pipeline.Stages[i].Sort
	}
	if in.Outcome != "" {
		outcome := map[string]int{"won": 1, "lost": -1}[in.Outcome]
		p.Outcome = &outcome
	}
	return p, nil
}

// mainType is what requests become.
func mainType(a asked) string {
	if a.org.Portal.Simple {
		return "deal"
	}
	return "lead"
}

func (d Deps) cohortOf(ctx context.Context, a asked, s *query.Scope, from, to clock.Instant) (Cohort, error) {
	out := Cohort{Type: s.Type.Code, Pipeline: s.Pipeline.Code, Stages: []string{}, Sources: []CohortSource{}}
	c, err := d.Records.Cohort(ctx, a.who.Plan(s.Type.Code, access.See), s, from, to)
	if err != nil {
		return out, err
	}
	out.Exact = c.Exact
	var open []*schema.Stage
	for _, stage := range s.Pipeline.Stages {
		if stage.Kind == schema.Open || stage.Kind == schema.Waiting {
			open = append(open, stage)
			out.Stages = append(out.Stages, stage.Code)
		}
	}
	bySource := map[int64]*CohortSource{}
	for _, row := range c.Rows {
		one := bySource[row.SourceID]
		if one == nil {
			one = &CohortSource{Source: sourceCode(s.Type, row.SourceID), Reached: make([]int64, len(open))}
			bySource[row.SourceID] = one
		}
		one.Count += row.Count
		switch row.Outcome {
		case 1:
			one.Won, one.WonSum = one.Won+row.Count, one.WonSum+row.Base
		case -1:
			one.Lost += row.Count
		}
		for i, stage := range open {
			if row.Outcome == 1 || int64(row.Furthest) >= stage.Sort {
				one.Reached[i] += row.Count
			}
		}
	}
	for _, one := range bySource {
		out.Sources = append(out.Sources, *one)
	}
	slices.SortFunc(out.Sources, func(x, y CohortSource) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Source, y.Source))
	})
	return out, nil
}

// sourceCode is the code of a value of the list of sources.
func sourceCode(typ *schema.Type, id int64) string {
	if f := typ.Field("source"); f != nil {
		for _, v := range f.Values {
			if v.ID == id {
				return v.Code
			}
		}
	}
	return ""
}

// YesterdayIn is the day that is looked at.
type YesterdayIn struct {
	Day string `query:"day" doc:"YYYY-MM-DD in one's own zone; yesterday by default"`
}

// Yesterday is a day in one look.
type Yesterday struct {
	Day      string        `json:"day"`
	Type     string        `json:"type" doc:"What requests become"`
	Requests []SourceCount `json:"requests" doc:"New records by pipeline and source"`
	Taken    Share         `json:"taken"`
	Speed    Spread        `json:"speed"`
	Cost     Cost          `json:"cost" doc:"Lost by now after a miss of the day"`
	Stuck    []Stuck       `json:"stuck" doc:"Open records nobody moves"`
	Expected []Expected    `json:"expected" doc:"Open deals by pipeline"`
}

// SourceCount is how many came from a source.
type SourceCount struct {
	Pipeline string `json:"pipeline"`
	Source   string `json:"source"`
	Count    int64  `json:"count"`
	Won      int64  `json:"won"`
	Lost     int64  `json:"lost"`
}

// Stuck are open records of a pipeline that want somebody.
type Stuck struct {
	Type     string `json:"type"`
	Pipeline string `json:"pipeline"`
	Late     int64  `json:"late" doc:"The next step is overdue"`
	NoStep   int64  `json:"no_step" doc:"There is no next step"`
	Sum      int64  `json:"sum" doc:"Of both, minor units of the portal's currency"`
}

// Expected is what open deals of a pipeline come to.
type Expected struct {
	Pipeline string `json:"pipeline"`
	Count    int64  `json:"count"`
	Sum      int64  `json:"sum" doc:"Minor units of the portal's currency"`
}

func (d Deps) yesterday(ctx context.Context, in *YesterdayIn) (*httpapi.Body[Yesterday], error) {
	a, err := d.ask(ctx, PeriodIn{})
	if err != nil {
		return nil, err
	}
	now := d.Clock.Now().In(a.zone)
	from, err := day("day", in.Day, time.Date(now.Year(), now.Month(), now.Day()-1, 0, 0, 0, 0, a.zone), a.zone)
	if err != nil {
		return nil, err
	}
	a.period.From, a.period.To = clock.Of(from), clock.Of(from.AddDate(0, 0, 1))
	out := Yesterday{Day: from.Format(time.DateOnly), Type: mainType(a), Requests: []SourceCount{}, Stuck: []Stuck{}, Expected: []Expected{}}
	list, err := d.decisions(ctx, a)
	if err != nil {
		return nil, err
	}
	out.Taken, out.Speed = shareOf(out.Day, list), spread(list)
	if out.Cost, err = d.costOf(ctx, a); err != nil {
		return nil, err
	}
	if out.Requests, err = d.came(ctx, a, out.Type); err != nil {
		return nil, err
	}
	if err := d.standing(ctx, a, &out); err != nil {
		return nil, err
	}
	return httpapi.OK(out), nil
}

// came are the new records of the day by source, over all pipelines.
func (d Deps) came(ctx context.Context, a asked, typ string) ([]SourceCount, error) {
	c, err := d.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	out := []SourceCount{}
	for _, p := range c.Pipelines(typ) {
		s, err := d.scope(ctx, a, typ, p.Code, "")
		if err != nil {
			return nil, err
		}
		cohort, err := d.cohortOf(ctx, a, s, a.period.From, a.period.To)
		if err != nil {
			return nil, err
		}
		for _, one := range cohort.Sources {
			out = append(out, SourceCount{p.Code, one.Source, one.Count, one.Won, one.Lost})
		}
	}
	slices.SortFunc(out, func(x, y SourceCount) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Source, y.Source))
	})
	return out, nil
}

// standing is what is stuck and what is expected, now.
func (d Deps) standing(ctx context.Context, a asked, out *Yesterday) error {
	c, err := d.Catalog(ctx)
	if err != nil {
		return err
	}
	for _, typ := range c.Types {
		if !typ.Staged || a.org.Portal.Simple && typ.Code == "lead" {
			continue
		}
		for _, p := range c.Pipelines(typ.Code) {
			late, lateSum, err := d.sum(ctx, a, typ.Code, p.Code, "next_at < now()")
			if err != nil {
				return err
			}
			none, noneSum, err := d.sum(ctx, a, typ.Code, p.Code, "is empty(next_at)")
			if err != nil {
				return err
			}
			if late+none > 0 {
				out.Stuck = append(out.Stuck, Stuck{typ.Code, p.Code, late, none, lateSum + noneSum})
			}
			if typ.Code != "deal" {
				continue
			}
			n, sum, err := d.sum(ctx, a, typ.Code, p.Code, "")
			if err != nil {
				return err
			}
			if n > 0 {
				out.Expected = append(out.Expected, Expected{p.Code, n, sum})
			}
		}
	}
	return nil
}

func (d Deps) sum(ctx context.Context, a asked, typ, pipeline, filter string) (n, base int64, err error) {
	s, err := d.scope(ctx, a, typ, pipeline, filter)
	if err != nil {
		return 0, 0, err
	}
	m, err := d.Records.Matrix(ctx, a.who.Plan(typ, access.See), s)
	for _, c := range m.Cells {
		n, base = n+c.Count, base+c.Base
	}
	return n, base, err
}
