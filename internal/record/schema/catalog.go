package schema

import (
	"cmp"
	"slices"
)

// Portal is what of the portal's settings the machinery of records needs.
type Portal struct {
	Currency string `json:"currency"` // sums are compared in it
	Zone     string `json:"zone"`     // whose midnight ends the day of a rate
	Lang     string `json:"lang"`
	Region   string `json:"region"` // phone numbers without a country code are of this country; guessed when empty
}

// Catalog is an immutable snapshot of all types, fields, pipelines and stages, versioned under the name "schema".
type Catalog struct {
	Types  []*Type // in order
	Portal Portal
	// SetUp tells whether the portal's settings were there when the snapshot was made.
	SetUp bool

	pipelines map[int64][]*Pipeline // by type, in order
	reasons   map[int64][]*LostReason

	typeByCode   map[string]*Type
	typeByID     map[int64]*Type
	pipelineByID map[int64]*Pipeline
	stageByID    map[int64]*Stage
	reasonByID   map[int64]*LostReason
	expr         map[string]*exprType

	whole *Catalog // of a view: what it is a view of
	views views
}

// Parts are the rows a Catalog is made of, in any order; removed ones are among them.
type Parts struct {
	Types     []*Type
	Fields    []*Field
	Values    map[int64][]Value // by field
	Pipelines []*Pipeline
	Stages    []*Stage
	Reasons   []*LostReason
	Portal    Portal
	SetUp     bool
}

// NewCatalog puts the rows together. It takes them over.
func NewCatalog(p Parts) *Catalog {
	c := &Catalog{
		Types: p.Types, Portal: p.Portal.Filled(), SetUp: p.SetUp,
		pipelines: map[int64][]*Pipeline{}, reasons: map[int64][]*LostReason{},
		typeByCode: map[string]*Type{}, typeByID: map[int64]*Type{}, pipelineByID: map[int64]*Pipeline{},
		stageByID: map[int64]*Stage{}, reasonByID: map[int64]*LostReason{}, expr: map[string]*exprType{},
	}
	slices.SortFunc(c.Types, func(a, b *Type) int { return cmp.Or(cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.ID, b.ID)) })
	for _, t := range c.Types {
		t.byCode, t.byID, t.Fields, t.Removed = map[string]*Field{}, map[int64]*Field{}, nil, nil
		c.typeByCode[t.Code], c.typeByID[t.ID] = t, t
		t.System = systemFields(t)
		for i, f := range t.System {
			f.Slot, f.Pos = i, -1
			t.byCode[f.Code] = f
		}
	}
	c.addFields(p.Fields, p.Values)
	c.addPipelines(p)
	for _, t := range c.Types {
		c.expr[t.Code] = newExprType(c, t)
	}
	return c
}

func (c *Catalog) addFields(fields []*Field, values map[int64][]Value) {
	slices.SortFunc(fields, func(a, b *Field) int { return cmp.Or(cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.ID, b.ID)) })
	for _, f := range fields {
		t := c.typeByID[f.TypeID]
		if t == nil {
			continue
		}
		f.setValues(values[f.ID])
		t.byID[f.ID] = f
		f.Pos = -1
		if f.RemovedAt != 0 {
			t.Removed = append(t.Removed, f)
			continue
		}
		f.Pos, f.Slot = len(t.Fields), len(t.System)+len(t.Fields)
		t.Fields = append(t.Fields, f)
		t.byCode[f.Code] = f
		if f.Code == "amount" && f.Builtin && t.Staged {
			t.amount = f
		}
	}
}

func (f *Field) setValues(all []Value) {
	slices.SortFunc(all, func(a, b Value) int { return cmp.Or(cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.ID, b.ID)) })
	f.valueByCode, f.valueByID = make(map[string]*Value, len(all)), make(map[int64]*Value, len(all))
	for i := range all {
		v := &all[i]
		f.valueByCode[v.Code], f.valueByID[v.ID] = v, v
		if v.Removed {
			f.RemovedValues = append(f.RemovedValues, *v)
		} else {
			f.Values = append(f.Values, *v)
		}
	}
}

