package routing

import (
	"strings"
	"time"

	"voronka/internal/expr"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/textkey"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// Subject is the lead or deal rules are asked about. State is called when a rule looks at it first.
type Subject struct {
	Type  *schema.Type
	State func() (*record.State, error)
}

// Fact is one value a rule has looked at.
type Fact struct {
	Field *schema.Field // nil when it is no field of a record
	Kind  expr.Kind
	Scale int
	Of    []ref.Ref // the records it was read through, the client among them; none for the request and the record itself
	Datum schema.Datum
}

// Facts is what rules look at. Each value is looked up once, when a rule asks for it first; it implements expr.Record.
type Facts struct {
	t       tx.Tx
	catalog *schema.Catalog
	zone    *time.Location
	records Records
	store   Store
	request *Request
	subject Subject
	client  ref.Ref

	state  *record.State // of the subject
	loaded map[ref.Ref]*record.State
	seen   map[string]*value
	err    error // the first that happened: conditions have no place for one
}

// value is a fact in the language's form.
type value struct {
	Fact
	one  expr.Value
	many []expr.Value
}

// Value implements expr.Record.
func (f *Facts) Value(p *expr.Path) expr.Value { return f.at(p).one }

// Values implements expr.Record.
func (f *Facts) Values(p *expr.Path) []expr.Value { return f.at(p).many }

// Fact is what lies at a path.
func (f *Facts) Fact(p *expr.Path) Fact { return f.at(p).Fact }

func (f *Facts) at(p *expr.Path) *value {
	if v := f.seen[p.Name]; v != nil {
		return v
	}
	fact, err := f.look(p)
	if err != nil && f.err == nil {
		f.err = err
	}
	last := p.Field()
	fact.Kind, fact.Scale = last.Kind, last.Scale
	v := &value{Fact: fact, one: single(fact)}
	for _, item := range fact.Datum.Many {
		v.many = append(v.many, member(fact.Kind, item))
	}
	f.seen[p.Name] = v
	return v
}

// look finds what lies at a path.
func (f *Facts) look(p *expr.Path) (Fact, error) {
	switch p.Steps[0].Field.Code {
	case "request":
		return f.ofRequest(p), nil
	case "client":
		return f.ofClient(p)
	}
	if f.subject.Type == nil {
		return Fact{}, nil
	}
	root, code := p.Steps[0].Field.Code, p.Steps[1].Field.Code
	if root == "record" && code == recordType {
		return Fact{Datum: text(f.subject.Type.Code)}, nil
	}
	if root != "record" && root != f.subject.Type.Code {
		return Fact{}, nil
	}
	if err := f.subjectState(); err != nil {
		return Fact{}, err
	}
	return f.follow(f.subject.Type, f.state, nil, p.Steps[1:])
}

func (f *Facts) subjectState() (err error) {
	if f.state == nil {
		f.state, err = f.subject.State()
	}
	return err
}

// follow reads a field of a record, or of one it links to; of are the records that were followed to here.
func (f *Facts) follow(typ *schema.Type, state *record.State, of []ref.Ref, steps []expr.Step) (Fact, error) {
	own := typ.Field(steps[0].Field.Code)
	if own == nil || state == nil {
		return Fact{Of: of}, nil
	}
	d := state.Get(own)
	if len(steps) == 1 {
		return Fact{Field: own, Datum: d, Of: of}, nil
	}
	to := f.catalog.Type(own.LinkType)
	if to == nil || !d.Set {
		return Fact{Of: of}, nil
	}
	linked := ref.Ref{Type: own.LinkType, ID: d.Int}
	of = append(of, linked)
	next, err := f.load(linked)
	if err != nil {
		return Fact{Of: of}, err
	}
	return f.follow(to, next, of, steps[1:])
}

func (f *Facts) ofRequest(p *expr.Path) Fact {
	if f.request == nil {
		return Fact{}
	}
	code := p.Steps[1].Field.Code
	if len(p.Steps) == 3 {
		said := f.request.more(strings.ToLower(p.Steps[2].Field.Code))
		if code == "number" {
			return Fact{Datum: number(said)}
		}
		return Fact{Datum: text(said)}
	}
	for _, own := range requestFacts {
		if own.code == code {
			return Fact{Datum: own.get(f, f.request)}
		}
	}
	return Fact{}
}

func (f *Facts) ofClient(p *expr.Path) (Fact, error) {
	var of []ref.Ref
	if !f.client.Zero() {
		of = []ref.Ref{f.client}
	}
	for _, own := range clientFacts {
		if own.code != p.Steps[1].Field.Code {
			continue
		}
		d, err := own.get(f)
		if err != nil || len(p.Steps) == 2 {
			return Fact{Datum: d, Of: of}, err
		}
		card := ref.Ref{Type: own.link, ID: d.Int}
		state, err := f.load(card)
		if err != nil || state == nil {
			return Fact{Of: of}, err
		}
		return f.follow(f.catalog.Type(own.link), state, append(of, card), p.Steps[2:])
	}
	return Fact{}, nil
}

// load is a record by its name; nil when it isn't there.
func (f *Facts) load(r ref.Ref) (*record.State, error) {
	if r.Zero() || f.catalog.Type(r.Type) == nil {
		return nil, nil
	}
	if state, known := f.loaded[r]; known {
		return state, nil
	}
	state, err := f.records.Load(f.t, access.System(), r)
	if fault.Is(err, fault.NotFound) {
		state, err = nil, nil
	}
	if err == nil {
		f.loaded[r] = state
	}
	return state, err
}

func (f *Facts) local() time.Time { return f.t.Now().In(f.zone) }

// single is a value of a field with one, as conditions compare it.
func single(x Fact) expr.Value {
	d := x.Datum
	if !d.Set || len(d.Many) > 0 {
		return expr.NoValue
	}
	switch x.Kind {
	case expr.Text, expr.LongText, expr.URL, expr.Address:
		if d.Key != "" {
			return expr.KeyValue(d.Key)
		}
		return expr.KeyValue(textkey.Key(d.Text))
	case expr.Date:
		return expr.KeyValue(d.Text)
	case expr.Money:
		return expr.IntValue(d.Base)
	}
	return expr.IntValue(d.Int)
}

// member is one of several values.
func member(kind expr.Kind, item schema.Item) expr.Value {
	if kind == expr.Phone || kind == expr.Email {
		return expr.KeyValue(item.Norm)
	}
	return expr.IntValue(item.ID)
}
