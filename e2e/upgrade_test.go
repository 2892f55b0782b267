package e2e

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// portals holds a small portal of every release. VORONKA_WRITE_FIXTURE=1 go test ./e2e -run Fixture writes that of the
// present one; afterwards it is never written again, because it stands for what people have.
const (
	portals = "testdata/portals"
	present = "0.1.0"
)

// whatIsThere is written beside a portal: what must be found in it, whatever the program has become.
type whatIsThere struct {
	Email    string         `json:"email"`
	Password string         `json:"password"`
	Counts   map[string]int `json:"counts"` // records by type
	Deal     map[string]any `json:"deal"`   // one deal as the API answered it
	Door     string         `json:"door"`   // a key for requests
	File     map[string]any `json:"file"`
	Content  string         `json:"content"` // of the file
	Offers   int            `json:"offers"`  // open ones
	Journal  int            `json:"journal"` // entries of the deal's story
	Boat     map[string]any `json:"boat"`    // a record of the company's own type, with a value of every kind
}

// writeFixture makes the portal of the present release: every kind of field, a type of the company's own, records in
// Russian, a file, a request on offer, something in the bin.
func writeFixture(t *testing.T) {
	t.Helper()
	portal := NewPortal(t, "")
	server := portal.Start(t)
	there := furnish(t, server)
	server.Stop(t)
	portal.doctor(t)
	dir := filepath.Join(portals, present)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	backup := filepath.Join(dir, "backup.zip")
	_ = os.Remove(backup) // it may not be there
	portal.Run(t, "", "backup", backup)
	pack(t, filepath.Join(portal.Dir, "voronka.db"), filepath.Join(dir, "voronka.db.gz"))
	b, err := json.MarshalIndent(there, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "there.json"), append(b, '\n'), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// furnish fills a portal and says what is in it.
func furnish(t *testing.T, s *Program) whatIsThere {
	t.Helper()
	there := whatIsThere{Email: "admin@example.com", Password: "correct horse battery", Counts: map[string]int{}}
	manager, _ := s.person(t, "Anna", "manager")
	s.Must(t, "POST", "/api/departments", map[string]any{"title": "Продажи", "head": manager}, nil)
	s.Must(t, "POST", "/api/types", map[string]any{"code": "boat", "title_ru": "Лодка", "title_en": "Boat", "plural_ru": "Лодки", "plural_en": "Boats"}, nil)
	for _, kind := range []string{"text", "longtext", "integer", "decimal", "money", "bool", "date", "datetime", "list", "multilist", "user", "link", "links", "phone", "email", "url", "address", "file"} {
		field := map[string]any{"code": "a_" + kind, "kind": kind, "title_ru": "Поле " + kind, "title_en": "Field " + kind}
		switch kind {
		case "link":
			field["link_type"] = "deal"
		case "decimal":
			field["scale"] = 3
		case "list", "multilist":
			field["values"] = []any{map[string]any{"code": "one", "title_ru": "Один", "title_en": "One"}, map[string]any{"code": "two", "title_ru": "Два", "title_en": "Two"}}
		}
		s.Must(t, "POST", "/api/types/boat/fields", field, nil)
	}
	var file map[string]any
	there.Content = "Содержимое файла.\n"
	s.Must(t, "POST", "/api/files?name=note.txt", there.Content, &file, "Content-Type", "text/plain")
	there.File = map[string]any{"id": file["id"], "name": file["name"]}

	var company, contact, deal struct{ ID, Version int64 }
	s.Must(t, "POST", "/api/companies", map[string]any{"title": "ООО «Ёлочка»", "inn": "7800000000", "site": "https://example.com"}, &company)
	s.Must(t, "POST", "/api/contacts", map[string]any{"title": "Семён Ёжиков", "phones": []string{"+7 921 555-01-42"}, "emails": []string{"semyon@example.com"}, "company": company.ID}, &contact)
	for n := range 20 {
		s.Must(t, "POST", "/api/deals", map[string]any{"title": fmt.Sprint("Сделка ", n), "amount": n * 1000, "company": company.ID, "contact": contact.ID, "closes_on": "2026-12-18"}, &deal)
	}
	path := fmt.Sprint("/api/deals/", deal.ID)
	s.Must(t, "PATCH", path, map[string]any{"version": deal.Version, "comment": "Перезвонить", "responsible": manager}, nil)
	s.Must(t, "POST", path+"/activities", map[string]any{"kind": "call", "title": "Позвонить", "due_at": "2026-12-01T10:00:00Z"}, nil)
	var gone struct{ ID int64 }
	s.Must(t, "POST", "/api/deals", map[string]any{"title": "В корзине"}, &gone)
	s.Must(t, "DELETE", fmt.Sprint("/api/deals/", gone.ID), nil, nil)
	var boat struct{ ID int64 }
	s.Must(t, "POST", "/api/records/boat", map[string]any{
		"title": "Лодка «Ёрш»", "a_text": "Ёлка", "a_longtext": "Раз\nдва", "a_integer": 42, "a_decimal": "12.345", "a_money": map[string]any{"amount": "99.90", "currency": "USD"},
		"a_bool": true, "a_date": "2026-11-19", "a_datetime": "2026-11-19T10:00:00Z", "a_list": "one", "a_multilist": []string{"one", "two"}, "a_user": manager,
		"a_link": deal.ID, "a_phone": []string{"+7 812 555-01-42"}, "a_email": []string{"a@example.com"}, "a_url": "https://example.com", "a_address": "Невский, 1",
		"a_file": []any{map[string]any{"id": file["id"]}},
	}, &boat)
	there.Boat = map[string]any{"id": boat.ID}
	there.Door = s.door(t, 43_000, manager) // a month; missed later it is offered to the same person again
	s.Must(t, "POST", "/api/intake/"+there.Door, map[string]any{"name": "Пётр", "phone": "8 (921) 555-01-43", "comment": "Хочу лодку"}, nil)
	look(t, s, &there, path, fmt.Sprint("/api/records/boat/", boat.ID))
	return there
}

// look fills in what is counted.
func look(t *testing.T, s *Program, there *whatIsThere, deal, boat string) {
	t.Helper()
	for _, typ := range []string{"lead", "deal", "contact", "company", "activity", "boat"} {
		var count struct{ Count int }
		s.Must(t, "GET", "/api/records/"+typ+"/count", nil, &count)
		there.Counts[typ] = count.Count
	}
	s.Must(t, "GET", deal, nil, &there.Deal)
	s.Must(t, "GET", boat, nil, &there.Boat)
	var list struct{ Items []json.RawMessage }
	s.Must(t, "GET", deal+"/timeline?limit=500", nil, &list)
	there.Journal = len(list.Items)
	list.Items = nil
	s.Must(t, "GET", "/api/offers", nil, &list)
	there.Offers = len(list.Items)
}

// TestUpgradeFixtures starts the present program over the portals of all releases, on both databases.
func TestUpgradeFixtures(t *testing.T) {
	if os.Getenv("VORONKA_WRITE_FIXTURE") != "" {
		writeFixture(t)
	}
	releases, err := os.ReadDir(portals)
	if err != nil || len(releases) == 0 {
		t.Fatalf("no portals of older releases: %v", err)
	}
	for _, release := range releases {
		dir := filepath.Join(portals, release.Name())
		t.Run(release.Name()+"/sqlite", func(t *testing.T) {
			portal := &Portal{Dir: t.TempDir()}
			unpack(t, filepath.Join(dir, "voronka.db.gz"), filepath.Join(portal.Dir, "voronka.db"))
			upgrade(t, portal, dir, false)
		})
		for _, kind := range []string{"sqlite", "postgres"} {
			t.Run(release.Name()+"/backup into "+kind, func(t *testing.T) {
				portal := &Portal{Dir: t.TempDir()}
				if kind == "postgres" {
					portal.Database = postgres(t)
				}
				portal.Run(t, "", "restore", filepath.Join(dir, "backup.zip"))
				upgrade(t, portal, dir, true)
			})
		}
	}
}

// upgrade starts the program over a portal, signs in, looks for everything, and works on.
func upgrade(t *testing.T, portal *Portal, dir string, files bool) {
	var there whatIsThere
	b, err := os.ReadFile(filepath.Join(dir, "there.json"))
	if err == nil {
		err = json.Unmarshal(b, &there)
	}
	if err != nil {
		t.Fatal(err)
	}
	portal.Token = portal.Run(t, "", "token", "add", "--user", there.Email)
	server := portal.Start(t)
	if status, err := server.Call(t.Context(), "POST", "/api/session", map[string]any{"email": there.Email, "password": there.Password}, nil); err != nil || status >= 300 {
		t.Errorf("signing in: %d %v", status, err)
	}
	deal, boat := fmt.Sprint("/api/deals/", there.Deal["id"]), fmt.Sprint("/api/records/boat/", there.Boat["id"])
	now := whatIsThere{Counts: map[string]int{}}
	look(t, server, &now, deal, boat)
	for typ, n := range there.Counts {
		if now.Counts[typ] != n {
			t.Errorf("%d records of %s, there were %d", now.Counts[typ], typ, n)
		}
	}
	same(t, "deal", now.Deal, there.Deal)
	same(t, "boat", now.Boat, there.Boat)
	if now.Journal < there.Journal || now.Offers != there.Offers {
		t.Errorf("story %d, offers %d; there were %d and %d", now.Journal, now.Offers, there.Journal, there.Offers)
	}
	if files {
		a, err := server.Ask(t.Context(), "GET", fmt.Sprintf("/api/files/%v", there.File["id"]), nil)
		if err != nil || a.Status != http.StatusOK || string(a.Body) != there.Content {
			t.Errorf("the file: %d %q %v", a.Status, a.Body, err)
		}
	}
	var made struct{ ID, Version int64 }
	server.Must(t, "POST", "/api/deals", map[string]any{"title": "New", "amount": 5}, &made)
	server.Must(t, "PATCH", fmt.Sprint("/api/deals/", made.ID), map[string]any{"title": "Newer", "version": made.Version}, nil)
	server.Must(t, "PATCH", boat, map[string]any{"title": "Renamed"}, nil)
	server.Must(t, "POST", "/api/intake/"+there.Door, map[string]any{"name": "Client", "phone": "+79215550199"}, nil)
	if code := server.Stop(t); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if files { // the database alone misses its files, and the doctor says so
		portal.doctor(t)
	}
}

// same wants every field to say what it said; later releases may say more.
func same(t *testing.T, what string, is, was map[string]any) {
	t.Helper()
	if len(was) < 10 {
		t.Errorf("the %s is hardly known: %v", what, was)
	}
	for field := range was {
		if now, before := fmt.Sprint(is[field]), fmt.Sprint(was[field]); now != before {
			t.Errorf("%s of the %s is %s, was %s", field, what, now, before)
		}
	}
}

func pack(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(b)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

func unpack(t *testing.T, from, to string) {
	t.Helper()
	f, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err == nil {
		err = os.WriteFile(to, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
