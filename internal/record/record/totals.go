package record

import (
	"cmp"
	"slices"

	"voronka/internal/record/schema"
)

// TotalKey is one cell of the totals.
type TotalKey struct {
	TypeID, PipelineID, StageID, DepartmentID, ResponsibleID int64
	Currency                                                 string // "" for records without an amount
}

// Total is what is to be added to a cell: records, amount in minor units of the currency, amount in base currency.
type Total struct {
	TotalKey
	N, Amount, Base int64
}

// ledger gathers additions, so that a slice of many records touches each cell once.
type ledger struct{ totals []Total }

// add counts s in (sign 1) or out (sign -1).
func (l *ledger) add(typ *schema.Type, s *State, sign int64) {
	if !typ.Staged {
		return
	}
	t := Total{TotalKey: TotalKey{TypeID: typ.ID, PipelineID: s.PipelineID, StageID: s.StageID, DepartmentID: s.DepartmentID, ResponsibleID: s.ResponsibleID}, N: sign}
	if f := typ.Amount(); f != nil {
		if d := s.Get(f); d.Set {
			t.Currency, t.Amount, t.Base = d.Text, sign*d.Int, sign*d.Base
		}
	}
	for i := range l.totals {
		if o := &l.totals[i]; o.TotalKey == t.TotalKey {
			o.N, o.Amount, o.Base = o.N+t.N, o.Amount+t.Amount, o.Base+t.Base
			return
		}
	}
	l.totals = append(l.totals, t)
}

// take gives what has gathered, in the order of keys, without what came to nothing.
func (l *ledger) take() []Total {
	out := slices.DeleteFunc(l.totals, func(t Total) bool { return t.N == 0 && t.Amount == 0 && t.Base == 0 })
	l.totals = nil
	slices.SortFunc(out, func(a, b Total) int { return a.compare(b.TotalKey) })
	return out
}

func (k TotalKey) compare(o TotalKey) int {
	return cmp.Or(cmp.Compare(k.TypeID, o.TypeID), cmp.Compare(k.PipelineID, o.PipelineID), cmp.Compare(k.StageID, o.StageID),
		cmp.Compare(k.DepartmentID, o.DepartmentID), cmp.Compare(k.Currency, o.Currency), cmp.Compare(k.ResponsibleID, o.ResponsibleID))
}
