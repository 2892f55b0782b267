package record

import (
	"slices"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/record/schema"
)

// systemColumns of every table of records, in the order rows are read and written.
var systemColumns = []string{
	"version", "title", "pipeline_id", "stage_id", "responsible_id", "department_id", "dept_pos", "stage_entered_at", "created_at",
	"created_by", "updated_at", "closed_at", "lost_reason_id", "next_at", "next_id", "next_title", "title_key", "next_title_key",
}

// keyColumns are the last of systemColumns, which are written and never read.
const keyColumns = 2

// texts are the statements about one type. They are made once, so that the database knows them already.
type texts struct {
	columns  []*schema.Field // fields in columns, in order
	selected string
	insert   string // without id
	revive   string // with id
}

const maxTexts = 200

func (s *Store) of(typ *schema.Type) *texts {
	if x, ok := s.texts.Load(typ); ok {
		return x.(*texts)
	}
	n := 0
	s.texts.Range(func(any, any) bool { n++; return n <= maxTexts })
	if n > maxTexts { // types of forgotten catalogues
		s.texts.Clear()
	}
	x := newTexts(typ)
	s.texts.Store(typ, x)
	return x
}

func newTexts(typ *schema.Type) *texts {
	x := &texts{}
	read := slices.Clone(systemColumns[:len(systemColumns)-keyColumns])
	written := slices.Clone(systemColumns)
	for _, f := range typ.Fields {
		columns := f.Columns()
		if columns == nil {
			continue
		}
		x.columns = append(x.columns, f)
		written = append(written, columns...)
		read = append(read, columns...)
	}
	x.selected = "SELECT " + strings.Join(read, ", ") +
		", " + observersOf + " FROM " + typ.Table() + " r WHERE id = ?"
	x.insert = "INSERT INTO " + typ.Table() + " (" + strings.Join(written, ", ") + ") VALUES (" + marks(len(written)) + ") RETURNING id"
	x.revive = "INSERT INTO " + typ.Table() + " (" + strings.Join(written, ", ") + ", id) VALUES (" + marks(len(written)+1) + ") RETURNING id"
	return x
}

// marks are n placeholders.
func marks(n int) string { return "?" + strings.Repeat(", ?", n-1) }

// rows are n times a row of width placeholders, for an INSERT of several rows.
func rows(n, width int) string {
	one := "(" + marks(width) + ")"
	return one + strings.Repeat(", "+one, n-1)
}

// appendArgs adds what a field's columns hold.
func appendArgs(args []any, f *schema.Field, d schema.Datum) []any {
	switch f.Kind {
	case schema.Money:
		if !d.Set {
			if f.Builtin {
				return append(args, nil, nil, int64(0))
			}
			return append(args, nil, nil, nil)
		}
		return append(args, d.Int, d.Text, d.Base)
	case schema.Text, schema.LongText, schema.URL, schema.Address:
		if !d.Set {
			return append(args, nil, nil)
		}
		return append(args, d.Text, keyOf(d))
	case schema.Date:
		if !d.Set {
			return append(args, nil)
		}
		return append(args, d.Text)
	}
	if !d.Set {
		return append(args, nil)
	}
	return append(args, d.Int)
}

// readDatum reads a field's columns beginning at i and tells how many they are.
func readDatum(r db.Row, i int, f *schema.Field) (schema.Datum, int) {
	width := 1
	switch f.Kind {
	case schema.Money:
		width = 3
	case schema.Text, schema.LongText, schema.URL, schema.Address:
		width = 2
	}
	if r.Null(i) {
		return schema.Datum{}, width
	}
	switch f.Kind {
	case schema.Money:
		return schema.Datum{Set: true, Int: r.Int64(i), Text: r.Text(i + 1), Base: r.Int64(i + 2)}, width
	case schema.Text, schema.LongText, schema.URL, schema.Address:
		return schema.Datum{Set: true, Text: r.Text(i), Key: r.Text(i + 1)}, width
	case schema.Date:
		return schema.TextDatum(r.Text(i)), width
	}
	return schema.IntDatum(r.Int64(i)), width
}
