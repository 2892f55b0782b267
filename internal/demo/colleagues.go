package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
	"voronka/internal/sales/intake"
)

// How fast the demo lives: about what a busy office does.
const (
	newRequestEvery = 100 * time.Second
	workEvery       = 25 * time.Second
	rivalTakes      = 8 * time.Second
)

// colleagues go on working while somebody looks at the demo: they take what they are offered, do what is planned, move
// deals, and now and then a request comes. Whoever is looked as does nothing by himself.
type colleagues struct {
	*Stage
	r        *rand.Rand
	deciding map[int64]time.Time // by offer: when it will be taken; zero: it will be missed
	request  time.Time
	work     time.Time
	n        int
}

func newColleagues(s *Stage) *colleagues {
	now := time.Now()
	return &colleagues{Stage: s, r: newRand(s.mark.Seed + 77), deciding: map[int64]time.Time{}, request: now.Add(20 * time.Second), work: now.Add(8 * time.Second), n: 9500 + int(now.Unix()/60)%2000}
}

// beat is one second of the office. A quiet one only answers in the game.
func (c *colleagues) beat(ctx context.Context, quiet bool) error {
	if err := c.offers(ctx, quiet); err != nil || quiet {
		return err
	}
	now := time.Now()
	if now.After(c.request) {
		c.request = now.Add(time.Duration(float64(newRequestEvery) * (0.5 + c.r.Float64())))
		if err := c.comes(ctx); err != nil {
			return err
		}
	}
	if now.After(c.work) {
		c.work = now.Add(time.Duration(float64(workEvery) * (0.5 + c.r.Float64())))
		return c.acts(ctx)
	}
	return nil
}

// offers lets those who have been offered something take it after a while.
func (c *colleagues) offers(ctx context.Context, quiet bool) error {
	type open struct {
		id, user int64
		code     string
		due      clock.Instant
	}
	var list []open
	err := c.app.DB.ReadLoose(ctx, func(q db.Q) error {
		list = nil
		return q.Query(`SELECT o.id, o.user_id, d.code, o.due_at FROM offer o JOIN drum d ON d.id = o.drum_id WHERE o.decided_at = 0 AND o.user_id > 0 ORDER BY o.id LIMIT 200`, nil,
			func(r db.Row) error {
				list = append(list, open{id: r.Int64(0), user: r.Int64(1), code: r.Text(2), due: clock.Instant(r.Int64(3))})
				return nil
			})
	})
	if err != nil {
		return err
	}
	for _, o := range list {
		if quiet && o.code != gameDrum || c.looked(o.user) || o.code == gameDrum && o.user == c.mark.Personas["manager"] {
			continue
		}
		at, known := c.deciding[o.id]
		if !known {
			at = time.Now().Add(time.Duration(float64(90*time.Second) * (0.3 + 2*c.r.Float64())))
			switch {
			case o.code == gameDrum:
				at = time.Now().Add(min(rivalTakes, c.take/2))
			case o.due != 0 && c.r.IntN(12) == 0:
				at = time.Time{}
			}
			c.deciding[o.id] = at
		}
		if at.IsZero() || time.Now().Before(at) {
			continue
		}
		if err := c.takes(ctx, o.id, o.user); err != nil {
			return err
		}
	}
	return nil
}

func (c *colleagues) takes(ctx context.Context, id, user int64) error {
	org, err := c.app.Org.Last(ctx)
	if err != nil {
		return err
	}
	who, ok := org.Who(user)
	if !ok {
		return nil
	}
	o, err := c.app.Drums.Take(tx.WithActor(ctx, user), who, id)
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		return nil
	}
	if err != nil || o.DrumID == c.game.drum || c.r.IntN(8) == 0 { // the game is told by the first step that is planned
		return err
	}
	talk := c.words.talks["lead"]
	next := talk.steps[c.r.IntN(2)]
	if visit := c.words.talks["need"].steps; c.r.IntN(5) == 0 {
		next = visit[0]
	}
	err = c.app.Tx.Do(tx.WithActor(ctx, user), func(t tx.Tx) error {
		return c.plans(t, user, o.Record, next, time.Duration(20+c.r.IntN(340))*time.Minute)
	})
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		return nil
	}
	return err
}

// plans plans a next step after some working time, in the hours of an office: the demo's days are open round the clock, the
// phones of its clients are not.
func (c *colleagues) plans(t tx.Tx, user int64, r ref.Ref, next step, after time.Duration) error {
	due, zone := t.Now().Add(after), moscow
	if org, err := c.app.Org.In(t); err == nil {
		schedule := org.ScheduleOf(user)
		zone = schedule.Zone
		if at, ok := schedule.Add(t.Now(), after); ok {
			due = at
		}
	}
	due = quarter(due)
	if hour := due.In(zone).Hour(); due.Date(zone) != t.Now().Date(zone) || hour < opens || hour >= closes {
		due = office(due, zone)
	}
	plan := record.Values{"title": next.title, "kind": next.kind, "about": about(r), "due_at": due, "responsible": user}
	_, err := c.app.Records.Create(t, access.System(), "activity", plan)
	return err
}

