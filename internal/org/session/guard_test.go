package session

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

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

// Whatever strangers do, from wherever, a person with a browser he has signed in with before gets through; and who has only
// that browser's cookie can't guess for ever.
func TestStrangersCannotLockOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := clock.NewManual(time.Unix(1e9, 0))
		g := NewGuard(c)
		where := rapid.SampledFrom([]string{"192.0.2.1", "198.51.100.7", "2001:db8::1"})
		for range rapid.IntRange(0, 200).Draw(t, "guesses") {
			if rapid.Bool().Draw(t, "second") {
				_, _ = g.EnterSecond(7, where.Draw(t, "ip"), "")
			} else {
				_, _ = g.Enter(rapid.SampledFrom([]string{"anna", "boris"}).Draw(t, "account"), where.Draw(t, "ip"), "")
			}
			c.Advance(time.Duration(rapid.IntRange(0, 5).Draw(t, "seconds")) * time.Second)
		}
		if _, err := g.Enter("anna", where.Draw(t, "her ip"), "her browser"); err != nil {
			t.Fatalf("locked out of the first step: %v", err)
		}
		if _, err := g.EnterSecond(7, where.Draw(t, "her ip"), "her browser"); err != nil {
			t.Fatalf("locked out of the second step: %v", err)
		}
		passed := 0
		for range 100 {
			if _, err := g.Enter("anna", where.Draw(t, "thief"), "her browser"); err == nil {
				passed++
			}
		}
		if passed > freeTries {
			t.Fatalf("%d guesses with a stolen cookie", passed)
		}
	})
}

// Who knows the password may try codes from everywhere, and is slowed down all the same.
func TestCodesAreGuessedByNobody(t *testing.T) {
	g, passed := NewGuard(clock.NewManual(time.Unix(1e9, 0))), 0
	for i := range 1000 {
		if _, err := g.EnterSecond(7, fmt.Sprintf("10.0.%d.%d", i>>8, i&255), ""); err == nil {
			passed++
		}
	}
	if passed != freeTriesSecond {
		t.Errorf("%d codes tried", passed)
	}
}

// A flood of failures writes few lines, and counts the rest.
func TestFailuresAreFewLines(t *testing.T) {
	c := clock.NewManual(time.Unix(1e9, 0))
	f, lines, counted := newFailures(), 0, 0
	for i := range 100_000 {
		n, omitted, write := f.line(failure{email: fmt.Sprint("u", i%500), network: "192.0.2.1"}, c.Now())
		if write {
			lines, counted = lines+1, counted+n+omitted
		}
		if i%1000 == 999 {
			c.Advance(time.Second)
		}
	}
	if lines > 2*linesAMinute+2 || len(f.seen) > maxFailures {
		t.Errorf("%d lines, %d kept", lines, len(f.seen))
	}
	if counted < 1 || counted > 100_000 {
		t.Errorf("counted %d", counted)
	}
	one := failure{email: "anna", network: "198.51.100.7"}
	g := newFailures()
	for range 10 {
		g.line(one, c.Now())
	}
	c.Advance(failedEvery)
	if n, _, write := g.line(one, c.Now()); !write || n != 10 {
		t.Errorf("%d %v", n, write)
	}
}
