package salesstore

import (
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/schema"
	"voronka/internal/sales/client"
)

// Claim implements client.Store. Writing the row again locks it whether it was there or not, and the answer is what lies in
// it after everybody who came before has committed.
func (s *Store) Claim(t tx.Tx, keys []client.Key) ([]ref.Ref, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	c, err := s.schema.Catalog(t)
	if err != nil {
		return nil, err
	}
	q := db.Of(t)
	holders := make([]ref.Ref, len(keys))
	for i, key := range keys {
		_, err := db.One(q, `INSERT INTO client_key (key, type_id, record_id) VALUES (?, 0, 0)
			ON CONFLICT (key) DO UPDATE SET record_id = client_key.record_id RETURNING type_id, record_id`, []any{string(key)},
			func(r db.Row) error { holders[i] = refOf(c, r.Int64(0), r.Int64(1)); return nil })
		if err != nil {
			return nil, err
		}
	}
	return holders, nil
}

// Give implements client.Store.
func (s *Store) Give(t tx.Tx, keys []client.Key, r ref.Ref) error {
	if len(keys) == 0 {
		return nil
	}
	typ, err := s.typeID(t, r)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if _, err := db.Of(t).Exec("UPDATE client_key SET type_id = ?, record_id = ? WHERE key = ?", typ, r.ID, string(key)); err != nil {
			return err
		}
	}
	return nil
}

// Drop implements client.Store.
func (s *Store) Drop(t tx.Tx, keys []client.Key, r ref.Ref) error {
	typ, err := s.typeID(t, r)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if _, err := db.Of(t).Exec("DELETE FROM client_key WHERE key = ? AND type_id = ? AND record_id = ?", string(key), typ, r.ID); err != nil {
			return err
		}
	}
	return nil
}

// Others implements client.Store.
func (s *Store) Others(t tx.Tx, keys []client.Key, except ref.Ref, types []*schema.Type) (map[client.Key]ref.Ref, error) {
	heirs := map[client.Key]ref.Ref{}
	q := db.Of(t)
	for _, key := range keys {
		kind, normal, _ := strings.Cut(string(key), ":")
		table := "email"
		if kind == "p" {
			table = "phone"
		}
		for _, typ := range types {
			not := int64(0)
			if typ.Code == except.Type {
				not = except.ID
			}
			// Extensions come after the number, so the number with any of them is one stretch of the index.
			id, err := db.Int(q, "SELECT min(record_id) FROM "+table+" WHERE (normalised = ? OR normalised >= ? AND normalised < ?) AND type_id = ? AND record_id <> ?",
				normal, normal+";ext=", normal+";ext>", typ.ID, not)
			if err != nil {
				return nil, err
			}
			if id != 0 {
				heirs[key] = ref.Ref{Type: typ.Code, ID: id}
				break
			}
		}
	}
	return heirs, nil
}
