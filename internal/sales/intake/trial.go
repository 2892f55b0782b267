package intake

import (
	"context"
	"errors"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
)

// Tried is what would have become of a request.
type Tried struct {
	Answer
	Title  string
	Stage  int64
	UserID int64 // who would answer for the record
}

// errTried takes back everything a trial has written.
var errTried = errors.New("intake: only a trial")

// Try takes a request in and takes it back: nothing stays, nobody hears of it.
func (s *Service) Try(ctx context.Context, who access.Who, keyID int64, p *Payload) (tried Tried, err error) {
	if err := who.Must(access.Forms); err != nil {
		return Tried{}, err
	}
	if p.Empty() {
		return Tried{}, fault.New(fault.Invalid, "intake.empty")
	}
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		k, err := s.Store.KeyByID(t, keyID)
		if err != nil {
			return err
		}
		a, err := s.take(t, k, Incoming{Payload: p}, "")
		if err != nil {
			return err
		}
		var state *record.State
		if state, err = s.Records.Load(t, access.System(), a.Record); err != nil {
			return err
		}
		tried = Tried{Answer: a, Title: state.Title, Stage: state.StageID, UserID: state.ResponsibleID}
		return errTried
	})
	if errors.Is(err, errTried) {
		return tried, nil
	}
	return Tried{}, err
}
