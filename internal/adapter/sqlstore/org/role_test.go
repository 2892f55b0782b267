package orgstore

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/department"
	"voronka/internal/org/role"
	"voronka/internal/org/user"
)

// anything lets every name pass.
type anything struct{}

func (anything) Check(tx.Tx, role.Body) error { return nil }

func (h *house) roles() *role.Service {
	return &role.Service{Tx: h.Store, Store: h.Store, Names: anything{}, Journal: h.Store}
}

func says(grants ...access.Grant) func(role.Body) *role.Body {
	return func(now role.Body) *role.Body { now.Grants = grants; return &now }
}

// wrong is what a refusal is about: the first field, or the whole.
func wrong(err error) string {
	var e *fault.Error
	if errors.As(err, &e) && len(e.Fields) > 0 {
		return e.Fields[0].Key
	}
	return key(err)
}

func titled(title string) *string { return &title }

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// the record of deals that belongs to somebody.
func (h *house) deal(owner int64) event.Access {
	dir, err := h.Last(h.t.Context())
	h.must(err)
	s, _ := dir.Stamp(owner)
	return event.Access{PipelineID: 1, StageID: 10, ResponsibleID: owner, DepartmentID: s.DepartmentID, DeptPos: s.DeptPos}
}

func (h *house) sees(id int64, a event.Access) bool {
	h.t.Helper()
	return h.who(id).Plan("deal", access.See).Sees(a)
}

func TestRolesReachPeople(t *testing.T) {
	each(t, func(h *house) {
		admin, ctx := h.begun(), h.t.Context()
		sales, err := h.departments.Add(ctx, admin, department.Draft{Title: "Продажи"})
		h.must(err)
		north, err := h.departments.Add(ctx, admin, department.Draft{Title: "Север", ParentID: sales.ID})
		h.must(err)
		anna := h.add(admin, "anna@example.com", access.Employee, north.ID)
		boris := h.add(admin, "boris@example.com", access.Employee, sales.ID)
		vera := h.add(admin, "vera@example.com", access.Manager, 0)
		roles, of := h.roles(), h.deal(boris.ID)
		all := access.Grant{Types: []string{"deal"}, Ops: []access.Op{access.See}, Scopes: []access.Scope{access.ScopeAll}}
		r, err := roles.Add(ctx, admin, role.Patch{Title: titled("Сметчик"), Body: says(all)}, 0)
		h.must(err)
		group, err := roles.AddGroup(ctx, admin, role.GroupPatch{Title: titled("Дежурные"), Members: &[]int64{vera.ID}})
		h.must(err)
		position := "Сметчик 2  разряда"
		_, err = h.users.Change(ctx, admin, boris.ID, user.Patch{Position: &position})
		h.must(err)
		for name, c := range map[string]struct {
			holder role.Holder
			want   []bool // anna, boris, vera
		}{
			"nobody":     {role.Holder{}, []bool{false, false, false}},
			"a person":   {role.Holder{Kind: role.User, ID: anna.ID}, []bool{true, false, false}},
			"department": {role.Holder{Kind: role.Department, ID: sales.ID}, []bool{true, true, false}},
			"below":      {role.Holder{Kind: role.Department, ID: north.ID}, []bool{true, false, false}},
			"group":      {role.Holder{Kind: role.Group, ID: group.ID}, []bool{false, false, true}},
			"position":   {role.Holder{Kind: role.Position, Text: "сметчик 2 разряда"}, []bool{false, true, false}},
		} {
			holders := []role.Holder{c.holder}
			if c.holder.Kind == "" {
				holders = nil
			}
			_, err := roles.Change(ctx, admin, r.ID, role.Patch{Holders: &holders})
			h.must(err)
			for i, id := range []int64{anna.ID, boris.ID, vera.ID} {
				if got := h.sees(id, of); got != c.want[i] {
					h.t.Errorf("%s: person %d sees it: %v", name, i, got)
				}
			}
		}
		list, err := roles.History(ctx, admin, r.ID)
		h.must(err)
		if len(list) < 6 || list[len(list)-1].Is.Title != "Сметчик" {
			h.t.Errorf("history: %+v", list)
		}
	})
}

