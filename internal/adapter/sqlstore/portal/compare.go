package portal

import (
	"fmt"
	"slices"
	"strings"
)

// Compare tells in what two schemas differ: tables, columns, types, nullability, defaults, keys and indexes with their
// columns, order, uniqueness and predicate. Nothing means they are the same. The order of columns doesn't count: a
// column added at run time comes last.
func Compare(a, b *Schema) []string {
	var out []string
	both(a.Tables, b.Tables, func(t *Table) string { return t.Name }, func(name, missing string) {
		out = append(out, fmt.Sprintf("table %s: only in the %s", name, missing))
	}, func(x, y *Table) { out = append(out, compareTables(x, y)...) })
	return out
}

func compareTables(a, b *Table) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, a.Name+": "+fmt.Sprintf(format, args...)) }
	both(a.Columns, b.Columns, func(c *Column) string { return c.Name }, func(name, where string) {
		say("column %s: only in the %s", name, where)
	}, func(x, y *Column) {
		if *x != *y {
			say("column %s: %+v / %+v", x.Name, *x, *y)
		}
	})
	if !slices.Equal(a.Primary, b.Primary) {
		say("primary key: %v / %v", a.Primary, b.Primary)
	}
	both(a.Indexes, b.Indexes, func(x *Index) string { return x.Name }, func(name, where string) {
		say("index %s: only in the %s", name, where)
	}, func(x, y *Index) {
		if x.Unique != y.Unique || x.Where != y.Where || !slices.Equal(x.Parts, y.Parts) {
			say("index %s: %+v / %+v", x.Name, *x, *y)
		}
	})
	return out
}

// both walks two lists by name and tells what stands in one only and what in both.
func both[T any](a, b []T, name func(T) string, alone func(name, where string), pair func(x, y T)) {
	byName := map[string]T{}
	for _, y := range b {
		byName[name(y)] = y
	}
	for _, x := range a {
		if y, ok := byName[name(x)]; ok {
			pair(x, y)
			delete(byName, name(x))
		} else {
			alone(name(x), "first")
		}
	}
	for _, y := range b {
		if _, left := byName[name(y)]; left {
			alone(name(y), "second")
		}
	}
}

// definition is the CREATE TABLE of t with the tokens of db.DDL.
func (t *Table) definition() string {
	var lines []string
	for _, c := range t.Columns {
		lines = append(lines, "  "+c.definition())
	}
	if len(t.Primary) > 0 && t.auto() == nil {
		lines = append(lines, "  PRIMARY KEY ("+strings.Join(t.Primary, ", ")+")")
	}
	return "CREATE TABLE " + t.Name + " (\n" + strings.Join(lines, ",\n") + "\n)"
}

func (c *Column) definition() string {
	if c.Auto {
		return c.Name + " {{pk}}"
	}
	s := c.Name + " " + map[string]string{"integer": "BIGINT", "text": "TEXT", "key": "{{key}}", "blob": "{{blob}}"}[c.Kind]
	if c.NotNull {
		s += " NOT NULL"
	}
	if c.Default != "" {
		s += " DEFAULT " + c.Default
	}
	return s
}

// definition is the CREATE INDEX of x on t. Null is the smallest on both databases; PostgreSQL wants to be told.
func (x *Index) definition(t *Table, postgres bool) string {
	var parts []string
	for _, p := range x.Parts {
		name, falling := strings.CutSuffix(p, " DESC")
		if c := t.Column(name); postgres && c != nil && !c.NotNull {
			p += map[bool]string{false: " NULLS FIRST", true: " NULLS LAST"}[falling]
		}
		parts = append(parts, p)
	}
	s := "CREATE INDEX "
	if x.Unique {
		s = "CREATE UNIQUE INDEX "
	}
	s += x.Name + " ON " + t.Name + " (" + strings.Join(parts, ", ") + ")"
	if x.Where != "" {
		s += " WHERE " + x.Where
	}
	return s
}
