package orgstore

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/session"
)

const sessionColumns = "id, user_id, created_at, seen_at, expires_at, ip, agent, way, look_as"

func scanSession(r db.Row) session.Session {
	return session.Session{
		ID: r.Int64(0), UserID: r.Int64(1), CreatedAt: clock.Instant(r.Int64(2)), SeenAt: clock.Instant(r.Int64(3)),
		ExpiresAt: clock.Instant(r.Int64(4)), IP: r.Text(5), Agent: r.Text(6), Way: r.Text(7), LookAs: r.Int64(8),
	}
}

// SessionByHash implements session.Store.
func (s *Store) SessionByHash(ctx context.Context, hash string) (x session.Session, ok bool, err error) {
	err = s.d.ReadLoose(ctx, func(q db.Q) error {
		ok, err = db.One(q, "SELECT "+sessionColumns+" FROM session WHERE token_hash = ?", []any{hash}, func(r db.Row) error {
			x = scanSession(r)
			return nil
		})
		return err
	})
	return x, ok, err
}

// SessionsOf implements session.Store.
func (s *Store) SessionsOf(ctx context.Context, userID int64, now clock.Instant) (list []session.Session, err error) {
	err = s.d.ReadLoose(ctx, func(q db.Q) error {
		return q.Query("SELECT "+sessionColumns+" FROM session WHERE user_id = ? AND expires_at > ? ORDER BY seen_at DESC, id DESC LIMIT 500",
			[]any{userID, now}, func(r db.Row) error {
				list = append(list, scanSession(r))
				return nil
			})
	})
	return list, err
}

// CredentialsOf implements session.Store.
func (s *Store) CredentialsOf(ctx context.Context, emailKey string) (c session.Credentials, err error) {
	err = s.d.ReadLoose(ctx, func(q db.Q) error {
		c, err = credentials(q, "email_key = ?", emailKey)
		return err
	})
	return c, err
}

func credentials(q db.Q, where string, arg any) (c session.Credentials, err error) {
	_, err = db.One(q, "SELECT id, email_key, password_hash, active FROM users WHERE "+where, []any{arg}, func(r db.Row) error {
		c = session.Credentials{UserID: r.Int64(0), EmailKey: r.Text(1), Hash: r.Text(2), Active: r.Int64(3) != 0}
		return nil
	})
	return c, err
}

// LockCredentials implements session.Store.
func (s *Store) LockCredentials(t tx.Tx, userID int64) (session.Credentials, error) {
	q := db.Of(t)
	if err := db.LockRows(q, "users", userID); err != nil {
		return session.Credentials{}, err
	}
	return credentials(q, "id = ?", userID)
}

// InsertSession implements session.Store.
func (s *Store) InsertSession(t tx.Tx, x session.Session, hash string) (int64, error) {
	return db.InsertID(db.Of(t), "INSERT INTO session (token_hash, user_id, created_at, seen_at, expires_at, ip, agent, way) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
		hash, x.UserID, x.CreatedAt, x.SeenAt, x.ExpiresAt, x.IP, x.Agent, x.Way)
}

// SetLookAs implements session.Store.
func (s *Store) SetLookAs(t tx.Tx, userID, id, lookAs int64) error {
	return exec(t, "UPDATE session SET look_as = ? WHERE id = ? AND user_id = ?", lookAs, id, userID)
}

// TouchSession implements session.Store.
func (s *Store) TouchSession(t tx.Tx, id int64, seen, expires clock.Instant) error {
	return exec(t, "UPDATE session SET seen_at = ?, expires_at = ? WHERE id = ? AND seen_at < ?", seen, expires, id, seen)
}

// DeleteSession implements session.Store.
func (s *Store) DeleteSession(t tx.Tx, userID, id int64) (bool, error) {
	n, err := db.Of(t).Exec("DELETE FROM session WHERE id = ? AND user_id = ?", id, userID)
	return n > 0, err
}

// DeleteSessions implements session.Store.
func (s *Store) DeleteSessions(t tx.Tx, userID, but int64) error {
	return exec(t, "DELETE FROM session WHERE user_id = ? AND id <> ?", userID, but)
}

// DeleteExpired implements session.Store.
func (s *Store) DeleteExpired(t tx.Tx, userID int64, now clock.Instant) error {
	return exec(t, "DELETE FROM session WHERE user_id = ? AND expires_at <= ?", userID, now)
}
