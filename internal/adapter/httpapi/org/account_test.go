package orgapi_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/account"
	"voronka/internal/org/role"
	"voronka/internal/org/session"
)

// postbox keeps the letters of a test.
type postbox struct {
	letters []account.Letter
	closed  bool
}

func (p *postbox) Post(_ tx.Tx, l account.Letter) (bool, error) {
	if p.closed {
		return false, nil
	}
	p.letters = append(p.letters, l)
	return true, nil
}

func (p *postbox) Ready(context.Context) bool { return !p.closed }

// stranger is another browser where nobody is signed in.
func (d *door) stranger() *door {
	return &door{t: d.t, router: d.router, clock: d.clock, post: d.post, store: d.store, db: d.db}
}

// code makes the code an authenticator app shows, by the letter of RFC 6238.
func (d *door) totp(secret string) string {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		d.t.Fatal(err)
	}
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(d.clock.Now().Time().Unix()/30))
	mac := hmac.New(sha1.New, key)
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	at := sum[19] & 15
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1_000_000)
}

// protect turns the second factor of whoever is signed in on.
func (d *door) protect() (secret string, codes []any) {
	d.t.Helper()
	made := d.ask("POST", "/api/me/second-factor", `{}`, 201)
	secret = made["secret"].(string)
	if !strings.Contains(made["address"].(string), secret) || !strings.HasPrefix(made["picture"].(string), "<svg") {
		d.t.Fatalf("%v", made)
	}
	d.ask("POST", "/api/me/second-factor/confirmation", `{"code":"000000x"}`, 422)
	codes = d.ask("POST", "/api/me/second-factor/confirmation", `{"code":"`+d.totp(secret)+`"}`, 201)["codes"].([]any)
	if len(codes) != 10 {
		d.t.Fatalf("%v", codes)
	}
	d.clock.Advance(30 * time.Second)
	return secret, codes
}

const elena = `{"email":"elena@example.com","password":"correct horse"}`

func TestSecondStep(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		secret, codes := d.protect()
		if me := d.ask("GET", "/api/me", "", 200); me["has_second_factor"] != true || me["needs_second_factor"] != false {
			d.t.Errorf("%v", me)
		}
		d.ask("POST", "/api/me/second-factor", `{}`, 409)

		b := d.stranger()
		first := b.ask("POST", "/api/session", elena, 200)
		if first["second_factor"] != true || first["email"] != nil || b.cookie != "" || b.device != "" {
			d.t.Fatalf("the password alone let in: %v %q", first, b.cookie)
		}
		ticket := first["ticket"].(string)
		code := b.totp(secret)
		b.ask("POST", "/api/session/second", `{"ticket":"`+ticket+`","code":"12"}`, 422)
		b.ask("POST", "/api/session/second", `{"ticket":"`+strings.Repeat("x", 43)+`","code":"`+code+`"}`, 401)
		if me := b.ask("POST", "/api/session/second", `{"ticket":"`+ticket+`","code":" `+code[:3]+" "+code[3:]+`"}`, 200); me["email"] != "elena@example.com" {
			d.t.Fatalf("%v", me)
		}
		b.ask("GET", "/api/me", "", 200)

		c := d.stranger()
		c.ask("POST", "/api/session/second", `{"ticket":"`+ticket+`","code":"`+code+`"}`, 401) // a ticket is good once
		ticket = c.ask("POST", "/api/session", elena, 200)["ticket"].(string)
		c.ask("POST", "/api/session/second", `{"ticket":"`+ticket+`","code":"`+code+`"}`, 422) // so is a code
		recovery := codes[3].(string)
		typed := strings.ToUpper(strings.ReplaceAll(recovery, "-", " "))
		c.ask("POST", "/api/session/second", `{"ticket":"`+ticket+`","code":"`+typed+`"}`, 200)
		if f := c.ask("GET", "/api/me/second-factor", "", 200); f["on"] != true || f["codes_left"] != 9.0 {
			d.t.Errorf("%v", f)
		}
		e := d.stranger()
		ticket = e.ask("POST", "/api/session", elena, 200)["ticket"].(string)
		e.ask("POST", "/api/session/second", `{"ticket":"`+ticket+`","code":"`+recovery+`"}`, 422)
		d.clock.Advance(5*time.Minute + time.Second)
		e.ask("POST", "/api/session/second", `{"ticket":"`+ticket+`","code":"`+e.totp(secret)+`"}`, 401)

		d.ask("POST", "/api/me/second-factor/codes", `{"password":"wrong"}`, 422)
		fresh := d.ask("POST", "/api/me/second-factor/codes", `{"password":"correct horse"}`, 201)["codes"].([]any)
		ticket = e.ask("POST", "/api/session", elena, 200)["ticket"].(string)
		e.ask("POST", "/api/session/second", `{"ticket":"`+ticket+`","code":"`+codes[0].(string)+`"}`, 422)
		e.ask("POST", "/api/session/second", `{"ticket":"`+ticket+`","code":"`+fresh[0].(string)+`"}`, 200)

		d.ask("POST", "/api/me/second-factor/removal", `{"password":"wrong"}`, 422)
		d.ask("POST", "/api/me/second-factor/removal", `{"password":"correct horse"}`, 204)
		if in := d.stranger().ask("POST", "/api/session", elena, 200); in["email"] != "elena@example.com" {
			d.t.Errorf("%v", in)
		}
	})
}

