package calendar

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"time"

	"voronka/internal/org/worktime"
)

// Wrong is a line of a file that was not taken, by its number and a message key.
type Wrong struct {
	Line int
	Key  string
}

// words are the kinds as files may spell them.
var words = map[string]worktime.Kind{
	"off": worktime.Off, "holiday": worktime.Off, "выходной": worktime.Off, "праздник": worktime.Off,
	"short": worktime.Short, "сокращённый": worktime.Short, "сокращенный": worktime.Short, "предпраздничный": worktime.Short,
	"work": worktime.Work, "working": worktime.Work, "рабочий": worktime.Work,
	"plain": worktime.Plain, "обычный": worktime.Plain,
}

// Parse reads days out of a text: date, kind, name and the date it was moved from, separated by commas, semicolons or
// tabs; a heading is skipped. Dates are written 2027-01-08 or 08.01.2027. Of several lines about a date the last holds.
func Parse(text string) (days []Day, wrong []Wrong) {
	text = strings.TrimPrefix(text, "\ufeff")
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = separator(text), -1, true, true
	at := map[string]int{}
	for first := true; ; first = false {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return days, wrong
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			var broken *csv.ParseError
			if errors.As(err, &broken) {
				line = broken.Line
			}
			wrong = append(wrong, Wrong{line, "calendar.unreadable"})
			continue
		}
		d, key := day(append(row, "", "", ""))
		switch i, again := at[d.Date]; {
		case key == "calendar.bad_date" && first:
		case key != "":
			wrong = append(wrong, Wrong{line, key})
		case again:
			days[i] = d
		default:
			at[d.Date] = len(days)
			days = append(days, d)
		}
	}
}

func separator(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	for _, c := range []rune{';', '\t'} {
		if strings.ContainsRune(first, c) {
			return c
		}
	}
	return ','
}

func day(row []string) (d Day, wrong string) {
	var ok bool
	if d.Date, ok = date(row[0]); !ok {
		return d, "calendar.bad_date"
	}
	if d.Kind, ok = words[strings.ToLower(strings.TrimSpace(row[1]))]; !ok {
		return d, "calendar.bad_kind"
	}
	title := []rune(strings.TrimSpace(row[2]))
	d.TitleRU = string(title[:min(len(title), 120)])
	d.TitleEN, d.Edited = d.TitleRU, true
	if strings.TrimSpace(row[3]) != "" {
		if d.MovedFrom, ok = date(row[3]); !ok {
			return d, "calendar.bad_date"
		}
	}
	return d, ""
}

func date(text string) (string, bool) {
	for _, layout := range []string{time.DateOnly, "02.01.2006", "2.1.2006"} {
		if t, err := time.Parse(layout, strings.TrimSpace(text)); err == nil && t.Year() >= 1990 && t.Year() <= 2100 {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}
