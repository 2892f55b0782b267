// Package role keeps the access roles of a portal: what each says, who holds it, the groups and stand-ins rights go by, and what
// was changed when. What a role means for a record is access's business.
package role

import (
	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
)

// Role is an access role with its holders.
type Role struct {
	ID        int64
	Code      string // of fixed roles: admin, head, manager, employee, guest; "role_…" of others
	Title     string // "" for fixed roles
	Fixed     bool   // it is the role a person has to begin with; it can't be removed
	Changed   bool   // a fixed role that differs from what the program gives it
	Body      Body
	Holders   []Holder // of roles that aren't fixed
	Version   int64
	ChangedAt clock.Instant // 0: never
	ChangedBy int64
}

// Body is what a role says.
type Body struct {
	Grants []access.Grant     `json:"grants"`
	Fields []access.FieldRule `json:"fields,omitempty"`
	Areas  []access.Area      `json:"areas,omitempty"`
}

// Definition is the role as rights are compiled from it.
func (r *Role) Definition() *access.Definition {
	return &access.Definition{ID: r.ID, Code: r.Code, Title: r.Title, Grants: r.Body.Grants, Fields: r.Body.Fields, Areas: r.Body.Areas}
}

// defaultBody is what the program gives a fixed role.
func defaultBody(code string) Body {
	if d := access.Fixed(access.Role(code)); d != nil {
		return Body{Grants: d.Grants, Fields: d.Fields, Areas: d.Areas}
	}
	return Body{}
}

// Restore fills in the body of a role that was read: text is what the portal says of it, "" nothing.
func (r *Role) Restore(text string) {
	if text == "" && r.Fixed {
		r.Body = defaultBody(r.Code)
		return
	}
	r.Changed = r.Fixed
	if err := r.Body.parse(text); err != nil { // a damaged role lets nobody do anything, and locks out nobody else
		r.Body = Body{Grants: []access.Grant{{Ops: access.Ops, Scopes: []access.Scope{access.ScopeAll}, Deny: true}}}
	}
}

// HolderKind says by what somebody holds a role.
type HolderKind string

// The kinds of holders.
const (
	User       HolderKind = "user"
	Department HolderKind = "department" // everybody in it and below it
	Group      HolderKind = "group"
	Position   HolderKind = "position" // everybody whose position is called so
)

// Holder is who holds a role.
type Holder struct {
	Kind HolderKind `json:"kind"`
	ID   int64      `json:"id,omitempty"`   // of the person, department or group
	Text string     `json:"text,omitempty"` // of the position
}

// UserGroup is a list of people that roles can be given to.
type UserGroup struct {
	ID      int64
	Title   string
	Members []int64 // sorted
}

// StandInKind says what a stand-in gives.
type StandInKind string

// The kinds of stand-ins.
const (
	Assistant StandInKind = "assistant" // sees what the other sees
	Deputy    StandInKind = "deputy"    // may do what the other may, for a time
)

// StandIn is somebody standing in for another.
type StandIn struct {
	ID          int64
	UserID      int64
	ForID       int64
	Kind        StandInKind
	From, Until clock.Instant // 0: since ever, for ever
}

// holds tells whether it does at a moment.
func (s StandIn) holds(now clock.Instant) bool {
	return s.From <= now && (s.Until == 0 || now < s.Until)
}

// overlaps tells whether two ever hold together.
func (s StandIn) overlaps(o StandIn) bool {
	return (s.Until == 0 || o.From < s.Until) && (o.Until == 0 || s.From < o.Until)
}

// Book is everything rights go by besides people and departments.
type Book struct {
	Roles    []*Role
	Groups   []*UserGroup
	StandIns []StandIn
}

// Role finds a role; nil when there is none.
func (b *Book) Role(id int64) *Role {
	for _, r := range b.Roles {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// Group finds a group; nil when there is none.
func (b *Book) Group(id int64) *UserGroup {
	for _, g := range b.Groups {
		if g.ID == id {
			return g
		}
	}
	return nil
}

// Holding are the stand-ins that hold at a moment.
func (b *Book) Holding(now clock.Instant) []StandIn {
	var out []StandIn
	for _, s := range b.StandIns {
		if s.holds(now) {
			out = append(out, s)
		}
	}
	return out
}

// Change is one past change of a role.
type Change struct {
	ID     int64
	RoleID int64
	At     clock.Instant
	UserID int64
	Was    State
	Is     State
}

// State is everything of a role that can be changed, as a change remembers it.
type State struct {
	Title   string   `json:"title,omitempty"`
	Body    Body     `json:"body"`
	Holders []Holder `json:"holders,omitempty"`
}

func (r *Role) state() State { return State{Title: r.Title, Body: r.Body, Holders: r.Holders} }
