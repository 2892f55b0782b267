// Package calendar knows the official days off, shortened and moved days of countries, as the program brings them and as a
// portal has edited them. Which country holds for whom is directory's business; what the days make of a week is worktime's.
package calendar

import (
	"cmp"
	"embed"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"voronka/internal/org/worktime"
)

// Countries are those whose calendars the program brings, ISO 3166.
var Countries = []string{"RU", "BY", "KZ", "UZ"}

// Known tells whether the program brings a calendar of the country.
func Known(country string) bool { return slices.Contains(Countries, country) }

// Day is a date that differs from the ordinary week.
type Day struct {
	Date      string // YYYY-MM-DD
	Kind      worktime.Kind
	TitleRU   string
	TitleEN   string
	MovedFrom string // the date whose rest or work this day has, "" for none
	Edited    bool   // said by the portal, not brought by the program
}

//go:embed data/*.csv
var files embed.FS

var shipped = sync.OnceValue(func() map[string][]Day {
	all := map[string][]Day{}
	titles := map[string][]string{}
	for _, row := range rows("data/names.csv") {
		titles[row[0]] = row[1:]
	}
	for _, country := range Countries {
		for _, row := range rows("data/" + strings.ToLower(country) + ".csv") {
			row = append(row, "", "")
			d := Day{Date: row[0], Kind: worktime.Kind(row[1]), MovedFrom: row[3]}
			if t := titles[row[2]]; t != nil {
				d.TitleRU, d.TitleEN = t[0], t[1]
			}
			all[country] = append(all[country], d)
		}
	}
	return all
})

// rows reads a data file of the program without its heading. The files are tested, so what is wrong with them stops it.
func rows(name string) [][]string {
	f, err := files.Open(name)
	if err != nil {
		panic(err)
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	all, err := r.ReadAll()
	if err != nil || len(all) == 0 {
		panic(fmt.Errorf("calendar: %s: %w", name, cmp.Or(err, io.ErrUnexpectedEOF)))
	}
	return all[1:]
}

// Shipped are the days the program brings for a country, in order. They are not to be changed.
func Shipped(country string) []Day { return shipped()[country] }

// Years are the first and the last year the program has days of for a country.
func Years(country string) (first, last int) {
	days := Shipped(country)
	if len(days) == 0 {
		return 0, 0
	}
	return year(days[0].Date), year(days[len(days)-1].Date)
}

func year(date string) int {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return 0
	}
	return t.Year()
}

// Merge puts the days a portal has edited over those the program brings, in order of dates. Edited days are marked.
func Merge(country string, edits []Day) []Day {
	edited := make(map[string]bool, len(edits))
	for _, d := range edits {
		edited[d.Date] = true
	}
	out := make([]Day, 0, len(edits)+len(Shipped(country)))
	for _, d := range Shipped(country) {
		if !edited[d.Date] {
			out = append(out, d)
		}
	}
	for _, d := range edits {
		d.Edited = true
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b Day) int { return cmp.Compare(a.Date, b.Date) })
	return out
}

// Times are the days as working time counts with them.
func Times(days []Day) worktime.Calendar {
	swapped := map[string]time.Weekday{} // the rest that was moved away from a worked day, by that day
	for _, d := range days {
		if t, err := time.Parse(time.DateOnly, d.Date); err == nil && d.MovedFrom != "" {
			swapped[d.MovedFrom] = t.Weekday()
		}
	}
	c := make(worktime.Calendar, len(days))
	for _, d := range days {
		day := worktime.CalendarDay{Kind: d.Kind, Like: time.Monday}
		if like, ok := swapped[d.Date]; ok {
			day.Like = like
		}
		if t, err := time.Parse(time.DateOnly, d.Date); err == nil && d.Kind == worktime.Short {
			day.Rest = t.Weekday() == time.Saturday || t.Weekday() == time.Sunday
		}
		if t, err := time.Parse(time.DateOnly, d.MovedFrom); err == nil && d.Kind == worktime.Work {
			day.Like = t.Weekday()
		}
		c[d.Date] = day
	}
	return c
}
