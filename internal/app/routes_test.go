package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/app/apptest"
	"voronka/internal/org/access"
)

// concrete puts values into the braces of a path.
func concrete(path, value string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, "{") {
			parts[i] = value
			if p == "{type}" && value == "1" {
				parts[i] = "deal"
			}
		}
	}
	return strings.Join(parts, "/")
}

// TestEveryRouteIsKept calls every route as nobody, as a guest, as a manager and as an administrator, and wants it refused
// wherever its rule says so.
func TestEveryRouteIsKept(t *testing.T) {
	s := apptest.Start(t, apptest.Options{})
	_, guest := s.Person("Guest", access.Guest)
	_, manager := s.Person("Manager", access.Manager)
	seen := 0
	for _, op := range s.Router.Routes() {
		if op.Long || op.Path == "/" {
			continue
		}
		seen++
		body := any(nil)
		if op.Method != http.MethodGet && op.Method != http.MethodDelete {
			body = "{}"
		}
		status := func(token string) int {
			header := []string{"Authorization", ""}
			if token != "" {
				header[1] = "Bearer " + token
			}
			status, _ := s.Call(op.Method, concrete(op.Path, "1"), body, header...)
			return status
		}
		want := func(who, token string, refusal int) {
			if got := status(token); got != refusal {
				t.Errorf("%s %s (%s) answers %s with %d, want %d", op.Method, op.Path, op.Access, who, got, refusal)
			}
		}
		switch op.Access {
		case httpapi.Public:
			if got := status(""); got == http.StatusUnauthorized && op.Path != "/api/session" {
				t.Errorf("%s %s is public and asks who it is", op.Method, op.Path)
			}
			continue
		case httpapi.SetupOnly:
			want("a stranger after the first run", "", http.StatusForbidden)
			continue
		}
		want("nobody", "", http.StatusUnauthorized)
		want("a wrong token", "voronka_nonsense", http.StatusUnauthorized)
		settings := op.Access == httpapi.Admin || op.Access == httpapi.SetsUpLines || strings.Contains(string(op.Access), ":")
		if settings || op.Access == httpapi.Member {
			want("a guest", guest, http.StatusForbidden)
		}
		if settings {
			want("a manager", manager, http.StatusForbidden)
		}
	}
	if seen < 40 {
		t.Errorf("only %d routes were seen", seen)
	}
}

// TestPathsThatMustBeThere keeps the contract: what the interface and programs call exists.
func TestPathsThatMustBeThere(t *testing.T) {
	s := apptest.Start(t, apptest.Options{})
	have := map[string]bool{}
	for _, op := range s.Router.Routes() {
		have[op.Method+" "+op.Path] = true
	}
	for _, want := range contract() {
		if !have[want] {
			t.Errorf("%s is not there", want)
		}
	}
}

