// Package flowapi is the HTTP door of house flow: pipelines, stages, lost reasons, incidents.
package flowapi

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/flow/incident"
	"voronka/internal/flow/pipeline"
	"voronka/internal/flow/stage"
	"voronka/internal/kernel/clock"
	"voronka/internal/record/schema"
)

// Schema shows the schema as it is now.
type Schema interface {
	Fresh(ctx context.Context) (*schema.Catalog, error)
}

// Deps are the use cases behind the routes.
type Deps struct {
	Pipelines *pipeline.Service
	Stages    *stage.Service
	Schema    Schema
	Incidents incident.Reader
}

// Routes registers the routes of the house.
func Routes(r *httpapi.Router, d Deps) {
	d.pipelineRoutes(r)
	d.stageRoutes(r)
	d.reasonRoutes(r)
	d.incidentRoutes(r)
}

func op(method, path string, access httpapi.Access, tag, summary string) httpapi.Op {
	return httpapi.Op{Method: method, Path: path, Summary: summary, Access: access, Tags: []string{tag}}
}

func gone(o httpapi.Op) httpapi.Op {
	o.Status = http.StatusNoContent
	return o
}

// ByID is the input of routes about one thing.
type ByID struct {
	ID int64 `path:"id" minimum:"1"`
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
