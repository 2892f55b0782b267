package salesstore

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/schema"
	"voronka/internal/sales/form"
	"voronka/internal/sales/intake"
)

// SaveConsent implements intake.Store.
func (s *Store) SaveConsent(t tx.Tx, c form.Terms) (int64, error) {
	if id, err := s.ConsentID(t, c.Hash()); id != 0 || err != nil {
		return id, err
	}
	q := db.Of(t)
	if _, err := q.Exec("INSERT INTO consent (hash, lang, text, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", c.Hash(), c.Lang, c.Text, t.Now()); err != nil {
		return 0, err
	}
	return s.ConsentID(t, c.Hash())
}

// ConsentID implements intake.Store.
func (s *Store) ConsentID(t tx.Tx, hash string) (int64, error) {
	return db.Int(db.Of(t), "SELECT id FROM consent WHERE hash = ?", hash)
}

const heldColumns = `h.id, h.at, h.intake_key_id, h.reason, h.dedupe, h.payload, h.attribution, h.consent, h.state, h.decided_at, h.decided_by, h.request_id`

func readHeld(r db.Row) *intake.Held {
	h := &intake.Held{
		ID: r.Int64(0), At: clock.Instant(r.Int64(1)), KeyID: r.Int64(2), Reason: r.Text(3), Dedupe: r.Text(4), Payload: []byte(r.Text(5)),
		Consent: r.Text(7), State: r.Text(8), DecidedAt: clock.Instant(r.Int64(9)), DecidedBy: r.Int64(10), RequestID: r.Int64(11),
	}
	if text := r.Text(6); text != "" {
		h.Attribution = []byte(text)
	}
	return h
}

// HeldCount implements intake.HeldStore.
func (s *Store) HeldCount(t tx.Tx, keyID int64, limit int) (int, error) {
	n, err := db.Int(db.Of(t), "SELECT count(*) FROM (SELECT 1 FROM held_request WHERE intake_key_id = ? AND state = 'waiting' LIMIT ?) h", keyID, limit)
	return int(n), err
}

// Sent implements intake.HeldStore: what begins with a prefix is one stretch of the index.
func (s *Store) Sent(ctx context.Context, prefix string, limit int) (n int, err error) {
	end := prefix + "\U0010ffff"
	err = s.d.Read(ctx, func(q db.Q) error {
		sent, err := db.Int(q, `SELECT (SELECT count(*) FROM (SELECT 1 FROM request WHERE dedupe <> '' AND dedupe >= ? AND dedupe < ? LIMIT ?) r)
			+ (SELECT count(*) FROM (SELECT 1 FROM held_request WHERE dedupe <> '' AND dedupe >= ? AND dedupe < ? LIMIT ?) h)`,
			prefix, end, limit, prefix, end, limit)
		n = int(sent)
		return err
	})
	return n, err
}

// InsertHeld implements intake.HeldStore.
func (s *Store) InsertHeld(t tx.Tx, h *intake.Held) (fresh bool, err error) {
	q := db.Of(t)
	fresh, err = db.One(q, `INSERT INTO held_request (at, intake_key_id, reason, dedupe, payload, attribution, consent, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING RETURNING id`, []any{h.At, h.KeyID, h.Reason, h.Dedupe, string(h.Payload), string(h.Attribution), h.Consent, h.State},
		func(row db.Row) error { h.ID = row.Int64(0); return nil })
	if err != nil || fresh {
		return fresh, err
	}
	h.ID, err = db.Int(q, "SELECT id FROM held_request WHERE dedupe = ?", h.Dedupe)
	return false, err
}

// HeldByID implements intake.HeldStore.
func (s *Store) HeldByID(t tx.Tx, id int64) (h *intake.Held, err error) {
	q := db.Of(t)
	if err := db.LockRows(q, "held_request", id); err != nil {
		return nil, err
	}
	found, err := db.One(q, "SELECT "+heldColumns+" FROM held_request h WHERE h.id = ?", []any{id}, func(r db.Row) error { h = readHeld(r); return nil })
	if err == nil && !found {
		return nil, fault.New(fault.NotFound, "intake.no_such_held")
	}
	return h, err
}

// DecideHeld implements intake.HeldStore.
func (s *Store) DecideHeld(t tx.Tx, h *intake.Held) error {
	_, err := db.Of(t).Exec(`UPDATE held_request SET state = ?, decided_at = ?, decided_by = ?, request_id = ?, payload = '{}', attribution = '' WHERE id = ?`,
		h.State, h.DecidedAt, h.DecidedBy, h.RequestID, h.ID)
	return err
}

// SweepHeld implements intake.HeldStore.
func (s *Store) SweepHeld(t tx.Tx, before clock.Instant) error {
	_, err := db.Of(t).Exec("DELETE FROM held_request WHERE state = 'rejected' AND decided_at < ?", before)
	return err
}

// Held implements intake.Reader.
func (s *Store) Held(ctx context.Context, f intake.HeldFilter) (list []intake.Held, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		c, err := s.schema.CatalogIn(q)
		if err != nil {
			return err
		}
		state := f.State
		if state == "" {
			state = intake.HeldWaiting
		}
		sql, args := "SELECT "+heldColumns+`, coalesce(k.title, ''), coalesce(r.type_id, 0), coalesce(r.record_id, 0) FROM held_request h
			LEFT JOIN intake_key k ON k.id = h.intake_key_id LEFT JOIN request r ON r.id = h.request_id WHERE h.state = ? AND h.id > ?`, []any{state, f.After}
		if f.KeyID != 0 {
			sql, args = sql+" AND h.intake_key_id = ?", append(args, f.KeyID)
		}
		return q.Query(sql+" ORDER BY h.id LIMIT ?", append(args, f.Limit), func(r db.Row) error {
			list = append(list, heldWithNames(c, r))
			return nil
		})
	})
	return list, err
}

func heldWithNames(c *schema.Catalog, r db.Row) intake.Held {
	h := readHeld(r)
	h.KeyTitle, h.Record = r.Text(12), refOf(c, r.Int64(13), r.Int64(14))
	return *h
}

// HeldWaiting implements intake.Reader.
func (s *Store) HeldWaiting(ctx context.Context, limit int) (n int, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		count, err := db.Int(q, "SELECT count(*) FROM (SELECT 1 FROM held_request WHERE state = 'waiting' LIMIT ?) h", limit)
		n = int(count)
		return err
	})
	return n, err
}
