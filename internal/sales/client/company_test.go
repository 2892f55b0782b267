package client

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNamesOfOneCompany(t *testing.T) {
	for _, name := range []string{"ООО «Ромашка»", "ромашка ООО", `Общество с ограниченной ответственностью "РОМАШКА"`, "«Ромашка», ООО"} {
		if signs := NameSigns(name); !slices.Equal(signs, []Sign{"n:ромашка (ооо)", "n:ромашка ()"}) {
			t.Errorf("%q: %q", name, signs)
		}
	}
	for _, name := range []string{"", "ООО", "ИП", "«»", "АБ", "ООО АО"} {
		if signs := NameSigns(name); signs != nil {
			t.Errorf("%q tells a company: %q", name, signs)
		}
	}
}

// TestFormsOfCompanies: a name without its form finds the company, two forms that are stated don't find each other.
func TestFormsOfCompanies(t *testing.T) {
	for _, c := range []struct {
		title, said string
		same        bool
	}{
		{"ООО «Евро-Инвест»", "Евро-Инвест ООО", true},
		{"ООО «Евро-Инвест»", "АО «Евро-Инвест»", false},
		{"ООО «Евро-Инвест»", "Евро-Инвест", true},
		{"АО «Евро-Инвест»", "акционерное общество Евро-Инвест", true},
		{"АО «Евро-Инвест»", "Публичное акционерное общество «Евро-Инвест»", false},
		{"Евро-Инвест", "евро инвест", true},
		{"Евро-Инвест", "ООО Евро-Инвест", true},
		{"Евро-Инвест плюс", "ООО Евро-Инвест", false},
		{"Smith & Co Ltd", "smith limited", true},
		{"Smith Ltd", "Smith plc", false},
	} {
		own := ownNameSigns(c.title)
		if found := slices.ContainsFunc(NameSigns(c.said), func(s Sign) bool { return slices.Contains(own, s) }); found != c.same {
			t.Errorf("%q finds %q: %v", c.said, c.title, found)
		}
	}
}

func TestDomainsTellCompaniesUnlessPublic(t *testing.T) {
	for text, want := range map[string]string{"anna@Romashka.RU": "d:romashka.ru", "a@mail.ru": "", "b@GMAIL.com": "", "no": "", "x@пример.рф": "d:xn--e1afmkfd.xn--p1ai"} {
		sign, ok := MailSign(text)
		if ok != (want != "") || ok && string(sign) != want {
			t.Errorf("%q: %q %v, want %q", text, sign, ok, want)
		}
	}
	for text, want := range map[string]string{
		"https://www.romashka.ru/about?x=1": "d:romashka.ru", "romashka.ru": "d:romashka.ru", "http://romashka.ru:8080": "d:romashka.ru",
		"https://vk.com/romashka": "", "": "", "localhost": "",
	} {
		sign, ok := SiteSign(text)
		if ok != (want != "") || ok && string(sign) != want {
			t.Errorf("%q: %q %v, want %q", text, sign, ok, want)
		}
	}
}

func TestTaxNumbers(t *testing.T) {
	for text, want := range map[string]string{"7701234567": "i:7701234567", " 7701 234 567 ": "i:7701234567", "771234567890": "i:771234567890", "123": "", "0000000000": "", "": "", "12345678901234": ""} {
		sign, ok := INNSign(text)
		if ok != (want != "") || ok && string(sign) != want {
			t.Errorf("%q: %q %v, want %q", text, sign, ok, want)
		}
	}
}

func TestPunctuationOfCompaniesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[А-Яа-я]{4,12}( [А-Яа-я]{4,12})?`).Draw(t, "name")
		form := rapid.SampledFrom([]string{"", "ООО", "ЗАО", "ИП"}).Draw(t, "form")
		want := NameSigns(strings.TrimSpace(form + " " + name))
		quoted := rapid.SampledFrom([]string{"%", "«%»", `"%"`, "“%”"}).Draw(t, "quotes")
		written := strings.TrimSpace(form + " " + strings.ReplaceAll(quoted, "%", name))
		if rapid.Bool().Draw(t, "after") {
			written = strings.TrimSpace(strings.ReplaceAll(quoted, "%", strings.ToUpper(name)) + ", " + form)
		}
		if got := NameSigns(written); !slices.Equal(got, want) {
			t.Fatalf("%q gives %q, want %q", written, got, want)
		}
	})
}
