// Package access says who may do what with which records (decision 9). A person's roles give grants; for one record type
// and one operation they are compiled into a Plan: a union of arms over the access attributes of a record (pipeline,
// stage, responsible, department, observers), less what is forbidden. The SQL adapter turns the same plan into index ranges,
// Plan.Sees decides about one record in memory, for live events, notifications and single reads. Who a person is (login,
// departments, deputies, roles) is found out elsewhere and given in as Who.
package access

import (
	"slices"

	"voronka/internal/kernel/fault"
)

// Role is one of the fixed roles of a portal: what a person is to begin with. Roles a customer makes come on top of it.
type Role string

// The roles.
const (
	Admin    Role = "admin"    // everything, settings included
	Head     Role = "head"     // the departments he heads with all below them, his own, what he observes
	Manager  Role = "manager"  // his own and what he observes
	Employee Role = "employee" // works here; of records only what other roles give him
	Guest    Role = "guest"    // nothing, and only himself among the people
)

// Roles lists the roles from the mightiest to the least.
var Roles = []Role{Admin, Head, Manager, Employee, Guest}

// Valid tells whether r is one of Roles.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// Op is what somebody wants to do with a record.
type Op string

// The operations. Settings stands for the settings of a pipeline: its stages and their rules.
const (
	See      Op = "see"
	Create   Op = "create"
	Edit     Op = "edit"
	Move     Op = "move" // to a stage: the grant's stages are those one may move to
	Delete   Op = "delete"
	Assign   Op = "assign"
	Export   Op = "export"
	Import   Op = "import"
	Settings Op = "settings"
)

// Ops lists all operations.
var Ops = []Op{See, Create, Edit, Move, Delete, Assign, Export, Import, Settings}

// Who is the person asking, as far as rights care. The zero Who may do nothing.
type Who struct {
	UserID       int64
	TokenID      int64 // the API token he came with, 0: a browser
	Role         Role
	Name         string
	Lang         string // ru or en
	Zone         string // IANA name
	DepartmentID int64
	// Rights are what the person's roles give together; nil: only what the fixed role gives.
	Rights *Rights
	// Place is the person's own department alone, Below the same with all below it; BelowIDs are its departments one by one.
	Place, Below Range
	BelowIDs     []int64
	// HeadOf are the places (department.pos … department.pos_end) of every department the person heads or deputises,
	// with all below. Somebody of role manager who deputises a department has a head's rights in it.
	HeadOf []Range
	// HeadOfIDs are the ids of the departments in HeadOf, all levels, each once. They say the same as HeadOf and serve figures
	// that are kept by department.
	HeadOfIDs []int64
	// Restamping: departments were moved and their records don't carry the new places yet. Until all do, plans go by
	// the ids of departments instead of their places.
	Restamping bool
	// StandsIn are the people whose rights the person has besides his own: see all of them as an assistant, everything as a
	// deputy. They stand in for nobody themselves.
	StandsIn []StandIn
	// LookedAtBy is the administrator who looks with the person's eyes: nothing may be changed then. 0: it is the person himself.
	LookedAtBy int64
	// Limit is what the token or session takes away; nil nothing.
	Limit *Limit
	// Service: no person but a program with an account of its own.
	Service bool

	system bool
}

// StandIn is somebody for whom another stands in.
type StandIn struct {
	For   *Who
	Sight bool // an assistant shares the sight and may change nothing by it
}

// System is the program itself: rules, intake, drums, imports run without a person. It may do everything.
func System() Who { return Who{Role: Admin, system: true} }

// IsSystem tells the program itself from an administrator.
func (w Who) IsSystem() bool { return w.system }

// Person is who really asks: the administrator who looks with another's eyes, otherwise the person himself.
func (w Who) Person() int64 {
	if w.LookedAtBy != 0 {
		return w.LookedAtBy
	}
	return w.UserID
}

// IsAdmin tells whether the person may do everything. Somebody with a limited token may not.
func (w Who) IsAdmin() bool { return w.Role == Admin && w.Limit.runs() }

// IsMember tells whether the person works in the portal: everybody with an account but guests.
func (w Who) IsMember() bool { return w.Role.Valid() && w.Role != Guest }

// IsHead tells whether the person has departments under him, as head, deputy, or standing in for somebody who has.
func (w Who) IsHead() bool { return len(w.Leads()) > 0 }

// Leads are the departments under the person, all levels: those of his own and those of whom he deputises for a time.
func (w Who) Leads() []int64 {
	if w.Role == Guest {
		return nil
	}
	ids := w.HeadOfIDs
	for _, s := range w.StandsIn {
		if !s.Sight && s.For.Role != Guest {
			ids = append(slices.Clip(ids), s.For.HeadOfIDs...)
		}
	}
	return ids
}

// LooksOverPeople tells whether the person has departments under him, or shares the sight of somebody who has.
func (w Who) LooksOverPeople() bool {
	return w.IsHead() || w.Role != Guest && slices.ContainsFunc(w.StandsIn, func(s StandIn) bool { return s.For.IsHead() })
}

// May tells whether the person may do op with at least some records of a type: whether a button is worth showing.
func (w Who) May(recordType string, op Op) bool { return !w.Plan(recordType, op).Nothing() }

// Runs tells whether the person may change an area of the portal.
func (w Who) Runs(area Area) bool {
	if w.IsAdmin() {
		return true
	}
	if !w.IsMember() || !w.Limit.runs() && (area != Reports || !w.Limit.Has(UseRead)) {
		return false
	}
	runs := func(of Who) bool {
		return slices.ContainsFunc(of.definitions(), func(d *Definition) bool { return slices.Contains(d.Areas, area) })
	}
	return runs(w) || slices.ContainsFunc(w.StandsIn, func(s StandIn) bool { return !s.Sight && !s.For.IsAdmin() && runs(*s.For) })
}

// Must refuses who may not change an area of the portal.
func (w Who) Must(area Area) error {
	if w.Runs(area) {
		return nil
	}
	return fault.New(fault.Forbidden, "rights.area_"+string(area))
}

// SetsUpPipelines tells whether the person may change settings of some pipeline at least.
func (w Who) SetsUpPipelines() bool {
	return w.Runs(Types) || w.IsMember() && slices.ContainsFunc(w.definitions(), func(d *Definition) bool {
		return slices.ContainsFunc(d.Grants, func(g Grant) bool { return !g.Deny && slices.Contains(g.Ops, Settings) })
	})
}

// definitions are the roles that count for the person, the fixed one first.
func (w Who) definitions() []*Definition {
	if w.Rights != nil {
		return w.Rights.Roles
	}
	role := w.Role
	if role == Manager && len(w.HeadOf) > 0 { // a deputy stands in for the head
		role = Head
	}
	if d := fixed[role]; d != nil {
		return []*Definition{d}
	}
	return nil
}
