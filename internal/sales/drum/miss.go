package drum

import (
	"maps"
	"slices"
	"strconv"

	"voronka/internal/flow/deadline"
	"voronka/internal/flow/incident"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
)

// Missed is what happens when an offer's time is up; see MissedMany. It runs in the transaction that fired the deadline.
func (s *Service) Missed(t tx.Tx, due deadline.Deadline) error {
	o, err := s.Store.Offer(t, due.Subject)
	if err != nil {
		return ignore(err, fault.NotFound)
	}
	return s.MissedMany(t, o.DrumID, []deadline.Deadline{due})
}

// groupName is what late offers of a drum are decided together by.
func groupName(drumID int64) string { return "drum/" + strconv.FormatInt(drumID, 10) }

// Group names the group of an offer's deadline. It is what deadline.Service.GroupBy wants.
func (s *Service) Group(t tx.Tx, due deadline.Deadline) (string, error) {
	o, err := s.Store.Offer(t, due.Subject)
	if err != nil {
		return "", ignore(err, fault.NotFound)
	}
	return groupName(o.DrumID), nil
}

// MissedTogether is MissedMany of offers whose drums aren't known. It is what deadline.Service.OnMany wants.
func (s *Service) MissedTogether(t tx.Tx, due []deadline.Deadline) error {
	offers := make([]int64, len(due))
	for i, d := range due {
		offers[i] = d.Subject
	}
	late, err := s.Store.OffersByID(t, offers)
	if err != nil {
		return err
	}
	drumOf, byDrum := make(map[int64]int64, len(late)), map[int64][]deadline.Deadline{}
	for _, o := range late {
		drumOf[o.ID] = o.DrumID
	}
	for _, d := range due {
		if id, known := drumOf[d.Subject]; known {
			byDrum[id] = append(byDrum[id], d)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(byDrum)) {
		if err := s.MissedMany(t, id, byDrum[id]); err != nil {
			return err
		}
	}
	return nil
}

// MissedMany is what happens when the time of offers of one drum is up: an incident for who let it pass, and each record
// goes to the next person, or to the head after too many misses. The drum, its people and how they stand are asked once.
// It runs in the transaction that fired the deadlines.
func (s *Service) MissedMany(t tx.Tx, drumID int64, due []deadline.Deadline) error {
	subjects := make([]int64, len(due))
	for i, d := range due {
		subjects[i] = d.Subject
	}
	late, err := s.Store.OffersByID(t, subjects)
	if err != nil {
		return err
	}
	if late, err = s.lockRecords(t, late); err != nil {
		return err
	}
	g, err := s.sure(t, drumID)
	if err != nil {
		return err
	}
	missed := because(t, g.d, "drum.cause.missed")
	numbers := make([]int64, len(late))
	for i := range late {
		numbers[i] = late[i].ID
	}
	won, err := s.Store.DecideMany(missed, numbers, Missing, 0)
	if err != nil {
		return err
	}
	var records []About
	for i := range late {
		o := &late[i]
		if !won[o.ID] {
			continue
		}
		o.State, o.DecidedAt = Missing, t.Now()
		if err := s.tell(missed, o, JournalMissed, EventMissed); err != nil {
			return err
		}
		breach := incident.Incident{Kind: incident.MissedOffer, UserID: o.UserID, DrumID: o.DrumID, Record: o.Record, Subject: o.ID, DueAt: o.DueAt}
		if _, err := s.Incidents.Register(missed, breach); err != nil {
			return err
		}
		records = append(records, g.again(o))
	}
	if g.gone || len(records) == 0 { // the drum was removed while the offers ran: who had a record last keeps it
		return nil
	}
	if err := s.freed(t, drumID); err != nil { // a place is free that a record the head gets won't fill
		return err
	}
	return g.pass(missed, records, "drum.cause.missed")
}

// again is a record that goes on to somebody else.
func (g *group) again(o *Offer) About {
	about := About{Record: o.Record, Source: o.Portion, first: o.FirstID, last: o.UserID}
	if f, known := g.facts[o.UserID]; known && f.open > 0 && o.State != Waiting {
		f.open--
		g.facts[o.UserID] = f
	}
	return about
}

// pass deals records anew whose misses aren't known yet.
func (g *group) pass(t tx.Tx, records []About, note string) error {
	if len(records) == 0 {
		return nil
	}
	if err := g.recall(records); err != nil {
		return err
	}
	g.t = t
	if _, err := g.deal(records, note); err != nil {
		return err
	}
	return g.save()
}

// recall finds out who missed records before.
func (g *group) recall(records []About) error {
	misses, err := g.Store.MissesOf(g.t, g.d.ID, records)
	for i := range records {
		records[i].misses = misses[records[i].Record]
	}
	return err
}
