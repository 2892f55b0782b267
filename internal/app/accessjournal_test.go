package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/app"
	"voronka/internal/app/apptest"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
	"voronka/internal/org/accessjournal"
)

// lines are the newest lines of some kinds.
func lines(t *testing.T, s *apptest.Server, kinds ...accessjournal.Kind) []accessjournal.Entry {
	t.Helper()
	if err := s.Views.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	list, err := s.Org.Entries(t.Context(), accessjournal.Filter{Kinds: kinds, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func call(t *testing.T, s *apptest.Server, want int, method, path string, body any, header ...string) []byte {
	t.Helper()
	if header == nil {
		header = []string{"Authorization", "Bearer " + s.Token}
	}
	status, answer := s.Call(method, path, body, header...)
	if status != want {
		t.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	return answer
}

func made(t *testing.T, s *apptest.Server, path, body string) int64 {
	t.Helper()
	var out struct{ ID int64 }
	decode(t, call(t, s, http.StatusCreated, "POST", path, body), &out)
	return out.ID
}

func decode(t *testing.T, answer []byte, out any) {
	t.Helper()
	if err := json.Unmarshal(answer, out); err != nil {
		t.Fatalf("%s: %v", answer, err)
	}
}

// A card with somebody's data leaves one line in ten minutes for one reader; lists and cards without such data none.
func TestViewsOfPersonalDataAreNoted(t *testing.T) {
	eachDatabase(t, func(t *testing.T, postgres bool) {
		now := clock.NewManual(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))
		s := apptest.Start(t, apptest.Options{Postgres: postgres, App: []app.Option{app.WithClock(now)}})
		contact := made(t, s, "/api/contacts", `{"title":"Olga","phones":[{"value":"+79161234567"}]}`)
		deal := made(t, s, "/api/deals", `{"title":"Roof"}`)
		_, manager := s.Person("Manager", access.Manager)
		card := fmt.Sprintf("/api/contacts/%d", contact)
		for range 3 {
			call(t, s, 200, "GET", card, nil)
		}
		call(t, s, 200, "GET", card+"?fields=id,title", nil)
		call(t, s, 200, "GET", fmt.Sprintf("/api/records/contact/%d", contact), nil)
		call(t, s, 200, "GET", "/api/contacts", nil)
		call(t, s, 200, "GET", fmt.Sprintf("/api/deals/%d", deal), nil)
		call(t, s, 404, "GET", card, nil, "Authorization", "Bearer "+manager)
		seen := lines(t, s, accessjournal.View)
		if len(seen) != 1 {
			t.Fatalf("%d views: %+v", len(seen), seen)
		}
		if e := seen[0]; e.UserID != s.Admin.ID || e.Ref.Type != "contact" || e.Ref.ID != contact || e.IP != "127.0.0.1" || e.TokenID == 0 || e.Agent == "" {
			t.Errorf("%+v", e)
		}
		now.Advance(9 * time.Minute)
		call(t, s, 200, "GET", card+"?fields=phones", nil)
		if n := len(lines(t, s, accessjournal.View)); n != 1 {
			t.Errorf("after nine minutes: %d views", n)
		}
		now.Advance(2 * time.Minute)
		call(t, s, 200, "GET", card, nil)
		if n := len(lines(t, s, accessjournal.View)); n != 2 {
			t.Errorf("after eleven minutes: %d views", n)
		}
	})
}

// What was seen a moment before the program stops is written while it stops.
func TestViewsAreWrittenAtTheEnd(t *testing.T) {
	data := t.TempDir()
	s := apptest.Start(t, apptest.Options{Data: data})
	contact := made(t, s, "/api/contacts", `{"title":"Olga"}`)
	call(t, s, 200, "GET", fmt.Sprintf("/api/contacts/%d", contact), nil)
	s.Stop()
	s = apptest.Start(t, apptest.Options{Data: data})
	if n := len(lines(t, s, accessjournal.View)); n != 1 {
		t.Errorf("%d views", n)
	}
}

// A change of settings is noted with it, by the name of its route; a refused one isn't, nor is everyday work.
func TestChangesOfSettingsAreNoted(t *testing.T) {
	eachDatabase(t, func(t *testing.T, postgres bool) {
		s := apptest.Start(t, apptest.Options{Postgres: postgres})
		call(t, s, 201, "POST", "/api/types/contact/fields", `{"code":"nick","kind":"text","title_en":"Nick name"}`)
		call(t, s, 422, "POST", "/api/types/contact/fields", `{"code":"nick2","kind":"nonsense","title_en":"x"}`)
		call(t, s, 200, "PATCH", "/api/portal", `{"company":"Other"}`, "Authorization", "Bearer "+s.Token, "Idempotency-Key", "x1")
		key := []string{"Authorization", "Bearer " + s.Token, "Idempotency-Key", "x2"}
		for range 2 { // once, however often it is sent
			call(t, s, 201, "POST", "/api/lost-reasons", `{"type":"deal","title_en":"Too dear"}`, key...)
		}
		var what []string
		for _, e := range lines(t, s, accessjournal.Settings) {
			what = append(what, string(e.Data))
			if e.UserID != s.Admin.ID || e.TokenID == 0 {
				t.Errorf("%+v", e)
			}
		}
		want := []string{
			`{"path":"/api/lost-reasons","sent":["title_en","type"],"what":"POST /api/lost-reasons"}`,
			`{"path":"/api/portal","sent":["company"],"what":"PATCH /api/portal"}`,
			`{"path":"/api/types/contact/fields","sent":["code","kind","title_en"],"what":"POST /api/types/{type}/fields"}`,
		}
		if !slices.Equal(what, want) {
			t.Errorf("got %q", what)
		}
	})
}

// What leaves the portal as a file is noted before it does.
func TestExportsAreNoted(t *testing.T) {
	s := apptest.Start(t, apptest.Options{})
	call(t, s, 200, "GET", "/api/config", nil)
	var file, picture struct{ ID int64 }
	decode(t, call(t, s, 201, "POST", "/api/files?name=base.csv", "a;b", "Authorization", "Bearer "+s.Token, "Content-Type", "text/csv"), &file)
	decode(t, call(t, s, 201, "POST", "/api/files?name=a.txt", "hello", "Authorization", "Bearer "+s.Token, "Content-Type", "text/plain"), &picture)
	call(t, s, 200, "GET", fmt.Sprintf("/api/files/%d", file.ID), nil)
	call(t, s, 200, "GET", fmt.Sprintf("/api/files/%d", picture.ID), nil)
	var what []string
	for _, e := range lines(t, s, accessjournal.Export) {
		what = append(what, string(e.Data))
	}
	want := []string{`{"filter":"base.csv","rows":0,"type":"file"}`, `{"filter":"","rows":0,"type":"config"}`}
	if !slices.Equal(what, want) {
		t.Errorf("got %q", what)
	}
}

// Which routes for few change nothing is written down here: a new one is journalled until somebody says otherwise.
func TestEverydayRoutes(t *testing.T) {
	s := apptest.Start(t, apptest.Options{})
	everyday := []string{
		"POST /api/held-requests/{id}/acceptance", "POST /api/held-requests/{id}/rejection", "POST /api/intake-keys/{id}/preview",
		"POST /api/intake-keys/{id}/trial", "POST /api/mail-settings/test", "POST /api/letter-preview",
		"POST /api/absences", "PATCH /api/absences/{id}", "DELETE /api/absences/{id}", "PUT /api/working-days/{user}/{day}",
	}
	for _, op := range s.Router.Routes() {
		name := op.Method + " " + op.Path
		if op.Everyday && !slices.Contains(everyday, name) {
			t.Errorf("%s keeps out of the access journal", name)
		}
		if op.Everyday && (op.Access == httpapi.Public || op.Access == httpapi.Member) {
			t.Errorf("%s needs no word for it", name)
		}
	}
}

// The journal is read by pages and filters by who may, carried out as a file, and that is a line too.
func TestAccessJournalIsRead(t *testing.T) {
	eachDatabase(t, func(t *testing.T, postgres bool) {
		s := apptest.Start(t, apptest.Options{Postgres: postgres})
		contact := made(t, s, "/api/contacts", `{"title":"=Olga"}`)
		call(t, s, 200, "GET", fmt.Sprintf("/api/contacts/%d", contact), nil)
		call(t, s, 200, "PATCH", "/api/portal", `{"company":"Other"}`)
		lines(t, s)
		_, manager := s.Person("Manager", access.Manager)
		for _, path := range []string{"/api/access-journal", "/api/access-journal/export", "/api/access-journal/keeping"} {
			call(t, s, 403, "GET", path, nil, "Authorization", "Bearer "+manager)
		}
		type page struct {
			Items []struct {
				Kind, Type, Title, IP string
				User, Record          int64
				Token                 struct{ Title string }
			}
			Next string
		}
		read := func(query string) (p page) {
			t.Helper()
			decode(t, call(t, s, 200, "GET", "/api/access-journal"+query, nil), &p)
			return p
		}
		p := read(fmt.Sprintf("?type=contact&record=%d", contact))
		if len(p.Items) != 1 || p.Items[0].Kind != "view" || p.Items[0].Title != "=Olga" || p.Items[0].Record != contact || p.Items[0].Token.Title != "test" {
			t.Errorf("%+v", p)
		}
		if p := read("?kind=settings,login&q=admin"); len(p.Items) != 1 || p.Items[0].Kind != "settings" || p.Items[0].User != s.Admin.ID {
			t.Errorf("%+v", p)
		}
		if p := read("?from=2999-01-01"); len(p.Items) != 0 {
			t.Errorf("%+v", p)
		}
		first := read("?limit=1&kind=settings,view")
		if second := read("?limit=1&kind=settings,view&after=" + first.Next); len(first.Items) != 1 || len(second.Items) != 1 || second.Items[0].Kind == first.Items[0].Kind || second.Next != "" {
			t.Errorf("%+v %+v", first, second)
		}
		for _, bad := range []string{"?kind=nonsense", "?from=yesterday", "?user=-1", "?after=x"} {
			call(t, s, 422, "GET", "/api/access-journal"+bad, nil)
		}
		file := string(call(t, s, 200, "GET", "/api/access-journal/export?kind=view", nil))
		if !strings.Contains(file, "Card viewed,contact/") || strings.Count(file, "\n") != 2 {
			t.Errorf("%s", file)
		}
		exports := lines(t, s, accessjournal.Export)
		if len(exports) != 1 || string(exports[0].Data) != `{"filter":"kind=view","rows":1,"type":"access_journal"}` {
			t.Errorf("%+v", exports)
		}
		call(t, s, 204, "POST", "/api/access-journal/exports", `{"what":"incidents","rows":7}`, "Authorization", "Bearer "+manager)
		if got := lines(t, s, accessjournal.Export); len(got) != 2 || string(got[0].Data) != `{"filter":"","rows":7,"type":"incidents"}` {
			t.Errorf("%+v", got)
		}
		call(t, s, 200, "PUT", "/api/access-journal/keeping", `{"months":24,"views":6}`)
		call(t, s, 422, "PUT", "/api/access-journal/keeping", `{"months":0,"views":6}`)
		call(t, s, 403, "PUT", "/api/access-journal/keeping", `{"months":1,"views":1}`, "Authorization", "Bearer "+manager)
		if answer := string(call(t, s, 200, "GET", "/api/access-journal/keeping", nil)); !strings.Contains(answer, `"months":24,"views":6`) {
			t.Error(answer)
		}
	})
}
