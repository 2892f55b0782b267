package demo

import (
	"fmt"
	"math"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
	"voronka/internal/record/record"
)

// deal is a job on its way through the departments.
type deal struct {
	ref    ref.Ref
	client *client
	wish   wish
	owner  int64 // who sells it
	source string
	hops   []hop
}

// hop is one stage on the way.
type hop struct {
	lane, stage string
	user        int64
	work        time.Duration // working time spent there
	reason      string        // of losing
}

// medians are how many hours of working time a job usually lies on a stage.
var medians = map[string]float64{
	"new": 4, "need": 18, "proposal": 20, "contract": 18, "payment": 20, "postponed": 90, "queue": 3, "counting": 9, "check": 2, "question": 20,
	"order": 6, "supply": 45, "install": 60, "tests": 12, "pause": 60, "acts": 6, "signing": 22, "balance": 40, "request": 1.5, "visit": 7, "works": 6, "parts": 40, "report": 5,
}

// begin makes a deal with its company and contact and puts it on its way.
func (s *seeding) begin(d *deal) error {
	if err := s.cards(d); err != nil {
		return err
	}
	service := d.wish.job.system == "service"
	if service {
		d.owner = s.crew.ids[pick(s.r, []string{"oksana", "oksana", "lev"})]
	}
	d.way(s, service)
	first := d.hops[0]
	v := record.Values{
		"title": d.wish.title, "amount": fmt.Sprint(rough(d.wish.amount)), "source": d.source, "pipeline": first.lane, "stage": first.stage,
		"company": d.client.firm.id, "contact": d.client.contact, "system": d.wish.job.system, "site": d.wish.site, "area": d.wish.area,
	}
	if !service && s.r.IntN(6) == 0 {
		v["order_until"] = s.clock.Now().Add(time.Duration(30+s.r.IntN(60)) * 24 * time.Hour).Date(time.UTC)
	}
	id, err := s.create(d.owner, "deal", v)
	if err != nil {
		return err
	}
	s.made.Deals++
	d.ref = ref.Ref{Type: "deal", ID: id}
	return s.stay(d, 0)
}

// cards makes the company and completes the contact.
func (s *seeding) cards(d *deal) (err error) {
	f := d.client.firm
	if f.id == 0 {
		f.owner = d.owner
		v := record.Values{"title": f.name, "inn": f.inn, "address": f.address, "site": "https://" + f.domain, "emails": []any{"info@" + f.domain}}
		if f.id, err = s.create(d.owner, "company", v); err != nil {
			return err
		}
	}
	if d.client.contact == 0 {
		v := record.Values{"title": d.client.name, "phones": []any{d.client.phone}, "emails": []any{d.client.mail}, "company": f.id, "position": d.client.post}
		d.client.contact, err = s.create(d.owner, "contact", v)
		return err
	}
	return s.change(d.owner, ref.Ref{Type: "contact", ID: d.client.contact}, record.Values{"company": f.id, "position": d.client.post})
}

// way draws the stages a deal will go through.
func (d *deal) way(s *seeding, service bool) {
	add := func(lane, stage string, user int64) {
		typical := medians[stage] * float64(time.Hour)
		d.hops = append(d.hops, hop{lane: lane, stage: stage, user: user, work: time.Duration(typical * math.Exp(s.r.NormFloat64()*0.45))})
	}
	end := func(stage, reason string) {
		last := d.hops[len(d.hops)-1]
		d.hops = append(d.hops, hop{lane: last.lane, stage: stage, user: last.user, reason: reason})
	}
	box := func(boxes ...string) int64 { return s.crew.ids[pick(s.r, boxes)] }
	lost := func(of100 int, reasons ...string) bool {
		if s.r.IntN(100) >= of100 {
			return false
		}
		end("lost", pick(s.r, reasons))
		return true
	}
	if service {
		add(laneService, "request", d.owner)
		if add(laneService, "visit", d.owner); lost(9, "price", "no_need") {
			return
		}
		add(laneService, "works", box("lev", "kira"))
		if s.r.IntN(6) == 0 {
			add(laneService, "parts", d.owner)
		}
		add(laneService, "report", d.owner)
		end("won", "")
		return
	}
	if add(laneSales, "new", d.owner); lost(7, "no_need", "silent") {
		return
	}
	if !d.wish.job.supply {
		if add(laneSales, "need", d.owner); lost(12, "no_need", "no_budget", "deadline") {
			return
		}
		add(laneEstimating, "queue", s.crew.ids["dina"])
		estimator := box("egor", "polina", "stas")
		add(laneEstimating, "counting", estimator)
		if s.r.IntN(8) == 0 {
			add(laneEstimating, "question", estimator)
		}
		add(laneEstimating, "check", s.crew.ids["dina"])
	}
	if add(laneSales, "proposal", d.owner); lost(36, "price", "price", "competitor", "competitor", "silent", "no_budget", "deadline") {
		return
	}
	if s.r.IntN(9) == 0 {
		if add(laneSales, "postponed", d.owner); lost(45, "no_budget", "silent", "no_need") {
			return
		}
	}
	if add(laneSales, "contract", d.owner); lost(9, "deadline", "competitor", "price") {
		return
	}
	if add(laneSales, "payment", d.owner); lost(4, "no_budget") {
		return
	}
	add(laneProduction, "order", s.crew.ids["yana"])
	add(laneProduction, "supply", s.crew.ids["yana"])
	if !d.wish.job.supply {
		foreman := box("maksim", "kira")
		if d.client.branch {
			foreman = s.crew.ids["artem"]
		}
		if s.r.IntN(7) == 0 {
			add(laneProduction, "pause", s.crew.ids["igor"])
		}
		add(laneProduction, "install", foreman)
		add(laneProduction, "tests", s.crew.ids["kira"])
	}
	clerk := box("nadya", "liliya")
	add(lanePapers, "acts", clerk)
	add(lanePapers, "signing", clerk)
	if s.r.IntN(5) < 2 {
		add(lanePapers, "balance", clerk)
	}
	end("won", "")
}

