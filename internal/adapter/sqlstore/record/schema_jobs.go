package record

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/schema"
)

// Jobs are the handlers of the schema's jobs but schema.JobMoveValue, which needs the service.
func (s *Store) Jobs() []job.Handler {
	return []job.Handler{
		{Kind: schema.JobIndex, Do: s.buildIndex},
		{Kind: schema.JobDropField, Do: s.dropField},
		{Kind: schema.JobDropType, Do: s.dropType},
	}
}

// announce tells listeners how an index is getting on: "index.building" before the work, which on SQLite holds the writer
// for about two seconds a million rows, "index.ready" after it.
func announce(t tx.Tx, what string, typ *schema.Type, f *schema.Field) error {
	data, err := json.Marshal(map[string]string{"type": typ.Code, "field": f.Code})
	if err != nil {
		return err
	}
	return t.Emit(event.Event{Type: what, Data: data})
}

// subject finds what a job is about, removed fields too; nil when it is gone meanwhile.
func (s *Store) subject(t tx.Tx, j job.Job) (*schema.Type, *schema.Field, error) {
	var about schema.FieldJob
	if err := json.Unmarshal(j.Payload, &about); err != nil {
		return nil, nil, err
	}
	cat, err := s.Catalog(t)
	if err != nil {
		return nil, nil, err
	}
	typ := cat.TypeByID(about.Type)
	if typ == nil {
		return nil, nil, nil
	}
	return typ, typ.FieldByID(about.Field), nil
}

// buildIndex makes the index of a field. It may run again after a crash at any point.
func (s *Store) buildIndex(ctx context.Context, j job.Job) error {
	var typ *schema.Type
	var f *schema.Field
	err := s.d.Do(ctx, func(t tx.Tx) (err error) {
		if typ, f, err = s.subject(t, j); err != nil || f == nil {
			return err
		}
		return announce(t, "index.building", typ, f)
	})
	if err != nil || f == nil || f.SortColumn() == "" {
		return err
	}
	if err := s.d.Alone(ctx, func(q db.Q) error { return makeIndex(q, typ, f) }); err != nil {
		return fmt.Errorf("index of %s.%s: %w", typ.Code, f.Code, err)
	}
	return s.d.Do(ctx, func(t tx.Tx) error {
		if _, err := db.Of(t).Exec("UPDATE field SET indexed = ? WHERE id = ?", indexReady, f.ID); err != nil {
			return err
		}
		if err := announce(t, "index.ready", typ, f); err != nil {
			return err
		}
		return db.Bump(t, "schema")
	})
}

func makeIndex(q db.Q, typ *schema.Type, f *schema.Field) error {
	name, text := fieldIndex(typ, f)
	if q.Dialect() == db.SQLite {
		if _, err := q.Exec("CREATE INDEX IF NOT EXISTS " + name + " " + indexText(db.SQLite, text)); err != nil {
			return err
		}
		_, err := q.Exec("PRAGMA shrink_memory") // the writer's cache is full of what nobody asks for
		return err
	}
	// A build that was cut off leaves an index that is there but of no use.
	if _, err := q.Exec("SET lock_timeout = '5s'"); err != nil {
		return err
	}
	if err := oneBuilder(q); err != nil {
		return err
	}
	broken, err := db.Int(q, "SELECT count(*) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = ? AND NOT i.indisvalid", name)
	if err != nil {
		return err
	}
	if broken > 0 {
		if _, err := q.Exec("DROP INDEX CONCURRENTLY IF EXISTS " + name); err != nil {
			return err
		}
	}
	_, err = q.Exec("CREATE INDEX CONCURRENTLY IF NOT EXISTS " + name + " " + text)
	return err
}

