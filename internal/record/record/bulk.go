package record

import (
	"context"
	"errors"
	"slices"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// Limits of bulk work.
const (
	MaxBulk   = 500 // records of one call
	bulkSlice = 50  // records of one transaction, so that others get their turn between
)

// Failure is a record of a bulk change that was refused, and why.
type Failure struct {
	ID  int64
	Err error
}

// BulkResult tells what a bulk change did.
type BulkResult struct {
	Done   int
	Failed []Failure
}

// BulkUpdate sets the same values in many records. Each record is changed or refused for itself.
func (s *Service) BulkUpdate(ctx context.Context, d tx.Doer, who access.Who, typ string, ids []int64, v Values) (BulkResult, error) {
	return s.bulk(ctx, d, who, typ, ids, func(x *session, id int64) error {
		_, err := x.update(id, v, 0)
		return err
	})
}

// BulkDelete moves many records to the bin.
func (s *Service) BulkDelete(ctx context.Context, d tx.Doer, who access.Who, typ string, ids []int64) (BulkResult, error) {
	return s.bulk(ctx, d, who, typ, ids, (*session).delete)
}

func (s *Service) bulk(ctx context.Context, d tx.Doer, who access.Who, typ string, ids []int64, f func(*session, int64) error) (BulkResult, error) {
	var all BulkResult
	if len(ids) > MaxBulk {
		return all, fault.New(fault.TooLarge, "record.bulk_too_many", fault.Args{"max": MaxBulk})
	}
	ids = unique(ids)
	for len(ids) > 0 {
		slice := ids[:min(len(ids), bulkSlice)]
		ids = ids[len(slice):]
		var part BulkResult
		err := d.Do(ctx, func(t tx.Tx) error {
			part = BulkResult{}
			return s.slice(t, who, typ, slice, f, &part)
		})
		if err != nil {
			return all, err
		}
		all.Done += part.Done
		all.Failed = append(all.Failed, part.Failed...)
	}
	return all, nil
}

// slice works on some records in one transaction: rows are locked first in one order, totals are written last.
func (s *Service) slice(t tx.Tx, who access.Who, typ string, ids []int64, f func(*session, int64) error, out *BulkResult) error {
	x, err := s.begin(t, who, typ)
	if err != nil {
		return err
	}
	if err := s.store.Lock(t, x.typ, ids); err != nil {
		return err
	}
	for _, id := range ids {
		before := slices.Clone(x.totals.totals)
		err := s.store.Savepoint(t, func() error { return f(x, id) })
		var known *fault.Error
		switch {
		case err == nil:
			out.Done++
		case errors.As(err, &known) && known.Code != fault.Unavailable && known.Code != fault.Internal:
			x.totals.totals = before
			out.Failed = append(out.Failed, Failure{ID: id, Err: err})
		default:
			return err
		}
	}
	return x.finish()
}

// unique drops repeats and keeps the order.
func unique(ids []int64) []int64 {
	seen := make(map[int64]bool, len(ids))
	out := make([]int64, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// PutExternal creates or changes the record known to an outside system under an id, and tells which it is.
func (s *Service) PutExternal(t tx.Tx, who access.Who, system, typ, externalID string, v Values) (id int64, created bool, err error) {
	x, err := s.begin(t, who, typ)
	if err != nil {
		return 0, false, err
	}
	if system == "" || len(system) > 40 || externalID == "" || len(externalID) > 200 {
		return 0, false, fault.In("external_id", "record.bad_external")
	}
	id, known, err := s.store.External(t, system, x.typ, externalID)
	if err != nil {
		return 0, false, err
	}
	if known {
		if _, err := x.update(id, v, 0); fault.Is(err, fault.NotFound) && !x.who.May(x.typ.Code, access.Create) {
			return 0, false, forbidden(access.Create) // as if nobody knew it: who couldn't make it isn't told that it is there
		} else if err != nil {
			return 0, false, err
		}
		return id, false, x.finish()
	}
	c, err := x.create(v)
	if err != nil {
		return 0, false, err
	}
	if err := s.store.PutExternal(t, system, x.typ, externalID, c.ID); err != nil {
		return 0, false, err
	}
	return c.ID, true, x.finish()
}

// External finds the record known to an outside system under an id, if who may see it.
func (s *Service) External(ctx context.Context, who access.Who, system, typ, externalID string) (int64, error) {
	id, a, ok, err := s.store.Known(ctx, system, typ, externalID)
	if err != nil {
		return 0, err
	}
	if !ok || !who.IsSystem() && !who.Plan(typ, access.See).Sees(a) {
		return 0, fault.New(fault.NotFound, "record.no_external", fault.Args{"system": system, "id": externalID})
	}
	return id, nil
}

// Observe adds a person to the observers of a record or takes him off. Whoever sees a record may stop observing it himself.
func (s *Service) Observe(t tx.Tx, who access.Who, r ref.Ref, userID int64, on bool) (version int64, err error) {
	x, err := s.begin(t, who, r.Type)
	if err != nil {
		return 0, err
	}
	op := access.Edit
	if userID == who.UserID && !on {
		op = access.See
	}
	c, err := x.open(r.ID, op, nil)
	if err != nil {
		return 0, err
	}
	ids := make([]any, 0, len(c.Before.Observers)+1)
	for _, id := range c.Before.Observers {
		if id != userID {
			ids = append(ids, id)
		}
	}
	if on {
		ids = append(ids, userID)
	}
	in, wrong := x.read(Values{"observers": ids})
	if wrong != nil {
		return 0, wrong
	}
	if err := x.apply(c, in); err != nil {
		return 0, err
	}
	if len(c.Codes) == 0 {
		return c.Before.Version, nil
	}
	if err := x.write(c); err != nil {
		return 0, err
	}
	return c.After.Version, x.finish()
}
