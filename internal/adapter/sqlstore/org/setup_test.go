package orgstore

import (
	"context"
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
	"voronka/internal/org/session"
	"voronka/internal/org/setup"
	"voronka/internal/org/user"
)

func TestFirstRun(t *testing.T) {
	each(t, func(h *house) {
		ctx, from := h.t.Context(), session.From{IP: "192.0.2.1", Agent: "Firefox"}
		code, needed, err := h.setup.Prepare(ctx)
		if err != nil || !needed || len(code) != 8 {
			h.t.Fatalf("%q %v %v", code, needed, err)
		}
		p := plan("elena@example.com")
		p.Departments = []setup.Department{{Title: "Продажи", Head: "boris@example.com"}, {Title: "Опт", Parent: "продажи"}}
		p.People = []setup.Person{{Name: "Борис", Email: "Boris@example.com", Role: access.Head, Department: "Продажи"}, {Name: "Анна", Email: "anna@example.com", Role: access.Manager, Department: "ОПТ"}}
		_, err = h.setup.Run(ctx, "AAAAAAAA", p, from)
		want(h.t, err, "code setup.bad_code")
		bad := p
		bad.People = append([]setup.Person{}, p.People...)
		bad.People[1].Email = "ELENA@example.com"
		_, err = h.setup.Run(ctx, code, bad, from)
		want(h.t, err, "people/1/email user.email_taken")
		bad.People[1] = setup.Person{Name: "Анна", Email: "anna@example.com", Role: access.Manager, Department: "Закупки"}
		_, err = h.setup.Run(ctx, code, bad, from)
		want(h.t, err, "people/1/department department.unknown")
		if h.int("SELECT COUNT(*) FROM users")+h.int("SELECT COUNT(*) FROM department") != 0 {
			h.t.Fatal("a failed first run leaves something behind")
		}
		done, err := h.setup.Run(ctx, strings.ToLower(code[:4])+"-"+code[4:], p, from)
		want(h.t, err, "")
		who, _, err := h.sessions.ByCookie(ctx, done.Secret)
		if err != nil || who.UserID != done.Admin.ID || !who.IsAdmin() {
			h.t.Errorf("not signed in: %+v %v", who, err)
		}
		if len(done.Passwords) != 2 {
			h.t.Fatalf("%+v", done.Passwords)
		}
		_, err = h.sessions.Login(ctx, "boris@example.com", done.Passwords[0].Password, from)
		want(h.t, err, "")
		boris := h.who(done.Passwords[0].UserID)
		if len(boris.HeadOfIDs) != 2 {
			h.t.Errorf("Boris heads %v", boris.HeadOfIDs)
		}
		dir, _ := h.Last(ctx)
		if !dir.User(boris.UserID).Prefs.ChangePassword || dir.User(done.Admin.ID).Prefs.ChangePassword {
			h.t.Error("a one-time password must be changed, a chosen one not")
		}
		if _, needed, err := h.setup.Prepare(ctx); needed || err != nil {
			h.t.Errorf("still needed: %v", err)
		}
		_, err = h.setup.Run(ctx, code, plan("stranger@example.com"), from)
		want(h.t, err, "setup.done")
		_, err = h.setup.Init(ctx, plan("stranger@example.com"))
		want(h.t, err, "setup.done")
	})
}

func TestTwoStrangersRaceForThePortal(t *testing.T) {
	each(t, func(h *house) {
		code, _, err := h.setup.Prepare(h.t.Context())
		want(h.t, err, "")
		errs := together(func() error {
			_, err := h.setup.Run(context.Background(), code, plan("one@example.com"), session.From{IP: "192.0.2.1"})
			return err
		}, func() error {
			_, err := h.setup.Run(context.Background(), code, plan("two@example.com"), session.From{IP: "192.0.2.2"})
			return err
		})
		if (errs[0] == nil) == (errs[1] == nil) {
			h.t.Fatalf("exactly one must win: %v, %v", errs[0], errs[1])
		}
		if n := h.int("SELECT COUNT(*) FROM users"); n != 1 {
			h.t.Errorf("%d people", n)
		}
	})
}

