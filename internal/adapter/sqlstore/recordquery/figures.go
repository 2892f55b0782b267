package recordquery

import (
	"cmp"
	"context"
	"slices"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// Matrix tells what the open records of a pipeline come to, by stage and responsible person: how many, how much in the
// portal's currency, how long they have lain on the stage on average. Beyond query.Looked records exact is false and the figures
// are those of the first Looked.
func (s *Store) Matrix(ctx context.Context, plan access.Plan, scope *query.Scope) (m query.Matrix, err error) {
	m.Exact = true
	if plan.Nothing() {
		return m, nil
	}
	base := "0"
	if scope.Type.Amount() != nil {
		base = "r.amount_base"
	}
	err = s.db.Read(ctx, func(q db.Q) error {
		where, _, err := condition(q.Dialect(), scope)
		if err != nil {
			return err
		}
		x := newStatement(q.Dialect())
		x.with("SELECT u.stage_id, u.responsible_id, count(*), sum(u.base), sum(? - u.entered) FROM (", int64(scope.Moment.Now))
		s.candidates(x, q, scope, s.trimmed(q, scope.Type, plan), "r.id, r.stage_id, r.responsible_id, "+base+" AS base, r.stage_entered_at AS entered", query.Looked+1, func() {
			x.with(" AND r.pipeline_id = ? AND r.closed_at IS NULL", scope.Pipeline.ID)
			if where.Text != "" {
				x.with(" AND "+where.Text, where.Args...)
			}
		})
		x.add(") u GROUP BY u.stage_id, u.responsible_id")
		m.Cells = nil
		all := int64(0)
		err = x.query(q, func(r db.Row) error {
			c := query.Cell{StageID: r.Int64(0), UserID: r.Int64(1), Count: r.Int64(2), Base: r.Int64(3)}
			c.AgeMS = r.Int64(4) / c.Count
			all += c.Count
			m.Cells = append(m.Cells, c)
			return nil
		})
		m.Exact = all <= query.Looked
		return err
	})
	slices.SortFunc(m.Cells, func(a, b query.Cell) int {
		return cmp.Or(cmp.Compare(a.StageID, b.StageID), cmp.Compare(a.UserID, b.UserID))
	})
	return m, err
}

// Cohort tells of the records of a type that were created in [from, to), by source: how many there are, how far they have
// come and what was won. The furthest is the open stage that stands last in its pipeline among those a record has been on.
func (s *Store) Cohort(ctx context.Context, plan access.Plan, scope *query.Scope, from, to clock.Instant) (c query.Cohort, err error) {
	c.Exact = true
	if plan.Nothing() {
		return c, nil
	}
	err = s.db.Read(ctx, func(q db.Q) error {
		x := newStatement(q.Dialect())
		x.add("SELECT w.source, w.furthest, w.won, count(*), sum(w.base) FROM (")
		s.cohort(q, x, plan, scope, from, to)
		x.add(") w GROUP BY w.source, w.furthest, w.won")
		c.Rows = nil
		all := int64(0)
		err := x.query(q, func(r db.Row) error {
			row := query.CohortRow{SourceID: r.Int64(0), Furthest: int(r.Int64(1)), Outcome: int(r.Int64(2)), Count: r.Int64(3), Base: r.Int64(4)}
			all += row.Count
			c.Rows = append(c.Rows, row)
			return nil
		})
		c.Exact = all <= query.Looked
		return err
	})
	return c, err
}

// cohort adds a statement that tells of each record of a cohort its source, its sum, how far it came and how it ended.
func (s *Store) cohort(q db.Q, x *statement, plan access.Plan, scope *query.Scope, from, to clock.Instant) {
	source, base := "0", "0"
	if f := scope.Type.Field("source"); f != nil && f.Kind == schema.List {
		source = "coalesce(r." + f.Col + ", 0)"
	}
	if scope.Type.Amount() != nil {
		base = "r.amount_base"
	}
	x.add("SELECT u.id, u.source, u.base, ",
		"coalesce(max(CASE WHEN st.kind IN ('open', 'waiting') THEN st.sort END), -1) AS furthest, max(CASE WHEN u.kind = 'won' THEN 1 WHEN u.kind = 'lost' THEN -1 ELSE 0 END) AS won FROM (",
		"SELECT c.id, c.source, c.base, n.kind FROM (")
	s.candidates(x, q, scope, s.trimmed(q, scope.Type, plan), "r.id, r.stage_id, "+source+" AS source, "+base+" AS base", query.Looked+1, func() {
		x.with(" AND r.pipeline_id = ? AND r.created_at >= ? AND r.created_at < ?", scope.Pipeline.ID, int64(from), int64(to))
	})
	x.with(") c JOIN stage n ON n.id = c.stage_id) u LEFT JOIN visit v ON v.type_id = ? AND v.record_id = u.id AND v.pipeline_id = ? LEFT JOIN stage st ON st.id = v.stage_id",
		scope.Type.ID, scope.Pipeline.ID)
	x.add(" GROUP BY u.id, u.source, u.base")
}

// CohortRecords are the records of a part of a cohort, the newest first, up to a limit.
func (s *Store) CohortRecords(ctx context.Context, plan access.Plan, scope *query.Scope, from, to clock.Instant, part query.Part, limit int) (ids []int64, err error) {
	if plan.Nothing() {
		return nil, nil
	}
	err = s.db.Read(ctx, func(q db.Q) error {
		x := newStatement(q.Dialect())
		x.add("SELECT w.id FROM (")
		s.cohort(q, x, plan, scope, from, to)
		x.add(") w WHERE 1 = 1")
		if part.Source != nil {
			x.with(" AND w.source = ?", *part.Source)
		}
		if part.Furthest != nil {
			x.with(" AND (w.won = 1 OR w.furthest >= ?)", *part.Furthest)
		}
		if part.Outcome != nil {
			x.with(" AND w.won = ?", *part.Outcome)
		}
		x.with(" ORDER BY w.id DESC LIMIT ?", limit)
		ids = nil
		return x.query(q, func(r db.Row) error {
			ids = append(ids, r.Int64(0))
			return nil
		})
	})
	return ids, err
}