// comes is a request at one of the doors.
func (c *colleagues) comes(ctx context.Context) error {
	if c.mark.Set != "" {
		return nil
	}
	var doors []string
	err := c.app.DB.ReadLoose(ctx, func(q db.Q) error {
		doors = nil
		return q.Query("SELECT key FROM intake_key WHERE active AND code IN ('site', 'phone', 'mail', 'ural') ORDER BY id", nil, func(r db.Row) error {
			doors = append(doors, r.Text(0))
			return nil
		})
	})
	if err != nil || len(doors) == 0 {
		return err
	}
	c.n++
	crowd, err := c.strangers(ctx, c.r, c.n)
	if err != nil {
		return err
	}
	who := crowd.next(false)
	wish := crowd.wish(c.words.kinds, who)
	p, err := sent(who, fmt.Sprintf(pick(c.r, c.words.needs), wish.job.title, wish.object, wish.area))
	if err != nil {
		return err
	}
	_, err = c.app.Intake.Accept(ctx, intake.Incoming{Key: pick(c.r, doors), Payload: p})
	return err
}

// acts does something that is due: somebody makes a call that was planned, and a deal whose time has come moves on.
func (c *colleagues) acts(ctx context.Context) error {
	var act struct{ id, user, typ, record int64 }
	found := false
	err := c.app.DB.ReadLoose(ctx, func(q db.Q) (err error) {
		found = false
		// The first one planned of somebody nobody looks as: what is due, and in the evening what is planned for the next day,
		// so that the office lives whenever it is looked at.
		return q.Query(`SELECT a.id, a.responsible_id, l.to_type, l.to_id FROM r_activity a JOIN link l ON l.from_id = a.id AND l.from_type = (SELECT id FROM record_type WHERE code = 'activity')
			WHERE a.done_at IS NULL AND a.due_at IS NOT NULL AND a.due_at < ? ORDER BY a.due_at, a.id LIMIT 200`, []any{clock.Of(time.Now().Add(c.ahead()))}, func(r db.Row) error {
			if !found && !c.looked(r.Int64(1)) {
				found = true
				act.id, act.user, act.typ, act.record = r.Int64(0), r.Int64(1), r.Int64(2), r.Int64(3)
			}
			return nil
		})
	})
	if err != nil || !found {
		return err
	}
	err = c.app.Tx.Do(tx.WithActor(ctx, act.user), func(t tx.Tx) error {
		cat, err := c.app.Records.Catalog(t)
		if err != nil {
			return err
		}
		return c.work1(t, cat, ref.Ref{Type: "activity", ID: act.id}, cat.TypeByID(act.typ), act.record, act.user)
	})
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) || fault.Is(err, fault.Invalid) { // somebody was there before
		return nil
	}
	return err
}

// ahead is how early people do what is planned: in office hours a few minutes, so that it doesn't look like clockwork.
func (c *colleagues) ahead() time.Duration {
	zone := moscow
	if loc, err := time.LoadLocation(c.words.home.zone); err == nil {
		zone = loc
	}
	now := time.Now().In(zone)
	if hour := now.Hour(); hour < opens || hour >= closes || now.Weekday() == time.Saturday || now.Weekday() == time.Sunday {
		return 3 * 24 * time.Hour
	}
	return 10 * time.Minute
}

// work1 ends an activity with a result, plans the next one and moves its record a stage on.
func (c *colleagues) work1(t tx.Tx, cat *schema.Catalog, activity ref.Ref, typ *schema.Type, id, user int64) error {
	if typ == nil {
		return nil
	}
	r := ref.Ref{Type: typ.Code, ID: id}
	state, err := c.app.Records.Load(t, access.System(), r)
	if err != nil {
		return err
	}
	stage := cat.StageByID(state.StageID)
	talk := c.words.talks["lead"]
	if stage != nil && typ.Code == "deal" {
		talk = c.words.talks[stage.Code]
	}
	if len(talk.steps) == 0 {
		talk = c.words.talks["new"]
	}
	said := talk.steps[c.r.IntN(len(talk.steps))]
	if _, err := c.app.Records.Update(t, access.System(), activity, record.Values{"done_at": t.Now(), "result": pick(c.r, said.results)}, 0); err != nil {
		return err
	}
	if state.ClosedAt != 0 || stage == nil {
		return nil
	}
	next := talk.steps[c.r.IntN(len(talk.steps))]
	if err := c.plans(t, user, r, next, time.Duration(2+c.r.IntN(20))*time.Hour); err != nil {
		return err
	}
	to := onward(cat, stage)
	if typ.Code != "deal" || to == nil || c.r.IntN(2) == 0 {
		return nil
	}
	_, err = c.app.Records.Update(t, access.System(), r, record.Values{"stage": to.Code}, 0)
	return err
}

// onward is the next open stage of the same pipeline, nil at its end.
func onward(cat *schema.Catalog, from *schema.Stage) *schema.Stage {
	p := cat.PipelineByID(from.PipelineID)
	if p == nil {
		return nil
	}
	seen := false
	for _, s := range p.Stages {
		if seen && s.Kind == schema.Open && !s.Removed {
			return s
		}
		seen = seen || s.ID == from.ID
	}
	return nil
}
