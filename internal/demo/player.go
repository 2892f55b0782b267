package demo

import (
	"context"
	"math/rand/v2"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/app"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
)

// player lets people act in a portal whose clock it holds.
type player struct {
	ctx   context.Context
	r     *rand.Rand
	app   *app.App
	clock *clock.Manual
	line  timeline
	team  map[int64]manager
	seen  int64 // the last offer somebody has decided what to do about
	due   map[clock.Instant]bool
	taken func(*drum.Offer) // told when somebody has taken a record; may be nil
}

func newPlayer(ctx context.Context, r *rand.Rand, start time.Time) player {
	return player{ctx: ctx, r: r, clock: clock.NewManual(start), due: map[clock.Instant]bool{}}
}

// ask sends a request through a door and lets whoever is offered it make up his mind.
func (p *player) ask(key *intake.Key, payload *intake.Payload) (intake.Answer, error) {
	a, err := p.app.Intake.Accept(p.ctx, intake.Incoming{Key: key.Key, Payload: payload})
	if err == nil && a.Offer != nil {
		p.decide(a.Offer)
		p.seen = max(p.seen, a.Offer.ID)
	}
	return a, err
}

// decide lets the person of an offer make up his mind: he takes it after a while, or lets it pass.
func (p *player) decide(o *drum.Offer) {
	after, takes := p.team[o.UserID].answer(p.r, o.OfferedAt, o.DueAt)
	if takes {
		id, user := o.ID, o.UserID
		p.line.put(o.OfferedAt.Add(after), func() error { return p.take(id, user) })
	} else if o.DueAt != 0 && !p.due[o.DueAt] {
		p.due[o.DueAt] = true
		p.line.put(o.DueAt, func() error { return p.late(o.DueAt) })
	}
}

func (p *player) take(id, user int64) error {
	org, err := p.app.Org.Last(p.ctx)
	if err != nil {
		return err
	}
	who, _ := org.Who(user)
	o, err := p.app.Drums.Take(tx.WithActor(p.ctx, user), who, id)
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	if err == nil && p.taken != nil {
		p.taken(o)
	}
	return err
}

// late does what has come due, and asks those who were offered something by it.
func (p *player) late(at clock.Instant) error {
	delete(p.due, at)
	if _, err := p.app.Jobs.RunDue(p.ctx); err != nil {
		return err
	}
	var fresh []drum.Offer
	err := p.app.DB.Read(p.ctx, func(q db.Q) error {
		fresh = nil
		return q.Query("SELECT id, user_id, offered_at, due_at FROM offer WHERE id > ? ORDER BY id", []any{p.seen}, func(r db.Row) error {
			fresh = append(fresh, drum.Offer{ID: r.Int64(0), UserID: r.Int64(1), OfferedAt: clock.Instant(r.Int64(2)), DueAt: clock.Instant(r.Int64(3))})
			return nil
		})
	})
	for i := range fresh {
		p.decide(&fresh[i])
		p.seen = fresh[i].ID
	}
	return err
}

// because is the context of what the demo sets up by itself.
func because(ctx context.Context) context.Context {
	return tx.WithCause(ctx, event.Cause{Kind: "demo"})
}
