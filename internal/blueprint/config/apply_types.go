package config

import (
	"encoding/json"
	"slices"

	"voronka/internal/flow/pipeline"
	"voronka/internal/flow/stage"
	"voronka/internal/kernel/fault"
	"voronka/internal/record/schema"
)

func titles(x Text) schema.Titles       { return schema.Titles{RU: x.RU, EN: x.EN} }
func lineTitles(x Text) pipeline.Titles { return pipeline.Titles{RU: x.RU, EN: x.EN} }

// types makes or changes the record types, then what is in them: links may lead to types further down.
func (a *applying) types() error {
	for _, x := range a.doc.Types {
		if err := a.typ(x); err != nil {
			return at(err, "type", x.Code)
		}
	}
	if err := a.look(); err != nil {
		return err
	}
	for _, x := range a.doc.Types {
		for _, f := range x.Fields {
			if err := a.field(x.Code, f); err != nil {
				return at(err, "type", x.Code, "field", f.Code)
			}
		}
		if len(x.Pipelines) > 0 {
			if err := a.pipelines(x); err != nil {
				return at(err, "type", x.Code)
			}
		}
		if len(x.Reasons) > 0 {
			if err := a.reasons(x); err != nil {
				return at(err, "type", x.Code, "lost_reasons")
			}
		}
	}
	return a.look()
}

func (a *applying) typ(x Type) error {
	there := a.catalog.Type(x.Code)
	if there == nil {
		return a.Types.AddType(a.ctx, a.who, schema.TypeSpec{Code: x.Code, Title: titles(x.Title), Plural: titles(x.Plural), Staged: x.Staged})
	}
	if x.Title.IsZero() {
		return nil
	}
	if there.TitleRU == x.Title.RU && there.TitleEN == x.Title.EN && there.PluralRU == x.Plural.RU && there.PluralEN == x.Plural.EN {
		return nil
	}
	title, plural := titles(x.Title), titles(x.Plural)
	if x.Plural.IsZero() {
		plural = title
	}
	return a.Types.ChangeType(a.ctx, a.who, x.Code, schema.TypePatch{Title: &title, Plural: &plural})
}

func (a *applying) field(typeCode string, x Field) error {
	typ := a.catalog.Type(typeCode)
	var byDefault json.RawMessage
	if x.Default != nil {
		var err error
		if byDefault, err = json.Marshal(x.Default); err != nil {
			return err
		}
	}
	there := typ.Field(x.Code)
	if there == nil {
		spec := schema.FieldSpec{
			Code: x.Code, Kind: schema.Kind(x.Kind), Title: titles(x.Title), Required: x.Required, Unique: x.Unique, Personal: x.Personal,
			Indexed: x.Indexed, Scale: x.Scale, LinkType: x.Link, Default: byDefault,
		}
		for _, v := range x.Values {
			spec.Values = append(spec.Values, schema.ValueSpec{Code: v.Code, Title: titles(v.Title), Color: v.Color})
		}
		return a.Types.AddField(a.ctx, a.who, typeCode, spec)
	}
	if x.Kind != "" && x.Kind != string(there.Kind) {
		return fault.In("kind", "blueprint.other_kind", fault.Args{"kind": string(there.Kind)})
	}
	if now, err := field(there); err != nil {
		return err
	} else if !sameField(now, x) {
		title := titles(x.Title)
		if x.Title.IsZero() {
			title = schema.Titles{RU: there.TitleRU, EN: there.TitleEN}
		}
		patch := schema.FieldPatch{Title: &title, Required: &x.Required, Personal: &x.Personal, Default: &byDefault}
		if x.Unique != there.Unique {
			patch.Unique = &x.Unique
		}
		if x.Indexed && !there.Indexed && !there.Indexing {
			patch.Indexed = &x.Indexed
		}
		if err := a.Types.ChangeField(a.ctx, a.who, typeCode, x.Code, patch); err != nil {
			return err
		}
	}
	if len(x.Values) == 0 {
		return nil
	}
	return a.values(typeCode, there, x.Values)
}

// sameField tells whether two fields are the same but for their values.
func sameField(a, b Field) bool {
	x, _ := json.Marshal(a.Default) // read from JSON or YAML: no kinds that can't be written
	y, _ := json.Marshal(b.Default)
	return a.Title == b.Title && a.Required == b.Required && a.Unique == b.Unique && a.Personal == b.Personal && a.Indexed == b.Indexed && string(x) == string(y)
}

