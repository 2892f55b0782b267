package plant

import (
	"context"
	"encoding/json"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// PlantRole makes a role that lets one of the cast see and move all deals of one stage.
func (c *Company) PlantRole(ctx context.Context, d *db.DB, name string, stage int64) error {
	body, err := json.Marshal(map[string]any{"grants": []access.Grant{{
		Types: []string{"deal"}, Stages: []int64{stage}, Ops: []access.Op{access.See, access.Move}, Scopes: []access.Scope{access.ScopeAll},
	}}})
	if err != nil {
		return err
	}
	return d.Do(ctx, func(t tx.Tx) error {
		q := db.Of(t)
		id, err := db.InsertID(q, "INSERT INTO access_role (code, title, body) VALUES (?, ?, ?) RETURNING id", name, name, string(body))
		if err != nil {
			return err
		}
		if _, err := q.Exec("INSERT INTO access_role_holder (role_id, kind, holder_id) VALUES (?, 'user', ?)", id, c.Cast[name].ID); err != nil {
			return err
		}
		return db.Bump(t, "org")
	})
}
