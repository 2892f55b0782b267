package worktime

import (
	"encoding/json"
	"fmt"
	"time"
)

// Rule is what a person, a department or the portal says of working time; what it doesn't say is said by the next above.
type Rule struct {
	// Zone is by whose clock the hours of Week are; "": everybody's own.
	Zone string
	// Country is whose calendar holds, ISO 3166; "": as above, "none": holidays and the dates said above don't count.
	Country string
	// Week holds the hours by time.Weekday; nil: as above.
	Week *[7][]Span
	// Dates differ from the week; they go before dates said above.
	Dates map[string][]Span
}

// Empty tells whether the rule says nothing.
func (r *Rule) Empty() bool {
	return r == nil || r.Zone == "" && r.Country == "" && r.Week == nil && len(r.Dates) == 0
}

// None is the country of a rule without a calendar.
const None = "none"

// ruleDoc is a rule as JSON, in the words of a schedule.
type ruleDoc struct {
	Zone    string               `json:"zone,omitempty"`
	Country string               `json:"country,omitempty"`
	Week    *map[string][]string `json:"week,omitempty"`
	Dates   map[string][]string  `json:"dates,omitempty"`
}

// MarshalJSON writes the rule as JSON.
func (r *Rule) MarshalJSON() ([]byte, error) {
	doc := ruleDoc{Zone: r.Zone, Country: r.Country}
	if r.Week != nil {
		week := map[string][]string{}
		for d, spans := range r.Week {
			if len(spans) > 0 {
				week[dayNames[d]] = write(spans)
			}
		}
		doc.Week = &week
	}
	for date, spans := range r.Dates {
		if doc.Dates == nil {
			doc.Dates = map[string][]string{}
		}
		doc.Dates[date] = write(spans)
	}
	return json.Marshal(doc)
}

// UnmarshalJSON reads what MarshalJSON wrote and checks it.
func (r *Rule) UnmarshalJSON(b []byte) error {
	var doc ruleDoc
	if err := json.Unmarshal(b, &doc); err != nil {
		return err
	}
	zone := doc.Zone
	if zone == "" {
		zone = time.UTC.String()
	}
	whole := document{Zone: zone, Dates: doc.Dates}
	if doc.Week != nil {
		whole.Week = *doc.Week
	}
	text, err := json.Marshal(whole)
	if err != nil {
		return fmt.Errorf("worktime: %w", err)
	}
	var s Schedule
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	*r = Rule{Zone: doc.Zone, Country: doc.Country, Dates: s.Dates}
	if doc.Week != nil {
		r.Week = &s.Week
	}
	return nil
}

// Resolve makes a schedule of the rules that hold for somebody, the nearest first, over that of the portal. own is his zone;
// calendars gives the days of a country. portal is the country of the portal.
func Resolve(rules []*Rule, base *Schedule, portal string, own *time.Location, calendars func(country string) Calendar) *Schedule {
	s := &Schedule{Zone: own, Week: base.Week, Dates: base.Dates}
	country, week, alone := "", false, false
	var layers []map[string][]Span
	for _, r := range rules {
		if r.Empty() {
			continue
		}
		if r.Week != nil && !week {
			s.Week, week = *r.Week, true
			if loc, err := Zone(r.Zone); err == nil {
				s.Zone = loc
			}
		}
		if len(r.Dates) > 0 && !alone {
			layers = append(layers, r.Dates)
		}
		if country == "" {
			country = r.Country
		}
		alone = alone || r.Country == None
	}
	if alone {
		s.Dates = nil
	}
	if len(layers) > 0 {
		s.Dates = merged(layers, s.Dates)
	}
	if country == "" {
		country = portal
	}
	s.Calendar = calendars(country)
	return s
}

// merged are dates of several layers, the first going before the others.
func merged(layers []map[string][]Span, last map[string][]Span) map[string][]Span {
	out := make(map[string][]Span, len(last))
	for date, spans := range last {
		out[date] = spans
	}
	for i := len(layers) - 1; i >= 0; i-- {
		for date, spans := range layers[i] {
			out[date] = spans
		}
	}
	return out
}
