package schema

import "golang.org/x/net/idna"

// toASCII writes a domain in punycode: «почта.рф» is xn--80a1acny.xn--p1ai.
func toASCII(domain string) (string, error) { return idna.Lookup.ToASCII(domain) }
