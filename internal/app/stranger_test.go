package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/app/apptest"
	"voronka/internal/org/access"
)

// commonGround are things everybody who works in the portal works with, and what is his own: their numbers are no secret.
var commonGround = []string{
	"/api/users/", "/api/departments/", "/api/pipelines/", "/api/stages/", "/api/drums/", "/api/schedules/", "/api/types/", "/api/lost-reasons/", "/api/calendars/", "/api/tokens/", "/api/sessions/",
}

// TestAStrangerLearnsNothing calls every route as somebody who works here and sees no record: about records, files, offers,
// incidents, requests that are there he hears exactly what he hears about those that aren't.
func TestAStrangerLearnsNothing(t *testing.T) {
	both(t, func(t *testing.T, o apptest.Options) {
		s := seal(t, o)
		_, token := s.Person("Stranger", access.Employee)
		s.Must("PUT", fmt.Sprintf("/api/external/old/deal/%d", s.deal), map[string]any{"title": "Known outside", "secret_note": "x"}, nil)
		var gone record
		s.Must("POST", "/api/deals", map[string]any{"title": "Gone", "secret_note": "x"}, &gone)
		s.Must("DELETE", fmt.Sprintf("/api/deals/%d", gone.ID), nil, nil)
		asked := 0
		for _, op := range s.Router.Routes() {
			if op.Long || op.Access == httpapi.Public || op.Access == httpapi.SetupOnly || !strings.Contains(op.Path, "{") || mine(op.Path) {
				continue
			}
			for _, typ := range []string{"deal", "contact", "lead"} {
				missing := answerTo(s, op.Method, fill(op.Path, typ, 999), token)
				for _, id := range []int64{s.deal, gone.ID, s.contact, s.lead, s.file} {
					path := fill(op.Path, typ, id)
					there := answerTo(s, op.Method, path, token)
					asked++
					if there != missing {
						t.Errorf("%s %s: a stranger hears %s, about what isn't there %s", op.Method, path, there, missing)
					}
				}
				if !strings.Contains(op.Path, "{type}") {
					break
				}
			}
		}
		if asked < 300 {
			t.Errorf("only %d questions were asked", asked)
		}
		for _, path := range []string{"/api/deals", "/api/deals/board", "/api/deals/totals", "/api/deals/count", "/api/search?q=921739", "/api/search?q=bridge", "/api/offers", "/api/incidents", "/api/bin", "/api/types", "/api/requests"} {
			_, b := s.Call("GET", path, nil, "Authorization", "Bearer "+token)
			if strings.Contains(string(b), "ridge") || strings.Contains(string(b), `"count":1`) || strings.Contains(string(b), secretAmount) {
				t.Errorf("%s tells a stranger %s", path, b)
			}
		}
	})
}

// mine tells routes about common ground, or about one's own things alone.
func mine(path string) bool {
	for _, prefix := range commonGround {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

func fill(path, typ string, id int64) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		switch {
		case part == "{type}":
			parts[i] = typ
		case part == "{system}":
			parts[i] = "old"
		case strings.HasPrefix(part, "{"):
			parts[i] = fmt.Sprint(id)
		}
	}
	return strings.Join(parts, "/")
}

// answerTo is an answer without the number that was asked for.
func answerTo(s *sealed, method, path, token string) string {
	body := any(nil)
	if method != http.MethodGet && method != http.MethodDelete {
		body = "{}"
	}
	status, b := s.Call(method, path, body, "Authorization", "Bearer "+token)
	var p struct{ Key, Detail string }
	_ = json.Unmarshal(b, &p)
	if status < 300 {
		return fmt.Sprint(status, " ", string(b))
	}
	number := path[strings.LastIndexAny(strings.TrimRight(path, "abcdefghijklmnopqrstuvwxyz-/"), "/")+1:]
	number, _, _ = strings.Cut(number, "/")
	return fmt.Sprint(status, " ", p.Key, " ", strings.ReplaceAll(p.Detail, number, "…"))
}
