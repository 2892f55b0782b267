package drum

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestRoute(t *testing.T) {
	three := []Candidate{{UserID: 1}, {UserID: 2}, {UserID: 3}}
	turn := func(id int64) []Reason { return []Reason{{UserID: id, Code: Turn}} }
	for name, c := range map[string]struct {
		candidates []Candidate
		order      []int64
		person     int64
		reasons    []Reason
		next       []int64
	}{
		"first of a new drum":     {three, nil, 1, turn(1), []int64{2, 3, 1}},
		"who has waited longest":  {three, []int64{3, 1, 2}, 3, turn(3), []int64{1, 2, 3}},
		"a new one comes last":    {three, []int64{2, 1}, 2, turn(2), []int64{1, 3, 2}},
		"who has gone is no more": {three[:2], []int64{3, 2, 1}, 2, turn(2), []int64{1, 2}},
		"the absent keep their place": {
			[]Candidate{{UserID: 1, Barred: Paused}, {UserID: 2, Barred: Left}, {UserID: 3}},
			[]int64{1, 2, 3},
			3,
			[]Reason{{UserID: 1, Code: Paused}, {UserID: 2, Code: Left}, {UserID: 3, Code: Turn}},
			[]int64{1, 2, 3},
		},
		"who has his hands full is passed over": {
			[]Candidate{{UserID: 1, Cap: 2, Open: 2}, {UserID: 2, Cap: 2, Open: 1}},
			[]int64{1, 2},
			2,
			[]Reason{{UserID: 1, Code: Busy}, {UserID: 2, Code: Turn}},
			[]int64{1, 2},
		},
		"the former responsible out of turn": {
			[]Candidate{{UserID: 1}, {UserID: 2, Former: true}}, []int64{1, 2}, 2, []Reason{{UserID: 2, Code: Former}}, []int64{1, 2},
		},
		"not if he missed it": {
			[]Candidate{{UserID: 1}, {UserID: 2, Former: true, Misses: 1}}, []int64{2, 1}, 1, []Reason{{UserID: 2, Code: Missed}, {UserID: 1, Code: Turn}}, []int64{2, 1},
		},
		"not again to who missed it": {
			[]Candidate{{UserID: 1, Misses: 1}, {UserID: 2}}, []int64{1, 2}, 2, []Reason{{UserID: 1, Code: Missed}, {UserID: 2, Code: Turn}}, []int64{1, 2},
		},
		"again when all missed it": {
			[]Candidate{{UserID: 1, Misses: 1}, {UserID: 2, Misses: 1}}, []int64{1, 2}, 1, turn(1), []int64{2, 1},
		},
		"nobody can": {[]Candidate{{UserID: 1, Barred: Paused}}, nil, 0, []Reason{{UserID: 1, Code: Paused}}, []int64{1}},
		"no people":  {nil, []int64{1}, 0, nil, nil},
	} {
		person, reasons, next := Route(c.candidates, Policy{}, State{Order: c.order}, 0)
		if person != c.person || !cmp.Equal(reasons, c.reasons) || !cmp.Equal(next.Order, c.next) {
			t.Errorf("%s: %d %v %v, want %d %v %v", name, person, reasons, next.Order, c.person, c.reasons, c.next)
		}
	}
}

func TestRouteByLoad(t *testing.T) {
	least := Policy{Order: Least}
	for name, c := range map[string]struct {
		candidates []Candidate
		person     int64
	}{
		"the least in work":       {[]Candidate{{UserID: 1, Load: 3}, {UserID: 2, Load: 2}}, 2},
		"for his weight":          {[]Candidate{{UserID: 1, Load: 3, Weight: 200}, {UserID: 2, Load: 2}}, 1},
		"in turn if all are even": {[]Candidate{{UserID: 2}, {UserID: 1}}, 2},
	} {
		if person, _, _ := Route(c.candidates, least, State{}, 0); person != c.person {
			t.Errorf("%s: %d, want %d", name, person, c.person)
		}
	}
}

