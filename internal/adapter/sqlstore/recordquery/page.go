package recordquery

import (
	"sync"

	"voronka/internal/record/schema"
)

// page is JSON being written from rows, with holes for titles of links and many-valued fields: those come from later
// queries, one for each table however many rows there are.
type page struct {
	buf   []byte
	holes []hole
	ids   []int64 // the records written, in order

	records bool                   // every record gets a hole at its end, for offers
	last    bool                   // nothing else is read afterwards
	titles  map[target]string      // JSON text of the titles the reader may see
	items   map[int64][]sideItem   // by record
	extra   map[int64]string       // by record, JSON members with a leading comma
	sides   []*schema.Field        // the fields items are of
	types   map[int64]*schema.Type // of links to any type
	settled []func()               // what remains to be done when everything put off is there
}

// hole is a place in the buffer where something is missing: the title of a linked record, or with typ nil what comes at
// the end of a record.
type hole struct {
	at  int
	typ *schema.Type
	id  int64
}

// target is a linked record.
type target struct {
	typ *schema.Type
	id  int64
}

// sideItem is one value of a many-valued field: finished JSON, or a link whose title is still to come.
type sideItem struct {
	field int64
	json  string
	link  target
	role  string
}

var pages = sync.Pool{New: func() any { return &page{buf: make([]byte, 0, 32<<10)} }}

func newPage() *page {
	p := pages.Get().(*page)
	p.buf, p.holes, p.ids = p.buf[:0], p.holes[:0], p.ids[:0]
	p.titles, p.items, p.extra, p.sides, p.types, p.settled, p.records, p.last = nil, nil, nil, nil, nil, nil, false, false
	return p
}

// pageCap keeps one huge answer from staying in the pool for ever.
const pageCap = 1 << 20

func (p *page) free() {
	if cap(p.buf) <= pageCap {
		pages.Put(p)
	}
}

// splice writes the part of the buffer between two places, its holes filled, and returns dst.
func (p *page) splice(dst []byte, from, to int) []byte {
	for _, h := range p.holes {
		if h.at < from || h.at >= to {
			continue
		}
		dst = append(dst, p.buf[from:h.at]...)
		from = h.at
		if h.typ != nil {
			dst = p.title(dst, target{h.typ, h.id})
			continue
		}
		dst = p.rest(dst, h.id)
	}
	return append(dst, p.buf[from:to]...)
}

func (p *page) title(dst []byte, t target) []byte {
	if title, ok := p.titles[t]; ok {
		dst = append(append(dst, `,"title":`...), title...)
	}
	return dst
}

// rest writes the many-valued fields of a record and what else was found about it.
func (p *page) rest(dst []byte, id int64) []byte {
	items := p.items[id]
	for _, f := range p.sides {
		first := true
		for _, item := range items {
			if item.field != f.ID {
				continue
			}
			if first {
				dst = append(append(append(dst, `,"`...), f.Code...), `":[`...)
				first = false
			} else {
				dst = append(dst, ',')
			}
			dst = p.item(dst, f, item)
		}
		if !first {
			dst = append(dst, ']')
		}
	}
	return append(dst, p.extra[id]...)
}

func (p *page) item(dst []byte, f *schema.Field, item sideItem) []byte {
	if item.link.typ == nil {
		return append(dst, item.json...)
	}
	dst = append(dst, '{')
	if f.LinkType == "" {
		dst = append(append(append(dst, `"type":"`...), item.link.typ.Code...), `",`...)
	}
	dst = append(append(dst, `"id":`...), item.json...)
	if item.role != "" {
		dst = schema.AppendString(append(dst, `,"role":`...), item.role)
	}
	return append(p.title(dst, item.link), '}')
}
