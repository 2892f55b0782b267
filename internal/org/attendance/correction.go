package attendance

import (
	"strconv"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
)

// Correction is how a working day was changed afterwards: by whom, why, what it was before.
type Correction struct {
	UserID        int64
	Day           string
	At            clock.Instant
	ByID          int64 // 0: the program itself
	Reason        string
	Before, After []Span
}

// Forgotten is the reason of the program's own corrections.
const Forgotten = "forgotten"

func key(userID int64) string { return strconv.FormatInt(userID, 10) }

// forgotten finishes a working day nobody has finished: at the end of the day's working time, or now when that lies before
// the interval that goes on.
func (s *Service) forgotten(t tx.Tx, userID int64) error {
	dir, err := s.Org.In(t)
	if err != nil {
		return err
	}
	if err := s.Store.HoldDay(t, userID); err != nil {
		return err
	}
	d, err := s.Today(t, dir, userID)
	if err != nil || d.State != Started && d.State != Paused {
		return err
	}
	before := append([]Span(nil), d.Spans...)
	last := &d.Spans[len(d.Spans)-1]
	end := t.Now()
	if by := endOf(dir.ScheduleOf(userID), d.Day); by > last.From && by < end {
		end = by
	}
	last.To = end
	if err := s.Store.EndSpan(t, last.ID, end); err != nil {
		return err
	}
	c := Correction{UserID: userID, Day: d.Day, At: t.Now(), Reason: Forgotten, Before: before, After: d.Spans}
	if err := s.Store.InsertCorrection(t, c); err != nil {
		return err
	}
	if err := emit(t, EventDay, userID, map[string]any{"user": userID, "day": d.Day, "state": Finished}); err != nil {
		return err
	}
	return s.away(t, userID)
}
