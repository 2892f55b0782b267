package smtp_test

import (
	"errors"
	"io"
	"mime/quotedprintable"
	"net"
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/smtp"
	"voronka/internal/adapter/smtp/smtptest"
	"voronka/internal/kernel/clock"
	"voronka/internal/work/mail"
)

func settings(port int) mail.Settings {
	return mail.Settings{Active: true, Host: "127.0.0.1", Port: port, Security: mail.StartTLS, From: "crm@example.com", FromName: "Пожтехснаб", User: "crm", Password: "secret"}
}

func letter() mail.Letter {
	return mail.Letter{
		MessageID: "abc.voronka@example.com", To: "ivan@example.org", ToName: "Иван Петров", Lang: "ru", Subject: "Спасибо за обращение № 5",
		Body: "Здравствуйте!\n\n.точка в начале строки\nконец", CreatedAt: clock.Of(time.Date(2026, 11, 19, 9, 0, 0, 0, time.UTC)),
	}
}

func problem(t *testing.T, err error) *mail.Problem {
	t.Helper()
	var p *mail.Problem
	if !errors.As(err, &p) {
		t.Fatalf("%v is no problem of mail", err)
	}
	return p
}

func TestSend(t *testing.T) {
	c := smtptest.NewCertificate(t, "")
	for name, o := range map[string]smtptest.Options{
		mail.StartTLS: {Certificate: &c, User: "crm", Password: "secret"},
		mail.TLS:      {Certificate: &c, Implicit: true, User: "crm", Password: "secret"},
		mail.Plain:    {},
	} {
		t.Run(name, func(t *testing.T) {
			server := smtptest.Start(t, o)
			s := settings(server.Port)
			s.Security = name
			if err := (smtp.Sender{Roots: c.Roots}).Send(t.Context(), s, letter()); err != nil {
				t.Fatal(err)
			}
			got := server.Got()
			if len(got) != 1 || got[0].To != "ivan@example.org" || got[0].ID != "<abc.voronka@example.com>" {
				t.Fatalf("%+v", got)
			}
			body, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(got[0].Body)))
			if err != nil || strings.ReplaceAll(strings.TrimSpace(string(body)), "\r\n", "\n") != letter().Body {
				t.Errorf("%q %v", body, err)
			}
			h := got[0].Text.Header
			if h.Get("Auto-Submitted") != "auto-generated" || h.Get("Date") == "" || !strings.Contains(h.Get("From"), "<crm@example.com>") {
				t.Errorf("%v", h)
			}
		})
	}
}

// A subject can't become a header of its own, whoever wrote it.
func TestNoHeaderIsSmuggledIn(t *testing.T) {
	c := smtptest.NewCertificate(t, "")
	server := smtptest.Start(t, smtptest.Options{Certificate: &c, User: "crm", Password: "secret"})
	l := letter()
	l.Subject, l.ToName = "Hello\r\nBcc: all@example.net", "Ivan\r\nX-Evil: yes"
	if err := (smtp.Sender{Roots: c.Roots}).Send(t.Context(), settings(server.Port), l); err != nil {
		return // refused is as good
	}
	for _, got := range server.Got() {
		if got.Text.Header.Get("Bcc") != "" || got.Text.Header.Get("X-Evil") != "" {
			t.Errorf("%v", got.Text.Header)
		}
	}
}

