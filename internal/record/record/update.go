package record

import (
	"encoding/json"
	"slices"

	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/record/journal"
	"voronka/internal/record/schema"
)

// ConflictData is what a Conflict of Update carries.
type ConflictData struct {
	Fields  map[string]ConflictField `json:"fields"`
	Version int64                    `json:"version"` // the present one
}

// ConflictField is one field two people changed to different values, in the API's shape.
type ConflictField struct {
	Yours  json.RawMessage `json:"yours"`
	Theirs json.RawMessage `json:"theirs"`
}

// update changes one record within the session; totals wait for finish.
func (x *session) update(id int64, v Values, base int64) (version int64, err error) {
	in, wrong := x.read(v)
	c, err := x.open(id, demanded(v), in)
	if err != nil {
		return 0, err
	}
	if wrong != nil {
		return 0, wrong
	}
	if base > c.Before.Version || base < 0 {
		return 0, fault.In("version", "record.bad_version")
	}
	if err := x.apply(c, in); err != nil {
		return 0, err
	}
	if base != 0 && base < c.Before.Version {
		if err := x.merge(c, in, base); err != nil {
			return 0, err
		}
	}
	if len(c.Codes) == 0 {
		return c.Before.Version, nil
	}
	if err := x.allowed(c); err != nil {
		return 0, err
	}
	if err := x.check(c); err != nil {
		return 0, err
	}
	return c.After.Version, x.write(c)
}

// demanded is what the fields somebody wants to set ask of him: to move a record he needs no right to edit it, nor to hand it
// over. Where a move leads, allowed looks at when that is known.
func demanded(v Values) access.Op {
	moves, assigns := false, false
	for code := range v {
		switch code {
		case "stage", "pipeline":
			moves = true
		case "lost_reason":
		case "responsible":
			assigns = true
		default:
			return access.Edit
		}
	}
	switch {
	case moves:
		return access.Move
	case assigns && len(v) == 1:
		return access.Assign
	}
	return access.Edit
}

// open loads a record for a change of the fields in in and checks the right to op.
func (x *session) open(id int64, op access.Op, in input) (*Change, error) {
	var side []*schema.Field
	for _, f := range x.typ.Fields { // in order, so that statements come in one order
		if _, given := in[f]; given && f.Kind.Many() {
			side = append(side, f)
		}
	}
	before, ok, err := x.store.Load(x.t, x.typ, id, side)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, notFound(x.ref(id))
	}
	if err := x.admit(id, op, before.Access); err != nil {
		return nil, err
	}
	c := x.change(id)
	c.Before, c.After = before, before
	c.After.Data = slices.Clone(before.Data)
	return c, nil
}

// apply puts the input into the change.
func (x *session) apply(c *Change, in input) error {
	var wrong *fault.Error
	for _, f := range x.typ.Fields {
		if d, given := in.get(f); given {
			c.set(f, d)
		}
	}
	if d, given := in.get(x.typ.Field("title")); given {
		c.set(x.typ.Field("title"), d)
	}
	x.people(c, in, &wrong)
	if x.typ.Staged {
		x.place(c, in, &wrong)
	}
	return wrong.OrNil()
}

// allowed checks rights that depend on what is changed: handing over, and moving to a stage one may move to.
func (x *session) allowed(c *Change) error {
	if c.Changed("responsible") && !x.may(access.Assign, c.Before.Access) {
		return forbidden(access.Assign)
	}
	if c.Moved() || c.Changed("pipeline") {
		there := c.Before.Access
		there.PipelineID, there.StageID = c.After.PipelineID, c.After.StageID
		if !x.may(access.Move, there) {
			return forbidden(access.Move)
		}
	} else if c.Changed("lost_reason") && !x.may(access.Edit, c.Before.Access) {
		return forbidden(access.Edit)
	}
	return nil
}

// merge compares with what others changed since the version the editor saw.
func (x *session) merge(c *Change, in input, base int64) error {
	since, err := x.store.ChangedSince(x.t, x.typ.ID, c.ID, base)
	if err != nil {
		return err
	}
	clash := ConflictData{Fields: map[string]ConflictField{}, Version: c.Before.Version}
	for _, code := range c.Codes {
		d := c.Fields[code]
		if _, given := in.get(d.Field); !given || !slices.Contains(since, code) {
			continue
		}
		clash.Fields[code] = ConflictField{
			Yours: x.cat.AppendJSON(nil, d.Field, d.To), Theirs: x.cat.AppendJSON(nil, d.Field, d.From),
		}
	}
	if len(clash.Fields) == 0 {
		return nil
	}
	return &fault.Error{Code: fault.Conflict, Key: "record.conflict", Args: fault.Args{"fields": len(clash.Fields)}, Data: clash}
}

// write puts a change that is known, lawful and checked into the tables.
func (x *session) write(c *Change) error {
	c.After.Version = c.Before.Version + 1
	c.After.UpdatedAt = x.t.Now()
	if err := x.before(c); err != nil {
		return err
	}
	if err := x.store.Update(x.t, c); err != nil {
		return err
	}
	x.totals.add(x.typ, &c.Before, -1)
	x.totals.add(x.typ, &c.After, 1)
	kind, eventType := journal.Changed, "record.changed"
	if c.Moved() {
		if err := x.step(c); err != nil {
			return err
		}
		kind, eventType = journal.Moved, "record.moved"
	}
	return x.written(c, kind, eventType)
}

// step closes the visit of the old stage and opens one of the new.
func (x *session) step(c *Change) error {
	if err := x.leave(&c.Before); err != nil {
		return err
	}
	return x.store.EnterStage(x.t, x.typ, &c.After)
}

func (x *session) leave(s *State) error {
	work, err := x.worked(s.ResponsibleID, s.StageEnteredAt, x.t.Now())
	if err != nil {
		return err
	}
	return x.store.LeaveStage(x.t, x.typ, s, x.t.Now(), work)
}
