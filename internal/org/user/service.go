package user

import (
	"context"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/accessjournal"
	"voronka/internal/org/portal"
)

// Store keeps people. All methods work inside the transaction given.
type Store interface {
	// LockOrg makes other changes of people and departments wait until the transaction ends, and tells all nodes
	// afterwards. Every use case here begins with it, so "the last administrator" can't be raced.
	LockOrg(t tx.Tx) error
	Portal(t tx.Tx) (portal.Portal, error)
	// InsertUser gives the number of the new person.
	InsertUser(t tx.Tx, u *User, hash string) (int64, error)
	// User fails with NotFound.
	User(t tx.Tx, id int64) (*User, error)
	SaveUser(t tx.Tx, u *User) error
	SavePassword(t tx.Tx, id int64, hash string) error
	// EmailOwner tells who has an address already, 0 for nobody.
	EmailOwner(t tx.Tx, key string) (id int64, err error)
	// OtherAdmins counts active administrators besides id.
	OtherAdmins(t tx.Tx, id int64) (int64, error)
	HasDepartment(t tx.Tx, id int64) (bool, error)
	// Held counts the records a person is responsible for.
	Held(t tx.Tx, id int64) (int64, error)
	accessjournal.Writer
}

// Sessions ends what lets a person in, with immediate effect.
type Sessions interface {
	// EndSessions ends all sessions of a person but one (0: all).
	EndSessions(t tx.Tx, userID, but int64) error
	// EndTokens ends all API tokens of a person.
	EndTokens(t tx.Tx, userID int64) error
}

// Restamper puts records where their responsible people are, slice by slice after the transaction.
type Restamper interface {
	RestampUser(t tx.Tx, userID int64) error
}

// OnDeactivated is told in the same transaction that a person can't work any more: offers are withdrawn, for example.
type OnDeactivated interface {
	OnDeactivated(t tx.Tx, userID int64) error
}

// Service are the use cases of people.
type Service struct {
	Tx          tx.Doer
	Store       Store
	Sessions    Sessions
	Restamp     Restamper
	Hasher      *Hasher
	Deactivated []OnDeactivated
	// Hours is told that a person's working time may have changed: he has another zone or department. May be nil.
	Hours func(t tx.Tx, userID int64) error
}

// Changed is the answer to Change.
type Changed struct {
	User *User
	Held int64 // records the person still answers for, counted when he was deactivated
}

// Add takes a person on.
func (s *Service) Add(ctx context.Context, who access.Who, d Draft) (*User, error) {
	if err := who.Must(access.People); err != nil {
		return nil, err
	}
	if d.Role == access.Admin && !who.IsAdmin() {
		return nil, fault.New(fault.Forbidden, "rights.admins_only")
	}
	hash, err := s.hash(ctx, d.Password, d.Email)
	if err != nil {
		return nil, err
	}
	var u *User
	return u, s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.LockOrg(t); err != nil {
			return err
		}
		if u, err = s.AddIn(t, d, hash); err != nil {
			return err
		}
		if err := s.note(t, "user_added", u, nil); err != nil || hash == "" || who.IsSystem() {
			return err
		}
		u.Prefs.ChangePassword = true // somebody else knows it
		return s.Store.SaveUser(t, u)
	})
}

// AddIn takes a person on inside a transaction that has locked the organisation; hash is made of the draft's password
// beforehand, because hashing takes longer than a transaction may.
func (s *Service) AddIn(t tx.Tx, d Draft, hash string) (*User, error) {
	p, err := s.Store.Portal(t)
	if err != nil {
		return nil, err
	}
	u := &User{Role: d.Role, DepartmentID: d.DepartmentID, Lang: or(d.Lang, p.Lang), Zone: or(d.Zone, p.Zone), Active: true, CreatedAt: t.Now()}
	if err := u.set(Patch{Email: &d.Email, Name: &d.Name, Role: &d.Role, Position: &d.Position, Phone: &d.Phone, Lang: &u.Lang, Zone: &u.Zone}, p.Region); err != nil {
		return nil, err
	}
	if err := s.free(t, u); err != nil {
		return nil, err
	}
	u.ID, err = s.Store.InsertUser(t, u, hash)
	return u, err
}

