package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"zombiezen.com/go/sqlite"

	"voronka/internal/kernel/fault"
)

// UniqueError says that a row like this is already there.
type UniqueError struct {
	Table   string
	Columns []string // of the broken index, in its order; empty when the database doesn't tell
	Index   string   // PostgreSQL only
	err     error
}

// Error implements error.
func (e *UniqueError) Error() string {
	return "not unique: " + e.Table + " (" + strings.Join(e.Columns, ", ") + ")"
}

// Unwrap gives the driver's error.
func (e *UniqueError) Unwrap() error { return e.err }

// IsUnique tells whether err comes from a broken unique index.
func IsUnique(err error) bool { return UniqueOf(err) != nil }

// UniqueOf finds the broken unique index in err, nil when it is something else.
func UniqueOf(err error) *UniqueError {
	var u *UniqueError
	if errors.As(err, &u) {
		return u
	}
	return nil
}

func unavailable(key string, err error) error {
	f := fault.Wrap(fault.Unavailable, key, err)
	f.RetryAfter = 1
	return f
}

// translate turns what a driver says into our vocabulary; what remains is Internal by not being ours.
func translate(ctx context.Context, err error) error {
	var known *fault.Error
	switch {
	case err == nil, errors.As(err, &known), IsUnique(err):
		return err
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return err
	case errors.Is(err, context.DeadlineExceeded):
		return unavailable("db.too_slow", err)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return translatePostgres(ctx, pg, err)
	}
	if code := sqlite.ErrCode(err); code != sqlite.ResultError {
		return translateSQLite(ctx, code, err)
	}
	var connect *pgconn.ConnectError
	var network net.Error
	if errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, pgx.ErrTxClosed) ||
		strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "closed pool") {
		return unavailable("db.unavailable", err)
	}
	return err
}

func translatePostgres(ctx context.Context, pg *pgconn.PgError, err error) error {
	switch {
	case pg.Code == "23505":
		u := &UniqueError{Table: pg.TableName, Index: pg.ConstraintName, err: err}
		if _, rest, ok := strings.Cut(pg.Detail, "("); ok {
			names, _, _ := strings.Cut(rest, ")=")
			u.Columns = strings.Split(strings.ReplaceAll(names, `"`, ""), ", ")
		}
		return u
	case pg.Code == "53100":
		return unavailable("db.disk_full", err)
	case pg.Code == "57014" && errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("%w: %w", ctx.Err(), err)
	case pg.Code == "57014":
		return unavailable("db.too_slow", err)
	case pg.Code == "55P03":
		return unavailable("db.busy", err)
	case strings.HasPrefix(pg.Code, "53"), strings.HasPrefix(pg.Code, "57P"), strings.HasPrefix(pg.Code, "08"),
		pg.Code == "25006", pg.Code == "58030", pg.Code == "3D000":
		return unavailable("db.unavailable", err)
	}
	return err
}

func translateSQLite(ctx context.Context, code sqlite.ResultCode, err error) error {
	switch code {
	case sqlite.ResultConstraintUnique, sqlite.ResultConstraintPrimaryKey, sqlite.ResultConstraintRowID:
		return uniqueSQLite(err)
	}
	switch code.ToPrimary() {
	case sqlite.ResultInterrupt:
		if cause := ctx.Err(); errors.Is(cause, context.Canceled) {
			return fmt.Errorf("%w: %w", cause, err)
		}
		return unavailable("db.too_slow", err)
	case sqlite.ResultFull:
		return unavailable("db.disk_full", err)
	case sqlite.ResultBusy, sqlite.ResultLocked:
		return unavailable("db.busy", err)
	case sqlite.ResultIOErr, sqlite.ResultCantOpen, sqlite.ResultReadOnly, sqlite.ResultNoMem,
		sqlite.ResultCorrupt, sqlite.ResultNotADB, sqlite.ResultPerm:
		return unavailable("db.unavailable", err)
	}
	return err
}

var uniqueText = regexp.MustCompile(`UNIQUE constraint failed: ([\w., ]+)`)

// uniqueSQLite reads "UNIQUE constraint failed: users.email_key, users.x".
func uniqueSQLite(err error) error {
	u := &UniqueError{err: err}
	found := uniqueText.FindStringSubmatch(err.Error())
	if found == nil {
		return u
	}
	for name := range strings.SplitSeq(found[1], ", ") {
		if table, column, ok := strings.Cut(name, "."); ok {
			u.Table = table
			u.Columns = append(u.Columns, column)
		}
	}
	return u
}

// retryable tells whether PostgreSQL asks to run the transaction again.
func retryable(err error) bool {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return false
	}
	// 0A000 here: a table changed under a prepared statement; pgx has forgotten the statement by now.
	return pg.Code == "40001" || pg.Code == "40P01" ||
		pg.Code == "0A000" && strings.Contains(pg.Message, "cached plan")
}
