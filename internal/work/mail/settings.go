package mail

import (
	"context"
	"net/mail"
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// How the way to the mail server is secured.
const (
	StartTLS = "starttls" // demanded: a server that can't is refused
	TLS      = "tls"      // from the first byte
	Plain    = "none"     // not at all; only without a password
)

// Settings say by which server letters leave. Password is never shown and never logged.
type Settings struct {
	Active   bool   `json:"active"`
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Security string `json:"security"`
	User     string `json:"user"`
	Password string `json:"password"`
	From     string `json:"from"`
	FromName string `json:"from_name"`
	// Address is how the portal is reached, for links in letters: https://crm.example.com.
	Address string `json:"address"`
}

// Patch is what shall change; nil leaves as it is.
type Patch struct {
	Active                                                  *bool
	Host, Security, User, Password, From, FromName, Address *string
	Port                                                    *int
}

func (p Patch) apply(s Settings) Settings {
	set := func(to *string, from *string) {
		if from != nil {
			*to = strings.TrimSpace(*from)
		}
	}
	set(&s.Host, p.Host)
	set(&s.Security, p.Security)
	set(&s.User, p.User)
	set(&s.From, p.From)
	set(&s.FromName, p.FromName)
	set(&s.Address, p.Address)
	if p.Password != nil {
		s.Password = *p.Password
	}
	if p.Port != nil {
		s.Port = *p.Port
	}
	if p.Active != nil {
		s.Active = *p.Active
	}
	return s
}

const maxText = 250

// check says what is wrong. Settings that are switched off may be incomplete.
func (s Settings) check() error {
	var wrong *fault.Error
	if s.Security != StartTLS && s.Security != TLS && s.Security != Plain {
		wrong = wrong.With("security", "mail.bad_security")
	}
	if s.Port < 1 || s.Port > 65535 {
		wrong = wrong.With("port", "mail.bad_port")
	}
	if s.Host == "" && s.Active || s.Host != "" && !hostname(s.Host) {
		wrong = wrong.With("host", "mail.bad_host")
	}
	if s.From == "" && s.Active || s.From != "" && !address(s.From) {
		wrong = wrong.With("from", "mail.bad_from")
	}
	if s.Security == Plain && s.Password != "" {
		wrong = wrong.With("security", "mail.plain_password")
	}
	for path, text := range map[string]string{"user": s.User, "password": s.Password, "from_name": s.FromName} {
		if len(text) > maxText || strings.ContainsAny(text, "\r\n\x00") {
			wrong = wrong.With(path, "mail.bad_line")
		}
	}
	if u, err := url.Parse(s.Address); s.Address != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || strings.Trim(u.Path, "/") != "") {
		wrong = wrong.With("address", "mail.bad_address")
	}
	return wrong.OrNil()
}

func hostname(s string) bool {
	ascii, err := idna.Lookup.ToASCII(strings.Trim(s, "[]"))
	return len(s) <= maxText && !strings.ContainsAny(s, " /@") && (err == nil && ascii != "" || strings.Contains(s, ":"))
}

// address tells whether s is one address and nothing else.
func address(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && a.Name == "" && len(s) <= maxText
}

// Settings are the present ones.
func (s *Service) Settings(ctx context.Context) (Settings, error) { return s.Store.MailSettings(ctx) }

// Change applies a patch. Whoever points the portal at another server or another user must give the password anew, so that
// nobody gets to know it by having it sent to a server of his own. By which server letters leave and where their links lead is for
// administrators: links to new passwords go that way, those of administrators too.
func (s *Service) Change(ctx context.Context, who access.Who, p Patch) (after Settings, err error) {
	if err := who.Must(access.Mail); err != nil {
		return Settings{}, err
	}
	return after, s.Tx.Do(ctx, func(t tx.Tx) error {
		before, err := s.Store.MailSettingsIn(t)
		if err != nil {
			return err
		}
		after = p.apply(before)
		if before.way() != after.way() && !who.IsAdmin() {
			return fault.New(fault.Forbidden, "rights.admins_only")
		}
		moved := after.Host != before.Host || after.User != before.User || after.Port != before.Port
		if p.Password == nil && (moved || after.Security == Plain) {
			after.Password = ""
		}
		if err := after.check(); err != nil {
			return err
		}
		return s.Store.SaveMailSettings(t, after)
	})
}

// way is what of the settings says where letters and their links go.
func (s Settings) way() Settings {
	return Settings{Host: s.Host, Port: s.Port, Security: s.Security, User: s.User, Password: s.Password, Address: s.Address}
}

// Defaults hold until somebody sets mail up.
func Defaults() Settings { return Settings{Port: 587, Security: StartTLS} }
