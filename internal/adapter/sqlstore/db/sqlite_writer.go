package db

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"voronka/internal/kernel/tx"
)

const (
	batchCap   = 128                   // requests that share one commit
	batchTime  = 50 * time.Millisecond // after which a commit waits for nobody more
	slowWriter = 50 * time.Millisecond // a function longer than this is named in the log
	lookAround = time.Second           // how often to see whether another process has written and whether the clock has jumped
)

// writer is the one goroutine that writes to SQLite. Requests that arrive while it works join its commit, each in a
// savepoint of its own; all are answered after the commit.
type writer struct {
	d       *DB
	conn    *liteConn
	queue   chan *writeRequest
	batch   []*writeRequest
	version int64 // of the data as other processes wrote it, 0 before the first look
	clock   jumps
	fresh   fresh
	stop    chan struct{} // closed to end the loop
	stopped chan struct{} // closed when it has ended
}

type writeRequest struct {
	ctx   context.Context
	f     func(tx.Tx) error
	t     *transaction
	err   error
	state atomic.Int32
	ready chan struct{}
}

const (
	requestWaiting int32 = iota
	requestRunning
	requestGivenUp
)

func startWriter(d *DB, conn *liteConn) *writer {
	w := &writer{
		d: d, conn: conn, queue: make(chan *writeRequest, 4*batchCap),
		stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	go w.loop()
	return w
}

func (w *writer) close() error {
	close(w.stop)
	<-w.stopped
	_ = w.conn.run("PRAGMA analysis_limit=400")
	_ = w.conn.run("PRAGMA optimize")
	return w.conn.close()
}

var errClosed = errors.New("db: closed")

// do queues f and waits for its commit. Before f has begun ctx may take it back; afterwards the answer is waited for,
// because only the commit knows it.
func (w *writer) do(ctx context.Context, f func(tx.Tx) error) (*transaction, error) {
	r := &writeRequest{ctx: ctx, f: f, ready: make(chan struct{})}
	select {
	case w.queue <- r:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-w.stopped:
		return nil, unavailable("db.unavailable", errClosed)
	}
	select {
	case <-r.ready:
		return r.t, r.err
	case <-ctx.Done():
		if r.state.CompareAndSwap(requestWaiting, requestGivenUp) {
			return nil, ctx.Err()
		}
	case <-w.stopped:
		if r.state.CompareAndSwap(requestWaiting, requestGivenUp) {
			return nil, unavailable("db.unavailable", errClosed)
		}
	}
	<-r.ready
	return r.t, r.err
}

func (w *writer) loop() {
	defer close(w.stopped)
	look := time.NewTicker(lookAround)
	defer look.Stop()
	for {
		select {
		case <-w.stop:
			return
		default:
		}
		select {
		case <-w.stop:
			return
		case r := <-w.queue:
			if r.state.CompareAndSwap(requestWaiting, requestRunning) {
				w.commit(r)
			}
		case <-look.C:
			wrote, jumped := w.othersWrote(), w.clock.jumped(w.d.opt.Clock.Now(), time.Now())
			if wrote {
				w.fresh.unsure()
			}
			if wrote || jumped {
				w.d.signals.wakeAll()
			}
		}
	}
}

// othersWrote tells whether another process has committed since the last look. It costs a few microseconds, so that an idle
// program needn't ask for anything else.
func (w *writer) othersWrote() bool {
	now := w.version
	err := w.conn.each("PRAGMA data_version", nil, func(r Row) error { now = r.Int64(0); return nil })
	if err != nil {
		w.d.log.Debug("not known whether others wrote", "error", err)
	}
	changed := now != w.version
	w.version = now
	return changed
}

// commit runs first and whoever arrives meanwhile, and answers them all after one COMMIT.
func (w *writer) commit(first *writeRequest) {
	w.batch = append(w.batch[:0], first)
	started := time.Now()
	err := w.conn.run("BEGIN IMMEDIATE")
	if err != nil {
		// Whoever waits now would only wait as long for the same answer.
		for r := w.next(); r != nil; r = w.next() {
			w.batch = append(w.batch, r)
		}
		w.answer(translate(first.ctx, err))
		return
	}
	for r := first; ; {
		w.one(r)
		if w.conn.AutocommitEnabled() { // SQLite gave up the whole transaction: disk full, I/O error
			w.answer(r.err)
			return
		}
		if len(w.batch) >= batchCap || time.Since(started) > batchTime {
			break
		}
		if r = w.next(); r == nil {
			break
		}
		w.batch = append(w.batch, r)
	}
	if err = w.conn.run("COMMIT"); err != nil {
		if !w.conn.AutocommitEnabled() {
			_ = w.conn.run("ROLLBACK")
		}
		err = translate(context.Background(), err)
	} else {
		for _, r := range w.batch {
			if r.err == nil {
				w.fresh.add(r.t.told)
			}
		}
	}
	w.answer(err)
}

// next is a request that waits already, nil when nobody does.
func (w *writer) next() *writeRequest {
	for {
		select {
		case r := <-w.queue:
			if r.state.CompareAndSwap(requestWaiting, requestRunning) {
				return r
			}
		default:
			return nil
		}
	}
}

// one runs a request in its savepoint; a failed one leaves no trace.
func (w *writer) one(r *writeRequest) {
	started := time.Now()
	q := &liteQ{conn: w.conn}
	r.t = newTransaction(r.ctx, w.d, q)
	q.ctx = r.t.ctx
	if r.err = w.conn.run("SAVEPOINT r"); r.err != nil {
		r.err = translate(r.ctx, r.err)
		return
	}
	r.err = r.t.run(r.f)
	q.failed = errDead
	if r.err != nil && !w.conn.AutocommitEnabled() {
		if err := w.conn.run("ROLLBACK TO r"); err != nil {
			r.err = errors.Join(r.err, err)
		}
	}
	if !w.conn.AutocommitEnabled() {
		if err := w.conn.run("RELEASE r"); err != nil && r.err == nil {
			r.err = translate(r.ctx, err)
		}
	}
	if took := time.Since(started); took > slowWriter {
		w.d.log.Warn("a write held the writer", "took", took, "cause", r.t.Cause().Kind, "code", r.t.Cause().Code)
	}
}

func (w *writer) answer(err error) {
	for i, r := range w.batch {
		if err != nil && r.err == nil {
			r.err = err
		}
		close(r.ready)
		w.batch[i] = nil
	}
}
