package deadline

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
)

// Kinds of deadlines, so far.
const (
	Offer = "offer" // Subject is the offer
	Stage = "stage" // Subject is the stage
)

// States of a deadline: open until it is met (Closed) or missed (Fired).
const (
	Open   = "open"
	Closed = "closed"
	Fired  = "fired"
)

// JobKind is the kind of the jobs behind deadlines; their key is the deadline's number.
const JobKind = "deadline"

// Deadline is until when something must happen to a record.
type Deadline struct {
	ID      int64
	Kind    string
	Record  ref.Ref
	Subject int64
	UserID  int64 // who is expected to do it, 0 for whoever is responsible when it is due
	DueAt   clock.Instant
	State   string
	// FromAt and Work say how DueAt came about: Work of the person's working time counted from FromAt. When his hours
	// change, it is counted anew; see Recount. Work 0 is a deadline by the clock on the wall.
	FromAt clock.Instant
	Work   time.Duration
	// Group names what is decided together when several fall due at once ("" for nothing): see OnMany. It isn't stored.
	Group string
}

// Store keeps deadlines.
type Store interface {
	Insert(t tx.Tx, d Deadline) (int64, error)
	// InsertMany is Insert of many; they get their numbers.
	InsertMany(t tx.Tx, list []Deadline) error
	// Fire turns an open deadline into a fired one; nil when it isn't open any more.
	Fire(t tx.Tx, id int64) (*Deadline, error)
	// FireMany is Fire of many, in the order of their numbers; those that aren't open are left out.
	FireMany(t tx.Tx, ids []int64) ([]Deadline, error)
	// CloseSubject and CloseRecord close the open deadlines of a kind and give their numbers.
	CloseSubject(t tx.Tx, kind string, subject int64) ([]int64, error)
	CloseRecord(t tx.Tx, kind string, r ref.Ref) ([]int64, error)
	// OpenOf gives up to n open deadlines in working time of some people (nil: of everybody) behind a place, in the order
	// of their person and number.
	OpenOf(t tx.Tx, users []int64, after Place, n int) ([]Deadline, error)
	// Hold locks the records of deadlines, as everybody does before ending one, and reads again those that are open still.
	Hold(t tx.Tx, some []Deadline) ([]Deadline, error)
	// OpenAt gives the open deadlines of a kind about a record.
	OpenAt(t tx.Tx, kind string, r ref.Ref) ([]Deadline, error)
	// Move gives an open deadline another person and another due time; false when it isn't open any more.
	Move(t tx.Tx, d Deadline) (bool, error)
}

// Place is a deadline's place among those of everybody: its person and number.
type Place struct {
	User int64 `json:"user,omitempty"`
	ID   int64 `json:"id,omitempty"`
}

// Service opens, closes and fires deadlines.
type Service struct {
	Store Store
	Hours Hours // for counting anew; nil: nothing is counted anew
	fire  map[string]func(tx.Tx, Deadline) error
	count map[string]func(tx.Tx, Deadline) (clock.Instant, error)
	moved map[string]func(tx.Tx, Deadline) error
	many  map[string]func(tx.Tx, []Deadline) error
	group map[string]func(tx.Tx, Deadline) (string, error)
}

// New makes the mechanism.
func New(store Store) *Service {
	return &Service{
		Store: store, fire: map[string]func(tx.Tx, Deadline) error{},
		count: map[string]func(tx.Tx, Deadline) (clock.Instant, error){}, moved: map[string]func(tx.Tx, Deadline) error{},
		many: map[string]func(tx.Tx, []Deadline) error{}, group: map[string]func(tx.Tx, Deadline) (string, error){},
	}
}

// On says what happens when a deadline of a kind is missed, in the transaction that fires it. Called while wiring.
func (s *Service) On(kind string, f func(tx.Tx, Deadline) error) { s.fire[kind] = f }

// Open begins a deadline.
func (s *Service) Open(t tx.Tx, d Deadline) (int64, error) {
	var err error
	if d.ID, err = s.Store.Insert(t, d); err != nil {
		return 0, err
	}
	return d.ID, schedule(t, d)
}

func schedule(t tx.Tx, d Deadline) error {
	payload, err := json.Marshal(payload{d.ID, d.Group})
	if err != nil {
		return fmt.Errorf("deadline: %w", err)
	}
	return t.Schedule(job.Job{Kind: JobKind, Key: key(d.ID), DueAt: d.DueAt, Payload: payload})
}

// Close ends the deadlines of a kind about a subject: what was wanted has happened, or isn't wanted any more.
func (s *Service) Close(t tx.Tx, kind string, subject int64) error {
	closed, err := s.Store.CloseSubject(t, kind, subject)
	if err != nil {
		return err
	}
	return cancel(t, closed)
}

// CloseAll ends the deadlines of a kind about a record.
func (s *Service) CloseAll(t tx.Tx, kind string, r ref.Ref) error {
	closed, err := s.Store.CloseRecord(t, kind, r)
	if err != nil {
		return err
	}
	return cancel(t, closed)
}

func cancel(t tx.Tx, ids []int64) error {
	for _, id := range ids {
		if err := t.Cancel(JobKind, key(id)); err != nil {
			return err
		}
	}
	return nil
}

// Job is the handler of due deadlines. A deadline that was closed meanwhile does nothing.
func (s *Service) Job() job.Handler {
	return job.Handler{Kind: JobKind, Group: groupOf, Many: s.fireMany, Run: func(t any, j job.Job) error {
		var p payload
		if err := json.Unmarshal(j.Payload, &p); err != nil {
			return fmt.Errorf("deadline: %w", err)
		}
		return s.Fire(t.(tx.Tx), p.Deadline)
	}}
}

// Fire does what a missed deadline of its kind does, once.
func (s *Service) Fire(t tx.Tx, id int64) error {
	d, err := s.Store.Fire(t, id)
	if err != nil || d == nil {
		return err
	}
	f := s.fire[d.Kind]
	if f == nil {
		return fmt.Errorf("deadline %d: nobody knows the kind %q", id, d.Kind)
	}
	return f(t, *d)
}

type payload struct {
	Deadline int64  `json:"deadline"`
	Group    string `json:"group,omitempty"`
}

func key(id int64) string { return "deadline/" + strconv.FormatInt(id, 10) }
