package rightsapi

import (
	"context"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/org/role"
)

// Grant is one line of a role.
type Grant struct {
	Types     []string `json:"types" doc:"Codes of record types; none: every type"`
	Pipelines []int64  `json:"pipelines" doc:"None: any"`
	Stages    []int64  `json:"stages" doc:"None: any. Of the operation move: the stages one may move to"`
	Ops       []string `json:"ops" doc:"see, create, edit, move, delete, assign, export, import, settings"`
	Scopes    []string `json:"scopes" doc:"own, observed, department, below, led, all"`
	Deny      bool     `json:"deny,omitempty" doc:"An explicit no: it wins over what any role gives"`
}

// FieldRule is one line of a role about a field.
type FieldRule struct {
	Type   string `json:"type"`
	Field  string `json:"field"`
	Access string `json:"access" enum:"hidden,read_only"`
	Deny   bool   `json:"deny,omitempty" doc:"It holds also when another role shows the field"`
}

// Holder is who holds a role.
type Holder struct {
	Kind string `json:"kind" enum:"user,department,group,position"`
	ID   int64  `json:"id,omitempty" doc:"Of the person, the department (with all below it) or the group"`
	Text string `json:"text,omitempty" doc:"The position as it is written in the people's cards"`
}

// Role is an access role.
type Role struct {
	ID        int64       `json:"id"`
	Code      string      `json:"code"`
	Title     string      `json:"title" doc:"Empty for fixed roles: they are called in the reader's language"`
	Fixed     string      `json:"fixed" enum:",admin,head,manager,employee,guest" doc:"Which role people have to begin with it is; empty for roles of the portal's own"`
	Changed   bool        `json:"changed" doc:"A fixed role says something else than the program gives it"`
	People    int         `json:"people" doc:"How many active people hold it"`
	Grants    []Grant     `json:"grants"`
	Fields    []FieldRule `json:"fields"`
	Areas     []string    `json:"areas" doc:"Of the portal: people, types, forms, drums, rules, reports, journal, mail, portal"`
	Holders   []Holder    `json:"holders"`
	Version   int64       `json:"version"`
	ChangedAt *time.Time  `json:"changed_at"`
	ChangedBy *int64      `json:"changed_by"`
}

func words[T ~string](list []T) []string {
	out := make([]string, 0, len(list))
	for _, w := range list {
		out = append(out, string(w))
	}
	return out
}

func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func grantsOf(list []access.Grant) []Grant {
	out := make([]Grant, 0, len(list))
	for _, g := range list {
		out = append(out, Grant{Types: some(g.Types), Pipelines: some(g.Pipelines), Stages: some(g.Stages), Ops: words(g.Ops), Scopes: words(g.Scopes), Deny: g.Deny})
	}
	return out
}

func fieldRulesOf(list []access.FieldRule) []FieldRule {
	out := make([]FieldRule, 0, len(list))
	for _, f := range list {
		out = append(out, FieldRule{Type: f.Type, Field: f.Field, Access: string(f.Access), Deny: f.Deny})
	}
	return out
}

func holdersOf(list []role.Holder) []Holder {
	out := make([]Holder, 0, len(list))
	for _, h := range list {
		out = append(out, Holder{Kind: string(h.Kind), ID: h.ID, Text: h.Text})
	}
	return out
}

// fixedOf is which fixed role it is, "" none.
func fixedOf(r *role.Role) string {
	if r.Fixed {
		return r.Code
	}
	return ""
}

func roleOf(r *role.Role, people int) Role {
	return Role{
		ID: r.ID, Code: r.Code, Title: r.Title, Fixed: fixedOf(r), Changed: r.Changed, People: people, Grants: grantsOf(r.Body.Grants),
		Fields: fieldRulesOf(r.Body.Fields), Areas: words(r.Body.Areas), Holders: holdersOf(r.Holders), Version: r.Version,
		ChangedAt: httpapi.Instant(r.ChangedAt), ChangedBy: httpapi.OrNull(r.ChangedBy),
	}
}

// counts tells how many active people hold each role.
func counts(dir *directory.Directory) map[int64]int {
	out := map[int64]int{}
	for _, u := range dir.Users() {
		for _, id := range dir.RolesOf(u.ID) {
			out[id]++
		}
	}
	return out
}

func (d Deps) listRoles(ctx context.Context, _ *struct{}) (*httpapi.Body[httpapi.List[Role]], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	people := counts(dir)
	list := make([]Role, 0, len(dir.Book().Roles))
	for _, r := range dir.Book().Roles {
		list = append(list, roleOf(r, people[r.ID]))
	}
	return httpapi.ListOf(list, ""), nil
}

func (d Deps) getRole(ctx context.Context, in *httpapi.ByID) (*httpapi.Body[Role], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	r := dir.Book().Role(in.ID)
	if r == nil {
		return nil, fault.New(fault.NotFound, "role.unknown")
	}
	return httpapi.OK(roleOf(r, counts(dir)[r.ID])), nil
}

