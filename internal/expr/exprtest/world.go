package exprtest

import (
	"voronka/internal/expr"
	"voronka/internal/kernel/textkey"
)

// Cell is one stored value: Int for what is stored as a number, Text for texts and dates.
type Cell struct {
	Int  int64
	Text string
}

// Record is a record of the test schema. A single value that isn't in One is null.
type Record struct {
	ID   int64
	One  map[string]Cell
	Many map[string][]Cell
}

// World is all records by type.
type World map[string][]*Record

// find is the record, nil if there is none.
func (w World) find(recordType string, id int64) *Record {
	for _, r := range w[recordType] {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// Textual tells whether values of f lie in Cell.Text.
func Textual(f expr.FieldInfo) bool {
	switch f.Kind {
	case expr.Text, expr.LongText, expr.Phone, expr.Email, expr.URL, expr.Address, expr.Date:
		return true
	}
	return false
}

// Key is the key of a stored text, as a database would hold it.
func Key(f expr.FieldInfo, text string) string {
	switch f.Kind {
	case expr.Phone:
		return digits(text)
	case expr.Date:
		return text
	}
	return textkey.Key(text)
}

// At is a record seen through paths; it implements expr.Record.
type At struct {
	World  World
	Record *Record
}

// Value implements expr.Record.
func (a At) Value(p *expr.Path) expr.Value {
	r, f := a.World.follow(a.Record, p), p.Field()
	if r == nil {
		return expr.NoValue
	}
	if f.Kind == expr.ID {
		return expr.IntValue(r.ID)
	}
	c, ok := r.One[f.Code]
	if !ok {
		return expr.NoValue
	}
	return value(f, c)
}

// Values implements expr.Record.
func (a At) Values(p *expr.Path) []expr.Value {
	r, f := a.World.follow(a.Record, p), p.Field()
	if r == nil {
		return nil
	}
	var out []expr.Value
	for _, c := range r.Many[f.Code] {
		out = append(out, value(f, c))
	}
	return out
}

func value(f expr.FieldInfo, c Cell) expr.Value {
	switch {
	case f.Kind == expr.Date:
		return expr.KeyValue(c.Text)
	case Textual(f):
		return expr.TextValue(c.Text)
	}
	return expr.IntValue(c.Int)
}

// follow goes over the links of a path; nil if one is missing.
func (w World) follow(r *Record, p *expr.Path) *Record {
	for _, step := range p.Steps[:len(p.Steps)-1] {
		if r == nil {
			return nil
		}
		link, ok := r.One[step.Field.Code]
		if !ok {
			return nil
		}
		r = w.find(step.Field.LinkType, link.Int)
	}
	return r
}
