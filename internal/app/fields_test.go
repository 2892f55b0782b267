package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"voronka/internal/app/apptest"
	"voronka/internal/org/access"
)

// What nobody but the administrator may learn in these tests: a text, an amount, a phone and the content of a file.
const (
	secretText   = "7391-SECRET"
	secretAmount = "739100"
	secretPhone  = "+79217391739"
)

// secrets are all forms they could slip out in.
var secrets = []string{secretText, strings.ToLower(secretText), secretAmount, secretPhone, "9217391739", "921 739-17-39"}

// sealed is a portal with secrets and a person who may see every record and none of them.
type sealed struct {
	*apptest.Server
	t                   *testing.T
	eve                 string // her token
	deal, contact, lead int64
	file                int64
}

// open lines of the role: every record, nothing of the secret fields.
func sealedFields() []map[string]any {
	var out []map[string]any
	for typ, codes := range map[string][]string{
		"deal": {"amount", "secret_note", "papers", "contract_no"}, "contact": {"phones"}, "lead": {"phones", "amount", "comment"}, "company": {"phones"},
		"activity": {"text"},
	} {
		for _, code := range codes {
			out = append(out, map[string]any{"type": typ, "field": code, "access": "hidden"})
		}
	}
	return append(out, map[string]any{"type": "deal", "field": "closes_on", "access": "read_only"})
}

func seal(t *testing.T, o apptest.Options) *sealed {
	s := &sealed{Server: apptest.Start(t, o), t: t}
	for _, f := range []map[string]any{
		{"code": "secret_note", "kind": "text", "title_en": "Secret", "required": true},
		{"code": "papers", "kind": "file", "title_en": "Papers"},
		{"code": "contract_no", "kind": "text", "title_en": "Contract", "unique": true},
	} {
		s.Must("POST", "/api/types/deal/fields", f, nil)
	}
	var door struct {
		ID  int64
		Key string
	}
	s.Must("POST", "/api/intake-keys", map[string]any{"title": "Site"}, &door)
	s.Must("POST", "/api/intake/"+door.Key, map[string]any{"name": "Boris", "phone": secretPhone, "amount": secretAmount, "comment": secretText, "whatever": secretText}, nil)
	s.Must("POST", "/api/intake/"+door.Key, map[string]any{"name": "Boris", "phone": secretPhone, "comment": secretText}, nil)
	var file, contact, deal record
	s.Must("POST", "/api/files?name=paper.txt", secretText, &file, "Content-Type", "text/plain")
	s.Must("POST", "/api/contacts", map[string]any{"title": "Anna", "phones": []string{secretPhone}}, &contact)
	s.Must("POST", "/api/deals", map[string]any{
		"title": "Bridge", "amount": "1", "secret_note": "before", "papers": []int64{file.ID}, "contract_no": "C-" + secretText, "contact": contact.ID, "closes_on": "2026-12-01",
	}, &deal)
	s.Must("PATCH", fmt.Sprintf("/api/deals/%d", deal.ID), map[string]any{"amount": secretAmount, "secret_note": secretText}, nil)
	s.Must("PATCH", fmt.Sprintf("/api/deals/%d", deal.ID), map[string]any{"amount": secretAmount + ".00", "title": "The bridge"}, nil)
	s.file, s.contact, s.deal = file.ID, contact.ID, deal.ID
	var leads struct{ Items []record }
	s.Must("GET", "/api/leads", nil, &leads)
	if len(leads.Items) == 0 {
		t.Fatal("no lead came of the request")
	}
	s.lead = leads.Items[0].ID
	eve, token := s.Person("Eve", access.Employee)
	s.eve = token
	s.Must("POST", "/api/roles", map[string]any{
		"title": "Sees all, knows little", "fields": sealedFields(),
		"grants":  []map[string]any{{"types": []string{}, "pipelines": []int64{}, "stages": []int64{}, "ops": []string{"see", "create", "edit", "move", "delete", "assign", "export", "import"}, "scopes": []string{"all"}}},
		"areas":   []string{"people", "types", "forms", "drums", "rules", "reports", "journal", "mail", "portal"},
		"holders": []map[string]any{{"kind": "user", "id": eve.ID}},
	}, nil)
	if status, b := s.as("GET", fmt.Sprintf("/api/deals/%d", s.deal), nil); status != http.StatusOK {
		t.Fatalf("she doesn't see the deal: %d %s", status, b)
	}
	return s
}

