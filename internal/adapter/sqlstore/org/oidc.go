package orgstore

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/oidc"
)

var _ oidc.Store = (*Store)(nil)

// oidcKey is the setting with the provider people sign in through.
const oidcKey = "oidc"

// OIDC implements oidc.Store.
func (s *Store) OIDC(ctx context.Context) (o oidc.Settings, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		o, err = oidcIn(q)
		return err
	})
	return o, err
}

// OIDCIn implements oidc.Store.
func (s *Store) OIDCIn(t tx.Tx) (oidc.Settings, error) { return oidcIn(db.Of(t)) }

func oidcIn(q db.Q) (oidc.Settings, error) {
	o := oidc.Settings{Role: access.Manager, Domains: []string{}}
	return o, setting(q, oidcKey, &o)
}

// SaveOIDC implements oidc.Store.
func (s *Store) SaveOIDC(t tx.Tx, o oidc.Settings) error { return saveSetting(t, oidcKey, o) }

// IdentityOwner implements oidc.Store.
func (s *Store) IdentityOwner(t tx.Tx, issuer, subject string) (int64, error) {
	return db.Int(db.Of(t), "UPDATE user_identity SET used_at = ? WHERE issuer = ? AND subject = ? RETURNING user_id", t.Now(), issuer, subject)
}

// HasIdentity implements oidc.Store.
func (s *Store) HasIdentity(t tx.Tx, issuer string, userID int64) (bool, error) {
	n, err := db.Int(db.Of(t), "SELECT 1 FROM user_identity WHERE user_id = ? AND issuer = ?", userID, issuer)
	return n > 0, err
}

// InsertIdentity implements oidc.Store.
func (s *Store) InsertIdentity(t tx.Tx, i oidc.Identity) error {
	return exec(t, "INSERT INTO user_identity (issuer, subject, user_id, email, created_at, used_at) VALUES (?, ?, ?, ?, ?, ?)",
		i.Issuer, i.Subject, i.UserID, i.Email, t.Now(), t.Now())
}

// DropIdentities implements oidc.Store.
func (s *Store) DropIdentities(t tx.Tx, userID int64) (int64, error) {
	return db.Of(t).Exec("DELETE FROM user_identity WHERE user_id = ?", userID)
}
