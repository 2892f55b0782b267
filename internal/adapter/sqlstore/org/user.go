package orgstore

import (
	"context"
	"encoding/json"
	"fmt"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/textkey"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/user"
)

const userColumns = "id, email, email_key, name, role, department_id, position, phone, lang, zone, prefs, active, created_at, service, " +
	"(SELECT COUNT(*) FROM second_factor f WHERE f.user_id = users.id AND f.on_at > 0)"

func scanUser(r db.Row) (*user.User, error) {
	u := &user.User{
		ID: r.Int64(0), Email: r.Text(1), EmailKey: r.Text(2), Name: r.Text(3), Role: access.Role(r.Text(4)),
		DepartmentID: r.Int64(5), Position: r.Text(6), Phone: r.Text(7), Lang: r.Text(8), Zone: r.Text(9),
		Active: r.Int64(11) != 0, CreatedAt: clock.Instant(r.Int64(12)),
		Service: r.Int64(13) != 0, SecondFactor: r.Int64(14) != 0,
	}
	if err := json.Unmarshal(r.Bytes(10), &u.Prefs); err != nil {
		return nil, fmt.Errorf("preferences of user %d: %w", u.ID, err)
	}
	return u, nil
}

func usersIn(q db.Q) (users []*user.User, err error) {
	err = q.Query("SELECT "+userColumns+" FROM users", nil, func(r db.Row) error {
		u, err := scanUser(r)
		users = append(users, u)
		return err
	})
	return users, err
}

// User implements user.Store.
func (s *Store) User(t tx.Tx, id int64) (u *user.User, err error) {
	found, err := db.One(db.Of(t), "SELECT "+userColumns+" FROM users WHERE id = ?", []any{id}, func(r db.Row) error {
		u, err = scanUser(r)
		return err
	})
	if err == nil && !found {
		err = fault.New(fault.NotFound, "user.unknown")
	}
	return u, err
}

// InsertUser implements user.Store.
func (s *Store) InsertUser(t tx.Tx, u *user.User, hash string) (int64, error) {
	prefs, err := json.Marshal(u.Prefs)
	if err != nil {
		return 0, fmt.Errorf("preferences: %w", err)
	}
	return db.InsertID(db.Of(t), `INSERT INTO users (email, email_key, name, name_key, password_hash, role, department_id, position,
		phone, lang, zone, prefs, active, created_at, service) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		u.Email, u.EmailKey, u.Name, textkey.Key(u.Name), hash, string(u.Role), u.DepartmentID, u.Position,
		u.Phone, u.Lang, u.Zone, string(prefs), u.Active, u.CreatedAt, u.Service)
}

// SaveUser implements user.Store.
func (s *Store) SaveUser(t tx.Tx, u *user.User) error {
	prefs, err := json.Marshal(u.Prefs)
	if err != nil {
		return fmt.Errorf("preferences: %w", err)
	}
	return exec(t, `UPDATE users SET email = ?, email_key = ?, name = ?, name_key = ?, role = ?, department_id = ?, position = ?,
		phone = ?, lang = ?, zone = ?, prefs = ?, active = ? WHERE id = ?`,
		u.Email, u.EmailKey, u.Name, textkey.Key(u.Name), string(u.Role), u.DepartmentID, u.Position,
		u.Phone, u.Lang, u.Zone, string(prefs), u.Active, u.ID)
}

// SavePassword implements user.Store, session.Store and account.Store: links to a new password are good no more.
func (s *Store) SavePassword(t tx.Tx, id int64, hash string) error {
	if err := exec(t, "DELETE FROM password_link WHERE user_id = ?", id); err != nil {
		return err
	}
	return exec(t, "UPDATE users SET password_hash = ? WHERE id = ?", hash, id)
}

// PasswordHash implements user.Secret.
func (s *Store) PasswordHash(ctx context.Context, userID int64) (hash, email string, err error) {
	err = s.d.ReadLoose(ctx, func(q db.Q) error {
		_, err := db.One(q, "SELECT password_hash, email FROM users WHERE id = ?", []any{userID}, func(r db.Row) error {
			hash, email = r.Text(0), r.Text(1)
			return nil
		})
		return err
	})
	return hash, email, err
}

// EmailOwner implements user.Store.
func (s *Store) EmailOwner(t tx.Tx, key string) (int64, error) {
	return db.Int(db.Of(t), "SELECT id FROM users WHERE email_key = ?", key)
}

// OtherAdmins implements user.Store.
func (s *Store) OtherAdmins(t tx.Tx, id int64) (int64, error) {
	return db.Int(db.Of(t), "SELECT COUNT(*) FROM users WHERE role = 'admin' AND active = 1 AND service = 0 AND id <> ?", id)
}

// HasDepartment implements user.Store.
func (s *Store) HasDepartment(t tx.Tx, id int64) (bool, error) {
	n, err := db.Int(db.Of(t), "SELECT 1 FROM department WHERE id = ?", id)
	return n > 0, err
}

// IsUser implements department.Store.
func (s *Store) IsUser(t tx.Tx, id int64) (bool, error) {
	n, err := db.Int(db.Of(t), "SELECT 1 FROM users WHERE id = ? AND active = 1 AND service = 0", id)
	return n > 0, err
}

// Held implements user.Store.
func (s *Store) Held(t tx.Tx, id int64) (int64, error) {
	q := db.Of(t)
	tables, err := tablesIn(q)
	if err != nil {
		return 0, err
	}
	sum := int64(0)
	for _, table := range tables {
		if table.gone {
			continue
		}
		n, err := db.Int(q, "SELECT COUNT(*) FROM "+table.name+" WHERE responsible_id = ?", id)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum, nil
}
