package portal_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/adapter/sqlstore/portal"
)

func doctor(t *testing.T, d *db.DB, files portal.Files) []string {
	t.Helper()
	found, err := portal.Doctor(t.Context(), d, portal.Checks(files))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range found {
		names = append(names, f.Check)
		if f.Key == "doctor.failed" {
			t.Errorf("%s failed: %v", f.Check, f.Args)
		}
	}
	return slices.Compact(names)
}

func TestDoctorFindsWhatIsPlanted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		files := newShelf()
		exec(t, d, "INSERT INTO record_type (id, code, title_ru, title_en, plural_ru, plural_en, staged) VALUES (5, 'thing', '', '', '', '', 1)")
		exec(t, d, `CREATE TABLE r_thing (id {{pk}}, title TEXT NOT NULL, pipeline_id BIGINT NOT NULL, stage_id BIGINT NOT NULL,
			department_id BIGINT NOT NULL, responsible_id BIGINT NOT NULL, amount BIGINT, amount_cur {{key}}, amount_base BIGINT NOT NULL DEFAULT 0)`)
		exec(t, d, "INSERT INTO r_thing (id, title, pipeline_id, stage_id, department_id, responsible_id, amount, amount_cur, amount_base) VALUES (1, 'a', 1, 2, 3, 4, 50, 'EUR', 5000), (2, 'b', 1, 2, 3, 4, NULL, NULL, 0)")
		exec(t, d, "INSERT INTO total_dept (type_id, pipeline_id, stage_id, department_id, currency, n, amount, base) VALUES (5, 1, 2, 3, 'EUR', 1, 50, 5000), (5, 1, 2, 3, '', 1, 0, 0), (5, 9, 9, 9, '', 0, 0, 0)")
		exec(t, d, "INSERT INTO total_user (type_id, pipeline_id, responsible_id, stage_id, department_id, currency, n, amount, base) VALUES (5, 1, 4, 2, 3, 'EUR', 1, 50, 5000), (5, 1, 4, 2, 3, '', 1, 0, 0)")
		exec(t, d, "INSERT INTO phone (type_id, record_id, field_id, pos, value, normalised) VALUES (5, 1, 1, 0, '1', '1')")
		exec(t, d, "INSERT INTO visit (type_id, record_id, pipeline_id, stage_id, responsible_id, entered_at) VALUES (5, 3, 1, 2, 4, 0)")
		exec(t, d, "INSERT INTO bin (type_id, record_id, title, deleted_at, deleted_by, responsible_id, department_id, dept_pos, pipeline_id, stage_id, doc) VALUES (5, 3, '', 0, 0, 0, 0, 0, 0, 0, '')")
		if found := doctor(t, d, files); len(found) != 0 {
			t.Fatal("a healthy portal:", found)
		}
		for _, plant := range []struct{ sql, undo, check string }{
			{"UPDATE total_dept SET n = n + 1 WHERE pipeline_id = 9", "UPDATE total_dept SET n = 0 WHERE pipeline_id = 9", "totals"},
			{"UPDATE total_user SET base = 1 WHERE currency = 'EUR'", "UPDATE total_user SET base = 5000 WHERE currency = 'EUR'", "totals"},
			{"DELETE FROM total_dept WHERE currency = ''", "INSERT INTO total_dept (type_id, pipeline_id, stage_id, department_id, currency, n, amount, base) VALUES (5, 1, 2, 3, '', 1, 0, 0)", "totals"},
			{"UPDATE phone SET record_id = 77", "UPDATE phone SET record_id = 1", "orphans"},
			{"UPDATE phone SET type_id = 77", "UPDATE phone SET type_id = 5", "orphans"},
			{"INSERT INTO link (from_type, from_id, field_id, to_type, to_id) VALUES (5, 88, 1, 5, 1)", "DELETE FROM link", "orphans"},
			{"INSERT INTO job (kind, due_at, state, error) VALUES ('k', 0, 'dead', 'why')", "DELETE FROM job", "jobs"},
			{"INSERT INTO file (hash, size, name, mime, created_at) VALUES ('" + strings.Repeat("0", 64) + "', 1, '', '', 0)", "DELETE FROM file", "files"},
			{"DROP INDEX offer_user", "CREATE INDEX offer_user ON offer (user_id, state, due_at)", "schema"},
		} {
			exec(t, d, plant.sql)
			if found := doctor(t, d, files); !slices.Equal(found, []string{plant.check}) {
				t.Errorf("%s: found %v", plant.sql, found)
			}
			exec(t, d, plant.undo)
		}
		if found := doctor(t, d, files); len(found) != 0 {
			t.Fatal("healed, but", found)
		}
	})
}

func TestDoctorTellsWhichCheckFailed(t *testing.T) {
	d := dbtest.SQLite(t)
	found, err := portal.Doctor(t.Context(), d, []portal.Check{{Name: "mine", Run: func(context.Context, *db.DB) ([]portal.Finding, error) {
		return nil, context.DeadlineExceeded
	}}})
	if err != nil || len(found) != 1 || found[0].Check != "mine" || !found[0].Urgent {
		t.Fatal(found, err)
	}
}