func contract() []string {
	all := []string{
		"GET /api/setup", "POST /api/setup", "POST /api/setup/code", "POST /api/session", "DELETE /api/session", "GET /api/sessions", "DELETE /api/sessions/{id}",
		"GET /api/me", "PATCH /api/me", "POST /api/me/password", "GET /api/tokens", "POST /api/tokens", "DELETE /api/tokens/{id}",
		"GET /api/portal", "PATCH /api/portal", "GET /api/users", "POST /api/users", "GET /api/users/{id}", "PATCH /api/users/{id}",
		"GET /api/departments", "POST /api/departments", "PATCH /api/departments/{id}", "DELETE /api/departments/{id}",
		"GET /api/types", "POST /api/types", "PATCH /api/types/{type}", "DELETE /api/types/{type}", "POST /api/types/{type}/fields",
		"PATCH /api/types/{type}/fields/{field}", "DELETE /api/types/{type}/fields/{field}",
		"GET /api/pipelines", "POST /api/pipelines", "PATCH /api/pipelines/{id}", "DELETE /api/pipelines/{id}", "POST /api/pipelines/{id}/stages",
		"PUT /api/pipelines/{id}/stage-order", "PATCH /api/stages/{id}", "DELETE /api/stages/{id}", "GET /api/lost-reasons", "POST /api/lost-reasons",
		"PATCH /api/lost-reasons/{id}", "DELETE /api/lost-reasons/{id}",
		"GET /api/bin", "POST /api/bin/{type}/{id}/restoration", "GET /api/external/{system}/{type}/{external_id}", "PUT /api/external/{system}/{type}/{external_id}",
		"POST /api/files", "GET /api/files/{id}", "GET /api/search", "GET /api/currency-rates", "PUT /api/currency-rates", "GET /api/live",
		"GET /api/drums", "POST /api/drums", "GET /api/drums/{id}", "PATCH /api/drums/{id}", "DELETE /api/drums/{id}", "GET /api/drums/{id}/state",
		"GET /api/offers", "POST /api/offers/{id}/take", "GET /api/incidents", "GET /api/intake-keys", "POST /api/intake-keys", "PATCH /api/intake-keys/{id}",
		"DELETE /api/intake-keys/{id}", "POST /api/intake/{key}", "GET /f/{key}", "POST /f/{key}", "GET /api/requests",
		"GET /api/openapi.json", "GET /healthz", "GET /readyz", "GET /metrics",
	}
	for _, base := range []string{"/api/records/{type}", "/api/leads", "/api/deals", "/api/contacts", "/api/companies", "/api/activities"} {
		for _, route := range []string{
			"GET ", "POST ", "GET /{id}", "PATCH /{id}", "DELETE /{id}", "GET /{id}/timeline", "GET /{id}/visits", "POST /{id}/activities",
			"PUT /{id}/observers/{user}", "DELETE /{id}/observers/{user}", "POST /bulk", "GET /board", "GET /totals", "GET /count",
		} {
			method, suffix, _ := strings.Cut(route, " ")
			all = append(all, method+" "+base+suffix)
		}
	}
	return all
}

// hostile are bodies nobody sends by mistake only.
var hostile = []string{
	"", "null", "true", "0", `"text"`, "[]", "{}", "{", `{"a":`, "[[[[", strings.Repeat("[", 50_000), strings.Repeat(`{"a":`, 20_000),
	`{"id":-1}`, `{"id":1e400}`, `{"id":99999999999999999999999999}`, `{"id":"1"}`, `{"title":{"a":[1]}}`, `{"title":null}`, `{"title":12345678901234567890}`,
	"{\"title\":\"\xff\xfe\"}", `{"title":"\u0000"}`, `{"title":"\ud800"}`, `{"title":"` + strings.Repeat("я", 100_000) + `"}`,
	`{"amount":-9223372036854775808}`, `{"amount":{"amount":"1e309","currency":"RUB"}}`, `{"amount":{"minor":1.5,"currency":"XXX"}}`, `{"amount":"NaN"}`,
	`{"version":-5,"title":"x"}`, `{"responsible":-1}`, `{"responsible":9223372036854775807,"title":"x"}`, `{"stage":{"x":1}}`, `{"phones":[{"value":[]}]}`,
	`{"phones":"` + strings.Repeat("1", 10_000) + `"}`, `{"emails":[null]}`, `{"closes_on":"9999-99-99"}`, `{"closes_on":"0000-01-01"}`, `{"observers":[0,-1]}`,
	`{"ids":[-1,0,9223372036854775807],"set":{"title":"x"}}`, `{"filter":"((((","delete":true}`, `{"ids":[],"delete":true}`, `{"set":[],"ids":{}}`,
	`{"email":"a@b","password":"` + strings.Repeat("x", 5000) + `"}`, `{"email":["a"],"password":{}}`, `{"limit":-1}`, `{"take_minutes":-1,"title":"x","members":[{"user":-1}]}`,
	`{"title":"x","members":[{"user":1},{"user":1}],"take_minutes":1e18}`, `{"stages":[-1,-1]}`, `{"zone":"../../etc/passwd"}`, `{"language":"xx"}`,
	`{"rates":[{"currency":"USD","rate":"-1"}]}`, `{"title_ru":"x","code":"'; DROP TABLE users; --"}`, `{"code":"id","title_ru":"x","kind":"text"}`,
	`{"about":[{"type":"nothing","id":1}],"kind":"call"}`, `{"about":{"type":"deal","id":-1}}`, `{"company":{"id":-7}}`, `{"company":[[]]}`, `{"source":{}}`,
}

