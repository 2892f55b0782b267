package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"voronka/internal/app/apptest"
	"voronka/internal/org/access"
)

// rightsHouse is a server with a few people whose rights are set up over the API.
type rightsHouse struct{ *apptest.Server }

func rightsOn(t *testing.T, f func(t *testing.T, h rightsHouse)) {
	for _, postgres := range []bool{false, true} {
		t.Run(map[bool]string{false: "sqlite", true: "postgres"}[postgres], func(t *testing.T) {
			f(t, rightsHouse{apptest.Start(t, apptest.Options{Simple: true, Postgres: postgres})})
		})
	}
}

func (h rightsHouse) as(token string) []string { return []string{"Authorization", "Bearer " + token} }

type numbered struct{ ID int64 }

func (h rightsHouse) deal(title string, responsible int64) (id int64) {
	var made numbered
	h.Must("POST", "/api/deals", map[string]any{"title": title, "responsible": responsible}, &made)
	return made.ID
}

func (h rightsHouse) role(body map[string]any) (id int64) {
	var made numbered
	h.Must("POST", "/api/roles", body, &made)
	return made.ID
}

func (h rightsHouse) count(token string) int {
	var list struct{ Items []numbered }
	h.Must("GET", "/api/deals", nil, &list, h.as(token)...)
	return len(list.Items)
}

type why struct {
	Allowed bool
	Reasons []struct {
		Holds, Deny   bool
		Misses, Scope string
		Line          int
		Role          *struct{ ID int64 }
	}
	Ask  []int64
	Seen []struct {
		Type string
		Sees int64
		Of   *int64
	}
}

