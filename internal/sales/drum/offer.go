package drum

import (
	"slices"

	"voronka/internal/flow/deadline"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
)

// maxReasons is how many reasons an offer keeps: the chosen one's and of the first who were passed over.
const maxReasons = 12

// Chosen is the outcome of a drum's turn, before the offer is made: a record that is about to be created gets its
// responsible person at once.
type Chosen struct {
	Drum    *Drum
	UserID  int64 // who answers for the record; 0 when there is nobody at all
	State   string
	Round   int
	Reasons []Reason

	group   *group
	first   int64         // who had the record first
	portion string        // the source whose daily portion it is
	tell    int64         // the head who begins to watch, or is told
	wake    clock.Instant // of a waiting one: when to look again
}

// Choose takes the drum's turn for a record that isn't there yet. The drum stays locked until the transaction ends.
func (s *Service) Choose(t tx.Tx, drumID int64) (Chosen, error) {
	return s.ChooseFor(t, drumID, About{})
}

// ChooseFor takes the drum's turn for a record of which something is known. The drum stays locked until the transaction
// ends.
func (s *Service) ChooseFor(t tx.Tx, drumID int64, about About) (Chosen, error) {
	g, err := s.lock(t, drumID)
	if err != nil {
		return Chosen{}, err
	}
	c, err := g.choose(about)
	if err != nil {
		return Chosen{}, err
	}
	return c, g.save()
}

