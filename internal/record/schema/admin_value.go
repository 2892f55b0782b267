package schema

import (
	"context"
	"strconv"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// MaxValues is how many values a list may have.
const MaxValues = 1000

// ValueSpec is a list value to be added.
type ValueSpec struct {
	Code  string
	Title Titles
	Color int64
}

func (v ValueSpec) check(path string) error {
	if path != "" {
		path += "/"
	}
	if err := CheckCode(path+"code", v.Code); err != nil {
		return err
	}
	if v.Color < 0 || v.Color > 10 {
		return fault.In(path+"color", "record.bad_color")
	}
	if err := v.Title.clean().check(path + "title"); err != nil {
		return err
	}
	return nil
}

func (v ValueSpec) value(sort int64) Value {
	title := v.Title.clean()
	return Value{Code: v.Code, TitleRU: title.RU, TitleEN: title.EN, Color: v.Color, Sort: sort}
}

func listOf(c *Catalog, typeCode, code string) (*Type, *Field, error) {
	t, f, err := fieldOf(c, typeCode, code)
	if err == nil && f.Kind != List && f.Kind != MultiList {
		err = fault.New(fault.Conflict, "record.not_a_list")
	}
	return t, f, err
}

// AddValue adds a value to a list. One that was removed comes back with its old number, so that old history reads right.
func (a *Admin) AddValue(ctx context.Context, who access.Who, typeCode, code string, spec ValueSpec) error {
	return a.do(ctx, who, func(t tx.Tx, c *Catalog) error {
		_, f, err := listOf(c, typeCode, code)
		if err != nil {
			return err
		}
		if err := spec.check(""); err != nil {
			return err
		}
		if f.Value(spec.Code) != nil {
			return fault.In("code", "record.code_taken", fault.Args{"code": spec.Code})
		}
		if len(f.Values) >= MaxValues {
			return fault.New(fault.TooLarge, "record.too_many_values", fault.Args{"max": MaxValues})
		}
		v := spec.value(int64(len(f.Values)+len(f.RemovedValues)+1) * 10)
		if old := f.valueByCode[spec.Code]; old != nil {
			v.ID = old.ID
			return a.Store.SaveValue(t, v, 0)
		}
		_, err = a.Store.AddValue(t, f.ID, v)
		return err
	})
}

// ValuePatch is what shall change about a list value; nil leaves as it is.
type ValuePatch struct {
	Title *Titles
	Color *int64
	Sort  *int64
}

// ChangeValue renames, colours or reorders a list value.
func (a *Admin) ChangeValue(ctx context.Context, who access.Who, typeCode, code, value string, p ValuePatch) error {
	return a.do(ctx, who, func(t tx.Tx, c *Catalog) error {
		_, f, err := listOf(c, typeCode, code)
		if err != nil {
			return err
		}
		old := f.Value(value)
		if old == nil {
			return fault.New(fault.NotFound, "record.no_such_value", fault.Args{"value": value})
		}
		v := *old
		if p.Title != nil {
			title := p.Title.clean()
			if err := title.check("title"); err != nil {
				return err
			}
			v.TitleRU, v.TitleEN = title.RU, title.EN
		}
		set(&v.Color, p.Color)
		set(&v.Sort, p.Sort)
		if v.Color < 0 || v.Color > 10 {
			return fault.In("color", "record.bad_color")
		}
		return a.Store.SaveValue(t, v, 0)
	})
}

// InUse is the Data of the Conflict that says how many records stand in the way.
type InUse struct {
	Count int64 `json:"count"`
	More  bool  `json:"more"` // there are at least so many
}

// usesLimit is how far records that hold a value are counted.
const usesLimit = 10_000

// RemoveValue takes a value from a list. When records hold it, moveTo says which value they get instead ("" refuses,
// with the number of records); a job moves them, each with its journal row.
func (a *Admin) RemoveValue(ctx context.Context, who access.Who, typeCode, code, value, moveTo string) error {
	return a.do(ctx, who, func(t tx.Tx, c *Catalog) error {
		typ, f, err := listOf(c, typeCode, code)
		if err != nil {
			return err
		}
		old := f.Value(value)
		if old == nil {
			return fault.New(fault.NotFound, "record.no_such_value", fault.Args{"value": value})
		}
		uses, err := a.Store.ValueUses(t, typ, f, old.ID, usesLimit)
		if err != nil {
			return err
		}
		if uses > 0 {
			to := f.Value(moveTo)
			if moveTo == "" {
				return &fault.Error{Code: fault.Conflict, Key: "record.value_in_use", Args: fault.Args{"n": uses}, Data: InUse{uses, uses >= usesLimit}}
			}
			if to == nil || to == old {
				return fault.In("move_to", "record.no_such_value", fault.Args{"value": moveTo})
			}
			move := MoveValueJob{FieldJob{typ.ID, f.ID}, old.ID, to.ID}
			if err := later(t, JobMoveValue, strconv.FormatInt(old.ID, 10), t.Now(), move); err != nil {
				return err
			}
		}
		return a.Store.SaveValue(t, *old, max(t.Now(), clock.Instant(1)))
	})
}
