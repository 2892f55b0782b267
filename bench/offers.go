package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
)

// lateOffers is how many offers of one drum fall due within a second.
func (b *bench) lateOffers() int {
	if b.size == "small" { // making them takes longer than deciding them
		return 2000
	}
	return 10_000
}

// offers measures how long it takes until 10,000 offers that fall due in one second are decided: each is a miss with its
// incident, and its record is offered to the next person.
func (b *bench) offers(ctx context.Context, s *server) error {
	late := b.lateOffers()
	drum, door, err := s.lateDrum(ctx)
	if err != nil {
		return err
	}
	if err := s.ask(ctx, door, late); err != nil {
		return err
	}
	d, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	m, err := newMeter(ctx, s)
	if err != nil {
		return err
	}
	defer m.close(ctx)
	due := time.Now().Add(4 * time.Second)
	if err := comeDue(ctx, d, drum, clock.Of(due)); err != nil {
		return err
	}
	if time.Now().After(due) {
		return fmt.Errorf("%d offers took longer to move than until they were due", late)
	}
	time.Sleep(time.Until(due))
	before, err := m.read(ctx)
	if err != nil {
		return err
	}
	for done := false; !done; {
		time.Sleep(20 * time.Millisecond)
		if done, err = decided(ctx, d, clock.Of(due.Add(time.Second))); err != nil {
			return err
		}
		if time.Since(due) > 3*time.Minute {
			return fmt.Errorf("%d offers are not decided after three minutes", late)
		}
	}
	took := time.Since(due)
	after, err := m.read(ctx)
	if err != nil {
		return err
	}
	b.note("offers_due", late, s.Database, "ms", float64(took.Milliseconds()))
	b.note("offers_due_each", late, s.Database, "us", float64((after-before).Microseconds())/float64(late))
	return b.offersOnce(ctx, s, d, drum)
}

// decided tells whether no deadline due until then is left; who is told of it hears it afterwards.
func decided(ctx context.Context, d *db.DB, until clock.Instant) (done bool, err error) {
	err = d.ReadLoose(ctx, func(q db.Q) error {
		n, err := db.Int(q, "SELECT count(*) FROM (SELECT 1 FROM job WHERE state = 'waiting' AND due_at <= ? AND kind = 'deadline' LIMIT 1) x", until)
		done = n == 0
		return err
	})
	return done, err
}

// lateDrum makes a drum of twenty people with much time, and a door that leads to it.
func (s *server) lateDrum(ctx context.Context) (id int64, door string, err error) {
	members := make([]any, 20)
	for i := range members {
		members[i] = map[string]any{"user": firstPerson + int64(1100+i)}
	}
	var drum struct{ ID int64 }
	var key struct{ Key string }
	for _, call := range []struct {
		path string
		body func() any
		into any
	}{
		{"/api/drums", func() any {
			return map[string]any{"title": "Опоздания", "take_minutes": 600, "misses_to_head": 0, "hours": "always", "members": members}
		}, &drum},
		{"/api/intake-keys", func() any { return map[string]any{"title": "Опоздания", "drum": drum.ID} }, &key},
	} {
		raw, err := json.Marshal(call.body())
		if err != nil {
			return 0, "", err
		}
		answer, err := s.must(ctx, request{name: "late", who: "admin", method: http.MethodPost, path: call.path, body: func(int) []byte { return raw }}, 0)
		if err == nil {
			err = json.Unmarshal(answer, call.into)
		}
		if err != nil {
			return 0, "", err
		}
	}
	return drum.ID, "/api/intake/" + key.Key, nil
}

// ask sends requests of new clients, eight at a time.
func (s *server) ask(ctx context.Context, door string, n int) error {
	r := request{name: "late", method: http.MethodPost, path: door, body: func(i int) []byte {
		return fmt.Appendf(nil, `{"name":"Опоздавший %d","phone":"+7 923 %03d-%02d-%02d"}`, i, i/10000%1000, i/100%100, i%100)
	}}
	var group sync.WaitGroup
	failed := make(chan error, 8)
	for c := range 8 {
		group.Go(func() {
			for i := c; i < n; i += 8 {
				if _, err := s.must(ctx, r, i); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	group.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// comeDue lets all offers of a drum fall due within a second.
func comeDue(ctx context.Context, d *db.DB, drum int64, due clock.Instant) error {
	return d.Do(ctx, func(t tx.Tx) error {
		q := db.Of(t)
		const open = "SELECT id FROM offer WHERE drum_id = ? AND state = 'offered'"
		if _, err := q.Exec("UPDATE job SET due_at = ? + id % 1000 WHERE kind = 'deadline' AND key IN (SELECT 'deadline/' || id FROM deadline "+
			"WHERE kind = 'offer' AND state = 'open' AND subject_id IN ("+open+"))", due, drum); err != nil {
			return err
		}
		if _, err := q.Exec("UPDATE deadline SET due_at = ? WHERE kind = 'offer' AND state = 'open' AND subject_id IN ("+open+")", due, drum); err != nil {
			return err
		}
		_, err := q.Exec("UPDATE offer SET due_at = ? WHERE drum_id = ? AND state = 'offered'", due, drum)
		return err
	})
}

// offersOnce checks that every offer was missed once and every record has one open offer now.
func (b *bench) offersOnce(ctx context.Context, s *server, d *db.DB, drum int64) error {
	return d.Read(ctx, func(q db.Q) error {
		for what, sql := range map[string]string{
			"missed":            "SELECT count(DISTINCT record_id) FROM offer WHERE drum_id = ? AND state = 'missed'",
			"offered anew":      "SELECT count(DISTINCT record_id) FROM offer WHERE drum_id = ? AND state = 'offered'",
			"incidents":         "SELECT count(DISTINCT record_id) FROM incident WHERE drum_id = ?",
			"missed or offered": "SELECT count(*) / 2 FROM offer WHERE drum_id = ?",
		} {
			n, err := db.Int(q, sql, drum)
			if err != nil {
				return err
			}
			if n != int64(b.lateOffers()) {
				b.wrong = append(b.wrong, fmt.Sprintf("%s: of %d late offers %d were %s", s.Database, b.lateOffers(), n, what))
			}
		}
		return nil
	})
}
