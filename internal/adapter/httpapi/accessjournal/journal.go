// Package accessjournalapi is the HTTP door of the access journal: reading it by pages, carrying it out as a file, how long it
// is kept.
package accessjournalapi

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/page"
	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
	"voronka/internal/org/accessjournal"
	"voronka/internal/org/directory"
	"voronka/internal/org/session"
	"voronka/internal/record/query"
)

// Store is what is read.
type Store interface {
	accessjournal.Reader
	Keeping(ctx context.Context) (accessjournal.Keep, error)
	// TokenTitles are the titles of tokens that are still there.
	TokenTitles(ctx context.Context, ids []int64) (map[int64]string, error)
}

// Titles tells what records are called, as far as a person may know.
type Titles interface {
	Titles(ctx context.Context, who access.Who, records []ref.Ref) (map[ref.Ref]query.Title, error)
}

// Deps are what the routes ask.
type Deps struct {
	Store   Store
	Keeping *accessjournal.Keeping
	Records Titles
	People  directory.Source
}

// Routes registers the routes.
func Routes(r *httpapi.Router, d Deps) {
	list := httpapi.Route(http.MethodGet, "/api/access-journal", httpapi.Area(access.Journal), "journal", "Who entered, looked at whom, carried out what and changed which rights and settings; the newest first")
	httpapi.Handle(r, list, d.list)
	file := httpapi.Route(http.MethodGet, "/api/access-journal/export", httpapi.Area(access.Journal), "journal", "The same as a CSV file; noted in the journal")
	for _, name := range []string{"user", "kind", "type", "record", "token", "q", "from", "to"} {
		file.Query = append(file.Query, httpapi.Param{Name: name, Type: "", Doc: "As in the list"})
	}
	httpapi.Stream(r, file, nil, d.export)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/access-journal/keeping", httpapi.Area(access.Journal), "journal", "How long lines are kept"), d.keeping)
	httpapi.Handle(r, httpapi.Route(http.MethodPut, "/api/access-journal/keeping", httpapi.Admin, "journal", "Say how long lines are kept"), d.setKeeping)
	told := httpapi.Route(http.MethodPost, "/api/access-journal/exports", httpapi.Member, "journal", "Note that what was read by pages is carried out as a file")
	told.Status = http.StatusNoContent
	httpapi.Handle(r, told, d.told)
}

// Line is one line.
type Line struct {
	ID      int64           `json:"id"`
	At      time.Time       `json:"at"`
	User    *int64          `json:"user" doc:"Null: nobody that is known"`
	Kind    string          `json:"kind" enum:"login,login_failed,login_blocked,logout,account,token_made,token_revoked,view,export,rights,settings,look_as"`
	IP      string          `json:"ip"`
	Browser string          `json:"browser" doc:"In words; empty when it says nothing known"`
	OS      string          `json:"os"`
	Agent   string          `json:"agent" doc:"What the browser or program says of itself"`
	Token   *Token          `json:"token" doc:"The API client; null: a browser"`
	Type    string          `json:"type" doc:"Type of the record it is about; empty for none"`
	Record  int64           `json:"record" doc:"0 when there is none, or the reader may not see it"`
	Title   string          `json:"title" doc:"Of the record; empty when it was deleted, or the reader may not see it"`
	Data    httpapi.RawJSON `json:"data" doc:"More, by kind"`
}

// Token is an API client.
type Token struct {
	ID    int64  `json:"id"`
	Title string `json:"title" doc:"Empty when it was revoked"`
}

// Filters narrow the journal.
type Filters struct {
	User   int64  `query:"user" minimum:"0"`
	Kind   string `query:"kind" doc:"One or more, separated by commas"`
	Type   string `query:"type" doc:"With record: lines about this one"`
	Record int64  `query:"record" minimum:"0"`
	Token  int64  `query:"token" minimum:"0"`
	Q      string `query:"q" maxLength:"200" doc:"A part of a name or e-mail address, or a whole network address"`
	From   string `query:"from" doc:"Not before: a day (2026-11-19, in one's own zone) or a moment (RFC 3339)"`
	To     string `query:"to" doc:"Before"`
}

type listIn struct {
	Filters
	Limit int    `query:"limit" minimum:"0" maximum:"500" doc:"Lines a page, 50 by default"`
	After string `query:"after" doc:"next of the page before"`
}

func (in Filters) filter(ctx context.Context) (f accessjournal.Filter, err error) {
	f = accessjournal.Filter{UserID: in.User, TokenID: in.Token, Text: in.Q}
	for kind := range strings.SplitSeq(in.Kind, ",") {
		if kind = strings.TrimSpace(kind); kind == "" {
			continue
		}
		if !slices.Contains(accessjournal.Kinds, accessjournal.Kind(kind)) {
			return f, fault.In("kind", "accessjournal.bad_kind")
		}
		f.Kinds = append(f.Kinds, accessjournal.Kind(kind))
	}
	if in.Record != 0 {
		f.Ref = ref.Ref{Type: in.Type, ID: in.Record}
	}
	zone := httpapi.Who(ctx).Zone
	if f.From, err = moment("from", in.From, zone); err != nil {
		return f, err
	}
	f.To, err = moment("to", in.To, zone)
	return f, err
}

