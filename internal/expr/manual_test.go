package expr_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"voronka/internal/expr"
)

// The table in the manual is the table of the code, and every example of the manual is a condition that passes.
func TestManual(t *testing.T) {
	for _, lang := range []string{"en", "ru"} {
		path := filepath.Join("..", "..", "docs", "manual", lang, "filters.md")
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		const begin, end = "<!-- table: kind × operator -->\n", "<!-- end of table -->"
		before, rest, ok := strings.Cut(text, begin)
		_, after, closed := strings.Cut(rest, end)
		if !ok || !closed {
			t.Fatalf("%s has no table", path)
		}
		if now := before + begin + expr.ManualTable(lang) + end + after; now != text {
			if os.Getenv("VORONKA_GOLDEN") == "write" {
				if err := os.WriteFile(path, []byte(now), 0o644); err != nil {
					t.Fatal(err)
				}
			} else {
				t.Errorf("%s: the table differs from the code; VORONKA_GOLDEN=write writes it", path)
			}
		}
		examples := 0
		for _, block := range regexp.MustCompile("(?s)```feel\n(.*?)```").FindAllStringSubmatch(text, -1) {
			for _, line := range strings.Split(strings.TrimSpace(block[1]), "\n") {
				if _, err := expr.Parse(line, deal); err != nil {
					t.Errorf("%s: %s: %v", path, line, err)
				}
				examples++
			}
		}
		for _, block := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(text, -1) {
			if _, err := expr.ParseJSON([]byte(block[1]), deal); err != nil {
				t.Errorf("%s: %s: %v", path, block[1], err)
			}
			examples++
		}
		if examples < 20 {
			t.Errorf("%s: only %d examples were found", path, examples)
		}
	}
}
