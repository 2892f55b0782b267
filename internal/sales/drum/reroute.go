package drum

import (
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
)

// Into puts a record into a drum as Offer does, and takes it out of another one it may be in. A record that is on offer in
// this drum already stays as it is.
func (s *Service) Into(t tx.Tx, drumID int64, r ref.Ref) (*Offer, error) {
	open, err := s.Store.OpenOffer(t, r)
	if err != nil {
		return nil, err
	}
	if open != nil && open.DrumID == drumID {
		return open, nil
	}
	if err := s.Release(t, r); err != nil {
		return nil, err
	}
	return s.Offer(t, drumID, r)
}

// Release takes a record out of the drum it is in; who has it keeps it.
func (s *Service) Release(t tx.Tx, r ref.Ref) error {
	open, err := s.Store.OpenOffer(t, r)
	if err != nil || open == nil {
		return err
	}
	return s.withdraw(t, open)
}
