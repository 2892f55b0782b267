package e2e

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// intakeRounds is how often the program is killed while requests come in.
func intakeRounds() int {
	if n, err := strconv.Atoi(os.Getenv("VORONKA_NIGHT_KILLS")); err == nil {
		return n
	}
	return 4
}

// request is one request a client sent: with a header, or with a field of the form.
type request struct {
	round, client, n int
}

func (q request) name() string { return fmt.Sprintf("r%d-%d-%d", q.round, q.client, q.n) }

// send sends it and returns the number of the request and the status, 0 when no answer came.
func (q request) send(server *Program, door string) (id int64, status int) {
	form := map[string]any{"name": q.name(), "phone": fmt.Sprintf("+79%03d%d%05d", q.round, q.client, q.n)}
	var header []string
	if q.n%2 == 0 {
		header = []string{"Idempotency-Key", q.name()}
	} else {
		form["dedupe"] = q.name()
	}
	var accepted struct{ Request int64 }
	status, err := server.Call(context.Background(), "POST", "/api/intake/"+door, form, &accepted, header...)
	if err != nil {
		return 0, 0
	}
	return accepted.Request, status
}

// TestKilledIntakeLosesNothing kills the server at random moments while requests come in through the public door, offers
// are missed and taken. Whatever was accepted is there once: one request, one lead, one chain of offers that nobody or
// exactly one has taken. The last word has the database.
func TestKilledIntakeLosesNothing(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, portal *Portal) {
		server := portal.Start(t)
		var people []int64
		for n := range 3 {
			id, _ := server.person(t, fmt.Sprint("Taker ", n), "manager")
			people = append(people, id)
		}
		c := &comers{door: server.door(t, 0.05, people...), accepted: map[int64]string{}, taken: map[int64]bool{}} // 3 s to take
		server.Kill()
		for round := range intakeRounds() {
			server := portal.Start(t)
			c.repeat(t, server)
			var wait sync.WaitGroup
			for client := range 4 {
				wait.Go(func() { c.come(t, server, round, client) })
			}
			wait.Go(func() { c.take(t, server) })
			time.Sleep(time.Duration(200+rand.IntN(900)) * time.Millisecond)
			server.Kill()
			wait.Wait()
		}
		time.Sleep(time.Second) // so that something is due when it starts
		server = portal.Start(t)
		c.repeat(t, server)
		time.Sleep(3500 * time.Millisecond)
		settled(t, portal)
		if code := server.Stop(t); code != 0 {
			t.Errorf("exit code %d", code)
		}
		c.check(t, portal)
		portal.doctor(t)
	})
}

// comers are the clients and what they were told.
type comers struct {
	door     string
	mu       sync.Mutex
	accepted map[int64]string // requests by number
	open     []request        // without an answer
	taken    map[int64]bool   // offers
}

// come sends requests until the server is gone.
func (c *comers) come(t *testing.T, server *Program, round, client int) {
	for n := range 100_000 {
		q := request{round, client, n}
		id, status := q.send(server, c.door)
		c.mu.Lock()
		if status == http.StatusCreated {
			c.accepted[id] = q.name()
		} else {
			c.open = append(c.open, q)
		}
		c.mu.Unlock()
		if status != http.StatusCreated {
			if status != 0 {
				t.Errorf("%s is refused with %d", q.name(), status)
			}
			return
		}
	}
}

// repeat sends again what got no answer.
func (c *comers) repeat(t *testing.T, server *Program) {
	t.Helper()
	for _, q := range c.open {
		id, status := q.send(server, c.door)
		if status != http.StatusCreated {
			t.Errorf("%s is refused with %d", q.name(), status)
			continue
		}
		c.accepted[id] = q.name()
	}
	c.open = nil
}

