// Package db is the door to the database: one text of SQL for SQLite and PostgreSQL, one way to write (Do), one way to
// look (Read), and what both need: locks, savepoints, caches with a version, signals after commits. It knows no table of
// a room but those it serves itself: version, outbox, job.
package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver of the migrations

	"voronka/internal/adapter/sqlstore/migrations"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
)

// Options say where the database is and how to treat it. Exactly one of Path and DSN is set.
type Options struct {
	Path  string // SQLite file
	DSN   string // PostgreSQL, as URL or words
	Clock clock.Clock
	Log   *slog.Logger

	Readers     int           // SQLite connections that only look; default 4
	Connections int           // PostgreSQL connections; default 16
	ReaderWait  time.Duration // how long to wait for a free connection; default 5 s
	ReadTimeout time.Duration // how long one Read may take; default 10 s, see Patient
	Unsafe      bool          // tests and loading a backup: don't wait for the disk
	Version     int64         // migrate no further than this, to load an older backup; 0: the newest
	Schema      string        // PostgreSQL schema to use instead of public, to load a backup beside the living data
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Version == 0 {
		o.Version = migrations.Latest()
	}
	o.Readers = min(max(cmp.Or(o.Readers, 4), 1), 64)
	o.Connections = min(max(cmp.Or(o.Connections, 16), 2), 500)
	o.ReaderWait = cmp.Or(o.ReaderWait, 5*time.Second)
	o.ReadTimeout = cmp.Or(o.ReadTimeout, 10*time.Second)
	return o
}

// DB is an open database. It implements tx.Doer.
type DB struct {
	opt     Options
	log     *slog.Logger
	dialect Dialect

	writer  *writer // SQLite
	readers *readers

	pool  *pgxpool.Pool // PostgreSQL
	texts texts

	opened  time.Time
	signals *signals
	watch   watch
	cancel  context.CancelFunc
	group   sync.WaitGroup
	closing sync.Once
}

var _ tx.Doer = (*DB)(nil)

// Open opens the database, makes it if it is a SQLite file that isn't there, and brings its tables up to date. Faults:
// db.newer when it was written by a newer program, db.unavailable.
func Open(ctx context.Context, o Options) (*DB, error) {
	if (o.Path == "") == (o.DSN == "") {
		return nil, errors.New("db: give a path or a DSN")
	}
	o = o.withDefaults()
	d := &DB{opt: o, log: o.Log, opened: time.Now(), signals: &signals{all: map[string]map[chan struct{}]struct{}{}}}
	var err error
	if o.DSN != "" {
		err = d.openPostgres(ctx)
	} else {
		err = d.openSQLite(ctx)
	}
	if err != nil {
		return nil, err
	}
	background, cancel := context.WithCancel(context.Background())
	d.cancel = cancel
	d.group.Go(func() { d.watchVersions(background) })
	if d.dialect == Postgres {
		d.signals.remote = make(chan string, 256)
		d.group.Go(func() { d.tell(background) })
		d.group.Go(func() { d.hear(background) })
	}
	return d, nil
}

func (d *DB) openSQLite(ctx context.Context) error {
	path := d.opt.Path
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return unavailable("db.unavailable", err)
	}
	if err := migrateSQLite(ctx, path, d.opt.Version, d.log); err != nil {
		return err
	}
	conn, err := openLite(path, false, d.opt.Unsafe)
	if err != nil {
		return unavailable("db.unavailable", err)
	}
	if d.readers, err = openReaders(path, d.opt.Readers); err != nil {
		_ = conn.close()
		return unavailable("db.unavailable", err)
	}
	d.writer = startWriter(d, conn)
	return nil
}

func migrateSQLite(ctx context.Context, path string, version int64, log *slog.Logger) error {
	// As a URI, because a path may hold ? or %.
	source := (&url.URL{
		Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(),
		RawQuery: "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate",
	}).String()
	conn, err := sql.Open("sqlite", source)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	conn.SetMaxOpenConns(1)
	_, err = migrations.To(ctx, conn, false, version, log)
	if e := conn.Close(); err == nil && e != nil {
		err = e
	}
	return asUnavailable(err)
}

