package recordquery

import (
	"slices"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/event"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// sight decides about records read one by one. What a row itself tells is decided at once; who observes a record stands
// elsewhere and is asked only when it matters, for all open records together.
type sight struct {
	plan    access.Plan
	denied  bool // what somebody observes may be forbidden, so no row decides alone
	undone  map[int64]event.Access
	watches []int64 // people whose observing matters
}

func newSight(plan access.Plan) *sight {
	s := &sight{plan: plan}
	for _, arm := range plan.Not {
		s.denied = s.denied || arm.Kind == access.Observed
	}
	s.watches = watchers(plan)
	return s
}

// watchers are the people whose observing a plan asks about, each once.
func watchers(plan access.Plan) (out []int64) {
	for _, arms := range [][]access.Arm{plan.Arms, plan.Not} {
		for _, arm := range arms {
			if arm.Kind == access.Observed && arm.UserID != 0 && !slices.Contains(out, arm.UserID) {
				out = append(out, arm.UserID)
			}
		}
	}
	return out
}

// at tells whether the row alone lets see the record. Otherwise observed may still find it.
func (s *sight) at(id int64, a event.Access) bool {
	if !s.denied && s.plan.Sees(a) {
		return true
	}
	if len(s.watches) > 0 {
		if s.undone == nil {
			s.undone = map[int64]event.Access{}
		}
		s.undone[id] = a
	}
	return false
}

// observed are those of the records left open which are seen when it is known who observes them.
func (s *sight) observed(q db.Q, t *schema.Type) ([]int64, error) {
	if len(s.undone) == 0 {
		return nil, nil
	}
	ids := make([]int64, 0, len(s.undone))
	for id := range s.undone {
		ids = append(ids, id)
	}
	for _, user := range s.watches {
		if err := observedAmong(q, t, user, ids).query(q, func(r db.Row) error {
			a := s.undone[r.Int64(0)]
			a.Observers = append(a.Observers, user)
			s.undone[r.Int64(0)] = a
			return nil
		}); err != nil {
			return nil, err
		}
	}
	var out []int64
	for id, a := range s.undone {
		if s.plan.Sees(a) {
			out = append(out, id)
		}
	}
	return out, nil
}

// observedAmong asks which of some records a person observes.
func observedAmong(q db.Q, t *schema.Type, user int64, ids []int64) *statement {
	x := newStatement(q.Dialect())
	return x.with("SELECT o.record_id FROM observer o WHERE o.user_id = ? AND o.type_id = ? AND ", user, t.ID).in("o.record_id", ids)
}

// Seen are those of some records of a type which a plan reaches, when their attributes are known but for who observes them.
func Seen(q db.Q, t *schema.Type, plan access.Plan, records map[int64]event.Access) (map[int64]bool, error) {
	out, s := make(map[int64]bool, len(records)), newSight(plan)
	for id, a := range records {
		if s.at(id, a) {
			out[id] = true
		}
	}
	more, err := s.observed(q, t)
	for _, id := range more {
		out[id] = true
	}
	return out, err
}
