package access

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"voronka/internal/kernel/event"
)

// someGrant draws a line about a few types, pipelines and stages.
func someGrant(t *rapid.T) Grant {
	few := func(name string, from, to int64) []int64 {
		return rapid.SliceOfNDistinct(rapid.Int64Range(from, to), 0, 2, func(n int64) int64 { return n }).Draw(t, name)
	}
	return Grant{
		Types:     rapid.SampledFrom([][]string{nil, {"deal"}, {"contact"}, {"deal", "lead"}}).Draw(t, "types"),
		Pipelines: few("pipelines", 1, 2), Stages: few("stages", 10, 12),
		Ops:    rapid.SliceOfNDistinct(rapid.SampledFrom([]Op{See, Edit, Move}), 1, 3, func(o Op) Op { return o }).Draw(t, "ops"),
		Scopes: rapid.SliceOfNDistinct(rapid.SampledFrom(Scopes), 1, 3, func(s Scope) Scope { return s }).Draw(t, "scopes"),
		Deny:   rapid.IntRange(0, 4).Draw(t, "deny") == 0,
	}
}

func someWho(t *rapid.T, id int64) Who {
	var roles []*Definition
	for n := range rapid.IntRange(0, 3).Draw(t, "roles") {
		d := &Definition{ID: int64(n + 1), Code: "r"}
		for range rapid.IntRange(1, 3).Draw(t, "lines") {
			d.Grants = append(d.Grants, someGrant(t))
		}
		roles = append(roles, d)
	}
	w := Who{UserID: id, Role: rapid.SampledFrom([]Role{Manager, Employee, Manager, Admin, Guest}).Draw(t, "role"), Rights: NewRights(roles)}
	if rapid.Bool().Draw(t, "has a department") {
		dep := rapid.Int64Range(1, 3).Draw(t, "department")
		w.DepartmentID, w.Place, w.Below = dep, Range{dep * 1000, dep * 1000}, Range{dep * 1000, dep*1000 + 999}
		w.BelowIDs = []int64{dep, dep + 10}
	}
	if rapid.Bool().Draw(t, "leads") {
		w.HeadOf, w.HeadOfIDs = []Range{{2000, 2999}}, []int64{2, 12}
	}
	return w
}

func someRecord(t *rapid.T) event.Access {
	dep := rapid.Int64Range(0, 3).Draw(t, "department of the record")
	a := event.Access{
		PipelineID: rapid.Int64Range(1, 2).Draw(t, "pipeline"), StageID: rapid.Int64Range(10, 12).Draw(t, "stage"),
		ResponsibleID: rapid.Int64Range(0, 3).Draw(t, "responsible"), Observers: rapid.SliceOfN(rapid.Int64Range(1, 3), 0, 2).Draw(t, "observers"),
	}
	if dep != 0 {
		a.DepartmentID, a.DeptPos = dep, dep*1000
		if rapid.Bool().Draw(t, "below") {
			a.DepartmentID, a.DeptPos = dep+10, dep*1000+100
		}
	}
	return a
}

// TestWhyAgreesAndFlips: the answer with reasons is the plan's; changing just what a reason names changes what it names.
func TestWhyAgreesAndFlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, a := someWho(t, 1), someRecord(t)
		if rapid.IntRange(0, 2).Draw(t, "stands in") == 0 {
			other := someWho(t, 2)
			w.StandsIn = []StandIn{{For: &other, Sight: rapid.Bool().Draw(t, "assistant")}}
		}
		op := rapid.SampledFrom([]Op{See, Edit, Move}).Draw(t, "op")
		v := w.Explain("deal", op, a)
		if want := w.Plan("deal", op).Sees(a); v.Allowed != want {
			t.Fatalf("%+v: explained as %v, the plan says %v", a, v.Allowed, want)
		}
		if w.IsAdmin() || !w.IsMember() {
			return
		}
		for i, r := range v.Reasons {
			if r.Role == nil || r.Nobody {
				continue
			}
			b, ok := flip(w, r, a)
			if !ok {
				continue
			}
			after := w.Explain("deal", op, b)
			if after.Reasons[i].Holds() == r.Holds() {
				t.Fatalf("%+v about %+v says %q; after changing just that, %+v says %q", r, a, r.Misses, b, after.Reasons[i].Misses)
			}
			if want := w.Plan("deal", op).Sees(b); after.Allowed != want {
				t.Fatalf("%+v: explained as %v, the plan says %v", b, after.Allowed, want)
			}
			alone := !slices.ContainsFunc(v.Reasons, func(o Reason) bool { return o.Holds() && !o.Deny && o != r })
			denied := slices.ContainsFunc(v.Reasons, func(o Reason) bool { return o.Holds() && o.Deny })
			if r.Holds() && !r.Deny && alone && !denied && after.Allowed && !slices.ContainsFunc(after.Reasons, func(o Reason) bool { return o.Holds() && !o.Deny }) {
				t.Fatalf("the only reason is gone and the answer is still yes: %+v", after)
			}
		}
	})
}

