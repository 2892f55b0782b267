package worktime

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

var dayNames = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// document is a schedule as JSON: {"zone":"Europe/Moscow","week":{"mon":["09:00-13:00","14:00-18:00"]},"dates":{"2026-01-01":[]}}.
type document struct {
	Zone  string              `json:"zone"`
	Week  map[string][]string `json:"week"`
	Dates map[string][]string `json:"dates,omitempty"`
}

// MarshalJSON writes the schedule as JSON.
func (s *Schedule) MarshalJSON() ([]byte, error) {
	doc := document{Week: map[string][]string{}, Dates: map[string][]string{}}
	if s.Zone != nil {
		doc.Zone = s.Zone.String()
	}
	for d, spans := range s.Week {
		if len(spans) > 0 {
			doc.Week[dayNames[d]] = write(spans)
		}
	}
	for date, spans := range s.Dates {
		doc.Dates[date] = write(spans)
	}
	return json.Marshal(doc)
}

// UnmarshalJSON reads what MarshalJSON wrote and checks it.
func (s *Schedule) UnmarshalJSON(b []byte) error {
	var doc document
	if err := json.Unmarshal(b, &doc); err != nil {
		return err
	}
	zone, err := Zone(doc.Zone)
	if err != nil {
		return err
	}
	read := Schedule{Zone: zone}
	for name, texts := range doc.Week {
		day := indexOf(name)
		if day < 0 {
			return fmt.Errorf("worktime: %q is no day of the week", name)
		}
		if read.Week[day], err = parse(texts); err != nil {
			return err
		}
	}
	for date, texts := range doc.Dates {
		if read.Dates == nil {
			read.Dates = map[string][]Span{}
		}
		if read.Dates[date], err = parse(texts); err != nil {
			return err
		}
	}
	if err := read.Check(); err != nil {
		return err
	}
	*s = read
	return nil
}

// Zone finds a time zone by its IANA name. The machine's own zone and the empty name are refused: what is stored must mean
// the same everywhere.
func Zone(name string) (*time.Location, error) {
	if name == "" || name == "Local" {
		return nil, fmt.Errorf("worktime: %q is no time zone", name)
	}
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	zones.Store(name, zone)
	return zone, nil
}

// zones are those asked for so far: reading one takes longer than all else here, and thousands of people share a few.
var zones sync.Map

func indexOf(name string) int {
	for i, n := range dayNames {
		if n == name {
			return i
		}
	}
	return -1
}

func write(spans []Span) []string {
	out := make([]string, 0, len(spans))
	for _, p := range spans {
		out = append(out, fmt.Sprintf("%02d:%02d-%02d:%02d", p.From/60, p.From%60, p.To/60, p.To%60))
	}
	return out
}

func parse(texts []string) ([]Span, error) {
	spans := make([]Span, 0, len(texts))
	for _, text := range texts {
		var h1, m1, h2, m2 int
		if n, err := fmt.Sscanf(text, "%2d:%2d-%2d:%2d", &h1, &m1, &h2, &m2); n != 4 || err != nil || len(text) != len("09:00-18:00") {
			return nil, fmt.Errorf("worktime: %q is not like 09:00-18:00", text)
		}
		if min(h1, m1, h2, m2) < 0 || max(m1, m2) > 59 {
			return nil, fmt.Errorf("worktime: %q is not like 09:00-18:00", text)
		}
		spans = append(spans, Span{h1*60 + m1, h2*60 + m2})
	}
	return spans, nil
}
