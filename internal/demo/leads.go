package demo

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
	"voronka/internal/sales/intake"
)

// What becomes of a request.
const (
	fateSpam    = iota // refused at the first sight
	fateRefuse         // talked to, not ours
	fateSilent         // never reached
	fateDeal           // becomes a deal
	fateLater          // thinks it over
	fateStuck          // forgotten for some weeks
	fateService        // a job for the service
)

// shares of the fates, of a hundred requests.
var fates = [...]struct{ fate, share int }{{fateSpam, 9}, {fateRefuse, 26}, {fateSilent, 20}, {fateDeal, 17}, {fateLater, 18}, {fateStuck, 6}, {fateService, 4}}

// leadStory is what is known of a request beforehand.
type leadStory struct {
	n      int
	fate   int
	client *client
	wish   wish
	door   string
	lead   ref.Ref
	owner  int64
}

// plan puts the whole history on the line: requests by season, some of them from those who asked before, and jobs old
// clients come back with.
func (s *seeding) plan() {
	zone := moscow
	if loc, err := time.LoadLocation(s.words.home.zone); err == nil {
		zone = loc
	}
	from, to := s.o.Now.AddDate(0, -historyMonths, 0), s.o.Now.Add(-lastMinutes*time.Minute)
	// A working day and a little more of fresh requests, whatever day it is: a demo on a Sunday shall not look dead.
	fresh, waiting := max(1, s.o.Requests*14/allRequests), max(2, s.o.Requests*6/allRequests)
	list := moments(s.r, s.o.Requests-fresh-waiting, from, to, zone)
	for range fresh {
		list = append(list, clock.Of(to.Add(-time.Duration(s.r.IntN(freshHours*60-lastMinutes))*time.Minute)))
	}
	for i := range waiting {
		list = append(list, s.now.Add(-time.Duration(2+i*(lastMinutes-4)/waiting)*time.Minute))
	}
	for n, at := range list {
		last := n >= len(list)-waiting
		s.line.put(at, func() error { return s.comes(n, last) })
	}
	s.leaves(zone)
	back := moments(s.r, s.o.Requests*216/allRequests, from.AddDate(0, 2, 0), to, zone)
	for _, at := range back {
		s.line.put(at, s.comesBack)
	}
}

// fateOf draws a fate.
func (s *seeding) fateOf() int {
	n := s.r.IntN(100)
	for _, f := range fates {
		if n -= f.share; n < 0 {
			return f.fate
		}
	}
	return fateRefuse
}

// comes is a request at a door. In office hours every eighth comes from somebody who has asked before.
func (s *seeding) comes(n int, last bool) error {
	x := &leadStory{n: n, fate: s.fateOf(), door: s.doorOf()}
	hour := s.clock.Now().In(moscow).Hour()
	known := !last && len(s.clients) > 30 && hour >= opens && hour < 15 && s.r.IntN(8) == 0
	if known {
		x.client = s.clients[max(0, len(s.clients)-1-s.r.IntN(60))]
		if s.r.IntN(3) == 0 {
			x.client = pick(s.r, s.clients)
		}
		if x.fate == fateSpam {
			x.fate = fateLater
		}
	} else {
		x.client = s.crowd.next(x.door == "ural")
		if x.fate != fateSpam {
			s.clients = append(s.clients, x.client)
		}
	}
	if last && (x.fate == fateSpam || x.door == "partner") {
		x.fate, x.door = fateDeal, "site"
	}
	jobs := s.words.kinds
	if x.fate == fateService {
		jobs = s.words.services
	}
	x.wish = s.crowd.wish(jobs, x.client)
	payload, err := s.payload(x, known)
	if err != nil {
		return err
	}
	a, err := s.app.Intake.Accept(s.ctx, intake.Incoming{Key: s.doors[x.door].Key, Payload: payload})
	if err != nil {
		return fmt.Errorf("request of %s: %w", x.client.name, err)
	}
	s.made.Requests++
	if a.Client.Type == "contact" {
		x.client.contact = a.Client.ID
	}
	if !a.Repeat && a.Record.Type == "lead" {
		s.made.Leads++
		x.lead = a.Record
		if a.Offer != nil && a.Offer.DrumID == s.drums[2] && x.wish.job.system != "service" { // the service sells service
			x.wish = s.crowd.wish(s.words.services, x.client)
		}
		s.stories[a.Record] = x
	}
	if a.Repeat && a.Offer == nil {
		if err := s.repeated(a.Record); err != nil {
			return err
		}
	}
	return s.look()
}

