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
	Pipelines     []int64 // nil: any
	Stages        []int64 // nil: any
}

// Plan is what somebody may do op with: the union of its arms. The zero Plan reaches nothing. Arms may overlap.
type Plan struct {
	Type string
	Op   Op
	Arms []Arm
}

// Nothing tells whether the plan reaches no record at all.
func (p Plan) Nothing() bool { return len(p.Arms) == 0 }

// Everything tells whether the plan reaches every record.
func (p Plan) Everything() bool {
	for _, a := range p.Arms {
		if a.Kind == All && a.Pipelines == nil && a.Stages == nil {
			return true
		}
	}
	return false
}

// Sees tells whether the plan reaches a record with these attributes.
func (p Plan) Sees(a event.Access) bool {
	for _, arm := range p.Arms {
		if arm.sees(a) {
			return true
		}
	}
	return false
}

func (arm Arm) sees(a event.Access) bool {
	if arm.Pipelines != nil && !slices.Contains(arm.Pipelines, a.PipelineID) {
		return false
	}
	if arm.Stages != nil && !slices.Contains(arm.Stages, a.StageID) {
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
