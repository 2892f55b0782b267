package routing

import (
	"encoding/json"
	"slices"
	"strconv"

	"voronka/internal/expr"
	"voronka/internal/kernel/money"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
	"voronka/internal/sales/client"
)

// Answer is a decision with every rule that was tried for it and what was seen, as far as the person who asks may see it.
// Which rule won and who gets the record is always told: whoever sees the record sees that too.
type Answer struct {
	Decision
	Client ref.Ref // whom the request was taken to be from; zero for nobody we know, and for somebody the person doesn't see
	Rules  []Step  // all of them; those after the one that won weren't tried
}

// Step is one rule and what came of it.
type Step struct {
	Rule   Rule
	Tried  bool
	Result expr.Tri // unknown when it hangs on something hidden
	Asked  bool     // its condition was asked
	Passed string   // why it was passed over; empty when that would tell a hidden result
	Won    bool
	Why    *Part // its condition part by part; nil when it wasn't asked
}

// Part is a part of a condition and what came of it.
type Part struct {
	Op     expr.Op
	Path   []string
	Node   json.RawMessage // a comparison as a tree
	Seen   json.RawMessage // the value seen in the API's shape, null for none; nil of and, or, not and of what is hidden
	Kind   expr.Kind
	Hidden bool     // the person may not see the records the value comes from
	Result expr.Tri // unknown of what is hidden and of what hangs on it
	Args   []Part
}

// Explain decides without consequences and says why. The caller undoes the transaction.
func (s *Service) Explain(t tx.Tx, who access.Who, in Input) (Answer, error) {
	in.Explain, in.still = true, true
	d, facts, err := s.Look(t, in)
	if err != nil {
		return Answer{}, err
	}
	b, err := s.Book(t)
	if err != nil {
		return Answer{}, err
	}
	out := Answer{Decision: d}
	if facts.sees(in.Client, who) {
		out.Client = in.Client
	}
	for i := range b.entries {
		step := Step{Rule: *b.entries[i].rule, Result: expr.Null}
		if i < len(d.Tried) {
			tried := d.Tried[i]
			step.Tried, step.Result, step.Asked, step.Passed, step.Won = true, tried.Result, tried.Asked, tried.Passed, i == len(d.Tried)-1
			if tried.Trace != nil {
				part, err := facts.part(*tried.Trace, who)
				if err != nil {
					return Answer{}, err
				}
				if step.Why = &part; part.Result != tried.Result {
					step.Result, step.Passed = part.Result, ""
				}
			}
		}
		out.Rules = append(out.Rules, step)
	}
	return out, nil
}

// Present is what rules would look at about a record as it stands, if the person sees it.
func (s *Service) Present(t tx.Tx, who access.Who, r ref.Ref) (Input, error) {
	if _, err := s.Records.Load(t, who, r); err != nil {
		return Input{}, err
	}
	in, _, err := s.present(t, r)
	return in, err
}

func (f *Facts) part(x expr.Trace, who access.Who) (Part, error) {
	out := Part{Op: x.Node.Op, Result: x.Result}
	if x.Path == nil {
		for _, arg := range x.Args {
			part, err := f.part(arg, who)
			if err != nil {
				return Part{}, err
			}
			out.Args = append(out.Args, part)
		}
		out.Result = together(x.Node.Op, out.Args, x.Result)
		return out, nil
	}
	fact := f.Fact(x.Path)
	out.Path, out.Kind = x.Path.Codes(), fact.Kind
	var err error
	if out.Node, err = x.Node.MarshalJSON(); err != nil {
		return Part{}, err
	}
	if out.Hidden = !f.shown(x.Path, fact, who); out.Hidden {
		out.Result = expr.Null
	} else {
		out.Seen = f.json(fact)
	}
	return out, nil
}

// together is what comes of parts as the person sees them, which is less than what came of them when some are hidden.
func together(op expr.Op, parts []Part, came expr.Tri) expr.Tri {
	switch op {
	case expr.OpAnd:
		came = expr.True
		for _, part := range parts {
			came = min(came, part.Result)
		}
	case expr.OpOr:
		came = expr.False
		for _, part := range parts {
			came = max(came, part.Result)
		}
	case expr.OpNot:
		came = parts[0].Result.Not()
	}
	return came
}

// shown tells whether a person may see where a fact comes from. That somebody is known, and for how long, may not be told to
// who doesn't see his card; nor to whom a card links that he doesn't see; nor what stands in a field hidden from him.
func (f *Facts) shown(p *expr.Path, x Fact, who access.Who) bool {
	mine := f.catalog.For(who)
	typ := Types[0]
	if f.subject.Type != nil {
		typ = f.subject.Type.Code
	}
	if codes := p.Codes(); codes[0] == "request" && len(codes) > 1 && !client.Shows(mine, typ, codes[len(codes)-1]) {
		return false
	}
	for _, step := range p.Steps { // a link is a field, too
		if t := mine.Type(step.Type); t != nil && t.Hides(step.Field.Code) {
			return false
		}
	}
	if x.Field != nil && mine.TypeByID(x.Field.TypeID).Hides(x.Field.Code) {
		return false
	}
	return !slices.ContainsFunc(x.Of, func(r ref.Ref) bool { return !f.sees(r, who) })
}

// sees tells whether a person may see a record; one that is gone hides nothing.
func (f *Facts) sees(r ref.Ref, who access.Who) bool {
	if who.IsSystem() {
		return true
	}
	state, err := f.load(r)
	return err == nil && (state == nil || who.Plan(r.Type, access.See).Sees(state.Access))
}

// json is a fact in the API's shape.
func (f *Facts) json(x Fact) json.RawMessage {
	d := x.Datum
	switch {
	case x.Field != nil:
		return f.catalog.AppendJSON(nil, x.Field, d)
	case !d.Set:
		return json.RawMessage("null")
	}
	switch x.Kind {
	case expr.Bool:
		return strconv.AppendBool(nil, d.Int != 0)
	case expr.Decimal:
		return schema.AppendString(nil, money.Scaled(d.Int, x.Scale))
	case expr.Integer, expr.User:
		return strconv.AppendInt(nil, d.Int, 10)
	case expr.Link:
		return append(strconv.AppendInt([]byte(`{"id":`), d.Int, 10), '}')
	case expr.Phone, expr.Email:
		b := []byte{'['}
		for i, item := range d.Many {
			if i > 0 {
				b = append(b, ',')
			}
			b = schema.AppendString(b, item.Value)
		}
		return append(b, ']')
	}
	return schema.AppendString(nil, d.Text)
}
