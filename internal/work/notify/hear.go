package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"time"

	"voronka/internal/flow/incident"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/org/session"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
	"voronka/internal/work/mail"
)

// Events of others, by name: a request was taken in, or waits for somebody to look at it.
const (
	requestCame = "request.came"
	requestHeld = "request.held"
)

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
			h, err := s.listen(t, mine[:n])
			if err != nil {
				return err
			}
			for _, e := range mine[:n] {
				if err := h.hear(e, max(1, -given[handOf(e)])); err != nil {
					return fmt.Errorf("event %d %s: %w", e.Seq, e.Type, err)
				}
			}
			return h.end()
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
		requestCame, requestHeld, session.EventNewDevice:
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

// hearing is a slice of events as it is heard: what they need is asked for at once, what they come to is told at its end.
type hearing struct {
	*Service
	t       tx.Tx
	org     *directory.Directory
	said    map[int64]offer // of the events of offers, by their number
	offers  map[int64]*drum.Offer
	titles  map[ref.Ref]string
	notices []Notice
	over    []Over
	came    []int64 // requests whose clients may be thanked
}

// slice is how many events are heard in one transaction.
const slice = 50

func (s *Service) listen(t tx.Tx, events []event.Event) (*hearing, error) {
	h := &hearing{Service: s, t: t, said: map[int64]offer{}, offers: map[int64]*drum.Offer{}}
	var err error
	if h.org, err = s.Org.In(t); err != nil {
		return nil, err
	}
	var made []int64
	var refs []ref.Ref
	for _, e := range events {
		if ofOffer(e) {
			var o offer
			if err := json.Unmarshal(e.Data, &o); err != nil {
				return nil, fmt.Errorf("notify: %w", err)
			}
			h.said[e.Seq] = o
			if e.Type == drum.EventMade {
				made = append(made, o.ID)
			}
		}
		if !e.Ref.Zero() && e.Type != requestCame {
			refs = append(refs, e.Ref)
		}
	}
	if len(refs) > 0 {
		if h.titles, err = s.Store.Titles(t, refs); err != nil {
			return nil, err
		}
	}
	if len(made) > 0 {
		list, err := s.Offers.OffersByID(t, made)
		if err != nil {
			return nil, err
		}
		for i := range list {
			h.offers[list[i].ID] = &list[i]
		}
	}
	return h, nil
}

// end tells what was heard. What is over is settled first: of an offer made and decided in one slice nobody is told.
func (h *hearing) end() error {
	if err := h.settle(h.t, h.over); err != nil {
		return err
	}
	if err := h.tell(h.t, h.notices); err != nil {
		return err
	}
	return h.Mail.Thank(h.t, h.came)
}

func (h *hearing) hear(e event.Event, records int) error {
	switch {
	case ofOffer(e):
		h.hearOffer(e, h.said[e.Seq])
		return nil
	case e.Type == intake.EventRepeated:
		h.about(e, RequestRepeated, e.Users, nil)
		return nil
	case e.Type == incident.Registered:
		return h.hearIncident(e)
	case e.Type == mail.EventTrouble:
		return h.hearTrouble(e)
	case e.Type == session.EventNewDevice:
		return h.hearDevice(e)
	case e.Type == requestCame:
		var d struct{ Request int64 }
		if err := json.Unmarshal(e.Data, &d); err != nil {
			return fmt.Errorf("notify: %w", err)
		}
		h.came = append(h.came, d.Request)
		return nil
	case e.Type == requestHeld:
		h.notices = append(h.notices, Notice{Kind: Moderation, Users: h.admins(), Source: source(e)})
		return nil
	}
	n := Notice{Kind: RecordAssigned, Users: []int64{assigned(e)}, Source: source(e), Args: map[string]any{"by": h.org.Name(e.ActorID), "n": records}}
	if records > 1 {
		h.notices = append(h.notices, n)
		return nil
	}
	h.about(e, n.Kind, n.Users, n.Args)
	return nil
}

