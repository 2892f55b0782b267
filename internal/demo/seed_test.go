package demo

import (
	"log/slog"
	"strconv"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/app"
	"voronka/internal/config"
)

func TestSeed(t *testing.T) {
	for lang, now := range map[string]time.Time{
		"ru": time.Date(2026, 11, 19, 15, 20, 0, 0, moscow),
		"en": time.Date(2026, 11, 22, 4, 10, 0, 0, moscow), // a Sunday night
	} {
		t.Run(lang, func(t *testing.T) {
			c := config.Config{Common: config.Common{Data: t.TempDir()}}
			began := time.Now()
			p, err := Seed(t.Context(), c, SeedOptions{Lang: lang, Seed: 1, Now: now})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d leads and %d deals in %v", p.Leads, p.Deals, time.Since(began))
			if len(p.Logins) != 12 || p.Form == "" || p.Leads < 100 || p.Deals < 130 {
				t.Errorf("%+v", p)
			}
			a, err := app.New(t.Context(), c, app.WithLog(slog.New(slog.DiscardHandler)))
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			for what, check := range map[string]struct {
				sql         string
				least, most int64
			}{
				"repeats":                 {"SELECT count(*) FROM request WHERE repeat_of > 0", 2, 12},
				"running offers":          {"SELECT count(*) FROM offer WHERE state = 'offered' AND due_at > 0", 5, 12},
				"offers late already":     {"SELECT count(*) FROM offer WHERE state = 'offered' AND due_at < " + ms(now), 0, 0},
				"taken":                   {"SELECT count(*) FROM offer WHERE state = 'taken'", 90, 200},
				"misses":                  {"SELECT count(*) FROM offer WHERE state = 'missed'", 3, 80},
				"incidents of stages":     {"SELECT count(*) FROM incident WHERE kind = 'stage_overdue'", 1, 500},
				"leads":                   {"SELECT count(*) FROM r_lead", int64(p.Leads), int64(p.Leads)},
				"deals":                   {"SELECT count(*) FROM r_deal", int64(p.Deals), int64(p.Deals)},
				"won deals":               {"SELECT count(*) FROM r_deal d JOIN stage g ON g.id = d.stage_id WHERE g.kind = 'won'", 5, 100},
				"lost deals":              {"SELECT count(*) FROM r_deal WHERE lost_reason_id > 0", 3, 60},
				"planned activities":      {"SELECT count(*) FROM r_activity WHERE done_at IS NULL AND due_at IS NOT NULL", 80, 400},
				"next steps of deals":     {"SELECT count(*) FROM r_deal WHERE next_id > 0", 60, 200},
				"departments":             {"SELECT count(*) FROM department", 5, 5},
				"requests without record": {"SELECT count(*) FROM request WHERE record_id = 0", 0, 0},
				"double offers":           {doubleOffers, 0, 0},
				"from the future":         {"SELECT count(*) FROM journal WHERE at > " + ms(now), 0, 0},
				"jobs overdue":            {"SELECT count(*) FROM job WHERE due_at < " + ms(now.Add(-2*time.Hour)), 0, 0},
			} {
				var n int64
				if err := a.DB.Read(t.Context(), func(q db.Q) (err error) { n, err = db.Int(q, check.sql); return err }); err != nil {
					t.Fatalf("%s: %v", what, err)
				}
				if n < check.least || n > check.most {
					t.Errorf("%s: %d, want %d to %d", what, n, check.least, check.most)
				}
			}
		})
	}
}

func ms(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
