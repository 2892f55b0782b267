package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"voronka/internal/app"
	"voronka/internal/config"
	"voronka/internal/flow/pipeline"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
)

// SeedOptions say how the demo portal shall be.
type SeedOptions struct {
	Lang string    // ru or en
	Seed uint64    // the same portal for the same number and moment
	Now  time.Time // when its history ends
}

// Login is a person of the demo portal.
type Login struct {
	Name     string `json:"name"`
	Email    string `json:"email"`
	Role     string `json:"role"`
	Position string `json:"position"`
}

// Portal is what Seed has made.
type Portal struct {
	Logins   []Login `json:"logins"`
	Password string  `json:"password"` // of everybody
	Form     string  `json:"form"`     // address of the hosted form: /f/{Form}
	Leads    int     `json:"leads"`
	Deals    int     `json:"deals"`
}

// days is how long the history of the demo portal is.
const days = 21

// Seed fills the empty database of the settings with the portal of a fire-protection dealer: five departments, twelve
// people, three weeks of requests, deals, calls and misses that end now, with some offers still running. The program is
// put together and closed again: afterwards it is started as usual.
func Seed(ctx context.Context, c config.Config, o SeedOptions) (Portal, error) {
	start := o.Now.Add(-days * 24 * time.Hour)
	s := &seeding{player: newPlayer(because(ctx), newRand(o.Seed), start), words: wordsOf(o.Lang), lang: o.Lang, now: clock.Of(o.Now), firms: map[int64][]int64{}}
	var err error
	if s.app, err = app.New(ctx, c, app.WithClock(s.clock), app.WithoutDiskWaits()); err != nil {
		return Portal{}, err
	}
	defer s.app.Close()
	if err := s.setUp(); err != nil {
		return Portal{}, err
	}
	s.plan()
	if err := s.line.play(s.clock, s.now); err != nil {
		return Portal{}, err
	}
	p := Portal{Password: Password, Form: s.key.Key, Leads: s.leads, Deals: s.deals}
	for _, one := range s.crew.company.people {
		p.Logins = append(p.Logins, Login{one.name, one.box + "@demo.local", string(one.role), one.position})
	}
	return p, nil
}

// seeding is one run of Seed.
type seeding struct {
	player
	words        *words
	lang         string
	now          clock.Instant
	crew         *crew
	key          *intake.Key
	firms        map[int64][]int64 // companies by the manager who found them
	named        int               // how many names of companies are used
	leads, deals int
}

// setUp makes company, people, the second pipeline, the stages' goals, the drum and its door.
func (s *seeding) setUp() (err error) {
	if s.crew, err = hire(s.ctx, s.app, s.words.dealer(s.lang)); err != nil {
		return err
	}
	s.team, s.taken = s.crew.managers(), s.worked
	admin, err := s.crew.who(s.ctx, s.app, "oleg")
	if err != nil {
		return err
	}
	c, err := s.app.FlowDB.Fresh(s.ctx)
	if err != nil {
		return err
	}
	for _, recordType := range []string{"lead", "deal"} {
		for _, stage := range c.Pipelines(recordType)[0].Stages {
			if patch, ok := s.words.patch(recordType, stage.Code); ok {
				if err := s.app.Stages.Change(s.ctx, admin, stage.ID, patch); err != nil {
					return err
				}
			}
		}
	}
	draft := pipeline.Draft{Type: "deal", Code: "large", Titles: pipeline.Titles{RU: russian.estimating, EN: english.estimating}, Stages: s.words.estimatingStages}
	if _, err := s.app.Pipelines.Create(s.ctx, admin, draft); err != nil {
		return err
	}
	if s.key, err = s.crew.door(s.ctx, s.app, s.words.drum, 30*time.Minute); err != nil {
		return err
	}
	s.key, err = s.app.Intake.ChangeKey(s.ctx, admin, s.key.ID, intake.KeyPatch{Title: &s.words.form, Lang: &s.lang})
	return err
}

// plan puts three weeks on the line: requests every working day, deals that were there before, and the last half-hour.
func (s *seeding) plan() {
	start := s.clock.Now()
	for i := range 115 {
		at := s.working(start.Add(time.Duration(s.r.Int64N(int64(days*24-2))) * time.Hour))
		s.line.put(at, func() error { return s.request(i) })
	}
	for i := range 130 {
		at := s.working(start.Add(time.Duration(s.r.Int64N(int64(days*24-4))) * time.Hour))
		s.line.put(at, func() error { return s.oldDeal(i) })
	}
	for at := start; at < s.now; at = at.Add(time.Hour) { // what comes due
		s.line.put(at, func() error { _, err := s.app.Jobs.RunDue(s.ctx); return err })
	}
	for i := range 5 {
		at := s.now.Add(-time.Duration(2+4*i) * time.Minute)
		s.line.put(at, func() error { return s.last(200 + i) })
	}
}

