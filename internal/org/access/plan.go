package access

import (
	"slices"

	"voronka/internal/kernel/event"
)

// ArmKind says by which attribute an arm of a plan selects.
type ArmKind uint8

// The kinds of arms. The zero kind selects nothing.
const (
	NoArm       ArmKind = iota
	All                 // every record
	Own                 // records the person is responsible for
	Observed            // records the person is put down as observer of
	Departments         // records of responsibles in some departments
)

// String names the kind, for explanations and tests.
func (k ArmKind) String() string {
	return [...]string{"nothing", "all", "own", "observed", "departments"}[k]
}

// Range is a stretch of dept_pos, both ends inside: a department with all below it.
type Range struct{ Lo, Hi int64 }

// Has tells whether pos lies in the range.
func (r Range) Has(pos int64) bool { return r.Lo <= pos && pos <= r.Hi }

// Arm is one way to reach records. All its conditions hold together.
type Arm struct {
	Kind   ArmKind
	UserID int64 // Own, Observed
	// Departments: a record belongs when its dept_pos is in one of Ranges, which are sorted and don't touch.
	// DepartmentIDs name the same departments one by one; they decide only when there are no Ranges.
	Ranges        []Range
	DepartmentIDs []int64
	Pipelines     []int64 // none: any
	Stages        []int64 // none: any
}

// Plan is what somebody may do op with: the union of its arms less what any arm of Not reaches. The zero Plan reaches nothing.
// Arms may overlap.
type Plan struct {
	Type string
	Op   Op
	Arms []Arm
	Not  []Arm
}

// Plan compiles what the person may do op with among the records of a type.
func (w Who) Plan(recordType string, op Op) Plan {
	p := Plan{Type: recordType, Op: op}
	if !w.Limit.Leaves(recordType, op) {
		return p
	}
	if w.Role == Admin {
		p.Arms = []Arm{{Kind: All}}
		return p
	}
	if !w.IsMember() {
		return p
	}
	w.compile(&p)
	for _, s := range w.StandsIn {
		switch {
		case s.Sight && op != See, !s.For.IsMember():
		case s.For.IsAdmin():
			p.Arms = append(p.Arms, Arm{Kind: All})
		default:
			s.For.compile(&p)
		}
	}
	return p.simple()
}

// compile adds what the person's own roles give and forbid.
func (w Who) compile(p *Plan) {
	for _, d := range w.definitions() {
		for i := range d.Grants {
			g := &d.Grants[i]
			if !g.about(p.Type, p.Op) {
				continue
			}
			for _, scope := range g.Scopes {
				arm, ok := w.arm(scope)
				if !ok {
					continue
				}
				arm.Pipelines, arm.Stages = g.Pipelines, g.Stages
				if g.Deny {
					p.Not = append(p.Not, arm)
				} else {
					p.Arms = append(p.Arms, arm)
				}
			}
		}
	}
}

// arm is the person's arm of a scope; there is none for nobody, for who has no department, or heads none.
func (w Who) arm(scope Scope) (Arm, bool) {
	switch scope {
	case ScopeAll:
		return Arm{Kind: All}, true
	case ScopeOwn:
		return Arm{Kind: Own, UserID: w.UserID}, w.UserID > 0
	case ScopeObserved:
		return Arm{Kind: Observed, UserID: w.UserID}, w.UserID > 0
	case ScopeDepartment:
		return w.departments([]Range{w.Place}, []int64{w.DepartmentID}, w.DepartmentID != 0 && w.Place.Lo > 0)
	case ScopeBelow:
		return w.departments([]Range{w.Below}, w.BelowIDs, w.DepartmentID != 0 && len(w.BelowIDs) > 0)
	case ScopeLed:
		return w.departments(w.HeadOf, w.HeadOfIDs, len(w.HeadOf) > 0)
	}
	return Arm{}, false
}

func (w Who) departments(ranges []Range, ids []int64, any bool) (Arm, bool) {
	if w.Restamping {
		return Arm{Kind: Departments, DepartmentIDs: ids}, any && len(ids) > 0
	}
	return Arm{Kind: Departments, Ranges: ranges, DepartmentIDs: ids}, any
}

