package recordquery

import (
	"context"
	"slices"
	"strconv"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// total is what lies on one stage.
type total struct {
	n     int64
	base  int64 // in the portal's currency
	sums  []sum
	exact bool
}

type sum struct {
	currency string
	minor    int64
}

func (t *total) add(currency string, n, minor, base int64) {
	t.n += n
	t.base += base
	for i := range t.sums {
		if t.sums[i].currency == currency {
			t.sums[i].minor += minor
			return
		}
	}
	t.sums = append(t.sums, sum{currency, minor})
}

// Totals appends counts and sums of the stages of a pipeline to dst: {"stages": [{"stage", "count", "sum", "sums",
// "exact"}], "exact": true}. What has no counters is counted up to query.Bound records a stage; beyond it the figures
// of that stage are those of the first Bound records and exact is false.
func (s *Store) Totals(ctx context.Context, plan access.Plan, scope *query.Scope, dst []byte) ([]byte, error) {
	err := s.db.Read(ctx, func(q db.Q) error {
		totals, _, ok, err := s.counted(q, plan, scope)
		if err == nil && !ok {
			totals, err = s.bounded(q, plan, scope)
		}
		if err != nil {
			return err
		}
		exact := true
		dst = append(dst, `{"pipeline":"`+scope.Pipeline.Code+`","stages":[`...)
		for i, stage := range stagesShown(scope) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(dst, `{"stage":"`+stage.Code+`"`...)
			t := totals[stage.ID].shown(scope.Type)
			dst = append(appendTotal(dst, t), '}')
			exact = exact && t.exact
		}
		dst = append(dst, `],"exact":`...)
		dst = append(strconv.AppendBool(dst, exact), '}')
		return nil
	})
	return dst, err
}

// shown is a total as the reader of a type may know it: without sums when the amount is hidden from him.
func (t total) shown(typ *schema.Type) total {
	if typ.Amount() == nil {
		t.base, t.sums = 0, nil
	}
	return t
}

func stagesShown(scope *query.Scope) []*schema.Stage {
	if scope.Stage != nil {
		return []*schema.Stage{scope.Stage}
	}
	return scope.Pipeline.Stages
}

func appendTotal(dst []byte, t total) []byte {
	dst = strconv.AppendInt(append(dst, `,"count":`...), t.n, 10)
	dst = strconv.AppendInt(append(dst, `,"sum":`...), t.base, 10)
	dst = append(dst, `,"sums":[`...)
	comma := false
	for _, s := range t.sums {
		if s.currency == "" || s.minor == 0 {
			continue
		}
		if comma {
			dst = append(dst, ',')
		}
		comma = true
		dst = schema.AppendString(append(dst, `{"currency":`...), s.currency)
		dst = append(strconv.AppendInt(append(dst, `,"minor":`...), s.minor, 10), '}')
	}
	dst = append(dst, `],"exact":`...)
	return strconv.AppendBool(dst, t.exact)
}

// counted adds up the counters kept with every change. There are none for conditions, nor for departments known by their places
// alone; what a person observes is added, or taken off, one by one while it is little, and told by stage in watched. ok is
// false when the counters can't tell.
func (s *Store) counted(q db.Q, plan access.Plan, scope *query.Scope) (out map[int64]total, watched map[int64][]int64, ok bool, err error) {
	out = map[int64]total{}
	for _, stage := range stagesShown(scope) {
		out[stage.ID] = total{exact: true}
	}
	if plan.Nothing() {
		return out, nil, true, nil
	}
	if scope.Filter != nil || !scope.Type.Staged {
		return nil, nil, false, nil
	}
	plan = s.trimmed(q, scope.Type, plan)
	if !countable(plan) {
		return nil, nil, false, nil
	}
	x := newStatement(q.Dialect())
	counts := x.counters(scope, plan)
	seen := &observing{plan: plan, rest: without(plan, isObserved), scope: scope}
	if err := seen.ask(q, counts); err != nil {
		return nil, nil, false, err
	}
	if counts {
		if err := x.query(q, func(r db.Row) error {
			if t, shown := out[r.Int64(0)]; shown {
				t.add(r.Text(1), r.Int64(2), r.Int64(3), r.Int64(4))
				out[r.Int64(0)] = t
			}
			return nil
		}); err != nil {
			return nil, nil, false, err
		}
	}
	watched, ok = seen.correct(out)
	if !ok {
		return nil, nil, false, nil
	}
	return out, watched, true, nil
}

// countable tells whether every arm of a plan but those over observed records is known to the counters.
func countable(plan access.Plan) bool {
	known := func(arm access.Arm) bool { return arm.Kind != access.Departments || len(arm.DepartmentIDs) > 0 }
	return !slices.ContainsFunc(plan.Arms, func(arm access.Arm) bool { return !known(arm) }) &&
		!slices.ContainsFunc(plan.Not, func(arm access.Arm) bool { return !known(arm) })
}

