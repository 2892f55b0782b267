package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"voronka/internal/app"
	"voronka/internal/app/apptest"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
	"voronka/internal/org/user"
	"voronka/internal/work/notify"
)

// pushes is a push service that keeps what it was given, in place of the services of the world.
type pushes struct {
	notify.Pusher
	mu   sync.Mutex
	got  []notify.Message
	gone bool // the browser has unsubscribed
}

func (p *pushes) Make() (public, private string, err error) { return "public", "private", nil }
func (p *pushes) Check(notify.Subscription) error           { return nil }
func (p *pushes) Push(_ context.Context, _ notify.Keys, _ notify.Subscription, m notify.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone {
		return notify.ErrGone
	}
	p.got = append(p.got, m)
	return nil
}

func (p *pushes) all() []notify.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.got)
}

// shown is what a service worker gets.
type shown struct {
	Kind, Title, Body, Tag, URL string
	Take                        *struct{ Token, Label string }
}

func (p *pushes) shown(t *testing.T) (list []shown) {
	t.Helper()
	for _, m := range p.all() {
		var s shown
		if err := json.Unmarshal(m.Payload, &s); err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	return list
}

// noon is a working Wednesday in Moscow.
var noon = time.Date(2026, 11, 18, 9, 0, 0, 0, time.UTC)

// desk is a portal with a drum of two and a form.
type desk struct {
	*apptest.Server
	*testing.T
	clock       *clock.Manual
	pushes      *pushes
	anna, boris *user.User
	annas, bs   string // their tokens
	key         string
	keyID       int64
}

func newDesk(t *testing.T, postgres bool, lang string, more ...app.Option) *desk {
	t.Helper()
	d := &desk{T: t, clock: clock.NewManual(noon), pushes: &pushes{}}
	d.Server = apptest.Start(t, apptest.Options{Postgres: postgres, Lang: lang, App: append([]app.Option{app.WithClock(d.clock), app.WithPusher(d.pushes)}, more...)})
	d.anna, d.annas = d.Person("Anna", access.Manager)
	d.boris, d.bs = d.Person("Boris", access.Manager)
	var drum struct{ ID int64 }
	d.Must("POST", "/api/drums", map[string]any{
		"title": "Sales", "take_minutes": 5, "head": d.Admin.ID, "misses_to_head": 2,
		"members": []any{map[string]any{"user": d.anna.ID, "active": true}, map[string]any{"user": d.boris.ID, "active": true}},
	}, &drum)
	var key struct {
		ID  int64
		Key string
	}
	d.Must("POST", "/api/intake-keys", map[string]any{"title": "Site", "drum": drum.ID}, &key)
	d.key, d.keyID = key.Key, key.ID
	return d
}

func (d *desk) request(n int) {
	d.Helper()
	d.Must("POST", "/api/intake/"+d.key, map[string]any{"name": fmt.Sprintf("Client %d", n), "email": fmt.Sprintf("c%d@example.org", n)}, nil, "Authorization", "")
}

func (d *desk) subscribe(token string) {
	d.Helper()
	d.Must("POST", "/api/push/subscriptions", map[string]any{"endpoint": "https://push.example.com/" + token, "keys": map[string]string{"p256dh": "x", "auth": "y"}}, nil, bearer(token)...)
}

func bearer(token string) []string { return []string{"Authorization", "Bearer " + token} }

type notification struct {
	ID          int64
	Kind, Title string
	Body        string
	Read        bool
	Record      *int64
	Action      *struct {
		Offer int64
		Open  bool
	}
}

func (d *desk) told(token string) (list []notification, unread int64) {
	d.Helper()
	var page struct {
		Items  []notification
		Unread int64
	}
	d.Must("GET", "/api/notifications", nil, &page, bearer(token)...)
	return page.Items, page.Unread
}

// wait waits until a person was told a number of things and gives them, the newest first.
func (d *desk) wait(token string, n int) []notification {
	d.Helper()
	var list []notification
	d.until(func() bool { list, _ = d.told(token); return len(list) >= n }, "%d notices", n)
	if len(list) != n {
		d.Fatalf("%d notices, want %d: %+v", len(list), n, list)
	}
	return list
}

func (d *desk) until(f func() bool, what string, args ...any) {
	d.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if f() {
			return
		}
	}
	d.Fatalf("still not: "+what, args...)
}

func eachDatabase(t *testing.T, f func(t *testing.T, postgres bool)) {
	t.Run("sqlite", func(t *testing.T) { f(t, false) })
	t.Run("postgres", func(t *testing.T) { f(t, true) })
}