// TestRouteIsFair lets people come and go at random: nobody absent is offered anything, shares of any two people who are
// always there never differ by more than one in any stretch, and they get a turn at least every n offers.
func TestRouteIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "people")
		candidates := make([]Candidate, n)
		steady := make([]bool, n)
		for i := range candidates {
			candidates[i].UserID = int64(i + 1)
			steady[i] = rapid.Bool().Draw(t, "steady")
		}
		var state State
		var log []int64
		for range rapid.IntRange(1, 60).Draw(t, "offers") {
			for i := range candidates {
				if !steady[i] {
					candidates[i].Barred = rapid.SampledFrom([]Code{"", Paused, Absent}).Draw(t, "barred")
				}
			}
			person, _, next := Route(candidates, Policy{}, state, 0)
			state = next
			if len(state.Order) != n {
				t.Fatalf("the line has %d people of %d", len(state.Order), n)
			}
			if person == 0 {
				for _, c := range candidates {
					if c.free() {
						t.Fatalf("%d could take it and nobody was offered it", c.UserID)
					}
				}
				continue
			}
			if !candidates[person-1].free() {
				t.Fatalf("offered to %d who is barred", person)
			}
			log = append(log, person)
		}
		fair(t, log, steady)
	})
}

func fair(t *rapid.T, log []int64, steady []bool) {
	for from := range log {
		shares := make([]int, len(steady))
		for to, person := range log[from:] {
			shares[person-1]++
			for a := range steady {
				for b := range steady {
					if steady[a] && steady[b] && shares[a] > shares[b]+1 {
						t.Fatalf("offers %d…%d: %d got %d, %d got %d", from, from+to, a+1, shares[a], b+1, shares[b])
					}
				}
				if steady[a] && shares[a] == 0 && to+1 >= len(steady)*2 {
					t.Fatalf("offers %d…%d: %d got none", from, from+to, a+1)
				}
			}
		}
	}
}

// TestRouteAvoidsWhoMissed: a record goes round all who can take it before anybody gets it a second time, by whatever
// order.
func TestRouteAvoidsWhoMissed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "people")
		p := Policy{Order: rapid.SampledFrom([]string{InTurn, Weighted, Least}).Draw(t, "policy")}
		candidates := make([]Candidate, n)
		order := rapid.Permutation([]int64{1, 2, 3, 4, 5, 6}[:n]).Draw(t, "order")
		for i := range candidates {
			candidates[i].UserID = int64(i + 1)
			candidates[i].Weight = rapid.IntRange(1, 300).Draw(t, "weight")
		}
		state := State{Order: order}
		for lap := range 3 {
			seen := map[int64]bool{}
			for range n {
				var person int64
				person, _, state = Route(candidates, p, state, 0)
				if seen[person] {
					t.Fatalf("lap %d: %d again", lap, person)
				}
				seen[person] = true
				candidates[person-1].Misses++
				if rapid.Bool().Draw(t, "another record between") {
					_, _, state = Route(unmissed(candidates), p, state, 0)
				}
			}
		}
	})
}

func unmissed(candidates []Candidate) []Candidate {
	out := make([]Candidate, len(candidates))
	for i, c := range candidates {
		out[i] = Candidate{UserID: c.UserID, Weight: c.Weight}
	}
	return out
}

// TestRouteIsPure: the same question has the same answer, and what is given in stays as it is.
func TestRouteIsPure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Policy{Order: rapid.SampledFrom([]string{InTurn, Weighted, Least}).Draw(t, "policy")}
		candidates := []Candidate{{UserID: 1}, {UserID: 2, Weight: 50}, {UserID: 3, Barred: Absent}}
		var state State
		for range rapid.IntRange(0, 9).Draw(t, "offers") {
			_, _, state = Route(candidates, p, state, 5)
		}
		before := cmp.Diff(State{}, state)
		one, because, next := Route(candidates, p, state, 7)
		again, reasons, same := Route(candidates, p, state, 7)
		if one != again || !cmp.Equal(because, reasons) || !cmp.Equal(next, same) || cmp.Diff(State{}, state) != before {
			t.Fatalf("%d %v, then %d %v", one, because, again, reasons)
		}
	})
}
