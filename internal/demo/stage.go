package demo

import (
	"context"
	"crypto/subtle"
	"errors"
	"slices"
	"sync"
	"time"

	demoapi "voronka/internal/adapter/httpapi/demo"
	"voronka/internal/app"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/directory"
	"voronka/internal/org/session"
	"voronka/internal/org/worktime"
)

// personas are whom one may look as, in the order of the bar.
var personas = []string{"owner", "head", "manager"}

// Stage is a demo portal while it is served: the login link, the eyes of its people, the game, and colleagues who work.
type Stage struct {
	app   *app.App
	mark  Mark
	words *tongue
	take  time.Duration // how long an offer of the game lasts

	mu    sync.Mutex
	link  string              // secret of the login link; "" once it was used
	until time.Time           // the link is good until then
	human map[int64]time.Time // who is looked as, and when that was seen last
	game  game
	later []ended // sessions that end soon
}

var _ demoapi.Stage = (*Stage)(nil)

// NewStage serves a portal that Seed has filled. take is how long an offer of the game lasts; 0 is a minute.
func NewStage(a *app.App, m Mark, take time.Duration) *Stage {
	if take <= 0 {
		take = time.Minute
	}
	return &Stage{app: a, mark: m, words: tongueOf(m.Lang), take: take, human: map[int64]time.Time{}}
}

// linkLives is how long the login link is good.
const linkLives = 10 * time.Minute

// Link makes a login link, a path of this server. One made before is void.
func (s *Stage) Link() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.link, s.until = session.NewSecret(), time.Now().Add(linkLives)
	return demoapi.EnterPath + "?" + s.link
}

// Enter implements demoapi.Stage.
func (s *Stage) Enter(ctx context.Context, secret string, from session.From) (demoapi.Opened, error) {
	s.mu.Lock()
	good := s.link != "" && time.Now().Before(s.until) && subtle.ConstantTimeCompare([]byte(secret), []byte(s.link)) == 1
	if good {
		s.link = ""
	}
	s.mu.Unlock()
	if !good {
		return demoapi.Opened{}, fault.New(fault.Unauthenticated, "session.ended")
	}
	return s.open(ctx, s.mark.Personas["owner"], from)
}

// open opens a session for somebody.
func (s *Stage) open(ctx context.Context, user int64, from session.From) (o demoapi.Opened, err error) {
	o.Secret = session.NewSecret()
	err = s.app.Tx.Do(ctx, func(t tx.Tx) error {
		o.Session, err = s.app.Sessions.Open(t, user, from, o.Secret)
		return err
	})
	s.look(user)
	return o, err
}

// look remembers that somebody looks as a person: nobody else acts for him then.
func (s *Stage) look(user int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.human[user] = time.Now()
}

// looked tells whether somebody looks as a person.
func (s *Stage) looked(user int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return time.Since(s.human[user]) < time.Minute
}

// As implements demoapi.Stage.
func (s *Stage) As(ctx context.Context, user, sessionID int64, as string, from session.From) (demoapi.Opened, error) {
	to := s.mark.Personas[as]
	if to == 0 {
		return demoapi.Opened{}, fault.New(fault.NotFound, "http.no_such_path")
	}
	return s.change(ctx, user, sessionID, to, from)
}

// change opens a session for another person and ends the one that asks.
func (s *Stage) change(ctx context.Context, user, sessionID, to int64, from session.From) (demoapi.Opened, error) {
	o, err := s.open(ctx, to, from)
	if err != nil || sessionID == 0 {
		return o, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if user != to {
		delete(s.human, user)
	}
	s.later = append(s.later, ended{user, sessionID, time.Now().Add(linger)})
	return o, nil
}

// linger is how long a session that was changed for another one is still good: requests of the page that is just being left
// must not be told that nobody is signed in.
const linger = 30 * time.Second

// ended is a session that shall end.
type ended struct {
	user, session int64
	at            time.Time
}

// endSessions ends those whose time has come.
func (s *Stage) endSessions(ctx context.Context) error {
	s.mu.Lock()
	var due []ended
	s.later = slices.DeleteFunc(s.later, func(e ended) bool {
		over := time.Now().After(e.at)
		if over {
			due = append(due, e)
		}
		return over
	})
	s.mu.Unlock()
	for _, e := range due {
		if err := s.app.Sessions.Revoke(ctx, e.user, e.session); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// Show implements demoapi.Stage.
func (s *Stage) Show(ctx context.Context, user int64) (show demoapi.Show, err error) {
	s.look(user)
	org, err := s.app.Org.Last(ctx)
	if err != nil {
		return show, err
	}
	show.Personas = s.cast(org)
	show.Anna, err = s.standing(ctx)
	return show, err
}

func (s *Stage) cast(org *directory.Directory) []demoapi.Persona {
	list := make([]demoapi.Persona, 0, len(personas))
	for _, as := range personas {
		if u := org.User(s.mark.Personas[as]); u != nil {
			list = append(list, demoapi.Persona{As: as, User: u.ID, Name: u.Name, Position: u.Position})
		}
	}
	return list
}

// Run lets the demo live until ctx ends: its days stay open, whatever the clock says, and colleagues work unless it is quiet.
func (s *Stage) Run(ctx context.Context, quiet bool) {
	crowd := newColleagues(s)
	beat := time.NewTicker(time.Second)
	defer beat.Stop()
	opened := ""
	for {
		if day := time.Now().UTC().Format(time.DateOnly); day != opened {
			if err := s.openDays(ctx); err != nil {
				s.app.Log.Warn("the demo's day is not open", "err", err)
			} else {
				opened = day
			}
		}
		if err := errors.Join(s.endSessions(ctx), crowd.beat(ctx, quiet)); err != nil && ctx.Err() == nil {
			s.app.Log.Warn("a colleague of the demo failed", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
		}
	}
}

// openDays makes yesterday, today and tomorrow working days round the clock: who looks at a demo on a Sunday night shall see
// it alive. What was said of other days stays.
func (s *Stage) openDays(ctx context.Context) error {
	org, err := s.app.Org.Last(ctx)
	if err != nil {
		return err
	}
	who, ok := org.Who(s.mark.Personas["owner"])
	if !ok || org.WorkTime == nil {
		return nil
	}
	w := *org.WorkTime
	w.Dates = map[string][]worktime.Span{}
	for day, spans := range org.WorkTime.Dates {
		w.Dates[day] = slices.Clone(spans)
	}
	now := time.Now().In(w.Zone)
	today := now.Format(time.DateOnly)
	if spans, said := w.Dates[today]; !said || len(spans) == 0 || spans[len(spans)-1].To != worktime.Day {
		w.Dates[today] = []worktime.Span{{From: 0, To: worktime.Day}}
	}
	w.Dates[now.AddDate(0, 0, 1).Format(time.DateOnly)] = []worktime.Span{{From: 0, To: worktime.Day}}
	return s.app.Attendance.SetPortal(tx.WithActor(ctx, who.UserID), who, &w, nil)
}