// RolePatch is what shall change; what is left out stays.
type RolePatch struct {
	Title   *string      `json:"title,omitempty"`
	Grants  *[]Grant     `json:"grants,omitempty"`
	Fields  *[]FieldRule `json:"fields,omitempty"`
	Areas   *[]string    `json:"areas,omitempty"`
	Holders *[]Holder    `json:"holders,omitempty"`
	Version int64        `json:"version,omitempty" doc:"The one the editor saw: 409 when the role was changed meanwhile"`
}

// NewRole is a role to make.
type NewRole struct {
	RolePatch
	CopyOf int64 `json:"copy_of,omitempty" minimum:"0" doc:"Begin with the lines of this role"`
}

func asked[T ~string](list []string) []T {
	out := make([]T, 0, len(list))
	for _, w := range list {
		out = append(out, T(w))
	}
	return out
}

// body puts the changed parts of a role's body over what it says now.
func (p RolePatch) body(now role.Body) *role.Body {
	if p.Grants == nil && p.Fields == nil && p.Areas == nil {
		return nil
	}
	if p.Grants != nil {
		now.Grants = nil
		for _, g := range *p.Grants {
			now.Grants = append(now.Grants, access.Grant{
				Types: g.Types, Pipelines: g.Pipelines, Stages: g.Stages, Ops: asked[access.Op](g.Ops), Scopes: asked[access.Scope](g.Scopes), Deny: g.Deny,
			})
		}
	}
	if p.Fields != nil {
		now.Fields = nil
		for _, f := range *p.Fields {
			now.Fields = append(now.Fields, access.FieldRule{Type: f.Type, Field: f.Field, Access: access.FieldAccess(f.Access), Deny: f.Deny})
		}
	}
	if p.Areas != nil {
		now.Areas = asked[access.Area](*p.Areas)
	}
	return &now
}

func (p RolePatch) patch() role.Patch {
	out := role.Patch{Title: p.Title, Version: p.Version, Body: p.body}
	if p.Holders != nil {
		list := make([]role.Holder, 0, len(*p.Holders))
		for _, h := range *p.Holders {
			list = append(list, role.Holder{Kind: role.HolderKind(h.Kind), ID: h.ID, Text: h.Text})
		}
		out.Holders = &list
	}
	return out
}

// answer is a role as the newest snapshot counts its people.
func (d Deps) answer(ctx context.Context, r *role.Role, err error) (*httpapi.Body[Role], error) {
	if err != nil {
		return nil, err
	}
	return d.getRole(ctx, &httpapi.ByID{ID: r.ID})
}

func (d Deps) addRole(ctx context.Context, in *httpapi.Body[NewRole]) (*httpapi.Body[Role], error) {
	r, err := d.Roles.Add(ctx, httpapi.Who(ctx), in.Body.patch(), in.Body.CopyOf)
	return d.answer(ctx, r, err)
}

type changeRoleIn struct {
	httpapi.ByID
	Body RolePatch
}

func (d Deps) changeRole(ctx context.Context, in *changeRoleIn) (*httpapi.Body[Role], error) {
	r, err := d.Roles.Change(ctx, httpapi.Who(ctx), in.ID, in.Body.patch())
	return d.answer(ctx, r, err)
}

func (d Deps) removeRole(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, d.Roles.Remove(ctx, httpapi.Who(ctx), in.ID)
}

func (d Deps) resetRole(ctx context.Context, in *httpapi.ByID) (*httpapi.Body[Role], error) {
	r, err := d.Roles.Reset(ctx, httpapi.Who(ctx), in.ID)
	return d.answer(ctx, r, err)
}

// RoleState is everything of a role that can be changed.
type RoleState struct {
	Title   string      `json:"title"`
	Grants  []Grant     `json:"grants"`
	Fields  []FieldRule `json:"fields"`
	Areas   []string    `json:"areas"`
	Holders []Holder    `json:"holders"`
}

func stateOf(s role.State) RoleState {
	return RoleState{Title: s.Title, Grants: grantsOf(s.Body.Grants), Fields: fieldRulesOf(s.Body.Fields), Areas: words(s.Body.Areas), Holders: holdersOf(s.Holders)}
}

// RoleChange is one past change of a role.
type RoleChange struct {
	ID  int64      `json:"id"`
	At  *time.Time `json:"at"`
	By  *int64     `json:"by"`
	Was RoleState  `json:"was"`
	Is  RoleState  `json:"is"`
}

func (d Deps) history(ctx context.Context, in *httpapi.ByID) (*httpapi.Body[httpapi.List[RoleChange]], error) {
	changes, err := d.Roles.History(ctx, httpapi.Who(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	list := make([]RoleChange, 0, len(changes))
	for _, c := range changes {
		list = append(list, RoleChange{ID: c.ID, At: httpapi.Instant(c.At), By: httpapi.OrNull(c.UserID), Was: stateOf(c.Was), Is: stateOf(c.Is)})
	}
	return httpapi.ListOf(list, ""), nil
}

type restoreIn struct {
	httpapi.ByID
	Body struct {
		Change int64 `json:"change" minimum:"1" doc:"The change before which the role was as it shall be"`
	}
}

func (d Deps) restore(ctx context.Context, in *restoreIn) (*httpapi.Body[Role], error) {
	r, err := d.Roles.Back(ctx, httpapi.Who(ctx), in.ID, in.Body.Change)
	return d.answer(ctx, r, err)
}
