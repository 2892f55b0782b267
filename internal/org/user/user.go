// Package user knows the people of a portal: who they are, how they prove it by a password, and the rules by which they
// come, change and go. Where they stand among the departments is department's and directory's; being signed in is session's.
package user

import (
	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
)

// User is one person. Password hashes are kept apart from it, so that they can't be written out by accident.
type User struct {
	ID           int64
	Email        string // as typed, trimmed
	EmailKey     string // what is unique and looked up by; see Email
	Name         string
	Role         access.Role
	DepartmentID int64 // 0: none
	Position     string
	Phone        string // E.164 or ""
	Lang         string // ru or en
	Zone         string // IANA name
	Prefs        Prefs
	Active       bool // inactive people keep their records, but can't come in
	// Service: a program with an account of its own. It has no address, no password and holds no records.
	Service bool
	// SecondFactor: signing in asks for a code too. It is only read here; session changes it.
	SecondFactor bool
	CreatedAt    clock.Instant
}

// Prefs are how a person likes the interface.
type Prefs struct {
	Theme   string `json:"theme,omitempty"`   // light, dark, auto or "" as the system
	Density string `json:"density,omitempty"` // compact, cosy, comfortable, "" default
	// ChangePassword: the password was given by somebody else and should be changed at the first chance.
	ChangePassword bool `json:"change_password,omitempty"`
}

// Draft is what is known of a new person. Lang and Zone may be empty: then they are the portal's.
type Draft struct {
	Email        string
	Name         string
	Role         access.Role
	DepartmentID int64
	Position     string
	Phone        string
	Lang         string
	Zone         string
	Password     string // empty: can't sign in until one is set
}

// Patch is what shall change; nil leaves as it is.
type Patch struct {
	Email        *string
	Name         *string
	Role         *access.Role
	DepartmentID *int64
	Position     *string
	Phone        *string
	Lang         *string
	Zone         *string
	Theme        *string
	Density      *string
	Active       *bool
	Password     *string
}

// Own tells whether the patch has only what people may change about themselves.
func (p Patch) Own() bool {
	return p.Email == nil && p.Role == nil && p.DepartmentID == nil && p.Position == nil && p.Active == nil && p.Password == nil
}
