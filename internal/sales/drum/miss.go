package drum

import (
	"voronka/internal/flow/deadline"
	"voronka/internal/flow/incident"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// Missed is what happens when an offer's time is up: an incident for who let it pass, and the record goes to the next
// person, or to the head after too many misses. It runs in the transaction that fired the deadline.
func (s *Service) Missed(t tx.Tx, due deadline.Deadline) error {
	if _, err := s.Records.Load(t, access.System(), due.Record); fault.Is(err, fault.NotFound) {
		return nil // deleted at this very moment: its hook withdraws the offer
	} else if err != nil {
		return err
	}
	o, err := s.Store.Offer(t, due.Subject)
	if err != nil {
		return err
	}
	if !o.Open() {
		return nil
	}
	d, err := s.Store.LockDrum(t, o.DrumID)
	if fault.Is(err, fault.NotFound) {
		d, err = &Drum{ID: o.DrumID}, nil
	}
	if err != nil {
		return err
	}
	t = because(t, d, "drum.cause.missed")
	if won, err := s.end(t, o, Missing, 0); err != nil || !won {
		return err
	}
	if err := s.tell(t, o, JournalMissed, EventMissed); err != nil {
		return err
	}
	breach := incident.Incident{Kind: incident.MissedOffer, UserID: o.UserID, DrumID: o.DrumID, Record: o.Record, Subject: o.ID, DueAt: o.DueAt}
	if _, err := s.Incidents.Register(t, breach); err != nil {
		return err
	}
	if !d.Active { // the drum was removed while the offer ran: who had it last keeps the record
		return nil
	}
	misses, err := s.Store.Misses(t, o.DrumID, o.Record)
	if err != nil {
		return err
	}
	_, err = s.next(t, o.DrumID, o.Record, misses, o.UserID, "drum.cause.missed")
	return err
}
