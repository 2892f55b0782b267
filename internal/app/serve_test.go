package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"voronka/internal/app"
	"voronka/internal/app/apptest"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
)

// both runs f on both databases.
func both(t *testing.T, f func(t *testing.T, o apptest.Options)) {
	t.Run("sqlite", func(t *testing.T) { f(t, apptest.Options{}) })
	t.Run("postgres", func(t *testing.T) { f(t, apptest.Options{Postgres: true}) })
}

type record struct {
	ID      int64
	Title   string
	Version int64
}

func TestAKeyedPostIsCarriedOutOnce(t *testing.T) {
	both(t, func(t *testing.T, o apptest.Options) {
		s := apptest.Start(t, o)
		var first, again record
		s.Must("POST", "/api/deals", map[string]any{"title": "One"}, &first, "Idempotency-Key", "k1")
		s.Must("POST", "/api/deals", map[string]any{"title": "One"}, &again, "Idempotency-Key", "k1")
		if first.ID == 0 || first != again {
			t.Errorf("%+v, then %+v", first, again)
		}
		if status, b := s.Call("POST", "/api/deals", map[string]any{"title": "Two"}, "Idempotency-Key", "k1"); status != 422 || !strings.Contains(string(b), "idempotency.other_body") {
			t.Errorf("another body: %d %s", status, b)
		}
		var all sync.WaitGroup
		ids := make([]int64, 24)
		for i := range ids {
			all.Go(func() {
				var r record
				s.Must("POST", "/api/deals", map[string]any{"title": "Many"}, &r, "Idempotency-Key", "k2")
				ids[i] = r.ID
			})
		}
		all.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Errorf("made %v", ids)
				break
			}
		}
		var list struct{ Items []record }
		s.Must("GET", "/api/deals", nil, &list)
		if len(list.Items) != 2 {
			t.Errorf("%d deals", len(list.Items))
		}
	})
}

// stream opens /api/live and gives its messages as "kind id event".
func stream(t *testing.T, s *apptest.Server, token, last string) <-chan string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	req, _ := http.NewRequestWithContext(ctx, "GET", s.URL+"/api/live", nil)
	req.Header.Set("Authorization", "Bearer "+token)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != 200 {
		t.Fatalf("live: %d", answer.StatusCode)
	}
	out := make(chan string, 100)
	go func() {
		defer answer.Body.Close()
		defer close(out)
		id, kind := "", ""
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			switch key, value, _ := strings.Cut(lines.Text(), ": "); key {
			case "id":
				id = value
			case "event":
				kind = value
			case "data":
				var d struct {
					ID    int64
					Event string
					Gone  bool
				}
				_ = json.Unmarshal([]byte(value), &d)
				out <- fmt.Sprintf("%s %s %d %s %v", id, kind, d.ID, d.Event, d.Gone)
			}
		}
	}()
	return out
}

func await(t *testing.T, from <-chan string, want string) (id string) {
	t.Helper()
	deadline := time.After(10 * time.Second)
	for {
		select {
		case m, ok := <-from:
			if !ok {
				t.Fatalf("the stream ended before %q", want)
			}
			id, rest, _ := strings.Cut(m, " ")
			if rest == want {
				return id
			}
		case <-deadline:
			t.Fatalf("%q never came", want)
		}
	}
}

// TestLiveOverARestart hears a change at once, stops the server, changes something behind its back, and hears that after the
// restart with the id of the last message.
func TestLiveOverARestart(t *testing.T) {
	o := apptest.Options{Data: t.TempDir()}
	s := apptest.Start(t, o)
	live := stream(t, s, s.Token, "")
	var deal record
	s.Must("POST", "/api/deals", map[string]any{"title": "Live"}, &deal)
	last := await(t, live, fmt.Sprintf("record %d created false", deal.ID))
	s.Must("PATCH", fmt.Sprint("/api/deals/", deal.ID), map[string]any{"title": "Livelier", "version": deal.Version}, nil)
	s.Stop()
	for range live { // ends with the server
	}
	s = apptest.Start(t, o)
	live = stream(t, s, s.Token, last)
	await(t, live, fmt.Sprintf("record %d changed false", deal.ID))
	s.Must("DELETE", fmt.Sprint("/api/deals/", deal.ID), nil, nil)
	await(t, live, fmt.Sprintf("record %d deleted true", deal.ID))
}