func TestOfferIsToldAndTakenFromThePush(t *testing.T) {
	eachDatabase(t, func(t *testing.T, postgres bool) {
		d := newDesk(t, postgres, "ru")
		d.subscribe(d.annas)
		d.request(1)
		got := d.wait(d.annas, 1)[0]
		if got.Kind != notify.OfferMade || got.Read || got.Action == nil || !got.Action.Open || got.Title != "Вам предложено: Client 1" || got.Body != "Возьмите до 12:05" {
			t.Errorf("%+v", got)
		}
		d.until(func() bool { return len(d.pushes.all()) == 1 }, "a push")
		push := d.pushes.shown(t)[0]
		if push.Take == nil || push.Take.Label != "Взять" || push.Title != got.Title || push.URL != fmt.Sprintf("/leads/%d", *got.Record) {
			t.Fatalf("%+v", push)
		}
		act := func(token string) (int, string) {
			status, body := d.Call("POST", "/api/push/act", map[string]string{"token": token}, "Authorization", "", "Accept-Language", "en")
			return status, string(body)
		}
		for _, wrong := range []string{"", "x", push.Take.Token + "x", "9" + push.Take.Token, strings.Replace(push.Take.Token, ".", ".1", 1)} {
			if status, body := act(wrong); status != http.StatusForbidden {
				t.Errorf("%q is answered with %d %s", wrong, status, body)
			}
		}
		if status, body := act(push.Take.Token); status != http.StatusOK || !strings.Contains(body, `"state":"taken"`) || !strings.Contains(body, "Обращение ваше") {
			t.Fatalf("%d %s", status, body)
		}
		if status, body := act(push.Take.Token); status != http.StatusConflict {
			t.Errorf("a second time: %d %s", status, body)
		}
		d.until(func() bool {
			list, unread := d.told(d.annas)
			return unread == 0 && list[0].Read && !list[0].Action.Open
		}, "the notice is settled")
		if list, _ := d.told(d.bs); len(list) != 0 {
			t.Errorf("Boris is told %+v", list)
		}
	})
}

func TestMissedGoesOnAndTheWordIsDead(t *testing.T) {
	eachDatabase(t, func(t *testing.T, postgres bool) {
		d := newDesk(t, postgres, "en")
		d.subscribe(d.annas)
		d.request(1)
		d.until(func() bool { return len(d.pushes.all()) == 1 }, "a push")
		token := d.pushes.shown(t)[0].Take.Token
		d.clock.Advance(5*time.Minute + time.Second)
		// Even before the miss is noticed, the word of action is over with the deadline.
		if status, body := d.Call("POST", "/api/push/act", map[string]string{"token": token}, "Authorization", ""); status < 400 {
			t.Errorf("after the deadline: %d %s", status, body)
		}
		list := d.wait(d.annas, 2)
		if list[0].Kind != notify.OfferMissed || !list[1].Read {
			t.Errorf("Anna: %+v", list)
		}
		if got := d.wait(d.bs, 1)[0]; got.Kind != notify.OfferMade {
			t.Errorf("Boris: %+v", got)
		}
		d.clock.Advance(5*time.Minute + time.Second)
		var kinds []string
		d.until(func() bool {
			kinds = nil
			list, _ := d.told(d.Token)
			for _, n := range list {
				kinds = append(kinds, n.Kind)
			}
			return slices.Contains(kinds, notify.OfferEscalated)
		}, "the head: %v", kinds)
	})
}

func TestRestIsQuiet(t *testing.T) {
	eachDatabase(t, func(t *testing.T, postgres bool) {
		d := newDesk(t, postgres, "en")
		d.subscribe(d.annas)
		d.clock.Set(clock.Of(noon.Add(12 * time.Hour))) // midnight in Moscow
		for i := range 3 {
			d.Must("POST", "/api/deals", map[string]any{"title": fmt.Sprintf("Deal %d", i), "responsible": d.anna.ID}, nil)
		}
		list := d.wait(d.annas, 3)
		if list[0].Kind != notify.RecordAssigned || list[0].Title != "Now yours: Deal 2" || list[0].Body != "By Admin" {
			t.Errorf("%+v", list[0])
		}
		time.Sleep(300 * time.Millisecond)
		if got := d.pushes.shown(t); len(got) != 0 {
			t.Fatalf("pushed at night: %+v", got)
		}
		d.clock.Set(clock.Of(time.Date(2026, 11, 19, 6, 0, 0, 0, time.UTC))) // nine
		d.until(func() bool { return len(d.pushes.all()) > 0 }, "the digest")
		time.Sleep(300 * time.Millisecond)
		if got := d.pushes.shown(t); len(got) != 1 || got[0].Title != "While you were off: 3 notifications" {
			t.Errorf("%+v", got)
		}
	})
}

