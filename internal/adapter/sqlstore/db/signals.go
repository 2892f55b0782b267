package db

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Topics that can be listened to. A signal says only "look again": what has happened stands in the database.
const (
	TopicOutbox  = "outbox"  // an event was committed
	TopicEvents  = "events"  // the relay has given order numbers
	TopicJob     = "job"     // a job was scheduled
	TopicVersion = "version" // something kept in memory has changed
)

// signals wakes those who wait for commits, on this node and, over PostgreSQL, on the others.
type signals struct {
	mu     sync.Mutex
	all    map[string]map[chan struct{}]struct{}
	remote chan string // topics to tell the other nodes, nil on SQLite
	own    sync.Map    // process numbers of the connections we tell with: what comes back from them we know
}

// Poll is how often those who listen look by themselves. On SQLite no signal is lost: commits of this process are told to
// everybody, those of other processes are seen by the writer within a second.
func (d *DB) Poll() time.Duration {
	if d.dialect == SQLite {
		return time.Minute
	}
	return 5 * time.Second
}

// Until is how long it is to the next of the moments that come every so often since the database was opened. Who looks now and
// then looks at those: one wake of the program serves all.
func (d *DB) Until(every time.Duration) time.Duration { return every - time.Since(d.opened)%every }

// Listen gives a channel that gets a signal soon after a commit concerning topic, here or on another node. Signals may
// be lost (a broken connection): whoever listens also looks by itself every Poll. stop ends it.
func (d *DB) Listen(topic string) (wake <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	s := d.signals
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all[topic] == nil {
		s.all[topic] = map[chan struct{}]struct{}{}
	}
	s.all[topic][c] = struct{}{}
	return c, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.all[topic], c)
	}
}

// Signal wakes the listeners of topic on all nodes.
func (d *DB) Signal(topic string) { d.signals.send(topic) }

func (s *signals) send(topic string) {
	s.wake(topic)
	if s.remote != nil {
		select {
		case s.remote <- topic:
		default: // a burst; the others look every Poll anyway
		}
	}
}

func (s *signals) wake(topic string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.all[topic] {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

func (s *signals) wakeAll() {
	for _, topic := range []string{TopicOutbox, TopicEvents, TopicJob, TopicVersion} {
		s.wake(topic)
	}
}

const channel = "voronka"

// tellPause is for how long topics come together: each telling is a transaction of its own. It is much less than anybody
// notices and enough for most of what a few busy people do at once.
const tellPause = 50 * time.Millisecond

// tell sends topics to the other nodes, equal ones of a burst once. It is not done inside the transactions: NOTIFY takes
// a lock there that would let only one of them commit at a time.
func (d *DB) tell(ctx context.Context) {
	for {
		var topic string
		select {
		case <-ctx.Done():
			return
		case topic = <-d.signals.remote:
		}
		pending := map[string]bool{topic: true}
		for more := true; more; {
			select {
			case topic = <-d.signals.remote:
				pending[topic] = true
			default:
				more = false
			}
		}
		if err := d.tellOnce(ctx, slices.Sorted(maps.Keys(pending))); err != nil && ctx.Err() == nil {
			d.log.Debug("other nodes not told", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(tellPause):
		}
	}
}

// tellOnce tells several topics in one transaction. Its commit needn't wait for the disk: nothing is kept.
func (d *DB) tellOnce(ctx context.Context, topics []string) error {
	c, err := d.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	d.signals.own.Store(c.Conn().PgConn().PID(), true)
	sql, args := "SELECT set_config('synchronous_commit', 'off', true)", []any{channel}
	for _, topic := range topics {
		args = append(args, topic)
		sql += ", pg_notify($1, $" + strconv.Itoa(len(args)) + ")"
	}
	_, err = c.Exec(ctx, sql, args...)
	return err
}

// hear passes on what other nodes tell, reconnecting for ever.
func (d *DB) hear(ctx context.Context) {
	for ctx.Err() == nil {
		if err := d.hearOnce(ctx); err != nil && ctx.Err() == nil {
			d.log.Debug("listening to other nodes interrupted", "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
}

func (d *DB) hearOnce(ctx context.Context) error {
	c, err := d.connectPostgres(ctx)
	if err != nil {
		return err
	}
	defer closeNow(c)
	if _, err := c.Exec(ctx, "LISTEN "+channel); err != nil {
		return err
	}
	d.signals.wakeAll() // what was told while nobody listened
	for {
		n, err := c.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if _, own := d.signals.own.Load(n.PID); !own {
			d.signals.wake(n.Payload)
		}
	}
}
