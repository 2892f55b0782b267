package db_test

import (
	"context"
	"errors"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/kernel/tx"
)

func TestRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var id int64
		err := d.Do(ctx, func(x tx.Tx) error {
			q := db.Of(x)
			var err error
			id, err = db.InsertID(q, `INSERT INTO outbox (type, body, seq) VALUES (?, ?, ?) RETURNING id`, "т?", `Ещё "раз"`+"\n", nil)
			if err != nil {
				return err
			}
			_, err = q.Exec(`INSERT INTO idempotency (key, user_id, hash, at, answer) VALUES (?, ?, 'a?b', ?, ?)`,
				"k", int64(-5), x.Now(), []byte{0, 255, '"'})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = d.Read(ctx, func(q db.Q) error {
			in, ids := db.Ints(q, []int64{id, 99})
			found, err := db.One(q, "SELECT id, type, body, seq FROM outbox WHERE id"+in, []any{ids}, func(r db.Row) error {
				if r.Len() != 4 || r.Int64(0) != id || r.Text(1) != "т?" || !r.Null(3) || r.Null(2) || r.Int64(3) != 0 {
					t.Error("row", r.Int64(0), r.Text(1), r.Null(3))
				}
				if got := string(r.AppendJSONString([]byte("x"), 2)); got != `x"Ещё \"раз\"\n"` {
					t.Error(got)
				}
				if got := string(r.AppendInt(nil, 0)); got == "" || got != string(r.Bytes(0)) {
					t.Error(got, string(r.Bytes(0)))
				}
				return nil
			})
			if err != nil || !found {
				t.Error(found, err)
			}
			_, err = db.One(q, "SELECT user_id, answer, hash, user_id < 0, sum(user_id) FROM idempotency GROUP BY key, user_id", nil, func(r db.Row) error {
				if r.Int64(0) != -5 || string(r.Bytes(1)) != "\x00\xff\"" || r.Text(2) != "a?b" || r.Int64(3) != 1 || r.Int64(4) != -5 {
					t.Error(r.Int64(0), r.Bytes(1), r.Text(2), r.Int64(3), r.Int64(4))
				}
				return nil
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestDoIsAllOrNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		boom := errors.New("boom")
		err := d.Do(t.Context(), func(x tx.Tx) error {
			if _, err := db.Of(x).Exec("INSERT INTO setting (key, value) VALUES ('a', '1')"); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if n := count(t, d, "SELECT count(*) FROM setting"); n != 0 {
			t.Fatal(n)
		}
	})
}

func count(t *testing.T, d *db.DB, sql string, args ...any) int64 {
	t.Helper()
	var n int64
	err := d.Read(context.WithoutCancel(t.Context()), func(q db.Q) (err error) { n, err = db.Int(q, sql, args...); return err })
	if err != nil {
		t.Fatal(err)
	}
	return n
}
