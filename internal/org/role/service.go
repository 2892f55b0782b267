package role

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/accessjournal"
)

// Store keeps roles. All methods that take a transaction work inside it.
type Store interface {
	// LockOrg makes other changes of the organisation wait until the transaction ends, and tells all nodes afterwards.
	LockOrg(t tx.Tx) error
	Book(t tx.Tx) (*Book, error)
	InsertRole(t tx.Tx, r *Role) (int64, error)
	// SaveRole writes everything of it, holders too; a fixed role that isn't Changed goes back to what the program gives it.
	SaveRole(t tx.Tx, r *Role) error
	DeleteRole(t tx.Tx, id int64) error
	InsertRoleChange(t tx.Tx, c Change) error
	RoleChanges(ctx context.Context, roleID int64, limit int) ([]Change, error)
	RoleChange(t tx.Tx, id int64) (Change, bool, error)

	InsertGroup(t tx.Tx, g *UserGroup) (int64, error)
	SaveGroup(t tx.Tx, g *UserGroup) error
	DeleteGroup(t tx.Tx, id int64) error
	InsertStandIn(t tx.Tx, s StandIn) (int64, error)
	DeleteStandIn(t tx.Tx, id int64) error

	// IsUser tells whether there is such an active person.
	IsUser(t tx.Tx, id int64) (bool, error)
	HasDepartment(t tx.Tx, id int64) (bool, error)
}

// Names tells whether what a role speaks of is there: types, pipelines, stages, fields. Faults name the line.
type Names interface {
	Check(t tx.Tx, b Body) error
}

// Service are the use cases of roles. All are for administrators: who gives rights could give himself any.
type Service struct {
	Tx      tx.Doer
	Store   Store
	Names   Names
	Journal accessjournal.Writer
}

// Patch is what shall change; nil leaves as it is. Version is the one the editor saw, 0: whatever it is.
type Patch struct {
	Title *string
	// Body makes the new body of the present one; it gives nil to leave it.
	Body    func(now Body) *Body
	Holders *[]Holder
	Version int64
}

// Add makes a role, of another's lines when copyOf is not 0.
func (s *Service) Add(ctx context.Context, who access.Who, p Patch, copyOf int64) (*Role, error) {
	var r *Role
	return r, s.do(ctx, who, func(t tx.Tx, book *Book) error {
		if len(book.Roles) >= MaxRoles {
			return fault.New(fault.Conflict, "role.too_many", fault.Args{"max": MaxRoles})
		}
		r = &Role{Version: 1}
		if copyOf != 0 {
			from := book.Role(copyOf)
			if from == nil || from.Code == string(access.Admin) {
				return fault.In("copy_of", "role.unknown")
			}
			r.Body = from.Body
		}
		if p.Title == nil {
			p.Title = new(string)
		}
		if err := s.set(t, book, r, p); err != nil {
			return err
		}
		r.ChangedAt, r.ChangedBy = t.Now(), who.UserID
		var err error
		if r.ID, err = s.Store.InsertRole(t, r); err != nil {
			return err
		}
		return s.remember(t, who, r, State{}, "added")
	})
}

// Change applies a patch.
func (s *Service) Change(ctx context.Context, who access.Who, id int64, p Patch) (*Role, error) {
	var r *Role
	return r, s.do(ctx, who, func(t tx.Tx, book *Book) (err error) {
		if r, err = changeable(book, id, p.Version); err != nil {
			return err
		}
		was := r.state()
		if err := s.set(t, book, r, p); err != nil {
			return err
		}
		return s.save(t, who, r, was, "changed")
	})
}

// Reset gives a fixed role back what the program gives it.
func (s *Service) Reset(ctx context.Context, who access.Who, id int64) (*Role, error) {
	var r *Role
	return r, s.do(ctx, who, func(t tx.Tx, book *Book) (err error) {
		if r, err = changeable(book, id, 0); err != nil {
			return err
		}
		if !r.Fixed {
			return fault.New(fault.Conflict, "role.not_fixed")
		}
		was := r.state()
		r.Body, r.Changed = defaultBody(r.Code), false
		return s.save(t, who, r, was, "reset")
	})
}

// Back rolls a role back to what it was before a change.
func (s *Service) Back(ctx context.Context, who access.Who, id, change int64) (*Role, error) {
	var r *Role
	return r, s.do(ctx, who, func(t tx.Tx, book *Book) (err error) {
		if r, err = changeable(book, id, 0); err != nil {
			return err
		}
		c, ok, err := s.Store.RoleChange(t, change)
		if err != nil {
			return err
		}
		if !ok || c.RoleID != id {
			return fault.In("change", "role.no_such_change")
		}
		was, p := r.state(), Patch{Body: func(Body) *Body { return &c.Was.Body }}
		if !r.Fixed {
			holders := s.there(t, book, c.Was.Holders)
			p.Title, p.Holders = &c.Was.Title, &holders
			if c.Was.Title == "" { // it was made by that change
				p.Title = nil
			}
		}
		if err := s.set(t, book, r, p); err != nil {
			return err
		}
		return s.save(t, who, r, was, "restored")
	})
}