// Change applies a patch to a person. Administrators may change everything, people their own name, phone, language, zone
// and preferences. A new password set by somebody else ends all sessions; deactivating ends tokens too.
func (s *Service) Change(ctx context.Context, who access.Who, id int64, patch Patch) (Changed, error) {
	if who.UserID == 0 && !who.IsSystem() || who.UserID != id || !patch.Own() {
		if err := who.Must(access.People); err != nil {
			return Changed{}, err
		}
	}
	var hash string
	if patch.Password != nil {
		var err error
		if hash, err = s.hash(ctx, *patch.Password, ""); err != nil {
			return Changed{}, err
		}
	}
	var answer Changed
	return answer, s.Tx.Do(ctx, func(t tx.Tx) (err error) {
		if err = s.Store.LockOrg(t); err == nil {
			answer, err = s.change(t, who, id, patch, hash)
		}
		return err
	})
}

func (s *Service) change(t tx.Tx, who access.Who, id int64, patch Patch, hash string) (Changed, error) {
	u, err := s.Store.User(t, id)
	if err != nil {
		return Changed{}, err
	}
	p, err := s.Store.Portal(t)
	if err != nil {
		return Changed{}, err
	}
	if err := mayChange(who, u, patch); err != nil {
		return Changed{}, err
	}
	before := *u
	if u.Service && (patch.Email != nil || patch.Password != nil || patch.Phone != nil) {
		return Changed{}, fault.New(fault.Conflict, "user.service_no_login")
	}
	if err := u.set(patch, p.Region); err != nil {
		return Changed{}, err
	}
	if hash != "" {
		u.Prefs.ChangePassword = who.UserID != id
	}
	if err := s.free(t, u); err != nil {
		return Changed{}, err
	}
	if err := s.keepAnAdmin(t, before, *u); err != nil {
		return Changed{}, err
	}
	if err := s.Store.SaveUser(t, u); err != nil {
		return Changed{}, err
	}
	if err := s.noteChange(t, before, u, hash != ""); err != nil {
		return Changed{}, err
	}
	if hash != "" {
		if err := s.newPassword(t, id, hash, 0); err != nil {
			return Changed{}, err
		}
	}
	return s.follow(t, before, u)
}

// mayChange keeps who runs the people from making himself or others administrators, and from signing in as somebody by a password
// or an address he sets.
func mayChange(who access.Who, u *User, patch Patch) error {
	if who.IsAdmin() || patch.Own() && who.UserID == u.ID {
		return nil
	}
	if who.UserID == u.ID || u.Role == access.Admin || patch.Role != nil && *patch.Role == access.Admin || patch.Password != nil ||
		patch.Email != nil && *patch.Email != u.Email {
		return fault.New(fault.Forbidden, "rights.admins_only")
	}
	return nil
}

// follow does what follows from a change: records move with the person, a deactivated one is shown out.
func (s *Service) follow(t tx.Tx, before User, u *User) (Changed, error) {
	answer := Changed{User: u}
	if s.Hours != nil && (u.DepartmentID != before.DepartmentID || u.Zone != before.Zone) {
		if err := s.Hours(t, u.ID); err != nil {
			return answer, err
		}
	}
	if u.DepartmentID != before.DepartmentID {
		if err := s.Restamp.RestampUser(t, u.ID); err != nil {
			return answer, err
		}
	}
	if u.Active || !before.Active {
		return answer, nil
	}
	if err := s.Sessions.EndSessions(t, u.ID, 0); err != nil {
		return answer, err
	}
	if err := s.Sessions.EndTokens(t, u.ID); err != nil {
		return answer, err
	}
	for _, hook := range s.Deactivated {
		if err := hook.OnDeactivated(t, u.ID); err != nil {
			return answer, err
		}
	}
	var err error
	answer.Held, err = s.Store.Held(t, u.ID)
	return answer, err
}

// keepAnAdmin refuses a change after which nobody could change the settings any more.
func (s *Service) keepAnAdmin(t tx.Tx, before, after User) error {
	was, is := before.Active && before.Role == access.Admin, after.Active && after.Role == access.Admin
	if !was || is {
		return nil
	}
	others, err := s.Store.OtherAdmins(t, after.ID)
	if err == nil && others == 0 {
		err = fault.New(fault.Conflict, "user.last_admin")
	}
	return err
}

// free checks what depends on other rows: the address is nobody else's, the department exists.
func (s *Service) free(t tx.Tx, u *User) error {
	owner, err := s.Store.EmailOwner(t, u.EmailKey)
	if err != nil {
		return err
	}
	if owner != 0 && owner != u.ID {
		return fault.In("email", "user.email_taken")
	}
	if u.DepartmentID == 0 {
		return nil
	}
	ok, err := s.Store.HasDepartment(t, u.DepartmentID)
	if err == nil && !ok {
		err = fault.In("department", "department.unknown")
	}
	return err
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
