package db

import (
	"bytes"
	"container/list"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"zombiezen.com/go/sqlite"

	"voronka/internal/kernel/clock"
)

// liteConn is one SQLite connection with the statements it has prepared, the least used forgotten first.
type liteConn struct {
	*sqlite.Conn
	prepared map[string]*list.Element
	order    *list.List // of *liteStmt, the last used in front
	place    int        // among the readers
}

type liteStmt struct {
	*sqlite.Stmt
	text  string
	heavy bool // something big is bound
}

const busyTimeout = 10 * time.Second

func openLite(path string, reader, unsafe bool) (*liteConn, error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite|sqlite.OpenCreate|sqlite.OpenWAL)
	if err != nil {
		return nil, err
	}
	conn.SetBusyTimeout(busyTimeout)
	c := &liteConn{Conn: conn, prepared: map[string]*list.Element{}, order: list.New()}
	synchronous := "FULL"
	if unsafe {
		synchronous = "OFF"
	}
	// Each connection has a cache of its own, and a page of 4 KB takes 8 of memory; the system caches the file anyway.
	pragmas := []string{"synchronous=" + synchronous, "foreign_keys=1", "journal_size_limit=67108864"}
	if reader {
		pragmas = append(pragmas, "query_only=1", "temp_store=memory")
	} else {
		// What an index of a million rows is sorted by goes to a file: in memory it would be 65 MB.
		// A later checkpoint writes a page once that was changed many times; 12 MB of log are read as fast as 4.
		pragmas = append(pragmas, "cache_size=-4096", "wal_autocheckpoint=3000")
	}
	for _, p := range pragmas {
		if err := c.run("PRAGMA " + p); err != nil {
			_ = conn.Close()
			return nil, fmt.Errorf("PRAGMA %s: %w", p, err)
		}
	}
	return c, nil
}

func (c *liteConn) close() error {
	for e := c.order.Front(); e != nil; e = e.Next() {
		_ = e.Value.(*liteStmt).Finalize()
	}
	c.order.Init()
	clear(c.prepared)
	return c.Conn.Close()
}

func (c *liteConn) prepare(text string) (*liteStmt, error) {
	if e := c.prepared[text]; e != nil {
		c.order.MoveToFront(e)
		return e.Value.(*liteStmt), nil
	}
	stmt, rest, err := c.PrepareTransient(text)
	if err != nil {
		return nil, err
	}
	if rest > 0 && len(bytes.TrimSpace([]byte(text[len(text)-rest:]))) > 0 {
		_ = stmt.Finalize()
		return nil, errors.New("db: more than one statement in one text")
	}
	if c.order.Len() >= textCap {
		oldest := c.order.Remove(c.order.Back()).(*liteStmt)
		delete(c.prepared, oldest.text)
		_ = oldest.Finalize()
	}
	s := &liteStmt{Stmt: stmt, text: text}
	c.prepared[text] = c.order.PushFront(s)
	return s, nil
}

// run executes a text without arguments or answer, like COMMIT.
func (c *liteConn) run(text string) error {
	s, err := c.prepare(text)
	if err != nil {
		return err
	}
	for {
		more, err := s.Step()
		if err != nil {
			return err
		}
		if !more {
			return s.Reset()
		}
	}
}

// each binds, steps and resets.
func (c *liteConn) each(text string, args []any, f func(Row) error) error {
	s, err := c.prepare(text)
	if err != nil {
		return err
	}
	if err := s.bind(args); err != nil {
		return err
	}
	row := liteRow{stmt: s.Stmt}
	stepping := true
	defer func() {
		if stepping { // f panicked
			_ = s.release()
		}
	}()
	var callers error
	for callers == nil {
		more, err := s.Step()
		if err != nil {
			stepping = false
			return err
		}
		if !more {
			break
		}
		if f != nil {
			callers = f(&row)
		}
	}
	stepping = false
	if err := s.release(); err != nil {
		return err
	}
	if callers != nil && callers != Stop { //nolint:errorlint // Stop is a signal and never wrapped
		return callerError{callers}
	}
	return nil
}

// callerError marks an error of the caller's own function, which is no failure of the statement.
type callerError struct{ error }