// moment reads a day, which begins at midnight in a zone, or a moment; nothing is 0.
func moment(path, text, zone string) (clock.Instant, error) {
	if text == "" {
		return 0, nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return clock.Of(at), nil
	}
	day, err := time.ParseInLocation(time.DateOnly, text, place(zone))
	if err != nil {
		return 0, fault.In(path, "input.date")
	}
	return clock.Of(day), nil
}

func place(zone string) *time.Location {
	if z, err := time.LoadLocation(zone); err == nil {
		return z
	}
	return time.UTC
}

func (d Deps) list(ctx context.Context, in *listIn) (*httpapi.Body[httpapi.List[Line]], error) {
	f, err := in.filter(ctx)
	if err != nil {
		return nil, err
	}
	if in.After != "" {
		if err := page.Decode(in.After, &f.Before); err != nil {
			return nil, err
		}
	}
	if hidden, err := d.hidden(ctx, f.Ref); err != nil || hidden {
		return httpapi.ListOf([]Line(nil), ""), err
	}
	limit := page.Limit(in.Limit)
	f.Limit = limit + 1
	found, err := d.Store.Entries(ctx, f)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(found) > limit {
		found = found[:limit]
		next = page.Encode(accessjournal.Mark{At: found[limit-1].At, ID: found[limit-1].ID})
	}
	lines, err := d.lines(ctx, found)
	return httpapi.ListOf(lines, next), err
}

// hidden tells whether a record is there but not for the reader: by its number alone he doesn't learn who looked at it.
func (d Deps) hidden(ctx context.Context, r ref.Ref) (bool, error) {
	if r.Zero() {
		return false, nil
	}
	called, err := d.Records.Titles(ctx, httpapi.Who(ctx), []ref.Ref{r})
	return called[r].Hidden, err
}

// lines adds to entries what their records and clients are called. A record that is there but not for the reader keeps its
// type alone.
func (d Deps) lines(ctx context.Context, found []accessjournal.Entry) ([]Line, error) {
	var records []ref.Ref
	var tokens []int64
	for _, e := range found {
		if !e.Ref.Zero() {
			records = append(records, e.Ref)
		}
		if e.TokenID != 0 {
			tokens = append(tokens, e.TokenID)
		}
	}
	called, err := d.Records.Titles(ctx, httpapi.Who(ctx), records)
	if err != nil {
		return nil, err
	}
	clients, err := d.Store.TokenTitles(ctx, tokens)
	if err != nil {
		return nil, err
	}
	lines := make([]Line, len(found))
	for i, e := range found {
		agent := session.AgentOf(e.Agent)
		lines[i] = Line{
			ID: e.ID, At: e.At.Time(), User: httpapi.OrNull(e.UserID), Kind: string(e.Kind), IP: e.IP, Browser: agent.Browser, OS: agent.OS, Agent: e.Agent,
			Type: e.Ref.Type, Record: e.Ref.ID, Title: called[e.Ref].Text, Data: httpapi.RawJSON{RawMessage: e.Data},
		}
		if called[e.Ref].Hidden {
			lines[i].Record = 0
		}
		if e.TokenID != 0 {
			lines[i].Token = &Token{e.TokenID, clients[e.TokenID]}
		}
	}
	return lines, nil
}

// Keep is how long lines are kept.
type Keep struct {
	Months int `json:"months" doc:"All lines but views"`
	Views  int `json:"views" doc:"Views, in months too"`
}

func (d Deps) keeping(ctx context.Context, _ *struct{}) (*httpapi.Body[Keep], error) {
	k, err := d.Store.Keeping(ctx)
	return httpapi.OK(Keep(k)), err
}

func (d Deps) setKeeping(ctx context.Context, in *httpapi.Body[Keep]) (*httpapi.Body[Keep], error) {
	if err := d.Keeping.Change(ctx, httpapi.Who(ctx), accessjournal.Keep(in.Body)); err != nil {
		return nil, err
	}
	return d.keeping(ctx, nil)
}

// Told is a file a page has put together out of what it had read.
type Told struct {
	What   string `json:"what" maxLength:"60" doc:"A record type or another word"`
	Rows   int64  `json:"rows" minimum:"0"`
	Filter string `json:"filter,omitempty" maxLength:"1000"`
}

func (d Deps) told(ctx context.Context, in *httpapi.Body[Told]) (*httpapi.Empty, error) {
	return nil, httpapi.Export(ctx, in.Body.What, in.Body.Rows, in.Body.Filter)
}