func TestNothingGoesUnprotected(t *testing.T) {
	ours := smtptest.NewCertificate(t, "")
	strange := smtptest.NewCertificate(t, "")
	named := smtptest.NewCertificate(t, "mail.example.com")
	for name, o := range map[string]smtptest.Options{
		"a certificate nobody vouches for":  {Certificate: &strange, User: "crm", Password: "secret"},
		"a certificate for another name":    {Certificate: &named, User: "crm", Password: "secret"},
		"the same from the first byte on":   {Certificate: &strange, Implicit: true, User: "crm", Password: "secret"},
		"a server without STARTTLS":         {},
		"TLS wanted of a server without it": {},
	} {
		t.Run(name, func(t *testing.T) {
			server := smtptest.Start(t, o)
			s := settings(server.Port)
			if o.Implicit || strings.HasPrefix(name, "TLS wanted") {
				s.Security = mail.TLS
			}
			roots := ours.Roots
			if o.Certificate == &named {
				roots = named.Roots
			}
			p := problem(t, (smtp.Sender{Roots: roots}).Send(t.Context(), s, letter()))
			if p.Reason != "tls" || p.Permanent || len(server.Got()) != 0 {
				t.Errorf("%v, %d letters", p, len(server.Got()))
			}
		})
	}
}

func TestWhatGoesWrong(t *testing.T) {
	c := smtptest.NewCertificate(t, "")
	server := smtptest.Start(t, smtptest.Options{Certificate: &c, User: "crm", Password: "secret"})
	sender := smtp.Sender{Roots: c.Roots}
	for _, test := range []struct {
		command   string
		code      int
		reason    string
		permanent bool
	}{
		{"mail", 550, "refused", false},
		{"mail", 451, "refused", false},
		{"rcpt", 550, "recipient", true},
		{"rcpt", 450, "refused", false},
		{"data", 552, "refused", true},
		{"data", 451, "refused", false},
	} {
		server.Refuse(test.command, test.code)
		p := problem(t, sender.Send(t.Context(), settings(server.Port), letter()))
		if p.Reason != test.reason || p.Permanent != test.permanent {
			t.Errorf("%s answered with %d: %s, permanent %v: %v", test.command, test.code, p.Reason, p.Permanent, p.Err)
		}
		server.Refuse(test.command, 0)
	}
	s := settings(server.Port)
	s.Password = "wrong"
	if p := problem(t, sender.Send(t.Context(), s, letter())); p.Reason != "auth" || p.Permanent || strings.Contains(p.Error(), "wrong name or password secret") {
		t.Errorf("%v", p)
	}
	if len(server.Got()) != 0 {
		t.Errorf("%d letters were taken", len(server.Got()))
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	if p := problem(t, sender.Send(t.Context(), settings(port), letter())); p.Reason != "connect" || p.Permanent {
		t.Errorf("%v", p)
	}
}

// A real mail server: STARTTLS with its certificate checked, a password, a refused recipient, a letter in the folder.
func TestRealServer(t *testing.T) {
	c := smtptest.NewCertificate(t, "")
	real := smtptest.StartReal(t, c)
	sender := smtp.Sender{Roots: c.Roots}
	if err := sender.Send(t.Context(), settings(real.Port), letter()); err != nil {
		t.Fatalf("%v\n%s", err, real.Log())
	}
	var letters []string
	for end := time.Now().Add(10 * time.Second); len(letters) == 0; letters = real.Letters() {
		if time.Now().After(end) {
			t.Fatalf("nothing was delivered\n%s", real.Log())
		}
		time.Sleep(50 * time.Millisecond)
	}
	if len(letters) != 1 || !strings.Contains(letters[0], "Message-ID: <abc.voronka@example.com>") || !strings.Contains(letters[0], "ivan@example.org") || !strings.Contains(letters[0], "esmtpsa") {
		t.Errorf("%q", letters)
	}
	if p := problem(t, smtp.Sender{}.Send(t.Context(), settings(real.Port), letter())); p.Reason != "tls" {
		t.Errorf("a certificate the system doesn't know: %v", p)
	}
	wrong := settings(real.Port)
	wrong.Password = "nonsense"
	if p := problem(t, sender.Send(t.Context(), wrong, letter())); p.Reason != "auth" {
		t.Errorf("%v", p)
	}
	l := letter()
	l.To = "nobody@refused.test"
	if p := problem(t, sender.Send(t.Context(), settings(real.Port), l)); p.Reason != "recipient" || !p.Permanent {
		t.Errorf("%v", p)
	}
}
