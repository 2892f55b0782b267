package orgapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"voronka/internal/adapter/httpapi"
	orgapi "voronka/internal/adapter/httpapi/org"
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	orgstore "voronka/internal/adapter/sqlstore/org"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/account"
	"voronka/internal/org/attendance"
	"voronka/internal/org/department"
	"voronka/internal/org/portal"
	"voronka/internal/org/role"
	"voronka/internal/org/session"
	"voronka/internal/org/setup"
	"voronka/internal/org/user"
)

type door struct {
	t      *testing.T
	router http.Handler
	code   string
	cookie string
	device string
	agent  string
	bearer string
	post   *postbox
	store  *orgstore.Store
	db     *db.DB
	clock  *clock.Manual
}

func each(t *testing.T, f func(d *door)) {
	c := clock.NewManual(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(open(t, d, c)) }, func(o *db.Options) { o.Clock = c })
}

func open(t *testing.T, d *db.DB, c *clock.Manual) *door {
	store, hasher := orgstore.New(d), user.NewHasher()
	sessions := session.New(store, store, store, hasher, c)
	users := &user.Service{Tx: store, Store: store, Sessions: sessions, Restamp: store, Hasher: hasher}
	departments := &department.Service{Tx: store, Store: store, Restamp: store}
	first := &setup.Service{Tx: store, Store: store, Users: users, Departments: departments, Sessions: sessions, Hasher: hasher, Guard: setup.NewGuard(c)}
	post := &postbox{}
	accounts := &account.Service{
		Tx: store, Store: store, Users: users, Sessions: sessions, Roles: &role.Service{Tx: store, Store: store, Journal: store}, Letters: post, Clock: c,
	}
	r := httpapi.New(httpapi.Options{Auth: sessions, Clock: c, SetupNeeded: func(ctx context.Context) bool {
		needed, err := first.Needed(ctx)
		return needed && err == nil
	}})
	orgapi.Routes(r, orgapi.Deps{
		Users: users, Departments: departments, Sessions: sessions, Accounts: accounts, Setup: first, Portal: &portal.Service{Tx: store, Store: store}, People: store, Secret: store,
		Attendance: &attendance.Service{Tx: store, Store: store, Org: store}, HoursDB: store, Clock: c,
	})
	code, _, err := first.Prepare(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &door{t: t, router: r, code: code, clock: c, post: post, store: store, db: d}
}

// ask sends a request and gives the decoded answer.
func (d *door) ask(method, path, body string, status int) map[string]any {
	d.t.Helper()
	req := httptest.NewRequest(method, path, bytes.NewBufferString(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept-Language", "en")
	if d.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+d.bearer)
	} else if d.cookie != "" {
		req.AddCookie(&http.Cookie{Name: httpapi.CookieName, Value: d.cookie})
	}
	if d.device != "" {
		req.AddCookie(&http.Cookie{Name: httpapi.DeviceCookieName, Value: d.device})
	}
	req.Header.Set("User-Agent", d.agent)
	w := httptest.NewRecorder()
	d.router.ServeHTTP(w, req)
	if w.Code != status {
		d.t.Fatalf("%s %s %s: %d, want %d: %s", method, path, body, w.Code, status, w.Body)
	}
	for _, c := range w.Result().Cookies() {
		if c.Name == httpapi.DeviceCookieName {
			d.device = c.Value
		}
		if c.Name == httpapi.CookieName {
			if !c.HttpOnly || c.Path != "/" {
				d.t.Errorf("cookie %s", c.Raw)
			}
			d.cookie = c.Value
		}
	}
	answer := map[string]any{}
	if w.Body.Len() > 0 {
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			d.t.Fatalf("%s %s: %v: %s", method, path, err, w.Body)
		}
	}
	return answer
}

func (d *door) begin() {
	d.t.Helper()
	answer := d.ask("POST", "/api/setup", `{"code":"`+d.code+`","company":"Ромашка","name":"Елена","email":"elena@example.com","password":"correct horse",
		"language":"en","zone":"Europe/Moscow","currency":"RUB","simple":false,"departments":[{"title":"Sales","head":"boris@example.com"}],
		"people":[{"name":"Boris","email":"boris@example.com","role":"head","department":"Sales"}]}`, 201)
	if d.cookie == "" || len(answer["passwords"].([]any)) != 1 || answer["me"].(map[string]any)["role"] != "admin" {
		d.t.Fatalf("%v", answer)
	}
}

