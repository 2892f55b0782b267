// Package session is being signed in: sessions of browsers, tokens of programs, and the guard before the door. Secrets are
// 256 random bits; only their SHA-256 is stored. Who a person is and what he may is user's, directory's and access's.
package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"
	"unicode/utf8"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/org/user"
)

// How long a session lives: Sliding after it was last used, never longer than Absolute.
const (
	Sliding  = 30 * 24 * time.Hour
	Absolute = 90 * 24 * time.Hour
)

// Session is one browser somebody is signed in with.
type Session struct {
	ID        int64
	UserID    int64
	CreatedAt clock.Instant
	SeenAt    clock.Instant // last use, known to a few minutes
	ExpiresAt clock.Instant
	IP        string
	Agent     string // User-Agent of the browser
}

// Token lets a program in as a person.
type Token struct {
	ID        int64
	UserID    int64
	Title     string
	CreatedAt clock.Instant
	UsedAt    clock.Instant // last use, known to a minute; 0: never
	ExpiresAt clock.Instant // 0: never
}

// Credentials are what signing in compares.
type Credentials struct {
	UserID int64
	Hash   string
	Active bool
}

// Store keeps sessions and tokens under the hash of their secret.
type Store interface {
	SessionByHash(ctx context.Context, hash string) (Session, bool, error)
	TokenByHash(ctx context.Context, hash string) (Token, bool, error)
	SessionsOf(ctx context.Context, userID int64, now clock.Instant) ([]Session, error)
	TokensOf(ctx context.Context, userID int64) ([]Token, error)
	// CredentialsOf finds a person by the key of the e-mail address; the zero Credentials when there is none.
	CredentialsOf(ctx context.Context, emailKey string) (Credentials, error)

	// LockCredentials reads them again inside a transaction and holds them until it ends.
	LockCredentials(t tx.Tx, userID int64) (Credentials, error)
	SavePassword(t tx.Tx, userID int64, hash string) error
	InsertSession(t tx.Tx, s Session, hash string) (int64, error)
	TouchSession(t tx.Tx, id int64, seen, expires clock.Instant) error
	// DeleteSession tells whether the person had such a session.
	DeleteSession(t tx.Tx, userID, id int64) (bool, error)
	DeleteSessions(t tx.Tx, userID, but int64) error
	// DeleteExpired clears away the expired sessions of a person.
	DeleteExpired(t tx.Tx, userID int64, now clock.Instant) error
	InsertToken(t tx.Tx, k Token, hash string) (int64, error)
	TouchToken(t tx.Tx, id int64, used clock.Instant) error
	DeleteToken(t tx.Tx, userID, id int64) (bool, error)
	DeleteTokens(t tx.Tx, userID int64) error
}

// Service signs people in and out.
type Service struct {
	tx     tx.Doer
	store  Store
	people directory.Source
	hasher *user.Hasher
	clock  clock.Clock
	guard  *Guard
	cache  cache
}

// New makes a Service.
func New(doer tx.Doer, store Store, people directory.Source, hasher *user.Hasher, c clock.Clock) *Service {
	return &Service{tx: doer, store: store, people: people, hasher: hasher, clock: c, guard: NewGuard(c), cache: newCache()}
}

// Sessions lists the sessions of a person, the last used first.
func (s *Service) Sessions(ctx context.Context, userID int64) ([]Session, error) {
	return s.store.SessionsOf(ctx, userID, s.clock.Now())
}

// Revoke ends one session of a person, from now on.
func (s *Service) Revoke(ctx context.Context, userID, id int64) error {
	return s.tx.Do(ctx, func(t tx.Tx) error {
		had, err := s.store.DeleteSession(t, userID, id)
		if err != nil {
			return err
		}
		if !had {
			return fault.New(fault.NotFound, "session.unknown")
		}
		t.AfterCommit(s.cache.clear)
		return nil
	})
}

// RevokeOthers ends all sessions of a person but one.
func (s *Service) RevokeOthers(ctx context.Context, userID, but int64) error {
	return s.tx.Do(ctx, func(t tx.Tx) error { return s.EndSessions(t, userID, but) })
}

// EndSessions implements user.Sessions.
func (s *Service) EndSessions(t tx.Tx, userID, but int64) error {
	t.AfterCommit(s.cache.clear)
	return s.store.DeleteSessions(t, userID, but)
}

// EndTokens implements user.Sessions.
func (s *Service) EndTokens(t tx.Tx, userID int64) error {
	t.AfterCommit(s.cache.clear)
	return s.store.DeleteTokens(t, userID)
}

var _ user.Sessions = (*Service)(nil)

// secret makes a new secret.
func secret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// hashOf is how a secret is stored.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// short cuts a text from outside to n characters.
func short(s string, n int) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")
	if utf8.RuneCountInString(s) > n {
		s = string([]rune(s)[:n])
	}
	return s
}

// From is where a request comes from.
type From struct {
	IP    string
	Agent string
}

// open makes a session inside a transaction.
func (s *Service) open(t tx.Tx, userID int64, from From, token string) (Session, error) {
	x := Session{UserID: userID, CreatedAt: t.Now(), SeenAt: t.Now(), ExpiresAt: t.Now().Add(Sliding), IP: short(from.IP, 64), Agent: short(from.Agent, 300)}
	var err error
	x.ID, err = s.store.InsertSession(t, x, hashOf(token))
	return x, err
}

// Open signs a person in without asking for a password: after the first set-up.
func (s *Service) Open(t tx.Tx, userID int64, from From, token string) (Session, error) {
	return s.open(t, userID, from, token)
}

// NewSecret makes the secret of a session that Open will make. It is made outside of the transaction, which may run twice.
func NewSecret() string { return secret() }

// mayTokens says who may see or change the tokens of a person: himself and the administrators.
func mayTokens(who access.Who, userID int64) error {
	if who.IsAdmin() || who.UserID == userID && who.Role != access.Guest && userID != 0 {
		return nil
	}
	return fault.New(fault.Forbidden, "org.admin_only")
}
