package db_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/tx"
)

// envChild makes this test binary the program that is killed; it holds the options of the database.
const (
	envChild = "VORONKA_TEST_KILLED_CHILD"
	envKills = "VORONKA_NIGHT_KILLS"
)

// TestMain lets the test binary play the program that is killed.
func TestMain(m *testing.M) {
	if raw := os.Getenv(envChild); raw != "" {
		fmt.Fprintln(os.Stderr, child(raw))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// child writes for ever and prints the number of each write after it was acknowledged.
func child(raw string) error {
	var at struct {
		Path, DSN string
		From      int
	}
	if err := json.Unmarshal([]byte(raw), &at); err != nil {
		return err
	}
	d, err := db.Open(context.Background(), db.Options{Path: at.Path, DSN: at.DSN})
	if err != nil {
		return err
	}
	var mu sync.Mutex
	next := at.From
	errs := make(chan error)
	for range 6 {
		go func() {
			for {
				mu.Lock()
				n := next
				next++
				mu.Unlock()
				if err := d.Do(context.Background(), func(x tx.Tx) error { return pair(x, n) }); err != nil {
					errs <- err
					return
				}
				mu.Lock()
				fmt.Println(n)
				mu.Unlock()
			}
		}()
	}
	return <-errs
}

// pair writes two rows and an event that belong together.
func pair(x tx.Tx, n int) error {
	_, err := db.Of(x).Exec("INSERT INTO client_key (key, type_id, record_id) VALUES (?, 1, ?)", strconv.Itoa(n), n)
	return errors.Join(err, set(x, strconv.Itoa(n)), x.Emit(event.Event{Type: "pair.written"}))
}

func TestKilledProgramKeepsWhatItAcknowledged(t *testing.T) {
	rounds := 3
	if n, err := strconv.Atoi(os.Getenv(envKills)); err == nil {
		rounds = n
	}
	dbtest.EachOptions(t, func(t *testing.T, o db.Options) {
		acknowledged := 0
		for round := range rounds {
			ids := killOnce(t, o, round*1_000_000)
			acknowledged += len(ids)
			verifyAfterKill(t, o, ids)
		}
		if acknowledged == 0 {
			t.Fatal("every child was killed before its first write: nothing was tested")
		}
		t.Logf("%d writes acknowledged in %d rounds", acknowledged, rounds)
	})
}

// killOnce runs the child, kills it at a random moment and returns what it had acknowledged.
func killOnce(t *testing.T, o db.Options, from int) []string {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"Path": o.Path, "DSN": o.DSN, "From": from})
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(program)
	c.Env = append(os.Environ(), envChild+"="+string(raw))
	c.Stderr = t.Output()
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var ids []string
	for lines.Scan() {
		if len(ids) == 0 { // it is at work
			time.AfterFunc(time.Duration(rand.IntN(150))*time.Millisecond, func() { _ = c.Process.Kill() })
		}
		ids = append(ids, lines.Text())
	}
	_ = c.Wait()
	return ids
}

func verifyAfterKill(t *testing.T, o db.Options, ids []string) {
	t.Helper()
	o.Unsafe = false
	d, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}()
	there := map[string]bool{}
	err = d.Read(t.Context(), func(q db.Q) error {
		if d.Dialect() == db.SQLite {
			if _, err := db.One(q, "PRAGMA quick_check", nil, func(r db.Row) error {
				if r.Text(0) != "ok" {
					t.Error(r.Text(0))
				}
				return nil
			}); err != nil {
				return err
			}
		}
		if err := q.Query("SELECT key FROM setting", nil, func(r db.Row) error { there[r.Text(0)] = true; return nil }); err != nil {
			return err
		}
		halves, err := db.Int(q, `SELECT count(*) FROM setting s FULL OUTER JOIN client_key k ON k.key = s.key
			WHERE s.key IS NULL OR k.key IS NULL`)
		if err == nil && halves != 0 {
			t.Error(halves, "halves of pairs")
		}
		events, e := db.Int(q, "SELECT count(*) FROM outbox")
		if e == nil && events != int64(len(there)) {
			t.Error(events, "events of", len(there), "writes")
		}
		return errors.Join(err, e)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if !there[id] {
			t.Errorf("%s was acknowledged and is lost", id)
		}
	}
}