// oneBuilder waits until nobody else on any node builds an index, for as long as the connection lives: two builds on one
// table wait for each other's snapshots. For the same reason it asks again and again instead of waiting in the database.
func oneBuilder(q db.Q) error {
	for {
		mine, err := db.Int(q, "SELECT CASE WHEN pg_try_advisory_lock(hashtextextended('voronka index', 0)) THEN 1 ELSE 0 END")
		if err != nil || mine != 0 {
			return err
		}
		select {
		case <-q.Context().Done():
			return q.Context().Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// dropField removes for good what a field held, when its 30 days are over.
func (s *Store) dropField(ctx context.Context, j job.Job) error {
	var typ *schema.Type
	var f *schema.Field
	err := s.d.Do(ctx, func(t tx.Tx) (err error) { typ, f, err = s.subject(t, j); return err })
	if err != nil || f == nil || f.RemovedAt == 0 {
		return err
	}
	if side := f.Kind.Side(); side != schema.InColumns {
		if err := s.dropRows(ctx, "DELETE FROM "+string(side)+" WHERE field_id = ? AND %s IN (SELECT %[1]s FROM "+string(side)+" WHERE field_id = ? LIMIT 500)", side, f.ID); err != nil {
			return err
		}
	}
	return s.d.Do(ctx, func(t tx.Tx) error {
		if err := s.LockSchema(t); err != nil {
			return err
		}
		q := db.Of(t)
		name, _ := fieldIndex(typ, f)
		if _, err := q.Exec("DROP INDEX IF EXISTS " + name); err != nil {
			return err
		}
		for _, column := range f.Columns() {
			if _, err := q.Exec("ALTER TABLE " + typ.Table() + " DROP COLUMN " + column); err != nil {
				return err
			}
		}
		for _, text := range []string{"DELETE FROM list_value WHERE field_id = ?", "DELETE FROM field WHERE id = ?"} {
			if _, err := q.Exec(text, f.ID); err != nil {
				return err
			}
		}
		return db.Bump(t, "schema")
	})
}

// dropRows deletes the rows of a field from a side table, a slice at a time.
func (s *Store) dropRows(ctx context.Context, text string, side schema.Side, fieldID int64) error {
	_, recordColumn := owner(side)
	for {
		var n int64
		err := s.d.Do(ctx, func(t tx.Tx) (err error) {
			n, err = db.Of(t).Exec(fmt.Sprintf(text, recordColumn), fieldID, fieldID)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

// dropType removes a type with its records for good, when its 30 days are over.
func (s *Store) dropType(ctx context.Context, j job.Job) error {
	var about schema.FieldJob
	if err := json.Unmarshal(j.Payload, &about); err != nil {
		return err
	}
	return s.d.Do(ctx, func(t tx.Tx) error {
		if err := s.LockSchema(t); err != nil {
			return err
		}
		q := db.Of(t)
		var code string
		found, err := db.One(q, "SELECT code FROM record_type WHERE id = ? AND removed_at <> 0 AND builtin = 0", []any{about.Type}, func(r db.Row) error { code = r.Text(0); return nil })
		if err != nil || !found {
			return err
		}
		if _, err := q.Exec("DROP TABLE IF EXISTS r_" + code); err != nil {
			return err
		}
		for _, text := range typeRows {
			if _, err := q.Exec(text, about.Type); err != nil {
				return err
			}
		}
		return db.Bump(t, "schema")
	})
}

// typeRows delete what belongs to a type and means nothing without it. The journal stays.
var typeRows = []string{
	"DELETE FROM link WHERE from_type = ?", "DELETE FROM link WHERE to_type = ?", "DELETE FROM phone WHERE type_id = ?",
	"DELETE FROM email WHERE type_id = ?", "DELETE FROM choice WHERE type_id = ?", "DELETE FROM attachment WHERE type_id = ?",
	"DELETE FROM observer WHERE type_id = ?", "DELETE FROM external_ref WHERE type_id = ?", "DELETE FROM bin WHERE type_id = ?",
	"DELETE FROM visit WHERE type_id = ?", "DELETE FROM total_dept WHERE type_id = ?", "DELETE FROM total_user WHERE type_id = ?", "DELETE FROM lost_reason WHERE type_id = ?",
	"DELETE FROM stage WHERE pipeline_id IN (SELECT id FROM pipeline WHERE type_id = ?)", "DELETE FROM pipeline WHERE type_id = ?",
	"DELETE FROM list_value WHERE field_id IN (SELECT id FROM field WHERE type_id = ?)", "DELETE FROM field WHERE type_id = ?",
	"DELETE FROM record_type WHERE id = ?",
}