func TestChoicesHold(t *testing.T) {
	d := newDesk(t, false, "en")
	d.subscribe(d.annas)
	var s struct {
		Items []map[string]any
	}
	d.Must("PATCH", "/api/notification-settings", map[string]any{"items": []any{map[string]any{"kind": "record_assigned", "push": false}}}, &s, bearer(d.annas)...)
	for _, item := range s.Items {
		if item["kind"] == "record_assigned" && (item["push"] != false || item["toast"] != true) {
			t.Errorf("%v", item)
		}
		if item["kind"] == "trouble" || item["kind"] == "people_incident" {
			t.Errorf("a manager is asked about %v", item["kind"])
		}
	}
	d.Must("POST", "/api/deals", map[string]any{"title": "Deal", "responsible": d.anna.ID}, nil)
	d.wait(d.annas, 1)
	time.Sleep(300 * time.Millisecond)
	if got := d.pushes.shown(t); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	if status, _ := d.Call("PATCH", "/api/notification-settings", map[string]any{"items": []any{map[string]any{"kind": "nonsense"}}}); status != http.StatusUnprocessableEntity && status != http.StatusBadRequest {
		t.Errorf("nonsense is answered with %d", status)
	}
	var left struct{ Unread int64 }
	d.Must("POST", "/api/notifications/read", map[string]any{"all": true}, &left, bearer(d.annas)...)
	if _, unread := d.told(d.annas); left.Unread != 0 || unread != 0 {
		t.Errorf("%d and %d are left", left.Unread, unread)
	}
}

func TestGoneDevicesAreForgotten(t *testing.T) {
	d := newDesk(t, false, "en")
	d.subscribe(d.annas)
	d.pushes.gone = true
	d.request(1)
	d.until(func() bool {
		var list struct{ Items []any }
		d.Must("GET", "/api/push/subscriptions", nil, &list, bearer(d.annas)...)
		return len(list.Items) == 0
	}, "forgotten")
}

// What is heard twice is told once: a durable listener hears again after a crash.
func TestHeardTwiceToldOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, postgres bool) {
		d := newDesk(t, postgres, "en")
		d.request(1)
		d.Must("POST", "/api/deals", map[string]any{"title": "Deal", "responsible": d.anna.ID}, nil)
		d.wait(d.annas, 2)
		events, err := d.Pump.Since(t.Context(), 0, 1000)
		if err != nil {
			events, err = d.Pump.Since(t.Context(), max(0, d.Pump.Head()-200), 1000)
		}
		if err != nil || len(events) == 0 {
			t.Fatalf("%d events, %v", len(events), err)
		}
		if err := d.Notify.Hear(t.Context(), events); err != nil {
			t.Fatal(err)
		}
		d.wait(d.annas, 2)
	})
}

// A list given to somebody is told in one piece.
func TestAListGivenIsToldOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, postgres bool) {
		d := newDesk(t, postgres, "ru")
		var ids []int64
		for i := range 12 {
			var deal struct{ ID int64 }
			d.Must("POST", "/api/deals", map[string]any{"title": fmt.Sprintf("Deal %d", i)}, &deal)
			ids = append(ids, deal.ID)
		}
		d.Must("POST", "/api/deals/bulk", map[string]any{"ids": ids, "set": map[string]any{"responsible": d.boris.ID}}, nil)
		got := d.wait(d.bs, 1)[0]
		if got.Title != "Теперь у вас ещё 12 записей" || got.Record != nil {
			t.Errorf("%+v", got)
		}
	})
}

// Who was signed out on a device is pushed to there no more.
func TestPushesEndWithTheSession(t *testing.T) {
	d := newDesk(t, false, "en")
	answer := d.Do("POST", "/api/session", map[string]string{"email": d.anna.Email, "password": apptest.Password}, "Authorization", "")
	_ = answer.Body.Close()
	cookie := answer.Cookies()[0].String()
	d.Must("POST", "/api/push/subscriptions", map[string]any{"endpoint": "https://push.example.com/1", "keys": map[string]string{"p256dh": "x", "auth": "y"}}, nil,
		"Authorization", "", "Cookie", cookie)
	d.request(1)
	d.until(func() bool { return len(d.pushes.all()) == 1 }, "a push")
	d.Must("DELETE", "/api/session", nil, nil, "Authorization", "", "Cookie", cookie)
	d.Must("POST", "/api/deals", map[string]any{"title": "Deal", "responsible": d.anna.ID}, nil)
	d.wait(d.annas, 2)
	time.Sleep(300 * time.Millisecond)
	if got := d.pushes.shown(t); len(got) != 1 {
		t.Errorf("%+v", got)
	}
	var list struct{ Items []any }
	d.Must("GET", "/api/push/subscriptions", nil, &list, bearer(d.annas)...)
	if len(list.Items) != 0 {
		t.Errorf("%v", list.Items)
	}
}
