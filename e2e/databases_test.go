package e2e

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx
	_ "modernc.org/sqlite"             // the driver sqlite
)

// onBothDatabases runs a test over a fresh portal on SQLite and one on PostgreSQL.
func onBothDatabases(t *testing.T, f func(*testing.T, *Portal)) {
	t.Run("sqlite", func(t *testing.T) { f(t, NewPortal(t, "")) })
	t.Run("postgres", func(t *testing.T) { f(t, NewPortal(t, postgres(t))) })
}

// postgres makes an empty database that is dropped after the test.
func postgres(t *testing.T) string {
	t.Helper()
	server := os.Getenv("VORONKA_TEST_POSTGRES")
	if server == "" {
		if os.Getenv("VORONKA_REQUIRE_POSTGRES") != "" {
			t.Fatal("VORONKA_TEST_POSTGRES must name a PostgreSQL server")
		}
		t.Skip("no PostgreSQL: set VORONKA_TEST_POSTGRES to the DSN of a superuser")
	}
	name := fmt.Sprintf("voronka_e2e_%d", time.Now().UnixNano())
	admin(t, server, "CREATE DATABASE "+name)
	t.Cleanup(func() { admin(t, server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	address, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	address.Path = "/" + name
	return address.String()
}

func admin(t *testing.T, server, sql string) {
	t.Helper()
	c, err := pgx.Connect(context.Background(), server)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if _, err := c.Exec(context.Background(), sql); err != nil {
		t.Fatal(err)
	}
}

// open opens the portal's database for questions no API answers.
func (p *Portal) open(t *testing.T) *sql.DB {
	t.Helper()
	driver, address := "sqlite", filepath.Join(p.Dir, "voronka.db")
	if p.Database != "" {
		driver, address = "pgx", p.Database
	}
	d, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// number asks for one number.
func number(t *testing.T, d *sql.DB, query string) (n int64) {
	t.Helper()
	if err := d.QueryRow(query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// rows asks for rows of two columns.
func rows(t *testing.T, d *sql.DB, query string) (all [][2]any) {
	t.Helper()
	found, err := d.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer found.Close()
	for found.Next() {
		var row [2]any
		if err := found.Scan(&row[0], &row[1]); err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
