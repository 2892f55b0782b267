package salesstore

import (
	"context"
	"slices"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/recordquery"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
	"voronka/internal/sales/drum"
)

// Drums implements drum.Reader.
func (s *Store) Drums(ctx context.Context) (list []*drum.Drum, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		var ids []int64
		if err := q.Query("SELECT id FROM drum WHERE active = 1 ORDER BY id", nil, func(r db.Row) error { ids = append(ids, r.Int64(0)); return nil }); err != nil {
			return err
		}
		for _, id := range ids {
			d, err := drumIn(q, id)
			if err != nil {
				return err
			}
			list = append(list, d)
		}
		return nil
	})
	return list, err
}

// DrumByID implements drum.Reader.
func (s *Store) DrumByID(ctx context.Context, id int64) (d *drum.Drum, err error) {
	err = s.d.Read(ctx, func(q db.Q) error { d, err = drumIn(q, id); return err })
	return d, err
}

// Day implements drum.Reader.
func (s *Store) Day(ctx context.Context, id int64, since clock.Instant) (day drum.Day, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		day = drum.Day{People: map[int64]drum.Standing{}}
		decided := `SELECT user_id, state, count(*) FROM offer WHERE drum_id = ? AND state IN ('taken', 'missed', 'withdrawn') AND decided_at >= ?
			GROUP BY user_id, state`
		if err := q.Query(decided, []any{id, since}, func(r db.Row) error {
			count(&day, r.Int64(0), r.Text(1), int(r.Int64(2)))
			return nil
		}); err != nil {
			return err
		}
		open := "SELECT user_id, state, count(*) FROM offer WHERE drum_id = ? AND state IN ('offered', 'escalated', 'waiting') GROUP BY user_id, state"
		return q.Query(open, []any{id}, func(r db.Row) error {
			count(&day, r.Int64(0), r.Text(1), int(r.Int64(2)))
			return nil
		})
	})
	return day, err
}

// Offers implements drum.Reader. Open offers are few; rights on their records are asked in memory.
func (s *Store) Offers(ctx context.Context, who access.Who, f drum.OfferFilter) (list []drum.Offer, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		c, err := s.schema.CatalogIn(q)
		if err != nil {
			return err
		}
		for _, typ := range c.Types {
			if typ.Staged {
				if list, err = s.openOffers(q, c, typ, who, f, list); err != nil {
					return err
				}
			}
		}
		slices.SortFunc(list, func(a, b drum.Offer) int { return int(a.ID - b.ID) })
		list = list[:min(len(list), f.Limit)]
		return nil
	})
	return list, err
}

func (s *Store) openOffers(q db.Q, c *schema.Catalog, typ *schema.Type, who access.Who, f drum.OfferFilter, list []drum.Offer) ([]drum.Offer, error) {
	sql := "SELECT " + offerColumns + `, r.title, r.pipeline_id, r.stage_id, r.responsible_id, r.department_id, r.dept_pos
		FROM offer o JOIN ` + typ.Table() + " r ON r.id = o.record_id WHERE o.type_id = ? AND o.decided_at = 0 AND o.id > ?"
	args := []any{typ.ID, f.After}
	if f.Mine {
		sql += " AND o.user_id = ? AND o.state IN ('offered', 'escalated')"
		args = append(args, who.UserID)
	}
	if f.DrumID != 0 {
		sql += " AND o.drum_id = ? AND o.state IN ('offered', 'escalated', 'waiting')"
		args = append(args, f.DrumID)
	}
	plan := who.Plan(typ.Code, access.See)
	var all []drum.Offer
	records := map[int64]event.Access{}
	if err := q.Query(sql+" ORDER BY o.id", args, func(r db.Row) error {
		o, err := readOffer(c, r)
		if err != nil {
			return err
		}
		o.Title = r.Text(offerWidth)
		o.Access = event.Access{
			PipelineID: r.Int64(offerWidth + 1), StageID: r.Int64(offerWidth + 2), ResponsibleID: r.Int64(offerWidth + 3),
			DepartmentID: r.Int64(offerWidth + 4), DeptPos: r.Int64(offerWidth + 5),
		}
		all, records[o.Record.ID] = append(all, o), o.Access
		return nil
	}); err != nil {
		return list, err
	}
	seen, err := recordquery.Seen(q, typ, plan, records)
	n := 0
	for _, o := range all {
		if n < f.Limit && (o.UserID == who.UserID || seen[o.Record.ID]) {
			list = append(list, o)
			n++
		}
	}
	return list, err
}

func count(day *drum.Day, user int64, state string, n int) {
	who := day.People[user]
	switch state {
	case drum.Taken:
		who.TakenToday, day.Taken = who.TakenToday+n, day.Taken+n
	case drum.Missing:
		who.MissesToday, day.Missed = who.MissesToday+n, day.Missed+n
	case drum.Withdrawn:
		day.Withdrawn += n
	case drum.Waiting:
		day.Waiting += n
	default:
		who.Open += n
		day.Offered += n
	}
	day.People[user] = who
}

// Decisions implements drum.Reader.
func (s *Store) Decisions(ctx context.Context, who access.Who, f drum.DecisionFilter) (list []drum.Offer, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		c, err := s.schema.CatalogIn(q)
		if err != nil {
			return err
		}
		sql, args := "SELECT "+offerColumns+" FROM offer o WHERE o.drum_id = ?", []any{f.DrumID}
		if f.State != "" {
			sql, args = sql+" AND o.state = ?", append(args, f.State)
		}
		if f.Before != 0 {
			sql, args = sql+" AND o.id < ?", append(args, f.Before)
		}
		if err := q.Query(sql+" ORDER BY o.id DESC LIMIT ?", append(args, f.Limit), func(r db.Row) error {
			o, err := readOffer(c, r)
			list = append(list, o)
			return err
		}); err != nil {
			return err
		}
		return titles(q, c, who, list)
	})
	return list, err
}

// titles fills in what the records of offers are called that the person sees.
func titles(q db.Q, c *schema.Catalog, who access.Who, list []drum.Offer) error {
	records := make([]ref.Ref, len(list))
	for i := range list {
		records[i] = list[i].Record
	}
	called, err := recordquery.Titles(q, c, who, records)
	for i := range list {
		if t := called[list[i].Record]; !t.Hidden {
			list[i].Title, list[i].Access = t.Text, t.Access
		}
	}
	return err
}

// sees tells whether a person sees a record; the zero record stands for all of them.
func sees(q db.Q, c *schema.Catalog, who access.Who, r ref.Ref) (bool, error) {
	if r.Zero() {
		return who.IsAdmin(), nil
	}
	called, err := recordquery.Titles(q, c, who, []ref.Ref{r})
	t, there := called[r]
	return there && !t.Hidden, err
}
