package demo

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/app"
	"voronka/internal/config"
)

// part is how many requests the portals of these tests have: a twentieth of the real one's.
const part = 150

// causeless finds rows of the journal nobody and nothing is named for.
const causeless = `SELECT count(*) FROM journal WHERE actor_id = 0 AND (cause = '' OR cause LIKE '{"kind":"system"}%' OR cause LIKE '{"kind":""%')`

func TestSeed(t *testing.T) {
	for name, one := range map[string]struct {
		lang string
		now  time.Time
		pg   bool
	}{
		"ru":       {"ru", time.Date(2026, 11, 19, 15, 20, 0, 0, moscow), false},
		"en":       {"en", time.Date(2026, 11, 22, 4, 10, 0, 0, moscow), false}, // a Sunday night
		"postgres": {"ru", time.Date(2026, 11, 19, 15, 20, 0, 0, moscow), true},
	} {
		t.Run(name, func(t *testing.T) {
			c := config.Config{Common: config.Common{Data: t.TempDir()}}
			if one.pg {
				c.Database = dbtest.PostgresOptions(t).DSN
			}
			began := time.Now()
			p, err := Seed(t.Context(), c, SeedOptions{Lang: one.lang, Seed: 1, Now: one.now, Requests: part})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d leads, %d deals, %d activities, %d files in %v", p.Leads, p.Deals, p.Activities, p.Files, time.Since(began))
			if len(p.Logins) != 24 || p.Form == "" || p.Requests != part || p.Leads < part*8/10 || p.Deals < part*2/10 || p.Files < part/10 {
				t.Errorf("made: %+v", p)
			}
			a, err := app.New(t.Context(), c, app.WithLog(slog.New(slog.DiscardHandler)))
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			reconcile(t, a, p, one.now)
		})
	}
}

// reconcile asks the database whether what was made holds together.
func reconcile(t *testing.T, a *app.App, p Portal, now time.Time) {
	t.Helper()
	n := func(x int) int64 { return int64(x) }
	for what, check := range map[string]struct {
		sql         string
		least, most int64
	}{
		"requests":                {"SELECT count(*) FROM request", n(p.Requests), n(p.Requests)},
		"requests without record": {"SELECT count(*) FROM request WHERE record_id = 0", 0, 0},
		"leads":                   {"SELECT count(*) FROM r_lead", n(p.Leads), n(p.Leads)},
		"leads and repeats":       {"SELECT (SELECT count(*) FROM r_lead) + (SELECT count(*) FROM journal WHERE kind = 'repeat_came')", n(p.Requests), n(p.Requests)},
		"deals":                   {"SELECT count(*) FROM r_deal", n(p.Deals), n(p.Deals)},
		"activities and repeats":  {"SELECT count(*) FROM r_activity", n(p.Activities), n(p.Activities + p.Requests - p.Leads)},
		"overdue of one person":   {`SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM r_activity WHERE done_at IS NULL AND due_at < ` + ms(now) + ` GROUP BY responsible_id) x`, 0, 4},
		"overdue for days":        {"SELECT count(*) FROM r_activity WHERE done_at IS NULL AND due_at < " + ms(now.AddDate(0, 0, -5)), 0, 0},
		"files":                   {"SELECT count(*) FROM attachment", n(p.Files), n(p.Files)},
		"departments":             {"SELECT count(*) FROM department", 5, 5},
		"people":                  {"SELECT count(*) FROM users", 24, 24},
		"zones":                   {"SELECT count(DISTINCT zone) FROM users", 2, 2},
		"pipelines":               {"SELECT count(*) FROM pipeline p JOIN record_type y ON y.id = p.type_id WHERE y.code IN ('lead', 'deal')", 6, 6},
		"pipelines with deals":    {"SELECT count(DISTINCT pipeline_id) FROM visit v JOIN record_type y ON y.id = v.type_id AND y.code = 'deal'", 5, 5},
		"running offers":          {"SELECT count(*) FROM offer WHERE decided_at = 0", 1, 40},
		"offers late already":     {"SELECT count(*) FROM offer WHERE state = 'offered' AND due_at > 0 AND due_at < " + ms(now), 0, 0},
		"misses":                  {"SELECT count(*) FROM offer WHERE state = 'missed'", 1, 2 * part},
		"absences":                {"SELECT count(*) FROM absence", 30, 80},
		"rules that caught":       {"SELECT count(*) FROM journal WHERE cause LIKE '{\"kind\":\"routing\"%'", 1, 20 * part},
		"misses without incident": {"SELECT (SELECT count(*) FROM offer WHERE state = 'missed') - (SELECT count(*) FROM incident WHERE kind = 'missed_offer')", 0, 0},
		"double offers":           {doubleOffers, 0, 0},
		"won deals":               {"SELECT count(*) FROM r_deal d JOIN stage g ON g.id = d.stage_id WHERE g.kind = 'won'", 3, part},
		"lost without a reason":   {"SELECT count(*) FROM r_deal d JOIN stage g ON g.id = d.stage_id WHERE g.kind = 'lost' AND lost_reason_id = 0", 0, 0},
		"from the future":         {"SELECT count(*) FROM journal WHERE at > " + ms(now), 0, 0},
		"history begins":          {"SELECT count(*) FROM journal WHERE at < " + ms(now.AddDate(0, -historyMonths, 30)), 1, 20 * part},
		"jobs overdue":            {"SELECT count(*) FROM job WHERE due_at < " + ms(now), 0, 0},
		"rows without a cause":    {causeless, 0, 0},
	} {
		got := ask(t, a, check.sql)
		if got < check.least || got > check.most {
			t.Errorf("%s: %d, want %d to %d", what, got, check.least, check.most)
		}
	}
}

func ask(t *testing.T, a *app.App, sql string) (n int64) {
	t.Helper()
	if err := a.DB.Read(t.Context(), func(q db.Q) (err error) { n, err = db.Int(q, sql); return err }); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// TestSeedTwice: one seed makes one portal, only the keys of doors, which nobody shall guess, differ.
func TestSeedTwice(t *testing.T) {
	now := time.Date(2026, 11, 19, 15, 20, 0, 0, moscow)
	tell := func() string {
		c := config.Config{Common: config.Common{Data: t.TempDir()}}
		if _, err := Seed(t.Context(), c, SeedOptions{Lang: "ru", Seed: 5, Now: now, Requests: 60}); err != nil {
			t.Fatal(err)
		}
		a, err := app.New(t.Context(), c, app.WithLog(slog.New(slog.DiscardHandler)))
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		var all strings.Builder
		err = a.DB.Read(context.Background(), func(q db.Q) error {
			for _, sql := range []string{
				"SELECT kind || ' ' || type_id || '/' || record_id || ' ' || (at - " + ms(now) + ") || ' ' || cause || ' ' || actor_id FROM journal ORDER BY id",
				"SELECT title || ' ' || amount || ' ' || stage_id FROM r_deal ORDER BY id",
				"SELECT title || ' ' || coalesce(result, '') FROM r_activity ORDER BY id",
			} {
				if err := q.Query(sql, nil, func(r db.Row) error { all.WriteString(r.Text(0) + "\n"); return nil }); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return all.String()
	}
	first, second := strings.Split(tell(), "\n"), strings.Split(tell(), "\n")
	if len(first) < 500 || len(first) != len(second) {
		t.Fatalf("%d and %d lines", len(first), len(second))
	}
	for i := range first {
		if first[i] != second[i] {
			t.Fatalf("line %d:\n%s\n%s", i, first[i], second[i])
		}
	}
}

func ms(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
