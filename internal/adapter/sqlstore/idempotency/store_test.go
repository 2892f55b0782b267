package idempotency

import (
	"errors"
	"sync"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

var errTaken = errors.New("taken")

func TestKeys(t *testing.T) {
	c := clock.NewManual(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := New(d), t.Context()
		reserve := func(key string, user int64, hash string, then error) error {
			return d.Do(ctx, func(x tx.Tx) error {
				first, err := s.Reserve(x, key, user, hash)
				if err == nil && !first {
					err = errTaken
				}
				if err != nil {
					return err
				}
				return then
			})
		}
		if _, found, err := s.Find(ctx, "k", 1); found || err != nil {
			t.Fatal(found, err)
		}
		failed := errors.New("failed")
		if err := reserve("k", 1, "h", failed); !errors.Is(err, failed) {
			t.Fatal(err)
		}
		if _, found, _ := s.Find(ctx, "k", 1); found {
			t.Error("a failed transaction leaves its key behind")
		}
		if err := reserve("k", 1, "h", nil); err != nil {
			t.Fatal(err)
		}
		if k, found, err := s.Find(ctx, "k", 1); !found || err != nil || k.Status != 0 || k.Hash != "h" {
			t.Errorf("%+v %v %v", k, found, err)
		}
		if err := reserve("k", 1, "h", nil); !errors.Is(err, errTaken) {
			t.Errorf("reserved twice: %v", err)
		}
		if err := reserve("k", 2, "h", nil); err != nil {
			t.Errorf("another person's key: %v", err)
		}
		if err := s.Keep(ctx, "k", 1, Kept{Hash: "h", Status: 201, Type: "application/json", Answer: []byte("{\n}")}); err != nil {
			t.Fatal(err)
		}
		if k, found, _ := s.Find(ctx, "k", 1); !found || k.Status != 201 || k.Type != "application/json" || string(k.Answer) != "{\n}" {
			t.Errorf("%+v %v", k, found)
		}
		c.Advance(25 * time.Hour)
		if _, found, _ := s.Find(ctx, "k", 1); found {
			t.Error("an old answer is found")
		}
		if err := reserve("k", 1, "other", nil); err != nil {
			t.Errorf("an old key is taken: %v", err)
		}
		if err := d.Do(ctx, func(x tx.Tx) error { return s.Handler().Run(x, job.Job{}) }); err != nil {
			t.Fatal(err)
		}
		var left int64
		if err := d.Read(ctx, func(q db.Q) (err error) {
			left, err = db.Int(q, "SELECT count(*) FROM idempotency")
			return err
		}); err != nil || left != 1 {
			t.Errorf("%d rows left, %v", left, err)
		}
	}, func(o *db.Options) { o.Clock = c })
}

func TestOnlyOneOfManyReserves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := New(d)
		var mu sync.Mutex
		won := 0
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				err := d.Do(t.Context(), func(x tx.Tx) error {
					first, err := s.Reserve(x, "k", 1, "h")
					if err == nil && !first {
						err = errTaken
					}
					return err
				})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if !errors.Is(err, errTaken) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if won != 1 {
			t.Errorf("%d reserved", won)
		}
	})
}

// What was made has a place: its answer is known at once and in the table a moment later, with those that came meanwhile.
func TestAnswersAreWrittenTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := New(d), t.Context()
		keys := []string{"b", "a", "c"}
		for _, key := range keys {
			if err := d.Do(ctx, func(x tx.Tx) error { _, err := s.Reserve(x, key, 1, "h"); return err }); err != nil {
				t.Fatal(err)
			}
			if err := s.Keep(ctx, key, 1, Kept{Hash: "h", Status: 201, Type: "text/plain", Answer: []byte(key), Place: "/x"}); err != nil {
				t.Fatal(err)
			}
			if k, found, err := s.Find(ctx, key, 1); !found || err != nil || k.Status != 201 || string(k.Answer) != key {
				t.Fatalf("%+v %v %v", k, found, err)
			}
		}
		other := New(d)
		for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			n := 0
			for _, key := range keys {
				if k, _, err := other.Find(ctx, key, 1); err != nil {
					t.Fatal(err)
				} else if k.Status == 201 && string(k.Answer) == key && k.Type == "text/plain" {
					n++
				}
			}
			if n == len(keys) {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("%d of %d answers are in the table", n, len(keys))
			}
		}
		s.soon.mu.Lock()
		defer s.soon.mu.Unlock()
		if s.soon.bytes != 0 || len(s.soon.kept) != 0 {
			t.Errorf("%d bytes, %d answers still wait", s.soon.bytes, len(s.soon.kept))
		}
	})
}

// More than there is room for is written at once.
func TestManyAnswersDoNotWait(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, ctx := New(d), t.Context()
		if err := d.Do(ctx, func(x tx.Tx) error { _, err := s.Reserve(x, "k", 1, "h"); return err }); err != nil {
			t.Fatal(err)
		}
		k := Kept{Hash: "h", Status: 201, Answer: make([]byte, soonBytes+1), Place: "/x"}
		if err := s.Keep(ctx, "k", 1, k); err != nil {
			t.Fatal(err)
		}
		if got, _, err := New(d).Find(ctx, "k", 1); err != nil || got.Status != 201 || len(got.Answer) != len(k.Answer) {
			t.Errorf("%d %d %v", got.Status, len(got.Answer), err)
		}
	})
}
