package record

import (
	"context"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

type newValueBody struct {
	Code    string `json:"code" maxLength:"40"`
	TitleRU string `json:"title_ru,omitempty"`
	TitleEN string `json:"title_en,omitempty"`
	Color   int64  `json:"color,omitempty" minimum:"0" maximum:"10"`
}

func (b newValueBody) spec() schema.ValueSpec {
	return schema.ValueSpec{Code: b.Code, Title: schema.Titles{RU: b.TitleRU, EN: b.TitleEN}, Color: b.Color}
}

type newValue struct {
	FieldPath
	Body newValueBody
}

// ValuePath names a list value in the path.
type ValuePath struct {
	FieldPath
	Value string `path:"value" maxLength:"40"`
}

type valuePatch struct {
	ValuePath
	Body struct {
		TitleRU *string `json:"title_ru,omitempty"`
		TitleEN *string `json:"title_en,omitempty"`
		Color   *int64  `json:"color,omitempty" minimum:"0" maximum:"10"`
		Sort    *int64  `json:"sort,omitempty"`
	}
}

type valueRemoval struct {
	ValuePath
	MoveTo string `query:"move_to" maxLength:"40" doc:"the value records get instead; without it a value in use is refused with their number"`
}

func (h *Handlers) valueRoutes(r *httpapi.Router) {
	const all, one = "/api/types/{type}/fields/{field}/values", "/api/types/{type}/fields/{field}/values/{value}"
	tags := []string{"types"}
	httpapi.Handle(r, httpapi.Op{Method: http.MethodPost, Path: all, Summary: "Add a list value", Access: httpapi.Area(access.Types), Tags: tags},
		func(ctx context.Context, in *newValue) (*httpapi.Body[Type], error) {
			if err := h.Schema.AddValue(ctx, httpapi.Who(ctx), in.Type, in.Field, in.Body.spec()); err != nil {
				return nil, err
			}
			return h.oneType(ctx, in.Type)
		})
	httpapi.Handle(r, httpapi.Op{Method: http.MethodPatch, Path: one, Summary: "Rename, colour or reorder a list value", Access: httpapi.Area(access.Types), Tags: tags}, h.changeValue)
	httpapi.Handle(r, httpapi.Op{Method: http.MethodDelete, Path: one, Summary: "Remove a list value", Access: httpapi.Area(access.Types), Tags: tags, Status: http.StatusOK},
		func(ctx context.Context, in *valueRemoval) (*httpapi.Body[Type], error) {
			if err := h.Schema.RemoveValue(ctx, httpapi.Who(ctx), in.Type, in.Field, in.Value, in.MoveTo); err != nil {
				return nil, err
			}
			return h.oneType(ctx, in.Type)
		})
}

func (h *Handlers) changeValue(ctx context.Context, in *valuePatch) (*httpapi.Body[Type], error) {
	cat, err := h.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	p := schema.ValuePatch{Color: in.Body.Color, Sort: in.Body.Sort}
	if t := cat.Type(in.Type); t != nil {
		if f := t.Field(in.Field); f != nil && f.Value(in.Value) != nil {
			v := f.Value(in.Value)
			p.Title = titles(in.Body.TitleRU, in.Body.TitleEN, v.TitleRU, v.TitleEN)
		}
	}
	if err := h.Schema.ChangeValue(ctx, httpapi.Who(ctx), in.Type, in.Field, in.Value, p); err != nil {
		return nil, err
	}
	return h.oneType(ctx, in.Type)
}