// flip changes the one attribute a reason is about so that a line that held misses, and one that missed by it alone holds. ok is
// false when the line misses by something else too.
func flip(w Who, r Reason, a event.Access) (event.Access, bool) {
	who := w
	if r.Through != 0 {
		for _, s := range w.StandsIn {
			if s.For.UserID == r.Through {
				who = *s.For
			}
		}
	}
	g := r.Role.Grants[r.Line]
	arm, any := who.arm(r.Scope)
	if !any {
		return a, false
	}
	arm.Pipelines, arm.Stages = g.Pipelines, g.Stages
	a.Observers = slices.Clone(a.Observers)
	switch {
	case r.Misses == MissPipeline:
		a.PipelineID = g.Pipelines[0]
	case r.Misses == MissStage:
		a.StageID = g.Stages[0]
	case r.Holds() && len(g.Stages) > 0:
		a.StageID = 99
	case r.Holds() && len(g.Pipelines) > 0:
		a.PipelineID = 99
	case r.Scope == ScopeAll:
		return a, false
	case r.Scope == ScopeOwn && r.Holds():
		a.ResponsibleID = 77
	case r.Scope == ScopeOwn:
		a.ResponsibleID = who.UserID
	case r.Scope == ScopeObserved && r.Holds():
		a.Observers = nil
	case r.Scope == ScopeObserved:
		a.Observers = append(a.Observers, who.UserID)
	case r.Holds():
		a.DepartmentID, a.DeptPos = 55, 55_000
	default:
		a.DepartmentID, a.DeptPos = arm.DepartmentIDs[0], arm.Ranges[0].Lo
	}
	return a, r.Holds() || arm.sees(a)
}

func TestFieldRightsAddUp(t *testing.T) {
	sees := []Grant{{Types: []string{"deal"}, Ops: []Op{See}, Scopes: []Scope{ScopeOwn}}}
	hides := &Definition{ID: 1, Grants: sees, Fields: []FieldRule{{Type: "deal", Field: "margin", Access: Hidden}}}
	shows := &Definition{ID: 2, Grants: sees}
	reads := &Definition{ID: 3, Grants: sees, Fields: []FieldRule{{Type: "deal", Field: "margin", Access: ReadOnly}}}
	never := &Definition{ID: 4, Fields: []FieldRule{{Type: "deal", Field: "margin", Access: Hidden, Deny: true}}}
	blind := &Definition{ID: 5}
	for name, c := range map[string]struct {
		roles, others []*Definition
		want          FieldAccess
	}{
		"one role hides":                        {roles: []*Definition{hides}, want: Hidden},
		"another shows":                         {roles: []*Definition{hides, shows}},
		"another lets read":                     {roles: []*Definition{hides, reads}, want: ReadOnly},
		"one that sees no deals shows no field": {roles: []*Definition{hides, blind}, want: Hidden},
		"never is never":                        {roles: []*Definition{shows, never}, want: Hidden},
		"whom I stand in for shows":             {roles: []*Definition{hides}, others: []*Definition{shows}},
		"whom I stand in for can't forbid":      {roles: []*Definition{shows}, others: []*Definition{never, hides}},
	} {
		w := Who{UserID: 1, Role: Employee, Rights: NewRights(c.roles, c.others...)}
		f := w.Fields("deal")
		got := FieldAccess("")
		switch {
		case slices.Contains(f.Hidden, "margin"):
			got = Hidden
		case slices.Contains(f.ReadOnly, "margin"):
			got = ReadOnly
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
