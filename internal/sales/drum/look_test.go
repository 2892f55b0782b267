package drum

import (
	"slices"
	"testing"
)

// TestAhead puts everybody who can take something in his place and asks for no more turns than that takes.
func TestAhead(t *testing.T) {
	var people []Candidate
	var want []int64
	for id := range int64(40) {
		people = append(people, Candidate{UserID: id + 1})
		want = append(want, id+1)
	}
	people[4].Barred = Absent
	want = slices.Delete(want, 4, 5)
	p := Policy{}.Filled()
	first, _, state := Route(people, p, State{}, 0)
	if got := ahead(first, people, p, state, 0); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	turn := testing.AllocsPerRun(3, func() { Route(people, p, state, 0) })
	if all := testing.AllocsPerRun(3, func() { ahead(first, people, p, state, 0) }); all > turn*float64(len(people)+5) {
		t.Errorf("%g allocations, a turn makes %g", all, turn)
	}
	people[7].Weight, p.Order = 400, Weighted
	first, _, state = Route(people, p, State{}, 0)
	if got := ahead(first, people, p, state, 0); len(got) != len(want) || got[0] != 8 {
		t.Errorf("by weight: %v", got)
	}
}
