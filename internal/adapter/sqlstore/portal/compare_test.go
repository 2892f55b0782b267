package portal_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/adapter/sqlstore/portal"
	"voronka/internal/kernel/tx"
)

func schema(t *testing.T, d *db.DB) *portal.Schema {
	t.Helper()
	var s *portal.Schema
	if err := d.Read(context.WithoutCancel(t.Context()), func(q db.Q) (err error) { s, err = portal.Read(q); return err }); err != nil {
		t.Fatal(err)
	}
	return s
}

func exec(t *testing.T, d *db.DB, sql string, args ...any) {
	t.Helper()
	err := d.Do(context.WithoutCancel(t.Context()), func(x tx.Tx) error {
		_, err := db.Of(x).Exec(db.DDL(d.Dialect(), sql), args...)
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func TestSchemasAreTheSame(t *testing.T) {
	lite, pg := dbtest.SQLite(t), dbtest.Postgres(t)
	a, b := schema(t, lite), schema(t, pg)
	if diff := portal.Compare(a, b); len(diff) > 0 {
		t.Errorf("the tables of the house differ:\n%s", strings.Join(diff, "\n"))
	}
	if len(a.Tables) < 50 || a.Table("offer") == nil || len(a.Table("offer").Indexes) < 8 {
		t.Fatalf("the guard sees little: %d tables", len(a.Tables))
	}
}

// The guard must see every kind of difference, each made on one side only.
func TestGuardSeesEveryDifference(t *testing.T) {
	for _, test := range []struct{ change, finds string }{
		{"DROP INDEX offer_user", "index offer_user"},
		{"DROP INDEX offer_open; CREATE UNIQUE INDEX offer_open ON offer (type_id, record_id) WHERE state = 'taken'", "index offer_open"},
		{"DROP INDEX offer_open; CREATE INDEX offer_open ON offer (type_id, record_id) WHERE state = 'offered'", "index offer_open"},
		{"DROP INDEX visit_stage; CREATE INDEX visit_stage ON visit (entered_at, stage_id)", "index visit_stage"},
		{"DROP INDEX visit_stage; CREATE INDEX visit_stage ON visit (stage_id, entered_at DESC)", "index visit_stage"},
		{"CREATE TABLE extra (id {{pk}})", "table extra"},
		{"DROP TABLE external_ref", "table external_ref"},
		{"ALTER TABLE users ADD COLUMN extra BIGINT", "column extra"},
		{"ALTER TABLE users DROP COLUMN phone", "column phone"},
		{"ALTER TABLE users DROP COLUMN phone; ALTER TABLE users ADD COLUMN phone TEXT NOT NULL DEFAULT 'none'", "column phone"},
		{"ALTER TABLE users DROP COLUMN phone; ALTER TABLE users ADD COLUMN phone TEXT DEFAULT ''", "column phone"},
		{"ALTER TABLE users DROP COLUMN phone; ALTER TABLE users ADD COLUMN phone {{key}} NOT NULL DEFAULT ''", "column phone"},
		{"ALTER TABLE users DROP COLUMN phone; ALTER TABLE users ADD COLUMN phone BIGINT NOT NULL DEFAULT 0", "column phone"},
	} {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			before := schema(t, d)
			for sql := range strings.SplitSeq(test.change, "; ") {
				exec(t, d, sql)
			}
			diff := portal.Compare(before, schema(t, d))
			if !slices.ContainsFunc(diff, func(s string) bool { return strings.Contains(s, test.finds) }) {
				t.Errorf("%s: found only %v", test.change, diff)
			}
		})
	}
}
