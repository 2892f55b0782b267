package salesstore

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/sales/drum"
)

const drumColumns = "id, code, title, take_seconds, misses_to_head, head_id, take_stage_id, state, active, policy"

func readDrum(r db.Row) (*drum.Drum, error) {
	d := &drum.Drum{
		ID: r.Int64(0), Code: r.Text(1), Title: r.Text(2), Take: time.Duration(r.Int64(3)) * time.Second, MissesToHead: int(r.Int64(4)),
		HeadID: r.Int64(5), TakeStageID: r.Int64(6), Active: r.Int64(8) != 0,
	}
	if err := json.Unmarshal(r.Bytes(7), &d.State); err != nil {
		return nil, fmt.Errorf("state of drum %d: %w", d.ID, err)
	}
	if err := json.Unmarshal(r.Bytes(9), &d.Policy); err != nil {
		return nil, fmt.Errorf("policy of drum %d: %w", d.ID, err)
	}
	d.Policy = d.Policy.Filled()
	return d, nil
}

// Drum implements drum.Store.
func (s *Store) Drum(t tx.Tx, id int64) (*drum.Drum, error) { return drumIn(db.Of(t), id) }

func drumIn(q db.Q, id int64) (d *drum.Drum, err error) {
	found, err := db.One(q, "SELECT "+drumColumns+" FROM drum WHERE id = ? AND active = 1", []any{id}, func(r db.Row) error {
		d, err = readDrum(r)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fault.New(fault.NotFound, "drum.not_found")
	}
	err = q.Query("SELECT user_id, active, weight, cap FROM drum_member WHERE drum_id = ? ORDER BY pos", []any{id}, func(r db.Row) error {
		d.Members = append(d.Members, drum.Member{UserID: r.Int64(0), Active: r.Int64(1) != 0, Weight: int(r.Int64(2)), Cap: int(r.Int64(3))})
		return nil
	})
	return d, err
}

// LockDrum implements drum.Store.
func (s *Store) LockDrum(t tx.Tx, id int64) (*drum.Drum, error) {
	if err := db.LockRows(db.Of(t), "drum", id); err != nil {
		return nil, err
	}
	return s.Drum(t, id)
}

// DrumCodes implements drum.Store.
func (s *Store) DrumCodes(t tx.Tx) (map[string]bool, error) { return codes(t, "SELECT code FROM drum") }

func codes(t tx.Tx, sql string) (map[string]bool, error) {
	taken := map[string]bool{}
	err := db.Of(t).Query(sql, nil, func(r db.Row) error { taken[r.Text(0)] = true; return nil })
	return taken, err
}

// InsertDrum implements drum.Store.
func (s *Store) InsertDrum(t tx.Tx, d *drum.Drum) (id int64, err error) {
	policy, err := json.Marshal(d.Policy)
	if err != nil {
		return 0, err
	}
	id, err = db.InsertID(db.Of(t), `INSERT INTO drum (code, title, take_seconds, misses_to_head, head_id, take_stage_id, state, active, policy)
		VALUES (?, ?, ?, ?, ?, ?, '{}', 1, ?) RETURNING id`, d.Code, d.Title, int64(d.Take/time.Second), d.MissesToHead, d.HeadID, d.TakeStageID, string(policy))
	if err != nil {
		return 0, err
	}
	if err := s.saveMembers(t, id, d.Members); err != nil {
		return 0, err
	}
	return id, db.Bump(t, "sales")
}

// SaveDrum implements drum.Store.
func (s *Store) SaveDrum(t tx.Tx, d *drum.Drum) error {
	policy, err := json.Marshal(d.Policy)
	if err != nil {
		return err
	}
	_, err = db.Of(t).Exec("UPDATE drum SET title = ?, take_seconds = ?, misses_to_head = ?, head_id = ?, take_stage_id = ?, active = ?, policy = ? WHERE id = ?",
		d.Title, int64(d.Take/time.Second), d.MissesToHead, d.HeadID, d.TakeStageID, d.Active, string(policy), d.ID)
	if err != nil {
		return err
	}
	if err := s.saveMembers(t, d.ID, d.Members); err != nil {
		return err
	}
	return db.Bump(t, "sales")
}

func (s *Store) saveMembers(t tx.Tx, id int64, members []drum.Member) error {
	q := db.Of(t)
	if _, err := q.Exec("DELETE FROM drum_member WHERE drum_id = ?", id); err != nil {
		return err
	}
	for i, m := range members {
		if err := db.Later(q, "INSERT INTO drum_member (drum_id, user_id, pos, active, weight, cap) VALUES (?, ?, ?, ?, ?, ?)",
			id, m.UserID, i, m.Active, cmp.Or(m.Weight, drum.FullWeight), m.Cap); err != nil {
			return err
		}
	}
	return nil
}

// SaveState implements drum.Store.
func (s *Store) SaveState(t tx.Tx, id int64, state drum.State) error {
	text, err := json.Marshal(state)
	if err != nil {
		return err
	}
	return db.Later(db.Of(t), "UPDATE drum SET state = ? WHERE id = ?", string(text), id)
}
