// Package recordquery is the reading half of records over HTTP: lists, boards, totals, counts, one record, its story, the
// search of the palette. Its answers are JSON written by hand by whoever holds the records; here the URL becomes a checked
// question and the person asking becomes a plan. Changing records is the package record's.
package recordquery

import (
	"context"
	"encoding/hex"
	"hash/maphash"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/expr"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/org/worktime"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// Records answers questions about records: each method appends its JSON to dst.
type Records interface {
	List(ctx context.Context, plan access.Plan, l *query.List, dst []byte) ([]byte, error)
	Board(ctx context.Context, plan access.Plan, b *query.Board, dst []byte) ([]byte, error)
	Totals(ctx context.Context, plan access.Plan, s *query.Scope, dst []byte) ([]byte, error)
	Count(ctx context.Context, plan access.Plan, s *query.Scope, dst []byte) ([]byte, error)
	Get(ctx context.Context, plan access.Plan, g *query.Get, dst []byte) ([]byte, error)
	Timeline(ctx context.Context, plan access.Plan, t *query.Timeline, dst []byte) ([]byte, error)
	Visits(ctx context.Context, plan access.Plan, g *query.Get, worked query.Worked, dst []byte) ([]byte, error)
	// Reached are those of some records of a type which a plan reaches.
	Reached(ctx context.Context, plan access.Plan, t *schema.Type, ids []int64) (map[int64]bool, error)
	Search(ctx context.Context, plans query.Plans, s *query.Search, dst []byte) ([]byte, error)
}

// Org knows people and their hours, as the newest write known left them.
type Org interface {
	Last(ctx context.Context) (*directory.Directory, error)
}

// Handlers are the reading routes. Catalog is the newest schema known.
type Handlers struct {
	Records Records
	Org     Org
	Catalog func(ctx context.Context) (*schema.Catalog, error)
	Clock   clock.Clock
	// Saw is told that a person was shown the personal data of a record; nil: nobody wants to know.
	Saw func(ctx context.Context, userID int64, r ref.Ref)
}

// ask is one request on its way to a question.
type ask struct {
	who     access.Who
	catalog *schema.Catalog
	typ     string
	params  query.Params
	moment  expr.Moment
}

// plan is what the person may see of the type.
func (a *ask) plan() access.Plan { return a.who.Plan(a.typ, access.See) }

func (a *ask) plans() query.Plans { return query.PlansOf(a.who) }

// maxFilter keeps a URL from being a program.
const maxFilter = 8000

// ask reads what all routes share. typ is the record type of an alias, "" when the path names it.
func (h *Handlers) ask(ctx context.Context, req *http.Request, typ string) (*ask, error) {
	a := &ask{who: httpapi.Who(ctx), typ: typ}
	if typ == "" {
		a.typ = req.PathValue("type")
	}
	var err error
	if a.catalog, err = h.Catalog(ctx); err != nil {
		return nil, err
	}
	a.catalog = a.catalog.For(a.who)
	values := req.URL.Query()
	a.params = query.Params{
		Filter: values.Get("filter"), Sort: values.Get("sort"), Fields: values.Get("fields"), Pipeline: values.Get("pipeline"),
		Stage: values.Get("stage"), After: values.Get("after"),
	}
	if len(a.params.Filter) > maxFilter {
		return nil, fault.In("filter", "query.filter_too_long", fault.Args{"max": maxFilter})
	}
	if text := values.Get("limit"); text != "" {
		if a.params.Limit, err = strconv.Atoi(text); err != nil || a.params.Limit < 1 {
			return nil, fault.In("limit", "query.bad_limit")
		}
	}
	a.moment = expr.Moment{Now: h.Clock.Now(), Me: a.who.UserID}
	if a.params.Filter != "" {
		a.moment.Zone = zone(a.who.Zone)
	}
	return a, nil
}

var zones sync.Map // name → *time.Location

// zone finds a time zone by name, UTC when there is none; reading one takes longer than a list does.
func zone(name string) *time.Location {
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location)
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, z)
	return z
}

func (h *Handlers) list(ctx context.Context, a *ask, dst []byte) ([]byte, error) {
	l, err := query.NewList(a.catalog, a.typ, a.params, a.moment, a.plans())
	if err != nil {
		return dst, err
	}
	return h.Records.List(ctx, a.plan(), &l, dst)
}

func (h *Handlers) board(ctx context.Context, a *ask, dst []byte) ([]byte, error) {
	b, err := query.NewBoard(a.catalog, a.typ, a.params, a.moment, a.plans())
	if err != nil {
		return dst, err
	}
	return h.Records.Board(ctx, a.plan(), &b, dst)
}

