package attendance

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/org/worktime"
)

// Limits of absences: how many days one lasts, how long its note is in characters.
const (
	MaxAbsence = 1100
	MaxNote    = 500
)

// Kinds are the kinds of absences.
var Kinds = []string{"vacation", "sick", "trip", "day_off", "other"}

// Absence is when somebody doesn't work though his schedule says so.
type Absence struct {
	ID           int64
	UserID       int64
	Kind         string
	First, Last  string // dates where the person is
	From, To     int    // minutes of the day; both 0: whole days
	SubstituteID int64  // who stands in, 0: nobody
	Note         string
	CreatedAt    clock.Instant
	CreatedBy    int64
}

// Away is the absence as working time counts with it.
func (a Absence) Away() worktime.Away {
	return worktime.Away{First: a.First, Last: a.Last, From: a.From, To: a.To}
}

// AddAbsence enters an absence: administrators everybody's, heads those of their departments.
func (s *Service) AddAbsence(ctx context.Context, who access.Who, a Absence) (Absence, error) {
	return a, s.absence(ctx, who, a.UserID, func(t tx.Tx, dir *directory.Directory) (err error) {
		if err := s.clean(t, dir, &a); err != nil {
			return err
		}
		a.CreatedAt, a.CreatedBy = t.Now(), who.UserID
		a.ID, err = s.Store.InsertAbsence(t, a)
		return err
	})
}

// ChangeAbsence changes an absence; change gets what it is now. Whose it is stays.
func (s *Service) ChangeAbsence(ctx context.Context, who access.Who, id int64, change func(*Absence)) (a Absence, err error) {
	before, err := s.find(ctx, id)
	if err != nil {
		return a, err
	}
	return a, s.absence(ctx, who, before.UserID, func(t tx.Tx, dir *directory.Directory) error {
		if a, err = s.Store.Absence(t, id); err != nil {
			return err
		}
		change(&a)
		a.ID, a.UserID = id, before.UserID
		if err := s.clean(t, dir, &a); err != nil {
			return err
		}
		return s.Store.SaveAbsence(t, a)
	})
}

// RemoveAbsence takes an absence back.
func (s *Service) RemoveAbsence(ctx context.Context, who access.Who, id int64) error {
	before, err := s.find(ctx, id)
	if err != nil {
		return err
	}
	return s.absence(ctx, who, before.UserID, func(t tx.Tx, _ *directory.Directory) error { return s.Store.DeleteAbsence(t, id) })
}

func (s *Service) find(ctx context.Context, id int64) (a Absence, err error) {
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		a, err = s.Store.Absence(t, id)
		return err
	})
	return a, err
}

// absence changes the absences of a person and tells who runs by his hours.
func (s *Service) absence(ctx context.Context, who access.Who, userID int64, f func(tx.Tx, *directory.Directory) error) error {
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		dir, err := s.Org.In(t)
		if err != nil {
			return err
		}
		if dir.User(userID) == nil {
			return fault.In("user", "user.unknown")
		}
		if !MayManage(who, dir, userID) {
			return fault.New(fault.Forbidden, "absence.not_yours")
		}
		if err := s.Store.LockOrg(t); err != nil {
			return err
		}
		if err := f(t, dir); err != nil {
			return err
		}
		if err := emit(t, EventAbsence, userID, map[string]any{"user": userID}); err != nil {
			return err
		}
		if err := plan(t, TurnJob, userID, t.Now()); err != nil {
			return err
		}
		return s.Changed(t, userID)
	})
}

// clean brings an absence into shape and says what is wrong with it.
func (s *Service) clean(t tx.Tx, dir *directory.Directory, a *Absence) error {
	var wrong *fault.Error
	if !slices.Contains(Kinds, a.Kind) {
		wrong = wrong.With("kind", "absence.bad_kind")
	}
	first, err1 := time.Parse(time.DateOnly, a.First)
	last, err2 := time.Parse(time.DateOnly, a.Last)
	switch {
	case err1 != nil:
		wrong = wrong.With("first", "schedule.bad_date")
	case err2 != nil:
		wrong = wrong.With("last", "schedule.bad_date")
	case last.Before(first):
		wrong = wrong.With("last", "absence.ends_before")
	case last.Sub(first) > MaxAbsence*24*time.Hour:
		wrong = wrong.With("last", "absence.too_long", fault.Args{"max": MaxAbsence})
	}
	if whole := a.From == 0 && (a.To == 0 || a.To == worktime.Day); whole {
		a.From, a.To = 0, 0
	} else if a.From < 0 || a.To > worktime.Day || a.From >= a.To {
		wrong = wrong.With("to", "absence.bad_part")
	}
	a.Note = strings.TrimSpace(strings.ToValidUTF8(a.Note, ""))
	if utf8.RuneCountInString(a.Note) > MaxNote {
		wrong = wrong.With("note", "user.too_long", fault.Args{"max": MaxNote})
	}
	if sub := dir.User(a.SubstituteID); a.SubstituteID != 0 && (sub == nil || !sub.Active || sub.ID == a.UserID) {
		wrong = wrong.With("substitute", "absence.bad_substitute")
	}
	if wrong != nil {
		return wrong
	}
	others, err := s.Store.AbsencesWithin(t, a.UserID, a.First, a.Last)
	if err != nil {
		return err
	}
	mine := a.Away().Span()
	for _, o := range others {
		if its := o.Away().Span(); o.ID != a.ID && its.From < mine.To && mine.From < its.To {
			return fault.In("first", "absence.overlaps", fault.Args{"first": o.First, "last": o.Last})
		}
	}
	return nil
}

// turn tells whether a person has just gone or come back, and plans the next look.
func (s *Service) turn(t tx.Tx, userID int64) error {
	dir, err := s.Org.In(t)
	if err != nil {
		return err
	}
	if at, ok := dir.NextTurn(userID, t.Now()); ok {
		if err := plan(t, TurnJob, userID, at); err != nil {
			return err
		}
	}
	if _, away := dir.AwayAt(userID, t.Now()); away {
		return s.away(t, userID)
	}
	return s.back(t, userID)
}
