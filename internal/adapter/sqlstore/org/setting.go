package orgstore

import (
	"context"
	"encoding/json"
	"fmt"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/directory"
	"voronka/internal/org/portal"
	"voronka/internal/org/setup"
	"voronka/internal/org/worktime"
)

// Keys of table setting.
const (
	portalKey     = "portal"
	workTimeKey   = "worktime"
	setupKey      = "setup"
	restampingKey = "org.restamping"
)

// setting reads a JSON document into value, which stays as it is when there is none.
func setting(q db.Q, key string, value any) error {
	doc, err := text(q, "SELECT value FROM setting WHERE key = ?", key)
	if err != nil || doc == "" {
		return err
	}
	if err := json.Unmarshal([]byte(doc), value); err != nil {
		return fmt.Errorf("setting %s: %w", key, err)
	}
	return nil
}

func saveSetting(t tx.Tx, key string, value any) error {
	doc, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("setting %s: %w", key, err)
	}
	return exec(t, "INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, string(doc))
}

// Portal implements portal.Store.
func (s *Store) Portal(t tx.Tx) (portal.Portal, error) { return portalIn(db.Of(t)) }

func portalIn(q db.Q) (portal.Portal, error) {
	p := portal.Default()
	return p, setting(q, portalKey, &p)
}

// SavePortal implements portal.Store. The schema of records follows the portal: its currency says how many digits sums have.
func (s *Store) SavePortal(t tx.Tx, p portal.Portal) error {
	if err := saveSetting(t, portalKey, p); err != nil {
		return err
	}
	return db.Bump(t, "schema")
}

// SaveWorkTime implements portal.Store.
func (s *Store) SaveWorkTime(t tx.Tx, w *worktime.Schedule) error {
	return saveSetting(t, workTimeKey, w)
}

// workTimeIn is the portal's schedule; without a stored one it is the default in the portal's zone.
func workTimeIn(q db.Q, p portal.Portal) (*worktime.Schedule, error) {
	zone, err := worktime.Zone(p.Zone)
	if err != nil {
		return nil, fmt.Errorf("portal: %w", err)
	}
	w := worktime.Default(zone)
	return w, setting(q, workTimeKey, w)
}

func restampingIn(q db.Q) (directory.Restamping, error) {
	r := directory.Restamping{}
	return r, setting(q, restampingKey, &r)
}

// HasMoney implements portal.Store.
func (s *Store) HasMoney(t tx.Tx) (bool, error) {
	q := db.Of(t)
	tables, err := tablesIn(q)
	if err != nil {
		return false, err
	}
	for _, table := range tables {
		for _, col := range table.money {
			n, err := db.Int(q, "SELECT 1 FROM "+table.name+" WHERE "+col+" IS NOT NULL LIMIT 1")
			if err != nil || n > 0 {
				return n > 0, err
			}
		}
	}
	return false, nil
}

// HasAdmin implements setup.Store.
func (s *Store) HasAdmin(ctx context.Context) (has bool, err error) {
	err = s.d.ReadLoose(ctx, func(q db.Q) error {
		has, err = hasAdmin(q)
		return err
	})
	return has, err
}

// HasAdminIn implements setup.Store.
func (s *Store) HasAdminIn(t tx.Tx) (bool, error) { return hasAdmin(db.Of(t)) }

func hasAdmin(q db.Q) (bool, error) {
	n, err := db.Int(q, "SELECT 1 FROM users WHERE role = 'admin' LIMIT 1")
	return n > 0, err
}

// SetupCode implements setup.Store. On PostgreSQL the row is held, so that no attempt goes uncounted.
func (s *Store) SetupCode(t tx.Tx) (c setup.Code, err error) {
	q := db.Of(t)
	if q.Dialect() == db.Postgres {
		if _, err := text(q, "SELECT key FROM setting WHERE key = ? FOR UPDATE", setupKey); err != nil {
			return c, err
		}
	}
	return c, setting(q, setupKey, &c)
}

// SaveSetupCode implements setup.Store.
func (s *Store) SaveSetupCode(t tx.Tx, c setup.Code) error { return saveSetting(t, setupKey, c) }

// DropSetupCode implements setup.Store.
func (s *Store) DropSetupCode(t tx.Tx) error {
	return exec(t, "DELETE FROM setting WHERE key = ?", setupKey)
}