func TestGuessingTheSetupCode(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		old, _, _ := h.setup.Prepare(ctx)
		code, _, _ := h.setup.Prepare(ctx)
		_, err := h.setup.Run(ctx, old, plan("a@example.com"), session.From{IP: "192.0.2.9"})
		want(h.t, err, "code setup.bad_code") // a restart makes a new code
		_, err = h.setup.Run(ctx, "", plan("a@example.com"), session.From{IP: "192.0.2.9"})
		want(h.t, err, "code setup.bad_code")
		refused := 0
		for range 20 {
			if _, err := h.setup.Run(ctx, "WRONG222", plan("a@example.com"), session.From{IP: "192.0.2.1"}); key(err) == "session.too_many" {
				refused++
			}
		}
		if refused < 10 {
			h.t.Errorf("only %d of 20 guesses were slowed down", refused)
		}
		h.exec("UPDATE setting SET value = replace(value, '\"attempts\":', '\"attempts\":100') WHERE key = 'setup'")
		_, err = h.setup.Run(ctx, code, plan("a@example.com"), session.From{IP: "192.0.2.2"})
		want(h.t, err, "setup.code_spent")
	})
}

func TestSessions(t *testing.T) {
	each(t, func(h *house) {
		ctx, admin := h.t.Context(), h.begun()
		from := session.From{IP: "2001:db8::1", Agent: strings.Repeat("x", 1000)}
		login := func() (string, session.Session) {
			in, err := h.sessions.Login(ctx, " Elena@example.com", password, from)
			token, s := in.Secret, in.Session
			want(h.t, err, "")
			return token, s
		}
		one, s1 := login()
		two, s2 := login()
		for _, token := range []string{one, two} {
			who, _, err := h.sessions.ByCookie(ctx, token)
			if err != nil || who.UserID != admin.UserID {
				h.t.Fatalf("%+v %v", who, err)
			}
		}
		list, err := h.sessions.Sessions(ctx, admin.UserID)
		if err != nil || len(list) != 2 || len(list[0].Agent) != 300 {
			h.t.Fatalf("%v %v", list, err)
		}
		want(h.t, h.sessions.Revoke(ctx, admin.UserID+1, s1.ID), "session.unknown")
		want(h.t, h.sessions.Revoke(ctx, admin.UserID, s1.ID), "")
		_, _, err = h.sessions.ByCookie(ctx, one)
		want(h.t, err, "session.ended") // at once
		want(h.t, h.users.SetOwnPassword(ctx, h.Store, admin.UserID, s2.ID, "wrong", "another horse"), "old user.password_wrong")
		three, _ := login()
		want(h.t, h.users.SetOwnPassword(ctx, h.Store, admin.UserID, s2.ID, password, "another horse"), "")
		_, _, err = h.sessions.ByCookie(ctx, three)
		want(h.t, err, "session.ended")
		_, _, err = h.sessions.ByCookie(ctx, two)
		want(h.t, err, "")
		_, err = h.sessions.Login(ctx, "elena@example.com", password, from)
		want(h.t, err, "session.wrong")
		for _, bad := range []string{"", "x", strings.Repeat("x", 5000), two + "x"} {
			_, _, err = h.sessions.ByCookie(ctx, bad)
			want(h.t, err, "session.ended")
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.begun()
		idleIn, err := h.sessions.Login(ctx, "elena@example.com", password, session.From{})
		idle := idleIn.Secret
		want(h.t, err, "")
		usedIn, err := h.sessions.Login(ctx, "elena@example.com", password, session.From{})
		used := usedIn.Secret
		want(h.t, err, "")
		for day := range 100 {
			h.clock.Advance(24 * time.Hour)
			_, _, err := h.sessions.ByCookie(ctx, used)
			if (err == nil) != (day+1 < 90) {
				h.t.Fatalf("in use, day %d: %v", day+1, err)
			}
			if day+1 == 31 {
				_, _, err := h.sessions.ByCookie(ctx, idle)
				want(h.t, err, "session.ended")
			}
		}
	})
}

func TestRevokedElsewhereEndsWithinSeconds(t *testing.T) {
	each(t, func(h *house) {
		ctx := h.t.Context()
		h.begun()
		in, err := h.sessions.Login(ctx, "elena@example.com", password, session.From{})
		token, s := in.Secret, in.Session
		want(h.t, err, "")
		_, _, err = h.sessions.ByCookie(ctx, token)
		want(h.t, err, "")
		h.exec("DELETE FROM session WHERE id = ?", s.ID) // another node
		h.clock.Advance(5 * time.Second)
		_, _, err = h.sessions.ByCookie(ctx, token)
		want(h.t, err, "session.ended")
	})
}

func TestTokens(t *testing.T) {
	each(t, func(h *house) {
		ctx, admin := h.t.Context(), h.begun()
		anna := h.who(h.add(admin, "anna@example.com", access.Manager, 0).ID)
		guest := h.who(h.add(admin, "guest@example.com", access.Guest, 0).ID)
		soon := h.clock.Now().Add(time.Hour)
		text, k, err := h.sessions.AddToken(ctx, anna, anna.UserID, session.TokenDraft{Title: " склад ", Expires: soon})
		if err != nil || !strings.HasPrefix(text, "vrk_") || k.Title != "склад" {
			h.t.Fatalf("%q %+v %v", text, k, err)
		}
		_, _, err = h.sessions.AddToken(ctx, anna, admin.UserID, session.TokenDraft{Title: "чужой"})
		want(h.t, err, "org.admin_only")
		_, _, err = h.sessions.AddToken(ctx, guest, guest.UserID, session.TokenDraft{Title: "гость"})
		want(h.t, err, "org.admin_only")
		_, _, err = h.sessions.AddToken(ctx, anna, anna.UserID, session.TokenDraft{})
		want(h.t, err, "title token.title_missing")
		_, _, err = h.sessions.AddToken(ctx, anna, anna.UserID, session.TokenDraft{Title: "x", Expires: h.clock.Now()})
		want(h.t, err, "expires_at token.expires_past")
		who, err := h.sessions.ByToken(ctx, text)
		if err != nil || who.UserID != anna.UserID {
			h.t.Fatalf("%+v %v", who, err)
		}
		used := h.int("SELECT used_at FROM api_token")
		h.clock.Advance(30 * time.Second)
		_, _ = h.sessions.ByToken(ctx, text)
		if again := h.int("SELECT used_at FROM api_token"); again != used || used == 0 {
			h.t.Errorf("used at %d, then %d: at most once a minute", used, again)
		}
		h.clock.Advance(31 * time.Second)
		_, _ = h.sessions.ByToken(ctx, text)
		if again := h.int("SELECT used_at FROM api_token"); again <= used {
			h.t.Errorf("the later use is not recorded")
		}
		h.clock.Advance(time.Hour)
		_, err = h.sessions.ByToken(ctx, text)
		want(h.t, err, "session.ended")
		text, k, err = h.sessions.AddToken(ctx, admin, anna.UserID, session.TokenDraft{Title: "от администратора"})
		want(h.t, err, "")
		_, err = h.sessions.ByToken(ctx, text)
		want(h.t, err, "")
		want(h.t, h.sessions.RevokeToken(ctx, anna, anna.UserID, k.ID), "")
		want(h.t, h.sessions.RevokeToken(ctx, anna, anna.UserID, k.ID), "token.unknown")
		_, err = h.sessions.ByToken(ctx, text)
		want(h.t, err, "session.ended")
		if h.int("SELECT COUNT(*) FROM api_token WHERE token_hash LIKE 'vrk%'") != 0 {
			h.t.Error("a token is stored readable")
		}
	})
}

func TestRoleTakesEffectAtOnce(t *testing.T) {
	each(t, func(h *house) {
		ctx, admin := h.t.Context(), h.begun()
		anna := h.add(admin, "anna@example.com", access.Manager, 0)
		tokenIn, err := h.sessions.Login(ctx, "anna@example.com", password, session.From{})
		token := tokenIn.Secret
		want(h.t, err, "")
		_, _, err = h.sessions.ByCookie(ctx, token)
		want(h.t, err, "")
		guest := access.Guest
		_, err = h.users.Change(ctx, admin, anna.ID, user.Patch{Role: &guest})
		want(h.t, err, "")
		if who, _, err := h.sessions.ByCookie(ctx, token); err != nil || who.Role != access.Guest {
			h.t.Errorf("%+v %v", who, err)
		}
	})
}

// BenchmarkByCookie is what every request pays to know who sends it.
func BenchmarkByCookie(b *testing.B) {
	c := clock.NewManual(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))
	d := dbtest.SQLite(b, func(o *db.Options) { o.Clock = c })
	s, hasher := New(d), user.NewHasher()
	sessions := session.New(d, s, s, hasher, c)
	users := &user.Service{Tx: s, Store: s, Sessions: sessions, Restamp: s, Hasher: hasher}
	if _, err := users.Add(b.Context(), access.System(), user.Draft{Email: "a@example.com", Name: "A", Role: access.Admin, Password: password}); err != nil {
		b.Fatal(err)
	}
	in, err := sessions.Login(b.Context(), "a@example.com", password, session.From{})
	token := in.Secret
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := sessions.ByCookie(b.Context(), token); err != nil {
			b.Fatal(err)
		}
	}
}
