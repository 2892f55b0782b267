package imports

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Limits of a table.
const (
	MaxFile    = 50 << 20  // bytes
	MaxColumns = 200       // more make no request
	maxRecord  = 128 << 10 // bytes of one row
)

// Encodings a file can be in.
const (
	UTF8    = "utf-8"
	Windows = "windows-1251"
)

// Separators between columns, the usual ones first.
var separators = []string{";", ",", "\t"}

// What can be the matter with a row as it lies in the file.
const (
	badQuote    = "import.bad_quote"
	badLength   = "import.too_long"
	badEncoding = "import.bad_encoding"
)

// Table reads rows of a CSV file and always knows where it is, so that reading can go on from there later.
type Table struct {
	r        *bufio.Reader
	sep      byte
	encoding string
	at       int64
}

// NewTable reads from r, which stands at the place at of its file: 0 or what At has told.
func NewTable(r io.Reader, separator, encoding string, at int64) *Table {
	t := &Table{r: bufio.NewReaderSize(r, 2*maxRecord), sep: ';', encoding: encoding, at: at}
	if separator != "" {
		t.sep = separator[0]
	}
	if head, _ := t.r.Peek(3); at == 0 && string(head) == "\xEF\xBB\xBF" {
		t.skip(3)
	}
	return t
}

// At is the place of the next row.
func (t *Table) At() int64 { return t.at }

// Next gives the next row, io.EOF after the last. wrong is the key of a message when the row can't be read as one: a quote
// that never ends spoils only its line.
func (t *Table) Next() (cells []string, wrong string, err error) {
	window, err := t.r.Peek(maxRecord)
	end := errors.Is(err, io.EOF)
	if err != nil && !end {
		return nil, "", err
	}
	if len(window) == 0 {
		return nil, "", io.EOF
	}
	raw, n, wrong := split(window, t.sep, end)
	cells, wrong = t.decode(raw, wrong)
	t.skip(n)
	if wrong == badLength {
		return cells, wrong, t.skipLine()
	}
	return cells, wrong, nil
}

func (t *Table) skip(n int) {
	done, _ := t.r.Discard(n) // of what was peeked at
	t.at += int64(done)
}

// skipLine leaves out the rest of a line that is too long for a row.
func (t *Table) skipLine() error {
	for {
		part, err := t.r.ReadSlice('\n')
		t.at += int64(len(part))
		if err == nil || errors.Is(err, io.EOF) {
			return nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

func (t *Table) decode(raw [][]byte, wrong string) ([]string, string) {
	cells := make([]string, len(raw))
	for i, b := range raw {
		switch {
		case t.encoding == Windows:
			text, _ := charmap.Windows1251.NewDecoder().Bytes(b) // every byte is a character
			cells[i] = string(text)
		case !utf8.Valid(b):
			cells[i] = strings.ToValidUTF8(string(b), "\uFFFD")
			if wrong == "" {
				wrong = badEncoding
			}
		default:
			cells[i] = string(b)
		}
		cells[i] = strings.TrimSpace(strings.ReplaceAll(cells[i], "\x00", ""))
	}
	return cells, wrong
}

// split cuts the first row off a window of the file; end says that nothing comes behind the window. n is how many bytes the
// row took, its line end included.
func split(window []byte, sep byte, end bool) (cells [][]byte, n int, wrong string) {
	for n < len(window) {
		cell, after, closed := cut(window, n, sep)
		if !closed || after == len(window) && !end {
			return unreadable(window, sep, closed, end)
		}
		cells, n = append(cells, cell), after
		if n == len(window) {
			return cells, n, ""
		}
		switch window[n] {
		case '\r':
			if n++; n < len(window) && window[n] == '\n' {
				n++
			}
			return cells, n, ""
		case '\n':
			return cells, n + 1, ""
		}
		if n++; n == len(window) && end { // a separator at the very end opens an empty cell
			return append(cells, nil), n, ""
		}
	}
	return unreadable(window, sep, true, end)
}

// cut reads one cell from a place on; after is where its separator or line end is.
func cut(window []byte, from int, sep byte) (cell []byte, after int, closed bool) {
	plain := func(i int) int {
		for i < len(window) && window[i] != sep && window[i] != '\n' && window[i] != '\r' {
			i++
		}
		return i
	}
	if from == len(window) || window[from] != '"' {
		after = plain(from)
		return window[from:after], after, true
	}
	for i := from + 1; i < len(window); i++ {
		switch {
		case window[i] != '"':
			cell = append(cell, window[i])
		case i+1 < len(window) && window[i+1] == '"':
			cell = append(cell, '"')
			i++
		default: // what follows a closing quote belongs to the cell as it is
			after = plain(i + 1)
			return append(cell, window[i+1:after]...), after, true
		}
	}
	return nil, len(window), false
}

// unreadable gives up a row that doesn't end in its window. Of one with a quote left open the first line is taken as it is;
// one that is too long takes nothing (n is 0), its line has to be skipped.
func unreadable(window []byte, sep byte, closed bool, end bool) (cells [][]byte, n int, wrong string) {
	line := bytes.IndexByte(window, '\n')
	switch {
	case !closed && line >= 0:
		return bytes.Split(bytes.TrimSuffix(window[:line], []byte("\r")), []byte{sep}), line + 1, badQuote
	case !closed && end:
		return bytes.Split(window, []byte{sep}), len(window), badQuote
	}
	return [][]byte{window[:1000]}, 0, badLength
}