// doorOf draws the way a request comes.
func (s *seeding) doorOf() string {
	switch n := s.r.IntN(100); {
	case n < 45:
		return "site"
	case n < 66:
		return "phone"
	case n < 78:
		return "mail"
	case n < 86:
		return "partner"
	}
	return "ural"
}

// campaigns are where visitors of the site come from.
var campaigns = [][3]string{{"yandex", "cpc", "aps_spb"}, {"yandex", "cpc", "ognetushiteli"}, {"vk", "social", "predpisanie"}, {"google", "organic", ""}, {"yandex", "organic", ""}, {"newsletter", "email", "sezon"}}

// payload is the request as it is sent.
func (s *seeding) payload(x *leadStory, known bool) (*intake.Payload, error) {
	c, w := x.client, s.words
	fields := map[string]any{"name": c.name, "phone": c.phone}
	if x.door == "mail" || x.door != "phone" && s.r.IntN(3) > 0 {
		fields["email"] = c.mail
	}
	if x.door == "mail" && s.r.IntN(3) == 0 {
		delete(fields, "phone")
	}
	switch {
	case x.fate == fateSpam:
		fields["comment"] = pick(s.r, w.spam)
	case known && s.r.IntN(3) > 0:
		fields["comment"] = pick(s.r, w.repeat)
	case x.fate == fateService:
		fields["comment"] = x.wish.job.title + ", " + x.wish.object
	case s.r.IntN(3) == 0:
		fields["comment"] = pick(s.r, w.short)
	default:
		fields["comment"] = fmt.Sprintf(pick(s.r, w.needs), x.wish.job.title, x.wish.object, x.wish.area)
	}
	if x.fate != fateSpam && s.r.IntN(5) < 2 {
		fields["company"] = c.firm.name
	}
	if x.door == "site" || x.door == "ural" {
		from := pick(s.r, campaigns)
		fields["utm_source"], fields["utm_medium"], fields["utm_campaign"] = from[0], from[1], from[2]
		fields["landing"] = "https://schit.example/" + x.wish.job.system
		if from[1] == "cpc" {
			fields["source"] = "ads"
		}
		if from[1] == "social" {
			fields["source"] = "social"
		}
	}
	if x.door == "partner" && s.r.IntN(3) == 0 {
		fields["source"] = "exhibition"
	}
	body, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	return intake.ParseJSON(body)
}

// takes lets a person take what he is offered, and work on it.
func (s *seeding) takes(id, user int64) error {
	who, err := s.who(user)
	if err != nil {
		return err
	}
	o, err := s.app.Drums.Take(tx.WithActor(s.ctx, user), who, id)
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.Forbidden) || fault.Is(err, fault.NotFound) {
		return nil // passed on meanwhile
	}
	if err != nil {
		return fmt.Errorf("take offer %d: %w", id, err)
	}
	x := s.stories[o.Record]
	if x == nil {
		return nil
	}
	x.owner = user
	if s.team[user].head { // a head hands it to somebody of his
		x.owner = s.crew.ids[pick(s.r, []string{boxManager, boxRival, "vera"})]
		switch {
		case user == s.crew.ids["lev"]:
			x.owner = s.crew.ids["oksana"]
		case x.client.branch:
			x.owner = s.crew.ids["timur"]
		}
		if err := s.change(user, x.lead, record.Values{"responsible": x.owner}); err != nil {
			return err
		}
	}
	s.line.put(s.after(x.owner, s.minutes(3, 25)), func() error { return s.calls(x) })
	return nil
}