func (e callerError) Unwrap() error { return e.error }

func (s *liteStmt) release() error {
	if err := s.Reset(); err != nil {
		return err
	}
	if s.heavy {
		s.heavy = false
		return s.ClearBindings()
	}
	return nil
}

const heavyArg = 16 << 10

func (s *liteStmt) bind(args []any) error {
	if n := s.BindParamCount(); n != len(args) {
		return fmt.Errorf("db: %d placeholders, %d arguments: %s", n, len(args), s.text)
	}
	for i, arg := range args {
		switch v := arg.(type) {
		case nil:
			s.BindNull(i + 1)
		case int64:
			s.BindInt64(i+1, v)
		case int:
			s.BindInt64(i+1, int64(v))
		case clock.Instant:
			s.BindInt64(i+1, int64(v))
		case bool:
			s.BindBool(i+1, v)
		case string:
			s.BindText(i+1, v)
			s.heavy = s.heavy || len(v) > heavyArg
		case []byte:
			if v == nil {
				s.BindNull(i + 1)
				continue
			}
			s.BindBytes(i+1, v)
			s.heavy = s.heavy || len(v) > heavyArg
		default:
			return fmt.Errorf("db: argument %d is a %T, which is not storable: %s", i+1, arg, s.text)
		}
	}
	return nil
}

// liteRow reads the current row of a statement.
type liteRow struct {
	stmt *sqlite.Stmt
	got  []byte
}

// Write lets a column's memory be seen without copying it: bytes.Reader hands its whole inside to its writer.
func (r *liteRow) Write(p []byte) (int, error) { r.got = p; return len(p), nil }

func (r *liteRow) Len() int          { return r.stmt.ColumnCount() }
func (r *liteRow) Null(i int) bool   { return r.stmt.ColumnType(i) == sqlite.TypeNull }
func (r *liteRow) Int64(i int) int64 { return r.stmt.ColumnInt64(i) }
func (r *liteRow) Text(i int) string { return r.stmt.ColumnText(i) }

func (r *liteRow) Bytes(i int) []byte {
	r.got = nil
	if _, err := r.stmt.ColumnReader(i).WriteTo(r); err != nil {
		return nil
	}
	if r.got == nil && !r.Null(i) {
		return []byte{}
	}
	return r.got
}

func (r *liteRow) AppendInt(dst []byte, i int) []byte {
	return strconv.AppendInt(dst, r.stmt.ColumnInt64(i), 10)
}

func (r *liteRow) AppendJSONString(dst []byte, i int) []byte { return AppendJSON(dst, r.Bytes(i)) }

// liteQ is Q on a SQLite connection.
type liteQ struct {
	ctx    context.Context
	conn   *liteConn
	asking bool
	failed error
}

func (q *liteQ) Context() context.Context { return q.ctx }
func (q *liteQ) Dialect() Dialect         { return SQLite }

func (q *liteQ) Exec(sql string, args ...any) (int64, error) {
	if err := q.Query(sql, args, nil); err != nil {
		return 0, err
	}
	return int64(q.conn.Changes()), nil
}

func (q *liteQ) Query(sql string, args []any, each func(Row) error) error {
	if err := usable(q.asking, q.failed, sql); err != nil {
		return err
	}
	q.asking = true
	err := q.conn.each(sql, args, each)
	q.asking = false
	return q.verdict(sql, err)
}

func (q *liteQ) verdict(sql string, err error) error {
	switch e := err.(type) { //nolint:errorlint // the mark is the outermost
	case nil:
		return nil
	case callerError:
		return e.error
	}
	err = translate(q.ctx, fmt.Errorf("%w: %s", err, sql))
	q.failed = err
	return err
}

var (
	errNestedQuery = errors.New("db: a question inside the answer to another")
	errDead        = errors.New("db: used after its transaction ended")
)

// usable refuses on SQLite what PostgreSQL can't do, so that both behave alike.
func usable(asking bool, failed error, sql string) error {
	if asking {
		return fmt.Errorf("%w: %s", errNestedQuery, sql)
	}
	if failed != nil {
		return fmt.Errorf("db: the transaction has already failed: %w", failed)
	}
	return nil
}
