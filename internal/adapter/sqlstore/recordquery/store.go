package recordquery

import (
	"context"
	"strings"
	"sync"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// Store answers questions about records. It is safe for concurrent use.
type Store struct {
	db     *db.DB
	shares shareBook

	mu          sync.RWMutex
	catalog     *schema.Catalog // what the projections are of
	projections map[string]*projection
}

// New makes a Store over a database.
func New(d *db.DB) *Store {
	s := &Store{db: d, projections: map[string]*projection{}}
	s.shares = shareBook{db: d, now: time.Now, types: map[int64]*shares{}}
	return s
}

// projectionCap bounds how many sets of fields are remembered.
const projectionCap = 256

// projection is the plan of a set of fields, remembered as long as the catalogue stays the same. Which fields those may be is
// settled already, so all views of a catalogue share them.
func (s *Store) projection(c *schema.Catalog, t *schema.Type, fields []*schema.Field) *projection {
	c = c.Whole()
	var b strings.Builder
	b.WriteString(t.Code)
	for _, f := range fields {
		b.WriteByte(',')
		b.WriteString(f.Code)
	}
	key := b.String()
	s.mu.RLock()
	p := s.projections[key]
	fresh := s.catalog == c
	s.mu.RUnlock()
	if p != nil && fresh {
		return p
	}
	p = newProjection(c, t, fields)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.catalog != c || len(s.projections) >= projectionCap {
		s.catalog, s.projections = c, map[string]*projection{}
	}
	s.projections[key] = p
	return p
}

// List appends a page of records as JSON to dst: {"items": […], "next": "…"}. The last page has no next.
func (s *Store) List(ctx context.Context, plan access.Plan, l *query.List, dst []byte) ([]byte, error) {
	if plan.Nothing() {
		return append(dst, `{"items":[]}`...), nil
	}
	err := s.db.Read(ctx, func(q db.Q) error {
		p := newPage()
		defer p.free()
		p.last = true
		pr := s.projection(l.Catalog, l.Type, l.Fields)
		next, err := s.list(q, plan, l, nil, pr, p)
		if err != nil {
			return err
		}
		if err := p.fill(q, l.Catalog, l.Type, pr.sides, l.Linked); err != nil {
			return err
		}
		if err := p.settle(q); err != nil {
			return err
		}
		dst = append(dst, `{"items":[`...)
		dst = p.splice(dst, 0, len(p.buf))
		dst = append(appendNext(append(dst, ']'), next), '}')
		return nil
	})
	return dst, err
}

// list writes a page's records, separated by commas, and tells where the next page begins. watched are the observed
// records it may show, nil when they aren't known.
func (s *Store) list(q db.Q, plan access.Plan, l *query.List, watched *[]int64, pr *projection, p *page) (next *query.Mark, err error) {
	if plan.Nothing() { // nobody's board
		return nil, nil
	}
	x, err := s.listing(q, plan, l, pr.columns, pr.n)
	if err != nil {
		return nil, err
	}
	x.paths.watched = watched
	n := 0
	var last query.Mark
	err = x.run(func(r db.Row, null bool) error {
		if n == l.Limit {
			next = &last
			return db.Stop
		}
		if n > 0 {
			p.buf = append(p.buf, ',')
		}
		pr.record(p, r)
		if n++; n == l.Limit {
			last = x.mark(r, r.Int64(0), null)
		}
		return nil
	})
	return next, err
}

func appendNext(dst []byte, next *query.Mark) []byte {
	if next == nil {
		return dst
	}
	return append(append(append(dst, `,"next":"`...), next.String()...), '"')
}

// notFound is what a record that isn't there and one that may not be seen have in common.
func notFound(t *schema.Type, id int64) error {
	return fault.New(fault.NotFound, "record.not_found", fault.Args{"type": t.Code, "id": id})
}
