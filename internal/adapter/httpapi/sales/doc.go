// Package salesapi is the HTTP door of house sales: drums, offers, intake keys, requests, and the public door of requests.
package salesapi

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/directory"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
)

// Deps are the use cases behind the routes.
type Deps struct {
	Drums    *drum.Service
	Offers   drum.Reader
	Intake   *intake.Service
	Requests intake.Reader
	People   directory.Source
	Clock    clock.Clock
}

// Routes registers the routes of the house.
func Routes(r *httpapi.Router, d Deps) {
	d.drumRoutes(r)
	d.offerRoutes(r)
	d.keyRoutes(r)
	d.intakeRoutes(r)
}

func op(method, path string, access httpapi.Access, tag, summary string) httpapi.Op {
	o := httpapi.Op{Method: method, Path: path, Summary: summary, Access: access, Tags: []string{tag}}
	if method == http.MethodDelete {
		o.Status = http.StatusNoContent
	}
	return o
}

// ByID is the input of routes about one thing.
type ByID struct {
	ID int64 `path:"id" minimum:"1"`
}

// reference is the number of a thing in a patch: left out it stays, null takes it away.
type reference struct {
	set bool
	id  int64
}

// UnmarshalJSON reads a number or null.
func (r *reference) UnmarshalJSON(b []byte) error {
	r.set, r.id = true, 0
	if string(b) == "null" {
		return nil
	}
	return json.Unmarshal(b, &r.id)
}

// Schema implements huma.SchemaProvider.
func (reference) Schema(huma.Registry) *huma.Schema {
	zero := 0.0
	return &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: &zero, Nullable: true, Description: "null for none"}
}

func (r reference) value() *int64 {
	if !r.set {
		return nil
	}
	return &r.id
}

func instant(i clock.Instant) *time.Time {
	if i == 0 {
		return nil
	}
	t := i.Time()
	return &t
}

func orNull(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// raw is JSON that is passed on as it is.
type raw struct{ json.RawMessage }

// Schema implements huma.SchemaProvider.
func (raw) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}
}