func TestAnExplicitNoWins(t *testing.T) {
	each(t, func(h *house) {
		admin, ctx, roles := h.begun(), h.t.Context(), h.roles()
		anna := h.add(admin, "anna@example.com", access.Manager, 0)
		of := h.deal(anna.ID)
		_, err := roles.Add(ctx, admin, role.Patch{
			Title: titled("Без договора"), Holders: &[]role.Holder{{Kind: role.User, ID: anna.ID}},
			Body: says(access.Grant{Ops: []access.Op{access.See}, Scopes: []access.Scope{access.ScopeAll}, Stages: []int64{10}, Deny: true}),
		}, 0)
		h.must(err)
		if h.sees(anna.ID, of) {
			h.t.Error("she sees what is forbidden")
		}
		of.StageID = 11
		if !h.sees(anna.ID, of) {
			h.t.Error("she doesn't see the rest")
		}
	})
}

func TestFixedRolesCanBeChangedAndGivenBack(t *testing.T) {
	each(t, func(h *house) {
		admin, ctx, roles := h.begun(), h.t.Context(), h.roles()
		anna := h.add(admin, "anna@example.com", access.Manager, 0)
		other := h.deal(admin.UserID)
		dir, err := h.Last(ctx)
		h.must(err)
		byCode := map[string]*role.Role{}
		for _, r := range dir.Book().Roles {
			byCode[r.Code] = r
		}
		manager := byCode["manager"].ID
		r, err := roles.Change(ctx, admin, manager, role.Patch{Version: 1, Body: says(access.Grant{Ops: []access.Op{access.See}, Scopes: []access.Scope{access.ScopeAll}})})
		h.must(err)
		if !r.Changed || !h.sees(anna.ID, other) {
			h.t.Error("managers don't see everything now")
		}
		if _, err := roles.Change(ctx, admin, manager, role.Patch{Version: 1, Body: says()}); wrong(err) != "role.changed_meanwhile" {
			h.t.Error(err)
		}
		if r, err = roles.Reset(ctx, admin, manager); err != nil || r.Changed || h.sees(anna.ID, other) {
			h.t.Errorf("%+v %v", r, err)
		}
		changes, err := roles.History(ctx, admin, manager)
		h.must(err)
		if _, err = roles.Back(ctx, admin, manager, changes[0].ID); err != nil || !h.sees(anna.ID, other) {
			h.t.Errorf("not rolled back: %v", err)
		}
		if _, err := roles.Change(ctx, admin, byCode["admin"].ID, role.Patch{Body: says()}); wrong(err) != "role.admin" {
			h.t.Error(err)
		}
		if err := roles.Remove(ctx, admin, manager); wrong(err) != "role.fixed" {
			h.t.Error(err)
		}
		if _, err := roles.Change(ctx, h.who(anna.ID), manager, role.Patch{Body: says()}); !fault.Is(err, fault.Forbidden) {
			h.t.Error(err)
		}
	})
}

