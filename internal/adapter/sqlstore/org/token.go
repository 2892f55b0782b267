package orgstore

import (
	"context"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/session"
)

const tokenColumns = "id, user_id, title, created_at, used_at, expires_at, uses, types"

func scanToken(r db.Row) session.Token {
	return session.Token{
		ID: r.Int64(0), UserID: r.Int64(1), Title: r.Text(2), CreatedAt: clock.Instant(r.Int64(3)),
		UsedAt: clock.Instant(r.Int64(4)), ExpiresAt: clock.Instant(r.Int64(5)), Uses: usesIn(r.Text(6)), Types: strings.Fields(r.Text(7)),
	}
}

// usesIn reads words apart by spaces.
func usesIn(text string) []access.Use {
	var list []access.Use
	for _, word := range strings.Fields(text) {
		list = append(list, access.Use(word))
	}
	return list
}

func usesText(list []access.Use) string {
	words := make([]string, len(list))
	for i, u := range list {
		words[i] = string(u)
	}
	return strings.Join(words, " ")
}

// TokenByHash implements session.Store.
func (s *Store) TokenByHash(ctx context.Context, hash string) (k session.Token, ok bool, err error) {
	err = s.d.ReadLoose(ctx, func(q db.Q) error {
		ok, err = db.One(q, "SELECT "+tokenColumns+" FROM api_token WHERE token_hash = ?", []any{hash}, func(r db.Row) error {
			k = scanToken(r)
			return nil
		})
		return err
	})
	return k, ok, err
}

// TokensOf implements session.Store.
func (s *Store) TokensOf(ctx context.Context, userID int64) (list []session.Token, err error) {
	err = s.d.ReadLoose(ctx, func(q db.Q) error {
		return q.Query("SELECT "+tokenColumns+" FROM api_token WHERE user_id = ? ORDER BY id DESC", []any{userID}, func(r db.Row) error {
			list = append(list, scanToken(r))
			return nil
		})
	})
	return list, err
}

// InsertToken implements session.Store.
func (s *Store) InsertToken(t tx.Tx, k session.Token, hash string) (int64, error) {
	return db.InsertID(db.Of(t), "INSERT INTO api_token (token_hash, user_id, title, created_at, used_at, expires_at, uses, types) VALUES (?, ?, ?, ?, 0, ?, ?, ?) RETURNING id",
		hash, k.UserID, k.Title, k.CreatedAt, k.ExpiresAt, usesText(k.Uses), strings.Join(k.Types, " "))
}

// TouchToken implements session.Store.
func (s *Store) TouchToken(t tx.Tx, id int64, used clock.Instant) error {
	return exec(t, "UPDATE api_token SET used_at = ? WHERE id = ? AND used_at < ?", used, id, used)
}

// DeleteToken implements session.Store.
func (s *Store) DeleteToken(t tx.Tx, userID, id int64) (title string, had bool, err error) {
	had, err = db.One(db.Of(t), "DELETE FROM api_token WHERE id = ? AND user_id = ? RETURNING title", []any{id, userID}, func(r db.Row) error {
		title = r.Text(0)
		return nil
	})
	return title, had, err
}

// DeleteTokens implements session.Store.
func (s *Store) DeleteTokens(t tx.Tx, userID int64) error {
	return exec(t, "DELETE FROM api_token WHERE user_id = ?", userID)
}
