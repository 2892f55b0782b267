package department

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// MaxTitle is the longest title in characters, MaxDepth how many levels a tree may have.
const (
	MaxTitle = 120
	MaxDepth = 30
)

// Store keeps departments. All methods work inside the transaction given.
type Store interface {
	// LockOrg makes other changes of people and departments wait until the transaction ends, and tells all nodes
	// afterwards. Every use case begins with it: two moves at once can't make a loop.
	LockOrg(t tx.Tx) error
	Departments(t tx.Tx) ([]*Department, error)
	// InsertDepartment gives the number of the new department; its numbers in the tree come with SaveDepartment.
	InsertDepartment(t tx.Tx, d *Department) (int64, error)
	// SaveDepartment writes everything of it, deputies too.
	SaveDepartment(t tx.Tx, d *Department) error
	DeleteDepartment(t tx.Tx, id int64) error
	// MovePeople puts everybody of one department into another (0: none).
	MovePeople(t tx.Tx, from, to int64) error
	// CountPeople counts the people of a department, active or not.
	CountPeople(t tx.Tx, id int64) (int64, error)
	// IsUser tells whether there is such an active person.
	IsUser(t tx.Tx, id int64) (bool, error)
}

// Restamper puts the new numbers of departments on their records, slice by slice after the transaction. Until it is done
// rights go by lists of departments instead of ranges. fallback is where records go whose department is not there any more
// and who have no responsible.
type Restamper interface {
	RestampDepartments(t tx.Tx, ids []int64, fallback int64) error
}

// Service are the use cases of departments.
type Service struct {
	Tx      tx.Doer
	Store   Store
	Restamp Restamper
	// Hours is told that the working time of many may have changed (person 0): departments hand their hours down. May be nil.
	Hours func(t tx.Tx, userID int64) error
}

// Draft is a new department.
type Draft struct {
	Title    string
	ParentID int64
	HeadID   int64
	Deputies []int64
}

// Patch is what shall change; nil leaves as it is.
type Patch struct {
	Title    *string
	ParentID *int64
	HeadID   *int64
	Deputies *[]int64
	Sort     *int64
}

// Add makes a department.
func (s *Service) Add(ctx context.Context, who access.Who, draft Draft) (*Department, error) {
	var d *Department
	err := s.do(ctx, who, func(t tx.Tx) (err error) {
		d, err = s.AddIn(t, draft)
		return err
	})
	return d, err
}

// AddIn makes a department inside a transaction that has locked the organisation.
func (s *Service) AddIn(t tx.Tx, draft Draft) (*Department, error) {
	tree, err := s.tree(t)
	if err != nil {
		return nil, err
	}
	d := &Department{ParentID: draft.ParentID}
	if err := s.set(t, tree, d, Patch{Title: &draft.Title, HeadID: &draft.HeadID, Deputies: &draft.Deputies}); err != nil {
		return nil, err
	}
	if d.ParentID != 0 && tree.Get(d.ParentID) == nil {
		return nil, fault.In("parent", "department.unknown")
	}
	if len(tree.Chain(d.ParentID)) >= MaxDepth {
		return nil, fault.In("parent", "department.too_deep", fault.Args{"max": MaxDepth})
	}
	for _, sibling := range tree.Children(d.ParentID) {
		d.Sort = max(d.Sort, sibling.Sort+1)
	}
	if d.ID, err = s.Store.InsertDepartment(t, d); err != nil {
		return nil, err
	}
	return d, s.saveNumbers(t, d, tree.Add(d), true)
}

// Change applies a patch; a new parent moves everything below along.
func (s *Service) Change(ctx context.Context, who access.Who, id int64, patch Patch) (*Department, error) {
	var d *Department
	err := s.do(ctx, who, func(t tx.Tx) error {
		tree, err := s.tree(t)
		if err != nil {
			return err
		}
		if d = tree.Get(id); d == nil {
			return fault.New(fault.NotFound, "department.unknown")
		}
		if err := s.set(t, tree, d, patch); err != nil {
			return err
		}
		var changed []*Department
		if patch.ParentID != nil {
			if changed, err = move(tree, id, *patch.ParentID); err != nil {
				return err
			}
			if err := s.hours(t); err != nil {
				return err
			}
		}
		return s.saveNumbers(t, d, changed, false)
	})
	return d, err
}

// SetHeadIn gives a department its head inside a transaction that has locked the organisation.
func (s *Service) SetHeadIn(t tx.Tx, id, head int64) error {
	tree, err := s.tree(t)
	if err != nil {
		return err
	}
	d := tree.Get(id)
	if d == nil {
		return fault.New(fault.NotFound, "department.unknown")
	}
	if err := s.set(t, tree, d, Patch{HeadID: &head}); err != nil {
		return err
	}
	return s.Store.SaveDepartment(t, d)
}

