package schema

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzPhone(f *testing.F) {
	for _, s := range []string{"+7 921 555-01-42", "8 812 555-01-42 доб. 5", "+78125550142;ext=9", "İ доб 5", "x1", "++7", "٠١٢٣"} {
		f.Add(s, "RU")
	}
	f.Fuzz(func(t *testing.T, raw, region string) {
		normal, ok := NormalPhone(raw, region)
		if ok != (normal != "") {
			t.Fatalf("%q: %q %v", raw, normal, ok)
		}
		number, extension := SplitExtension(normal)
		if strings.Trim(number, "+0123456789") != "" || strings.Trim(extension, "0123456789") != "" {
			t.Fatalf("%q: %q holds more than digits", raw, normal)
		}
	})
}

func FuzzEmail(f *testing.F) {
	for _, s := range []string{"Anna+crm@Example.com", "Анна <анна@пример.рф>", "a@b.ru.", "\"a b\"@c.ru", "a@xn--.ru", "a@\u202eb.ru"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		value, normal, ok := NormalEmail(raw)
		if !ok {
			return
		}
		if strings.Count(normal, "@") != 1 || strings.ContainsAny(normal, " \t\n\x00") || !utf8.ValidString(value) {
			t.Fatalf("%q: %q %q", raw, value, normal)
		}
		if _, again, ok := NormalEmail(value); !ok || again != normal {
			t.Fatalf("%q: %q is %q, read again %q", raw, value, normal, again)
		}
	})
}

// FuzzValue reads any JSON as a value of every kind.
func FuzzValue(f *testing.F) {
	for _, s := range []string{
		`null`, `true`, `"12.50"`, `1e400`, `-0`, `{"minor":5,"currency":"RUB"}`, `{"amount":"1 000,5"}`, `[{"value":"+7 921 555-01-42","kind":"work"},"a@b.ru"]`,
		`{"type":"thing","id":7}`, `["a","b","a"]`, `"2026-02-30"`, `"0000-12-31T23:59:59.999999999+23:59"`, `"javascript:alert(1)"`, `"\ud800\u0000"`, `[[]]`, `{}`,
	} {
		f.Add(s)
	}
	c, typ := every()
	f.Fuzz(func(t *testing.T, text string) {
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		var v any
		if d.Decode(&v) != nil {
			v = text // no JSON: then it is text
		}
		for _, field := range typ.Fields {
			comesBack(t, c, field, v)
		}
	})
}
