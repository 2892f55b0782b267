// Package flowapi is the HTTP door of house flow: pipelines, stages, lost reasons, incidents.
package flowapi

import (
	"context"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/flow/incident"
	"voronka/internal/flow/pipeline"
	"voronka/internal/flow/stage"
	"voronka/internal/org/directory"
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
	Excuses   *incident.Service
	Org       directory.Source
}

// Routes registers the routes of the house.
func Routes(r *httpapi.Router, d Deps) {
	d.pipelineRoutes(r)
	d.stageRoutes(r)
	d.reasonRoutes(r)
	d.incidentRoutes(r)
}