func (d *DB) openPostgres(ctx context.Context) error {
	d.dialect = Postgres
	config, err := poolConfig(d.opt)
	if err != nil {
		return err
	}
	conn := stdlib.OpenDB(*config.ConnConfig.Copy())
	_, err = migrations.To(ctx, conn, true, d.opt.Version, d.log)
	_ = conn.Close()
	if err != nil {
		return asUnavailable(err)
	}
	config.BeforeClose = func(c *pgx.Conn) { d.signals.own.Delete(c.PgConn().PID()) }
	if d.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return unavailable("db.unavailable", err)
	}
	return nil
}

// asUnavailable makes anything that hindered opening a fault with a key.
func asUnavailable(err error) error {
	var known *fault.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	return unavailable("db.unavailable", err)
}

// Close waits for running writes and closes all connections.
func (d *DB) Close() error {
	var err error
	d.closing.Do(func() {
		d.cancel()
		d.group.Wait()
		if d.pool != nil {
			d.pool.Close()
			return
		}
		err = d.writer.close()
		d.readers.close()
	})
	return err
}

// Dialect tells which database this is.
func (d *DB) Dialect() Dialect { return d.dialect }

// Options are those it was opened with, defaults filled in.
func (d *DB) Options() Options { return d.opt }

// Log is the logger it was opened with.
func (d *DB) Log() *slog.Logger { return d.log }

// Clock is the clock it was opened with.
func (d *DB) Clock() clock.Clock { return d.opt.Clock }

var errNested = fault.Wrap(fault.Internal, "internal",
	errors.New("db: a transaction inside a transaction would wait for itself; use db.Of or db.Savepoint"))

// Do implements tx.Doer. On SQLite f shares the only writer: it should take under 50 ms. Faults of its own: db.busy,
// db.unavailable, db.disk_full; a panic in f comes back as Internal.
func (d *DB) Do(ctx context.Context, f func(tx.Tx) error) error {
	if inside(ctx) != nil {
		return errNested
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	var t *transaction
	var err error
	if d.dialect == Postgres {
		t, err = d.doPostgres(ctx, f)
	} else {
		t, err = d.writer.do(ctx, f)
	}
	if err == nil {
		t.committed()
	}
	return err
}

// Read runs f over one consistent snapshot, read only. A Read that takes longer than ReadTimeout is ended with
// db.too_slow.
func (d *DB) Read(ctx context.Context, f func(Q) error) error { return d.read(ctx, false, f) }

// ReadLoose is Read without the promise that several statements see the same moment. On PostgreSQL it saves the round
// trips of a transaction: right for a single statement.
func (d *DB) ReadLoose(ctx context.Context, f func(Q) error) error { return d.read(ctx, true, f) }

func (d *DB) read(ctx context.Context, loose bool, f func(Q) error) error {
	if inside(ctx) != nil {
		return errNested
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	limit, ok := ctx.Value(patienceKey{}).(time.Duration)
	if !ok {
		limit = d.opt.ReadTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if d.dialect == Postgres {
		return d.readPostgres(ctx, loose, f)
	}
	return d.readLite(ctx, f)
}

type patienceKey struct{}

// Patient gives the Reads of ctx another limit than ReadTimeout, for backups and exports.
func Patient(ctx context.Context, limit time.Duration) context.Context {
	return context.WithValue(ctx, patienceKey{}, limit)
}

// Alone runs f on a connection of its own outside of any transaction, for statements PostgreSQL allows only there
// (CREATE INDEX CONCURRENTLY). On SQLite it is a plain Do.
func (d *DB) Alone(ctx context.Context, f func(Q) error) error {
	if d.dialect == SQLite {
		return d.Do(ctx, func(t tx.Tx) error { return f(Of(t)) })
	}
	c, err := d.connectPostgres(ctx)
	if err != nil {
		return unavailable("db.unavailable", err)
	}
	defer closeNow(c)
	return f(&pgQ{ctx: ctx, d: d, conn: c})
}
