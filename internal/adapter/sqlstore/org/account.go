package orgstore

import (
	"context"
	"encoding/json"
	"fmt"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/account"
)

var _ account.Store = (*Store)(nil)

const invitationColumns = "id, email, email_key, role, department_id, position, lang, invited_by, created_at, sent_at, expires_at, times, roles"

func scanInvitation(r db.Row) account.Invitation {
	var roles []int64
	_ = json.Unmarshal(r.Bytes(12), &roles) // a damaged list gives no role
	return account.Invitation{
		Roles: roles,
		ID:    r.Int64(0), Email: r.Text(1), EmailKey: r.Text(2), Role: access.Role(r.Text(3)), DepartmentID: r.Int64(4), Position: r.Text(5), Lang: r.Text(6),
		InvitedBy: r.Int64(7), CreatedAt: clock.Instant(r.Int64(8)), SentAt: clock.Instant(r.Int64(9)), ExpiresAt: clock.Instant(r.Int64(10)), Times: r.Int64(11),
	}
}

func invitationIn(q db.Q, where string, arg any) (i *account.Invitation, err error) {
	_, err = db.One(q, "SELECT "+invitationColumns+" FROM invitation WHERE "+where, []any{arg}, func(r db.Row) error {
		one := scanInvitation(r)
		i = &one
		return nil
	})
	return i, err
}

// SaveInvitation implements account.Store.
func (s *Store) SaveInvitation(t tx.Tx, i *account.Invitation, hash string) (err error) {
	roles, err := json.Marshal(i.Roles)
	if err != nil {
		return fmt.Errorf("invitation: %w", err)
	}
	if i.ID != 0 {
		return exec(t, `UPDATE invitation SET link_hash = ?, email = ?, role = ?, department_id = ?, position = ?, lang = ?, invited_by = ?, sent_at = ?,
			expires_at = ?, times = ?, roles = ? WHERE id = ?`, hash, i.Email, string(i.Role), i.DepartmentID, i.Position, i.Lang, i.InvitedBy, i.SentAt, i.ExpiresAt, i.Times, string(roles), i.ID)
	}
	i.ID, err = db.InsertID(db.Of(t), `INSERT INTO invitation (link_hash, email, email_key, role, department_id, position, lang, invited_by, created_at, sent_at,
		expires_at, times, roles) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		hash, i.Email, i.EmailKey, string(i.Role), i.DepartmentID, i.Position, i.Lang, i.InvitedBy, i.CreatedAt, i.SentAt, i.ExpiresAt, i.Times, string(roles))
	return err
}

// InvitationTo implements account.Store.
func (s *Store) InvitationTo(t tx.Tx, emailKey string) (*account.Invitation, error) {
	return invitationIn(db.Of(t), "email_key = ?", emailKey)
}

// Invitation implements account.Store.
func (s *Store) Invitation(t tx.Tx, id int64) (*account.Invitation, error) {
	return invitationIn(db.Of(t), "id = ?", id)
}

// InvitationIn implements account.Store.
func (s *Store) InvitationIn(t tx.Tx, hash string) (*account.Invitation, error) {
	return invitationIn(db.Of(t), "link_hash = ?", hash)
}

// InvitationByHash implements account.Store.
func (s *Store) InvitationByHash(ctx context.Context, hash string) (i *account.Invitation, err error) {
	err = s.d.ReadLoose(ctx, func(q db.Q) error {
		i, err = invitationIn(q, "link_hash = ?", hash)
		return err
	})
	return i, err
}

// Invitations implements account.Store.
func (s *Store) Invitations(ctx context.Context) (list []account.Invitation, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		return q.Query("SELECT "+invitationColumns+" FROM invitation ORDER BY id DESC LIMIT 500", nil, func(r db.Row) error {
			list = append(list, scanInvitation(r))
			return nil
		})
	})
	return list, err
}

// DeleteInvitation implements account.Store.
func (s *Store) DeleteInvitation(t tx.Tx, id int64) error {
	return exec(t, "DELETE FROM invitation WHERE id = ?", id)
}

// SaveLink implements account.Store.
func (s *Store) SaveLink(t tx.Tx, l account.Link, hash string) error {
	if err := exec(t, "DELETE FROM password_link WHERE user_id = ? OR expires_at <= ?", l.UserID, t.Now()); err != nil {
		return err
	}
	return exec(t, "INSERT INTO password_link (link_hash, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)", hash, l.UserID, l.CreatedAt, l.ExpiresAt)
}

func linkIn(q db.Q, hash string) (l account.Link, ok bool, err error) {
	ok, err = db.One(q, "SELECT user_id, created_at, expires_at FROM password_link WHERE link_hash = ?", []any{hash}, func(r db.Row) error {
		l = account.Link{UserID: r.Int64(0), CreatedAt: clock.Instant(r.Int64(1)), ExpiresAt: clock.Instant(r.Int64(2))}
		return nil
	})
	return l, ok, err
}

// LinkIn implements account.Store.
func (s *Store) LinkIn(t tx.Tx, hash string) (account.Link, bool, error) {
	return linkIn(db.Of(t), hash)
}

// LinkByHash implements account.Store.
func (s *Store) LinkByHash(ctx context.Context, hash string) (l account.Link, ok bool, err error) {
	err = s.d.ReadLoose(ctx, func(q db.Q) error {
		l, ok, err = linkIn(q, hash)
		return err
	})
	return l, ok, err
}