// simple says the same with fewer arms: what is wholly forbidden goes, what is reached twice is named once, departments are
// joined.
func (p Plan) simple() Plan {
	p.Not = joined(p.Not)
	if slices.ContainsFunc(p.Not, Arm.everything) {
		return Plan{Type: p.Type, Op: p.Op}
	}
	if slices.ContainsFunc(p.Arms, Arm.everything) {
		p.Arms = []Arm{{Kind: All}}
		return p
	}
	p.Arms = joined(p.Arms)
	if len(p.Arms) == 0 {
		p.Not = nil
	}
	return p
}

// everything tells whether an arm reaches every record.
func (arm Arm) everything() bool {
	return arm.Kind == All && len(arm.Pipelines) == 0 && len(arm.Stages) == 0
}

// sameBounds tells whether two arms are about the same pipelines and stages.
func (arm Arm) sameBounds(other Arm) bool {
	return slices.Equal(arm.Pipelines, other.Pipelines) && slices.Equal(arm.Stages, other.Stages)
}

// joined makes one arm of those that say the same, or name departments under the same bounds. It may change the list it is given.
func joined(arms []Arm) []Arm {
	out := arms[:0]
next:
	for _, arm := range arms {
		for i := range out {
			o := &out[i]
			if o.Kind != arm.Kind || o.UserID != arm.UserID || !o.sameBounds(arm) {
				continue
			}
			if arm.Kind == Departments {
				if (len(o.Ranges) == 0) != (len(arm.Ranges) == 0) {
					continue
				}
				o.Ranges = Merge(slices.Concat(o.Ranges, arm.Ranges))
				o.DepartmentIDs = slices.Concat(o.DepartmentIDs, arm.DepartmentIDs)
				slices.Sort(o.DepartmentIDs)
				o.DepartmentIDs = slices.Compact(o.DepartmentIDs)
			}
			continue next
		}
		out = append(out, arm)
	}
	return out
}

// Nothing tells whether the plan reaches no record at all.
func (p Plan) Nothing() bool { return len(p.Arms) == 0 }

// Everything tells whether the plan reaches every record.
func (p Plan) Everything() bool {
	return len(p.Not) == 0 && slices.ContainsFunc(p.Arms, Arm.everything)
}

// Sees tells whether the plan reaches a record with these attributes.
func (p Plan) Sees(a event.Access) bool {
	sees := func(arm Arm) bool { return arm.sees(a) }
	return slices.ContainsFunc(p.Arms, sees) && !slices.ContainsFunc(p.Not, sees)
}

func (arm Arm) sees(a event.Access) bool {
	if len(arm.Pipelines) > 0 && !slices.Contains(arm.Pipelines, a.PipelineID) {
		return false
	}
	if len(arm.Stages) > 0 && !slices.Contains(arm.Stages, a.StageID) {
		return false
	}
	switch arm.Kind {
	case All:
		return true
	case Own:
		return arm.UserID != 0 && a.ResponsibleID == arm.UserID
	case Observed:
		return arm.UserID != 0 && slices.Contains(a.Observers, arm.UserID)
	case Departments:
		if len(arm.Ranges) == 0 {
			return a.DepartmentID != 0 && slices.Contains(arm.DepartmentIDs, a.DepartmentID)
		}
		return slices.ContainsFunc(arm.Ranges, func(r Range) bool { return r.Has(a.DeptPos) })
	}
	return false
}

// Merge sorts ranges and joins those that overlap or touch.
func Merge(ranges []Range) []Range {
	sorted := slices.Clone(ranges)
	slices.SortFunc(sorted, func(a, b Range) int {
		switch {
		case a.Lo < b.Lo:
			return -1
		case a.Lo > b.Lo:
			return 1
		}
		return 0
	})
	out := sorted[:0]
	for _, r := range sorted {
		switch {
		case r.Hi < r.Lo:
		case len(out) > 0 && r.Lo <= out[len(out)-1].Hi+1:
			out[len(out)-1].Hi = max(out[len(out)-1].Hi, r.Hi)
		default:
			out = append(out, r)
		}
	}
	return out
}
