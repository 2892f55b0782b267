package demo

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	demoapi "voronka/internal/adapter/httpapi/demo"
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/app"
	"voronka/internal/config"
	"voronka/internal/org/session"
)

// TestStage serves a small demo without a listener: the link, the eyes, the game with both its ends, and colleagues.
func TestStage(t *testing.T) {
	ctx := t.Context()
	c := config.Config{Common: config.Common{Data: t.TempDir()}}
	if _, err := Seed(ctx, c, SeedOptions{Lang: "ru", Seed: 3, Now: time.Now(), Requests: 40}); err != nil {
		t.Fatal(err)
	}
	a, err := app.New(ctx, c, app.WithLog(slog.New(slog.DiscardHandler)))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for _, op := range a.Router.Routes() {
		if strings.Contains(op.Path, "/demo") {
			t.Errorf("a portal that is not served as a demo has the route %s", op.Path)
		}
	}
	m, is, err := Marked(ctx, a)
	if err != nil || !is || m.Personas["owner"] == 0 || m.Rival == 0 {
		t.Fatalf("%+v %v %v", m, is, err)
	}
	s := NewStage(a, m, time.Second)
	if err := s.openDays(ctx); err != nil {
		t.Fatal(err)
	}
	from := session.From{IP: "127.0.0.1"}
	owner := enters(t, s, from)
	if _, err := s.As(ctx, owner, 0, "nobody", from); err == nil {
		t.Error("one may look as anybody")
	}
	head, err := s.As(ctx, owner, 0, "head", from)
	if err != nil || head.Session.UserID != m.Personas["head"] {
		t.Errorf("%+v %v", head, err)
	}
	plays(t, s, a, m, from)
	before := ask(t, a, "SELECT count(*) FROM request")
	crowd := newColleagues(s)
	crowd.request, crowd.work = time.Time{}, time.Time{}
	if err := crowd.beat(ctx, false); err != nil {
		t.Error(err)
	}
	if after := ask(t, a, "SELECT count(*) FROM request"); after != before+1 {
		t.Errorf("%d requests, want one more than %d", after, before)
	}
	if empty := ask(t, a, "SELECT count(*) FROM request WHERE payload NOT LIKE '%phone%' AND payload NOT LIKE '%email%'"); empty != 0 {
		t.Errorf("%d requests say nothing", empty)
	}
	planning(t, a, crowd)
}

// planning: who takes something plans what comes next, for the hours of an office.
func planning(t *testing.T, a *app.App, crowd *colleagues) {
	t.Helper()
	last := ask(t, a, "SELECT max(id) FROM r_activity")
	var offers [][2]int64
	err := a.DB.Read(t.Context(), func(q db.Q) error {
		offers = nil
		return q.Query("SELECT id, user_id FROM offer WHERE decided_at = 0 AND user_id > 0 ORDER BY id", nil, func(r db.Row) error {
			offers = append(offers, [2]int64{r.Int64(0), r.Int64(1)})
			return nil
		})
	})
	if err != nil || len(offers) == 0 {
		t.Fatalf("%d offers are open: %v", len(offers), err)
	}
	for _, o := range offers {
		if err := crowd.takes(t.Context(), o[0], o[1]); err != nil {
			t.Error(err)
		}
	}
	planned := 0
	err = a.DB.Read(t.Context(), func(q db.Q) error {
		planned = 0
		return q.Query("SELECT a.due_at, u.zone FROM r_activity a JOIN users u ON u.id = a.responsible_id WHERE a.id > ?", []any{last}, func(r db.Row) error {
			planned++
			zone, err := time.LoadLocation(r.Text(1))
			if at := time.UnixMilli(r.Int64(0)).In(zone); at.Hour() < opens || at.Hour() >= closes {
				t.Errorf("a step is planned for %v", at)
			}
			return err
		})
	})
	if err != nil || planned == 0 {
		t.Errorf("%d steps for %d offers: %v", planned, len(offers), err)
	}
}

// enters uses the login link: once, and no other secret.
func enters(t *testing.T, s *Stage, from session.From) int64 {
	t.Helper()
	secret := strings.TrimPrefix(s.Link(), demoapi.EnterPath+"?")
	for _, wrong := range []string{"", "x", secret + "x"} {
		if _, err := s.Enter(t.Context(), wrong, from); err == nil {
			t.Errorf("%q opens the door", wrong)
		}
	}
	o, err := s.Enter(t.Context(), secret, from)
	if err != nil || o.Session.UserID != s.mark.Personas["owner"] {
		t.Fatalf("%+v %v", o, err)
	}
	if _, err := s.Enter(t.Context(), secret, from); err == nil {
		t.Error("the link is good twice")
	}
	return o.Session.UserID
}

// plays is Anna who takes, and Anna who misses.
func plays(t *testing.T, s *Stage, a *app.App, m Mark, from session.From) {
	t.Helper()
	ctx, anna := t.Context(), m.Personas["manager"]
	begin := func() demoapi.Anna {
		o, err := s.Begin(ctx, m.Personas["head"], 0, from)
		if err != nil || o.Session.UserID != anna {
			t.Fatalf("%+v %v", o, err)
		}
		return stands(t, s, "offered")
	}
	game := begin()
	crowd := newColleagues(s)
	if err := crowd.takes(ctx, game.Offer, anna); err != nil { // as the page does for her
		t.Fatal(err)
	}
	stands(t, s, "taken")
	game = begin()
	if err := crowd.offers(ctx, true); err != nil || stands(t, s, "offered").Offer != game.Offer {
		t.Errorf("somebody has taken it for her: %v", err)
	}
	time.Sleep(1100 * time.Millisecond)
	if _, err := a.Jobs.RunDue(ctx); err != nil {
		t.Fatal(err)
	}
	if game = stands(t, s, "passed"); game.Incident == 0 {
		t.Errorf("%+v", game)
	}
	for range 2 {
		if err := crowd.offers(ctx, true); err != nil {
			t.Fatal(err)
		}
		time.Sleep(600 * time.Millisecond)
	}
	stands(t, s, "rescued")
	if err := s.End(ctx); err != nil {
		t.Error(err)
	}
	stands(t, s, "idle")
}

func stands(t *testing.T, s *Stage, state string) demoapi.Anna {
	t.Helper()
	game, err := s.standing(t.Context())
	if err != nil || game.State != state {
		t.Fatalf("the game stands at %q, want %q (%v)", game.State, state, err)
	}
	return game
}
