package recordquery

import (
	"fmt"
	"slices"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
)

// counters writes the sum of what a plan reaches in the pipeline, observed records aside: stage, currency, number, sum, sum in
// the portal's currency. It is false when there is nothing to sum. Stages on which the plan comes to the same are summed
// together, so a plan that isn't bounded to any is one sum over all.
func (s *statement) counters(scope *query.Scope, plan access.Plan) bool {
	plan = without(plan, isObserved)
	parts := &parts{statement: s, pipeline: scope.Pipeline.ID}
	if !plan.Bounded() {
		if everyone(plan.Arms) && len(plan.Not) == 0 {
			s.with("SELECT stage_id, currency, sum(n), sum(amount), sum(base) FROM total_dept WHERE pipeline_id = ? GROUP BY stage_id, currency", scope.Pipeline.ID)
			return true
		}
		parts.of(plan, nil)
		return parts.end()
	}
	plans, stages := map[string]access.Plan{}, map[string][]int64{}
	var order []string
	for _, stage := range stagesShown(scope) {
		here := plan.OnStage(scope.Pipeline.ID, stage.ID)
		key := fmt.Sprint(here.Arms, here.Not)
		if _, known := plans[key]; !known {
			plans[key], order = here, append(order, key)
		}
		stages[key] = append(stages[key], stage.ID)
	}
	for _, key := range order {
		parts.of(plans[key], stages[key])
	}
	return parts.end()
}

func everyone(arms []access.Arm) bool {
	return slices.ContainsFunc(arms, func(arm access.Arm) bool { return arm.Kind == access.All })
}

// parts is a sum put together from stretches of the counters.
type parts struct {
	*statement
	pipeline int64
	n        int
}

func (s *parts) end() bool {
	if s.n > 0 {
		s.add(") t GROUP BY stage_id, currency")
	}
	return s.n > 0
}

// begin writes a stretch up to the conditions that are its own; sign is "-" for what is taken off again.
func (s *parts) begin(sign, table string, stages []int64) {
	if s.n == 0 {
		s.add("SELECT stage_id, currency, sum(n), sum(amount), sum(base) FROM (")
	} else {
		s.add(" UNION ALL ")
	}
	s.n++
	switch {
	case table == "total_dept" && s.dialect == db.SQLite:
		s.add("SELECT stage_id, currency, sum(n) AS n, sum(amount) AS amount, sum(base) AS base FROM ", table)
	case sign == "":
		s.add("SELECT stage_id, currency, n, amount, base FROM ", table)
	default:
		s.add("SELECT stage_id, currency, -n, -amount, -base FROM ", table)
	}
	s.with(" WHERE pipeline_id = ?", s.pipeline)
	if stages != nil {
		s.add(" AND ").in("stage_id", stages)
	}
}

// grouped sums a stretch of total_dept in the order of its key, so that SQLite has little left to sort for the whole.
func (s *parts) grouped() {
	if s.dialect == db.SQLite {
		s.add(" GROUP BY stage_id, currency")
	}
}

// of writes what a plan without bounds reaches on some stages, counting nothing twice: departments from total_dept, own records in
// other departments from total_user; people whose own records are forbidden are taken off their departments again.
func (s *parts) of(plan access.Plan, stages []int64) {
	departments, people := named(plan.Arms)
	noDepartments, noPeople := named(plan.Not)
	all := everyone(plan.Arms)
	departments = slices.DeleteFunc(departments, func(id int64) bool { return slices.Contains(noDepartments, id) })
	among := func() {
		if !all {
			s.add(" AND ").in("department_id", departments)
		} else if len(noDepartments) > 0 {
			s.add(" AND NOT (").in("department_id", noDepartments).add(")")
		}
	}
	if all || len(departments) > 0 {
		s.begin("", "total_dept", stages)
		among()
		s.grouped()
		for _, user := range noPeople {
			s.begin("-", "total_user", stages)
			s.with(" AND responsible_id = ?", user)
			among()
		}
	}
	if all {
		return
	}
	for _, user := range people {
		if slices.Contains(noPeople, user) {
			continue
		}
		s.begin("", "total_user", stages)
		s.with(" AND responsible_id = ?", user)
		if both := slices.Concat(departments, noDepartments); len(both) > 0 {
			s.add(" AND NOT (").in("department_id", both).add(")")
		}
	}
}

// named are the departments and people of arms, each once.
func named(arms []access.Arm) (departments, people []int64) {
	for _, arm := range arms {
		switch arm.Kind {
		case access.Departments:
			departments = append(departments, arm.DepartmentIDs...)
		case access.Own:
			if !slices.Contains(people, arm.UserID) {
				people = append(people, arm.UserID)
			}
		}
	}
	slices.Sort(departments)
	return slices.Compact(departments), people
}