// there are the holders that still exist.
func (s *Service) there(t tx.Tx, book *Book, holders []Holder) []Holder {
	var out []Holder
	for _, h := range holders {
		if s.holder(t, book, h) == nil {
			out = append(out, h)
		}
	}
	return out
}

// Remove takes a role away from everybody.
func (s *Service) Remove(ctx context.Context, who access.Who, id int64) error {
	return s.do(ctx, who, func(t tx.Tx, book *Book) error {
		r, err := changeable(book, id, 0)
		if err != nil {
			return err
		}
		if r.Fixed {
			return fault.New(fault.Conflict, "role.fixed")
		}
		if err := s.Store.DeleteRole(t, id); err != nil {
			return err
		}
		was := r.state()
		gone := &Role{ID: id, Code: r.Code}
		return s.remember(t, who, gone, was, "removed")
	})
}

// History is what was changed in a role, the newest first.
func (s *Service) History(ctx context.Context, who access.Who, id int64) ([]Change, error) {
	if !who.IsAdmin() {
		return nil, forbidden()
	}
	return s.Store.RoleChanges(ctx, id, 200)
}

func changeable(book *Book, id, version int64) (*Role, error) {
	r := book.Role(id)
	switch {
	case r == nil:
		return nil, fault.New(fault.NotFound, "role.unknown")
	case r.Code == string(access.Admin):
		return nil, fault.New(fault.Conflict, "role.admin")
	case version != 0 && version != r.Version:
		return nil, fault.New(fault.Conflict, "role.changed_meanwhile")
	}
	return r, nil
}

func (s *Service) set(t tx.Tx, book *Book, r *Role, p Patch) (err error) {
	if p.Title != nil {
		if r.Fixed {
			return fault.In("title", "role.fixed")
		}
		if r.Title, err = line("title", *p.Title); err != nil {
			return err
		}
		for _, other := range book.Roles {
			if other.ID != r.ID && other.Title == r.Title {
				return fault.In("title", "role.title_taken")
			}
		}
	}
	if p.Body != nil {
		if err := s.setBody(t, r, p.Body(r.Body)); err != nil {
			return err
		}
	}
	if p.Holders != nil {
		if r.Fixed {
			return fault.In("holders", "role.fixed_holders")
		}
		return s.setHolders(t, book, r, *p.Holders)
	}
	return nil
}

func (s *Service) setBody(t tx.Tx, r *Role, body *Body) error {
	if body == nil {
		return nil
	}
	if err := body.tidy(); err != nil {
		return err
	}
	if err := s.Names.Check(t, *body); err != nil {
		return err
	}
	r.Body = *body
	if r.Fixed {
		usual := defaultBody(r.Code)
		if err := usual.tidy(); err != nil {
			return err
		}
		r.Changed = usual.Text() != r.Body.Text()
	}
	return nil
}

func (s *Service) setHolders(t tx.Tx, book *Book, r *Role, holders []Holder) error {
	if len(holders) > MaxHolders {
		return fault.In("holders", "role.too_many_lines", fault.Args{"max": MaxHolders})
	}
	r.Holders = nil
	for _, h := range holders {
		if err := s.holder(t, book, h); err != nil {
			return err
		}
		if h.Kind != Position {
			h.Text = ""
		} else {
			h.ID = 0
		}
		same := func(o Holder) bool { return o.Kind == h.Kind && o.ID == h.ID && o.Key() == h.Key() }
		if !slices.ContainsFunc(r.Holders, same) {
			r.Holders = append(r.Holders, h)
		}
	}
	return nil
}

// holder checks that somebody holds by it.
func (s *Service) holder(t tx.Tx, book *Book, h Holder) (err error) {
	ok := false
	switch h.Kind {
	case User:
		ok, err = s.Store.IsUser(t, h.ID)
	case Department:
		ok, err = s.Store.HasDepartment(t, h.ID)
	case Group:
		ok = book.Group(h.ID) != nil
	case Position:
		_, err = line("holders", h.Text)
		ok = err == nil
	}
	if err == nil && !ok {
		err = fault.In("holders", "role.no_such_holder")
	}
	return err
}

