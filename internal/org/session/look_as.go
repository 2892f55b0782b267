package session

import (
	"context"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/accessjournal"
)

// LookAs lets an administrator look with another's eyes in one of his sessions; userID 0 ends it. Nothing can be changed
// meanwhile: the door refuses everything but reading.
func (s *Service) LookAs(ctx context.Context, who access.Who, sessionID, userID int64) error {
	owner := who.UserID
	if who.LookedAtBy != 0 {
		owner = who.LookedAtBy
	} else if userID == 0 {
		return nil
	}
	if sessionID == 0 {
		return fault.New(fault.Conflict, "look_as.browser_only")
	}
	people, err := s.people.Last(ctx)
	if err != nil {
		return err
	}
	if _, works := people.Who(userID); userID != 0 && (!works || userID == owner) {
		return fault.In("user", "user.unknown")
	}
	if looker, works := people.Who(owner); userID != 0 && (!works || !looker.IsAdmin()) {
		return fault.New(fault.Forbidden, "org.admin_only")
	}
	ctx = tx.WithActor(ctx, owner)
	return s.tx.Do(ctx, func(t tx.Tx) error {
		if err := s.store.SetLookAs(t, owner, sessionID, userID); err != nil {
			return err
		}
		t.AfterCommit(s.cache.clear)
		return s.store.Note(t, accessjournal.Entry{
			UserID: owner, Kind: accessjournal.LookAs, Data: accessjournal.Data(map[string]any{"user": userID, "ended": userID == 0, "whom": who.UserID}),
		})
	})
}
