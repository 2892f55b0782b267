package record

import (
	"context"
	"encoding/json"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// FieldPath names a field in the path.
type FieldPath struct {
	TypePath
	Field string `path:"field" maxLength:"40"`
}

type newField struct {
	TypePath
	Body struct {
		Code     string          `json:"code" maxLength:"40"`
		Kind     string          `json:"kind" maxLength:"20"`
		TitleRU  string          `json:"title_ru,omitempty"`
		TitleEN  string          `json:"title_en,omitempty"`
		Required bool            `json:"required,omitempty"`
		Unique   bool            `json:"unique,omitempty"`
		Personal bool            `json:"personal,omitempty"`
		Indexed  bool            `json:"indexed,omitempty"`
		Scale    int             `json:"scale,omitempty"`
		LinkType string          `json:"link_type,omitempty" maxLength:"40"`
		Default  json.RawMessage `json:"default,omitempty"`
		Values   []newValueBody  `json:"values,omitempty" maxItems:"1000"`
	}
}

type fieldPatch struct {
	FieldPath
	Body struct {
		TitleRU  *string          `json:"title_ru,omitempty"`
		TitleEN  *string          `json:"title_en,omitempty"`
		Required *bool            `json:"required,omitempty"`
		Unique   *bool            `json:"unique,omitempty"`
		Personal *bool            `json:"personal,omitempty"`
		Indexed  *bool            `json:"indexed,omitempty"`
		Default  *json.RawMessage `json:"default,omitempty"`
		Sort     *int64           `json:"sort,omitempty"`
	}
}

func (h *Handlers) fieldRoutes(r *httpapi.Router) {
	const all, one = "/api/types/{type}/fields", "/api/types/{type}/fields/{field}"
	tags := []string{"types"}
	httpapi.Handle(r, httpapi.Op{Method: http.MethodPost, Path: all, Summary: "Add a field", Access: httpapi.Area(access.Types), Tags: tags}, h.addField)
	httpapi.Handle(r, httpapi.Op{Method: http.MethodPatch, Path: one, Summary: "Change a field", Access: httpapi.Area(access.Types), Tags: tags}, h.changeField)
	httpapi.Handle(r, httpapi.Op{Method: http.MethodDelete, Path: one, Summary: "Remove a field with its values, for 30 days revocably", Access: httpapi.Area(access.Types), Tags: tags, Status: http.StatusOK},
		func(ctx context.Context, in *FieldPath) (*httpapi.Body[Type], error) {
			if err := h.Schema.RemoveField(ctx, httpapi.Who(ctx), in.Type, in.Field); err != nil {
				return nil, err
			}
			return h.oneType(ctx, in.Type)
		})
	httpapi.Handle(r, httpapi.Op{Method: http.MethodPost, Path: one + "/restoration", Summary: "Bring a removed field back", Access: httpapi.Area(access.Types), Tags: tags, Status: http.StatusOK},
		func(ctx context.Context, in *FieldPath) (*httpapi.Body[Type], error) {
			if err := h.Schema.RestoreField(ctx, httpapi.Who(ctx), in.Type, in.Field); err != nil {
				return nil, err
			}
			return h.oneType(ctx, in.Type)
		})
}

func (h *Handlers) addField(ctx context.Context, in *newField) (*httpapi.Body[Type], error) {
	b := in.Body
	spec := schema.FieldSpec{
		Code: b.Code, Kind: schema.Kind(b.Kind), Title: schema.Titles{RU: b.TitleRU, EN: b.TitleEN}, Required: b.Required, Unique: b.Unique,
		Personal: b.Personal, Indexed: b.Indexed, Scale: b.Scale, LinkType: b.LinkType, Default: b.Default,
	}
	for _, v := range b.Values {
		spec.Values = append(spec.Values, v.spec())
	}
	if err := h.Schema.AddField(ctx, httpapi.Who(ctx), in.Type, spec); err != nil {
		return nil, err
	}
	return h.oneType(ctx, in.Type)
}

func (h *Handlers) changeField(ctx context.Context, in *fieldPatch) (*httpapi.Body[Type], error) {
	cat, err := h.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	b := in.Body
	p := schema.FieldPatch{Required: b.Required, Unique: b.Unique, Personal: b.Personal, Indexed: b.Indexed, Default: b.Default, Sort: b.Sort}
	if t := cat.Type(in.Type); t != nil {
		if f := t.Field(in.Field); f != nil {
			p.Title = titles(b.TitleRU, b.TitleEN, f.TitleRU, f.TitleEN)
		}
	}
	if err := h.Schema.ChangeField(ctx, httpapi.Who(ctx), in.Type, in.Field, p); err != nil {
		return nil, err
	}
	return h.oneType(ctx, in.Type)
}
