package record

import (
	"encoding/json"
	"strings"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/record/journal"
	"voronka/internal/record/schema"
)

func (x *session) change(id int64) *Change {
	return &Change{Type: x.typ, Catalog: x.cat, ID: id, Fields: map[string]Diff{}}
}

// set puts a value into After and notes the difference to Before.
func (c *Change) set(f *schema.Field, d schema.Datum) {
	from := c.Before.Get(f)
	if from.Equal(d) {
		return
	}
	if _, known := c.Fields[f.Code]; !known {
		c.Codes = append(c.Codes, f.Code)
	}
	c.Fields[f.Code] = Diff{Field: f, From: from, To: d}
	if f.Pos >= 0 {
		c.After.Data[f.Pos] = d
		return
	}
	switch f.Code {
	case "title":
		c.After.Title = d.Text
	case "pipeline":
		c.After.PipelineID = d.Int
	case "stage":
		c.After.StageID = d.Int
	case "responsible":
		c.After.ResponsibleID = d.Int
	case "lost_reason":
		c.After.LostReasonID = d.Int
	case "closed_at":
		c.After.ClosedAt = clock.Instant(d.Int)
	case "observers":
		c.After.Observers = nil
		for _, item := range d.Many {
			c.After.Observers = append(c.After.Observers, item.ID)
		}
	}
}

// diff writes the changed fields as JSON; values of personal fields go apart.
func (c *Change) diff() (open []byte, personal map[string]json.RawMessage) {
	open = append(make([]byte, 0, 64*len(c.Codes)+2), '{')
	for i, code := range c.Codes {
		if i > 0 {
			open = append(open, ',')
		}
		open = schema.AppendString(open, code)
		open = append(open, ':')
		d := c.Fields[code]
		if !d.Field.Personal {
			open = c.appendDiff(open, d)
			continue
		}
		if personal == nil {
			personal = map[string]json.RawMessage{}
		}
		personal[code] = c.appendDiff(nil, d)
		open = append(open, `{"personal":true}`...)
	}
	return append(open, '}'), personal
}

func (c *Change) appendDiff(b []byte, d Diff) []byte {
	b = append(b, `{"from":`...)
	b = c.Catalog.AppendJSON(b, d.Field, d.From)
	b = append(b, `,"to":`...)
	b = c.Catalog.AppendJSON(b, d.Field, d.To)
	return append(b, '}')
}

func (x *session) before(c *Change) error {
	for _, h := range x.hooks {
		if err := h.Before(x.t, c); err != nil {
			return err
		}
	}
	return nil
}

// written tells journal, listeners and hooks of a change that is in the tables.
func (x *session) written(c *Change, kind, eventType string) error {
	open, personal := c.diff()
	e := journal.Entry{TypeID: x.typ.ID, RecordID: c.ID, Kind: kind, Version: c.After.Version, Diff: open, Personal: personal}
	if err := x.store.Write(x.t, e); err != nil {
		return err
	}
	ev := event.Event{Type: eventType, V: 1, Ref: x.ref(c.ID), Fields: c.Codes}
	if !c.Created && !c.Restored {
		before := c.Before.Access
		ev.Before = &before
	}
	if !c.Deleted {
		after := c.After.Access
		ev.After = &after
	}
	if err := x.t.Emit(ev); err != nil {
		return err
	}
	for _, h := range x.hooks {
		if err := h.After(x.t, c); err != nil {
			return err
		}
	}
	return nil
}

// decode reads JSON keeping numbers as they are written.
func decode(text string, v any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return d.Decode(v)
}
