package imports

import (
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func all(t interface{ Fatal(...any) }, table *Table) (rows [][]string, wrong []string) {
	for {
		cells, bad, err := table.Next()
		if err == io.EOF {
			return rows, wrong
		}
		if err != nil {
			t.Fatal(err)
		}
		rows, wrong = append(rows, cells), append(wrong, bad)
	}
}

func TestRowsAreReadAsSpreadsheetsWriteThem(t *testing.T) {
	for _, c := range []struct {
		name, file, encoding string
		rows                 [][]string
		wrong                []string
	}{
		{"bom and line ends", "\uFEFFa;b\r\nc;d\ne;f", UTF8, [][]string{{"a", "b"}, {"c", "d"}, {"e", "f"}}, nil},
		{"quotes", "\"a;\"\"b\"\"\n2\";c\nd;\"\"\n", UTF8, [][]string{{"a;\"b\"\n2", "c"}, {"d", ""}}, nil},
		{"an empty last cell", "a;", UTF8, [][]string{{"a", ""}}, nil},
		{"an empty line", "a\n\nb\n", UTF8, [][]string{{"a"}, {""}, {"b"}}, nil},
		{"a quote inside", "ООО \"Рога\";b\n", UTF8, [][]string{{`ООО "Рога"`, "b"}}, nil},
		{"a quote never closed spoils its line only", "a;\"b\nc;d\n", UTF8, [][]string{{"a", "\"b"}, {"c", "d"}}, []string{badQuote, ""}},
		{"the last line with an open quote", "a;b\nc;\"d", UTF8, [][]string{{"a", "b"}, {"c", "\"d"}}, []string{"", badQuote}},
		{"windows", "\xc8\xe2\xe0\xed;1\n", Windows, [][]string{{"Иван", "1"}}, nil},
		{"another encoding", "\xc8\xe2;1\nb;2\n", UTF8, [][]string{{"\uFFFD", "1"}, {"b", "2"}}, []string{badEncoding, ""}},
		{"a line too long", "a;b\n" + strings.Repeat("x", 2*maxRecord) + "\nc;d\n", UTF8, [][]string{{"a", "b"}, {strings.Repeat("x", 1000)}, {"c", "d"}}, []string{"", badLength, ""}},
	} {
		rows, wrong := all(t, NewTable(strings.NewReader(c.file), ";", c.encoding, 0))
		if !slices.EqualFunc(rows, c.rows, slices.Equal[[]string]) {
			t.Errorf("%s: %q", c.name, rows)
		}
		if c.wrong == nil {
			c.wrong = make([]string, len(c.rows))
		}
		if !slices.Equal(wrong, c.wrong) {
			t.Errorf("%s: %q", c.name, wrong)
		}
	}
}

// TestWhatIsWrittenIsRead: any table another program writes is read as it was, from any row on.
func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sep := rapid.SampledFrom([]string{";", ",", "\t"}).Draw(t, "separator")
		cell := rapid.StringOfN(rapid.SampledFrom([]rune("aЯ1\"';,\t\n.+@")), 0, 12, -1).Filter(func(s string) bool { return s == strings.TrimSpace(s) })
		table := rapid.SliceOfN(rapid.SliceOfN(cell, 2, 5), 1, 20).Draw(t, "table")
		var file bytes.Buffer
		w := csv.NewWriter(&file)
		w.Comma = rune(sep[0])
		if err := w.WriteAll(table); err != nil {
			t.Fatal(err)
		}
		r := NewTable(bytes.NewReader(file.Bytes()), sep, UTF8, 0)
		for i, row := range table {
			cells, wrong, err := r.Next()
			if err != nil || wrong != "" || !slices.Equal(cells, row) {
				t.Fatalf("row %d: %q is read as %q, %s, %v", i, row, cells, wrong, err)
			}
			rest, _ := all(t, NewTable(bytes.NewReader(file.Bytes()[r.At():]), sep, UTF8, r.At()))
			if !slices.EqualFunc(rest, table[i+1:], slices.Equal[[]string]) {
				t.Fatalf("from row %d on: %q", i+1, rest)
			}
		}
	})
}

// FuzzTable: whatever a file holds, reading it ends, moves on with every row and can go on from everywhere.
func FuzzTable(f *testing.F) {
	for _, seed := range []string{"a;b\nc;d", "\"a\n\"\"b\";c\r\nd", "\uFEFFимя,телефон\n", "\"", "\xff\xfe;\n", ";;;\n\n\r\r"} {
		f.Add([]byte(seed), byte(0))
	}
	f.Fuzz(func(t *testing.T, file []byte, how byte) {
		sep, encoding := separators[int(how)%3], []string{UTF8, Windows}[int(how)/3%2]
		table := NewTable(bytes.NewReader(file), sep, encoding, 0)
		rows, before := 0, table.At()
		for {
			_, _, err := table.Next()
			if err == io.EOF {
				break
			}
			if err != nil || table.At() <= before {
				t.Fatalf("%v at %d after %d", err, table.At(), before)
			}
			rows++
			if before = table.At(); rows == 1 {
				rest, _ := all(t, NewTable(bytes.NewReader(file[before:]), sep, encoding, before))
				again, _ := all(t, NewTable(bytes.NewReader(file), sep, encoding, 0))
				if len(again) != len(rest)+1 {
					t.Fatalf("%d rows, and %d from the second on", len(again), len(rest))
				}
			}
		}
		if before != int64(len(file)) {
			t.Fatalf("%d of %d bytes are read", before, len(file))
		}
		if g, err := Look(bytes.NewReader(file)); err == nil && len(g.Columns) > MaxColumns {
			t.Fatal(g)
		}
	})
}