func (h *Handlers) totals(ctx context.Context, a *ask, dst []byte) ([]byte, error) {
	s, err := query.NewTotals(a.catalog, a.typ, a.params, a.moment, a.plans())
	if err != nil {
		return dst, err
	}
	return h.Records.Totals(ctx, a.plan(), &s, dst)
}

func (h *Handlers) count(ctx context.Context, a *ask, dst []byte) ([]byte, error) {
	s, err := query.NewScope(a.catalog, a.typ, a.params, a.moment, a.plans())
	if err != nil {
		return dst, err
	}
	return h.Records.Count(ctx, a.plan(), &s, dst)
}

func (h *Handlers) get(ctx context.Context, a *ask, id int64, dst []byte) ([]byte, error) {
	g, err := query.NewGet(a.catalog, a.typ, id, a.params.Fields, a.plans())
	if err != nil {
		return dst, err
	}
	if a.params.Fields == "" {
		g.May = func(op access.Op) access.Plan { return a.who.Plan(a.typ, op) }
	}
	if dst, err = h.Records.Get(ctx, a.plan(), &g, dst); err != nil || h.Saw == nil {
		return dst, err
	}
	if typ := a.catalog.Type(a.typ); typ != nil && typ.OfPersons(codes(a.params.Fields)) {
		h.Saw(ctx, a.who.Person(), ref.Ref{Type: a.typ, ID: id})
	}
	return dst, nil
}

// codes are the fields that were asked for; nil for all of them.
func codes(fields string) []string {
	if fields == "" {
		return nil
	}
	list := strings.Split(fields, ",")
	for i, code := range list {
		list[i] = strings.TrimSpace(code)
	}
	return list
}

func (h *Handlers) timeline(ctx context.Context, a *ask, id int64, kind string, dst []byte) ([]byte, error) {
	t, err := query.NewTimeline(a.catalog, a.typ, id, kind, a.params.After, a.params.Limit, a.plans())
	if err != nil {
		return dst, err
	}
	return h.Records.Timeline(ctx, a.plan(), &t, dst)
}

func (h *Handlers) visits(ctx context.Context, a *ask, id int64, dst []byte) ([]byte, error) {
	g, err := query.NewGet(a.catalog, a.typ, id, "id", a.plans())
	if err != nil {
		return dst, err
	}
	org, err := h.Org.Last(ctx)
	if err != nil {
		return nil, err
	}
	return h.Records.Visits(ctx, a.plan(), &g, worked(org, a.moment.Now), dst)
}

// worked counts by people's schedules up to now, as the limits of stages do: who never works is counted round the clock.
func worked(org *directory.Directory, now clock.Instant) query.Worked {
	return func(user int64, since clock.Instant) (wall, work time.Duration, until clock.Instant) {
		s := org.ScheduleOf(user)
		if _, ok := s.Next(now); !ok {
			s = worktime.Always()
		}
		if end, _ := s.Ends(now); end > now {
			until = end
		}
		return max(0, now.Sub(since)), max(0, s.Between(since, now)), until
	}
}

func (h *Handlers) search(ctx context.Context, a *ask, text string, dst []byte) ([]byte, error) {
	s, ok := query.NewSearch(a.catalog, text, a.plans())
	if !ok {
		return append(dst, `{"items":[]}`...), nil
	}
	return h.Records.Search(ctx, a.plans(), &s, dst)
}

// buffers hold answers while they are written.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 64<<10); return &b }}

const bufferCap = 1 << 20

// seed makes tags of this process; after a restart a client fetches once more.
var seed = maphash.MakeSeed()

// answer writes what f appends as JSON. With tag a client that has it already is told so.
func answer(w http.ResponseWriter, req *http.Request, tag bool, f func(dst []byte) ([]byte, error)) error {
	held := buffers.Get().(*[]byte)
	body, err := f((*held)[:0])
	if cap(body) <= bufferCap {
		*held = body
		defer buffers.Put(held)
	}
	if err != nil {
		return err
	}
	head := w.Header()
	head.Set("Content-Type", "application/json")
	head.Set("Cache-Control", "private, no-cache")
	if tag {
		var sum [8]byte
		h := maphash.Bytes(seed, body)
		for i := range sum {
			sum[i] = byte(h >> (8 * i))
		}
		etag := `W/"` + hex.EncodeToString(sum[:]) + `"`
		head.Set("ETag", etag)
		if req.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	_, err = w.Write(body)
	return err
}