func (a *applying) values(typeCode string, f *schema.Field, wanted []Value) error {
	for i, v := range wanted {
		sort := int64(i+1) * 10
		title := titles(v.Title)
		switch there := f.Value(v.Code); {
		case there == nil:
			if err := a.Types.AddValue(a.ctx, a.who, typeCode, f.Code, schema.ValueSpec{Code: v.Code, Title: title, Color: v.Color}); err != nil {
				return at(err, "value", v.Code)
			}
		case there.TitleRU == v.Title.RU && there.TitleEN == v.Title.EN && there.Color == v.Color && there.Sort == sort:
			continue
		}
		if err := a.Types.ChangeValue(a.ctx, a.who, typeCode, f.Code, v.Code, schema.ValuePatch{Title: &title, Color: &v.Color, Sort: &sort}); err != nil {
			return at(err, "value", v.Code)
		}
	}
	for _, v := range f.Values {
		if !slices.ContainsFunc(wanted, func(w Value) bool { return w.Code == v.Code }) {
			if err := a.Types.RemoveValue(a.ctx, a.who, typeCode, f.Code, v.Code, ""); err != nil {
				return at(err, "value", v.Code)
			}
		}
	}
	return nil
}

func (a *applying) pipelines(x Type) error {
	for _, p := range x.Pipelines {
		if err := a.pipeline(x.Code, p); err != nil {
			return at(err, "pipeline", p.Code)
		}
	}
	if err := a.look(); err != nil {
		return err
	}
	for _, p := range slices.Clone(a.catalog.Pipelines(x.Code)) {
		if slices.ContainsFunc(x.Pipelines, func(w Pipeline) bool { return w.Code == p.Code }) {
			continue
		}
		if _, err := a.Stages.RemovePipeline(a.ctx, a.who, p.ID, 0); err != nil {
			return at(err, "pipeline", p.Code)
		}
	}
	if err := a.look(); err != nil {
		return err
	}
	return a.order(x)
}

// order puts the pipelines of a type into the document's order.
func (a *applying) order(x Type) error {
	now := a.catalog.Pipelines(x.Code)
	if slices.EqualFunc(now, x.Pipelines, func(p *schema.Pipeline, w Pipeline) bool { return p.Code == w.Code }) {
		return nil
	}
	last := int64(0)
	for _, w := range x.Pipelines {
		if err := a.Pipelines.Change(a.ctx, a.who, a.catalog.Pipeline(x.Code, w.Code).ID, pipeline.Patch{Before: &last}); err != nil {
			return err
		}
	}
	return a.look()
}

func (a *applying) stageDraft(x Stage) pipeline.StageDraft {
	lang := a.lang()
	return pipeline.StageDraft{
		Code: x.Code, Titles: lineTitles(x.Title), Kind: x.Kind, Color: x.Color, LimitSeconds: int64(x.Limit) / 1e9,
		Goal: x.Goal.In(lang), BusinessRole: x.Role.In(lang), Task: x.Task.In(lang), Product: x.Product.In(lang), Instruction: x.Instruction.In(lang),
	}
}

func (a *applying) pipeline(typeCode string, x Pipeline) error {
	there := a.catalog.Pipeline(typeCode, x.Code)
	if there == nil {
		typ := a.catalog.Type(typeCode)
		if typ == nil || !typ.Staged {
			return fault.In("type", "pipeline.type_has_none")
		}
		taken, err := a.Pipelines.Store.PipelineCodes(a.t, typ.ID)
		if err != nil {
			return err
		}
		if err := free(x.Code, taken); err != nil {
			return err
		}
		draft := pipeline.Draft{Type: typeCode, Code: x.Code, Titles: lineTitles(x.Title)}
		for _, s := range x.Stages {
			draft.Stages = append(draft.Stages, a.stageDraft(s))
		}
		_, err = a.Pipelines.CreateIn(a.t, draft)
		return err
	}
	if there.TitleRU != x.Title.RU || there.TitleEN != x.Title.EN {
		if err := a.Pipelines.Change(a.ctx, a.who, there.ID, pipeline.Patch{TitleRU: &x.Title.RU, TitleEN: &x.Title.EN}); err != nil {
			return err
		}
	}
	if len(x.Stages) == 0 {
		return nil
	}
	return a.stages(there, typeCode, x)
}

