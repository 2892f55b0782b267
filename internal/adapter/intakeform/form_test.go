package intakeform

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/record/schema"
	"voronka/internal/sales/form"
	"voronka/internal/sales/intake"
)

// desk is an intake that remembers what came and answers what it is told to.
type desk struct {
	came   []intake.Incoming
	held   []string // reasons
	err    error
	key    *intake.Key
	closed bool
	worn   string // a token
}

func (d *desk) Hold(_ context.Context, in intake.Incoming, reason string) (int64, error) {
	d.held = append(d.held, reason)
	d.came = append(d.came, in)
	return 1, d.err
}

func (d *desk) ClosedDoor(_ context.Context, address string) (*intake.Key, error) {
	if address != d.key.Key || !d.closed {
		return nil, fault.New(fault.NotFound, "intake.no_such_key")
	}
	return d.key, nil
}

func (d *desk) Accept(_ context.Context, in intake.Incoming) (intake.Answer, error) {
	d.came = append(d.came, in)
	return intake.Answer{Request: 1}, d.err
}

func (d *desk) Admit(string, string) error { return nil }

func (d *desk) Worn(_ context.Context, _ *intake.Key, token string) (bool, error) {
	return token == d.worn, nil
}

func (d *desk) Door(_ context.Context, address string) (*intake.Key, error) {
	if address != d.key.Key || d.closed {
		return nil, fault.New(fault.NotFound, "intake.no_such_key")
	}
	return d.key, nil
}

type caller struct {
	*testing.T
	desk  *desk
	clock *clock.Manual
	mux   *http.ServeMux
}

func newVisit(t *testing.T) *caller {
	v := &caller{T: t, desk: &desk{key: &intake.Key{ID: 1, Key: "abc", Form: form.Options{Secret: "s", Work: 8}}}, clock: clock.NewManual(time.Date(2026, 11, 19, 9, 0, 0, 0, time.UTC)), mux: http.NewServeMux()}
	catalog := schema.NewCatalog(schema.Parts{
		Types:  []*schema.Type{{ID: 1, Code: "lead"}},
		Fields: []*schema.Field{{ID: 1, TypeID: 1, Code: "object", Kind: schema.List, Col: "f_object", TitleRU: "Объект", TitleEN: "Object"}, {ID: 2, TypeID: 1, Code: "urgent", Kind: schema.Bool, Col: "f_urgent", TitleRU: "Срочно", TitleEN: "Urgent"}},
		Values: map[int64][]schema.Value{1: {{ID: 1, Code: "shop", TitleRU: "Магазин <1>", TitleEN: "Shop <1>"}, {ID: 2, Code: "plant", TitleRU: "Завод", TitleEN: "Plant"}}},
	})
	resolve := func(_ context.Context, o form.Options) (*form.Form, error) {
		return form.Resolve(o, catalog, "lead"), nil
	}
	v.mux.Handle("/f/{key}", &Handler{Intake: v.desk, Doors: v.desk, Clock: v.clock, Resolve: resolve, Log: slog.New(slog.DiscardHandler)})
	return v
}

func (v *caller) get(path, lang string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Language", lang)
	w := httptest.NewRecorder()
	v.mux.ServeHTTP(w, r)
	return w
}

func (v *caller) post(values url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/f/abc", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept-Language", "en")
	w := httptest.NewRecorder()
	v.mux.ServeHTTP(w, r)
	return w
}

var tokenPattern = regexp.MustCompile(`name="t" value="([^"]+)"`)

// token opens the form and waits as long as a person would.
func (v *caller) token() string {
	v.Helper()
	m := tokenPattern.FindStringSubmatch(v.get("/f/abc", "en").Body.String())
	if m == nil {
		v.Fatal("the form carries no token")
	}
	v.clock.Advance(10 * time.Second)
	return m[1]
}

// solved are values with a token and its puzzle solved, as the page's script sends them.
func (v *caller) solved(values url.Values) url.Values {
	token := v.token()
	values.Set(form.TokenField, token)
	values.Set(form.WorkField, form.Solve(token, v.desk.key.Form.Bits()))
	return values
}

