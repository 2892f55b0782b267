package demo

import (
	"bytes"
	"fmt"
	"time"

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
	if today := s.now.In(zone); due.Date(zone) != today.Format(time.DateOnly) || due.In(zone).Hour() >= max(19, today.Hour()+3) {
		due = office(due, zone) // the last day is open, whatever day it is
	}
	id, err := s.create(user, "activity", record.Values{"title": what.title, "kind": what.kind, "about": []any{about}, "due_at": due})
	if err != nil {
		return err
	}
	s.made.Activities++
	s.steps[about] = planned{id: id, user: user, results: what.results}
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

// office brings a moment people plan for to a quarter of an hour of an office day: what falls into the night or a weekend is
// for the next morning.
func office(at clock.Instant, zone *time.Location) clock.Instant {
	t := quarter(at).In(zone)
	if t.Hour() >= 18 || t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		t = time.Date(t.Year(), t.Month(), t.Day()+1, 9+t.Minute()%3, t.Minute(), 0, 0, zone)
	}
	for t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		t = t.AddDate(0, 0, 1)
	}
	if t.Hour() < 9 {
		t = time.Date(t.Year(), t.Month(), t.Day(), 9+t.Minute()%3, t.Minute(), 0, 0, zone)
	}
	return clock.Of(t)
}

// done ends what is planned about a record, with a result.
func (s *seeding) done(about ref.Ref, _ string) error {
	p, ok := s.steps[about]
	if !ok {
		return nil
	}
	delete(s.steps, about)
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
