package client

import (
	"testing"

	"pgregory.net/rapid"
)

func TestNotationsOfOneClient(t *testing.T) {
	for _, phone := range []string{"8 (912) 345-67-89", "+79123456789", "9123456789 доб. 5", "79123456789", "8-912-345-67-89", "+7 912 345 67 89"} {
		if key, ok := PhoneKey(phone, "RU"); !ok || key != "p:+79123456789" {
			t.Errorf("%q: %q %v", phone, key, ok)
		}
	}
	for _, email := range []string{"Ivan+ad@Mail.ru", "ivan@mail.ru", " IVAN@MAIL.RU ", "Иван <ivan@mail.ru>"} {
		if key, ok := EmailKey(email); !ok || key != "e:ivan@mail.ru" {
			t.Errorf("%q: %q %v", email, key, ok)
		}
	}
	for _, phone := range []string{"", "12-34", "call me", "00000000000"} {
		if key, ok := PhoneKey(phone, "RU"); ok {
			t.Errorf("%q recognises somebody: %q", phone, key)
		}
	}
	for _, email := range []string{"", "ivan", "@mail.ru", "ivan@mail"} {
		if key, ok := EmailKey(email); ok {
			t.Errorf("%q recognises somebody: %q", email, key)
		}
	}
}

func TestPunctuationDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := "9" + rapid.StringMatching(`(0[0-9]|1[0-9]|2[0-9]|6[0-9])[0-9]{7}`).Draw(t, "digits")
		want, ok := PhoneKey("+7"+digits, "RU")
		if !ok {
			t.Skip("no valid number")
		}
		prefix := rapid.SampledFrom([]string{"8", "+7", "7", ""}).Draw(t, "prefix")
		between := rapid.SampledFrom([]string{"", " ", "-", " - "}).Draw(t, "between")
		tail := rapid.SampledFrom([]string{"", " доб. 5", " доб.12", " ext 7"}).Draw(t, "tail")
		written := prefix + between + "(" + digits[:3] + ")" + between + digits[3:6] + between + digits[6:8] + between + digits[8:] + tail
		if got, ok := PhoneKey(written, "RU"); !ok || got != want {
			t.Fatalf("%q gives %q %v, want %q", written, got, ok, want)
		}
	})
}
