package e2e

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// ownPostgres is a PostgreSQL of the test's own, which it may stop at will.
type ownPostgres struct {
	bin, dir string
	port     int
	asUser   string // empty: we aren't root and run it ourselves
}

// newOwnPostgres makes and starts one. Debian's programs lie beside each other by version.
func newOwnPostgres(t *testing.T) *ownPostgres {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		if os.Getenv("VORONKA_REQUIRE_POSTGRES") != "" {
			t.Fatal("the programs of PostgreSQL (initdb, pg_ctl) must be installed")
		}
		t.Skip("no PostgreSQL programs: install the package postgresql to stop and start a server of our own")
	}
	slices.Sort(found)
	dir, err := os.MkdirTemp("", "voronka-pg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	p := &ownPostgres{bin: filepath.Dir(found[len(found)-1]), dir: dir, port: freePort(t)}
	if os.Geteuid() == 0 { // PostgreSQL refuses to run as root
		who, err := user.Lookup("postgres")
		if err != nil {
			t.Skip("root may not run PostgreSQL and there is no user postgres")
		}
		p.asUser = who.Username
		if out, err := exec.Command("chown", who.Username, dir).CombinedOutput(); err != nil {
			t.Fatal(err, string(out))
		}
	}
	p.run(t, "initdb", "-D", p.data(), "-U", "voronka", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	p.start(t)
	t.Cleanup(func() { p.stop(t) })
	return p
}

func (p *ownPostgres) data() string { return filepath.Join(p.dir, "data") }

// dsn names its database.
func (p *ownPostgres) dsn() string {
	return fmt.Sprintf("postgres://voronka@127.0.0.1:%d/postgres?sslmode=disable", p.port)
}

func (p *ownPostgres) command(name string, args ...string) *exec.Cmd {
	args = append([]string{filepath.Join(p.bin, name)}, args...)
	if p.asUser != "" {
		args = append([]string{"runuser", "-u", p.asUser, "--"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = p.dir
	return cmd
}

func (p *ownPostgres) run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := p.command(name, args...).CombinedOutput(); err != nil {
		log, _ := os.ReadFile(filepath.Join(p.dir, "log"))
		t.Fatalf("%s: %v\n%s%s", name, err, out, log)
	}
}

func (p *ownPostgres) start(t *testing.T) {
	t.Helper()
	settings := fmt.Sprintf("-p %d -c listen_addresses=127.0.0.1 -c unix_socket_directories=%s -c fsync=off -c jit=off", p.port, p.dir)
	p.run(t, "pg_ctl", "-D", p.data(), "-l", filepath.Join(p.dir, "log"), "-w", "-o", settings, "start")
}

// stop ends it without any goodbye to those who are connected. It may be stopped already.
func (p *ownPostgres) stop(t *testing.T) {
	if _, err := os.Stat(filepath.Join(p.data(), "postmaster.pid")); err == nil {
		p.run(t, "pg_ctl", "-D", p.data(), "-m", "immediate", "-w", "stop")
	}
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// TestDatabaseAwayAndBack stops PostgreSQL under load and starts it again. Meanwhile everybody is told so in words, never
// with 500; afterwards all goes on by itself, and what was acknowledged is there once.
func TestDatabaseAwayAndBack(t *testing.T) {
	pg := newOwnPostgres(t)
	portal := NewPortal(t, pg.dsn())
	server := portal.Start(t)
	taker, _ := server.person(t, "Taker", "manager")
	door := server.door(t, 0.01, taker) // an offer may be taken for a second
	live := server.live(t)

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	load := &steadyLoad{server: server, acknowledged: map[int64]string{}, refused: map[string]int{}}
	load.begin(ctx, t)
	time.Sleep(500 * time.Millisecond)
	pg.stop(t)
	time.Sleep(3 * time.Second)
	if status, err := server.Call(ctx, "GET", "/readyz", nil, nil); status != http.StatusServiceUnavailable {
		t.Errorf("ready without a database: %d %v", status, err)
	}
	if status, err := server.Call(ctx, "GET", "/healthz", nil, nil); status != http.StatusOK {
		t.Errorf("the process lives: %d %v", status, err)
	}
	pg.start(t)
	eventually(t, 15*time.Second, "ready again", func() bool {
		status, _ := server.Call(ctx, "GET", "/readyz", nil, nil)
		return status == http.StatusOK
	})
	time.Sleep(500 * time.Millisecond)
	cancel()
	load.wait.Wait()
	if load.refused["db.unavailable"] == 0 {
		t.Errorf("nobody noticed that the database was away: %v", load.refused)
	}
	t.Logf("%d acknowledged, refused: %v", len(load.acknowledged), load.refused)
	if rest := settle(t, server, load.open, load.acknowledged); len(rest) > 0 {
		t.Fatalf("%d requests are refused although the database is back", len(rest))
	}
	checkOnce(t, server, load.acknowledged)

	// Events are heard and jobs are run again: an offer is made, and missed after its second.
	var deal struct{ ID int64 }
	server.Must(t, "POST", "/api/deals", map[string]any{"title": "After"}, &deal)
	hears(t, live, 10*time.Second, "the deal", func(m message) bool { return m.Data.Type == "deal" && m.Data.ID == deal.ID })
	server.Must(t, "POST", "/api/intake/"+door, map[string]any{"name": "Client", "phone": "+79120000001"}, nil)
	eventually(t, 15*time.Second, "a missed offer", func() bool {
		var incidents struct{ Items []struct{ ID int64 } }
		server.Must(t, "GET", "/api/incidents", nil, &incidents)
		return len(incidents.Items) > 0
	})
	server.Kill()
	portal.doctor(t)
}

// steadyLoad are clients that write and read all the time and repeat nothing.
type steadyLoad struct {
	server       *Program
	wait         sync.WaitGroup
	mu           sync.Mutex
	acknowledged map[int64]string
	open         []attempt
	refused      map[string]int // by the key of the problem
}

func (l *steadyLoad) begin(ctx context.Context, t *testing.T) {
	for writer := range 4 {
		l.wait.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				l.write(ctx, t, fmt.Sprintf("%s-%d-%d", t.Name(), writer, n))
			}
		})
	}
	for range 2 {
		l.wait.Go(func() {
			for ctx.Err() == nil {
				a, err := l.server.Ask(ctx, "GET", "/api/leads?limit=5", nil)
				if ctx.Err() == nil {
					l.judge(t, a, err, http.StatusOK)
				}
			}
		})
	}
}

func (l *steadyLoad) write(ctx context.Context, t *testing.T, key string) {
	// The request isn't given up when the load ends: every one has an outcome.
	a, err := l.server.Ask(context.WithoutCancel(ctx), "POST", "/api/leads", leadOf(key), "Idempotency-Key", key)
	good := l.judge(t, a, err, http.StatusCreated)
	l.mu.Lock()
	defer l.mu.Unlock()
	if !good {
		l.open = append(l.open, attempt{key})
		return
	}
	l.acknowledged[idOf(a)] = key
}

// judge wants either what was asked for or a refusal in words; then the client waits a little.
func (l *steadyLoad) judge(t *testing.T, a Answer, err error, want int) bool {
	if err == nil && a.Status == want {
		return true
	}
	switch {
	case err != nil:
		t.Errorf("no answer: %v", err)
	case a.Status != http.StatusServiceUnavailable || !a.Translated() || a.Header.Get("Retry-After") == "":
		t.Errorf("%d %v %s", a.Status, a.Header, a.Body)
	}
	l.mu.Lock()
	l.refused[a.Problem().Key]++
	l.mu.Unlock()
	time.Sleep(50 * time.Millisecond)
	return false
}

// idOf reads the number of what was made.
func idOf(a Answer) (id int64) {
	_, rest, _ := strings.Cut(string(a.Body), `"id":`)
	_, _ = fmt.Sscanf(rest, "%d", &id) // 0 when there is none, and that is found missing
	return id
}
