package salesstore

import (
	"slices"
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
	for from := 0; from < len(keys); from += keysPerInsert {
		some := keys[from:min(from+keysPerInsert, len(keys))]
		args := make([]any, len(some))
		for i, key := range some {
			args[i] = string(key)
		}
		err := q.Query("INSERT INTO client_key (key, type_id, record_id) VALUES (?, 0, 0)"+strings.Repeat(", (?, 0, 0)", len(some)-1)+
			" ON CONFLICT (key) DO UPDATE SET record_id = client_key.record_id RETURNING key, type_id, record_id", args, func(r db.Row) error {
			if i := slices.Index(some, client.Key(r.Text(0))); i >= 0 {
				holders[from+i] = refOf(c, r.Int64(1), r.Int64(2))
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return holders, nil
}

// keysPerInsert are claimed by one statement.
const keysPerInsert = 20

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
		if err := db.Later(db.Of(t), "UPDATE client_key SET type_id = ?, record_id = ? WHERE key = ?", typ, r.ID, string(key)); err != nil {
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
		if err := db.Later(db.Of(t), "DELETE FROM client_key WHERE key = ? AND type_id = ? AND record_id = ?", string(key), typ, r.ID); err != nil {
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
