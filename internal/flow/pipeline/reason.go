package pipeline

import (
	"context"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// ReasonPatch is what shall change of a lost reason; nil leaves as it is.
type ReasonPatch struct {
	TitleRU, TitleEN *string
	Sort             *int64
}

// CreateReason adds a reason of losing records of a type.
func (s *Service) CreateReason(ctx context.Context, who access.Who, typeCode, code string, titles Titles) (id int64, err error) {
	if err := who.Must(access.Types); err != nil {
		return 0, err
	}
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		id, err = s.createReason(t, typeCode, code, titles)
		return err
	})
	return id, err
}

func (s *Service) createReason(t tx.Tx, typeCode, code string, titles Titles) (int64, error) {
	if err := s.Store.Lock(t); err != nil {
		return 0, err
	}
	c, err := s.Store.Catalog(t)
	if err != nil {
		return 0, err
	}
	typ := c.Type(typeCode)
	if typ == nil || !typ.Staged {
		return 0, fault.In("type", "pipeline.type_has_none")
	}
	r := &schema.LostReason{TypeID: typ.ID, Sort: last(c.LostReasons(typ.Code), func(r *schema.LostReason) int64 { return r.Sort })}
	if r.TitleRU, r.TitleEN, err = CleanTitles(titles); err != nil {
		return 0, err
	}
	codes, err := s.Store.ReasonCodes(t, typ.ID)
	if err != nil {
		return 0, err
	}
	if r.Code, err = NewCode(code, titles, "reason", codes); err != nil {
		return 0, err
	}
	return s.Store.InsertReason(t, r)
}

// ChangeReason renames a reason or moves it.
func (s *Service) ChangeReason(ctx context.Context, who access.Who, id int64, patch ReasonPatch) error {
	return s.withReason(ctx, who, id, func(t tx.Tx, r *schema.LostReason) (err error) {
		if r.TitleRU, r.TitleEN, err = CleanTitles(patched(r.TitleRU, r.TitleEN, patch.TitleRU, patch.TitleEN)); err != nil {
			return err
		}
		if patch.Sort != nil {
			r.Sort = *patch.Sort
		}
		return nil
	})
}

// RemoveReason takes a reason off the list. Records lost for it keep it.
func (s *Service) RemoveReason(ctx context.Context, who access.Who, id int64) error {
	return s.withReason(ctx, who, id, func(_ tx.Tx, r *schema.LostReason) error {
		r.Removed = true
		return nil
	})
}

func (s *Service) withReason(ctx context.Context, who access.Who, id int64, change func(tx.Tx, *schema.LostReason) error) error {
	if err := who.Must(access.Types); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.Lock(t); err != nil {
			return err
		}
		c, err := s.Store.Catalog(t)
		if err != nil {
			return err
		}
		found := c.LostReasonByID(id)
		if found == nil || found.Removed {
			return fault.New(fault.NotFound, "reason.not_found")
		}
		r := *found
		if err := change(t, &r); err != nil {
			return err
		}
		return s.Store.SaveReason(t, &r)
	})
}
