// Package exprcheck_test holds the language of conditions to its word on real databases: what memory answers, SQLite and
// PostgreSQL must answer too.
package exprcheck_test

import (
	"database/sql"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"voronka/internal/expr"
	"voronka/internal/expr/exprtest"
)

// database is one kind of database with the tables of the test schema in it.
type database struct {
	*sql.DB
	dialect expr.Dialect
}

// each runs a test on SQLite and, where VORONKA_TEST_POSTGRES names a server, on PostgreSQL.
func each(t *testing.T, run func(t *testing.T, d *database)) {
	t.Run("SQLite", func(t *testing.T) {
		db := open(t, "sqlite", ":memory:")
		db.SetMaxOpenConns(1) // a second connection would be another database
		run(t, &database{db, expr.SQLite})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		dsn := os.Getenv("VORONKA_TEST_POSTGRES")
		if dsn == "" {
			if os.Getenv("VORONKA_REQUIRE_POSTGRES") == "1" {
				t.Fatal("VORONKA_REQUIRE_POSTGRES=1, but VORONKA_TEST_POSTGRES names no server")
			}
			t.Skip("no PostgreSQL: VORONKA_TEST_POSTGRES is empty")
		}
		db := open(t, "pgx", dsn)
		db.SetMaxOpenConns(1) // the schema below is a setting of the connection
		schema := fmt.Sprintf("exprcheck_%d", os.Getpid())
		mustExec(t, db, "DROP SCHEMA IF EXISTS "+schema+" CASCADE")
		mustExec(t, db, "CREATE SCHEMA "+schema)
		t.Cleanup(func() { mustExec(t, db, "DROP SCHEMA "+schema+" CASCADE") })
		mustExec(t, db, "SET search_path TO "+schema)
		run(t, &database{db, expr.Postgres})
	})
}

func open(t *testing.T, driver, dsn string) *sql.DB {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func mustExec(t interface{ Fatalf(string, ...any) }, db interface {
	Exec(string, ...any) (sql.Result, error)
}, text string, args ...any,
) {
	if _, err := db.Exec(text, args...); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// layout is how a single value lies in its table; the awkward ways of the real tables are all here.
type layout struct {
	column string
	zero   bool // NOT NULL DEFAULT 0
	shadow bool // with zero: another column tells whether there is a value
}

func layoutOf(f expr.FieldInfo) layout {
	l := layout{column: "f_" + strconv.Itoa(slot(f))}
	switch f.Kind {
	case expr.User, expr.Stage, expr.Pipeline, expr.Department:
		l.zero = true
	case expr.Money:
		l.zero, l.shadow = true, true
	case expr.ID:
		l.column = "id"
	}
	return l
}

func slot(f expr.FieldInfo) int {
	found, _ := exprtest.Schema("").Field(f.Code)
	return found.Slot
}

func several(f expr.FieldInfo) bool {
	return f.Many || f.Kind == expr.MultiList || f.Kind == expr.Users || f.Kind == expr.Links
}

// createTables makes one table for every type and one for all values of many-valued fields.
func (d *database) createTables(t *testing.T) {
	key := "TEXT"
	if d.dialect == expr.Postgres {
		key = `TEXT COLLATE "C"`
	}
	for _, recordType := range exprtest.Types {
		columns := []string{"id BIGINT PRIMARY KEY"}
		for _, f := range exprtest.Fields {
			l := layoutOf(f)
			switch {
			case several(f) || f.Kind == expr.ID:
			case exprtest.Textual(f):
				columns = append(columns, l.column+" "+key)
			case l.zero:
				columns = append(columns, l.column+" BIGINT NOT NULL DEFAULT 0")
			default:
				columns = append(columns, l.column+" BIGINT")
			}
			if l.shadow {
				columns = append(columns, l.column+"_set BIGINT")
			}
		}
		mustExec(t, d, "CREATE TABLE r_"+recordType+" ("+strings.Join(columns, ", ")+")")
	}
	mustExec(t, d, `CREATE TABLE side (type TEXT NOT NULL, field BIGINT NOT NULL, owner BIGINT NOT NULL, n BIGINT NOT NULL, k `+key+` NOT NULL)`)
}

// store replaces what is in the tables by a world.
func (d *database) store(t interface{ Fatalf(string, ...any) }, w exprtest.World) {
	tx, err := d.Begin()
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	defer tx.Rollback()
	mustExec(t, tx, "DELETE FROM side")
	for _, recordType := range exprtest.Types {
		mustExec(t, tx, "DELETE FROM r_"+recordType)
		for _, r := range w[recordType] {
			columns, args := []string{"id"}, []any{r.ID}
			for _, f := range exprtest.Fields {
				l := layoutOf(f)
				if c, ok := r.One[f.Code]; ok {
					columns, args = append(columns, l.column), append(args, stored(f, c))
					if l.shadow {
						columns, args = append(columns, l.column+"_set"), append(args, int64(1))
					}
				}
				for _, c := range r.Many[f.Code] {
					v, n, k := stored(f, c), int64(0), ""
					if exprtest.Textual(f) {
						k = v.(string)
					} else {
						n = v.(int64)
					}
					mustExec(t, tx, d.number("INSERT INTO side (type, field, owner, n, k) VALUES (?, ?, ?, ?, ?)"), recordType, int64(slot(f)), r.ID, n, k)
				}
			}
			mustExec(t, tx, d.number("INSERT INTO r_"+recordType+" ("+strings.Join(columns, ", ")+") VALUES (?"+strings.Repeat(", ?", len(args)-1)+")"), args...)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatalf("commit: %v", err)
	}
}

// stored is a cell as the tables hold it: keys for texts.
func stored(f expr.FieldInfo, c exprtest.Cell) any {
	if exprtest.Textual(f) {
		return exprtest.Key(f, c.Text)
	}
	return c.Int
}

// number turns ? into $1, $2 … for PostgreSQL.
func (d *database) number(text string) string {
	if d.dialect == expr.SQLite {
		return text
	}
	var b strings.Builder
	n := 0
	for _, r := range text {
		if r == '?' {
			n++
			b.WriteString("$" + strconv.Itoa(n))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// target tells expr about the tables above.
type target struct{}

func (target) Table(recordType string) (string, bool) { return "r_" + recordType, true }

func (target) Column(s expr.Step, use expr.Use) (expr.Column, bool) {
	l := layoutOf(s.Field)
	c := expr.Column{Name: l.column, Zero: l.zero}
	if l.shadow {
		c.Presence = l.column + "_set"
	}
	return c, true
}

func (target) Side(s expr.Step) (expr.Side, bool) {
	value := "n"
	if exprtest.Textual(s.Field) {
		value = "k"
	}
	return expr.Side{
		Table: "side", Owner: "owner", Value: value, Where: "type = ? AND field = ?", Args: []any{s.Type, int64(slot(s.Field))},
	}, true
}

// holds are the deals the database says the condition holds for.
func (d *database) holds(tree *expr.Tree, m expr.Moment) (ids map[int64]bool, text string, err error) {
	f, err := expr.SQL(tree, target{}, expr.Query{Dialect: d.dialect, Alias: "d", Moment: m})
	if err != nil {
		return nil, "", err
	}
	text = d.number("SELECT d.id FROM r_deal d WHERE " + f.Text)
	rows, err := d.Query(text, f.Args...)
	if err != nil {
		return nil, text, err
	}
	defer rows.Close()
	ids = map[int64]bool{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, text, err
		}
		ids[id] = true
	}
	return ids, text, rows.Err()
}
