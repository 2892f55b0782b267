package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// Authenticator tells who sends a request. Both methods fail with Unauthenticated for secrets that are wrong, expired,
// revoked, or whose person has left.
type Authenticator interface {
	ByCookie(ctx context.Context, token string) (who access.Who, sessionID int64, err error)
	ByToken(ctx context.Context, bearer string) (who access.Who, err error)
}

var _ Authenticator = (*Service)(nil)

const (
	touchSession = 5 * time.Minute // how exactly the last use of a session is known
	touchToken   = time.Minute
	touchWait    = time.Second // noting a use must not hold up the request for long
	maxSecret    = 128
)

// ByCookie implements Authenticator. It prolongs the session.
func (s *Service) ByCookie(ctx context.Context, token string) (access.Who, int64, error) {
	e, err := s.look(ctx, token, s.readSession)
	if err != nil {
		return access.Who{}, 0, err
	}
	who, err := s.who(ctx, e)
	return who, e.id, err
}

// ByToken implements Authenticator.
func (s *Service) ByToken(ctx context.Context, bearer string) (access.Who, error) {
	if !strings.HasPrefix(bearer, TokenPrefix) {
		return access.Who{}, unknown()
	}
	e, err := s.look(ctx, bearer, s.readToken)
	if err != nil {
		return access.Who{}, err
	}
	who, err := s.who(ctx, e)
	who.TokenID = e.id
	return who, err
}

func unknown() error { return fault.New(fault.Unauthenticated, "session.ended") }

// look finds the entry of a secret, in memory or by read.
func (s *Service) look(ctx context.Context, secret string, read func(context.Context, string, clock.Instant) (entry, bool, error)) (entry, error) {
	if secret == "" || len(secret) > maxSecret {
		return entry{}, unknown()
	}
	key, now := sha256.Sum256([]byte(secret)), s.clock.Now()
	e, ok, generation := s.cache.get(key, now)
	if !ok {
		var err error
		if e, ok, err = read(ctx, hex.EncodeToString(key[:]), now); err != nil {
			return entry{}, err
		}
		if !ok {
			return entry{}, unknown()
		}
		e.read = now
		s.cache.put(key, e, generation)
	}
	if e.expires != 0 && e.expires <= now {
		return entry{}, unknown()
	}
	return e, nil
}

func (s *Service) who(ctx context.Context, e entry) (access.Who, error) {
	people, err := s.people.Last(ctx)
	if err != nil {
		return access.Who{}, err
	}
	who, ok := people.Caller(e.userID)
	if !ok {
		return access.Who{}, unknown()
	}
	who.Limit = e.limit
	if e.own && people.NeedsSecondFactor(e.userID) {
		who.Limit = &access.Limit{}
	}
	if e.lookAs != 0 && who.IsAdmin() && who.Limit == nil {
		if other, works := people.Who(e.lookAs); works {
			other.LookedAtBy = who.UserID
			return other, nil
		}
	}
	return who, nil
}

func (s *Service) readSession(ctx context.Context, hash string, now clock.Instant) (entry, bool, error) {
	x, ok, err := s.store.SessionByHash(ctx, hash)
	if err != nil || !ok || x.ExpiresAt <= now {
		return entry{}, false, err
	}
	if now.Sub(x.SeenAt) >= touchSession {
		x.SeenAt, x.ExpiresAt = now, min(now.Add(Sliding), x.CreatedAt.Add(Absolute))
		s.note(ctx, func(t tx.Tx) error { return s.store.TouchSession(t, x.ID, x.SeenAt, x.ExpiresAt) })
	}
	return entry{id: x.ID, userID: x.UserID, expires: x.ExpiresAt, own: x.Way != WayOIDC, lookAs: x.LookAs}, true, nil
}

func (s *Service) readToken(ctx context.Context, hash string, now clock.Instant) (entry, bool, error) {
	k, ok, err := s.store.TokenByHash(ctx, hash)
	if err != nil || !ok || k.ExpiresAt != 0 && k.ExpiresAt <= now {
		return entry{}, false, err
	}
	if k.UsedAt == 0 || now.Sub(k.UsedAt) >= touchToken {
		s.note(ctx, func(t tx.Tx) error { return s.store.TouchToken(t, k.ID, now) })
	}
	return entry{id: k.ID, userID: k.UserID, expires: k.ExpiresAt, limit: k.limit()}, true, nil
}

// note writes down a use. That it fails is no reason to refuse the request: the next one tries again.
func (s *Service) note(ctx context.Context, f func(tx.Tx) error) {
	ctx, cancel := context.WithTimeout(ctx, touchWait)
	defer cancel()
	_ = s.tx.Do(ctx, f)
}
