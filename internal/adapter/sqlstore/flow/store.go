// Package flowstore keeps pipelines, stages, lost reasons, deadlines and incidents in the database. It serves the rooms of
// house flow; what they promise is written there.
package flowstore

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/flow/deadline"
	"voronka/internal/flow/incident"
	"voronka/internal/flow/pipeline"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/schema"
)

// Schema is the schema as a transaction or a snapshot sees it.
type Schema interface {
	Catalog(t tx.Tx) (*schema.Catalog, error)
	CatalogIn(q db.Q) (*schema.Catalog, error)
}

// Store implements the stores of house flow over one database.
type Store struct {
	d      *db.DB
	schema Schema
}

var (
	_ pipeline.Store  = (*Store)(nil)
	_ deadline.Store  = deadlines{}
	_ incident.Store  = incidents{}
	_ incident.Lying  = (*Store)(nil)
	_ incident.Reader = (*Store)(nil)
)

// New makes a Store.
func New(d *db.DB, s Schema) *Store { return &Store{d: d, schema: s} }

// Catalog implements pipeline.Store.
func (s *Store) Catalog(t tx.Tx) (*schema.Catalog, error) { return s.schema.Catalog(t) }

// Fresh is the schema as it is now, also right after a change made here.
func (s *Store) Fresh(ctx context.Context) (c *schema.Catalog, err error) {
	err = s.d.Read(ctx, func(q db.Q) error { c, err = s.schema.CatalogIn(q); return err })
	return c, err
}

// DeadlineStore is the store of room deadline.
func (s *Store) DeadlineStore() deadline.Store { return deadlines{s} }

// IncidentStore is the store of room incident.
func (s *Store) IncidentStore() incident.Store { return incidents{s} }

// typeID is the number of a record type, 0 when there is none.
func (s *Store) typeID(t tx.Tx, code string) (int64, error) {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return 0, err
	}
	if typ := c.Type(code); typ != nil {
		return typ.ID, nil
	}
	return 0, nil
}
