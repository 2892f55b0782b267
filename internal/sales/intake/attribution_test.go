package intake

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestAttribution(t *testing.T) {
	p, err := ParseForm(url.Values{"phone": {"1"}, "referrer": {"https://shop.example/"}, "attribution": {`{"first":{"at":"2026-11-01T10:00:00+03:00",
		"landing":"https://shop.example/akcia?utm_source=ya&email=anna@mail.ru&yclid=7#top","referrer":"https://yandex.ru/search?text=anna","source":"ya","medium":"cpc","click":"yclid=7"},
		"last":{"at":"soon","landing":"javascript:alert(1)","referrer":"https://anna:secret@vk.com/feed","campaign":"осень\u0000","strange":1},"views":5,"mine":true}`}})
	if err != nil {
		t.Fatal(err)
	}
	want := &Attribution{
		First: &Touch{
			At: "2026-11-01T07:00:00Z", Landing: "https://shop.example/akcia?utm_source=ya&yclid=7", Referrer: "https://yandex.ru/search", Source: "ya", Medium: "cpc",
			Click: "yclid=7",
		},
		Last: &Touch{Referrer: "https://vk.com/feed", Campaign: "осень"}, Views: 5,
	}
	if diff := cmp.Diff(want, p.Attribution); diff != "" {
		t.Error(diff)
	}
	if p.UTMSource != "" || p.UTMCampaign != "осень" || p.Referrer != "https://vk.com/feed" { // the last visit is what the record tells
		t.Errorf("%+v", p)
	}
	for _, secret := range []string{"anna@", "secret", "attribution"} {
		if strings.Contains(string(p.Raw)+string(p.Attribution.json()), secret) {
			t.Errorf("%s is kept: %s %s", secret, p.Raw, p.Attribution.json())
		}
	}
	again := ReadAttribution(string(p.Attribution.json()))
	if diff := cmp.Diff(p.Attribution, again); diff != "" {
		t.Errorf("what is kept is read differently: %s", diff)
	}
}

func TestPlainMarksAreAttributionToo(t *testing.T) {
	p, err := ParseJSON([]byte(`{"phone":"1","utm_source":"vk","utm_term":"сигнализация","page":"https://a.ru/x?y=1"}`))
	touch := &Touch{Source: "vk", Term: "сигнализация", Landing: "https://a.ru/x"}
	if diff := cmp.Diff(&Attribution{First: touch, Last: touch}, p.Attribution); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for _, v := range []any{nil, "", "x", "null", "[]", `{"first":5}`, `{"first":{}}`, `{"first":{"at":"2026-11-01T10:00:00Z"}}`, true, json.Number("1"), []any{}} {
		if a := ReadAttribution(v); a != nil {
			t.Errorf("%v: %+v", v, a)
		}
	}
	long := "https://a.ru/" + strings.Repeat("x", 600)
	if got := bare(long + "?utm_source=1"); got != "https://a.ru/" {
		t.Error(got)
	}
	if got := bare("https://" + strings.Repeat("a", 600)); got != "" {
		t.Error(got)
	}
}

func TestValuesForCards(t *testing.T) {
	p, err := ParseForm(url.Values{"phone": {"1"}, "contact.position": {"Инженер"}, "company.inn": {" 7701234567 "}, "company.": {"x"}, "deal.x": {"y"}, "contact.empty": {" "}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]any{"contact": {"position": "Инженер"}, "company": {"inn": "7701234567"}}
	if diff := cmp.Diff(want, p.Of); diff != "" {
		t.Error(diff)
	}
	if p.More["deal.x"] != "y" || p.More["company."] != "x" {
		t.Errorf("%v", p.More)
	}
}

func FuzzAttribution(f *testing.F) {
	f.Add(`{"first":{"landing":"https://a.ru?utm_source=x","at":"2026-11-01T10:00:00Z"},"last":{"source":"y"},"views":3}`)
	f.Add(`{"first":{"landing":"https://a:b@c/%zz?utm_=%ff"}}`)
	f.Add(`{"views":1e400,"last":{"referrer":["x"]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		a := ReadAttribution(text)
		if a == nil {
			return
		}
		kept := a.json()
		if len(kept) == 0 || len(kept) > 20_000 || !utf8.Valid(kept) {
			t.Errorf("%d bytes: %s", len(kept), kept)
		}
		again := ReadAttribution(string(kept))
		if diff := cmp.Diff(a, again); diff != "" {
			t.Errorf("read again: %s", diff)
		}
		for _, touch := range []*Touch{a.First, a.Last} {
			for _, address := range []string{touch.Landing, touch.Referrer} {
				if address != "" && !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") {
					t.Errorf("an address of another sort: %q", address)
				}
			}
		}
	})
}
