// Package e2e drives the real program from outside: its command line, its API, its crashes. Journeys through the UI in a
// real browser lie in the folder browser.
package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Portal is a portal's data: where it lies and who may enter. Several programs may run over one PostgreSQL portal.
type Portal struct {
	Dir      string
	Database string // PostgreSQL DSN, empty for the embedded database
	Token    string // of the administrator
}

// binary builds the program once for all tests, without the UI unless it is built already.
var binary = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("VORONKA_BINARY"); path != "" {
		return filepath.Abs(path)
	}
	dir, err := os.MkdirTemp("", "voronka-e2e-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "voronka")
	out, err := exec.Command("go", "build", "-o", path, "voronka/cmd/voronka").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// command prepares `voronka ARGS…` on the portal.
func (p *Portal) command(t testing.TB, stdin string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	args = append(args, "--data", p.Dir)
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "VORONKA_LOG_LEVEL=warn", "LANG=en_US.UTF-8", "VORONKA_RATE_PER_SECOND=100000")
	if p.Database != "" {
		cmd.Env = append(cmd.Env, "VORONKA_DATABASE="+p.Database)
	}
	cmd.Stdin = strings.NewReader(stdin)
	return cmd
}

// Run runs `voronka ARGS…` to its end and returns what it printed.
func (p *Portal) Run(t testing.TB, stdin string, args ...string) string {
	t.Helper()
	cmd := p.command(t, stdin, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("voronka %s: %v\n%s%s", strings.Join(args, " "), err, stdout.String(), stderr.String())
	}
	return strings.TrimSpace(stdout.String())
}

// NewPortal makes a portal with one administrator, admin@example.com.
func NewPortal(t testing.TB, database string) *Portal {
	t.Helper()
	p := &Portal{Dir: t.TempDir(), Database: database}
	p.Run(t, "correct horse battery\n", "init", "--company", "Example", "--email", "admin@example.com", "--name", "Admin",
		"--password-stdin", "--lang", "en")
	p.Token = p.Run(t, "", "token", "add", "--user", "admin@example.com")
	return p
}

// Program is a running server.
type Program struct {
	URL    string
	portal *Portal
	cmd    *exec.Cmd
	log    *bytes.Buffer
	ended  chan error
}

// Start starts a server over the portal and waits until it is ready.
func (p *Portal) Start(t testing.TB) *Program {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	s := &Program{URL: "http://" + address, portal: p, log: &bytes.Buffer{}, ended: make(chan error, 1)}
	s.cmd = p.command(t, "", "serve", "--listen", address)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.ended <- s.cmd.Wait() }()
	t.Cleanup(s.Kill)
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if answer, err := http.Get(s.URL + "/readyz"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return s
			}
		}
		select {
		case err := <-s.ended:
			t.Fatalf("the server ended: %v\n%s", err, s.log)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server is not ready after 20 s\n%s", s.log)
		}
	}
}

// Kill ends the server the hard way: no chance to clean up.
func (s *Program) Kill() {
	if s.cmd.ProcessState == nil {
		_ = s.cmd.Process.Kill()
		<-s.ended
		s.ended <- nil
	}
}

// Call sends a request and decodes the answer into out unless that is nil. It returns the status, and an error only
// when no answer came.
func (s *Program) Call(ctx context.Context, method, path string, in, out any, header ...string) (int, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return 0, err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, s.URL+path, body)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+s.portal.Token)
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err
	}
	if out != nil && answer.StatusCode < 300 {
		if err := json.Unmarshal(b, out); err != nil {
			return 0, fmt.Errorf("%s %s answered %q: %w", method, path, b, err)
		}
	}
	return answer.StatusCode, nil
}

// Must is Call that ends the test on anything but success.
func (s *Program) Must(t testing.TB, method, path string, in, out any, header ...string) {
	t.Helper()
	var raw json.RawMessage
	status, err := s.Call(context.Background(), method, path, in, &raw, header...)
	if err != nil || status >= 300 {
		t.Fatalf("%s %s: %d %v %s\n%s", method, path, status, err, raw, s.log)
	}
	if out != nil {
		if err := json.Unmarshal(raw, out); err != nil {
			t.Fatalf("%s %s answered %s: %v", method, path, raw, err)
		}
	}
}
