package mail

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
)

// thanks begins the source of every letter of thanks.
const thanks = "thanks/"

// perDay is how many letters of thanks one address gets a day: a form is open to everybody, and so to people who write
// somebody else's address into it.
const perDay = 3

// Template is the letter to clients who came by a form or key.
type Template struct {
	KeyID     int64
	Active    bool
	SubjectRU string
	BodyRU    string
	SubjectEN string
	BodyEN    string
}

// Came is what a client's letter is about.
type Came struct {
	RequestID int64
	KeyID     int64
	Lang      string // of the form; "" the visitor's
	Email     string // the first address in the request, "" none
	Name      string
	Record    ref.Ref
	ManagerID int64 // who answers for the record
}

// Placeholders are what a template may say, each in braces, with a word to fall back on after a bar: {client.name|друг}.
var Placeholders = []string{"client.name", "company", "manager.name", "manager.phone", "manager.email", "request.number"}

// Limits of a template in bytes.
const (
	maxSubject = 300
	maxBody    = 20_000
)

// Fill puts values into a text. Words in braces that are no placeholder stay as they are.
func Fill(text string, values map[string]string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		inside, after, closed := strings.Cut(rest, "}")
		name, fallback, _ := strings.Cut(inside, "|")
		if !closed || !slices.Contains(Placeholders, strings.TrimSpace(name)) {
			b.WriteByte('{')
			text = rest
			continue
		}
		if v := values[strings.TrimSpace(name)]; v != "" {
			b.WriteString(v)
		} else {
			b.WriteString(strings.TrimSpace(fallback))
		}
		text = after
	}
}

// unknown are the words in braces of a text that mean nothing.
func unknown(text string) []string {
	var names []string
	for {
		_, rest, found := strings.Cut(text, "{")
		if !found {
			return names
		}
		inside, after, closed := strings.Cut(rest, "}")
		if !closed {
			return names
		}
		name, _, _ := strings.Cut(inside, "|")
		if name = strings.TrimSpace(name); !slices.Contains(Placeholders, name) {
			names = append(names, name)
		}
		text = after
	}
}

func (x Template) check() error {
	var wrong *fault.Error
	for _, part := range []struct {
		path, text string
		max        int
	}{{"subject_ru", x.SubjectRU, maxSubject}, {"body_ru", x.BodyRU, maxBody}, {"subject_en", x.SubjectEN, maxSubject}, {"body_en", x.BodyEN, maxBody}} {
		if len(part.text) > part.max {
			wrong = wrong.With(part.path, "flow.too_long", fault.Args{"max": part.max})
		}
		if bad := unknown(part.text); len(bad) > 0 {
			wrong = wrong.With(part.path, "mail.unknown_placeholder", fault.Args{"name": bad[0]})
		}
	}
	for _, pair := range [][3]string{{"ru", x.SubjectRU, x.BodyRU}, {"en", x.SubjectEN, x.BodyEN}} {
		if (strings.TrimSpace(pair[1]) == "") != (strings.TrimSpace(pair[2]) == "") {
			wrong = wrong.With("subject_"+pair[0], "mail.half_template")
		}
	}
	if x.Active && strings.TrimSpace(x.BodyRU+x.BodyEN) == "" {
		wrong = wrong.With("body_ru", "mail.no_template")
	}
	return wrong.OrNil()
}

// in gives the texts of a language, or of the other one when there are none.
func (x Template) in(lang string) (used, subject, body string) {
	ru, en := strings.TrimSpace(x.BodyRU) != "", strings.TrimSpace(x.BodyEN) != ""
	if lang == "en" && en || !ru {
		return "en", x.SubjectEN, x.BodyEN
	}
	return "ru", x.SubjectRU, x.BodyRU
}

// Template is the letter of a key; one that was never written is empty and off.
func (s *Service) Template(ctx context.Context, keyID int64) (Template, error) {
	return s.Store.Template(ctx, keyID)
}

// SaveTemplate writes the letter of a key.
func (s *Service) SaveTemplate(ctx context.Context, who access.Who, x Template) error {
	if err := who.Must(access.Mail); err != nil {
		return err
	}
	if err := x.check(); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error { return s.Store.SaveTemplate(t, x) })
}

// Thank writes the letters to the clients whose requests have come in, once per request, if its key has one.
func (s *Service) Thank(t tx.Tx, requestIDs []int64) error {
	if len(requestIDs) == 0 {
		return nil
	}
	came, err := s.Store.Came(t, requestIDs)
	if err != nil {
		return err
	}
	for _, c := range came {
		if c.Email == "" {
			continue
		}
		if err := s.thank(t, c); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) thank(t tx.Tx, c Came) error {
	x, err := s.Store.TemplateIn(t, c.KeyID)
	if err != nil || !x.Active {
		return err
	}
	if n, err := s.Store.LettersTo(t, c.Email, thanks, t.Now().Add(-24*time.Hour)); err != nil || n >= perDay {
		return err
	}
	values, lang, err := s.values(t, c)
	if err != nil {
		return err
	}
	used, subject, body := x.in(lang)
	_, err = s.Put(t, Letter{
		Source: fmt.Sprintf("%s%d", thanks, c.RequestID), To: c.Email, ToName: c.Name, Lang: used, Subject: Fill(subject, values), Body: Fill(body, values),
	})
	return err
}

func (s *Service) values(t tx.Tx, c Came) (values map[string]string, lang string, err error) {
	org, err := s.Org.In(t)
	if err != nil {
		return nil, "", err
	}
	values, lang = about(org, c)
	return values, lang, nil
}

func about(org *directory.Directory, c Came) (values map[string]string, lang string) {
	lang = c.Lang
	if lang == "" {
		lang = org.Portal.Lang
	}
	values = map[string]string{"client.name": line(c.Name), "company": org.Portal.Company, "request.number": fmt.Sprint(c.RequestID)}
	if u := org.User(c.ManagerID); u != nil {
		values["manager.name"], values["manager.phone"], values["manager.email"] = u.Name, u.Phone, u.Email
	}
	return values, lang
}

// Preview is a template as a made-up client would get it. It may be unfinished.
func (s *Service) Preview(ctx context.Context, who access.Who, lang, subject, body string) (string, string, error) {
	if err := who.Must(access.Mail); err != nil {
		return "", "", err
	}
	org, err := s.Org.Last(ctx)
	if err != nil {
		return "", "", err
	}
	values, _ := about(org, Came{RequestID: 1024, Lang: lang, Name: s.Say(lang, "mail.example.client", nil), ManagerID: who.UserID})
	return line(Fill(subject, values)), Fill(body, values), nil
}
