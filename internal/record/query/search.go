package query

import (
	"strings"
	"unicode/utf8"

	"voronka/internal/kernel/textkey"
	"voronka/internal/record/schema"
)

// Search asks for records by what a person remembers of them: the beginning of a title, a word of it, digits of a phone
// number, an e-mail address.
type Search struct {
	Catalog *schema.Catalog
	Key     string // the text as titles are matched
	Digits  string // of a phone number, at least MinDigits; "" = this is no number
	Email   string // the beginning of an address; "" = this is none
	Plans   Plans
}

// SearchLimit is how many records of each type are found, MinDigits how many digits make a number worth looking for.
const (
	SearchLimit = 8
	MinDigits   = 4
	maxSearch   = 200
)

// NewSearch reads what was typed. ok is false when that is too little to look for.
func NewSearch(c *schema.Catalog, text string, plans Plans) (s Search, ok bool) {
	text = strings.Join(strings.Fields(text), " ")
	for len(text) > maxSearch {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	s = Search{Catalog: c, Key: textkey.Key(text), Plans: plans}
	digits, letters := 0, false
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case strings.ContainsRune("+-() .", r):
		default:
			letters = true
		}
	}
	if digits >= MinDigits && !letters {
		s.Digits = strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, text)
	}
	if strings.Contains(text, "@") || letters && !strings.Contains(text, " ") && isASCII(text) {
		s.Email = strings.ToLower(text)
	}
	return s, utf8.RuneCountInString(s.Key) > 1
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
