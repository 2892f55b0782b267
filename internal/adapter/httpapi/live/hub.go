package live

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
)

// ErrGone is what a Source answers when events after the asked number have been removed already.
var ErrGone = errors.New("live: too long ago")

// Source is where missed events are read.
type Source interface {
	// Since is up to limit events after seq, oldest first.
	Since(ctx context.Context, seq int64, limit int) ([]event.Event, error)
	// End is the number of the last event.
	End(ctx context.Context) (int64, error)
}

// Limits of the hub.
const (
	buffer     = 512 // messages a reader may be behind
	perPerson  = 20  // streams of one person
	heartbeat  = 15 * time.Second
	writeTime  = 10 * time.Second // for one write to a reader's connection
	recheck    = 10 * time.Second // how long a revoked session may go on hearing
	page       = 500              // missed events read at a time
	maxMissed  = 20_000           // more than that is quicker asked anew
	settleTime = 1500 * time.Millisecond
)

// Hub spreads events to the readers of this process.
type Hub struct {
	source Source
	stage  func(id int64) string

	mu      sync.Mutex
	last    int64 // number of the last event spread
	readers map[*reader]struct{}
	persons map[int64]int
	spread  int64 // messages given to readers, for the metrics
	dropped int64 // readers cut off because they were too slow
}

// NewHub makes a Hub. stage gives the code of a stage by its number.
func NewHub(source Source, stage func(id int64) string) *Hub {
	return &Hub{source: source, stage: stage, readers: map[*reader]struct{}{}, persons: map[int64]int{}}
}

// reader is one open stream.
type reader struct {
	mu      sync.Mutex
	who     access.Who
	plans   map[string]access.Plan
	frames  chan queued
	cut     chan struct{} // closed when the reader is too slow
	changed chan struct{} // signals that rights may have changed
	isCut   bool
}

type queued struct {
	seq  int64
	text []byte
}

// plan is the reader's plan for a type, compiled once.
func (r *reader) plan(recordType string) access.Plan {
	p, ok := r.plans[recordType]
	if !ok {
		p = r.who.Plan(recordType, access.See)
		r.plans[recordType] = p
	}
	return p
}

// form is the message as this reader gets it; nil when it isn't for him.
func (r *reader) form(m *message) []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := m.about(r.who, r.plan)
	if s == unseen {
		return nil
	}
	return m.formFor(s, r.who.Fields(m.Ref.Type).Hidden)
}

// become gives the reader other rights; it tells whether they differ.
func (r *reader) become(who access.Who) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if same(r.who, who) {
		return false
	}
	r.who, r.plans = who, map[string]access.Plan{}
	return true
}

// push queues a text without waiting.
func (r *reader) push(seq int64, text []byte) bool {
	if r.isCut {
		return true
	}
	select {
	case r.frames <- queued{seq, text}:
		return true
	default:
		r.isCut = true
		close(r.cut)
		return false
	}
}

// Take is the hub's handler of events: it gives each to those it concerns and never waits for any of them.
func (h *Hub) Take(_ context.Context, events []event.Event) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range events {
		if e.Seq <= h.last {
			continue
		}
		h.last = e.Seq
		m := newMessage(e, h.stage)
		for r := range h.readers {
			if text := r.form(m); text != nil {
				h.spread++
				if !r.push(e.Seq, text) {
					h.dropped++
				}
			}
		}
		if e.Type == "config.changed" && named(e.Data, "org") {
			h.alarm()
		}
	}
	return nil
}

// alarm makes all readers look at their rights again.
func (h *Hub) alarm() {
	for r := range h.readers {
		select {
		case r.changed <- struct{}{}:
		default:
		}
	}
}

// Run sends heartbeats until ctx ends.
func (h *Hub) Run(ctx context.Context) error {
	ticker := time.NewTicker(heartbeat)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			h.beat()
		}
	}
}

func (h *Hub) beat() {
	h.mu.Lock()
	defer h.mu.Unlock()
	text := beat(h.last)
	for r := range h.readers {
		if !r.push(h.last, text) {
			h.dropped++
		}
	}
}

// enter adds a reader. from is the number of the last event it will not hear live; 0 when nothing happened yet.
func (h *Hub) enter(who access.Who) (r *reader, from int64, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.persons[who.UserID] >= perPerson {
		return nil, 0, fault.New(fault.TooMany, "live.too_many")
	}
	r = &reader{who: who, plans: map[string]access.Plan{}, frames: make(chan queued, buffer), cut: make(chan struct{}), changed: make(chan struct{}, 1)}
	h.readers[r] = struct{}{}
	h.persons[who.UserID]++
	return r, h.last, nil
}

func (h *Hub) leave(r *reader, userID int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.readers, r)
	if h.persons[userID]--; h.persons[userID] <= 0 {
		delete(h.persons, userID)
	}
}

// Readers is how many streams are open, Spread how many messages they were given, Dropped how many were cut off.
func (h *Hub) Readers() (open, spread, dropped int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return int64(len(h.readers)), h.spread, h.dropped
}

func named(data json.RawMessage, name string) bool {
	var d struct {
		Name string `json:"name"`
	}
	return json.Unmarshal(data, &d) == nil && d.Name == name
}
