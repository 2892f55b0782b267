package drum

import (
	"voronka/internal/flow/deadline"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/record/record"
)

// Chosen is the outcome of a drum's turn, before the offer is made: a record that is about to be created gets its
// responsible person at once.
type Chosen struct {
	Drum    *Drum
	UserID  int64 // who answers for the record; 0 when there is nobody at all
	State   string
	Round   int
	Reasons []Reason
}

// Choose takes the drum's turn for a record that isn't there yet. The drum stays locked until the transaction ends.
func (s *Service) Choose(t tx.Tx, drumID int64) (Chosen, error) { return s.choose(t, drumID, nil, 0) }

// choose takes a turn. misses are who missed the record how often, last is who missed it just now.
func (s *Service) choose(t tx.Tx, drumID int64, misses map[int64]int, last int64) (Chosen, error) {
	d, err := s.Store.LockDrum(t, drumID)
	if err != nil {
		return Chosen{}, err
	}
	org, err := s.Org.In(t)
	if err != nil {
		return Chosen{}, err
	}
	total := 0
	for _, n := range misses {
		total += n
	}
	c := Chosen{Drum: d, Round: total + 1}
	if d.MissesToHead > 0 && total >= d.MissesToHead {
		if c.UserID = head(org, d, last); c.UserID != 0 {
			c.State = Escalated
			return c, nil
		}
	}
	var next State
	c.UserID, c.Reasons, next = Route(d.candidates(org, misses), d.State)
	switch {
	case c.UserID != 0:
		c.State = Offered
	default:
		c.State = Waiting
		if c.UserID = head(org, d, last); c.UserID != 0 {
			c.State = Escalated
		}
	}
	d.State = next
	return c, s.Store.SaveState(t, d.ID, next)
}

// head is who answers when the people of the drum don't: its head, or the one over who missed last. 0: nobody.
func head(org *directory.Directory, d *Drum, last int64) int64 {
	if _, works := org.Who(d.HeadID); works {
		return d.HeadID
	}
	if last == 0 && len(d.Members) > 0 {
		last = d.Members[0].UserID
	}
	return org.HeadAbove(last)
}

func (d *Drum) candidates(org *directory.Directory, misses map[int64]int) []Candidate {
	list := make([]Candidate, len(d.Members))
	for i, m := range d.Members {
		_, works := org.Who(m.UserID)
		list[i] = Candidate{UserID: m.UserID, Paused: !m.Active, Left: !works, Misses: misses[m.UserID]}
	}
	return list
}

// Begin makes the offer that was chosen; the record's responsible person is chosen.UserID already.
func (s *Service) Begin(t tx.Tx, chosen Chosen, r ref.Ref) (*Offer, error) {
	t = because(t, chosen.Drum, "drum.cause.offer")
	o := &Offer{
		DrumID: chosen.Drum.ID, Record: r, UserID: chosen.UserID, Round: chosen.Round, State: chosen.State,
		OfferedAt: t.Now(), Reasons: chosen.Reasons,
	}
	var err error
	if o.State == Offered {
		if o.DueAt, err = s.Hours.Due(t, o.UserID, t.Now(), chosen.Drum.Take); err != nil {
			return nil, err
		}
	}
	if o.ID, err = s.Store.InsertOffer(t, o); err != nil {
		return nil, err
	}
	if o.DueAt != 0 {
		d := deadline.Deadline{Kind: deadline.Offer, Record: r, Subject: o.ID, UserID: o.UserID, DueAt: o.DueAt}
		if _, err := s.Deadlines.Open(t, d); err != nil {
			return nil, err
		}
	}
	entry := JournalMade
	if o.State == Escalated {
		entry = JournalEscalated
	}
	return o, s.tell(t, o, entry, EventMade)
}

// Offer puts a record into a drum: the next person becomes responsible and has the drum's time to take it.
func (s *Service) Offer(t tx.Tx, drumID int64, r ref.Ref) (*Offer, error) {
	state, err := s.Records.Load(t, access.System(), r)
	if err != nil {
		return nil, err
	}
	if state.ClosedAt != 0 {
		return nil, fault.New(fault.Conflict, "offer.record_closed")
	}
	if open, err := s.Store.OpenOffer(t, r); err != nil {
		return nil, err
	} else if open != nil {
		return nil, fault.New(fault.Conflict, "offer.already_open")
	}
	misses, err := s.Store.Misses(t, drumID, r)
	if err != nil {
		return nil, err
	}
	return s.next(t, drumID, r, misses, 0, "drum.cause.offer")
}

// next chooses the next person, makes him responsible and makes the offer.
func (s *Service) next(t tx.Tx, drumID int64, r ref.Ref, misses map[int64]int, last int64, note string) (*Offer, error) {
	chosen, err := s.choose(t, drumID, misses, last)
	if err != nil {
		return nil, err
	}
	if chosen.UserID != 0 {
		v := record.Values{"responsible": chosen.UserID}
		if _, err := s.Records.Update(because(t, chosen.Drum, note), access.System(), r, v, 0); err != nil {
			return nil, err
		}
	}
	return s.Begin(t, chosen, r)
}

// SecondsLeft is how long an offer may still be taken, at the moment now; 0 when it is late or has no deadline.
func (o *Offer) SecondsLeft(now clock.Instant) int64 {
	if o.State != Offered || o.DueAt <= now {
		return 0
	}
	return int64(o.DueAt-now) / 1000
}

// Next is who would be offered a new record now, with the reasons; 0 when nobody could.
func (d *Drum) Next(org *directory.Directory) (int64, []Reason) {
	person, reasons, _ := Route(d.candidates(org, nil), d.State)
	return person, reasons
}