func move(tree *Tree, id, parent int64) ([]*Department, error) {
	if parent != 0 && tree.Get(parent) == nil {
		return nil, fault.In("parent", "department.unknown")
	}
	changed, ok := tree.Move(id, parent)
	if !ok {
		return nil, fault.In("parent", "department.loop")
	}
	for _, d := range tree.Subtree(id) {
		if len(tree.Chain(d.ID)) > MaxDepth {
			return nil, fault.In("parent", "department.too_deep", fault.Args{"max": MaxDepth})
		}
	}
	return changed, nil
}

// Remove dissolves a department. Its people go to moveTo (0: to no department), which must be said when there are any;
// departments below go up one level.
func (s *Service) Remove(ctx context.Context, who access.Who, id int64, moveTo *int64) error {
	return s.do(ctx, who, func(t tx.Tx) error {
		tree, err := s.tree(t)
		if err != nil {
			return err
		}
		if tree.Get(id) == nil {
			return fault.New(fault.NotFound, "department.unknown")
		}
		people, err := s.Store.CountPeople(t, id)
		if err != nil {
			return err
		}
		to := int64(0)
		switch {
		case moveTo == nil && people > 0:
			return &fault.Error{Code: fault.Conflict, Key: "department.has_people", Args: fault.Args{"n": people}, Data: map[string]int64{"people": people}}
		case moveTo != nil:
			to = *moveTo
		}
		if to == id || to != 0 && tree.Get(to) == nil {
			return fault.In("move_to", "department.unknown")
		}
		for _, child := range tree.Remove(id) {
			if err := s.Store.SaveDepartment(t, child); err != nil {
				return err
			}
		}
		if err := s.Store.MovePeople(t, id, to); err != nil {
			return err
		}
		if err := s.Store.DeleteDepartment(t, id); err != nil {
			return err
		}
		if err := s.hours(t); err != nil {
			return err
		}
		return s.Restamp.RestampDepartments(t, []int64{id}, to)
	})
}

// saveNumbers writes a department and all whose numbers changed, and sends the records after them; a fresh
// department has none.
func (s *Service) saveNumbers(t tx.Tx, d *Department, changed []*Department, fresh bool) error {
	ids := make([]int64, 0, len(changed))
	for _, c := range changed {
		if c != d || !fresh {
			ids = append(ids, c.ID)
		}
	}
	if !slices.Contains(changed, d) {
		changed = append(changed, d)
	}
	for _, c := range changed {
		if err := s.Store.SaveDepartment(t, c); err != nil {
			return err
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return s.Restamp.RestampDepartments(t, ids, 0)
}

// set applies the plain fields of a patch.
func (s *Service) set(t tx.Tx, tree *Tree, d *Department, p Patch) error {
	if p.Title != nil {
		d.Title = strings.Join(strings.Fields(norm.NFC.String(strings.ToValidUTF8(*p.Title, ""))), " ")
		if n := utf8.RuneCountInString(d.Title); n == 0 {
			return fault.In("title", "department.title_missing")
		} else if n > MaxTitle {
			return fault.In("title", "user.too_long", fault.Args{"max": MaxTitle})
		}
	}
	if p.Sort != nil {
		d.Sort = *p.Sort
	}
	if p.HeadID != nil {
		if err := s.person(t, "head", *p.HeadID); err != nil {
			return err
		}
		d.HeadID = *p.HeadID
	}
	if p.Deputies == nil {
		return nil
	}
	d.Deputies = slices.Compact(slices.Sorted(slices.Values(*p.Deputies)))
	for _, id := range d.Deputies {
		if id == 0 {
			return fault.In("deputies", "user.unknown")
		}
		if err := s.person(t, "deputies", id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) person(t tx.Tx, path string, id int64) error {
	if id == 0 {
		return nil
	}
	ok, err := s.Store.IsUser(t, id)
	if err == nil && !ok {
		err = fault.In(path, "user.unknown")
	}
	return err
}

func (s *Service) tree(t tx.Tx) (*Tree, error) {
	all, err := s.Store.Departments(t)
	if err != nil {
		return nil, err
	}
	return NewTree(all), nil
}

func (s *Service) hours(t tx.Tx) error {
	if s.Hours == nil {
		return nil
	}
	return s.Hours(t, 0)
}

func (s *Service) do(ctx context.Context, who access.Who, f func(tx.Tx) error) error {
	if err := who.Must(access.People); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.LockOrg(t); err != nil {
			return err
		}
		return f(t)
	})
}
