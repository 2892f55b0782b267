package demo

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// lead is one line of a stream: somebody came from somewhere at a moment.
type lead struct {
	at      time.Time
	origin  string
	landing string
}

// Where a stream came from.
const (
	Olist     = "olist"
	Generated = "generated"
)

// Ask is one request of a replay: who sends what, and when.
type Ask struct {
	At     time.Time
	Person int            // who asks, by number
	Again  bool           // he has asked before, and writes himself otherwise now: a planted repeat
	Fields map[string]any // what he sends, as the public door takes it
}

// planted are how many of a hundred clients ask a second time.
const planted = 12

// Asks are the requests of a replay in the order of time, and where they came from.
func Asks(o Options) (list []Ask, source string, err error) { return asks(o, newRand(o.Seed)) }

func asks(o Options, r *rand.Rand) (list []Ask, source string, err error) {
	leads, source, err := readLeads(o.Leads, o.Limit, r)
	if err != nil {
		return nil, "", err
	}
	if len(leads) == 0 {
		return nil, "", fmt.Errorf("demo: there are no leads in %s", o.Leads)
	}
	for n, l := range leads {
		who := newPerson(r, n, "ru")
		style := r.IntN(1000)
		list = append(list, Ask{At: l.at, Person: n, Fields: who.fields(l, style, false)})
		if r.IntN(100) < planted {
			at := l.at.Add(time.Duration(1+r.IntN(30*24)) * time.Hour)
			list = append(list, Ask{At: at, Person: n, Again: true, Fields: who.fields(l, style+1+r.IntN(3), true)})
		}
	}
	slices.SortStableFunc(list, func(a, b Ask) int { return cmp.Compare(a.At.UnixMilli(), b.At.UnixMilli()) })
	return list, source, nil
}

// fields are what a person sends, his phone and e-mail written in one of many ways; who asks again may leave out the phone.
func (p person) fields(l lead, style int, again bool) map[string]any {
	fields := map[string]any{"name": p.name, "source": sourceOf(l.origin), "utm_source": l.origin, "landing": "https://example.com/" + l.landing}
	mail := p.mail(style)
	if !again || mail == "" || style%3 > 0 {
		fields["phone"] = p.phone(style)
	}
	if mail != "" {
		fields["email"] = mail
	}
	return fields
}

// olistFile is the name of the file in the folder of the Olist marketing funnel.
const olistFile = "olist_mql.csv"

// readLeads reads the leads of a file or folder; none there means a generated stream of n.
func readLeads(path string, n int, r *rand.Rand) (list []lead, source string, err error) {
	if path != "" {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			path = filepath.Join(path, olistFile)
		}
		f, err := os.Open(path)
		if err == nil {
			defer f.Close()
			list, err = parseLeads(f, r)
			if err != nil {
				return nil, "", fmt.Errorf("%s: %w", path, err)
			}
			if n > 0 && n < len(list) {
				list = list[:n]
			}
			return list, Olist, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, "", err
		}
	}
	return generate(n, r), Generated, nil
}

// parseLeads reads mql_id, first_contact_date (dd-mm-yyyy), landing_page_id, origin, in the order of time.
func parseLeads(in io.Reader, r *rand.Rand) ([]lead, error) {
	reader := csv.NewReader(in)
	reader.FieldsPerRecord = -1
	if _, err := reader.Read(); err != nil {
		return nil, err
	}
	var list []lead
	for {
		row, err := reader.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if len(row) < 4 {
			return nil, fmt.Errorf("a line of %d fields", len(row))
		}
		day, err := parseDay(row[1])
		if err != nil {
			return nil, err
		}
		list = append(list, lead{at: day.Add(hour(r)), landing: row[2], origin: row[3]})
	}
	sortLeads(list)
	return list, nil
}

func parseDay(s string) (time.Time, error) {
	day, err := time.Parse("02-01-2006", s)
	if err != nil {
		day, err = time.Parse(time.DateOnly, s)
	}
	return day, err
}

func sortLeads(list []lead) {
	slices.SortStableFunc(list, func(a, b lead) int { return cmp.Compare(a.at.UnixMilli(), b.at.UnixMilli()) })
}

// hours are how many requests come in each hour of the day, of a thousand.
var hours = [24]int{6, 4, 3, 2, 2, 3, 8, 18, 42, 74, 92, 96, 84, 76, 84, 88, 82, 68, 50, 40, 32, 24, 14, 8}

// hour is a moment of the day, by that pattern.
func hour(r *rand.Rand) time.Duration {
	at := r.IntN(1000)
	for h, share := range hours {
		if at -= share; at < 0 {
			return time.Duration(h)*time.Hour + time.Duration(r.IntN(3_600_000))*time.Millisecond
		}
	}
	return 12 * time.Hour
}

var origins = []string{"organic_search", "organic_search", "organic_search", "paid_search", "paid_search", "social", "social", "unknown", "direct_traffic", "email", "referral", "display"}

// generate makes n leads over about a year; weekends are quieter.
func generate(n int, r *rand.Rand) []lead {
	if n <= 0 {
		n = 8000
	}
	start := time.Date(2025, 6, 2, 0, 0, 0, 0, time.UTC)
	days := max(1, n/23)
	list := make([]lead, n)
	for i := range list {
		day := start.AddDate(0, 0, r.IntN(days))
		if w := day.Weekday(); (w == time.Saturday || w == time.Sunday) && r.IntN(2) == 0 {
			day = start.AddDate(0, 0, r.IntN(days))
		}
		list[i] = lead{at: day.Add(hour(r)), origin: pick(r, origins), landing: fmt.Sprintf("page-%d", r.IntN(40))}
	}
	sortLeads(list)
	return list
}

// sourceOf is the value of the list "source" for an origin of the stream.
func sourceOf(origin string) string {
	switch origin {
	case "paid_search", "display":
		return "ads"
	case "organic_search", "direct_traffic":
		return "site"
	case "social", "email", "referral":
		return origin
	}
	return "other"
}
