package workstore

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
	"voronka/internal/work/notify"
)

// Keys implements notify.Store.
func (s *Store) Keys(ctx context.Context) (*notify.Keys, error) {
	var k notify.Keys
	found := false
	err := s.d.ReadLoose(ctx, func(q db.Q) (err error) {
		found, err = setting(q, pushKey, &k)
		return err
	})
	if err != nil || !found {
		return nil, err
	}
	return &k, nil
}

// SaveKeys implements notify.Store.
func (s *Store) SaveKeys(t tx.Tx, k notify.Keys) error {
	doc, err := json.Marshal(k)
	if err != nil {
		return err
	}
	_, err = db.Of(t).Exec("INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING", pushKey, string(doc))
	return err
}

const deviceColumns = "p.id, p.user_id, p.endpoint, p.p256dh, p.auth, p.agent, p.created_at, p.used_at, p.session_id"

// alive leaves out browsers whose person was signed out there.
const alive = "(p.session_id = 0 OR EXISTS (SELECT 1 FROM session s WHERE s.id = p.session_id AND s.user_id = p.user_id))"

func devices(q db.Q, where string, args ...any) (list []notify.Subscription, err error) {
	err = q.Query("SELECT "+deviceColumns+" FROM push_subscription p WHERE "+alive+" AND "+where, args, func(r db.Row) error {
		list = append(list, notify.Subscription{
			ID: r.Int64(0), UserID: r.Int64(1), Endpoint: r.Text(2), P256dh: r.Text(3), Auth: r.Text(4), Agent: r.Text(5),
			CreatedAt: clock.Instant(r.Int64(6)), UsedAt: clock.Instant(r.Int64(7)), SessionID: r.Int64(8),
		})
		return nil
	})
	return list, err
}

// Subscribe implements notify.Store.
func (s *Store) Subscribe(t tx.Tx, x *notify.Subscription) (err error) {
	x.ID, err = db.InsertID(db.Of(t), `INSERT INTO push_subscription (user_id, session_id, endpoint, p256dh, auth, agent, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (endpoint) DO UPDATE SET user_id = excluded.user_id, session_id = excluded.session_id, p256dh = excluded.p256dh, auth = excluded.auth, agent = excluded.agent
		RETURNING id`, x.UserID, x.SessionID, x.Endpoint, x.P256dh, x.Auth, x.Agent, x.CreatedAt)
	return err
}

// byUse puts those unused for longest first.
const byUse = "p.user_id = ? ORDER BY CASE WHEN p.used_at = 0 THEN p.created_at ELSE p.used_at END, p.id"

// Devices implements notify.Store.
func (s *Store) Devices(ctx context.Context, userID int64) (list []notify.Subscription, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list, err = devices(q, byUse, userID)
		return err
	})
	return list, err
}

// DevicesIn implements notify.Store.
func (s *Store) DevicesIn(t tx.Tx, userID int64) ([]notify.Subscription, error) {
	return devices(db.Of(t), byUse, userID)
}

// Device implements notify.Store.
func (s *Store) Device(ctx context.Context, id int64) (d *notify.Subscription, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list, err := devices(q, "p.id = ?", id)
		if d = nil; len(list) > 0 {
			d = &list[0]
		}
		return err
	})
	return d, err
}

// Unsubscribe implements notify.Store.
func (s *Store) Unsubscribe(t tx.Tx, userID, id int64, endpoint string) error {
	_, err := db.Of(t).Exec("DELETE FROM push_subscription WHERE user_id = ? AND (id = ? OR endpoint = ?)", userID, id, endpoint)
	return err
}

// Used implements notify.Store.
func (s *Store) Used(t tx.Tx, id int64) error {
	_, err := db.Of(t).Exec("UPDATE push_subscription SET used_at = ? WHERE id = ?", t.Now(), id)
	return err
}

// Spend implements notify.Store. What is kept is no word of action any more.
func (s *Store) Spend(t tx.Tx, token string) (bool, error) {
	sum := sha256.Sum256([]byte(token))
	n, err := db.Of(t).Exec("INSERT INTO push_spent (token, at) VALUES (?, ?) ON CONFLICT DO NOTHING", base64.RawURLEncoding.EncodeToString(sum[:]), t.Now())
	return n == 1, err
}
