package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"voronka/internal/flow/incident"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
	"voronka/internal/work/mail"
)

// Events of others, by name: a request was taken in, or waits for somebody to look at it.
const (
	requestCame = "request.came"
	requestHeld = "request.held"
)

// slice is how many events are heard in one transaction.
const slice = 20

// Hear turns what happened into notices. It may hear the same twice: a notice is told once per event, person and kind.
func (s *Service) Hear(ctx context.Context, events []event.Event) error {
	var mine []event.Event
	given := gather(events)
	for _, e := range events {
		if concerns(e) && given[handOf(e)] >= 0 {
			mine = append(mine, e)
		}
		if given[handOf(e)] > many { // the first one speaks for all
			given[handOf(e)] *= -1
		}
	}
	for len(mine) > 0 {
		n := min(slice, len(mine))
		err := s.Tx.Do(ctx, func(t tx.Tx) error {
			for _, e := range mine[:n] {
				if err := s.hear(t, e, max(1, -given[handOf(e)])); err != nil {
					return fmt.Errorf("event %d %s: %w", e.Seq, e.Type, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		mine = mine[n:]
	}
	return nil
}

// many is how many records given at once are told one by one.
const many = 3

// hand is who gave records to whom.
type hand struct{ by, to int64 }

func handOf(e event.Event) hand {
	if to := assigned(e); to != 0 {
		return hand{e.ActorID, to}
	}
	return hand{}
}

// gather counts the records that changed hands, so that a whole list given to somebody is told in one piece.
func gather(events []event.Event) map[hand]int {
	given := map[hand]int{}
	for _, e := range events {
		if h := handOf(e); h != (hand{}) {
			given[h]++
		}
	}
	return given
}

func concerns(e event.Event) bool {
	switch e.Type {
	case drum.EventMade, drum.EventMissed, drum.EventWithdrawn, drum.EventTaken, intake.EventRepeated, incident.Registered, mail.EventTrouble,
		requestCame, requestHeld:
		return true
	}
	return assigned(e) != 0
}

// assigned is who was given a record by somebody else's hand, 0 nobody.
func assigned(e event.Event) int64 {
	if e.After == nil || e.ActorID == 0 || e.After.ResponsibleID == 0 || e.After.ResponsibleID == e.ActorID || e.Ref.Type == "activity" {
		return 0
	}
	if e.Type == "record.restored" || e.Before != nil && e.Before.ResponsibleID == e.After.ResponsibleID {
		return 0
	}
	return e.After.ResponsibleID
}

func (s *Service) hear(t tx.Tx, e event.Event, records int) error {
	switch e.Type {
	case drum.EventMade, drum.EventMissed, drum.EventWithdrawn, drum.EventTaken:
		return s.hearOffer(t, e)
	case intake.EventRepeated:
		return s.about(t, e, RequestRepeated, e.Users, nil)
	case incident.Registered:
		return s.hearIncident(t, e)
	case mail.EventTrouble:
		return s.hearTrouble(t, e)
	case requestCame:
		var d struct{ Request int64 }
		if err := json.Unmarshal(e.Data, &d); err != nil {
			return fmt.Errorf("notify: %w", err)
		}
		return s.Mail.Thank(t, d.Request)
	case requestHeld:
		admins, err := s.admins(t)
		if err != nil {
			return err
		}
		return s.Tell(t, Notice{Kind: Moderation, Users: admins, Source: source(e)})
	}
	by, err := s.name(t, e.ActorID)
	if err != nil {
		return err
	}
	if records > 1 {
		n := Notice{Kind: RecordAssigned, Users: []int64{assigned(e)}, Source: source(e), Args: map[string]any{"by": by, "n": records}}
		return s.Tell(t, n)
	}
	return s.about(t, e, RecordAssigned, []int64{assigned(e)}, map[string]any{"by": by, "n": 1})
}

// source names an event: however often it is heard, it is the same.
func source(e event.Event) string { return "event/" + strconv.FormatInt(e.Seq, 10) }

// about tells of an event about a record, with the record's title unless it is gone.
func (s *Service) about(t tx.Tx, e event.Event, kind string, users []int64, args map[string]any) error {
	n := Notice{Kind: kind, Users: users, Source: source(e), Ref: e.Ref, Args: args}
	return s.withTitle(t, n)
}

func (s *Service) withTitle(t tx.Tx, n Notice) error {
	args := map[string]any{}
	for name, v := range n.Args {
		args[name] = v
	}
	n.Args = args
	state, err := s.Records.Load(t, access.System(), n.Ref)
	switch {
	case fault.Is(err, fault.NotFound):
		n.Ref = ref.Ref{}
	case err != nil:
		return err
	default:
		args["title"], args["type"] = state.Title, n.Ref.Type
	}
	return s.Tell(t, n)
}

// offer is what events of offers say.
type offer struct {
	ID    int64      `json:"id"`
	Drum  int64      `json:"drum"`
	User  int64      `json:"user"`
	State string     `json:"state"`
	Due   *time.Time `json:"due_at"`
	By    int64      `json:"by"`
}

func (s *Service) hearOffer(t tx.Tx, e event.Event) error {
	var o offer
	if err := json.Unmarshal(e.Data, &o); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	if o.User == 0 {
		return nil
	}
	n := Notice{Users: []int64{o.User}, Source: "offer/" + strconv.FormatInt(o.ID, 10), Ref: e.Ref, Subject: o.ID}
	if e.Type != drum.EventMade {
		if err := s.settle(t, o.User, o.ID, OfferMade, OfferEscalated); err != nil {
			return err
		}
	}
	switch e.Type {
	case drum.EventMissed:
		n.Kind = OfferMissed
	case drum.EventWithdrawn:
		if e.ActorID == o.User { // by his own hand
			return nil
		}
		n.Kind = OfferWithdrawn
	case drum.EventMade:
		// Heard late, the offer may be over: nobody needs to hear of it then.
		now, err := s.Offers.Offer(t, o.ID)
		if fault.Is(err, fault.NotFound) || err == nil && !now.Open() {
			return nil
		}
		if err != nil {
			return err
		}
		n.Kind, n.Action, n.Until = OfferMade, ActionTake, now.DueAt
		if o.State == drum.Escalated {
			n.Kind = OfferEscalated
		}
	default:
		return nil
	}
	return s.withTitle(t, n)
}

func (s *Service) hearIncident(t tx.Tx, e event.Event) error {
	var i struct {
		ID   int64     `json:"id"`
		Kind string    `json:"kind"`
		User int64     `json:"user"`
		Due  time.Time `json:"due_at"`
	}
	if err := json.Unmarshal(e.Data, &i); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	name, err := s.name(t, i.User)
	if err != nil {
		return err
	}
	if i.Kind == incident.StageOverdue && i.User != 0 {
		if err := s.about(t, e, StageOverdue, []int64{i.User}, nil); err != nil {
			return err
		}
	}
	var heads []int64
	for _, id := range e.Users {
		if id != i.User {
			heads = append(heads, id)
		}
	}
	return s.about(t, e, PeopleIncident, heads, map[string]any{"person": name, "incident": i.Kind, "due_at": clock.Of(i.Due)})
}

// hearTrouble tells the administrators that letters can't be sent, once a day.
func (s *Service) hearTrouble(t tx.Tx, e event.Event) error {
	var d struct{ Reason, Detail string }
	if err := json.Unmarshal(e.Data, &d); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	admins, err := s.admins(t)
	if err != nil {
		return err
	}
	return s.Tell(t, Notice{Kind: Trouble, Users: admins, Source: "mail/" + t.Now().Date(time.UTC), Args: map[string]any{"reason": d.Reason, "detail": d.Detail}})
}

func (s *Service) admins(t tx.Tx) ([]int64, error) {
	org, err := s.Org.In(t)
	if err != nil {
		return nil, err
	}
	var list []int64
	for _, u := range org.Users() {
		if u.Active && u.Role == access.Admin {
			list = append(list, u.ID)
		}
	}
	return list, nil
}

func (s *Service) name(t tx.Tx, id int64) (string, error) {
	org, err := s.Org.In(t)
	if err != nil {
		return "", err
	}
	return org.Name(id), nil
}
