package app_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/smtp"
	"voronka/internal/adapter/smtp/smtptest"
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/app"
	"voronka/internal/work/mail"
	"voronka/internal/work/notify"
)

// post is a desk with a mail server of the test.
func post(t *testing.T, postgres bool) (*desk, smtptest.Options, *smtptest.Server) {
	t.Helper()
	c := smtptest.NewCertificate(t, "")
	o := smtptest.Options{Certificate: &c, User: "crm", Password: "secret"}
	server := smtptest.Start(t, o)
	o.Port = server.Port
	d := newDesk(t, postgres, "en", app.WithSender(smtp.Sender{Roots: c.Roots}))
	d.Must("PATCH", "/api/mail-settings", map[string]any{
		"active": true, "host": "127.0.0.1", "port": server.Port, "security": "starttls", "user": "crm", "password": "secret", "from": "crm@example.com",
		"address": "https://crm.example.com",
	}, nil)
	return d, o, server
}

func (d *desk) thank() {
	d.Helper()
	d.Must("PUT", "/api/intake-keys/"+jsonNumber(d.keyID)+"/letter", map[string]any{
		"active": true, "subject_ru": "Спасибо, {client.name}", "body_ru": "{company}: № {request.number}. {manager.name|Мы} свяжется с вами. {client.name|друг}",
		"subject_en": "", "body_en": "",
	}, nil)
}

func jsonNumber(n int64) string { b, _ := json.Marshal(n); return string(b) }

func (d *desk) mails() (all []string) {
	d.Helper()
	if err := d.DB.Read(d.Context(), func(q db.Q) error {
		all = nil
		return q.Query("SELECT state || ' ' || source || ' ' || to_address FROM mail ORDER BY id", nil, func(r db.Row) error {
			all = append(all, r.Text(0))
			return nil
		})
	}); err != nil {
		d.Fatal(err)
	}
	return all
}

// The server is down for ten minutes while requests come in: every client gets his letter once, under the Message-ID it was
// given at first, and the administrator hears that letters wait.
func TestLettersOutliveTheirServer(t *testing.T) {
	eachDatabase(t, func(t *testing.T, postgres bool) {
		d, o, server := post(t, postgres)
		d.thank()
		d.request(1)
		d.until(func() bool { return len(server.Got()) == 1 }, "the first letter")
		first := server.Got()[0]
		if first.To != "c1@example.org" || !strings.Contains(first.Body, "Example: =E2=84=96 1. Anna") {
			t.Errorf("%+v", first)
		}
		server.Stop()
		for n := 2; n <= 5; n++ {
			d.request(n)
		}
		d.until(func() bool { return len(d.mails()) == 5 }, "the letters are written")
		for minute := range 10 {
			d.clock.Advance(time.Minute)
			time.Sleep(50 * time.Millisecond)
			if minute == 5 { // what happened meanwhile isn't written twice
				d.request(6)
			}
		}
		d.until(func() bool {
			list, _ := d.told(d.Token)
			for _, n := range list {
				if n.Kind == notify.Trouble {
					return n.Title == "Letters can’t be sent"
				}
			}
			d.clock.Advance(time.Minute)
			return false
		}, "the administrator hears of it")
		back := smtptest.Start(t, o)
		d.until(func() bool { d.clock.Advance(10 * time.Minute); return len(back.Got()) >= 5 }, "all letters: %v", d.mails())
		// What nobody takes meanwhile is told the head by letters of their own: those still on their way arrive, too.
		d.until(func() bool {
			list := d.mails()
			if !strings.Contains(strings.Join(list, "\n"), mail.Waiting) && len(back.Got())+1 >= len(list) {
				return true
			}
			d.clock.Advance(time.Minute)
			return false
		}, "no letter is on its way")
		seen := map[string]bool{first.ID: true}
		for _, got := range back.Got() {
			if seen[got.ID] {
				t.Errorf("%s came twice", got.ID)
			}
			seen[got.ID] = true
		}
		thanks := strings.Count(strings.Join(d.mails(), "\n"), "sent thanks/") // the others tell the head what nobody took
		if thanks != 6 || len(seen) != len(d.mails()) || strings.Contains(strings.Join(d.mails(), "\n"), mail.Waiting) {
			t.Errorf("%d letters, %v", len(seen), d.mails())
		}
		var s struct{ Queue struct{ Waiting, Failed int } }
		d.Must("GET", "/api/mail-settings", nil, &s)
		if s.Queue.Waiting+s.Queue.Failed != 0 {
			t.Errorf("%+v", s)
		}
	})
}

