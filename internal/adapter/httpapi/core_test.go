package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
)

// people are the persons of tests by their token.
var people = map[string]access.Who{
	"admin":   {UserID: 1, Role: access.Admin, Lang: "en"},
	"manager": {UserID: 2, Role: access.Manager, Lang: "ru"},
	"guest":   {UserID: 3, Role: access.Guest, Lang: "en"},
	"head":    {UserID: 4, Role: access.Head, Lang: "en", HeadOf: []access.Range{{Lo: 1, Hi: 2}}, HeadOfIDs: []int64{1}},
}

type byName struct{}

func (byName) ByCookie(_ context.Context, token string) (access.Who, int64, error) {
	who, err := byName{}.ByToken(context.Background(), token)
	return who, 7, err
}

func (byName) ByToken(_ context.Context, token string) (access.Who, error) {
	who, ok := people[token]
	if !ok {
		return who, fault.New(fault.Unauthenticated, "http.unauthenticated")
	}
	return who, nil
}

type thing struct {
	Name  string   `json:"name" minLength:"2" maxLength:"5"`
	Count int64    `json:"count,omitempty" minimum:"1" maximum:"10"`
	Kind  string   `json:"kind,omitempty" enum:"a,b"`
	Tags  []string `json:"tags,omitempty" maxItems:"2"`
}

func testRouter(o Options) *Router {
	o.Auth = byName{}
	r := New(o)
	Handle(r, Op{Method: "POST", Path: "/api/things", Summary: "Make", Access: SignedIn}, func(_ context.Context, in *Body[thing]) (*Body[thing], error) {
		switch in.Body.Name {
		case "taken":
			return nil, fault.New(fault.Conflict, "db.newer", fault.Args{"database": 2, "program": 1})
		case "panic":
			panic("at the disco")
		case "wrong":
			return nil, errors.New("select * from secrets")
		case "field":
			return nil, fault.In("phones/0/value", "input.integer").With("name", "required")
		}
		return OK(in.Body), nil
	})
	Handle(r, Op{Method: "GET", Path: "/api/things/{id}", Summary: "One", Access: Admin}, func(_ context.Context, in *struct {
		ID int64 `path:"id" minimum:"1"`
	},
	) (*Body[thing], error) {
		return OK(thing{Name: fmt.Sprint(in.ID)}), nil
	})
	Handle(r, Op{Method: "DELETE", Path: "/api/things/{id}", Summary: "Away", Access: HeadOr(access.Drums)}, func(context.Context, *struct {
		ID int64 `path:"id"`
	},
	) (*Empty, error) {
		return nil, nil
	})
	Stream(r, Op{Method: "GET", Path: "/api/things", Summary: "All", Access: Member, Query: []Param{{Name: "limit", Type: int64(0)}}}, List[thing]{},
		func(_ context.Context, w http.ResponseWriter, req *http.Request) error {
			limit, err := QueryInt(req, "limit", 50, 1, 500)
			if err != nil {
				return err
			}
			return WriteJSON(w, 200, fmt.Appendf(nil, `{"items":[%s]}`, strings.TrimSuffix(strings.Repeat(`{"name":"x"},`, int(limit)), ",")))
		})
	return r
}

// ask sends a request and decodes the answer.
func ask(t *testing.T, h http.Handler, method, path, token, body string, header ...string) (*httptest.ResponseRecorder, Problem) {
	t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	var p Problem
	if w.Code >= 400 {
		if kind := w.Header().Get("Content-Type"); kind != "application/problem+json" {
			t.Errorf("%s %s: %d is answered as %q: %s", method, path, w.Code, kind, w.Body)
		}
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Errorf("%s %s: %s: %v", method, path, w.Body, err)
		}
		if p.Status != w.Code || p.Title == "" || p.Detail == "" || p.Key == "" || p.Code == "" {
			t.Errorf("%s %s: the problem is not complete: %s", method, path, w.Body)
		}
		for _, f := range p.Errors {
			if f.Detail == f.Key {
				t.Errorf("%s %s: %s is not translated", method, path, f.Key)
			}
		}
	}
	return w, p
}

