package session

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
)

func retry(err error) int {
	var e *fault.Error
	if !errors.As(err, &e) || e.Code != fault.TooMany {
		return 0
	}
	return e.RetryAfter
}

func TestGuessingSlowsDown(t *testing.T) {
	c := clock.NewManual(time.Unix(1e9, 0))
	g := NewGuard(c)
	for i := range freeTries {
		if _, err := g.Enter("anna", "192.0.2.1", ""); err != nil {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
	want := 1
	for range 12 {
		_, err := g.Enter("anna", "192.0.2.1", "")
		if got := retry(err); got != want {
			t.Fatalf("delay %d, want %d (%v)", got, want, err)
		}
		c.Advance(time.Duration(want) * time.Second)
		if _, err := g.Enter("anna", "192.0.2.1", ""); err != nil {
			t.Fatalf("after the delay: %v", err)
		}
		want = min(want*2, int(maxDelay.Seconds()))
	}
	if _, err := g.Enter("anna", "198.51.100.7", ""); err != nil {
		t.Fatalf("the owner elsewhere is locked out: %v", err)
	}
	if _, err := g.Enter("boris", "192.0.2.1", ""); err != nil {
		t.Fatalf("a colleague behind the same address is locked out by a few failures: %v", err)
	}
}

func TestManyAccountsFromOneNetwork(t *testing.T) {
	c := clock.NewManual(time.Unix(1e9, 0))
	g := NewGuard(c)
	passed := 0
	for i := range 1000 {
		if _, err := g.Enter(fmt.Sprint("user", i), fmt.Sprintf("2001:db8::%x", i), ""); err == nil {
			passed++
		}
	}
	if passed != freeTriesIP {
		t.Errorf("%d tries passed from one /64, want %d", passed, freeTriesIP)
	}
}

func TestSuccessIsForgiven(t *testing.T) {
	c := clock.NewManual(time.Unix(1e9, 0))
	g := NewGuard(c)
	for range 500 { // a whole office signs in behind one address
		p, err := g.Enter("anna", "192.0.2.1", "")
		if err != nil {
			t.Fatal(err)
		}
		p.Succeed()
	}
	for range 500 {
		p, err := g.Enter("anna", "192.0.2.1", "")
		if err != nil {
			t.Fatal(err)
		}
		p.Forget()
	}
	if len(g.kept) != 0 {
		t.Errorf("%d entries left", len(g.kept))
	}
}

func TestMemoryIsBounded(t *testing.T) {
	c := clock.NewManual(time.Unix(1e9, 0))
	g := NewGuard(c)
	for range 20 {
		_, _ = g.Enter("anna", "192.0.2.1", "")
		c.Advance(16 * time.Minute)
	}
	_, _ = g.Enter("anna", "192.0.2.1", "")
	for i := range 5 * maxKept {
		_, _ = g.Enter("x", fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255), "")
	}
	if len(g.kept) > maxKept {
		t.Errorf("%d entries", len(g.kept))
	}
	if _, err := g.Enter("anna", "192.0.2.1", ""); retry(err) == 0 {
		t.Error("a flood made the guard forget who is delayed")
	}
}
