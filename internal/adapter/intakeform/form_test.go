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
	"voronka/internal/sales/form"
	"voronka/internal/sales/intake"
)

// desk is an intake that remembers what came and answers what it is told to.
type desk struct {
	came []intake.Incoming
	err  error
	key  *intake.Key
}

func (d *desk) Accept(_ context.Context, in intake.Incoming) (intake.Answer, error) {
	d.came = append(d.came, in)
	return intake.Answer{Request: 1}, d.err
}

func (d *desk) Admit(string, string) error { return nil }

func (d *desk) Door(_ context.Context, address string) (*intake.Key, error) {
	if address != d.key.Key {
		return nil, fault.New(fault.NotFound, "intake.no_such_key")
	}
	return d.key, nil
}

type visit struct {
	*testing.T
	desk  *desk
	clock *clock.Manual
	mux   *http.ServeMux
}

func newVisit(t *testing.T) *visit {
	v := &visit{T: t, desk: &desk{key: &intake.Key{ID: 1, Key: "abc", Form: form.Options{Secret: "s"}}}, clock: clock.NewManual(time.Date(2026, 11, 19, 9, 0, 0, 0, time.UTC)), mux: http.NewServeMux()}
	v.mux.Handle("/f/{key}", &Handler{Intake: v.desk, Doors: v.desk, Clock: v.clock, Log: slog.New(slog.DiscardHandler)})
	return v
}

func (v *visit) get(path, lang string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept-Language", lang)
	w := httptest.NewRecorder()
	v.mux.ServeHTTP(w, r)
	return w
}

func (v *visit) post(values url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "/f/abc", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept-Language", "en")
	w := httptest.NewRecorder()
	v.mux.ServeHTTP(w, r)
	return w
}

var tokenPattern = regexp.MustCompile(`name="t" value="([^"]+)"`)

// token opens the form and waits as long as a person would.
func (v *visit) token() string {
	v.Helper()
	m := tokenPattern.FindStringSubmatch(v.get("/f/abc", "en").Body.String())
	if m == nil {
		v.Fatal("the form carries no token")
	}
	v.clock.Advance(10 * time.Second)
	return m[1]
}

func TestFormIsShown(t *testing.T) {
	v := newVisit(t)
	w := v.get("/f/abc?utm_source=ya%22%3E%3Cscript%3E", "ru-RU,en;q=0.5")
	body := w.Body.String()
	for _, want := range []string{`lang="ru"`, "Оставьте заявку", `name="phone" type="tel" autocomplete="tel"`, `name="utm_source" value="ya&#34;&gt;&lt;script&gt;"`, `class="trap"`} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in the page:\n%s", want, body)
		}
	}
	if strings.Contains(body, "<script") {
		t.Error("there is a script in the page")
	}
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(body)
	hash := sha256.Sum256([]byte(style[1]))
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, base64.StdEncoding.EncodeToString(hash[:])) || !strings.Contains(policy, "default-src 'none'") {
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
	token := v.token()
	values := url.Values{"t": {token}, "name": {"Anna"}, "phone": {"8 912 345-67-89"}, "utm_source": {"ya"}, "dedupe": {"x"}}
	for range 2 { // a double click is one request
		if w := v.post(values); w.Code != 303 || w.Header().Get("Location") != "/f/abc?done=1" {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	in := v.desk.came[0]
	if in.Payload.Name != "Anna" || in.Payload.UTMSource != "ya" || in.Payload.Dedupe != "" || in.Dedupe == "" || in.Dedupe != v.desk.came[1].Dedupe || strings.Contains(string(in.Payload.Raw), token) {
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
	w := v.post(url.Values{"t": {token}, "name": {"<Anna>"}, "phone": {"none"}})
	body := w.Body.String()
	for _, want := range []string{`value="&lt;Anna&gt;"`, `value="none" aria-invalid="true" aria-describedby="phone-bad"`, "Check the phone number", `role="alert"`, token} {
		if w.Code != 422 || !strings.Contains(body, want) {
			t.Errorf("%d, no %s in\n%s", w.Code, want, body)
		}
	}
	v.desk.err = fault.New(fault.Unavailable, "db.unavailable")
	if w := v.post(url.Values{"t": {token}, "phone": {"+79123456789"}}); w.Code != 503 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "&#43;79123456789") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestProgramsStayOut(t *testing.T) {
	v := newVisit(t)
	good := url.Values{"phone": {"+79123456789"}}
	with := func(name, value string) url.Values {
		values := url.Values{"phone": good["phone"], "t": {v.token()}}
		values.Set(name, value)
		return values
	}
	if w := v.post(with(form.Trap, "http://spam")); w.Code != 303 {
		t.Errorf("a trapped program learns of it: %d", w.Code)
	}
	for _, token := range []string{"", "AAAA", form.Token("another", v.clock.Now().Add(-time.Minute)), form.Token("s", v.clock.Now().Add(time.Hour))} {
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
