package db

import (
	"context"
	"fmt"
	"sync"
	"time"

	"voronka/internal/kernel/fault"
)

// readers are the connections that only look. The first that is free is taken: its cache is warm with pages and statements,
// and larger, so that under little load all is answered from it while the others stay small.
type readers struct {
	places chan struct{} // one for each free connection
	mu     sync.Mutex
	free   []*liteConn // by place, nil while taken
	n      int
}

// Caches in KB, of the first reader and of the others: what four have fits into what a portal may take.
const (
	firstCache = 3072
	otherCache = 1536
)

func openReaders(path string, n int) (*readers, error) {
	r := &readers{places: make(chan struct{}, n), free: make([]*liteConn, n)}
	for i := range n {
		c, err := openLite(path, true, false)
		if err != nil {
			r.close()
			return nil, err
		}
		c.place = i
		r.n++
		r.put(c)
		size := otherCache
		if i == 0 {
			size = firstCache
		}
		if err := c.run(fmt.Sprintf("PRAGMA cache_size=-%d", size)); err != nil {
			r.close()
			return nil, err
		}
	}
	return r, nil
}

func (r *readers) close() {
	for ; r.n > 0; r.n-- {
		<-r.places
		_ = r.pop().close()
	}
}

func (r *readers) put(c *liteConn) {
	r.mu.Lock()
	r.free[c.place] = c
	r.mu.Unlock()
	r.places <- struct{}{}
}

// pop takes the connection a place stands for.
func (r *readers) pop() *liteConn {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, c := range r.free {
		if c != nil {
			r.free[i] = nil
			return c
		}
	}
	return nil // a place is taken before, so there is one
}

// take waits for a free reader no longer than wait.
func (r *readers) take(ctx context.Context, wait time.Duration) (*liteConn, error) {
	select {
	case <-r.places:
		return r.pop(), nil
	default:
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-r.places:
		return r.pop(), nil
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
		d.readers.put(conn)
	}()
	if err := conn.run("BEGIN"); err != nil {
		return translate(ctx, err)
	}
	return f(q)
}