// source names an event: however often it is heard, it is the same.
func source(e event.Event) string { return "event/" + strconv.FormatInt(e.Seq, 10) }

// about tells of an event about a record, with the record's title unless it is gone.
func (h *hearing) about(e event.Event, kind string, users []int64, args map[string]any) {
	h.add(Notice{Kind: kind, Users: users, Source: source(e), Ref: e.Ref, Args: args})
}

func (h *hearing) add(n Notice) {
	args := map[string]any{}
	maps.Copy(args, n.Args)
	n.Args = args
	if title, there := h.titles[n.Ref]; there {
		args["title"], args["type"] = title, n.Ref.Type
	} else {
		n.Ref = ref.Ref{}
	}
	h.notices = append(h.notices, n)
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

func ofOffer(e event.Event) bool {
	switch e.Type {
	case drum.EventMade, drum.EventMissed, drum.EventWithdrawn, drum.EventTaken:
		return true
	}
	return false
}

func (h *hearing) hearOffer(e event.Event, o offer) {
	if o.User == 0 {
		return
	}
	n := Notice{Users: []int64{o.User}, Source: "offer/" + strconv.FormatInt(o.ID, 10), Ref: e.Ref, Subject: o.ID}
	if e.Type != drum.EventMade {
		h.over = append(h.over, Over{o.User, o.ID})
	}
	switch e.Type {
	case drum.EventMissed:
		n.Kind = OfferMissed
	case drum.EventWithdrawn:
		if e.ActorID == o.User { // by his own hand
			return
		}
		n.Kind = OfferWithdrawn
	case drum.EventMade:
		// Heard late, the offer may be over: nobody needs to hear of it then.
		now := h.offers[o.ID]
		if now == nil || !now.Open() {
			return
		}
		n.Kind, n.Action, n.Until = OfferMade, ActionTake, now.DueAt
		if o.State == drum.Escalated {
			n.Kind = OfferEscalated
		}
	default:
		return
	}
	h.add(n)
}

func (h *hearing) hearIncident(e event.Event) error {
	var i struct {
		ID   int64     `json:"id"`
		Kind string    `json:"kind"`
		User int64     `json:"user"`
		Due  time.Time `json:"due_at"`
	}
	if err := json.Unmarshal(e.Data, &i); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	if i.Kind == incident.StageOverdue && i.User != 0 {
		h.about(e, StageOverdue, []int64{i.User}, nil)
	}
	var heads []int64
	for _, id := range e.Users {
		if id != i.User {
			heads = append(heads, id)
		}
	}
	h.about(e, PeopleIncident, heads, map[string]any{"person": h.org.Name(i.User), "incident": i.Kind, "due_at": clock.Of(i.Due)})
	return nil
}

// hearTrouble tells the administrators that letters can't be sent, once a day.
func (h *hearing) hearTrouble(e event.Event) error {
	var d struct{ Reason, Detail string }
	if err := json.Unmarshal(e.Data, &d); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	h.notices = append(h.notices, Notice{
		Kind: Trouble, Users: h.admins(), Source: "mail/" + h.t.Now().Date(time.UTC), Args: map[string]any{"reason": d.Reason, "detail": d.Detail},
	})
	return nil
}

// hearDevice tells a person that he was seen with a new browser, or somebody in his place.
func (h *hearing) hearDevice(e event.Event) error {
	var d session.Sighting
	if err := json.Unmarshal(e.Data, &d); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	h.notices = append(h.notices, Notice{Kind: NewDevice, Users: e.Users, Source: source(e), Args: map[string]any{
		"browser": d.Browser, "os": d.OS, "ip": d.IP, "at_at": d.At, "known": yes(d.Browser != "" && d.OS != ""),
	}})
	return nil
}

func (h *hearing) admins() []int64 {
	var list []int64
	for _, u := range h.org.Users() {
		if u.Active && u.Role == access.Admin {
			list = append(list, u.ID)
		}
	}
	return list
}
