package drum

import (
	"slices"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/activity"
	"voronka/internal/record/record"
)

// Before implements record.Hook.
func (s *Service) Before(tx.Tx, *record.Change) error { return nil }

// After implements record.Hook: what happens to a record ends its open offer.
//
//	deleted, closed                      withdrawn
//	moved by the person it is offered to taken, as far as the drum's policy says so
//	given to somebody else               withdrawn: a person has decided
//
// A done activity about a record may take it too. What the drum itself changes is no news to it.
func (s *Service) After(t tx.Tx, c *record.Change) error {
	if t.Cause().Kind == "drum" {
		return nil
	}
	if c.Type.Code == activity.Type {
		return s.done(t, c)
	}
	if c.Created || c.Restored || !c.Deleted && !c.Moved() && c.Before.ResponsibleID == c.After.ResponsibleID {
		return nil
	}
	o, err := s.Store.OpenOffer(t, ref.Ref{Type: c.Type.Code, ID: c.ID})
	if err != nil || o == nil {
		return err
	}
	switch {
	case c.Deleted:
		return s.withdraw(t, o)
	case c.Moved() && t.Actor() != 0 && t.Actor() == s.holder(o, c):
		if took, err := s.takes(t, o, c.After.StageID, ByStage, ByOwnStage); err != nil || took {
			return err
		}
	}
	if c.After.ClosedAt != 0 || c.Before.ResponsibleID != c.After.ResponsibleID {
		return s.withdraw(t, o)
	}
	return nil
}

// holder is who has a record: the person it is offered to, or whoever answers for it while it waits.
func (s *Service) holder(o *Offer, c *record.Change) int64 {
	if o.State == Waiting {
		return c.Before.ResponsibleID
	}
	return o.UserID
}

// takes ends an offer as taken when one of the deeds counts as such in its drum.
func (s *Service) takes(t tx.Tx, o *Offer, stageID int64, deeds ...string) (bool, error) {
	d, err := s.Store.Drum(t, o.DrumID)
	if fault.Is(err, fault.NotFound) {
		d, err = &Drum{Policy: Policy{}.Filled()}, nil
	}
	if err != nil {
		return false, err
	}
	counts := slices.ContainsFunc(deeds, func(deed string) bool {
		return slices.Contains(d.Policy.Taken, deed) && (deed != ByOwnStage || stageID == d.TakeStageID)
	})
	if !counts {
		return false, nil
	}
	by := t.Actor()
	if won, err := s.end(t, o, Taken, by); err != nil || !won {
		return true, err
	}
	return true, s.tell(t, o, JournalTaken, EventTaken, by)
}

// done takes the records a person has done an activity about, where that counts.
func (s *Service) done(t tx.Tx, c *record.Change) error {
	at := c.Type.Field(activity.DoneAt)
	if t.Actor() == 0 || c.Deleted || c.Restored || at == nil || !c.After.Get(at).Set || !c.Created && !c.Changed(activity.DoneAt) {
		return nil
	}
	for _, item := range c.After.Get(c.Type.Field(activity.About)).Many {
		typ := c.Catalog.TypeByID(item.Type)
		if typ == nil {
			continue
		}
		r := ref.Ref{Type: typ.Code, ID: item.ID}
		o, err := s.Store.OpenOffer(t, r)
		if err != nil {
			return err
		}
		if o == nil || o.UserID != t.Actor() {
			continue
		}
		if err := s.takenByDeed(t, o, ByActivity); err != nil {
			return err
		}
	}
	return nil
}

// takenByDeed takes a record as if Take had been pressed, when the deed counts.
func (s *Service) takenByDeed(t tx.Tx, o *Offer, deed string) error {
	state, err := s.Records.Load(t, access.System(), o.Record)
	if err != nil {
		return ignore(err, fault.NotFound)
	}
	by := t.Actor()
	if took, err := s.takes(t, o, 0, deed); err != nil || !took || o.State != Taken {
		return err
	}
	v, err := s.taken(t, o, state, by)
	if err != nil || len(v) == 0 {
		return err
	}
	_, err = s.Records.Update(t, access.System(), o.Record, v, 0)
	return err
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
	return s.passOn(t, open, "drum.cause.left")
}

// passOn withdraws offers and offers their records to the next person.
func (s *Service) passOn(t tx.Tx, open []Offer, note string) error {
	open, err := s.lockRecords(t, open)
	if err != nil {
		return err
	}
	byDrum := map[int64][]Offer{}
	var drums []int64
	for _, o := range open {
		if byDrum[o.DrumID] == nil {
			drums = append(drums, o.DrumID)
		}
		byDrum[o.DrumID] = append(byDrum[o.DrumID], o)
	}
	slices.Sort(drums)
	for _, id := range drums {
		if err := s.passOnIn(t, id, byDrum[id], note); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) passOnIn(t tx.Tx, drumID int64, open []Offer, note string) error {
	g, err := s.sure(t, drumID)
	if err != nil {
		return err
	}
	var records []About
	for i := range open {
		if err := s.withdraw(t, &open[i]); err != nil {
			return err
		}
		if open[i].State == Withdrawn {
			records = append(records, g.again(&open[i]))
		}
	}
	if g.gone {
		return nil
	}
	return g.pass(t, records, note)
}

// lockRecords locks the records of offers, before anything else is locked, and reads the offers again: those that are open
// still and whose record is there.
func (s *Service) lockRecords(t tx.Tx, offers []Offer) ([]Offer, error) {
	if len(offers) == 0 {
		return nil, nil
	}
	records, numbers := make([]ref.Ref, len(offers)), make([]int64, len(offers))
	for i := range offers {
		records[i], numbers[i] = offers[i].Record, offers[i].ID
	}
	there, err := s.Store.LockRecords(t, records)
	if err != nil {
		return nil, err
	}
	if offers, err = s.Store.OffersByID(t, numbers); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(offers, func(o Offer) bool { return !o.Open() || !there[o.Record] }), nil
}
