package attendance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/calendar"
	"voronka/internal/org/directory"
	"voronka/internal/org/worktime"
)

// Owners of schedules.
const (
	OfPerson     = "person"
	OfDepartment = "department"
)

// Store keeps it all. Everything works inside the transaction given.
type Store interface {
	// LockOrg makes other changes of the organisation wait until the transaction ends, and tells all nodes afterwards.
	LockOrg(t tx.Tx) error
	SaveWorkTime(t tx.Tx, s *worktime.Schedule) error
	SaveCountry(t tx.Tx, country string) error
	// SaveRule writes what an owner says of his working time; an empty rule is removed.
	SaveRule(t tx.Tx, owner string, id int64, r *worktime.Rule) error
	// SaveDays writes edited days of a country, DropDay takes an edit back.
	SaveDays(t tx.Tx, country string, days []calendar.Day) error
	DropDay(t tx.Tx, country, date string) error

	InsertAbsence(t tx.Tx, a Absence) (int64, error)
	SaveAbsence(t tx.Tx, a Absence) error
	DeleteAbsence(t tx.Tx, id int64) error
	// Absence fails with NotFound.
	Absence(t tx.Tx, id int64) (Absence, error)
	// AbsencesWithin are the absences of a person that have a day in common with the dates.
	AbsencesWithin(t tx.Tx, userID int64, first, last string) ([]Absence, error)

	// OpenSpans are the intervals that go on now, by person.
	OpenSpans(t tx.Tx, users []int64) (map[int64]Span, error)
	// Worked tells which of the people have intervals on a date. The people are asked about by their dates.
	Worked(t tx.Tx, days map[int64]string) (map[int64]bool, error)
	// HoldDay makes others wait who want to change the working day of a person.
	HoldDay(t tx.Tx, userID int64) error
	Day(t tx.Tx, userID int64, day string) ([]Span, error)
	InsertSpan(t tx.Tx, s Span) (int64, error)
	EndSpan(t tx.Tx, id int64, at clock.Instant) error
	ReplaceDay(t tx.Tx, userID int64, day string, spans []Span) error
	InsertCorrection(t tx.Tx, c Correction) error
}

// Listener is told when clocks that run by people's hours must be counted anew. It asks Of for what is true now.
type Listener interface {
	// HoursChanged: the schedules of some people (nil: of everybody) are others now.
	HoursChanged(t tx.Tx, users []int64) error
	// Away: a person has gone: an absence has begun, his working day is paused or over.
	Away(t tx.Tx, user int64) error
	// Back: a person is there again.
	Back(t tx.Tx, user int64) error
}

// Org is the organisation as a transaction sees it.
type Org interface {
	In(t tx.Tx) (*directory.Directory, error)
}

// Service are the use cases. Those with a context open a transaction of their own, those with a tx.Tx are parts of one.
type Service struct {
	Tx        tx.Doer
	Store     Store
	Org       Org
	Listeners []Listener
}

// MayManage tells whether somebody may enter absences of a person and see his working days: administrators everybody's,
// heads those of their departments.
func MayManage(who access.Who, dir *directory.Directory, userID int64) bool {
	u := dir.User(userID)
	return u != nil && (who.Runs(access.People) || u.DepartmentID != 0 && slices.Contains(who.Leads(), u.DepartmentID))
}

// EventDay and EventAbsence are the types of the events of this room; they are addressed to the person.
const (
	EventDay     = "day.changed"
	EventAbsence = "absence.changed"
)

func emit(t tx.Tx, kind string, userID int64, body map[string]any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("attendance: %w", err)
	}
	return t.Emit(event.Event{Type: kind, Users: []int64{userID}, Data: data})
}

// Kinds of jobs: HoursJob tells listeners that hours have changed, once everybody sees the change; TurnJob looks who goes or
// returns when an absence begins or ends; ForgottenJob finishes a working day nobody has finished.
const (
	HoursJob     = "attendance.hours"
	TurnJob      = "attendance.turn"
	ForgottenJob = "attendance.forgotten"
)

type person struct {
	User int64 `json:"user,omitempty"` // 0: everybody
}

func plan(t tx.Tx, kind string, userID int64, at clock.Instant) error {
	payload, err := json.Marshal(person{userID})
	if err != nil {
		return fmt.Errorf("attendance: %w", err)
	}
	return t.Schedule(job.Job{Kind: kind, Key: strconv.FormatInt(userID, 10), DueAt: at, Payload: payload})
}

// Changed says that the hours of a person (0: of everybody) have changed in this transaction.
func (s *Service) Changed(t tx.Tx, userID int64) error { return plan(t, HoursJob, userID, t.Now()) }

// Jobs are the handlers of the room.
func (s *Service) Jobs() []job.Handler {
	handler := func(kind string, run func(tx.Tx, int64) error) job.Handler {
		return job.Handler{Kind: kind, Run: func(t any, j job.Job) error {
			var p person
			if err := json.Unmarshal(j.Payload, &p); err != nil {
				return fmt.Errorf("attendance: %w", err)
			}
			return run(t.(tx.Tx), p.User)
		}}
	}
	return []job.Handler{handler(HoursJob, s.tell), handler(TurnJob, s.turn), handler(ForgottenJob, s.forgotten)}
}

func (s *Service) tell(t tx.Tx, userID int64) error {
	var users []int64
	if userID != 0 {
		users = []int64{userID}
	}
	for _, l := range s.Listeners {
		if err := l.HoursChanged(t, users); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) away(t tx.Tx, userID int64) error {
	for _, l := range s.Listeners {
		if err := l.Away(t, userID); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) back(t tx.Tx, userID int64) error {
	for _, l := range s.Listeners {
		if err := l.Back(t, userID); err != nil {
			return err
		}
	}
	return nil
}
