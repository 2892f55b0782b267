package intake

import (
	"fmt"
	"testing"
	"time"

	"voronka/internal/kernel/clock"
)

func TestFloodsAreHeldBack(t *testing.T) {
	l := &Limiter{Burst: 3, Every: 2 * time.Second}
	now := clock.Of(time.Now())
	taken := func() (n int) {
		for range 10 {
			if l.Wait("door", "10.0.0.1", now) == 0 {
				n++
			}
		}
		return n
	}
	if n := taken(); n != 3 {
		t.Errorf("%d at once", n)
	}
	if l.Wait("door", "10.0.0.2", now) != 0 {
		t.Error("another address is held back")
	}
	for n := range 3 {
		if wait := l.Wait("door", fmt.Sprintf("2001:db8::%d", n), now); wait != 0 {
			t.Errorf("address %d of one network waits", n)
		}
	}
	if l.Wait("door", "2001:db8::ffff", now) == 0 {
		t.Error("one host passes by all of its addresses")
	}
	now = now.Add(4 * time.Second)
	if n := taken(); n != 2 {
		t.Errorf("%d after four seconds", n)
	}
	if wait := l.Wait("door", "10.0.0.1", now); wait <= 0 || wait > 2*time.Second {
		t.Errorf("wait %v", wait)
	}
	now = now.Add(-2 * time.Hour) // somebody put the clock right
	if n := taken(); n != 3 {
		t.Errorf("%d after the clock was put back", n)
	}
}
