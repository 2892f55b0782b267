package record_test

import (
	"context"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	store "voronka/internal/adapter/sqlstore/record"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/department"
	"voronka/internal/org/directory"
	"voronka/internal/org/portal"
	"voronka/internal/org/user"
	"voronka/internal/record/record"
)

// company is an organisation that never changes: two departments under one, an administrator (1), a head (2) and his
// managers (3, 4), a manager elsewhere (5), one who left (6).
type company struct{ dir *directory.Directory }

func (c company) In(tx.Tx) (*directory.Directory, error) { return c.dir, nil }

func newCompany() company {
	p := portal.Default()
	p.Company = "Пример"
	person := func(id int64, role access.Role, dept int64) *user.User {
		return &user.User{ID: id, Name: string(rune('A' + id)), Role: role, DepartmentID: dept, Lang: "ru", Zone: "Europe/Moscow", Active: id != 6}
	}
	return company{directory.New(p, nil,
		[]*user.User{person(1, access.Admin, 1), person(2, access.Head, 2), person(3, access.Manager, 2), person(4, access.Manager, 2), person(5, access.Manager, 3), person(6, access.Manager, 3)},
		[]*department.Department{
			{ID: 1, Title: "Все", Pos: 1000, PosEnd: 3999},
			{ID: 2, ParentID: 1, Title: "Продажи", HeadID: 2, Pos: 2000, PosEnd: 2999},
			{ID: 3, ParentID: 1, Title: "Сметы", Pos: 3000, PosEnd: 3999},
		}, directory.Restamping{})}
}

// house is a portal of records for a test.
type house struct {
	*testing.T
	d       *db.DB
	store   *store.Store
	service *record.Service
	company company
}

func newHouse(t *testing.T, d *db.DB) *house {
	t.Helper()
	if err := store.EnsureBuiltins(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	h := &house{T: t, d: d, store: store.New(d), company: newCompany()}
	h.service = record.New(h.store, h.company, nil)
	return h
}

func (h *house) who(id int64) access.Who {
	w, ok := h.company.dir.Who(id)
	if !ok {
		h.Fatalf("nobody is %d", id)
	}
	return w
}

func (h *house) do(user int64, f func(t tx.Tx) error) error {
	return h.d.Do(tx.WithActor(context.WithoutCancel(h.Context()), user), f)
}

func (h *house) create(user int64, typ string, v record.Values) (id int64, err error) {
	err = h.do(user, func(t tx.Tx) error { id, err = h.service.Create(t, h.who(user), typ, v); return err })
	return id, err
}

func (h *house) mustCreate(user int64, typ string, v record.Values) int64 {
	h.Helper()
	id, err := h.create(user, typ, v)
	if err != nil {
		h.Fatalf("create %s %v: %v", typ, v, err)
	}
	return id
}

func (h *house) update(user int64, typ string, id int64, v record.Values, base int64) (version int64, err error) {
	err = h.do(user, func(t tx.Tx) error {
		version, err = h.service.Update(t, h.who(user), ref.Ref{Type: typ, ID: id}, v, base)
		return err
	})
	return version, err
}

func (h *house) load(user int64, typ string, id int64) (s *record.State, err error) {
	err = h.do(user, func(t tx.Tx) error {
		s, err = h.service.Load(t, h.who(user), ref.Ref{Type: typ, ID: id})
		return err
	})
	return s, err
}

// json is a record's own fields in the API's shape.
func (h *house) json(typ string, id int64) map[string]string {
	h.Helper()
	out := map[string]string{}
	s, err := h.load(1, typ, id)
	if err != nil {
		h.Fatal(err)
	}
	cat, err := h.store.LastCatalog(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	t := cat.Type(typ)
	for _, f := range append(t.System, t.Fields...) {
		out[f.Code] = string(cat.AppendJSON(nil, f, s.Get(f)))
	}
	return out
}