// A letter goes once for a request, never for the same one again, never more than a few a day to one address.
func TestThanks(t *testing.T) {
	d, _, server := post(t, false)
	d.thank()
	body := map[string]any{"name": "Ivan", "email": "Ivan@Example.org", "phone": "+79215550142"}
	send := func(key string) {
		header := []string{"Authorization", ""}
		if key != "" {
			header = append(header, "Idempotency-Key", key)
		}
		d.Must("POST", "/api/intake/"+d.key, body, nil, header...)
	}
	send("once")
	send("once")
	d.until(func() bool { return len(server.Got()) == 1 }, "the letter")
	for range 5 {
		send("")
	}
	time.Sleep(500 * time.Millisecond)
	if got := d.mails(); len(got) != 3 {
		t.Errorf("%v", got)
	}
	d.Must("POST", "/api/intake/"+d.key, map[string]any{"name": "Without", "phone": "+79215550143"}, nil, "Authorization", "")
	time.Sleep(300 * time.Millisecond)
	if got := d.mails(); len(got) != 3 {
		t.Errorf("%v", got)
	}
}

func TestRefusedRecipientsFailAtOnce(t *testing.T) {
	d, _, server := post(t, false)
	d.thank()
	server.Refuse("rcpt", 550)
	d.request(1)
	d.until(func() bool { got := d.mails(); return len(got) == 1 && strings.HasPrefix(got[0], mail.Failed) }, "it failed")
}

func TestMailSettings(t *testing.T) {
	d, _, server := post(t, false)
	var out map[string]any
	d.Must("GET", "/api/mail-settings", nil, &out)
	if b, _ := json.Marshal(out); strings.Contains(string(b), "secret") || out["has_password"] != true {
		t.Errorf("%s", b)
	}
	d.Must("POST", "/api/mail-settings/test", map[string]any{"to": "me@example.org"}, nil)
	if got := server.Got(); len(got) != 1 || got[0].To != "me@example.org" {
		t.Errorf("%+v", got)
	}
	server.Refuse("data", 552)
	if status, body := d.Call("POST", "/api/mail-settings/test", map[string]any{"to": "me@example.org"}); status != http.StatusServiceUnavailable || !strings.Contains(string(body), "mail.problem.refused") {
		t.Errorf("%d %s", status, body)
	}
	for name, bad := range map[string]map[string]any{
		"port": {"port": 0}, "host": {"host": "a b"}, "from": {"from": "a@b.c, d@e.f"}, "security": {"security": "none", "password": "x"},
		"address": {"address": "javascript:alert(1)"}, "from_name": {"from_name": "a\r\nBcc: b@c.d"},
	} {
		if status, body := d.Call("PATCH", "/api/mail-settings", bad); status != http.StatusUnprocessableEntity && status != http.StatusBadRequest || !strings.Contains(string(body), `"`+name+`"`) {
			t.Errorf("%v: %d %s", bad, status, body)
		}
	}
	// Pointed at another server, the password isn't sent there.
	d.Must("PATCH", "/api/mail-settings", map[string]any{"host": "mail.example.net"}, &out)
	if out["has_password"] != false {
		t.Errorf("%v", out)
	}
	if status, _ := d.Call("GET", "/api/mail-settings", nil, bearer(d.annas)...); status != http.StatusForbidden {
		t.Errorf("a manager reads them: %d", status)
	}
	// Who runs the mail says in whose name it is sent, not by which server: links to an administrator's new password go that way.
	d.Must("POST", "/api/roles", map[string]any{"title": "Post", "areas": []string{"mail"}, "holders": []map[string]any{{"kind": "user", "id": d.anna.ID}}}, nil)
	d.Must("PATCH", "/api/mail-settings", map[string]any{"from_name": "Sales", "host": "mail.example.net"}, nil, bearer(d.annas)...)
	for _, way := range []map[string]any{{"host": "evil.example.net"}, {"port": 2525}, {"user": "eve"}, {"security": "plain"}, {"address": "https://evil.example.net"}} {
		if status, body := d.Call("PATCH", "/api/mail-settings", way, bearer(d.annas)...); status != http.StatusForbidden {
			t.Errorf("%v: %d %s", way, status, body)
		}
	}
	if status, body := d.Call("PUT", "/api/intake-keys/"+jsonNumber(d.keyID)+"/letter", map[string]any{
		"active": true, "subject_ru": "a", "body_ru": "{client.passport}", "subject_en": "", "body_en": "",
	}); status < 400 || !strings.Contains(string(body), "client.passport") {
		t.Errorf("%d %s", status, body)
	}
}