// Begin makes the offer that was chosen; the record's responsible person is chosen.UserID already.
func (s *Service) Begin(t tx.Tx, chosen Chosen, r ref.Ref) (*Offer, error) {
	list, err := s.begin(t, []Chosen{chosen}, []ref.Ref{r})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// begin makes the offers that were chosen by one drum for as many records.
func (s *Service) begin(t tx.Tx, chosen []Chosen, records []ref.Ref) ([]*Offer, error) {
	if len(chosen) == 0 {
		return nil, nil
	}
	t = because(t, chosen[0].Drum, "drum.cause.offer")
	list := make([]*Offer, len(chosen))
	for i, c := range chosen {
		list[i] = c.offer(records[i], t.Now())
	}
	if err := s.Store.InsertOffers(t, list); err != nil {
		return nil, err
	}
	var due []deadline.Deadline
	for _, o := range list {
		if o.DueAt != 0 {
			due = append(due, deadline.Deadline{
				Kind: deadline.Offer, Record: o.Record, Subject: o.ID, UserID: o.UserID, DueAt: o.DueAt, FromAt: o.OfferedAt, Work: o.Work,
				Group: groupName(o.DrumID),
			})
		}
	}
	if err := s.Deadlines.OpenMany(t, due); err != nil {
		return nil, err
	}
	for i, o := range list {
		if err := s.begun(t, chosen[i], o); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// offer is the offer that was chosen for a record.
func (c Chosen) offer(r ref.Ref, now clock.Instant) *Offer {
	o := &Offer{
		DrumID: c.Drum.ID, Record: r, UserID: c.UserID, Round: c.Round, State: c.State,
		OfferedAt: now, Reasons: few(c.Reasons, c.UserID), Portion: c.portion, FirstID: c.first,
	}
	if o.FirstID == 0 && o.State != Waiting { // who answers for it until then never had it
		o.FirstID = c.UserID
	}
	switch {
	case o.State == Waiting:
		o.UserID = 0
	case o.State == Offered && o.Portion == "":
		o.Work = c.Drum.Take
		o.DueAt, o.Pauses = count(c.Drum.schedule(c.group.org, o.UserID), o.OfferedAt, o.Work)
	}
	return o
}

// begun tells of an offer that was made, and sees to it that a waiting one is looked after.
func (s *Service) begun(t tx.Tx, chosen Chosen, o *Offer) error {
	var others []int64
	entry := JournalMade
	switch o.State {
	case Escalated:
		entry = JournalEscalated
	case Waiting:
		entry, others = JournalWaiting, []int64{chosen.UserID}
		if err := s.wake(t, o.DrumID, chosen.wake); err != nil {
			return err
		}
	}
	if err := s.tell(t, o, entry, EventMade, others...); err != nil {
		return err
	}
	return s.involve(t, chosen, o)
}

// few keeps the reason of the one chosen and some of the others'.
func few(reasons []Reason, chosen int64) []Reason {
	if len(reasons) <= maxReasons {
		return reasons
	}
	list := slices.Clone(reasons[:maxReasons])
	if i := slices.IndexFunc(reasons, func(r Reason) bool { return r.UserID == chosen }); i >= maxReasons {
		list[maxReasons-1] = reasons[i]
	}
	return list
}

// involve lets the head watch a record that is missed too often, or tells him.
func (s *Service) involve(t tx.Tx, chosen Chosen, o *Offer) error {
	if chosen.tell == 0 {
		return nil
	}
	if chosen.Drum.Policy.Head == HeadObserver {
		state, err := s.Records.Load(t, access.System(), o.Record)
		if err != nil {
			return err
		}
		if !slices.Contains(state.Observers, chosen.tell) {
			v := record.Values{"observers": people(append(slices.Clone(state.Observers), chosen.tell))}
			if _, err := s.Records.Update(t, access.System(), o.Record, v, 0); err != nil {
				return err
			}
		}
	}
	over := *o
	over.UserID, over.Reasons, over.State = chosen.tell, nil, Escalated
	return s.tell(t, &over, JournalEscalated, EventEscalated)
}

func people(list []int64) []any {
	out := make([]any, len(list))
	for i, id := range list {
		out[i] = id
	}
	return out
}

// Offer puts a record into a drum: the next person becomes responsible and has the drum's time to take it.
func (s *Service) Offer(t tx.Tx, drumID int64, r ref.Ref) (*Offer, error) {
	return s.OfferFor(t, drumID, About{Record: r})
}

// OfferFor is Offer for a record of which something is known; who is responsible for it now is its former responsible
// person unless another one is named.
func (s *Service) OfferFor(t tx.Tx, drumID int64, about About) (*Offer, error) {
	state, err := s.Records.Load(t, access.System(), about.Record)
	if err != nil {
		return nil, err
	}
	if state.ClosedAt != 0 {
		return nil, fault.New(fault.Conflict, "offer.record_closed")
	}
	if open, err := s.Store.OpenOffer(t, about.Record); err != nil {
		return nil, err
	} else if open != nil {
		return nil, fault.New(fault.Conflict, "offer.already_open")
	}
	if about.FormerResponsible == 0 {
		about.FormerResponsible = state.ResponsibleID
	}
	if about.misses, err = s.Store.Misses(t, drumID, about.Record); err != nil {
		return nil, err
	}
	g, err := s.lock(t, drumID)
	if err != nil {
		return nil, err
	}
	list, err := g.deal([]About{about}, "drum.cause.offer")
	if err != nil {
		return nil, err
	}
	return list[0], g.save()
}

// deal chooses the next person for each record, makes him responsible and makes the offers. The records are locked.
func (g *group) deal(records []About, note string) ([]*Offer, error) {
	chosen := make([]Chosen, len(records))
	edits := make([]record.Edit, 0, len(records))
	for i, about := range records {
		var err error
		if chosen[i], err = g.choose(about); err != nil {
			return nil, err
		}
		if chosen[i].UserID != 0 {
			edits = append(edits, record.Edit{Ref: about.Record, Values: record.Values{"responsible": chosen[i].UserID}})
		}
	}
	if err := g.Records.UpdateEach(because(g.t, g.d, note), access.System(), edits); err != nil {
		return nil, err
	}
	refs := make([]ref.Ref, len(records))
	for i, about := range records {
		refs[i] = about.Record
	}
	return g.begin(g.t, chosen, refs)
}

// give makes the one chosen responsible and makes the offer.
func (g *group) give(chosen Chosen, r ref.Ref) error {
	v := record.Values{"responsible": chosen.UserID}
	if _, err := g.Records.Update(g.t, access.System(), r, v, 0); err != nil {
		return err
	}
	_, err := g.Begin(g.t, chosen, r)
	return err
}
