package access

import (
	"slices"

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

// Into tells whether the plan reaches anything in a pipeline with these stages.
func (p Plan) Into(pipeline int64, stages []int64) bool {
	in := func(arm Arm) bool { return len(arm.Pipelines) == 0 || slices.Contains(arm.Pipelines, pipeline) }
	on := func(id int64) bool { return slices.Contains(stages, id) }
	return slices.ContainsFunc(p.Arms, func(arm Arm) bool { return in(arm) && (len(arm.Stages) == 0 || slices.ContainsFunc(arm.Stages, on)) }) &&
		!slices.ContainsFunc(p.Not, func(arm Arm) bool { return arm.Kind == All && in(arm) && len(arm.Stages) == 0 })
}