// as calls as the person.
func (s *sealed) as(method, path string, body any) (int, string) {
	s.t.Helper()
	status, b := s.Call(method, path, body, "Authorization", "Bearer "+s.eve)
	return status, string(b)
}

func (s *sealed) tight(what, body string) {
	s.t.Helper()
	for _, secret := range secrets {
		if i := strings.Index(body, secret); i >= 0 {
			s.t.Errorf("%s tells %q: …%s…", what, secret, body[max(0, i-120):min(len(body), i+60)])
			return
		}
	}
}

// TestTitlesAreMadeOfNothingHidden: a request that says nothing but a phone is called by its number only while everybody may know it.
func TestTitlesAreMadeOfNothingHidden(t *testing.T) {
	both(t, func(t *testing.T, o apptest.Options) {
		s := seal(t, o)
		var keys struct{ Items []struct{ Key string } }
		s.Must("GET", "/api/intake-keys", nil, &keys)
		s.Must("POST", "/api/intake/"+keys.Items[0].Key, map[string]any{"phone": "+79217391740", "email": "x@example.com"}, nil)
		var leads struct{ Items []record }
		s.Must("GET", "/api/leads?sort=-id", nil, &leads)
		if title := leads.Items[0].Title; title != "x@example.com" {
			t.Errorf("it is called %q", title)
		}
	})
}

// TestHiddenFieldsStayHidden asks for secrets in all the ways there are.
func TestHiddenFieldsStayHidden(t *testing.T) {
	both(t, func(t *testing.T, o apptest.Options) {
		s := seal(t, o)
		deal := fmt.Sprintf("/api/deals/%d", s.deal)
		s.t.Run("answers", func(*testing.T) { s.answers(deal) })
		s.t.Run("questions", func(*testing.T) { s.questions() })
		s.t.Run("rules", func(*testing.T) { s.rules() })
		s.t.Run("writing", func(*testing.T) { s.writing(deal) })
		s.t.Run("every route", func(*testing.T) { s.walk() })
	})
}

// answers hold no hidden field, and what they are made of isn't told either.
func (s *sealed) answers(deal string) {
	for _, path := range []string{
		deal, deal + "/timeline", "/api/deals", "/api/deals/export", "/api/contacts/export", "/api/deals/board", "/api/deals/totals", fmt.Sprintf("/api/contacts/%d", s.contact),
		fmt.Sprintf("/api/leads/%d/timeline", s.lead), fmt.Sprintf("/api/requests?record=lead/%d", s.lead), "/api/types", "/api/reports/stages", "/api/reports/cohort?type=deal",
	} {
		status, b := s.as("GET", path, nil)
		if status != http.StatusOK {
			s.t.Errorf("%s: %d %s", path, status, b)
		}
		s.tight(path, b)
		for _, code := range []string{`"amount"`, `"secret_note"`, `"papers"`, `"contract_no"`} {
			if path != "/api/types" && !strings.Contains(path, "lead") && strings.Contains(b, code) {
				s.t.Errorf("%s names %s: %s", path, code, b)
			}
		}
	}
	var types struct {
		Items []struct {
			Code   string
			Can    []string
			Fields []struct {
				Code     string
				ReadOnly bool `json:"read_only"`
			}
		}
	}
	_, b := s.as("GET", "/api/types", nil)
	if err := json.Unmarshal([]byte(b), &types); err != nil {
		s.t.Fatal(err)
	}
	for _, typ := range types.Items {
		for _, f := range typ.Fields {
			if typ.Code == "deal" && f.Code == "amount" || typ.Code == "contact" && f.Code == "phones" {
				s.t.Errorf("%s.%s is described", typ.Code, f.Code)
			}
			if typ.Code == "deal" && f.Code == "closes_on" && !f.ReadOnly {
				s.t.Error("a field to read only isn't called so")
			}
		}
		if typ.Code == "deal" && !slices.Equal(typ.Can, []string{"see", "create", "edit", "move", "delete", "assign", "export", "import"}) {
			s.t.Errorf("deals: can %v", typ.Can)
		}
	}
	if status, b := s.as("GET", fmt.Sprintf("/api/files/%d", s.file), nil); status != http.StatusNotFound {
		s.t.Errorf("the file of a hidden field: %d %s", status, b)
	}
	for _, q := range []string{"921739", secretPhone, secretText} {
		if _, b := s.as("GET", "/api/search?q="+url.QueryEscape(q), nil); strings.Contains(b, `"id"`) {
			s.t.Errorf("the search for %s finds %s", q, b)
		}
	}
}

