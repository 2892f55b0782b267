package recordquery

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
	"voronka/internal/record/journal"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// Timeline appends the story of a record to dst, the newest first: {"planned": […], "items": [{"id", "at", "kind",
// "actor", "cause", "diff" or "activity"}], "next"}. Whoever may see a record may read its whole story with the
// activities about it. Planned activities, the nearest first, are on the first page only.
func (s *Store) Timeline(ctx context.Context, plan access.Plan, t *query.Timeline, dst []byte) ([]byte, error) {
	err := s.db.Read(ctx, func(q db.Q) error {
		if err := visible(q, plan, t.Type, t.ID); err != nil {
			return err
		}
		entries, more, err := s.entries(q, t)
		if err != nil {
			return err
		}
		p := newPage()
		defer p.free()
		dst = append(dst, '{')
		if t.After == nil && t.Kind == "" {
			if dst, err = s.planned(q, t, dst); err != nil {
				return err
			}
		}
		if err := s.tell(q, t, entries, p); err != nil {
			return err
		}
		dst = append(p.splice(append(dst, `"items":[`...), 0, len(p.buf)), ']')
		if more {
			last := entries[len(entries)-1]
			dst = append(append(append(dst, `,"next":"`...), query.StoryMark{At: last.at, Activity: last.activity, ID: last.id}.String()...), '"')
		}
		dst = append(dst, '}')
		return nil
	})
	return dst, err
}

// entry is one line of the story: a row of the journal, or an activity.
type entry struct {
	at       int64
	activity bool
	id       int64
	kind     string
	actor    int64
	cause    string
	diff     string
	hidden   bool // nothing of it is left for the reader
}

// entries reads the page's rows out of the journal and the activities about the record, in one order.
func (s *Store) entries(q db.Q, t *query.Timeline) (out []entry, more bool, err error) {
	journal, err := journalOf(q, t)
	if err != nil {
		return nil, false, err
	}
	activities, err := activitiesOf(q, t)
	if err != nil {
		return nil, false, err
	}
	for len(out) <= t.Limit && len(journal)+len(activities) > 0 {
		if len(activities) == 0 || len(journal) > 0 && later(journal[0], activities[0]) {
			out, journal = append(out, journal[0]), journal[1:]
		} else {
			out, activities = append(out, activities[0]), activities[1:]
		}
	}
	if len(out) > t.Limit {
		return out[:t.Limit], true, nil
	}
	return out, false, nil
}

// later is the order of the story: the newest first, at one moment activities before the journal.
func later(a, b entry) bool {
	if a.at != b.at {
		return a.at > b.at
	}
	if a.activity != b.activity {
		return a.activity
	}
	return a.id > b.id
}

