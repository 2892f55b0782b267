package drum

import (
	"context"

	"voronka/internal/flow/deadline"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// Take is the target action that ends an offer. Only the person it was made to may take it, his head, or an
// administrator; whoever takes it answers for the record, which moves to the drum's take stage. Taking what one has taken
// already is no mistake; of several who try at once exactly one gets it, the others a Conflict that names him.
func (s *Service) Take(ctx context.Context, who access.Who, offerID int64) (o *Offer, err error) {
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		o, err = s.TakeIn(t, who, offerID)
		return err
	})
	return o, err
}

// TakeIn is Take inside a transaction.
func (s *Service) TakeIn(t tx.Tx, who access.Who, offerID int64) (*Offer, error) {
	o, err := s.Store.Offer(t, offerID)
	if err != nil {
		return nil, err
	}
	state, err := s.Records.Load(t, access.System(), o.Record) // the record is locked first: see the package comment
	if fault.Is(err, fault.NotFound) {
		return nil, fault.New(fault.Conflict, "offer.withdrawn")
	}
	if err != nil {
		return nil, err
	}
	if o, err = s.Store.Offer(t, offerID); err != nil {
		return nil, err
	}
	if o.UserID != who.UserID && !who.Plan(o.Record.Type, access.Assign).Sees(state.Access) {
		return nil, s.notHis(who, o, state)
	}
	switch {
	case o.Open():
		return o, s.take(t, who.UserID, o, state)
	case o.State == Taken && o.DecidedBy == who.UserID:
		return o, nil
	case o.State == Taken:
		return nil, &fault.Error{Code: fault.Conflict, Key: "offer.taken", Data: map[string]any{"by": o.DecidedBy, "at": o.DecidedAt.Time()}}
	}
	return nil, fault.New(fault.Conflict, "offer."+o.State)
}

// notHis is the answer to who may not take an offer: he may know of it only if he sees the record.
func (s *Service) notHis(who access.Who, o *Offer, state *record.State) error {
	if who.Plan(o.Record.Type, access.See).Sees(state.Access) {
		return fault.New(fault.Forbidden, "offer.not_yours")
	}
	return fault.New(fault.NotFound, "offer.not_found")
}

func (s *Service) take(t tx.Tx, userID int64, o *Offer, state *record.State) error {
	if won, err := s.end(t, o, Taken, userID); err != nil || !won {
		return err
	}
	if err := s.tell(t, o, JournalTaken, EventTaken, userID); err != nil {
		return err
	}
	v, err := s.taken(t, o, state, userID)
	if err != nil || len(v) == 0 {
		return err
	}
	_, err = s.Records.Update(t, access.System(), o.Record, v, 0)
	return err
}

// taken is what changes in a record that is taken: its responsible, and its stage unless it is further already.
func (s *Service) taken(t tx.Tx, o *Offer, state *record.State, userID int64) (record.Values, error) {
	v := record.Values{}
	if state.ResponsibleID != userID {
		v["responsible"] = userID
	}
	c, err := s.Records.Catalog(t)
	if err != nil || state.StageID == 0 {
		return v, err
	}
	d, err := s.Store.Drum(t, o.DrumID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	if to := takeStage(c, d, state.StageID); to != nil {
		v["stage"] = to.Code
	}
	return v, nil
}

// takeStage is where a taken record goes from a stage: the drum's take stage if it lies ahead in the same pipeline, else
// the next open stage; nil when there is none, or the record is beyond.
func takeStage(c *schema.Catalog, d *Drum, from int64) *schema.Stage {
	now := c.StageByID(from)
	if now == nil || now.Closed() {
		return nil
	}
	passed := false
	var next *schema.Stage
	for _, s := range c.Stages(now.PipelineID) {
		switch {
		case s == now:
			passed = true
		case d != nil && s.ID == d.TakeStageID:
			if passed {
				return s
			}
			return nil
		case passed && next == nil && s.Kind == schema.Open:
			next = s
		}
	}
	return next
}

// decide ends an open offer; false when somebody was faster.
func (s *Service) decide(t tx.Tx, o *Offer, state string, by int64) (bool, error) {
	won, err := s.Store.Decide(t, o.ID, state, by)
	if err != nil || !won {
		return false, err
	}
	o.State, o.DecidedAt, o.DecidedBy = state, t.Now(), by
	return true, nil
}

// end decides an open offer and stops its deadline; false when somebody was faster. Where places are few, one is free now.
func (s *Service) end(t tx.Tx, o *Offer, state string, by int64) (bool, error) {
	had := o.DueAt != 0
	won, err := s.decide(t, o, state, by)
	if err != nil || !won || !had {
		return won, err
	}
	if err := s.Deadlines.Close(t, deadline.Offer, o.ID); err != nil {
		return false, err
	}
	return true, s.freed(t, o.DrumID)
}

// freed lets a record that waits for a free place be dealt.
func (s *Service) freed(t tx.Tx, drumID int64) error {
	some, err := s.Store.WaitingIn(t, drumID, "", 1)
	if err != nil || len(some) == 0 {
		return err
	}
	return s.drain(t, drumID)
}
