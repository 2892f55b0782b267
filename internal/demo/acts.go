package demo

import (
	"bytes"
	"fmt"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
)

// planned is the next step of a record.
type planned struct {
	id      int64
	user    int64
	results []string
}

// plans1 plans a next step for a person after some of his working time. What was planned before is done.
func (s *seeding) plans1(user int64, about ref.Ref, what step, after time.Duration) error {
	zone := s.zoneOf(user)
	due := quarter(s.after(user, after))
	if hour := due.In(zone).Hour(); due.Date(zone) != s.now.Date(zone) || hour < opens || hour >= closes {
		due = office(due, zone) // the last day is open, whatever day of the week it is
	}
	id, err := s.create(user, "activity", record.Values{"title": what.title, "kind": what.kind, "about": []any{about}, "due_at": due})
	if err != nil {
		return err
	}
	s.made.Activities++
	s.steps[about] = planned{id: id, user: user, results: what.results}
	late := s.minutes(3, 70)
	if m := s.team[user]; m.diligence > 0 && s.r.Float64() > m.diligence {
		late = s.hours(3, 9)
	}
	s.line.put(s.afterThen(user, due, late), func() error { return s.keeps(about, id, what) })
	return nil
}

// keeps lets a person do what he has planned and not done yet when its time has come; of what is still open there is a next
// time then.
func (s *seeding) keeps(about ref.Ref, id int64, what step) error {
	p := s.steps[about]
	if p.id != id {
		return nil
	}
	if err := s.done(about, ""); err != nil {
		return err
	}
	if open, err := s.open(about); err != nil || !open {
		return err
	}
	return s.plans1(p.user, about, what, s.hours(6, 24))
}

// repeated remembers what a request of a client whose record is open has planned for the person of it: he answers a while
// later, at the latest when the record is closed.
func (s *seeding) repeated(about ref.Ref) error {
	p := planned{results: s.words.answers}
	err := s.app.DB.ReadLoose(s.ctx, func(q db.Q) error {
		_, err := db.One(q, "SELECT id, responsible_id FROM r_activity ORDER BY id DESC LIMIT 1", nil, func(r db.Row) error {
			p.id, p.user = r.Int64(0), r.Int64(1)
			return nil
		})
		return err
	})
	if err != nil {
		return err
	}
	s.asked[about] = append(s.asked[about], p)
	s.line.put(s.after(p.user, s.minutes(8, 100)), func() error { return s.answers(about) })
	return nil
}

// answers does what repeated requests about a record have planned.
func (s *seeding) answers(about ref.Ref) error {
	list := s.asked[about]
	delete(s.asked, about)
	for _, p := range list {
		if err := s.ends(p); err != nil {
			return err
		}
	}
	return nil
}

// zoneOf is by whose clock a person plans.
func (s *seeding) zoneOf(user int64) *time.Location {
	org, err := s.app.Org.Last(s.ctx)
	if err != nil {
		return moscow
	}
	return org.ScheduleOf(user).Zone
}

// When an office day begins and ends.
const opens, closes = 9, 18

// office brings a moment people plan for to a quarter of an hour of an office day: what falls into the night or a weekend is
// for the next morning.
func office(at clock.Instant, zone *time.Location) clock.Instant {
	t := quarter(at).In(zone)
	if t.Hour() >= closes || t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		t = time.Date(t.Year(), t.Month(), t.Day()+1, opens+t.Minute()%3, t.Minute(), 0, 0, zone)
	}
	for t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		t = t.AddDate(0, 0, 1)
	}
	if t.Hour() < opens {
		t = time.Date(t.Year(), t.Month(), t.Day(), opens+t.Minute()%3, t.Minute(), 0, 0, zone)
	}
	return clock.Of(t)
}

// done ends what is planned about a record, with a result.
func (s *seeding) done(about ref.Ref, _ string) error {
	if err := s.answers(about); err != nil {
		return err
	}
	p, ok := s.steps[about]
	if !ok {
		return nil
	}
	delete(s.steps, about)
	return s.ends(p)
}

// ends completes something planned.
func (s *seeding) ends(p planned) error {
	return s.change(p.user, ref.Ref{Type: "activity", ID: p.id}, record.Values{"done_at": s.clock.Now(), "result": pick(s.r, p.results)})
}

// did is something that was done without having been planned.
func (s *seeding) did(user int64, kind, title, result, text string, about ref.Ref) error {
	v := record.Values{"title": title, "kind": kind, "about": []any{about}, "done_at": s.clock.Now()}
	if result != "" {
		v["result"] = result
	}
	if text != "" {
		v["text"] = text
	}
	_, err := s.create(user, "activity", v)
	s.made.Activities++
	return err
}

// create makes a record of a person's. He may link cards of colleagues: a client can have been theirs before.
func (s *seeding) create(user int64, typ string, v record.Values) (id int64, err error) {
	v["responsible"] = user
	err = s.app.Tx.Do(tx.WithActor(s.ctx, user), func(t tx.Tx) error {
		id, err = s.app.Records.Create(t, access.System(), typ, v)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("make a %s: %w", typ, err)
	}
	return id, nil
}

// change is made by a person who works on the record.
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

// open tells whether a record is still being worked on.
func (s *seeding) open(r ref.Ref) (open bool, err error) {
	err = s.app.Tx.Do(s.ctx, func(t tx.Tx) error {
		state, err := s.app.Records.Load(t, access.System(), r)
		open = err == nil && state.ClosedAt == 0
		return err
	})
	return open, err
}

// upload keeps a file for a person.
func (s *seeding) upload(user int64, name, kind string, content []byte) (int64, error) {
	who, err := s.who(user)
	if err != nil {
		return 0, err
	}
	f, err := s.app.Files.Upload(tx.WithActor(s.ctx, user), who, name, kind, bytes.NewReader(content))
	s.made.Files++
	return f.ID, err
}
