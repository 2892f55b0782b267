package user

import (
	"context"
	"crypto/rand"
	"strings"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// AddService makes a service account: a program that holds roles and comes in by tokens only. It has no address and no
// password, answers for no records and is no person anywhere. Of the draft its name, role and department count.
func (s *Service) AddService(ctx context.Context, who access.Who, d Draft) (*User, error) {
	if !who.IsAdmin() {
		return nil, fault.New(fault.Forbidden, "org.admin_only")
	}
	key := "service " + strings.ToLower(rand.Text()) // unique, and no address
	var u *User
	return u, s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.LockOrg(t); err != nil {
			return err
		}
		p, err := s.Store.Portal(t)
		if err != nil {
			return err
		}
		u = &User{EmailKey: key, DepartmentID: d.DepartmentID, Lang: p.Lang, Zone: p.Zone, Active: true, Service: true, CreatedAt: t.Now()}
		if err := u.set(Patch{Name: &d.Name, Role: &d.Role}, p.Region); err != nil {
			return err
		}
		if err := s.free(t, u); err != nil {
			return err
		}
		if u.ID, err = s.Store.InsertUser(t, u, ""); err != nil {
			return err
		}
		return s.note(t, "service_added", u, map[string]any{"name": u.Name, "role": u.Role})
	})
}