// as is another browser of another person.
func (d *door) as(email, password string) *door {
	d.t.Helper()
	other := d.stranger()
	other.ask("POST", "/api/session", `{"email":"`+email+`","password":"`+password+`"}`, 200)
	return other
}

func TestFirstRunThroughTheDoor(t *testing.T) {
	each(t, func(d *door) {
		if d.ask("GET", "/api/setup", "", 200)["needed"] != true {
			d.t.Error("not needed")
		}
		d.ask("GET", "/api/me", "", 401)
		wrong := d.ask("POST", "/api/setup", `{"code":"22222222","company":"x","name":"x","email":"x@example.com","password":"correct horse","language":"ru","zone":"UTC","currency":"RUB"}`, 422)
		if wrong["errors"].([]any)[0].(map[string]any)["path"] != "code" {
			d.t.Errorf("%v", wrong)
		}
		if wrong := d.ask("POST", "/api/setup/code", `{"code":"22222222"}`, 422); wrong["errors"].([]any)[0].(map[string]any)["path"] != "code" {
			d.t.Errorf("%v", wrong)
		}
		d.ask("POST", "/api/setup/code", `{"code":"`+d.code+`"}`, 204)
		d.begin()
		d.ask("POST", "/api/setup/code", `{"code":"`+d.code+`"}`, 403)
		if d.ask("GET", "/api/setup", "", 200)["needed"] != false {
			d.t.Error("still needed")
		}
		me := d.ask("GET", "/api/me", "", 200)
		if me["email"] != "elena@example.com" || me["can"].(map[string]any)["people"] != true || me["change_password"] != false {
			d.t.Errorf("%v", me)
		}
		d.ask("POST", "/api/setup", `{"code":"`+d.code+`","company":"x","name":"x","email":"x@example.com","password":"correct horse","language":"ru","zone":"UTC","currency":"RUB"}`, 403)
	})
}

func TestProfile(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		me := d.ask("PATCH", "/api/me", `{"name":"Елена Жукова","language":"ru","theme":"dark","density":"compact","phone":"8 921 555-01-42"}`, 200)
		if me["name"] != "Елена Жукова" || me["theme"] != "dark" || me["phone"] != "+79215550142" || me["language"] != "ru" {
			d.t.Errorf("%v", me)
		}
		d.ask("PATCH", "/api/me", `{"role":"guest"}`, 422)
		d.ask("PATCH", "/api/me", `{"zone":"Mars"}`, 422)
		other := d.as("elena@example.com", "correct horse")
		d.ask("POST", "/api/me/password", `{"old":"no","password":"another horse"}`, 422)
		d.ask("POST", "/api/me/password", `{"old":"correct horse","password":"another horse"}`, 204)
		other.ask("GET", "/api/me", "", 401)
		d.ask("GET", "/api/me", "", 200)
		other = d.as("elena@example.com", "another horse")
		devices := d.ask("GET", "/api/sessions", "", 200)["items"].([]any)
		if len(devices) != 2 {
			d.t.Fatalf("%v", devices)
		}
		for _, x := range devices {
			if s := x.(map[string]any); s["current"] == false {
				d.ask("DELETE", "/api/sessions/"+number(s["id"]), "", 204)
			}
		}
		other.ask("GET", "/api/me", "", 401)
		d.ask("DELETE", "/api/session", "", 204)
		if d.cookie != "" {
			d.t.Error("the cookie is still there")
		}
		d.ask("GET", "/api/me", "", 401)
	})
}

func number(v any) string { b, _ := json.Marshal(v); return string(b) }

