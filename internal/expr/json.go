package expr

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// jsonNode is a node as JSON; see the package comment for which members belong to which op.
type jsonNode struct {
	Op     Op                `json:"op"`
	Args   []json.RawMessage `json:"args,omitempty"`
	Path   []string          `json:"path,omitempty"`
	Value  json.RawMessage   `json:"value,omitempty"`
	Values []json.RawMessage `json:"values,omitempty"`
	From   json.RawMessage   `json:"from,omitempty"`
	To     json.RawMessage   `json:"to,omitempty"`
	Open   string            `json:"open,omitempty"`
}

// jsonLiteral is a literal that JSON has no form for.
type jsonLiteral struct {
	Number   *string    `json:"number,omitempty"`
	Date     *string    `json:"date,omitempty"`
	DateTime *string    `json:"datetime,omitempty"`
	Today    *jsonShift `json:"today,omitempty"`
	Now      *jsonShift `json:"now,omitempty"`
	Me       bool       `json:"me,omitempty"`
}

type jsonShift struct {
	Months  int `json:"months,omitempty"`
	Days    int `json:"days,omitempty"`
	Minutes int `json:"minutes,omitempty"`
}

// ParseJSON reads a tree as JSON and checks it as Parse does. The error is an *Error whose At points into the JSON.
func ParseJSON(data []byte, schema Schema) (*Tree, error) {
	c := &checker{schema: schema, paths: map[string]*Path{}, json: true}
	if len(data) > MaxLength {
		return nil, fail(place{}, "too_long", Args{"max": MaxLength})
	}
	d := jsonReader{}
	node, err := d.node(data)
	if err != nil {
		err.At = "/" + strings.Join(d.pointer, "/")
		return nil, err
	}
	return c.tree(node)
}

// MarshalJSON writes the checked tree.
func (t *Tree) MarshalJSON() ([]byte, error) { return t.node.MarshalJSON() }

// MarshalJSON writes the node with its codes.
func (n *Node) MarshalJSON() ([]byte, error) {
	out := jsonNode{Op: n.Op, Path: n.Path}
	for _, arg := range n.Args {
		raw, err := arg.MarshalJSON()
		if err != nil {
			return nil, err
		}
		out.Args = append(out.Args, raw)
	}
	switch n.Op {
	case OpTrue, OpFalse, OpAnd, OpOr, OpNot, OpIsEmpty:
	case OpRange:
		out.From, out.To = n.From.raw(), n.To.raw()
		out.Open = openNames[[2]bool{n.OpenFrom, n.OpenTo}]
	case OpIn, OpHasAll:
		// An empty list is written too, which omitempty would drop.
		type withValues struct {
			jsonNode
			Values []json.RawMessage `json:"values"`
		}
		list := withValues{out, make([]json.RawMessage, len(n.Values))}
		for i, v := range n.Values {
			list.Values[i] = v.raw()
		}
		return encode(list)
	default:
		out.Value = n.Value.raw()
	}
	return encode(out)
}

var openNames = map[[2]bool]string{{true, false}: "from", {false, true}: "to", {true, true}: "both"}

// encode writes JSON without escaping < and >, which are operators here.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// raw is the literal as JSON.
func (l Literal) raw() json.RawMessage {
	var v any
	shift := jsonShift(l.Shift)
	switch l.Kind {
	case NullLiteral:
	case BoolLiteral:
		v = l.Text == "true"
	case NumberLiteral:
		v = json.Number(l.Text)
	case StringLiteral:
		v = l.Text
	case DateLiteral:
		v = jsonLiteral{Date: &l.Text}
	case InstantLiteral:
		v = jsonLiteral{DateTime: &l.Text}
	case TodayLiteral:
		v = jsonLiteral{Today: &shift}
	case NowLiteral:
		v = jsonLiteral{Now: &shift}
	case MeLiteral:
		v = jsonLiteral{Me: true}
	}
	raw, err := encode(v)
	if err != nil { // a number made by hand that is none
		return json.RawMessage("null")
	}
	return raw
}

// jsonReader keeps where it is, for errors.
type jsonReader struct{ pointer []string }

func (d *jsonReader) wrong(what string) *Error {
	return fail(place{}, "bad_tree", Args{"what": what})
}

// strict decodes one JSON value with no unknown members and nothing behind it.
func (d *jsonReader) strict(data []byte, into any) *Error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return d.wrong(strings.TrimPrefix(err.Error(), "json: "))
	}
	if dec.More() {
		return d.wrong("…} …")
	}
	return nil
}

