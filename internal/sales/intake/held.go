package intake

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// Held is a request a person looks at before it is let in: it came without scripts, or in a way programs do.
type Held struct {
	ID          int64
	At          clock.Instant
	KeyID       int64
	KeyTitle    string // read only
	Reason      string
	Dedupe      string
	Payload     json.RawMessage // emptied once decided: the request has it, or nobody needs it
	Attribution json.RawMessage
	Consent     string // hash of the words agreed to, "" for none
	State       string
	DecidedAt   clock.Instant
	DecidedBy   int64
	RequestID   int64   // what it became
	Record      ref.Ref // read only
}

// States of held requests.
const (
	HeldWaiting  = "waiting"
	HeldAccepted = "accepted"
	HeldRejected = "rejected"
)

// Why a request is held.
const (
	WhyNoScript   = "no_script"   // the browser runs no scripts, so the puzzle wasn't solved
	WhyBadWork    = "bad_work"    // the puzzle was solved wrongly
	WhyTrap       = "trap"        // the field nobody sees was filled in
	WhyTooFast    = "too_fast"    // filled in faster than a hand can
	WhyFormClosed = "form_closed" // the form was closed while it was being filled in
)

// Reasons are why a request can be held.
var Reasons = []string{WhyNoScript, WhyBadWork, WhyTrap, WhyTooFast, WhyFormClosed}

// MaxHeld is how many requests of one key wait at a time: a flood must not bury those that matter.
const MaxHeld = 1000

// keepRejected is how long it is remembered that something was rejected.
const keepRejected = 30 * 24 * time.Hour

// EventHeld tells that a request waits for a person. Its data are {"held": number, "key": number}.
const EventHeld = "request.held"

// HeldFilter narrows a list of held requests.
type HeldFilter struct {
	State string // "" is waiting
	KeyID int64
	After int64 // the last one of the page before; the oldest come first
	Limit int
}

// HeldStore keeps held requests.
type HeldStore interface {
	// Sent counts requests, let in or held, whose Dedupe begins with prefix, up to limit.
	Sent(ctx context.Context, prefix string, limit int) (int, error)
	// HeldCount counts those of a key that wait, no further than to limit.
	HeldCount(t tx.Tx, keyID int64, limit int) (int, error)
	// InsertHeld writes one down; when one with the same Dedupe is there already fresh is false and h becomes that one.
	InsertHeld(t tx.Tx, h *Held) (fresh bool, err error)
	// HeldByID locks one until the transaction ends; NotFound when there is none.
	HeldByID(t tx.Tx, id int64) (*Held, error)
	// DecideHeld saves the decision and empties what came.
	DecideHeld(t tx.Tx, h *Held) error
	// SweepHeld forgets what was rejected before a moment.
	SweepHeld(t tx.Tx, before clock.Instant) error
}

// Hold keeps a request for a person to decide on. Closed keys hold too: what was opened while they weren't is not lost.
func (s *Service) Hold(ctx context.Context, in Incoming, reason string) (id int64, err error) {
	if err := s.Admit(in.Key, in.IP); err != nil {
		return 0, err
	}
	if in.Payload.Empty() {
		return 0, fault.New(fault.Invalid, "intake.empty")
	}
	if !slices.Contains(Reasons, reason) {
		return 0, fault.New(fault.Internal, "form.failed")
	}
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		id, err = s.hold(t, in, reason)
		return err
	})
	return id, err
}

func (s *Service) hold(t tx.Tx, in Incoming, reason string) (int64, error) {
	k, err := s.Store.AnyKey(t, in.Key)
	if err != nil {
		return 0, err
	}
	if n, err := s.Store.HeldCount(t, k.ID, MaxHeld); err != nil {
		return 0, err
	} else if n >= MaxHeld {
		return 0, &fault.Error{Code: fault.TooMany, Key: "intake.held_full", RetryAfter: 3600}
	}
	h := &Held{
		At: t.Now(), KeyID: k.ID, Reason: reason, Dedupe: dedupe(k, in), Payload: in.Payload.Raw, Attribution: in.Payload.Attribution.json(),
		Consent: in.Consent, State: HeldWaiting,
	}
	fresh, err := s.Store.InsertHeld(t, h)
	if err != nil || !fresh {
		return h.ID, err
	}
	data, err := json.Marshal(map[string]any{"held": h.ID, "key": k.ID})
	if err != nil {
		return 0, err
	}
	t = tx.Because(t, event.Cause{Kind: "intake", ID: k.ID, Code: k.Code, Title: k.Title})
	return h.ID, t.Emit(event.Event{Type: EventHeld, Data: data})
}

// MayDecide lets administrators and heads of departments pass.
func MayDecide(who access.Who) error {
	if who.IsHead() || who.Runs(access.Forms) {
		return nil
	}
	return fault.New(fault.Forbidden, "intake.held_forbidden")
}

// AcceptHeld lets a held request in: from here it goes the ordinary way, as if it came now.
func (s *Service) AcceptHeld(ctx context.Context, who access.Who, id int64) (a Answer, err error) {
	if err := MayDecide(who); err != nil {
		return Answer{}, err
	}
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		a, err = s.acceptHeld(t, who, id)
		return err
	})
	return a, err
}

func (s *Service) acceptHeld(t tx.Tx, who access.Who, id int64) (Answer, error) {
	h, err := s.waiting(t, id)
	if err != nil {
		return Answer{}, err
	}
	k, err := s.Store.KeyByID(t, h.KeyID)
	if err != nil {
		return Answer{}, err
	}
	p, err := ParseJSON(h.Payload)
	if err != nil {
		return Answer{}, err
	}
	if p.Attribution = ReadAttribution(string(h.Attribution)); p.Attribution != nil {
		p.attribute()
	}
	in := Incoming{Payload: p, Consent: h.Consent, name: h.Dedupe, by: who.UserID}
	a, err := s.take(t, k, in, "intake.cause.accepted")
	if err != nil {
		return Answer{}, err
	}
	h.State, h.DecidedAt, h.DecidedBy, h.RequestID = HeldAccepted, t.Now(), who.UserID, a.Request
	return a, s.Store.DecideHeld(t, h)
}

// RejectHeld throws a held request away. That one was rejected is remembered for 30 days, what it said is not.
func (s *Service) RejectHeld(ctx context.Context, who access.Who, id int64) error {
	if err := MayDecide(who); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		h, err := s.waiting(t, id)
		if err != nil {
			return err
		}
		h.State, h.DecidedAt, h.DecidedBy = HeldRejected, t.Now(), who.UserID
		if err := s.Store.DecideHeld(t, h); err != nil {
			return err
		}
		return s.Store.SweepHeld(t, t.Now().Add(-keepRejected))
	})
}

// waiting is a held request nobody has decided on yet.
func (s *Service) waiting(t tx.Tx, id int64) (*Held, error) {
	h, err := s.Store.HeldByID(t, id)
	if err != nil {
		return nil, err
	}
	if h.State != HeldWaiting {
		return nil, &fault.Error{Code: fault.Conflict, Key: "intake.held_decided", Data: map[string]any{"state": h.State, "by": h.DecidedBy}}
	}
	return h, nil
}
