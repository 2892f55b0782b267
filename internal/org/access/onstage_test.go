package access

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"voronka/internal/kernel/event"
)

// TestOnStageSaysTheSame: what is left of a plan on a stage decides about records of that stage as the whole plan does.
func TestOnStageSaysTheSame(t *testing.T) {
	few := func(max int64) *rapid.Generator[[]int64] { return rapid.SliceOfN(rapid.Int64Range(1, max), 0, 2) }
	arm := rapid.Custom(func(t *rapid.T) Arm {
		a := Arm{Kind: rapid.SampledFrom([]ArmKind{All, Own, Observed, Departments}).Draw(t, "kind"), Pipelines: few(2).Draw(t, "pipelines"), Stages: few(4).Draw(t, "stages")}
		switch a.Kind {
		case Own, Observed:
			a.UserID = rapid.Int64Range(1, 3).Draw(t, "user")
		case Departments:
			lo := rapid.Int64Range(1, 5).Draw(t, "lo")
			a.Ranges = []Range{{lo, lo + rapid.Int64Range(0, 2).Draw(t, "more")}}
		}
		return a
	})
	rapid.Check(t, func(t *rapid.T) {
		p := Plan{Arms: rapid.SliceOfN(arm, 0, 4).Draw(t, "arms"), Not: rapid.SliceOfN(arm, 0, 3).Draw(t, "not")}
		before := Plan{Arms: slices.Clone(p.Arms), Not: slices.Clone(p.Not)}
		stage := rapid.Int64Range(1, 4).Draw(t, "stage")
		a := event.Access{
			PipelineID: (stage + 1) / 2, StageID: stage, ResponsibleID: rapid.Int64Range(0, 3).Draw(t, "responsible"),
			DeptPos: rapid.Int64Range(0, 7).Draw(t, "pos"), Observers: few(3).Draw(t, "observers"),
		}
		on := p.OnStage(a.PipelineID, a.StageID)
		if on.Bounded() || on.Sees(a) != before.Sees(a) {
			t.Fatalf("%+v sees %+v: %v; on its stage %+v: %v", before, a, before.Sees(a), on, on.Sees(a))
		}
		if p.Sees(a) != before.Sees(a) {
			t.Fatalf("%+v was changed to %+v", before, p)
		}
	})
}