// Of many who use one ticket and one code at once, one gets in.
func TestSecondStepRace(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		secret, codes := d.protect()
		for _, code := range []string{d.totp(secret), codes[0].(string)} {
			a, b := d.stranger(), d.stranger()
			tickets := []string{a.ask("POST", "/api/session", elena, 200)["ticket"].(string), b.ask("POST", "/api/session", elena, 200)["ticket"].(string)}
			if in := together(d, 4, "/api/session/second", func(i int) string { return `{"ticket":"` + tickets[i%2] + `","code":"` + code + `"}` }); in != 1 {
				d.t.Errorf("%d got in with code %s", in, code)
			}
			d.clock.Advance(time.Hour)
		}
	})
}

// together sends requests at once and counts those that were answered with 200.
func together(d *door, n int, path string, body func(int) string) (ok int) {
	var wg sync.WaitGroup
	statuses := make([]int, n)
	for i := range n {
		wg.Go(func() {
			req := httptest.NewRequest("POST", path, strings.NewReader(body(i)))
			req.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			d.router.ServeHTTP(w, req)
			statuses[i] = w.Code
		})
	}
	wg.Wait()
	for _, s := range statuses {
		if s == http.StatusOK {
			ok++
		}
		if s >= 500 {
			d.t.Errorf("status %d", s)
		}
	}
	return ok
}

// Wrong codes use a ticket up, and many of them slow down whoever knows the password, from wherever.
func TestGuessingCodes(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		secret, _ := d.protect()
		b := d.stranger()
		ticket := b.ask("POST", "/api/session", elena, 200)["ticket"].(string)
		for range 5 {
			b.ask("POST", "/api/session/second", `{"ticket":"`+ticket+`","code":"000000"}`, 422)
		}
		d.clock.Advance(time.Minute)
		b.ask("POST", "/api/session/second", `{"ticket":"`+ticket+`","code":"`+b.totp(secret)+`"}`, 401)
	})
}

func TestSecondFactorDemanded(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		anna := d.ask("POST", "/api/users", `{"name":"Anna","email":"anna@example.com","role":"manager"}`, 201)
		a := d.as("anna@example.com", anna["password"].(string))
		d.ask("PATCH", "/api/portal", `{"second_factor":"sometimes"}`, 422)
		if p := d.ask("PATCH", "/api/portal", `{"second_factor":"admins"}`, 200); p["second_factor"] != "admins" {
			d.t.Errorf("%v", p)
		}
		a.ask("GET", "/api/users", "", 200)
		if no := d.ask("GET", "/api/users", "", 403); no["key"] != "second.needed" {
			d.t.Errorf("%v", no)
		}
		d.ask("POST", "/api/tokens", `{"title":"x"}`, 403)
		if me := d.ask("GET", "/api/me", "", 200); me["needs_second_factor"] != true {
			d.t.Errorf("%v", me)
		}
		d.protect()
		d.ask("GET", "/api/users", "", 200)
		d.ask("PATCH", "/api/portal", `{"second_factor":"all"}`, 200)
		a.ask("GET", "/api/users", "", 403)
		a.protect()
		list := d.ask("GET", "/api/users", "", 200)["items"].([]any)
		if list[0].(map[string]any)["second_factor"] != true || a.ask("GET", "/api/users", "", 200)["items"].([]any)[0].(map[string]any)["second_factor"] != nil {
			d.t.Errorf("%v", list)
		}
		a.ask("DELETE", "/api/users/"+number(anna["id"])+"/second-factor", "", 403)
		d.ask("DELETE", "/api/users/"+number(anna["id"])+"/second-factor", "", 204)
		a.ask("GET", "/api/me", "", 401)
		d.ask("DELETE", "/api/users/"+number(anna["id"])+"/second-factor", "", 409)
	})
}

