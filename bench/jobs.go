package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
)

// dueJobs fall due at once.
const dueJobs = 10_000

// jobs measures what waiting jobs cost a program with nothing to do, how long those due at once take, and what a list costs
// meanwhile.
func (b *bench) jobs(ctx context.Context, s *server) error {
	waiting, stretches, watch := 1_000_000, 1, 60*time.Second
	if b.size == "small" { // one collection of garbage would be all one sees in so short a time: the middle of five counts
		waiting, stretches, watch = 100_000, 5, 3*time.Second
	}
	if err := s.plantWaiting(ctx, waiting); err != nil {
		return err
	}
	m, err := newMeter(ctx, s)
	if err != nil {
		return err
	}
	defer m.close(ctx)
	time.Sleep(5 * time.Second)
	var idle []float64
	for range stretches {
		share, err := m.over(ctx, watch)
		if err != nil {
			return err
		}
		idle = append(idle, share)
	}
	b.note("jobs_waiting", waiting, s.Database, "percent_of_core", median(idle)*100)

	d, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	alone, err := b.drain(ctx, s, d, m, nothing)
	if err != nil {
		return err
	}
	b.note("jobs_due", dueJobs, s.Database, "ms", float64(alone.took.Milliseconds()))
	b.note("jobs_due_each", dueJobs, s.Database, "us", float64(alone.cpu.Microseconds())/dueJobs)
	if s.DSN == "" {
		err = b.besideJobs(ctx, s, d, m, alone)
	} else {
		err = b.besideNode(ctx, s, d, m)
	}
	return err
}

var adminList = request{name: "list12_admin", who: "admin", method: http.MethodGet, path: list(fields12, "")}

func nothing() error {
	time.Sleep(20 * time.Millisecond)
	return nil
}

// besideJobs measures a list in the program that works the jobs off: what the lists cost is what is left of the time when the
// same jobs have had theirs.
func (b *bench) besideJobs(ctx context.Context, s *server, d *db.DB, m *meter, alone drained) error {
	quiet, err := b.quiet(ctx, s, m, adminList)
	if err != nil {
		return err
	}
	lists := 0
	busy, err := b.drain(ctx, s, d, m, func() error { return s.some(ctx, adminList, &lists) })
	if err != nil {
		return err
	}
	b.beside(s, float64((busy.cpu-alone.cpu).Microseconds())/float64(max(lists, 1)), quiet)
	return nil
}

// besideNode asks the lists of another node over the same PostgreSQL that runs no jobs: its own time and that of its own
// connections belong to nothing but the lists. A difference would be lost in what the jobs cost, ten times as much.
func (b *bench) besideNode(ctx context.Context, s *server, d *db.DB, m *meter) error {
	dsn, err := url.Parse(s.DSN)
	if err != nil {
		return err
	}
	values := dsn.Query()
	values.Set("application_name", "voronka-lists")
	dsn.RawQuery = values.Encode()
	house := *s.house
	house.DSN = dsn.String()
	node, err := start(ctx, &house, "-no-jobs")
	if err != nil {
		return err
	}
	defer node.stop()
	node.named = "voronka-lists"
	own, err := newMeter(ctx, node)
	if err != nil {
		return err
	}
	defer own.close(ctx)
	quiet, err := b.quiet(ctx, node, own, adminList)
	if err != nil {
		return err
	}
	before, lists, last := time.Duration(0), 0, time.Duration(0)
	_, err = b.drain(ctx, s, d, m, func() (err error) {
		if lists == 0 { // the jobs are due from now on
			if before, err = own.read(ctx); err != nil {
				return err
			}
		}
		if err = node.some(ctx, adminList, &lists); err == nil {
			last, err = own.read(ctx)
		}
		return err
	})
	if err != nil {
		return err
	}
	b.beside(s, float64((last-before).Microseconds())/float64(max(lists, 1)), quiet)
	return nil
}

func (b *bench) beside(s *server, each, quiet float64) {
	b.note("list12_beside_jobs", s.Size, s.Database, "us", each)
	b.note("list12_beside_jobs", s.Size, s.Database, "times", each/quiet)
}

// some makes a request ten times and counts.
func (s *server) some(ctx context.Context, r request, made *int) error {
	for range 10 {
		if _, err := s.must(ctx, r, *made); err != nil {
			return err
		}
		*made++
	}
	return nil
}

// plantWaiting writes jobs for next year and leaves: an open database of ours would have costs of its own.
func (s *server) plantWaiting(ctx context.Context, n int) error {
	d, err := s.open(ctx)
	if err != nil {
		return err
	}
	err = plantJobs(ctx, d, "waiting", n, clock.Of(time.Now().AddDate(1, 0, 0)), s.Size)
	if err == nil {
		err = analyze(ctx, d) // else PostgreSQL does it while we look
	}
	return errors.Join(err, d.Close())
}

