package drum

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"voronka/internal/kernel/clock"
)

// Candidate is a person of a drum as Route sees him.
type Candidate struct {
	UserID int64
	Weight int           // hundredths; 0 counts as FullWeight
	Cap    int           // offers he may have at once, 0 = any number
	Open   int           // offers he has
	Load   int           // what he has in work, for the order Least
	Misses int           // how often he has missed this very record
	Former bool          // answered for the record's client before
	Barred Code          // why he can't be offered anything now; "" when he can
	Until  clock.Instant // until when he is barred, as far as known
}

// State is what a drum remembers between two offers.
type State struct {
	Order  []int64                 `json:"order,omitempty"`  // its people, the one who has waited longest first
	Credit map[int64]int64         `json:"credit,omitempty"` // of the order Weighted: what people are owed
	Away   map[int64]bool          `json:"away,omitempty"`   // of the order Least: who was last seen absent
	Back   map[int64]clock.Instant `json:"back,omitempty"`   // … and since when who came back is there
	Hour   int64                   `json:"hour,omitempty"`   // … the hour counted in Given
	Given  map[int64]int           `json:"given,omitempty"`
	Dealt  map[string]Dealt        `json:"dealt,omitempty"` // of sources in portions; Route leaves it alone
}

// Dealt is how many records of a source people got on a day.
type Dealt struct {
	Day string        `json:"day"`
	N   map[int64]int `json:"n"`
}

// Code says why a person got an offer or was passed over.
type Code string

// The codes.
const (
	Turn      Code = "turn"    // his turn
	Share     Code = "share"   // his turn by weight
	LeastLoad Code = "least"   // has the least in work
	Former    Code = "former"  // the client was his before
	Later     Code = "later"   // others come first
	Paused    Code = "paused"  // switched off in the drum
	Left      Code = "left"    // doesn't work any more
	Missed    Code = "missed"  // missed this record more often than others
	Busy      Code = "busy"    // has as many offers as he may
	Portioned Code = "portion" // has had his portion of the day
	Closed    Code = "closed"  // the drum is out of its own hours, or stopped
	Absent    Code = "absent"  // on leave, ill …
	OffHours  Code = "out_of_hours"
	NoDay     Code = "day_not_started"
	DayPaused Code = "day_paused"
	DayOver   Code = "day_finished"
)

// Reason is why a person got an offer or was passed over.
type Reason struct {
	UserID int64         `json:"user"`
	Code   Code          `json:"code"`
	Until  clock.Instant `json:"until,omitempty"`
}

// easeIn is how long after an absence somebody is spared a flood of records: by load he would get all of them.
const easeIn = 24 * time.Hour

// Route says who of the candidates is next; person is 0 when nobody can. It is pure. Among those who can take the record
// and have missed it least the policy's order decides:
//
//	InTurn    who has waited longest, in the order of the list for those the drum hasn't seen yet. Of two people who can
//	          always take neither is offered two more records than the other.
//	Weighted  smooth weighted round robin: everybody is owed his weight each time, who is owed most is next and pays for all
//	Least     who has the least in work for his weight; ties in turn. Who comes back from an absence keeps within one record
//	          an hour of the mean of the others on his first day.
//
// Whoever is passed over keeps his place, whoever comes back gets no more than others: the time of absence isn't made up.
// A former responsible who can take it comes before all of them.
func Route(candidates []Candidate, p Policy, state State, now clock.Instant) (person int64, reasons []Reason, next State) {
	r := routing{policy: p, now: now, queue: line(candidates, state), state: state}
	r.remember()
	r.narrow()
	chosen, code := r.choose()
	if chosen >= 0 {
		person = r.queue[chosen].UserID
		r.charge(chosen, code)
	}
	return person, r.reasons(chosen, code), r.state
}

// routing is one turn.
type routing struct {
	policy Policy
	now    clock.Instant
	queue  []Candidate // who has waited longest first
	can    []int       // places in the queue of those among whom the order decides
	least  int         // misses of theirs
	state  State
}

// line puts the candidates in the order they have waited; new ones come last.
func line(candidates []Candidate, state State) []Candidate {
	place := make(map[int64]int, len(state.Order))
	for i, id := range state.Order {
		place[id] = i
	}
	queue := slices.Clone(candidates)
	at := func(c Candidate) int {
		if i, known := place[c.UserID]; known {
			return i
		}
		return len(place)
	}
	slices.SortStableFunc(queue, func(a, b Candidate) int { return cmp.Compare(at(a), at(b)) })
	return queue
}

