package routing

import (
	"voronka/internal/expr"
	"voronka/internal/record/schema"
)

// Choice is a value a fact may have, by its code.
type Choice struct{ Code, TitleRU, TitleEN string }

// Ask is a fact rules may look at, for builders of conditions.
type Ask struct {
	Path             []string
	Group            string // request, record, lead, deal, client, contact, company
	TitleRU, TitleEN string
	Kind             expr.Kind
	Many             bool
	LinkType         string
	Field            *schema.Field // nil when it is no field of a record
	Choices          []Choice
}

// skipped are system fields rules have no use for.
var skipped = map[string]bool{"version": true, "next_id": true, "lost_reason": true, "closed_at": true}

// Asks are all facts with a fixed name, in the order they are shown; request.field.* and request.number.* can be anything.
func Asks(c *schema.Catalog) []Ask {
	var list []Ask
	for _, f := range requestFacts {
		list = append(list, Ask{Path: []string{"request", f.code}, Group: "request", TitleRU: f.ru, TitleEN: f.en, Kind: f.kind, Many: f.many})
	}
	list = append(list, Ask{Path: []string{"record", recordType}, Group: "record", TitleRU: "Лид или сделка", TitleEN: "Lead or deal", Kind: expr.Text, Choices: typeChoices(c)})
	union, _ := Scheme(c).Linked(ofRecord)
	for _, code := range Types {
		typ := c.Type(code)
		if typ == nil {
			continue
		}
		for _, f := range asked(typ) {
			path, group := []string{"record", f.Code}, "record"
			if _, both := union.Field(f.Code); !both {
				path, group = []string{code, f.Code}, code
			} else if code != Types[0] && c.Type(Types[0]) != nil && c.Type(Types[0]).Field(f.Code) != nil {
				continue // shown with the leads already
			}
			list = append(list, askOf(c, union, f, path, group))
		}
	}
	for _, f := range clientFacts {
		list = append(list, Ask{Path: []string{"client", f.code}, Group: "client", TitleRU: f.ru, TitleEN: f.en, Kind: f.kind, LinkType: f.link, Choices: clientChoices(c, f.code)})
	}
	for _, code := range []string{"contact", "company"} {
		if typ := c.Type(code); typ != nil {
			for _, f := range asked(typ) {
				list = append(list, askOf(c, c.ExprSchema(code), f, []string{"client", code, f.Code}, code))
			}
		}
	}
	return list
}

func asked(typ *schema.Type) []*schema.Field {
	var list []*schema.Field
	for _, f := range append(append([]*schema.Field{}, typ.System...), typ.Fields...) {
		if !skipped[f.Code] {
			list = append(list, f)
		}
	}
	return list
}

func askOf(c *schema.Catalog, scheme expr.Schema, f *schema.Field, path []string, group string) Ask {
	a := Ask{Path: path, Group: group, TitleRU: f.TitleRU, TitleEN: f.TitleEN, Kind: f.Kind.Expr(), Many: f.Kind.Many(), LinkType: f.LinkType, Field: f}
	for _, v := range f.Values {
		a.Choices = append(a.Choices, Choice{v.Code, v.TitleRU, v.TitleEN})
	}
	if f.Kind == schema.PipelineKind || f.Kind == schema.StageKind {
		seen := map[string]bool{}
		for _, typ := range Types {
			for _, p := range c.Pipelines(typ) {
				if f.Kind == schema.PipelineKind && !seen[p.Code] {
					seen[p.Code] = true
					a.Choices = append(a.Choices, Choice{p.Code, p.TitleRU, p.TitleEN})
				}
				for _, stage := range p.Stages {
					if f.Kind == schema.StageKind && !seen[stage.Code] {
						seen[stage.Code] = true
						a.Choices = append(a.Choices, Choice{stage.Code, stage.TitleRU, stage.TitleEN})
					}
				}
			}
		}
	}
	return a
}

func typeChoices(c *schema.Catalog) (list []Choice) {
	for _, code := range Types {
		if typ := c.Type(code); typ != nil {
			list = append(list, Choice{code, typ.TitleRU, typ.TitleEN})
		}
	}
	return list
}

func clientChoices(c *schema.Catalog, code string) (list []Choice) {
	if code != "type" {
		return nil
	}
	for _, code := range []string{"contact", "company", "lead"} {
		if typ := c.Type(code); typ != nil {
			list = append(list, Choice{code, typ.TitleRU, typ.TitleEN})
		}
	}
	return list
}
