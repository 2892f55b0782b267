package db

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
)

// parameters of every connection. Statement texts are few and their values bound, so one generic plan each is right
// more often than a plan per call, and planning costs as much as a small query.
func parameters(unsafe bool) map[string]string {
	p := map[string]string{
		"application_name":                    "voronka",
		"client_encoding":                     "UTF8",
		"plan_cache_mode":                     "force_generic_plan",
		"jit":                                 "off",
		"enable_bitmapscan":                   "off", // it reads all that fits before the first row; a generic plan takes it for little and lists want fifty rows
		"lock_timeout":                        "10s",
		"idle_in_transaction_session_timeout": "120s",
		"default_transaction_isolation":       "read committed",
		"DateStyle":                           "ISO",
		"bytea_output":                        "hex",
	}
	if unsafe {
		p["synchronous_commit"] = "off"
	}
	return p
}

func poolConfig(o Options) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(o.DSN)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "db.dsn", err)
	}
	config.MaxConns = int32(o.Connections) //nolint:gosec // bounded in withDefaults
	config.AfterConnect = asText
	config.MaxConnIdleTime = 5 * time.Minute
	config.ConnConfig.ConnectTimeout = 5 * time.Second
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheStatement
	config.ConnConfig.StatementCacheCapacity = textCap
	named := config.ConnConfig.RuntimeParams["application_name"]
	for k, v := range parameters(o.Unsafe) {
		config.ConnConfig.RuntimeParams[k] = v
	}
	if named != "" { // who has several nodes may want to tell their connections apart
		config.ConnConfig.RuntimeParams["application_name"] = named
	}
	if o.Schema != "" {
		config.ConnConfig.RuntimeParams["search_path"] = o.Schema
	}
	// A caller who leaves cancels his statement on the server instead of costing us the connection.
	config.ConnConfig.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: 2 * time.Second}
	}
	return config, nil
}

// acquire takes a connection from the pool, waiting no longer than ReaderWait.
func (d *DB) acquire(ctx context.Context) (*pgxpool.Conn, error) {
	wait, cancel := context.WithTimeout(ctx, d.opt.ReaderWait)
	defer cancel()
	c, err := d.pool.Acquire(wait)
	switch {
	case err == nil:
		return c, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return nil, unavailable("db.busy", err)
	}
	return nil, unavailable("db.unavailable", err)
}

const maxTries = 8

// doPostgres runs f until PostgreSQL no longer asks to run it again.
func (d *DB) doPostgres(ctx context.Context, f func(tx.Tx) error) (*transaction, error) {
	for try := 1; ; try++ {
		t, err := d.tryPostgres(ctx, f)
		if err == nil || try == maxTries || !retryable(err) {
			if retryable(err) {
				err = unavailable("db.busy", err)
			}
			return t, err
		}
		pause := time.Duration(rand.Int64N(int64(5*time.Millisecond) << min(try, 6))) //nolint:gosec // jitter is no secret
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (d *DB) tryPostgres(ctx context.Context, f func(tx.Tx) error) (*transaction, error) {
	c, err := d.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer c.Release()
	q := &pgQ{ctx: ctx, d: d, conn: c.Conn()}
	q.begin("begin", true)
	t := newTransaction(ctx, d, q)
	q.ctx = t.ctx
	tag := ""
	if err = t.run(f); err == nil {
		q.ctx = ctx
		tag, err = q.commit(ctx)
		err = translate(ctx, err)
	}
	q.failed = errDead
	if err != nil {
		d.rollback(ctx, c.Conn())
		return t, err
	}
	if tag == "ROLLBACK" {
		err = errors.New("db: the transaction had failed and was rolled back")
	}
	return t, err
}

// rollback ends a transaction even when its caller has left; a connection that can't is thrown away by the pool.
func (d *DB) rollback(ctx context.Context, c *pgx.Conn) {
	if c.IsClosed() || c.PgConn().TxStatus() == 'I' {
		return // it has ended, or never begun
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if _, err := c.Exec(ctx, "rollback"); err != nil {
		_ = c.Close(ctx)
	}
}

// readPostgres runs f in one snapshot, or without one when loose.
func (d *DB) readPostgres(ctx context.Context, loose bool, f func(Q) error) error {
	c, err := d.acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	q := &pgQ{ctx: ctx, d: d, conn: c.Conn()}
	defer func() { q.failed = errDead }()
	if loose {
		return f(q)
	}
	q.begin("begin isolation level repeatable read read only", false)
	done := false
	defer func() {
		if !done {
			d.rollback(ctx, c.Conn())
		}
	}()
	if err := f(q); err != nil {
		return err
	}
	if !q.ended {
		if _, err := q.commit(ctx); err != nil {
			return translate(ctx, err)
		}
	}
	done = true
	return nil
}

// connectPostgres opens one connection of our own, outside of the pool.
func (d *DB) connectPostgres(ctx context.Context) (*pgx.Conn, error) {
	config := d.pool.Config().ConnConfig.Copy()
	// Cancelling ends the connection at once: it may be waiting for a notification, which no cancel request reaches.
	config.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.DeadlineContextWatcherHandler{Conn: c.Conn()}
	}
	c, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return c, nil
}

// closeNow ends a connection of our own without waiting long for the other side.
func closeNow(c *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = c.Close(ctx)
}
