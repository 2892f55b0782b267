package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

func set(x tx.Tx, key string) error {
	_, err := db.Of(x).Exec("INSERT INTO setting (key, value) VALUES (?, '')", key)
	return err
}

func TestManyWritersShareCommitsAndFailAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const writers, each = 16, 25
		boom := errors.New("boom")
		var hooks atomic.Int64
		var group sync.WaitGroup
		for w := range writers {
			group.Go(func() {
				for i := range each {
					err := d.Do(context.Background(), func(x tx.Tx) error {
						x.AfterCommit(func() { hooks.Add(1) })
						if err := set(x, fmt.Sprintf("%d-%d", w, i)); err != nil {
							return err
						}
						switch i % 5 {
						case 3:
							return boom
						case 4:
							panic("a bug in a use case")
						}
						return nil
					})
					switch {
					case i%5 == 3 && !errors.Is(err, boom), i%5 == 4 && !fault.Is(err, fault.Internal), i%5 < 3 && err != nil:
						t.Errorf("writer %d, %d: %v", w, i, err)
					}
				}
			})
		}
		group.Wait()
		if n := count(t, d, "SELECT count(*) FROM setting"); n != writers*each*3/5 || hooks.Load() != n {
			t.Fatal(n, hooks.Load())
		}
	})
}

func TestGivenUpBeforeItBegan(t *testing.T) {
	d := dbtest.SQLite(t)
	begun, release := make(chan struct{}), make(chan struct{})
	go func() {
		_ = d.Do(context.Background(), func(tx.Tx) error { close(begun); <-release; return nil })
	}()
	<-begun
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- d.Do(ctx, func(x tx.Tx) error { return set(x, "ghost") })
	}()
	time.Sleep(20 * time.Millisecond)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	close(release)
	if err := d.Do(t.Context(), func(x tx.Tx) error { return set(x, "later") }); err != nil {
		t.Fatal(err)
	}
	if n := count(t, d, "SELECT count(*) FROM setting"); n != 1 {
		t.Fatal("a request that was given up ran")
	}
}

func TestNestedIsRefusedInsteadOfWaitingForItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Do(t.Context(), func(x tx.Tx) error {
			if err := d.Do(x.Context(), func(tx.Tx) error { return nil }); !fault.Is(err, fault.Internal) {
				t.Error("Do in Do:", err)
			}
			if err := d.Read(x.Context(), func(db.Q) error { return nil }); !fault.Is(err, fault.Internal) {
				t.Error("Read in Do:", err)
			}
			return db.Of(x).Query("SELECT 1", nil, func(db.Row) error {
				if _, err := db.Int(db.Of(x), "SELECT 2"); err == nil {
					t.Error("a question inside an answer")
				}
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestUniqueIsToldAndSavepointSaves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		add := func(x tx.Tx) error {
			_, err := db.Of(x).Exec("INSERT INTO department_deputy (department_id, user_id) VALUES (1, 2)")
			return err
		}
		email := func(x tx.Tx) error {
			_, err := db.Of(x).Exec(`INSERT INTO users (email, email_key, name, name_key, role, lang, zone, created_at)
				VALUES ('a', 'a', '', '', 'admin', 'ru', 'UTC', 0)`)
			return err
		}
		err := d.Do(t.Context(), func(x tx.Tx) error {
			if err := errors.Join(add(x), email(x)); err != nil {
				return err
			}
			err := db.Savepoint(x, func() error {
				x.AfterCommit(func() { t.Error("a hook of a failed savepoint ran") })
				return errors.Join(x.Emit(event.Event{Type: "never.happened"}), set(x, "undone"), add(x))
			})
			u := db.UniqueOf(err)
			if u == nil || u.Table != "department_deputy" || strings.Join(u.Columns, ",") != "department_id,user_id" || db.Fatal(x, err) {
				t.Errorf("%+v %v", u, err)
			}
			if err = db.Savepoint(x, func() error { return email(x) }); db.UniqueOf(err) == nil || db.UniqueOf(err).Columns[0] != "email_key" {
				t.Error(err)
			}
			if err := db.Savepoint(x, func() error { panic("inside") }); !fault.Is(err, fault.Internal) {
				t.Error(err)
			}
			return set(x, "kept")
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(t, d, "SELECT count(*) FROM setting"); n != 1 {
			t.Fatal(n)
		}
		if n := count(t, d, "SELECT count(*) FROM outbox"); n != 0 {
			t.Fatal("an undone event was written")
		}
		if err := d.Do(t.Context(), add); !db.IsUnique(err) {
			t.Fatal(err)
		}
		// A failed statement that is swallowed must not look like a success.
		if err := d.Do(t.Context(), func(x tx.Tx) error { _ = add(x); return nil }); err == nil {
			t.Fatal("a spoilt transaction was committed")
		}
	})
}

func TestEventsAndJobsCarryWhoAndWhen(t *testing.T) {
	c := clock.NewManual(time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC))
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := tx.WithActor(t.Context(), 7)
		err := d.Do(ctx, func(x tx.Tx) error {
			for range 120 {
				if err := x.Emit(event.Event{Type: "record.created"}); err != nil {
					return err
				}
			}
			if err := x.Emit(event.Event{Type: "too.deep", Cause: event.Cause{Kind: "rule", Depth: event.MaxDepth + 1}}); !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
			return x.Schedule(job.Job{Kind: "k", DueAt: x.Now()})
		})
		if err != nil {
			t.Fatal(err)
		}
		n := count(t, d, "SELECT count(*) FROM outbox WHERE body LIKE ?", fmt.Sprintf(`%%"at":%d,"actor":7,"cause":{"kind":"person"}%%`, c.Now()))
		if n != 120 {
			t.Fatal(n)
		}
	}, func(o *db.Options) { o.Clock = c })
}

func TestReadIsOneMomentAndReadOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Read(t.Context(), func(q db.Q) error {
			before, err := db.Int(q, "SELECT count(*) FROM setting")
			if err != nil {
				return err
			}
			if err := d.Do(context.Background(), func(x tx.Tx) error { return set(x, "meanwhile") }); err != nil {
				return err
			}
			if after, err := db.Int(q, "SELECT count(*) FROM setting"); err != nil || after != before {
				t.Error(before, after, err)
			}
			if _, err := q.Exec("DELETE FROM setting"); err == nil {
				t.Error("a Read wrote")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(t, d, "SELECT count(*) FROM setting"); n != 1 {
			t.Fatal(n)
		}
	})
}

const endless = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT count(*) FROM n`

func TestSlowReadIsEndedAndTheReaderLivesOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for range 6 { // more often than there are readers
			started := time.Now()
			err := d.Read(t.Context(), func(q db.Q) error { _, err := db.Int(q, endless); return err })
			var f *fault.Error
			if !errors.As(err, &f) || f.Key != "db.too_slow" || time.Since(started) > 15*time.Second { // it would run for minutes
				t.Fatal(err, time.Since(started))
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		if err := d.Read(ctx, func(q db.Q) error { _, err := db.Int(q, endless); return err }); !errors.Is(err, context.Canceled) {
			t.Fatal("a caller who left:", err)
		}
		if n := count(t, d, "SELECT count(*) FROM setting"); n != 0 {
			t.Fatal(n)
		}
	}, func(o *db.Options) { o.ReadTimeout = 150 * time.Millisecond })
}

func TestNoFreeReaderIsBusy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var group sync.WaitGroup
		release := make(chan struct{})
		var holding sync.WaitGroup
		for range 2 {
			holding.Add(1)
			group.Go(func() {
				_ = d.Read(context.Background(), func(db.Q) error { holding.Done(); <-release; return nil })
			})
		}
		holding.Wait()
		err := d.Read(t.Context(), func(db.Q) error { return nil })
		var f *fault.Error
		if !errors.As(err, &f) || f.Key != "db.busy" || f.RetryAfter == 0 {
			t.Error(err)
		}
		close(release)
		group.Wait()
	}, func(o *db.Options) { o.Readers, o.Connections, o.ReaderWait = 2, 2, 100*time.Millisecond })
}

func TestTextsAreForgottenNotHoarded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Read(t.Context(), func(q db.Q) error {
			for i := range 1200 {
				if n, err := db.Int(q, fmt.Sprintf("SELECT %d + CAST(? AS BIGINT)", i), i); err != nil || n != int64(2*i) {
					return fmt.Errorf("%d: %d %w", i, n, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestWrongArgumentsAreErrors(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, args := range [][]any{{}, {1, 2}, {3.14}, {time.Now()}} {
			if err := d.ReadLoose(t.Context(), func(q db.Q) error { _, err := db.Int(q, "SELECT CAST(? AS BIGINT)", args...); return err }); err == nil {
				t.Errorf("%v was accepted", args)
			}
		}
	})
}

func TestVersioned(t *testing.T) {
	type company struct{ name string }
	dbtest.EachOptions(t, func(t *testing.T, o db.Options) {
		d, other := dbtest.Open(t, o), dbtest.Open(t, o)
		var loads atomic.Int64
		load := func(q db.Q) (*company, error) {
			loads.Add(1)
			c := &company{}
			_, err := db.One(q, "SELECT value FROM setting WHERE key = 'company'", nil, func(r db.Row) error { c.name = r.Text(0); return nil })
			return c, err
		}
		here, there := db.NewVersioned(d, "org", load), db.NewVersioned(other, "org", load)
		rename := func(name string, fail error) error {
			return d.Do(context.Background(), func(x tx.Tx) error {
				_, err := db.Of(x).Exec("INSERT INTO setting (key, value) VALUES ('company', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", name)
				if err := errors.Join(err, db.Bump(x, "org")); err != nil {
					return err
				}
				if c, err := here.In(db.Of(x)); err != nil || c.name != name {
					t.Errorf("inside: %v %v", c, err)
				}
				return fail
			})
		}
		last := func(c *db.Versioned[company]) string {
			v, err := c.Last(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return v.name
		}
		if last(here) != "" || last(there) != "" {
			t.Fatal("not empty")
		}
		if err := rename("first", nil); err != nil {
			t.Fatal(err)
		}
		if last(here) != "first" {
			t.Fatal("what was committed here is not known here")
		}
		boom := errors.New("boom")
		if err := rename("never", boom); !errors.Is(err, boom) {
			t.Fatal(err)
		}
		if err := rename("second", nil); err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(3 * time.Second); last(there) != "second"; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("the other node still has", last(there))
			}
		}
		before := loads.Load()
		for range 10 {
			if err := other.Do(t.Context(), func(x tx.Tx) error {
				c, err := there.In(db.Of(x))
				if err == nil && c.name != "second" {
					t.Error(c.name)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		if loads.Load() != before {
			t.Error("loaded again though nothing had changed")
		}
		if n := count(t, d, "SELECT count(*) FROM outbox WHERE type = 'config.changed' AND body LIKE '%\"name\":\"org\"%'"); n != 2 {
			t.Error(n, "events")
		}
	})
}

func TestPostgresRetriesDeadlocks(t *testing.T) {
	d := dbtest.Postgres(t)
	if err := d.Do(t.Context(), func(x tx.Tx) error { return errors.Join(set(x, "a"), set(x, "b")) }); err != nil {
		t.Fatal(err)
	}
	add := func(x tx.Tx, key string) error {
		_, err := db.Of(x).Exec("UPDATE setting SET value = value || 'x' WHERE key = ?", key)
		return err
	}
	var group sync.WaitGroup
	var runs atomic.Int64
	for i := range 4 {
		group.Go(func() {
			keys := []string{"a", "b"}
			if i%2 == 1 {
				keys = []string{"b", "a"}
			}
			err := d.Do(context.Background(), func(x tx.Tx) error {
				runs.Add(1)
				if err := add(x, keys[0]); err != nil {
					return err
				}
				time.Sleep(50 * time.Millisecond)
				return add(x, keys[1])
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := count(t, d, "SELECT count(*) FROM setting WHERE value = 'xxxx'"); n != 2 || runs.Load() <= 4 {
		t.Fatal(n, runs.Load())
	}
}

func TestTwoNodesStartAtOnce(t *testing.T) {
	dbtest.EachOptions(t, func(t *testing.T, o db.Options) {
		if o.DSN != "" {
			o.Schema = "empty" // the test database has the tables already; this schema has not
			if err := db.Admin(t.Context(), o, func(q db.Q) error { _, err := q.Exec("CREATE SCHEMA empty"); return err }); err != nil {
				t.Fatal(err)
			}
		}
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() {
				d, err := db.Open(context.Background(), o)
				if err != nil {
					t.Error(err)
					return
				}
				if err := d.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	})
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	dbtest.EachOptions(t, func(t *testing.T, o db.Options) {
		d, err := db.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		err = d.Do(t.Context(), func(x tx.Tx) error {
			_, err := db.Of(x).Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, " +
				map[db.Dialect]string{db.SQLite: "1", db.Postgres: "true"}[d.Dialect()] + ")")
			return err
		})
		if err := errors.Join(err, d.Close()); err != nil {
			t.Fatal(err)
		}
		var f *fault.Error
		if _, err := db.Open(t.Context(), o); !errors.As(err, &f) || f.Key != "db.newer" {
			t.Fatal(err)
		}
	})
}
