package session

import (
	"context"
	"errors"
	"sync"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/accessjournal"
)

// Failures go into the access journal, but a flood of them must not fill the disk: of the same address, network and reason one
// line a minute, with the number of those that came before it unwritten, and no more than linesAMinute in all.
const (
	failedEvery  = time.Minute
	linesAMinute = 60
	maxFailures  = 4096
)

type failure struct {
	kind           accessjournal.Kind
	email, network string
	reason         string
}

type failures struct {
	mu      sync.Mutex
	seen    map[failure]*unwritten
	minute  clock.Instant // when the present minute began
	lines   int
	omitted int // in all, since the last line
}

type unwritten struct {
	since clock.Instant
	n     int
}

func newFailures() *failures { return &failures{seen: map[failure]*unwritten{}} }

// line tells whether a failure is worth a line now; n is how many it stands for, omitted how many of others were left out.
func (f *failures) line(x failure, now clock.Instant) (n, omitted int, write bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now.Sub(f.minute) >= failedEvery || now < f.minute {
		f.minute, f.lines = now, 0
	}
	u := f.seen[x]
	if u != nil && now.Sub(u.since) < failedEvery && now >= u.since {
		u.n++
		return 0, 0, false
	}
	n = 1
	if u != nil {
		n += u.n
	}
	if f.lines >= linesAMinute {
		f.omitted += n
		delete(f.seen, x)
		return 0, 0, false
	}
	if u == nil && len(f.seen) >= maxFailures {
		for old, was := range f.seen {
			f.omitted += was.n
			delete(f.seen, old)
			if len(f.seen) < maxFailures/2 {
				break
			}
		}
	}
	f.lines++
	f.seen[x] = &unwritten{since: now}
	omitted, f.omitted = f.omitted, 0
	return n, omitted, true
}

// refuse notes a wrong password or code.
func (s *Service) refuse(ctx context.Context, email string, userID int64, reason string, from From) {
	s.noteFailure(ctx, failure{accessjournal.LoginFailed, short(email, 100), Network(from.IP), reason}, userID, from, nil)
}

// blocked notes that somebody was held up.
func (s *Service) blocked(ctx context.Context, email string, from From, cause error) {
	var e *fault.Error
	if !errors.As(cause, &e) || e.Code != fault.TooMany {
		return
	}
	until := s.clock.Now().Add(time.Duration(e.RetryAfter) * time.Second)
	s.noteFailure(ctx, failure{accessjournal.LoginBlocked, short(email, 100), Network(from.IP), ""}, 0, from, map[string]any{"until": until})
}

func (s *Service) noteFailure(ctx context.Context, x failure, userID int64, from From, more map[string]any) {
	n, omitted, write := s.failed.line(x, s.clock.Now())
	if !write {
		return
	}
	data := map[string]any{"email": x.email}
	if x.reason != "" {
		data["reason"] = x.reason
	}
	if n > 1 {
		data["count"] = n
	}
	if omitted > 0 {
		data["omitted"] = omitted
	}
	for name, v := range more {
		data[name] = v
	}
	entry := accessjournal.Entry{UserID: userID, Kind: x.kind, IP: short(from.IP, 64), Agent: short(from.Agent, 300), Data: accessjournal.Data(data)}
	s.note(ctx, func(t tx.Tx) error { return s.store.Note(t, entry) })
}
