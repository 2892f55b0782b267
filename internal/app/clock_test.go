package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/portal"
	"voronka/internal/app"
	"voronka/internal/app/apptest"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
)

// wrong is a clock that goes, but not right. Programs over one portal may share it.
type wrong struct{ by atomic.Int64 }

// Now implements clock.Clock.
func (w *wrong) Now() clock.Instant { return clock.System{}.Now().Add(time.Duration(w.by.Load())) }

func (w *wrong) jump(d time.Duration) { w.by.Add(int64(d)) }

type offer struct {
	ID, Record int64
	State      string
	Round      int
	DueAt      *time.Time `json:"due_at"`
}

// jumping is a portal with a drum of two, its clock, and somebody signed in by cookie.
type jumping struct {
	*apptest.Server
	t      *testing.T
	clock  *wrong
	door   string
	cookie *http.Cookie
}

// restart starts the program over the same data, at the moment the clock shows by now.
func (j *jumping) restart(o apptest.Options) {
	j.Stop()
	j.Server = apptest.Start(j.t, o)
}

func (j *jumping) come(n int) {
	j.t.Helper()
	for i := range n {
		phone := fmt.Sprintf("+7912%07d", time.Now().UnixNano()/1000%10_000_000)
		j.Must("POST", "/api/intake/"+j.door, map[string]any{"name": fmt.Sprint("Client ", i), "phone": phone}, nil)
	}
}

func (j *jumping) offers() []offer {
	j.t.Helper()
	var list struct{ Items []offer }
	j.Must("GET", "/api/offers?limit=100", nil, &list)
	return list.Items
}

func (j *jumping) misses() int {
	j.t.Helper()
	var list struct{ Items []record }
	j.Must("GET", "/api/incidents?limit=100", nil, &list)
	return len(list.Items)
}

// settles waits until so many offers were missed, looks whether that was all, and whether all goes on from there: every
// open offer is due later, the signed-in are still signed in, changes are taken, nobody is busy with nothing.
func (j *jumping) settles(misses, open int) {
	j.t.Helper()
	for end := time.Now().Add(10 * time.Second); j.misses() < misses; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			j.t.Fatalf("%d misses, want %d", j.misses(), misses)
		}
	}
	before := used(j.t)
	time.Sleep(1500 * time.Millisecond) // longer than anybody sleeps between two looks
	if busy := used(j.t) - before; busy > 500*time.Millisecond {
		j.t.Errorf("%v of CPU in 1.5 s with nothing to do", busy)
	}
	if n := j.misses(); n != misses {
		j.t.Errorf("%d misses, want %d", n, misses)
	}
	offers := j.offers()
	if len(offers) != open {
		j.t.Errorf("%d open offers, want %d", len(offers), open)
	}
	for _, o := range offers {
		if o.DueAt == nil || !o.DueAt.After(j.clock.Now().Time()) {
			j.t.Errorf("open but not due later: %+v", o)
		}
	}
	if answer := j.Do("GET", "/api/me", nil, "Authorization", "", "Cookie", j.cookie.String()); answer.StatusCode != http.StatusOK {
		j.t.Errorf("signed out: %d", answer.StatusCode)
	} else {
		answer.Body.Close()
	}
	var deal record
	path := "/api/deals"
	j.Must("POST", path, map[string]any{"title": "As always"}, &deal)
	j.Must("PATCH", fmt.Sprintf("%s/%d", path, deal.ID), map[string]any{"title": "And changed", "version": deal.Version}, nil)
}

// leaves moves a deal to its next stage, at a moment before it entered the one it is in: that visit took no time.
func (j *jumping) leaves(deal int64) {
	j.t.Helper()
	path := fmt.Sprint("/api/deals/", deal)
	j.Must("PATCH", path, map[string]any{"stage": "need", "version": 1}, nil)
	var visits struct {
		Items []struct {
			WallSeconds int64 `json:"wall_seconds"`
			WorkSeconds int64 `json:"work_seconds"`
		}
	}
	j.Must("GET", path+"/visits", nil, &visits)
	if len(visits.Items) != 2 {
		j.t.Errorf("%+v", visits)
	}
	for _, v := range visits.Items {
		if v.WallSeconds < 0 || v.WorkSeconds < 0 {
			j.t.Errorf("a visit shorter than nothing: %+v", v)
		}
	}
}

// TestClockJumps puts the clock two hours forward and back, while the program runs and while it doesn't. What has become
// due is caught up once; what isn't due any more waits; nothing is missed twice.
func TestClockJumps(t *testing.T) {
	both(t, func(t *testing.T, o apptest.Options) {
		const jump = 2 * time.Hour
		w := &wrong{}
		o.Data, o.App = t.TempDir(), []app.Option{app.WithClock(w)}
		j := &jumping{Server: apptest.Start(t, o), t: t, clock: w}
		if o.Postgres {
			o.Postgres, o.Config = false, j.Same
		}
		var members []any
		for _, name := range []string{"Anna", "Boris"} {
			u, _ := j.Person(name, access.Manager)
			members = append(members, map[string]any{"user": u.ID, "active": true})
		}
		var drum, key struct {
			ID  int64
			Key string
		}
		j.Must("POST", "/api/drums", map[string]any{"title": "Sales", "take_minutes": 10, "misses_to_head": 0, "hours": "always", "members": members}, &drum)
		j.Must("POST", "/api/intake-keys", map[string]any{"title": "Site", "channel": "form", "drum": drum.ID}, &key)
		j.door = key.Key
		j.cookie = signIn(t, j.Server)
		j.come(5)
		live := stream(t, j.Server, j.Token, "")
		var long record
		j.Must("POST", "/api/deals", map[string]any{"title": "Long"}, &long)
		j.settles(0, 5)

		w.jump(jump) // forward while it runs: each of the five is missed once and offered to the other
		j.settles(5, 5)
		w.jump(-2 * jump) // back, to two hours before it all began
		j.settles(5, 5)
		j.come(1)
		j.leaves(long.ID)
		j.settles(5, 6)
		offers := j.offers()
		j.Must("POST", fmt.Sprintf("/api/offers/%d/take", offers[0].ID), map[string]any{}, nil)
		var deal record
		j.Must("POST", "/api/deals", map[string]any{"title": "Heard"}, &deal)
		await(t, live, fmt.Sprintf("record %d created false", deal.ID))

		j.restart(o)
		j.settles(5, 5)
		w.jump(2*jump + 15*time.Minute) // forward while it doesn't run: all five are due by then
		j.restart(o)
		j.settles(10, 5)
		w.jump(-jump)
		j.restart(o)
		j.settles(10, 5)

		found, err := portal.Doctor(t.Context(), j.DB, j.Checks())
		if err != nil || len(found) > 0 {
			t.Errorf("%+v %v", found, err)
		}
	})
}

// signIn signs the administrator in as a browser does.
func signIn(t *testing.T, s *apptest.Server) *http.Cookie {
	t.Helper()
	b, _ := json.Marshal(map[string]string{"email": "admin@example.com", "password": apptest.Password})
	answer, err := http.Post(s.URL+"/api/session", "application/json", bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	for _, c := range answer.Cookies() {
		if strings.HasSuffix(c.Name, "session") {
			return &http.Cookie{Name: c.Name, Value: c.Value}
		}
	}
	body, _ := io.ReadAll(answer.Body)
	t.Fatalf("no session: %d %s", answer.StatusCode, body)
	return nil
}
