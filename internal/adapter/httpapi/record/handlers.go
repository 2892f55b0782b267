// Package record is the writing half of records over HTTP: creating, changing, deleting, bulk, the bin, outside ids, files,
// types with their fields, currency rates. Lists and single records are read by the package recordquery.
package record

import (
	"context"
	"encoding/json"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/bin"
	"voronka/internal/record/currency"
	"voronka/internal/record/file"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// Handlers are the writing routes. Tx is httpapi.Once over the database, so that a repeated POST writes once.
type Handlers struct {
	Tx      tx.Doer
	Records *record.Service
	Schema  *schema.Admin
	Files   *file.Service
	Bin     *bin.List
	Rates   *currency.Service
	Clock   clock.Clock

	// Catalog is the newest schema known.
	Catalog func(ctx context.Context) (*schema.Catalog, error)
	// Render is one record as GET answers it, for a person; NotFound when he doesn't see it.
	Render func(ctx context.Context, who access.Who, r ref.Ref) ([]byte, error)
	// RenderIn is the same inside the transaction that wrote it; nil: Render it is, after the commit.
	RenderIn func(t tx.Tx, who access.Who, r ref.Ref) ([]byte, error)
	// Find gives the numbers of the records a condition describes, no more than limit of them, among those a person sees.
	Find func(ctx context.Context, who access.Who, typ, filter string, limit int) ([]int64, error)
	// Saw is told that a person was shown the personal data of a record; nil: nobody wants to know.
	Saw func(ctx context.Context, userID int64, r ref.Ref)
	// RatesOn are the rates that hold on a day, and the portal's currency.
	RatesOn func(ctx context.Context, day string) (rates []currency.Rate, base string, err error)
}

// aliases are short addresses of the built-in types; the generic address names the type in the path.
var aliases = []struct{ path, typ string }{
	{"/api/records/{type}", ""},
	{"/api/leads", "lead"},
	{"/api/deals", "deal"},
	{"/api/contacts", "contact"},
	{"/api/companies", "company"},
	{"/api/activities", "activity"},
}

// Routes registers the writing routes.
func Routes(r *httpapi.Router, h *Handlers) {
	for _, a := range aliases {
		h.records(r, a.path, a.typ)
	}
	h.typeRoutes(r)
	h.fieldRoutes(r)
	h.valueRoutes(r)
	h.binRoutes(r)
	h.externalRoutes(r)
	h.fileRoutes(r)
	h.rateRoutes(r)
}

// Fields is a record's values by field code, as they are sent.
type Fields map[string]any

// route registers a hand-written handler of records; typ is the type of an alias, "" when the path names it.
func route(r *httpapi.Router, op httpapi.Op, typ string, answers any, f func(ctx context.Context, w http.ResponseWriter, req *http.Request, typ string) error) {
	op.Access, op.Tags = httpapi.Member, []string{"records"}
	httpapi.Stream(r, op, answers, func(ctx context.Context, w http.ResponseWriter, req *http.Request) error {
		if typ == "" {
			return f(ctx, w, req, req.PathValue("type"))
		}
		return f(ctx, w, req, typ)
	})
}

// target is the record a path names.
func target(req *http.Request, typ string) (ref.Ref, error) {
	id, err := httpapi.ID(req, "id")
	return ref.Ref{Type: typ, ID: id}, err
}

// write runs a use case in a transaction.
func (h *Handlers) write(ctx context.Context, f func(t tx.Tx, who access.Who) error) error {
	who := httpapi.Who(ctx)
	return h.Tx.Do(ctx, func(t tx.Tx) error { return f(t, who) })
}

// Gone is the answer about a record that was written but is out of the writer's sight now.
type Gone struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
	Gone bool   `json:"gone"`
}

// answer writes a record as it is now.
func (h *Handlers) answer(ctx context.Context, w http.ResponseWriter, status int, r ref.Ref) error {
	body, err := orGone(r)(h.Render(ctx, httpapi.Who(ctx), r))
	if err != nil {
		return err
	}
	return httpapi.WriteJSON(w, status, body)
}

// orGone is a record as it was rendered, or that it is out of sight.
func orGone(r ref.Ref) func([]byte, error) ([]byte, error) {
	return func(body []byte, err error) ([]byte, error) {
		if fault.Is(err, fault.NotFound) {
			return json.Marshal(Gone{ID: r.ID, Type: r.Type, Gone: true})
		}
		return body, err
	}
}

// wrote runs a use case in a transaction and answers with the record it wrote.
func (h *Handlers) wrote(ctx context.Context, w http.ResponseWriter, status int, f func(t tx.Tx, who access.Who) (ref.Ref, error)) error {
	var at ref.Ref
	var body []byte
	err := h.write(ctx, func(t tx.Tx, who access.Who) (err error) {
		if at, err = f(t, who); err == nil && h.RenderIn != nil {
			body, err = orGone(at)(h.RenderIn(t, who, at))
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case h.RenderIn != nil:
		return httpapi.WriteJSON(w, status, body)
	}
	return h.answer(ctx, w, status, at)
}
