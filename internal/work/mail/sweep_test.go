package mail

import (
	"testing"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

// yard has a number of old letters.
type yard struct {
	Store
	letters int64
}

func (y *yard) SweepLetters(_ tx.Tx, _ clock.Instant, limit int) (int64, error) {
	n := min(y.letters, int64(limit))
	y.letters -= n
	return n, nil
}

// calendar is a transaction that remembers what it was told to do next.
type calendar struct {
	tx.Tx
	next job.Job
}

func (*calendar) Now() clock.Instant         { return 1_000_000 }
func (c *calendar) Schedule(j job.Job) error { c.next = j; return nil }

// A full slice is followed by the next one at once: more letters a day than one slice holds would pile up.
func TestSweepGoesOnUntilNothingIsLeft(t *testing.T) {
	y, c := &yard{letters: 2*slice + 1}, &calendar{}
	s := &Service{Store: y}
	for i, want := range []time.Duration{time.Second, time.Second, 24 * time.Hour, 24 * time.Hour} {
		if err := s.sweep(c); err != nil || c.next.Kind != SweepJob || c.next.Key != "daily" || c.next.DueAt != c.Now().Add(want) {
			t.Errorf("%d: %+v, want in %s (%v)", i, c.next, want, err)
		}
	}
	if y.letters != 0 {
		t.Errorf("%d are left", y.letters)
	}
}
