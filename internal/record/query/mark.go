package query

import (
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/page"
)

// Mark is the place of a page's last record in the order of its list. Exactly one of Int, Text and Null says by what.
type Mark struct {
	Sort string  `json:"s"` // the order it belongs to
	Int  *int64  `json:"n,omitempty"`
	Text *string `json:"t,omitempty"`
	Null bool    `json:"z,omitempty"`
	ID   int64   `json:"i"`
}

// String writes the mark for a URL.
func (m Mark) String() string { return page.Encode(m) }

// Value is the sorted value of the record, nil for a missing one.
func (m Mark) Value() any {
	switch {
	case m.Int != nil:
		return *m.Int
	case m.Text != nil:
		return *m.Text
	}
	return nil
}

// ParseMark reads a mark and checks that it belongs to the order.
func ParseMark(text string, s Sort) (*Mark, error) {
	var m Mark
	if err := page.Decode(text, &m); err != nil {
		return nil, err
	}
	values := 0
	for _, set := range []bool{m.Int != nil && !textual(s), m.Text != nil && textual(s), m.Null} {
		if set {
			values++
		}
	}
	if m.Sort != s.String() || values != 1 {
		return nil, fault.In("after", "page.bad_mark")
	}
	return &m, nil
}

// textual tells whether the order compares texts; all others compare whole numbers.
func textual(s Sort) bool {
	switch s.Field.Kind {
	case "text", "date", "url":
		return true
	}
	return false
}

// Textual tells whether values of the order are texts.
func (s Sort) Textual() bool { return textual(s) }
