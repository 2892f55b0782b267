package access

import "slices"

// Scope says which records a grant is about, seen from the person.
type Scope string

// The scopes.
const (
	ScopeOwn        Scope = "own"        // he is responsible for them
	ScopeObserved   Scope = "observed"   // he is put down as observer
	ScopeDepartment Scope = "department" // people of his own department are responsible
	ScopeBelow      Scope = "below"      // … of his department and all below it
	ScopeLed        Scope = "led"        // … of the departments he heads or deputises, with all below them
	ScopeAll        Scope = "all"        // every record, also those nobody is responsible for
)

// Scopes lists all scopes from the narrowest to the widest.
var Scopes = []Scope{ScopeOwn, ScopeObserved, ScopeDepartment, ScopeBelow, ScopeLed, ScopeAll}

// Grant is one line of a role: operations on record types, in some pipelines and stages, within scopes.
type Grant struct {
	Types     []string `json:"types,omitempty"`     // none: every type
	Pipelines []int64  `json:"pipelines,omitempty"` // none: any
	Stages    []int64  `json:"stages,omitempty"`    // none: any
	Ops       []Op     `json:"ops"`
	Scopes    []Scope  `json:"scopes"`
	Deny      bool     `json:"deny,omitempty"` // an explicit no: it wins over what any role gives
}

// about tells whether the line is about op with records of a type.
func (g *Grant) about(recordType string, op Op) bool {
	return (len(g.Types) == 0 || slices.Contains(g.Types, recordType)) && slices.Contains(g.Ops, op)
}

// FieldAccess says how much less than everything a role may do with a field.
type FieldAccess string

// What a role may be denied.
const (
	Hidden   FieldAccess = "hidden"    // the field isn't there
	ReadOnly FieldAccess = "read_only" // it is seen, not changed
)

// FieldRule is a line of a role about a field. It holds as long as every role by which the person sees records of the type has
// such a line; with Deny it holds whatever other roles say.
type FieldRule struct {
	Type   string      `json:"type"`
	Field  string      `json:"field"`
	Access FieldAccess `json:"access"`
	Deny   bool        `json:"deny,omitempty"`
}

// Area is a part of the portal that somebody may run without being an administrator.
type Area string

// The areas.
const (
	People  Area = "people"  // people, departments, groups, working time; not administrators, not roles
	Types   Area = "types"   // record types, fields, lists, pipelines and stages
	Forms   Area = "forms"   // forms and other doors requests come in by, imports through them
	Drums   Area = "drums"   // all drums
	Rules   Area = "rules"   // routing of requests
	Reports Area = "reports" // figures of the records one sees, also without departments under one
	Journal Area = "journal" // the access journal
	Mail    Area = "mail"    // outgoing mail and notices
	Portal  Area = "portal"  // name, currency, calendars and other settings of the portal, blueprints
)

// Areas lists all areas.
var Areas = []Area{People, Types, Forms, Drums, Rules, Reports, Journal, Mail, Portal}

// Definition is what a role says. It is immutable once others have it.
type Definition struct {
	ID     int64
	Code   string // of the fixed roles: head, manager, employee, guest
	Title  string // as its makers call it; "" for fixed roles, which have a name in every language
	Grants []Grant
	Fields []FieldRule
	Areas  []Area
}

// Fixed gives what a fixed role says unless the portal says otherwise; nil for administrators, whom nothing limits.
func Fixed(r Role) *Definition { return fixed[r] }

// fixed are the roles every portal begins with. Whoever merely observes a record may read it, not change it. Whoever may create may
// create for anybody: handing a new lead to a colleague is everyday work.
var fixed = map[Role]*Definition{
	Head: {Code: string(Head), Grants: []Grant{
		{Ops: []Op{See, Export}, Scopes: []Scope{ScopeLed, ScopeOwn, ScopeObserved}},
		{Ops: []Op{Edit, Move, Assign, Delete}, Scopes: []Scope{ScopeLed, ScopeOwn}},
		{Ops: []Op{Create}, Scopes: []Scope{ScopeAll}},
	}},
	Manager: {Code: string(Manager), Grants: []Grant{
		{Ops: []Op{See, Export}, Scopes: []Scope{ScopeOwn, ScopeObserved}},
		{Ops: []Op{Edit, Move, Assign, Delete}, Scopes: []Scope{ScopeOwn}},
		{Ops: []Op{Create}, Scopes: []Scope{ScopeAll}},
	}},
	Employee: {Code: string(Employee)},
	Guest:    {Code: string(Guest)},
}
