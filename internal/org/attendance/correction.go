package attendance

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// MaxSpans is how many intervals a working day may have, MaxReason how long a reason is in characters.
const (
	MaxSpans  = 50
	MaxReason = 500
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

// Correct replaces the intervals of somebody's working day, with a reason. Only the last one may go on, and only while the
// day does.
func (s *Service) Correct(ctx context.Context, who access.Who, userID int64, day string, spans []Span, reason string) (d Day, err error) {
	reason = strings.TrimSpace(strings.ToValidUTF8(reason, ""))
	slices.SortStableFunc(spans, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		dir, err := s.Org.In(t)
		if err != nil {
			return err
		}
		if dir.User(userID) == nil || !MayManage(who, dir, userID) {
			return fault.New(fault.NotFound, "user.unknown")
		}
		if !MayPlan(who, dir, userID) {
			return fault.New(fault.Forbidden, "day.own")
		}
		if err := s.Store.HoldDay(t, userID); err != nil {
			return err
		}
		before, err := s.Store.Day(t, userID, day)
		if err != nil {
			return err
		}
		going := len(before) > 0 && before[len(before)-1].To == 0
		if err := check(spans, day, dir.ScheduleOf(userID).Zone, t.Now(), going, reason); err != nil {
			return err
		}
		if err := s.Store.ReplaceDay(t, userID, day, spans); err != nil {
			return err
		}
		c := Correction{UserID: userID, Day: day, At: t.Now(), ByID: who.UserID, Reason: reason, Before: before, After: spans}
		if err := s.Store.InsertCorrection(t, c); err != nil {
			return err
		}
		d = DayOf(userID, day, spans)
		return s.corrected(t, going, d)
	})
	return d, err
}

// corrected tells of a day that was changed.
func (s *Service) corrected(t tx.Tx, went bool, d Day) error {
	if err := emit(t, EventDay, d.UserID, map[string]any{"user": d.UserID, "day": d.Day, "state": d.State}); err != nil {
		return err
	}
	switch {
	case !went:
		return nil
	case d.State == Started:
		return s.back(t, d.UserID)
	case d.State != Paused:
		if err := t.Cancel(ForgottenJob, key(d.UserID)); err != nil {
			return err
		}
	}
	return s.away(t, d.UserID)
}

// check says what is wrong with the intervals of a day, in order.
func check(spans []Span, day string, zone *time.Location, now clock.Instant, going bool, reason string) error {
	var wrong *fault.Error
	if reason == "" {
		wrong = wrong.With("reason", "day.reason_missing")
	} else if utf8.RuneCountInString(reason) > MaxReason {
		wrong = wrong.With("reason", "user.too_long", fault.Args{"max": MaxReason})
	}
	midnight, err := time.ParseInLocation(time.DateOnly, day, zone)
	if err != nil {
		return wrong.With("day", "schedule.bad_date")
	}
	if len(spans) > MaxSpans {
		return wrong.With("spans", "day.too_many_spans", fault.Args{"max": MaxSpans})
	}
	begin, end := clock.Of(midnight), clock.Of(midnight.AddDate(0, 0, 2))
	for i, p := range spans {
		path := "spans/" + strconv.Itoa(i)
		open := p.To == 0 && i == len(spans)-1 && going
		switch {
		case p.Kind != Work && p.Kind != Pause:
			wrong = wrong.With(path, "day.bad_kind")
		case p.From < begin || p.From >= end || p.To > end, p.From > now || p.To > now:
			wrong = wrong.With(path, "day.elsewhere")
		case !open && p.To <= p.From:
			wrong = wrong.With(path, "day.ends_before")
		case i > 0 && spans[i-1].To > p.From:
			wrong = wrong.With(path, "day.overlaps")
		}
	}
	return wrong.OrNil()
}
