package intake

import (
	"sync"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/org/session"
)

// Limiter holds back floods: per key and address (of IPv6 its network: one host has them all) a burst, then a steady rate; per key alone ten times that. It keeps
// nothing for those who are quiet, and its memory is bounded.
type Limiter struct {
	Burst int           // requests at once; 0 = no limit at all
	Every time.Duration // one more after this

	mu         sync.Mutex
	young, old map[string]bucket
}

// bucket is when the next request would be free if everything so far had come at the steady rate.
type bucket struct{ full clock.Instant }

const limiterCap = 20_000

// Wait tells how long to wait before one more request is taken; 0 takes it now.
func (l *Limiter) Wait(key, ip string, now clock.Instant) time.Duration {
	if l == nil || l.Burst == 0 {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if wait := l.wait(key+"\x00"+session.Network(ip), l.Burst, l.Every, now); wait > 0 {
		return wait
	}
	return l.wait(key, l.Burst*10, l.Every/10, now)
}

func (l *Limiter) wait(name string, burst int, every time.Duration, now clock.Instant) time.Duration {
	b, ok := l.young[name]
	if !ok {
		b = l.old[name]
	}
	b.full = max(b.full, now)
	if b.full.Sub(now) > time.Duration(burst)*every { // further ahead than it ever gets: the clock was put back
		b.full = now
	}
	if ahead := b.full.Sub(now); ahead > time.Duration(burst-1)*every {
		return ahead - time.Duration(burst-1)*every
	}
	b.full = b.full.Add(every)
	if l.young == nil || len(l.young) >= limiterCap {
		l.old, l.young = l.young, map[string]bucket{}
	}
	l.young[name] = b
	return 0
}
