// Package directory is the whole organisation as one immutable snapshot: people, departments, the settings of the portal and
// its working time. It answers in memory what every request and every write asks: who is this, where does he stand, who
// heads what. Changing anything is user's, department's and portal's business.
package directory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"voronka/internal/kernel/textkey"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/department"
	"voronka/internal/org/portal"
	"voronka/internal/org/role"
	"voronka/internal/org/user"
	"voronka/internal/org/worktime"
)

// Source gives snapshots.
type Source interface {
	// Last is the newest snapshot known here, without asking the database.
	Last(ctx context.Context) (*Directory, error)
	// In is the snapshot as the transaction sees it.
	In(t tx.Tx) (*Directory, error)
}

// People is what writers of records ask: which department a responsible person's records belong to.
type People interface {
	// Stamp gives the department of a person and its place; ok is false when there is no such person. Nobody (0) has none.
	Stamp(userID int64) (s Stamp, ok bool)
}

// Stamp is what records carry of their responsible person.
type Stamp struct {
	DepartmentID int64
	DeptPos      int64
	Active       bool
}

// Directory is the snapshot. Everything it gives out is shared and must not be changed.
type Directory struct {
	Portal     portal.Portal
	WorkTime   *worktime.Schedule // of the portal
	Restamping bool               // records don't carry the places of all departments yet
	leaving    Restamping
	users      []*user.User // people, by name
	services   []*user.User // programs with an account of their own
	byID       map[int64]*user.User
	tree       *department.Tree
	whos       map[int64]access.Who
	times      Times
	schedules  *schedules
	below      map[int64][]int64 // ids of a department and all below it
	book       *role.Book
}

// Restamping are the departments whose records don't carry the present places yet. A department that was removed has as
// value the one its records go to.
type Restamping map[int64]int64

// New makes a snapshot.
func New(p portal.Portal, schedule *worktime.Schedule, users []*user.User, departments []*department.Department, restamping Restamping) *Directory {
	d := &Directory{
		Portal: p, WorkTime: schedule, Restamping: len(restamping) > 0, leaving: restamping, users: slices.Clone(users),
		byID: make(map[int64]*user.User, len(users)), tree: department.NewTree(departments), whos: make(map[int64]access.Who, len(users)),
		schedules: &schedules{}, below: map[int64][]int64{}, book: &role.Book{},
	}
	keys := make(map[int64]string, len(users))
	for _, u := range users {
		d.byID[u.ID], keys[u.ID] = u, textkey.Key(u.Name)
	}
	d.services = slices.Clone(d.users)
	d.users = slices.DeleteFunc(d.users, func(u *user.User) bool { return u.Service })
	d.services = slices.DeleteFunc(d.services, func(u *user.User) bool { return !u.Service })
	slices.SortFunc(d.users, func(a, b *user.User) int {
		return cmp.Or(strings.Compare(keys[a.ID], keys[b.ID]), cmp.Compare(a.ID, b.ID))
	})
	leads := d.leads(departments)
	for _, u := range users {
		if u.Active {
			d.whos[u.ID] = d.who(u, leads[u.ID])
		}
	}
	return d
}

// leads gathers which departments each person heads or deputises.
func (d *Directory) leads(departments []*department.Department) map[int64][]*department.Department {
	leads := map[int64][]*department.Department{}
	for _, dep := range departments {
		leads[dep.HeadID] = append(leads[dep.HeadID], dep)
		for _, id := range dep.Deputies {
			if id != dep.HeadID {
				leads[id] = append(leads[id], dep)
			}
		}
	}
	return leads
}

func (d *Directory) who(u *user.User, leads []*department.Department) access.Who {
	w := access.Who{UserID: u.ID, Role: u.Role, Name: u.Name, Lang: u.Lang, Zone: u.Zone, DepartmentID: u.DepartmentID, Restamping: d.Restamping, Service: u.Service}
	for _, dep := range leads {
		w.HeadOf = append(w.HeadOf, dep.Range())
		w.HeadOfIDs = append(w.HeadOfIDs, d.under(dep.ID)...)
	}
	w.HeadOf = access.Merge(w.HeadOf)
	slices.Sort(w.HeadOfIDs)
	w.HeadOfIDs = slices.Compact(w.HeadOfIDs)
	if dep := d.tree.Get(u.DepartmentID); dep != nil {
		w.Place, w.Below, w.BelowIDs = access.Range{Lo: dep.Pos, Hi: dep.Pos}, dep.Range(), d.under(dep.ID)
	} else {
		w.DepartmentID = 0
	}
	return w
}

