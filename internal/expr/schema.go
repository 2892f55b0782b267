package expr

import "strings"

// Schema tells the types of the fields of one record type. Whoever builds it leaves out what the reader may not see:
// a field it doesn't know can't be named in a condition.
type Schema interface {
	// Type is the code of the record type: "deal".
	Type() string
	// Field finds a field by its code. It may also accept the reader's title; the tree keeps FieldInfo.Code.
	Field(name string) (FieldInfo, bool)
	// Linked is the schema of another record type, for paths through a link.
	Linked(recordType string) (Schema, bool)
	// Values are the ids behind a code: of a list value, a pipeline, a department, a stage. It may give several ids (a
	// stage code of more than one pipeline, a group of values), which means any of them.
	Values(f FieldInfo, code string) (ids []int64, ok bool)
}

// Hinter is what a Schema may implement too, so that errors can say "did you mean".
type Hinter interface {
	FieldNames() []string
	ValueCodes(f FieldInfo) []string
}

// FieldInfo is what the language needs to know of a field.
type FieldInfo struct {
	Code     string
	Kind     Kind
	Many     bool   // holds several values; implied by multilist, users, links
	Scale    int    // digits after the point of decimal (≤ 9) and of money (the portal currency's exponent)
	LinkType string // link: the record type it leads to; "" = any, which can't be followed
	Slot     int    // free for the schema's owner, for instance the number of the column
	// Fold makes the key a text is matched by; nil = textkey.Key, for phones the digits with a leading +. Columns hold
	// folded texts, and folding twice must change nothing.
	Fold func(string) string
}

// several tells whether the field is many-valued.
func (f FieldInfo) several() bool { return f.Many || f.Kind.many() }

// Path is the way to a value: a field of the record, or of a record it links to.
type Path struct {
	Steps []Step // one to three; all but the last are single links
	Name  string // the codes joined with dots, "company.title": handy as a map key
}

// Step is one field on the way and the record type it belongs to.
type Step struct {
	Type  string
	Field FieldInfo
}

// Field is the last step: the field the value comes from.
func (p *Path) Field() FieldInfo { return p.Steps[len(p.Steps)-1].Field }

// Codes are the field codes from the record on.
func (p *Path) Codes() []string { return strings.Split(p.Name, ".") }
