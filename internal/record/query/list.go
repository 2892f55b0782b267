package query

import (
	"strings"

	"voronka/internal/expr"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/page"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// Scope is which records of a type are asked for, before rights.
type Scope struct {
	Catalog  *schema.Catalog
	Type     *schema.Type
	Pipeline *schema.Pipeline // nil: any
	Stage    *schema.Stage    // nil: any
	Filter   *expr.Tree       // nil: all
	Moment   expr.Moment      // what "today" and "me" mean in Filter
	Linked   Plans            // rights on the records behind links
}

// List asks for one page of records.
type List struct {
	Scope
	Fields []*schema.Field // what to show of each record, besides id, type and version
	Sort   Sort
	Limit  int
	After  *Mark // nil: the first page
}

// Sort is an order of records. Ties are ordered by id in the same direction; a missing value is smaller than any other.
type Sort struct {
	Field *schema.Field
	Desc  bool
}

// String writes the order as in a URL: "-amount".
func (s Sort) String() string {
	if s.Desc {
		return "-" + s.Field.Code
	}
	return s.Field.Code
}

// Params are the parameters of a URL, as they came.
type Params struct {
	Filter   string // condition text
	Sort     string // "-amount"
	Fields   string // "title,amount"
	Pipeline string // code
	Stage    string // code
	Limit    int
	After    string
}

// NewScope checks which records are meant.
func NewScope(c *schema.Catalog, typ string, p Params, m expr.Moment, linked Plans) (Scope, error) {
	s := Scope{Catalog: c, Type: c.Type(typ), Moment: m, Linked: linked}
	if s.Type == nil {
		return s, fault.New(fault.NotFound, "query.unknown_type", fault.Args{"type": typ})
	}
	if p.Pipeline != "" {
		if s.Pipeline = c.Pipeline(typ, p.Pipeline); s.Pipeline == nil {
			return s, fault.In("pipeline", "query.unknown_pipeline", fault.Args{"pipeline": p.Pipeline})
		}
	}
	if p.Stage != "" {
		if err := s.stage(p.Stage); err != nil {
			return s, err
		}
	}
	if strings.TrimSpace(p.Filter) == "" {
		return s, nil
	}
	tree, err := ParseFilter(c, typ, p.Filter)
	if err != nil {
		return s, err
	}
	s.Filter = tree
	return s, nil
}

// ParseFilter reads a condition about records of a type.
func ParseFilter(c *schema.Catalog, typ, text string) (*expr.Tree, error) {
	tree, err := expr.Parse(text, c.ExprSchema(typ))
	if err == nil {
		return tree, nil
	}
	if wrong, ok := err.(*expr.Error); ok { //nolint:errorlint // Parse wraps nothing
		return nil, wrong.Fault("filter")
	}
	return nil, err
}

// stage finds the stage by its code; without a pipeline the code must be in exactly one.
func (s *Scope) stage(code string) error {
	among := s.Catalog.Pipelines(s.Type.Code)
	if s.Pipeline != nil {
		among = []*schema.Pipeline{s.Pipeline}
	}
	for _, p := range among {
		found := p.Stage(code)
		if found == nil {
			continue
		}
		if s.Stage != nil {
			return fault.In("stage", "query.ambiguous_stage", fault.Args{"stage": code})
		}
		s.Stage = found
	}
	if s.Stage == nil {
		return fault.In("stage", "query.unknown_stage", fault.Args{"stage": code})
	}
	return nil
}

// NewList checks a list.
func NewList(c *schema.Catalog, typ string, p Params, m expr.Moment, linked Plans) (List, error) {
	scope, err := NewScope(c, typ, p, m, linked)
	if err != nil {
		return List{}, err
	}
	l := List{Scope: scope, Limit: page.Limit(p.Limit)}
	if l.Fields, err = ParseFields(scope.Type, p.Fields); err != nil {
		return List{}, err
	}
	if l.Sort, err = ParseSort(scope.Type, p.Sort); err != nil {
		return List{}, err
	}
	if p.After != "" {
		if l.After, err = ParseMark(p.After, l.Sort); err != nil {
			return List{}, err
		}
	}
	return l, nil
}

// ParseFields reads a list of field codes. Empty means all fields of the type.
func ParseFields(t *schema.Type, codes string) ([]*schema.Field, error) {
	if strings.TrimSpace(codes) == "" {
		return AllFields(t), nil
	}
	var out []*schema.Field
	var wrong *fault.Error
	seen := map[string]bool{"id": true, "type": true, "version": true} // always there
	for code := range strings.SplitSeq(codes, ",") {
		code = strings.TrimSpace(code)
		if code == "" || seen[code] {
			continue
		}
		seen[code] = true
		f := t.Field(code)
		if f == nil {
			wrong = wrong.With("fields", "query.unknown_field", fault.Args{"field": code})
			continue
		}
		out = append(out, f)
	}
	return out, wrong.OrNil()
}

// AllFields are the system fields of a type followed by its own.
func AllFields(t *schema.Type) []*schema.Field {
	out := make([]*schema.Field, 0, len(t.System)+len(t.Fields))
	for _, f := range t.System {
		if f.Code != "id" && f.Code != "version" {
			out = append(out, f)
		}
	}
	return append(out, t.Fields...)
}

// ParseSort reads "-amount". Empty means the newest first.
func ParseSort(t *schema.Type, text string) (Sort, error) {
	if text == "" {
		return Sort{Field: t.Field("id"), Desc: true}, nil
	}
	code, desc := strings.CutPrefix(text, "-")
	f := t.Field(code)
	if f == nil {
		return Sort{}, fault.In("sort", "query.unknown_field", fault.Args{"field": code})
	}
	if !Sortable(f) {
		return Sort{}, fault.In("sort", "query.not_sortable", fault.Args{"field": code})
	}
	return Sort{Field: f, Desc: desc}, nil
}

// Sortable tells whether lists can be ordered by a field: by every single value but long texts and addresses.
func Sortable(f *schema.Field) bool {
	return f.SortColumn() != "" && f.Kind != schema.LongText && f.Kind != schema.Address
}

// Bound is how many records are counted where no counter is kept: "1,000+" is enough to know.
const Bound = 1000

// Board asks for a pipeline's stages with the first cards of each. Pipeline is never nil, Stage always, After too.
type Board struct{ List }

// BoardLimit is how many cards of a stage a board shows at first.
const BoardLimit = 20

// NewBoard checks a board. Without a pipeline it is the type's first; without a sort the cards lie in the order they came
// to their stage, the newest on top.
func NewBoard(c *schema.Catalog, typ string, p Params, m expr.Moment, linked Plans) (Board, error) {
	t := c.Type(typ)
	if t != nil && t.Staged {
		if pipelines := c.Pipelines(typ); p.Pipeline == "" && len(pipelines) > 0 {
			p.Pipeline = pipelines[0].Code
		}
		if p.Sort == "" {
			p.Sort = "-stage_entered_at"
		}
	}
	if p.Limit <= 0 {
		p.Limit = BoardLimit
	}
	p.After, p.Stage = "", ""
	l, err := NewList(c, typ, p, m, linked)
	if err == nil && l.Pipeline == nil {
		err = fault.New(fault.NotFound, "query.no_board", fault.Args{"type": typ})
	}
	return Board{l}, err
}

// NewTotals checks which totals are asked for. Without a pipeline it is the type's first.
func NewTotals(c *schema.Catalog, typ string, p Params, m expr.Moment, linked Plans) (Scope, error) {
	if pipelines := c.Pipelines(typ); p.Pipeline == "" && len(pipelines) > 0 {
		p.Pipeline = pipelines[0].Code
	}
	s, err := NewScope(c, typ, p, m, linked)
	if err == nil && s.Pipeline == nil {
		err = fault.New(fault.NotFound, "query.no_board", fault.Args{"type": typ})
	}
	return s, err
}

// Get asks for one record.
type Get struct {
	Catalog *schema.Catalog
	Type    *schema.Type
	ID      int64
	Fields  []*schema.Field
	Linked  Plans
	// May are the reader's plans for other operations with the type: the answer then says what he may do with the record. nil: it
	// doesn't.
	May func(op access.Op) access.Plan
}

// Acts are the operations a record says of whether its reader may do them.
var Acts = []access.Op{access.Edit, access.Move, access.Assign, access.Delete}

// NewGet checks what is asked of one record; without fields it is all of them.
func NewGet(c *schema.Catalog, typ string, id int64, fields string, linked Plans) (Get, error) {
	g := Get{Catalog: c, Type: c.Type(typ), ID: id, Linked: linked}
	if g.Type == nil {
		return g, fault.New(fault.NotFound, "query.unknown_type", fault.Args{"type": typ})
	}
	var err error
	g.Fields, err = ParseFields(g.Type, fields)
	return g, err
}
