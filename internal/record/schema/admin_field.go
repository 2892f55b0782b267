package schema

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// FieldSpec is a field to be added.
type FieldSpec struct {
	Code     string
	Kind     Kind
	Title    Titles
	Required bool
	Unique   bool // implies Indexed
	Personal bool
	Indexed  bool
	Scale    int    // digits after the point of a decimal, 0…9
	LinkType string // of a link, required; of links, "" = any
	Default  json.RawMessage
	Values   []ValueSpec // of a list
}

// AddField adds a field to a type. It is there at once; its index is built by a job.
func (a *Admin) AddField(ctx context.Context, who access.Who, typeCode string, spec FieldSpec) error {
	spec.Title = spec.Title.clean()
	return a.do(ctx, who, func(t tx.Tx, c *Catalog) error {
		typ, err := typeOf(c, typeCode)
		if err != nil {
			return err
		}
		f, err := spec.field(c, typ)
		if err != nil {
			return err
		}
		if f.ID, err = a.Store.AddField(t, typ, f); err != nil {
			return err
		}
		for i, v := range spec.Values {
			if _, err := a.Store.AddValue(t, f.ID, v.value(int64(i+1)*10)); err != nil {
				return err
			}
		}
		if f.Indexing {
			return index(t, f)
		}
		return nil
	})
}

func index(t tx.Tx, f *Field) error {
	return later(t, JobIndex, strconv.FormatInt(f.ID, 10), t.Now(), FieldJob{Type: f.TypeID, Field: f.ID})
}

// field checks the spec and makes the field of it.
func (s FieldSpec) field(c *Catalog, typ *Type) (*Field, error) {
	f := &Field{
		TypeID: typ.ID, Code: s.Code, Kind: s.Kind, TitleRU: s.Title.RU, TitleEN: s.Title.EN, Required: s.Required, Unique: s.Unique,
		Personal: s.Personal, Scale: s.Scale, LinkType: s.LinkType, Sort: int64(len(typ.Fields)+len(typ.Removed)+1) * 10,
	}
	if err := CheckFieldCode("code", s.Code); err != nil {
		return nil, err
	}
	if !s.Kind.Known() {
		return nil, fault.In("kind", "record.unknown_kind", fault.Args{"kind": string(s.Kind)})
	}
	if err := s.Title.check("title"); err != nil {
		return nil, err
	}
	if typ.Field(s.Code) != nil || removedField(typ, s.Code) != nil {
		return nil, fault.In("code", "record.code_taken", fault.Args{"code": s.Code})
	}
	if len(typ.Fields)+len(typ.Removed) >= MaxFields {
		return nil, fault.New(fault.TooLarge, "record.too_many_fields", fault.Args{"max": MaxFields})
	}
	if err := s.checkKind(c); err != nil {
		return nil, err
	}
	if !s.Kind.Many() {
		f.Col = "f_" + s.Code
		f.Indexing = s.Indexed || s.Unique
	}
	if err := s.checkValues(); err != nil {
		return nil, err
	}
	return f, s.setDefault(c, f)
}

func (s FieldSpec) checkKind(c *Catalog) error {
	if s.Unique && !s.Kind.CanBeUnique() {
		return fault.In("unique", "record.cannot_be_unique")
	}
	if s.Indexed && !s.Kind.CanBeIndexed() {
		return fault.In("indexed", "record.cannot_be_indexed")
	}
	if s.Scale < 0 || s.Scale > 9 || s.Scale != 0 && s.Kind != Decimal {
		return fault.In("scale", "record.bad_scale")
	}
	if s.Kind == Link && s.LinkType == "" || s.LinkType != "" && (c.Type(s.LinkType) == nil || s.Kind != Link && s.Kind != Links) {
		return fault.In("link_type", "record.bad_link_type")
	}
	if len(s.Values) > 0 && s.Kind != List && s.Kind != MultiList {
		return fault.In("values", "record.values_only_lists")
	}
	return nil
}

func (s FieldSpec) checkValues() error {
	if len(s.Values) > MaxValues {
		return fault.In("values", "record.too_many_values", fault.Args{"max": MaxValues})
	}
	seen := map[string]bool{}
	for i, v := range s.Values {
		path := "values/" + strconv.Itoa(i)
		if err := v.check(path); err != nil {
			return err
		}
		if seen[v.Code] {
			return fault.In(path+"/code", "record.code_taken", fault.Args{"code": v.Code})
		}
		seen[v.Code] = true
	}
	return nil
}

