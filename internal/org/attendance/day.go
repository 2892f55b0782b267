package attendance

import (
	"context"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/org/worktime"
)

// Kinds of intervals of a working day.
const (
	Work  = "work"
	Pause = "pause"
)

// States of a working day.
const (
	NotStarted = "not_started"
	Started    = "started"
	Paused     = "paused"
	Finished   = "finished"
)

// MaxDay is how long a working day may go on before it counts as forgotten.
const MaxDay = 16 * time.Hour

// Span is one interval of a working day. Day is the date where the person was when the day began; a day that goes on past
// midnight keeps it. To is 0 while the interval goes on.
type Span struct {
	ID       int64
	UserID   int64
	Day      string
	Kind     string
	From, To clock.Instant
}

// Day is a person's working day with its intervals in order.
type Day struct {
	UserID int64
	Day    string
	State  string
	Spans  []Span
}

// DayOf puts a day together.
func DayOf(userID int64, day string, spans []Span) Day {
	d := Day{UserID: userID, Day: day, State: NotStarted, Spans: spans}
	if len(spans) > 0 {
		d.State = Finished
		if last := spans[len(spans)-1]; last.To == 0 && last.Kind == Pause {
			d.State = Paused
		} else if last.To == 0 {
			d.State = Started
		}
	}
	return d
}

// Worked is how long the day was worked up to now, Rested how long it was paused.
func (d Day) Worked(now clock.Instant) (worked, rested time.Duration) {
	for _, s := range d.Spans {
		to := s.To
		if to == 0 {
			to = max(now, s.From)
		}
		if s.Kind == Work {
			worked += to.Sub(s.From)
		} else {
			rested += to.Sub(s.From)
		}
	}
	return worked, rested
}

// Acts of a working day.
const (
	ActStart  = "start"
	ActPause  = "pause"
	ActResume = "resume"
	ActFinish = "finish"
)

// Today is the working day of a person that goes on, or that of his present date.
func (s *Service) Today(t tx.Tx, dir *directory.Directory, userID int64) (Day, error) {
	open, err := s.Store.OpenSpans(t, []int64{userID})
	if err != nil {
		return Day{}, err
	}
	date := t.Now().Date(dir.ScheduleOf(userID).Zone)
	if span, going := open[userID]; going {
		date = span.Day
	}
	spans, err := s.Store.Day(t, userID, date)
	return DayOf(userID, date, spans), err
}

// Act starts, pauses, resumes or finishes one's own working day. What is so already stays as it is; starting again after
// finishing goes on with the day.
func (s *Service) Act(ctx context.Context, who access.Who, act string) (d Day, err error) {
	if who.UserID == 0 || who.Role == access.Guest {
		return d, fault.New(fault.Forbidden, "day.no_day")
	}
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		dir, err := s.Org.In(t)
		if err != nil {
			return err
		}
		if err := s.Store.HoldDay(t, who.UserID); err != nil {
			return err
		}
		if d, err = s.Today(t, dir, who.UserID); err != nil {
			return err
		}
		changed, err := s.act(t, d, act)
		if err != nil || !changed {
			return err
		}
		d, err = s.Today(t, dir, who.UserID)
		return err
	})
	return d, err
}

func (s *Service) act(t tx.Tx, d Day, act string) (changed bool, err error) {
	switch {
	case act == ActStart && d.State == Started, act == ActResume && d.State == Started, act == ActPause && d.State == Paused, act == ActFinish && d.State == Finished:
		return false, nil
	case act == ActStart, act == ActResume && d.State == Paused:
		return true, s.turnDay(t, d, Work)
	case act == ActPause && d.State == Started:
		return true, s.turnDay(t, d, Pause)
	case act == ActFinish && (d.State == Started || d.State == Paused):
		return true, s.turnDay(t, d, "")
	}
	return false, fault.New(fault.Conflict, "day.not_going")
}

// turnDay ends the interval that goes on and begins one of another kind; "" finishes the day.
func (s *Service) turnDay(t tx.Tx, d Day, kind string) error {
	if n := len(d.Spans); n > 0 && d.Spans[n-1].To == 0 {
		if err := s.Store.EndSpan(t, d.Spans[n-1].ID, t.Now()); err != nil {
			return err
		}
	}
	if kind != "" {
		if _, err := s.Store.InsertSpan(t, Span{UserID: d.UserID, Day: d.Day, Kind: kind, From: t.Now()}); err != nil {
			return err
		}
	}
	state := map[string]string{Work: Started, Pause: Paused, "": Finished}[kind]
	if err := emit(t, EventDay, d.UserID, map[string]any{"user": d.UserID, "day": d.Day, "state": state}); err != nil {
		return err
	}
	if kind == "" {
		if err := t.Cancel(ForgottenJob, key(d.UserID)); err != nil {
			return err
		}
	} else if len(d.Spans) == 0 || d.State == Finished {
		if err := plan(t, ForgottenJob, d.UserID, t.Now().Add(MaxDay)); err != nil {
			return err
		}
	}
	if kind == Work {
		return s.back(t, d.UserID)
	}
	return s.away(t, d.UserID)
}

// OnDeactivated finishes the working day of somebody who can't work any more.
func (s *Service) OnDeactivated(t tx.Tx, userID int64) error {
	open, err := s.Store.OpenSpans(t, []int64{userID})
	if err != nil {
		return err
	}
	span, going := open[userID]
	if !going {
		return nil
	}
	return s.Store.EndSpan(t, span.ID, t.Now())
}

// endOf is when the working time of a date ends, 0 when it has none.
func endOf(s *worktime.Schedule, date string) clock.Instant {
	spans := s.On(date)
	day, err := time.ParseInLocation(time.DateOnly, date, s.Zone)
	if err != nil || len(spans) == 0 {
		return 0
	}
	return clock.Of(time.Date(day.Year(), day.Month(), day.Day(), 0, spans[len(spans)-1].To, 0, 0, s.Zone))
}
