package user

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/unicode/norm"

	"voronka/internal/kernel/fault"
	"voronka/internal/org/worktime"
)

// MaxName is the longest name, in characters; positions may be as long.
const MaxName = 120

// Langs are the languages people can choose.
var Langs = []string{"ru", "en"}

// Name brings a name into one line with single spaces. It must have a letter.
func Name(text string) (string, error) {
	name, err := line("name", text)
	if err == nil && strings.IndexFunc(name, unicode.IsLetter) < 0 {
		err = fault.In("name", "user.name_missing")
	}
	return name, err
}

// Position brings the title of a job into one line; it may be empty.
func Position(text string) (string, error) { return line("position", text) }

func line(path, text string) (string, error) {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) && !unicode.IsSpace(r) || r == '\u202e' || r == '\u2066' || r == '\u2067' || r == '\u202d'
	}) {
		return "", fault.In(path, "user.bad_characters")
	}
	text = strings.Join(strings.Fields(norm.NFC.String(text)), " ")
	if utf8.RuneCountInString(text) > MaxName {
		return "", fault.In(path, "user.too_long", fault.Args{"max": MaxName})
	}
	return text, nil
}

// Phone brings a number into E.164. Numbers without a country code are of region ("RU"). Empty stays empty.
func Phone(text, region string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", nil
	}
	if len(text) > 60 {
		return "", fault.In("phone", "user.bad_phone")
	}
	if region == "" {
		region = "RU"
	}
	number, err := phonenumbers.Parse(text, region)
	if err != nil || !phonenumbers.IsPossibleNumber(number) {
		return "", fault.In("phone", "user.bad_phone")
	}
	return phonenumbers.Format(number, phonenumbers.E164), nil
}

// Lang checks a language.
func Lang(code string) error {
	if !slices.Contains(Langs, code) {
		return fault.In("language", "user.bad_language")
	}
	return nil
}

// Zone checks the IANA name of a time zone.
func Zone(name string) error {
	if _, err := worktime.Zone(name); err != nil {
		return fault.In("zone", "user.bad_zone")
	}
	return nil
}

func theme(s string) error {
	if !slices.Contains([]string{"", "auto", "light", "dark"}, s) {
		return fault.In("theme", "user.bad_choice")
	}
	return nil
}

func density(s string) error {
	if !slices.Contains([]string{"", "compact", "cosy", "comfortable"}, s) {
		return fault.In("density", "user.bad_choice")
	}
	return nil
}
