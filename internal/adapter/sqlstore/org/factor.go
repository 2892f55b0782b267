package orgstore

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/session"
)

// Factor implements session.Factors.
func (s *Store) Factor(t tx.Tx, userID int64) (f session.Factor, err error) {
	_, err = db.One(db.Of(t), "SELECT secret, on_at, step FROM second_factor WHERE user_id = ?", []any{userID}, func(r db.Row) error {
		f = session.Factor{Key: append([]byte(nil), r.Bytes(0)...), OnAt: clock.Instant(r.Int64(1)), Step: r.Int64(2)}
		return nil
	})
	return f, err
}

// SaveFactor implements session.Factors.
func (s *Store) SaveFactor(t tx.Tx, userID int64, f session.Factor) error {
	return exec(t, `INSERT INTO second_factor (user_id, secret, on_at, step) VALUES (?, ?, ?, ?)
		ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, on_at = excluded.on_at, step = excluded.step`, userID, f.Key, f.OnAt, f.Step)
}

// DeleteFactor implements session.Factors.
func (s *Store) DeleteFactor(t tx.Tx, userID int64) (bool, error) {
	if err := exec(t, "DELETE FROM recovery_code WHERE user_id = ?", userID); err != nil {
		return false, err
	}
	n, err := db.Of(t).Exec("DELETE FROM second_factor WHERE user_id = ?", userID)
	return n > 0, err
}

// SaveRecoveryCodes implements session.Factors.
func (s *Store) SaveRecoveryCodes(t tx.Tx, userID int64, hashes []string) error {
	if err := exec(t, "DELETE FROM recovery_code WHERE user_id = ?", userID); err != nil {
		return err
	}
	for _, hash := range hashes {
		if err := exec(t, "INSERT INTO recovery_code (code_hash, user_id) VALUES (?, ?)", hash, userID); err != nil {
			return err
		}
	}
	return nil
}

// SpendRecoveryCode implements session.Factors.
func (s *Store) SpendRecoveryCode(t tx.Tx, userID int64, hash string) (bool, error) {
	n, err := db.Of(t).Exec("UPDATE recovery_code SET used_at = ? WHERE code_hash = ? AND user_id = ? AND used_at = 0", t.Now(), hash, userID)
	return n > 0, err
}

// FactorState implements session.Factors.
func (s *Store) FactorState(ctx context.Context, userID int64) (f session.FactorState, err error) {
	err = s.d.ReadLoose(ctx, func(q db.Q) error {
		_, err := db.One(q, `SELECT COALESCE((SELECT on_at FROM second_factor f WHERE f.user_id = u.id), 0),
			(SELECT COUNT(*) FROM recovery_code c WHERE c.user_id = u.id AND c.used_at = 0), CASE WHEN password_hash = '' THEN 0 ELSE 1 END
			FROM users u WHERE id = ?`, []any{userID}, func(r db.Row) error {
			f = session.FactorState{OnAt: clock.Instant(r.Int64(0)), CodesLeft: r.Int64(1), Password: r.Int64(2) != 0}
			return nil
		})
		return err
	})
	return f, err
}

// CredentialsByID implements session.Factors.
func (s *Store) CredentialsByID(ctx context.Context, userID int64) (c session.Credentials, err error) {
	err = s.d.ReadLoose(ctx, func(q db.Q) error {
		c, err = credentials(q, "id = ?", userID)
		return err
	})
	return c, err
}

const ticketColumns = "user_id, expires_at, way, tries"

func ticketIn(q db.Q, hash string) (x session.Ticket, ok bool, err error) {
	ok, err = db.One(q, "SELECT "+ticketColumns+" FROM login_ticket WHERE ticket_hash = ?", []any{hash}, func(r db.Row) error {
		x = session.Ticket{UserID: r.Int64(0), ExpiresAt: clock.Instant(r.Int64(1)), Way: r.Text(2), Tries: r.Int64(3)}
		return nil
	})
	return x, ok, err
}

// InsertTicket implements session.Tickets.
func (s *Store) InsertTicket(t tx.Tx, x session.Ticket, hash string) error {
	if err := exec(t, "DELETE FROM login_ticket WHERE user_id = ? AND expires_at <= ?", x.UserID, t.Now()); err != nil {
		return err
	}
	return exec(t, "INSERT INTO login_ticket (ticket_hash, "+ticketColumns+") VALUES (?, ?, ?, ?, ?)", hash, x.UserID, x.ExpiresAt, x.Way, x.Tries)
}

// TicketByHash implements session.Tickets.
func (s *Store) TicketByHash(ctx context.Context, hash string) (x session.Ticket, ok bool, err error) {
	err = s.d.ReadLoose(ctx, func(q db.Q) error {
		x, ok, err = ticketIn(q, hash)
		return err
	})
	return x, ok, err
}

// Ticket implements session.Tickets.
func (s *Store) Ticket(t tx.Tx, hash string) (session.Ticket, bool, error) {
	return ticketIn(db.Of(t), hash)
}

// CountTry implements session.Tickets.
func (s *Store) CountTry(t tx.Tx, hash string) error {
	return exec(t, "UPDATE login_ticket SET tries = tries + 1 WHERE ticket_hash = ?", hash)
}

// DeleteTicket implements session.Tickets.
func (s *Store) DeleteTicket(t tx.Tx, hash string) error {
	return exec(t, "DELETE FROM login_ticket WHERE ticket_hash = ?", hash)
}

// DeleteTickets implements session.Tickets.
func (s *Store) DeleteTickets(t tx.Tx, userID int64) error {
	return exec(t, "DELETE FROM login_ticket WHERE user_id = ?", userID)
}
