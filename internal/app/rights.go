package app

import (
	"fmt"
	"slices"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/role"
	"voronka/internal/record/schema"
)

// roleNames checks that what a role speaks of is in the catalogue.
type roleNames struct{ app *App }

var _ role.Names = roleNames{}

// Check implements role.Names.
func (n roleNames) Check(t tx.Tx, b role.Body) error {
	c, err := n.app.Schema.CatalogIn(db.Of(t))
	if err != nil {
		return err
	}
	for i, g := range b.Grants {
		for _, typ := range g.Types {
			if c.Type(typ) == nil {
				return fault.In(fmt.Sprintf("grants/%d/types", i), "role.unknown_type", fault.Args{"type": typ})
			}
		}
		for _, id := range g.Pipelines {
			if c.PipelineByID(id) == nil {
				return fault.In(fmt.Sprintf("grants/%d/pipelines", i), "pipeline.not_found")
			}
		}
		for _, id := range g.Stages {
			if c.StageByID(id) == nil {
				return fault.In(fmt.Sprintf("grants/%d/stages", i), "stage.not_found")
			}
		}
	}
	for i, f := range b.Fields {
		typ := c.Type(f.Type)
		if typ == nil {
			return fault.In(fmt.Sprintf("fields/%d/type", i), "role.unknown_type", fault.Args{"type": f.Type})
		}
		if typ.Field(f.Field) == nil && !slices.ContainsFunc(typ.Removed, func(r *schema.Field) bool { return r.Code == f.Field }) {
			return fault.In(fmt.Sprintf("fields/%d/field", i), "role.unknown_field", fault.Args{"field": f.Field})
		}
		if !schema.Hideable(f.Field) {
			return fault.In(fmt.Sprintf("fields/%d/field", i), "role.field_always_seen", fault.Args{"field": f.Field})
		}
	}
	return nil
}