// queries are as bad.
var queries = []string{
	"", "?limit=-1", "?limit=99999999999999999999", "?limit=abc", "?after=AAAA", "?after=%7B%7D", "?after=eyJzIjoiLWFtb3VudCIsImkiOi0xfQ", "?filter=%28%28%28", "?filter=1%3D1",
	"?filter=amount%20%3E%20", "?filter=%00", "?filter=%ff", "?sort=nothing", "?sort=-", "?fields=a%2Cb%2C%2C", "?pipeline=nothing&stage=%27", "?kind=x&limit=1&after=x",
	"?q=" + "%25%25%5F", "?q=", "?user=-1&drum=x&from=abc&to=9999-99-99", "?move_to=-1", "?type=nothing", "?mine=perhaps", "?day=2026-13-45",
	"?filter=" + strings.Repeat("not%20", 1000) + "true", "?filter=" + strings.Repeat("%28", 3000), "?from=-99999999999999&to=99999999999999999",
}

// TestNoInputBreaksTheServer sends all of that to every route as the administrator: whatever the answer is, it is no 500, and a
// refusal says in a sentence what is wrong.
func TestNoInputBreaksTheServer(t *testing.T) {
	both(t, func(t *testing.T, o apptest.Options) { tryAll(t, apptest.Start(t, o)) })
}

func tryAll(t *testing.T, s *apptest.Server) {
	for _, op := range s.Router.Routes() {
		if op.Long || op.Path == "/" {
			continue
		}
		for _, value := range []string{"1", "-1", "0", "abc", "99999999999999999999", "%D0%B9%27%22", "a%2Fb", "%ff", "%00", strings.Repeat("9", 500)} {
			harmless(t, s, op.Method, concrete(op.Path, value), "{}")
		}
		for _, query := range queries {
			harmless(t, s, op.Method, concrete(op.Path, "1")+query, "{}")
		}
		if op.Method == http.MethodGet || op.Method == http.MethodDelete {
			continue
		}
		for _, body := range hostile {
			harmless(t, s, op.Method, concrete(op.Path, "1"), body)
		}
	}
	if status, _ := s.Call("GET", "/readyz", nil); status != http.StatusOK {
		t.Errorf("after all that it is not ready: %d", status)
	}
}

// harmless sends a request; the answer must be none of the server's mistakes.
func harmless(t *testing.T, s *apptest.Server, method, path, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, s.URL+"/", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	path, query, _ := strings.Cut(path, "?")
	req.URL.Opaque = "//" + req.URL.Host + path // as it is, whatever it is
	req.URL.RawQuery = query
	req.Header.Set("Authorization", "Bearer "+s.Token)
	if method != http.MethodGet && method != http.MethodDelete {
		req.Header.Set("Content-Type", "application/json")
	} else {
		req.Body, req.ContentLength = nil, 0
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	if answer.StatusCode == http.StatusUnauthorized && !strings.HasSuffix(path, "/session") { // one of the requests revoked the token
		answer.Body.Close()
		s.Token = s.TokenOf(s.Admin.ID)
		req.Header.Set("Authorization", "Bearer "+s.Token)
		if req.Body != nil {
			req.Body, _ = req.GetBody()
		}
		if answer, err = http.DefaultClient.Do(req); err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	defer answer.Body.Close()
	var b bytes.Buffer
	_, _ = b.ReadFrom(answer.Body)
	what := fmt.Sprintf("%s %s?%s %s", method, cut(path), cut(query), cut(body))
	if answer.StatusCode >= 500 {
		t.Errorf("%s: %d %s", what, answer.StatusCode, cut(b.String()))
	}
	if answer.StatusCode < 400 || !strings.HasPrefix(path, "/api/") {
		return
	}
	var p struct {
		Status      int
		Detail, Key string
	}
	if err := json.Unmarshal(b.Bytes(), &p); err != nil || p.Status != answer.StatusCode || p.Detail == "" || p.Detail == p.Key {
		t.Errorf("%s: %d %s is no problem", what, answer.StatusCode, cut(b.String()))
	}
}

func cut(s string) string {
	if len(s) > 200 {
		return s[:200] + "…"
	}
	return s
}
