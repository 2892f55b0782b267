package record

import (
	"context"
	"encoding/json"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// Type is a record type with its fields, system ones first.
type Type struct {
	Code     string   `json:"code"`
	TitleRU  string   `json:"title_ru"`
	TitleEN  string   `json:"title_en"`
	PluralRU string   `json:"plural_ru"`
	PluralEN string   `json:"plural_en"`
	Builtin  bool     `json:"builtin"`
	Staged   bool     `json:"staged" doc:"has pipelines and an amount"`
	Fields   []Field  `json:"fields" doc:"without those hidden from the person"`
	Can      []string `json:"can" doc:"what the person may do with at least some of the records: see, create, edit, move, delete, assign, export, import, settings"`
	Removed  []Field  `json:"removed,omitempty" doc:"removed fields that can be brought back; for administrators"`
}

// Field is a field of a type.
type Field struct {
	Code     string          `json:"code"`
	Kind     string          `json:"kind"`
	TitleRU  string          `json:"title_ru"`
	TitleEN  string          `json:"title_en"`
	Required bool            `json:"required,omitempty"`
	Unique   bool            `json:"unique,omitempty"`
	Personal bool            `json:"personal,omitempty"`
	Indexed  bool            `json:"indexed,omitempty"`
	Indexing bool            `json:"indexing,omitempty" doc:"the index is being built"`
	Builtin  bool            `json:"builtin,omitempty"`
	System   bool            `json:"system,omitempty"`
	ReadOnly bool            `json:"read_only,omitempty" doc:"fills itself, or the person may not change it"`
	Scale    int             `json:"scale,omitempty"`
	LinkType string          `json:"link_type,omitempty"`
	Default  json.RawMessage `json:"default,omitempty"`
	Values   []Value         `json:"values,omitempty"`
}

// Value is a list value.
type Value struct {
	Code    string `json:"code"`
	TitleRU string `json:"title_ru"`
	TitleEN string `json:"title_en"`
	Color   int64  `json:"color,omitempty"`
}

func typeOf(t *schema.Type, who access.Who) Type {
	out := Type{
		Code: t.Code, TitleRU: t.TitleRU, TitleEN: t.TitleEN, PluralRU: t.PluralRU, PluralEN: t.PluralEN, Builtin: t.Builtin, Staged: t.Staged,
		Fields: []Field{}, Can: []string{},
	}
	for _, op := range access.Ops {
		if who.May(t.Code, op) {
			out.Can = append(out.Can, string(op))
		}
	}
	for _, f := range t.System {
		out.Fields = append(out.Fields, fieldOf(f))
	}
	for _, f := range t.Fields {
		out.Fields = append(out.Fields, fieldOf(f))
	}
	if who.IsAdmin() || who.Runs(access.Types) {
		for _, f := range t.Removed {
			out.Removed = append(out.Removed, fieldOf(f))
		}
	}
	return out
}

func fieldOf(f *schema.Field) Field {
	out := Field{
		Code: f.Code, Kind: string(f.Kind), TitleRU: f.TitleRU, TitleEN: f.TitleEN, Required: f.Required, Unique: f.Unique, Personal: f.Personal,
		Indexed: f.Indexed, Indexing: f.Indexing, Builtin: f.Builtin, System: f.System, ReadOnly: f.ReadOnly, Scale: f.Scale, LinkType: f.LinkType,
	}
	if f.Default != "" {
		out.Default = json.RawMessage(f.Default)
	}
	for _, v := range f.Values {
		out.Values = append(out.Values, Value{Code: v.Code, TitleRU: v.TitleRU, TitleEN: v.TitleEN, Color: v.Color})
	}
	return out
}

// TypePath names a type in the path.
type TypePath struct {
	Type string `path:"type" maxLength:"40"`
}

type newType struct {
	Body struct {
		Code     string `json:"code" maxLength:"40"`
		TitleRU  string `json:"title_ru,omitempty"`
		TitleEN  string `json:"title_en,omitempty"`
		PluralRU string `json:"plural_ru,omitempty"`
		PluralEN string `json:"plural_en,omitempty"`
		Staged   bool   `json:"staged,omitempty"`
	}
}

type typePatch struct {
	TypePath
	Body struct {
		TitleRU  *string `json:"title_ru,omitempty"`
		TitleEN  *string `json:"title_en,omitempty"`
		PluralRU *string `json:"plural_ru,omitempty"`
		PluralEN *string `json:"plural_en,omitempty"`
		Sort     *int64  `json:"sort,omitempty"`
	}
}

// Removal tells what a removal took along.
type Removal struct {
	Records int64 `json:"records"`
}

func (h *Handlers) typeRoutes(r *httpapi.Router) {
	tags := []string{"types"}
	httpapi.Handle(r, httpapi.Op{Method: http.MethodGet, Path: "/api/types", Summary: "Record types with their fields", Access: httpapi.SignedIn, Tags: tags}, h.types)
	httpapi.Handle(r, httpapi.Op{Method: http.MethodPost, Path: "/api/types", Summary: "Make a type", Access: httpapi.Area(access.Types), Tags: tags}, h.addType)
	httpapi.Handle(r, httpapi.Op{Method: http.MethodPatch, Path: "/api/types/{type}", Summary: "Rename or reorder a type", Access: httpapi.Area(access.Types), Tags: tags}, h.changeType)
	httpapi.Handle(r, httpapi.Op{Method: http.MethodDelete, Path: "/api/types/{type}", Summary: "Remove a type with its records, for 30 days revocably", Access: httpapi.Area(access.Types), Tags: tags},
		func(ctx context.Context, in *TypePath) (*httpapi.Body[Removal], error) {
			n, err := h.Schema.RemoveType(ctx, httpapi.Who(ctx), in.Type)
			return httpapi.OK(Removal{Records: n}), err
		})
	httpapi.Handle(r, httpapi.Op{Method: http.MethodPost, Path: "/api/types/{type}/restoration", Summary: "Bring a removed type back", Status: http.StatusOK, Access: httpapi.Area(access.Types), Tags: tags},
		func(ctx context.Context, in *TypePath) (*httpapi.Body[Type], error) {
			if err := h.Schema.RestoreType(ctx, httpapi.Who(ctx), in.Type); err != nil {
				return nil, err
			}
			return h.oneType(ctx, in.Type)
		})
}

func (h *Handlers) types(ctx context.Context, _ *httpapi.Empty) (*httpapi.Body[httpapi.List[Type]], error) {
	cat, err := h.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	who := httpapi.Who(ctx)
	var out []Type
	for _, t := range cat.For(who).Types {
		// A type of which somebody may see nothing and make nothing isn't there for him, unless he looks after types.
		if who.May(t.Code, access.See) || who.May(t.Code, access.Create) || who.Runs(access.Types) {
			out = append(out, typeOf(t, who))
		}
	}
	return httpapi.ListOf(out, ""), nil
}

// oneType answers with a type as it is after a change.
func (h *Handlers) oneType(ctx context.Context, code string) (*httpapi.Body[Type], error) {
	cat, err := h.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	t := cat.For(httpapi.Who(ctx)).Type(code)
	if t == nil {
		return nil, fault.New(fault.NotFound, "record.no_such_type", fault.Args{"type": code})
	}
	return httpapi.OK(typeOf(t, httpapi.Who(ctx))), nil
}

func (h *Handlers) addType(ctx context.Context, in *newType) (*httpapi.Body[Type], error) {
	b := in.Body
	spec := schema.TypeSpec{Code: b.Code, Title: schema.Titles{RU: b.TitleRU, EN: b.TitleEN}, Plural: schema.Titles{RU: b.PluralRU, EN: b.PluralEN}, Staged: b.Staged}
	if err := h.Schema.AddType(ctx, httpapi.Who(ctx), spec); err != nil {
		return nil, err
	}
	return h.oneType(ctx, b.Code)
}

func (h *Handlers) changeType(ctx context.Context, in *typePatch) (*httpapi.Body[Type], error) {
	cat, err := h.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	p := schema.TypePatch{Sort: in.Body.Sort}
	if t := cat.Type(in.Type); t != nil {
		p.Title = titles(in.Body.TitleRU, in.Body.TitleEN, t.TitleRU, t.TitleEN)
		p.Plural = titles(in.Body.PluralRU, in.Body.PluralEN, t.PluralRU, t.PluralEN)
	}
	if err := h.Schema.ChangeType(ctx, httpapi.Who(ctx), in.Type, p); err != nil {
		return nil, err
	}
	return h.oneType(ctx, in.Type)
}

// titles are new titles; the language that isn't given stays.
func titles(ru, en *string, nowRU, nowEN string) *schema.Titles {
	if ru == nil && en == nil {
		return nil
	}
	t := schema.Titles{RU: nowRU, EN: nowEN}
	if ru != nil {
		t.RU = *ru
	}
	if en != nil {
		t.EN = *en
	}
	return &t
}
