package schema

import (
	"slices"
	"sync"

	"voronka/internal/org/access"
)

// views are a snapshot's catalogues as different people know them, by access.Who.FieldKey.
type views struct {
	mu   sync.RWMutex
	made map[string]*Catalog
}

// maxViews bounds how many are remembered: as many as there are sets of roles with fields of their own.
const maxViews = 256

// firm are fields without which a record is no record: no role can hide them.
var firm = []string{"id", "version", "title", "responsible", "pipeline", "stage"}

// Hideable tells whether a role may hide a field of this code.
func Hideable(code string) bool { return !slices.Contains(firm, code) }

// For is the catalogue as a person knows it: fields hidden from him aren't there, fields he may only read are ReadOnly. Whatever
// speaks to a person (lists, filters, sums, descriptions, errors) takes this one, so that a hidden field and one that doesn't exist
// can't be told apart; what keeps records true takes the whole one. Most people's view is the whole catalogue itself.
func (c *Catalog) For(who access.Who) *Catalog {
	c = c.Whole()
	key := who.FieldKey()
	if key == "" || who.IsSystem() {
		return c
	}
	c.views.mu.RLock()
	v := c.views.made[key]
	c.views.mu.RUnlock()
	if v != nil {
		return v
	}
	v = c.view(who)
	c.views.mu.Lock()
	defer c.views.mu.Unlock()
	if len(c.views.made) >= maxViews || c.views.made == nil {
		c.views.made = map[string]*Catalog{}
	}
	c.views.made[key] = v
	return v
}

// Whole is the catalogue with all fields, whoever's view this is.
func (c *Catalog) Whole() *Catalog {
	if c.whole != nil {
		return c.whole
	}
	return c
}

func (c *Catalog) view(who access.Who) *Catalog {
	v := &Catalog{
		Types: slices.Clone(c.Types), Portal: c.Portal, SetUp: c.SetUp, whole: c,
		pipelines: c.pipelines, reasons: c.reasons, pipelineByID: c.pipelineByID, stageByID: c.stageByID, reasonByID: c.reasonByID,
		typeByCode: make(map[string]*Type, len(c.Types)), typeByID: make(map[int64]*Type, len(c.Types)), expr: make(map[string]*exprType, len(c.Types)),
	}
	for i, t := range v.Types {
		if f := who.Fields(t.Code); len(f.Hidden)+len(f.ReadOnly) > 0 {
			t = t.without(f)
			v.Types[i] = t
		}
		v.typeByCode[t.Code], v.typeByID[t.ID] = t, t
	}
	for _, t := range v.Types {
		v.expr[t.Code] = newExprType(v, t)
	}
	return v
}

// without is a type less what is forbidden. Fields keep their places, so that values found by either type are the same.
func (t *Type) without(no access.Fields) *Type {
	own := *t
	own.hidden = make(map[string]bool, len(no.Hidden))
	for _, code := range no.Hidden {
		own.hidden[code] = Hideable(code)
	}
	own.byCode, own.byID = make(map[string]*Field, len(t.byCode)), make(map[int64]*Field, len(t.byID))
	allowed := func(fields []*Field) []*Field {
		out := make([]*Field, 0, len(fields))
		for _, f := range fields {
			if own.hidden[f.Code] {
				continue
			}
			if slices.Contains(no.ReadOnly, f.Code) && !f.ReadOnly {
				mine := *f
				mine.ReadOnly = true
				f = &mine
			}
			out = append(out, f)
			if f.ID != 0 {
				own.byID[f.ID] = f
			}
			if f.RemovedAt == 0 {
				own.byCode[f.Code] = f
			}
		}
		return out
	}
	own.System, own.Fields, own.Removed = allowed(t.System), allowed(t.Fields), allowed(t.Removed)
	if own.amount = nil; t.amount != nil {
		own.amount = own.byCode[t.amount.Code]
	}
	return &own
}
