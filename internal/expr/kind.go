package expr

// Kind is what a field holds.
type Kind string

// The kinds. Stage, Pipeline, Department and ID are fields every record has; the others a customer can add.
const (
	Text       Kind = "text"
	LongText   Kind = "longtext"
	Integer    Kind = "integer"
	Decimal    Kind = "decimal" // int64 with FieldInfo.Scale digits after the point
	Money      Kind = "money"   // minor units of the portal's currency; FieldInfo.Scale is its exponent
	Bool       Kind = "bool"
	Date       Kind = "date"     // YYYY-MM-DD, no zone
	DateTime   Kind = "datetime" // milliseconds since 1970, UTC
	List       Kind = "list"
	MultiList  Kind = "multilist"
	User       Kind = "user"
	Users      Kind = "users"
	Link       Kind = "link"
	Links      Kind = "links"
	Phone      Kind = "phone"
	Email      Kind = "email"
	URL        Kind = "url"
	Address    Kind = "address"
	File       Kind = "file"
	Stage      Kind = "stage"
	Pipeline   Kind = "pipeline"
	Department Kind = "department"
	ID         Kind = "id"
)

// class is how values of a kind are held and compared.
type class uint8

const (
	noClass   class = iota
	textual         // by the key of the text
	numeric         // exact decimals
	truth           // 0 or 1
	calendar        // dates, as text
	instant         // milliseconds
	coded           // ids written as codes: list values, stages, pipelines
	person          // ids of people, and "me"
	reference       // ids of records
	blob            // only "is there one?"
)

var classes = map[Kind]class{
	Text: textual, LongText: textual, Phone: textual, Email: textual, URL: textual, Address: textual,
	Integer: numeric, Decimal: numeric, Money: numeric, Bool: truth, Date: calendar, DateTime: instant,
	List: coded, MultiList: coded, Stage: coded, Pipeline: coded, Department: coded,
	User: person, Users: person, Link: reference, Links: reference, ID: reference, File: blob,
}

// many tells kinds that always hold several values.
func (k Kind) many() bool { return k == MultiList || k == Users || k == Links }

// Operators is a set of operators a kind of field knows.
type Operators uint16

// The operators, as groups that come and go together.
const (
	Equality   Operators = 1 << iota // = !=
	Order                            // < <= > >= between, in [a..b]
	Membership                       // in (a, b)
	Contains                         // contains(field, "…")
	StartsWith                       // starts with(field, "…")
	HasAll                           // has all(field, a, b)
	Presence                         // = null, != null, is empty(field)
)

// OperatorNames are the groups in the order of the manual, as they are written.
var OperatorNames = []struct {
	Operator Operators
	Name     string
}{
	{Equality, "= !="},
	{Order, "< <= > >= .."},
	{Membership, "in ( )"},
	{Contains, "contains"},
	{StartsWith, "starts with"},
	{HasAll, "has all"},
	{Presence, "= null, is empty"},
}

// SupportRow is one line of the table kind × operator.
type SupportRow struct {
	Kind      Kind
	Many      bool // the field holds several values
	Operators Operators
	Value     string // an example of what it is compared with
}

// support is the table itself: the parser obeys it and the manual prints it.
var support = []SupportRow{
	{Text, false, Equality | Order | Membership | Contains | StartsWith | Presence, `"Acme"`},
	{LongText, false, Contains | StartsWith | Presence, `"Acme"`},
	{Integer, false, Equality | Order | Membership | Presence, `10`},
	{Decimal, false, Equality | Order | Membership | Presence, `12.5`},
	{Money, false, Equality | Order | Membership | Presence, `1500.00`},
	{Bool, false, Equality | Membership | Presence, `true`},
	{Date, false, Equality | Order | Membership | Presence, `date("2026-11-19")`},
	{DateTime, false, Equality | Order | Membership | Presence, `now() - 2 hours`},
	{List, false, Equality | Membership | Presence, `"site"`},
	{MultiList, true, Equality | Membership | HasAll | Presence, `"site"`},
	{User, false, Equality | Membership | Presence, `me`},
	{Users, true, Equality | Membership | HasAll | Presence, `me`},
	{Link, false, Equality | Membership | Presence, `7`},
	{Links, true, Equality | Membership | HasAll | Presence, `7`},
	{Phone, false, Equality | Membership | Contains | StartsWith | Presence, `"+7921"`},
	{Phone, true, Equality | Membership | Contains | StartsWith | HasAll | Presence, `"+7921"`},
	{Email, false, Equality | Membership | Contains | StartsWith | Presence, `"anna@"`},
	{Email, true, Equality | Membership | Contains | StartsWith | HasAll | Presence, `"anna@"`},
	{URL, false, Equality | Membership | Contains | StartsWith | Presence, `"https://"`},
	{Address, false, Contains | StartsWith | Presence, `"Tver"`},
	{File, false, Presence, `null`},
	{File, true, Presence, `null`},
	{Stage, false, Equality | Membership | Presence, `"won"`},
	{Pipeline, false, Equality | Membership | Presence, `"main"`},
	{Department, false, Equality | Membership | Presence, `3`},
	{ID, false, Equality | Order | Membership | Presence, `1024`},
}

// Support lists which kind of field knows which operators, in the order of the manual.
func Support() []SupportRow { return append([]SupportRow(nil), support...) }

// OperatorsOf tells the operators of a field. A kind that may not hold several values knows none when it does.
func OperatorsOf(kind Kind, many bool) Operators {
	many = many || kind.many()
	for _, row := range support {
		if row.Kind == kind && row.Many == many {
			return row.Operators
		}
	}
	return 0
}
