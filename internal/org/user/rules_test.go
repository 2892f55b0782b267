package user

import "testing"

func TestEmail(t *testing.T) {
	for _, c := range []struct{ in, shown, key string }{
		{" Anna.Petrova@Example.COM ", "Anna.Petrova@Example.COM", "anna.petrova@example.com"},
		{"анна@пример.рф", "анна@пример.рф", "анна@xn--e1afmkfd.xn--p1ai"},
		{"АННА@ПРИМЕР.РФ", "АННА@ПРИМЕР.РФ", "анна@xn--e1afmkfd.xn--p1ai"},
		{"a+b@xn--e1afmkfd.xn--p1ai", "a+b@xn--e1afmkfd.xn--p1ai", "a+b@xn--e1afmkfd.xn--p1ai"},
		{"o'neil@example.com.", "o'neil@example.com.", "o'neil@example.com"},
		{"", "", ""},
		{"anna", "", ""},
		{"anna@", "", ""},
		{"@example.com", "", ""},
		{"anna@localhost", "", ""},
		{"a b@example.com", "", ""},
		{"a\x00b@example.com", "", ""},
		{".a@example.com", "", ""},
		{"a..b@example.com", "", ""},
		{"a@exa mple.com", "", ""},
		{"a@@example.com", "", ""},
		{"a＠b@example.com", "", ""},
		{"a@-example.com", "", ""},
		{"a\u200b@example.com", "", ""},
		{"<a@example.com>", "", ""},
		{"\xff@example.com", "", ""},
	} {
		shown, key, err := Email(c.in)
		if shown != c.shown || key != c.key || (err != nil) != (c.key == "") {
			t.Errorf("%q: %q %q %v, want %q %q", c.in, shown, key, err, c.shown, c.key)
		}
	}
}

func FuzzEmail(f *testing.F) {
	for _, s := range []string{"a@example.com", "анна@пример.рф", "a@b@c.d", "ﬁ@ex.com", "İ@example.com", "a@b.ru..", "¸@0.0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		shown, key, err := Email(s)
		if err != nil {
			return
		}
		if _, again, err := Email(shown); err != nil || again != key {
			t.Fatalf("%q: shown %q has the key %q, not %q (%v)", s, shown, again, key, err)
		}
		if _, again, err := Email(key); err == nil && again != key {
			t.Fatalf("%q: the key %q has the key %q", s, key, again)
		}
	})
}

func TestName(t *testing.T) {
	for in, want := range map[string]string{
		"  Анна \t Петрова ": "Анна Петрова", "Jean-Luc": "Jean-Luc", "": "", "  ": "", "123": "123",
		"a\x00b": "", "a\u202eb": "", "\xff": "",
	} {
		got, err := Name(in)
		if ok := err == nil; ok != (want != "" && want != "123") || ok && got != want {
			t.Errorf("%q: %q %v", in, got, err)
		}
	}
}

func TestPhone(t *testing.T) {
	for _, c := range []struct{ in, region, want string }{
		{"8 (921) 555-01-42", "RU", "+79215550142"},
		{"+7 921 555 01 42", "", "+79215550142"},
		{"9215550142", "RU", "+79215550142"},
		{"030 901820", "DE", "+4930901820"},
		{"", "RU", ""},
		{"мимо", "RU", "!"},
		{"12", "RU", "!"},
	} {
		got, err := Phone(c.in, c.region)
		if (err != nil) != (c.want == "!") || err == nil && got != c.want {
			t.Errorf("%q: %q %v", c.in, got, err)
		}
	}
}

func TestZone(t *testing.T) {
	for zone, ok := range map[string]bool{"Europe/Moscow": true, "UTC": true, "": false, "Local": false, "Mars/Phobos": false, "../etc/passwd": false} {
		if err := Zone(zone); (err == nil) != ok {
			t.Errorf("%q: %v", zone, err)
		}
	}
}
