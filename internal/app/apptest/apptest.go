// Package apptest starts the whole program for a test: on a free port, over a fresh portal, with an administrator.
package apptest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/app"
	"voronka/internal/config"
	"voronka/internal/org/access"
	"voronka/internal/org/portal"
	"voronka/internal/org/session"
	"voronka/internal/org/setup"
	"voronka/internal/org/user"
)

// Password is everybody's password.
const Password = "correct horse battery"

// Server is a running program.
type Server struct {
	*app.App
	URL   string
	Token string // of the administrator
	Admin *user.User
	t     testing.TB
	stop  context.CancelFunc
	ended chan error
}

// Options say how to start it; the zero value is an English portal on the embedded database.
type Options struct {
	Postgres bool   // on PostgreSQL instead; the test is skipped where there is none
	Data     string // folder of a portal that is there already; default a fresh one
	Fresh    bool   // before the first run: no administrator, no token
	Simple   bool   // without leads
	Lang     string // default en
	// Config changes the settings before the start.
	Config func(*config.Config)
	App    []app.Option
}

// Start starts the program and stops it when the test ends.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	c := settings(t, o)
	a, err := app.New(context.Background(), c, append([]app.Option{app.WithLog(slog.New(slog.DiscardHandler)), app.WithoutDiskWaits()}, o.App...)...)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{App: a, t: t, ended: make(chan error, 1)}
	if !o.Fresh {
		s.begin(o)
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		t.Fatal(err)
	}
	s.URL = "http://" + listener.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	ready := make(chan struct{})
	go func() { s.ended <- a.Serve(ctx, listener, func() { close(ready) }) }()
	t.Cleanup(s.Stop)
	select {
	case <-ready:
	case err := <-s.ended:
		t.Fatalf("the server ended: %v", err)
	case <-time.After(20 * time.Second):
		t.Fatal("the server doesn't start")
	}
	return s
}

func settings(t testing.TB, o Options) config.Config {
	t.Helper()
	data := o.Data
	if data == "" {
		data = t.TempDir()
	}
	loaded, err := config.Load(config.Given{
		Flags: map[string]string{"data": data, "listen": "127.0.0.1:0", "rate-per-second": "1e6", "stop-timeout": "2s"},
		Env:   func(string) (string, bool) { return "", false },
	})
	if err != nil {
		t.Fatal(err)
	}
	if o.Postgres {
		loaded.Database = dbtest.PostgresOptions(t).DSN
	}
	if o.Config != nil {
		o.Config(&loaded.Config)
	}
	return loaded.Config
}

// begin does the first run, or finds the administrator of a portal that has had it.
func (s *Server) begin(o Options) {
	s.t.Helper()
	ctx := context.Background()
	if needed, err := s.Setup.Needed(ctx); err != nil {
		s.t.Fatal(err)
	} else if needed {
		p := portal.Default()
		p.Company, p.Lang, p.Simple = "Example", "en", o.Simple
		if o.Lang != "" {
			p.Lang = o.Lang
		}
		done, err := s.Setup.Init(ctx, setup.Plan{Portal: p, Name: "Admin", Email: "admin@example.com", Password: Password})
		if err != nil {
			s.t.Fatal(err)
		}
		s.Admin = done.Admin
	} else {
		people, err := s.Org.Last(ctx)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, u := range people.Users() {
			if u.Role == access.Admin {
				s.Admin = u
			}
		}
	}
	s.Token = s.TokenOf(s.Admin.ID)
}

// Stop ends the program gracefully; a second call does nothing.
func (s *Server) Stop() {
	s.stop()
	select {
	case err := <-s.ended:
		if err != nil {
			s.t.Errorf("the server ended with %v", err)
		}
		s.ended <- nil
	case <-time.After(20 * time.Second):
		s.t.Error("the server doesn't stop")
	}
}

// TokenOf makes a token for a person.
func (s *Server) TokenOf(userID int64) string {
	s.t.Helper()
	token, _, err := s.Sessions.AddToken(context.Background(), access.System(), userID, session.TokenDraft{Title: "test"})
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

// Person takes somebody on and gives the token.
func (s *Server) Person(name string, role access.Role) (*user.User, string) {
	s.t.Helper()
	u, err := s.Users.Add(context.Background(), access.System(), user.Draft{Email: strings.ToLower(name) + "@example.com", Name: name, Role: role, Password: Password})
	if err != nil {
		s.t.Fatal(err)
	}
	return u, s.TokenOf(u.ID)
}

// Call sends a request as the administrator, or with other headers, and returns status and body.
func (s *Server) Call(method, path string, in any, header ...string) (int, []byte) {
	s.t.Helper()
	answer := s.Do(method, path, in, header...)
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, b
}

// Do is Call with the whole answer.
func (s *Server) Do(method, path string, in any, header ...string) *http.Response {
	s.t.Helper()
	var body io.Reader
	switch in := in.(type) {
	case nil:
	case string:
		body = strings.NewReader(in)
	case []byte:
		body = bytes.NewReader(in)
	default:
		b, err := json.Marshal(in)
		if err != nil {
			s.t.Fatal(err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, s.URL+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.Token)
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i+1] == "" {
			req.Header.Del(header[i])
			continue
		}
		req.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer
}

// Must is Call that wants success and decodes the answer into out unless that is nil.
func (s *Server) Must(method, path string, in, out any, header ...string) {
	s.t.Helper()
	status, b := s.Call(method, path, in, header...)
	if status >= 300 {
		s.t.Fatalf("%s %s: %d %s", method, path, status, b)
	}
	if out != nil {
		if err := json.Unmarshal(b, out); err != nil {
			s.t.Fatalf("%s %s: %s: %v", method, path, b, err)
		}
	}
}

// Same gives another server the database of this one: two nodes of one portal.
func (s *Server) Same(c *config.Config) {
	c.Database = s.Config.Database
}
