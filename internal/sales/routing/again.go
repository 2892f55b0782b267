package routing

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"voronka/internal/flow/incident"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// AgainJob is the kind of the jobs that ask the rules again about a record that has changed. One waits for each record
// however often it changes meanwhile.
const AgainJob = "routing.again"

// A record that rules give away more often than this within the window goes round in circles: it stays where it is, and an
// incident says so.
const (
	maxRounds   = 6
	roundWindow = time.Hour
)

// LoopIncident is the kind of incident of a record that goes round in circles.
const LoopIncident = "routing_loop"

// Before implements record.Hook.
func (s *Service) Before(tx.Tx, *record.Change) error { return nil }

// After implements record.Hook: a person who changes the responsible fixes him; a change of what the rules look at asks
// them again, unless a rule made it.
func (s *Service) After(t tx.Tx, c *record.Change) error {
	if !slices.Contains(Types, c.Type.Code) || c.Created || c.Restored {
		return nil
	}
	r := ref.Ref{Type: c.Type.Code, ID: c.ID}
	if c.Deleted {
		return s.Store.DropRouting(t, r)
	}
	if c.Changed("responsible") && t.Actor() != 0 {
		return s.fix(t, r, t.Actor())
	}
	if c.After.ClosedAt != 0 || t.Cause().Kind == "routing" {
		return nil
	}
	b, err := s.Book(t)
	if err != nil || !b.Watches(c.Codes) {
		return err
	}
	now, err := s.Store.Routing(t, r)
	if err != nil || now != nil && now.By == ByPerson {
		return err
	}
	payload, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("routing: %w", err)
	}
	return t.Schedule(job.Job{Kind: AgainJob, Key: r.String(), DueAt: t.Now(), Payload: payload})
}

// fix notes that a person has decided who answers for a record.
func (s *Service) fix(t tx.Tx, r ref.Ref, by int64) error {
	now, err := s.Store.Routing(t, r)
	if err != nil {
		return err
	}
	if now == nil {
		now = &Routing{Record: r}
	}
	now.By, now.UserID, now.At, now.Rounds, now.RoundAt = ByPerson, by, t.Now(), 0, 0
	return s.Store.SaveRouting(t, now)
}

// Job is the handler that asks the rules again.
func (s *Service) Job() job.Handler {
	return job.Handler{Kind: AgainJob, Run: func(t any, j job.Job) error {
		var r ref.Ref
		if err := json.Unmarshal(j.Payload, &r); err != nil {
			return fmt.Errorf("routing: %w", err)
		}
		return s.changed(t.(tx.Tx), r)
	}}
}

// changed asks the rules about a record that has changed. When nothing but the last rule catches it, it stays with whom it is.
func (s *Service) changed(t tx.Tx, r ref.Ref) error {
	in, state, err := s.present(t, r)
	if err != nil || state == nil || state.ClosedAt != 0 {
		return err
	}
	now, err := s.Store.Routing(t, r)
	if err != nil || now != nil && now.By == ByPerson || now == nil && in.Request == nil {
		return err
	}
	in.still = true
	d, err := s.Decide(t, in)
	if err != nil || d.Rule.Fallback || now != nil && now.RuleID == d.Rule.ID && now.Target == d.Rule.Target {
		return err
	}
	if now != nil && now.Rounds >= maxRounds && t.Now().Sub(now.RoundAt) < roundWindow {
		return s.circles(t, r, state, d, now)
	}
	return s.apply(Because(t, d.Rule, "routing.cause.changed"), r, state, d, now)
}

// present is what rules look at about a record as it stands; state is nil when it isn't there.
func (s *Service) present(t tx.Tx, r ref.Ref) (Input, *record.State, error) {
	c, err := s.Records.Catalog(t)
	if err != nil {
		return Input{}, nil, err
	}
	typ := c.Type(r.Type)
	if typ == nil || !slices.Contains(Types, r.Type) {
		return Input{}, nil, fault.New(fault.NotFound, "record.not_found", fault.Args{"type": r.Type, "id": r.ID})
	}
	state, err := s.Records.Load(t, access.System(), r)
	if fault.Is(err, fault.NotFound) {
		return Input{}, nil, nil
	}
	if err != nil {
		return Input{}, nil, err
	}
	request, err := s.Requests.RequestOf(t, r)
	if err != nil {
		return Input{}, nil, err
	}
	get := func(f *schema.Field) schema.Datum { return state.Get(f) }
	subject := Subject{Type: typ, State: func() (*record.State, error) { return state, nil }}
	return Input{Request: request, Subject: subject, Client: ClientOf(typ, get)}, state, nil
}

// apply gives a record to whom the rules say. t is the rule's.
func (s *Service) apply(t tx.Tx, r ref.Ref, state *record.State, d Decision, before *Routing) error {
	if err := s.Note(t, r, d, before); err != nil {
		return err
	}
	if d.Rule.Target.Way == InTurn && d.UserID != 0 && d.Rule.ID != 0 {
		if err := s.Store.SaveTurn(t, d.Rule.ID, d.UserID); err != nil {
			return err
		}
	}
	if d.DrumID != 0 {
		_, err := s.Drums.Into(t, d.DrumID, r)
		return err
	}
	if d.UserID == 0 {
		return nil
	}
	if err := s.Drums.Release(t, r); err != nil {
		return err
	}
	if state.ResponsibleID == d.UserID {
		return nil
	}
	_, err := s.Records.Update(t, access.System(), r, record.Values{"responsible": d.UserID}, 0)
	return err
}

// circles leaves a record where it is that rules keep giving back and forth: a person has to look.
func (s *Service) circles(t tx.Tx, r ref.Ref, state *record.State, d Decision, now *Routing) error {
	t = Because(t, d.Rule, "routing.cause.loop")
	data, err := json.Marshal(map[string]any{"rule": ruleName{d.Rule.ID, d.Rule.Code, d.Rule.Title}})
	if err != nil {
		return fmt.Errorf("routing: %w", err)
	}
	breach := incident.Incident{Kind: LoopIncident, UserID: state.ResponsibleID, Record: r, Subject: d.Rule.ID, DueAt: t.Now(), Data: data}
	if _, err := s.Incidents.Register(t, breach); err != nil {
		return err
	}
	now.By, now.UserID, now.At = ByPerson, 0, t.Now()
	return s.Store.SaveRouting(t, now)
}
