package portal_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/adapter/sqlstore/migrations"
	"voronka/internal/adapter/sqlstore/outbox"
	"voronka/internal/adapter/sqlstore/portal"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
)

// shelf is a place of files in memory.
type shelf struct {
	mu    sync.Mutex
	files map[string][]byte
}

func newShelf() *shelf { return &shelf{files: map[string][]byte{}} }

func (s *shelf) Keep(_ context.Context, r io.Reader) (string, error) {
	text, err := io.ReadAll(r)
	hash := sha256.Sum256(text)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[hex.EncodeToString(hash[:])] = text
	return hex.EncodeToString(hash[:]), err
}

type closer struct{ *bytes.Reader }

func (closer) Close() error { return nil }

func (s *shelf) Open(hash string) (io.ReadSeekCloser, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, ok := s.files[hash]
	if !ok {
		return nil, 0, fault.New(fault.NotFound, "file.missing")
	}
	return closer{bytes.NewReader(text)}, int64(len(text)), nil
}

// furnish puts something of every kind into a portal, a table made at run time among it.
func furnish(t *testing.T, d *db.DB, files *shelf) {
	t.Helper()
	exec(t, d, `CREATE TABLE r_deal (id {{pk}}, title TEXT NOT NULL, title_key {{key}} NOT NULL, amount BIGINT, f_day {{key}}, note TEXT DEFAULT 'none', raw {{blob}})`)
	exec(t, d, "CREATE INDEX r_deal_title ON r_deal (title_key, id DESC)")
	exec(t, d, "CREATE UNIQUE INDEX r_deal_once ON r_deal (title_key) WHERE amount = 7")
	hash, err := files.Keep(t.Context(), strings.NewReader("договор"))
	if err != nil {
		t.Fatal(err)
	}
	err = d.Do(t.Context(), func(x tx.Tx) error {
		q := db.Of(x)
		for i := range 300 {
			var amount any
			if i%3 > 0 {
				amount = int64(i) * 1e12
			}
			if _, err := q.Exec("INSERT INTO r_deal (title, title_key, amount, f_day, raw) VALUES (?, ?, ?, ?, ?)",
				fmt.Sprintf("Сделка «%d» \"\\\n\t\u2028😀", i), fmt.Sprint("сделка ", i), amount, "2026-11-22", []byte{0, byte(i), 255}); err != nil {
				return err
			}
			if err := x.Emit(event.Event{Type: "record.created"}); err != nil {
				return err
			}
		}
		if _, err := q.Exec("DELETE FROM r_deal WHERE id > 290"); err != nil {
			return err
		}
		for _, hash := range []string{hash, strings.Repeat("0", 64)} {
			if _, err := q.Exec("INSERT INTO file (hash, size, name, mime, created_at) VALUES (?, 14, 'договор.txt', 'text/plain', 1)", hash); err != nil {
				return err
			}
		}
		_, err := q.Exec("INSERT INTO idempotency (key, user_id, hash, at, answer) VALUES ('a', 1, 'h', 2, ?), ('b', 1, 'h', 2, ?)", []byte("{}"), nil)
		return errors.Join(err, x.Schedule(job.Job{Kind: "k", Key: "1", DueAt: 5}))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// content is every row of a portal as text, beside what may differ between the databases.
func content(t *testing.T, d *db.DB) map[string]string {
	t.Helper()
	out := map[string]string{}
	s := schema(t, d)
	err := d.Read(context.WithoutCancel(t.Context()), func(q db.Q) error {
		for _, table := range s.Tables {
			var names []string
			for _, c := range table.Columns {
				if table.Name != "outbox" || c.Name != "seq" {
					names = append(names, c.Name)
				}
			}
			where := ""
			if table.Name == "subscription" {
				where = " WHERE name NOT LIKE '(%'"
			}
			if err := q.Query("SELECT "+strings.Join(names, ", ")+" FROM "+table.Name+where+" ORDER BY 1, 2", nil, func(r db.Row) error {
				for i := range r.Len() {
					if r.Null(i) {
						out[table.Name] += "NULL|"
					} else {
						out[table.Name] += string(r.Bytes(i)) + "|"
					}
				}
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestBackupComesBackOnEitherDatabase(t *testing.T) {
	kinds := map[string]func(testing.TB) db.Options{"sqlite": dbtest.SQLiteOptions, "postgres": dbtest.PostgresOptions}
	for from, source := range kinds {
		for to, goal := range kinds {
			t.Run(from+" to "+to, func(t *testing.T) {
				files := newShelf()
				d := dbtest.Open(t, source(t))
				furnish(t, d, files)
				path := filepath.Join(t.TempDir(), "portal.backup")
				m, err := portal.Backup(t.Context(), d, files, path, "test")
				if err != nil {
					t.Fatal(err)
				}
				if len(m.Files) != 1 || len(m.Missing) != 1 || m.Rows() != 603 { // five of them fixed roles
					t.Fatal(len(m.Files), len(m.Missing), m.Rows())
				}
				target, shelf := goal(t), newShelf()
				back, err := portal.Restore(t.Context(), path, target, shelf)
				if err != nil {
					t.Fatal(err)
				}
				if back.Old != "" && to == "sqlite" {
					t.Error("nothing was there, but something was set aside:", back.Old)
				}
				restored := dbtest.Open(t, target)
				same(t, d, restored)
				if len(shelf.files) != 1 {
					t.Error("the file did not come back")
				}
				goesOn(t, restored)
			})
		}
	}
}

func same(t *testing.T, a, b *db.DB) {
	t.Helper()
	if diff := portal.Compare(schema(t, a), schema(t, b)); len(diff) > 0 {
		t.Error(strings.Join(diff, "\n"))
	}
	x, y := content(t, a), content(t, b)
	for name := range x {
		if x[name] != y[name] {
			t.Errorf("%s differs:\n%.500s\n%.500s", name, x[name], y[name])
		}
	}
	if len(x) != len(y) {
		t.Errorf("%d tables, %d tables", len(x), len(y))
	}
}

// goesOn checks that a restored portal gives no number twice.
func goesOn(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Do(t.Context(), func(x tx.Tx) error {
		id, err := db.InsertID(db.Of(x), "INSERT INTO r_deal (title, title_key) VALUES ('x', 'x') RETURNING id")
		if id != 301 {
			t.Errorf("the next deal is number %d", id)
		}
		return errors.Join(err, x.Emit(event.Event{Type: "record.created"}))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Read(t.Context(), func(q db.Q) error {
		end, err := outbox.End(q)
		id, e := db.Int(q, "SELECT max(id) FROM outbox")
		if want := map[db.Dialect]int64{db.SQLite: 301, db.Postgres: 300}[d.Dialect()]; end != want || id != 301 {
			t.Errorf("events end at %d with id %d", end, id) // on PostgreSQL the relay gives 301 later
		}
		return errors.Join(err, e)
	}); err != nil {
		t.Fatal(err)
	}
}

func TestBackupIsOfOneMomentWhilePeopleWork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		files := newShelf()
		furnish(t, d, files)
		ctx, cancel := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() { // two tables always changed together
			for i := 0; ctx.Err() == nil; i++ {
				err := d.Do(context.Background(), func(x tx.Tx) error {
					_, err := db.Of(x).Exec("INSERT INTO setting (key, value) VALUES (?, '')", fmt.Sprint(i))
					_, err2 := db.Of(x).Exec("INSERT INTO client_key (key, type_id, record_id) VALUES (?, 1, 1)", fmt.Sprint(i))
					return errors.Join(err, err2)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
		path := filepath.Join(t.TempDir(), "portal.backup")
		for range 3 {
			m, err := portal.Backup(t.Context(), d, files, path, "test")
			if err != nil {
				t.Fatal(err)
			}
			rows := map[string]int64{}
			for _, p := range m.Tables {
				rows[p.Name] = p.Rows
			}
			if rows["setting"] != rows["client_key"] {
				t.Fatal(rows["setting"], rows["client_key"])
			}
		}
		cancel()
		group.Wait()
	})
}

func TestRestoreSetsTheOldAsideAndRefusesWhileInUse(t *testing.T) {
	dbtest.EachOptions(t, func(t *testing.T, o db.Options) {
		files := newShelf()
		d, err := db.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		furnish(t, d, files)
		path := filepath.Join(t.TempDir(), "portal.backup")
		if _, err := portal.Backup(t.Context(), d, files, path, "test"); err != nil {
			t.Fatal(err)
		}
		exec(t, d, "INSERT INTO setting (key, value) VALUES ('after', 'the backup')")
		if _, err := portal.Restore(t.Context(), path, o, files); !fault.Is(err, fault.Conflict) {
			t.Fatal("restored under a running portal:", err)
		}
		if n := settings(t, d); n != 1 {
			t.Fatal("a refused restore changed something")
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		back, err := portal.Restore(t.Context(), path, o, files)
		if err != nil {
			t.Fatal(err)
		}
		if back.Old == "" {
			t.Fatal("the old data was not set aside")
		}
		if n := settings(t, dbtest.Open(t, o)); n != 0 {
			t.Fatal("the old data is still there")
		}
		old := o
		if o.DSN != "" {
			old.Schema = back.Old
		} else {
			old.Path = back.Old
		}
		if n := settings(t, dbtest.Open(t, old)); n != 1 {
			t.Fatal("the old data is not where it is said to be")
		}
	})
}

func settings(t *testing.T, d *db.DB) (n int64) {
	t.Helper()
	if err := d.Read(t.Context(), func(q db.Q) (err error) { n, err = db.Int(q, "SELECT count(*) FROM setting"); return err }); err != nil {
		t.Fatal(err)
	}
	return n
}

// rewrite copies an archive with one entry changed.
func rewrite(t *testing.T, path, entry string, change func([]byte) []byte) string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = z.Close() }()
	out := filepath.Join(t.TempDir(), "changed.backup")
	f, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(f)
	for _, e := range z.File {
		r, err := e.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if e.Name == entry {
			text = change(text)
		}
		p, err := w.Create(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestDamagedOrHostileBackupChangesNothing(t *testing.T) {
	files := newShelf()
	d := dbtest.SQLite(t)
	furnish(t, d, files)
	good := filepath.Join(t.TempDir(), "portal.backup")
	if _, err := portal.Backup(t.Context(), d, files, good, "test"); err != nil {
		t.Fatal(err)
	}
	replace := func(old, new string) func([]byte) []byte {
		return func(b []byte) []byte {
			if !bytes.Contains(b, []byte(old)) {
				t.Fatalf("no %q to replace", old)
			}
			return bytes.Replace(b, []byte(old), []byte(new), 1)
		}
	}
	short := filepath.Join(t.TempDir(), "short.backup")
	whole, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(short, whole[:len(whole)*2/3], 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"cut off": short,
		"no zip": func() string {
			p := filepath.Join(t.TempDir(), "x")
			_ = os.WriteFile(p, []byte("hello"), 0o600)
			return p
		}(),
		"changed row":     rewrite(t, good, "tables/r_deal.jsonl", replace("Сделка", "Сдёлка")),
		"row missing":     rewrite(t, good, "tables/r_deal.jsonl", func(b []byte) []byte { return b[:bytes.IndexByte(b, '\n')+1] }),
		"newer format":    rewrite(t, good, "manifest.json", replace(`"format": 1`, `"format": 2`)),
		"newer version":   rewrite(t, good, "manifest.json", replace(fmt.Sprintf(`"version": %d`, migrations.Latest()), `"version": 999`)),
		"hostile table":   rewrite(t, good, "manifest.json", replace(`"name": "r_deal"`, `"name": "r_deal; DROP TABLE users"`)),
		"hostile default": rewrite(t, good, "manifest.json", replace(`"default": "'none'"`, `"default": "'x'); DROP TABLE users; --"`)),
		"other house":     rewrite(t, good, "manifest.json", replace(`"name": "email_key"`, `"name": "email_kex"`)),
	} {
		o := dbtest.SQLiteOptions(t)
		if _, err := portal.Restore(t.Context(), path, o, newShelf()); err == nil || fault.CodeOf(err) == fault.Internal {
			t.Errorf("%s: %v", name, err)
		}
		left, err := os.ReadDir(filepath.Dir(o.Path))
		if err != nil || len(left) != 0 {
			t.Errorf("%s left %v %v", name, left, err)
		}
	}
}
