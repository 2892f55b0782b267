package recordquery

import (
	"context"
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
			t := totals[stage.ID]
			dst = append(appendTotal(dst, t), '}')
			exact = exact && t.exact
		}
		dst = append(dst, `],"exact":`...)
		dst = append(strconv.AppendBool(dst, exact), '}')
		return nil
	})
	return dst, err
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

// counted adds up the counters kept with every change. There are none for conditions and for arms bound to stages; what
// a person observes is added one by one while it is little, and told by stage in watched. ok is false when the counters can't
// tell.
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
	arms, observing, ok := countable(s.trimmed(q, scope.Type, plan))
	if !ok {
		return nil, nil, false, nil
	}
	if observing != nil {
		if watched, ok, err = addObserved(q, scope, arms, *observing, out); err != nil || !ok {
			return nil, nil, false, err
		}
	}
	x := newStatement(q.Dialect())
	if x.counters(scope.Pipeline.ID, arms) {
		err = x.query(q, func(r db.Row) error {
			if t, shown := out[r.Int64(0)]; shown {
				t.add(r.Text(1), r.Int64(2), r.Int64(3), r.Int64(4))
				out[r.Int64(0)] = t
			}
			return nil
		})
	}
	return out, watched, true, err
}

// countable splits a plan into what counters know (everything, own, departments) and the one observed arm.
func countable(plan access.Plan) (arms []access.Arm, observing *access.Arm, ok bool) {
	for i, arm := range plan.Arms {
		if len(arm.Pipelines) > 0 || len(arm.Stages) > 0 {
			return nil, nil, false
		}
		switch arm.Kind {
		case access.Observed:
			if observing != nil && observing.UserID != arm.UserID {
				return nil, nil, false
			}
			observing = &plan.Arms[i]
		case access.Departments:
			if len(arm.DepartmentIDs) == 0 {
				return nil, nil, false
			}
			arms = append(arms, arm)
		default:
			arms = append(arms, arm)
		}
	}
	return arms, observing, true
}

// fewObserved is how many observed records are still added up one by one.
const fewObserved = 2000

// counters writes the sum over the union of arms, counting nothing twice: departments from total_dept, own records in
// other departments from total_user.
func (s *statement) counters(pipeline int64, arms []access.Arm) bool {
	var departments []int64
	var people []int64
	for _, arm := range arms {
		switch arm.Kind {
		case access.All:
			s.with("SELECT stage_id, currency, sum(n), sum(amount), sum(base) FROM total_dept WHERE pipeline_id = ? GROUP BY stage_id, currency", pipeline)
			return true
		case access.Departments:
			departments = append(departments, arm.DepartmentIDs...)
		case access.Own:
			people = append(people, arm.UserID)
		}
	}
	if len(departments)+len(people) == 0 {
		return false
	}
	const columns = "SELECT stage_id, currency, n, amount, base FROM "
	s.add("SELECT stage_id, currency, sum(n), sum(amount), sum(base) FROM (")
	if len(departments) > 0 {
		s.with(columns+"total_dept WHERE pipeline_id = ? AND ", pipeline).in("department_id", departments)
	}
	for i, user := range people {
		if i > 0 || len(departments) > 0 {
			s.add(" UNION ALL ")
		}
		s.with(columns+"total_user WHERE pipeline_id = ? AND responsible_id = ?", pipeline, user)
		if len(departments) > 0 {
			s.add(" AND NOT (").in("department_id", departments).add(")")
		}
	}
	s.add(") t GROUP BY stage_id, currency")
	return true
}

// addObserved adds observed records which the other arms don't reach, and lists all that are observed by stage. ok is false
// when they are too many.
func addObserved(q db.Q, scope *query.Scope, arms []access.Arm, arm access.Arm, out map[int64]total) (watched map[int64][]int64, ok bool, err error) {
	t := scope.Type
	rest := access.Plan{Arms: arms}
	s := newStatement(q.Dialect())
	s.add("SELECT r.id, coalesce(r.amount_cur, ''), coalesce(r.amount, 0), r.amount_base, ", accessColumns)
	if q.Dialect() == db.Postgres {
		s.with(" FROM (SELECT o.record_id FROM observer o WHERE o.user_id = ? AND o.type_id = ? OFFSET 0) o CROSS JOIN LATERAL"+
			" (SELECT x.* FROM "+t.Table()+" x WHERE x.id = o.record_id OFFSET 0) r", arm.UserID, t.ID)
	} else {
		s.with(" FROM observer o CROSS JOIN "+t.Table()+" r WHERE o.user_id = ? AND o.type_id = ? AND r.id = o.record_id", arm.UserID, t.ID)
	}
	s.add(" LIMIT ").number(fewObserved + 1)
	watched, n := map[int64][]int64{}, 0
	err = s.query(q, func(r db.Row) error {
		n++
		a := readAccess(r, 4)
		total, shown := out[a.StageID]
		if !shown || a.PipelineID != scope.Pipeline.ID {
			return nil
		}
		watched[a.StageID] = append(watched[a.StageID], r.Int64(0))
		if !rest.Sees(a) {
			total.add(r.Text(1), 1, r.Int64(2), r.Int64(3))
			out[a.StageID] = total
		}
		return nil
	})
	return watched, n <= fewObserved, err
}

// bounded counts records stage by stage, up to query.Bound of each.
func (s *Store) bounded(q db.Q, plan access.Plan, scope *query.Scope) (map[int64]total, error) {
	where, _, err := condition(q.Dialect(), scope)
	if err != nil {
		return nil, err
	}
	plan = s.trimmed(q, scope.Type, plan)
	out := map[int64]total{}
	for _, stage := range stagesShown(scope) {
		x := newStatement(q.Dialect())
		amounts := "'' AS cur, 0 AS amount, 0 AS base"
		if scope.Type.Amount() != nil {
			amounts = "coalesce(r.amount_cur, '') AS cur, coalesce(r.amount, 0) AS amount, r.amount_base AS base"
		}
		x.add("SELECT u.cur, count(*), sum(u.amount), sum(u.base) FROM (")
		x.candidates(scope.Type, plan, "r.id, "+amounts, query.Bound+1, func() {
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

// candidates writes a SELECT of up to limit records the plan reaches, each once, in no order.
func (s *statement) candidates(t *schema.Type, plan access.Plan, columns string, limit int, conditions func()) {
	arms := plan.Arms
	if s.dialect == db.SQLite || len(arms) == 1 && arms[0].Kind != access.Observed {
		s.add("SELECT ", columns, " FROM ", t.Table(), " r WHERE ")
		s.reached(t, arms)
		conditions()
		s.add(" LIMIT ").number(limit)
		return
	}
	s.add("SELECT * FROM (")
	for i, arm := range arms {
		if i > 0 {
			s.add(" UNION ")
		}
		s.add("SELECT * FROM (SELECT ", columns, " FROM ")
		if arm.Kind == access.Observed {
			s.with("(SELECT o.record_id FROM observer o WHERE o.user_id = ? AND o.type_id = ? OFFSET 0) o CROSS JOIN LATERAL (SELECT x.* FROM "+
				t.Table()+" x WHERE x.id = o.record_id OFFSET 0) r WHERE 1=1", arm.UserID, t.ID)
			s.bounds(arm)
		} else {
			s.add(t.Table(), " r WHERE ")
			s.reached(t, []access.Arm{arm})
		}
		conditions()
		s.add(" LIMIT ").number(limit).add(") a").number(i)
	}
	s.add(") c LIMIT ").number(limit)
}
