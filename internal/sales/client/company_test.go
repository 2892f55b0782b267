package client

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNamesOfOneCompany(t *testing.T) {
	for _, name := range []string{"ООО «Ромашка»", "Ромашка", "ромашка ООО", `Общество с ограниченной ответственностью "РОМАШКА"`, "«Ромашка», ООО"} {
		if sign, ok := NameSign(name); !ok || sign != "n:ромашка" {
			t.Errorf("%q: %q %v", name, sign, ok)
		}
	}
	for _, name := range []string{"", "ООО", "ИП", "«»", "АБ", "ООО АО"} {
		if sign, ok := NameSign(name); ok {
			t.Errorf("%q tells a company: %q", name, sign)
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

func TestLegalFormsAndPunctuationDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[А-Яа-я]{4,12}( [А-Яа-я]{4,12})?`).Draw(t, "name")
		want, ok := NameSign(name)
		if !ok {
			t.Skip("no name") // a legal form by chance
		}
		form := rapid.SampledFrom([]string{"", "ООО", "ЗАО", "ИП"}).Draw(t, "form")
		quoted := rapid.SampledFrom([]string{"%", "«%»", `"%"`, "“%”"}).Draw(t, "quotes")
		written := strings.TrimSpace(form + " " + strings.ReplaceAll(quoted, "%", name))
		if rapid.Bool().Draw(t, "after") {
			written = strings.TrimSpace(strings.ReplaceAll(quoted, "%", strings.ToUpper(name)) + ", " + form)
		}
		if got, ok := NameSign(written); !ok || got != want {
			t.Fatalf("%q gives %q, want %q", written, got, want)
		}
	})
}