func TestInvitations(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		sales := d.ask("GET", "/api/departments", "", 200)["items"].([]any)[0].(map[string]any)
		bad := d.ask("POST", "/api/invitations", `{"emails":["anna@example.com","nonsense","ELENA@example.com"],"role":"manager"}`, 422)
		if len(bad["errors"].([]any)) != 2 || len(d.ask("GET", "/api/invitations", "", 200)["items"].([]any)) != 0 {
			d.t.Errorf("%v", bad)
		}
		d.post.letters = nil
		list := d.ask("POST", "/api/invitations", `{"emails":["anna@example.com","Anna@example.com","igor@example.com"],"role":"manager","department":`+number(sales["id"])+`,"days":2}`, 201)["items"].([]any)
		if len(list) != 2 || len(d.post.letters) != 2 || list[0].(map[string]any)["letter"] != true {
			d.t.Fatalf("%v %v", list, d.post.letters)
		}
		first, id := secretOf(list[0]), number(list[0].(map[string]any)["id"])
		if d.post.letters[0].Path != "/invite/"+first {
			d.t.Errorf("%v", d.post.letters)
		}
		if shown := d.ask("GET", "/api/invitations", "", 200)["items"].([]any); len(shown) != 2 || shown[0].(map[string]any)["link"] != nil {
			d.t.Errorf("a link was told twice: %v", shown)
		}
		d.post.closed = true
		again := d.ask("POST", "/api/invitations/"+id+"/link", `{}`, 201)
		if again["letter"] != false || again["times"] != 2.0 {
			d.t.Errorf("%v", again)
		}
		anna := d.stranger()
		anna.ask("POST", "/api/invitation", `{"secret":"`+first+`"}`, 404)
		secret := secretOf(again)
		look := anna.ask("POST", "/api/invitation", `{"secret":"`+secret+`"}`, 200)
		if look["company"] != "Ромашка" || look["department"] != "Sales" || look["by"] != "Елена" {
			d.t.Errorf("%v", look)
		}
		come := `{"secret":"` + secret + `","name":"Anna","password":"three long words","language":"en","zone":"Europe/Moscow"}`
		anna.ask("POST", "/api/invitation/acceptance", strings.Replace(come, "three long words", "short", 1), 422)
		anna.ask("POST", "/api/invitation/acceptance", strings.Replace(come, `"Anna"`, `" "`, 1), 422)
		if in := together(d, 3, "/api/invitation/acceptance", func(int) string { return come }); in != 1 {
			d.t.Errorf("%d accepted one invitation", in)
		}
		anna.ask("POST", "/api/invitation/acceptance", come, 404)
		a := d.as("anna@example.com", "three long words")
		if me := a.ask("GET", "/api/me", "", 200); me["role"] != "manager" || me["department"] != sales["id"] || me["change_password"] != false {
			d.t.Errorf("%v", me)
		}
		a.ask("POST", "/api/invitations", `{"emails":["x@example.com"],"role":"manager"}`, 403)
		a.ask("GET", "/api/invitations", "", 403)

		// Roles come with the invitation, from administrators only.
		title := "Estimators"
		roles := &role.Service{Tx: d.store, Store: d.store, Journal: d.store}
		r, err := roles.Add(d.t.Context(), access.System(), role.Patch{Title: &title}, 0)
		if err != nil {
			d.t.Fatal(err)
		}
		with := `{"emails":["vera@example.com"],"role":"employee","roles":[` + number(r.ID) + `]}`
		d.ask("POST", "/api/invitations", strings.Replace(with, number(r.ID), "1", 1), 422) // a fixed role is no role besides
		vera := secretOf(d.ask("POST", "/api/invitations", with, 201)["items"].([]any)[0])
		v := d.stranger()
		v.ask("POST", "/api/invitation/acceptance", `{"secret":"`+vera+`","name":"Vera","password":"four long words","language":"en"}`, 200)
		dir, err := d.store.Last(d.t.Context())
		if err != nil {
			d.t.Fatal(err)
		}
		if held := dir.RolesOf(dir.ByEmail("vera@example.com").ID); !slices.Contains(held, r.ID) {
			d.t.Errorf("she holds %v", held)
		}

		igor := number(list[1].(map[string]any)["id"])
		d.clock.Advance(48*time.Hour + time.Second)
		anna.ask("POST", "/api/invitation", `{"secret":"`+secretOf(list[1])+`"}`, 404)
		fresh := secretOf(d.ask("POST", "/api/invitations/"+igor+"/link", `{"days":1}`, 201))
		anna.ask("POST", "/api/invitation", `{"secret":"`+fresh+`"}`, 200)
		d.ask("DELETE", "/api/invitations/"+igor, "", 204)
		anna.ask("POST", "/api/invitation", `{"secret":"`+fresh+`"}`, 404)
		d.ask("DELETE", "/api/invitations/"+igor, "", 404)
	})
}

