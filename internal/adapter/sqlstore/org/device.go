package orgstore

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/session"
)

// IsDevice implements session.Devices.
func (s *Store) IsDevice(ctx context.Context, emailKey, hash string) (known bool, err error) {
	err = s.d.ReadLoose(ctx, func(q db.Q) error {
		n, err := db.Int(q, "SELECT 1 FROM known_device d JOIN users u ON u.id = d.user_id WHERE d.device_hash = ? AND u.email_key = ?", hash, emailKey)
		known = n > 0
		return err
	})
	return known, err
}

// SeeDevice implements session.Devices.
func (s *Store) SeeDevice(t tx.Tx, d session.Device, hash string) (bool, error) {
	n, err := db.Of(t).Exec("UPDATE known_device SET agent = ?, network = ?, seen_at = ? WHERE device_hash = ? AND user_id = ?", d.Family, d.Network, t.Now(), hash, d.UserID)
	return n > 0, err
}

// AnyDevice implements session.Devices.
func (s *Store) AnyDevice(t tx.Tx, hash string) (bool, error) {
	n, err := db.Int(db.Of(t), "SELECT 1 FROM known_device WHERE device_hash = ? LIMIT 1", hash)
	return n > 0, err
}

// InsertDevice implements session.Devices.
func (s *Store) InsertDevice(t tx.Tx, d session.Device, hash string) error {
	return exec(t, "INSERT INTO known_device (user_id, device_hash, agent, network, created_at, seen_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		d.UserID, hash, d.Family, d.Network, t.Now(), t.Now())
}

// DevicesOf implements session.Devices.
func (s *Store) DevicesOf(t tx.Tx, userID int64, limit int) (list []session.Device, err error) {
	err = exec(t, "DELETE FROM known_device WHERE user_id = ? AND id NOT IN (SELECT id FROM known_device WHERE user_id = ? ORDER BY seen_at DESC, id DESC LIMIT ?)", userID, userID, limit)
	if err != nil {
		return nil, err
	}
	err = db.Of(t).Query("SELECT agent, network FROM known_device WHERE user_id = ?", []any{userID}, func(r db.Row) error {
		list = append(list, session.Device{UserID: userID, Family: r.Text(0), Network: r.Text(1)})
		return nil
	})
	return list, err
}

// AgentsOf implements session.Devices.
func (s *Store) AgentsOf(t tx.Tx, userID int64) (list []session.From, err error) {
	err = db.Of(t).Query("SELECT ip, agent FROM session WHERE user_id = ? ORDER BY id DESC LIMIT 200", []any{userID}, func(r db.Row) error {
		list = append(list, session.From{IP: r.Text(0), Agent: r.Text(1)})
		return nil
	})
	return list, err
}
