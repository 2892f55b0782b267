// Package salesapi is the HTTP door of house sales: drums, offers, intake keys, requests, and the public door of requests.
package salesapi

import (
	"context"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/directory"
	"voronka/internal/record/schema"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/imports"
	"voronka/internal/sales/intake"
	"voronka/internal/sales/routing"
)

// Deps are the use cases behind the routes.
type Deps struct {
	Drums    *drum.Service
	Offers   drum.Reader
	Intake   *intake.Service
	Requests intake.Reader
	Imports  *imports.Service
	Routing  *routing.Service
	Standing routing.Reader
	People   directory.Source
	Clock    clock.Clock

	// Catalog is the newest schema known.
	Catalog func(ctx context.Context) (*schema.Catalog, error)
}

// view is the schema as the person who asks knows it.
func (d Deps) view(ctx context.Context) (*schema.Catalog, error) {
	c, err := d.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	return c.For(httpapi.Who(ctx)), nil
}

// Routes registers the routes of the house.
func Routes(r *httpapi.Router, d Deps) {
	d.drumRoutes(r)
	d.offerRoutes(r)
	d.keyRoutes(r)
	d.formRoutes(r)
	d.heldRoutes(r)
	d.intakeRoutes(r)
	d.routingRoutes(r)
	d.importRoutes(r)
}
