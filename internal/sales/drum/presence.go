package drum

import (
	"encoding/json"
	"fmt"
	"strconv"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/attendance"
	"voronka/internal/org/directory"
)

// Presence tells who of some people works now; needDay also demands a working day that runs.
type Presence interface {
	Of(t tx.Tx, users []int64, needDay bool) (map[int64]attendance.Presence, error)
}

var _ attendance.Listener = (*Service)(nil)

// stands tells how people stand now, as far as the clock and their working day go.
func (s *Service) stands(t tx.Tx, org *directory.Directory, users []int64, p Policy) (map[int64]fact, error) {
	facts := make(map[int64]fact, len(users))
	var present map[int64]attendance.Presence
	if s.Presence != nil && len(users) > 0 {
		var err error
		if present, err = s.Presence.Of(t, users, true); err != nil {
			return nil, err
		}
	}
	for _, id := range users {
		is, known := present[id]
		if !known {
			is = attendance.At(org, id, t.Now())
		}
		f := fact{next: is.Next}
		if why := barred(is, p); why != "" {
			f.barred, f.until = why, is.Until
		}
		facts[id] = f
	}
	return facts, nil
}

// barred is why somebody can't be offered anything: absent, or gone for the day, in every drum; out of hours where hours
// count, without a running day where one is needed.
func barred(is attendance.Presence, p Policy) Code {
	switch is.Why {
	case attendance.OutOfHours:
		if p.Hours == AlwaysHours {
			return ""
		}
	case attendance.DayNotStarted, attendance.DayPaused:
		if !p.NeedDay {
			return ""
		}
	}
	return Code(is.Why)
}

// AwayJob is the kind of the jobs that take a person who has gone out of his offers.
const AwayJob = "drum.away"

// awaySlice is how many offers of a person are passed on in one transaction.
const awaySlice = 50

// HoursChanged implements attendance.Listener: deadlines are counted anew by deadline itself; who works now may be others.
func (s *Service) HoursChanged(t tx.Tx, _ []int64) error { return s.drainAll(t) }

// Back implements attendance.Listener: what waited may be dealt.
func (s *Service) Back(t tx.Tx, _ int64) error { return s.drainAll(t) }

// Away implements attendance.Listener: offers of who is absent or done for the day go on to the next at once, without an
// incident. Out of hours they stay: their clock stands still.
func (s *Service) Away(t tx.Tx, userID int64) error {
	payload, err := json.Marshal(userID)
	if err != nil {
		return fmt.Errorf("drum: %w", err)
	}
	return t.Schedule(job.Job{Kind: AwayJob, Key: strconv.FormatInt(userID, 10), DueAt: t.Now(), Payload: payload})
}

func (s *Service) awayJob() job.Handler {
	return job.Handler{Kind: AwayJob, Run: func(t any, j job.Job) error {
		var userID int64
		if err := json.Unmarshal(j.Payload, &userID); err != nil {
			return fmt.Errorf("drum: %w", err)
		}
		return s.leave(t.(tx.Tx), userID)
	}}
}

// leave passes some offers of a person on who has gone, if he still is.
func (s *Service) leave(t tx.Tx, userID int64) error {
	org, err := s.Org.In(t)
	if err != nil {
		return err
	}
	open, err := s.Store.OpenOf(t, userID)
	if err != nil {
		return err
	}
	leaving, err := s.leaving(t, org, userID, open)
	if err != nil {
		return err
	}
	if len(leaving) > awaySlice {
		leaving = leaving[:awaySlice]
		if err := s.Away(t, userID); err != nil {
			return err
		}
	}
	return s.passOn(t, leaving, "drum.cause.away")
}

// leaving are the offers a person doesn't keep.
func (s *Service) leaving(t tx.Tx, org *directory.Directory, userID int64, open []Offer) (list []Offer, err error) {
	gone := map[int64]bool{}
	for _, o := range open {
		if o.State != Offered {
			continue
		}
		if _, asked := gone[o.DrumID]; !asked {
			d, err := s.Store.Drum(t, o.DrumID)
			if fault.Is(err, fault.NotFound) {
				gone[o.DrumID] = false
				continue
			}
			if err != nil {
				return nil, err
			}
			facts, err := s.stands(t, org, []int64{userID}, d.Policy)
			if err != nil {
				return nil, err
			}
			why := facts[userID].barred
			gone[o.DrumID] = why != "" && why != OffHours
		}
		if gone[o.DrumID] {
			list = append(list, o)
		}
	}
	return list, nil
}
