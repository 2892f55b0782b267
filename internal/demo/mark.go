package demo

import (
	"context"
	"encoding/json"
	"fmt"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/app"
	"voronka/internal/kernel/tx"
)

// markKey is the setting only portals have that the demo has filled.
const markKey = "demo"

// Mark says of a portal that it is a demo, and which.
type Mark struct {
	Lang string `json:"lang"`
	Seed uint64 `json:"seed"`
	Set  string `json:"set,omitempty"` // the set of data it was built from; "": made up
	// Personas are the people one may look as, by what they are: owner, head, manager.
	Personas map[string]int64 `json:"personas"`
	Rival    int64            `json:"rival,omitempty"` // who gets what the manager misses
}

// mark remembers that a portal is a demo.
func mark(ctx context.Context, a *app.App, m Mark) error {
	b, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return a.DB.Do(ctx, func(t tx.Tx) error {
		_, err := db.Of(t).Exec("INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", markKey, string(b))
		return err
	})
}

// Marked tells whether a portal is a demo. A company's own never is, whatever its people are called.
func Marked(ctx context.Context, a *app.App) (m Mark, is bool, err error) {
	err = a.DB.ReadLoose(ctx, func(q db.Q) error {
		is, err = db.One(q, "SELECT value FROM setting WHERE key = ?", []any{markKey}, func(r db.Row) error { return json.Unmarshal(r.Bytes(0), &m) })
		return err
	})
	return m, is, err
}
