package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/app"
	"voronka/internal/config"
	"voronka/internal/flow/pipeline"
	"voronka/internal/flow/stage"
	"voronka/internal/insight/figures"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/user"
	"voronka/internal/record/schema"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
	"voronka/internal/sales/routing"
)

// SeedOptions say how the demo portal shall be.
type SeedOptions struct {
	Lang     string    // ru or en
	Seed     uint64    // the same portal for the same number and moment
	Now      time.Time // when its history ends
	Requests int       // how many come in the whole history; 0: 3,000. Deals follow in proportion.
	// Progress is told now and then how much of the history is played, from 0 to 1; nil for nobody.
	Progress func(part float64)
}

// Login is a person of the demo portal.
type Login struct {
	Name       string `json:"name"`
	Email      string `json:"email"`
	Role       string `json:"role"`
	Position   string `json:"position"`
	Department string `json:"department,omitempty"`
}

// Portal is what Seed has made.
type Portal struct {
	Logins     []Login `json:"logins"`
	Password   string  `json:"password"` // of everybody
	Form       string  `json:"form"`     // address of the hosted form: /f/{Form}
	Requests   int     `json:"requests"`
	Leads      int     `json:"leads"`
	Deals      int     `json:"deals"`
	Activities int     `json:"activities"`
	Files      int     `json:"files"`
	Seconds    float64 `json:"seconds"`        // it took
	Dirt       *Dirt   `json:"dirt,omitempty"` // of a set of data
}

// How long the dealer's history is and how much is in it.
const (
	historyMonths = 14
	allRequests   = 3000
	lastMinutes   = 25 // requests of this time are still undecided
)

// Seed fills the empty database of the settings with the portal of a fire-protection dealer: five departments, twenty-four
// people in two zones, six pipelines, fourteen months of requests, deals, calls, letters, files and misses that end now,
// with some offers still running. Time is played: whatever would have come due in it has come due. The program is put
// together and closed again: afterwards it is started as usual.
func Seed(ctx context.Context, c config.Config, o SeedOptions) (Portal, error) {
	began := time.Now()
	if o.Requests <= 0 {
		o.Requests = allRequests
	}
	start := o.Now.AddDate(0, -historyMonths, 0)
	s := &seeding{
		player: newPlayer(ctx, newRand(o.Seed), start), o: o, words: tongueOf(o.Lang), start: clock.Of(start), now: clock.Of(o.Now),
		stories: map[ref.Ref]*leadStory{}, steps: map[ref.Ref]planned{}, asked: map[ref.Ref][]planned{},
	}
	s.crowd = &crowd{r: s.r, words: s.words, firms: map[string]bool{}}
	var err error
	if s.app, err = app.New(ctx, c, app.WithClock(s.clock), app.WithoutDiskWaits(), app.WithLog(quietLog())); err != nil {
		return Portal{}, err
	}
	defer s.app.Close()
	if err := s.setUp(); err != nil {
		return Portal{}, fmt.Errorf("set up the demo: %w", err)
	}
	s.plan()
	if err := s.play(); err != nil {
		return Portal{}, err
	}
	if err := s.finish(); err != nil {
		return Portal{}, err
	}
	if o.Progress != nil {
		o.Progress(1)
	}
	p := s.made
	p.Password, p.Form, p.Seconds = Password, s.doors["site"].Key, float64(time.Since(began).Milliseconds())/1000
	for _, one := range s.crew.company.people {
		p.Logins = append(p.Logins, Login{one.name, one.box + "@demo.local", string(one.role), one.position, one.department})
	}
	return p, nil
}

// seeding is one run of Seed.
type seeding struct {
	player
	o       SeedOptions
	words   *tongue
	crowd   *crowd
	start   clock.Instant
	now     clock.Instant
	crew    *crew
	admin   access.Who
	doors   map[string]*intake.Key
	drums   [3]int64
	stories map[ref.Ref]*leadStory // by lead
	steps   map[ref.Ref]planned    // what is planned about a record
	asked   map[ref.Ref][]planned  // what repeated requests have planned about it
	served  []*deal                // finished jobs whose clients come back
	clients []*client
	plans   [][]byte // pictures of floors
	made    Portal
}

// finish says of the portal what it is.
func (s *seeding) finish() error {
	id := s.crew.ids
	return mark(s.ctx, s.app, Mark{
		Lang: s.words.lang, Seed: s.o.Seed, Rival: id[boxRival],
		Personas: map[string]int64{"owner": id[boxOwner], "head": id[boxHead], "manager": id[boxManager]},
	})
}

