package app_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"

	"voronka/internal/app"
	"voronka/internal/app/apptest"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
	"voronka/internal/org/accessjournal"
	"voronka/internal/org/user"
)

// staff are the people of the provider.
type staff struct {
	mu   sync.Mutex
	list map[string]*storage.User
}

func (s *staff) GetUserByID(id string) *storage.User {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.list[id]
}

func (s *staff) GetUserByUsername(name string) *storage.User { return s.GetUserByID(name) }

func (s *staff) ExampleClientID() string { return "service" }

func (s *staff) set(id, email string, verified bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list[id] = &storage.User{ID: id, Username: id, Password: "provider's", FirstName: "Anna", LastName: "Smirnova", Email: email, EmailVerified: verified}
}

// lodge is a portal beside a provider: a whole OpenID provider with its pages, on a port of its own.
type lodge struct {
	*apptest.Server
	t      *testing.T
	issuer string
	staff  *staff
}

func newLodge(t *testing.T, postgres bool, options ...app.Option) *lodge {
	l := &lodge{Server: apptest.Start(t, apptest.Options{Postgres: postgres, App: options}), t: t, staff: &staff{list: map[string]*storage.User{}}}
	var op http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) { op.ServeHTTP(w, req) }))
	t.Cleanup(server.Close)
	l.issuer = server.URL
	client := storage.WebClient("voronka", "provider's secret", l.URL+"/api/oidc/callback")
	op = exampleop.SetupServer(l.issuer, storage.NewStorageWithClients(l.staff, map[string]*storage.Client{"voronka": client}), slog.New(slog.DiscardHandler), false)
	l.settings(`{"active":true,"issuer":"` + l.issuer + `","client_id":"voronka","secret":"provider's secret","title":"Company login"}`)
	return l
}

func (l *lodge) settings(patch string) {
	l.t.Helper()
	call(l.t, l.Server, 200, "PATCH", "/api/oidc-settings", patch)
}

// tourist is a browser that shows every step.
type tourist struct {
	*http.Client
	l *lodge
}

func (l *lodge) browser() *tourist {
	jar, err := cookiejar.New(nil)
	if err != nil {
		l.t.Fatal(err)
	}
	return &tourist{&http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, l}
}

// next does one step and tells where it leads to.
func (b *tourist) next(answer *http.Response, err error) string {
	b.l.t.Helper()
	if err != nil {
		b.l.t.Fatal(err)
	}
	defer answer.Body.Close()
	to, err := answer.Location()
	if err != nil {
		b.l.t.Fatalf("%s %s leads nowhere: %d", answer.Request.Method, answer.Request.URL, answer.StatusCode)
	}
	return to.String()
}

// start is the address at the provider.
func (b *tourist) start(back string) string {
	b.l.t.Helper()
	return b.next(b.Get(b.l.URL + "/api/oidc/start?back=" + url.QueryEscape(back)))
}

// signIn fills in the provider's form and gives the address back to the portal.
func (b *tourist) signIn(address, person string) string {
	b.l.t.Helper()
	form := b.next(b.Get(address))
	u, err := url.Parse(form)
	if err != nil {
		b.l.t.Fatal(err)
	}
	page, err := b.Get(form)
	if err != nil || page.StatusCode != 200 {
		b.l.t.Fatal("the provider's form: ", page, err)
	}
	page.Body.Close()
	in := url.Values{"username": {person}, "password": {"provider's"}, "id": {u.Query().Get("authRequestID")}}
	return b.next(b.Get(b.next(b.PostForm(strings.SplitN(form, "?", 2)[0], in))))
}

// arrive is the last step: the word of the door, and the page to end on.
func (b *tourist) arrive(address string) (word, back string) {
	b.l.t.Helper()
	u, err := url.Parse(b.next(b.Get(address)))
	if err != nil || u.Path != "/login" {
		b.l.t.Fatal(u, err)
	}
	return u.Query().Get("oidc"), u.Query().Get("back")
}

func (b *tourist) whole(person string) string {
	b.l.t.Helper()
	word, _ := b.arrive(b.signIn(b.start("/"), person))
	return word
}

