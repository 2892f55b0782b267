package form

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"voronka/internal/kernel/fault"
)

// Consent is what a visitor agrees to. [words](https://address) in the text become a link.
type Consent struct {
	Text     Titles `json:"text"`
	Required bool   `json:"required,omitempty"`
}

// Terms are the words of a consent in one language, as they were shown. They are known by their hash, which forms carry
// signed in their token.
type Terms struct {
	Lang, Text string
}

// Hash is the name of exactly these words: SHA-256 of language, a line end and the text, in hex.
func (t Terms) Hash() string {
	sum := sha256.Sum256([]byte(t.Lang + "\n" + t.Text))
	return hex.EncodeToString(sum[:])
}

// In are the words a visitor of a language is shown.
func (c *Consent) In(lang string) Terms { return Terms{Lang: lang, Text: c.Text.In(lang)} }

// All are the words in both languages.
func (c *Consent) All() []Terms { return []Terms{c.In("ru"), c.In("en")} }

func (c *Consent) check(wrong *fault.Error) *fault.Error {
	if strings.TrimSpace(c.Text.RU+c.Text.EN) == "" {
		return wrong.With("form/consent", "required")
	}
	if max(utf8.RuneCountInString(c.Text.RU), utf8.RuneCountInString(c.Text.EN)) > MaxTerms {
		wrong = wrong.With("form/consent", "flow.too_long", fault.Args{"max": MaxTerms})
	}
	return wrong
}

// Piece is a part of a text: plain, or a link when Address is set.
type Piece struct{ Text, Address string }

// Pieces cuts a text at its links. Only http, https and mailto lead anywhere.
func Pieces(text string) []Piece {
	var out []Piece
	plain := func(s string) {
		if s != "" {
			out = append(out, Piece{Text: s})
		}
	}
	for {
		open := strings.IndexByte(text, '[')
		if open < 0 {
			break
		}
		words, rest, ok := strings.Cut(text[open+1:], "](")
		address, after, closed := strings.Cut(rest, ")")
		if !ok || !closed || strings.ContainsAny(words, "[]") || !isAddress(address) {
			plain(text[:open+1])
			text = text[open+1:]
			continue
		}
		plain(text[:open])
		out = append(out, Piece{words, address})
		text = after
	}
	plain(text)
	return out
}

func isAddress(s string) bool {
	low := strings.ToLower(s)
	return (strings.HasPrefix(low, "https://") || strings.HasPrefix(low, "http://") || strings.HasPrefix(low, "mailto:")) && !strings.ContainsAny(s, " \t\n\"<>")
}
