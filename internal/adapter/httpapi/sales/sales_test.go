package salesapi_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"voronka/internal/app"
	"voronka/internal/app/apptest"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
	"voronka/internal/sales/form"
)

type drum struct {
	ID          int64
	Code        string
	TakeMinutes float64 `json:"take_minutes"`
	Head        *int64
	Members     []struct {
		User   int64
		Active bool
	}
}

type offer struct {
	ID          int64
	User        *int64
	State       string
	Record      int64
	Type, Title string
	Round       int
	DueAt       *time.Time `json:"due_at"`
	SecondsLeft int64      `json:"seconds_left"`
}

type page[T any] struct {
	Items []T
	Next  string
}

// walk is a running program with two managers in a drum and a door.
type walk struct {
	*apptest.Server
	*testing.T
	clock       *clock.Manual
	anna, boris int64
	token       [2]string // Anna's and Boris's
	drum        drum
	key         struct {
		ID  int64
		Key string
	}
}

func newWalk(t *testing.T, o apptest.Options) *walk {
	w := &walk{T: t, clock: clock.NewManual(time.Now())}
	o.App = append(o.App, app.WithClock(w.clock))
	w.Server = apptest.Start(t, o)
	anna, token := w.Person("Anna", access.Manager)
	w.anna, w.token[0] = anna.ID, token
	boris, token := w.Person("Boris", access.Manager)
	w.boris, w.token[1] = boris.ID, token
	w.Must("POST", "/api/drums", map[string]any{"title": "Sales", "take_minutes": 30, "hours": "always", "members": []any{map[string]any{"user": w.anna}, map[string]any{"user": w.boris, "active": true}}}, &w.drum)
	w.Must("POST", "/api/intake-keys", map[string]any{"title": "Site", "channel": "form", "drum": w.drum.ID}, &w.key)
	return w
}

func bearer(token string) []string { return []string{"Authorization", "Bearer " + token} }

