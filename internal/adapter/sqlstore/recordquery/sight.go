package recordquery

import (
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// bounds adds the pipelines and stages an arm is limited to. The alias of the row is r.
func (s *statement) bounds(arm access.Arm) {
	if len(arm.Pipelines) > 0 {
		s.add(" AND ").in("r.pipeline_id", arm.Pipelines)
	}
	if len(arm.Stages) > 0 {
		s.add(" AND ").in("r.stage_id", arm.Stages)
	}
}

// reached writes, in brackets, that the plan reaches the row r. It serves walks along an index on SQLite, where OR
// over columns of the index costs nothing, and single rows anywhere; PostgreSQL gets arms of its own instead.
func (s *statement) reached(t *schema.Type, plan access.Plan) {
	s.anyOf(t, plan.Arms)
	s.except(t, plan.Not)
}

// except adds that none of the arms reaches the row r. Each stands as a plain condition of its own behind what picks the index.
func (s *statement) except(t *schema.Type, not []access.Arm) {
	for _, arm := range not {
		s.add(" AND NOT (")
		s.reachedBy(t, arm)
		s.bounds(arm)
		s.add(")")
	}
}

// anyOf writes, in brackets, that one of the arms reaches the row r.
func (s *statement) anyOf(t *schema.Type, arms []access.Arm) {
	s.add("(")
	for i, arm := range arms {
		if i > 0 {
			s.add(" OR ")
		}
		s.add("(")
		s.reachedBy(t, arm)
		s.bounds(arm)
		s.add(")")
	}
	if len(arms) == 0 {
		s.add("1=0")
	}
	s.add(")")
}

func (s *statement) reachedBy(t *schema.Type, arm access.Arm) {
	switch arm.Kind {
	case access.All:
		s.add("1=1")
	case access.Own:
		s.with("r.responsible_id = ?", arm.UserID)
	case access.Observed:
		s.with("r.id IN (SELECT o.record_id FROM observer o WHERE o.user_id = ? AND o.type_id = ?)", arm.UserID, t.ID)
	case access.Departments:
		s.inDepartments(arm)
	default:
		s.add("1=0")
	}
}

// inDepartments writes the place of the row's department. Without ranges, while departments are being renumbered, they
// are named one by one.
func (s *statement) inDepartments(arm access.Arm) {
	if len(arm.Ranges) == 0 {
		s.in("r.department_id", arm.DepartmentIDs)
		return
	}
	if len(arm.Ranges) > 1 {
		s.add("(")
	}
	for i, r := range arm.Ranges {
		if i > 0 {
			s.add(" OR ")
		}
		s.with("r.dept_pos BETWEEN ? AND ?", r.Lo, r.Hi)
	}
	if len(arm.Ranges) > 1 {
		s.add(")")
	}
}

// literal is reached with its numbers written into the text: for the tables behind links inside a condition, which take
// no arguments, and are the same for both databases. Only numbers of ours get into it.
func literal(t *schema.Type, plan access.Plan) string {
	s := &statement{spelled: true}
	s.reached(t, plan)
	out := make([]byte, 0, s.text.Len()+32)
	arg := 0
	for _, c := range []byte(s.text.String()) {
		if c != '?' {
			out = append(out, c)
			continue
		}
		out = append(out, itoa(s.args[arg].(int64))...) // every argument of rights is a number
		arg++
	}
	return string(out)
}
