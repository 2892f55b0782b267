package intake

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestParseJSON(t *testing.T) {
	got, err := ParseJSON([]byte(`{"name":" Анна\u0000  Ким ","phone":["8 912 345-67-89","8 912 345-67-89",{"value":"+7 1"}],"email":"a@b.ru","message":"Нужна\r\nсмета",
		"amount":12.5,"utm_source":"ya","referer":"https://x.ru","budget":100,"deep":{"a":[1,{"b":"c"}]},"empty":"  ","none":null}`))
	if err != nil {
		t.Fatal(err)
	}
	raw := got.Raw
	got.Raw = nil
	want := &Payload{
		Name: "Анна Ким", Phones: []string{"8 912 345-67-89", "+7 1"}, Emails: []string{"a@b.ru"}, Comment: "Нужна\nсмета",
		Amount: json.Number("12.5"), UTMSource: "ya", Referrer: "https://x.ru",
		Attribution: &Attribution{First: &Touch{Referrer: "https://x.ru", Source: "ya"}, Last: &Touch{Referrer: "https://x.ru", Source: "ya"}},
		More:        map[string]any{"budget": json.Number("100"), "deep": map[string]any{"a": []any{json.Number("1"), map[string]any{"b": "c"}}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(string(raw), `"none":null`) || !strings.Contains(string(raw), `"empty":"  "`) {
		t.Errorf("what we don't understand isn't kept: %s", raw)
	}
}

func TestParseForm(t *testing.T) {
	got, err := ParseForm(url.Values{"Phone": {"1", "2"}, "name": {"Anna"}, "x": {}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1", "2"}, got.Phones); diff != "" || got.Name != "Anna" {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsNoRequest(t *testing.T) {
	for _, body := range []string{"", "null", "[]", "1", `"a"`, "{", `{"a":1}{"b":2}`, `{"a":1} x`, "{\"a\":\x00}"} {
		if _, err := ParseJSON([]byte(body)); err == nil {
			t.Errorf("%q is taken for a request", body)
		}
	}
	many := url.Values{}
	for _, r := range strings.Repeat("x", maxFields+1) {
		many.Set(strings.Repeat(string(r), len(many)+1), "1")
	}
	if _, err := ParseForm(many); err == nil {
		t.Error("endless fields are taken")
	}
	if p, err := ParseJSON([]byte(`{"utm_source":"x"}`)); err != nil || !p.Empty() {
		t.Errorf("who asks for what? %+v %v", p, err)
	}
}

func FuzzParseJSON(f *testing.F) {
	f.Add([]byte(`{"name":"Анна","phone":["8 912 345-67-89"],"email":"a@b.ru","x":{"y":[1,2,{}]}}`))
	f.Add([]byte(`{"phone":{"value":7},"comment":true,"amount":"1 000,5"}`))
	f.Add([]byte("{\"name\":\"\xff\\ud800\\u0000\"}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		if p, err := ParseJSON(body); err == nil {
			fits(t, body, p)
		}
	})
}

func FuzzParseForm(f *testing.F) {
	f.Add("name=%D0%90%D0%BD%D0%BD%D0%B0&phone=8+912&phone=x&email=a%40b.ru&utm_source=y")
	f.Add("=&&name=%00%ff&NAME=2&comment=a%0d%0ab&dedupe=1")
	f.Fuzz(func(t *testing.T, text string) {
		values, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		if p, err := ParseForm(values); err == nil {
			fits(t, []byte(text), p)
		}
	})
}

// fits wants nothing in a request that no field can hold.
func fits(t *testing.T, body []byte, p *Payload) {
	t.Helper()
	if !json.Valid(p.Raw) {
		t.Fatalf("%q is kept as %q", body, p.Raw)
	}
	for _, s := range append([]string{p.Title, p.Name, p.Company, p.Comment, p.Source, p.Referrer, p.Dedupe}, append(p.Phones, p.Emails...)...) {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) || utf8.RuneCountInString(s) > maxText {
			t.Fatalf("%q gives a value no field can hold: %q", body, s)
		}
	}
}