// questions about a hidden field are answered like those about one that isn't there.
func (s *sealed) questions() {
	for _, ask := range []string{
		"?filter=%s %%3D 5", "?filter=is empty(%s)", "?sort=%s", "?sort=-%s", "?fields=title,%s", "/board?fields=%s", "/board?sort=-%s", "/count?filter=is empty(%s)",
		"/totals?filter=not is empty(%s)", "/board?filter=%s > 1", "?filter=contains(%s, \"x\")",
	} {
		for _, code := range []string{"amount", "secret_note", "papers"} {
			hidden := s.refusal("/api/deals"+fmt.Sprintf(ask, code), code)
			missing := s.refusal("/api/deals"+fmt.Sprintf(ask, "nothing_x"), "nothing_x")
			if hidden != missing || !strings.HasPrefix(hidden, "422") {
				s.t.Errorf(ask+" is answered with %s, about a field that isn't there with %s", code, hidden, missing)
			}
		}
	}
	for _, ask := range []string{"?filter=contact.phones %3D \"1\"", "?filter=is empty(contact.phones)"} {
		if got := s.refusal("/api/deals"+ask, "phones"); got != s.refusal("/api/deals"+strings.Replace(ask, "phones", "nothing_x", 1), "nothing_x") {
			s.t.Errorf("%s: %s", ask, got)
		}
	}
}

// rules that look at what is hidden can be asked why they decided so, but not written: by what becomes of records one would learn it.
func (s *sealed) rules() {
	when := func(text string) map[string]any { return map[string]any{"title": "By amount", "when": text} }
	rule := func(text string) map[string]any {
		out := when(text)
		out["target"] = map[string]any{"kind": "person", "id": s.Admin.ID}
		return out
	}
	s.Must("POST", "/api/routing-rules", rule("record.amount > 700000 or contains(request.text, \"SECRET\") or not is empty(request.phones)"), nil)
	status, b := s.as("POST", "/api/routing-test", map[string]any{"record": fmt.Sprintf("lead/%d", s.lead)})
	if status >= 300 || strings.Count(b, `"hidden":true`) < 3 || strings.Contains(b, `"seen":[`) {
		s.t.Errorf("why a rule decided so: %d %s", status, b)
	}
	for _, text := range []string{"record.amount > 5", "lead.amount > 5", "is empty(client.contact.phones)"} {
		hidden, b := s.as("POST", "/api/routing-rules", rule(text))
		missing, c := s.as("POST", "/api/routing-rules", rule(strings.NewReplacer("amount", "nothing_x", "phones", "nothing_x").Replace(text)))
		var p, q struct{ Errors []struct{ Key string } }
		_, _ = json.Unmarshal([]byte(b), &p), json.Unmarshal([]byte(c), &q)
		if hidden != http.StatusUnprocessableEntity || missing != hidden || fmt.Sprint(p) != fmt.Sprint(q) {
			s.t.Errorf("a rule about %s: %d %s, about nothing: %d %s", text, hidden, b, missing, c)
		}
	}
}

// refusal is an answer as far as it doesn't name the field.
func (s *sealed) refusal(path, code string) string {
	path, query, _ := strings.Cut(path, "?")
	name, value, _ := strings.Cut(query, "=")
	value, err := url.QueryUnescape(value)
	if err != nil {
		s.t.Fatal(err)
	}
	status, b := s.as("GET", path+"?"+name+"="+url.QueryEscape(value), nil)
	var p struct {
		Key    string
		Errors []struct{ Key, Path string }
	}
	_ = json.Unmarshal([]byte(b), &p)
	return strings.ReplaceAll(fmt.Sprintf("%d %s %v", status, p.Key, p.Errors), code, "…")
}

