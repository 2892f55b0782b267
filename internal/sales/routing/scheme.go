package routing

import (
	"slices"

	"voronka/internal/expr"
	"voronka/internal/record/schema"
)

// Types are the codes of the types whose records rules give away.
var Types = []string{"lead", "deal"}

// The parts of what rules look at. No record type can be called so.
const (
	everything  = "routing"
	ofRequest   = "routing.request"
	ofFields    = "routing.field"
	ofNumbers   = "routing.number"
	ofRecord    = "routing.record"
	ofClient    = "routing.client"
	recordType  = "record_type" // a fact about the record beside its fields
	clientKnown = "known"
)

// scheme is one part of what rules look at, as the language of conditions sees it.
type scheme struct {
	catalog *schema.Catalog
	name    string
	fields  map[string]expr.FieldInfo
	names   []string
}

var _ expr.Hinter = (*scheme)(nil)

func (s *scheme) add(f expr.FieldInfo) {
	s.fields[f.Code] = f
	s.names = append(s.names, f.Code)
}

// Scheme is what rules may look at: request.*, record.* (fields of leads and deals), lead.*, deal.*, client.*.
func Scheme(c *schema.Catalog) expr.Schema { return part(c, everything) }

func part(c *schema.Catalog, name string) *scheme {
	s := &scheme{catalog: c, name: name, fields: map[string]expr.FieldInfo{}}
	link := func(code, to string) { s.add(expr.FieldInfo{Code: code, Kind: expr.Link, LinkType: to}) }
	switch name {
	case everything:
		link("request", ofRequest)
		link("record", ofRecord)
		link("client", ofClient)
		for _, code := range Types {
			link(code, code)
		}
	case ofRequest:
		for _, f := range requestFacts {
			s.add(expr.FieldInfo{Code: f.code, Kind: f.kind, Many: f.many, Fold: foldOf(f.kind)})
		}
		link("field", ofFields)
		link("number", ofNumbers)
	case ofRecord:
		s.add(expr.FieldInfo{Code: recordType, Kind: expr.Text})
		s.union()
	case ofClient:
		for _, f := range clientFacts {
			s.add(expr.FieldInfo{Code: f.code, Kind: f.kind, LinkType: f.link})
		}
	}
	return s
}

// union adds the fields leads and deals have, as long as both mean the same by a code; what differs is asked as lead.* and
// deal.*.
func (s *scheme) union() {
	differ := map[string]bool{}
	for _, code := range Types {
		own, ok := s.catalog.ExprSchema(code).(interface {
			expr.Schema
			expr.Hinter
		})
		if !ok {
			continue
		}
		for _, name := range own.FieldNames() {
			f, _ := own.Field(name)
			f.Slot = 0
			before, known := s.fields[name]
			switch {
			case !known && !differ[name]:
				s.add(f)
			case known && (before.Kind != f.Kind || before.Many != f.Many || before.Scale != f.Scale || before.LinkType != f.LinkType):
				differ[name] = true
				delete(s.fields, name)
				s.names = slices.DeleteFunc(s.names, func(n string) bool { return n == name })
			}
		}
	}
}

// foldOf is how phones and e-mails are matched: as records' are.
func foldOf(k expr.Kind) func(string) string { return schema.Fold(schema.Kind(k)) }

// Type implements expr.Schema.
func (s *scheme) Type() string { return s.name }

// Field implements expr.Schema. Fields of a request may be called anything.
func (s *scheme) Field(name string) (expr.FieldInfo, bool) {
	switch s.name {
	case ofFields:
		return expr.FieldInfo{Code: name, Kind: expr.Text}, true
	case ofNumbers:
		return expr.FieldInfo{Code: name, Kind: expr.Decimal, Scale: numberScale}, true
	}
	f, ok := s.fields[name]
	return f, ok
}

// Linked implements expr.Schema.
func (s *scheme) Linked(to string) (expr.Schema, bool) {
	switch to {
	case ofRequest, ofFields, ofNumbers, ofRecord, ofClient:
		return part(s.catalog, to), true
	}
	own := s.catalog.ExprSchema(to)
	return own, own != nil
}

// Values implements expr.Schema: of a field that leads and deals have, the values of both.
func (s *scheme) Values(f expr.FieldInfo, code string) ([]int64, bool) {
	var ids []int64
	for _, typ := range Types {
		if own := s.catalog.ExprSchema(typ); own != nil && s.name == ofRecord {
			if found, ok := own.Values(f, code); ok {
				ids = append(ids, found...)
			}
		}
	}
	return ids, len(ids) > 0
}

// FieldNames implements expr.Hinter.
func (s *scheme) FieldNames() []string { return s.names }

// ValueCodes implements expr.Hinter.
func (s *scheme) ValueCodes(f expr.FieldInfo) []string {
	var codes []string
	for _, typ := range Types {
		if own, ok := s.catalog.ExprSchema(typ).(expr.Hinter); ok && s.name == ofRecord {
			for _, code := range own.ValueCodes(f) {
				if !slices.Contains(codes, code) {
					codes = append(codes, code)
				}
			}
		}
	}
	return codes
}
