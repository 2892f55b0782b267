package intake

import (
	"context"
	"encoding/json"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/record/journal"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
	"voronka/internal/sales/client"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/form"
)

// Request is what came in.
type Request struct {
	ID       int64
	At       clock.Instant
	KeyID    int64
	Channel  string
	Source   string // as the request says, else the key's
	Dedupe   string // "" or unique
	Payload  json.RawMessage
	Record   ref.Ref
	RepeatOf int64 // the request this record came from first, when it wasn't this one

	Attribution json.RawMessage // Attribution as JSON, nil for none
	ConsentID   int64
	Consent     *form.Terms // what was agreed to, word for word; read only
}

// Store keeps keys and requests. Everything works inside the transaction given.
type Store interface {
	// Key finds an active door by its address; NotFound when there is none.
	Key(t tx.Tx, address string) (*Key, error)
	// AnyKey finds a door by its address, closed and removed ones too.
	AnyKey(t tx.Tx, address string) (*Key, error)
	// KeyByID finds a door, removed ones too.
	KeyByID(t tx.Tx, id int64) (*Key, error)
	KeyCodes(t tx.Tx) (map[string]bool, error)
	InsertKey(t tx.Tx, k *Key) (int64, error)
	SaveKey(t tx.Tx, k *Key) error
	// RemoveKey closes a door for good; its row stays.
	RemoveKey(t tx.Tx, id int64) error
	HasDrum(t tx.Tx, id int64) (bool, error)

	HeldStore
	// SaveConsent writes words down unless they are there, and gives their number.
	SaveConsent(t tx.Tx, c form.Terms) (int64, error)
	// ConsentID finds words by their hash, 0 when there are none.
	ConsentID(t tx.Tx, hash string) (int64, error)

	// InsertRequest writes a request down. When one with the same Dedupe is there already, or comes at the same moment, fresh
	// is false and r becomes that one.
	InsertRequest(t tx.Tx, r *Request) (fresh bool, err error)
	// Attach notes what record a request became.
	Attach(t tx.Tx, r *Request) error
	// LastRequest is the last request of a record, nil when none came; RequestByID any of them, NotFound when there is none.
	LastRequest(t tx.Tx, r ref.Ref) (*Request, error)
	RequestByID(t tx.Tx, id int64) (*Request, error)
	// FirstOf is the first request of a record, 0 when none came.
	FirstOf(t tx.Tx, r ref.Ref) (int64, error)

	// OpenFor is the newest record of a type that isn't closed and belongs to the client, 0 when there is none.
	OpenFor(t tx.Tx, typ *schema.Type, client ref.Ref) (int64, error)
	// LastOpenStage is the open stage a record was on last, 0 when it never was on one.
	LastOpenStage(t tx.Tx, r ref.Ref) (int64, error)
}

// Records writes records.
type Records interface {
	Catalog(t tx.Tx) (*schema.Catalog, error)
	Load(t tx.Tx, who access.Who, r ref.Ref) (*record.State, error)
	// Preview is what a record would be like; nothing is written.
	Preview(t tx.Tx, who access.Who, typ string, v record.Values) (*record.State, error)
	Create(t tx.Tx, who access.Who, typ string, v record.Values) (int64, error)
	Update(t tx.Tx, who access.Who, r ref.Ref, v record.Values, base int64) (version int64, err error)
}

// Drums offers records.
type Drums interface {
	ChooseFor(t tx.Tx, drumID int64, about drum.About) (drum.Chosen, error)
	Begin(t tx.Tx, c drum.Chosen, r ref.Ref) (*drum.Offer, error)
	Offer(t tx.Tx, drumID int64, r ref.Ref) (*drum.Offer, error)
}

// Clients recognises people.
type Clients interface {
	Claim(t tx.Tx, keys []client.Key) ([]ref.Ref, error)
	// Signed is the one company with a sign; 0 when there is none or more than one.
	Signed(t tx.Tx, sign client.Sign) (int64, error)
}

// Org is the organisation as a transaction sees it.
type Org interface {
	In(t tx.Tx) (*directory.Directory, error)
}

// Service are the use cases.
type Service struct {
	Tx      tx.Doer
	Clock   clock.Clock
	Store   Store
	Records Records
	Drums   Drums
	Clients Clients
	Org     Org
	Journal journal.Store
	Routing Routing  // nil: everything goes the way of its door
	Limiter *Limiter // nil: no limit
}