// working is a moment of the same day, or the working day after, between nine and seven.
func (s *seeding) working(at clock.Instant) clock.Instant {
	t := at.In(moscow)
	for t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		t = t.AddDate(0, 0, 1)
	}
	t = time.Date(t.Year(), t.Month(), t.Day(), 9+s.r.IntN(10), s.r.IntN(60), s.r.IntN(60), 0, moscow)
	if moment := clock.Of(t); moment < s.now.Add(-time.Hour) {
		return moment
	}
	return s.now.Add(-time.Duration(60+s.r.IntN(300)) * time.Minute)
}

func (s *seeding) payload(n int) (*intake.Payload, error) {
	who := newPerson(s.r, n, s.lang)
	fields := map[string]any{"name": who.name, "phone": who.phone(n), "comment": pick(s.r, s.words.needs), "source": pick(s.r, []string{"site", "site", "ads", "referral", "email"})}
	if mail := who.mail(0); mail != "" {
		fields["email"] = mail
	}
	if s.r.IntN(3) == 0 {
		fields["company"] = s.firmName()
	}
	body, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	return intake.ParseJSON(body)
}

// request is one from the site; every tenth comes from somebody who has asked before.
func (s *seeding) request(n int) error {
	if n%10 == 9 {
		n--
	}
	p, err := s.payload(n)
	if err != nil {
		return err
	}
	a, err := s.ask(s.key, p)
	if err == nil && !a.Repeat {
		s.leads++
	}
	return err
}

// last is a request of the last minutes: nobody has decided about it yet.
func (s *seeding) last(n int) error {
	p, err := s.payload(n)
	if err != nil {
		return err
	}
	s.leads++
	a, err := s.app.Intake.Accept(s.ctx, intake.Incoming{Key: s.key.Key, Payload: p})
	if a.Offer != nil {
		s.seen = max(s.seen, a.Offer.ID)
	}
	return err
}

// worked lets a manager call the client of a lead he has taken and decide some days later what it is.
func (s *seeding) worked(o *drum.Offer) {
	user, lead := o.UserID, o.Record
	s.line.put(s.clock.Now().Add(time.Duration(5+s.r.IntN(60))*time.Minute), func() error { return s.activity(user, lead, true) })
	fate := s.r.Float64()
	s.line.put(s.clock.Now().Add(time.Duration(4+s.r.IntN(90))*time.Hour), func() error {
		switch {
		case fate < 0.25:
			return s.change(user, lead, record.Values{"stage": "not_ours", "lost_reason": pick(s.r, []string{"spam", "not_our_profile", "unreachable"})})
		case fate < 0.45:
			return s.qualify(user, lead)
		}
		return s.activity(user, lead, false)
	})
}

// qualify makes a deal of a lead.
func (s *seeding) qualify(user int64, lead ref.Ref) error {
	var state *record.State
	var c *schema.Catalog
	err := s.app.Tx.Do(s.ctx, func(t tx.Tx) (err error) {
		if c, err = s.app.Records.Catalog(t); err == nil {
			state, err = s.app.Records.Load(t, access.System(), lead)
		}
		return err
	})
	if err != nil {
		return err
	}
	v := record.Values{"title": s.dealTitle(), "amount": s.amount(), "source": "site"}
	if contact := state.Get(c.Type("lead").Field("contact")); contact.Set {
		v["contact"] = contact.Int
	}
	if err := s.deal(user, v); err != nil {
		return err
	}
	return s.change(user, lead, record.Values{"stage": "qualified"})
}

// oldDeal is a deal with a company and a person of it.
func (s *seeding) oldDeal(n int) error {
	user := s.crew.ids[pick(s.r, []string{"anna", "anna", "boris", "vera", "vera", "gleb", "pavel"})]
	firm, err := s.firm(user)
	if err != nil {
		return err
	}
	who := newPerson(s.r, 1000+n, s.lang)
	v := record.Values{"title": who.name, "phones": []any{who.phone(4)}, "company": firm, "position": pick(s.r, s.words.jobs)}
	if who.email != "" {
		v["emails"] = []any{who.email}
	}
	contact, err := s.create(user, "contact", v)
	if err != nil {
		return err
	}
	deal := record.Values{"title": s.dealTitle(), "amount": s.amount(), "company": firm, "contact": contact, "source": pick(s.r, []string{"site", "call", "referral", "ads", "partner"})}
	if n%9 == 0 {
		deal["pipeline"] = "large"
	}
	return s.deal(user, deal)
}