// remember makes a state of its own and, for the order Least, notes who has gone and come back.
func (r *routing) remember() {
	before := r.state
	r.state = State{Dealt: before.Dealt}
	switch r.policy.Order {
	case Weighted:
		r.state.Credit = make(map[int64]int64, len(r.queue))
		for _, c := range r.queue {
			r.state.Credit[c.UserID] = before.Credit[c.UserID]
		}
	case Least:
		r.state.Hour, r.state.Given = int64(r.now)/time.Hour.Milliseconds(), map[int64]int{}
		if r.state.Hour == before.Hour {
			maps.Copy(r.state.Given, before.Given)
		}
		r.state.Away, r.state.Back = map[int64]bool{}, map[int64]clock.Instant{}
		for _, c := range r.queue {
			r.attend(c, before)
		}
	}
}

func (r *routing) attend(c Candidate, before State) {
	back := before.Back[c.UserID]
	switch {
	case c.Barred == Absent:
		r.state.Away[c.UserID] = true
	case c.Barred != "":
		if before.Away[c.UserID] {
			r.state.Away[c.UserID] = true
		}
	case before.Away[c.UserID]:
		r.state.Back[c.UserID] = r.now
	}
	if back != 0 && r.now.Sub(back) < easeIn && !r.state.Away[c.UserID] {
		r.state.Back[c.UserID] = back
	}
}

// free tells whether a person can be offered anything.
func (c Candidate) free() bool { return c.Barred == "" && (c.Cap == 0 || c.Open < c.Cap) }

// narrow finds those who can take the record and have missed it least.
func (r *routing) narrow() {
	found := false
	for _, c := range r.queue {
		if c.free() && (!found || c.Misses < r.least) {
			r.least, found = c.Misses, true
		}
	}
	for i, c := range r.queue {
		if c.free() && c.Misses == r.least {
			r.can = append(r.can, i)
		}
	}
}

// choose is the place of the next one in the queue, -1 when there is nobody.
func (r *routing) choose() (int, Code) {
	if len(r.can) == 0 {
		return -1, ""
	}
	for _, i := range r.can {
		if r.queue[i].Former && r.queue[i].Misses == 0 {
			return i, Former
		}
	}
	switch r.policy.Order {
	case Weighted:
		return r.owed(), Share
	case Least:
		return r.idlest(), LeastLoad
	}
	return r.can[0], Turn
}

func (r *routing) owed() int {
	best, most := -1, int64(0)
	for _, i := range r.can {
		if credit := r.state.Credit[r.queue[i].UserID] + r.queue[i].weight(); best < 0 || credit > most {
			best, most = i, credit
		}
	}
	return best
}

// idlest is who has the least in work; those who have just come back keep step with the others.
func (r *routing) idlest() int {
	best := -1
	for _, i := range r.can {
		c := r.queue[i]
		if given, others, n := r.hour(i); r.state.Back[c.UserID] != 0 && n > 0 {
			if given*n < others+1-n { // one more of the others', and he would be behind by more than one
				return i
			}
			if given*n > others {
				continue
			}
		}
		if best < 0 || int64(c.Load)*r.queue[best].weight() < int64(r.queue[best].Load)*c.weight() {
			best = i
		}
	}
	if best < 0 {
		return r.can[0]
	}
	return best
}

// hour is what a person got in this hour, what the n others got who can take anything.
func (r *routing) hour(i int) (given, others, n int) {
	for j, c := range r.queue {
		if j != i && c.free() {
			others += r.state.Given[c.UserID]
			n++
		}
	}
	return r.state.Given[r.queue[i].UserID], others, n
}

func (c Candidate) weight() int64 { return int64(cmp.Or(c.Weight, FullWeight)) }

// charge puts whoever got the record at the end of the line and lets him pay by the measure of the order.
func (r *routing) charge(chosen int, code Code) {
	person := r.queue[chosen].UserID
	switch r.policy.Order {
	case Weighted:
		total := int64(0)
		for _, i := range r.can {
			total += r.queue[i].weight()
			r.state.Credit[r.queue[i].UserID] += r.queue[i].weight()
		}
		r.state.Credit[person] -= total
		if code == Former { // who has many clients of old doesn't lose his turn for good
			r.state.Credit[person] = max(r.state.Credit[person], -total)
		}
	case Least:
		r.state.Given[person]++
	}
	for i, c := range r.queue {
		if i != chosen {
			r.state.Order = append(r.state.Order, c.UserID)
		}
	}
	r.state.Order = append(r.state.Order, person)
}

// reasons tell of the one chosen and of everybody who can't take the record; who merely comes later is left out.
func (r *routing) reasons(chosen int, code Code) (list []Reason) {
	if chosen < 0 {
		for _, c := range r.queue {
			r.state.Order = append(r.state.Order, c.UserID)
		}
	}
	for i, c := range r.queue {
		switch {
		case i == chosen:
			list = append(list, Reason{UserID: c.UserID, Code: code})
		case c.Barred != "":
			list = append(list, Reason{c.UserID, c.Barred, c.Until})
		case !c.free():
			list = append(list, Reason{UserID: c.UserID, Code: Busy})
		case c.Misses > r.least:
			list = append(list, Reason{UserID: c.UserID, Code: Missed})
		}
	}
	return list
}
