package form

import (
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
)

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		options Options
		values  url.Values
		wrong   map[string]string
	}{
		"a phone is enough":             {Options{}, url.Values{"phone": {"8 912 345-67-89"}}, nil},
		"an e-mail is enough":           {Options{}, url.Values{"email": {"anna@mail.ru"}}, nil},
		"one of them is wanted":         {Options{}, url.Values{"name": {"Анна"}}, map[string]string{"phone": "form.phone_or_email"}},
		"mistyped":                      {Options{}, url.Values{"phone": {"нет"}, "email": {"anna"}}, map[string]string{"phone": "form.bad_phone", "email": "form.bad_email"}},
		"wanted and forgotten":          {Options{Wanted: []string{"name"}}, url.Values{"phone": {"+79123456789"}}, map[string]string{"name": "required"}},
		"the only way to answer":        {Options{Fields: []string{"email"}}, url.Values{}, map[string]string{"email": "required"}},
		"there is always a way":         {Options{Fields: []string{"comment"}}, url.Values{"comment": {"?"}}, map[string]string{"phone": "required"}},
		"what isn't shown is not asked": {Options{Fields: []string{"phone"}}, url.Values{"phone": {"+79123456789"}, "email": {"x"}}, nil},
	} {
		got := map[string]string(nil)
		var f *fault.Error
		if errors.As(c.options.Check(c.values, "RU"), &f) {
			got = map[string]string{}
			for _, field := range f.Fields {
				got[field.Path] = field.Key
			}
		}
		if diff := cmp.Diff(c.wrong, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// changed is a token with one character of its signature replaced.
func changed(token string) string {
	other := "A"
	if token[30] == 'A' {
		other = "B"
	}
	return token[:30] + other + token[31:]
}

func TestToken(t *testing.T) {
	opened := clock.Of(time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC))
	token := Token("secret", opened)
	for name, c := range map[string]struct {
		secret, token string
		after         time.Duration
		want          Verdict
	}{
		"a minute later":  {"secret", token, time.Minute, Good},
		"at once":         {"secret", token, time.Second, TooFast},
		"two days later":  {"secret", token, 48 * time.Hour, TooOld},
		"of another form": {"other", token, time.Minute, Forged},
		"changed":         {"secret", changed(token), time.Minute, Forged},
		"cut":             {"secret", token[:10], time.Minute, Forged},
		"none":            {"secret", "", time.Minute, Forged},
		"clocks differ":   {"secret", Token("secret", opened.Add(30*time.Second)), time.Second, TooFast},
		"from the future": {"secret", Token("secret", opened.Add(time.Hour)), time.Minute, TooOld}, // the clock was put back
		"not base64":      {"secret", "!!!", time.Minute, Forged},
	} {
		if got := CheckToken(c.secret, c.token, opened.Add(c.after)); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
