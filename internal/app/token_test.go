package app_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/app/apptest"
	"voronka/internal/org/access"
	"voronka/internal/org/session"
)

// tokenFor makes a token of the administrator.
func tokenFor(t *testing.T, s *apptest.Server, types []string, uses ...access.Use) []string {
	t.Helper()
	token, _, err := s.Sessions.AddToken(context.Background(), access.System(), s.Admin.ID, session.TokenDraft{Title: "t", Uses: uses, Types: types})
	if err != nil {
		t.Fatal(err)
	}
	return []string{"Authorization", "Bearer " + token}
}

// TestTokensReachOnlyWhatTheyAreFor calls every route with a token for reading, one for records and one for settings.
func TestTokensReachOnlyWhatTheyAreFor(t *testing.T) {
	s := apptest.Start(t, apptest.Options{})
	reads, writes, runs := tokenFor(t, s, nil, access.UseRead), tokenFor(t, s, nil, access.UseWrite), tokenFor(t, s, nil, access.UseSettings)
	refused := func(op httpapi.Op, token []string) bool {
		body := any(nil)
		if op.Method != http.MethodGet && op.Method != http.MethodDelete {
			body = "{}"
		}
		status, answer := s.Call(op.Method, concrete(op.Path, "1"), body, token...)
		return status == http.StatusForbidden && strings.Contains(string(answer), "token.not_for_this")
	}
	asks := map[string]bool{"/api/routing-test": true, "/api/letter-preview": true} // by POST, for their questions are long
	seen := 0
	for _, op := range s.Router.Routes() {
		if op.Long || !strings.HasPrefix(op.Path, "/api/") || op.Access == httpapi.Public || op.Access == httpapi.SetupOnly {
			continue
		}
		seen++
		own := strings.HasPrefix(op.Path, "/api/session") || strings.HasPrefix(op.Path, "/api/tokens") || strings.HasPrefix(op.Path, "/api/me/") ||
			strings.HasPrefix(op.Path, "/api/invitations") || strings.HasPrefix(op.Path, "/api/service-accounts")
		gives := strings.HasPrefix(op.Path, "/api/users") || strings.HasPrefix(op.Path, "/api/roles") || strings.HasPrefix(op.Path, "/api/groups") ||
			strings.HasPrefix(op.Path, "/api/stand-ins")
		if gives && op.Method != http.MethodGet && !refused(op, runs) {
			t.Errorf("%s %s gives rights and lets a limited token in", op.Method, op.Path)
		}
		if op.Method != http.MethodGet && !asks[op.Path] && !refused(op, reads) {
			t.Errorf("%s %s lets a token in that only reads", op.Method, op.Path)
		}
		if own && (!refused(op, reads) || !refused(op, writes) || !refused(op, runs)) {
			t.Errorf("%s %s is about the account itself and lets a limited token in", op.Method, op.Path)
		}
		if op.Method != http.MethodGet && !refused(op, writes) && !refused(op, runs) {
			t.Errorf("%s %s takes a token for records and one for settings alike", op.Method, op.Path)
		}
	}
	if seen < 100 {
		t.Errorf("only %d routes were seen", seen)
	}
}

// TestTokensForSomeTypes: records of other types are as if they weren't there.
func TestTokensForSomeTypes(t *testing.T) {
	s := apptest.Start(t, apptest.Options{})
	for _, typ := range []string{"deal", "lead"} {
		if status, answer := s.Call("POST", "/api/records/"+typ, `{"title":"Extinguishers"}`); status != http.StatusCreated {
			t.Fatalf("%d %s", status, answer)
		}
	}
	token := tokenFor(t, s, []string{"deal"}, access.UseRead, access.UseWrite)
	for _, path := range []string{"/api/notifications", "/api/held-requests", "/api/held-requests/count"} { // of any type, deals or not
		if status, answer := s.Call("GET", path, nil, token...); status != http.StatusForbidden {
			t.Errorf("%s: %d %s", path, status, answer)
		}
	}
	holds := func(path string) bool {
		status, answer := s.Call("GET", path, nil, token...)
		return status == http.StatusOK && strings.Contains(string(answer), "Extinguishers")
	}
	if !holds("/api/records/deal?fields=title") || holds("/api/records/lead?fields=title") || holds("/api/records/lead/1") || !holds("/api/records/deal/1") {
		t.Error("the token's types don't hold")
	}
	if status, answer := s.Call("GET", "/api/search?q=Extinguishers", nil, token...); status != http.StatusOK || strings.Contains(string(answer), `"lead"`) {
		t.Errorf("search: %d %s", status, answer)
	}
	if status, _ := s.Call("POST", "/api/records/lead", `{"title":"x"}`, token...); status != http.StatusForbidden && status != http.StatusNotFound {
		t.Errorf("a lead was made: %d", status)
	}
	if status, answer := s.Call("POST", "/api/records/deal", `{"title":"x"}`, token...); status != http.StatusCreated {
		t.Errorf("no deal was made: %d %s", status, answer)
	}
	for _, path := range []string{"/api/bin", "/api/intake-keys", "/api/incidents"} {
		if status, answer := s.Call("GET", path, nil, token...); status == http.StatusOK && strings.Contains(string(answer), "lead") {
			t.Errorf("%s: %s", path, answer)
		}
	}
}
