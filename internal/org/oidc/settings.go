package oidc

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// Settings are stored as JSON in setting "oidc".
type Settings struct {
	Active   bool   `json:"active"`
	Issuer   string `json:"issuer"`
	ClientID string `json:"client_id"`
	Secret   string `json:"secret"`
	Title    string `json:"title"` // of the button
	// Create makes people who don't exist yet, with Role, if the domain of their address is among Domains.
	Create  bool        `json:"create"`
	Role    access.Role `json:"role"`
	Domains []string    `json:"domains"`
	// Key seals attempts; made once, never shown.
	Key string `json:"key"`
}

// Patch is what shall change; nil leaves as it is. With another issuer or client the secret must be given anew, so that it
// can't be sent somewhere else by whoever may only change where to.
type Patch struct {
	Active, Create                  *bool
	Issuer, ClientID, Secret, Title *string
	Role                            *access.Role
	Domains                         *[]string
}

// Limits of the settings.
const (
	maxText    = 500
	maxTitle   = 60
	maxDomains = 50
)

// Settings are those in force.
func (s *Service) Settings(ctx context.Context) (Settings, error) { return s.Store.OIDC(ctx) }

// Change applies a patch. Switched on, the provider must answer.
func (s *Service) Change(ctx context.Context, who access.Who, p Patch) (Settings, error) {
	if !who.IsAdmin() {
		return Settings{}, fault.New(fault.Forbidden, "org.admin_only")
	}
	before, err := s.Store.OIDC(ctx)
	if err != nil {
		return Settings{}, err
	}
	wanted, err := p.apply(before)
	if err != nil {
		return Settings{}, err
	}
	if wanted.Active {
		if err := s.Provider.Check(ctx, wanted); err != nil {
			return Settings{}, &fault.Error{
				Code: fault.Invalid, Key: "invalid", Err: err,
				Fields: []fault.Field{{Path: "issuer", Key: "oidc.no_provider", Args: fault.Args{"detail": detail(err)}}},
			}
		}
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails since Go 1.24
	return wanted, s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.LockOrg(t); err != nil {
			return err
		}
		now, err := s.Store.OIDCIn(t)
		if err != nil {
			return err
		}
		if now.Issuer != before.Issuer || now.ClientID != before.ClientID { // the secret belongs to the others
			return fault.New(fault.Conflict, "oidc.changed_meanwhile")
		}
		if wanted.Key = now.Key; wanted.Key == "" {
			wanted.Key = base64.RawStdEncoding.EncodeToString(key)
		}
		return s.Store.SaveOIDC(t, wanted)
	})
}

// detail is what went wrong on one line.
func detail(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if r := []rune(text); len(r) > 200 {
		text = string(r[:200]) + "…"
	}
	return text
}

func (p Patch) apply(s Settings) (Settings, error) {
	text := func(to *string, from *string) {
		if from != nil {
			*to = strings.TrimSpace(*from)
		}
	}
	where := s.Issuer + "\x00" + s.ClientID
	text(&s.Issuer, p.Issuer)
	text(&s.ClientID, p.ClientID)
	text(&s.Title, p.Title)
	if where != s.Issuer+"\x00"+s.ClientID {
		s.Secret = ""
	}
	text(&s.Secret, p.Secret)
	if p.Active != nil {
		s.Active = *p.Active
	}
	if p.Create != nil {
		s.Create = *p.Create
	}
	if p.Role != nil {
		s.Role = *p.Role
	}
	if p.Domains != nil {
		s.Domains = *p.Domains
	}
	return s.clean()
}

// clean brings the settings into shape and says what is wrong with them. What isn't switched on may have gaps.
func (s Settings) clean() (Settings, error) {
	var wrong *fault.Error
	for path, text := range map[string]string{"issuer": s.Issuer, "client_id": s.ClientID, "secret": s.Secret} {
		if utf8.RuneCountInString(text) > maxText {
			wrong = wrong.With(path, "user.too_long", fault.Args{"max": maxText})
		}
		if text == "" && s.Active {
			wrong = wrong.With(path, "required")
		}
	}
	if utf8.RuneCountInString(s.Title) > maxTitle {
		wrong = wrong.With("title", "user.too_long", fault.Args{"max": maxTitle})
	}
	if s.Issuer != "" {
		if _, err := IssuerURL(s.Issuer); err != nil {
			wrong = wrong.With("issuer", "oidc.bad_issuer")
		}
	}
	if !s.Role.Valid() || s.Role == access.Admin { // whoever makes administrators is one of them
		wrong = wrong.With("role", "oidc.bad_role")
	}
	if len(s.Domains) > maxDomains {
		wrong = wrong.With("domains", "oidc.too_many_domains", fault.Args{"max": maxDomains})
	}
	domains := []string{}
	for _, text := range s.Domains {
		d, err := domain(text)
		if err != nil {
			wrong = wrong.With("domains", "oidc.bad_domain", fault.Args{"domain": text})
		} else if !slices.Contains(domains, d) {
			domains = append(domains, d)
		}
	}
	if s.Domains = domains; s.Active && s.Create && len(domains) == 0 {
		wrong = wrong.With("domains", "oidc.domains_missing")
	}
	return s, wrong.OrNil()
}

func domain(text string) (string, error) {
	d, err := idna.Lookup.ToASCII(strings.ToLower(strings.TrimPrefix(strings.TrimSpace(text), "@")))
	if err == nil && (!strings.Contains(d, ".") || strings.HasPrefix(d, ".") || strings.HasSuffix(d, ".") || strings.ContainsAny(d, "/@ ")) {
		err = fault.In("domains", "oidc.bad_domain")
	}
	return d, err
}

// allows tells whether people with an address of the key's domain are made.
func (s Settings) allows(emailKey string) bool {
	_, d, ok := strings.Cut(emailKey, "@")
	return ok && s.Create && slices.Contains(s.Domains, d)
}

// IssuerURL reads the address of a provider: https, except on this machine.
func IssuerURL(issuer string) (*url.URL, error) {
	u, err := url.Parse(issuer)
	if err != nil {
		return nil, err
	}
	if u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && !(u.Scheme == "http" && here(u.Hostname())) {
		return nil, fault.In("issuer", "oidc.bad_issuer")
	}
	return u, nil
}

// here tells whether a name is this machine's own, where nobody listens on the way.
func here(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
