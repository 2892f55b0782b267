package insightstore

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/flow/incident"
	"voronka/internal/insight/figures"
)

// Asked is the statement behind a question, for its plan.
func Asked(s *Store, name string, p figures.Period) (sql string, args []any) {
	switch name {
	case "breaches":
		return breaches(p)
	case "decisions":
		return decisions(p)
	}
	p.Kind = incident.MissedOffer
	_ = s.d.Read(context.Background(), func(q db.Q) error {
		c, err := s.schema.CatalogIn(q)
		if err == nil {
			sql, args = lost(c.Type("lead"), p)
		}
		return err
	})
	return sql, args
}
