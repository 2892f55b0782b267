package db

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Admin runs f on one plain PostgreSQL connection, outside of any transaction and without looking at the tables: to
// prepare or replace a whole database.
func Admin(ctx context.Context, o Options, f func(Q) error) error {
	o = o.withDefaults()
	config, err := poolConfig(o)
	if err != nil {
		return err
	}
	c, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return unavailable("db.unavailable", err)
	}
	defer closeNow(c)
	return f(&pgQ{ctx: ctx, d: &DB{dialect: Postgres}, conn: c})
}
