package record

import (
	"voronka/internal/kernel/fault"
	"voronka/internal/record/schema"
)

// place puts the record on its stage. Given only a pipeline it comes to that pipeline's first stage, given only a stage it
// stays in its pipeline. A lost stage wants a reason; leaving it drops the reason; closing notes when.
func (x *session) place(c *Change, in input, wrong **fault.Error) {
	pipeline := x.pipeline(c, in)
	if pipeline == nil {
		*wrong = (*wrong).With("pipeline", "record.no_pipeline")
		return
	}
	stage := x.stage(c, in, pipeline)
	if stage == nil {
		d, _ := in.get(x.typ.Field("stage"))
		*wrong = (*wrong).With("stage", "record.no_such_stage", fault.Args{"value": d.Text})
		return
	}
	c.set(x.typ.Field("pipeline"), schema.IntDatum(pipeline.ID))
	if c.Before.StageID != stage.ID {
		c.set(x.typ.Field("stage"), schema.IntDatum(stage.ID))
		c.After.StageEnteredAt = x.t.Now()
		x.close(c, stage)
	}
	x.reason(c, in, stage, wrong)
}

func (x *session) pipeline(c *Change, in input) *schema.Pipeline {
	d, given := in.get(x.typ.Field("pipeline"))
	switch {
	case given && d.Set:
		return x.cat.PipelineByID(d.Int)
	case c.Before.PipelineID != 0:
		return x.cat.PipelineByID(c.Before.PipelineID)
	}
	if all := x.cat.Pipelines(x.typ.Code); len(all) > 0 {
		return all[0]
	}
	return nil
}

func (x *session) stage(c *Change, in input, p *schema.Pipeline) *schema.Stage {
	d, given := in.get(x.typ.Field("stage"))
	switch {
	case given && d.Set:
		return p.Stage(d.Text)
	case c.Before.StageID != 0 && c.Before.PipelineID == p.ID:
		return x.cat.StageByID(c.Before.StageID)
	}
	return p.First()
}

// close notes when a record was finished, or that it is open again.
func (x *session) close(c *Change, stage *schema.Stage) {
	f := x.typ.Field("closed_at")
	if !stage.Closed() {
		c.set(f, schema.Datum{})
		return
	}
	was := x.cat.StageByID(c.Before.StageID)
	if was == nil || was.Kind != stage.Kind {
		c.set(f, schema.IntDatum(int64(x.t.Now())))
	}
}

func (x *session) reason(c *Change, in input, stage *schema.Stage, wrong **fault.Error) {
	f := x.typ.Field("lost_reason")
	d, given := in.get(f)
	if stage.Kind != schema.Lost {
		if given && d.Set {
			*wrong = (*wrong).With("lost_reason", "record.reason_not_lost")
			return
		}
		c.set(f, schema.Datum{})
		return
	}
	if given {
		c.set(f, d)
	}
	if !x.who.IsSystem() && !x.writes(f) {
		return
	}
	if c.After.LostReasonID == 0 && len(x.cat.LostReasons(x.typ.Code)) > 0 {
		*wrong = (*wrong).With("lost_reason", "record.reason_required")
	}
}