func TestRolesOverTheAPI(t *testing.T) {
	rightsOn(t, func(t *testing.T, h rightsHouse) {
		anna, annas := h.Person("Anna", access.Employee)
		boris, boriss := h.Person("Boris", access.Manager)
		h.deal("Anna's", anna.ID)
		his := h.deal("Boris's", boris.ID)
		if n := h.count(annas); n != 0 {
			t.Fatalf("an employee without a role sees %d deals", n)
		}
		pipelines := func() int {
			var list struct{ Items []numbered }
			h.Must("GET", "/api/pipelines?type=deal", nil, &list, h.as(annas)...)
			return len(list.Items)
		}
		if n := pipelines(); n != 0 {
			t.Errorf("an employee without a role is shown %d pipelines", n)
		}
		var lines struct {
			Items []struct {
				Type, Code string
				Stages     []struct {
					ID   int64
					Code string
				}
			}
		}
		h.Must("GET", "/api/pipelines?type=deal", nil, &lines)
		stages := lines.Items[0].Stages
		grant := map[string]any{"types": []string{"deal"}, "pipelines": []int64{}, "stages": []int64{stages[0].ID}, "ops": []string{"see"}, "scopes": []string{"all"}}
		id := h.role(map[string]any{"title": "Estimator", "grants": []any{grant}, "holders": []any{map[string]any{"kind": "user", "id": anna.ID}}})
		if n := h.count(annas); n != 2 {
			t.Errorf("an estimator sees %d deals on her stage", n)
		}
		if n := pipelines(); n != 1 {
			t.Errorf("an estimator is shown %d pipelines", n)
		}
		h.Must("PATCH", fmt.Sprintf("/api/deals/%d", his), map[string]any{"stage": stages[1].Code}, nil)
		if n := h.count(annas); n != 1 {
			t.Errorf("she sees %d deals after one has gone on", n)
		}

		// Why: the administrator asks about her, she about herself; of what she can't see she learns nothing.
		var w why
		h.Must("GET", fmt.Sprintf("/api/rights/why?user=%d&type=deal&id=%d&op=see&seen=true", anna.ID, his), nil, &w)
		if w.Allowed || len(w.Reasons) != 1 || w.Reasons[0].Misses != "stage" || w.Reasons[0].Role.ID != id || len(w.Ask) == 0 || w.Ask[0] != boris.ID {
			t.Errorf("why: %+v", w)
		}
		for _, s := range w.Seen {
			if s.Type == "deal" && (s.Sees != 1 || s.Of == nil || *s.Of != 2) {
				t.Errorf("seen: %+v", s)
			}
		}
		_, forbidden := h.Call("GET", fmt.Sprintf("/api/rights/why?type=deal&id=%d", his), nil, h.as(annas)...)
		status, unknown := h.Call("GET", "/api/rights/why?type=deal&id=999999", nil, h.as(annas)...)
		if status != 404 || strings.ReplaceAll(string(forbidden), fmt.Sprint(his), "N") != strings.ReplaceAll(string(unknown), "999999", "N") {
			t.Errorf("forbidden and unknown differ: %d %s %s", status, forbidden, unknown)
		}
		if status, _ := h.Call("GET", fmt.Sprintf("/api/rights/why?user=%d&type=deal", boris.ID), nil, h.as(annas)...); status != 403 {
			t.Errorf("she asks about another: %d", status)
		}

		// Who can see a record.
		var seen struct {
			Items []struct {
				User int64
				Ops  []string
			}
		}
		h.Must("GET", fmt.Sprintf("/api/rights/seen-by?type=deal&id=%d", his), nil, &seen, h.as(boriss)...)
		if len(seen.Items) != 2 {
			t.Errorf("seen by %+v", seen)
		}
		if status, _ := h.Call("GET", fmt.Sprintf("/api/rights/seen-by?type=deal&id=%d", his), nil, h.as(annas)...); status != 404 {
			t.Errorf("she learns who sees what she doesn't: %d", status)
		}

		// The matrix is computed.
		var m struct {
			Rows []struct {
				Type  string
				Cells []struct {
					Op, Scope string
					Note      bool
				}
			}
		}
		h.Must("GET", fmt.Sprintf("/api/rights/matrix?role=%d", id), nil, &m)
		for _, row := range m.Rows {
			for _, c := range row.Cells {
				want := "none"
				if row.Type == "deal" && c.Op == "see" {
					want = "all"
				}
				if c.Scope != want || c.Note != (want == "all") {
					t.Errorf("%s %s: %+v", row.Type, c.Op, c)
				}
			}
		}

		// A document names things by code; taken over again it changes nothing.
		_, text := h.Call("GET", "/api/roles/export", nil)
		if !strings.Contains(string(text), "deal/"+lines.Items[0].Code+"/"+stages[0].Code) || !strings.Contains(string(text), "anna@example.com") {
			t.Errorf("the document: %s", text)
		}
		h.Must("DELETE", fmt.Sprintf("/api/roles/%d", id), nil, nil)
		if n := h.count(annas); n != 0 {
			t.Errorf("without the role she sees %d", n)
		}
		h.Must("POST", "/api/roles/import", map[string]any{"yaml": string(text)}, nil)
		if n := h.count(annas); n != 1 {
			t.Errorf("with the role from the document she sees %d", n)
		}
		_, again := h.Call("GET", "/api/roles/export", nil)
		if string(again) != string(text) {
			t.Errorf("the document became another:\n%s\n%s", text, again)
		}
		for _, bad := range []string{"roles: [{title: X, grants: [{ops: [see], scopes: [all], stages: [deal/nowhere/x]}]}]", "roles: 7", "moon: 1", "roles: [{fixed: admin}]"} {
			if status, answer := h.Call("POST", "/api/roles/import", map[string]any{"yaml": bad}); status < 400 || status >= 500 {
				t.Errorf("%s: %d %s", bad, status, answer)
			}
		}
	})
}