func (s *Service) save(t tx.Tx, who access.Who, r *Role, was State, what string) error {
	r.Version++
	r.ChangedAt, r.ChangedBy = t.Now(), who.UserID
	if err := s.Store.SaveRole(t, r); err != nil {
		return err
	}
	return s.remember(t, who, r, was, what)
}

// remember writes the history of the role and the access journal.
func (s *Service) remember(t tx.Tx, who access.Who, r *Role, was State, what string) error {
	if err := s.Store.InsertRoleChange(t, Change{RoleID: r.ID, At: t.Now(), UserID: who.UserID, Was: was, Is: r.state()}); err != nil {
		return err
	}
	title := r.Title
	if title == "" {
		title = was.Title
	}
	return s.note(t, who, map[string]any{"what": "role_" + what, "role": r.ID, "code": r.Code, "title": title, "was": was, "is": r.state()})
}

func (s *Service) note(t tx.Tx, who access.Who, data map[string]any) error {
	return s.Journal.Note(t, accessjournal.Entry{UserID: who.UserID, Kind: accessjournal.Rights, Data: accessjournal.Data(data)})
}

// Own refuses numbers that are no roles of the portal's own.
func (s *Service) Own(t tx.Tx, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	book, err := s.Store.Book(t)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if r := book.Role(id); r == nil || r.Fixed {
			return fault.In("roles", "role.unknown")
		}
	}
	return nil
}

// GiveIn gives roles to a person inside a transaction that has locked the organisation, on behalf of by; roles that are gone are
// left out.
func (s *Service) GiveIn(t tx.Tx, by, userID int64, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	book, err := s.Store.Book(t)
	if err != nil {
		return err
	}
	for _, id := range sorted(ids) {
		r := book.Role(id)
		if r == nil || r.Fixed {
			continue
		}
		was := r.state()
		r.Holders = append(slices.Clip(r.Holders), Holder{Kind: User, ID: userID})
		if err := s.save(t, access.Who{UserID: by}, r, was, "changed"); err != nil {
			return err
		}
	}
	return nil
}

func forbidden() error { return fault.New(fault.Forbidden, "org.admin_only") }

func (s *Service) do(ctx context.Context, who access.Who, f func(tx.Tx, *Book) error) error {
	if !who.IsAdmin() {
		return forbidden()
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.LockOrg(t); err != nil {
			return err
		}
		book, err := s.Store.Book(t)
		if err != nil {
			return err
		}
		return f(t, book)
	})
}

// Named is a role as a document describes it: a fixed one by its code, another by its title.
type Named struct {
	Fixed   string
	Title   string
	Body    Body
	Holders []Holder
}

// Apply makes the roles of a document so as it says, all or none; roles it doesn't name stay.
func (s *Service) Apply(ctx context.Context, who access.Who, list []Named) error {
	return s.do(ctx, who, func(t tx.Tx, book *Book) error {
		for i, n := range list {
			if err := s.applyOne(t, who, book, n); err != nil {
				return at(err, fmt.Sprintf("roles/%d/", i))
			}
		}
		return nil
	})
}

func (s *Service) applyOne(t tx.Tx, who access.Who, book *Book, n Named) error {
	p := Patch{Body: func(Body) *Body { return &n.Body }}
	for _, r := range book.Roles {
		if n.Fixed != "" && r.Fixed && r.Code == n.Fixed || n.Fixed == "" && !r.Fixed && r.Title == n.Title {
			if r, err := changeable(book, r.ID, 0); err != nil {
				return err
			} else if !r.Fixed {
				p.Holders = &n.Holders
			}
			was := r.state()
			if err := s.set(t, book, r, p); err != nil {
				return err
			}
			return s.save(t, who, r, was, "imported")
		}
	}
	if n.Fixed != "" {
		return fault.In("fixed", "role.unknown")
	}
	r := &Role{Version: 1, ChangedAt: t.Now(), ChangedBy: who.UserID}
	p.Title, p.Holders = &n.Title, &n.Holders
	if err := s.set(t, book, r, p); err != nil {
		return err
	}
	var err error
	if r.ID, err = s.Store.InsertRole(t, r); err != nil {
		return err
	}
	book.Roles = append(book.Roles, r)
	return s.remember(t, who, r, State{}, "imported")
}

// at puts the place of a role in a document before the places of its faults.
func at(err error, prefix string) error {
	var wrong *fault.Error
	if !errors.As(err, &wrong) || len(wrong.Fields) == 0 {
		return err
	}
	moved := *wrong
	moved.Fields = nil
	for _, f := range wrong.Fields {
		f.Path = prefix + f.Path
		moved.Fields = append(moved.Fields, f)
	}
	return &moved
}