func TestTokensThroughTheDoor(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		made := d.ask("POST", "/api/tokens", `{"title":"1C","expires_at":"2027-01-01T00:00:00Z"}`, 201)
		program := &door{t: d.t, router: d.router, bearer: made["token"].(string)}
		program.ask("GET", "/api/me", "", 200)
		list := d.ask("GET", "/api/tokens", "", 200)["items"].([]any)
		if len(list) != 1 || list[0].(map[string]any)["token"] != nil || list[0].(map[string]any)["used_at"] == nil {
			d.t.Errorf("%v", list)
		}
		d.ask("POST", "/api/tokens", `{"title":"x","expires_at":"2020-01-01T00:00:00Z"}`, 422)
		d.ask("DELETE", "/api/tokens/"+number(made["id"]), "", 204)
		program.ask("GET", "/api/me", "", 401)
	})
}

func TestPeopleThroughTheDoor(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		sales := d.ask("GET", "/api/departments", "", 200)["items"].([]any)[0].(map[string]any)
		if sales["people"] != 1.0 || sales["head"] == nil || sales["parent"] != nil {
			d.t.Errorf("%v", sales)
		}
		anna := d.ask("POST", "/api/users", `{"name":"Anna","email":"anna@example.com","role":"manager","department":`+number(sales["id"])+`}`, 201)
		guest := d.ask("POST", "/api/users", `{"name":"Guest","email":"guest@example.com","role":"guest","department":null,"password":"guest's horse"}`, 201)
		if guest["password"] != nil || len(anna["password"].(string)) != 12 || guest["department"] != nil {
			d.t.Errorf("%v %v", anna, guest)
		}
		d.ask("POST", "/api/users", `{"name":"Anna","email":"ANNA@example.com","role":"manager"}`, 422)
		d.ask("POST", "/api/users", `{"name":"Anna","email":"a@example.com","role":"owner"}`, 422)
		a, g := d.as("anna@example.com", anna["password"].(string)), d.as("guest@example.com", "guest's horse")
		if a.ask("GET", "/api/me", "", 200)["change_password"] != true {
			d.t.Error("a one-time password may stay")
		}
		if n := len(a.ask("GET", "/api/users", "", 200)["items"].([]any)); n != 4 {
			d.t.Errorf("Anna knows %d colleagues", n)
		}
		if n := len(g.ask("GET", "/api/users", "", 200)["items"].([]any)); n != 1 {
			d.t.Errorf("the guest knows %d people", n)
		}
		if n := len(g.ask("GET", "/api/departments", "", 200)["items"].([]any)); n != 0 {
			d.t.Errorf("the guest knows %d departments", n)
		}
		g.ask("GET", "/api/users/"+number(anna["id"]), "", 404)
		g.ask("GET", "/api/users/"+number(guest["id"]), "", 200)
		g.ask("POST", "/api/tokens", `{"title":"x"}`, 403)
		a.ask("PATCH", "/api/users/"+number(anna["id"]), `{"role":"admin"}`, 403)
		a.ask("POST", "/api/users", `{"name":"X","email":"x@example.com","role":"admin"}`, 403)
		a.ask("POST", "/api/departments", `{"title":"X"}`, 403)
		a.ask("PATCH", "/api/portal", `{"company":"X"}`, 403)
		a.ask("GET", "/api/tokens?user=1", "", 403)

		page := d.ask("GET", "/api/users?limit=3", "", 200)
		rest := d.ask("GET", "/api/users?limit=3&after="+page["next"].(string), "", 200)
		if len(page["items"].([]any)) != 3 || len(rest["items"].([]any)) != 1 || rest["next"] != nil {
			d.t.Errorf("%v %v", page, rest)
		}
		d.ask("GET", "/api/users?after=!", "", 422)
		if n := len(d.ask("GET", "/api/users?q=ANN", "", 200)["items"].([]any)); n != 1 {
			d.t.Errorf("%d found", n)
		}

		d.ask("DELETE", "/api/departments/"+number(sales["id"]), "", 409)
		changed := d.ask("PATCH", "/api/users/"+number(anna["id"]), `{"department":null}`, 200)
		if changed["department"] != nil || changed["name"] != "Anna" {
			d.t.Errorf("%v", changed)
		}
		gone := d.ask("PATCH", "/api/users/"+number(anna["id"]), `{"active":false}`, 200)
		if gone["held"] != 0.0 {
			d.t.Errorf("%v", gone)
		}
		a.ask("GET", "/api/me", "", 401)
		d.ask("PATCH", "/api/users/1", `{"active":false}`, 409)
		d.ask("PATCH", "/api/users/999", `{"name":"x"}`, 404)
		d.ask("PATCH", "/api/users/0", `{"name":"x"}`, 422)
	})
}

