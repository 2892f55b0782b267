// Package e2e drives the real program from outside: its command line, its API, its crashes. Journeys through the UI in a
// real browser lie in the folder browser.
package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Portal is a portal's data: where it lies and who may enter. Several programs may run over one PostgreSQL portal.
type Portal struct {
	Dir      string
	Database string // PostgreSQL DSN, empty for the embedded database
	Token    string // of the administrator
	Env      []string
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
	cmd.Env = append(cmd.Env, p.Env...)
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
	return newPortalIn(t, t.TempDir(), database)
}

// newPortalIn makes it in a folder of the caller's choice.
func newPortalIn(t testing.TB, dir, database string) *Portal {
	t.Helper()
	p := &Portal{Dir: dir, Database: database}
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
	log    *lockedBuffer
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
	s := &Program{URL: "http://" + address, portal: p, log: &lockedBuffer{}, ended: make(chan error, 1)}
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

// Stop asks the server to end, as the system does when it is shut down, and returns the exit code.
func (s *Program) Stop(t testing.TB) int {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-s.ended:
		s.ended <- nil
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return s.cmd.ProcessState.ExitCode()
	case <-time.After(30 * time.Second):
		t.Fatalf("the server doesn't stop\n%s", s.log)
		return -1
	}
}

// doctor runs the doctor over the portal and wants it to find nothing.
func (p *Portal) doctor(t testing.TB) {
	t.Helper()
	out := p.Run(t, "", "doctor", "--json")
	if !strings.Contains(out, `"clean":true`) {
		t.Errorf("the doctor found something: %s", out)
	}
}

// lockedBuffer may be read while the process still writes into it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (l *lockedBuffer) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

// String is what was written so far.
func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
