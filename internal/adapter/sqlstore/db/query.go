package db

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Q asks and changes the database within one transaction or snapshot. It belongs to one goroutine and is dead when the
// function it was given to returns.
//
// SQL is one text for both databases with bare ? in order of appearance. Arguments are int64 (or a named integer like
// clock.Instant), int, string, []byte, bool (stored as 0/1) and nil.
type Q interface {
	Context() context.Context
	Dialect() Dialect
	// Exec runs a statement and tells how many rows it touched.
	Exec(sql string, args ...any) (affected int64, err error)
	// Query calls each for every row. each may return Stop to end early without an error; it must not use the same Q,
	// because PostgreSQL can't answer two questions on one connection at once (refused on both databases).
	Query(sql string, args []any, each func(Row) error) error
}

// Row is one row of an answer; it and what Bytes returned are valid until each returns.
type Row interface {
	Len() int
	Null(i int) bool
	// Int64 is a whole number; 0 for NULL, truth is 0 or 1.
	Int64(i int) int64
	Text(i int) string
	// Bytes is the raw text or blob without a copy; nil for NULL.
	Bytes(i int) []byte
	// AppendInt adds a whole number in digits to dst.
	AppendInt(dst []byte, i int) []byte
	// AppendJSONString adds the text as a JSON string with its quotes to dst.
	AppendJSONString(dst []byte, i int) []byte
}

// Stop ends a Query early without an error.
//
//lint:ignore ST1012 it is a signal like io.EOF, no failure
var Stop = errors.New("stop")

// One asks for at most one row.
func One(q Q, sql string, args []any, each func(Row) error) (found bool, err error) {
	err = q.Query(sql, args, func(r Row) error {
		found = true
		if err := each(r); err != nil {
			return err
		}
		return Stop
	})
	return found, err
}

// Int is the first column of the first row, 0 when there is none.
func Int(q Q, sql string, args ...any) (int64, error) {
	var n int64
	_, err := One(q, sql, args, func(r Row) error { n = r.Int64(0); return nil })
	return n, err
}

// InsertID runs an INSERT … RETURNING id and returns that id.
func InsertID(q Q, sql string, args ...any) (int64, error) {
	var id int64
	found, err := One(q, sql, args, func(r Row) error { id = r.Int64(0); return nil })
	if err == nil && !found {
		err = errors.New("db: INSERT returned no id: " + sql)
	}
	return id, err
}

// Ints is the condition "is one of ids" as text to follow a column, with its one argument.
func Ints(q Q, ids []int64) (sql string, arg any) {
	var b strings.Builder
	opening, closing, text := "[", "]", " IN (SELECT value FROM json_each(?))"
	if q.Dialect() == Postgres {
		opening, closing, text = "{", "}", " = ANY(?)"
	}
	b.WriteString(opening)
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(id, 10))
	}
	b.WriteString(closing)
	return text, b.String()
}

// LockRows locks rows of a table by id, in the order of their ids, against other writers until the transaction ends.
// SQLite has one writer and needs nothing.
func LockRows(q Q, table string, ids ...int64) error {
	if q.Dialect() == SQLite || len(ids) == 0 {
		return nil
	}
	ids = slices.Clone(ids)
	slices.Sort(ids)
	in, arg := Ints(q, slices.Compact(ids))
	return Later(q, "SELECT id FROM "+table+" WHERE id"+in+" ORDER BY id FOR NO KEY UPDATE", arg)
}
