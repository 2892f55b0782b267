package app_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/app/apptest"
	"voronka/internal/config"
)

// wire is a way to the database that can be cut.
type wire struct {
	listener net.Listener
	target   string
	mu       sync.Mutex
	cut      bool
	open     map[net.Conn]bool
}

func newWire(t *testing.T, target string) *wire {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{listener: l, target: target, open: map[net.Conn]bool{}}
	t.Cleanup(func() { l.Close(); w.set(true) })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go w.join(c)
		}
	}()
	return w
}

func (w *wire) join(c net.Conn) {
	far, err := net.Dial("tcp", w.target)
	if err != nil {
		c.Close()
		return
	}
	w.mu.Lock()
	if w.cut {
		w.mu.Unlock()
		c.Close()
		far.Close()
		return
	}
	w.open[c], w.open[far] = true, true
	w.mu.Unlock()
	go func() { _, _ = io.Copy(far, c); far.Close() }()
	_, _ = io.Copy(c, far)
	c.Close()
	w.mu.Lock()
	delete(w.open, c)
	delete(w.open, far)
	w.mu.Unlock()
}

// set cuts the wire, or mends it.
func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	if cut {
		for c := range w.open {
			c.Close()
		}
	}
}

// TestDatabaseAwayAndBack cuts the way to PostgreSQL: requests are refused with a reason, nothing breaks, and when it is back
// all goes on: reads, writes, and what is heard live.
func TestDatabaseAwayAndBack(t *testing.T) {
	dsn, err := url.Parse(dbtest.PostgresOptions(t).DSN)
	if err != nil {
		t.Fatal(err)
	}
	w := newWire(t, dsn.Host)
	dsn.Host = w.listener.Addr().String()
	s := apptest.Start(t, apptest.Options{Config: func(c *config.Config) { c.Database = dsn.String() }})
	live := stream(t, s, s.Token, "")
	s.Must("POST", "/api/deals", map[string]any{"title": "Before"}, nil)

	w.set(true)
	for end := time.Now().Add(3 * time.Second); time.Now().Before(end); {
		for _, try := range []struct {
			method, path string
			in           any
		}{{"GET", "/api/deals", nil}, {"POST", "/api/deals", map[string]any{"title": "Meanwhile"}}, {"GET", "/api/users", nil}} {
			status, b := s.Call(try.method, try.path, try.in)
			if status >= 500 && status != http.StatusServiceUnavailable {
				t.Fatalf("%s %s without a database: %d %s", try.method, try.path, status, b)
			}
		}
	}
	if status, _ := s.Call("GET", "/readyz", nil); status != http.StatusServiceUnavailable {
		t.Errorf("ready without a database: %d", status)
	}
	if status, _ := s.Call("GET", "/healthz", nil); status != http.StatusOK {
		t.Errorf("the process lives: %d", status)
	}

	w.set(false)
	var deal record
	for end := time.Now().Add(15 * time.Second); ; {
		answer := s.Do("POST", "/api/deals", map[string]any{"title": "After"})
		b, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode == http.StatusCreated {
			_, _ = fmt.Sscanf(string(b[len(`{"id":`):]), "%d", &deal.ID)
			break
		}
		if time.Now().After(end) {
			t.Fatalf("it doesn't come back: %d %s", answer.StatusCode, b)
		}
		time.Sleep(100 * time.Millisecond)
	}
	if status, _ := s.Call("GET", "/readyz", nil); status != http.StatusOK {
		t.Errorf("not ready again: %d", status)
	}
	await(t, live, fmt.Sprintf("record %d created false", deal.ID))
}
