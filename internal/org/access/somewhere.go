package access

import (
	"voronka/internal/kernel/event"
)

// Somewhere tells whether the plan reaches a record with these attributes if it stood on some stage of some pipeline: whether there is
// any place it may be moved to.
func (p Plan) Somewhere(a event.Access) bool { return p.Unbound().Sees(a) }

// Unbound is the plan as it is on the stage where it reaches most: what is bound to pipelines and stages holds anywhere, what is
// forbidden in some of them only isn't.
func (p Plan) Unbound() Plan {
	out := Plan{Type: p.Type, Op: p.Op}
	for _, arm := range p.Arms {
		arm.Pipelines, arm.Stages = nil, nil
		out.Arms = append(out.Arms, arm)
	}
	for _, arm := range p.Not {
		if len(arm.Pipelines)+len(arm.Stages) == 0 {
			out.Not = append(out.Not, arm)
		}
	}
	return out
}

// Imports tells whether the person may let in files of requests: who runs the forms, and who may import leads or deals.
func (w Who) Imports() bool {
	return w.Runs(Forms) || w.May("lead", Import) || w.May("deal", Import)
}
