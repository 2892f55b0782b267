package schema

import (
	"context"
	"strconv"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// MaxTypes is how many types a portal may have.
const MaxTypes = 100

// TypeSpec is a type to be made.
type TypeSpec struct {
	Code   string
	Title  Titles
	Plural Titles // the title when empty
	Staged bool   // with pipelines and an amount; can't be changed later
}

// AddType makes a type with its table. A staged one gets a pipeline "main" with stages new, in_work, won and lost.
func (a *Admin) AddType(ctx context.Context, who access.Who, spec TypeSpec) error {
	spec.Title, spec.Plural = spec.Title.clean(), spec.Plural.clean()
	return a.do(ctx, who, func(t tx.Tx, c *Catalog) error {
		if err := CheckTypeCode("code", spec.Code); err != nil {
			return err
		}
		if err := spec.Title.check("title"); err != nil {
			return err
		}
		if len(c.Types) >= MaxTypes {
			return fault.New(fault.TooLarge, "record.too_many_types", fault.Args{"max": MaxTypes})
		}
		if taken, err := a.Store.TypeCodeTaken(t, spec.Code); err != nil {
			return err
		} else if taken {
			return fault.In("code", "record.code_taken", fault.Args{"code": spec.Code})
		}
		if spec.Plural == (Titles{}) {
			spec.Plural = spec.Title
		}
		_, err := a.Store.AddType(t, &Type{
			Code: spec.Code, TitleRU: spec.Title.RU, TitleEN: spec.Title.EN, PluralRU: spec.Plural.RU, PluralEN: spec.Plural.EN,
			Staged: spec.Staged, Sort: int64(len(c.Types)+1) * 10,
		})
		return err
	})
}

// TypePatch is what shall change about a type; nil leaves as it is.
type TypePatch struct {
	Title, Plural *Titles
	Sort          *int64
}

// ChangeType renames or reorders a type.
func (a *Admin) ChangeType(ctx context.Context, who access.Who, code string, p TypePatch) error {
	return a.do(ctx, who, func(t tx.Tx, c *Catalog) error {
		typ, err := typeOf(c, code)
		if err != nil {
			return err
		}
		changed := *typ
		if p.Title != nil {
			title := p.Title.clean()
			if err := title.check("title"); err != nil {
				return err
			}
			changed.TitleRU, changed.TitleEN = title.RU, title.EN
		}
		if p.Plural != nil {
			plural := p.Plural.clean()
			if err := plural.check("plural"); err != nil {
				return err
			}
			changed.PluralRU, changed.PluralEN = plural.RU, plural.EN
		}
		if p.Sort != nil {
			changed.Sort = *p.Sort
		}
		return a.Store.SaveType(t, &changed)
	})
}

// RemoveType takes a customer's type away with all its records, for 30 days revocably. A type other types link to stays.
func (a *Admin) RemoveType(ctx context.Context, who access.Who, code string) (records int64, err error) {
	err = a.do(ctx, who, func(t tx.Tx, c *Catalog) error {
		typ, err := typeOf(c, code)
		if err != nil {
			return err
		}
		if typ.Builtin {
			return fault.New(fault.Conflict, "record.builtin_type")
		}
		for _, other := range c.Types {
			for _, f := range other.Fields {
				if f.LinkType == code && other != typ {
					return fault.New(fault.Conflict, "record.type_linked", fault.Args{"type": other.Code, "field": f.Code})
				}
			}
		}
		if records, err = a.Store.Records(t, typ, 1_000_000); err != nil {
			return err
		}
		if err := a.Store.RemoveType(t, typ.ID, t.Now()); err != nil {
			return err
		}
		return later(t, JobDropType, strconv.FormatInt(typ.ID, 10), t.Now().Add(KeepDays*24*time.Hour), FieldJob{Type: typ.ID})
	})
	return records, err
}

// RestoreType brings a removed type back with its records.
func (a *Admin) RestoreType(ctx context.Context, who access.Who, code string) error {
	return a.do(ctx, who, func(t tx.Tx, _ *Catalog) error {
		typ, err := a.Store.RemovedType(t, code)
		if err != nil {
			return err
		}
		if typ == nil {
			return fault.New(fault.NotFound, "record.no_such_type", fault.Args{"type": code})
		}
		if err := t.Cancel(JobDropType, strconv.FormatInt(typ.ID, 10)); err != nil {
			return err
		}
		return a.Store.RemoveType(t, typ.ID, clock.Instant(0))
	})
}
