package attendance

import (
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/worktime"
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