// soon waits until f is true: jobs run by themselves here.
func (w *walk) soon(what string, f func() bool) {
	w.T.Helper()
	for range 200 {
		if f() {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	w.Fatal("in vain: " + what)
}

func (w *walk) offers(token string) []offer {
	w.T.Helper()
	var list page[offer]
	w.Must("GET", "/api/offers?mine=true", nil, &list, bearer(token)...)
	return list.Items
}

// TestFirstWalkOverHTTP: a request by API, an offer, a miss, the next, a take.
func TestFirstWalkOverHTTP(t *testing.T) {
	w := newWalk(t, apptest.Options{})
	status, body := w.Call("POST", "/api/intake/"+w.key.Key, `{"name":"Ivan","phone":"8 912 345-67-89","comment":"Call me"}`, "Authorization", "", "Origin", "https://shop.example", "Sec-Fetch-Site", "cross-site")
	if status != 201 || !regexp.MustCompile(`^\{"request":\d+,"status":"accepted"\}$`).Match(body) {
		t.Fatalf("%d %s", status, body)
	}
	first := w.offers(w.token[0])
	if len(first) != 1 || first[0].Title != "Ivan" || first[0].Type != "lead" || first[0].SecondsLeft < 1700 || len(w.offers(w.token[1])) != 0 {
		t.Fatalf("%+v", first)
	}
	w.clock.Advance(30 * time.Minute)
	w.soon("the next is offered it", func() bool { return len(w.offers(w.token[1])) == 1 })
	second := w.offers(w.token[1])[0]
	if second.Round != 2 || second.Record != first[0].Record {
		t.Errorf("%+v", second)
	}
	var incidents page[struct {
		Kind, Title string
		User        int64
	}]
	w.Must("GET", "/api/incidents?kind=missed_offer&from=2020-01-01", nil, &incidents)
	if len(incidents.Items) != 1 || incidents.Items[0].User != w.anna || incidents.Items[0].Title != "Ivan" {
		t.Errorf("%+v", incidents)
	}
	var state struct {
		Next    *int64
		Members []struct {
			User        int64
			Open        int
			MissesToday int `json:"misses_today"`
			Reason      string
		}
		Waiting []offer
	}
	w.Must("GET", fmt.Sprintf("/api/drums/%d/state", w.drum.ID), nil, &state)
	if state.Next == nil || *state.Next != w.anna || len(state.Waiting) != 1 || state.Members[0].MissesToday != 1 || state.Members[0].Reason != "turn" || state.Members[1].Open != 1 {
		t.Errorf("%+v", state)
	}
	take := fmt.Sprintf("/api/offers/%d/take", second.ID)
	if status, body := w.Call("POST", take, nil, bearer(w.token[0])...); status != 404 {
		t.Errorf("not hers: %d %s", status, body)
	}
	var taken offer
	w.Must("POST", take, nil, &taken, bearer(w.token[1])...)
	w.Must("POST", take, map[string]any{}, &taken, bearer(w.token[1])...)
	if taken.State != "taken" {
		t.Errorf("%+v", taken)
	}
	if status, body := w.Call("POST", take, nil); status != 409 || !strings.Contains(string(body), fmt.Sprintf(`"by":%d`, w.boris)) {
		t.Errorf("too late: %d %s", status, body)
	}
	var lead struct {
		Stage       string
		Responsible int64
	}
	w.Must("GET", fmt.Sprintf("/api/leads/%d", second.Record), nil, &lead, bearer(w.token[1])...)
	if lead.Stage != "in_work" || lead.Responsible != w.boris {
		t.Errorf("%+v", lead)
	}
	var requests page[struct {
		Payload map[string]any
		Record  int64
	}]
	w.Must("GET", fmt.Sprintf("/api/requests?record=lead/%d", second.Record), nil, &requests, bearer(w.token[1])...)
	if len(requests.Items) != 1 || requests.Items[0].Payload["comment"] != "Call me" {
		t.Errorf("%+v", requests)
	}
	if status, _ := w.Call("GET", fmt.Sprintf("/api/requests?record=lead/%d", second.Record), nil, bearer(w.token[0])...); status != 404 {
		t.Errorf("somebody else's request: %d", status)
	}
}

// TestEscalatedOfferOverHTTP: without a deadline there is none to show.
func TestEscalatedOfferOverHTTP(t *testing.T) {
	w := newWalk(t, apptest.Options{Simple: true})
	w.Must("PATCH", fmt.Sprintf("/api/drums/%d", w.drum.ID), map[string]any{"head": w.Admin.ID, "misses_to_head": 1, "take_minutes": 0.5}, &w.drum)
	if w.drum.TakeMinutes != 0.5 || w.drum.Head == nil || len(w.drum.Members) != 2 {
		t.Fatalf("%+v", w.drum)
	}
	w.Must("POST", "/api/intake/"+w.key.Key, `{"name":"Ivan","phone":"8 912 345-67-89"}`, nil)
	w.clock.Advance(time.Minute)
	w.soon("the head has it", func() bool { return len(w.offers(w.Token)) == 1 })
	o := w.offers(w.Token)[0]
	if o.State != "escalated" || o.DueAt != nil || o.Type != "deal" || o.SecondsLeft != 0 {
		t.Errorf("%+v", o)
	}
	var deal struct {
		Offer struct {
			State string
			DueAt *time.Time `json:"due_at"`
		}
	}
	w.Must("GET", fmt.Sprintf("/api/deals/%d", o.Record), nil, &deal)
	if deal.Offer.State != "escalated" || deal.Offer.DueAt != nil {
		t.Errorf("%+v", deal)
	}
	w.Must("DELETE", fmt.Sprintf("/api/drums/%d", w.drum.ID), nil, nil)
	if left := w.offers(w.Token); len(left) != 0 {
		t.Errorf("the drum has gone: %+v", left)
	}
}

func TestIntakeTakesWhatComes(t *testing.T) {
	w := newWalk(t, apptest.Options{})
	path := "/api/intake/" + w.key.Key
	for name, c := range map[string]struct {
		body, kind, path string
		status           int
		key              string
	}{
		"a form":            {"name=Anna&phone=%2B79123456701", "application/x-www-form-urlencoded", path, 201, ""},
		"a multipart form":  {"--b\r\nContent-Disposition: form-data; name=\"phone\"\r\n\r\n+79123456702\r\n--b--\r\n", "multipart/form-data; boundary=b", path, 201, ""},
		"JSON as text":      {`{"phone":"+79123456703"}`, "text/plain;charset=UTF-8", path, 201, ""},
		"nothing":           {"", "application/json", path, 422, "intake.bad_json"},
		"an empty object":   {"{}", "application/json", path, 422, "intake.empty"},
		"a list":            {"[1]", "application/json", path, 422, "intake.bad_json"},
		"half a form":       {"--b\r\nContent-Disp", "multipart/form-data; boundary=b", path, 422, "intake.bad_form"},
		"a bad escape":      {"name=%zz", "application/x-www-form-urlencoded", path, 400, "input.form"},
		"an unknown door":   {`{"name":"x"}`, "application/json", path + "x", 404, "intake.no_such_key"},
		"far too much":      {`{"name":"` + strings.Repeat("x", 70_000) + `"}`, "application/json", path, 413, ""},
		"a strange address": {`{"name":"x"}`, "application/json", "/api/intake/%00%ff", 400, "input.utf8"},
	} {
		status, body := w.Call("POST", c.path, c.body, "Content-Type", c.kind, "Authorization", "")
		var problem struct{ Key, Detail string }
		_ = json.Unmarshal(body, &problem)
		if status != c.status || c.key != "" && problem.Key != c.key || status >= 400 && (problem.Detail == "" || problem.Detail == problem.Key) {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	var numbers [3]struct{ Request int64 }
	for n, body := range []string{`{"phone":"+79123456799"}`, `{"phone":"+79123456799"}`, `{"phone":"+79123456799","comment":"again"}`} {
		w.Must("POST", path, body, &numbers[n], "Idempotency-Key", "order-7", "Authorization", "")
	}
	if n := numbers[0]; n.Request == 0 || n != numbers[1] || n != numbers[2] { // the door knows its requests by their key
		t.Errorf("%v", numbers)
	}
	var requests page[struct{ ID int64 }]
	w.Must("GET", "/api/requests", nil, &requests)
	if len(requests.Items) != 4 {
		t.Errorf("%d requests", len(requests.Items))
	}
}

func TestDoorsOverHTTP(t *testing.T) {
	w := newWalk(t, apptest.Options{})
	path := fmt.Sprintf("/api/intake-keys/%d", w.key.ID)
	var turned struct {
		Key  string
		Drum *int64
		Form struct{ Fields []string }
	}
	w.Must("PATCH", path, map[string]any{"rotate": true, "drum": nil, "form": map[string]any{"fields": []string{"phone"}}}, &turned)
	if turned.Key == w.key.Key || turned.Drum != nil || len(turned.Form.Fields) != 1 {
		t.Errorf("%+v", turned)
	}
	if status, body := w.Call("PATCH", path, map[string]any{"form": map[string]any{"fields": []string{"password"}}}); status != 422 {
		t.Errorf("%d %s", status, body)
	}
	status, body := w.Call("GET", "/f/"+turned.Key, nil, "Authorization", "")
	if status != http.StatusOK || !strings.Contains(string(body), `name="phone"`) || strings.Contains(string(body), `name="email"`) {
		t.Fatalf("%d %s", status, body)
	}
	token := regexp.MustCompile(`name="t" value="([^"]+)"`).FindSubmatch(body)
	w.clock.Advance(5 * time.Second)
	values := url.Values{"t": {string(token[1])}, "w": {form.Solve(string(token[1]), form.WorkBits)}, "phone": {"8 912 345-67-89"}}
	status, body = w.Call("POST", "/f/"+turned.Key, values.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Authorization", "")
	if status != http.StatusOK || !strings.Contains(string(body), "Thank you") { // the redirect was followed
		t.Errorf("%d %s", status, body)
	}
	var requests page[struct{ Record int64 }]
	w.Must("GET", "/api/requests", nil, &requests)
	if len(requests.Items) != 1 || requests.Items[0].Record == 0 {
		t.Errorf("%+v", requests)
	}
	w.Must("DELETE", path, nil, nil)
	if status, body := w.Call("GET", "/f/"+turned.Key, nil, "Authorization", ""); status != http.StatusGone || !strings.Contains(string(body), "no more requests") {
		t.Errorf("a closed door: %d %s", status, body)
	}
}
