package routing

import (
	"fmt"
	"sync/atomic"

	"voronka/internal/expr"
	"voronka/internal/flow/incident"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/record/journal"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
	"voronka/internal/sales/drum"
)

// Store keeps rules and how records stand with them. Everything works inside the transaction given.
type Store interface {
	// Rules are all rules in their order with the last one last; it is kept in memory as long as nobody changes one.
	Rules(t tx.Tx) (*Rules, error)
	// RuleCodes are the codes in use, by removed rules too.
	RuleCodes(t tx.Tx) (map[string]bool, error)
	InsertRule(t tx.Tx, r *Rule) (int64, error)
	SaveRule(t tx.Tx, r *Rule) error
	RemoveRule(t tx.Tx, id int64) error
	OrderRules(t tx.Tx, ids []int64) error

	// Turn is who of a department a rule gave to last; others who want to know wait until the transaction ends.
	Turn(t tx.Tx, ruleID int64) (userID int64, err error)
	SaveTurn(t tx.Tx, ruleID, userID int64) error
	HasDrum(t tx.Tx, id int64) (bool, error)

	// Won counts a client's won deals, Former is who answered for his last closed lead or deal, 0 when there is none.
	Won(t tx.Tx, client ref.Ref) (int64, error)
	Former(t tx.Tx, client ref.Ref) (userID int64, err error)

	// Routing is how a record stands with the rules; nil when nothing is known.
	Routing(t tx.Tx, r ref.Ref) (*Routing, error)
	SaveRouting(t tx.Tx, r *Routing) error
	DropRouting(t tx.Tx, r ref.Ref) error
}

// Records reads and writes records.
type Records interface {
	Catalog(t tx.Tx) (*schema.Catalog, error)
	Load(t tx.Tx, who access.Who, r ref.Ref) (*record.State, error)
	Update(t tx.Tx, who access.Who, r ref.Ref, v record.Values, base int64) (version int64, err error)
}

// Drums gives records to drums and takes them out.
type Drums interface {
	Into(t tx.Tx, drumID int64, r ref.Ref) (*drum.Offer, error)
	Release(t tx.Tx, r ref.Ref) error
}

// Requests tells what came in for a record: its last request, nil when none came.
type Requests interface {
	RequestOf(t tx.Tx, r ref.Ref) (*Request, error)
}

// Org is the organisation as a transaction sees it.
type Org interface {
	In(t tx.Tx) (*directory.Directory, error)
}

// Presence tells which of the people can't be given anything now though they work here, "absent" for instance.
type Presence interface {
	Away(t tx.Tx, users []int64) (map[int64]string, error)
}

// Incidents registers what went wrong.
type Incidents interface {
	Register(t tx.Tx, i incident.Incident) (int64, error)
}

// Service are the use cases.
type Service struct {
	Tx        tx.Doer
	Store     Store
	Records   Records
	Drums     Drums
	Org       Org
	Journal   journal.Store
	Incidents Incidents
	Requests  Requests // plugged in by who takes requests in
	Presence  Presence // nil: whoever works here can be given records

	book atomic.Pointer[Book]
}

// Book is the rules as the transaction sees them, ready to be asked.
func (s *Service) Book(t tx.Tx) (*Book, error) {
	rules, err := s.Store.Rules(t)
	if err != nil {
		return nil, err
	}
	c, err := s.Records.Catalog(t)
	if err != nil {
		return nil, err
	}
	if b := s.book.Load(); b != nil && b.rules == rules && b.catalog == c {
		return b, nil
	}
	b := NewBook(rules, c)
	s.book.Store(b)
	return b, nil
}

// Input is what a decision is about.
type Input struct {
	Request *Request // nil: none came
	Subject Subject
	Client  ref.Ref // zero: nobody we know
	Explain bool    // say of every part of every condition what came of it

	still bool // take nobody's turn: it isn't known yet whether the record goes there
}

// Decide says who a record goes to. Nothing is written but whose turn it was in a department.
func (s *Service) Decide(t tx.Tx, in Input) (Decision, error) {
	d, _, err := s.Look(t, in)
	return d, err
}

// Look is Decide for who wants to see the facts too.
func (s *Service) Look(t tx.Tx, in Input) (Decision, *Facts, error) {
	b, err := s.Book(t)
	if err != nil {
		return Decision{}, nil, err
	}
	f := &Facts{
		t: t, catalog: b.catalog, zone: b.zone, records: s.Records, store: s.Store, request: in.Request, subject: in.Subject, client: in.Client,
		loaded: map[ref.Ref]*record.State{}, seen: map[string]*value{},
	}
	env := &expr.Env{Moment: expr.Moment{Now: t.Now(), Zone: b.zone}, Record: f}
	d, err := b.Ask(env, func(r *Rule) (Given, error) { return s.give(t, r, in) }, in.Explain)
	if err == nil {
		err = f.err
	}
	if err != nil {
		return Decision{}, nil, fmt.Errorf("routing: %w", err)
	}
	return d, f, nil
}

// Because continues a transaction as a rule.
func Because(t tx.Tx, r Rule, note string) tx.Tx {
	return tx.Because(t, event.Cause{Kind: "routing", ID: r.ID, Code: r.Code, Title: r.Title, Note: note})
}

// Note writes a decision down: in the record's journal, and how it stands with the rules. before is how it stood.
func (s *Service) Note(t tx.Tx, r ref.Ref, d Decision, before *Routing) error {
	entry := journal.Entry{Type: r.Type, RecordID: r.ID, Kind: JournalRouted, Diff: map[string]any{"routing": noted(d)}}
	if err := s.Journal.Write(t, entry); err != nil {
		return err
	}
	now := &Routing{Record: r, RuleID: d.Rule.ID, Target: d.Rule.Target, By: ByRule, At: t.Now()}
	if before != nil {
		now.Rounds, now.RoundAt = before.Rounds, before.RoundAt
	}
	now.count(t.Now())
	return s.Store.SaveRouting(t, now)
}

// JournalRouted is the journal's entry of a decision.
const JournalRouted = "routed"

// body is a decision as the journal carries it.
type body struct {
	Rule   ruleName   `json:"rule"`
	User   int64      `json:"user,omitempty"`
	Drum   int64      `json:"drum,omitempty"`
	Dept   int64      `json:"department,omitempty"`
	Passed []passedBy `json:"passed,omitempty"`
}

type ruleName struct {
	ID    int64  `json:"id,omitempty"`
	Code  string `json:"code"`
	Title string `json:"title,omitempty"`
}

type passedBy struct {
	Rule ruleName `json:"rule"`
	Why  string   `json:"why"`
}

func noted(d Decision) body {
	name := func(r *Rule) ruleName { return ruleName{r.ID, r.Code, r.Title} }
	b := body{Rule: name(&d.Rule), User: d.UserID, Drum: d.DrumID, Dept: d.DepartmentID}
	for _, tried := range d.Passed() {
		b.Passed = append(b.Passed, passedBy{name(tried.Rule), tried.Passed})
	}
	return b
}

// count adds a round; a new hour begins anew.
func (r *Routing) count(now clock.Instant) {
	if r.Rounds == 0 || now.Sub(r.RoundAt) >= roundWindow {
		r.Rounds, r.RoundAt = 0, now
	}
	r.Rounds++
}
