package schema

import (
	"slices"

	"voronka/internal/kernel/money"
)

// Datum is the value of one field in the form it is stored and compared in. The zero Datum is null.
//
//	integer, decimal, bool, datetime, user, link, list   Int (scaled, 0/1, ms, id, id, value id)
//	money                                                Int minor units, Text currency, Base in the portal's currency
//	text, longtext, url, address, date                   Text; text has its Key too
//	many-valued kinds                                    Many, in order, never empty
type Datum struct {
	Set  bool   `json:"-"`
	Int  int64  `json:"i,omitempty"`
	Base int64  `json:"b,omitempty"`
	Text string `json:"t,omitempty"`
	Key  string `json:"k,omitempty"`
	Many []Item `json:"m,omitempty"`
}

// Item is one of several values: a linked record (ID, Type), a chosen list value, a file or a user (ID), or a phone or
// e-mail (Value as it was given, Norm as it is matched, Kind "work").
type Item struct {
	ID    int64  `json:"id,omitempty"`
	Type  int64  `json:"type,omitempty"`
	Kind  string `json:"kind,omitempty"` // of a phone or e-mail; the role of a link
	Value string `json:"value,omitempty"`
	Norm  string `json:"norm,omitempty"`
}

// Equal tells whether two values of a field are the same for a person: the base amount and keys follow from the rest.
func (d Datum) Equal(o Datum) bool {
	return d.Set == o.Set && d.Int == o.Int && d.Text == o.Text && slices.Equal(d.Many, o.Many)
}

// IntDatum is a value held as a number.
func IntDatum(n int64) Datum { return Datum{Set: true, Int: n} }

// TextDatum is a value held as text without a key.
func TextDatum(s string) Datum { return Datum{Set: true, Text: s} }

// ManyDatum is several values; none is null.
func ManyDatum(items []Item) Datum { return Datum{Set: len(items) > 0, Many: items} }

// AppendJSON writes the value of a field in the API's shape. c resolves list codes and types of links.
func (c *Catalog) AppendJSON(b []byte, f *Field, d Datum) []byte {
	if !d.Set {
		return append(b, "null"...)
	}
	switch f.Kind {
	case Integer, User, ID, DepartmentKind:
		return appendInt(b, d.Int)
	case Decimal:
		b = append(b, '"')
		b = append(b, money.Scaled(d.Int, f.Scale)...)
		return append(b, '"')
	case Money:
		b = append(b, `{"minor":`...)
		b = appendInt(b, d.Int)
		b = append(b, `,"currency":"`...)
		b = append(b, d.Text...)
		b = append(b, `","base":`...)
		b = appendInt(b, d.Base)
		return append(b, '}')
	case Bool:
		if d.Int != 0 {
			return append(b, "true"...)
		}
		return append(b, "false"...)
	case DateTime:
		return AppendInstant(b, d.Int)
	case Text, LongText, Date, URL, Address:
		return AppendString(b, d.Text)
	case List:
		return appendCode(b, f.valueByID[d.Int])
	case StageKind:
		if s := c.stageByID[d.Int]; s != nil {
			return AppendString(b, s.Code)
		}
		return append(b, "null"...)
	case PipelineKind:
		if p := c.pipelineByID[d.Int]; p != nil {
			return AppendString(b, p.Code)
		}
		return append(b, "null"...)
	case LostReasonKind:
		if r := c.reasonByID[d.Int]; r != nil {
			return AppendString(b, r.Code)
		}
		return append(b, "null"...)
	case Link:
		b = append(b, `{"id":`...)
		b = appendInt(b, d.Int)
		return append(b, '}')
	}
	b = append(b, '[')
	for i, item := range d.Many {
		if i > 0 {
			b = append(b, ',')
		}
		b = c.appendItem(b, f, item)
	}
	return append(b, ']')
}

func (c *Catalog) appendItem(b []byte, f *Field, item Item) []byte {
	switch f.Kind {
	case MultiList:
		return appendCode(b, f.valueByID[item.ID])
	case Users:
		return appendInt(b, item.ID)
	case Links:
		b = append(b, '{')
		if f.LinkType == "" {
			if t := c.typeByID[item.Type]; t != nil {
				b = append(b, `"type":`...)
				b = AppendString(b, t.Code)
				b = append(b, ',')
			}
		}
		b = append(b, `"id":`...)
		b = appendInt(b, item.ID)
		if item.Kind != "" {
			b = append(b, `,"role":`...)
			b = AppendString(b, item.Kind)
		}
		return append(b, '}')
	case File:
		b = append(b, `{"id":`...)
		b = appendInt(b, item.ID)
		return append(b, '}')
	case Phone, Email:
		b = append(b, `{"value":`...)
		b = AppendString(b, item.Value)
		if f.Kind == Phone {
			if item.Norm != "" && item.Norm[0] == '+' {
				b = append(b, `,"e164":`...)
				number, _ := SplitExtension(item.Norm)
				b = AppendString(b, number)
			}
		}
		if item.Kind != "" {
			b = append(b, `,"kind":`...)
			b = AppendString(b, item.Kind)
		}
		return append(b, '}')
	}
	return append(b, "null"...)
}

func appendCode(b []byte, v *Value) []byte {
	if v == nil {
		return append(b, "null"...)
	}
	return AppendString(b, v.Code)
}