func secretOf(invitation any) string {
	return strings.TrimPrefix(invitation.(map[string]any)["link"].(string), "/invite/")
}

// forget runs the jobs that were scheduled: the door itself only writes them down.
func (d *door) letterTo(email string) string {
	d.t.Helper()
	before := len(d.post.letters)
	d.ask("POST", "/api/password-links", `{"email":"`+email+`"}`, 204)
	handlers := (&account.Service{Tx: d.store, Store: d.store, Letters: d.post, Clock: d.clock}).Jobs()
	payload, _ := json.Marshal(map[string]string{"email": email, "ip": "192.0.2.1"})
	if err := d.store.Do(d.t.Context(), func(t tx.Tx) error { return handlers[0].Run(t, job.Job{Payload: payload}) }); err != nil {
		d.t.Fatal(err)
	}
	if len(d.post.letters) == before {
		return ""
	}
	return strings.TrimPrefix(d.post.letters[before].Path, "/recover/")
}

func TestForgottenPassword(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		if d.ask("GET", "/api/setup", "", 200)["recovery"] != true {
			d.t.Error("no recovery")
		}
		if got := d.letterTo("nobody@example.com"); got != "" {
			d.t.Errorf("a letter to nobody: %s", got)
		}
		first := d.letterTo("elena@example.com")
		secret := d.letterTo("elena@example.com")
		b := d.stranger()
		b.ask("POST", "/api/password-link", `{"secret":"`+first+`"}`, 404)
		if look := b.ask("POST", "/api/password-link", `{"secret":"`+secret+`"}`, 200); look["name"] != "Елена" {
			d.t.Errorf("%v", look)
		}
		b.ask("POST", "/api/password-link/password", `{"secret":"`+secret+`","password":"elena@example.com"}`, 422)
		other := d.as("elena@example.com", "correct horse")
		if in := together(d, 3, "/api/password-link/password", func(int) string { return `{"secret":"` + secret + `","password":"another horse"}` }); in != 1 {
			d.t.Errorf("one link set %d passwords", in)
		}
		other.ask("GET", "/api/me", "", 401)
		d.ask("GET", "/api/me", "", 401)
		d.stranger().ask("POST", "/api/session", elena, 401)
		in := d.as("elena@example.com", "another horse")

		gone := in.letterTo("elena@example.com")
		d.clock.Advance(time.Hour + time.Second)
		b.ask("POST", "/api/password-link/password", `{"secret":"`+gone+`","password":"third horse here"}`, 404)
		killed := in.letterTo("elena@example.com")
		in.ask("POST", "/api/me/password", `{"old":"another horse","password":"fourth horse"}`, 204)
		b.ask("POST", "/api/password-link", `{"secret":"`+killed+`"}`, 404)

		in.protect()
		secret = in.letterTo("elena@example.com")
		if half := b.ask("POST", "/api/password-link/password", `{"secret":"`+secret+`","password":"fifth horse here"}`, 200); half["second_factor"] != true || b.cookie != "" {
			d.t.Errorf("a letter replaced the second factor: %v", half)
		}
		for range 30 {
			b.ask("POST", "/api/password-links", `{"email":"elena@example.com"}`, 204)
			d.clock.Advance(4 * time.Minute)
		}
	})
}