func (c *Catalog) addPipelines(p Parts) {
	slices.SortFunc(p.Pipelines, func(a, b *Pipeline) int { return cmp.Or(cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(p.Stages, func(a, b *Stage) int { return cmp.Or(cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.ID, b.ID)) })
	slices.SortFunc(p.Reasons, func(a, b *LostReason) int { return cmp.Or(cmp.Compare(a.Sort, b.Sort), cmp.Compare(a.ID, b.ID)) })
	for _, l := range p.Pipelines {
		c.pipelineByID[l.ID] = l
		if !l.Removed {
			c.pipelines[l.TypeID] = append(c.pipelines[l.TypeID], l)
		}
	}
	for _, s := range p.Stages {
		c.stageByID[s.ID] = s
		if l := c.pipelineByID[s.PipelineID]; l != nil && !s.Removed {
			l.Stages = append(l.Stages, s)
		}
	}
	for _, r := range p.Reasons {
		c.reasonByID[r.ID] = r
		if !r.Removed {
			c.reasons[r.TypeID] = append(c.reasons[r.TypeID], r)
		}
	}
}

// Type finds a record type by its code; nil when there is none.
func (c *Catalog) Type(code string) *Type { return c.typeByCode[code] }

// TypeByID finds a record type by its number; nil when there is none.
func (c *Catalog) TypeByID(id int64) *Type { return c.typeByID[id] }

// Pipelines are a type's pipelines in order; the first is the one new records come to.
func (c *Catalog) Pipelines(typeCode string) []*Pipeline {
	if t := c.typeByCode[typeCode]; t != nil {
		return c.pipelines[t.ID]
	}
	return nil
}

// Pipeline finds a pipeline of a type by its code; nil when there is none.
func (c *Catalog) Pipeline(typeCode, code string) *Pipeline {
	for _, p := range c.Pipelines(typeCode) {
		if p.Code == code {
			return p
		}
	}
	return nil
}

// PipelineByID finds a pipeline by its number, removed ones too.
func (c *Catalog) PipelineByID(id int64) *Pipeline { return c.pipelineByID[id] }

// StageByID finds a stage by its number, removed ones too.
func (c *Catalog) StageByID(id int64) *Stage { return c.stageByID[id] }

// Stages are a pipeline's stages in order.
func (c *Catalog) Stages(pipelineID int64) []*Stage {
	if p := c.pipelineByID[pipelineID]; p != nil {
		return p.Stages
	}
	return nil
}

// LostReasons are the reasons offered for a type.
func (c *Catalog) LostReasons(typeCode string) []*LostReason {
	if t := c.typeByCode[typeCode]; t != nil {
		return c.reasons[t.ID]
	}
	return nil
}

// LostReason finds a reason of a type by its code; nil when there is none.
func (c *Catalog) LostReason(typeCode, code string) *LostReason {
	for _, r := range c.LostReasons(typeCode) {
		if r.Code == code {
			return r
		}
	}
	return nil
}

// LostReasonByID finds a reason by its number, removed ones too.
func (c *Catalog) LostReasonByID(id int64) *LostReason { return c.reasonByID[id] }

// regions guess the country of phone numbers by the currency of the portal.
var regions = map[string]string{
	"RUB": "RU", "BYN": "BY", "KZT": "KZ", "UAH": "UA", "UZS": "UZ", "AMD": "AM", "GEL": "GE", "KGS": "KG", "AZN": "AZ",
	"TJS": "TJ", "MDL": "MD", "TRY": "TR", "GBP": "GB", "USD": "US", "EUR": "DE", "BRL": "BR", "INR": "IN", "PLN": "PL",
}

// Filled puts defaults where nothing is said.
func (p Portal) Filled() Portal {
	p.Currency = cmp.Or(p.Currency, "RUB")
	p.Zone = cmp.Or(p.Zone, "Europe/Moscow")
	p.Lang = cmp.Or(p.Lang, "ru")
	p.Region = cmp.Or(p.Region, regions[p.Currency], "RU")
	return p
}
