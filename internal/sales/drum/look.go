package drum

import (
	"context"
	"slices"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// Look is how a drum stands at a moment.
type Look struct {
	Drum    *Drum
	Next    int64         // who would be offered a new record now, 0 when nobody could
	Ahead   []int64       // who comes after whom, as far as nothing changes
	Reasons []Reason      // why Next is next, and why others aren't
	People  []Member      // those it deals to, in their order
	Open    map[int64]int // their running offers, as far as they are counted
	Until   map[int64]clock.Instant
	Deals   bool          // it is within its own hours and not stopped
	OpensAt clock.Instant // when it deals again; 0 when it does, or nobody knows
}

// Look tells how a drum stands now, to whom may know.
func (s *Service) Look(ctx context.Context, who access.Who, id int64) (look Look, err error) {
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		d, err := s.Store.Drum(t, id)
		if err != nil {
			return err
		}
		g, err := s.groupOf(t, d)
		if err != nil {
			return err
		}
		if !MaySee(g.org, who, d) {
			return fault.New(fault.NotFound, "drum.not_found")
		}
		look, err = g.look()
		return err
	})
	return look, err
}

func (g *group) look() (Look, error) {
	list, err := g.members(About{})
	if err != nil {
		return Look{}, err
	}
	l := Look{Drum: g.d, People: list, Open: map[int64]int{}, Until: map[int64]clock.Instant{}, Deals: g.d.open(g.t.Now())}
	if own := g.d.Policy.Schedule; !l.Deals && !g.d.Policy.Stopped && own != nil {
		l.OpensAt, _ = own.Next(g.t.Now())
	}
	candidates := g.candidates(list, About{}, 0)
	for _, c := range candidates {
		l.Open[c.UserID], l.Until[c.UserID] = c.Open, c.Until
	}
	var state State
	l.Next, l.Reasons, state = Route(candidates, g.d.Policy, g.d.State, g.t.Now())
	l.Ahead = ahead(l.Next, candidates, g.d.Policy, state, g.t.Now())
	return l, nil
}

// ahead are the people who can take something in the order of their next turns, from the one who is next. Who gets little
// by his weight may be left out: it looks at eight turns a person and ends when everybody has his place.
func ahead(next int64, candidates []Candidate, p Policy, state State, now clock.Instant) (list []int64) {
	free := 0
	for _, c := range candidates {
		if c.free() {
			free++
		}
	}
	for turns := 8 * len(candidates); next != 0 && turns > 0; turns-- {
		if !slices.Contains(list, next) {
			list = append(list, next)
		}
		if len(list) == free {
			break
		}
		for i := range candidates {
			if candidates[i].UserID == next {
				candidates[i].Load++
			}
		}
		next, _, state = Route(candidates, p, state, now)
	}
	return list
}