// under are the ids of a department and all below it, sorted. Who looks at the heir of a removed department sees what is on its
// way there.
func (d *Directory) under(id int64) []int64 {
	ids, known := d.below[id]
	if known {
		return ids
	}
	for _, dep := range d.tree.Subtree(id) {
		ids = append(ids, dep.ID)
	}
	for gone, heir := range d.leaving {
		if heir != 0 && d.tree.Get(gone) == nil && slices.Contains(ids, heir) {
			ids = append(ids, gone)
		}
	}
	slices.Sort(ids)
	d.below[id] = ids
	return ids
}

// Who is an active person as rights see it; a service account is no person.
func (d *Directory) Who(userID int64) (access.Who, bool) {
	w, ok := d.whos[userID]
	return w, ok && !w.Service
}

// Caller is who may send requests: an active person or service account.
func (d *Directory) Caller(userID int64) (access.Who, bool) {
	w, ok := d.whos[userID]
	return w, ok
}

// NeedsSecondFactor tells whether a person has to set up the second factor before anything else.
func (d *Directory) NeedsSecondFactor(userID int64) bool {
	u := d.byID[userID]
	return u != nil && !u.SecondFactor && !u.Service && d.Portal.SecondFactor.Of(u.Role)
}

// Services are the service accounts, active or not.
func (d *Directory) Services() []*user.User { return d.services }

// User finds a person or service account, active or not; nil when there is none.
func (d *Directory) User(id int64) *user.User { return d.byID[id] }

// ByEmail finds a person, active or not, by an address in any spelling; nil when there is none.
func (d *Directory) ByEmail(email string) *user.User {
	_, key, err := user.Email(email)
	if err != nil {
		return nil
	}
	for _, u := range d.users {
		if u.EmailKey == key {
			return u
		}
	}
	return nil
}

// Users are all people by name, the inactive too.
func (d *Directory) Users() []*user.User { return d.users }

// Name is a person's name, "" for nobody.
func (d *Directory) Name(id int64) string {
	if u := d.byID[id]; u != nil {
		return u.Name
	}
	return ""
}

// Stamp implements People.
func (d *Directory) Stamp(userID int64) (Stamp, bool) {
	if userID == 0 {
		return Stamp{}, true
	}
	u := d.byID[userID]
	if u == nil {
		return Stamp{}, false
	}
	s := Stamp{DepartmentID: u.DepartmentID, Active: u.Active && !u.Service}
	if dep := d.tree.Get(u.DepartmentID); dep != nil {
		s.DeptPos = dep.Pos
	} else {
		s.DepartmentID = 0
	}
	return s, true
}

// Department finds a department; nil when there is none.
func (d *Directory) Department(id int64) *department.Department { return d.tree.Get(id) }

// Departments are all departments in the order of the tree.
func (d *Directory) Departments() []*department.Department { return d.tree.Subtree(0) }

// Chain is a department and all above it, from the bottom to the top.
func (d *Directory) Chain(departmentID int64) []*department.Department {
	return d.tree.Chain(departmentID)
}

// Subtree is the range of places of a department with all below it.
func (d *Directory) Subtree(departmentID int64) (access.Range, bool) {
	dep := d.tree.Get(departmentID)
	if dep == nil {
		return access.Range{}, false
	}
	return dep.Range(), true
}

// HeadsOf are the active people who lead a department: the head first, then deputies.
func (d *Directory) HeadsOf(departmentID int64) []int64 {
	dep := d.tree.Get(departmentID)
	if dep == nil {
		return nil
	}
	var heads []int64
	for _, id := range append([]int64{dep.HeadID}, dep.Deputies...) {
		if _, active := d.whos[id]; active && !slices.Contains(heads, id) {
			heads = append(heads, id)
		}
	}
	return heads
}

// HeadAbove is the nearest active leader over a person: of his department or one above, not himself. 0: nobody.
func (d *Directory) HeadAbove(userID int64) int64 {
	u := d.byID[userID]
	if u == nil {
		return 0
	}
	for _, dep := range d.tree.Chain(u.DepartmentID) {
		for _, id := range d.HeadsOf(dep.ID) {
			if id != userID {
				return id
			}
		}
	}
	return 0
}
