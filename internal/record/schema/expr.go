package schema

import (
	"strconv"
	"strings"

	"voronka/internal/expr"
	"voronka/internal/kernel/money"
)

// exprType is a record type as the language of conditions sees it. FieldInfo.Slot is Field.Slot.
type exprType struct {
	catalog *Catalog
	typ     *Type
	infos   map[string]expr.FieldInfo
	names   []string
}

// ExprSchema is the fields of a record type for conditions; nil when there is no such type.
func (c *Catalog) ExprSchema(typeCode string) expr.Schema {
	if x := c.expr[typeCode]; x != nil {
		return x
	}
	return nil
}

func newExprType(c *Catalog, t *Type) *exprType {
	x := &exprType{catalog: c, typ: t, infos: map[string]expr.FieldInfo{}}
	for _, list := range [][]*Field{t.System, t.Fields} {
		for _, f := range list {
			x.infos[f.Code] = expr.FieldInfo{
				Code: f.Code, Kind: f.Kind.Expr(), Many: f.Kind.Many(), Scale: c.scale(f), LinkType: f.LinkType, Slot: f.Slot, Fold: fold(f.Kind),
			}
			x.names = append(x.names, f.Code)
		}
	}
	return x
}

func (c *Catalog) scale(f *Field) int {
	if f.Kind == Money {
		return money.Exponent(c.Portal.Currency)
	}
	return f.Scale
}

// Fold is how what a person types is brought to the form values of a kind are matched in; nil is the usual text key.
func Fold(k Kind) func(string) string { return fold(k) }

// fold is how what a person types is brought to the form a field is matched in; nil is the usual text key.
func fold(k Kind) func(string) string {
	switch k {
	case Phone:
		return phoneDigits
	case Email:
		return foldEmail
	}
	return nil
}

// phoneDigits keeps a leading + and the digits: what part of a number a person may type to find it.
func phoneDigits(s string) string {
	s = strings.TrimSpace(s)
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, s)
}

// Type implements expr.Schema.
func (x *exprType) Type() string { return x.typ.Code }

// Field implements expr.Schema.
func (x *exprType) Field(name string) (expr.FieldInfo, bool) {
	f, ok := x.infos[name]
	return f, ok
}

// Linked implements expr.Schema.
func (x *exprType) Linked(recordType string) (expr.Schema, bool) {
	l, ok := x.catalog.expr[recordType]
	return l, ok
}

// Values implements expr.Schema: ids behind the code of a list value, a stage (of any pipeline of the type), a pipeline,
// a lost reason, and numbers of departments as they are.
func (x *exprType) Values(f expr.FieldInfo, code string) ([]int64, bool) {
	own := x.typ.byCode[f.Code]
	if own == nil {
		return nil, false
	}
	var ids []int64
	switch own.Kind {
	case StageKind:
		for _, p := range x.catalog.pipelines[x.typ.ID] {
			for _, s := range p.Stages {
				if s.Code == code || p.Code+"."+s.Code == code {
					ids = append(ids, s.ID)
				}
			}
		}
	case PipelineKind:
		if p := x.catalog.Pipeline(x.typ.Code, code); p != nil {
			ids = append(ids, p.ID)
		}
	case LostReasonKind:
		if r := x.catalog.LostReason(x.typ.Code, code); r != nil {
			ids = append(ids, r.ID)
		}
	case DepartmentKind:
		if id, err := strconv.ParseInt(code, 10, 64); err == nil {
			ids = append(ids, id)
		}
	default:
		if v := own.valueByCode[code]; v != nil {
			ids = append(ids, v.ID)
		}
	}
	return ids, len(ids) > 0
}

// FieldNames implements expr.Hinter.
func (x *exprType) FieldNames() []string { return x.names }

// ValueCodes implements expr.Hinter.
func (x *exprType) ValueCodes(f expr.FieldInfo) []string {
	own := x.typ.byCode[f.Code]
	if own == nil {
		return nil
	}
	var codes []string
	switch own.Kind {
	case StageKind:
		for _, p := range x.catalog.pipelines[x.typ.ID] {
			for _, s := range p.Stages {
				codes = append(codes, s.Code)
			}
		}
	case PipelineKind:
		for _, p := range x.catalog.pipelines[x.typ.ID] {
			codes = append(codes, p.Code)
		}
	case LostReasonKind:
		for _, r := range x.catalog.reasons[x.typ.ID] {
			codes = append(codes, r.Code)
		}
	default:
		for _, v := range own.Values {
			codes = append(codes, v.Code)
		}
	}
	return codes
}
