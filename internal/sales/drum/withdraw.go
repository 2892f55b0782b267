package drum

import (
	"encoding/json"
	"fmt"
	"strconv"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
)

// DrainJob is the kind of the jobs that offer waiting records as soon as somebody can take them.
const DrainJob = "drum.drain"

// drainSlice is how many waiting records are offered in one transaction.
const drainSlice = 25

// Before implements record.Hook.
func (s *Service) Before(tx.Tx, *record.Change) error { return nil }

// After implements record.Hook: what happens to a record ends its open offer.
//
//	deleted, closed                      withdrawn
//	moved by the person it is offered to taken
//	given to somebody else               withdrawn: a person has decided
//
// What the drum itself changes is no news to it.
func (s *Service) After(t tx.Tx, c *record.Change) error {
	if c.Created || c.Restored || t.Cause().Kind == "drum" || !c.Deleted && !c.Moved() && c.Before.ResponsibleID == c.After.ResponsibleID {
		return nil
	}
	o, err := s.Store.OpenOffer(t, ref.Ref{Type: c.Type.Code, ID: c.ID})
	if err != nil || o == nil {
		return err
	}
	moved := c.Moved() && t.Actor() != 0 && t.Actor() == o.UserID
	switch {
	case c.Deleted:
		return s.withdraw(t, o)
	case moved:
		if won, err := s.end(t, o, Taken, o.UserID); err != nil || !won {
			return err
		}
		return s.tell(t, o, JournalTaken, EventTaken)
	case c.After.ClosedAt != 0, c.Before.ResponsibleID != c.After.ResponsibleID:
		return s.withdraw(t, o)
	}
	return nil
}

func (s *Service) withdraw(t tx.Tx, o *Offer) error {
	if won, err := s.end(t, o, Withdrawn, t.Actor()); err != nil || !won {
		return err
	}
	return s.tell(t, o, JournalWithdrawn, EventWithdrawn)
}

// OnDeactivated takes a person out of all running offers: they go on to the next at once, without an incident.
func (s *Service) OnDeactivated(t tx.Tx, userID int64) error {
	open, err := s.Store.OpenOf(t, userID)
	if err != nil {
		return err
	}
	return s.passOn(t, open)
}

// passOn withdraws offers and offers their records to the next person.
func (s *Service) passOn(t tx.Tx, open []Offer) error {
	for i := range open {
		if _, err := s.Records.Load(t, access.System(), open[i].Record); err != nil {
			return err
		}
		o, err := s.Store.Offer(t, open[i].ID)
		if err != nil {
			return err
		}
		if !o.Open() {
			continue
		}
		if err := s.withdraw(t, o); err != nil {
			return err
		}
		misses, err := s.Store.Misses(t, o.DrumID, o.Record)
		if err != nil {
			return err
		}
		if _, err := s.next(t, o.DrumID, o.Record, misses, o.UserID, "drum.cause.left"); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// Wake looks after drums when people have come, gone or returned: offers of those who left go on, records that waited for
// anybody are offered.
func (s *Service) Wake(t tx.Tx) error {
	left, err := s.Store.Left(t)
	if err != nil {
		return err
	}
	if err := s.passOn(t, left); err != nil {
		return err
	}
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

// drain asks for the waiting records of a drum to be offered.
func (s *Service) drain(t tx.Tx, drumID int64) error {
	payload, err := json.Marshal(drumID)
	if err != nil {
		return fmt.Errorf("drum: %w", err)
	}
	return t.Schedule(job.Job{Kind: DrainJob, Key: strconv.FormatInt(drumID, 10), DueAt: t.Now(), Payload: payload})
}

// Job is the handler that offers waiting records, oldest first.
func (s *Service) Job() job.Handler {
	return job.Handler{Kind: DrainJob, Run: func(t any, j job.Job) error {
		var drumID int64
		if err := json.Unmarshal(j.Payload, &drumID); err != nil {
			return fmt.Errorf("drum: %w", err)
		}
		return s.drainSome(t.(tx.Tx), drumID)
	}}
}

func (s *Service) drainSome(t tx.Tx, drumID int64) error {
	d, err := s.Store.Drum(t, drumID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	org, err := s.Org.In(t)
	if err != nil {
		return err
	}
	if person, _, _ := Route(d.candidates(org, nil), d.State); person == 0 && head(org, d, 0) == 0 {
		return nil
	}
	waiting, err := s.Store.WaitingIn(t, drumID, drainSlice)
	if err != nil {
		return err
	}
	if err := s.passOn(because(t, d, "drum.cause.drain"), waiting); err != nil || len(waiting) < drainSlice {
		return err
	}
	return s.drain(t, drumID)
}
