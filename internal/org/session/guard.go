package session

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
)

// How the guard counts. A person who mistypes meets no delay for freeTries; then each failure doubles it, up to maxDelay.
// An address that tries many accounts is slowed down by itself.
const (
	freeTries   = 5
	freeTriesIP = 30
	maxDelay    = 15 * time.Minute
	memory      = 2 * time.Hour // after which failures are forgotten
	maxKept     = 8192          // entries; about half a megabyte
)

// Guard slows down the guessing of passwords. It counts by (account, network) and by network, never by account alone: so a
// stranger elsewhere can't lock the owner out. A network is an IPv4 address or an IPv6 /64. What it remembers is bounded.
type Guard struct {
	clock clock.Clock
	seed  maphash.Seed
	mu    sync.Mutex
	kept  map[uint64]*tries
}

// tries are the failures of one key. until is when the next is welcome.
type tries struct {
	n     int
	last  clock.Instant
	until clock.Instant
}

// NewGuard makes a Guard.
func NewGuard(c clock.Clock) *Guard {
	return &Guard{clock: c, seed: maphash.MakeSeed(), kept: map[uint64]*tries{}}
}

// Pass is one attempt that was let through. It counts as failed unless Succeed or Forget is called: many at once must not
// slip through while the first is still being compared.
type Pass struct {
	guard         *Guard
	account, from uint64
}

// Enter asks for one attempt. Too many fail with TooMany and say when to come again.
func (g *Guard) Enter(account, ip string) (Pass, error) {
	where := Network(ip)
	p := Pass{guard: g, account: maphash.String(g.seed, "a\x00"+account+"\x00"+where), from: maphash.String(g.seed, "i\x00"+where)}
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.clock.Now()
	wait := max(g.wait(p.account, now), g.wait(p.from, now))
	if wait > 0 {
		seconds := int((wait + time.Second - 1) / time.Second)
		return Pass{}, &fault.Error{Code: fault.TooMany, Key: "session.too_many", Args: fault.Args{"seconds": seconds}, RetryAfter: seconds}
	}
	g.count(p.account, now, freeTries)
	g.count(p.from, now, freeTriesIP)
	return p, nil
}

// Succeed forgets the account's failures here; the network keeps its others.
func (p Pass) Succeed() {
	p.guard.mu.Lock()
	defer p.guard.mu.Unlock()
	delete(p.guard.kept, p.account)
	p.guard.takeBack(p.from, freeTriesIP)
}

// Forget takes the attempt back: it wasn't the person's fault.
func (p Pass) Forget() {
	p.guard.mu.Lock()
	defer p.guard.mu.Unlock()
	p.guard.takeBack(p.account, freeTries)
	p.guard.takeBack(p.from, freeTriesIP)
}

func (g *Guard) wait(key uint64, now clock.Instant) time.Duration {
	if t := g.kept[key]; t != nil {
		return min(t.until.Sub(now), maxDelay) // a clock put back must not lock anybody out for long
	}
	return 0
}

func (g *Guard) count(key uint64, now clock.Instant, free int) {
	t := g.kept[key]
	if t == nil || now.Sub(t.last) > memory {
		g.makeRoom(now)
		t = &tries{}
		g.kept[key] = t
	}
	t.n++
	t.last = now
	t.until = now.Add(delay(t.n - free))
}

func (g *Guard) takeBack(key uint64, free int) {
	t := g.kept[key]
	if t == nil {
		return
	}
	if t.n--; t.n <= 0 {
		delete(g.kept, key)
		return
	}
	t.until = t.last.Add(delay(t.n - free))
}

// delay after so many failures over those that are free.
func delay(over int) time.Duration {
	if over < 0 {
		return 0
	}
	if over > 10 {
		return maxDelay
	}
	return min(time.Second<<over, maxDelay)
}

// makeRoom drops one entry when all are taken: of a few, the one whose delay ended first. Those who are delayed longest stay.
func (g *Guard) makeRoom(now clock.Instant) {
	if len(g.kept) < maxKept {
		return
	}
	var victim uint64
	best, seen := clock.Instant(0), 0
	for key, t := range g.kept { // the order of a map is random enough
		if seen == 0 || t.until < best {
			victim, best = key, t.until
		}
		if seen++; seen == 16 || now.Sub(t.last) > memory {
			break
		}
	}
	delete(g.kept, victim)
}

// Network is the part of an address one person or household has: an IPv4 address, an IPv6 /64. What is no address stays as it is.
func Network(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	prefix, err := addr.Prefix(64)
	if err != nil {
		return ip
	}
	return prefix.String()
}
