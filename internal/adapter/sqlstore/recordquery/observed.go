package recordquery

import (
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/event"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
)

// fewObserved is how many observed records are still added up one by one.
const fewObserved = 2000

// observing corrects what the counters say of a pipeline by the records people observe, read one by one: those seen only because
// they are observed are added, those forbidden because of it taken off.
type observing struct {
	plan, rest access.Plan // rest is what the counters say
	scope      *query.Scope
	records    map[int64]*observedRecord
	order      []int64
	many       bool
}

type observedRecord struct {
	event.Access
	currency    string
	minor, base int64
}

// ask reads the records, together with the next question when there is one.
func (o *observing) ask(q db.Q, more bool) error {
	for _, user := range watchers(o.plan) {
		s := newStatement(q.Dialect())
		s.add("SELECT r.id, coalesce(r.amount_cur, ''), coalesce(r.amount, 0), r.amount_base, ", accessColumns, " FROM ")
		s.observing(o.scope.Type, access.Arm{Kind: access.Observed, UserID: user})
		s.add(" LIMIT ").number(fewObserved + 1)
		ask := s.query
		if more {
			ask = s.soon
		}
		n := 0
		if err := ask(q, func(r db.Row) error {
			n++
			o.many = o.many || n > fewObserved
			o.take(r, user)
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

func (o *observing) take(r db.Row, user int64) {
	id := r.Int64(0)
	if o.records == nil {
		o.records = map[int64]*observedRecord{}
	}
	one := o.records[id]
	if one == nil {
		one = &observedRecord{Access: readAccess(r, 4), currency: r.Text(1), minor: r.Int64(2), base: r.Int64(3)}
		o.records[id] = one
		o.order = append(o.order, id)
	}
	one.Observers = append(one.Observers, user)
}

// correct puts the records into the totals and lists by stage those that are seen; nil where nobody observes. ok is false when they
// are too many.
func (o *observing) correct(out map[int64]total) (watched map[int64][]int64, ok bool) {
	if o.many {
		return nil, false
	}
	if len(watchers(o.plan)) > 0 {
		watched = map[int64][]int64{}
	}
	for _, id := range o.order {
		r := o.records[id]
		t, shown := out[r.StageID]
		if !shown || r.PipelineID != o.scope.Pipeline.ID {
			continue
		}
		sees, counted := o.plan.Sees(r.Access), o.rest.Sees(r.Access)
		if sees {
			watched[r.StageID] = append(watched[r.StageID], id)
		}
		if sees == counted {
			continue
		}
		sign := int64(1)
		if counted {
			sign = -1
		}
		t.add(r.currency, sign, sign*r.minor, sign*r.base)
		out[r.StageID] = t
	}
	return watched, true
}