func isObserved(arm access.Arm) bool { return arm.Kind == access.Observed }

// bounded counts records stage by stage, up to query.Bound of each.
func (s *Store) bounded(q db.Q, plan access.Plan, scope *query.Scope) (map[int64]total, error) {
	where, _, err := condition(q.Dialect(), scope)
	if err != nil {
		return nil, err
	}
	plan = s.trimmed(q, scope.Type, plan)
	out := map[int64]total{}
	for _, stage := range stagesShown(scope) {
		here := plan.OnStage(stage.PipelineID, stage.ID)
		if here.Nothing() {
			out[stage.ID] = total{exact: true}
			continue
		}
		x := newStatement(q.Dialect())
		amounts := "'' AS cur, 0 AS amount, 0 AS base"
		if scope.Type.Amount() != nil {
			amounts = "coalesce(r.amount_cur, '') AS cur, coalesce(r.amount, 0) AS amount, r.amount_base AS base"
		}
		x.add("SELECT u.cur, count(*), sum(u.amount), sum(u.base) FROM (")
		s.candidates(x, q, scope, here, "r.id, "+amounts, query.Bound+1, func() {
			x.with(" AND r.stage_id = ?", stage.ID)
			if where.Text != "" {
				x.with(" AND "+where.Text, where.Args...)
			}
		})
		x.add(") u GROUP BY u.cur")
		t := total{}
		if err := x.query(q, func(r db.Row) error {
			t.add(r.Text(0), r.Int64(1), r.Int64(2), r.Int64(3))
			return nil
		}); err != nil {
			return nil, err
		}
		if t.exact = t.n <= query.Bound; !t.exact {
			t.n = query.Bound
		}
		out[stage.ID] = t
	}
	return out, nil
}

// candidates writes a SELECT of up to limit records the plan reaches, each once, in no order. What a person with few sees is
// read arm by arm, each by its own index; what reaches much is met among all.
func (s *Store) candidates(x *statement, q db.Q, scope *query.Scope, plan access.Plan, columns string, limit int, conditions func()) {
	arms, few := plan.Arms, len(s.narrow(q, scope.Catalog, scope.Type, plan)) > 0
	if x.dialect == db.SQLite && !few || len(arms) == 1 && arms[0].Kind != access.Observed {
		x.add("SELECT ", columns, " FROM ")
		if few {
			x.few(scope.Type, arms[0])
			x.except(scope.Type, plan.Not)
		} else {
			x.add(scope.Type.Table(), " r WHERE ")
			x.reached(scope.Type, plan)
		}
		conditions()
		x.add(" LIMIT ").number(limit)
		return
	}
	x.add("SELECT * FROM (")
	for i, arm := range arms {
		if i > 0 {
			x.add(" UNION ")
		}
		x.add("SELECT * FROM (SELECT ", columns, " FROM ")
		switch {
		case arm.Kind == access.Observed:
			x.observing(scope.Type, arm)
		case few:
			x.few(scope.Type, arm)
		default:
			x.add(scope.Type.Table(), " r WHERE ")
			x.anyOf(scope.Type, []access.Arm{arm})
		}
		x.except(scope.Type, plan.Not)
		conditions()
		x.add(" LIMIT ").number(limit).add(") a").number(i)
	}
	x.add(") c LIMIT ").number(limit)
}

// observing writes FROM and WHERE of the records somebody observes.
func (s *statement) observing(t *schema.Type, arm access.Arm) {
	if s.dialect == db.Postgres {
		s.with(t.Table()+" r WHERE r.id = ANY(ARRAY(SELECT o.record_id FROM observer o WHERE o.user_id = ? AND o.type_id = ?))", arm.UserID, t.ID)
	} else {
		s.with("observer o CROSS JOIN "+t.Table()+" r WHERE o.user_id = ? AND o.type_id = ? AND r.id = o.record_id", arm.UserID, t.ID)
	}
	s.bounds(arm)
}

// few writes FROM and WHERE of an arm whose records are to be found by an index of its own: departments by their numbers, not by
// their places.
func (s *statement) few(t *schema.Type, arm access.Arm) {
	switch {
	case arm.Kind == access.Departments && s.dialect == db.SQLite: // one after the other, whatever the planner thinks of other indexes
		s.with("json_each(?) d CROSS JOIN "+t.Table()+" r WHERE r.department_id = d.value", intArray(arm.DepartmentIDs, '[', ']'))
	case arm.Kind == access.Departments:
		s.add(t.Table(), " r WHERE ").in("r.department_id", arm.DepartmentIDs)
	default:
		s.add(t.Table(), " r WHERE ")
		s.reachedBy(t, arm)
	}
	s.bounds(arm)
}