// setUp makes company, people, pipelines, fields, drums and doors.
func (s *seeding) setUp() (err error) {
	dealer := s.words.dealer()
	if dealer.hours, err = s.words.hours(s.o.Now); err != nil {
		return err
	}
	if s.crew, err = hire(s.ctx, s.app, dealer); err != nil {
		return err
	}
	s.team = s.crew.managers()
	if s.admin, err = s.crew.who(s.ctx, s.app, boxOwner); err != nil {
		return err
	}
	position := s.words.people[boxOwner][1]
	if _, err := s.app.Users.Change(tx.WithActor(s.ctx, s.admin.UserID), s.admin, s.admin.UserID, user.Patch{Position: &position}); err != nil {
		return err
	}
	for _, part := range []func() error{s.lanes, s.fields, s.makeRoles, s.makeDrums, s.openDoors, s.payForLeads} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// lanes brings the pipelines into shape.
func (s *seeding) lanes() error {
	for _, l := range lanes {
		c, err := s.app.FlowDB.Fresh(s.ctx)
		if err != nil {
			return err
		}
		var there *schema.Pipeline
		for _, p := range c.Pipelines(l.recordType) {
			if p.Code == l.code {
				there = p
			}
		}
		if there != nil {
			err = s.shape(there, l)
		} else {
			err = s.newLane(l)
		}
		if err != nil {
			return fmt.Errorf("pipeline %s: %w", l.code, err)
		}
	}
	return nil
}

func (s *seeding) newLane(l lane) error {
	draft := pipeline.Draft{Type: l.recordType, Code: l.code, Titles: pipeline.Titles{RU: l.ru, EN: l.en}}
	for _, b := range l.bays {
		draft.Stages = append(draft.Stages, b.draft(s.words.lang))
	}
	_, err := s.app.Pipelines.Create(s.ctx, s.admin, draft)
	return err
}

// shape gives a pipeline every portal has the dealer's stages.
func (s *seeding) shape(p *schema.Pipeline, l lane) error {
	for i, b := range l.bays {
		d := b.draft(s.words.lang)
		at := -1
		for j, there := range p.Stages {
			if there.Code == b.code {
				at = j
			}
		}
		if at < 0 {
			before := int64(0)
			if i+1 < len(l.bays) {
				for _, there := range p.Stages {
					if there.Code == l.bays[i+1].code {
						before = there.ID
					}
				}
			}
			if _, err := s.app.Stages.Create(s.ctx, s.admin, p.ID, d, before); err != nil {
				return err
			}
			continue
		}
		patch := stage.Patch{
			TitleRU: &d.Titles.RU, TitleEN: &d.Titles.EN, Goal: &d.Goal, BusinessRole: &d.BusinessRole, Task: &d.Task, Product: &d.Product,
			Instruction: &d.Instruction, LimitSeconds: &d.LimitSeconds,
		}
		if err := s.app.Stages.Change(s.ctx, s.admin, p.Stages[at].ID, patch); err != nil {
			return err
		}
	}
	return nil
}

// fields adds what the dealer wants to know of a deal.
func (s *seeding) fields() error {
	title := func(code string) schema.Titles {
		return schema.Titles{RU: russian.fields[code], EN: english.fields[code]}
	}
	systems := schema.FieldSpec{Code: "system", Kind: schema.List, Title: title("system")}
	for i, j := range append(russian.kinds[:len(russian.kinds):len(russian.kinds)], russian.services[0]) {
		en := append(english.kinds[:len(english.kinds):len(english.kinds)], english.services[0])[i]
		systems.Values = append(systems.Values, schema.ValueSpec{Code: j.system, Title: schema.Titles{RU: j.title, EN: en.title}, Color: int64(i%9 + 1)})
	}
	for _, f := range []schema.FieldSpec{
		systems,
		{Code: "site", Kind: schema.Address, Title: title("site")},
		{Code: "area", Kind: schema.Integer, Title: title("area")},
		{Code: "order_until", Kind: schema.Date, Title: title("order_until")},
		{Code: "estimate", Kind: schema.File, Title: title("estimate")},
		{Code: "papers", Kind: schema.File, Title: title("papers")},
	} {
		if err := s.app.Types.AddField(s.ctx, s.admin, "deal", f); err != nil {
			return fmt.Errorf("field %s: %w", f.Code, err)
		}
	}
	return nil
}

// makeDrums makes a drum for each office and the service, and the rules that choose between them.
func (s *seeding) makeDrums() error {
	take, misses := 30*time.Minute, 3
	for i := range s.drums {
		head := s.crew.ids[[]string{boxHead, boxHead, "lev"}[i]]
		var members []drum.Member
		for _, m := range staff {
			if m.drum == i+1 {
				members = append(members, drum.Member{UserID: s.crew.ids[m.box], Active: true})
			}
		}
		id, err := s.app.Drums.Create(s.ctx, s.admin, drum.Patch{Title: &s.words.drums[i], Take: &take, HeadID: &head, MissesToHead: &misses, Members: &members})
		if err != nil {
			return err
		}
		s.drums[i] = id
	}
	for i, to := range []int64{s.drums[2], s.drums[1]} {
		rule := s.words.rules[i]
		when, err := json.Marshal(rule[1])
		if err != nil {
			return err
		}
		target := routing.Target{Kind: routing.ToDrum, ID: to}
		if _, err := s.app.Routing.Create(s.ctx, s.admin, routing.Patch{Title: &rule[0], When: when, Target: &target}); err != nil {
			return fmt.Errorf("rule %s: %w", rule[0], err)
		}
	}
	return nil
}

// openDoors makes the ways requests come in.
func (s *seeding) openDoors() error {
	s.doors = map[string]*intake.Key{}
	for _, d := range []struct {
		code, channel, source string
		drum                  int
	}{{"site", "form", "site", 0}, {"ural", "form", "site", 1}, {"phone", "call", "ads", 0}, {"mail", "email", "email", 0}, {"partner", "api", "partner", 0}} {
		title := s.words.doors[d.code]
		k, err := s.app.Intake.CreateKey(s.ctx, s.admin, intake.KeyPatch{
			Code: &d.code, Title: &title, Channel: &d.channel, Source: &d.source, DrumID: &s.drums[d.drum], Lang: &s.words.lang,
		})
		if err != nil {
			return err
		}
		s.doors[d.code] = k
	}
	return nil
}

// payForLeads says what a lead of each source costs the company, in kopecks: misses have a price.
func (s *seeding) payForLeads() error {
	prices := map[string]int64{"site": 1_200_00, "ads": 2_800_00, "email": 600_00, "partner": 900_00}
	return (&figures.Service{Tx: s.app.Tx, Store: s.app.Figures}).SetPrices(s.ctx, s.admin, prices)
}

// play does everything planned, and whatever comes due on the way, at its moment.
func (s *seeding) play() error {
	told := time.Now()
	for {
		at := s.now
		if len(s.line.acts) > 0 {
			at = min(at, s.line.acts[0].at)
		}
		if ran, err := s.due(at); err != nil {
			return err
		} else if ran { // who was offered something by it may act before what is next
			continue
		}
		if at >= s.now {
			s.clock.Set(s.now)
			return nil
		}
		if err := s.line.play(s.clock, at); err != nil {
			return err
		}
		if s.o.Progress != nil && time.Since(told) > 100*time.Millisecond {
			told = time.Now()
			s.o.Progress(float64(at-s.start) / float64(s.now-s.start))
		}
	}
}

// due runs the jobs that come due first, if that is before a moment, at their own time.
func (s *seeding) due(until clock.Instant) (ran bool, err error) {
	var next clock.Instant
	found := false
	err = s.app.DB.ReadLoose(s.ctx, func(q db.Q) (err error) {
		found, err = db.One(q, "SELECT due_at FROM job WHERE state = 'waiting' ORDER BY due_at, id LIMIT 1", nil, func(r db.Row) error {
			next = clock.Instant(r.Int64(0))
			return nil
		})
		return err
	})
	if err != nil || !found || next > until {
		return false, err
	}
	s.clock.Set(max(next, s.clock.Now()))
	if _, err := s.app.Jobs.RunDue(s.ctx); err != nil {
		return false, err
	}
	return true, s.look()
}

// look lets those who have been offered something make up their minds.
func (s *seeding) look() error {
	var fresh []drum.Offer
	err := s.app.DB.ReadLoose(s.ctx, func(q db.Q) error {
		fresh = nil
		return q.Query("SELECT id, user_id, offered_at, due_at FROM offer WHERE id > ? ORDER BY id", []any{s.seen}, func(r db.Row) error {
			fresh = append(fresh, drum.Offer{ID: r.Int64(0), UserID: r.Int64(1), OfferedAt: clock.Instant(r.Int64(2)), DueAt: clock.Instant(r.Int64(3))})
			return nil
		})
	})
	for i := range fresh {
		s.seen = fresh[i].ID
		s.consider(&fresh[i])
	}
	return err
}

// consider lets a person decide about an offer: he takes it after some of his working time, or lets it pass.
func (s *seeding) consider(o *drum.Offer) {
	m, ok := s.team[o.UserID]
	if !ok || o.UserID == 0 || s.now.Sub(o.OfferedAt) < lastMinutes*time.Minute {
		return
	}
	after, takes := m.typically(s.r)
	at := s.after(o.UserID, after)
	if !takes && o.DueAt != 0 || at >= s.now {
		return
	}
	id, user := o.ID, o.UserID
	s.line.put(at, func() error { return s.takes(id, user) })
}

// after is the moment when a person has worked for some time from now on.
func (s *seeding) after(user int64, work time.Duration) clock.Instant {
	return s.afterThen(user, s.clock.Now(), work)
}

// afterThen is the moment when a person has worked for some time from a moment on.
func (s *seeding) afterThen(user int64, from clock.Instant, work time.Duration) clock.Instant {
	org, err := s.app.Org.Last(s.ctx)
	if err != nil {
		return from.Add(work)
	}
	at, ok := org.ScheduleOf(user).Add(from, max(work, time.Minute))
	if !ok {
		return from.Add(work)
	}
	return at
}
