package salesapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"voronka/internal/app/apptest"
	"voronka/internal/sales/form"
)

var tokenOfPage = regexp.MustCompile(`name="t" value="([^"]+)"`)

// open opens the form of the walk and gives its token.
func (w *walk) open(t *testing.T) string {
	t.Helper()
	_, body := w.Call("GET", "/f/"+w.key.Key, nil, "Authorization", "")
	m := tokenOfPage.FindSubmatch(body)
	if m == nil {
		t.Fatalf("no token: %s", body)
	}
	return string(m[1])
}

func (w *walk) sendForm(t *testing.T, values url.Values) {
	t.Helper()
	status, body := w.Call("POST", "/f/"+w.key.Key, values.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Authorization", "")
	if status != http.StatusOK || !strings.Contains(string(body), "Thank you") {
		t.Fatalf("%d %s", status, body)
	}
}

// TestHeldRequestOverHTTP: without scripts a request waits, a person lets it in, it is offered as any other.
func TestHeldRequestOverHTTP(t *testing.T) {
	w := newWalk(t, apptest.Options{})
	token := w.open(t)
	w.clock.Advance(10 * time.Second)
	values := url.Values{"t": {token}, "phone": {"8 912 345-67-89"}, "attribution": {`{"first":{"source":"ya"},"last":{"source":"vk"},"views":3}`}}
	w.sendForm(t, values)
	w.sendForm(t, values) // a double click
	if len(w.offers(w.token[0])) != 0 {
		t.Fatal("it is offered before anybody has decided")
	}
	var held page[struct {
		ID      int64
		Form    string
		Reason  string
		Payload map[string]any
	}]
	w.Must("GET", "/api/held-requests", nil, &held)
	if len(held.Items) != 1 || held.Items[0].Reason != "no_script" || held.Items[0].Form != "Site" || held.Items[0].Payload["phone"] != "8 912 345-67-89" {
		t.Fatalf("%+v", held)
	}
	path := fmt.Sprintf("/api/held-requests/%d", held.Items[0].ID)
	for _, call := range []string{"GET /api/held-requests", "GET /api/held-requests/count", "POST " + path + "/acceptance", "POST " + path + "/rejection"} {
		method, address, _ := strings.Cut(call, " ")
		if status, _ := w.Call(method, address, nil, bearer(w.token[0])...); status != 403 {
			t.Errorf("%s by a manager: %d", call, status)
		}
	}
	var count struct{ Waiting int }
	w.Must("GET", "/api/held-requests/count", nil, &count)
	var in struct {
		Type    string
		Record  int64
		Request int64
	}
	w.Must("POST", path+"/acceptance", nil, &in)
	if count.Waiting != 1 || in.Type != "lead" || len(w.offers(w.token[0])) != 1 {
		t.Errorf("%+v %+v", count, in)
	}
	if status, body := w.Call("POST", path+"/rejection", nil); status != 409 || !strings.Contains(string(body), `"state":"accepted"`) {
		t.Errorf("%d %s", status, body)
	}
	var requests page[struct {
		ID          int64
		Attribution struct {
			First, Last struct{ Source string }
			Views       int
		}
	}]
	w.Must("GET", fmt.Sprintf("/api/requests?record=lead/%d", in.Record), nil, &requests)
	if a := requests.Items[0].Attribution; requests.Items[0].ID != in.Request || a.First.Source != "ya" || a.Last.Source != "vk" || a.Views != 3 {
		t.Errorf("%+v", requests)
	}
	if status, _ := w.Call("POST", "/api/held-requests/999/acceptance", nil); status != 404 {
		t.Errorf("none of that number: %d", status)
	}
}

func TestFormIsBuiltOverHTTP(t *testing.T) {
	w := newWalk(t, apptest.Options{})
	w.Must("POST", "/api/types/lead/fields", map[string]any{"code": "object", "kind": "list", "title_ru": "Объект", "title_en": "Object", "values": []any{
		map[string]any{"code": "shop", "title_ru": "Магазин", "title_en": "Shop"}, map[string]any{"code": "plant", "title_ru": "Завод", "title_en": "Plant"},
	}}, nil)
	built := map[string]any{
		"items": []any{
			map[string]any{"name": "phone", "required": true},
			map[string]any{"name": "lead.object", "label": map[string]any{"en": "What is it?"}},
			map[string]any{"name": "company.inn", "when": map[string]any{"item": "lead.object", "is": []string{"plant"}}},
		},
		"words": map[string]any{"en": map[string]any{"heading": "Ask us", "contact": "call"}}, "look": map[string]any{"accent": "#aa0000", "theme": ""}, "no_script": "", "work": 0,
		"consent": map[string]any{"text": map[string]any{"en": "I agree to [all](https://a.ru)"}, "required": true},
	}
	path := fmt.Sprintf("/api/intake-keys/%d", w.key.ID)
	var preview struct{ Path string }
	w.Must("POST", path+"/preview", map[string]any{"form": built, "lang": "en"}, &preview)
	if _, body := w.Call("GET", preview.Path, nil, "Authorization", ""); !strings.Contains(string(body), "Ask us") || !strings.Contains(string(body), `data-draft="1"`) {
		t.Errorf("%s", body)
	}
	if _, body := w.Call("GET", "/f/"+w.key.Key, nil, "Authorization", ""); strings.Contains(string(body), "Ask us") {
		t.Error("the preview is shown to everybody")
	}
	w.Must("PATCH", path, map[string]any{"form": built}, nil)
	var key struct {
		Form struct {
			Fields []string
			Items  []struct{ Name string }
			Look   struct{ Accent string }
		}
	}
	w.Must("GET", path, nil, &key)
	if len(key.Form.Items) != 3 || len(key.Form.Fields) != 3 || key.Form.Look.Accent != "#aa0000" {
		t.Errorf("%+v", key)
	}
	for _, wrong := range []string{`{"items":[{"name":"lead.gone"}]}`, `{"look":{"accent":"red"}}`, `{"items":[{"name":"name","when":{"item":"phone"}}]}`} {
		if status, body := w.Call("PATCH", path, `{"form":`+wrong+`}`); status != 422 {
			t.Errorf("%s: %d %s", wrong, status, body)
		}
	}
	token := w.open(t)
	w.clock.Advance(10 * time.Second)
	w.sendForm(t, url.Values{"t": {token}, "w": {form.Solve(token, form.WorkBits)}, "phone": {"8 912 345-67-89"}, "lead.object": {"plant"}, "company.inn": {"7701234567"}, "consent": {"1"}})
	var leads page[struct {
		ID      int64
		Object  string
		Company struct{ ID int64 }
	}]
	w.Must("GET", "/api/leads?fields=object,company", nil, &leads)
	if len(leads.Items) != 1 || leads.Items[0].Object != "plant" || leads.Items[0].Company.ID == 0 {
		t.Fatalf("%+v", leads)
	}
	var requests page[struct {
		Consent struct{ Lang, Text, Hash string }
	}]
	w.Must("GET", fmt.Sprintf("/api/requests?record=lead/%d", leads.Items[0].ID), nil, &requests)
	if c := requests.Items[0].Consent; c.Text != "I agree to [all](https://a.ru)" || c.Lang != "en" || c.Hash != (form.Terms{Lang: "en", Text: c.Text}).Hash() {
		t.Errorf("%+v", requests)
	}
	var tried struct {
		Type, Title string
		Repeat      bool
		User, Drum  *int64
	}
	w.Must("POST", path+"/trial", map[string]any{"values": map[string]any{"name": "Vera", "phone": "+79120000001"}}, &tried)
	if tried.Type != "lead" || tried.Title != "Vera" || tried.User == nil || *tried.User != w.boris || tried.Drum == nil {
		t.Errorf("%+v", tried)
	}
	w.Must("GET", "/api/leads?fields=object", nil, &leads)
	if len(leads.Items) != 1 {
		t.Error("the trial stayed")
	}
}

// TestDeletedFormWithRequestsInFlight: what was opened before is held, what comes later is told.
func TestDeletedFormWithRequestsInFlight(t *testing.T) {
	w := newWalk(t, apptest.Options{})
	token := w.open(t)
	w.clock.Advance(10 * time.Second)
	w.Must("DELETE", fmt.Sprintf("/api/intake-keys/%d", w.key.ID), nil, nil)
	w.sendForm(t, url.Values{"t": {token}, "w": {form.Solve(token, form.WorkBits)}, "phone": {"8 912 345-67-89"}})
	var held page[struct {
		ID     int64
		Reason string
	}]
	w.Must("GET", "/api/held-requests", nil, &held)
	if len(held.Items) != 1 || held.Items[0].Reason != "form_closed" {
		t.Fatalf("%+v", held)
	}
	w.Must("POST", fmt.Sprintf("/api/held-requests/%d/acceptance", held.Items[0].ID), nil, nil)
	if len(w.offers(w.token[0])) != 1 {
		t.Error("the drum of a removed form doesn't turn for what was let in")
	}
	if status, _ := w.Call("POST", "/f/"+w.key.Key, "phone=%2B79123456789", "Content-Type", "application/x-www-form-urlencoded", "Authorization", ""); status != http.StatusGone {
		t.Errorf("sent to a form that isn't there: %d", status)
	}
}
