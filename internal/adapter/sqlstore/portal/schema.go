// Package portal looks after a whole portal: is its schema the same on both databases, is its data whole, make a backup
// while people work, check one and bring it back, on the other database too. It knows tables, not what they mean.
package portal

import (
	"fmt"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/migrations"
)

// Schema is the tables of a database, spelled the same whichever database it is.
type Schema struct {
	Tables []*Table `json:"tables"`
}

// Table is one table.
type Table struct {
	Name    string    `json:"name"`
	Columns []*Column `json:"columns"`
	Primary []string  `json:"primary,omitempty"` // columns of the primary key
	Indexes []*Index  `json:"indexes,omitempty"`
}

// Column is one column. Kind is integer, text, key or blob.
type Column struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	NotNull bool   `json:"not_null,omitempty"`
	Default string `json:"default,omitempty"` // as SQL, empty for none
	Auto    bool   `json:"auto,omitempty"`    // numbers given by the database, never reused
}

// Index is one index beside the primary key.
type Index struct {
	Name   string   `json:"name"`
	Unique bool     `json:"unique,omitempty"`
	Parts  []string `json:"parts"`           // columns in order, " DESC" behind falling ones
	Where  string   `json:"where,omitempty"` // predicate of a partial index
}

// Table finds a table by name, nil when there is none.
func (s *Schema) Table(name string) *Table {
	for _, t := range s.Tables {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// Column finds a column by name, nil when there is none.
func (t *Table) Column(name string) *Column {
	for _, c := range t.Columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// auto is the column whose numbers the database gives, nil when there is none.
func (t *Table) auto() *Column {
	for _, c := range t.Columns {
		if c.Auto {
			return c
		}
	}
	return nil
}

// Read reads the schema of the database behind q, without what the migrations keep for themselves.
func Read(q db.Q) (*Schema, error) {
	names, err := texts(q, tableNames(q.Dialect()), migrations.Table)
	if err != nil {
		return nil, fmt.Errorf("read schema: %w", err)
	}
	s := &Schema{}
	for _, name := range names {
		t := &Table{Name: name}
		if q.Dialect() == db.Postgres {
			err = t.readPostgres(q)
		} else {
			err = t.readSQLite(q)
		}
		if err != nil {
			return nil, fmt.Errorf("read schema of %s: %w", name, err)
		}
		s.Tables = append(s.Tables, t)
	}
	return s, nil
}

func tableNames(d db.Dialect) string {
	if d == db.Postgres {
		return `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = CAST(current_schema() AS regnamespace)
			AND relname <> ? ORDER BY relname COLLATE "C"`
	}
	return "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> ? ORDER BY name"
}

func texts(q db.Q, sql string, args ...any) (list []string, err error) {
	err = q.Query(sql, args, func(r db.Row) error { list = append(list, r.Text(0)); return nil })
	return list, err
}

func (t *Table) readSQLite(q db.Q) error {
	var text string
	if _, err := db.One(q, "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", []any{t.Name},
		func(r db.Row) error { text = r.Text(0); return nil }); err != nil {
		return err
	}
	primary := map[int64]string{}
	err := q.Query(`SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?) ORDER BY cid`, []any{t.Name},
		func(r db.Row) error {
			c := &Column{Name: r.Text(0), Kind: kind(r.Text(1), ""), NotNull: r.Int64(2) == 1, Default: plainDefault(r.Text(3))}
			if place := r.Int64(4); place > 0 {
				primary[place] = c.Name
				c.NotNull = true
			}
			c.Auto = r.Int64(4) == 1 && strings.Contains(strings.ToUpper(text), "AUTOINCREMENT")
			t.Columns = append(t.Columns, c)
			return nil
		})
	if err != nil {
		return err
	}
	for place := int64(1); primary[place] != ""; place++ {
		t.Primary = append(t.Primary, primary[place])
	}
	var found []*Index
	err = q.Query(`SELECT l.name, l."unique", s.sql FROM pragma_index_list(?) l LEFT JOIN sqlite_schema s ON s.type = 'index' AND s.name = l.name
		WHERE l.origin <> 'pk' ORDER BY l.name`, []any{t.Name}, func(r db.Row) error {
		x := &Index{Name: r.Text(0), Unique: r.Int64(1) == 1}
		if _, where, ok := strings.Cut(r.Text(2), " WHERE "); ok {
			x.Where = plainPredicate(where)
		}
		found = append(found, x)
		return nil
	})
	for _, x := range found {
		if err != nil {
			return err
		}
		err = q.Query(`SELECT name, "desc" FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno`, []any{x.Name}, func(r db.Row) error {
			x.Parts = append(x.Parts, part(r.Text(0), r.Int64(1) == 1))
			return nil
		})
	}
	t.Indexes = found
	return err
}

func (t *Table) readPostgres(q db.Q) error {
	err := q.Query(`SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
			a.attidentity <> '', coalesce(c.collname, '')
		FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
			LEFT JOIN pg_collation c ON c.oid = a.attcollation
		WHERE a.attrelid = CAST(? AS regclass) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
		[]any{t.Name}, func(r db.Row) error {
			t.Columns = append(t.Columns, &Column{
				Name: r.Text(0), Kind: kind(r.Text(1), r.Text(5)), NotNull: r.Int64(2) == 1,
				Default: plainDefault(r.Text(3)), Auto: r.Int64(4) == 1,
			})
			return nil
		})
	if err != nil {
		return err
	}
	// indoption: bit 0 says falling.
	return q.Query(`SELECT c.relname, i.indisunique, i.indisprimary, coalesce(pg_get_expr(i.indpred, i.indrelid, true), ''),
			pg_get_indexdef(i.indexrelid, k.n, true), i.indoption[k.n - 1] & 1
		FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid CROSS JOIN LATERAL generate_series(1, i.indnkeyatts) AS k(n)
		WHERE i.indrelid = CAST(? AS regclass) AND i.indisvalid ORDER BY c.relname COLLATE "C", k.n`, []any{t.Name}, func(r db.Row) error {
		if r.Int64(2) == 1 {
			t.Primary = append(t.Primary, r.Text(4))
			return nil
		}
		if n := len(t.Indexes); n == 0 || t.Indexes[n-1].Name != r.Text(0) {
			t.Indexes = append(t.Indexes, &Index{Name: r.Text(0), Unique: r.Int64(1) == 1, Where: plainPredicate(r.Text(3))})
		}
		x := t.Indexes[len(t.Indexes)-1]
		x.Parts = append(x.Parts, part(r.Text(4), r.Int64(5) == 1))
		return nil
	})
}
