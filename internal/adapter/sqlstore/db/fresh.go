package db

import (
	"sync"

	"voronka/internal/kernel/event"
)

// fresh are the last events the writer of a SQLite committed, in order: who delivers them needn't read what has just been
// written.
type fresh struct {
	mu     sync.Mutex
	wanted bool
	doubt  bool // another process may have written in between
	last   int64
	events []event.Event
}

const freshCap = 512 // beyond, the oldest are read from the database

// add takes the events of committed transactions.
func (f *fresh) add(events []event.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.wanted || len(events) == 0 {
		return
	}
	f.last = events[len(events)-1].Seq
	f.events = append(f.events, events...)
	if over := len(f.events) - freshCap; over > 0 {
		f.events = append(f.events[:0], f.events[over:]...)
	}
}

func (f *fresh) unsure() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.doubt = true
}

// after gives up to limit events after seq; sure is false when there may be others and the database must be asked.
func (f *fresh) after(seq int64, limit int) (events []event.Event, sure bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.wanted || f.doubt { // the first look is at the database
		f.wanted, f.doubt = true, false
		return nil, false
	}
	skip := 0
	for skip < len(f.events) && f.events[skip].Seq <= seq {
		skip++
	}
	f.events = append(f.events[:0], f.events[skip:]...)
	for i, e := range f.events {
		if e.Seq != seq+1+int64(i) {
			return nil, false
		}
	}
	if len(f.events) == 0 {
		return nil, seq == f.last
	}
	return append(events, f.events[:min(limit, len(f.events))]...), true
}

// Fresh gives up to limit events after seq as this process has just committed them, on SQLite. sure is false when the
// database must be asked: there may be others.
func (d *DB) Fresh(seq int64, limit int) (events []event.Event, sure bool) {
	if d.writer == nil {
		return nil, false
	}
	return d.writer.fresh.after(seq, limit)
}

// Unsure says that the next Fresh is to be answered by the database.
func (d *DB) Unsure() {
	if d.writer != nil {
		d.writer.fresh.unsure()
	}
}

// number gives the events of an INSERT their places: SQLite numbers the rows of one statement in a row.
func (t *transaction) number(events []event.Event) {
	q, ok := t.q.(*liteQ)
	if !ok {
		return
	}
	last := q.conn.LastInsertRowID()
	for i, e := range events {
		e.Seq = last - int64(len(events)-1-i)
		t.told = append(t.told, e)
	}
}
