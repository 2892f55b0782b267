// Package insightapi is figures over HTTP: who misses and what it costs, how soon requests are taken, what stands where with
// whom, what becomes of requests, what happened yesterday.
package insightapi

import (
	"context"
	"net/http"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/expr"
	"voronka/internal/insight/figures"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// Records answers questions about many records at once.
type Records interface {
	Matrix(ctx context.Context, plan access.Plan, scope *query.Scope) (query.Matrix, error)
	Cohort(ctx context.Context, plan access.Plan, scope *query.Scope, from, to clock.Instant) (query.Cohort, error)
	CohortRecords(ctx context.Context, plan access.Plan, scope *query.Scope, from, to clock.Instant, part query.Part, limit int) ([]int64, error)
}

// Deps are what the routes stand on.
type Deps struct {
	Figures figures.Reader
	Prices  *figures.Service
	Records Records
	Catalog func(ctx context.Context) (*schema.Catalog, error)
	Org     directory.Source
	Clock   clock.Clock
}

// Routes registers the routes of the house.
func Routes(r *httpapi.Router, d Deps) {
	get := func(path, summary string) httpapi.Op {
		return httpapi.Route(http.MethodGet, path, httpapi.Member, "reports", summary)
	}
	httpapi.Handle(r, get("/api/reports/incidents", "Incidents by person and month, excused ones left out"), d.heat)
	httpapi.Handle(r, get("/api/reports/taken", "Share of offers taken in time, by person and week"), d.taken)
	httpapi.Handle(r, get("/api/reports/turns", "The turns behind a number: who was offered which record, whether he took it, how long it waited"), d.turns)
	httpapi.Handle(r, get("/api/reports/speed", "How long requests wait until they are taken, in working minutes: by drum, hour and source"), d.speed)
	httpapi.Handle(r, get("/api/reports/cost", "What missed offers cost: leads lost after a miss by the price of their source"), d.cost)
	httpapi.Handle(r, get("/api/reports/stages", "Open records by stage and responsible person: count, sum, age"), d.stages)
	httpapi.Handle(r, get("/api/reports/cohort", "What became of the records of a period, by source: how far they came, what was won"), d.cohort)
	httpapi.Handle(r, get("/api/reports/cohort/records", "The records behind a number of a cohort"), d.cohortRecords)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/reports/yesterday", httpapi.LooksOverOr(access.Reports), "reports", "A day in one look: requests by source, taken in time, missed, stuck, expected"), d.yesterday)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/lead-prices", httpapi.LooksOverOr(access.Reports), "reports", "What a lead of each source costs"), d.prices)
	httpapi.Handle(r, httpapi.Route(http.MethodPut, "/api/lead-prices", httpapi.Area(access.Portal), "reports", "Say what a lead of each source costs"), d.setPrices)
}

// asked is who asks about which time.
type asked struct {
	who    access.Who
	org    *directory.Directory
	zone   *time.Location
	period figures.Period
	sees   func(user int64) bool
}

// PeriodIn is the time a report is about; without it the last twelve months.
type PeriodIn struct {
	From       string `query:"from" doc:"First day, YYYY-MM-DD in one's own zone; twelve months ago by default"`
	To         string `query:"to" doc:"Last day, inclusive; today by default"`
	Drum       int64  `query:"drum" minimum:"0"`
	User       int64  `query:"user" minimum:"0"`
	Department int64  `query:"department" minimum:"0" doc:"With those below it"`
	Kind       string `query:"kind" doc:"Of incidents"`
}

func (d Deps) ask(ctx context.Context, in PeriodIn) (a asked, err error) {
	a.who = httpapi.Who(ctx)
	if a.org, err = d.Org.Last(ctx); err != nil {
		return a, err
	}
	if a.zone, err = time.LoadLocation(a.who.Zone); err != nil {
		a.zone = time.UTC
	}
	now := d.Clock.Now().In(a.zone)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, a.zone)
	from, to := today.AddDate(-1, 0, 1-today.Day()).AddDate(0, 1, 0), today
	if from, err = day("from", in.From, from, a.zone); err != nil {
		return a, err
	}
	if to, err = day("to", in.To, to, a.zone); err != nil {
		return a, err
	}
	a.period = figures.Period{From: clock.Of(from), To: clock.Of(to.AddDate(0, 0, 1)), DrumID: in.Drum, Kind: in.Kind, UserID: in.User}
	if in.Department != 0 {
		known := false
		if a.period.Department, known = a.org.Subtree(in.Department); !known {
			return a, fault.In("department", "department.unknown")
		}
	}
	if a.period.From >= a.period.To {
		return a, fault.In("to", "figures.bad_period")
	}
	a.sees = figures.Sight(a.who, a.org)
	return a, nil
}

func day(path, text string, otherwise time.Time, zone *time.Location) (time.Time, error) {
	if text == "" {
		return otherwise, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return t, fault.In(path, "input.date")
	}
	return t, nil
}

// scope is the pipeline a report is about.
func (d Deps) scope(ctx context.Context, a asked, typ, pipeline, filter string) (*query.Scope, error) {
	c, err := d.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	c = c.For(a.who)
	if typ == "" {
		typ = "deal"
	}
	if pipeline == "" {
		if list := c.Pipelines(typ); len(list) > 0 {
			pipeline = list[0].Code
		}
	}
	s, err := query.NewScope(c, typ, query.Params{Pipeline: pipeline, Filter: filter}, expr.Moment{Now: d.Clock.Now(), Me: a.who.UserID, Zone: a.zone}, query.PlansOf(a.who))
	if err == nil && s.Pipeline == nil {
		err = fault.In("pipeline", "figures.no_pipeline")
	}
	return &s, err
}