// free refuses the code of something that was removed: a new one would get another code, and one more each time.
func free(code string, taken map[string]bool) error {
	if taken[code] {
		return fault.In("code", "blueprint.code_of_removed", fault.Args{"code": code})
	}
	return nil
}

func (a *applying) stages(p *schema.Pipeline, typeCode string, x Pipeline) error {
	taken, err := a.Stages.Store.StageCodes(a.t, p.ID)
	if err != nil {
		return err
	}
	for _, s := range x.Stages {
		there := p.Stage(s.Code)
		if there == nil {
			if err := free(s.Code, taken); err != nil {
				return at(err, "stage", s.Code)
			}
			if _, err := a.Stages.Create(a.ctx, a.who, p.ID, a.stageDraft(s), 0); err != nil {
				return at(err, "stage", s.Code)
			}
			continue
		}
		if err := a.stage(there, a.stageDraft(s)); err != nil {
			return at(err, "stage", s.Code)
		}
	}
	for _, s := range p.Stages {
		if slices.ContainsFunc(x.Stages, func(w Stage) bool { return w.Code == s.Code }) {
			continue
		}
		if _, err := a.Stages.Remove(a.ctx, a.who, s.ID, 0); err != nil {
			return at(err, "stage", s.Code)
		}
	}
	if err := a.look(); err != nil {
		return err
	}
	p = a.catalog.Pipeline(typeCode, x.Code)
	var order []int64
	for _, w := range x.Stages {
		order = append(order, p.Stage(w.Code).ID)
	}
	if slices.EqualFunc(p.Stages, order, func(s *schema.Stage, id int64) bool { return s.ID == id }) {
		return nil
	}
	return a.Stages.Reorder(a.ctx, a.who, p.ID, order)
}

func (a *applying) stage(there *schema.Stage, d pipeline.StageDraft) error {
	patch := stage.Patch{
		TitleRU: &d.Titles.RU, TitleEN: &d.Titles.EN, LimitSeconds: &d.LimitSeconds, Goal: &d.Goal, BusinessRole: &d.BusinessRole, Task: &d.Task,
		Product: &d.Product, Instruction: &d.Instruction,
	}
	if d.Kind == "" {
		d.Kind = schema.Open
	}
	if d.Kind != there.Kind {
		patch.Kind = &d.Kind
	}
	if d.Color != 0 {
		patch.Color = &d.Color
	}
	after := *there
	after.TitleRU, after.TitleEN, after.Kind, after.LimitSeconds = d.Titles.RU, d.Titles.EN, d.Kind, d.LimitSeconds
	after.Goal, after.BusinessRole, after.Task, after.Product, after.Instruction = d.Goal, d.BusinessRole, d.Task, d.Product, d.Instruction
	if d.Color != 0 {
		after.Color = d.Color
	}
	if after == *there {
		return nil
	}
	return a.Stages.Change(a.ctx, a.who, there.ID, patch)
}

func (a *applying) reasons(x Type) error {
	typ := a.catalog.Type(x.Code)
	taken, err := a.Pipelines.Store.ReasonCodes(a.t, typ.ID)
	if err != nil {
		return err
	}
	for i, w := range x.Reasons {
		sort := int64(i+1) * 10
		there := reason(a.catalog, x.Code, w.Code)
		var id int64
		switch {
		case there == nil:
			if err := free(w.Code, taken); err != nil {
				return at(err, w.Code)
			}
			if id, err = a.Pipelines.CreateReason(a.ctx, a.who, x.Code, w.Code, lineTitles(w.Title)); err != nil {
				return at(err, w.Code)
			}
		case there.TitleRU == w.Title.RU && there.TitleEN == w.Title.EN && there.Sort == sort:
			continue
		default:
			id = there.ID
		}
		if err := a.Pipelines.ChangeReason(a.ctx, a.who, id, pipeline.ReasonPatch{TitleRU: &w.Title.RU, TitleEN: &w.Title.EN, Sort: &sort}); err != nil {
			return at(err, w.Code)
		}
	}
	for _, r := range a.catalog.LostReasons(x.Code) {
		if !slices.ContainsFunc(x.Reasons, func(w Reason) bool { return w.Code == r.Code }) {
			if err := a.Pipelines.RemoveReason(a.ctx, a.who, r.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func reason(c *schema.Catalog, typeCode, code string) *schema.LostReason {
	for _, r := range c.LostReasons(typeCode) {
		if r.Code == code {
			return r
		}
	}
	return nil
}
