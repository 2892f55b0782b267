package db_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
)

func key(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Key
	}
	return fmt.Sprint(err)
}

func TestDiskFullIsToldAndPasses(t *testing.T) {
	d := dbtest.SQLite(t)
	limit := func(pages int) {
		t.Helper()
		if err := d.Do(t.Context(), func(x tx.Tx) error {
			return db.Of(x).Query(fmt.Sprintf("PRAGMA max_page_count = %d", pages), nil, func(db.Row) error { return nil })
		}); err != nil {
			t.Fatal(err)
		}
	}
	limit(int(count(t, d, "PRAGMA page_count")) + 20)
	var group sync.WaitGroup
	var mu sync.Mutex
	written, full := map[string]bool{}, 0
	for w := range 4 {
		group.Go(func() {
			for i := range 10 {
				name := fmt.Sprintf("%d-%d", w, i)
				err := d.Do(context.Background(), func(x tx.Tx) error {
					_, err := db.Of(x).Exec("INSERT INTO setting (key, value) VALUES (?, ?)", name, strings.Repeat("x", 10_000))
					return err
				})
				mu.Lock()
				switch {
				case err == nil:
					written[name] = true
				case key(err) == "db.disk_full" && fault.Is(err, fault.Unavailable):
					full++
				default:
					t.Error(err)
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if full == 0 || len(written) == 0 {
		t.Fatal("full:", full, "written:", len(written))
	}
	if n := count(t, d, "SELECT count(*) FROM setting"); n != int64(len(written)) {
		t.Fatal("half written:", n, len(written))
	}
	limit(1 << 30)
	if err := d.Do(t.Context(), func(x tx.Tx) error { return set(x, "room again") }); err != nil {
		t.Fatal(err)
	}
}

// cable is a line to the server that can be cut.
type cable struct {
	listener net.Listener
	target   string
	mu       sync.Mutex
	cut      bool
	lines    []net.Conn
}

func lay(t *testing.T, target string) *cable {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{listener: l, target: target}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			c.connect(in)
		}
	}()
	return c
}

func (c *cable) connect(in net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out, err := net.Dial("tcp", c.target)
	if err != nil || c.cut {
		_ = in.Close()
		return
	}
	c.lines = append(c.lines, in, out)
	go func() { _, _ = io.Copy(in, out); _ = in.Close() }()
	go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
}

func (c *cable) set(cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = cut
	if cut {
		for _, line := range c.lines {
			_ = line.Close()
		}
		c.lines = nil
	}
}

func TestDatabaseAwayAndBack(t *testing.T) {
	o := dbtest.PostgresOptions(t)
	u, err := url.Parse(o.DSN)
	if err != nil || u.Host == "" {
		t.Skip("the DSN is no URL with a host, so no line can be put between")
	}
	c := lay(t, u.Host)
	u.Host = c.listener.Addr().String()
	o.DSN = u.String()
	d := dbtest.Open(t, o)
	write := func(name string) error {
		return d.Do(t.Context(), func(x tx.Tx) error { return set(x, name) })
	}
	read := func() error {
		return d.Read(t.Context(), func(q db.Q) error { _, err := db.Int(q, "SELECT count(*) FROM setting"); return err })
	}
	if err := errors.Join(write("before"), read()); err != nil {
		t.Fatal(err)
	}
	err = d.Do(t.Context(), func(x tx.Tx) error { // cut in the middle of a transaction
		if err := set(x, "torn"); err != nil {
			return err
		}
		c.set(true)
		return set(x, "torn too")
	})
	if key(err) != "db.unavailable" {
		t.Fatal(err)
	}
	for range 3 {
		if err := write("away"); key(err) != "db.unavailable" {
			t.Error(err)
		}
		if err := read(); key(err) != "db.unavailable" {
			t.Error(err)
		}
	}
	wake, stop := d.Listen("test")
	defer stop()
	c.set(false)
	for end := time.Now().Add(10 * time.Second); write("back") != nil; {
		if time.Now().After(end) {
			t.Fatal("did not come back")
		}
	}
	if n := count(t, d, "SELECT count(*) FROM setting"); n != 2 {
		t.Fatal(n)
	}
	other := dbtest.Open(t, o)
	for end := time.Now().Add(10 * time.Second); ; { // what other nodes tell is heard again
		other.Signal("test")
		select {
		case <-wake:
			return
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(end) {
			t.Fatal("deaf after the break")
		}
	}
}
