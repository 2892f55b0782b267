package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// memory is what the server holds in RAM, in MB.
func (s *Program) memory(t testing.TB) float64 {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		t.Skipf("the memory of a process can't be read here: %v", err)
	}
	_, rest, _ := strings.Cut(string(b), "VmRSS:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		t.Fatalf("no VmRSS in %s", b)
	}
	kb, err := strconv.ParseFloat(fields[0], 64)
	if err != nil {
		t.Fatal(err)
	}
	return kb / 1024
}

// TestOverload offers 3,000 requests a second. Those who come in are served, the others are told when to come again, memory
// stays within bounds, and afterwards everything is as before.
func TestOverload(t *testing.T) {
	const offered, seconds, most = 3000, 5, 128
	portal := NewPortal(t, "")
	server := portal.Start(t)
	for n := range 600 {
		server.Must(t, "POST", "/api/deals", map[string]any{"title": fmt.Sprint("Deal ", n), "amount": n}, nil)
	}
	ctx, cancel := context.WithTimeout(t.Context(), seconds*time.Second)
	defer cancel()
	var wait sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	highest, lost := 0.0, 0
	wait.Go(func() {
		for ctx.Err() == nil {
			highest = max(highest, server.memory(t))
			time.Sleep(20 * time.Millisecond)
		}
	})
	// Every millisecond brings three: a long list, a board, a new deal. As many as the machine lets us be are under way.
	underWay := make(chan struct{}, 1500)
	asked, start := 0, time.Now()
	for tick := time.NewTicker(10 * time.Millisecond); ctx.Err() == nil; <-tick.C {
		for want := int(time.Since(start).Seconds() * offered); asked < want; {
			asked++
			n := asked
			select {
			case underWay <- struct{}{}:
			default:
				lost++
				continue
			}
			wait.Go(func() {
				defer func() { <-underWay }()
				a, err := ask(server, n)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Errorf("no answer: %v", err)
					return
				}
				statuses[a.Status]++
				if a.Status == http.StatusServiceUnavailable && (a.Header.Get("Retry-After") == "" || !a.Translated()) {
					t.Errorf("%v %s", a.Header, a.Body)
				}
			})
		}
	}
	wait.Wait()
	t.Logf("%d offered, %d not sent by this machine, answers %v, at most %.0f MB", asked, lost, statuses, highest)
	for status := range statuses {
		if status != http.StatusOK && status != http.StatusCreated && status != http.StatusServiceUnavailable {
			t.Errorf("answered with %d", status)
		}
	}
	if statuses[http.StatusServiceUnavailable] == 0 {
		t.Error("nobody was refused: the load was no overload")
	}
	if statuses[http.StatusOK] == 0 || statuses[http.StatusCreated] == 0 {
		t.Error("nobody was served")
	}
	if highest > most {
		t.Errorf("the server took %.0f MB, more than %d", highest, most)
	}
	time.Sleep(2 * time.Second)
	for n := range 30 {
		a, err := ask(server, n)
		if err != nil || a.Status >= 300 {
			t.Errorf("after the overload: %d %v", a.Status, err)
		}
	}
	server.Kill()
	portal.doctor(t)
}

// ask is one of the requests of the overload.
func ask(s *Program, n int) (Answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	switch n % 3 {
	case 0:
		return s.Ask(ctx, "GET", "/api/deals?sort=-amount&limit=500", nil)
	case 1:
		return s.Ask(ctx, "GET", "/api/records/deal/board", nil)
	}
	return s.Ask(ctx, "POST", "/api/deals", map[string]any{"title": fmt.Sprint("Overload ", n)})
}
