package app_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"voronka/internal/app/apptest"
	"voronka/internal/org/access"
)

// staged is a pipeline as the API tells it.
type staged struct {
	ID     int64
	Code   string
	Stages []struct {
		ID         int64
		Code, Kind string
	}
}

// TestOperationsAreRightsOfTheirOwn: somebody sees all deals, may move them to two stages, hand them over, and export his own. None of
// it lets him do anything else.
func TestOperationsAreRightsOfTheirOwn(t *testing.T) {
	both(t, func(t *testing.T, o apptest.Options) {
		s := apptest.Start(t, o)
		var all struct{ Items []staged }
		s.Must("GET", "/api/pipelines?type=deal", nil, &all)
		line := all.Items[0]
		open := line.Stages[:3]
		mover, token := s.Person("Mover", access.Employee)
		line1 := func(ops []string, stages []int64, scope string) map[string]any {
			return map[string]any{"types": []string{"deal"}, "pipelines": []int64{}, "stages": stages, "ops": ops, "scopes": []string{scope}}
		}
		s.Must("POST", "/api/roles", map[string]any{"title": "Mover", "grants": []map[string]any{
			line1([]string{"see", "assign"}, []int64{}, "all"), line1([]string{"move"}, []int64{open[0].ID, open[1].ID}, "all"), line1([]string{"export"}, []int64{}, "own"),
		}, "holders": []map[string]any{{"kind": "user", "id": mover.ID}}}, nil)
		var first, second record
		s.Must("POST", "/api/deals", map[string]any{"title": "First", "amount": "1284000.50"}, &first)
		s.Must("POST", "/api/deals", map[string]any{"title": "=Second", "responsible": mover.ID}, &second)
		deal := fmt.Sprintf("/api/deals/%d", first.ID)
		as := func(method, path string, body any) (int, string) {
			status, b := s.Call(method, path, body, "Authorization", "Bearer "+token)
			return status, string(b)
		}
		for name, c := range map[string]struct {
			method, path string
			body         map[string]any
			key          string // of the refusal; "" it is done
		}{
			"to a stage he may move to":   {"PATCH", deal, map[string]any{"stage": open[1].Code}, ""},
			"to another":                  {"PATCH", deal, map[string]any{"stage": open[2].Code}, "record.forbidden_move"},
			"to one that isn't there":     {"PATCH", deal, map[string]any{"stage": "nothing_x"}, "record.no_such_stage"},
			"with a new title":            {"PATCH", deal, map[string]any{"stage": open[0].Code, "title": "x"}, "record.forbidden_edit"},
			"a title alone":               {"PATCH", deal, map[string]any{"title": "x"}, "record.forbidden_edit"},
			"a reason alone":              {"PATCH", deal, map[string]any{"lost_reason": "price"}, "record.forbidden_edit"},
			"handing over":                {"PATCH", deal, map[string]any{"responsible": s.Admin.ID}, ""},
			"handing over with a move":    {"PATCH", deal, map[string]any{"responsible": mover.ID, "stage": open[2].Code}, "record.forbidden_move"},
			"deleting":                    {"DELETE", deal, nil, "record.forbidden_delete"},
			"creating":                    {"POST", "/api/deals", map[string]any{"title": "x"}, "record.forbidden_create"},
			"observing":                   {"PUT", fmt.Sprintf("%s/observers/%d", deal, mover.ID), nil, "record.forbidden_edit"},
			"exporting what he sees none": {"GET", "/api/contacts/export", nil, "record.forbidden_export"},
		} {
			status, b := as(c.method, c.path, any(c.body))
			if c.body == nil {
				status, b = as(c.method, c.path, nil)
			}
			if c.key == "" && status >= 300 || c.key != "" && (status < 400 || !strings.Contains(b, c.key)) {
				t.Errorf("%s: %d %s, want %q", name, status, b, c.key)
			}
		}
		var bulk struct {
			Done   int
			Failed []struct{ Problem struct{ Key string } }
		}
		_, b := as("POST", "/api/deals/bulk", map[string]any{"ids": []int64{first.ID, second.ID}, "set": map[string]any{"stage": open[2].Code}})
		if err := json.Unmarshal([]byte(b), &bulk); err != nil || bulk.Done != 0 || len(bulk.Failed) != 2 || bulk.Failed[0].Problem.Key != "record.forbidden_move" {
			t.Errorf("many at once: %s", b)
		}
		var card struct{ Can []string }
		_, b = as("GET", deal, nil)
		if err := json.Unmarshal([]byte(b), &card); err != nil || !slices.Equal(card.Can, []string{"move", "assign"}) {
			t.Errorf("the card says he can %v", card.Can)
		}
		status, b := as("GET", "/api/deals/export?fields=title,amount,stage,responsible&sort=id", nil)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b, "\uFEFF"))).ReadAll()
		if status != http.StatusOK || err != nil || len(rows) != 2 || rows[1][1] != "'=Second" || rows[1][5] != "Mover" {
			t.Errorf("his export: %d %q %v", status, rows, err)
		}
		status, body := s.Call("GET", "/api/deals/export?fields=title,amount,stage,responsible&sort=id&filter=title+%3D+%22First%22", nil)
		rows, err = csv.NewReader(strings.NewReader(strings.TrimPrefix(string(body), "\uFEFF"))).ReadAll()
		if status != http.StatusOK || err != nil || len(rows) != 2 || rows[1][2] != "1284000.50" || rows[1][3] == "" || rows[0][2] == rows[0][3] {
			t.Errorf("the administrator's export: %d %q %v", status, rows, err)
		}
	})
}

