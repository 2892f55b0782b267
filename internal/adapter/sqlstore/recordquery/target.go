package recordquery

import (
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/expr"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// Target tells the language of conditions where values lie. What lies behind a link is reached only as far as the
// reader's plans go: a record he may not see counts as missing.
type Target struct {
	Catalog *schema.Catalog
	Linked  query.Plans
}

var _ expr.Target = Target{}

// Table implements expr.Target.
func (t Target) Table(recordType string) (string, bool) {
	typ := t.Catalog.Type(recordType)
	if typ == nil {
		return "", false
	}
	plan := t.Linked.Of(recordType)
	if plan.Everything() {
		return typ.Table(), true
	}
	return "(SELECT r.* FROM " + typ.Table() + " r WHERE " + literal(typ, plan) + ")", true
}

// Column implements expr.Target.
func (t Target) Column(s expr.Step, _ expr.Use) (expr.Column, bool) {
	typ := t.Catalog.Type(s.Type)
	if typ == nil {
		return expr.Column{}, false
	}
	f := typ.Field(s.Field.Code)
	if f == nil || f.Kind.Side() != schema.InColumns {
		return expr.Column{}, false
	}
	switch {
	case f.System && f.Kind == schema.LongText: // next_title is '' where there is no next step, its key is null
		return expr.Column{Name: f.SortColumn()}, true
	case f.Keyed():
		return expr.Column{Name: f.SortColumn(), Presence: f.Col}, true
	case f.Kind == schema.Money:
		return expr.Column{Name: f.SortColumn(), Zero: !nullable(typ, f), Presence: f.Col}, true
	}
	return expr.Column{Name: f.Col, Zero: zeroIsMissing(f)}, true
}

// Side implements expr.Target.
func (t Target) Side(s expr.Step) (expr.Side, bool) {
	typ := t.Catalog.Type(s.Type)
	if typ == nil {
		return expr.Side{}, false
	}
	f := typ.Field(s.Field.Code)
	if f == nil {
		return expr.Side{}, false
	}
	out := expr.Side{Owner: "record_id", Where: "type_id = ? AND field_id = ?", Args: []any{typ.ID, f.ID}}
	switch f.Kind.Side() {
	case schema.InLink:
		out.Table, out.Owner, out.Value, out.Where = "link", "from_id", "to_id", "from_type = ? AND field_id = ?"
	case schema.InPhone:
		out.Table, out.Value = "phone", "normalised"
	case schema.InEmail:
		out.Table, out.Value = "email", "normalised"
	case schema.InChoice:
		out.Table, out.Value = "choice", "value_id"
	case schema.InAttachment:
		out.Table, out.Value = "attachment", "file_id"
	case schema.InObserver:
		out.Table, out.Value, out.Where, out.Args = "observer", "user_id", "type_id = ?", []any{typ.ID}
	default:
		return expr.Side{}, false
	}
	return out, true
}

// condition compiles the filter of a scope. free tells that it pins a column which has an index of its own.
func condition(d db.Dialect, s *query.Scope) (where expr.Fragment, free bool, err error) {
	if s.Filter == nil {
		return expr.Fragment{}, false, nil
	}
	dialect := expr.SQLite
	if d == db.Postgres {
		dialect = expr.Postgres
	}
	where, err = expr.SQL(s.Filter, Target{s.Catalog, s.Linked}, expr.Query{Dialect: dialect, Alias: "r", Moment: s.Moment})
	if err != nil {
		if wrong, ok := err.(*expr.Error); ok { //nolint:errorlint // SQL wraps nothing
			err = wrong.Fault("filter")
		}
		return where, false, err
	}
	for i, arg := range where.Args {
		switch v := arg.(type) {
		case []int64:
			where.Args[i] = intArray(v, '{', '}')
		case []string:
			where.Args[i] = textArray(v)
		}
	}
	for _, term := range expr.Terms(s.Filter, s.Moment) {
		if f := s.Type.Field(term.Path.Name); f != nil && pins(f) {
			free = true
		}
	}
	return where, free, nil
}

// pins tells fields whose one value leaves few records: indexed ones, without those every walk is about.
func pins(f *schema.Field) bool {
	switch f.Kind {
	case schema.StageKind, schema.PipelineKind, schema.DepartmentKind, schema.Bool, schema.List, schema.LostReasonKind:
		return false
	}
	return f.Indexed || f.Unique || f.Code == "id"
}

// textArray writes texts as a PostgreSQL array.
func textArray(texts []string) string {
	var b strings.Builder
	b.WriteByte('{')
	for i, t := range texts {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('"')
		b.WriteString(strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(t))
		b.WriteByte('"')
	}
	b.WriteByte('}')
	return b.String()
}
