package query

import (
	"errors"
	"testing"
	"time"

	"voronka/internal/expr"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
)

// FuzzList: whatever the address of a list says, it is understood or refused with the place of the mistake.
func FuzzList(f *testing.F) {
	number, text := int64(7), "2026-11-19"
	f.Add("amount > 5", "-amount", "title, amount", Mark{Sort: "-amount", Int: &number, ID: 3}.String(), "main", "new")
	f.Add("closes_on = today", "closes_on", "", Mark{Sort: "closes_on", Text: &text, ID: 3}.String(), "", "won_main")
	f.Add("amount >", "-", ",,", "bnVsbA", "x", "\x00")
	f.Add("", "id", "id,id", Mark{Sort: "id", Null: true}.String(), "", "")
	c := catalog()
	who := access.System()
	f.Fuzz(func(t *testing.T, filter, sort, fields, after, pipeline, stage string) {
		p := Params{Filter: filter, Sort: sort, Fields: fields, After: after, Pipeline: pipeline, Stage: stage}
		moment := expr.Moment{Now: 1_763_800_000_000, Me: 1, Zone: time.UTC}
		l, err := NewList(c, "deal", p, moment, PlansOf(who))
		if err != nil {
			var ours *fault.Error
			if !errors.As(err, &ours) || ours.Code != fault.Invalid || len(ours.Fields) == 0 {
				t.Fatalf("%+v: %v", p, err)
			}
			return
		}
		if l.Sort.Field == nil || after != "" && l.After == nil {
			t.Fatalf("%+v is read as %+v", p, l)
		}
		if l.After != nil {
			if again, err := ParseMark(l.After.String(), l.Sort); err != nil || again.ID != l.After.ID || again.Null != l.After.Null {
				t.Fatalf("%q is %+v, then %+v (%v)", after, l.After, again, err)
			}
		}
	})
}
