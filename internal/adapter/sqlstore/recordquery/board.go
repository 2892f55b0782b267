package recordquery

import (
	"context"
	"strconv"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
)

// Board appends a pipeline's stages with their totals and first cards to dst. When the totals can't be read off the
// counters they are null, the cards come at once and Totals answers later.
func (s *Store) Board(ctx context.Context, plan access.Plan, b *query.Board, dst []byte) ([]byte, error) {
	err := s.db.Read(ctx, func(q db.Q) error {
		totals, watched, exact, err := s.counted(q, plan, &b.Scope)
		if err != nil {
			return err
		}
		dst, err = s.board(q, plan, b, totals, watched, exact, dst)
		return err
	})
	return dst, err
}

// column is where a stage's cards lie in the page's buffer, and where the next ones begin.
type column struct {
	from, to int
	next     *query.Mark
}

func (s *Store) board(q db.Q, plan access.Plan, b *query.Board, totals map[int64]total, watched map[int64][]int64, exact bool, dst []byte,
) ([]byte, error) {
	p := newPage()
	defer p.free()
	p.records, p.last = true, true
	pr := s.projection(b.Catalog, b.Type, b.Fields)
	shown := stagesShown(&b.Scope)
	columns := make([]column, len(shown))
	for i, stage := range shown {
		columns[i].from = len(p.buf)
		if !exact || totals[stage.ID].n > 0 {
			l := b.List
			l.Stage = stage
			var known *[]int64
			if watched != nil {
				ids := watched[stage.ID]
				known = &ids
			}
			next, err := s.list(q, plan, &l, known, pr, p)
			if err != nil {
				return dst, err
			}
			columns[i].next = next
		}
		columns[i].to = len(p.buf)
	}
	if err := p.fill(q, b.Catalog, b.Type, pr.sides, b.Linked); err != nil {
		return dst, err
	}
	if err := p.fillOffers(q, b.Type); err != nil {
		return dst, err
	}
	if err := p.settle(q); err != nil {
		return dst, err
	}
	dst = append(dst, `{"pipeline":"`+b.Pipeline.Code+`","stages":[`...)
	for i, stage := range shown {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"stage":"`+stage.Code+`"`...)
		if exact {
			dst = appendTotal(dst, totals[stage.ID].shown(b.Type))
		}
		dst = p.splice(append(dst, `,"items":[`...), columns[i].from, columns[i].to)
		dst = append(appendNext(append(dst, ']'), columns[i].next), '}')
	}
	dst = append(dst, `],"totals_exact":`...)
	dst = strconv.AppendBool(dst, exact)
	if !exact {
		dst = append(dst, `,"totals":null`...)
	}
	return append(dst, '}'), nil
}
