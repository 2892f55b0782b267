package recordquery

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/event"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// Get appends one record as JSON to dst, with its open offer if there is one. A record that may not be seen is not
// found.
func (s *Store) Get(ctx context.Context, plan access.Plan, g *query.Get, dst []byte) ([]byte, error) {
	err := s.db.Read(ctx, func(q db.Q) (err error) {
		dst, err = s.GetIn(q, plan, g, dst)
		return err
	})
	return dst, err
}

// GetIn is Get as q sees the record.
func (s *Store) GetIn(q db.Q, plan access.Plan, g *query.Get, dst []byte) ([]byte, error) {
	p := newPage()
	defer p.free()
	p.records, p.last = true, true
	pr := s.projection(g.Catalog, g.Type, g.Fields)
	if err := s.one(q, plan, g, pr, p); err != nil {
		return dst, err
	}
	if err := p.fill(q, g.Catalog, g.Type, pr.sides, g.Linked); err != nil {
		return dst, err
	}
	if err := p.fillOffers(q, g.Type); err != nil {
		return dst, err
	}
	if err := p.settle(q); err != nil {
		return dst, err
	}
	return p.splice(dst, 0, len(p.buf)), nil
}

// one writes the record g names.
func (s *Store) one(q db.Q, plan access.Plan, g *query.Get, pr *projection, p *page) error {
	if plan.Nothing() {
		return notFound(g.Type, g.ID)
	}
	x := newStatement(q.Dialect())
	x.add("SELECT ", pr.columns, ", ", accessColumns, " FROM ", g.Type.Table()).with(" r WHERE r.id = ?", g.ID)
	sight, seen := newSight(plan), false
	var a event.Access
	err := x.query(q, func(r db.Row) error {
		a = readAccess(r, pr.n)
		seen = sight.at(g.ID, a)
		pr.record(p, r)
		return nil
	})
	if err == nil && !seen {
		err = sight.last(q, g.Type, g.ID)
	}
	if err != nil || g.May == nil {
		return err
	}
	return p.acts(q, g, a)
}

// acts adds what the reader may do with a record; where it stands is known but for its observers.
func (p *page) acts(q db.Q, g *query.Get, a event.Access) error {
	b := []byte(`,"can":[`)
	for _, op := range query.Acts {
		plan := g.May(op)
		if op == access.Move {
			plan = plan.Unbound()
		}
		may, err := Seen(q, g.Type, plan, map[int64]event.Access{g.ID: a})
		if err != nil {
			return err
		}
		if !may[g.ID] {
			continue
		}
		if b[len(b)-1] != '[' {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), op...), '"')
	}
	p.more(g.ID, string(append(b, ']')))
	return nil
}

// more adds members to the end of a record.
func (p *page) more(id int64, members string) {
	if p.extra == nil {
		p.extra = map[int64]string{}
	}
	p.extra[id] += members
}

// visible fails with not found unless the plan reaches a record.
func visible(q db.Q, plan access.Plan, t *schema.Type, id int64) error {
	if plan.Nothing() {
		return notFound(t, id)
	}
	s := newStatement(q.Dialect())
	s.with("SELECT "+accessColumns+" FROM "+t.Table()+" r WHERE r.id = ?", id)
	sight, seen := newSight(plan), false
	err := s.query(q, func(r db.Row) error { seen = sight.at(id, readAccess(r, 0)); return nil })
	if err != nil || seen {
		return err
	}
	return sight.last(q, t, id)
}

// last fails with not found unless a record the row alone doesn't let see is seen all the same.
func (s *sight) last(q db.Q, t *schema.Type, id int64) error {
	ids, err := s.observed(q, t)
	if err == nil && len(ids) == 0 {
		err = notFound(t, id)
	}
	return err
}

// fillOffers reads the open offers of the page's records, until db.Settle.
func (p *page) fillOffers(q db.Q, t *schema.Type) error {
	if len(p.ids) == 0 {
		return nil
	}
	s := newStatement(q.Dialect())
	s.with("SELECT o.record_id, o.id, d.code, o.user_id, o.round, o.offered_at, o.due_at, o.state, o.work_ms, o.pauses FROM offer o JOIN drum d ON d.id = o.drum_id"+
		" WHERE o.decided_at = 0 AND o.type_id = ? AND ", t.ID).in("o.record_id", p.ids)
	return s.soon(q, func(r db.Row) error {
		b := r.AppendInt([]byte(`,"offer":{"id":`), 1)
		b = r.AppendJSONString(append(b, `,"drum":`...), 2)
		b = r.AppendInt(append(b, `,"user":`...), 3)
		b = r.AppendInt(append(b, `,"round":`...), 4)
		b = r.AppendJSONString(append(b, `,"state":`...), 7)
		b = appendInstant(append(b, `,"offered_at":`...), r.Int64(5))
		b = append(b, `,"due_at":`...)
		if due := r.Int64(6); due != 0 {
			b = appendInstant(b, due)
		} else { // the head has it, without a deadline
			b = append(b, "null"...)
		}
		b, err := appendPauses(b, r.Int64(8), r.Bytes(9))
		if err != nil {
			return err
		}
		b = append(b, '}')
		p.more(r.Int64(0), string(b))
		return nil
	})
}

// appendPauses adds when the clock of an offer stands still, and how much working time it gives; nothing when it never does.
func appendPauses(b []byte, workMS int64, text []byte) ([]byte, error) {
	if len(text) <= len("[]") {
		return b, nil
	}
	var pauses []struct{ From, To int64 }
	if err := json.Unmarshal(text, &pauses); err != nil {
		return b, fmt.Errorf("pauses of an offer: %w", err)
	}
	b = append(strconv.AppendInt(append(b, `,"work_seconds":`...), workMS/1000, 10), `,"pauses":[`...)
	for i, p := range pauses {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendInstant(append(b, `{"from":`...), p.From), `,"to":`...)
		b = append(appendInstant(b, p.To), '}')
	}
	return append(b, ']'), nil
}