// TestImportingIsARight: who may import leads brings files by the door made for it, sees his own only, and fills in no field that is
// hidden from him.
func TestImportingIsARight(t *testing.T) {
	both(t, func(t *testing.T, o apptest.Options) {
		s := apptest.Start(t, o)
		bringer, token := s.Person("Bringer", access.Employee)
		_, none := s.Person("Nobody", access.Employee)
		s.Must("POST", "/api/roles", map[string]any{
			"title": "Bringer", "fields": []map[string]any{{"type": "lead", "field": "phones", "access": "hidden"}, {"type": "lead", "field": "comment", "access": "read_only"}},
			"grants":  []map[string]any{{"types": []string{"lead"}, "pipelines": []int64{}, "stages": []int64{}, "ops": []string{"see", "import"}, "scopes": []string{"own"}}},
			"holders": []map[string]any{{"kind": "user", "id": bringer.ID}},
		}, nil)
		as := func(token, method, path string, body any, kind string) (int, string) {
			status, b := s.Call(method, path, body, "Authorization", "Bearer "+token, "Content-Type", kind)
			return status, string(b)
		}
		const file = "name;phone;comment\nAnna;+79217391739;hello\n"
		if status, b := as(none, "POST", "/api/imports?name=a.csv", file, "text/csv"); status != http.StatusForbidden || !strings.Contains(b, "record.forbidden_import") {
			t.Errorf("somebody else brings a file: %d %s", status, b)
		}
		var own, admins record
		_, b := as(token, "POST", "/api/imports?name=a.csv", file, "text/csv")
		if err := json.Unmarshal([]byte(b), &own); err != nil || own.ID == 0 {
			t.Fatalf("he brings a file: %s", b)
		}
		s.Must("POST", "/api/imports?name=b.csv", file, &admins, "Content-Type", "text/csv")
		if _, b := as(token, "GET", "/api/imports", nil, ""); strings.Contains(b, "b.csv") || !strings.Contains(b, "a.csv") {
			t.Errorf("his imports: %s", b)
		}
		for _, route := range []string{"GET /api/imports/%d", "GET /api/imports/%d/rows", "GET /api/imports/%d/broken", "POST /api/imports/%d/stop", "POST /api/imports/%d/start"} {
			method, path, _ := strings.Cut(fmt.Sprintf(route, admins.ID), " ")
			body := any(nil)
			if method == http.MethodPost {
				body = "{}"
			}
			if status, b := as(token, method, path, body, "application/json"); status != http.StatusNotFound || !strings.Contains(b, "import.not_found") {
				t.Errorf("%s %s: %d %s", method, path, status, b)
			}
		}
		start := func(columns ...string) (int, string) {
			how := map[string]any{"encoding": "utf-8", "separator": ";", "header": true, "columns": columns}
			return as(token, "POST", fmt.Sprintf("/api/imports/%d/start", own.ID), how, "application/json")
		}
		for _, c := range []struct {
			columns []string
			key     string
		}{
			{[]string{"name", "phone", ""}, "import.no_such_field"},
			{[]string{"name", "phones", ""}, "import.no_such_field"},
			{[]string{"name", "", "comment"}, "record.read_only"},
			{[]string{"name", "", ""}, "intake.no_such_key"},
		} {
			if status, b := start(c.columns...); status != http.StatusUnprocessableEntity || !strings.Contains(b, c.key) {
				t.Errorf("columns %q: %d %s, want %s", c.columns, status, b, c.key)
			}
		}
		s.Must("POST", "/api/intake-keys", map[string]any{"title": "Import", "channel": "import"}, nil)
		if status, b := start("name", "", "keep"); status != http.StatusOK {
			t.Errorf("he starts it: %d %s", status, b)
		}
	})
}
