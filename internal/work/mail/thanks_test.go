package mail

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFill(t *testing.T) {
	values := map[string]string{"client.name": "Анна {company}", "company": "ООО «Щит»", "request.number": "7"}
	for text, want := range map[string]string{
		"":                                "",
		"Hello":                           "Hello",
		"{client.name}!":                  "Анна {company}!", // a client's own braces are only words
		"{ company }, № {request.number}": "ООО «Щит», № 7",
		"{manager.name|мы} и {client.name|никто}": "мы и Анна {company}",
		"{manager.name}":          "",
		"{unknown} {{company}} {": "{unknown} {ООО «Щит»} {",
	} {
		if got := Fill(text, values); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A text without placeholders stays as it is, and whatever is filled in is filled in everywhere.
func TestFillKeepsTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("a{}|. \nя"))).Draw(t, "text")
		if got := Fill(text, nil); got != text {
			t.Fatalf("%q became %q", text, got)
		}
		before, after := rapid.StringOf(rapid.SampledFrom([]rune("ab }|"))).Draw(t, "before"), rapid.String().Draw(t, "after")
		if got := Fill(before+"{company}"+strings.ReplaceAll(after, "{", ""), map[string]string{"company": "X"}); got != before+"X"+strings.ReplaceAll(after, "{", "") {
			t.Fatalf("%q", got)
		}
	})
}

func TestTemplates(t *testing.T) {
	whole := Template{SubjectRU: "Тема", BodyRU: "Текст {company}"}
	for name, test := range map[string]struct {
		change func(*Template)
		ok     bool
	}{
		"one language":        {func(*Template) {}, true},
		"none, off":           {func(x *Template) { *x = Template{} }, true},
		"none, on":            {func(x *Template) { *x = Template{Active: true} }, false},
		"without a subject":   {func(x *Template) { x.SubjectRU = " " }, false},
		"half of the other":   {func(x *Template) { x.BodyEN = "Text" }, false},
		"an unknown word":     {func(x *Template) { x.BodyRU = "{client.passport}" }, false},
		"an unknown fallback": {func(x *Template) { x.BodyRU = "{password|x}" }, false},
		"too long":            {func(x *Template) { x.BodyRU = strings.Repeat("я", maxBody) }, false},
	} {
		x := whole
		test.change(&x)
		if err := x.check(); (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	if lang, _, body := whole.in("en"); lang != "ru" || body != whole.BodyRU {
		t.Errorf("%s %s", lang, body)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	good := Settings{Active: true, Host: "smtp.example.com", Port: 587, Security: StartTLS, From: "crm@example.com"}
	if err := good.check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Settings){
		"no host": func(s *Settings) { s.Host = "" }, "a path": func(s *Settings) { s.Host = "a/b" }, "port": func(s *Settings) { s.Port = 70000 },
		"security": func(s *Settings) { s.Security = "maybe" }, "from with a name": func(s *Settings) { s.From = "A <a@b.ru>" },
		"two lines": func(s *Settings) { s.FromName = "a\nb" }, "plain password": func(s *Settings) { s.Security, s.Password = Plain, "x" },
		"portal": func(s *Settings) { s.Address = "https://x/path" },
	} {
		s := good
		change(&s)
		if s.check() == nil {
			t.Errorf("%s is let through", name)
		}
	}
	if err := (Settings{Port: 25, Security: Plain}).check(); err != nil {
		t.Errorf("off and empty: %v", err)
	}
}