// writing knows no hidden field, refuses one to read only, and asks for neither.
func (s *sealed) writing(deal string) {
	for code, key := range map[string]string{"amount": "record.unknown_field", "secret_note": "record.unknown_field", "closes_on": "record.read_only"} {
		status, b := s.as("PATCH", deal, map[string]any{code: "2027-01-01"})
		if status != http.StatusUnprocessableEntity || !strings.Contains(b, key) {
			s.t.Errorf("PATCH %s: %d %s", code, status, b)
		}
		status, b = s.as("POST", "/api/deals", map[string]any{"title": "x", code: "2027-01-01"})
		if status != http.StatusUnprocessableEntity || !strings.Contains(b, key) {
			s.t.Errorf("POST %s: %d %s", code, status, b)
		}
	}
	// The hidden note is required; she can't know.
	var made record
	status, b := s.as("POST", "/api/deals", map[string]any{"title": "Of hers"})
	if status != http.StatusCreated {
		s.t.Fatalf("a deal without a required field she doesn't know of: %d %s", status, b)
	}
	if err := json.Unmarshal([]byte(b), &made); err != nil {
		s.t.Fatal(err)
	}
	own := fmt.Sprintf("/api/deals/%d", made.ID)
	s.Must("PATCH", own, map[string]any{"amount": secretAmount, "secret_note": secretText}, nil)
	// What others changed meanwhile isn't told when it is hidden.
	status, b = s.as("PATCH", own, map[string]any{"title": "Hers", "version": made.Version})
	if status != http.StatusOK {
		s.t.Errorf("a change beside a hidden one: %d %s", status, b)
	}
	s.tight("the answer to a change", b)
	s.Must("PATCH", own, map[string]any{"title": "Theirs"}, nil)
	status, b = s.as("PATCH", own, map[string]any{"title": "Mine", "version": made.Version})
	if status != http.StatusConflict {
		s.t.Errorf("a conflict: %d %s", status, b)
	}
	s.tight("a conflict", b)
	if status, b = s.as("POST", "/api/deals/bulk", map[string]any{"ids": []int64{made.ID}, "set": map[string]any{"amount": 5}}); !strings.Contains(b, "record.unknown_field") {
		s.t.Errorf("bulk: %d %s", status, b)
	}
	if status, b = s.as("PATCH", deal, map[string]any{"papers": []int64{s.file}}); !strings.Contains(b, "record.unknown_field") {
		s.t.Errorf("attaching through a hidden field: %d %s", status, b)
	}
	// What lies in the bin has its number again by a hidden field of somebody else's.
	s.Must("PATCH", own, map[string]any{"contract_no": "K-1"}, nil)
	if status, b = s.as("DELETE", own, nil); status != http.StatusNoContent {
		s.t.Errorf("deleting: %d %s", status, b)
	}
	s.Must("POST", "/api/deals", map[string]any{"title": "Other", "secret_note": "x", "contract_no": "K-1"}, nil)
	status, b = s.as("POST", fmt.Sprintf("/api/bin/deal/%d/restoration", made.ID), nil)
	if status != http.StatusConflict || strings.Contains(b, "contract_no") || strings.Contains(b, "K-1") {
		s.t.Errorf("restoring: %d %s", status, b)
	}
}

// walk calls every GET route with the numbers of the records, and none tells a secret.
func (s *sealed) walk() {
	seen, known, told := 0, 0, []string{}
	for _, op := range s.Router.Routes() {
		if op.Long || op.Path == "/" || op.Method != http.MethodGet {
			continue
		}
		for _, typ := range []string{"deal", "contact", "lead"} {
			for _, id := range []int64{s.deal, s.contact, s.lead, s.file} {
				path := op.Path
				for _, part := range strings.Split(op.Path, "/") {
					switch {
					case part == "{type}":
						path = strings.Replace(path, part, typ, 1)
					case strings.HasPrefix(part, "{"):
						path = strings.Replace(path, part, fmt.Sprint(id), 1)
					}
				}
				if slices.Contains(told, path) {
					continue
				}
				told = append(told, path)
				for _, query := range []string{"", "?type=" + typ + "&limit=100", fmt.Sprintf("?record=%s/%d&q=%s", typ, id, url.QueryEscape("921739")), fmt.Sprintf("?type=%s&id=%d&op=see", typ, id)} {
					status, b := s.as("GET", path+query, nil)
					s.tight("GET "+path+query, b)
					if status == http.StatusOK {
						seen++
					}
				}
				if _, b := s.Call("GET", path, nil); strings.Contains(string(b), secretText) {
					known++
				}
			}
		}
	}
	if seen < 300 || known < 10 {
		s.t.Errorf("only %d answers were looked at, and %d tell the administrator anything", seen, known)
	}
}
