package record

import (
	"fmt"
	"slices"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/schema"
)

// Holder implements record.Store. Only one transaction at a time looks for a value of a field, so that two can't both
// find it free: SQLite has one writer, on PostgreSQL the value itself is locked.
func (s *Store) Holder(t tx.Tx, typ *schema.Type, f *schema.Field, d schema.Datum, except int64) (int64, error) {
	q := db.Of(t)
	var text string
	var values []any
	switch {
	case f.Kind.Side() == schema.InPhone, f.Kind.Side() == schema.InEmail:
		text = "SELECT record_id FROM " + string(f.Kind.Side()) + " WHERE normalised = ? AND type_id = ? AND field_id = ? AND record_id <> ? LIMIT 1"
		for _, item := range d.Many {
			values = append(values, item.Norm)
		}
		slices.SortFunc(values, func(a, b any) int { return compareText(a.(string), b.(string)) })
	case f.Kind == schema.Text:
		text, values = columnHolder(typ, f.Col+"_key"), []any{keyOf(d)}
	case f.Kind == schema.Date:
		text, values = columnHolder(typ, f.Col), []any{d.Text}
	default:
		text, values = columnHolder(typ, f.Col), []any{d.Int}
	}
	for _, v := range values {
		if err := lockValue(q, fmt.Sprintf("%s.%s=%v", typ.Code, f.Code, v)); err != nil {
			return 0, err
		}
		args := []any{v, except}
		if f.Kind.Many() {
			args = []any{v, typ.ID, f.ID, except}
		}
		if id, err := db.Int(q, text, args...); err != nil || id != 0 {
			return id, err
		}
	}
	return 0, nil
}

func columnHolder(typ *schema.Type, column string) string {
	return "SELECT id FROM " + typ.Table() + " WHERE " + column + " = ? AND id <> ? LIMIT 1"
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// lockValue makes other transactions that lock the same text wait until this one ends.
func lockValue(q db.Q, text string) error {
	if q.Dialect() == db.SQLite {
		return nil
	}
	return db.Later(q, "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", text)
}
