package drum

import (
	"time"

	"voronka/internal/flow/deadline"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/directory"
	"voronka/internal/org/worktime"
)

// Pause is a time during which the clock of an offer stands still: From is inside, To is not.
type Pause struct {
	From clock.Instant `json:"from"`
	To   clock.Instant `json:"to"`
}

// maxPauses is how many pauses of an offer are kept, to be shown: more is over a week of office days.
const maxPauses = 20

// schedule is what an offer to a person is counted in; nil: round the clock.
func (d *Drum) schedule(org *directory.Directory, userID int64) *worktime.Schedule {
	var s *worktime.Schedule
	if d.Policy.Hours == PersonHours {
		s = org.ScheduleOf(userID)
	}
	switch own := d.Policy.Schedule; {
	case own == nil:
		return s
	case s == nil:
		return own
	default:
		return s.And(own)
	}
}

// open tells whether the drum deals at a moment.
func (d *Drum) open(at clock.Instant) bool {
	return !d.Policy.Stopped && (d.Policy.Schedule == nil || d.Policy.Schedule.Works(at))
}

// count is when an amount of working time has passed since a moment, and when the clock stands still until then. A
// schedule that never works counts round the clock, so that a deadline always comes.
func count(s *worktime.Schedule, from clock.Instant, work time.Duration) (due clock.Instant, pauses []Pause) {
	if s == nil {
		return from.Add(work), nil
	}
	due, ok := s.Add(from, work)
	if !ok {
		return from.Add(work), nil
	}
	for at := from; at < due && len(pauses) < maxPauses; {
		if end, works := s.Ends(at); works {
			at = end
			continue
		}
		next, ok := s.Next(at)
		if !ok || next <= at {
			break
		}
		pauses = append(pauses, Pause{at, next})
		at = next
	}
	return due, pauses
}

// PausedUntil is when the clock of an offer runs on that stands still at the moment now; 0 while it runs.
func (o *Offer) PausedUntil(now clock.Instant) clock.Instant {
	if o.State != Offered {
		return 0
	}
	for _, p := range o.Pauses {
		if p.From <= now && now < p.To {
			return p.To
		}
	}
	return 0
}

// SecondsLeft is how long an offer may still be taken, at the moment now, by the clock on the wall; 0 when it is late or
// has no deadline.
func (o *Offer) SecondsLeft(now clock.Instant) int64 {
	if o.State != Offered || o.DueAt <= now {
		return 0
	}
	return int64(o.DueAt-now) / 1000
}

// Due counts the deadline of an open offer anew: the calendar or somebody's hours have changed. It is what
// deadline.Service.CountBy wants.
func (s *Service) Due(t tx.Tx, due deadline.Deadline) (clock.Instant, error) {
	o, d, org, err := s.running(t, due)
	if err != nil || o == nil {
		return due.DueAt, err
	}
	at, _ := count(d.schedule(org, o.UserID), o.OfferedAt, o.Work)
	return at, nil
}

// Moved writes the new deadline of an offer down. It is what deadline.Service.OnMoved wants.
func (s *Service) Moved(t tx.Tx, due deadline.Deadline) error {
	o, d, org, err := s.running(t, due)
	if err != nil || o == nil {
		return err
	}
	_, o.Pauses = count(d.schedule(org, o.UserID), o.OfferedAt, o.Work)
	o.DueAt = due.DueAt
	if err := s.Store.MoveOffer(t, o); err != nil {
		return err
	}
	return s.emit(t, o, EventMoved)
}

// running is the open offer of a deadline with its drum; nil when there is no such any more.
func (s *Service) running(t tx.Tx, due deadline.Deadline) (*Offer, *Drum, *directory.Directory, error) {
	o, err := s.Store.Offer(t, due.Subject)
	if err != nil || !o.Open() {
		return nil, nil, nil, ignore(err, fault.NotFound)
	}
	d, err := s.Store.Drum(t, o.DrumID)
	if err != nil {
		return nil, nil, nil, ignore(err, fault.NotFound)
	}
	org, err := s.Org.In(t)
	return o, d, org, err
}

// ignore drops an error that is no news.
func ignore(err error, code fault.Code) error {
	if fault.Is(err, code) {
		return nil
	}
	return err
}
