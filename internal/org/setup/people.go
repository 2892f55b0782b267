package setup

import (
	"errors"
	"fmt"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/textkey"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/department"
	"voronka/internal/org/user"
)

// people makes the departments, then the people in them, then gives the departments their heads.
func (s *Service) people(t tx.Tx, plan Plan, p prepared, admin *user.User) ([]Password, error) {
	departments, err := s.departments(t, plan.Departments)
	if err != nil {
		return nil, err
	}
	byEmail := map[string]int64{admin.EmailKey: admin.ID}
	var passwords []Password
	for i, person := range plan.People {
		at := fmt.Sprintf("people/%d", i)
		draft := user.Draft{Name: person.Name, Email: person.Email, Role: person.Role, Position: person.Position}
		if person.Department != "" {
			if draft.DepartmentID = departments[textkey.Key(person.Department)]; draft.DepartmentID == 0 {
				return nil, fault.In(at+"/department", "department.unknown")
			}
		}
		u, err := s.Users.AddIn(t, draft, p.hashes[i])
		if err != nil {
			return nil, below(at, err)
		}
		u.Prefs.ChangePassword = true
		if err := s.Users.Store.SaveUser(t, u); err != nil {
			return nil, err
		}
		byEmail[u.EmailKey] = u.ID
		passwords = append(passwords, Password{UserID: u.ID, Name: u.Name, Email: u.Email, Password: p.passwords[i]})
	}
	return passwords, s.heads(t, plan.Departments, departments, byEmail)
}

// departments makes them in the order of the list: a parent comes before its children.
func (s *Service) departments(t tx.Tx, list []Department) (map[string]int64, error) {
	ids := map[string]int64{}
	for i, d := range list {
		at := fmt.Sprintf("departments/%d", i)
		key := textkey.Key(d.Title)
		if ids[key] != 0 {
			return nil, fault.In(at+"/title", "department.twice")
		}
		parent := int64(0)
		if d.Parent != "" {
			if parent = ids[textkey.Key(d.Parent)]; parent == 0 {
				return nil, fault.In(at+"/parent", "department.unknown")
			}
		}
		made, err := s.Departments.AddIn(t, department.Draft{Title: d.Title, ParentID: parent})
		if err != nil {
			return nil, below(at, err)
		}
		ids[key] = made.ID
	}
	return ids, nil
}

func (s *Service) heads(t tx.Tx, list []Department, ids map[string]int64, byEmail map[string]int64) error {
	for i, d := range list {
		if d.Head == "" {
			continue
		}
		_, key, err := user.Email(d.Head)
		head := byEmail[key]
		if err != nil || head == 0 {
			return fault.In(fmt.Sprintf("departments/%d/head", i), "user.unknown")
		}
		if err := s.Departments.SetHeadIn(t, ids[textkey.Key(d.Title)], head); err != nil {
			return err
		}
	}
	return nil
}

// below puts the paths of a fault under the place it was found at.
func below(at string, err error) error {
	var e *fault.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err
	}
	moved := *e
	moved.Fields = make([]fault.Field, len(e.Fields))
	for i, f := range e.Fields {
		f.Path = at + "/" + f.Path
		moved.Fields[i] = f
	}
	return &moved
}
