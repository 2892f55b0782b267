package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// JobPurge removes a record from the bin for good; its payload is PurgeJob.
const JobPurge = "record.purge"

// PurgeJob is the payload of JobPurge.
type PurgeJob struct {
	Type int64 `json:"type"`
	ID   int64 `json:"id"`
}

// expire schedules the end of a record in the bin.
func (x *session) expire(id int64) error {
	payload, err := json.Marshal(PurgeJob{x.typ.ID, id})
	if err != nil {
		return err
	}
	return x.t.Schedule(job.Job{Kind: JobPurge, Key: x.ref(id).String(), DueAt: x.t.Now().Add(BinDays * 24 * time.Hour), Payload: payload})
}

// Jobs are the handlers of the room's jobs; d runs their transactions.
func (s *Service) Jobs(d tx.Doer) []job.Handler {
	return []job.Handler{
		{Kind: JobPurge, Run: s.purge},
		{Kind: schema.JobMoveValue, Do: func(ctx context.Context, j job.Job) error { return s.moveValue(ctx, d, j) }},
	}
}

func (s *Service) purge(t any, j job.Job) error {
	var p PurgeJob
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return err
	}
	return s.store.Purge(t.(tx.Tx), p.Type, p.ID)
}

// moveValue gives records that hold a removed list value another one, a slice at a time. A record that can't be changed
// keeps the old value, which stays readable; the job then fails with the numbers of those left, so that it is tried again
// and at last shown by doctor.
func (s *Service) moveValue(ctx context.Context, d tx.Doer, j job.Job) error {
	var move schema.MoveValueJob
	if err := json.Unmarshal(j.Payload, &move); err != nil {
		return err
	}
	ctx = tx.WithCause(ctx, event.Cause{Kind: "system", Note: "record.value_removed"})
	var kept []Failure
	for after := int64(0); ; {
		last := int64(0)
		var out BulkResult
		err := d.Do(ctx, func(t tx.Tx) error {
			ids, typ, err := s.nextHolders(t, move, after)
			if last = 0; err != nil || len(ids) == 0 {
				return err
			}
			last, out = ids[len(ids)-1], BulkResult{}
			return s.slice(t, access.System(), typ.Code, ids, func(x *session, id int64) error { return x.exchange(id, move) }, &out)
		})
		if err != nil {
			return err
		}
		kept = append(kept, out.Failed...)
		if last == 0 {
			return keptError(kept)
		}
		after = last
	}
}

// keptError names the records that still hold a removed value and why; those deleted meanwhile don't count.
func keptError(kept []Failure) error {
	const named = 20
	kept = slices.DeleteFunc(kept, func(f Failure) bool { return fault.Is(f.Err, fault.NotFound) })
	if len(kept) == 0 {
		return nil
	}
	errs := []error{fmt.Errorf("%d records keep the removed value", len(kept))}
	for _, f := range kept[:min(len(kept), named)] {
		errs = append(errs, fmt.Errorf("%d: %w", f.ID, f.Err))
	}
	return errors.Join(errs...)
}

func (s *Service) nextHolders(t tx.Tx, move schema.MoveValueJob, after int64) ([]int64, *schema.Type, error) {
	cat, err := s.store.Catalog(t)
	if err != nil {
		return nil, nil, err
	}
	typ := cat.TypeByID(move.Type)
	if typ == nil || typ.FieldByID(move.Field) == nil {
		return nil, nil, nil
	}
	ids, err := s.store.WithValue(t, typ, typ.FieldByID(move.Field), move.From, after, bulkSlice)
	return ids, typ, err
}

// exchange replaces a list value in one record.
func (x *session) exchange(id int64, move schema.MoveValueJob) error {
	f := x.typ.FieldByID(move.Field)
	if f == nil || f.Pos < 0 {
		return fault.New(fault.NotFound, "record.no_such_field", fault.Args{"field": move.Field})
	}
	c, err := x.open(id, access.Edit, input{f: schema.Datum{}})
	if err != nil {
		return err
	}
	now := c.Before.Get(f)
	to := schema.IntDatum(move.To)
	if f.Kind.Many() {
		items := []schema.Item{{ID: move.To}}
		for _, item := range now.Many {
			if item.ID != move.From && item.ID != move.To {
				items = append(items, item)
			}
		}
		to = schema.ManyDatum(schema.SortItems(items))
	} else if now.Int != move.From {
		return nil
	}
	c.set(f, to)
	if len(c.Codes) == 0 {
		return nil
	}
	return x.write(c)
}