// TestLiveFromAnotherNode runs two servers over one PostgreSQL: what happens on one is heard on the other within a second.
func TestLiveFromAnotherNode(t *testing.T) {
	one := apptest.Start(t, apptest.Options{Postgres: true})
	two := apptest.Start(t, apptest.Options{Config: one.Same})
	live := stream(t, two, two.Token, "")
	for i := range 3 {
		start := time.Now()
		var deal record
		one.Must("POST", "/api/deals", map[string]any{"title": fmt.Sprint("Far ", i)}, &deal)
		await(t, live, fmt.Sprintf("record %d created false", deal.ID))
		if took := time.Since(start); took > 4*time.Second { // looking by itself it would have found it after five
			t.Errorf("it took %v", took)
		}
	}
}

// TestRightsChangeLive: somebody is made a guest and hears nothing more within two seconds.
func TestRightsChangeLive(t *testing.T) {
	s := apptest.Start(t, apptest.Options{})
	boris, token := s.Person("Boris", access.Manager)
	live := stream(t, s, token, "")
	var deal record
	s.Must("POST", "/api/deals", map[string]any{"title": "His", "responsible": boris.ID}, &deal)
	await(t, live, fmt.Sprintf("record %d created false", deal.ID))
	s.Must("PATCH", fmt.Sprint("/api/users/", boris.ID), map[string]any{"role": "guest"}, nil)
	await(t, live, "reset 0  false")
	time.Sleep(2 * time.Second)
	s.Must("PATCH", fmt.Sprint("/api/deals/", deal.ID), map[string]any{"title": "Still his", "version": deal.Version}, nil)
	s.Must("PATCH", fmt.Sprint("/api/users/", boris.ID), map[string]any{"active": false}, nil)
	for m := range live { // ends, because he can't sign in any more
		if strings.Contains(m, "record") {
			t.Errorf("a guest hears %s", m)
		}
	}
}

// TestStopIsGraceful: what runs is finished, what comes is refused, and the portal starts again.
func TestStopIsGraceful(t *testing.T) {
	o := apptest.Options{Data: t.TempDir()}
	s := apptest.Start(t, o)
	var all sync.WaitGroup
	var mu sync.Mutex
	made := map[string]bool{}
	begin := make(chan struct{})
	for i := range 40 {
		all.Go(func() {
			<-begin
			title := fmt.Sprint("deal ", i)
			req, _ := http.NewRequest("POST", s.URL+"/api/deals", strings.NewReader(`{"title":"`+title+`"}`))
			req.Header.Set("Authorization", "Bearer "+s.Token)
			req.Header.Set("Content-Type", "application/json")
			answer, err := http.DefaultClient.Do(req)
			if err != nil {
				return // refused at the door
			}
			defer answer.Body.Close()
			if answer.StatusCode == http.StatusCreated {
				mu.Lock()
				made[title] = true
				mu.Unlock()
			}
		})
	}
	close(begin)
	time.Sleep(5 * time.Millisecond)
	s.Stop()
	all.Wait()
	s = apptest.Start(t, o)
	var list struct{ Items []record }
	s.Must("GET", "/api/deals?limit=500", nil, &list)
	there := map[string]bool{}
	for _, r := range list.Items {
		there[r.Title] = true
	}
	for title := range made {
		if !there[title] {
			t.Errorf("%q was acknowledged and is not there", title)
		}
	}
}

func TestOneServerPerFolder(t *testing.T) {
	dir := t.TempDir()
	lock, err := app.LockData(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = app.LockData(dir)
	if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "cli.running") {
		t.Errorf("%v", err)
	}
	if b, _ := os.ReadFile(filepath.Join(dir, app.LockFile)); strings.TrimSpace(string(b)) != fmt.Sprint(os.Getpid()) {
		t.Errorf("the lock names %q", b)
	}
	if err := lock.Free(); err != nil {
		t.Fatal(err)
	}
	if lock, err = app.LockData(dir); err != nil {
		t.Fatal(err)
	}
	_ = lock.Free()
}