// stay is what happens while a deal lies on a stage of its way, and when it leaves it.
func (s *seeding) stay(d *deal, at int) error {
	h := d.hops[at]
	t := s.words.talks[h.stage]
	if len(t.letters) > 0 && s.r.IntN(3) > 0 {
		l := t.letters[s.r.IntN(len(t.letters))]
		if err := s.did(h.user, "letter", l[0], "", fmt.Sprintf(l[1], d.client.name, d.wish.title), d.ref); err != nil {
			return err
		}
	}
	careless := s.team[h.user].diligence > 0 && s.r.Float64() > s.team[h.user].diligence
	if len(t.steps) > 0 && !careless {
		due := min(max(time.Duration(float64(h.work)*(0.5+s.r.Float64()*0.6)), 20*time.Minute), 60*time.Hour)
		if err := s.plans1(h.user, d.ref, t.steps[s.r.IntN(len(t.steps))], due); err != nil {
			return err
		}
	}
	s.line.put(s.after(h.user, h.work), func() error { return s.leave(d, at) })
	return nil
}

// leave ends the stay on a stage and brings the deal to the next one.
func (s *seeding) leave(d *deal, at int) error {
	h, next := d.hops[at], d.hops[at+1]
	open, err := s.open(d.ref)
	if err != nil || !open {
		return err
	}
	if err := s.done(d.ref, h.stage); err != nil {
		return err
	}
	v := record.Values{"stage": next.stage}
	if next.lane != h.lane {
		v["pipeline"] = next.lane
	}
	if next.user != h.user {
		v["responsible"] = next.user
	}
	if next.reason != "" {
		v["lost_reason"] = next.reason
	}
	if err := s.papers(d, h.stage, v); err != nil {
		return err
	}
	if next.stage == "contract" {
		v["closes_on"] = s.clock.Now().Add(time.Duration(30+s.r.IntN(60)) * 24 * time.Hour).Date(time.UTC)
		v["probability"] = 70
	}
	if err := s.change(h.user, d.ref, v); err != nil {
		return err
	}
	if at+2 == len(d.hops) { // closed
		if next.stage == "won" {
			s.served = append(s.served, d)
		}
		return nil
	}
	return s.stay(d, at+1)
}

// papers are the files a stage leaves behind, and the exact sum.
func (s *seeding) papers(d *deal, stage string, v record.Values) error {
	switch {
	case stage == "counting" || stage == "new" && d.wish.job.supply:
		amount := fmt.Sprint(d.wish.amount)
		v["amount"] = amount
		file, err := s.upload(d.hops[0].user, s.words.estimateName(d), xlsxType, estimate(s.words, d))
		if err != nil {
			return err
		}
		v["estimate"] = []any{file}
	case stage == "need" && s.r.IntN(2) == 0:
		file, err := s.upload(d.owner, s.words.planName(d), "image/png", s.floor())
		if err != nil {
			return err
		}
		v["papers"] = []any{file}
	}
	return nil
}

// moment is an instant rounded to a quarter of an hour, as people plan.
func quarter(at clock.Instant) clock.Instant {
	const step = 15 * 60 * 1000
	return (at + step/2) / step * step
}