// TestRightsChangeUnderAnOpenStream: within two seconds the record of who may not see it any more is gone from his screen, and what he
// may see now comes without a reload.
func TestRightsChangeUnderAnOpenStream(t *testing.T) {
	rightsOn(t, func(t *testing.T, h rightsHouse) {
		anna, annas := h.Person("Anna", access.Employee)
		boris, _ := h.Person("Boris", access.Manager)
		his := h.deal("Boris's", boris.ID)
		id := h.role(map[string]any{
			"title": "All deals", "holders": []any{map[string]any{"kind": "user", "id": anna.ID}},
			"grants": []any{map[string]any{"types": []string{"deal"}, "pipelines": []int64{}, "stages": []int64{}, "ops": []string{"see"}, "scopes": []string{"all"}}},
		})
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, "GET", h.URL+"/api/live", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+annas)
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		lines := make(chan string, 100)
		go func() {
			scan := bufio.NewScanner(answer.Body)
			for scan.Scan() {
				lines <- scan.Text()
			}
			close(lines)
		}()
		wait := func(what string, is func(line string) bool) {
			t.Helper()
			deadline := time.After(15 * time.Second)
			for {
				select {
				case line, open := <-lines:
					if !open {
						t.Fatalf("%s: the stream ended", what)
					}
					if is(line) {
						return
					}
				case <-deadline:
					t.Fatalf("%s never came", what)
				}
			}
		}
		h.Must("PATCH", fmt.Sprintf("/api/deals/%d", his), map[string]any{"title": "Boris's, changed"}, nil)
		wait("a change she may see", func(line string) bool { return strings.Contains(line, `"event":"changed"`) })
		began := time.Now()
		h.Must("PATCH", fmt.Sprintf("/api/roles/%d", id), map[string]any{"grants": []any{}}, nil)
		wait("the news about her rights", func(line string) bool { return line == "event: reset" })
		t.Logf("told after %v", time.Since(began))
		if status, _ := h.Call("GET", fmt.Sprintf("/api/deals/%d", his), nil, h.as(annas)...); status != 404 {
			t.Errorf("she still reads it: %d", status)
		}
		h.Must("PATCH", fmt.Sprintf("/api/deals/%d", his), map[string]any{"title": "A secret now"}, nil)
		mine := h.deal("Hers", anna.ID)
		h.Must("PATCH", fmt.Sprintf("/api/roles/%d", id), map[string]any{"grants": []any{map[string]any{
			"types": []string{"deal"}, "pipelines": []int64{}, "stages": []int64{}, "ops": []string{"see"}, "scopes": []string{"own"},
		}}}, nil)
		wait("the news that she has rights again", func(line string) bool { return line == "event: reset" })
		h.Must("PATCH", fmt.Sprintf("/api/deals/%d", mine), map[string]any{"title": "Hers, changed"}, nil)
		wait("a change of her own", func(line string) bool {
			if strings.Contains(line, fmt.Sprintf(`"id":%d,`, his)) {
				t.Errorf("she hears of what she may not see: %s", line)
			}
			return strings.Contains(line, `"event":"changed"`) && strings.Contains(line, fmt.Sprintf(`"id":%d,`, mine))
		})
	})
}

