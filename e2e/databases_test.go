package e2e

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
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

// query escapes a value for an address.
func query(s string) string { return url.QueryEscape(s) }
