package demo

import (
	"fmt"

	"voronka/internal/org/access"
	"voronka/internal/org/role"
)

// makeRoles lets estimators and records clerks see the whole queue of their department, and a clerk help the head of sales.
func (s *seeding) makeRoles() error {
	c, err := s.app.FlowDB.Fresh(s.ctx)
	if err != nil {
		return err
	}
	org, err := s.app.Org.Last(s.ctx)
	if err != nil {
		return err
	}
	for _, r := range []struct {
		title, lane string
		box         string // of somebody of the department that holds it
	}{
		{s.words.people["egor"][1], laneEstimating, "egor"},
		{s.words.people["nadya"][1], lanePapers, "nadya"},
	} {
		line := c.Pipeline("deal", r.lane)
		if line == nil {
			return fmt.Errorf("role %s: there is no pipeline %s", r.title, r.lane)
		}
		holders := []role.Holder{{Kind: role.Department, ID: org.User(s.crew.ids[r.box]).DepartmentID}}
		body := func(role.Body) *role.Body {
			return &role.Body{Grants: []access.Grant{
				{Types: []string{"deal"}, Pipelines: []int64{line.ID}, Ops: []access.Op{access.See, access.Edit, access.Move}, Scopes: []access.Scope{access.ScopeAll}},
				{Types: []string{"deal"}, Pipelines: []int64{line.ID}, Ops: []access.Op{access.Delete, access.Export}, Scopes: []access.Scope{access.ScopeAll}, Deny: true},
			}}
		}
		if _, err := s.app.Roles.Add(s.ctx, s.admin, role.Patch{Title: &r.title, Body: body, Holders: &holders}, 0); err != nil {
			return fmt.Errorf("role %s: %w", r.title, err)
		}
	}
	_, err = s.app.Roles.AddStandIn(s.ctx, s.admin, role.StandIn{UserID: s.crew.ids["liliya"], ForID: s.crew.ids[boxHead], Kind: role.Assistant})
	return err
}