// Incoming is a request at the door.
type Incoming struct {
	Key     string
	Payload *Payload
	Dedupe  string // Idempotency-Key of the call; "" for none. The payload may name one too.
	IP      string
	Consent string // hash of the words the visitor agreed to, "" for none

	name string // the request's Dedupe when it is known already
	by   int64  // the person who let it in after a look

	cause *event.Cause // because of what it comes, nil: of its door
}

// Answer is what became of a request.
type Answer struct {
	Request   int64
	Record    ref.Ref
	Client    ref.Ref     // the contact or company it is from, as far as there is one
	Repeat    bool        // of a known client with something open
	Duplicate bool        // the very same request was here before
	Offer     *drum.Offer // nil when nobody was offered the record
}

// EventCame tells that a request was let in; its Ref is the record it became or joined, its data are {"request": number,
// "key": number, "repeat": bool}.
const EventCame = "request.came"

// EventRepeated tells the responsible person of a record that his client has asked again.
const EventRepeated = "request.repeated"

// Entries of the journal.
const (
	JournalCame   = "request_came"
	JournalRepeat = "repeat_came"
)

// Accept takes a request in: one transaction, all or nothing.
func (s *Service) Accept(ctx context.Context, in Incoming) (a Answer, err error) {
	if err := s.Admit(in.Key, in.IP); err != nil {
		return Answer{}, err
	}
	if in.Payload.Empty() {
		return Answer{}, fault.New(fault.Invalid, "intake.empty")
	}
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		a, err = s.AcceptIn(t, in)
		return err
	})
	return a, err
}

// Admit holds back floods.
func (s *Service) Admit(key, ip string) error {
	wait := s.Limiter.Wait(key, ip, s.Clock.Now())
	if wait == 0 {
		return nil
	}
	f := fault.New(fault.TooMany, "intake.too_many")
	f.RetryAfter = int(wait.Seconds()) + 1
	return f
}

// perPage is how many requests one page of a form is good for: who corrects what he sent, or asks for a friend, needs no more.
const perPage = 5

// Worn tells whether a page of a form has been sent so often that its puzzle is no proof any more. token is the page's.
func (s *Service) Worn(ctx context.Context, k *Key, token string) (bool, error) {
	n, err := s.Store.Sent(ctx, k.Code+"/"+token+".", perPage)
	return n >= perPage, err
}

// AcceptIn takes a request in as a part of a transaction.
func (s *Service) AcceptIn(t tx.Tx, in Incoming) (Answer, error) {
	k, err := s.Store.Key(t, in.Key)
	if err != nil {
		return Answer{}, err
	}
	return s.take(t, k, in, "")
}

// take lets a request in through a door. note says what is special about it.
func (s *Service) take(t tx.Tx, k *Key, in Incoming, note string) (Answer, error) {
	c, err := s.Records.Catalog(t)
	if err != nil {
		return Answer{}, err
	}
	org, err := s.Org.In(t)
	if err != nil {
		return Answer{}, err
	}
	cause := event.Cause{Kind: "intake", ID: k.ID, Code: k.Code, Title: k.Title, Note: note}
	if in.cause != nil {
		cause = *in.cause
	}
	w := &work{
		Service: s, t: tx.Because(t, cause),
		by: in.by, key: k, payload: in.Payload, cat: c, org: org,
	}
	w.request = Request{At: t.Now(), KeyID: k.ID, Channel: k.Channel, Source: in.Payload.Source, Payload: in.Payload.Raw, Dedupe: dedupe(k, in), Attribution: in.Payload.Attribution.json()}
	if w.request.Source == "" {
		w.request.Source = k.Source
	}
	if in.cause != nil {
		w.request.Channel = in.cause.Kind
	}
	if in.Consent != "" {
		if w.request.ConsentID, err = s.Store.ConsentID(t, in.Consent); err != nil {
			return Answer{}, err
		}
	}
	fresh, err := s.Store.InsertRequest(t, &w.request)
	if err != nil {
		return Answer{}, err
	}
	if !fresh {
		return Answer{Request: w.request.ID, Record: w.request.Record, Duplicate: true}, nil
	}
	a, err := w.accept()
	if err != nil {
		return Answer{}, err
	}
	return a, w.came(a)
}

// dedupe is the name under which a request is the same one again, within its door.
func dedupe(k *Key, in Incoming) string {
	if in.name != "" {
		return in.name
	}
	name := in.Dedupe
	if name == "" {
		name = in.Payload.Dedupe
	}
	if name == "" {
		return ""
	}
	return k.Code + "/" + clean(name, maxLine)
}