func TestFormIsShown(t *testing.T) {
	v := newVisit(t)
	w := v.get("/f/abc?utm_source=ya%22%3E%3Cscript%3E", "ru-RU,en;q=0.5")
	body := w.Body.String()
	for _, want := range []string{`lang="ru"`, "Оставьте заявку", `name="phone" type="tel" autocomplete="tel" inputmode="tel"`, `name="utm_source" value="ya&#34;&gt;&lt;script&gt;"`, `class="trap"`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in the page:\n%s", want, body)
		}
	}
	if strings.Count(body, "<script") != 1 || !strings.Contains(body, `<script src="/f/form.js?v=`) {
		t.Error("there is another script in the page")
	}
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(body)
	hash := sha256.Sum256([]byte(style[1]))
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, base64.StdEncoding.EncodeToString(hash[:])) || !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy forbids the page its own style: %s", policy)
	}
	if body := v.get("/f/abc", "de, en;q=0.3").Body.String(); !strings.Contains(body, "Send us a request") {
		t.Error("English wasn't understood")
	}
	if w := v.get("/f/other", "en"); w.Code != 404 || !strings.Contains(w.Body.String(), "There is no such door") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestFormIsSent(t *testing.T) {
	v := newVisit(t)
	values := v.solved(url.Values{"name": {"Anna"}, "phone": {"8 912 345-67-89"}, "utm_source": {"ya"}, "dedupe": {"x"}, "attribution": {`{"first":{"source":"vk"}}`}})
	token := values.Get("t")
	for range 2 { // a double click is one request
		if w := v.post(values); w.Code != 303 || w.Header().Get("Location") != "/f/abc?done=1" {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	in := v.desk.came[0]
	if in.Payload.Name != "Anna" || in.Payload.UTMSource != "ya" || in.Payload.Attribution.First.Source != "vk" || len(v.desk.held) > 0 || in.Payload.Dedupe != "" || in.Dedupe == "" || in.Dedupe != v.desk.came[1].Dedupe || strings.Contains(string(in.Payload.Raw), token) {
		t.Errorf("%+v %s", in, in.Payload.Raw)
	}
	values.Set("name", "Anna Kim")
	v.post(values)
	if v.desk.came[2].Dedupe == in.Dedupe {
		t.Error("a corrected form is taken for the same request")
	}
	if body := v.get("/f/abc?done=1", "en").Body.String(); !strings.Contains(body, "Thank you") || strings.Contains(body, "<form") {
		t.Error("nobody is thanked")
	}
}

func TestFormKeepsWhatIsWrong(t *testing.T) {
	v := newVisit(t)
	token := v.token()
	w := v.post(url.Values{"t": {token}, "attribution": {`{"x":"\"><b>"}`}, "name": {"<Anna>"}, "phone": {"none"}})
	body := w.Body.String()
	for _, want := range []string{`value="&lt;Anna&gt;"`, `value="none" aria-invalid="true" aria-describedby="phone-bad"`, "Check the phone number", `role="alert"`, token, `{&#34;x&#34;:&#34;\&#34;&gt;&lt;b&gt;&#34;}`} {
		if w.Code != 422 || !strings.Contains(body, want) {
			t.Errorf("%d, no %s in\n%s", w.Code, want, body)
		}
	}
	v.desk.err = fault.New(fault.Unavailable, "db.unavailable")
	if w := v.post(url.Values{"t": {token}, "phone": {"+79123456789"}}); w.Code != 503 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "&#43;79123456789") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// TestWhatIsHeld: whatever looks like a program, or can't show that it isn't one, waits for a person; its sender is thanked.
func TestWhatIsHeld(t *testing.T) {
	for name, c := range map[string]struct {
		change func(v *caller, values url.Values)
		reason string // "": it goes the ordinary way
	}{
		"by the page's script": {func(*caller, url.Values) {}, ""},
		"without scripts":      {func(_ *caller, values url.Values) { values.Del("w") }, intake.WhyNoScript},
		"a wrong answer":       {func(_ *caller, values url.Values) { values.Set("w", "x1") }, intake.WhyBadWork},
		"a worn out page":      {func(v *caller, values url.Values) { v.desk.worn = values.Get("t") }, intake.WhyBadWork},
		"a trapped program":    {func(_ *caller, values url.Values) { values.Set(form.Trap, "http://spam") }, intake.WhyTrap},
		"too fast for a hand":  {func(v *caller, _ url.Values) { v.clock.Advance(-9 * time.Second) }, intake.WhyTooFast},
		"closed meanwhile":     {func(v *caller, _ url.Values) { v.desk.closed = true }, intake.WhyFormClosed},
		"it may come without":  {func(v *caller, values url.Values) { values.Del("w"); v.desk.key.Form.NoScript = form.Accept }, ""},
	} {
		v := newVisit(t)
		values := v.solved(url.Values{"phone": {"+79123456789"}})
		c.change(v, values)
		w := v.post(values)
		if w.Code != 303 || len(v.desk.came) != 1 || len(v.desk.held) > 0 != (c.reason != "") || c.reason != "" && v.desk.held[0] != c.reason {
			t.Errorf("%s: %d, held %v, came %d", name, w.Code, v.desk.held, len(v.desk.came))
		}
		if body := v.get(w.Header().Get("Location"), "en").Body.String(); !strings.Contains(body, "Thank you") {
			t.Errorf("%s: nobody is thanked: %s", name, body)
		}
	}
}

func TestClosedForm(t *testing.T) {
	v := newVisit(t)
	v.desk.key.Form.Words = map[string]form.Words{"en": {Contact: "Call us: [+7 495 000-00-00](mailto:a@b.ru) <now>"}}
	values := v.solved(url.Values{"phone": {"+79123456789"}})
	v.desk.closed = true
	w := v.get("/f/abc", "en")
	if body := w.Body.String(); w.Code != 410 || !strings.Contains(body, "takes no more requests") || !strings.Contains(body, `<a href="mailto:a@b.ru"`) || !strings.Contains(body, "&lt;now&gt;") || strings.Contains(body, "<form") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	values.Set("t", form.Ticket{Opened: v.clock.Now().Add(-time.Minute)}.Token("another"))
	if w := v.post(values); w.Code != 410 || len(v.desk.came) > 0 {
		t.Errorf("sent without ever having been opened: %d %v", w.Code, v.desk.came)
	}
	values.Set("t", form.Ticket{Opened: v.clock.Now().Add(-25 * time.Hour)}.Token("s"))
	if w := v.post(values); w.Code != 410 {
		t.Errorf("opened long ago: %d", w.Code)
	}
}

func TestProgramsStayOut(t *testing.T) {
	v := newVisit(t)
	with := func(name, value string) url.Values {
		values := url.Values{"phone": {"+79123456789"}, "t": {v.token()}}
		values.Set(name, value)
		return values
	}
	for _, token := range []string{"", "AAAA", form.Ticket{Opened: v.clock.Now().Add(-time.Minute)}.Token("another"), form.Ticket{Opened: v.clock.Now().Add(time.Hour)}.Token("s")} {
		if w := v.post(with(form.TokenField, token)); w.Code != 422 {
			t.Errorf("token %q: %d", token, w.Code)
		}
	}
	if len(v.desk.came) > 0 {
		t.Errorf("came through: %+v", v.desk.came)
	}
	if w := v.post(with("x", strings.Repeat("x", intake.MaxBody))); w.Code < 400 || w.Code >= 500 {
		t.Errorf("an endless form: %d", w.Code)
	}
}

func TestBuiltForm(t *testing.T) {
	v := newVisit(t)
	ru := func(s string) form.Titles { return form.Titles{RU: s, EN: s} }
	v.desk.key.Form = form.Options{
		Secret: "s", Work: -1, Look: form.Look{Accent: "#ffee00", Size: 18, Theme: "dark", Compact: true, Logo: "<Огонь>"},
		Words:   map[string]form.Words{"en": {Heading: "<Hi>", Intro: "Two lines", Button: "Go", Thanks: "See you"}},
		Consent: &form.Consent{Text: ru("I [agree](https://a.ru/?a=1&b=\"2\") & accept"), Required: true},
		Items: []form.Item{
			{Name: "phone", Label: ru("Your <phone>"), Hint: ru("any"), Required: true},
			{Name: "lead.object"},
			{Name: "lead.urgent", When: &form.When{Item: "lead.object", Is: []string{"plant"}}},
		},
	}
	body := v.get("/f/abc?lang=en&embed=1", "ru").Body.String()
	for _, want := range []string{
		"<h1>&lt;Hi&gt;</h1>", "&lt;Огонь&gt;", `<label for="phone">Your &lt;phone&gt;</label>`, `aria-describedby="phone-hint"`, `<option value="shop">Shop &lt;1&gt;</option>`,
		`data-when="[&#34;lead.object&#34;,[&#34;plant&#34;]]"`, `action="/f/abc?embed=1&amp;lang=en"`, `class="framed compact"`, "--accent:#ffee00;--on:#000", "--size:18px", "color-scheme:dark",
		" &amp; accept", ">Go</button>", `name="consent" value="1" required`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in\n%s", want, body)
		}
	}
	if strings.Contains(body, "<a href") { // an address with quotes is none
		t.Error("a broken address became a link")
	}
	token := v.token()
	wrong := v.post(url.Values{"t": {token}, "phone": {"+79123456789"}, "lead.object": {"shop"}, "lead.urgent": {"true"}})
	if wrong.Code != 422 || !strings.Contains(wrong.Body.String(), "consent-bad") || !strings.Contains(wrong.Body.String(), `value="shop" selected`) {
		t.Errorf("%d %s", wrong.Code, wrong.Body)
	}
	if w := v.post(url.Values{"t": {token}, "phone": {"+79123456789"}, "lead.object": {"shop"}, "lead.urgent": {"true"}, "consent": {"1"}}); w.Code != 303 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	in := v.desk.came[0]
	if in.Payload.More["object"] != "shop" || in.Payload.More["urgent"] != nil || in.Consent != v.desk.key.Form.Consent.In("en").Hash() {
		t.Errorf("%+v", in.Payload)
	}
}

// TestConsentIsWhatWasShown: words that were changed while a person was reading stay those he agreed to.
func TestConsentIsWhatWasShown(t *testing.T) {
	v := newVisit(t)
	old := &form.Consent{Text: form.Titles{EN: "Old words"}}
	v.desk.key.Form.Consent = old
	values := v.solved(url.Values{"phone": {"+79123456789"}, "consent": {"1"}})
	v.desk.key.Form.Consent = &form.Consent{Text: form.Titles{EN: "New words"}}
	v.post(values)
	values = v.solved(url.Values{"phone": {"+79123456789"}})
	v.post(values)
	if len(v.desk.came) != 2 || v.desk.came[0].Consent != old.In("en").Hash() || v.desk.came[1].Consent != "" {
		t.Errorf("%+v", v.desk.came)
	}
}

func TestDraftIsShownButTakesNothing(t *testing.T) {
	v := newVisit(t)
	draft, err := form.Seal(form.Options{Heading: "Draft heading"}, "s", v.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	if body := v.get("/f/abc?draft="+draft, "en").Body.String(); !strings.Contains(body, "Draft heading") || !strings.Contains(body, `data-draft="1"`) {
		t.Error(body)
	}
	if w := v.get("/f/abc?draft=AAAA"+draft, "en"); w.Code != 404 || strings.Contains(w.Body.String(), "Draft heading") {
		t.Errorf("words of somebody else: %d", w.Code)
	}
}

func TestInkIsReadable(t *testing.T) {
	for colour, want := range map[string]string{"#ffffff": "#000", "#000000": "#fff", "#ffee00": "#000", "#0b647b": "#fff", "bad": "#fff"} {
		if got := ink(colour); got != want {
			t.Errorf("%s on %s", got, colour)
		}
	}
}

func TestScripts(t *testing.T) {
	for _, script := range []http.Handler{Script(), Snippet()} {
		w := httptest.NewRecorder()
		script.ServeHTTP(w, httptest.NewRequest("GET", "/f/x.js", nil))
		if w.Code != 200 || w.Body.Len() < 1000 || w.Body.Len() > 8<<10 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/javascript") || w.Header().Get("Cross-Origin-Resource-Policy") != "cross-origin" {
			t.Errorf("%d %d bytes %v", w.Code, w.Body.Len(), w.Header())
		}
		again := httptest.NewRequest("GET", "/f/x.js", nil)
		again.Header.Set("If-None-Match", w.Header().Get("ETag"))
		second := httptest.NewRecorder()
		script.ServeHTTP(second, again)
		if second.Code != http.StatusNotModified || second.Body.Len() > 0 {
			t.Errorf("%d %d bytes", second.Code, second.Body.Len())
		}
	}
}
