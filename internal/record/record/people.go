package record

import (
	"voronka/internal/kernel/fault"
	"voronka/internal/record/schema"
)

// people puts responsible and observers into the change; the department follows the responsible.
func (x *session) people(c *Change, in input, wrong **fault.Error) {
	f := x.typ.Field("responsible")
	if d, given := in.get(f); given && d.Int != c.Before.ResponsibleID {
		stamp, ok := x.dir.Stamp(d.Int)
		switch {
		case !ok:
			*wrong = (*wrong).With("responsible", "record.no_such_user")
		case d.Int != 0 && !stamp.Active:
			*wrong = (*wrong).With("responsible", "record.user_inactive")
		default:
			c.set(f, d)
			c.After.DepartmentID, c.After.DeptPos = stamp.DepartmentID, stamp.DeptPos
		}
	}
	f = x.typ.Field("observers")
	if d, given := in.get(f); given {
		if !x.known(d.Many) {
			*wrong = (*wrong).With("observers", "record.no_such_user")
			return
		}
		c.set(f, d)
	}
}

// known tells whether all are people of the portal.
func (x *session) known(items []schema.Item) bool {
	for _, item := range items {
		if _, ok := x.dir.Stamp(item.ID); !ok || item.ID == 0 {
			return false
		}
	}
	return true
}
