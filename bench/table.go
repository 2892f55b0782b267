package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
)

// column is one size on one database.
type column struct{ size, database string }

// printTable writes the figures of finished runs as a table of Markdown, what by column, with the promises of SQLite beside; a
// figure that breaks its promise is bold.
func printTable(w io.Writer, files []string) error {
	b := &bench{figures: map[string]float64{}}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(text, &b.figures); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	promises := map[string]gate{}
	for _, g := range gates() {
		promises[g.what+" "+g.unit] = g
	}
	rows, columns := map[string]map[column]string{}, map[column]bool{}
	for figure, value := range b.figures {
		what, size, database, unit := parts(figure)
		row, c := what+" "+unit, column{size, database}
		if size != "" && strings.HasPrefix(what, "jobs_") { // the size of the heap of jobs, not of the portal
			row, c = what+"_"+size+" "+unit, column{"", database}
		}
		if rows[row] == nil {
			rows[row] = map[column]string{}
		}
		rows[row][c] = plainly(value)
		if g, ok := promises[what+" "+unit]; ok && b.broken(figure, g) != "" {
			rows[row][c] = "**" + plainly(value) + "**"
		}
		columns[c] = true
	}
	list := slices.SortedFunc(maps.Keys(columns), func(a, b column) int { return strings.Compare(a.title(), b.title()) })
	fmt.Fprint(w, "| what | unit |")
	for _, c := range list {
		fmt.Fprintf(w, " %s |", c.title())
	}
	fmt.Fprintf(w, " promise |\n|---|---|%s---|\n", strings.Repeat("--:|", len(list)))
	for _, row := range slices.Sorted(maps.Keys(rows)) {
		what, unit, _ := strings.Cut(row, " ")
		fmt.Fprintf(w, "| %s | %s |", what, unit)
		for _, c := range list {
			fmt.Fprintf(w, " %s |", rows[row][c])
		}
		fmt.Fprintf(w, " %s |\n", promises[promised(what)+" "+unit].text())
	}
	return nil
}

// promised is the name a promise has: without the size of a heap of jobs.
func promised(what string) string {
	if i := strings.LastIndexByte(what, '_'); i > 0 && isSize(what[i+1:]) {
		return what[:i]
	}
	return what
}

func (c column) title() string {
	name := map[string]string{"sqlite": "SQLite", "postgres": "PostgreSQL", "any": ""}[c.database]
	return strings.TrimSpace(name + " " + c.size)
}

func (g gate) text() string {
	var out []string
	if g.most > 0 {
		out = append(out, fmt.Sprintf("≤ %g", g.most))
	}
	if g.least > 0 {
		out = append(out, fmt.Sprintf("≥ %g", g.least))
	}
	if g.than != "" {
		out = append(out, fmt.Sprintf("≤ %g × %s", g.times, g.than))
	}
	return strings.Join(out, ", ")
}

// plainly writes three digits that matter.
func plainly(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 1:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.3f", v)
}
