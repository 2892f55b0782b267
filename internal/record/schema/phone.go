package schema

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/width"
)

// MaxPhone is how long a phone may be as it is written.
const MaxPhone = 64

// extensionWords begin the extension in a phone as people write it.
var extensionWords = []string{"доб.", "доб", "вн.", "внутр.", "внутр", "вн", "ext.", "ext", "extension", "x", "х", ";ext=", "#"}

// NormalPhone brings a phone to the form it is matched in: "+79215550142", with an extension "+79215550142;ext=5".
// A number that is no valid one keeps its digits, so that what a person noted is never lost: "12-34" is matched as "1234".
// ok is false when there is not a single digit in it.
func NormalPhone(raw, region string) (normal string, ok bool) {
	if len(raw) > 4*MaxPhone {
		return "", false
	}
	s := strings.TrimSpace(width.Narrow.String(raw))
	number, extension := cutExtension(s)
	digits := onlyDigits(number)
	if digits == "" {
		return "", false
	}
	normal = e164(number, digits, region)
	if normal == "" {
		normal = digits
	}
	if extension != "" {
		normal += ";ext=" + extension
	}
	return normal, true
}

// e164 is the international form, "" when the number is not a possible one.
func e164(number, digits, region string) string {
	for _, form := range [2]string{number, "+" + digits} {
		// The second try is for numbers written with the country code but without the plus: 79215550142.
		p, err := phonenumbers.Parse(form, region)
		if err == nil && phonenumbers.IsValidNumber(p) {
			return phonenumbers.Format(p, phonenumbers.E164)
		}
	}
	return ""
}

// SplitExtension parts a normalised phone into the number and the extension.
func SplitExtension(normal string) (number, extension string) {
	number, extension, _ = strings.Cut(normal, ";ext=")
	return number, extension
}

// cutExtension parts «8 812 555-01-42 доб. 5» into number and extension.
func cutExtension(s string) (number, extension string) {
	lower := strings.ToLower(s)
	if len(lower) != len(s) {
		return s, ""
	}
	for _, word := range extensionWords {
		at := strings.LastIndex(lower, word)
		if at <= 0 {
			continue
		}
		tail := lower[at+len(word):]
		if ext := onlyDigits(tail); ext != "" && len(ext) <= 7 && onlyDigits(s[:at]) != "" && strings.Trim(tail, "0123456789 .:-)(") == "" {
			return s[:at], ext
		}
	}
	return s, ""
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