func TestDepartmentsThroughTheDoor(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		retail := d.ask("POST", "/api/departments", `{"title":"Retail","parent":1,"head":1,"deputies":[2]}`, 201)
		id := number(retail["id"])
		moved := d.ask("PATCH", "/api/departments/"+id, `{"parent":null,"head":null}`, 200)
		if moved["parent"] != nil || moved["head"] != nil || len(moved["deputies"].([]any)) != 1 || moved["title"] != "Retail" {
			d.t.Errorf("%v", moved)
		}
		d.ask("PATCH", "/api/departments/"+id, `{"parent":`+id+`}`, 422)
		d.ask("PATCH", "/api/departments/"+id, `{"deputies":[999]}`, 422)
		d.ask("DELETE", "/api/departments/1?move_to=999", "", 422)
		d.ask("DELETE", "/api/departments/1?move_to="+id, "", 204)
		if list := d.ask("GET", "/api/departments", "", 200)["items"].([]any); len(list) != 1 || list[0].(map[string]any)["people"] != 1.0 {
			d.t.Errorf("%v", list)
		}
		d.ask("DELETE", "/api/departments/"+id+"?move_to=0", "", 204)
		d.ask("DELETE", "/api/departments/"+id, "", 404)
	})
}

func TestPortalThroughTheDoor(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		p := d.ask("GET", "/api/portal", "", 200)
		if p["company"] != "Ромашка" || p["region"] != "RU" || len(p["worktime"].(map[string]any)["week"].(map[string]any)) != 5 {
			d.t.Errorf("%v", p)
		}
		p = d.ask("PATCH", "/api/portal", `{"simple":true,"worktime":{"week":{"mon":["09:00-13:00","14:00-18:00"]}}}`, 200)
		if week := p["worktime"].(map[string]any); p["simple"] != true || len(week["week"].(map[string]any)) != 1 || week["zone"] != "Europe/Moscow" {
			d.t.Errorf("%v", p)
		}
		d.ask("PATCH", "/api/portal", `{"worktime":{"week":{"mon":["9-18"]}}}`, 422)
		d.ask("PATCH", "/api/portal", `{"company":" "}`, 422)
		d.ask("PATCH", "/api/portal", `{"zone":"Mars","worktime":{"week":{}}}`, 422)
	})
}

func TestStrangersLearnNothing(t *testing.T) {
	each(t, func(d *door) {
		d.begin()
		stranger := &door{t: d.t, router: d.router}
		one := stranger.ask("POST", "/api/session", `{"email":"elena@example.com","password":"wrong horse"}`, 401)
		two := stranger.ask("POST", "/api/session", `{"email":"nobody@example.com","password":"wrong horse"}`, 401)
		three := stranger.ask("POST", "/api/session", `{"email":"no address","password":""}`, 401)
		if one["detail"] != two["detail"] || two["detail"] != three["detail"] || !strings.Contains(one["detail"].(string), "did not match") {
			d.t.Errorf("%v\n%v\n%v", one, two, three)
		}
		slow := false
		for range 8 {
			req := httptest.NewRequest("POST", "/api/session", strings.NewReader(`{"email":"elena@example.com","password":"wrong horse"}`))
			req.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			d.router.ServeHTTP(w, req)
			if slow = w.Code == 429; slow {
				if w.Header().Get("Retry-After") == "" {
					d.t.Error("429 without Retry-After")
				}
				break
			}
		}
		if !slow {
			d.t.Error("guessing goes on and on")
		}
		for _, path := range []string{"/api/me", "/api/users", "/api/users/1", "/api/departments", "/api/portal", "/api/tokens", "/api/sessions"} {
			stranger.ask("GET", path, "", 401)
		}
	})
}
