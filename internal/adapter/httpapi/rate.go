package httpapi

import (
	"sync"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/session"
)

// maxBuckets bounds the memory of the limiter: two generations of so many buckets.
const maxBuckets = 8192

// rates lets one person, or one address without login, call only so often. Buckets fill up by themselves, so one that was
// full can be forgotten: the older half is dropped when there are too many.
type rates struct {
	clock clock.Clock
	fill  float64 // tokens a second
	size  float64

	mu         sync.Mutex
	young, old map[bucketKey]*bucket
}

type bucketKey struct {
	user int64
	from string // network, for those without login
	path string // for doors with a limit of their own
}

type bucket struct {
	tokens float64
	at     clock.Instant
}

func newRates(c clock.Clock, perSecond float64, burst int) *rates {
	return &rates{clock: c, fill: perSecond, size: float64(burst), young: map[bucketKey]*bucket{}}
}

// take counts one call.
func (r *rates) take(rt *route, c *call) error {
	key := bucketKey{user: c.who.UserID}
	if key.user == 0 {
		key.from = session.Network(c.ip)
	}
	if err := r.spend(key, r.fill, r.size); err != nil {
		return err
	}
	if rt.PerMinute == 0 {
		return nil
	}
	return r.spend(bucketKey{from: session.Network(c.ip), path: rt.Path}, float64(rt.PerMinute)/60, float64(rt.PerMinute))
}

func (r *rates) spend(key bucketKey, fill, size float64) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	b, now := r.bucket(key, size), r.clock.Now()
	if passed := now.Sub(b.at).Seconds(); passed > 0 {
		b.tokens = min(size, b.tokens+passed*fill)
	}
	b.at = now
	if b.tokens < 1 {
		wait := int((1-b.tokens)/fill) + 1
		return &fault.Error{Code: fault.TooMany, Key: "http.too_many", Args: fault.Args{"seconds": wait}, RetryAfter: wait}
	}
	b.tokens--
	return nil
}

func (r *rates) bucket(key bucketKey, size float64) *bucket {
	if b := r.young[key]; b != nil {
		return b
	}
	b := r.old[key]
	if b == nil {
		b = &bucket{tokens: size, at: r.clock.Now()}
	}
	if len(r.young) >= maxBuckets {
		r.old, r.young = r.young, make(map[bucketKey]*bucket, maxBuckets)
	}
	r.young[key] = b
	return b
}
