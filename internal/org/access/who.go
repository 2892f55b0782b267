// Package access says who may do what with which records (decision 9). A person's role gives grants; for one record type
// and one operation they are compiled into a Plan: a union of arms over the access attributes of a record (pipeline,
// stage, responsible, department, observers). The SQL adapter turns the same plan into index ranges, Plan.Sees decides
// about one record in memory, for live events, notifications and single reads. Who a person is (login, departments,
// deputies) is found out elsewhere and given in as Who.
package access

import "slices"

// Role is one of the fixed roles of a portal.
type Role string

// The roles.
const (
	Admin   Role = "admin"   // everything, settings included
	Head    Role = "head"    // the departments he heads with all below them, his own, what he observes
	Manager Role = "manager" // his own and what he observes
	Guest   Role = "guest"   // nothing yet
)

// Roles lists the roles from the mightiest to the least.
var Roles = []Role{Admin, Head, Manager, Guest}

// Valid tells whether r is one of Roles.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// Op is what somebody wants to do with a record.
type Op string

// The operations. Settings stands for people, pipelines, drums, keys and types: what belongs to no single record.
const (
	See      Op = "see"
	Create   Op = "create"
	Edit     Op = "edit"
	Delete   Op = "delete"
	Assign   Op = "assign"
	Settings Op = "settings"
)

// Ops lists all operations.
var Ops = []Op{See, Create, Edit, Delete, Assign, Settings}

// Who is the person asking, as far as rights care. The zero Who may do nothing.
type Who struct {
	UserID       int64
	Role         Role
	Name         string
	Lang         string // ru or en
	Zone         string // IANA name
	DepartmentID int64
	// HeadOf are the places (department.pos … department.pos_end) of every department the person heads or deputises,
	// with all below. Somebody of role manager who deputises a department has a head's rights in it.
	HeadOf []Range
	// HeadOfIDs are the ids of the departments in HeadOf, all levels, each once. They say the same as HeadOf and serve figures
	// that are kept by department.
	HeadOfIDs []int64
	// Restamping: departments were moved and their records don't carry the new places yet. Until all do, plans go by
	// HeadOfIDs instead of HeadOf.
	Restamping bool

	system bool
}

// System is the program itself: rules, intake, drums, imports run without a person. It may do everything.
func System() Who { return Who{Role: Admin, system: true} }

// IsSystem tells the program itself from an administrator.
func (w Who) IsSystem() bool { return w.system }

// IsAdmin tells whether the person may change the settings of the portal.
func (w Who) IsAdmin() bool { return w.Role == Admin }

// IsHead tells whether the person has departments under him.
func (w Who) IsHead() bool { return w.Role != Guest && len(w.HeadOf) > 0 }

// May tells whether the person may do op with at least some records of a type: whether a button is worth showing.
func (w Who) May(recordType string, op Op) bool { return !w.Plan(recordType, op).Nothing() }
