package account

import (
	"hash/maphash"
	"sync"
	"time"

	"voronka/internal/kernel/clock"
)

// How often a new password may be asked for in an hour: for one address, and from one network.
const (
	perAddress = 3
	perNetwork = 20
	window     = time.Hour
	maxWindows = 8192
)

// windows count how often something was asked for. Their memory is bounded: when it is full, all begin anew.
type windows struct {
	mu   sync.Mutex
	seed maphash.Seed
	open map[uint64]*counter
}

type counter struct {
	since clock.Instant
	n     int
}

// ask counts one more and gives 0, or how many seconds to wait.
func (w *windows) ask(key string, most int, now clock.Instant) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open == nil || len(w.open) >= maxWindows {
		w.seed, w.open = maphash.MakeSeed(), map[uint64]*counter{}
	}
	hash := maphash.String(w.seed, key)
	c := w.open[hash]
	if c == nil || now.Sub(c.since) >= window || now < c.since {
		c = &counter{since: now}
		w.open[hash] = c
	}
	if c.n >= most {
		return int((window-now.Sub(c.since))/time.Second) + 1
	}
	c.n++
	return 0
}
