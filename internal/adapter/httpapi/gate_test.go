package httpapi

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// gatedServer serves slow, long and quick requests behind a gate; end lets the slow and long ones go.
func gatedServer(t *testing.T) (r *Router, url string, end func()) {
	t.Helper()
	r = New(Options{InFlight: 2, Waiting: 1}) // six connections
	hold := make(chan struct{})
	end = sync.OnceFunc(func() { close(hold) })
	wait := func(_ context.Context, w http.ResponseWriter, req *http.Request) error {
		w.WriteHeader(http.StatusOK)
		if err := http.NewResponseController(w).Flush(); err != nil {
			return err
		}
		select {
		case <-hold:
		case <-req.Context().Done():
		}
		return nil
	}
	Stream(r, Op{Method: "GET", Path: "/api/slow", ID: "slow", Summary: "Slow", Access: Public}, nil, wait)
	Stream(r, Op{Method: "GET", Path: "/api/long", ID: "long", Summary: "Long", Access: Public, Long: true}, nil, wait)
	Stream(r, Op{Method: "GET", Path: "/api/quick", ID: "quick", Summary: "Quick", Access: Public}, nil,
		func(_ context.Context, w http.ResponseWriter, _ *http.Request) error {
			_, err := io.WriteString(w, "{}")
			return err
		})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: r, ReadHeaderTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- s.Serve(r.Guard(s, l)) }()
	t.Cleanup(func() {
		end()
		_ = s.Close()
		<-served
	})
	return r, "http://" + l.Addr().String(), end
}

// begin sends a request on a connection of its own and waits for the head of its answer.
func begin(t *testing.T, url string) io.Closer {
	t.Helper()
	c := &http.Client{Transport: &http.Transport{}, Timeout: 20 * time.Second}
	t.Cleanup(c.CloseIdleConnections)
	answer, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		t.Errorf("%s: %d", url, answer.StatusCode)
	}
	return answer.Body
}

// busy waits until so many connections count.
func busy(t *testing.T, g *gate, want int) {
	t.Helper()
	is := func() int {
		g.mu.Lock()
		defer g.mu.Unlock()
		return g.busy
	}
	for end := time.Now().Add(10 * time.Second); is() != want; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d connections count, want %d", is(), want)
		}
	}
}

func TestGateCountsWhoWorks(t *testing.T) {
	r, url, end := gatedServer(t)
	quiet := begin(t, url+"/api/quick")
	_, _ = io.Copy(io.Discard, quiet.(io.Reader)) // the whole answer: now it is quiet
	busy(t, r.gate, 0)
	for range 10 {
		defer begin(t, url+"/api/long").Close() //nolint:errcheck // a test's end
	}
	busy(t, r.gate, 0)
	for n := range 4 { // the answer has begun, so they take no place among the running, but their connections are at work
		defer begin(t, url+"/api/slow").Close() //nolint:errcheck // a test's end
		busy(t, r.gate, n+1)
	}
	end()
	busy(t, r.gate, 0)
}

// Slow ones that fill the gate delay others, but don't lock them out.
func TestGateOpensBesideTheSlow(t *testing.T) {
	r, url, end := gatedServer(t)
	for range 2 * r.gate.most {
		defer begin(t, url+"/api/slow").Close() //nolint:errcheck // a test's end
	}
	busy(t, r.gate, 2*r.gate.most)
	start := time.Now()
	begin(t, url+"/api/quick")
	if took := time.Since(start); took < gatePatience/2 {
		t.Errorf("the gate was full and took only %v", took)
	}
	end()
	busy(t, r.gate, 0)
}

// Refused in a crowd, nobody stays; a few may.
func TestGateSendsTheCrowdHome(t *testing.T) {
	r, url, _ := gatedServer(t)
	for _, crowd := range []bool{false, true} {
		for range 3 * r.gate.most {
			if crowd {
				defer begin(t, url+"/api/long").Close() //nolint:errcheck // a test's end
			}
		}
		leave1, err1 := r.places.enter(t.Context())
		leave2, err2 := r.places.enter(t.Context())
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		r.places.waiting.Store(r.places.most)
		answer, err := http.Get(url + "/api/quick")
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" || answer.Close != crowd {
			t.Errorf("crowd %v: %d %v, close %v", crowd, answer.StatusCode, answer.Header, answer.Close)
		}
		r.places.waiting.Store(0)
		leave1()
		leave2()
	}
}

// A closed listener waits for nobody.
func TestGateClosed(t *testing.T) {
	g := newGate(0)
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &guarded{Listener: inner, gate: g, closed: make(chan struct{})}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Accept(); err == nil {
		t.Error(fmt.Sprint("accepted by ", l.Addr()))
	}
}
