package record

import (
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
	"voronka/internal/record/journal"
	"voronka/internal/record/schema"
)

// create makes one record within the session; totals wait for finish.
func (x *session) create(v Values) (*Change, error) {
	plan := x.who.Plan(x.typ.Code, access.Create)
	if plan.Nothing() {
		return nil, forbidden(access.Create)
	}
	now := x.t.Now()
	c := x.change(0)
	c.Created = true
	c.After = State{Version: 1, CreatedAt: now, UpdatedAt: now, CreatedBy: x.who.UserID, Data: make([]schema.Datum, len(x.typ.Fields))}
	in, wrong := x.read(v)
	if err := x.fill(c, in, &wrong); err != nil {
		return nil, err
	}
	if wrong != nil {
		return nil, wrong
	}
	if err := x.check(c); err != nil {
		return nil, err
	}
	if !plan.Sees(c.After.Access) {
		return nil, forbidden(access.Create)
	}
	if err := x.before(c); err != nil {
		return nil, err
	}
	id, err := x.store.Insert(x.t, x.typ, &c.After)
	if err != nil {
		return nil, err
	}
	c.ID, c.After.ID = id, id
	x.totals.add(x.typ, &c.After, 1)
	if x.typ.Staged {
		if err := x.store.EnterStage(x.t, x.typ, &c.After); err != nil {
			return nil, err
		}
	}
	return c, x.written(c, journal.Created, "record.created")
}

// fill puts the given values and defaults into a new record.
func (x *session) fill(c *Change, in input, wrong **fault.Error) error {
	for _, f := range x.typ.Fields {
		d, given := in.get(f)
		if !d.Set && !given && f.Default != "" {
			if d = x.defaultOf(f); d.Set && f.Kind == schema.Money {
				if err := x.price(f, &d); err != nil {
					return err
				}
			}
		}
		if d.Set {
			c.set(f, d)
		}
	}
	if _, given := in.get(x.typ.Field("responsible")); !given && x.who.UserID != 0 && !x.who.Service {
		in.put(x.typ.Field("responsible"), schema.IntDatum(x.who.UserID))
	}
	if d, given := in.get(x.typ.Field("title")); given && d.Set {
		c.set(x.typ.Field("title"), d)
	} else if d := x.title(c); d.Set {
		c.set(x.typ.Field("title"), d)
	}
	x.people(c, in, wrong)
	if x.typ.Staged {
		x.place(c, in, wrong)
	}
	return nil
}

// defaultOf reads a field's default; one that has become wrong (a removed list value) is no default.
func (x *session) defaultOf(f *schema.Field) schema.Datum {
	var v any
	if err := decode(f.Default, &v); err != nil {
		return schema.Datum{}
	}
	d, err := x.cat.Parse(f.Code, f, v, x.portal)
	if err != nil {
		return schema.Datum{}
	}
	return d
}

// title makes a title from what is known of a new record, for requests that come without one: of nothing that is hidden from
// anybody.
func (x *session) title(c *Change) schema.Datum {
	for _, code := range []string{"company_name", "person_name", "phones", "emails", "kind"} {
		f := x.typ.Field(code)
		if f == nil || f.System || x.dir.Hides(x.typ.Code, code) {
			continue
		}
		switch d := c.After.Get(f); {
		case !d.Set:
		case f.Kind == schema.Text:
			return schema.TextDatum(d.Text)
		case f.Kind.Many() && len(d.Many) > 0 && d.Many[0].Value != "":
			return schema.TextDatum(d.Many[0].Value)
		case f.Kind == schema.List:
			lang := x.who.Lang
			if lang == "" {
				lang = x.portal.Lang
			}
			if v := f.ValueByID(d.Int); v != nil {
				return schema.TextDatum(v.Title(lang))
			}
		}
	}
	return schema.Datum{}
}

// ref names a record of the session's type.
func (x *session) ref(id int64) ref.Ref { return ref.Ref{Type: x.typ.Code, ID: id} }
