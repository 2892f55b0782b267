// Package config is the portal as one document: record types with their fields and lists, pipelines, lost reasons, drums,
// forms, rules and hours, everything by code. Export writes it, Apply brings a portal into that shape through the ordinary
// use cases, in one transaction. People and departments are no part of it: drums and rules name them by e-mail and title, and
// who isn't there is left out and told.
package config

import (
	"context"

	"voronka/internal/flow/pipeline"
	"voronka/internal/flow/stage"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/directory"
	"voronka/internal/org/portal"
	"voronka/internal/record/schema"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
	"voronka/internal/sales/routing"
)

// Org is the organisation as a transaction sees it.
type Org interface {
	In(t tx.Tx) (*directory.Directory, error)
}

// Lists shows what has no other way to be listed within a transaction.
type Lists interface {
	// DrumsIn are the drums that work, in the order they were made.
	DrumsIn(t tx.Tx) ([]*drum.Drum, error)
	// KeysIn are the doors that weren't removed, in the order they were made.
	KeysIn(t tx.Tx) ([]*intake.Key, error)
}

// Service exports and applies documents.
type Service struct {
	Tx        tx.Doer
	Org       Org
	Lists     Lists
	Portal    *portal.Service
	Types     *schema.Admin
	Pipelines *pipeline.Service
	Stages    *stage.Service
	Drums     *drum.Service
	Intake    *intake.Service
	Routing   *routing.Service
}

// within lets use cases that open a transaction of their own be parts of one.
type within struct{ t tx.Tx }

// Do implements tx.Doer.
func (w within) Do(_ context.Context, f func(tx.Tx) error) error { return f(w.t) }

// inside is the service with use cases that all write into t.
func (s *Service) inside(t tx.Tx) *Service {
	w := within{t}
	p, flow, stages, drums, doors := *s.Portal, *s.Pipelines, *s.Stages, *s.Drums, *s.Intake
	p.Tx, flow.Tx, stages.Tx, drums.Tx, doors.Tx = w, w, w, w, w
	return &Service{
		Tx: w, Org: s.Org, Lists: s.Lists, Portal: &p, Pipelines: &flow, Stages: &stages, Drums: &drums, Intake: &doors,
		Types: &schema.Admin{Tx: w, Store: unhurried{s.Types.Store}},
		Routing: &routing.Service{
			Tx: w, Store: s.Routing.Store, Records: s.Routing.Records, Drums: s.Routing.Drums, Org: s.Routing.Org, Journal: s.Routing.Journal,
			Incidents: s.Routing.Incidents, Requests: s.Routing.Requests, Presence: s.Routing.Presence,
		},
	}
}

// unhurried doesn't look for a change before it is committed.
type unhurried struct{ schema.AdminStore }

// Refresh implements schema.AdminStore.
func (unhurried) Refresh(context.Context) error { return nil }
