package access

import (
	"slices"

	"voronka/internal/kernel/event"
)

// Somewhere tells whether the plan reaches a record with these attributes if it stood on some stage of some pipeline: whether there is
// any place it may be moved to.
func (p Plan) Somewhere(a event.Access) bool {
	reaches := func(arm Arm) bool {
		arm.Pipelines, arm.Stages = nil, nil
		return arm.sees(a)
	}
	barred := func(arm Arm) bool { return len(arm.Pipelines)+len(arm.Stages) == 0 && arm.sees(a) }
	return slices.ContainsFunc(p.Arms, reaches) && !slices.ContainsFunc(p.Not, barred)
}
