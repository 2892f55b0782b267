package record

import (
	"cmp"
	"slices"

	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// Edit is what shall change in one record.
type Edit struct {
	Ref    ref.Ref
	Values Values
}

// UpdateEach is Update of many records in one transaction, written over whatever is there: rows are locked first in one
// order, totals are written last and once. All are changed or none; the caller keeps their number small.
func (s *Service) UpdateEach(t tx.Tx, who access.Who, edits []Edit) error {
	if len(edits) == 1 {
		_, err := s.Update(t, who, edits[0].Ref, edits[0].Values, 0)
		return err
	}
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Compare(a.Ref.Type, b.Ref.Type) })
	for len(edits) > 0 {
		typ, n := edits[0].Ref.Type, 0
		for n < len(edits) && edits[n].Ref.Type == typ {
			n++
		}
		if err := s.updateSome(t, who, typ, edits[:n]); err != nil {
			return err
		}
		edits = edits[n:]
	}
	return nil
}

func (s *Service) updateSome(t tx.Tx, who access.Who, typ string, edits []Edit) error {
	x, err := s.begin(t, who, typ)
	if err != nil {
		return err
	}
	ids := make([]int64, len(edits))
	for i, e := range edits {
		ids[i] = e.Ref.ID
	}
	if err := s.store.Lock(t, x.typ, ids); err != nil {
		return err
	}
	for _, e := range edits {
		if _, err := x.update(e.Ref.ID, e.Values, 0); err != nil {
			return err
		}
	}
	return x.finish()
}
