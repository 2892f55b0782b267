package schema

import "voronka/internal/expr"

// Kind is what a field holds.
type Kind string

// The kinds a customer can give a field. Phone, email and file always hold several values, link one, links several.
const (
	Text      Kind = "text"
	LongText  Kind = "longtext"
	Integer   Kind = "integer"
	Decimal   Kind = "decimal"
	Money     Kind = "money"
	Bool      Kind = "bool"
	Date      Kind = "date"
	DateTime  Kind = "datetime"
	List      Kind = "list"
	MultiList Kind = "multilist"
	User      Kind = "user"
	Link      Kind = "link"
	Links     Kind = "links"
	Phone     Kind = "phone"
	Email     Kind = "email"
	URL       Kind = "url"
	Address   Kind = "address"
	File      Kind = "file"
)

// The kinds only system fields have.
const (
	ID             Kind = "id"
	StageKind      Kind = "stage"
	PipelineKind   Kind = "pipeline"
	DepartmentKind Kind = "department"
	LostReasonKind Kind = "lost_reason"
	Users          Kind = "users"
)

// kindInfo says how a kind is held and what may be asked of it.
type kindInfo struct {
	side    Side      // where several values lie; "" = in columns of the record's own table
	unique  bool      // may be a unique field
	indexed bool      // may have an index (and be sorted by quickly)
	byHand  bool      // may be chosen for a new field
	expr    expr.Kind // as the language of conditions knows it
	many    bool
}

// Side names the shared table that holds a many-valued field.
type Side string

// The side tables.
const (
	InColumns    Side = ""
	InLink       Side = "link"
	InPhone      Side = "phone"
	InEmail      Side = "email"
	InChoice     Side = "choice"
	InAttachment Side = "attachment"
	InObserver   Side = "observer"
)

var kinds = map[Kind]kindInfo{
	Text:      {unique: true, indexed: true, byHand: true, expr: expr.Text},
	LongText:  {byHand: true, expr: expr.LongText},
	Integer:   {unique: true, indexed: true, byHand: true, expr: expr.Integer},
	Decimal:   {unique: true, indexed: true, byHand: true, expr: expr.Decimal},
	Money:     {indexed: true, byHand: true, expr: expr.Money},
	Bool:      {indexed: true, byHand: true, expr: expr.Bool},
	Date:      {unique: true, indexed: true, byHand: true, expr: expr.Date},
	DateTime:  {unique: true, indexed: true, byHand: true, expr: expr.DateTime},
	List:      {indexed: true, byHand: true, expr: expr.List},
	MultiList: {side: InChoice, byHand: true, expr: expr.MultiList, many: true},
	User:      {unique: true, indexed: true, byHand: true, expr: expr.User},
	Link:      {unique: true, indexed: true, byHand: true, expr: expr.Link},
	Links:     {side: InLink, byHand: true, expr: expr.Links, many: true},
	Phone:     {side: InPhone, unique: true, byHand: true, expr: expr.Phone, many: true},
	Email:     {side: InEmail, unique: true, byHand: true, expr: expr.Email, many: true},
	URL:       {byHand: true, expr: expr.URL},
	Address:   {byHand: true, expr: expr.Address},
	File:      {side: InAttachment, byHand: true, expr: expr.File, many: true},

	ID:             {indexed: true, expr: expr.ID},
	StageKind:      {expr: expr.Stage},
	PipelineKind:   {expr: expr.Pipeline},
	DepartmentKind: {expr: expr.Department},
	LostReasonKind: {expr: expr.List},
	Users:          {side: InObserver, expr: expr.Users, many: true},
}

// Known tells whether k may be chosen for a field.
func (k Kind) Known() bool { return kinds[k].byHand }

// Many tells whether fields of the kind hold several values; they lie in a shared table, not in a column.
func (k Kind) Many() bool { return kinds[k].many }

// Side is the shared table of a many-valued kind, InColumns for all others.
func (k Kind) Side() Side { return kinds[k].side }

// CanBeUnique tells whether a field of the kind may forbid two records to hold the same value.
func (k Kind) CanBeUnique() bool { return kinds[k].unique }

// CanBeIndexed tells whether a field of the kind can be given an index.
func (k Kind) CanBeIndexed() bool { return kinds[k].indexed }

// Expr is the kind as conditions know it.
func (k Kind) Expr() expr.Kind { return kinds[k].expr }
