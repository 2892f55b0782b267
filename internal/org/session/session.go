// Package session is being signed in: sessions of browsers, tokens of programs, and the guard before the door. Secrets are
// 256 random bits; only their SHA-256 is stored. Who a person is and what he may is user's, directory's and access's.
package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/accessjournal"
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
	Way       string // by which it began
	LookAs    int64  // with whose eyes its administrator looks, 0: his own
	// Device is the secret for the cookie of a browser that has none yet; only known when the session is made.
	Device string
}

// The ways a session begins.
const (
	WayPassword   = "password"
	WayOIDC       = "oidc" // another house has asked for whatever it demands
	WayInvitation = "invitation"
	WayRecovery   = "recovery"
)

// Token lets a program in as a person.
type Token struct {
	ID        int64
	UserID    int64
	Title     string
	CreatedAt clock.Instant
	UsedAt    clock.Instant // last use, known to a minute; 0: never
	ExpiresAt clock.Instant // 0: never
	Uses      []access.Use
	Types     []string // record types it is for, by code; none: all
}

// limit is what the token takes away from its owner; nil nothing.
func (k Token) limit() *access.Limit {
	if slices.Contains(k.Uses, access.UseAll) && len(k.Types) == 0 {
		return nil
	}
	return &access.Limit{Uses: k.Uses, Types: k.Types}
}

// Credentials are what signing in compares. Service accounts have none.
type Credentials struct {
	UserID   int64
	EmailKey string
	Hash     string
	Active   bool
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
	// SetLookAs says with whose eyes a session of a person looks; 0: his own.
	SetLookAs(t tx.Tx, userID, id, lookAs int64) error
	// DeleteSession tells whether the person had such a session.
	DeleteSession(t tx.Tx, userID, id int64) (bool, error)
	DeleteSessions(t tx.Tx, userID, but int64) error
	// DeleteExpired clears away the expired sessions of a person.
	DeleteExpired(t tx.Tx, userID int64, now clock.Instant) error
	InsertToken(t tx.Tx, k Token, hash string) (int64, error)
	TouchToken(t tx.Tx, id int64, used clock.Instant) error
	// DeleteToken gives the title of the token that was there.
	DeleteToken(t tx.Tx, userID, id int64) (title string, had bool, err error)
	DeleteTokens(t tx.Tx, userID int64) error

	Factors
	Tickets
	Devices
	accessjournal.Writer
	// LockOrg makes other changes of people wait until the transaction ends, and tells all nodes afterwards.
	LockOrg(t tx.Tx) error
}

// Service signs people in and out.
type Service struct {
	tx     tx.Doer
	store  Store
	people directory.Source
	hasher *user.Hasher
	clock  clock.Clock
	guard  *Guard
	failed *failures
	cache  cache
}

// New makes a Service.
func New(doer tx.Doer, store Store, people directory.Source, hasher *user.Hasher, c clock.Clock) *Service {
	return &Service{tx: doer, store: store, people: people, hasher: hasher, clock: c, guard: NewGuard(c), failed: newFailures(), cache: newCache()}
}

// Sessions lists the sessions of a person, the last used first.
func (s *Service) Sessions(ctx context.Context, userID int64) ([]Session, error) {
	return s.store.SessionsOf(ctx, userID, s.clock.Now())
}

// Revoke ends one session of a person, from now on.
func (s *Service) Revoke(ctx context.Context, userID, id int64) error {
	return s.tx.Do(ctx, func(t tx.Tx) error {
		if err := s.revoke(t, userID, id); err != nil {
			return err
		}
		return s.noteAccount(t, "session_ended", userID, map[string]any{"session": id})
	})
}

// Logout ends the session a person is using.
func (s *Service) Logout(ctx context.Context, userID, id int64) error {
	return s.tx.Do(ctx, func(t tx.Tx) error {
		if err := s.revoke(t, userID, id); err != nil {
			return err
		}
		return s.store.Note(t, accessjournal.Entry{UserID: userID, Kind: accessjournal.Logout, Data: accessjournal.Data(map[string]any{"session": id})})
	})
}

func (s *Service) revoke(t tx.Tx, userID, id int64) error {
	had, err := s.store.DeleteSession(t, userID, id)
	if err != nil {
		return err
	}
	if !had {
		return fault.New(fault.NotFound, "session.unknown")
	}
	t.AfterCommit(s.cache.clear)
	return nil
}

// RevokeOthers ends all sessions of a person but one; 0: all.
func (s *Service) RevokeOthers(ctx context.Context, userID, but int64) error {
	return s.tx.Do(ctx, func(t tx.Tx) error {
		if err := s.EndSessions(t, userID, but); err != nil {
			return err
		}
		return s.noteAccount(t, "sessions_ended", userID, nil)
	})
}

// noteAccount writes into the access journal what was done to somebody's account.
func (s *Service) noteAccount(t tx.Tx, what string, userID int64, more map[string]any) error {
	data := map[string]any{"what": what, "user": userID}
	maps.Copy(data, more)
	return s.store.Note(t, accessjournal.Entry{Kind: accessjournal.Account, Data: accessjournal.Data(data)})
}

// EndSessions implements user.Sessions.
func (s *Service) EndSessions(t tx.Tx, userID, but int64) error {
	t.AfterCommit(s.cache.clear)
	if err := s.store.DeleteTickets(t, userID); err != nil {
		return err
	}
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
	IP     string
	Agent  string
	Device string // secret of the device's cookie; "" none
	Way    string // see WayPassword and the others
	Second string // the second factor that was shown: totp, code or ""
}

// open makes a session inside a transaction. Every session is made here: it is noted in the access journal, and its person
// hears of a browser he was never seen with.
func (s *Service) open(t tx.Tx, userID int64, from From, token string) (Session, error) {
	x := Session{UserID: userID, CreatedAt: t.Now(), SeenAt: t.Now(), ExpiresAt: t.Now().Add(Sliding), IP: short(from.IP, 64), Agent: short(from.Agent, 300), Way: from.Way}
	var err error
	if x.Device, err = s.meet(t, userID, from); err != nil {
		return Session{}, err
	}
	if x.ID, err = s.store.InsertSession(t, x, hashOf(token)); err != nil {
		return Session{}, err
	}
	return x, s.store.Note(t, accessjournal.Entry{
		UserID: userID, Kind: accessjournal.Login, IP: x.IP, Agent: x.Agent, Data: accessjournal.Data(map[string]any{"way": from.Way, "second": from.Second}),
	})
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
