// Package dbtest gives tests real databases: a fresh SQLite file and, where there is a server, a fresh PostgreSQL
// database, both with the tables of the house.
package dbtest

import (
	"context"
	"fmt"
	"hash/fnv"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/migrations"
)

// Environment variables that say which PostgreSQL to use (the DSN of a superuser) and whether its absence is a failure.
const (
	EnvPostgres = "VORONKA_TEST_POSTGRES"
	EnvRequire  = "VORONKA_REQUIRE_POSTGRES"
)

// Option changes how a test database is opened.
type Option func(*db.Options)

// Each runs f as a sub-test on SQLite and on PostgreSQL.
func Each(t *testing.T, f func(t *testing.T, d *db.DB), options ...Option) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t, options...)) })
	t.Run("postgres", func(t *testing.T) { f(t, Postgres(t, options...)) })
}

// EachOptions runs f with the options of a fresh database of each kind, for tests that open it themselves: two nodes
// over one database, a restart.
func EachOptions(t *testing.T, f func(t *testing.T, o db.Options)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLiteOptions(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, PostgresOptions(t)) })
}

// SQLite opens a fresh SQLite file.
func SQLite(t testing.TB, options ...Option) *db.DB {
	t.Helper()
	return Open(t, SQLiteOptions(t), options...)
}

// Postgres opens a fresh PostgreSQL database and drops it afterwards; without a server the test is skipped.
func Postgres(t testing.TB, options ...Option) *db.DB {
	t.Helper()
	return Open(t, PostgresOptions(t), options...)
}

// Open opens a database and closes it when the test ends.
func Open(t testing.TB, o db.Options, options ...Option) *db.DB {
	t.Helper()
	for _, change := range options {
		change(&o)
	}
	d, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatalf("open %s%s: %v", o.Path, o.DSN, err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return d
}

// SQLiteOptions are those of a SQLite file that isn't there yet.
func SQLiteOptions(t testing.TB) db.Options {
	t.Helper()
	return db.Options{Path: filepath.Join(t.TempDir(), "voronka.db"), Log: logger(t), Unsafe: true}
}

// PostgresOptions are those of a fresh PostgreSQL database, dropped when the test ends.
func PostgresOptions(t testing.TB) db.Options {
	t.Helper()
	server := server(t)
	name := fmt.Sprintf("voronka_test_%d_%d_%d", os.Getpid(), time.Now().UnixNano()%1e9, counter.Add(1))
	onServer(t, server, func(ctx context.Context, c *pgx.Conn) error {
		template, err := template(ctx, c, server)
		if err != nil {
			return err
		}
		_, err = c.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template)
		return err
	})
	t.Cleanup(func() {
		onServer(t, server, func(ctx context.Context, c *pgx.Conn) error {
			_, err := c.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
			return err
		})
	})
	return db.Options{DSN: withDatabase(t, server, name), Log: logger(t), Unsafe: true, Connections: 12}
}

var (
	counter      atomic.Int64
	templateLock sync.Mutex
)

// template makes, once per server and text of the migrations, the database all fresh ones are copies of.
func template(ctx context.Context, c *pgx.Conn, server string) (string, error) {
	templateLock.Lock()
	defer templateLock.Unlock()
	h := fnv.New64a()
	_, _ = h.Write([]byte(migrations.Texts()))
	name := fmt.Sprintf("voronka_template_%x", h.Sum64())
	if _, err := c.Exec(ctx, "SELECT pg_advisory_lock(8316604022)"); err != nil {
		return "", err
	}
	defer func() { _, _ = c.Exec(ctx, "SELECT pg_advisory_unlock(8316604022)") }()
	var there bool
	if err := c.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil {
		return "", err
	}
	if there {
		return name, nil
	}
	// Made under another name first: a run that dies half-way must not leave a half template behind.
	making := name + "_making"
	if _, err := c.Exec(ctx, "DROP DATABASE IF EXISTS "+making+" WITH (FORCE)"); err != nil {
		return "", err
	}
	if _, err := c.Exec(ctx, "CREATE DATABASE "+making+" TEMPLATE template0"); err != nil {
		return "", err
	}
	target, err := replaceDatabase(server, making)
	if err != nil {
		return "", err
	}
	d, err := db.Open(ctx, db.Options{DSN: target})
	if err != nil {
		return "", err
	}
	if err := d.Close(); err != nil {
		return "", err
	}
	_, err = c.Exec(ctx, "ALTER DATABASE "+making+" RENAME TO "+name)
	return name, err
}

func server(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv(EnvPostgres)
	if dsn == "" {
		if os.Getenv(EnvRequire) == "1" {
			t.Fatalf("%s is not set, but %s=1", EnvPostgres, EnvRequire)
		}
		t.Skipf("no PostgreSQL: set %s to the DSN of a superuser", EnvPostgres)
	}
	return dsn
}

func onServer(t testing.TB, dsn string, f func(context.Context, *pgx.Conn) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatalf("PostgreSQL of %s: %v", EnvPostgres, err)
	}
	defer func() { _ = c.Close(ctx) }()
	if err := f(ctx, c); err != nil {
		t.Fatalf("PostgreSQL of %s: %v", EnvPostgres, err)
	}
}

func withDatabase(t testing.TB, dsn, name string) string {
	t.Helper()
	out, err := replaceDatabase(dsn, name)
	if err != nil {
		t.Fatalf("%s: %v", EnvPostgres, err)
	}
	return out
}

func replaceDatabase(dsn, name string) (string, error) {
	if !strings.Contains(dsn, "://") {
		return dsn + " dbname=" + name, nil
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

// logger writes warnings to the test's own output.
func logger(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
}
