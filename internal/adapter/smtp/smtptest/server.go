package smtptest

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/mail"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
)

// Server is a mail server inside the test.
type Server struct {
	Port int

	mu     sync.Mutex
	got    []Got
	refuse map[string]error // by command: mail, rcpt, data
	server *gosmtp.Server
}

// Got is a letter the server took.
type Got struct {
	To   string
	ID   string
	Text *mail.Message
	Body string
}

// Options say how the server is.
type Options struct {
	Certificate *Certificate // nil: it has no TLS at all
	Implicit    bool         // TLS from the first byte
	User        string       // who may send; "" everybody
	Password    string
	Port        int // 0: any
}

// Start starts a server that ends with the test.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	s := &Server{refuse: map[string]error{}}
	s.server = gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return &session{s: s, o: o}, nil }))
	s.server.Domain = "mail.test"
	s.server.AllowInsecureAuth = false
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: o.Port})
	if err != nil {
		t.Fatal(err)
	}
	s.Port = listener.Addr().(*net.TCPAddr).Port
	var l net.Listener = listener
	if o.Certificate != nil {
		s.server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{o.Certificate.TLS}, MinVersion: tls.VersionTLS12}
		if o.Implicit {
			l = tls.NewListener(listener, s.server.TLSConfig)
		}
	}
	go func() { _ = s.server.Serve(l) }()
	t.Cleanup(s.Stop)
	return s
}

// Stop ends the server at once.
func (s *Server) Stop() { _ = s.server.Close() }

// Got are the letters it took.
func (s *Server) Got() []Got {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Got(nil), s.got...)
}

// Refuse makes a command (mail, rcpt, data) be answered with a code; 0 ends that.
func (s *Server) Refuse(command string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.refuse, command)
	if code != 0 {
		s.refuse[command] = &gosmtp.SMTPError{Code: code, EnhancedCode: gosmtp.EnhancedCode{code / 100, 1, 1}, Message: "not today"}
	}
}

func (s *Server) refused(command string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refuse[command]
}

type session struct {
	s  *Server
	o  Options
	to string
	in bool
}

// AuthMechanisms implements smtp.AuthSession.
func (x *session) AuthMechanisms() []string {
	if x.o.User == "" {
		return nil
	}
	return []string{sasl.Plain}
}

// Auth implements smtp.AuthSession.
func (x *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != x.o.User || password != x.o.Password {
			return errors.New("wrong name or password")
		}
		x.in = true
		return nil
	}), nil
}

// Mail implements smtp.Session.
func (x *session) Mail(string, *gosmtp.MailOptions) error {
	if x.o.User != "" && !x.in {
		return gosmtp.ErrAuthRequired
	}
	return x.s.refused("mail")
}

// Rcpt implements smtp.Session.
func (x *session) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	x.to = to
	return x.s.refused("rcpt")
}

// Data implements smtp.Session.
func (x *session) Data(r io.Reader) error {
	if err := x.s.refused("data"); err != nil {
		return err
	}
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return err
	}
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	x.s.got = append(x.s.got, Got{To: x.to, ID: m.Header.Get("Message-Id"), Text: m, Body: string(body)})
	return nil
}

// Reset implements smtp.Session.
func (x *session) Reset() {}

// Logout implements smtp.Session.
func (x *session) Logout() error { return nil }
