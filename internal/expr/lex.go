package expr

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenKind tells tokens apart.
type tokenKind uint8

const (
	endToken tokenKind = iota
	nameToken
	quotedToken // a name in `backticks`, never a keyword
	numberToken
	stringToken
	signToken
)

type token struct {
	kind tokenKind
	text string // the name, the number, the string without quotes, the sign
	at   place
}

// is tells whether the token is the keyword or sign.
func (t token) is(text string) bool {
	return (t.kind == nameToken || t.kind == signToken) && t.text == text
}

// lexer cuts a text into tokens. Positions are counted in characters.
type lexer struct {
	src  string
	pos  int // bytes
	char int // characters
}

func lex(src string) ([]token, *Error) {
	if len(src) > MaxLength {
		return nil, fail(place{}, "too_long", Args{"max": MaxLength})
	}
	l := &lexer{src: src}
	var tokens []token
	for {
		t, err := l.next()
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
		if t.kind == endToken {
			return tokens, nil
		}
	}
}

func (l *lexer) peek() rune {
	if l.pos >= len(l.src) {
		return -1
	}
	r, _ := utf8.DecodeRuneInString(l.src[l.pos:])
	return r
}

func (l *lexer) step() rune {
	r, size := utf8.DecodeRuneInString(l.src[l.pos:])
	l.pos += size
	l.char++
	return r
}

func (l *lexer) next() (token, *Error) {
	for unicode.IsSpace(l.peek()) {
		l.step()
	}
	start, begin := l.char, l.pos
	done := func(kind tokenKind, text string) (token, *Error) {
		return token{kind, text, place{start, l.char}}, nil
	}
	r := l.peek()
	switch {
	case r < 0:
		return done(endToken, "")
	case isNameStart(r):
		for isNamePart(l.peek()) {
			l.step()
		}
		return done(nameToken, l.src[begin:l.pos])
	case isDigit(r):
		return l.number(start, begin)
	case r == '"':
		text, err := l.quoted('"', "unclosed_string")
		if err != nil {
			return token{}, err
		}
		return done(stringToken, text)
	case r == '`':
		text, err := l.quoted('`', "unclosed_name")
		if err != nil {
			return token{}, err
		}
		return done(quotedToken, text)
	}
	for _, sign := range []string{"..", "!=", "<=", ">=", "=", "<", ">", "(", ")", "[", "]", ",", ".", "+", "-"} {
		if strings.HasPrefix(l.src[l.pos:], sign) {
			l.pos += len(sign)
			l.char += len(sign)
			return done(signToken, sign)
		}
	}
	l.step()
	return token{}, fail(place{start, l.char}, "bad_char", Args{"char": shown(r)})
}

// number reads digits with an optional fraction; ".." behind it belongs to a range.
func (l *lexer) number(start, begin int) (token, *Error) {
	for isDigit(l.peek()) {
		l.step()
	}
	if rest := l.src[l.pos:]; len(rest) > 1 && rest[0] == '.' && isDigit(rune(rest[1])) {
		l.step()
		for isDigit(l.peek()) {
			l.step()
		}
	}
	if isNamePart(l.peek()) && !isDigit(l.peek()) { // 12abc, 1e5
		for isNamePart(l.peek()) {
			l.step()
		}
		return token{}, fail(place{start, l.char}, "bad_number", Args{"text": l.src[begin:l.pos]})
	}
	text := l.src[begin:l.pos]
	if len(text) > MaxDigits {
		return token{}, fail(place{start, l.char}, "number_too_long", Args{"max": MaxDigits})
	}
	return token{numberToken, text, place{start, l.char}}, nil
}

// quoted reads up to the closing quote and resolves escapes.
func (l *lexer) quoted(quote rune, unclosed string) (string, *Error) {
	start := l.char
	l.step()
	var b strings.Builder
	for n := 0; ; n++ {
		from := l.char
		switch r := l.peek(); {
		case r < 0:
			return "", fail(place{start, l.char}, unclosed, nil)
		case n > MaxString:
			return "", fail(place{start, l.char}, "string_too_long", Args{"max": MaxString})
		case r == quote:
			l.step()
			return b.String(), nil
		case r == '\\':
			l.step()
			r, ok := l.escape()
			if !ok {
				return "", fail(place{from, l.char}, "bad_escape", nil)
			}
			b.WriteRune(r)
		default:
			l.step()
			if !isStringRune(r) {
				return "", fail(place{from, l.char}, "bad_char", Args{"char": shown(r)})
			}
			b.WriteRune(r)
		}
	}
}

// escape reads what follows a backslash.
func (l *lexer) escape() (rune, bool) {
	if l.peek() < 0 {
		return 0, false
	}
	switch r := l.step(); r {
	case '"', '\\', '`', '/':
		return r, true
	case 'n':
		return '\n', true
	case 'r':
		return '\r', true
	case 't':
		return '\t', true
	case 'u':
		if l.pos+4 > len(l.src) {
			return 0, false
		}
		code, err := strconv.ParseUint(l.src[l.pos:l.pos+4], 16, 32)
		if err != nil || !isStringRune(rune(code)) {
			return 0, false
		}
		l.pos += 4
		l.char += 4
		return rune(code), true
	}
	return 0, false
}

// shown is a character for a message, escaped if it can't be seen.
func shown(r rune) string { return strings.Trim(strconv.QuoteRune(r), "'") }

func isDigit(r rune) bool     { return r >= '0' && r <= '9' }
func isNameStart(r rune) bool { return r == '_' || unicode.IsLetter(r) }
func isNamePart(r rune) bool  { return isNameStart(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) }

// isStringRune refuses what a database can't hold: NUL, halves of surrogate pairs, bytes that aren't UTF-8.
func isStringRune(r rune) bool { return r != 0 && r != utf8.RuneError && utf8.ValidRune(r) }
