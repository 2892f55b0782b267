package user

import (
	"context"
	"crypto/rand"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
)

// Deactivate shows a person out: sessions and tokens end at once, the records stay. It is Change of Active.
func Deactivate() Patch {
	off := false
	return Patch{Active: &off}
}

// hash checks a new password and hashes it; no password has no hash, and with it one can't sign in.
func (s *Service) hash(ctx context.Context, password, email string) (string, error) {
	if password == "" {
		return "", nil
	}
	if err := CheckPassword(password, email); err != nil {
		return "", err
	}
	return s.Hasher.Hash(ctx, password)
}

// alphabet of one-time passwords has no signs that can be mistaken for each other.
const alphabet = "23456789abcdefghjkmnpqrstuvwxyz"

// NewPassword makes a one-time password: 59 random bits, to be told to a person and changed at the first chance.
func NewPassword() string {
	b := make([]byte, 12)
	_, _ = rand.Read(b) // never fails since Go 1.24
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return string(b)
}

// Secret is the stored hash of a person, for those who check passwords.
type Secret interface {
	PasswordHash(ctx context.Context, userID int64) (hash, email string, err error)
}

// SetOwnPassword changes a person's own password, who proves to be it by the old one. All sessions but the present one end.
func (s *Service) SetOwnPassword(ctx context.Context, secret Secret, userID, sessionID int64, old, password string) error {
	before, email, err := secret.PasswordHash(ctx, userID)
	if err != nil {
		return err
	}
	ok, _, err := s.Hasher.Verify(ctx, before, old)
	if err != nil {
		return err
	}
	if !ok {
		return fault.In("old", "user.password_wrong")
	}
	if password == "" {
		return fault.In("password", "user.password_short", fault.Args{"min": MinPassword})
	}
	hash, err := s.hash(ctx, password, email)
	if err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.LockOrg(t); err != nil {
			return err
		}
		u, err := s.Store.User(t, userID)
		if err != nil {
			return err
		}
		u.Prefs.ChangePassword = false
		if err := s.Store.SaveUser(t, u); err != nil {
			return err
		}
		if err := s.note(t, "password_changed", u, nil); err != nil {
			return err
		}
		return s.newPassword(t, userID, hash, sessionID)
	})
}

func (s *Service) newPassword(t tx.Tx, userID int64, hash string, butSession int64) error {
	if err := s.Store.SavePassword(t, userID, hash); err != nil {
		return err
	}
	return s.Sessions.EndSessions(t, userID, butSession)
}
