package salesstore

import (
	"context"
	"slices"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
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

// Standings implements drum.Reader.
func (s *Store) Standings(ctx context.Context, id int64, since clock.Instant) (list []drum.Standing, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		if err := q.Query("SELECT user_id, active FROM drum_member WHERE drum_id = ? ORDER BY pos", []any{id}, func(r db.Row) error {
			list = append(list, drum.Standing{Member: drum.Member{UserID: r.Int64(0), Active: r.Int64(1) != 0}})
			return nil
		}); err != nil {
			return err
		}
		return q.Query(`SELECT user_id, state, count(*) FROM offer WHERE drum_id = ? AND (state IN ('offered', 'escalated') AND decided_at = 0
			OR state IN ('missed', 'taken') AND decided_at >= ?) GROUP BY user_id, state`, []any{id, since}, func(r db.Row) error {
			i := slices.IndexFunc(list, func(s drum.Standing) bool { return s.UserID == r.Int64(0) })
			if i < 0 {
				return nil
			}
			switch n := int(r.Int64(2)); r.Text(1) {
			case drum.Missing:
				list[i].MissesToday += n
			case drum.Taken:
				list[i].TakenToday += n
			default:
				list[i].Open += n
			}
			return nil
		})
	})
	return list, err
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
	n := 0
	err := q.Query(sql+" ORDER BY o.id", args, func(r db.Row) error {
		o, err := readOffer(c, r)
		if err != nil {
			return err
		}
		o.Title = r.Text(12)
		o.Access = event.Access{PipelineID: r.Int64(13), StageID: r.Int64(14), ResponsibleID: r.Int64(15), DepartmentID: r.Int64(16), DeptPos: r.Int64(17)}
		if o.UserID != who.UserID && !plan.Sees(o.Access) {
			return nil
		}
		list = append(list, o)
		if n++; n >= f.Limit {
			return db.Stop
		}
		return nil
	})
	return list, err
}

// Keys implements intake.Reader.
func (s *Store) Keys(ctx context.Context) (list []*intake.Key, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		return q.Query("SELECT "+keyColumns+" FROM intake_key ORDER BY id", nil, func(r db.Row) error {
			k, err := readKey(r)
			list = append(list, k)
			return err
		})
	})
	return list, err
}

// Door implements intake.Reader.
func (s *Store) Door(ctx context.Context, address string) (k *intake.Key, err error) {
	err = s.d.Read(ctx, func(q db.Q) error { k, err = oneKey(q, "key = ? AND active = 1", address); return err })
	return k, err
}

// Requests implements intake.Reader.
func (s *Store) Requests(ctx context.Context, who access.Who, f intake.RequestFilter) (list []intake.Request, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		c, err := s.schema.CatalogIn(q)
		if err != nil {
			return err
		}
		if ok, err := sees(q, c, who, f.Record); err != nil {
			return err
		} else if !ok {
			return fault.New(fault.NotFound, "record.not_found", fault.Args{"type": f.Record.Type, "id": f.Record.ID})
		}
		sql, args := "SELECT id, at, intake_key_id, channel, source, payload, type_id, record_id, repeat_of FROM request WHERE 1 = 1", []any{}
		if typ := c.Type(f.Record.Type); typ != nil {
			sql, args = sql+" AND type_id = ? AND record_id = ?", append(args, typ.ID, f.Record.ID)
		}
		if f.KeyID != 0 {
			sql, args = sql+" AND intake_key_id = ?", append(args, f.KeyID)
		}
		if f.Before != 0 {
			sql, args = sql+" AND id < ?", append(args, f.Before)
		}
		return q.Query(sql+" ORDER BY id DESC LIMIT ?", append(args, f.Limit), func(r db.Row) error {
			list = append(list, intake.Request{
				ID: r.Int64(0), At: clock.Instant(r.Int64(1)), KeyID: r.Int64(2), Channel: r.Text(3), Source: r.Text(4),
				Payload: []byte(r.Text(5)), Record: refOf(c, r.Int64(6), r.Int64(7)), RepeatOf: r.Int64(8),
			})
			return nil
		})
	})
	return list, err
}

// sees tells whether a person sees a record; the zero record stands for all of them.
func sees(q db.Q, c *schema.Catalog, who access.Who, r ref.Ref) (bool, error) {
	if r.Zero() {
		return who.IsAdmin(), nil
	}
	typ := c.Type(r.Type)
	if typ == nil {
		return false, nil
	}
	var a event.Access
	found, err := db.One(q, "SELECT pipeline_id, stage_id, responsible_id, department_id, dept_pos FROM "+typ.Table()+" WHERE id = ?", []any{r.ID}, func(row db.Row) error {
		a = event.Access{PipelineID: row.Int64(0), StageID: row.Int64(1), ResponsibleID: row.Int64(2), DepartmentID: row.Int64(3), DeptPos: row.Int64(4)}
		return nil
	})
	if err != nil || !found {
		return false, err
	}
	err = q.Query("SELECT user_id FROM observer WHERE type_id = ? AND record_id = ?", []any{typ.ID, r.ID}, func(row db.Row) error {
		a.Observers = append(a.Observers, row.Int64(0))
		return nil
	})
	return who.Plan(r.Type, access.See).Sees(a), err
}
