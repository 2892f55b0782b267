// Package app puts the program together: the database, the rooms and what connects them, the doors, the jobs, the listener.
// It is the only place that knows all parts. wiring.go says who uses whom, routes.go which doors there are, jobs.go and
// subscriptions.go what runs by itself.
package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime/debug"
	"sync"
	_ "time/tzdata" // zones on machines that have none

	"voronka/internal/adapter/httpapi"
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/jobs"
	"voronka/internal/adapter/sqlstore/outbox"
	recordstore "voronka/internal/adapter/sqlstore/record"
	"voronka/internal/config"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/job"
)

// DatabaseFile is the embedded database in the data folder, FilesDir the folder of uploaded files.
const (
	DatabaseFile = "voronka.db"
	FilesDir     = "files"
)

// App is the whole program over one database.
type App struct {
	Config config.Config
	Log    *slog.Logger
	DB     *db.DB
	Rooms
	WorkRooms
	Router *httpapi.Router
	Jobs   *jobs.Runner
	Pump   *outbox.Pump
	TLS    *tls.Config // nil: plain HTTP

	clock  clock.Clock
	extra  []job.Handler
	unsafe bool
	noJobs bool
	demo   func(*App, *httpapi.Router) // nil: a company's own portal
	closed sync.Once
}

// Option changes how the program is put together; for tests, replay and measurements.
type Option func(*App)

// WithClock puts in another clock.
func WithClock(c clock.Clock) Option { return func(a *App) { a.clock = c } }

// WithLog puts in another logger.
func WithLog(l *slog.Logger) Option { return func(a *App) { a.Log = l } }

// WithHandler adds a kind of jobs; for measurements.
func WithHandler(h job.Handler) Option { return func(a *App) { a.extra = append(a.extra, h) } }

// WithoutDiskWaits lets tests and replays not wait for the disk: what was committed may be lost when the machine loses power.
func WithoutDiskWaits() Option { return func(a *App) { a.unsafe = true } }

// WithoutJobs leaves due jobs to the other nodes over the same database; for measurements.
func WithoutJobs() Option { return func(a *App) { a.noJobs = true } }

// New opens the database of the settings, brings it up to date and puts everything together. Nothing runs yet: commands use
// the rooms as they are, Serve begins to work.
func New(ctx context.Context, c config.Config, options ...Option) (*App, error) {
	a := &App{Config: c, clock: clock.System{}}
	for _, o := range options {
		o(a)
	}
	if a.Log == nil {
		a.Log = NewLog(c)
	}
	if c.MemoryLimit > 0 {
		debug.SetMemoryLimit(int64(c.MemoryLimit))
	}
	var err error
	if a.DB, err = OpenDB(ctx, c, a.clock, a.Log, a.unsafe); err != nil {
		return nil, err
	}
	if err := a.build(ctx); err != nil {
		return nil, errors.Join(err, a.DB.Close())
	}
	return a, nil
}

// OpenDB opens the database of the settings.
func OpenDB(ctx context.Context, c config.Config, clk clock.Clock, log *slog.Logger, unsafe bool) (*db.DB, error) {
	o := db.Options{Clock: clk, Log: log, Readers: c.Readers, Connections: c.Connections, Unsafe: unsafe}
	if c.Database != "" {
		o.DSN = c.Database
	} else {
		o.Path = filepath.Join(c.Data, DatabaseFile)
	}
	return db.Open(ctx, o)
}

func (a *App) build(ctx context.Context) error {
	if err := recordstore.EnsureBuiltins(ctx, a.DB); err != nil {
		return fmt.Errorf("built-in types: %w", err)
	}
	a.Pump = outbox.NewPump(a.DB)
	if err := a.wire(); err != nil {
		return err
	}
	a.Jobs = jobs.NewRunner(a.DB, a.handlers())
	a.subscribe()
	return a.addRoutes()
}

// Close closes the database. Serve does so by itself.
func (a *App) Close() error {
	var err error
	a.closed.Do(func() { err = a.DB.Close() })
	return err
}
