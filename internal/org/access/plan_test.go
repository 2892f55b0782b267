package access

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"voronka/internal/kernel/event"
)

// world is a small company, kept the naive way: departments know their parents, nobody knows a position.
type world struct {
	parent []int         // by department, -1 at the top; parents come first
	heads  [][]int64     // people who head or deputise, by department
	dept   map[int64]int // person → department
	role   map[int64]Role
}

func draw(t *rapid.T) world {
	n := rapid.IntRange(1, 12).Draw(t, "departments")
	w := world{dept: map[int64]int{}, role: map[int64]Role{}}
	for i := range n {
		w.parent = append(w.parent, rapid.IntRange(-1, i-1).Draw(t, "parent"))
		w.heads = append(w.heads, rapid.SliceOfN(rapid.Int64Range(1, 6), 0, 2).Draw(t, "heads"))
	}
	for person := int64(1); person <= 6; person++ {
		w.dept[person] = rapid.IntRange(0, n-1).Draw(t, "department")
		w.role[person] = rapid.SampledFrom(Roles).Draw(t, "role")
	}
	return w
}

// number walks the tree in preorder; departments keep a gap of 1,000.
func (w world) number() (pos, end []int64) {
	pos, end = make([]int64, len(w.parent)), make([]int64, len(w.parent))
	next := int64(1000)
	var walk func(d int)
	walk = func(d int) {
		pos[d] = next
		next += 1000
		for c, p := range w.parent {
			if p == d {
				walk(c)
			}
		}
		end[d] = next - 1
	}
	for d, p := range w.parent {
		if p < 0 {
			walk(d)
		}
	}
	return pos, end
}

func (w world) who(person int64) Who {
	pos, end := w.number()
	out := Who{UserID: person, Role: w.role[person], DepartmentID: int64(w.dept[person] + 1)}
	for d := range w.parent {
		if slices.Contains(w.heads[d], person) {
			out.HeadOf = append(out.HeadOf, Range{pos[d], end[d]})
		}
	}
	return out
}

// may is the naive evaluator: rights as one would tell them to a new colleague.
func (w world) may(person int64, op Op, responsible int64, observers []int64) bool {
	if w.role[person] == Admin {
		return true
	}
	if w.role[person] == Guest || w.role[person] == Employee || op == Settings || op == Import {
		return false
	}
	if op == Create || responsible == person {
		return true
	}
	if (op == See || op == Export) && slices.Contains(observers, person) {
		return true
	}
	if responsible == 0 {
		return false
	}
	for d := w.dept[responsible]; d >= 0; d = w.parent[d] {
		if slices.Contains(w.heads[d], person) {
			return true
		}
	}
	return false
}

func TestPlanAgreesWithNaiveRights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t)
		pos, _ := w.number()
		person := rapid.Int64Range(1, 6).Draw(t, "person")
		op := rapid.SampledFrom(Ops).Draw(t, "op")
		responsible := rapid.Int64Range(0, 6).Draw(t, "responsible")
		observers := rapid.SliceOfN(rapid.Int64Range(1, 6), 0, 3).Draw(t, "observers")
		a := event.Access{PipelineID: 1, StageID: 2, ResponsibleID: responsible, Observers: observers}
		if responsible != 0 {
			d := w.dept[responsible]
			a.DepartmentID, a.DeptPos = int64(d+1), pos[d]
		}
		want := w.may(person, op, responsible, observers)
		if got := w.who(person).Plan("deal", op).Sees(a); got != want {
			t.Fatalf("%s of person %d (%s) about %+v: %v, want %v", op, person, w.role[person], a, got, want)
		}
	})
}

func TestNobodySeesNothing(t *testing.T) {
	unassigned := event.Access{}
	for name, who := range map[string]Who{
		"zero":                     {},
		"guest":                    {UserID: 1, Role: Guest, HeadOf: []Range{{0, 9000}}},
		"manager without a number": {Role: Manager},
		"unknown role":             {UserID: 1, Role: "boss"},
	} {
		if p := who.Plan("deal", See); p.Sees(unassigned) {
			t.Errorf("%s sees an unassigned record: %+v", name, p)
		}
	}
	if (Plan{}).Sees(unassigned) || !(Plan{}).Nothing() {
		t.Error("the zero plan reaches something")
	}
	if p := System().Plan("deal", Edit); !p.Everything() || !System().IsSystem() {
		t.Errorf("the system can't do everything: %+v", p)
	}
}

func TestArmsAreBoundToPipelinesAndStages(t *testing.T) {
	p := Plan{Arms: []Arm{
		{Kind: All, Pipelines: []int64{1}},
		{Kind: Own, UserID: 7, Stages: []int64{20, 21}},
		{Kind: Departments, DepartmentIDs: []int64{3}, Pipelines: []int64{2}, Stages: []int64{22}},
	}}
	for _, c := range []struct {
		a    event.Access
		want bool
	}{
		{event.Access{PipelineID: 1, StageID: 10}, true},
		{event.Access{PipelineID: 2, StageID: 20}, false},
		{event.Access{PipelineID: 2, StageID: 20, ResponsibleID: 7}, true},
		{event.Access{PipelineID: 2, StageID: 22, ResponsibleID: 7}, false},
		{event.Access{PipelineID: 2, StageID: 22, DepartmentID: 3}, true},
		{event.Access{PipelineID: 2, StageID: 23, DepartmentID: 3}, false},
	} {
		if got := p.Sees(c.a); got != c.want {
			t.Errorf("%+v: %v, want %v", c.a, got, c.want)
		}
	}
	if p.Everything() {
		t.Error("a plan for one pipeline claims to reach everything")
	}
}

func TestMergeKeepsTheSamePositions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ranges := rapid.SliceOf(rapid.Custom(func(t *rapid.T) Range {
			return Range{rapid.Int64Range(0, 30).Draw(t, "lo"), rapid.Int64Range(0, 30).Draw(t, "hi")}
		})).Draw(t, "ranges")
		merged := Merge(ranges)
		for pos := int64(-1); pos < 32; pos++ {
			has := func(r Range) bool { return r.Has(pos) }
			if slices.ContainsFunc(ranges, has) != slices.ContainsFunc(merged, has) {
				t.Fatalf("%d: %v became %v", pos, ranges, merged)
			}
		}
		for i := 1; i < len(merged); i++ {
			if merged[i].Lo <= merged[i-1].Hi+1 {
				t.Fatalf("%v touch", merged)
			}
		}
	})
}
