package imports

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"voronka/internal/kernel/fault"
)

// What a column can be beside a field of the record ("amount", "closes_on"), of the contact ("contact.position") or of the
// company ("company.inn").
const (
	Ignored = ""     // left out
	Kept    = "keep" // kept with the request as it came
)

// names are the words people head columns with.
var names = map[string][]string{
	"name":             {"имя", "фио", "ф.и.о.", "ф. и. о.", "фамилия", "отчество", "фамилия имя отчество", "контакт", "контактное лицо", "клиент", "name", "full name", "first name", "last name", "surname", "contact", "person", "contact person", "customer"},
	"phone":            {"телефон", "телефоны", "тел", "тел.", "мобильный", "мобильный телефон", "рабочий телефон", "номер телефона", "phone", "phones", "phone number", "mobile", "tel", "telephone", "cell"},
	"email":            {"почта", "email", "e-mail", "mail", "эл. почта", "электронная почта", "адрес электронной почты", "емейл", "имейл", "email address"},
	"company":          {"компания", "организация", "фирма", "название компании", "юрлицо", "company", "company name", "organization", "organisation", "account"},
	"comment":          {"комментарий", "комментарии", "примечание", "примечания", "заметки", "описание", "сообщение", "текст", "comment", "comments", "note", "notes", "description", "message"},
	"title":            {"название", "название лида", "название сделки", "тема", "title", "subject", "lead", "deal", "deal name", "lead name"},
	"amount":           {"сумма", "бюджет", "стоимость", "цена", "amount", "sum", "budget", "price", "value", "revenue"},
	"source":           {"источник", "откуда", "канал", "source", "lead source", "channel"},
	"contact.position": {"должность", "position", "job title", "role"},
	"company.inn":      {"инн", "inn", "tax number", "tax id", "vat"},
	"utm_source":       {"utm_source"},
	"utm_medium":       {"utm_medium"},
	"utm_campaign":     {"utm_campaign"},
}

var byName = func() map[string]string {
	all := map[string]string{}
	for target, words := range names {
		for _, word := range words {
			all[word] = target
		}
	}
	return all
}()

// Guess is what a file seems to be.
type Guess struct {
	Encoding  string
	Separator string
	Header    bool
	Columns   []string   // what each column is
	Sample    [][]string // the first rows, the heading too
}

// look is how many rows a guess is made of.
const look = 30

// Look guesses what a file is; it reads all of it once.
func Look(f io.ReadSeeker) (g Guess, err error) {
	head, err := io.ReadAll(io.LimitReader(f, maxRecord))
	if err != nil {
		return g, err
	}
	switch {
	case len(bytes.TrimSpace(head)) == 0:
		return g, fault.New(fault.Invalid, "import.empty_file")
	case bytes.IndexByte(head, 0) >= 0 || bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("\xFF\xFE")):
		return g, fault.New(fault.Invalid, "import.not_csv")
	}
	if g.Encoding, err = encodingOf(f); err != nil {
		return g, err
	}
	best := -1
	for _, sep := range separators {
		rows := firstRows(bytes.NewReader(head), sep, g.Encoding)
		if score := alike(rows); score > best {
			best, g.Separator, g.Sample = score, sep, rows
		}
	}
	g.Header = heading(g.Sample)
	g.Columns = Columns(g.Sample, g.Header)
	return g, nil
}

// encodingOf is UTF-8 when the whole file is.
func encodingOf(f io.ReadSeeker) (string, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	buffer, kept := make([]byte, 64<<10), 0
	for {
		n, err := f.Read(buffer[kept:])
		part := buffer[:kept+n]
		for len(part) > 0 {
			r, size := utf8.DecodeRune(part)
			if r == utf8.RuneError && size < 2 {
				if utf8.FullRune(part) || errors.Is(err, io.EOF) {
					return Windows, nil
				}
				break
			}
			part = part[size:]
		}
		kept = copy(buffer, part)
		if errors.Is(err, io.EOF) {
			return UTF8, nil
		}
		if err != nil {
			return "", err
		}
	}
}

func firstRows(r io.Reader, sep, encoding string) (rows [][]string) {
	t := NewTable(r, sep, encoding, 0)
	for len(rows) < look {
		cells, wrong, err := t.Next()
		if err != nil {
			break
		}
		if wrong == "" || wrong == badEncoding {
			rows = append(rows, cells)
		}
	}
	return rows
}

// alike tells how much rows look like those of one table: many of them as wide as the first, and wide.
func alike(rows [][]string) int {
	if len(rows) == 0 {
		return 0
	}
	wide, same := len(rows[0]), 0
	for _, row := range rows {
		if len(row) == wide {
			same++
		}
	}
	if wide < 2 {
		return 0
	}
	return same*1000/len(rows) + min(wide, 50)
}

// heading tells whether the first row names the columns.
func heading(rows [][]string) bool {
	if len(rows) == 0 {
		return false
	}
	for _, cell := range rows[0] {
		if byName[word(cell)] != "" {
			return true
		}
	}
	for _, cell := range rows[0] {
		if content(cell) != Ignored {
			return false
		}
	}
	return len(rows) > 1
}

func word(cell string) string {
	return strings.Trim(strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(cell, "ё", "е"))), " "), ":*")
}

// Columns guesses what each column is, by its name, else by what is in it.
func Columns(rows [][]string, header bool) []string {
	wide := 0
	for _, row := range rows {
		wide = max(wide, len(row))
	}
	columns := make([]string, min(wide, MaxColumns))
	for i := range columns {
		columns[i] = column(rows, i, header)
	}
	return columns
}

func column(rows [][]string, i int, header bool) string {
	if header && i < len(rows[0]) {
		if target := byName[word(rows[0][i])]; target != "" {
			return target
		}
	}
	found, filled := map[string]int{}, 0
	for n, row := range rows {
		if n == 0 && header || i >= len(row) || row[i] == "" {
			continue
		}
		filled++
		found[content(row[i])]++
	}
	for _, target := range []string{"phone", "email"} {
		if found[target]*10 >= filled*7 && filled > 0 {
			return target
		}
	}
	if header {
		return Kept
	}
	return Ignored
}

var (
	likeEmail = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]{2,}$`)
	likePhone = regexp.MustCompile(`^\+?[\d\s()./-]{10,25}(\s*(доб|ext)\.?\s*\d+)?$`)
)

// content tells what a cell looks like.
func content(cell string) string {
	switch {
	case likeEmail.MatchString(cell):
		return "email"
	case likePhone.MatchString(cell) && digits(cell) >= 10 && digits(cell) <= 15 && !strings.Contains(strings.TrimLeft(cell, "0123456789"), ".."):
		return "phone"
	}
	return Ignored
}

func digits(s string) (n int) {
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}