// TestLookAs: an administrator looks with another's eyes, may change nothing meanwhile, and it is written down.
func TestLookAs(t *testing.T) {
	rightsOn(t, func(t *testing.T, h rightsHouse) {
		anna, _ := h.Person("Anna", access.Manager)
		h.deal("Mine", h.Admin.ID)
		h.deal("Anna's", anna.ID)
		login := h.Do("POST", "/api/session", map[string]any{"email": "admin@example.com", "password": apptest.Password}, "Authorization", "")
		defer login.Body.Close()
		var cookies []string
		for _, c := range login.Cookies() {
			cookies = append(cookies, c.Name+"="+c.Value)
		}
		browser := []string{"Authorization", "", "Cookie", strings.Join(cookies, "; "), "Origin", h.URL}
		names := func() string {
			_, body := h.Call("GET", "/api/deals", nil, browser...)
			var list struct{ Items []struct{ Title string } }
			if err := json.Unmarshal(body, &list); err != nil {
				t.Fatalf("%s: %v", body, err)
			}
			var out []string
			for _, item := range list.Items {
				out = append(out, item.Title)
			}
			return strings.Join(out, ",")
		}
		if got := names(); !strings.Contains(got, "Mine") {
			t.Fatal(got)
		}
		h.Must("POST", "/api/session/look-as", map[string]any{"user": anna.ID}, nil, browser...)
		if got := names(); got != "Anna's" {
			t.Errorf("with her eyes: %s", got)
		}
		var me struct {
			ID         int64
			LookedAtBy *struct{ ID int64 } `json:"looked_at_by"`
		}
		h.Must("GET", "/api/me", nil, &me, browser...)
		if me.ID != anna.ID || me.LookedAtBy == nil || me.LookedAtBy.ID != h.Admin.ID {
			t.Errorf("%+v", me)
		}
		for _, try := range [][2]string{
			{"POST", "/api/deals"},
			{"PATCH", "/api/me"},
			{"POST", "/api/tokens"},
			{"POST", "/api/session/look-as"},
			{"DELETE", "/api/sessions"},
			{"DELETE", "/api/sessions/1"},
		} {
			if status, body := h.Call(try[0], try[1], map[string]any{"title": "x", "user": h.Admin.ID}, browser...); status != 403 {
				t.Errorf("%s %s: %d %s", try[0], try[1], status, body)
			}
		}
		// What he carries out with her eyes is carried out by him.
		h.Must("GET", "/api/records/deal/export?format=csv", nil, nil, browser...)
		var exports struct{ Items []struct{ User int64 } }
		h.Must("GET", "/api/access-journal?kind=export", nil, &exports)
		if len(exports.Items) != 1 || exports.Items[0].User != h.Admin.ID {
			t.Errorf("whose export it is: %+v", exports)
		}
		h.Must("DELETE", "/api/session/look-as", nil, nil, browser...)
		if got := names(); !strings.Contains(got, "Mine") {
			t.Errorf("with his own eyes again: %s", got)
		}
		var journal struct{ Items []struct{ Kind string } }
		h.Must("GET", "/api/access-journal?kind=look_as", nil, &journal)
		if len(journal.Items) != 2 {
			t.Errorf("written down: %+v", journal)
		}
		h.Must("POST", "/api/session/look-as", map[string]any{"user": anna.ID}, nil, browser...)
		h.Must("DELETE", "/api/session", nil, nil, browser...)
		if status, _ := h.Call("GET", "/api/me", nil, browser...); status != 401 {
			t.Errorf("signed out while looking: %d", status)
		}
	})
}

// TestJournalOfHiddenRecord: who reads the access journal doesn't learn by a number who looked at a record he may not see.
func TestJournalOfHiddenRecord(t *testing.T) {
	rightsOn(t, func(t *testing.T, h rightsHouse) {
		anna, annas := h.Person("Anna", access.Employee)
		h.role(map[string]any{"title": "Journal", "areas": []string{"journal"}, "holders": []map[string]any{{"kind": "user", "id": anna.ID}}})
		var contact numbered
		h.Must("POST", "/api/contacts", map[string]any{"title": "Pavel"}, &contact)
		h.Must("GET", fmt.Sprintf("/api/contacts/%d", contact.ID), nil, nil)
		path := fmt.Sprintf("?kind=view&type=contact&record=%d", contact.ID)
		lines := func(as ...string) (n int) {
			var list struct{ Items []struct{ User int64 } }
			h.Must("GET", "/api/access-journal"+path, nil, &list, as...)
			return len(list.Items)
		}
		for end := time.Now().Add(10 * time.Second); lines() == 0; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("the view is not in the journal")
			}
		}
		if n := lines(h.as(annas)...); n != 0 {
			t.Errorf("%d lines about a hidden record", n)
		}
		if status, body := h.Call("GET", "/api/access-journal/export"+path, nil, h.as(annas)...); status != 200 || strings.Count(string(body), "\n") != 1 {
			t.Errorf("as a file: %d %s", status, body)
		}
	})
}

