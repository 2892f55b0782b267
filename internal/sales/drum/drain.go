package drum

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

// DrainJob is the kind of the jobs that offer waiting records as soon as somebody can take them.
const DrainJob = "drum.drain"

// drainSlice is how many waiting records are offered in one transaction, lookBehind among how many of them a new record finds
// those of its own department.
const (
	drainSlice = 50
	lookBehind = 1000
)

// Wake looks after drums when people have come, gone or returned: offers of those who left go on, records that waited for
// anybody are offered.
func (s *Service) Wake(t tx.Tx) error {
	left, err := s.Store.Left(t)
	if err != nil {
		return err
	}
	if err := s.passOn(t, left, "drum.cause.left"); err != nil {
		return err
	}
	return s.drainAll(t)
}

// drainAll looks after the waiting records of all drums.
func (s *Service) drainAll(t tx.Tx) error {
	drums, err := s.Store.WaitingDrums(t)
	if err != nil {
		return err
	}
	for _, id := range drums {
		if err := s.drain(t, id); err != nil {
			return err
		}
	}
	return nil
}

// drain asks for the waiting records of a drum to be offered now, wake for them to be looked after at a moment (0: never).
// Each moment is a job of its own, none replaces another: the people of one department come sooner than those of the next.
func (s *Service) drain(t tx.Tx, drumID int64) error {
	return s.later(t, drumID, strconv.FormatInt(drumID, 10), t.Now())
}

func (s *Service) wake(t tx.Tx, drumID int64, at clock.Instant) error {
	if at == 0 {
		return nil
	}
	return s.later(t, drumID, strconv.FormatInt(drumID, 10)+"/wake/"+strconv.FormatInt(int64(at), 10), at)
}

func (s *Service) later(t tx.Tx, drumID int64, key string, at clock.Instant) error {
	payload, err := json.Marshal(drumID)
	if err != nil {
		return fmt.Errorf("drum: %w", err)
	}
	return t.Schedule(job.Job{Kind: DrainJob, Key: key, DueAt: at, Payload: payload})
}

// Jobs are the handlers of the room.
func (s *Service) Jobs() []job.Handler { return []job.Handler{s.drainJob(), s.awayJob()} }

// drainJob offers waiting records, oldest first.
func (s *Service) drainJob() job.Handler {
	return job.Handler{Kind: DrainJob, Run: func(t any, j job.Job) error {
		var drumID int64
		if err := json.Unmarshal(j.Payload, &drumID); err != nil {
			return fmt.Errorf("drum: %w", err)
		}
		return s.drainSome(t.(tx.Tx), drumID)
	}}
}

// drainSome offers some waiting records of a drum: those without portions, then source by source. What is left when nobody
// can take more waits for the next working moment. All records are locked before the drum is, see the package comment.
func (s *Service) drainSome(t tx.Tx, drumID int64) error {
	d, err := s.Store.Drum(t, drumID)
	if err != nil {
		return ignore(err, fault.NotFound)
	}
	g, err := s.groupOf(t, d)
	if err != nil {
		return err
	}
	waiting, full, err := g.ready()
	if err != nil || len(waiting) == 0 {
		return err
	}
	if waiting, err = s.lockRecords(t, waiting); err != nil {
		return err
	}
	slices.SortStableFunc(waiting, func(a, b Offer) int { return cmp.Compare(a.Portion, b.Portion) })
	if g, err = s.lock(t, drumID); err != nil {
		return ignore(err, fault.NotFound)
	}
	moved, err := g.redealAll(waiting)
	if err != nil {
		return err
	}
	if full && moved { // others get their turn first
		return s.drain(t, drumID)
	}
	return nil
}

// lane is where records wait behind each other: when the first of them can't be dealt, none of them can.
type lane struct {
	portion    string
	department int64
}

func (g *group) laneOf(about About) lane {
	return lane{about.Source, g.d.department(g.org, about)}
}

// ready are the oldest waiting records of the lanes in which somebody is free, up to drainSlice (full), and the first one of
// each other lane, by which the drum learns when to look again. Nothing is locked for that.
func (g *group) ready() (list []Offer, full bool, err error) {
	portions, err := g.Store.WaitingPortions(g.t, g.d.ID)
	if err != nil {
		return nil, false, err
	}
	room := drainSlice
	for _, portion := range portions {
		some, n, err := g.readyIn(portion, room)
		if err != nil {
			return nil, false, err
		}
		list = append(list, some...)
		if room -= n; room == 0 {
			return list, true, nil
		}
	}
	return list, false, nil
}

// readyIn reads on as long as those at the front block a lane of their own only. n is how many of the list can be taken.
func (g *group) readyIn(portion string, room int) (list []Offer, n int, err error) {
	for limit := drainSlice; ; limit *= 4 {
		waiting, err := g.Store.WaitingIn(g.t, g.d.ID, portion, limit)
		if err != nil {
			return nil, 0, err
		}
		free := map[lane]bool{}
		list, n = list[:0], 0
		for i := range waiting {
			about := g.again(&waiting[i])
			at := g.laneOf(about)
			can, known := free[at]
			if !known {
				if can, err = g.canTake(about); err != nil {
					return nil, 0, err
				}
				free[at] = can
			}
			if can {
				n++
			}
			if can || !known {
				list = append(list, waiting[i])
			}
			if n == room {
				return list, n, nil
			}
		}
		if len(waiting) < limit || !g.d.Policy.byRecord() {
			return list, n, nil
		}
	}
}

// canTake tells whether anybody can take a record.
func (g *group) canTake(about About) (bool, error) {
	list, err := g.members(about)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(g.candidates(list, about, g.d.Policy.PerDay(about.Source)), Candidate.free), nil
}

// redealAll offers waiting records, passing over the lanes that have come to rest. moved is false when all of them have at
// once.
func (g *group) redealAll(waiting []Offer) (moved bool, err error) {
	g.t = because(g.t, g.d, "drum.cause.drain")
	records := make([]About, len(waiting))
	for i := range waiting {
		records[i] = g.again(&waiting[i])
		records[i].queued = true
	}
	if err := g.recall(records); err != nil {
		return false, err
	}
	rest := map[lane]bool{}
	for i := range waiting {
		at := g.laneOf(records[i])
		if rest[at] {
			continue
		}
		dealt, err := g.redeal(&waiting[i], records[i])
		if err != nil {
			return false, err
		}
		moved, rest[at] = moved || dealt, !dealt
	}
	return moved || len(waiting) == 0, g.save()
}

// redeal offers a waiting record to somebody; false when nobody can take it.
func (g *group) redeal(o *Offer, about About) (bool, error) {
	chosen, err := g.choose(about)
	if err != nil {
		return false, err
	}
	if chosen.State == Waiting {
		return false, g.wake(g.t, g.d.ID, chosen.wake)
	}
	if won, err := g.decide(g.t, o, Passed, 0); err != nil || !won {
		return true, err
	}
	return true, g.give(chosen, about.Record)
}