func journalOf(q db.Q, t *query.Timeline) ([]entry, error) {
	if t.Kind == "activity" {
		return nil, nil
	}
	s := newStatement(q.Dialect())
	s.with("SELECT id, at, kind, actor_id, cause, diff FROM journal WHERE type_id = ? AND record_id = ?", t.Type.ID, t.ID)
	if t.Kind != "" {
		s.with(" AND kind = ?", t.Kind)
	}
	if a := t.After; a != nil {
		if a.Activity {
			s.with(" AND at <= ?", a.At)
		} else {
			s.with(" AND (at, id) < (?, ?)", a.At, a.ID)
		}
	}
	s.add(" ORDER BY at DESC, id DESC LIMIT ").number(t.Limit + 1)
	var out []entry
	err := s.query(q, func(r db.Row) error {
		out = append(out, entry{
			id: r.Int64(0), at: r.Int64(1), kind: r.Text(2), actor: r.Int64(3), cause: r.Text(4), diff: r.Text(5),
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := personalDiffs(q, out); err != nil || !t.Type.Partial() {
		return out, err
	}
	for i := range out {
		out[i].limit(t.Type)
	}
	return out, nil
}

// limit takes out of an entry what is hidden from the reader of the type. A change of nothing else isn't told at all.
func (e *entry) limit(t *schema.Type) {
	switch e.kind {
	case journal.Created, journal.Changed, journal.Moved, journal.Deleted, journal.Restored:
		left := lessMembers(e.diff, t.Hides)
		e.hidden = e.kind == journal.Changed && left == "{}" && e.diff != "{}"
		e.diff = left
	default:
		e.diff = lessInside(e.diff, "request", func(name string) bool {
			return name == "text" && t.Hides("comment") || (name == "source" || name == "attribution") && t.Hides("source")
		})
	}
}

// lessMembers is a JSON object less some of its members.
func lessMembers(object string, drop func(member string) bool) string {
	return members(object, func(name string, value json.RawMessage) json.RawMessage {
		if drop(name) {
			return nil
		}
		return value
	})
}

// lessInside is a JSON object whose member, an object too, has lost some of its own.
func lessInside(object, member string, drop func(member string) bool) string {
	return members(object, func(name string, value json.RawMessage) json.RawMessage {
		if name == member {
			return json.RawMessage(lessMembers(string(value), drop))
		}
		return value
	})
}

// members writes a JSON object anew with what each makes of its members, nil is left out; what is no object becomes an empty one.
func members(object string, each func(name string, value json.RawMessage) json.RawMessage) string {
	d := json.NewDecoder(strings.NewReader(object))
	b := []byte{'{'}
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return "{}"
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return "{}"
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return "{}"
		}
		text, _ := name.(string)
		if value = each(text, value); value == nil {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(append(schema.AppendString(b, text), ':'), value...)
	}
	return string(append(b, '}'))
}

// personalDiffs puts back what the journal keeps apart so that it can be erased.
func personalDiffs(q db.Q, entries []entry) error {
	if len(entries) == 0 {
		return nil
	}
	at := make(map[int64]int, len(entries))
	ids := make([]int64, len(entries))
	for i, e := range entries {
		at[e.id], ids[i] = i, e.id
	}
	s := newStatement(q.Dialect())
	s.add("SELECT journal_id, field, diff FROM journal_personal WHERE ").in("journal_id", ids).add(" ORDER BY journal_id, field")
	return s.query(q, func(r db.Row) error {
		e := &entries[at[r.Int64(0)]]
		e.diff = merged(e.diff, r.Text(1), r.Text(2))
		return nil
	})
}

// merged adds a member to a JSON object.
func merged(object, member, value string) string {
	if len(object) < 2 || object[len(object)-1] != '}' {
		return object
	}
	b := []byte(object[:len(object)-1])
	if len(object) > 2 {
		b = append(b, ',')
	}
	b = append(schema.AppendString(b, member), ':')
	return string(append(append(b, value...), '}'))
}

// about joins activities to the record they are about; done ones, and those without a date, belong to the story.
const about = " FROM link l JOIN r_activity r ON r.id = l.from_id WHERE l.to_type = ? AND l.to_id = ? AND l.from_type = ? AND l.field_id = ?"

const storyMoment = "coalesce(r.done_at, r.created_at)"

func aboutArgs(t *query.Timeline) (activity *schema.Type, args []any) {
	activity = t.Catalog.Type("activity")
	if activity == nil || activity.Field("about") == nil {
		return nil, nil
	}
	return activity, []any{t.Type.ID, t.ID, activity.ID, activity.Field("about").ID}
}

func activitiesOf(q db.Q, t *query.Timeline) ([]entry, error) {
	_, args := aboutArgs(t)
	if args == nil || t.Kind != "" && t.Kind != "activity" {
		return nil, nil
	}
	s := newStatement(q.Dialect())
	s.with("SELECT r.id, "+storyMoment+", r.created_by"+about+" AND (r.done_at IS NOT NULL OR r.due_at IS NULL)", args...)
	if a := t.After; a != nil {
		if a.Activity {
			s.with(" AND ("+storyMoment+", r.id) < (?, ?)", a.At, a.ID)
		} else {
			s.with(" AND "+storyMoment+" < ?", a.At)
		}
	}
	s.add(" ORDER BY 2 DESC, 1 DESC LIMIT ").number(t.Limit + 1)
	var out []entry
	err := s.query(q, func(r db.Row) error {
		out = append(out, entry{activity: true, id: r.Int64(0), at: r.Int64(1), actor: r.Int64(2), kind: "activity"})
		return nil
	})
	return out, err
}

// maxPlanned is how many planned activities stand on top of a story.
const maxPlanned = 50

func (s *Store) planned(q db.Q, t *query.Timeline, dst []byte) ([]byte, error) {
	activity, args := aboutArgs(t)
	if args == nil {
		return append(dst, `"planned":[],`...), nil
	}
	p := newPage()
	defer p.free()
	pr := s.projection(t.Catalog, activity, query.AllFields(activity))
	x := newStatement(q.Dialect())
	x.with("SELECT "+pr.columns+about+" AND r.done_at IS NULL AND r.due_at IS NOT NULL ORDER BY r.due_at, r.id LIMIT ", args...).number(maxPlanned)
	err := x.query(q, func(r db.Row) error {
		if len(p.buf) > 0 {
			p.buf = append(p.buf, ',')
		}
		pr.record(p, r)
		return nil
	})
	if err != nil {
		return dst, err
	}
	if err := p.fill(q, t.Catalog, activity, pr.sides, t.Linked); err != nil {
		return dst, err
	}
	return append(p.splice(append(dst, `"planned":[`...), 0, len(p.buf)), "],"...), nil
}

// tell writes the entries; activities are read whole in one go.
func (s *Store) tell(q db.Q, t *query.Timeline, entries []entry, p *page) error {
	var ids []int64
	for _, e := range entries {
		if e.activity {
			ids = append(ids, e.id)
		}
	}
	activities, err := s.whole(q, t, ids)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.hidden {
			continue
		}
		if len(p.buf) > 0 {
			p.buf = append(p.buf, ',')
		}
		p.buf = strconv.AppendInt(append(p.buf, `{"id":`...), e.id, 10)
		p.buf = appendInstant(append(p.buf, `,"at":`...), e.at)
		p.buf = schema.AppendString(append(p.buf, `,"kind":`...), e.kind)
		if e.actor != 0 {
			p.buf = strconv.AppendInt(append(p.buf, `,"actor":`...), e.actor, 10)
		}
		if e.activity {
			p.buf = append(append(p.buf, `,"activity":`...), activities[e.id]...)
		} else {
			p.buf = append(append(p.buf, `,"cause":`...), e.cause...)
			p.buf = append(append(p.buf, `,"diff":`...), e.diff...)
		}
		p.buf = append(p.buf, '}')
	}
	return nil
}

// whole reads activities as JSON, by number.
func (s *Store) whole(q db.Q, t *query.Timeline, ids []int64) (map[int64]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	activity := t.Catalog.Type("activity")
	p := newPage()
	defer p.free()
	pr := s.projection(t.Catalog, activity, query.AllFields(activity))
	x := newStatement(q.Dialect())
	x.add("SELECT ", pr.columns, " FROM r_activity r WHERE ").in("r.id", ids)
	var ends []int
	if err := x.query(q, func(r db.Row) error {
		pr.record(p, r)
		ends = append(ends, len(p.buf))
		return nil
	}); err != nil {
		return nil, err
	}
	if err := p.fill(q, t.Catalog, activity, pr.sides, t.Linked); err != nil {
		return nil, err
	}
	out, from := make(map[int64]string, len(ids)), 0
	for i, end := range ends {
		out[p.ids[i]] = string(p.splice(nil, from, end))
		from = end
	}
	return out, nil
}

// Visits appends the stages a record has been on, in order, to dst: {"items": [{"pipeline", "stage", "responsible",
// "entered_at", "left_at", "wall_seconds", "work_seconds", "runs_until"}]}. What an open visit has taken so far is worked out
// by the hours of whoever is responsible now, as it will be when it ends.
func (s *Store) Visits(ctx context.Context, plan access.Plan, g *query.Get, worked query.Worked, dst []byte) ([]byte, error) {
	err := s.db.Read(ctx, func(q db.Q) error {
		if err := visible(q, plan, g.Type, g.ID); err != nil {
			return err
		}
		dst = append(dst, `{"items":[`...)
		first := true
		err := q.Query("SELECT pipeline_id, stage_id, responsible_id, entered_at, left_at, wall_seconds, work_seconds,"+
			" (SELECT r.responsible_id FROM "+g.Type.Table()+" r WHERE r.id = visit.record_id) FROM visit WHERE type_id = ? AND record_id = ? ORDER BY id", []any{g.Type.ID, g.ID}, func(r db.Row) error {
			if !first {
				dst = append(dst, ',')
			}
			first = false
			dst = appendVisit(dst, g.Catalog, r, worked)
			return nil
		})
		dst = append(dst, "]}"...)
		return err
	})
	return dst, err
}

func appendVisit(dst []byte, c *schema.Catalog, r db.Row, worked query.Worked) []byte {
	dst = append(dst, '{')
	if p := c.PipelineByID(r.Int64(0)); p != nil {
		dst = append(schema.AppendString(append(dst, `"pipeline":`...), p.Code), ',')
	}
	if s := c.StageByID(r.Int64(1)); s != nil {
		dst = append(schema.AppendString(append(dst, `"stage":`...), s.Code), ',')
	}
	if r.Int64(2) != 0 {
		dst = append(r.AppendInt(append(dst, `"responsible":`...), 2), ',')
	}
	dst = appendInstant(append(dst, `"entered_at":`...), r.Int64(3))
	if r.Int64(4) != 0 {
		dst = appendInstant(append(dst, `,"left_at":`...), r.Int64(4))
		dst = r.AppendInt(append(dst, `,"wall_seconds":`...), 5)
		dst = r.AppendInt(append(dst, `,"work_seconds":`...), 6)
		return append(dst, '}')
	}
	wall, work, until := worked(r.Int64(7), clock.Instant(r.Int64(3)))
	dst = strconv.AppendInt(append(dst, `,"wall_seconds":`...), int64(wall/time.Second), 10)
	dst = strconv.AppendInt(append(dst, `,"work_seconds":`...), int64(work/time.Second), 10)
	if until != 0 {
		dst = appendInstant(append(dst, `,"runs_until":`...), int64(until))
	}
	return append(dst, '}')
}
