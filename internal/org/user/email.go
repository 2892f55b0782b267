package user

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"voronka/internal/kernel/fault"
)

// maxEmail is the longest address SMTP can carry (RFC 5321, 4.5.3.1.3, without the brackets).
const maxEmail = 254

// Email brings an address into the form it is shown in and the key it is known by. The key has the local part in lower case
// and the domain in ASCII (IDNA 2008), so пример.рф and xn--e1afmkfd.xn--p1ai are one address. Dots and +tags are kept:
// for signing in two spellings may be two people.
func Email(text string) (shown, key string, err error) {
	if len(text) > 4*maxEmail {
		return "", "", fault.In("email", "user.bad_email")
	}
	shown = norm.NFC.String(strings.TrimSpace(text))
	local, domain, ok := cutLast(shown, "@")
	if !ok || !localPart(local) || len(shown) > maxEmail {
		return "", "", fault.In("email", "user.bad_email")
	}
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(domain, "."))
	if err != nil || !strings.Contains(ascii, ".") || strings.HasPrefix(ascii, ".") || strings.HasSuffix(ascii, ".") || strings.Contains(ascii, "..") {
		return "", "", fault.In("email", "user.bad_email")
	}
	local = strings.ToLower(norm.NFKC.String(local))
	key = local + "@" + strings.ToLower(ascii)
	if len(key) > maxEmail || !localPart(local) { // a wide ＠ folds to the real one, a lone ¸ to a space with a mark
		return "", "", fault.In("email", "user.bad_email")
	}
	return shown, key, nil
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// localPart takes dot-atoms of RFC 5322 with the letters of RFC 6531; quoted local parts nobody uses are refused.
func localPart(s string) bool {
	if s == "" || len(s) > 64 || !utf8.ValidString(s) || s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	for _, r := range s {
		switch {
		case r == utf8.RuneError, unicode.IsSpace(r), unicode.IsControl(r), !unicode.IsPrint(r), unicode.Is(unicode.Cf, r):
			return false
		case r < utf8.RuneSelf && strings.ContainsRune(`"(),:;<>@[\]`, r):
			return false
		}
	}
	return true
}
