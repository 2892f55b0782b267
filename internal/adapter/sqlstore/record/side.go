package record

import (
	"fmt"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/record/schema"
)

// side says how a shared table of many-valued fields is read and written.
type side struct {
	read   string // by type, record, field; columns as scan wants
	insert string // before VALUES
	width  int
	args   func(args []any, typ *schema.Type, id int64, f *schema.Field, pos int, item schema.Item) []any
	scan   func(r db.Row) schema.Item
}

var sides = map[schema.Side]side{
	schema.InPhone: phoneSide(),
	schema.InEmail: contactSide("email"),
	schema.InChoice: {
		read:   "SELECT value_id FROM choice WHERE type_id = ? AND record_id = ? AND field_id = ? ORDER BY value_id",
		insert: "INSERT INTO choice (type_id, record_id, field_id, value_id) VALUES ", width: 4,
		args: func(args []any, typ *schema.Type, id int64, f *schema.Field, _ int, item schema.Item) []any {
			return append(args, typ.ID, id, f.ID, item.ID)
		},
		scan: func(r db.Row) schema.Item { return schema.Item{ID: r.Int64(0)} },
	},
	schema.InLink: {
		read:   "SELECT to_id, to_type, role FROM link WHERE from_type = ? AND from_id = ? AND field_id = ? ORDER BY pos, to_type, to_id",
		insert: "INSERT INTO link (from_type, from_id, field_id, pos, to_type, to_id, role) VALUES ", width: 7,
		args: func(args []any, typ *schema.Type, id int64, f *schema.Field, pos int, item schema.Item) []any {
			return append(args, typ.ID, id, f.ID, int64(pos), item.Type, item.ID, item.Kind)
		},
		scan: func(r db.Row) schema.Item { return schema.Item{ID: r.Int64(0), Type: r.Int64(1), Kind: r.Text(2)} },
	},
	schema.InAttachment: {
		read:   "SELECT file_id FROM attachment WHERE type_id = ? AND record_id = ? AND field_id = ? ORDER BY pos, file_id",
		insert: "INSERT INTO attachment (type_id, record_id, field_id, pos, file_id) VALUES ", width: 5,
		args: func(args []any, typ *schema.Type, id int64, f *schema.Field, pos int, item schema.Item) []any {
			return append(args, typ.ID, id, f.ID, int64(pos), item.ID)
		},
		scan: func(r db.Row) schema.Item { return schema.Item{ID: r.Int64(0)} },
	},
}

func contactSide(table string) side {
	return side{
		read:   "SELECT kind, value, normalised FROM " + table + " WHERE type_id = ? AND record_id = ? AND field_id = ? ORDER BY pos",
		insert: "INSERT INTO " + table + " (type_id, record_id, field_id, pos, kind, value, normalised) VALUES ", width: 7,
		args: func(args []any, typ *schema.Type, id int64, f *schema.Field, pos int, item schema.Item) []any {
			return append(args, typ.ID, id, f.ID, int64(pos), item.Kind, item.Value, item.Norm)
		},
		scan: func(r db.Row) schema.Item { return schema.Item{Kind: r.Text(0), Value: r.Text(1), Norm: r.Text(2)} },
	}
}

// tailDigits is how many last digits of a number are kept apart, to be found by.
const tailDigits = 4

func phoneSide() side {
	x := contactSide("phone")
	args := x.args
	x.insert, x.width = strings.Replace(x.insert, "normalised)", "normalised, tail)", 1), x.width+1
	x.args = func(list []any, typ *schema.Type, id int64, f *schema.Field, pos int, item schema.Item) []any {
		return append(args(list, typ, id, f, pos, item), item.Norm[max(0, len(item.Norm)-tailDigits):])
	}
	return x
}

// owner are the columns a side table names its record by.
func owner(s schema.Side) (typeColumn, recordColumn string) {
	if s == schema.InLink {
		return "from_type", "from_id"
	}
	return "type_id", "record_id"
}

// readSide reads a field's values into items, until db.Settle.
func readSide(q db.Q, typ *schema.Type, id int64, f *schema.Field, items *[]schema.Item) error {
	x, ok := sides[f.Kind.Side()]
	if !ok {
		return fmt.Errorf("record: field %s.%s lies in no side table", typ.Code, f.Code)
	}
	return db.Soon(q, x.read, []any{typ.ID, id, f.ID}, func(r db.Row) error { *items = append(*items, x.scan(r)); return nil })
}

const rowsPerInsert = 50

func insertSide(q db.Q, typ *schema.Type, id int64, f *schema.Field, items []schema.Item) error {
	x := sides[f.Kind.Side()]
	for pos := 0; pos < len(items); {
		n := min(len(items)-pos, rowsPerInsert)
		args := make([]any, 0, n*x.width)
		for range n {
			args = x.args(args, typ, id, f, pos, items[pos])
			pos++
		}
		if err := db.Later(q, x.insert+rows(n, x.width), args...); err != nil {
			return err
		}
	}
	return nil
}

func removeSide(q db.Q, typ *schema.Type, id int64, f *schema.Field) error {
	typeColumn, recordColumn := owner(f.Kind.Side())
	return db.Later(q, "DELETE FROM "+string(f.Kind.Side())+" WHERE "+typeColumn+" = ? AND "+recordColumn+" = ? AND field_id = ?", typ.ID, id, f.ID)
}

func insertObservers(q db.Q, typ *schema.Type, id int64, users []int64) error {
	if len(users) == 0 {
		return nil
	}
	args := make([]any, 0, 3*len(users))
	for _, u := range users {
		args = append(args, typ.ID, id, u)
	}
	return db.Later(q, "INSERT INTO observer (type_id, record_id, user_id) VALUES "+rows(len(users), 3), args...)
}
