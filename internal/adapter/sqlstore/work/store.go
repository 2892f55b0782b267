// Package workstore keeps notices, how people want to be told, subscriptions to pushes, outgoing letters and their templates
// in the database. It serves the rooms of house work; what they promise is written there.
package workstore

import (
	"encoding/json"
	"fmt"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/schema"
	"voronka/internal/work/mail"
	"voronka/internal/work/notify"
)

// Schema is the schema as a transaction or a snapshot sees it.
type Schema interface {
	Catalog(t tx.Tx) (*schema.Catalog, error)
	CatalogIn(q db.Q) (*schema.Catalog, error)
}

// Store implements the stores of house work over one database.
type Store struct {
	d      *db.DB
	schema Schema
}

var (
	_ notify.Store = (*Store)(nil)
	_ mail.Store   = (*Store)(nil)
)

// New makes a Store.
func New(d *db.DB, s Schema) *Store { return &Store{d: d, schema: s} }

// Keys of table setting.
const (
	mailKey = "mail"
	pushKey = "push.keys"
)

// setting reads a JSON document into value and tells whether there was one.
func setting(q db.Q, key string, value any) (found bool, err error) {
	found, err = db.One(q, "SELECT value FROM setting WHERE key = ?", []any{key}, func(r db.Row) error { return json.Unmarshal(r.Bytes(0), value) })
	if err != nil {
		return false, fmt.Errorf("setting %s: %w", key, err)
	}
	return found, nil
}

func refOf(c *schema.Catalog, typeID, id int64) ref.Ref {
	if typ := c.TypeByID(typeID); typ != nil && id != 0 {
		return ref.Ref{Type: typ.Code, ID: id}
	}
	return ref.Ref{}
}
