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
	"voronka/internal/sales/intake"
)

const keyColumns = "id, code, key, title, channel, source, pipeline_id, drum_id, responsible_id, lang, options, active, created_at, removed_at"

func readKey(r db.Row) (*intake.Key, error) {
	k := &intake.Key{
		ID: r.Int64(0), Code: r.Text(1), Key: r.Text(2), Title: r.Text(3), Channel: r.Text(4), Source: r.Text(5), PipelineID: r.Int64(6),
		DrumID: r.Int64(7), ResponsibleID: r.Int64(8), Lang: r.Text(9), Active: r.Int64(11) != 0, CreatedAt: clock.Instant(r.Int64(12)),
		RemovedAt: clock.Instant(r.Int64(13)),
	}
	if err := json.Unmarshal(r.Bytes(10), &k.Form); err != nil {
		return nil, fmt.Errorf("options of intake key %d: %w", k.ID, err)
	}
	return k, nil
}

func oneKey(q db.Q, where string, arg any) (k *intake.Key, err error) {
	found, err := db.One(q, "SELECT "+keyColumns+" FROM intake_key WHERE "+where, []any{arg}, func(r db.Row) error {
		k, err = readKey(r)
		return err
	})
	if err == nil && !found {
		return nil, fault.New(fault.NotFound, "intake.no_such_key")
	}
	return k, err
}

// Key implements intake.Store.
func (s *Store) Key(t tx.Tx, address string) (*intake.Key, error) {
	return oneKey(db.Of(t), openDoor, address)
}

// openDoor is the condition of a key that takes requests.
const openDoor = "key = ? AND active = 1 AND removed_at = 0"

// AnyKey implements intake.Store.
func (s *Store) AnyKey(t tx.Tx, address string) (*intake.Key, error) {
	return oneKey(db.Of(t), "key = ?", address)
}

// KeyByID implements intake.Store.
func (s *Store) KeyByID(t tx.Tx, id int64) (*intake.Key, error) {
	return oneKey(db.Of(t), "id = ?", id)
}

// KeyCodes implements intake.Store.
func (s *Store) KeyCodes(t tx.Tx) (map[string]bool, error) {
	return codes(t, "SELECT code FROM intake_key")
}

// InsertKey implements intake.Store.
func (s *Store) InsertKey(t tx.Tx, k *intake.Key) (int64, error) {
	options, err := json.Marshal(k.Form)
	if err != nil {
		return 0, err
	}
	id, err := db.InsertID(db.Of(t), `INSERT INTO intake_key (code, key, title, channel, source, pipeline_id, drum_id, responsible_id, lang, options, active, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, k.Code, k.Key, k.Title, k.Channel, k.Source, k.PipelineID, k.DrumID, k.ResponsibleID, k.Lang,
		string(options), k.Active, k.CreatedAt)
	if err != nil {
		return 0, err
	}
	return id, db.Bump(t, "sales")
}

// SaveKey implements intake.Store.
func (s *Store) SaveKey(t tx.Tx, k *intake.Key) error {
	options, err := json.Marshal(k.Form)
	if err != nil {
		return err
	}
	if _, err := db.Of(t).Exec(`UPDATE intake_key SET key = ?, title = ?, channel = ?, source = ?, pipeline_id = ?, drum_id = ?, responsible_id = ?, lang = ?,
		options = ?, active = ? WHERE id = ?`, k.Key, k.Title, k.Channel, k.Source, k.PipelineID, k.DrumID, k.ResponsibleID, k.Lang, string(options), k.Active, k.ID); err != nil {
		return err
	}
	return db.Bump(t, "sales")
}

// RemoveKey implements intake.Store.
func (s *Store) RemoveKey(t tx.Tx, id int64) error {
	n, err := db.Of(t).Exec("UPDATE intake_key SET removed_at = ?, active = 0 WHERE id = ? AND removed_at = 0", t.Now(), id)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "intake.no_such_key")
	}
	return db.Bump(t, "sales")
}

// HasDrum implements intake.Store.
func (s *Store) HasDrum(t tx.Tx, id int64) (bool, error) {
	n, err := db.Int(db.Of(t), "SELECT count(*) FROM drum WHERE id = ? AND active = 1", id)
	return n > 0, err
}

// InsertRequest implements intake.Store: of two with the same dedupe the second waits at the unique index until the first is
// through.
func (s *Store) InsertRequest(t tx.Tx, r *intake.Request) (fresh bool, err error) {
	q := db.Of(t)
	fresh, err = db.One(q, `INSERT INTO request (at, intake_key_id, channel, source, dedupe, payload, attribution, consent_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING RETURNING id`, []any{r.At, r.KeyID, r.Channel, r.Source, r.Dedupe, string(r.Payload), string(r.Attribution), r.ConsentID},
		func(row db.Row) error { r.ID = row.Int64(0); return nil })
	if err != nil || fresh {
		return fresh, err
	}
	c, err := s.schema.Catalog(t)
	if err != nil {
		return false, err
	}
	_, err = db.One(q, "SELECT id, type_id, record_id FROM request WHERE dedupe = ?", []any{r.Dedupe}, func(row db.Row) error {
		r.ID, r.Record = row.Int64(0), refOf(c, row.Int64(1), row.Int64(2))
		return nil
	})
	return false, err
}

// Attach implements intake.Store.
func (s *Store) Attach(t tx.Tx, r *intake.Request) error {
	typ, err := s.typeID(t, r.Record)
	if err != nil {
		return err
	}
	return db.Later(db.Of(t), "UPDATE request SET type_id = ?, record_id = ?, repeat_of = ? WHERE id = ?", typ, r.Record.ID, r.RepeatOf, r.ID)
}

// FirstOf implements intake.Store.
func (s *Store) FirstOf(t tx.Tx, r ref.Ref) (int64, error) {
	typ, err := s.typeID(t, r)
	if err != nil {
		return 0, err
	}
	return db.Int(db.Of(t), "SELECT min(id) FROM request WHERE type_id = ? AND record_id = ?", typ, r.ID)
}

// OpenFor implements intake.Store.
func (s *Store) OpenFor(t tx.Tx, typ *schema.Type, client ref.Ref) (int64, error) {
	f := typ.Field(client.Type)
	if f == nil || f.Kind != schema.Link {
		return 0, nil
	}
	return db.Int(db.Of(t), "SELECT max(id) FROM "+typ.Table()+" WHERE "+f.Col+" = ? AND closed_at IS NULL", client.ID)
}

// LastOpenStage implements intake.Store.
func (s *Store) LastOpenStage(t tx.Tx, r ref.Ref) (int64, error) {
	typ, err := s.typeID(t, r)
	if err != nil {
		return 0, err
	}
	return db.Int(db.Of(t), `SELECT v.stage_id FROM visit v JOIN stage g ON g.id = v.stage_id WHERE v.type_id = ? AND v.record_id = ? AND g.kind = 'open'
		ORDER BY v.id DESC LIMIT 1`, typ, r.ID)
}