// me is who the browser is signed in as, "" nobody.
func (b *tourist) me() string {
	b.l.t.Helper()
	answer, err := b.Get(b.l.URL + "/api/me")
	if err != nil {
		b.l.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 {
		return ""
	}
	var me struct{ Email string }
	text := make([]byte, 64<<10)
	n, _ := answer.Body.Read(text)
	decode(b.l.t, text[:n], &me)
	return me.Email
}

// refusedFor are the details of failed logins, the newest first.
func (l *lodge) refusedFor() (list []string) {
	for _, e := range lines(l.t, l.Server, accessjournal.LoginFailed) {
		var d struct{ Email, Detail string }
		decode(l.t, e.Data, &d)
		list = append(list, d.Detail)
	}
	return list
}

func TestSignInThroughAProvider(t *testing.T) {
	eachDatabase(t, func(t *testing.T, postgres bool) {
		l := newLodge(t, postgres)
		l.Person("Anna", access.Manager)
		l.staff.set("a1", "Anna@Example.com", true)
		b := l.browser()
		word, back := b.arrive(b.signIn(b.start("/deals/7?tab=files"), "a1"))
		if word != "in" || back != "/deals/7?tab=files" || b.me() != "anna@example.com" {
			t.Fatal(word, back, b.me())
		}
		// Known by the subject from now on, whatever becomes of the address.
		l.staff.set("a1", "anna@married.example", false)
		if b := l.browser(); b.whole("a1") != "in" || b.me() != "anna@example.com" {
			t.Error("the subject isn't known: ", b.me())
		}
		// The address has gone to a newcomer: that isn't Anna.
		l.staff.set("a2", "anna@example.com", true)
		if b := l.browser(); b.whole("a2") != "other_identity" || b.me() != "" {
			t.Error("a stranger has Anna's account by her old address")
		}
		if list := l.refusedFor(); len(list) != 1 || list[0] != "other_identity" {
			t.Error(list)
		}
		if n := len(lines(t, l.Server, accessjournal.Account)); n < 1 {
			t.Error("the link is not noted")
		}
	})
}

func TestProvidersPeopleWhoArentLetIn(t *testing.T) {
	eachDatabase(t, func(t *testing.T, postgres bool) {
		l := newLodge(t, postgres)
		left, _ := l.Person("Left", access.Manager)
		l.Person("Unverified", access.Manager)
		l.staff.set("l1", "left@example.com", true)
		l.staff.set("u1", "unverified@example.com", false)
		l.staff.set("n1", "nobody@example.com", true)
		l.staff.set("m1", "", true)
		if word := l.browser().whole("l1"); word != "in" {
			t.Fatal(word)
		}
		active := false
		if _, err := l.Users.Change(t.Context(), access.System(), left.ID, user.Patch{Active: &active}); err != nil {
			t.Fatal(err)
		}
		for person, want := range map[string]string{"l1": "left", "u1": "email_unverified", "n1": "unknown", "m1": "no_email"} {
			if b := l.browser(); b.whole(person) != want || b.me() != "" {
				t.Errorf("%s: not %s", person, want)
			}
		}
		// Made, once an administrator wishes it: from these domains only, never as an administrator.
		for _, bad := range []string{`{"create":true}`, `{"role":"admin"}`, `{"domains":["exa mple.com"]}`, `{"issuer":"http://example.com"}`} {
			if status, answer := l.Call("PATCH", "/api/oidc-settings", bad, "Authorization", "Bearer "+l.Token); status != 422 {
				t.Errorf("%s: %d %s", bad, status, answer)
			}
		}
		l.settings(`{"create":true,"role":"head","domains":["@Example.com"]}`)
		l.staff.set("o1", "o@other.example", true)
		if b := l.browser(); b.whole("n1") != "in" || b.me() != "nobody@example.com" {
			t.Error("a newcomer isn't made")
		}
		if word := l.browser().whole("o1"); word != "unknown" {
			t.Error("a newcomer of another domain: ", word)
		}
		people, err := l.Org.Last(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range people.Users() {
			if u.Email == "nobody@example.com" && (u.Role != access.Head || u.Name != "Anna Smirnova") {
				t.Errorf("%+v", u)
			}
		}
	})
}

// Whoever tampers with the way comes nowhere.
func TestTamperedWaysToTheProvider(t *testing.T) {
	eachDatabase(t, func(t *testing.T, postgres bool) {
		now := clock.NewManual(time.Now())
		l := newLodge(t, postgres, app.WithClock(now))
		l.Person("Anna", access.Manager)
		l.staff.set("a1", "anna@example.com", true)
		changed := func(address, name, value string) string {
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			q := u.Query()
			q.Set(name, value)
			u.RawQuery = q.Encode()
			return u.String()
		}
		want := func(what string, b *tourist, address, word string) {
			t.Helper()
			if got, _ := b.arrive(address); got != word || b.me() != "" {
				t.Errorf("%s: %q, signed in as %q", what, got, b.me())
			}
		}
		b := l.browser()
		want("another state", b, changed(b.signIn(b.start("/"), "a1"), "state", "x"), "state")
		want("no attempt at all", l.browser(), l.URL+"/api/oidc/callback?code=x&state=y", "state")
		victim := l.browser()
		victim.start("/")
		thief := l.browser()
		want("a thief's way in the victim's browser", victim, thief.signIn(thief.start("/"), "a1"), "state")
		b = l.browser()
		want("another nonce", b, b.signIn(changed(b.start("/"), "nonce", "x"), "a1"), "answer")
		b = l.browser()
		want("another verifier", b, b.signIn(changed(b.start("/"), "code_challenge", strings.Repeat("x", 43)), "a1"), "answer")
		b = l.browser()
		want("another code", b, changed(b.signIn(b.start("/"), "a1"), "code", "x"), "answer")
		b = l.browser()
		want("he didn't want to", b, changed(changed(b.signIn(b.start("/"), "a1"), "code", ""), "error", "access_denied"), "cancelled")

		b = l.browser()
		start, err := url.Parse(l.URL + "/api/oidc/start")
		if err != nil {
			t.Fatal(err)
		}
		address := b.signIn(b.start("/"), "a1")
		attempt := b.Jar.Cookies(start)
		if word, _ := b.arrive(address); word != "in" {
			t.Fatal(word)
		}
		again := l.browser()
		want("the attempt is gone", b2(b, l), address, "state")
		again.Jar.SetCookies(start, attempt)
		want("a code for the second time", again, address, "answer")

		b = l.browser()
		address = b.signIn(b.start("/"), "a1")
		now.Advance(16 * time.Minute)
		want("too late", b, address, "state")
		now.Advance(2 * time.Hour)
		b = l.browser()
		want("an expired token", b, b.signIn(b.start("/"), "a1"), "answer")
		for _, back := range []string{"//evil.example", "https://evil.example", `/\evil.example`, "deals"} {
			now.Set(clock.Of(time.Now()))
			b := l.browser()
			if word, to := b.arrive(b.signIn(b.start(back), "a1")); word != "in" || to != "/" {
				t.Errorf("%s leads to %s (%s)", back, to, word)
			}
		}
		l.settings(`{"active":false}`)
		want("switched off", l.browser(), l.URL+"/api/oidc/start", "off")
	})
}

// b2 is a browser with the cookies of another but its session.
func b2(b *tourist, l *lodge) *tourist {
	other := l.browser()
	at, _ := url.Parse(l.URL + "/api/oidc/callback")
	for _, c := range b.Jar.Cookies(at) {
		if c.Name != "voronka_session" {
			other.Jar.SetCookies(at, []*http.Cookie{c})
		}
	}
	return other
}

// A provider may be in the company's network; what it names else may not. Its secret goes nowhere else.
func TestProvidersSettingsAreCareful(t *testing.T) {
	l := newLodge(t, false)
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the provider sent us inside") }))
	defer inside.Close()
	var sly *httptest.Server
	sly = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.URL.Path == "/moved/.well-known/openid-configuration" {
			http.Redirect(w, req, inside.URL+"/x", http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"issuer":"%[1]s","authorization_endpoint":"%[1]s/auth","token_endpoint":"%[2]s/token","jwks_uri":"%[2]s/keys"}`, sly.URL, inside.URL)
	}))
	defer sly.Close()
	l.settings(`{"active":true,"issuer":"` + sly.URL + `","secret":"new"}`)
	b := l.browser()
	address, err := url.Parse(b.start("/"))
	if err != nil {
		t.Fatal(err)
	}
	if word, _ := b.arrive(l.URL + "/api/oidc/callback?code=c&state=" + address.Query().Get("state")); word != "unreachable" {
		t.Error(word)
	}
	for patch, path := range map[string]string{
		`{"issuer":"` + l.issuer + `"}`:                                    "secret", // that of another provider
		`{"issuer":"` + sly.URL + `/moved","secret":"x"}`:                  "issuer",
		`{"issuer":"http://127.0.0.1:1","secret":"x"}`:                     "issuer",
		`{"issuer":"https://169.254.169.254","secret":"x"}`:                "issuer",
		`{"issuer":"https://user:word@example.com","secret":"x"}`:          "issuer",
		`{"title":"` + strings.Repeat("x", 61) + `","secret":"something"}`: "title",
	} {
		status, answer := l.Call("PATCH", "/api/oidc-settings", patch, "Authorization", "Bearer "+l.Token)
		if status != 422 || !strings.Contains(string(answer), `"path":"`+path+`"`) {
			t.Errorf("%s: %d %s", patch, status, answer)
		}
	}
	if answer := string(call(t, l.Server, 200, "GET", "/api/oidc-settings", nil)); strings.Contains(answer, "new") || !strings.Contains(answer, `"has_secret":true`) {
		t.Error(answer)
	}
}
