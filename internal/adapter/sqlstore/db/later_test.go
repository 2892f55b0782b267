package db_test

import (
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
