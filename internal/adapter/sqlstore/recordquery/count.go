package recordquery

import (
	"context"
	"strconv"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
)

// Count appends how many records a scope holds to dst: {"count": 12, "exact": true}. Whole pipelines are read off the
// counters; everything else is counted up to query.Bound.
func (s *Store) Count(ctx context.Context, plan access.Plan, scope *query.Scope, dst []byte) ([]byte, error) {
	err := s.db.Read(ctx, func(q db.Q) error {
		n, exact, err := s.count(q, plan, scope)
		if err != nil {
			return err
		}
		dst = strconv.AppendInt(append(dst, `{"count":`...), n, 10)
		dst = append(strconv.AppendBool(append(dst, `,"exact":`...), exact), '}')
		return nil
	})
	return dst, err
}

func (s *Store) count(q db.Q, plan access.Plan, scope *query.Scope) (n int64, exact bool, err error) {
	if plan.Nothing() {
		return 0, true, nil
	}
	if scope.Type.Staged && scope.Filter == nil {
		if n, ok, err := s.countStages(q, plan, scope); ok || err != nil {
			return n, true, err
		}
	}
	where, _, err := condition(q.Dialect(), scope)
	if err != nil {
		return 0, false, err
	}
	if plan = s.trimmed(q, scope.Type, plan); plan.Nothing() {
		return 0, true, nil
	}
	x := newStatement(q.Dialect())
	x.add("SELECT count(*) FROM (")
	s.candidates(x, q, scope, plan, "r.id", query.Bound+1, func() {
		switch {
		case scope.Stage != nil:
			x.with(" AND r.stage_id = ?", scope.Stage.ID)
		case scope.Pipeline != nil:
			x.with(" AND r.pipeline_id = ?", scope.Pipeline.ID)
		}
		if where.Text != "" {
			x.with(" AND "+where.Text, where.Args...)
		}
	})
	x.add(") u")
	err = x.query(q, func(r db.Row) error { n = r.Int64(0); return nil })
	if n > query.Bound {
		return query.Bound, false, err
	}
	return n, true, err
}

// countStages adds up the counters of all pipelines the scope covers.
func (s *Store) countStages(q db.Q, plan access.Plan, scope *query.Scope) (n int64, ok bool, err error) {
	for _, p := range scope.Catalog.Pipelines(scope.Type.Code) {
		if scope.Pipeline != nil && p != scope.Pipeline || scope.Stage != nil && p.ID != scope.Stage.PipelineID {
			continue
		}
		one := *scope
		one.Pipeline = p
		totals, _, ok, err := s.counted(q, plan, &one)
		if err != nil || !ok {
			return 0, false, err
		}
		for _, t := range totals {
			n += t.n
		}
	}
	return n, true, nil
}