// deal makes a deal and puts its way through the stages on the line.
func (s *seeding) deal(user int64, v record.Values) error {
	id, err := s.create(user, "deal", v)
	if err != nil {
		return err
	}
	s.deals++
	r := ref.Ref{Type: "deal", ID: id}
	way := []string{"need", "proposal", "contract", "payment", "won"}
	if v["pipeline"] == "large" {
		way = []string{"tender", "waiting", "won"}
	}
	at := s.clock.Now()
	for _, stage := range way[:s.r.IntN(len(way)+1)] {
		at = at.Add(time.Duration(6+s.r.IntN(60)) * time.Hour)
		s.line.put(s.working(at), func() error { return s.step(user, r, stage) })
	}
	if s.r.IntN(5) > 0 {
		s.line.put(at.Add(time.Hour), func() error { return s.activity(user, r, false) })
	}
	if s.r.IntN(7) == 0 {
		s.line.put(at.Add(30*time.Hour), func() error { return s.lose(user, r) })
	}
	return nil
}

// step moves a deal on, unless it is closed already.
func (s *seeding) step(user int64, r ref.Ref, stage string) error {
	open, err := s.open(r)
	if err != nil || !open {
		return err
	}
	return s.change(user, r, record.Values{"stage": stage})
}

func (s *seeding) lose(user int64, r ref.Ref) error {
	open, err := s.open(r)
	if err != nil || !open {
		return err
	}
	return s.change(user, r, record.Values{"stage": "lost", "lost_reason": pick(s.r, []string{"price", "competitor", "no_need", "silent"})})
}

func (s *seeding) open(r ref.Ref) (open bool, err error) {
	err = s.app.Tx.Do(s.ctx, func(t tx.Tx) error {
		state, err := s.app.Records.Load(t, access.System(), r)
		open = err == nil && state.ClosedAt == 0
		return err
	})
	return open, err
}

// activity is a call that was made, or something planned: most of it for the next days, some of it late.
func (s *seeding) activity(user int64, about ref.Ref, done bool) error {
	v := record.Values{"title": pick(s.r, s.words.tasks), "kind": pick(s.r, []string{"call", "call", "meeting", "letter", "todo"}), "about": []any{about}}
	if done {
		v["kind"], v["done_at"], v["result"] = "call", s.clock.Now(), pick(s.r, s.words.results)
	} else {
		v["due_at"] = s.working(s.now.Add(-30 * time.Hour)).Add(time.Duration(s.r.IntN(120)) * time.Hour)
	}
	_, err := s.create(user, "activity", v)
	return err
}

func (s *seeding) create(user int64, typ string, v record.Values) (id int64, err error) {
	org, err := s.app.Org.Last(s.ctx)
	if err != nil {
		return 0, err
	}
	who, _ := org.Who(user)
	v["responsible"] = user
	err = s.app.Tx.Do(tx.WithActor(s.ctx, user), func(t tx.Tx) error {
		id, err = s.app.Records.Create(t, who, typ, v)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("make a %s: %w", typ, err)
	}
	return id, nil
}

// change is made by whoever answers for the record now.
func (s *seeding) change(user int64, r ref.Ref, v record.Values) error {
	err := s.app.Tx.Do(tx.WithActor(s.ctx, user), func(t tx.Tx) error {
		_, err := s.app.Records.Update(t, access.System(), r, v, 0)
		return err
	})
	if err != nil {
		return fmt.Errorf("change %s: %w", r, err)
	}
	return nil
}

// firm is a company of a manager: a new one while there are names, then one of those he has.
func (s *seeding) firm(user int64) (int64, error) {
	if own := s.firms[user]; len(own) > 0 && (s.named >= len(s.words.firms) || s.r.IntN(4) == 0) {
		return pick(s.r, own), nil
	}
	name := fmt.Sprintf(s.words.firm, s.words.firms[s.named%len(s.words.firms)])
	s.named++
	id, err := s.create(user, "company", record.Values{"title": name, "inn": fmt.Sprintf("78%08d", 10_000_000+s.r.IntN(80_000_000))})
	s.firms[user] = append(s.firms[user], id)
	return id, err
}

func (s *seeding) firmName() string { return fmt.Sprintf(s.words.firm, pick(s.r, s.words.firms)) }

func (s *seeding) dealTitle() string {
	return pick(s.r, s.words.works) + ", " + pick(s.r, s.words.objects)
}

// amount is between a few tens of thousands and some millions, in round figures.
func (s *seeding) amount() string {
	thousands := 40 * math.Exp(s.r.Float64()*4.2)
	return fmt.Sprintf("%d000", int64(thousands))
}
