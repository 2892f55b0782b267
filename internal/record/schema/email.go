package schema

import (
	"net/mail"
	"strings"
	"unicode"
)

// MaxEmail is how long an e-mail address may be (RFC 5321).
const MaxEmail = 254

// NormalEmail brings an address to the form it is matched in: lower case, domain in punycode, "+tag" of the mailbox
// dropped. value is the address as it is kept and written to: without a name and spaces, domain in lower case.
func NormalEmail(raw string) (value, normal string, ok bool) {
	s := strings.TrimSpace(raw)
	if strings.ContainsAny(s, "<>") {
		a, err := mail.ParseAddress(s)
		if err != nil {
			return "", "", false
		}
		s = a.Address
	}
	s = strings.TrimPrefix(s, "mailto:")
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at == len(s)-1 || len(s) > MaxEmail {
		return "", "", false
	}
	box, domain := s[:at], strings.TrimSuffix(strings.ToLower(s[at+1:]), ".")
	ascii, err := domainASCII(domain)
	if err != nil || !goodDomain(ascii) || !goodBox(box) {
		return "", "", false
	}
	normal = strings.ToLower(box)
	if plus := strings.IndexByte(normal, '+'); plus > 0 {
		normal = normal[:plus]
	}
	return box + "@" + domain, normal + "@" + ascii, true
}

// foldEmail is how a part of an address a person types is matched.
func foldEmail(s string) string {
	if _, normal, ok := NormalEmail(s); ok {
		return normal
	}
	return strings.ToLower(strings.TrimSpace(s))
}

func domainASCII(domain string) (string, error) {
	for i := range len(domain) {
		if domain[i] >= 0x80 {
			return toASCII(domain)
		}
	}
	return domain, nil
}

func goodBox(s string) bool {
	if len(s) > 64 || s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	for _, r := range s {
		if r <= ' ' || r == 0x7f || r == unicode.ReplacementChar || strings.ContainsRune(`"(),:;<>@[\]`, r) || unicode.IsSpace(r) || unicode.IsControl(r) {
			return false
		}
	}
	return true
}

func goodDomain(s string) bool {
	labels := strings.Split(s, ".")
	if len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for _, c := range []byte(l) {
			if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-') {
				return false
			}
		}
	}
	last := labels[len(labels)-1]
	return len(last) >= 2 && strings.Trim(last, "0123456789") != ""
}