// TestBadRightsAreRefusedInWords: nothing that can be sent to the doors of rights is answered with a failure of ours, or half done.
func TestBadRightsAreRefusedInWords(t *testing.T) {
	rightsOn(t, func(t *testing.T, h rightsHouse) {
		anna, annas := h.Person("Anna", access.Manager)
		grant := func(more map[string]any) map[string]any {
			g := map[string]any{"types": []string{"deal"}, "pipelines": []int64{}, "stages": []int64{}, "ops": []string{"see"}, "scopes": []string{"own"}}
			for k, v := range more {
				g[k] = v
			}
			return map[string]any{"title": "R", "grants": []any{g}}
		}
		id := h.role(map[string]any{"title": "Good"})
		one := fmt.Sprintf("/api/roles/%d", id)
		_, before := h.Call("GET", "/api/roles", nil)
		for _, c := range []struct {
			method, path string
			body         any
		}{
			{"POST", "/api/roles", map[string]any{}},
			{"POST", "/api/roles", map[string]any{"title": strings.Repeat("x", 1000)}},
			{"POST", "/api/roles", map[string]any{"title": "R", "copy_of": 999}},
			{"POST", "/api/roles", map[string]any{"title": "R", "fixed": "admin"}},
			{"POST", "/api/roles", map[string]any{"title": "R", "id": 1, "code": "admin"}},
			{"POST", "/api/roles", grant(map[string]any{"types": []string{"moon"}})},
			{"POST", "/api/roles", grant(map[string]any{"types": []string{"deal'; DROP TABLE users; --"}})},
			{"POST", "/api/roles", grant(map[string]any{"pipelines": []int64{-1}})},
			{"POST", "/api/roles", grant(map[string]any{"stages": []int64{9007199254740993}})},
			{"POST", "/api/roles", grant(map[string]any{"ops": []string{}})},
			{"POST", "/api/roles", grant(map[string]any{"scopes": []string{"everything"}})},
			{"POST", "/api/roles", map[string]any{"title": "R", "fields": []any{map[string]any{"type": "deal", "field": "moon", "access": "hidden"}}}},
			{"POST", "/api/roles", map[string]any{"title": "R", "fields": []any{map[string]any{"type": "deal", "field": "title", "access": "hidden"}}}},
			{"POST", "/api/roles", map[string]any{"title": "R", "fields": []any{map[string]any{"type": "deal", "field": "amount", "access": "gone"}}}},
			{"POST", "/api/roles", map[string]any{"title": "R", "areas": []string{"roles"}}},
			{"POST", "/api/roles", map[string]any{"title": "R", "holders": []any{map[string]any{"kind": "user", "id": -7}}}},
			{"POST", "/api/roles", map[string]any{"title": "R", "holders": []any{map[string]any{"kind": "moon", "id": 1}}}},
			{"PATCH", "/api/roles/1", map[string]any{"grants": []any{}}},
			{"PATCH", "/api/roles/999999999999", map[string]any{"title": "X"}},
			{"PATCH", "/api/roles/-1", map[string]any{"title": "X"}},
			{"PATCH", one, map[string]any{"title": "Bad", "version": 77}},
			{"DELETE", "/api/roles/1", nil},
			{"DELETE", "/api/roles/0", nil},
			{"POST", one + "/restore", map[string]any{"change": 123456}},
			{"POST", one + "/reset", nil},
			{"POST", "/api/groups", map[string]any{"title": "G", "members": []int64{0}}},
			{"POST", "/api/stand-ins", map[string]any{"user": anna.ID, "for": anna.ID, "kind": "assistant"}},
			{"POST", "/api/stand-ins", map[string]any{"user": anna.ID, "for": h.Admin.ID, "kind": "deputy"}},
			{"POST", "/api/session/look-as", map[string]any{"user": anna.ID}},
			{"GET", "/api/rights/why?type=moon&id=1", nil},
			{"GET", "/api/rights/why?type=deal&id=-1", nil},
			{"GET", "/api/rights/why?type=deal&id=1&op=fly", nil},
			{"GET", "/api/rights/matrix?role=12345", nil},
			{"GET", "/api/rights/seen-by?type=moon&id=1", nil},
			{"PATCH", fmt.Sprintf("/api/users/%d", h.Admin.ID), map[string]any{"role": "manager"}},
		} {
			status, body := h.Call(c.method, c.path, c.body)
			if status < 400 || status >= 500 || !strings.Contains(string(body), `"detail"`) {
				t.Errorf("%s %s %v: %d %s", c.method, c.path, c.body, status, body)
			}
			if status, body := h.Call(c.method, c.path, c.body, h.as(annas)...); status < 400 || status >= 500 {
				t.Errorf("a manager: %s %s %v: %d %s", c.method, c.path, c.body, status, body)
			}
		}
		if _, after := h.Call("GET", "/api/roles", nil); string(after) != string(before) {
			t.Errorf("something was done by halves:\n%s\n%s", before, after)
		}
	})
}