// setDefault checks the default by reading it as a value would be.
func (s FieldSpec) setDefault(c *Catalog, f *Field) error {
	text := strings.TrimSpace(string(s.Default))
	if text == "" || text == "null" {
		return nil
	}
	var values []Value
	for i, v := range s.Values { // numbers are not known yet, places do
		values = append(values, Value{ID: int64(i + 1), Code: v.Code})
	}
	probe := *f
	probe.setValues(values)
	return probe.checkDefault(c, text, &f.Default)
}

func (f *Field) checkDefault(c *Catalog, text string, out *string) error {
	if f.Kind.Many() && f.Kind != MultiList {
		return fault.In("default", "record.no_default")
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return fault.In("default", "record.bad_default")
	}
	if _, err := c.Parse("default", f, v, c.Portal); err != nil {
		return err
	}
	*out = text
	return nil
}

func removedField(t *Type, code string) *Field {
	for _, f := range t.Removed {
		if f.Code == code {
			return f
		}
	}
	return nil
}

// FieldPatch is what shall change about a field; nil leaves as it is. Code and kind never change.
type FieldPatch struct {
	Title                               *Titles
	Required, Unique, Personal, Indexed *bool
	Default                             *json.RawMessage
	Sort                                *int64
}

// ChangeField changes what may change about a field.
func (a *Admin) ChangeField(ctx context.Context, who access.Who, typeCode, code string, p FieldPatch) error {
	return a.do(ctx, who, func(t tx.Tx, c *Catalog) error {
		typ, old, err := fieldOf(c, typeCode, code)
		if err != nil {
			return err
		}
		f := *old
		if err := p.apply(c, &f); err != nil {
			return err
		}
		if f.Unique && !old.Unique {
			if repeated, err := a.Store.Repeated(t, typ, &f); err != nil {
				return err
			} else if repeated {
				return fault.In("unique", "record.values_repeat")
			}
		}
		if f.Indexing && !old.Indexing {
			if err := index(t, &f); err != nil {
				return err
			}
		}
		return a.Store.SaveField(t, &f)
	})
}

func (p FieldPatch) apply(c *Catalog, f *Field) error {
	if p.Title != nil {
		title := p.Title.clean()
		if err := title.check("title"); err != nil {
			return err
		}
		f.TitleRU, f.TitleEN = title.RU, title.EN
	}
	set(&f.Required, p.Required)
	set(&f.Personal, p.Personal)
	set(&f.Sort, p.Sort)
	if p.Unique != nil {
		if *p.Unique && !f.Kind.CanBeUnique() {
			return fault.In("unique", "record.cannot_be_unique")
		}
		f.Unique = *p.Unique
	}
	wanted := p.Indexed != nil && *p.Indexed || p.Unique != nil && *p.Unique && !f.Kind.Many()
	if wanted && !f.Indexed {
		if !f.Kind.CanBeIndexed() {
			return fault.In("indexed", "record.cannot_be_indexed")
		}
		f.Indexing = true
	}
	if p.Default != nil {
		f.Default = ""
		if text := strings.TrimSpace(string(*p.Default)); text != "" && text != "null" {
			return f.checkDefault(c, text, &f.Default)
		}
	}
	return nil
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// RemoveField takes a field away; its values wait 30 days for RestoreField.
func (a *Admin) RemoveField(ctx context.Context, who access.Who, typeCode, code string) error {
	return a.do(ctx, who, func(t tx.Tx, c *Catalog) error {
		_, old, err := fieldOf(c, typeCode, code)
		if err != nil {
			return err
		}
		if old.Builtin {
			return fault.New(fault.Conflict, "record.builtin_field")
		}
		f := *old
		f.RemovedAt = int64(t.Now())
		if err := a.Store.SaveField(t, &f); err != nil {
			return err
		}
		return later(t, JobDropField, strconv.FormatInt(f.ID, 10), t.Now().Add(KeepDays*24*time.Hour), FieldJob{Type: f.TypeID, Field: f.ID})
	})
}

// RestoreField brings a removed field back with its values.
func (a *Admin) RestoreField(ctx context.Context, who access.Who, typeCode, code string) error {
	return a.do(ctx, who, func(t tx.Tx, c *Catalog) error {
		typ, err := typeOf(c, typeCode)
		if err != nil {
			return err
		}
		old := removedField(typ, code)
		if old == nil {
			return fault.New(fault.NotFound, "record.no_such_field", fault.Args{"field": code})
		}
		f := *old
		f.RemovedAt = 0
		if err := t.Cancel(JobDropField, strconv.FormatInt(f.ID, 10)); err != nil {
			return err
		}
		return a.Store.SaveField(t, &f)
	})
}
