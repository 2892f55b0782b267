package salesapi_test

import (
	"fmt"
	"strings"
	"testing"

	"voronka/internal/app/apptest"
)

type rule struct {
	ID       *int64
	Code     string
	Text     string
	Fallback bool
	Problem  string
	Target   struct {
		Kind string
		ID   *int64
	}
}

func TestRoutingOverHTTP(t *testing.T) {
	w := newWalk(t, apptest.Options{})
	var facts page[struct {
		Path   []string
		Values []struct{ Code string }
	}]
	w.Must("GET", "/api/routing-facts", nil, &facts)
	if len(facts.Items) < 40 || strings.Join(facts.Items[1].Path, ".") != "request.key" || len(facts.Items[1].Values) != 1 {
		t.Errorf("%d facts, %+v", len(facts.Items), facts.Items[1])
	}
	var rules page[rule]
	w.Must("GET", "/api/routing-rules", nil, &rules)
	if len(rules.Items) != 1 || !rules.Items[0].Fallback || rules.Items[0].ID != nil || rules.Items[0].Target.Kind != "door" {
		t.Fatalf("%+v", rules.Items)
	}
	var made rule
	w.Must("POST", "/api/routing-rules", map[string]any{"title": "Large orders", "when": `record.amount > 1000`, "target": map[string]any{"kind": "person", "id": w.Admin.ID}}, &made)
	if made.ID == nil || made.Code != "large_orders" || made.Text != "record.amount > 1000" {
		t.Fatalf("%+v", made)
	}
	path := fmt.Sprintf("/api/routing-rules/%d", *made.ID)
	w.Must("PATCH", path, map[string]any{"when": map[string]any{"op": ">", "path": []string{"record", "amount"}, "value": 500}}, &made)
	if made.Text != "record.amount > 500" {
		t.Errorf("%+v", made)
	}
	status, body := w.Call("PATCH", path, map[string]any{"when": "record.amont > 5"})
	if status != 422 || !strings.Contains(string(body), "amount") {
		t.Errorf("a mistyped field: %d %s", status, body)
	}
	var tested struct {
		Responsible *int64
		Rules       []struct {
			Won    bool
			Result string
			Why    *struct{ Seen any }
		}
	}
	w.Must("POST", "/api/routing-test", map[string]any{"payload": map[string]any{"name": "Ivan", "amount": 700}}, &tested)
	if tested.Responsible == nil || *tested.Responsible != w.Admin.ID || !tested.Rules[0].Won || tested.Rules[0].Why == nil || tested.Rules[1].Result != "null" {
		t.Errorf("%+v", tested)
	}
	w.Must("POST", "/api/intake/"+w.key.Key, `{"name":"Ivan","phone":"8 912 345-67-89","amount":700}`, nil)
	var leads page[struct {
		ID          int64
		Responsible int64
	}]
	w.Must("GET", "/api/leads?fields=responsible", nil, &leads)
	if len(leads.Items) != 1 || leads.Items[0].Responsible != w.Admin.ID {
		t.Fatalf("%+v", leads.Items)
	}
	standing := fmt.Sprintf("/api/routings/lead/%d", leads.Items[0].ID)
	var s struct {
		RoutedBy string `json:"routed_by"`
		Rule     *rule
	}
	w.Must("GET", standing, nil, &s)
	if s.RoutedBy != "rule" || s.Rule == nil || s.Rule.Code != "large_orders" {
		t.Errorf("%+v", s)
	}
	w.Must("PUT", standing, map[string]any{"routed_by": "person"}, &s)
	if s.RoutedBy != "person" {
		t.Errorf("%+v", s)
	}
	w.Must("PATCH", "/api/routing-rules/last", map[string]any{"target": map[string]any{"kind": "person", "id": w.Admin.ID}}, &made)
	if !made.Fallback || made.ID == nil {
		t.Errorf("%+v", made)
	}
	if status, body = w.Call("DELETE", fmt.Sprintf("/api/routing-rules/%d", *made.ID), nil); status != 409 {
		t.Errorf("the last rule is removed: %d %s", status, body)
	}
	if status, body = w.Call("PUT", "/api/routing-rules/order", map[string]any{"rules": []int64{99}}); status != 409 {
		t.Errorf("an order of others: %d %s", status, body)
	}
	w.Must("DELETE", path, nil, nil)
	w.Must("GET", "/api/routing-rules", nil, &rules)
	if len(rules.Items) != 1 {
		t.Errorf("%+v", rules.Items)
	}
}

// TestRoutingTestHidesTheClient: Boris works on the lead of a client whose card isn't his; the test of the rules tells him
// neither who the client is nor what the rules found about him.
func TestRoutingTestHidesTheClient(t *testing.T) {
	w := newWalk(t, apptest.Options{})
	for _, rule := range []map[string]any{
		{"title": "Strangers", "when": `record.amount > 10 and client.contact.title = "Petr"`, "target": map[string]any{"kind": "person", "id": w.anna}},
		{"title": "Known", "when": `client.known or client.won_deals > 0`, "target": map[string]any{"kind": "person", "id": w.boris}},
	} {
		w.Must("POST", "/api/routing-rules", rule, nil)
	}
	w.Must("POST", "/api/intake/"+w.key.Key, `{"name":"Ivan","phone":"8 912 345-67-89","amount":700}`, nil)
	var leads, contacts page[struct{ ID int64 }]
	w.Must("GET", "/api/leads", nil, &leads)
	w.Must("GET", "/api/contacts", nil, &contacts)
	if len(leads.Items) != 1 || len(contacts.Items) != 1 {
		t.Fatalf("%+v %+v", leads, contacts)
	}
	lead, contact := leads.Items[0].ID, contacts.Items[0].ID
	w.Must("PATCH", fmt.Sprintf("/api/leads/%d", lead), map[string]any{"responsible": w.boris}, nil)
	w.Must("PATCH", fmt.Sprintf("/api/contacts/%d", contact), map[string]any{"responsible": w.Admin.ID, "observers": []int64{}}, nil)
	type answer struct {
		ClientType string `json:"client_type"`
		Client     *int64
		Rules      []struct {
			Result, Passed string
			Won            bool
			Why            *struct {
				Result string
				Args   []struct {
					Result string
					Hidden bool
				}
			}
		}
	}
	ask := func(as ...string) (a answer) {
		w.Must("POST", "/api/routing-test", map[string]any{"record": fmt.Sprintf("lead/%d", lead)}, &a, as...)
		if len(a.Rules) != 3 || a.Rules[0].Why == nil || a.Rules[1].Why == nil || !a.Rules[1].Won {
			t.Fatalf("%+v", a)
		}
		return a
	}
	a := ask()
	if a.Client == nil || *a.Client != contact || a.ClientType != "contact" || a.Rules[0].Result != "false" || a.Rules[1].Result != "true" || a.Rules[1].Why.Args[0].Result != "true" {
		t.Errorf("the administrator: %+v", a)
	}
	a = ask("Authorization", "Bearer "+w.token[1])
	if a.Client != nil || a.ClientType != "" {
		t.Errorf("Boris learns who it is: %s %d", a.ClientType, *a.Client)
	}
	for _, rule := range a.Rules[:2] {
		if part := rule.Why.Args[len(rule.Why.Args)-1]; rule.Result != "null" || rule.Why.Result != "null" || part.Result != "null" || !part.Hidden {
			t.Errorf("Boris learns of the client: %+v %+v", rule, rule.Why)
		}
	}
	if shown := a.Rules[0].Why.Args[0]; shown.Result != "true" || shown.Hidden {
		t.Errorf("what is his: %+v", shown)
	}
}
