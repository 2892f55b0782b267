package access

import (
	"testing"

	"pgregory.net/rapid"
)

// A token can never do more than its owner, whoever he is and whatever it is for.
func TestLimitsOnlyTakeAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		who := Who{
			UserID: 7, Role: rapid.SampledFrom(Roles).Draw(t, "role"), HeadOf: []Range{{Lo: 10, Hi: 20}}, HeadOfIDs: []int64{3},
		}
		limit := &Limit{
			Uses:  rapid.SliceOfDistinct(rapid.SampledFrom(Uses), func(u Use) Use { return u }).Draw(t, "uses"),
			Types: rapid.SampledFrom([][]string{nil, {"deal"}, {"lead", "deal"}}).Draw(t, "types"),
		}
		limited := who
		limited.Limit, _ = limit.For(rapid.SampledFrom(Uses).Draw(t, "now"))
		if limited.IsAdmin() && !who.IsAdmin() {
			t.Fatal("a token made an administrator")
		}
		for _, area := range Areas {
			if limited.Runs(area) && !who.Runs(area) {
				t.Fatalf("a token runs %s, its owner doesn't", area)
			}
		}
		for _, typ := range []string{"lead", "deal", "contact"} {
			for _, op := range Ops {
				whole, less := who.Plan(typ, op), limited.Plan(typ, op)
				if !less.Nothing() && whole.Nothing() {
					t.Fatalf("%s %s: a token may what its owner may not", op, typ)
				}
				if !limit.Leaves(typ, op) && !less.Nothing() {
					t.Fatalf("%s %s: the limit is not kept", op, typ)
				}
				if limit.Leaves(typ, op) && less.Nothing() != whole.Nothing() {
					t.Fatalf("%s %s: the limit takes what it leaves", op, typ)
				}
			}
		}
	})
}

func TestLimitOfTheUnfinished(t *testing.T) {
	who := Who{UserID: 1, Role: Admin, Limit: &Limit{}}
	if who.IsAdmin() || who.May("deal", See) || who.Runs(Portal) {
		t.Error("who has to set up the second factor may something")
	}
	if _, ok := who.Limit.For(Uses...); ok {
		t.Error("there is a use left")
	}
}