func TestStandIns(t *testing.T) {
	each(t, func(h *house) {
		admin, ctx, roles := h.begun(), h.t.Context(), h.roles()
		sales, err := h.departments.Add(ctx, admin, department.Draft{Title: "Продажи"})
		h.must(err)
		head := h.add(admin, "head@example.com", access.Head, sales.ID)
		anna := h.add(admin, "anna@example.com", access.Manager, sales.ID)
		helper := h.add(admin, "helper@example.com", access.Employee, 0)
		deputy := h.add(admin, "deputy@example.com", access.Manager, 0)
		_, err = h.departments.Change(ctx, admin, sales.ID, department.Patch{HeadID: &head.ID})
		h.must(err)
		of := h.deal(anna.ID)
		now := clock.Of(h.clock.Now().Time())
		_, err = roles.AddStandIn(ctx, admin, role.StandIn{UserID: helper.ID, ForID: head.ID, Kind: role.Assistant})
		h.must(err)
		from, until := now.Add(time.Hour), now.Add(3*time.Hour)
		_, err = roles.AddStandIn(ctx, admin, role.StandIn{UserID: deputy.ID, ForID: head.ID, Kind: role.Deputy, From: from, Until: until})
		h.must(err)
		look := func(when string, wantSight, wantDeputy bool) {
			h.t.Helper()
			h.must(h.Do(ctx, func(t tx.Tx) error { return h.LockOrg(t) })) // what the job does
			if h.sees(helper.ID, of) != wantSight || h.who(helper.ID).Plan("deal", access.Edit).Sees(of) {
				h.t.Errorf("%s: the assistant sees it: %v", when, !wantSight)
			}
			if got := h.who(deputy.ID).IsHead(); got != wantDeputy {
				h.t.Errorf("%s: the deputy leads the department: %v", when, got)
			}
			if got := h.who(deputy.ID).Plan("deal", access.Edit).Sees(of); got != wantDeputy {
				h.t.Errorf("%s: the deputy edits it: %v", when, got)
			}
		}
		look("before", true, false)
		h.clock.Advance(90 * time.Minute)
		look("meanwhile", true, true)
		h.clock.Advance(2 * time.Hour)
		look("after", true, false)
		for what, in := range map[string]role.StandIn{
			"stand_in.oneself":  {UserID: anna.ID, ForID: anna.ID, Kind: role.Assistant},
			"stand_in.chain":    {UserID: anna.ID, ForID: helper.ID, Kind: role.Assistant},
			"stand_in.already":  {UserID: helper.ID, ForID: head.ID, Kind: role.Assistant},
			"stand_in.over":     {UserID: anna.ID, ForID: head.ID, Kind: role.Deputy, Until: now},
			"required":          {UserID: anna.ID, ForID: head.ID, Kind: role.Deputy},
			"user.unknown":      {UserID: anna.ID, ForID: 9999, Kind: role.Assistant},
			"role.unknown_word": {UserID: anna.ID, ForID: head.ID, Kind: "friend"},
		} {
			if _, err := roles.AddStandIn(ctx, admin, in); wrong(err) != what {
				h.t.Errorf("%+v: %v, want %s", in, err, what)
			}
		}
	})
}

func TestBadRolesAreRefused(t *testing.T) {
	each(t, func(h *house) {
		admin, ctx, roles := h.begun(), h.t.Context(), h.roles()
		see := access.Grant{Ops: []access.Op{access.See}, Scopes: []access.Scope{access.ScopeOwn}}
		for _, c := range []struct {
			p    role.Patch
			want string
		}{
			{role.Patch{}, "required"},
			{role.Patch{Title: titled("A"), Body: says(access.Grant{Scopes: see.Scopes})}, "required"},
			{role.Patch{Title: titled("A"), Body: says(access.Grant{Ops: see.Ops})}, "required"},
			{role.Patch{Title: titled("A"), Body: says(access.Grant{Ops: []access.Op{"fly"}, Scopes: see.Scopes})}, "role.unknown_word"},
			{role.Patch{Title: titled("A"), Holders: &[]role.Holder{{Kind: role.Group, ID: 77}}}, "role.no_such_holder"},
			{role.Patch{Title: titled("A"), Holders: &[]role.Holder{{Kind: role.User, ID: -1}}}, "role.no_such_holder"},
			{role.Patch{Title: titled(fmt.Sprintf("%0200d", 1))}, "user.too_long"},
		} {
			if _, err := roles.Add(ctx, admin, c.p, 0); wrong(err) != c.want {
				h.t.Errorf("%+v: %v, want %s", c.p, err, c.want)
			}
		}
		first, err := roles.Add(ctx, admin, role.Patch{Title: titled("Первая"), Body: says(see)}, 0)
		h.must(err)
		if _, err := roles.Add(ctx, admin, role.Patch{Title: titled(" Первая ")}, 0); wrong(err) != "role.title_taken" {
			h.t.Error(err)
		}
		// A document is taken over wholly or not at all.
		err = roles.Apply(ctx, admin, []role.Named{{Title: "Первая", Body: role.Body{}}, {Title: "Вторая", Body: role.Body{Areas: []access.Area{"moon"}}}})
		if wrong(err) != "role.unknown_word" {
			h.t.Error(err)
		}
		dir, err := h.Last(ctx)
		h.must(err)
		if r := dir.Book().Role(first.ID); len(r.Body.Grants) != 1 || slices.ContainsFunc(dir.Book().Roles, func(r *role.Role) bool { return r.Title == "Вторая" }) {
			h.t.Errorf("half a document: %+v", r)
		}
	})
}