func (d *jsonReader) in(steps []string, part func() *Error) *Error {
	n := len(d.pointer)
	d.pointer = append(d.pointer, steps...)
	err := part()
	if err == nil {
		d.pointer = d.pointer[:n]
	}
	return err
}

func (d *jsonReader) node(data []byte) (*Node, *Error) {
	if len(d.pointer) > 2*MaxDepth {
		return nil, fail(place{}, "too_deep", Args{"max": MaxDepth})
	}
	var j jsonNode
	if err := d.strict(data, &j); err != nil {
		return nil, err
	}
	n := &Node{Op: j.Op, Path: j.Path}
	if err := d.shape(j); err != nil {
		return nil, err
	}
	for i, raw := range j.Args {
		err := d.in([]string{"args", strconv.Itoa(i)}, func() *Error {
			arg, err := d.node(raw)
			n.Args = append(n.Args, arg)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for i, raw := range j.Values {
		err := d.in([]string{"values", strconv.Itoa(i)}, func() *Error {
			v, err := d.literal(raw)
			n.Values = append(n.Values, v)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for _, m := range []struct {
		name string
		raw  json.RawMessage
		to   *Literal
	}{{"value", j.Value, &n.Value}, {"from", j.From, &n.From}, {"to", j.To, &n.To}} {
		if m.raw == nil {
			continue
		}
		err := d.in([]string{m.name}, func() (err *Error) { *m.to, err = d.literal(m.raw); return err })
		if err != nil {
			return nil, err
		}
	}
	n.OpenFrom, n.OpenTo = j.Open == "from" || j.Open == "both", j.Open == "to" || j.Open == "both"
	return n, nil
}

// shape checks that the node has the members of its op and no others.
func (d *jsonReader) shape(j jsonNode) *Error {
	has := map[string]bool{
		"args": j.Args != nil, "path": j.Path != nil, "value": j.Value != nil, "values": j.Values != nil,
		"from": j.From != nil, "to": j.To != nil,
	}
	var want []string
	switch j.Op {
	case OpTrue, OpFalse:
	case OpAnd, OpOr, OpNot:
		want = []string{"args"}
	case OpRange:
		want = []string{"path", "from", "to"}
	case OpIn, OpHasAll:
		want = []string{"path", "values"}
	case OpIsEmpty:
		want = []string{"path"}
	default:
		if _, ok := needs[j.Op]; !ok {
			return d.wrong("op " + strconv.Quote(string(j.Op)))
		}
		want = []string{"path", "value"}
	}
	for _, name := range want {
		if !has[name] {
			return fail(place{}, "tree_missing", Args{"op": string(j.Op), "member": name}, name)
		}
		delete(has, name)
	}
	for name, there := range has {
		if there {
			return fail(place{}, "tree_extra", Args{"op": string(j.Op), "member": name})
		}
	}
	switch j.Open {
	case "":
	case "from", "to", "both":
		if j.Op == OpRange {
			return nil
		}
		fallthrough
	default:
		return d.wrong("open " + strconv.Quote(j.Open))
	}
	return nil
}

func (d *jsonReader) literal(data []byte) (Literal, *Error) {
	data = bytes.TrimSpace(data)
	switch data[0] {
	case 'n':
		return Literal{}, nil
	case 't', 'f':
		return Literal{Kind: BoolLiteral, Text: string(data)}, nil
	case '"':
		l := Literal{Kind: StringLiteral}
		return l, d.strict(data, &l.Text)
	case '{':
		return d.object(data)
	case '[':
		return Literal{}, d.wrong("[")
	}
	return Literal{Kind: NumberLiteral, Text: string(data)}, nil
}

func (d *jsonReader) object(data []byte) (Literal, *Error) {
	var j jsonLiteral
	if err := d.strict(data, &j); err != nil {
		return Literal{}, err
	}
	var found []Literal
	text := func(kind LiteralKind, s *string) {
		if s != nil {
			found = append(found, Literal{Kind: kind, Text: *s})
		}
	}
	shift := func(kind LiteralKind, s *jsonShift) {
		if s != nil {
			found = append(found, Literal{Kind: kind, Shift: Shift(*s)})
		}
	}
	text(NumberLiteral, j.Number)
	text(DateLiteral, j.Date)
	text(InstantLiteral, j.DateTime)
	shift(TodayLiteral, j.Today)
	shift(NowLiteral, j.Now)
	if j.Me {
		found = append(found, Literal{Kind: MeLiteral})
	}
	if len(found) != 1 {
		return Literal{}, d.wrong(string(data))
	}
	return found[0], nil
}