// take takes offers now and then, as an administrator may.
func (c *comers) take(t *testing.T, server *Program) {
	for {
		var offers struct{ Items []struct{ ID int64 } }
		if _, err := server.Call(context.Background(), "GET", "/api/offers?limit=5", nil, &offers); err != nil {
			return
		}
		for _, o := range offers.Items {
			a, err := server.Ask(context.Background(), "POST", fmt.Sprintf("/api/offers/%d/take", o.ID), map[string]any{})
			switch {
			case err != nil:
				return
			case a.Status == http.StatusOK:
				c.mu.Lock()
				c.taken[o.ID] = true
				c.mu.Unlock()
			case a.Status >= 500:
				t.Errorf("take: %d %s", a.Status, a.Body)
			}
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// check compares what they were told with what is in the database.
func (c *comers) check(t *testing.T, portal *Portal) {
	t.Helper()
	d := portal.open(t)
	found := map[int64]bool{}
	for _, row := range rows(t, d, "SELECT id, payload FROM request") {
		id := row[0].(int64)
		found[id] = true
		if name := c.accepted[id]; name == "" || !strings.Contains(fmt.Sprint(row[1]), `"`+name+`"`) {
			t.Errorf("request %d is %s, accepted as %q", id, row[1], name)
		}
	}
	for id, name := range c.accepted {
		if !found[id] {
			t.Errorf("request %d %q was accepted and is not there", id, name)
		}
	}
	for id := range c.taken {
		if number(t, d, fmt.Sprint("SELECT count(*) FROM offer WHERE state = 'taken' AND id = ", id)) != 1 {
			t.Errorf("offer %d was taken and nobody remembers", id)
		}
	}
	all := int64(len(c.accepted))
	missed := reconcile(t, d, all)
	if n := number(t, d, "SELECT count(DISTINCT record_id) FROM request"); n != all {
		t.Errorf("%d leads with a request, want %d", n, all)
	}
	if all == 0 || missed == 0 || len(c.taken) == 0 {
		t.Error("too little happened: the test tested nothing")
	}
	t.Logf("%d kills: %d requests, %d offers missed, %d taken", intakeRounds(), all, missed, len(c.taken))
}

// reconcile asks the database whether so many leads went through their drum as they should: one chain of offers each, that
// nobody or exactly one has taken, and every miss told once. It gives the number of misses.
func reconcile(t *testing.T, d *sql.DB, leads int64) (missed int64) {
	t.Helper()
	missed = number(t, d, "SELECT count(*) FROM offer WHERE state = 'missed'")
	for _, is := range []struct {
		what, sql string
		want      int64
	}{
		{"leads", "SELECT count(*) FROM r_lead", leads},
		{"leads with offers", "SELECT count(DISTINCT record_id) FROM offer", leads},
		{"requests without a lead", "SELECT count(*) FROM request q WHERE NOT EXISTS (SELECT 1 FROM r_lead l WHERE l.id = q.record_id)", 0},
		{"chains with not exactly one open or taken offer", "SELECT count(*) FROM (SELECT 1 FROM offer WHERE state <> 'missed' GROUP BY record_id HAVING count(*) <> 1) x", 0},
		{"chains that are neither open nor taken", "SELECT count(*) FROM r_lead r WHERE NOT EXISTS (SELECT 1 FROM offer o WHERE o.record_id = r.id AND o.state <> 'missed')", 0},
		{"chains with gaps", "SELECT count(*) FROM (SELECT 1 FROM offer GROUP BY record_id HAVING count(*) <> max(round) OR count(*) <> count(DISTINCT round)) x", 0},
		{"offers missed too early", "SELECT count(*) FROM offer WHERE state = 'missed' AND decided_at < due_at", 0},
		{"incidents", "SELECT count(*) FROM incident WHERE kind = 'missed_offer'", missed},
		{"offers with an incident", "SELECT count(DISTINCT subject_id) FROM incident WHERE kind = 'missed_offer'", missed},
		{"offers in the journal", "SELECT count(*) FROM journal WHERE kind IN ('offer_made', 'offer_escalated')", number(t, d, "SELECT count(*) FROM offer")},
		{"misses in the journal", "SELECT count(*) FROM journal WHERE kind = 'offer_missed'", missed},
		{"open deadlines", "SELECT count(*) FROM deadline WHERE kind = 'offer' AND state = 'open'", number(t, d, "SELECT count(*) FROM offer WHERE state = 'offered'")},
		{"jobs of deadlines", "SELECT count(*) FROM job WHERE kind = 'deadline'", number(t, d, "SELECT count(*) FROM deadline WHERE state = 'open'")},
		{"journal rows without a cause", "SELECT count(*) FROM journal WHERE cause IS NULL OR CAST(cause AS TEXT) IN ('', '{}', 'null')", 0},
	} {
		if got := number(t, d, is.sql); got != is.want {
			t.Errorf("%s: %d, want %d", is.what, got, is.want)
		}
	}
	return missed
}