func TestForgettingIsLimited(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		b := d.stranger()
		for i := range 20 {
			b.ask("POST", "/api/password-links", fmt.Sprintf(`{"email":"a%d@example.com"}`, i), 204)
		}
		b.ask("POST", "/api/password-links", `{"email":"b@example.com"}`, 429)
	})
}

func TestDevicesAreKnown(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
		b := d.stranger()
		b.agent = firefox
		b.ask("POST", "/api/session", elena, 200)
		if b.device == "" {
			d.t.Fatal("no cookie of a device")
		}
		kept := b.device
		b.ask("DELETE", "/api/session", "", 204)
		b.ask("POST", "/api/session", elena, 200)
		if b.device != kept {
			d.t.Error("a known device got another cookie")
		}
		list := d.ask("GET", "/api/sessions", "", 200)["items"].([]any)
		if s := list[0].(map[string]any); s["browser"] != "Firefox" || s["os"] != "Linux" || s["way"] != "password" {
			d.t.Errorf("%v", s)
		}
		// Others guess from the same address until nobody there is let in any more; the known device is.
		guess := d.stranger()
		for range 40 {
			req := `{"email":"elena@example.com","password":"guess"}`
			w := httptest.NewRecorder()
			r := httptest.NewRequest("POST", "/api/session", strings.NewReader(req))
			r.Header.Set("Content-Type", "application/json")
			d.router.ServeHTTP(w, r)
		}
		guess.ask("POST", "/api/session", elena, 429)
		guess.device = strings.Repeat("x", 43)
		guess.ask("POST", "/api/session", elena, 429)
		b.cookie = ""
		b.ask("POST", "/api/session", elena, 200)
		b.ask("POST", "/api/session", `{"email":"boris@example.com","password":"x"}`, 401) // Boris was guessed by nobody here … but
		for range 10 {
			w := httptest.NewRecorder()
			r := httptest.NewRequest("POST", "/api/session", strings.NewReader(`{"email":"elena@example.com","password":"guess"}`))
			r.Header.Set("Content-Type", "application/json")
			r.AddCookie(&http.Cookie{Name: "voronka_device", Value: kept})
			d.router.ServeHTTP(w, r)
		}
		b.ask("POST", "/api/session", elena, 429) // a stolen cookie is no way to guess for ever
	})
}

func TestNewDeviceIsTold(t *testing.T) {
	each(t, func(d *door) {
		d.agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
		d.begin()
		d.as("elena@example.com", "correct horse")
		told := func() (n int) {
			err := d.db.Read(d.t.Context(), func(q db.Q) error {
				count, err := db.Int(q, "SELECT count(*) FROM outbox WHERE type = ?", session.EventNewDevice)
				n = int(count)
				return err
			})
			if err != nil {
				d.t.Fatal(err)
			}
			return n
		}
		if n := told(); n != 1 { // from a program that says nothing of itself
			d.t.Errorf("told %d times", n)
		}
		b := d.stranger()
		b.agent = d.agent
		b.ask("POST", "/api/session", elena, 200)
		d.as("elena@example.com", "correct horse")
		if n := told(); n != 1 {
			d.t.Errorf("told %d times", n)
		}
		b = d.stranger()
		b.agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Safari/604.1"
		b.ask("POST", "/api/session", elena, 200)
		if n := told(); n != 2 {
			d.t.Errorf("told %d times", n)
		}
	})
}

