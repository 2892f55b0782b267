package record

import (
	"fmt"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/record/schema"
)

// recordTable is the table every type begins with; fields add their columns.
const recordTable = `CREATE TABLE IF NOT EXISTS r_%s (
  id {{pk}},
  title TEXT NOT NULL,
  title_key {{key}} NOT NULL,
  pipeline_id BIGINT NOT NULL DEFAULT 0,
  stage_id BIGINT NOT NULL DEFAULT 0,
  responsible_id BIGINT NOT NULL DEFAULT 0,
  department_id BIGINT NOT NULL DEFAULT 0,
  dept_pos BIGINT NOT NULL DEFAULT 0,
  stage_entered_at BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  created_by BIGINT NOT NULL DEFAULT 0,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  closed_at BIGINT,
  lost_reason_id BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT,
  next_id BIGINT NOT NULL DEFAULT 0,
  next_title TEXT NOT NULL DEFAULT '',
  next_title_key {{key}}
)`

// index is one index of a record table.
type index struct{ name, columns string }

// plainIndexes are those of every type.
var plainIndexes = []index{
	{"responsible", "responsible_id, id DESC"},
	{"department", "department_id, id DESC"},
	{"title", "title_key, id"},
	{"user_title", "responsible_id, title_key, id"}, // what a search finds among few records
	{"dept_title", "department_id, title_key, id"},
}

// stagedIndexes are what boards and lists of staged types are promised to be fast by (speed.md): the sort of a stage for
// those who see all or a subtree, of a person, of a department.
var stagedIndexes = []index{
	{"stage_amount", "stage_id, amount_base DESC, id DESC, responsible_id, department_id, dept_pos"},
	{"stage_entered", "stage_id, stage_entered_at DESC, id DESC, responsible_id, department_id, dept_pos"},
	{"user_amount", "responsible_id, stage_id, amount_base DESC, id DESC"},
	{"user_entered", "responsible_id, stage_id, stage_entered_at DESC, id DESC"},
	{"dept_amount", "department_id, stage_id, amount_base DESC, id DESC"},
	{"dept_entered", "department_id, stage_id, stage_entered_at DESC, id DESC"},
	{"pipeline", "pipeline_id, id DESC, responsible_id, department_id, dept_pos"},
}

func createTable(q db.Q, code string) error {
	if _, err := q.Exec(db.DDL(q.Dialect(), fmt.Sprintf(recordTable, code))); err != nil {
		return err
	}
	return createIndexes(q, code, plainIndexes)
}

func createIndexes(q db.Q, code string, all []index) error {
	for _, x := range all {
		if _, err := q.Exec(fmt.Sprintf("CREATE INDEX IF NOT EXISTS r_%s_%s ON r_%s (%s)", code, x.name, code, x.columns)); err != nil {
			return err
		}
	}
	return nil
}

// columnTypes are a field's columns with their types, beside Field.Columns.
func columnTypes(f *schema.Field) []string {
	switch f.Kind {
	case schema.Money:
		if f.Builtin {
			return []string{"BIGINT", "{{key}}", "BIGINT NOT NULL DEFAULT 0"}
		}
		return []string{"BIGINT", "{{key}}", "BIGINT"}
	case schema.Text, schema.LongText, schema.URL, schema.Address:
		return []string{"TEXT", "{{key}}"}
	case schema.Date:
		return []string{"{{key}}"}
	}
	return []string{"BIGINT"}
}

// addColumns widens the table of a type. Nothing is rewritten: the columns are null or have a constant default.
func addColumns(q db.Q, table string, f *schema.Field) error {
	types := columnTypes(f)
	columns := f.Columns()
	if len(columns) == 0 {
		return nil
	}
	if q.Dialect() == db.SQLite { // one column a statement
		for i, column := range columns {
			if _, err := q.Exec(db.DDL(q.Dialect(), "ALTER TABLE "+table+" ADD COLUMN "+column+" "+types[i])); err != nil {
				return err
			}
		}
		return nil
	}
	var adds []string
	for i, column := range columns {
		adds = append(adds, "ADD COLUMN "+column+" "+types[i])
	}
	_, err := q.Exec(db.DDL(q.Dialect(), "ALTER TABLE "+table+" "+strings.Join(adds, ", ")))
	return err
}

// fieldIndex is the index of a field: its sort column and the number, nulls smallest on both databases.
func fieldIndex(typ *schema.Type, f *schema.Field) (name, text string) {
	name = fmt.Sprintf("r_%s_x%d", typ.Code, f.ID)
	if f.Builtin {
		name = fmt.Sprintf("r_%s_%s", typ.Code, f.Col)
	}
	return name, fmt.Sprintf("ON %s (%s%s, id)", typ.Table(), f.SortColumn(), nullsFirst)
}

const nullsFirst = " NULLS FIRST"

// indexText says the order of nulls only to PostgreSQL: SQLite has nulls first and refuses the words in an index.
func indexText(d db.Dialect, text string) string {
	if d == db.SQLite {
		return strings.ReplaceAll(text, nullsFirst, "")
	}
	return text
}
