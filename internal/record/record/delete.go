package record

import (
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/record/journal"
	"voronka/internal/record/schema"
)

// delete moves one record to the bin within the session.
func (x *session) delete(id int64) error {
	before, ok, err := x.store.Load(x.t, x.typ, id, sideFields(x.typ))
	if err != nil {
		return err
	}
	if !ok {
		return notFound(x.ref(id))
	}
	if err := x.admit(id, access.Delete, before.Access); err != nil {
		return err
	}
	c := x.change(id)
	c.Deleted, c.Before = true, before
	c.After = State{ID: id, Version: before.Version + 1}
	if err := x.before(c); err != nil {
		return err
	}
	if err := x.bin(before); err != nil {
		return err
	}
	x.totals.add(x.typ, &before, -1)
	if x.typ.Staged {
		if err := x.leave(&before); err != nil {
			return err
		}
	}
	return x.written(c, journal.Deleted, "record.deleted")
}

// bin takes the record out of the tables and puts it as one document into the bin.
func (x *session) bin(s State) error {
	known, err := x.store.ExternalOf(x.t, x.typ, s.ID)
	if err != nil {
		return err
	}
	b := Binned{State: s, External: known, DeletedAt: x.t.Now(), DeletedBy: x.who.UserID}
	if err := x.store.PutBin(x.t, x.typ, &b); err != nil {
		return err
	}
	if err := x.expire(s.ID); err != nil {
		return err
	}
	return x.store.Remove(x.t, x.typ, s.ID)
}

// restore takes one record out of the bin within the session. What it pointed at may be gone meanwhile: a stage or a
// pipeline that was removed is replaced by the first one, a person's department is taken anew.
func (x *session) restore(id int64) error {
	b, ok, err := x.store.Binned(x.t, x.typ, id)
	if err != nil {
		return err
	}
	if !ok {
		return notFound(x.ref(id))
	}
	if err := x.admit(id, access.Delete, b.Sight()); err != nil {
		return err
	}
	c := x.change(id)
	c.Restored, c.After = true, b.State
	c.After.Version, c.After.UpdatedAt = b.State.Version+2, x.t.Now() // deleting was a version too
	x.fit(c)
	if err := x.checkFree(c); err != nil {
		return err
	}
	if err := x.before(c); err != nil {
		return err
	}
	if err := x.revive(c, b.External); err != nil {
		return err
	}
	return x.written(c, journal.Restored, "record.restored")
}

func (x *session) revive(c *Change, known []External) error {
	if err := x.store.DropBin(x.t, x.typ, c.ID); err != nil {
		return err
	}
	if err := x.t.Cancel(JobPurge, x.ref(c.ID).String()); err != nil {
		return err
	}
	if _, err := x.store.Insert(x.t, x.typ, &c.After); err != nil {
		return err
	}
	for _, e := range known {
		if _, taken, err := x.store.External(x.t, e.System, x.typ, e.ID); err != nil {
			return err
		} else if taken {
			continue
		}
		if err := x.store.PutExternal(x.t, e.System, x.typ, e.ID, c.ID); err != nil {
			return err
		}
	}
	x.totals.add(x.typ, &c.After, 1)
	if !x.typ.Staged {
		return nil
	}
	return x.store.EnterStage(x.t, x.typ, &c.After)
}

// fit brings a state from the bin in line with the present: the difference is noted in the change.
func (x *session) fit(c *Change) {
	c.Before = c.After // differences are told against what lay in the bin
	if stamp, ok := x.dir.Stamp(c.After.ResponsibleID); ok && c.After.ResponsibleID != 0 {
		c.After.DepartmentID, c.After.DeptPos = stamp.DepartmentID, stamp.DeptPos
	} else if d := x.dir.Department(c.After.DepartmentID); d != nil { // nobody's, it stays where it lay
		c.After.DeptPos = d.Pos
	}
	c.After.NextAt, c.After.NextID, c.After.NextTitle = 0, 0, ""
	if x.typ.Staged {
		c.After.StageEnteredAt = x.t.Now()
		pipeline, stage := x.cat.PipelineByID(c.After.PipelineID), x.cat.StageByID(c.After.StageID)
		if pipeline == nil || pipeline.Removed {
			if all := x.cat.Pipelines(x.typ.Code); len(all) > 0 {
				pipeline = all[0]
				c.set(x.typ.Field("pipeline"), schema.IntDatum(pipeline.ID))
				stage = nil
			}
		}
		if pipeline != nil && (stage == nil || stage.Removed) {
			if first := pipeline.First(); first != nil {
				c.set(x.typ.Field("stage"), schema.IntDatum(first.ID))
				x.close(c, first)
				x.reason(c, input{}, first, new(*fault.Error))
			}
		}
	}
	c.Before = State{}
}

// checkFree refuses to bring back a unique value somebody else took meanwhile.
func (x *session) checkFree(c *Change) error {
	var wrong *fault.Error
	for _, f := range x.typ.Fields {
		d := c.After.Get(f)
		if !f.Unique || !d.Set {
			continue
		}
		if err := x.checkUnique(c.ID, f, d); err != nil {
			if x.mine.Hides(f.Code) && fault.Is(err, fault.Invalid) {
				return fault.New(fault.Conflict, "record.not_restorable")
			}
			if !fault.Is(err, fault.Invalid) {
				return err
			}
			wrong = gather(wrong, err)
		}
	}
	return wrong.OrNil()
}
