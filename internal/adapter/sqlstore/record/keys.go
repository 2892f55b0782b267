package record

import (
	"context"
	"encoding/json"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/textkey"
	"voronka/internal/kernel/tx"
)

// keyless is a text column whose key column is new: records written before have none in it yet.
type keyless struct {
	Table  string `json:"table"`
	Column string `json:"column"`
}

// keylessKey is the setting that remembers them until all are filled, so that a fill that was cut off goes on.
const keylessKey = "record.keyless"

// keySlice is how many records get their keys in one transaction.
const keySlice = 500

// addKeys adds the key columns that tables made by an older program lack.
func addKeys(q db.Q) (added bool, err error) {
	texts, err := textColumns(q)
	if err != nil {
		return false, err
	}
	there, err := recordColumns(q)
	if err != nil {
		return false, err
	}
	waiting, err := keylessOf(q)
	if err != nil {
		return false, err
	}
	for _, x := range texts {
		if !there[x] || there[keyless{x.Table, x.Column + "_key"}] {
			continue
		}
		if _, err := q.Exec(db.DDL(q.Dialect(), "ALTER TABLE "+x.Table+" ADD COLUMN "+x.Column+"_key {{key}}")); err != nil {
			return false, err
		}
		waiting, added = append(waiting, x), true
	}
	if !added {
		return false, nil
	}
	return true, saveKeyless(q, waiting)
}

// textColumns are the columns that have a key beside them, of removed fields and types too.
func textColumns(q db.Q) (texts []keyless, err error) {
	err = q.Query("SELECT code FROM record_type ORDER BY id", nil, func(r db.Row) error {
		texts = append(texts, keyless{"r_" + r.Text(0), "next_title"})
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = q.Query(`SELECT t.code, f.col FROM field f JOIN record_type t ON t.id = f.type_id
		WHERE f.kind IN ('text', 'longtext', 'url', 'address') ORDER BY f.id`, nil, func(r db.Row) error {
		texts = append(texts, keyless{"r_" + r.Text(0), r.Text(1)})
		return nil
	})
	return texts, err
}

// recordColumns are the columns the tables of records have in this database.
func recordColumns(q db.Q) (map[keyless]bool, error) {
	text := `SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND substr(m.name, 1, 2) = 'r_'`
	if q.Dialect() == db.Postgres {
		text = `SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
			WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND substr(c.relname, 1, 2) = 'r_' AND a.attnum > 0 AND NOT a.attisdropped`
	}
	there := map[keyless]bool{}
	err := q.Query(text, nil, func(r db.Row) error { there[keyless{r.Text(0), r.Text(1)}] = true; return nil })
	return there, err
}

func keylessOf(q db.Q) (waiting []keyless, err error) {
	var text string
	found, err := db.One(q, "SELECT value FROM setting WHERE key = ?", []any{keylessKey}, func(r db.Row) error { text = r.Text(0); return nil })
	if err != nil || !found {
		return nil, err
	}
	return waiting, json.Unmarshal([]byte(text), &waiting)
}

func saveKeyless(q db.Q, waiting []keyless) error {
	if len(waiting) == 0 {
		_, err := q.Exec("DELETE FROM setting WHERE key = ?", keylessKey)
		return err
	}
	text, err := json.Marshal(waiting)
	if err != nil {
		return err
	}
	_, err = q.Exec("INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", keylessKey, string(text))
	return err
}

// fillKeys gives the records written before a key column was added their keys, a slice in each transaction.
func fillKeys(ctx context.Context, d *db.DB) error {
	after := int64(0)
	for {
		more := false
		err := d.Do(ctx, func(t tx.Tx) error {
			q := db.Of(t)
			waiting, err := keylessOf(q)
			if more = len(waiting) > 0; err != nil || !more {
				return err
			}
			last, err := waiting[0].fill(q, after)
			if after = last; err != nil || last != 0 {
				return err
			}
			return saveKeyless(q, waiting[1:])
		})
		if err != nil || !more {
			return err
		}
	}
}

// fill writes the keys of one slice and tells the number of its last record, 0 when there was none left. Of a record that
// somebody changes meanwhile the key is written by him.
func (x keyless) fill(q db.Q, after int64) (last int64, err error) {
	type record struct {
		id   int64
		text string
	}
	var slice []record
	given := x.Column + " IS NOT NULL"
	if x.Column == "next_title" {
		given = "next_id <> 0"
	}
	err = q.Query("SELECT id, "+x.Column+" FROM "+x.Table+" WHERE id > ? AND "+given+" ORDER BY id LIMIT ?", []any{after, keySlice}, func(r db.Row) error {
		slice = append(slice, record{r.Int64(0), r.Text(1)})
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, r := range slice {
		if _, err := q.Exec("UPDATE "+x.Table+" SET "+x.Column+"_key = ? WHERE id = ? AND "+x.Column+" = ?", textkey.Key(r.text), r.id, r.text); err != nil {
			return 0, err
		}
		last = r.id
	}
	return last, nil
}
