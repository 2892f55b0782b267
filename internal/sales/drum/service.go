package drum

import (
	"encoding/json"
	"fmt"
	"time"

	"voronka/internal/flow/deadline"
	"voronka/internal/flow/incident"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/record/journal"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// Store keeps drums and offers. Everything works inside the transaction given.
type Store interface {
	// Drum reads a drum with its people; NotFound when there is none, or when it was removed.
	Drum(t tx.Tx, id int64) (*Drum, error)
	// LockDrum reads it and makes others wait who want a turn of it.
	LockDrum(t tx.Tx, id int64) (*Drum, error)
	// DrumCodes are the codes in use, by removed ones too.
	DrumCodes(t tx.Tx) (map[string]bool, error)
	InsertDrum(t tx.Tx, d *Drum) (int64, error)
	// SaveDrum writes a drum with its people.
	SaveDrum(t tx.Tx, d *Drum) error
	SaveState(t tx.Tx, id int64, s State) error

	// InsertOffers writes new offers and gives them their numbers; Conflict when a record has an open one.
	InsertOffers(t tx.Tx, offers []*Offer) error
	// Offer reads an offer; NotFound when there is none.
	Offer(t tx.Tx, id int64) (*Offer, error)
	// OpenOffer is the open offer of a record, nil when there is none.
	OpenOffer(t tx.Tx, r ref.Ref) (*Offer, error)
	// Decide ends an open offer; false when it was decided already.
	Decide(t tx.Tx, id int64, state string, by int64) (bool, error)
	// DecideMany ends open offers and tells which of them were open.
	DecideMany(t tx.Tx, ids []int64, state string, by int64) (map[int64]bool, error)
	// OpenOf are the open offers of a person, OpenIn those of a drum.
	OpenOf(t tx.Tx, userID int64) ([]Offer, error)
	OpenIn(t tx.Tx, drumID int64) ([]Offer, error)
	// WaitingIn are the up to n oldest offers of a drum that wait for anybody: of a source in portions, or ("") of all others.
	WaitingIn(t tx.Tx, drumID int64, portion string, n int) ([]Offer, error)
	// WaitingPortions are the sources of waiting offers of a drum, "" for those without portions.
	WaitingPortions(t tx.Tx, drumID int64) ([]string, error)
	// WaitingDrums are the drums with offers that wait for anybody.
	WaitingDrums(t tx.Tx) ([]int64, error)
	// Misses counts who missed a record how often in a drum since it was last taken; MissesOf does so for many records.
	Misses(t tx.Tx, drumID int64, r ref.Ref) (map[int64]int, error)
	MissesOf(t tx.Tx, drumID int64, records []About) (map[ref.Ref]map[int64]int, error)
	// OffersByID reads offers, in the order of their numbers; those that aren't there are left out.
	OffersByID(t tx.Tx, ids []int64) ([]Offer, error)
	// MoveOffer writes the deadline of an open offer and its pauses.
	MoveOffer(t tx.Tx, o *Offer) error
	// LockRecords locks records in one order and tells which of them are there.
	LockRecords(t tx.Tx, records []ref.Ref) (map[ref.Ref]bool, error)
	// Running counts the running offers with a deadline in a drum by person.
	Running(t tx.Tx, drumID int64) (map[int64]int, error)
	// Loads counts the open records of people.
	Loads(t tx.Tx, users []int64) (map[int64]int, error)
	// Left are the open offers of people who don't work any more.
	Left(t tx.Tx) ([]Offer, error)
}

// Records writes records.
type Records interface {
	Catalog(t tx.Tx) (*schema.Catalog, error)
	Load(t tx.Tx, who access.Who, r ref.Ref) (*record.State, error)
	Update(t tx.Tx, who access.Who, r ref.Ref, v record.Values, base int64) (version int64, err error)
	UpdateEach(t tx.Tx, who access.Who, edits []record.Edit) error
}

// Org is the organisation as a transaction sees it.
type Org interface {
	In(t tx.Tx) (*directory.Directory, error)
}

// Deadlines is the one mechanism of being late.
type Deadlines interface {
	OpenMany(t tx.Tx, list []deadline.Deadline) error
	Close(t tx.Tx, kind string, subject int64) error
	// Recount counts the deadlines of people anew (nil: of everybody) after their hours have changed.
	Recount(t tx.Tx, users []int64) error
}

// Incidents registers misses.
type Incidents interface {
	Register(t tx.Tx, i incident.Incident) (int64, error)
}

// Service are the use cases. Those with a context open a transaction of their own, those with a tx.Tx are parts of one.
type Service struct {
	Tx        tx.Doer
	Store     Store
	Records   Records
	Journal   journal.Store
	Org       Org
	Deadlines Deadlines
	Incidents Incidents
	Presence  Presence // nil: people work by their schedules
}

// because continues a transaction as the drum.
func because(t tx.Tx, d *Drum, note string) tx.Tx {
	return tx.Because(t, event.Cause{Kind: "drum", ID: d.ID, Code: d.Code, Title: d.Title, Note: note})
}

// body is an offer as events and the journal carry it.
type body struct {
	ID      int64      `json:"id"`
	Drum    int64      `json:"drum"`
	Type    string     `json:"type"`
	Record  int64      `json:"record"`
	User    int64      `json:"user,omitempty"`
	Round   int        `json:"round"`
	State   string     `json:"state"`
	At      time.Time  `json:"offered_at"`
	Due     *time.Time `json:"due_at"`
	By      int64      `json:"by,omitempty"`
	Reasons []Reason   `json:"reasons,omitempty"`
}

func (o *Offer) body() body {
	b := body{
		ID: o.ID, Drum: o.DrumID, Type: o.Record.Type, Record: o.Record.ID, User: o.UserID, Round: o.Round, State: o.State,
		At: o.OfferedAt.Time(), By: o.DecidedBy, Reasons: o.Reasons,
	}
	if o.DueAt != 0 {
		due := o.DueAt.Time()
		b.Due = &due
	}
	return b
}

// tell writes what happened to an offer into the journal of its record and the outbox. others hear it besides its person.
func (s *Service) tell(t tx.Tx, o *Offer, entry, kind string, others ...int64) error {
	diff := map[string]any{"offer": o.body()}
	if err := s.Journal.Write(t, journal.Entry{Type: o.Record.Type, RecordID: o.Record.ID, Kind: entry, Diff: diff}); err != nil {
		return err
	}
	return s.emit(t, o, kind, others...)
}

// emit tells of an offer whom it concerns.
func (s *Service) emit(t tx.Tx, o *Offer, kind string, others ...int64) error {
	b := o.body()
	b.Reasons = nil
	data, err := json.Marshal(b)
	if err != nil {
		return fmt.Errorf("drum: %w", err)
	}
	told := make([]int64, 0, 1+len(others))
	for _, id := range append([]int64{o.UserID}, others...) {
		if id != 0 {
			told = append(told, id)
		}
	}
	if len(told) == 0 {
		return nil
	}
	return t.Emit(event.Event{Type: kind, Ref: o.Record, Users: told, Data: data})
}
