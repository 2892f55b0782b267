package db

import "voronka/internal/adapter/sqlstore/migrations"

// Dialect is which database stands behind.
type Dialect int

// The databases.
const (
	SQLite Dialect = iota
	Postgres
)

// String names the dialect.
func (d Dialect) String() string {
	if d == Postgres {
		return "postgres"
	}
	return "sqlite"
}

// DDL writes the tokens {{pk}}, {{key}} and {{blob}} of a table definition as the dialect spells them.
func DDL(d Dialect, text string) string { return migrations.Render(d == Postgres, text) }