func TestTokensHaveUses(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		token := func(body string) *door {
			b := d.stranger()
			b.bearer = d.ask("POST", "/api/tokens", body, 201)["token"].(string)
			return b
		}
		reads, runs, some := token(`{"title":"r","uses":["read"]}`), token(`{"title":"s","uses":["settings","read"]}`), token(`{"title":"t","uses":["read","write"],"types":["deal"]}`)
		for _, b := range []*door{reads, some} {
			b.ask("GET", "/api/me", "", 200)
			b.ask("GET", "/api/users", "", 200)
			if no := b.ask("POST", "/api/departments", `{"title":"x"}`, 403); no["key"] != "token.not_for_this" {
				d.t.Errorf("%v", no)
			}
			b.ask("POST", "/api/tokens", `{"title":"x"}`, 403)
			b.ask("GET", "/api/sessions", "", 403)
			b.ask("POST", "/api/me/password", `{"old":"correct horse","password":"another horse"}`, 403)
			b.ask("POST", "/api/me/second-factor", `{}`, 403)
		}
		runs.ask("POST", "/api/departments", `{"title":"x"}`, 201)
		runs.ask("POST", "/api/tokens", `{"title":"x"}`, 403)
		d.ask("POST", "/api/tokens", `{"title":"x","uses":["fly"]}`, 422)
		d.ask("POST", "/api/tokens", `{"title":"x","uses":["settings"],"types":["deal"]}`, 422)
		d.ask("POST", "/api/tokens", `{"title":"x","types":["deal; DROP"],"uses":["read"]}`, 422)

		anna := d.ask("POST", "/api/users", `{"name":"Anna","email":"anna@example.com","role":"manager"}`, 201)
		a := d.as("anna@example.com", anna["password"].(string))
		if made := a.ask("POST", "/api/tokens", `{"title":"x"}`, 201); made["expires_at"] == nil {
			d.t.Errorf("a token for ever: %v", made)
		}
		a.ask("POST", "/api/tokens", `{"title":"x","expires_at":"2036-01-01T00:00:00Z"}`, 422)
	})
}

func TestServiceAccounts(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		d.ask("POST", "/api/service-accounts", `{"name":"","role":"manager"}`, 422)
		made := d.ask("POST", "/api/service-accounts", `{"name":"1C","role":"admin"}`, 201)
		id := number(made["id"])
		for _, u := range d.ask("GET", "/api/users", "", 200)["items"].([]any) {
			if u.(map[string]any)["name"] == "1C" {
				d.t.Error("a program is among the people")
			}
		}
		if n := len(d.ask("GET", "/api/service-accounts", "", 200)["items"].([]any)); n != 1 {
			d.t.Errorf("%d service accounts", n)
		}
		key := d.ask("POST", "/api/tokens?user="+id, `{"title":"exchange"}`, 201)
		program := d.stranger()
		program.bearer = key["token"].(string)
		if me := program.ask("GET", "/api/me", "", 200); me["name"] != "1C" {
			d.t.Errorf("%v", me)
		}
		sales := d.ask("GET", "/api/departments", "", 200)["items"].([]any)[0].(map[string]any)
		d.ask("PATCH", "/api/departments/"+number(sales["id"]), `{"head":`+id+`}`, 422)
		d.ask("PATCH", "/api/users/"+id, `{"password":"three long words"}`, 409)
		me := d.ask("GET", "/api/me", "", 200)
		d.ask("PATCH", "/api/users/"+number(me["id"]), `{"role":"manager"}`, 409) // a program is no administrator who could help
		d.ask("PATCH", "/api/service-accounts/"+id, `{"active":false}`, 200)
		program.ask("GET", "/api/me", "", 401)
		d.ask("PATCH", "/api/service-accounts/"+number(me["id"]), `{"active":false}`, 404)
	})
}

func TestSessionsOfOthers(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		anna := d.ask("POST", "/api/users", `{"name":"Anna","email":"anna@example.com","role":"manager"}`, 201)
		a := d.as("anna@example.com", anna["password"].(string))
		b := d.as("anna@example.com", anna["password"].(string))
		path := "/api/users/" + number(anna["id"]) + "/sessions"
		a.ask("GET", path, "", 403)
		list := d.ask("GET", path, "", 200)["items"].([]any)
		if len(list) != 2 {
			d.t.Fatalf("%v", list)
		}
		d.ask("DELETE", path+"/"+number(list[0].(map[string]any)["id"]), "", 204)
		d.ask("DELETE", path+"/"+number(list[0].(map[string]any)["id"]), "", 404)
		b.ask("GET", "/api/me", "", 401)
		a.ask("GET", "/api/me", "", 200)
		d.ask("DELETE", path, "", 204)
		a.ask("GET", "/api/me", "", 401)
	})
}
