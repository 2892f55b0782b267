// Package salesstore keeps drums, offers, the keys of clients, intake keys and requests in the database. It serves the
// rooms of house sales; what they promise is written there.
package salesstore

import (
	"fmt"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/schema"
	"voronka/internal/sales/client"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
	"voronka/internal/sales/routing"
)

// Schema is the schema as a transaction or a snapshot sees it.
type Schema interface {
	Catalog(t tx.Tx) (*schema.Catalog, error)
	CatalogIn(q db.Q) (*schema.Catalog, error)
}

// Store implements the stores of house sales over one database.
type Store struct {
	d      *db.DB
	schema Schema
	rules  *db.Versioned[routing.Rules]
}

var (
	_ drum.Store    = (*Store)(nil)
	_ drum.Reader   = (*Store)(nil)
	_ client.Store  = (*Store)(nil)
	_ intake.Store  = (*Store)(nil)
	_ intake.Reader = (*Store)(nil)
)

// New makes a Store.
func New(d *db.DB, s Schema) *Store {
	return &Store{d: d, schema: s, rules: db.NewVersioned(d, routingVersion, loadRules)}
}

// typeID is the number of the type of a record.
func (s *Store) typeID(t tx.Tx, r ref.Ref) (int64, error) {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return 0, err
	}
	typ := c.Type(r.Type)
	if typ == nil {
		return 0, fmt.Errorf("sales: there is no type %q", r.Type)
	}
	return typ.ID, nil
}

// refOf names a record by the number of its type; zero when there is no such type any more.
func refOf(c *schema.Catalog, typeID, id int64) ref.Ref {
	if typ := c.TypeByID(typeID); typ != nil && id != 0 {
		return ref.Ref{Type: typ.Code, ID: id}
	}
	return ref.Ref{}
}
