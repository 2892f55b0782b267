package schema

import "slices"

// MaxFields is how many fields of its own a type may have.
const MaxFields = 300

// Type is the definition of records of one sort: deals, contacts, complaints.
type Type struct {
	ID                 int64
	Code               string
	TitleRU, TitleEN   string
	PluralRU, PluralEN string
	Builtin            bool
	Staged             bool // has pipelines, totals and an amount
	Sort               int64
	Fields             []*Field // the type's own fields in order, without removed ones
	System             []*Field // the fields every record has
	Removed            []*Field // marked as removed; their columns wait for an undo

	byCode map[string]*Field
	byID   map[int64]*Field
	amount *Field
	hidden map[string]bool // of a view: codes of the fields it lacks
}

// Hides tells whether the type is somebody's view of it and a field of this code isn't for him.
func (t *Type) Hides(code string) bool { return t.hidden[code] }

// Partial tells whether the type is somebody's view of it that lacks fields.
func (t *Type) Partial() bool { return len(t.hidden) > 0 }

// Table is the name of the table of the type's records.
func (t *Type) Table() string { return "r_" + t.Code }

// Field finds a field, own or system, by its code; nil when there is none.
func (t *Type) Field(code string) *Field { return t.byCode[code] }

// FieldByID finds a field of the type's own by its number, removed ones too; nil when there is none.
func (t *Type) FieldByID(id int64) *Field { return t.byID[id] }

// Amount is the field whose sums the totals keep: "amount" of staged types, nil for others.
func (t *Type) Amount() *Field { return t.amount }

// ofPerson tells whether the field says something of a living person: it is flagged so, or leads to somebody's phone or mailbox.
func (f *Field) ofPerson() bool { return f.Personal || f.Kind == Phone || f.Kind == Email }

// OfPersons tells whether some of the fields, by code, hold personal data; without codes, whether any of the type's does.
func (t *Type) OfPersons(codes []string) bool {
	if codes == nil {
		return slices.ContainsFunc(t.Fields, (*Field).ofPerson)
	}
	return slices.ContainsFunc(codes, func(code string) bool {
		f := t.Field(code)
		return f != nil && f.ofPerson()
	})
}

// Title is the type's title in a language ("ru", anything else is English).
func (t *Type) Title(lang string) string { return inLang(lang, t.TitleRU, t.TitleEN) }

// Plural is the title of many such records in a language.
func (t *Type) Plural(lang string) string { return inLang(lang, t.PluralRU, t.PluralEN) }

// Field is a typed property of a record type.
type Field struct {
	ID               int64 // 0 for system fields
	TypeID           int64
	Code             string
	Kind             Kind
	TitleRU, TitleEN string
	Col              string // the column, or the first of several; "" for fields in side tables
	Required         bool
	Unique           bool
	Personal         bool // values are kept out of the journal proper, so that they can be erased
	Indexed          bool // its index is ready
	Indexing         bool // its index is being built
	Builtin          bool
	System           bool
	ReadOnly         bool    // system fields nobody writes directly: id, version, created_at …
	Scale            int     // digits after the point, for decimals
	LinkType         string  // type a link leads to; "" = any (links only)
	Values           []Value // of lists, in order, without removed ones
	RemovedValues    []Value
	Default          string // JSON of the default in API shape, "" = none
	Sort             int64
	RemovedAt        int64

	// Pos is the place among Type.Fields, -1 for system and removed fields.
	Pos int
	// Slot is the place among system fields followed by own fields; FieldInfo.Slot in conditions.
	Slot int

	valueByCode map[string]*Value
	valueByID   map[int64]*Value
}

// Title is the field's title in a language.
func (f *Field) Title(lang string) string { return inLang(lang, f.TitleRU, f.TitleEN) }

// Value finds a value of a list by its code; nil when there is none or it was removed.
func (f *Field) Value(code string) *Value {
	if v := f.valueByCode[code]; v != nil && !v.Removed {
		return v
	}
	return nil
}

// ValueByID finds a value of a list by its number, removed ones too.
func (f *Field) ValueByID(id int64) *Value { return f.valueByID[id] }

// Columns are the names of the columns the field occupies in its type's table: none for fields in side tables.
//
//	money: amount in minor units, _cur currency, _base amount in the portal's currency
//	texts: value, _key the form it is sorted and matched by
func (f *Field) Columns() []string {
	switch {
	case f.Kind.Side() != InColumns:
		return nil
	case f.Kind == Money:
		return []string{f.Col, f.Col + "_cur", f.Col + "_base"}
	case f.Keyed():
		return []string{f.Col, f.Col + "_key"}
	}
	return []string{f.Col}
}

// Keyed tells whether the field is a text, which has a key beside it, so that conditions find it whatever its case.
func (f *Field) Keyed() bool {
	switch f.Kind {
	case Text, LongText, URL, Address:
		return true
	}
	return false
}

// SortColumn is the column the field is sorted and indexed by, "" when it can't be.
func (f *Field) SortColumn() string {
	switch {
	case f.Kind.Side() != InColumns:
		return ""
	case f.Kind == Money:
		return f.Col + "_base"
	case f.Keyed():
		return f.Col + "_key"
	}
	return f.Col
}

// Value is one entry of a list.
type Value struct {
	ID               int64
	Code             string
	TitleRU, TitleEN string
	Color            int64
	Sort             int64
	Removed          bool
}

// Title is the value's title in a language.
func (v Value) Title(lang string) string { return inLang(lang, v.TitleRU, v.TitleEN) }

func inLang(lang, ru, en string) string {
	if lang == "ru" && ru != "" || en == "" {
		return ru
	}
	return en
}
