// Package exprtest makes conditions and records for tests of the language: a schema with every kind of field, rapid
// generators, and a slow evaluator written straight from the meaning of the language, to compare the fast ones with.
package exprtest

import (
	"maps"
	"slices"

	"voronka/internal/expr"
)

// Types are the record types of the test schema. Each has all Fields, so any path can be made.
var Types = []string{"deal", "company", "contact"}

// Fields are the fields of every type: all kinds, single and several.
var Fields = []expr.FieldInfo{
	{Code: "id", Kind: expr.ID},
	{Code: "title", Kind: expr.Text},
	{Code: "note", Kind: expr.LongText},
	{Code: "count", Kind: expr.Integer},
	{Code: "rate", Kind: expr.Decimal, Scale: 3},
	{Code: "amount", Kind: expr.Money, Scale: 2},
	{Code: "vip", Kind: expr.Bool},
	{Code: "due", Kind: expr.Date},
	{Code: "created_at", Kind: expr.DateTime},
	{Code: "source", Kind: expr.List},
	{Code: "tags", Kind: expr.MultiList},
	{Code: "responsible", Kind: expr.User},
	{Code: "observers", Kind: expr.Users},
	{Code: "company", Kind: expr.Link, LinkType: "company"},
	{Code: "contact", Kind: expr.Link, LinkType: "contact"},
	{Code: "about", Kind: expr.Link},
	{Code: "contacts", Kind: expr.Links, LinkType: "contact"},
	{Code: "phone", Kind: expr.Phone},
	{Code: "phones", Kind: expr.Phone, Many: true},
	{Code: "mail", Kind: expr.Email},
	{Code: "mails", Kind: expr.Email, Many: true},
	{Code: "site", Kind: expr.URL},
	{Code: "address", Kind: expr.Address},
	{Code: "contract", Kind: expr.File},
	{Code: "files", Kind: expr.File, Many: true},
	{Code: "stage", Kind: expr.Stage},
	{Code: "pipeline", Kind: expr.Pipeline},
	{Code: "department", Kind: expr.Department},
	{Code: "сумма", Kind: expr.Integer}, // names may be Cyrillic
}

// titles are names fields can be called by besides their codes.
var titles = map[string]string{"Название": "title", "Дата создания": "created_at"}

// codes are the ids behind the codes of list values, stages …; one code may stand for several or none.
var codes = map[string]map[string][]int64{
	"source":     {"site": {1}, "call": {2}, "mail": {3}, "inbound": {1, 2}, "none": {}},
	"tags":       {"red": {1}, "green": {2}, "blue": {3}, "warm": {1, 2}},
	"stage":      {"new": {1, 4}, "work": {2}, "won": {3}},
	"pipeline":   {"main": {1}, "service": {2}},
	"department": {"sales": {1, 2}, "support": {3}},
}

// Schema is the schema of a type; it implements expr.Schema and expr.Hinter.
type Schema string

// Type implements expr.Schema.
func (s Schema) Type() string { return string(s) }

// Field implements expr.Schema.
func (s Schema) Field(name string) (expr.FieldInfo, bool) {
	if code, ok := titles[name]; ok {
		name = code
	}
	for i, f := range Fields {
		if f.Code == name {
			f.Slot = i
			return f, true
		}
	}
	return expr.FieldInfo{}, false
}

// Linked implements expr.Schema.
func (s Schema) Linked(recordType string) (expr.Schema, bool) {
	return Schema(recordType), slices.Contains(Types, recordType)
}

// Values implements expr.Schema.
func (s Schema) Values(f expr.FieldInfo, code string) ([]int64, bool) {
	ids, ok := codes[f.Code][code]
	return ids, ok
}

// FieldNames implements expr.Hinter.
func (s Schema) FieldNames() []string {
	var names []string
	for _, f := range Fields {
		names = append(names, f.Code)
	}
	return names
}

// ValueCodes implements expr.Hinter.
func (s Schema) ValueCodes(f expr.FieldInfo) []string { return slices.Sorted(maps.Keys(codes[f.Code])) }
