package salesstore

import (
	"encoding/json"
	"fmt"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/schema"
	"voronka/internal/sales/drum"
)

const offerColumns = "o.id, o.drum_id, o.type_id, o.record_id, o.user_id, o.round, o.state, o.offered_at, o.due_at, o.decided_at, o.decided_by, o.reasons"

func readOffer(c *schema.Catalog, r db.Row) (drum.Offer, error) {
	o := drum.Offer{
		ID: r.Int64(0), DrumID: r.Int64(1), Record: refOf(c, r.Int64(2), r.Int64(3)), UserID: r.Int64(4), Round: int(r.Int64(5)), State: r.Text(6),
		OfferedAt: clock.Instant(r.Int64(7)), DueAt: clock.Instant(r.Int64(8)), DecidedAt: clock.Instant(r.Int64(9)), DecidedBy: r.Int64(10),
	}
	if err := json.Unmarshal(r.Bytes(11), &o.Reasons); err != nil {
		return o, fmt.Errorf("reasons of offer %d: %w", o.ID, err)
	}
	return o, nil
}

func (s *Store) offers(t tx.Tx, where string, args ...any) (list []drum.Offer, err error) {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return nil, err
	}
	err = db.Of(t).Query("SELECT "+offerColumns+" FROM offer o WHERE "+where, args, func(r db.Row) error {
		o, err := readOffer(c, r)
		list = append(list, o)
		return err
	})
	return list, err
}

// InsertOffer implements drum.Store.
func (s *Store) InsertOffer(t tx.Tx, o *drum.Offer) (int64, error) {
	typ, err := s.typeID(t, o.Record)
	if err != nil {
		return 0, err
	}
	reasons, err := json.Marshal(o.Reasons)
	if err != nil {
		return 0, err
	}
	if o.Reasons == nil {
		reasons = []byte("[]")
	}
	id, err := db.InsertID(db.Of(t), `INSERT INTO offer (drum_id, type_id, record_id, user_id, round, state, offered_at, due_at, reasons)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, o.DrumID, typ, o.Record.ID, o.UserID, o.Round, o.State, o.OfferedAt, o.DueAt, string(reasons))
	if db.IsUnique(err) { // what the index offer_open is for
		return 0, fault.Wrap(fault.Conflict, "offer.already_open", err)
	}
	return id, err
}

// Offer implements drum.Store.
func (s *Store) Offer(t tx.Tx, id int64) (*drum.Offer, error) {
	list, err := s.offers(t, "o.id = ?", id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "offer.not_found")
	}
	return &list[0], nil
}

// OpenOffer implements drum.Store.
func (s *Store) OpenOffer(t tx.Tx, r ref.Ref) (*drum.Offer, error) {
	typ, err := s.typeID(t, r)
	if err != nil {
		return nil, err
	}
	list, err := s.offers(t, "o.type_id = ? AND o.record_id = ? AND o.decided_at = 0", typ, r.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// Decide implements drum.Store.
func (s *Store) Decide(t tx.Tx, id int64, state string, by int64) (bool, error) {
	n, err := db.Of(t).Exec("UPDATE offer SET state = ?, decided_at = ?, decided_by = ? WHERE id = ? AND decided_at = 0", state, t.Now(), by, id)
	return n == 1, err
}

// OpenOf implements drum.Store.
func (s *Store) OpenOf(t tx.Tx, userID int64) ([]drum.Offer, error) {
	return s.offers(t, "o.user_id = ? AND o.state IN ('offered', 'escalated') AND o.decided_at = 0 ORDER BY o.type_id, o.record_id", userID)
}

// OpenIn implements drum.Store.
func (s *Store) OpenIn(t tx.Tx, drumID int64) ([]drum.Offer, error) {
	return s.offers(t, "o.drum_id = ? AND o.state IN ('offered', 'escalated', 'waiting') AND o.decided_at = 0 ORDER BY o.type_id, o.record_id", drumID)
}

// WaitingIn implements drum.Store.
func (s *Store) WaitingIn(t tx.Tx, drumID int64, n int) ([]drum.Offer, error) {
	return s.offers(t, "o.drum_id = ? AND o.state = 'waiting' AND o.decided_at = 0 ORDER BY o.id LIMIT ?", drumID, n)
}

// WaitingDrums implements drum.Store.
func (s *Store) WaitingDrums(t tx.Tx) (ids []int64, err error) {
	err = db.Of(t).Query("SELECT DISTINCT drum_id FROM offer WHERE decided_at = 0 AND state = 'waiting'", nil, func(r db.Row) error {
		ids = append(ids, r.Int64(0))
		return nil
	})
	return ids, err
}

// Misses implements drum.Store.
func (s *Store) Misses(t tx.Tx, drumID int64, r ref.Ref) (map[int64]int, error) {
	typ, err := s.typeID(t, r)
	if err != nil {
		return nil, err
	}
	misses := map[int64]int{}
	err = db.Of(t).Query("SELECT user_id, state FROM offer WHERE type_id = ? AND record_id = ? AND drum_id = ? ORDER BY id", []any{typ, r.ID, drumID},
		func(row db.Row) error {
			switch row.Text(1) {
			case drum.Taken:
				clear(misses)
			case drum.Missing:
				misses[row.Int64(0)]++
			}
			return nil
		})
	return misses, err
}

// Left implements drum.Store.
func (s *Store) Left(t tx.Tx) ([]drum.Offer, error) {
	return s.offers(t, `o.decided_at = 0 AND o.state IN ('offered', 'escalated')
		AND NOT EXISTS (SELECT 1 FROM users u WHERE u.id = o.user_id AND u.active = 1) ORDER BY o.type_id, o.record_id LIMIT 200`)
}
