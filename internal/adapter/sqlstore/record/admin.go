package record

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/schema"
)

var _ schema.AdminStore = (*Store)(nil)

// States of field.indexed.
const (
	noIndex     = 0
	indexReady  = 1
	indexWanted = 2
)

func indexState(f *schema.Field) int64 {
	switch {
	case f.Indexed:
		return indexReady
	case f.Indexing:
		return indexWanted
	}
	return noIndex
}

// LockSchema implements schema.AdminStore. On PostgreSQL whoever waits for a table longer than a second gives up with
// db.busy: writers would queue behind him.
func (s *Store) LockSchema(t tx.Tx) error {
	q := db.Of(t)
	if q.Dialect() == db.Postgres {
		if _, err := q.Exec("SET LOCAL lock_timeout = '1s'"); err != nil {
			return err
		}
	}
	return lockValue(q, "schema")
}

// Changed implements schema.AdminStore.
func (s *Store) Changed(t tx.Tx) error { return db.Bump(t, "schema") }

// Refresh implements schema.AdminStore.
func (s *Store) Refresh(ctx context.Context) error {
	_, err := s.FreshCatalog(ctx)
	return err
}

// AddType implements schema.AdminStore.
func (s *Store) AddType(t tx.Tx, typ *schema.Type) (int64, error) {
	q := db.Of(t)
	id, err := insertType(q, typ)
	if err != nil {
		return 0, err
	}
	if err := createTable(q, typ.Code); err != nil || !typ.Staged {
		return id, err
	}
	amount := schema.AmountField()
	amount.TypeID, amount.Col, amount.Sort = id, amount.Code, 10
	if err := addColumns(q, typ.Table(), &amount); err != nil {
		return 0, err
	}
	if _, err := insertField(q, &amount); err != nil {
		return 0, err
	}
	if err := createIndexes(q, typ.Code, stagedIndexes); err != nil {
		return 0, err
	}
	p := schema.DefaultPipeline()
	p.TypeID = id
	_, err = insertPipeline(q, p)
	return id, err
}

// SaveType implements schema.AdminStore.
func (s *Store) SaveType(t tx.Tx, typ *schema.Type) error {
	_, err := db.Of(t).Exec("UPDATE record_type SET title_ru = ?, title_en = ?, plural_ru = ?, plural_en = ?, sort = ? WHERE id = ?",
		typ.TitleRU, typ.TitleEN, typ.PluralRU, typ.PluralEN, typ.Sort, typ.ID)
	return err
}

// RemoveType implements schema.AdminStore; at 0 brings it back.
func (s *Store) RemoveType(t tx.Tx, id int64, at clock.Instant) error {
	_, err := db.Of(t).Exec("UPDATE record_type SET removed_at = ? WHERE id = ?", at, id)
	return err
}

// RemovedType implements schema.AdminStore.
func (s *Store) RemovedType(t tx.Tx, code string) (*schema.Type, error) {
	var typ *schema.Type
	_, err := db.One(db.Of(t), "SELECT id, staged FROM record_type WHERE code = ? AND removed_at <> 0", []any{code}, func(r db.Row) error {
		typ = &schema.Type{ID: r.Int64(0), Code: code, Staged: r.Int64(1) != 0}
		return nil
	})
	return typ, err
}

// TypeCodeTaken implements schema.AdminStore.
func (s *Store) TypeCodeTaken(t tx.Tx, code string) (bool, error) {
	n, err := db.Int(db.Of(t), "SELECT count(*) FROM record_type WHERE code = ?", code)
	return n > 0, err
}

// Records implements schema.AdminStore.
func (s *Store) Records(t tx.Tx, typ *schema.Type, limit int64) (int64, error) {
	return db.Int(db.Of(t), "SELECT count(*) FROM (SELECT 1 FROM "+typ.Table()+" LIMIT ?) AS found", limit)
}

// AddField implements schema.AdminStore.
func (s *Store) AddField(t tx.Tx, typ *schema.Type, f *schema.Field) (int64, error) {
	q := db.Of(t)
	if err := addColumns(q, typ.Table(), f); err != nil {
		return 0, err
	}
	return insertField(q, f)
}

// SaveField implements schema.AdminStore.
func (s *Store) SaveField(t tx.Tx, f *schema.Field) error {
	_, err := db.Of(t).Exec(`UPDATE field SET title_ru = ?, title_en = ?, required = ?, uniq = ?, personal = ?, indexed = ?, default_value = ?,
		sort = ?, removed_at = ? WHERE id = ?`, f.TitleRU, f.TitleEN, f.Required, f.Unique, f.Personal, indexState(f), f.Default, f.Sort, f.RemovedAt, f.ID)
	return err
}

// Repeated implements schema.AdminStore.
func (s *Store) Repeated(t tx.Tx, typ *schema.Type, f *schema.Field) (bool, error) {
	q := db.Of(t)
	var n int64
	var err error
	if side := f.Kind.Side(); side != schema.InColumns {
		n, err = db.Int(q, "SELECT count(*) FROM (SELECT 1 FROM "+string(side)+" WHERE type_id = ? AND field_id = ? GROUP BY normalised HAVING count(*) > 1 LIMIT 1) AS found", typ.ID, f.ID)
	} else {
		column := f.SortColumn()
		n, err = db.Int(q, "SELECT count(*) FROM (SELECT 1 FROM "+typ.Table()+" WHERE "+column+" IS NOT NULL GROUP BY "+column+" HAVING count(*) > 1 LIMIT 1) AS found")
	}
	return n > 0, err
}

// AddValue implements schema.AdminStore.
func (s *Store) AddValue(t tx.Tx, fieldID int64, v schema.Value) (int64, error) {
	return insertValue(db.Of(t), fieldID, v)
}

// SaveValue implements schema.AdminStore.
func (s *Store) SaveValue(t tx.Tx, v schema.Value, removedAt clock.Instant) error {
	_, err := db.Of(t).Exec("UPDATE list_value SET title_ru = ?, title_en = ?, color = ?, sort = ?, removed_at = ? WHERE id = ?",
		v.TitleRU, v.TitleEN, v.Color, v.Sort, removedAt, v.ID)
	return err
}

// ValueUses implements schema.AdminStore.
func (s *Store) ValueUses(t tx.Tx, typ *schema.Type, f *schema.Field, valueID, limit int64) (int64, error) {
	from, args := holders(typ, f, valueID)
	return db.Int(db.Of(t), "SELECT count(*) FROM (SELECT 1 FROM "+from+" LIMIT ?) AS found", append(args, limit)...)
}

// holders are the records that hold a list value, as the end of a SELECT.
func holders(typ *schema.Type, f *schema.Field, valueID int64) (from string, args []any) {
	if f.Kind.Many() {
		return "choice WHERE field_id = ? AND value_id = ?", []any{f.ID, valueID}
	}
	return typ.Table() + " WHERE " + f.Col + " = ?", []any{valueID}
}

// WithValue implements record.Store.
func (s *Store) WithValue(t tx.Tx, typ *schema.Type, f *schema.Field, valueID, after int64, limit int) ([]int64, error) {
	from, args := holders(typ, f, valueID)
	column := "id"
	if f.Kind.Many() {
		column = "record_id"
	}
	var ids []int64
	err := db.Of(t).Query("SELECT "+column+" FROM "+from+" AND "+column+" > ? ORDER BY "+column+" LIMIT ?", append(args, after, limit), func(r db.Row) error {
		ids = append(ids, r.Int64(0))
		return nil
	})
	return ids, err
}
