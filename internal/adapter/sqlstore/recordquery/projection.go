package recordquery

import (
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/money"
	"voronka/internal/record/schema"
)

// projection says which columns a list reads and how each goes into JSON. It is made once per set of fields.
type projection struct {
	typ     *schema.Type
	columns string // "r.id, r.version, r.title …"
	n       int    // how many columns
	head    string // `{"id":`
	cells   []cell
	sides   []*schema.Field // fields whose values lie in shared tables
}

// cell writes one field. NULL never reaches put: missing values are left out of the JSON.
type cell struct {
	at    int    // first column
	lead  string // `,"amount":`
	zero  bool   // 0 means missing
	empty bool   // "" means missing
	put   func(p *page, r db.Row, at int)
}

// newProjection plans fields of a type; id, type and version are always there.
func newProjection(c *schema.Catalog, t *schema.Type, fields []*schema.Field) *projection {
	p := &projection{typ: t, head: `,"type":"` + t.Code + `","version":`}
	columns := []string{"r.id", "r.version"}
	for _, f := range fields {
		if f.Kind.Side() != schema.InColumns {
			p.sides = append(p.sides, f)
			continue
		}
		p.cells = append(p.cells, cell{
			at: len(columns), lead: `,"` + f.Code + `":`, zero: zeroIsMissing(f), empty: f.System && f.Code == "next_title", put: putter(c, f),
		})
		columns = append(columns, "r."+f.Col)
		if f.Kind == schema.Money {
			columns = append(columns, "r."+f.Col+"_cur", "r."+f.Col+"_base")
		}
	}
	p.columns, p.n = strings.Join(columns, ", "), len(columns)
	return p
}

// zeroIsMissing tells system columns that hold 0 for nobody or nothing; the two others that may be missing are NULL then.
func zeroIsMissing(f *schema.Field) bool {
	if !f.System || f.Code == "next_at" || f.Code == "closed_at" {
		return false
	}
	switch f.Kind {
	case schema.User, schema.DepartmentKind, schema.LostReasonKind, schema.PipelineKind, schema.StageKind, schema.DateTime:
		return true
	case schema.Integer:
		return f.Code == "next_id"
	}
	return false
}

// putter is how a value of the field goes into JSON.
func putter(c *schema.Catalog, f *schema.Field) func(p *page, r db.Row, at int) {
	switch f.Kind {
	case schema.Text, schema.LongText, schema.Date, schema.URL, schema.Address:
		return putText
	case schema.DateTime:
		return putInstant
	case schema.Bool:
		return putBool
	case schema.Money:
		return putMoney
	case schema.Decimal:
		scale := f.Scale
		return func(p *page, r db.Row, at int) {
			p.buf = append(append(append(p.buf, '"'), money.Scaled(r.Int64(at), scale)...), '"')
		}
	case schema.Link:
		to := c.Type(f.LinkType)
		return func(p *page, r db.Row, at int) {
			p.buf = r.AppendInt(append(p.buf, `{"id":`...), at)
			if to != nil {
				p.holes = append(p.holes, hole{at: len(p.buf), typ: to, id: r.Int64(at)})
			}
			p.buf = append(p.buf, '}')
		}
	case schema.List, schema.StageKind, schema.PipelineKind, schema.LostReasonKind:
		return putCode(coder(c, f))
	}
	return func(p *page, r db.Row, at int) { p.buf = r.AppendInt(p.buf, at) }
}

func putText(p *page, r db.Row, at int) { p.buf = r.AppendJSONString(p.buf, at) }

func putInstant(p *page, r db.Row, at int) { p.buf = appendInstant(p.buf, r.Int64(at)) }

func putBool(p *page, r db.Row, at int) {
	if r.Int64(at) != 0 {
		p.buf = append(p.buf, "true"...)
	} else {
		p.buf = append(p.buf, "false"...)
	}
}

func putMoney(p *page, r db.Row, at int) {
	p.buf = r.AppendInt(append(p.buf, `{"minor":`...), at)
	p.buf = r.AppendJSONString(append(p.buf, `,"currency":`...), at+1)
	p.buf = append(r.AppendInt(append(p.buf, `,"base":`...), at+2), '}')
}

// putCode writes the code behind a number; a number that is unknown here is null. Codes need no escaping.
func putCode(code func(id int64) string) func(p *page, r db.Row, at int) {
	return func(p *page, r db.Row, at int) {
		if text := code(r.Int64(at)); text != "" {
			p.buf = append(append(append(p.buf, '"'), text...), '"')
		} else {
			p.buf = append(p.buf, "null"...)
		}
	}
}

// coder finds the code behind a number of the field, of removed things too; "" when there is none.
func coder(c *schema.Catalog, f *schema.Field) func(id int64) string {
	switch f.Kind {
	case schema.StageKind:
		return func(id int64) string {
			if s := c.StageByID(id); s != nil {
				return s.Code
			}
			return ""
		}
	case schema.PipelineKind:
		return func(id int64) string {
			if p := c.PipelineByID(id); p != nil {
				return p.Code
			}
			return ""
		}
	case schema.LostReasonKind:
		return func(id int64) string {
			if r := c.LostReasonByID(id); r != nil {
				return r.Code
			}
			return ""
		}
	}
	return func(id int64) string {
		if v := f.ValueByID(id); v != nil {
			return v.Code
		}
		return ""
	}
}

// record writes a row of the projection as one JSON object, with holes for what later queries bring.
func (pr *projection) record(p *page, r db.Row) {
	p.buf = append(p.buf, `{"id":`...)
	p.buf = r.AppendInt(p.buf, 0)
	p.buf = append(p.buf, pr.head...)
	p.buf = r.AppendInt(p.buf, 1)
	for i := range pr.cells {
		c := &pr.cells[i]
		if r.Null(c.at) || c.zero && r.Int64(c.at) == 0 || c.empty && len(r.Bytes(c.at)) == 0 {
			continue
		}
		p.buf = append(p.buf, c.lead...)
		c.put(p, r, c.at)
	}
	id := r.Int64(0)
	p.ids = append(p.ids, id)
	if p.records || len(pr.sides) > 0 {
		p.holes = append(p.holes, hole{at: len(p.buf), id: id})
	}
	p.buf = append(p.buf, '}')
}