// quiet is the CPU time of a request in a moment without jobs, in microseconds.
func (b *bench) quiet(ctx context.Context, s *server, m *meter, r request) (float64, error) {
	const n = 300
	for i := range n { // every connection has prepared its statements, every cache is warm
		if _, err := s.must(ctx, r, i); err != nil {
			return 0, err
		}
	}
	before, err := m.read(ctx)
	if err != nil {
		return 0, err
	}
	for i := range n {
		if _, err := s.must(ctx, r, i); err != nil {
			return 0, err
		}
	}
	after, err := m.read(ctx)
	return float64((after - before).Microseconds()) / n, err
}

// drained is how due jobs were worked off.
type drained struct{ took, cpu time.Duration }

// drain plants jobs due in a moment and waits until they are done, doing something all the while. Each must have left its
// three rows exactly once.
func (b *bench) drain(ctx context.Context, s *server, d *db.DB, m *meter, meanwhile func() error) (out drained, err error) {
	run := fmt.Sprint(time.Now().UnixNano())
	due := time.Now().Add(3 * time.Second) // all of them are there by then
	if err := plantJobs(ctx, d, run, dueJobs, clock.Of(due), s.Size); err != nil {
		return out, err
	}
	if time.Now().After(due) {
		return out, fmt.Errorf("%d jobs took longer to plant than until they were due", dueJobs)
	}
	time.Sleep(time.Until(due))
	before, err := m.read(ctx)
	if err != nil {
		return out, err
	}
	for {
		if err := meanwhile(); err != nil {
			return out, err
		}
		done, err := worked(ctx, d, clock.Of(due.Add(time.Second)))
		if err != nil {
			return out, err
		}
		if out.took = time.Since(due); done {
			break
		}
		if out.took > time.Minute {
			return out, fmt.Errorf("%d jobs are not done after a minute", dueJobs)
		}
	}
	after, err := m.read(ctx)
	if err != nil {
		return out, err
	}
	out.cpu = after - before
	return out, b.jobsOnce(ctx, s, d, run)
}

// worked tells whether no job due until then is left, by the same small question the runner asks.
func worked(ctx context.Context, d *db.DB, until clock.Instant) (done bool, err error) {
	done = true
	err = d.ReadLoose(ctx, func(q db.Q) error {
		_, err := db.One(q, "SELECT due_at FROM job WHERE state = 'waiting' ORDER BY due_at, id LIMIT 1", nil, func(r db.Row) error {
			done = clock.Instant(r.Int64(0)) > until
			return nil
		})
		return err
	})
	return done, err
}

// jobsOnce checks that every job left its three rows, and none left more.
func (b *bench) jobsOnce(ctx context.Context, s *server, d *db.DB, run string) error {
	return d.Read(ctx, func(q db.Q) error {
		jobs, err := db.Int(q, "SELECT count(DISTINCT diff) FROM journal WHERE kind = ?", run)
		if err != nil {
			return err
		}
		odd, err := db.Int(q, "SELECT count(*) FROM (SELECT diff FROM journal WHERE kind = ? GROUP BY diff HAVING count(*) <> 3) x", run)
		if err == nil && (jobs != dueJobs || odd != 0) {
			b.wrong = append(b.wrong, fmt.Sprintf("%s: of %d jobs %d left rows, %d of them not three", s.Database, dueJobs, jobs, odd))
		}
		return err
	})
}

// over is the share of a core used during a stretch of time.
func (m *meter) over(ctx context.Context, length time.Duration) (float64, error) {
	before, err := m.read(ctx)
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	time.Sleep(length)
	after, err := m.read(ctx)
	return float64(after-before) / float64(time.Since(begin)), err
}

// plantJobs writes n jobs due within a second of each other, numbered within their run.
func plantJobs(ctx context.Context, d *db.DB, run string, n int, due clock.Instant, records int) error {
	const slice = 5000
	for from := 0; from < n; from += slice {
		if err := d.Do(ctx, func(t tx.Tx) error {
			_, err := db.Of(t).Exec(`INSERT INTO job (kind, due_at, payload) SELECT ?, ? + i % 1000, '{"id":' || (i * 7919 % ? + 1) || ',"n":' || i || ',"run":"`+run+`"}' FROM (`+
				`WITH RECURSIVE s(i) AS (SELECT CAST(? AS BIGINT) UNION ALL SELECT i + 1 FROM s WHERE i + 1 < ?) SELECT i FROM s) x`,
				benchJob, due, records, from, min(from+slice, n))
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}
