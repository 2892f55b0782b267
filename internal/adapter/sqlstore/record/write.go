package record

import (
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/textkey"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// Insert implements record.Store.
func (s *Store) Insert(t tx.Tx, typ *schema.Type, state *record.State) (int64, error) {
	q, x := db.Of(t), s.of(typ)
	args := make([]any, 0, len(systemColumns)+2*len(x.columns)+1)
	args = append(args, state.Version, state.Title, state.PipelineID, state.StageID, state.ResponsibleID, state.DepartmentID, state.DeptPos,
		state.StageEnteredAt, state.CreatedAt, state.CreatedBy, state.UpdatedAt, orNull(state.ClosedAt), state.LostReasonID, orNull(state.NextAt),
		state.NextID, state.NextTitle, textkey.Key(state.Title), nextKey(state.NextID, state.NextTitle))
	for _, f := range x.columns {
		args = appendArgs(args, f, state.Data[f.Pos])
	}
	text := x.insert
	if state.ID != 0 {
		text, args = x.revive, append(args, state.ID)
	}
	id, err := db.InsertID(q, text, args...)
	if err != nil {
		return 0, err
	}
	for _, f := range typ.Fields {
		if d := state.Data[f.Pos]; len(d.Many) > 0 {
			if err := insertSide(q, typ, id, f, d.Many); err != nil {
				return 0, err
			}
		}
	}
	return id, insertObservers(q, typ, id, state.Observers)
}

// nextKey is the key of the next step's title: null where there is no next step.
func nextKey(id int64, title string) any {
	if id == 0 {
		return nil
	}
	return textkey.Key(title)
}

func orNull(at clock.Instant) any {
	if at == 0 {
		return nil
	}
	return at
}

func keyOf(d schema.Datum) string {
	if d.Key == "" {
		return textkey.Key(d.Text)
	}
	return d.Key
}

// Update implements record.Store. Columns are named in a fixed order, so that changes of the same fields share a text.
func (s *Store) Update(t tx.Tx, c *record.Change) error {
	q, a := db.Of(t), &c.After
	var b strings.Builder
	args := make([]any, 0, 16)
	set := func(column string, v any) {
		b.WriteString(", ")
		b.WriteString(column)
		b.WriteString(" = ?")
		args = append(args, v)
	}
	b.WriteString("UPDATE " + c.Type.Table() + " SET version = ?, updated_at = ?")
	args = append(args, a.Version, a.UpdatedAt)
	if c.Changed("title") {
		set("title", a.Title)
		set("title_key", textkey.Key(a.Title))
	}
	if c.Before.StageID != a.StageID || c.Before.PipelineID != a.PipelineID {
		set("pipeline_id", a.PipelineID)
		set("stage_id", a.StageID)
		set("stage_entered_at", a.StageEnteredAt)
		set("closed_at", orNull(a.ClosedAt))
	}
	if c.Before.LostReasonID != a.LostReasonID {
		set("lost_reason_id", a.LostReasonID)
	}
	if c.Before.ResponsibleID != a.ResponsibleID || c.Before.DepartmentID != a.DepartmentID || c.Before.DeptPos != a.DeptPos {
		set("responsible_id", a.ResponsibleID)
		set("department_id", a.DepartmentID)
		set("dept_pos", a.DeptPos)
	}
	var many []*schema.Field
	for _, f := range c.Type.Fields {
		d, changed := c.Fields[f.Code]
		switch {
		case !changed:
		case f.Kind.Many():
			many = append(many, f)
		default:
			for _, column := range f.Columns() {
				b.WriteString(", " + column + " = ?")
			}
			args = appendArgs(args, f, d.To)
		}
	}
	b.WriteString(" WHERE id = ?")
	if err := db.Later(q, b.String(), append(args, c.ID)...); err != nil {
		return err
	}
	return s.updateSides(q, c, many)
}

func (s *Store) updateSides(q db.Q, c *record.Change, many []*schema.Field) error {
	for _, f := range many {
		d := c.Fields[f.Code]
		if d.From.Set {
			if err := removeSide(q, c.Type, c.ID, f); err != nil {
				return err
			}
		}
		if err := insertSide(q, c.Type, c.ID, f, d.To.Many); err != nil {
			return err
		}
	}
	if !c.Changed("observers") {
		return nil
	}
	if err := db.Later(q, "DELETE FROM observer WHERE type_id = ? AND record_id = ?", c.Type.ID, c.ID); err != nil {
		return err
	}
	return insertObservers(q, c.Type, c.ID, c.After.Observers)
}

// Remove implements record.Store. Links that lead here stay: they mean something again when the record is restored.
func (s *Store) Remove(t tx.Tx, typ *schema.Type, id int64) error {
	q := db.Of(t)
	for _, table := range []schema.Side{schema.InPhone, schema.InEmail, schema.InChoice, schema.InLink, schema.InAttachment, schema.InObserver} {
		typeColumn, recordColumn := owner(table)
		if err := db.Later(q, "DELETE FROM "+string(table)+" WHERE "+typeColumn+" = ? AND "+recordColumn+" = ?", typ.ID, id); err != nil {
			return err
		}
	}
	if err := db.Later(q, "DELETE FROM external_ref WHERE type_id = ? AND record_id = ?", typ.ID, id); err != nil {
		return err
	}
	return db.Later(q, "DELETE FROM "+typ.Table()+" WHERE id = ?", id)
}