// TestWhoRunsThePeople may not make himself or others more than he is.
func TestWhoRunsThePeople(t *testing.T) {
	each(t, func(h *house) {
		admin, ctx, roles := h.begun(), h.t.Context(), h.roles()
		olga := h.add(admin, "olga@example.com", access.Employee, 0)
		anna := h.add(admin, "anna@example.com", access.Manager, 0)
		_, err := roles.Add(ctx, admin, role.Patch{
			Title: titled("Кадры"), Holders: &[]role.Holder{{Kind: role.User, ID: olga.ID}},
			Body: func(now role.Body) *role.Body { now.Areas = []access.Area{access.People}; return &now },
		}, 0)
		h.must(err)
		who, name, mighty, secret := h.who(olga.ID), "Анна Новая", access.Admin, "another good one"
		if _, err := h.users.Change(ctx, who, anna.ID, user.Patch{Name: &name}); err != nil {
			h.t.Error(err)
		}
		for what, try := range map[string]func() error{
			"an administrator's password": func() error {
				_, err := h.users.Change(ctx, who, admin.UserID, user.Patch{Password: &secret})
				return err
			},
			"a password": func() error {
				_, err := h.users.Change(ctx, who, anna.ID, user.Patch{Password: &secret})
				return err
			},
			"an address": func() error {
				address := "mine@example.com"
				_, err := h.users.Change(ctx, who, anna.ID, user.Patch{Email: &address})
				return err
			},
			"another administrator": func() error { _, err := h.users.Change(ctx, who, anna.ID, user.Patch{Role: &mighty}); return err },
			"herself":               func() error { _, err := h.users.Change(ctx, who, olga.ID, user.Patch{Role: &mighty}); return err },
			"a new administrator": func() error {
				_, err := h.users.Add(ctx, who, user.Draft{Email: "x@example.com", Name: "X", Role: access.Admin})
				return err
			},
			"a role": func() error { _, err := roles.Add(ctx, who, role.Patch{Title: titled("Всё")}, 0); return err },
		} {
			if err := try(); !fault.Is(err, fault.Forbidden) {
				h.t.Errorf("%s: %v", what, err)
			}
		}
	})
}

func TestADamagedRoleLocksOutNobodyElse(t *testing.T) {
	each(t, func(h *house) {
		admin, ctx, roles := h.begun(), h.t.Context(), h.roles()
		anna, boris := h.add(admin, "anna@example.com", access.Manager, 0), h.add(admin, "boris@example.com", access.Manager, 0)
		r, err := roles.Add(ctx, admin, role.Patch{Title: titled("Битая"), Holders: &[]role.Holder{{Kind: role.User, ID: anna.ID}}}, 0)
		h.must(err)
		h.must(h.Do(ctx, func(t tx.Tx) error {
			if err := exec(t, "UPDATE access_role SET body = ? WHERE id = ?", `{"grants":[{"ops":`, r.ID); err != nil {
				return err
			}
			return h.LockOrg(t)
		}))
		if h.sees(anna.ID, h.deal(anna.ID)) || !h.sees(boris.ID, h.deal(boris.ID)) || !h.who(admin.UserID).IsAdmin() {
			h.t.Error("a damaged role gives something, or takes something from others")
		}
		if err := roles.Remove(ctx, admin, r.ID); err != nil {
			h.t.Errorf("it can't be removed: %v", err)
		}
	})
}
