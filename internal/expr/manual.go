package expr

import "strings"

// manualHead are the names of the table's columns after the first.
var manualHead = map[string][]string{
	"en": {"Field", "equals", "order, range", "one of", "contains", "begins with", "has all", "is empty", "Compared with"},
	"ru": {"Поле", "равно", "порядок, отрезок", "одно из", "содержит", "начинается", "есть все", "пусто", "С чем сравнивают"},
}

// ManualTable is the table kind × operator of the manual in Markdown, in Russian ("ru") or English.
func ManualTable(lang string) string {
	head, ok := manualHead[lang]
	if !ok {
		lang, head = "en", manualHead["en"]
	}
	var b strings.Builder
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(head)
	b.WriteString("|" + strings.Repeat("---|", len(head)) + "\n")
	written := []string{""}
	for _, o := range OperatorNames {
		written = append(written, "`"+o.Name+"`")
	}
	line(append(written, ""))
	for _, row := range support {
		cells := []string{KindName(row.Kind, row.Many, lang)}
		for _, o := range OperatorNames {
			cells = append(cells, choose(row.Operators&o.Operator != 0, "✓", ""))
		}
		line(append(cells, "`"+row.Value+"`"))
	}
	return b.String()
}
