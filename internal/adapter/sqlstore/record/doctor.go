package record

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/portal"
	"voronka/internal/kernel/fault"
	"voronka/internal/record/activity"
	"voronka/internal/record/schema"
)

// Checks are what doctor looks at beside totals and orphans, which the store's own checks count: every record on a stage
// has exactly one open visit, of that stage, and every next step is the nearest planned activity.
func (s *Store) Checks() []portal.Check {
	return []portal.Check{{Name: "visits", Run: s.eachType(wrongVisits)}, {Name: "steps", Run: s.eachType(wrongSteps)}}
}

// eachType counts what is wrong in every type.
func (s *Store) eachType(count func(q db.Q, cat *schema.Catalog, typ *schema.Type) (key string, n int64, err error)) func(context.Context, *db.DB) ([]portal.Finding, error) {
	return func(ctx context.Context, d *db.DB) (found []portal.Finding, err error) {
		err = d.Read(ctx, func(q db.Q) error {
			cat, err := s.CatalogIn(q)
			if err != nil {
				return err
			}
			for _, typ := range cat.Types {
				key, n, err := count(q, cat, typ)
				if err != nil {
					return err
				}
				if n > 0 {
					found = append(found, portal.Finding{Key: key, Args: fault.Args{"type": typ.Code, "n": n}, Urgent: true})
				}
			}
			return nil
		})
		return found, err
	}
}

func wrongVisits(q db.Q, _ *schema.Catalog, typ *schema.Type) (string, int64, error) {
	if !typ.Staged {
		return "", 0, nil
	}
	n, err := db.Int(q, "SELECT count(*) FROM "+typ.Table()+` r WHERE 1 <> (SELECT count(*) FROM visit v
		WHERE v.type_id = ? AND v.record_id = r.id AND v.left_at = 0 AND v.stage_id = r.stage_id)`, typ.ID)
	return "record.doctor_visits", n, err
}

func wrongSteps(q db.Q, cat *schema.Catalog, typ *schema.Type) (string, int64, error) {
	x := cat.Type(activity.Type)
	if x == nil {
		return "", 0, nil
	}
	about := x.Field(activity.About)
	n, err := db.Int(q, "SELECT count(*) FROM "+typ.Table()+` r WHERE r.next_id <> coalesce((SELECT a.id FROM link l JOIN r_activity a ON a.id = l.from_id
		WHERE l.to_type = ? AND l.to_id = r.id AND l.field_id = ? AND l.from_type = ? AND a.done_at IS NULL AND a.due_at IS NOT NULL
		ORDER BY a.due_at, a.id LIMIT 1), 0)`, typ.ID, about.ID, x.ID)
	return "record.doctor_steps", n, err
}
