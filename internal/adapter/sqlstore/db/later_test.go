package db_test

import (
	"errors"
	"slices"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
)

// What is put off happens in its place: what comes after sees it, and its failure is that of the savepoint or the
// transaction it belongs to.
func TestLater(t *testing.T) {
	const insert = "INSERT INTO setting (key, value) VALUES (?, ?)"
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		count := func() (n int64) {
			t.Helper()
			if err := d.Read(t.Context(), func(q db.Q) (err error) {
				n, err = db.Int(q, "SELECT count(*) FROM setting WHERE key LIKE 'later%'")
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return n
		}
		err := d.Do(t.Context(), func(x tx.Tx) error {
			q := db.Of(x)
			if err := db.Later(q, insert, "later1", "a"); err != nil {
				return err
			}
			n, err := q.Exec("UPDATE setting SET value = 'b' WHERE key = ?", "later1")
			if err != nil || n != 1 {
				t.Errorf("what comes after touches %d rows, %v", n, err)
			}
			if err := db.Later(q, insert, "later2", "a"); err != nil {
				return err
			}
			for i, f := range []func() error{
				func() error { return db.Later(q, insert, "later1", "twice") },
				func() error { _ = db.Later(q, insert, "later3", "undone"); return fault.New(fault.Conflict, "x") },
				func() error {
					_ = db.Later(q, insert, "later4", "undone too")
					return db.Savepoint(x, func() error { return db.Later(q, insert, "later2", "twice") })
				},
			} {
				if err := db.Savepoint(x, f); err == nil {
					t.Errorf("%d went well", i)
				}
			}
			return db.Savepoint(x, func() error { return db.Later(q, insert, "later5", "a") })
		})
		if n := count(); err != nil || n != 3 {
			t.Errorf("%d are there, %v", n, err)
		}
		err = d.Do(t.Context(), func(x tx.Tx) error {
			if err := db.Later(db.Of(x), insert, "later6", "a"); err != nil {
				return err
			}
			return db.Later(db.Of(x), insert, "later1", "twice")
		})
		if n := count(); !db.IsUnique(err) || n != 3 {
			t.Errorf("%d are there after a failure nobody looked at, %v", n, err)
		}
		for range 3 {
			if err := d.Do(t.Context(), func(tx.Tx) error { return nil }); err != nil {
				t.Errorf("nothing at all: %v", err)
			}
			if err := d.Do(t.Context(), func(tx.Tx) error { return fault.New(fault.Conflict, "x") }); !fault.Is(err, fault.Conflict) {
				t.Errorf("refused before anything was asked: %v", err)
			}
		}
		if err := d.Do(t.Context(), func(x tx.Tx) error { return db.Later(db.Of(x), insert, "later7", "a") }); err != nil || count() != 4 {
			t.Errorf("nothing but what is put off: %v", err)
		}
	})
}

// What is asked for soon is answered in its place: by the next statement, by Settle or by the end, in writes and in reads.
func TestSoon(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const ask = "SELECT value FROM setting WHERE key = ?"
		var got []string
		each := func(r db.Row) error { got = append(got, r.Text(0)); return nil }
		want := func(what string, err error, texts ...string) {
			t.Helper()
			if err != nil || !slices.Equal(got, texts) {
				t.Errorf("%s: %v, %v", what, got, err)
			}
			got = nil
		}
		err := d.Do(t.Context(), func(x tx.Tx) error {
			q := db.Of(x)
			for _, err := range []error{
				db.Later(q, "INSERT INTO setting (key, value) VALUES ('soon', 'a')"), db.Soon(q, ask, []any{"soon"}, each),
				db.Later(q, "UPDATE setting SET value = 'b' WHERE key = 'soon'"), db.Soon(q, ask, []any{"soon"}, each), db.Settle(q), db.Settle(q),
			} {
				if err != nil {
					return err
				}
			}
			want("in a write", nil, "a", "b")
			if err := db.Soon(q, ask, []any{"soon"}, each); err != nil {
				return err
			}
			n, err := db.Int(q, "SELECT count(*) FROM setting WHERE key = 'soon'")
			want("before the next", err, "b")
			if n != 1 {
				t.Error("count", n)
			}
			return db.Soon(q, ask, []any{"soon"}, each)
		})
		want("by the end of a write", err, "b")
		for range 2 {
			err = d.Read(t.Context(), func(q db.Q) error {
				if err := db.Soon(q, ask, []any{"soon"}, each); err != nil {
					return err
				}
				if err := db.Soon(q, ask, []any{"soon"}, each); err != nil {
					return err
				}
				err := db.Settle(q)
				if len(got) != 2 {
					t.Error("not there after Settle", got)
				}
				return err
			})
			want("in a read", err, "b", "b")
			err = d.Read(t.Context(), func(q db.Q) error { return db.Soon(q, ask, []any{"soon"}, each) })
			want("by the end of a read", err, "b")
			err = d.ReadLoose(t.Context(), func(q db.Q) error { return errors.Join(db.Soon(q, ask, []any{"soon"}, each), db.Settle(q)) })
			want("in a loose read", err, "b")
		}
		for name, f := range map[string]func(q db.Q) error{
			"a broken question": func(q db.Q) error {
				return errors.Join(db.Soon(q, "SELECT nothing FROM nowhere", nil, each), db.Settle(q))
			},
			"what each says": func(q db.Q) error {
				return errors.Join(db.Soon(q, ask, []any{"soon"}, func(db.Row) error { return fault.New(fault.Conflict, "x") }), db.Settle(q))
			},
		} {
			if err := d.Read(t.Context(), f); err == nil {
				t.Errorf("%s is no failure of the read", name)
			}
			if err := d.Do(t.Context(), func(x tx.Tx) error { return f(db.Of(x)) }); err == nil {
				t.Errorf("%s is no failure of the write", name)
			}
		}
		err = d.Read(t.Context(), func(q db.Q) error { return q.Query(ask, []any{"soon"}, each) })
		want("afterwards", err, "b")
	})
}

// A write sees the versions it has changed itself, however soon it looks.
func TestOwnVersionIsSeenAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c := db.NewVersioned(d, "org", func(q db.Q) (*int64, error) {
			n, err := db.Int(q, "SELECT n FROM version WHERE name = 'org'")
			return &n, err
		})
		err := d.Do(t.Context(), func(x tx.Tx) error {
			before, err := c.In(db.Of(x))
			if err != nil {
				return err
			}
			for i := range int64(3) {
				if i == 1 { // put off and by hand
					err = db.Later(db.Of(x), "UPDATE version SET n = n + 1 WHERE name = 'org'")
				} else {
					err = db.Bump(x, "org")
				}
				if err != nil {
					return err
				}
				if after, err := c.In(db.Of(x)); err != nil || *after != *before+i+1 {
					t.Errorf("change %d: %d after %d, %v", i, *after, *before, err)
				}
			}
			undone := db.Savepoint(x, func() error { return errors.Join(db.Bump(x, "org"), errors.New("undo")) })
			if after, err := c.In(db.Of(x)); undone == nil || err != nil || *after != *before+3 {
				t.Errorf("after what was undone: %d, %v", *after, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
