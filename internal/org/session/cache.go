package session

import (
	"sync"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
)

// fresh is how long what was read of a session or token is believed. Revoking here takes effect at once, on another node
// after this long.
const fresh = 5 * time.Second

// maxCached bounds the cache; a hundred bytes each.
const maxCached = 20_000

// entry is what is known of one secret.
type entry struct {
	id      int64
	userID  int64
	expires clock.Instant // 0: never
	own     bool          // a session by our own door, where a second factor may be demanded
	limit   *access.Limit // of a token
	lookAs  int64         // with whose eyes an administrator looks, 0: his own
	read    clock.Instant // when it was read
}

// cache keeps entries by kind and hash of the secret. Its generation tells a reader that something was revoked while he was
// reading, so that he doesn't put the revoked back.
type cache struct {
	mu         *sync.RWMutex
	entries    map[[32]byte]entry
	generation *uint64
}

func newCache() cache {
	return cache{mu: new(sync.RWMutex), entries: map[[32]byte]entry{}, generation: new(uint64)}
}

// get gives a fresh entry, and the generation to hand to put otherwise.
func (c *cache) get(key [32]byte, now clock.Instant) (e entry, ok bool, generation uint64) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	e, ok = c.entries[key]
	age := now.Sub(e.read)
	return e, ok && age >= 0 && age < fresh, *c.generation
}

func (c *cache) put(key [32]byte, e entry, generation uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if *c.generation != generation {
		return
	}
	if len(c.entries) >= maxCached {
		clear(c.entries)
	}
	c.entries[key] = e
}

// clear forgets everything: revoking is rare, reading again is cheap.
func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	*c.generation++
	clear(c.entries)
}
