package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"voronka/internal/demo"
)

// replayed is how many leads of the replay's stream are sent: a part in CI, all at night.
func replayed() int {
	if os.Getenv("VORONKA_NIGHT_KILLS") != "" {
		return 8000
	}
	return 500
}

// TestKilledReplay sends the stream of the replay through the public door of two servers over one PostgreSQL, and of one
// over SQLite, which has no second. Again and again a server is killed and started anew; who gets no answer asks
// again with the same key. In the end everybody who asked is one lead, however often and in whatever notation he asked.
func TestKilledReplay(t *testing.T) {
	asks, _, err := demo.Asks(demo.Options{Limit: replayed(), Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	onBothDatabases(t, func(t *testing.T, portal *Portal) {
		servers := make([]atomic.Pointer[Program], 1)
		if portal.Database != "" {
			servers = make([]atomic.Pointer[Program], 2)
		}
		for i := range servers {
			servers[i].Store(portal.Start(t))
		}
		first := servers[0].Load()
		var people []int64
		for n := range 3 {
			id, _ := first.person(t, fmt.Sprint("Taker ", n), "manager")
			people = append(people, id)
		}
		r := &rerun{door: first.door(t, 0.03, people...), servers: servers, asks: asks, records: make([]int64, len(asks)), kills: rounds(t)} // 1.8 s to take
		r.play(t, portal)
		time.Sleep(2500 * time.Millisecond) // what was offered last falls due
		settled(t, portal)
		for i := range servers {
			if code := servers[i].Load().Stop(t); code != 0 {
				t.Errorf("exit code %d", code)
			}
		}
		r.check(t, portal)
		portal.doctor(t)
	})
}

// rerun is a stream of requests on its way to servers that die.
type rerun struct {
	door    string
	servers []atomic.Pointer[Program]
	asks    []demo.Ask
	next    atomic.Int64
	records []int64 // the request each ask was accepted as
	kills   int     // spread over the stream
}

// play sends everything by four clients, while people take offers and servers are killed.
func (r *rerun) play(t *testing.T, portal *Portal) {
	t.Helper()
	var clients, takers sync.WaitGroup
	for range 4 {
		clients.Go(func() { r.come(t) })
	}
	ctx, cancel := context.WithCancel(t.Context())
	for n := range 2 {
		takers.Go(func() { r.take(ctx, t, n) })
	}
	for n := range r.kills {
		for from := (n + 1) * len(r.asks) / (r.kills + 1); int(r.next.Load()) < from && !t.Failed(); {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond)
		at := &r.servers[n%len(r.servers)]
		at.Load().Kill()
		at.Store(portal.Start(t))
	}
	clients.Wait()
	cancel()
	takers.Wait()
}

// come sends the next request until there is none; one without an answer is sent again, to whoever lives.
func (r *rerun) come(t *testing.T) {
	for {
		n := int(r.next.Add(1)) - 1
		if n >= len(r.asks) {
			return
		}
		var accepted struct{ Request int64 }
		for try := 0; accepted.Request == 0; try++ {
			server := r.servers[(n+try)%len(r.servers)].Load()
			status, err := server.Call(context.Background(), "POST", "/api/intake/"+r.door, r.asks[n].Fields, &accepted, "Idempotency-Key", "ask-"+strconv.Itoa(n))
			switch {
			case err == nil && status != http.StatusCreated && status != http.StatusServiceUnavailable:
				t.Errorf("request %d is refused with %d", n, status)
				return
			case try > 1000:
				t.Errorf("request %d: no answer: %v", n, err)
				return
			case accepted.Request == 0:
				time.Sleep(30 * time.Millisecond)
			}
		}
		r.records[n] = accepted.Request
	}
}

// take takes an offer now and then, as an administrator may.
func (r *rerun) take(ctx context.Context, t *testing.T, n int) {
	for ; ctx.Err() == nil; time.Sleep(40 * time.Millisecond) {
		server := r.servers[n%len(r.servers)].Load()
		var offers struct{ Items []struct{ ID int64 } }
		if _, err := server.Call(ctx, "GET", "/api/offers?limit=3", nil, &offers); err != nil {
			continue
		}
		for _, o := range offers.Items {
			a, err := server.Ask(ctx, "POST", fmt.Sprintf("/api/offers/%d/take", o.ID), map[string]any{})
			if err == nil && a.Status >= 500 && a.Status != http.StatusServiceUnavailable {
				t.Errorf("take: %d %s", a.Status, a.Body)
			}
		}
	}
}

// check compares the planted repeats with those found, and what happened with what is in the database.
func (r *rerun) check(t *testing.T, portal *Portal) {
	t.Helper()
	d := portal.open(t)
	leadOf := map[int64]int64{}
	for _, row := range rows(t, d, "SELECT id, record_id FROM request") {
		leadOf[row[0].(int64)] = row[1].(int64)
	}
	if len(leadOf) != len(r.asks) {
		t.Errorf("%d requests are there, %d were accepted", len(leadOf), len(r.asks))
	}
	leads, persons := map[int]int64{}, map[int64]int{} // of each person, and back
	planted := 0
	for n, ask := range r.asks {
		lead := leadOf[r.records[n]]
		if lead == 0 {
			t.Errorf("request %d %v was accepted and has no lead", r.records[n], ask.Fields)
			continue
		}
		switch of, known := leads[ask.Person]; {
		case !known:
			leads[ask.Person] = lead
		case of != lead:
			t.Errorf("missed: %v is lead %d, he asked before as lead %d", ask.Fields, lead, of)
		}
		switch who, known := persons[lead]; {
		case !known:
			persons[lead] = ask.Person
		case who != ask.Person:
			t.Errorf("false: %v was taken for another person of lead %d", ask.Fields, lead)
		}
		if ask.Again {
			planted++
		}
	}
	missed := reconcile(t, d, int64(len(r.asks)-planted))
	taken := number(t, d, "SELECT count(*) FROM offer WHERE state = 'taken'")
	if n := number(t, d, "SELECT count(*) FROM journal WHERE kind = 'offer_taken'"); n != taken {
		t.Errorf("%d offers are taken, the journal knows of %d", taken, n)
	}
	if missed == 0 || taken == 0 || planted == 0 {
		t.Errorf("too little happened: %d misses, %d taken, %d repeats", missed, taken, planted)
	}
	t.Logf("%d kills: %d requests, %d of them repeats, %d offers missed, %d taken", r.kills, len(r.asks), planted, missed, taken)
}
