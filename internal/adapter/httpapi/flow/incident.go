package flowapi

import (
	"context"
	"net/http"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/flow/incident"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/page"
	"voronka/internal/org/access"
)

// Incident is one breach of a rule.
type Incident struct {
	ID         int64           `json:"id"`
	At         time.Time       `json:"at"`
	Kind       string          `json:"kind" doc:"missed_offer, stage_overdue"`
	KindTitle  string          `json:"kind_title" doc:"In the reader's language"`
	User       *int64          `json:"user" doc:"Who should have acted"`
	Department *int64          `json:"department" doc:"Where he was then"`
	Drum       *int64          `json:"drum"`
	Type       string          `json:"type" doc:"Type of the record it is about"`
	Record     int64           `json:"record"`
	Title      string          `json:"title" doc:"Of the record; empty when it was deleted, or the reader may not see it: its number is 0 then"`
	DueAt      *time.Time      `json:"due_at"`
	Detail     httpapi.RawJSON `json:"detail" doc:"More, by kind"`
	Excuse     *Excuse         `json:"excuse" doc:"The good reason that keeps it out of the figures; null when there is none"`
}

// Excuse is the good reason of an incident.
type Excuse struct {
	At      time.Time `json:"at"`
	By      int64     `json:"by"`
	Comment string    `json:"comment"`
}

// ExcuseIn gives an incident a good reason.
type ExcuseIn struct {
	Comment string `json:"comment" doc:"Why; empty takes the reason back"`
}

func incidentOf(ctx context.Context, i incident.Incident) Incident {
	var excuse *Excuse
	if i.Excuse.At != 0 {
		excuse = &Excuse{i.Excuse.At.Time(), i.Excuse.By, i.Excuse.Comment}
	}
	return Incident{
		KindTitle: httpapi.KindTitle(httpapi.Lang(ctx), i.Kind, i.Data), Excuse: excuse, ID: i.ID, At: i.At.Time(), Kind: i.Kind, User: httpapi.OrNull(i.UserID), Department: httpapi.OrNull(i.DepartmentID), Drum: httpapi.OrNull(i.DrumID),
		Type: i.Record.Type, Record: i.Record.ID, Title: i.Title, DueAt: httpapi.Instant(i.DueAt), Detail: httpapi.RawJSON{RawMessage: i.Data},
	}
}

type incidentsIn struct {
	User       int64  `query:"user" minimum:"0"`
	Drum       int64  `query:"drum" minimum:"0"`
	Kind       string `query:"kind"`
	Department int64  `query:"department" minimum:"0" doc:"Where people were then, with the departments below it"`
	From       string `query:"from" doc:"Not before: a day (2026-11-19, in one's own zone) or a moment (RFC 3339)"`
	To         string `query:"to" doc:"Before"`
	Limit      int    `query:"limit" minimum:"0" maximum:"500" doc:"Items a page, 50 by default"`
	After      string `query:"after" doc:"next of the page before"`
}

func (d Deps) incidentRoutes(r *httpapi.Router) {
	o := httpapi.Route(http.MethodGet, "/api/incidents", httpapi.Member, "incidents", "Missed offers and overdue stages, the newest first")
	o.Doc = "An administrator gets all, a head those of his departments, everybody his own."
	httpapi.Handle(r, o, d.listIncidents)
	e := httpapi.Route(http.MethodPut, "/api/incidents/{id}/excuse", httpapi.Member, "incidents", "Give an incident a good reason, or take it back")
	e.Doc = "For whoever answers for the person: an administrator, a head of his department. The incident stays in the journal and leaves the figures."
	httpapi.Handle(r, e, d.excuseIncident)
}

func (d Deps) excuseIncident(ctx context.Context, in *struct {
	ID   int64 `path:"id" minimum:"1"`
	Body ExcuseIn
},
) (*httpapi.Body[Incident], error) {
	i, err := d.Excuses.Excuse(ctx, httpapi.Who(ctx), in.ID, in.Body.Comment)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(incidentOf(ctx, *i)), nil
}

func (d Deps) listIncidents(ctx context.Context, in *incidentsIn) (*httpapi.Body[httpapi.List[Incident]], error) {
	f := incident.Filter{UserID: in.User, DrumID: in.Drum, Kind: in.Kind, Limit: page.Limit(in.Limit)}
	if in.After != "" {
		if err := page.Decode(in.After, &f.Before); err != nil {
			return nil, err
		}
	}
	var err error
	if in.Department != 0 {
		if f.Department, err = d.subtree(ctx, in.Department); err != nil {
			return nil, err
		}
	}
	if f.From, err = moment("from", in.From, httpapi.Who(ctx).Zone); err != nil {
		return nil, err
	}
	if f.To, err = moment("to", in.To, httpapi.Who(ctx).Zone); err != nil {
		return nil, err
	}
	limit := f.Limit
	f.Limit++
	found, err := d.Incidents.Incidents(ctx, httpapi.Who(ctx), f)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(found) > limit {
		found = found[:limit]
		next = page.Encode(incident.Mark{At: found[limit-1].At, ID: found[limit-1].ID})
	}
	list := make([]Incident, len(found))
	for i := range found {
		list[i] = incidentOf(ctx, found[i])
	}
	return httpapi.ListOf(list, next), nil
}

func (d Deps) subtree(ctx context.Context, department int64) (access.Range, error) {
	org, err := d.Org.Last(ctx)
	if err != nil {
		return access.Range{}, err
	}
	r, known := org.Subtree(department)
	if !known {
		return r, fault.In("department", "department.unknown")
	}
	return r, nil
}

// moment reads a day, which begins at midnight in a zone, or a moment; nothing is 0.
func moment(path, text, zone string) (clock.Instant, error) {
	if text == "" {
		return 0, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return clock.Of(at), nil
	}
	place, err := time.LoadLocation(zone)
	if err != nil {
		place = time.UTC
	}
	day, err := time.ParseInLocation(time.DateOnly, text, place)
	if err != nil {
		return 0, fault.In(path, "input.date")
	}
	return clock.Of(day), nil
}
