package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

// rounds is how often the program is killed: a few times in CI, many at night.
func rounds(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("VORONKA_NIGHT_KILLS")); err == nil {
		return n
	}
	return 10
}

// attempt is one request a client made: the same key is used again when no answer came.
type attempt struct{ key string }

// TestKilledServerLosesNothing kills the server at random moments under load. What was acknowledged must be there once;
// what was not is asked again with the same Idempotency-Key and must then be there once, too.
func TestKilledServerLosesNothing(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, portal *Portal) {
		acknowledged := map[int64]string{}
		var open []attempt
		for round := range rounds(t) {
			server := portal.Start(t)
			open = settle(t, server, open, acknowledged)
			ctx, cancel := context.WithCancel(context.Background())
			var wait sync.WaitGroup
			var lock sync.Mutex
			for client := range 4 {
				wait.Go(func() {
					for n := 0; ctx.Err() == nil; n++ {
						a := attempt{key: fmt.Sprintf("%s-%d-%d-%d", t.Name(), round, client, n)}
						id, status := createLead(ctx, server, a.key)
						ok := status == http.StatusCreated
						lock.Lock()
						if ok {
							acknowledged[id] = a.key
						} else {
							open = append(open, a)
						}
						lock.Unlock()
						if !ok {
							return
						}
					}
				})
			}
			time.Sleep(time.Duration(100+rand.IntN(600)) * time.Millisecond)
			server.Kill()
			cancel()
			wait.Wait()
		}
		server := portal.Start(t)
		if rest := settle(t, server, open, acknowledged); len(rest) > 0 {
			t.Fatalf("%d requests were refused after the restart", len(rest))
		}
		checkOnce(t, server, acknowledged)
		server.Kill()
		portal.doctor(t)
	})
}

// settled waits until everything that happened was heard: a server that is killed all the time can't keep up.
func settled(t *testing.T, portal *Portal) {
	t.Helper()
	d, last := portal.open(t), "id" // on SQLite an event's number is its row's
	if portal.Database != "" {
		last = "seq"
	}
	eventually(t, 10*time.Minute, "the listeners at the last event", func() bool {
		return number(t, d, "SELECT count(*) FROM subscription WHERE name <> '(relay)' AND seq < (SELECT coalesce(max("+last+"), 0) FROM outbox)") == 0
	})
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

// leadOf is the lead a client makes with a key.
func leadOf(key string) map[string]any {
	return map[string]any{"title": key, "phones": []string{"+7 912 555-01-42"}}
}

// createLead returns the number of the lead and the status of the answer, 0 when none came.
func createLead(ctx context.Context, server *Program, key string) (id int64, status int) {
	var answer struct{ ID int64 }
	status, err := server.Call(ctx, "POST", "/api/leads", leadOf(key), &answer, "Idempotency-Key", key)
	if err != nil {
		return 0, 0
	}
	return answer.ID, status
}

// settle repeats what got no answer, with the same keys, and returns what still got none.
func settle(t *testing.T, server *Program, open []attempt, acknowledged map[int64]string) (rest []attempt) {
	t.Helper()
	for _, a := range open {
		id, status := createLead(t.Context(), server, a.key)
		if status == http.StatusCreated {
			acknowledged[id] = a.key
			continue
		}
		t.Logf("%s was answered with %d", a.key, status)
		rest = append(rest, a)
	}
	return rest
}

// checkOnce reads all leads and compares them with what was acknowledged.
func checkOnce(t *testing.T, server *Program, acknowledged map[int64]string) {
	t.Helper()
	found := map[int64]string{}
	titles := map[string]int{}
	for after := ""; ; {
		var list struct {
			Items []struct {
				ID    int64
				Title string
			}
			Next string
		}
		server.Must(t, "GET", "/api/leads?limit=500&fields=title&sort=id&after="+after, nil, &list)
		for _, lead := range list.Items {
			found[lead.ID] = lead.Title
			titles[lead.Title]++
		}
		if after = list.Next; after == "" {
			break
		}
	}
	for id, key := range acknowledged {
		if found[id] != key {
			t.Errorf("lead %d %q was acknowledged and is not there (there is %q)", id, key, found[id])
		}
	}
	for title, n := range titles {
		if n != 1 {
			t.Errorf("%q is there %d times", title, n)
		}
	}
	if len(found) != len(acknowledged) {
		t.Errorf("%d leads are there, %d were acknowledged", len(found), len(acknowledged))
	}
	if len(acknowledged) == 0 {
		t.Error("nothing was acknowledged: the test tested nothing")
	}
	t.Logf("%d leads", len(found))
}
