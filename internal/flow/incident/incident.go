package incident

import (
	"encoding/json"
	"fmt"
	"slices"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/record/journal"
)

// Kinds of incidents, so far.
const (
	MissedOffer  = "missed_offer"
	StageOverdue = "stage_overdue"
)

// Registered is the event of a new incident; its data is the incident.
const Registered = "incident.registered"

// Incident is one breach of a rule.
type Incident struct {
	ID           int64
	At           clock.Instant
	Kind         string
	UserID       int64 // who should have acted
	DepartmentID int64 // where he was then
	DeptPos      int64
	DrumID       int64
	Record       ref.Ref
	Title        string // of the record; for reading only
	Subject      int64  // the offer, the stage
	DueAt        clock.Instant
	Data         json.RawMessage // more, by kind
	Excuse       Excuse
}

// Excuse is the good reason of an incident; the zero Excuse is none.
type Excuse struct {
	At      clock.Instant
	By      int64
	Comment string
}

// Filter narrows a list of incidents; zero values don't.
type Filter struct {
	UserID     int64
	DrumID     int64
	Kind       string
	Department access.Range  // of people's places; zero: any
	From, To   clock.Instant // From inside, To not
	Before     Mark          // the last one of the page before
	Limit      int
}

// Mark is a place in the list, which is ordered from the newest to the oldest.
type Mark struct {
	At clock.Instant `json:"at"`
	ID int64         `json:"id"`
}

// Store keeps incidents.
type Store interface {
	Insert(t tx.Tx, i *Incident) (int64, error)
	// Lock reads an incident and keeps others from changing it; NotFound when there is none.
	Lock(t tx.Tx, id int64) (*Incident, error)
	SaveExcuse(t tx.Tx, i *Incident) error
}

// Org is the organisation as a transaction sees it.
type Org interface {
	In(t tx.Tx) (*directory.Directory, error)
}

// Service registers incidents.
type Service struct {
	Tx      tx.Doer
	Store   Store
	Org     Org
	Journal journal.Store
}

// Register writes an incident down, in the journal of its record too, and tells the person and the head over him.
func (s *Service) Register(t tx.Tx, i Incident) (int64, error) {
	org, err := s.Org.In(t)
	if err != nil {
		return 0, err
	}
	if place, ok := org.Stamp(i.UserID); ok {
		i.DepartmentID, i.DeptPos = place.DepartmentID, place.DeptPos
	}
	i.At = t.Now()
	if i.Data == nil {
		i.Data = json.RawMessage("{}")
	}
	if i.ID, err = s.Store.Insert(t, &i); err != nil {
		return 0, err
	}
	diff := map[string]any{"incident": map[string]any{"id": i.ID, "kind": i.Kind, "user": i.UserID, "due_at": i.DueAt.Time()}}
	if err := s.Journal.Write(t, journal.Entry{Type: i.Record.Type, RecordID: i.Record.ID, Kind: "incident", Diff: diff}); err != nil {
		return 0, err
	}
	data, err := json.Marshal(map[string]any{"id": i.ID, "kind": i.Kind, "user": i.UserID, "drum": i.DrumID, "due_at": i.DueAt.Time()})
	if err != nil {
		return 0, fmt.Errorf("incident: %w", err)
	}
	told := people(i.UserID, org.HeadAbove(i.UserID))
	return i.ID, t.Emit(event.Event{Type: Registered, Ref: i.Record, Users: told, Data: data})
}

func people(ids ...int64) []int64 {
	var out []int64
	for _, id := range ids {
		if id != 0 {
			out = append(out, id)
		}
	}
	return out
}

// Sight is what a person sees of incidents: all, his own, those of people of his departments, less what is forbidden. Incidents
// lie on no stage and nobody observes them, so lines about such reach none.
func Sight(who access.Who) access.Plan {
	plan := who.Plan("incident", access.See)
	none := func(arm access.Arm) bool {
		return arm.Kind == access.Observed || len(arm.Pipelines) > 0 || len(arm.Stages) > 0
	}
	plan.Arms = slices.DeleteFunc(slices.Clone(plan.Arms), none)
	plan.Not = slices.DeleteFunc(slices.Clone(plan.Not), none)
	return plan
}
