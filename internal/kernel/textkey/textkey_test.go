package textkey

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestKey(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Acme Ltd.", "acme ltd."},
		{"Ёлки и ЁЖ", "елки и еж"},
		{"е\u0308ж", "еж"},     // ё written in two characters
		{"Е\u0308\u0300", "ѐ"}, // ё→е leaves a grave to compose
		{"Й", "й"},
		{"и\u0306", "й"},             // й in two characters is one letter
		{"ﬁnance №5", "finance no5"}, // compatibility forms
		{"STRASSE", "strasse"},
		{"Straße", "strasse"},
		{"Ａｃｍｅ", "acme"},
		{"ООО «Ромашка» — 1", "ооо «ромашка» — 1"},
		{"a\xffb", "a\uFFFDb"},
	} {
		if got := Key(c.in); got != c.want {
			t.Errorf("Key(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestKeyProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("еёЕЁ\u0308\u0300\u0301иЙ\u0306aAß«—№ﬁ")), 0, 8, -1)).Draw(t, "s")
		key := Key(s)
		if Key(key) != key {
			t.Fatalf("not idempotent: %q → %q → %q", s, key, Key(key))
		}
		if !utf8.ValidString(key) || strings.Contains(key, "ё") || (s != "") != (key != "") {
			t.Fatalf("Key(%q) = %q", s, key)
		}
		if Key(strings.ReplaceAll(s, "ё", "е")) != key && !strings.ContainsAny(s, "\u0300\u0301\u0306\u0308") {
			t.Fatalf("ё and е differ in %q", s)
		}
		if plain, ok := plainKey(s); ok {
			slow := strings.ReplaceAll(cases.Fold().String(norm.NFKC.String(s)), "ё", "е")
			if plain != slow {
				t.Fatalf("the short way gives %q, the long way %q", plain, slow)
			}
		}
	})
}

func TestAfter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prefix, other := rapid.String().Draw(t, "prefix"), rapid.String().Draw(t, "other")
		prefix, other = strings.ToValidUTF8(prefix, ""), strings.ToValidUTF8(other, "")
		after, ok := After(prefix)
		for _, s := range []string{prefix, prefix + other, other} {
			in := s >= prefix && (!ok || s < after)
			if in != strings.HasPrefix(s, prefix) {
				t.Fatalf("%q begins with %q: range [%q, %q) says %v", s, prefix, prefix, after, in)
			}
		}
	})
	if after, ok := After("\uD7FF"); !ok || after != "\uE000" {
		t.Errorf("After(U+D7FF) = %q, %v", after, ok)
	}
}
