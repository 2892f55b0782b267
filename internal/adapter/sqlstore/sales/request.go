package salesstore

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/sales/form"
	"voronka/internal/sales/intake"
)

// Keys implements intake.Reader.
func (s *Store) Keys(ctx context.Context) (list []*intake.Key, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		return q.Query("SELECT "+keyColumns+" FROM intake_key WHERE removed_at = 0 ORDER BY id", nil, func(r db.Row) error {
			k, err := readKey(r)
			list = append(list, k)
			return err
		})
	})
	return list, err
}

// Door implements intake.Reader.
func (s *Store) Door(ctx context.Context, address string) (*intake.Key, error) {
	return s.keyWhere(ctx, openDoor, address)
}

// ClosedDoor implements intake.Reader.
func (s *Store) ClosedDoor(ctx context.Context, address string) (*intake.Key, error) {
	return s.keyWhere(ctx, "key = ? AND (active = 0 OR removed_at <> 0)", address)
}

// KeyOf implements intake.Reader.
func (s *Store) KeyOf(ctx context.Context, id int64) (*intake.Key, error) {
	return s.keyWhere(ctx, "id = ? AND removed_at = 0", id)
}

func (s *Store) keyWhere(ctx context.Context, where string, arg any) (k *intake.Key, err error) {
	err = s.d.Read(ctx, func(q db.Q) error { k, err = oneKey(q, where, arg); return err })
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
		sql := `SELECT r.id, r.at, r.intake_key_id, r.channel, r.source, r.payload, r.type_id, r.record_id, r.repeat_of, r.attribution, r.consent_id,
			coalesce(c.lang, ''), coalesce(c.text, '') FROM request r LEFT JOIN consent c ON c.id = r.consent_id WHERE 1 = 1`
		args := []any{}
		if typ := c.Type(f.Record.Type); typ != nil {
			sql, args = sql+" AND r.type_id = ? AND r.record_id = ?", append(args, typ.ID, f.Record.ID)
		}
		if f.KeyID != 0 {
			sql, args = sql+" AND r.intake_key_id = ?", append(args, f.KeyID)
		}
		if f.Before != 0 {
			sql, args = sql+" AND r.id < ?", append(args, f.Before)
		}
		return q.Query(sql+" ORDER BY r.id DESC LIMIT ?", append(args, f.Limit), func(r db.Row) error {
			one := intake.Request{
				ID: r.Int64(0), At: clock.Instant(r.Int64(1)), KeyID: r.Int64(2), Channel: r.Text(3), Source: r.Text(4),
				Payload: []byte(r.Text(5)), Record: refOf(c, r.Int64(6), r.Int64(7)), RepeatOf: r.Int64(8), ConsentID: r.Int64(10),
			}
			if text := r.Text(9); text != "" {
				one.Attribution = []byte(text)
			}
			if one.ConsentID != 0 {
				one.Consent = &form.Terms{Lang: r.Text(11), Text: r.Text(12)}
			}
			list = append(list, one)
			return nil
		})
	})
	return list, err
}
