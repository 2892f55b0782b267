package drum

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"voronka/internal/kernel/clock"
)

// simulation deals records to people by the hour of a working week; who took a record has it in work for a while.
type simulation struct {
	policy     Policy
	candidates []Candidate
	state      State
	now        clock.Instant
	r          *rand.Rand
	log        []dealt
	work       []dealt // what people have in work, by when it is done
}

type dealt struct {
	at   clock.Instant
	user int64
}

func newSimulation(order string, weights ...int) *simulation {
	s := &simulation{policy: Policy{Order: order}, r: rand.New(rand.NewPCG(3, 5)), now: clock.Of(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))}
	for i, w := range weights {
		s.candidates = append(s.candidates, Candidate{UserID: int64(i + 1), Weight: w})
	}
	return s
}

// deal offers n records within an hour.
func (s *simulation) deal(n int) {
	start := s.now
	for i := range n {
		s.now = start.Add(time.Duration(i) * time.Hour / time.Duration(n))
		person, _, next := Route(s.candidates, s.policy, s.state, s.now)
		s.state = next
		if person == 0 {
			continue
		}
		s.log = append(s.log, dealt{s.now, person})
		s.work = append(s.work, dealt{s.now.Add(time.Duration(10+s.r.IntN(40)) * time.Hour), person})
		s.candidates[person-1].Load++
		s.finish()
	}
	s.now = start.Add(time.Hour)
}

func (s *simulation) finish() {
	rest := s.work[:0]
	for _, w := range s.work {
		if w.at > s.now {
			rest = append(rest, w)
		} else {
			s.candidates[w.user-1].Load--
		}
	}
	s.work = rest
}

func (s *simulation) shares(from int) map[int64]float64 {
	shares := map[int64]float64{}
	for _, d := range s.log[from:] {
		shares[d.user] += 1 / float64(len(s.log)-from)
	}
	return shares
}

// week deals five working days of eight hours; nobody is offered anything at night, so the drum doesn't see it.
func (s *simulation) week(perHour int) {
	for day := range 7 {
		for range 8 {
			if day < 5 {
				s.deal(perHour)
			} else {
				s.now = s.now.Add(time.Hour)
			}
		}
		s.now = s.now.Add(16 * time.Hour)
	}
}

// TestShares: over 10,000 offers everybody gets his share by weight within one hundredth, also when one of them was away
// for a week before.
func TestShares(t *testing.T) {
	for _, c := range []struct {
		order   string
		weights []int
	}{
		{InTurn, []int{100, 100, 100, 100, 100}},
		{Weighted, []int{100, 100, 50, 200, 25}},
		{Weighted, []int{1, 300, 7}},
		{Least, []int{100, 100, 100}},
	} {
		for _, away := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s %v away=%v", c.order, c.weights, away), func(t *testing.T) {
				s := newSimulation(c.order, c.weights...)
				s.week(25)
				if away {
					s.candidates[1].Barred = Absent
					s.week(25)
					s.candidates[1].Barred = ""
					if c.order == Least {
						s.week(25) // by load he catches up with what others have in work, over more than his first day
					}
				}
				from := len(s.log)
				for len(s.log)-from < 10_000 {
					s.week(25)
				}
				total, shares := 0, s.shares(from)
				for _, w := range c.weights {
					total += w
				}
				for i, w := range c.weights {
					if want := float64(w) / float64(total); math.Abs(shares[int64(i+1)]-want) > 0.01 {
						t.Errorf("%d got %.4f, his weight is %.4f", i+1, shares[int64(i+1)], want)
					}
				}
			})
		}
	}
}

// TestFirstDayAfterLeave: who comes back gets what the others get in each hour of his first day, give or take one; what he
// missed isn't made up, and having little in work doesn't drown him.
func TestFirstDayAfterLeave(t *testing.T) {
	for _, order := range []string{InTurn, Weighted, Least} {
		for perHour := 1; perHour <= 40; perHour += 3 {
			s := newSimulation(order, 100, 100, 100, 100, 100)
			s.week(perHour)
			s.candidates[2].Barred = Absent
			s.week(perHour)
			s.candidates[2].Barred = ""
			for hour := range 8 {
				from := len(s.log)
				s.deal(perHour)
				got, others := 0, 0
				for _, d := range s.log[from:] {
					if d.user == 3 {
						got++
					} else {
						others++
					}
				}
				if mean := float64(others) / 4; math.Abs(float64(got)-mean) > 1 {
					t.Errorf("%s, %d an hour, hour %d: he got %d, the others %.2f", order, perHour, hour, got, mean)
				}
			}
		}
	}
}
