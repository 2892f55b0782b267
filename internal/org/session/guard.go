package session

import (
	"hash/maphash"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
)

// How the guard counts. A person who mistypes meets no delay for freeTries; then each failure doubles it, up to maxDelay.
// An address that tries many accounts is slowed down by itself.
const (
	freeTries       = 5
	freeTriesIP     = 30
	freeTriesSecond = 10
	maxDelay        = 15 * time.Minute
	memory          = 2 * time.Hour // after which failures are forgotten
	maxKept         = 8192          // entries; about half a megabyte
)

// Guard slows down the guessing of passwords. It counts by (account, network) and by network, never by account alone: so a
// stranger elsewhere can't lock the owner out. Nor can one behind the same address: who comes with the cookie of a browser he
// has signed in with before is counted by that cookie and nothing else. A network is an IPv4 address or an IPv6 /64. What it
// remembers is bounded.
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
	guard *Guard
	keys  []counted
}

// counted is what an attempt is counted by. That of a network is of many people: one's success forgives only his own.
type counted struct {
	key    uint64
	free   int
	shared bool
}

// Enter asks for one attempt at an account. device is the browser's, if the account was signed in to with it before. Too many
// fail with TooMany and say when to come again.
func (g *Guard) Enter(account, ip, device string) (Pass, error) {
	return g.enter(g.keys(account, ip, device))
}

// EnterSecond asks for one attempt at the second factor of somebody whose password is known to whoever asks. So it is counted
// by the person, wherever it comes from; only he himself, with a browser he has signed in with before, is not held up by it.
func (g *Guard) EnterSecond(userID int64, ip, device string) (Pass, error) {
	account := "2\x00" + strconv.FormatInt(userID, 10)
	keys := g.keys(account, ip, device)
	if device == "" {
		keys = append(keys, counted{key: g.hash("s", account), free: freeTriesSecond})
	}
	return g.enter(keys)
}

func (g *Guard) keys(account, ip, device string) []counted {
	if device != "" {
		return []counted{{key: g.hash("d", account, device), free: freeTries}}
	}
	where := Network(ip)
	return []counted{{key: g.hash("a", account, where), free: freeTries}, {key: g.hash("i", where), free: freeTriesIP, shared: true}}
}

func (g *Guard) hash(parts ...string) uint64 {
	return maphash.String(g.seed, strings.Join(parts, "\x00"))
}

func (g *Guard) enter(keys []counted) (Pass, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now, wait := g.clock.Now(), time.Duration(0)
	for _, k := range keys {
		wait = max(wait, g.wait(k.key, now))
	}
	if wait > 0 {
		seconds := int((wait + time.Second - 1) / time.Second)
		return Pass{}, &fault.Error{Code: fault.TooMany, Key: "session.too_many", Args: fault.Args{"seconds": seconds}, RetryAfter: seconds}
	}
	for _, k := range keys {
		g.count(k.key, now, k.free)
	}
	return Pass{guard: g, keys: keys}, nil
}

// Succeed forgets the account's failures here; the network keeps its others.
func (p Pass) Succeed() {
	p.guard.mu.Lock()
	defer p.guard.mu.Unlock()
	for _, k := range p.keys {
		if k.shared {
			p.guard.takeBack(k.key, k.free)
		} else {
			delete(p.guard.kept, k.key)
		}
	}
}

// Forget takes the attempt back: it wasn't the person's fault.
func (p Pass) Forget() {
	p.guard.mu.Lock()
	defer p.guard.mu.Unlock()
	for _, k := range p.keys {
		p.guard.takeBack(k.key, k.free)
	}
}

// forgive is Succeed of an attempt that was let through earlier: the password before the second factor.
func (g *Guard) forgive(account, ip, device string) {
	Pass{guard: g, keys: g.keys(account, ip, device)}.Succeed()
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
