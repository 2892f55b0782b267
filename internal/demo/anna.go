package demo

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"time"

	demoapi "voronka/internal/adapter/httpapi/demo"
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/session"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
)

// game is one round of being Anna: a request that is offered to her, really, with a clock that runs.
type game struct {
	record ref.Ref
	title  string
	drum   int64
	key    *intake.Key
}

// Codes of what the game sets up in the portal.
const (
	gameDrum = "demo_hot"
	gameDoor = "demo_hot"
)

// Begin implements demoapi.Stage.
func (s *Stage) Begin(ctx context.Context, user, sessionID int64, from session.From) (demoapi.Opened, error) {
	anna := s.mark.Personas["manager"]
	if anna == 0 || s.mark.Rival == 0 {
		return demoapi.Opened{}, fault.New(fault.NotFound, "http.no_such_path")
	}
	s.look(anna) // from now on nobody takes it for her
	if err := s.offer(ctx, anna); err != nil {
		return demoapi.Opened{}, err
	}
	return s.change(ctx, user, sessionID, anna, from)
}

// End implements demoapi.Stage.
func (s *Stage) End(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.game.record = ref.Ref{}
	return nil
}

// offer lets a request come that is offered to Anna: for its moment the rival stands aside in the drum of hot requests.
func (s *Stage) offer(ctx context.Context, anna int64) error {
	owner, err := s.owner(ctx)
	if err != nil {
		return err
	}
	ctx = tx.WithActor(ctx, owner.UserID)
	if err := s.hotDoor(ctx, owner); err != nil {
		return err
	}
	both := func(rival bool) error {
		list := []drum.Member{{UserID: anna, Active: true}, {UserID: s.mark.Rival, Active: rival}}
		return s.app.Drums.Change(ctx, owner, s.game.drum, drum.Patch{Members: &list, Take: &s.take})
	}
	if err := both(false); err != nil {
		return err
	}
	err = s.hurry(ctx, anna)
	if back := both(true); err == nil {
		err = back
	}
	return err
}

// tries is how many clients in a hurry may come until one is offered to Anna: one the portal happens to know goes to who
// knows him.
const tries = 5

// hurry lets somebody in a hurry ask.
func (s *Stage) hurry(ctx context.Context, anna int64) error {
	for range tries {
		payload, title, err := s.plea(ctx)
		if err != nil {
			return err
		}
		// It comes from outside: nobody acts.
		a, err := s.app.Intake.Accept(tx.WithActor(ctx, 0), intake.Incoming{Key: s.game.key.Key, Payload: payload})
		if err != nil {
			return err
		}
		s.mu.Lock()
		s.game.record, s.game.title = a.Record, title
		s.mu.Unlock()
		if a.Offer != nil && a.Offer.DrumID == s.game.drum && a.Offer.UserID == anna {
			return nil
		}
	}
	return nil // the coach says that somebody else has it
}

// strangers makes clients whose companies the portal doesn't know.
func (s *Stage) strangers(ctx context.Context, r *rand.Rand, n int) (*crowd, error) {
	c := &crowd{r: r, words: s.words, firms: map[string]bool{}, n: n}
	err := s.app.DB.ReadLoose(ctx, func(q db.Q) error {
		return q.Query("SELECT title FROM r_company", nil, func(row db.Row) error { c.firms[row.Text(0)] = true; return nil })
	})
	return c, err
}

func (s *Stage) owner(ctx context.Context) (access.Who, error) {
	org, err := s.app.Org.Last(ctx)
	if err != nil {
		return access.Who{}, err
	}
	who, ok := org.Who(s.mark.Personas["owner"])
	if !ok {
		return who, fault.New(fault.NotFound, "http.no_such_path")
	}
	return who, nil
}

