package orgstore

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	recordstore "voronka/internal/adapter/sqlstore/record"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/department"
	"voronka/internal/org/directory"
	"voronka/internal/org/portal"
	"voronka/internal/org/session"
	"voronka/internal/org/setup"
	"voronka/internal/org/user"
	"voronka/internal/org/worktime"
	"voronka/internal/record/record"
)

// house is house org put together over one database, as the program does it.
type house struct {
	*Store
	t           *testing.T
	d           *db.DB
	clock       *clock.Manual
	users       *user.Service
	departments *department.Service
	sessions    *session.Service
	setup       *setup.Service
	portal      *portal.Service
	records     *record.Service
	withdrawn   []int64
}

func (h *house) OnDeactivated(t tx.Tx, userID int64) error {
	t.AfterCommit(func() { h.withdrawn = append(h.withdrawn, userID) })
	return nil
}

func each(t *testing.T, f func(h *house)) {
	c := clock.NewManual(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(build(t, d, c)) }, func(o *db.Options) { o.Clock = c })
}

func build(t *testing.T, d *db.DB, c *clock.Manual) *house {
	s, hasher := New(d), user.NewHasher()
	h := &house{Store: s, t: t, d: d, clock: c}
	if err := recordstore.EnsureBuiltins(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	h.records = record.New(recordstore.New(d), s, nil)
	h.sessions = session.New(d, s, s, hasher, c)
	h.users = &user.Service{Tx: s, Store: s, Sessions: h.sessions, Restamp: s, Hasher: hasher, Deactivated: []user.OnDeactivated{h}}
	h.departments = &department.Service{Tx: s, Store: s, Restamp: s}
	h.setup = &setup.Service{Tx: s, Store: s, Users: h.users, Departments: h.departments, Sessions: h.sessions, Hasher: hasher, Guard: setup.NewGuard(c)}
	h.portal = &portal.Service{Tx: s, Store: s}
	return h
}

const password = "correct horse"

func plan(email string) setup.Plan {
	p := portal.Default()
	p.Company = "ООО «Ромашка»"
	return setup.Plan{Portal: p, Name: "Елена Жукова", Email: email, Password: password}
}

// begun is a portal after its first run.
func (h *house) begun() access.Who {
	h.t.Helper()
	done, err := h.setup.Init(h.t.Context(), plan("elena@example.com"))
	if err != nil {
		h.t.Fatal(err)
	}
	return h.who(done.Admin.ID)
}

func (h *house) who(id int64) access.Who {
	h.t.Helper()
	dir, err := h.Last(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	w, ok := dir.Who(id)
	if !ok {
		h.t.Fatalf("person %d is not there", id)
	}
	return w
}

func (h *house) add(admin access.Who, email string, role access.Role, department int64) *user.User {
	h.t.Helper()
	u, err := h.users.Add(h.t.Context(), admin, user.Draft{Email: email, Name: "Имя " + email, Role: role, DepartmentID: department, Password: password})
	if err != nil {
		h.t.Fatal(err)
	}
	return u
}

func key(err error) string {
	var e *fault.Error
	switch {
	case err == nil:
		return ""
	case !errors.As(err, &e):
		return err.Error()
	case len(e.Fields) > 0:
		return e.Fields[0].Path + " " + e.Fields[0].Key
	}
	return e.Key
}

func want(t *testing.T, err error, k string) {
	t.Helper()
	if got := key(err); got != k {
		t.Fatalf("%q (%v), want %q", got, err, k)
	}
}

func TestUsers(t *testing.T) {
	each(t, func(h *house) {
		ctx, admin := h.t.Context(), h.begun()
		anna := h.add(admin, "Anna@Example.com", access.Manager, 0)
		if anna.ID == 0 || anna.Lang != "ru" || anna.Zone != "Europe/Moscow" {
			h.t.Errorf("%+v", anna)
		}
		for k, d := range map[string]user.Draft{
			"email user.email_taken":        {Email: "ANNA@example.COM", Name: "Анна", Role: access.Manager},
			"email user.bad_email":          {Email: "anna", Name: "Анна", Role: access.Manager},
			"name user.name_missing":        {Email: "b@example.com", Name: " ", Role: access.Manager},
			"role user.bad_role":            {Email: "b@example.com", Name: "Б", Role: "owner"},
			"phone user.bad_phone":          {Email: "b@example.com", Name: "Б", Role: access.Manager, Phone: "мимо"},
			"zone user.bad_zone":            {Email: "b@example.com", Name: "Б", Role: access.Manager, Zone: "Mars"},
			"language user.bad_language":    {Email: "b@example.com", Name: "Б", Role: access.Manager, Lang: "fr"},
			"password user.password_short":  {Email: "b@example.com", Name: "Б", Role: access.Manager, Password: "1"},
			"password user.password_common": {Email: "b@example.com", Name: "Б", Role: access.Manager, Password: "Qwerty123"},
			"name user.bad_characters":      {Email: "b@example.com", Name: "Б\x00", Role: access.Manager},
		} {
			_, err := h.users.Add(ctx, admin, d)
			want(h.t, err, k)
		}
		_, err := h.users.Add(ctx, admin, user.Draft{Email: "b@example.com", Name: "Б", Role: access.Head, DepartmentID: 99})
		want(h.t, err, "department department.unknown")
	})
}

func TestOnlyAdministratorsChangePeople(t *testing.T) {
	each(t, func(h *house) {
		ctx, admin := h.t.Context(), h.begun()
		anna := h.add(admin, "anna@example.com", access.Manager, 0)
		self, role, name := h.who(anna.ID), access.Admin, "Анна Петрова"
		_, err := h.users.Change(ctx, self, anna.ID, user.Patch{Role: &role})
		want(h.t, err, "rights.area_people")
		_, err = h.users.Change(ctx, self, admin.UserID, user.Patch{Name: &name})
		want(h.t, err, "rights.area_people")
		_, err = h.users.Add(ctx, self, user.Draft{})
		want(h.t, err, "rights.area_people")
		_, err = h.users.Change(ctx, access.Who{}, 0, user.Patch{Name: &name})
		want(h.t, err, "rights.area_people")
		changed, err := h.users.Change(ctx, self, anna.ID, user.Patch{Name: &name})
		want(h.t, err, "")
		if changed.User.Name != name || h.who(anna.ID).Name != name {
			h.t.Error("the new name isn't known at once")
		}
		_, err = h.users.Change(ctx, admin, 12345, user.Patch{Name: &name})
		want(h.t, err, "user.unknown")
		_, err = h.portal.Change(ctx, self, portal.Patch{Company: &name})
		want(h.t, err, "rights.area_portal")
		_, err = h.departments.Add(ctx, self, department.Draft{Title: "x"})
		want(h.t, err, "rights.area_people")
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	each(t, func(h *house) {
		ctx, admin := h.t.Context(), h.begun()
		manager := access.Manager
		_, err := h.users.Change(ctx, admin, admin.UserID, user.Deactivate())
		want(h.t, err, "user.last_admin")
		_, err = h.users.Change(ctx, admin, admin.UserID, user.Patch{Role: &manager})
		want(h.t, err, "user.last_admin")
		second := h.add(admin, "second@example.com", access.Admin, 0)
		_, err = h.users.Change(ctx, admin, admin.UserID, user.Patch{Role: &manager})
		want(h.t, err, "")
		_, err = h.users.Change(ctx, h.who(second.ID), second.ID, user.Deactivate())
		want(h.t, err, "user.last_admin")
	})
}

func TestTwoAdministratorsRemoveEachOtherAtOnce(t *testing.T) {
	each(t, func(h *house) {
		first := h.begun()
		second := h.who(h.add(first, "second@example.com", access.Admin, 0).ID)
		for range 10 {
			errs := together(func() error {
				_, err := h.users.Change(context.Background(), first, second.UserID, user.Deactivate())
				return err
			}, func() error {
				_, err := h.users.Change(context.Background(), second, first.UserID, user.Deactivate())
				return err
			})
			if (errs[0] == nil) == (errs[1] == nil) {
				h.t.Fatalf("exactly one must win: %v, %v", errs[0], errs[1])
			}
			for i, err := range errs {
				if err == nil {
					continue
				}
				want(h.t, err, "user.last_admin")
				on := true
				loser, winner := second.UserID, first
				if i == 0 { // the second removed the first, who comes back for the next round
					loser, winner = first.UserID, second
				}
				if _, err := h.users.Change(context.Background(), winner, loser, user.Patch{Active: &on}); err != nil {
					h.t.Fatal(err)
				}
			}
		}
	})
}

func together(fs ...func() error) []error {
	errs, start := make([]error, len(fs)), make(chan struct{})
	var group sync.WaitGroup
	for i, f := range fs {
		group.Go(func() { <-start; errs[i] = f() })
	}
	close(start)
	group.Wait()
	return errs
}

func TestDeactivating(t *testing.T) {
	each(t, func(h *house) {
		ctx, admin := h.t.Context(), h.begun()
		anna := h.add(admin, "anna@example.com", access.Manager, 0)
		in, err := h.sessions.Login(ctx, "anna@example.com", password, session.From{IP: "192.0.2.1"})
		cookie := in.Secret
		want(h.t, err, "")
		bearer, _, err := h.sessions.AddToken(ctx, h.who(anna.ID), anna.ID, session.TokenDraft{Title: "выгрузка"})
		want(h.t, err, "")
		_, err = h.sessions.ByToken(ctx, bearer)
		want(h.t, err, "")
		changed, err := h.users.Change(ctx, admin, anna.ID, user.Deactivate())
		want(h.t, err, "")
		if changed.User.Active || changed.Held != 0 || len(h.withdrawn) != 1 {
			h.t.Errorf("%+v %v", changed, h.withdrawn)
		}
		_, _, err = h.sessions.ByCookie(ctx, cookie)
		want(h.t, err, "session.ended")
		_, err = h.sessions.ByToken(ctx, bearer)
		want(h.t, err, "session.ended")
		_, err = h.sessions.Login(ctx, "anna@example.com", password, session.From{IP: "192.0.2.1"})
		want(h.t, err, "session.wrong")
		on := true
		_, err = h.users.Change(ctx, admin, anna.ID, user.Patch{Active: &on})
		want(h.t, err, "")
		_, _, err = h.sessions.ByCookie(ctx, cookie)
		want(h.t, err, "session.ended") // the old session is gone for good
		_, err = h.sessions.Login(ctx, "anna@example.com", password, session.From{IP: "192.0.2.1"})
		want(h.t, err, "")
	})
}

func TestPortal(t *testing.T) {
	each(t, func(h *house) {
		ctx, admin := h.t.Context(), h.begun()
		company, usd, bad, zone := "Акме", "USD", "рубль", "Asia/Almaty"
		after, err := h.portal.Change(ctx, admin, portal.Patch{Company: &company, Currency: &usd, Zone: &zone})
		want(h.t, err, "")
		dir, _ := h.Last(ctx)
		if dir.Portal != after || after.Company != company || after.Currency != "USD" {
			h.t.Errorf("%+v, %+v", dir.Portal, after)
		}
		_, err = h.portal.Change(ctx, admin, portal.Patch{Currency: &bad})
		want(h.t, err, "currency portal.bad_currency")
		h.create(admin, "deal", record.Values{"title": "x"})
		schema, yen := recordstore.New(h.d), "JPY"
		for _, currency := range []*string{&usd, &yen} { // a yen has no hundredths: what is kept of the schema follows
			_, err = h.portal.Change(ctx, admin, portal.Patch{Currency: currency})
			want(h.t, err, "")
			if cat, err := schema.FreshCatalog(ctx); err != nil || cat.Portal.Currency != *currency {
				h.t.Errorf("the schema knows %+v, %v", cat.Portal, err)
			}
		}
		rub := "RUB"
		_, err = h.portal.Change(ctx, admin, portal.Patch{Currency: &rub})
		want(h.t, err, "")
		_, err = h.portal.Change(ctx, admin, portal.Patch{Currency: &usd})
		want(h.t, err, "")
		h.create(admin, "deal", record.Values{"title": "x", "amount": map[string]any{"amount": "1", "currency": "USD"}})
		_, err = h.portal.Change(ctx, admin, portal.Patch{Currency: &rub})
		want(h.t, err, "currency portal.currency_fixed")
		_, err = h.portal.Change(ctx, admin, portal.Patch{Currency: &usd})
		want(h.t, err, "")
	})
}

func (h *house) exec(sql string, args ...any) {
	h.t.Helper()
	if err := h.d.Do(context.Background(), func(t tx.Tx) error { return exec(t, sql, args...) }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) int(sql string, args ...any) (n int64) {
	h.t.Helper()
	if err := h.d.Read(context.Background(), func(q db.Q) (err error) { n, err = db.Int(q, sql, args...); return err }); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// create makes a record through the machinery of records.
func (h *house) create(who access.Who, typ string, values ...record.Values) {
	h.t.Helper()
	err := h.d.Do(context.Background(), func(t tx.Tx) error {
		for _, v := range values {
			if _, err := h.records.Create(t, who, typ, v); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func TestHoursFollowTheSettings(t *testing.T) {
	each(t, func(h *house) {
		ctx, admin, hours := h.t.Context(), h.begun(), directory.Hours{Source: h.Store}
		friday := clock.Of(time.Date(2026, 11, 20, 17, 30, 0, 0, time.FixedZone("MSK", 3*3600)))
		due := func() (due clock.Instant, seconds int64) {
			err := h.d.Do(ctx, func(t tx.Tx) (err error) {
				if due, err = hours.Due(t, admin.UserID, friday, time.Hour); err == nil {
					seconds, err = hours.Between(t, admin.UserID, friday, due)
				}
				return err
			})
			want(h.t, err, "")
			return due, seconds
		}
		if d, s := due(); d != friday.Add(64*time.Hour) || s != 3600 { // Monday, 9:30
			h.t.Errorf("%v, %d", d.Time(), s)
		}
		zone, _ := worktime.Zone("Europe/Moscow")
		always := worktime.Always()
		always.Zone = zone
		_, err := h.portal.Change(ctx, admin, portal.Patch{WorkTime: always})
		want(h.t, err, "")
		if d, s := due(); d != friday.Add(time.Hour) || s != 3600 {
			h.t.Errorf("%v, %d", d.Time(), s)
		}
		_, err = h.portal.Change(ctx, admin, portal.Patch{WorkTime: &worktime.Schedule{Zone: zone}})
		want(h.t, err, "")
		if d, _ := due(); d != friday.Add(time.Hour) {
			h.t.Errorf("nobody ever works: %v", d.Time())
		}
	})
}
