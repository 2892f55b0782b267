package access

import "slices"

// Grant is one line of a role: operations on record types, in some pipelines and stages, within scopes. The four fixed
// roles are tables of grants; roles a customer makes are the same lines out of the database.
type Grant struct {
	Types     []string // nil: every type
	Pipelines []int64  // nil: any
	Stages    []int64  // nil: any
	Ops       []Op
	Scopes    []ArmKind
}

// grants are the fixed roles. Whoever merely observes a record may read it, not change it. Whoever may create may
// create for anybody: handing a new lead to a colleague is everyday work.
var grants = map[Role][]Grant{
	Admin: {{Ops: Ops, Scopes: []ArmKind{All}}},
	Head: {
		{Ops: []Op{See}, Scopes: []ArmKind{Departments, Own, Observed}},
		{Ops: []Op{Edit, Assign, Delete}, Scopes: []ArmKind{Departments, Own}},
		{Ops: []Op{Create}, Scopes: []ArmKind{All}},
	},
	Manager: {
		{Ops: []Op{See}, Scopes: []ArmKind{Own, Observed}},
		{Ops: []Op{Edit, Assign, Delete}, Scopes: []ArmKind{Own}},
		{Ops: []Op{Create}, Scopes: []ArmKind{All}},
	},
	Guest: nil,
}

// Plan compiles what the person may do op with among the records of a type.
func (w Who) Plan(recordType string, op Op) Plan {
	p := Plan{Type: recordType, Op: op}
	role := w.Role
	if role == Manager && len(w.HeadOf) > 0 { // a deputy stands in for the head
		role = Head
	}
	for _, g := range grants[role] {
		if g.Types != nil && !slices.Contains(g.Types, recordType) || !slices.Contains(g.Ops, op) {
			continue
		}
		for _, scope := range g.Scopes {
			if arm, ok := w.arm(scope); ok {
				arm.Pipelines, arm.Stages = g.Pipelines, g.Stages
				p.Arms = append(p.Arms, arm)
			}
		}
	}
	if p.Everything() {
		p.Arms = []Arm{{Kind: All}}
	}
	return p
}

// arm is the person's arm of a scope; there is none for nobody, or for a head without departments.
func (w Who) arm(scope ArmKind) (Arm, bool) {
	switch scope {
	case All:
		return Arm{Kind: All}, true
	case Own, Observed:
		return Arm{Kind: scope, UserID: w.UserID}, w.UserID > 0
	case Departments:
		if w.Restamping {
			return Arm{Kind: Departments, DepartmentIDs: w.HeadOfIDs}, len(w.HeadOfIDs) > 0
		}
		return Arm{Kind: Departments, Ranges: Merge(w.HeadOf), DepartmentIDs: w.HeadOfIDs}, len(w.HeadOf) > 0
	}
	return Arm{}, false
}