// calls is the first talk with the client, and what follows from it.
func (s *seeding) calls(x *leadStory) error {
	if open, err := s.open(x.lead); err != nil || !open {
		return err
	}
	if x.fate == fateSpam {
		reason := "spam"
		if strings.Contains(s.words.spam[5], "омером") && s.r.IntN(4) == 0 {
			reason = "wrong_number"
		}
		return s.change(x.owner, x.lead, record.Values{"stage": "not_ours", "lost_reason": reason})
	}
	t := s.words.talks["lead"]
	first := t.steps[0]
	if err := s.did(x.owner, first.kind, first.title, pick(s.r, first.results), "", x.lead); err != nil {
		return err
	}
	if s.r.IntN(4) == 0 {
		l := t.letters[s.r.IntN(len(t.letters))]
		if err := s.did(x.owner, "letter", l[0], "", fmt.Sprintf(l[1], x.client.name, x.wish.job.title), x.lead); err != nil {
			return err
		}
	}
	if x.fate != fateRefuse && x.fate != fateSilent {
		if err := s.change(x.owner, x.lead, record.Values{"amount": fmt.Sprint(rough(x.wish.amount))}); err != nil {
			return err
		}
	}
	switch x.fate {
	case fateRefuse:
		if err := s.plans1(x.owner, x.lead, t.steps[1], s.hours(2, 9)); err != nil {
			return err
		}
		return s.then(x, 1, 10, func() error {
			return s.change(x.owner, x.lead, record.Values{"stage": "not_ours", "lost_reason": pick(s.r, []string{"not_our_profile", "not_our_profile", "other", "duplicate"})})
		})
	case fateSilent:
		return s.silent(x)
	case fateLater:
		return s.later(x)
	case fateStuck:
		at := s.clock.Now().Add(time.Duration(10+s.r.IntN(40)) * 24 * time.Hour)
		s.line.put(at, func() error { return s.giveUp(x, "unreachable") })
		return nil
	}
	if err := s.plans1(x.owner, x.lead, t.steps[1+s.r.IntN(2)], s.hours(4, 14)); err != nil {
		return err
	}
	return s.then(x, 5, 20, func() error { return s.qualify(x) })
}

// then does something after some hours of the owner's working time, if the lead is still open.
func (s *seeding) then(x *leadStory, least, most int, do func() error) error {
	s.line.put(s.after(x.owner, s.hours(least, most)), func() error {
		if open, err := s.open(x.lead); err != nil || !open {
			return err
		}
		if err := s.done(x.lead, "lead"); err != nil {
			return err
		}
		return do()
	})
	return nil
}

// silent is a client nobody reaches: two more calls, then the lead is closed.
func (s *seeding) silent(x *leadStory) error {
	last := s.words.talks["lead"].steps[3]
	if err := s.plans1(x.owner, x.lead, last, s.hours(6, 16)); err != nil {
		return err
	}
	return s.then(x, 16, 40, func() error {
		return s.change(x.owner, x.lead, record.Values{"stage": "not_ours", "lost_reason": "unreachable"})
	})
}

// later lets a client think, with a date to come back.
func (s *seeding) later(x *leadStory) error {
	steps := s.words.talks["lead"].steps
	if err := s.plans1(x.owner, x.lead, steps[3], s.hours(16, 90)); err != nil {
		return err
	}
	if err := s.change(x.owner, x.lead, record.Values{"stage": "later"}); err != nil {
		return err
	}
	return s.then(x, 30, 120, func() error {
		if s.r.IntN(4) == 0 {
			return s.qualify(x)
		}
		return s.giveUp(x, pick(s.r, []string{"not_our_profile", "unreachable", "other"}))
	})
}

func (s *seeding) giveUp(x *leadStory, reason string) error {
	if open, err := s.open(x.lead); err != nil || !open {
		return err
	}
	if err := s.done(x.lead, "lead"); err != nil {
		return err
	}
	return s.change(x.owner, x.lead, record.Values{"stage": "not_ours", "lost_reason": reason})
}

// qualify makes a deal of a lead.
func (s *seeding) qualify(x *leadStory) error {
	if err := s.change(x.owner, x.lead, record.Values{"stage": "qualified"}); err != nil {
		return err
	}
	delete(s.stories, x.lead)
	return s.begin(&deal{client: x.client, wish: x.wish, owner: x.owner, source: s.doors[x.door].Source})
}

// comesBack is a client for whom a job was done: he wants service, or another site.
func (s *seeding) comesBack() error {
	if len(s.served) == 0 {
		return nil
	}
	before := s.served[s.r.IntN(len(s.served))]
	d := &deal{client: before.client, owner: before.owner, source: "call"}
	jobs := s.words.services
	if s.r.IntN(4) == 0 {
		jobs, d.source = s.words.kinds, "referral"
		if d.owner == s.crew.ids["oksana"] || d.owner == s.crew.ids["lev"] {
			d.owner = s.crew.ids[pick(s.r, []string{boxManager, boxRival, "vera", "ilya"})]
		}
	}
	d.wish = s.crowd.wish(jobs, d.client)
	return s.begin(d)
}

func (s *seeding) minutes(least, most int) time.Duration {
	return time.Duration(least*60+s.r.IntN((most-least)*60+1)) * time.Second
}

func (s *seeding) hours(least, most int) time.Duration { return s.minutes(least*60, most*60) }

func (s *seeding) who(user int64) (access.Who, error) {
	org, err := s.app.Org.Last(s.ctx)
	if err != nil {
		return access.Who{}, err
	}
	who, _ := org.Who(user)
	return who, nil
}
