package notify

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/user"
	"voronka/internal/work/mail"
)

// ActionTake lets the reader take the offer Subject.
const ActionTake = "take"

// Notice is something to be told to people.
type Notice struct {
	Kind   string
	Users  []int64
	Source string // what it is about; the same is told to a person once
	Ref    ref.Ref
	Args   map[string]any // for the texts notice.<kind>.title and .body, by name
	Action string
	// Subject is what the action is about, Until when it is over (0 never).
	Subject int64
	Until   clock.Instant
}

// Item is a notice of one person.
type Item struct {
	ID      int64
	UserID  int64
	At      clock.Instant
	Kind    string
	Source  string
	Ref     ref.Ref
	Action  string
	Subject int64
	Until   clock.Instant
	Args    Args
	Held    Ways
	ReadAt  clock.Instant
	// Open: what the action is about still waits for this person; when read for showing.
	Open bool
}

// Events to the person's own pages.
const (
	EventTold = "notice.told"
	EventRead = "notice.read"
)

// telling is a notice on its way to one person.
type telling struct {
	*Item
	to      *user.User
	ways    Ways
	resting bool          // outside his working time, and he wants quiet then
	next    clock.Instant // when he works again
}

// tell tells notices, each to those of its people who work here.
func (s *Service) tell(t tx.Tx, notices []Notice) error {
	list, err := s.address(t, notices)
	if err != nil || len(list) == 0 {
		return err
	}
	items, people := make([]*Item, len(list)), make([]int64, len(list))
	for i, each := range list {
		items[i], people[i] = each.Item, each.UserID
	}
	if err := s.Store.Insert(t, items); err != nil {
		return err
	}
	unread, err := s.Store.Unread(t, people)
	if err != nil {
		return err
	}
	for _, each := range list {
		if each.ID == 0 { // told before
			continue
		}
		if err := s.show(t, each, unread[each.UserID]); err != nil {
			return err
		}
		switch {
		case each.Held != 0:
			err = s.later(t, each.UserID, each.next)
		case !each.resting:
			err = s.disturb(t, each.Item, each.to, each.ways)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// address finds out who is to be told of what, and how.
func (s *Service) address(t tx.Tx, notices []Notice) (list []telling, err error) {
	org, err := s.Org.In(t)
	if err != nil {
		return nil, err
	}
	var people []int64
	for _, n := range notices {
		args, err := argsOf(n.Args)
		if err != nil {
			return nil, err
		}
		to := slices.Clone(n.Users)
		slices.Sort(to)
		for _, id := range slices.Compact(to) {
			if _, works := org.Who(id); !works {
				continue
			}
			people = append(people, id)
			list = append(list, telling{to: org.User(id), Item: &Item{
				UserID: id, At: t.Now(), Kind: n.Kind, Source: n.Source, Ref: n.Ref, Action: n.Action, Subject: n.Subject, Until: n.Until, Args: args,
			}})
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	chosen, err := s.Store.Chosen(t, people)
	if err != nil {
		return nil, err
	}
	for i := range list {
		each := &list[i]
		kind := KindOf(each.Kind)
		if kind == nil {
			return nil, fmt.Errorf("notify: there is no kind %q", each.Kind)
		}
		each.ways = kind.ways(chosen[each.UserID])
		if each.ways.Has(Quiet) {
			works, next := s.Hours.Working(org, each.UserID, each.At)
			each.resting, each.next = !works, next
		}
		if each.resting {
			each.Held = each.ways & (Push | Email)
		}
	}
	return list, nil
}

// told is what open pages hear.
type told struct {
	ID      int64          `json:"id"`
	Kind    string         `json:"kind"`
	At      int64          `json:"at"`
	Title   string         `json:"title"`
	Body    string         `json:"body,omitempty"`
	Type    string         `json:"type,omitempty"`
	Record  int64          `json:"record,omitempty"`
	Action  string         `json:"action,omitempty"`
	Subject int64          `json:"subject,omitempty"`
	Until   *clock.Instant `json:"until,omitempty"`
	Toast   bool           `json:"toast,omitempty"`
	Browser bool           `json:"browser,omitempty"`
	Unread  int64          `json:"unread"`
}

// show puts the notice on the person's open pages.
func (s *Service) show(t tx.Tx, n telling, unread int64) error {
	title, body := s.Words(n.Item, n.to.Lang, n.to.Zone, t.Now())
	out := told{
		ID: n.ID, Kind: n.Kind, At: int64(n.At), Title: title, Body: body, Type: n.Ref.Type, Record: n.Ref.ID, Action: n.Action, Subject: n.Subject,
		Toast: n.ways.Has(Toast), Browser: n.ways.Has(Browser) && !n.resting, Unread: unread,
	}
	if n.Until != 0 {
		out.Until = &n.Until
	}
	data, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return t.Emit(event.Event{Type: EventTold, Users: []int64{n.UserID}, Data: data})
}

// disturb pushes a notice and writes its letter.
func (s *Service) disturb(t tx.Tx, n *Item, u *user.User, ways Ways) error {
	if ways.Has(Push) {
		if err := s.push(t, u.ID, n.ID); err != nil {
			return err
		}
	}
	if !ways.Has(Email) {
		return nil
	}
	subject, body := s.Words(n, u.Lang, u.Zone, t.Now())
	settings, err := s.Mail.Store.MailSettingsIn(t)
	if err != nil {
		return err
	}
	return s.letter(t, u, "notice/"+strconv.FormatInt(n.ID, 10), subject, body+link(settings, n.Ref, s.say(u.Lang, "notice.open", nil)), n.Until)
}

func (s *Service) letter(t tx.Tx, u *user.User, source, subject, body string, until clock.Instant) error {
	_, err := s.Mail.Put(t, mail.Letter{
		Source: source, To: u.Email, ToName: u.Name, Lang: u.Lang, Subject: subject, Until: until,
		Body: body + "\n\n— \n" + s.say(u.Lang, "notice.footer", nil),
	})
	return err
}

// link is the line of a letter that leads to the record.
func link(settings mail.Settings, r ref.Ref, word string) string {
	if settings.Address == "" || r.Zero() {
		return ""
	}
	return "\n\n" + word + ": " + settings.Address + Path(r)
}

// slugs are the addresses of types whose code is not their address.
var slugs = map[string]string{"lead": "leads", "deal": "deals", "contact": "contacts", "company": "companies", "activity": "activities"}

// Path is the address of a record's page.
func Path(r ref.Ref) string {
	if r.Zero() {
		return "/"
	}
	slug := slugs[r.Type]
	if slug == "" {
		slug = r.Type
	}
	return "/" + slug + "/" + strconv.FormatInt(r.ID, 10)
}

// Read marks notices of a person as read, all when ids is nil, and tells his pages.
func (s *Service) Read(t tx.Tx, userID int64, ids []int64) (unread int64, err error) {
	if err := s.Store.Read(t, userID, ids); err != nil {
		return 0, err
	}
	return s.afterRead(t, userID, ids)
}

func (s *Service) afterRead(t tx.Tx, userID int64, ids []int64) (int64, error) {
	counts, err := s.Store.Unread(t, []int64{userID})
	if err != nil {
		return 0, err
	}
	data, err := json.Marshal(map[string]any{"ids": ids, "unread": counts[userID]})
	if err != nil {
		return 0, fmt.Errorf("notify: %w", err)
	}
	return counts[userID], t.Emit(event.Event{Type: EventRead, Users: []int64{userID}, Data: data})
}

// Over is that an offer made to a person is so no more.
type Over struct{ UserID, OfferID int64 }

// settle marks the notices of offers that are over as read: what they asked for can't be done any more.
func (s *Service) settle(t tx.Tx, over []Over) error {
	if len(over) == 0 {
		return nil
	}
	read, err := s.Store.Settle(t, over, []string{OfferMade, OfferEscalated})
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(read)) {
		if _, err := s.afterRead(t, id, read[id]); err != nil {
			return err
		}
	}
	return nil
}

// DigestJob is the kind of the jobs that tell what was held back; their key is the person.
const DigestJob = "notify.digest"

func (s *Service) later(t tx.Tx, userID int64, at clock.Instant) error {
	if at == 0 { // he never works: the bell will do
		return nil
	}
	payload, err := json.Marshal(userID)
	if err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return t.Schedule(job.Job{Kind: DigestJob, Key: strconv.FormatInt(userID, 10), DueAt: at, Payload: payload})
}
