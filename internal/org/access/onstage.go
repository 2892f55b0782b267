package access

import "slices"

// Bounded tells whether some arm is about certain pipelines or stages only.
func (p Plan) Bounded() bool {
	return slices.ContainsFunc(p.Arms, Arm.bounded) || slices.ContainsFunc(p.Not, Arm.bounded)
}

func (arm Arm) bounded() bool { return len(arm.Pipelines) > 0 || len(arm.Stages) > 0 }

// OnStage is what is left of the plan among the records of one stage of a pipeline: no arm of it is bounded any more.
func (p Plan) OnStage(pipeline, stage int64) Plan {
	if !p.Bounded() {
		return p
	}
	return Plan{Type: p.Type, Op: p.Op, Arms: onStage(p.Arms, pipeline, stage), Not: onStage(p.Not, pipeline, stage)}.simple()
}

func onStage(arms []Arm, pipeline, stage int64) []Arm {
	var out []Arm
	for _, arm := range arms {
		if (len(arm.Pipelines) == 0 || slices.Contains(arm.Pipelines, pipeline)) && (len(arm.Stages) == 0 || slices.Contains(arm.Stages, stage)) {
			arm.Pipelines, arm.Stages = nil, nil
			out = append(out, arm)
		}
	}
	return out
}
