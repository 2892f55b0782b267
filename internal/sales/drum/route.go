package drum

import "slices"

// Candidate is a person of a drum as Route sees him.
type Candidate struct {
	UserID int64
	Paused bool // switched off in the drum
	Left   bool // can't work at all any more
	Misses int  // how often he has missed this very record
}

// State is what a drum remembers between two offers: its people, the one who has waited longest first.
type State struct {
	Order []int64 `json:"order,omitempty"`
}

// Code says why a person got an offer or was passed over.
type Code string

// The codes.
const (
	Turn   Code = "turn"   // his turn
	Later  Code = "later"  // others have waited longer
	Paused Code = "paused" // switched off in the drum
	Left   Code = "left"   // doesn't work any more
	Missed Code = "missed" // missed this record more often than others
)

// Reason is why a person got an offer or was passed over.
type Reason struct {
	UserID int64 `json:"user"`
	Code   Code  `json:"code"`
}

// Route says who of the candidates is next, in the order of the list for those the drum hasn't seen yet: the one who has
// waited longest among those who can take the record and have missed it least. person is 0 when nobody can. It is pure and
// fair: of two people who can always take, neither is offered two more records than the other; whoever is passed over
// keeps his place, whoever comes back from a pause gets one record, not all he missed.
func Route(candidates []Candidate, state State) (person int64, reasons []Reason, next State) {
	queue := line(candidates, state)
	least, can := 0, false
	for _, c := range queue {
		if !c.Paused && !c.Left && (!can || c.Misses < least) {
			least, can = c.Misses, true
		}
	}
	next.Order = make([]int64, 0, len(queue))
	for _, c := range queue {
		code := Later
		switch {
		case c.Left:
			code = Left
		case c.Paused:
			code = Paused
		case c.Misses > least:
			code = Missed
		case person == 0:
			person, code = c.UserID, Turn
		}
		if code != Turn {
			next.Order = append(next.Order, c.UserID)
		}
		if code != Later {
			reasons = append(reasons, Reason{c.UserID, code})
		}
	}
	if person != 0 {
		next.Order = append(next.Order, person)
	}
	return person, reasons, next
}

// line puts the candidates in the order they have waited; new ones come last.
func line(candidates []Candidate, state State) []Candidate {
	queue := make([]Candidate, 0, len(candidates))
	for _, id := range state.Order {
		if i := slices.IndexFunc(candidates, func(c Candidate) bool { return c.UserID == id }); i >= 0 {
			queue = append(queue, candidates[i])
		}
	}
	for _, c := range candidates {
		if !slices.Contains(state.Order, c.UserID) {
			queue = append(queue, c)
		}
	}
	return queue
}
