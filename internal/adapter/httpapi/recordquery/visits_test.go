package recordquery

import (
	"testing"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/org/directory"
	"voronka/internal/org/portal"
	"voronka/internal/org/worktime"
)

// TestAnOpenVisitTakesWorkingTime: it stands still overnight and over the weekend, like the limit of its stage.
func TestAnOpenVisitTakesWorkingTime(t *testing.T) {
	moscow, err := worktime.Zone("Europe/Moscow")
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) clock.Instant {
		if text == "" {
			return 0
		}
		moment, err := time.ParseInLocation("2006-01-02 15:04", text, moscow)
		if err != nil {
			t.Fatal(err)
		}
		return clock.Of(moment)
	}
	usual := directory.New(portal.Default(), worktime.Default(moscow), nil, nil, nil)
	never := directory.New(portal.Default(), &worktime.Schedule{Zone: moscow}, nil, nil, nil)
	for _, c := range []struct {
		name              string
		org               *directory.Directory
		since, now, until string
		wall, work        time.Duration
	}{
		{"while he works", usual, "2026-11-20 17:00", "2026-11-20 17:30", "2026-11-20 18:00", 30 * time.Minute, 30 * time.Minute},
		{"in the evening", usual, "2026-11-20 17:00", "2026-11-20 23:00", "", 6 * time.Hour, time.Hour},
		{"on Sunday", usual, "2026-11-20 17:00", "2026-11-22 12:00", "", 43 * time.Hour, time.Hour},
		{"on Monday", usual, "2026-11-20 17:00", "2026-11-23 09:15", "2026-11-23 18:00", 64*time.Hour + 15*time.Minute, 75 * time.Minute},
		{"all of it at night", usual, "2026-11-20 20:00", "2026-11-21 02:00", "", 6 * time.Hour, 0},
		{"the clock was put back", usual, "2026-11-20 17:00", "2026-11-20 12:00", "2026-11-20 18:00", 0, 0},
	} {
		wall, work, until := worked(c.org, at(c.now))(1, at(c.since))
		if wall != c.wall || work != c.work || until != at(c.until) {
			t.Errorf("%s: %v by the wall, %v of work, until %v", c.name, wall, work, until.In(moscow))
		}
	}
	if _, work, until := worked(never, at("2026-11-22 12:00"))(1, at("2026-11-20 12:00")); work != 48*time.Hour || until == 0 {
		t.Errorf("who never works: %v, until %v", work, until)
	}
}
