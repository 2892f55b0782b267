package drum

import (
	"encoding/json"
	"fmt"
	"strconv"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

// DrainJob is the kind of the jobs that offer waiting records as soon as somebody can take them.
const DrainJob = "drum.drain"

// drainSlice is how many waiting records are offered in one transaction.
const drainSlice = 50

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
// can take more waits for the next working moment.
func (s *Service) drainSome(t tx.Tx, drumID int64) error {
	portions, err := s.Store.WaitingPortions(t, drumID)
	if err != nil {
		return err
	}
	for _, portion := range portions {
		full, err := s.drainPortion(t, drumID, portion)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if full { // others get their turn first
			return s.drain(t, drumID)
		}
	}
	return nil
}

// drainPortion tells whether there is more to deal.
func (s *Service) drainPortion(t tx.Tx, drumID int64, portion string) (full bool, err error) {
	waiting, err := s.Store.WaitingIn(t, drumID, portion, drainSlice)
	if err != nil {
		return false, err
	}
	full = len(waiting) == drainSlice
	if waiting, err = s.lockRecords(t, waiting); err != nil {
		return false, err
	}
	g, err := s.lock(t, drumID)
	if err != nil {
		return false, err
	}
	g.t = because(t, g.d, "drum.cause.drain")
	records := make([]About, len(waiting))
	for i := range waiting {
		records[i] = g.again(&waiting[i])
		records[i].queued = true
	}
	if err := g.recall(records); err != nil {
		return false, err
	}
	for i := range waiting {
		dealt, err := g.redeal(&waiting[i], records[i])
		if err != nil {
			return false, err
		}
		if !dealt {
			full = false
			break
		}
	}
	return full, g.save()
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
