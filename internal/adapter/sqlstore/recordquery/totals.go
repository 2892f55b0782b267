package recordquery

import (
	"context"
	"slices"
	"strconv"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/event"
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
	if people := watchers(plan); len(people) > 0 {
		if watched, ok, err = addObserved(q, scope, plan, people, out); err != nil || !ok {
			return nil, nil, false, err
		}
	}
	x := newStatement(q.Dialect())
	if x.counters(scope, plan) {
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

// countable tells whether every arm of a plan but those over observed records is known to the counters.
func countable(plan access.Plan) bool {
	known := func(arm access.Arm) bool { return arm.Kind != access.Departments || len(arm.DepartmentIDs) > 0 }
	return !slices.ContainsFunc(plan.Arms, func(arm access.Arm) bool { return !known(arm) }) &&
		!slices.ContainsFunc(plan.Not, func(arm access.Arm) bool { return !known(arm) })
}

func isObserved(arm access.Arm) bool { return arm.Kind == access.Observed }

// fewObserved is how many observed records are still added up one by one.
const fewObserved = 2000

// addObserved corrects what the counters will say by the observed records, and lists by stage those that are seen because
// they are observed. ok is false when they are too many.
func addObserved(q db.Q, scope *query.Scope, plan access.Plan, people []int64, out map[int64]total) (watched map[int64][]int64, ok bool, err error) {
	rest := without(plan, isObserved) // what the counters say
	watched = map[int64][]int64{}
	var records map[int64]event.Access // only where several people's records come together
	if len(people) > 1 {
		records = map[int64]event.Access{}
	}
	found := map[int64]func(event.Access){}
	for _, user := range people {
		n := 0
		err := observedRecords(q, scope.Type, user, func(r db.Row) error {
			n++
			id, a := r.Int64(0), readAccess(r, 4)
			if _, shown := out[a.StageID]; !shown || a.PipelineID != scope.Pipeline.ID {
				return nil
			}
			currency, minor, base := r.Text(1), r.Int64(2), r.Int64(3)
			decide := func(a event.Access) {
				sees, counted := plan.Sees(a), rest.Sees(a)
				if sees {
					watched[a.StageID] = append(watched[a.StageID], id)
				}
				if sees == counted {
					return
				}
				sign, total := int64(1), out[a.StageID]
				if counted {
					sign = -1
				}
				total.add(currency, sign, sign*minor, sign*base)
				out[a.StageID] = total
			}
			a.Observers = []int64{user}
			if records == nil {
				decide(a)
				return nil
			}
			a.Observers = append(a.Observers, records[id].Observers...)
			records[id], found[id] = a, decide
			return nil
		})
		if err != nil || n > fewObserved {
			return nil, false, err
		}
	}
	for id, decide := range found {
		decide(records[id])
	}
	return watched, true, nil
}

// observedRecords reads number, currency, sums and attributes of what a person observes, up to one more than fewObserved.
func observedRecords(q db.Q, t *schema.Type, user int64, each func(db.Row) error) error {
	s := newStatement(q.Dialect())
	s.add("SELECT r.id, coalesce(r.amount_cur, ''), coalesce(r.amount, 0), r.amount_base, ", accessColumns)
	if q.Dialect() == db.Postgres {
		s.with(" FROM (SELECT o.record_id FROM observer o WHERE o.user_id = ? AND o.type_id = ? OFFSET 0) o CROSS JOIN LATERAL"+
			" (SELECT x.* FROM "+t.Table()+" x WHERE x.id = o.record_id OFFSET 0) r", user, t.ID)
	} else {
		s.with(" FROM observer o CROSS JOIN "+t.Table()+" r WHERE o.user_id = ? AND o.type_id = ? AND r.id = o.record_id", user, t.ID)
	}
	return s.add(" LIMIT ").number(fewObserved+1).query(q, each)
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
		x.add("SELECT ", columns, " FROM ", scope.Type.Table(), " r WHERE ")
		if few {
			x.few(scope.Type, arms[0])
			x.except(scope.Type, plan.Not)
		} else {
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
			x.add(scope.Type.Table(), " r WHERE ")
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
		s.with("(SELECT o.record_id FROM observer o WHERE o.user_id = ? AND o.type_id = ? OFFSET 0) o CROSS JOIN LATERAL (SELECT x.* FROM "+
			t.Table()+" x WHERE x.id = o.record_id OFFSET 0) r WHERE 1=1", arm.UserID, t.ID)
	} else {
		s.with("observer o CROSS JOIN "+t.Table()+" r WHERE o.user_id = ? AND o.type_id = ? AND r.id = o.record_id", arm.UserID, t.ID)
	}
	s.bounds(arm)
}

// few writes what an arm asks of the row r where it is to be found by its own index: departments by their numbers, not by
// their places.
func (s *statement) few(t *schema.Type, arm access.Arm) {
	if arm.Kind == access.Departments {
		s.in("r.department_id", arm.DepartmentIDs)
	} else {
		s.reachedBy(t, arm)
	}
	s.bounds(arm)
}
