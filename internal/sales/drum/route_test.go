package drum

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestRoute(t *testing.T) {
	three := []Candidate{{UserID: 1}, {UserID: 2}, {UserID: 3}}
	for name, c := range map[string]struct {
		candidates []Candidate
		order      []int64
		person     int64
		reasons    []Reason
		next       []int64
	}{
		"first of a new drum":     {three, nil, 1, []Reason{{1, Turn}}, []int64{2, 3, 1}},
		"who has waited longest":  {three, []int64{3, 1, 2}, 3, []Reason{{3, Turn}}, []int64{1, 2, 3}},
		"a new one comes last":    {three, []int64{2, 1}, 2, []Reason{{2, Turn}}, []int64{1, 3, 2}},
		"who has gone is no more": {three[:2], []int64{3, 2, 1}, 2, []Reason{{2, Turn}}, []int64{1, 2}},
		"the absent keep their place": {
			[]Candidate{{UserID: 1, Paused: true}, {UserID: 2, Left: true}, {UserID: 3}},
			[]int64{1, 2, 3},
			3,
			[]Reason{{1, Paused}, {2, Left}, {3, Turn}},
			[]int64{1, 2, 3},
		},
		"not again to who missed it": {
			[]Candidate{{UserID: 1, Misses: 1}, {UserID: 2}}, []int64{1, 2}, 2, []Reason{{1, Missed}, {2, Turn}}, []int64{1, 2},
		},
		"again when all missed it": {
			[]Candidate{{UserID: 1, Misses: 1}, {UserID: 2, Misses: 1}}, []int64{1, 2}, 1, []Reason{{1, Turn}}, []int64{2, 1},
		},
		"nobody can": {[]Candidate{{UserID: 1, Paused: true}}, nil, 0, []Reason{{1, Paused}}, []int64{1}},
		"no people":  {nil, []int64{1}, 0, nil, []int64{}},
	} {
		person, reasons, next := Route(c.candidates, State{c.order})
		if person != c.person || !cmp.Equal(reasons, c.reasons) || !cmp.Equal(next.Order, c.next) {
			t.Errorf("%s: %d %v %v, want %d %v %v", name, person, reasons, next.Order, c.person, c.reasons, c.next)
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
					candidates[i].Paused = rapid.Bool().Draw(t, "paused")
				}
			}
			person, _, next := Route(candidates, state)
			state = next
			if len(state.Order) != n {
				t.Fatalf("the line has %d people of %d", len(state.Order), n)
			}
			if person == 0 {
				for _, c := range candidates {
					if !c.Paused {
						t.Fatalf("%d could take it and nobody was offered it", c.UserID)
					}
				}
				continue
			}
			if candidates[person-1].Paused {
				t.Fatalf("offered to %d who is paused", person)
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

// TestRouteAvoidsWhoMissed: a record goes round all who can take it before anybody gets it a second time.
func TestRouteAvoidsWhoMissed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "people")
		candidates := make([]Candidate, n)
		order := rapid.Permutation([]int64{1, 2, 3, 4, 5, 6}[:n]).Draw(t, "order")
		for i := range candidates {
			candidates[i].UserID = int64(i + 1)
		}
		state := State{order}
		for lap := range 3 {
			seen := map[int64]bool{}
			for range n {
				var person int64
				person, _, state = Route(candidates, state)
				if seen[person] {
					t.Fatalf("lap %d: %d again", lap, person)
				}
				seen[person] = true
				candidates[person-1].Misses++
				if rapid.Bool().Draw(t, "another record between") {
					_, _, state = Route(fresh(candidates), state)
				}
			}
		}
	})
}

func fresh(candidates []Candidate) []Candidate {
	out := make([]Candidate, len(candidates))
	for i, c := range candidates {
		out[i] = Candidate{UserID: c.UserID}
	}
	return out
}
