package db

import (
	"context"
	"time"

	"voronka/internal/kernel/fault"
)

// readers are the connections that only look.
type readers struct {
	free chan *liteConn
	n    int
}

func openReaders(path string, n int) (*readers, error) {
	r := &readers{free: make(chan *liteConn, n)}
	for range n {
		c, err := openLite(path, true, false)
		if err != nil {
			r.close()
			return nil, err
		}
		r.free <- c
		r.n++
	}
	return r, nil
}

func (r *readers) close() {
	for ; r.n > 0; r.n-- {
		c := <-r.free
		_ = c.close()
	}
}

// take waits for a free reader no longer than wait.
func (r *readers) take(ctx context.Context, wait time.Duration) (*liteConn, error) {
	select {
	case c := <-r.free:
		return c, nil
	default:
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case c := <-r.free:
		return c, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timer.C:
		f := fault.New(fault.Unavailable, "db.busy")
		f.RetryAfter = 1
		return nil, f
	}
}

func (d *DB) readLite(ctx context.Context, f func(Q) error) (err error) {
	conn, err := d.readers.take(ctx, d.opt.ReaderWait)
	if err != nil {
		return err
	}
	conn.SetInterrupt(ctx.Done())
	q := &liteQ{ctx: ctx, conn: conn}
	defer func() {
		q.failed = errDead
		conn.SetInterrupt(nil)
		if !conn.AutocommitEnabled() {
			if e := conn.run("ROLLBACK"); e != nil && err == nil {
				err = translate(ctx, e)
			}
		}
		d.readers.free <- conn
	}()
	if err := conn.run("BEGIN"); err != nil {
		return translate(ctx, err)
	}
	return f(q)
}
