// Package textkey makes the key of a text: the form in which texts are matched and sorted everywhere (decision 4).
// Two texts a person would call the same have the same key: «Ёлка», «ЕЛКА» and «елка» match. Keys are compared as
// bytes, by Go, SQLite (BINARY) and PostgreSQL (collation "C") alike. Stemming, transliteration and phone numbers
// don't belong here.
package textkey

import (
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// folders are pooled because a cases.Caser may not be shared between goroutines.
var folders = sync.Pool{New: func() any { c := cases.Fold(); return &c }}

// Key returns s in NFKC, case folded, with ё written as е. It is idempotent, Key("") is "" and a text that isn't
// empty never has an empty key. Bytes that aren't UTF-8 become U+FFFD.
func Key(s string) string {
	if key, ok := plainKey(s); ok {
		return key
	}
	folder := folders.Get().(*cases.Caser)
	defer folders.Put(folder)
	// Folding and ё→е can each open a new composition (е + combining grave), so the text is composed again until it rests.
	key := strings.ToValidUTF8(s, "\uFFFD")
	for range 4 {
		next := norm.NFKC.String(key)
		next = folder.String(next)
		next = norm.NFKC.String(next)
		next = strings.ReplaceAll(next, "ё", "е")
		if next == key {
			break
		}
		key = next
	}
	return key
}

// plainKey does the common case, ASCII and Russian letters, in one pass without tables.
func plainKey(s string) (string, bool) {
	changed := -1
	for i, r := range s {
		switch {
		case r >= 'A' && r <= 'Z', r >= 'А' && r <= 'Я', r == 'Ё', r == 'ё':
			if changed < 0 {
				changed = i
			}
		case r < utf8.RuneSelf, r >= 'а' && r <= 'я', r == '«', r == '»', r == '–', r == '—':
		default:
			return "", false
		}
	}
	if changed < 0 {
		return s, true
	}
	b := make([]byte, 0, len(s))
	b = append(b, s[:changed]...)
	for _, r := range s[changed:] {
		switch {
		case r >= 'A' && r <= 'Z', r >= 'А' && r <= 'Я':
			r += 32
		case r == 'Ё', r == 'ё':
			r = 'е'
		}
		b = utf8.AppendRune(b, r)
	}
	return string(b), true
}

// After returns the smallest key greater than every key that begins with prefix, so that "begins with" is the range
// prefix <= key < After(prefix). ok is false when there is none: the prefix is empty or all U+10FFFF.
func After(prefix string) (after string, ok bool) {
	for prefix != "" {
		r, size := utf8.DecodeLastRuneInString(prefix)
		prefix = prefix[:len(prefix)-size]
		if r == utf8.MaxRune {
			continue
		}
		r++
		if r == 0xD800 { // surrogates are no characters
			r = 0xE000
		}
		return prefix + string(r), true
	}
	return "", false
}
