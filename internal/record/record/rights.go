package record

import (
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// may tells whether the acting person may do op with a record of the session's type.
func (x *session) may(op access.Op, a event.Access) bool { return x.may2(x.typ.Code, op, a) }

func (x *session) may2(typ string, op access.Op, a event.Access) bool {
	return x.who.IsSystem() || x.who.Plan(typ, op).Sees(a)
}

// admit checks op on a record somebody named: what he may not see is not there for him.
func (x *session) admit(id int64, op access.Op, a event.Access) error {
	if !x.may(access.See, a) {
		return notFound(x.ref(id))
	}
	if op == access.Move { // its stages are those one may move to
		if x.who.IsSystem() || x.who.Plan(x.typ.Code, op).Somewhere(a) {
			return nil
		}
	} else if x.may(op, a) {
		return nil
	}
	return forbidden(op)
}

// check examines the changed fields: what is required is there, what is unique is free, what is pointed at exists and may
// be seen. What is required is demanded of people who may fill it in: the program itself has nobody to ask, and a client must
// not be lost for it.
func (x *session) check(c *Change) error {
	var wrong *fault.Error
	if c.After.Title == "" {
		wrong = wrong.With("title", "required")
	}
	for _, f := range x.typ.Fields {
		if f.Required && !x.who.IsSystem() && x.writes(f) && !c.After.Get(f).Set && (c.Created || c.Changed(f.Code)) {
			wrong = wrong.With(f.Code, "required")
		}
	}
	if wrong != nil {
		return wrong
	}
	for _, code := range c.Codes {
		d := c.Fields[code]
		if err := x.checkField(c, d); err != nil {
			if !fault.Is(err, fault.Invalid) {
				return err
			}
			wrong = gather(wrong, err)
		}
	}
	return wrong.OrNil()
}

func (x *session) checkField(c *Change, d Diff) error {
	if !d.To.Set {
		return nil
	}
	switch d.Field.Kind {
	case schema.User:
		if !d.Field.System && !x.known([]schema.Item{{ID: d.To.Int}}) {
			return fault.In(d.Field.Code, "record.no_such_user")
		}
	case schema.Link:
		if target := x.cat.Type(d.Field.LinkType); target != nil {
			if err := x.checkLink(d.Field, target, d.To.Int); err != nil {
				return err
			}
		}
	case schema.Links:
		for _, item := range d.To.Many {
			if has(d.From.Many, item) {
				continue
			}
			target := x.cat.TypeByID(item.Type)
			if target == nil {
				return fault.In(d.Field.Code, "record.wrong_link_type")
			}
			if err := x.checkLink(d.Field, target, item.ID); err != nil {
				return err
			}
		}
	case schema.File:
		if err := x.checkFiles(d); err != nil {
			return err
		}
	}
	if d.Field.Unique {
		return x.checkUnique(c.ID, d.Field, d.To)
	}
	return nil
}

func has(items []schema.Item, item schema.Item) bool {
	for _, o := range items {
		if o.ID == item.ID && o.Type == item.Type {
			return true
		}
	}
	return false
}

func (x *session) checkLink(f *schema.Field, target *schema.Type, id int64) error {
	a, ok, err := x.store.Access(x.t, target, id)
	if err != nil {
		return err
	}
	if !ok || !x.may2(target.Code, access.See, a) {
		return fault.In(f.Code, "record.no_such_record", fault.Args{"id": id})
	}
	return nil
}

func (x *session) checkFiles(d Diff) error {
	var ids []int64
	for _, item := range d.To.Many {
		if !has(d.From.Many, item) {
			ids = append(ids, item.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	held, err := x.store.Files(x.t, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if ok, err := x.mayRead(held, id); err != nil {
			return err
		} else if !ok {
			return fault.In(d.Field.Code, "record.no_such_file", fault.Args{"id": id})
		}
	}
	return nil
}

// mayRead tells whether the person uploaded a file or sees a record it hangs on.
func (x *session) mayRead(held map[int64]FileHold, id int64) (bool, error) {
	hold, ok := held[id]
	if !ok {
		return false, nil
	}
	if x.who.IsSystem() || x.who.IsAdmin() || x.who.UserID != 0 && hold.UploadedBy == x.who.UserID {
		return true, nil
	}
	for _, r := range hold.On {
		typ := x.cat.Type(r.Type)
		if typ == nil || x.cat.For(x.who).Type(r.Type).Hides(r.Field) {
			continue
		}
		a, ok, err := x.store.Access(x.t, typ, r.ID)
		if err != nil {
			return false, err
		}
		if ok && x.may2(typ.Code, access.See, a) {
			return true, nil
		}
	}
	return false, nil
}

// checkUnique refuses a value another record has. Which record that is, is told only to who may see it.
func (x *session) checkUnique(self int64, f *schema.Field, d schema.Datum) error {
	other, err := x.store.Holder(x.t, x.typ, f, d, self)
	if err != nil || other == 0 {
		return err
	}
	a, ok, err := x.store.Access(x.t, x.typ, other)
	if err != nil {
		return err
	}
	if ok && x.may(access.See, a) {
		return fault.In(f.Code, "record.taken_by", fault.Args{"id": other, "type": x.typ.Code})
	}
	return fault.In(f.Code, "record.taken")
}