// hotDoor finds the drum and the door of the game, making them the first time.
func (s *Stage) hotDoor(ctx context.Context, owner access.Who) error {
	if s.game.key != nil {
		return nil
	}
	drums, err := s.app.SalesDB.Drums(ctx)
	if err != nil {
		return err
	}
	for _, d := range drums {
		if d.Code == gameDrum && d.Active {
			s.game.drum = d.ID
		}
	}
	title, code, head, hours := s.words.hot, gameDrum, s.mark.Personas["head"], drum.AlwaysHours
	if s.game.drum == 0 {
		p := drum.Patch{Code: &code, Title: &title, Take: &s.take, HeadID: &head, Hours: &hours}
		if s.game.drum, err = s.app.Drums.Create(ctx, owner, p); err != nil {
			return err
		}
	}
	channel, source, door := "form", "site", gameDoor
	s.game.key, err = s.app.Intake.CreateKey(ctx, owner, intake.KeyPatch{Code: &door, Title: &title, Channel: &channel, Source: &source, DrumID: &s.game.drum, Lang: &s.mark.Lang})
	return err
}

// plea is a request of somebody in a hurry, another one each time.
func (s *Stage) plea(ctx context.Context) (*intake.Payload, string, error) {
	r := newRand(s.mark.Seed + uint64(time.Now().UnixNano()))
	c, err := s.strangers(ctx, r, 7000+r.IntN(2000))
	if err != nil {
		return nil, "", err
	}
	who := c.next(false)
	p, err := sent(who, pick(r, s.words.pleas))
	return p, who.firm.name, err
}

// sent is what a client fills in and sends.
func sent(who *client, comment string) (*intake.Payload, error) {
	body, err := json.Marshal(map[string]any{"name": who.name, "phone": who.phone, "email": who.mail, "company": who.firm.name, "comment": comment})
	if err != nil {
		return nil, err
	}
	return intake.ParseJSON(body)
}

// standing tells how the game stands, from what the portal knows.
func (s *Stage) standing(ctx context.Context) (demoapi.Anna, error) {
	s.mu.Lock()
	r, title := s.game.record, s.game.title
	s.mu.Unlock()
	x := demoapi.Anna{State: "idle", Seconds: int(s.take / time.Second)}
	if s.mark.Rival == 0 {
		x.Seconds = 0
	}
	if r.Zero() {
		return x, nil
	}
	x.Type, x.Record, x.Title, x.State = r.Type, r.ID, title, "gone"
	anna := s.mark.Personas["manager"]
	err := s.app.DB.Read(ctx, func(q db.Q) error {
		err := q.Query(`SELECT o.id, o.user_id, o.state, o.offered_at, o.due_at, o.decided_at FROM offer o JOIN record_type y ON y.id = o.type_id
			WHERE y.code = ? AND o.record_id = ? ORDER BY o.id`, []any{r.Type, r.ID}, func(row db.Row) error {
			at := func(i int) *time.Time { moment := clock.Instant(row.Int64(i)).Time(); return &moment }
			hers := row.Int64(1) == anna
			switch state := row.Text(2); {
			case hers && state == drum.Offered:
				x.State, x.Offer, x.OfferedAt, x.DueAt = "offered", row.Int64(0), at(3), at(4)
			case hers && state == drum.Missing:
				x.State, x.OfferedAt, x.DueAt = "passed", at(3), at(4)
			case state == drum.Taken && x.State == "gone":
				x.State = "taken"
			case state == drum.Taken:
				x.State = "rescued"
			}
			if row.Text(2) == drum.Taken {
				x.Took = int((row.Int64(5) - row.Int64(3)) / 1000)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if x.Incident, err = db.Int(q, `SELECT i.id FROM incident i JOIN record_type y ON y.id = i.type_id WHERE y.code = ? AND i.record_id = ? AND i.user_id = ?`, r.Type, r.ID, anna); err != nil {
			return err
		}
		n, err := db.Int(q, "SELECT next_id FROM r_lead WHERE id = ?", r.ID)
		x.NextStep = n != 0
		return err
	})
	return x, err
}