func TestAnswers(t *testing.T) {
	r := testRouter(Options{})
	for _, test := range []struct {
		method, path, token, body string
		status                    int
		says                      string // part of the answer
	}{
		{"POST", "/api/things", "admin", `{"name":"abc"}`, 201, `{"name":"abc"}`},
		{"GET", "/api/things/5", "admin", "", 200, `"5"`},
		{"DELETE", "/api/things/5", "admin", "", 204, ""},
		{"DELETE", "/api/things/5", "head", "", 204, ""},
		{"GET", "/api/things?limit=2", "manager", "", 200, `{"items":[{"name":"x"},{"name":"x"}]}`},

		{"POST", "/api/things", "", `{"name":"abc"}`, 401, "Войдите"},
		{"POST", "/api/things", "nobody", `{"name":"abc"}`, 401, ""},
		{"DELETE", "/api/things/5", "manager", "", 403, "Вам нельзя менять барабаны"},
		{"GET", "/api/things/5", "head", "", 403, "Only an administrator"},
		{"GET", "/api/things", "guest", "", 403, ""},
		{"GET", "/api/nothing", "admin", "", 404, "http.no_such_path"},
		{"PUT", "/api/things", "admin", "{}", 405, "GET, POST"},
		{"PUT", "/api/things", "admin", "{}", 405, `"title":"Так нельзя"`},

		{"POST", "/api/things", "admin", `{"name":"a"}`, 422, "Too short, characters at least: 2"},
		{"POST", "/api/things", "manager", `{"name":"abcdef"}`, 422, "Не длиннее: знаков 5"},
		{"POST", "/api/things", "admin", `{}`, 422, "The field name is required"},
		{"POST", "/api/things", "admin", `{"name":5}`, 422, "Must be a text"},
		{"POST", "/api/things", "admin", `{"name":"abc","what":1}`, 422, `"path":"what"`},
		{"POST", "/api/things", "admin", `{"name":"abc","count":11}`, 422, "Must be at most 10"},
		{"POST", "/api/things", "admin", `{"name":"abc","count":99999999999999999999}`, 422, "count"},
		{"POST", "/api/things", "admin", `{"name":"abc","kind":"c"}`, 422, "Must be one of: a, b"},
		{"POST", "/api/things", "admin", `{"name":"abc","tags":["a",5]}`, 422, `"path":"tags/1"`},
		{"POST", "/api/things", "admin", `{"name":`, 400, "input.json"},
		{"POST", "/api/things", "admin", ``, 400, "input.body_missing"},
		{"POST", "/api/things", "admin", "{\"name\":\"\xff\xfe\"}", 400, "input.utf8"},
		{"POST", "/api/things", "admin", `{"name":"a\u0000b"}`, 400, "input.nul"},
		{"POST", "/api/things", "admin", `{"name":"a\\u0000b"}`, 422, "input.max_length"},
		{"POST", "/api/things", "admin", strings.Repeat("[", 20000), 400, "input.json"},
		{"GET", "/api/things/abc", "admin", "", 422, `"path":"id"`},
		{"GET", "/api/things/0", "admin", "", 422, "at least 1"},
		{"GET", "/api/things?limit=9999", "admin", "", 422, "input.max"},
		{"GET", "/api/things?limit=%ff", "admin", "", 400, "input.utf8"},
		{"GET", "/api/things?limit=%00", "admin", "", 400, "input.nul"},
		{"GET", "/api/things?limit=%zz", "admin", "", 400, "input.form"},

		{"POST", "/api/things", "admin", `{"name":"taken"}`, 409, "The data was written by a newer program (2, this one is 1)"},
		{"POST", "/api/things", "admin", `{"name":"field"}`, 422, `{"path":"phones/0/value","detail":"Must be a whole number","key":"input.integer"}`},
		{"POST", "/api/things", "admin", `{"name":"wrong"}`, 500, "Something went wrong"},
		{"POST", "/api/things", "manager", `{"name":"panic"}`, 500, "На сервере случилась ошибка"},
	} {
		w, _ := ask(t, r, test.method, test.path, test.token, test.body)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.says) {
			t.Errorf("%s %s %s: %d %s, want %d with %q", test.method, test.path, test.body, w.Code, w.Body, test.status, test.says)
		}
		if strings.Contains(w.Body.String(), "secrets") || strings.Contains(w.Body.String(), "disco") {
			t.Errorf("internals leak: %s", w.Body)
		}
	}
}

func TestLanguageOfTheBrowser(t *testing.T) {
	r := testRouter(Options{PortalLang: func(context.Context) string { return "en" }})
	for wish, want := range map[string]string{"": "Not found", "ru-RU,ru;q=0.9,en;q=0.8": "Не найдено", "de,en;q=0.5": "Not found", "fr": "Not found"} {
		if _, p := ask(t, r, "GET", "/api/x", "", "", "Accept-Language", wish); p.Title != want {
			t.Errorf("%q: %q, want %q", wish, p.Title, want)
		}
	}
}

func TestARouteWithoutAccessIsRefused(t *testing.T) {
	r := New(Options{})
	for _, op := range []Op{
		{Method: "GET", Path: "/api/a", Summary: "x"},
		{Method: "GET", Path: "/api/a", Summary: "x", Access: "anybody"},
		{Method: "GET", Path: "/api/a", Access: Public},
		{Method: "GET", Path: "/api/a", Summary: "x", Access: Admin, Anywhere: true},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v was taken", op)
				}
			}()
			Stream(r, op, nil, func(context.Context, http.ResponseWriter, *http.Request) error { return nil })
		}()
	}
}

func TestDescriptionIsWhole(t *testing.T) {
	a, b := testRouter(Options{}).OpenAPI(), testRouter(Options{}).OpenAPI()
	if string(a) != string(b) {
		t.Error("the description differs from run to run")
	}
	var doc struct {
		OpenAPI string                               `json:"openapi"`
		Paths   map[string]map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(a, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.OpenAPI != "3.1.0" {
		t.Errorf("openapi %q", doc.OpenAPI)
	}
	for _, op := range testRouter(Options{}).Routes() {
		if op.Summary == "" || op.Path == "/api/openapi.json" {
			continue
		}
		described := doc.Paths[op.Path][strings.ToLower(op.Method)]
		if described == nil || described["x-access"] != string(op.Access) {
			t.Errorf("%s %s is not described: %v", op.Method, op.Path, described)
		}
	}
}
