package schema

import (
	"strings"
	"testing"
)

func TestPhonesAreBroughtToOneForm(t *testing.T) {
	for _, c := range []struct{ raw, region, want string }{
		{"+7 921 555-01-42", "RU", "+79215550142"},
		{"8 (921) 555-01-42", "RU", "+79215550142"},
		{"89215550142", "RU", "+79215550142"},
		{"79215550142", "RU", "+79215550142"},
		{"9215550142", "RU", "+79215550142"},
		{"９２１ ５５５ ０１ ４２", "RU", "+79215550142"},
		{"8 812 555-01-42 доб. 5", "RU", "+78125550142;ext=5"},
		{"8 812 555-01-42 (доб 105)", "RU", "+78125550142;ext=105"},
		{"+7 812 555-01-42, вн. 12", "RU", "+78125550142;ext=12"},
		{"+7 812 555-01-42 ext. 7", "US", "+78125550142;ext=7"},
		{"+78125550142;ext=9", "RU", "+78125550142;ext=9"},
		{"+49 30 901820", "RU", "+4930901820"},
		{"(212) 555-2368", "US", "+12125552368"},
		{"12-34", "RU", "1234"},
		{"тел: 02", "RU", "02"},
		{"не знаю", "RU", ""},
		{"", "RU", ""},
	} {
		if got, ok := NormalPhone(c.raw, c.region); got != c.want || ok != (c.want != "") {
			t.Errorf("%q in %s: %q %v, want %q", c.raw, c.region, got, ok, c.want)
		}
	}
}

func TestEmailsAreBroughtToOneForm(t *testing.T) {
	for _, c := range []struct{ raw, value, want string }{
		{"Anna@Example.COM", "Anna@example.com", "anna@example.com"},
		{" anna+crm@example.com ", "anna+crm@example.com", "anna@example.com"},
		{"Анна Петрова <anna@example.com>", "anna@example.com", "anna@example.com"},
		{"анна@пример.рф", "анна@пример.рф", "анна@xn--e1afmkfd.xn--p1ai"},
		{"anna@ПРИМЕР.рф", "anna@пример.рф", "anna@xn--e1afmkfd.xn--p1ai"},
		{"mailto:a@b.ru", "a@b.ru", "a@b.ru"},
		{"a@b.ru.", "a@b.ru", "a@b.ru"},
		{"+tag@b.ru", "+tag@b.ru", "+tag@b.ru"},
		{"anna@localhost", "", ""},
		{"anna", "", ""},
		{"@b.ru", "", ""},
		{"a b@c.ru", "", ""},
		{"a..b@c.ru", "", ""},
		{"a@b..ru", "", ""},
		{"a@-b.ru", "", ""},
		{"a@127.0.0.1", "", ""},
		{strings.Repeat("a", 65) + "@b.ru", "", ""},
		{"a@b.ru, c@d.ru", "", ""},
	} {
		value, normal, ok := NormalEmail(c.raw)
		if value != c.value || normal != c.want || ok != (c.want != "") {
			t.Errorf("%q: %q %q %v, want %q %q", c.raw, value, normal, ok, c.value, c.want)
		}
	}
}

func TestCodes(t *testing.T) {
	for code, want := range map[string]string{
		"a": "", "size_2": "", strings.Repeat("a", 40): "", "": "required", "A": "record.code_bad", "2a": "record.code_bad", "_a": "record.code_bad",
		"a-b": "record.code_bad", "размер": "record.code_bad", "a b": "record.code_bad", strings.Repeat("a", 41): "record.code_too_long",
		"stage": "record.code_reserved", "null": "record.code_reserved", "dept_pos": "record.code_reserved",
	} {
		got := ""
		if err := CheckFieldCode("code", code); err != nil {
			got = err.Fields[0].Key
		}
		if got != want {
			t.Errorf("%q: %q, want %q", code, got, want)
		}
	}
}
