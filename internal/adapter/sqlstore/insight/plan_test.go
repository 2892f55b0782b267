package insightstore_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	insightstore "voronka/internal/adapter/sqlstore/insight"
	records "voronka/internal/adapter/sqlstore/record"
	"voronka/internal/insight/figures"
	"voronka/internal/kernel/tx"
)

// years of work: two million offers, half a million incidents, a few thousand of them in the asked month.
var stats = map[string]string{
	"offer_decided": "2000000 1", "offer_open": "500 1 1", "offer_record": "2000000 2000000 2 1", "offer_user": "2000000 400 100 1", "offer_drum": "2000000 100000 30000 1",
	"offer_day": "2000000 100000 30000 1", "offer_dealt": "2000000 100000 1", "incident_user": "500000 100 1", "incident_dept": "500000 2500 1", "incident_record": "500000 250000 2", "incident_at": "500000 1",
}

// TestReportsReadAMonthNotEverything asks SQLite how it would read what a person waits for, under the statistics of a large
// portal: by the index of moments, and what belongs to a row by the index of its record.
func TestReportsReadAMonthNotEverything(t *testing.T) {
	d := dbtest.SQLite(t)
	if err := records.EnsureBuiltins(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	write := func(f func(q db.Q) error) {
		t.Helper()
		if err := d.Do(context.Background(), func(x tx.Tx) error { return f(db.Of(x)) }); err != nil {
			t.Fatal(err)
		}
	}
	write(func(q db.Q) error {
		for i := range 50 {
			if _, err := q.Exec("INSERT INTO offer (drum_id, type_id, record_id, user_id, round, state, offered_at, due_at, decided_at) VALUES (1, 1, ?, 1, 1, 'taken', ?, 1, ?)", i, i+1, i+1); err != nil {
				return err
			}
			if _, err := q.Exec("INSERT INTO incident (at, kind, user_id, department_id, dept_pos, drum_id, type_id, record_id, subject_id, due_at, data) VALUES (?, 'missed_offer', 1, 1, 1, 1, 1, ?, 1, 1, '{}')", i, i); err != nil {
				return err
			}
		}
		_, err := q.Exec("ANALYZE")
		return err
	})
	write(func(q db.Q) error {
		for index, stat := range stats {
			if _, err := q.Exec("UPDATE sqlite_stat1 SET stat = ? WHERE idx = ?", stat, index); err != nil {
				return err
			}
		}
		_, err := q.Exec("CREATE TABLE makes_connections_read_the_statistics (x)")
		return err
	})
	s := insightstore.New(d, records.New(d))
	p := figures.Period{From: 1_790_000_000_000, To: 1_792_600_000_000}
	for name, c := range map[string]struct {
		p    figures.Period
		want []string
	}{
		"breaches":  {p, []string{"incident_at"}},
		"decisions": {p, []string{"offer_decided", "offer_record"}},
		"lost":      {p, []string{"incident"}},
	} {
		sql, args := insightstore.Asked(s, name, c.p)
		var plan []string
		if err := d.Read(t.Context(), func(q db.Q) error {
			plan = nil
			return q.Query("EXPLAIN QUERY PLAN "+sql, args, func(r db.Row) error { plan = append(plan, r.Text(3)); return nil })
		}); err != nil {
			t.Fatal(err)
		}
		text := strings.Join(plan, "\n")
		for _, index := range c.want {
			if !strings.Contains(text, index) {
				t.Errorf("%s doesn't use %s:\n%s", name, index, text)
			}
		}
		for _, line := range plan {
			if strings.HasPrefix(line, "SCAN x") || strings.HasPrefix(line, "SCAN f") || strings.HasPrefix(line, "SCAN g") || strings.HasPrefix(line, "SCAN i") || strings.HasPrefix(line, "SCAN r") {
				t.Errorf("%s: %s\n%s", name, line, text)
			}
		}
		if len(plan) == 0 {
			t.Error(fmt.Sprint(name, ": nothing was planned"))
		}
	}
}
