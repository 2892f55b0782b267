package expr

import (
	"strconv"
	"strings"
)

// Check finds the names of a condition in schema, checks its types and gives the tree that can be run. node isn't
// changed. The error is an *Error.
func Check(node *Node, schema Schema) (*Tree, error) {
	c := &checker{schema: schema, paths: map[string]*Path{}}
	return c.tree(node)
}

// bound is a checked node: and, or, not with args, constants, or a term.
type bound struct {
	op   Op
	args []bound
	term *term
}

// term is a checked comparison of one path with literals.
type term struct {
	op               Op
	path             *Path
	lits             []operand // one; of a range two; of a list any number
	openFrom, openTo bool
}

// operand is a literal made ready for its field: what doesn't depend on the clock or the person is worked out.
type operand struct {
	Literal
	at  point   // numbers, instants, truth, ids of people and records
	ids []int64 // codes
	key string  // texts and dates
}

type checker struct {
	schema  Schema
	paths   map[string]*Path
	order   []*Path
	terms   int
	depth   int
	pointer []string // where we are, for trees that came as JSON
	json    bool
}

func (c *checker) tree(node *Node) (*Tree, error) {
	out, root, err := c.node(node)
	if err != nil {
		if c.json {
			err.At, err.From, err.To = "/"+strings.Join(c.pointer, "/"), 0, 0
		}
		return nil, err
	}
	return &Tree{node: out, schema: c.schema.Type(), root: root, paths: c.order}, nil
}

// in does part of the work one member deeper in the tree. After an error the pointer stays where it happened.
func (c *checker) in(member string, index int, part func() *Error) *Error {
	n := len(c.pointer)
	c.pointer = append(c.pointer, member)
	if index >= 0 {
		c.pointer = append(c.pointer, strconv.Itoa(index))
	}
	err := part()
	if err == nil {
		c.pointer = c.pointer[:n]
	}
	return err
}

// node checks one node and returns its copy with codes and literals in their shortest form.
func (c *checker) node(n *Node) (*Node, bound, *Error) {
	if n == nil {
		return nil, bound{}, fail(place{}, "bad_tree", Args{"what": "null"})
	}
	if c.depth++; c.depth > MaxDepth {
		return nil, bound{}, fail(n.at, "too_deep", Args{"max": MaxDepth})
	}
	defer func() { c.depth-- }()
	switch n.Op {
	case OpTrue, OpFalse:
		return &Node{Op: n.Op}, bound{op: n.Op}, c.count(n)
	case OpAnd, OpOr, OpNot:
		return c.group(n)
	}
	return c.comparison(n)
}

func (c *checker) count(n *Node) *Error {
	if c.terms++; c.terms > MaxTerms {
		return fail(n.at, "too_many_terms", Args{"max": MaxTerms})
	}
	return nil
}

func (c *checker) group(n *Node) (*Node, bound, *Error) {
	out, b := &Node{Op: n.Op, at: n.at}, bound{op: n.Op}
	if n.Op == OpNot && len(n.Args) != 1 {
		return nil, b, fail(n.at, "bad_tree", Args{"what": "not"})
	}
	for i, arg := range n.Args {
		err := c.in("args", i, func() *Error {
			node, checked, err := c.node(arg)
			out.Args, b.args = append(out.Args, node), append(b.args, checked)
			return err
		})
		if err != nil {
			return nil, b, err
		}
	}
	// "and" of one is that one and of none is true, as they would be read back from their text.
	switch {
	case n.Op == OpNot || len(out.Args) > 1:
		return out, b, nil
	case len(out.Args) == 1:
		return out.Args[0], b.args[0], nil
	}
	op := choose(n.Op == OpAnd, OpTrue, OpFalse)
	return &Node{Op: op}, bound{op: op}, c.count(n)
}

// needs is the group of operators a node's operator belongs to.
var needs = map[Op]Operators{
	OpEqual: Equality, OpNotEqual: Equality, OpLess: Order, OpAtMost: Order, OpMore: Order, OpAtLeast: Order, OpRange: Order,
	OpIn: Membership, OpContains: Contains, OpStartsWith: StartsWith, OpHasAll: HasAll, OpIsEmpty: Presence,
}

func (c *checker) comparison(n *Node) (*Node, bound, *Error) {
	need, known := needs[n.Op]
	if !known {
		return nil, bound{}, fail(n.at, "bad_tree", Args{"what": string(n.Op)})
	}
	if err := c.count(n); err != nil {
		return nil, bound{}, err
	}
	var path *Path
	if err := c.in("path", -1, func() (err *Error) { path, err = c.path(n); return err }); err != nil {
		return nil, bound{}, err
	}
	f := path.Field()
	if need == Equality && n.Value.Kind == NullLiteral {
		need = Presence
	}
	if n.bare && f.Kind != Bool {
		return nil, bound{}, fail(place{n.at.to, n.at.to}, "unfinished", Args{"want": "want.operator"}, operatorList(f)...)
	}
	if OperatorsOf(f.Kind, f.Many)&need == 0 {
		return nil, bound{}, fail(n.at, "bad_operator", Args{
			"field": f.Code, "kind": kindNoun(f), "op": opText[n.Op], "ops": strings.Join(operatorList(f), ", "),
		}, operatorList(f)...)
	}
	return c.operands(n, path)
}

// operatorList names what a field knows.
func operatorList(f FieldInfo) []string {
	var list []string
	for _, o := range OperatorNames {
		if OperatorsOf(f.Kind, f.Many)&o.Operator != 0 {
			list = append(list, o.Name)
		}
	}
	return list
}

// operands checks the literals of a comparison.
func (c *checker) operands(n *Node, path *Path) (*Node, bound, *Error) {
	out := &Node{Op: n.Op, Path: path.Codes(), OpenFrom: n.OpenFrom, OpenTo: n.OpenTo, at: n.at}
	t := &term{op: n.Op, path: path, openFrom: n.OpenFrom, openTo: n.OpenTo}
	one := func(member string, index int, lit Literal, nullable bool, to *Literal) *Error {
		return c.in(member, index, func() *Error {
			if lit.at == (place{}) {
				lit.at = n.at
			}
			o, err := c.operand(path, lit, n.Op, nullable)
			*to = o.Literal
			t.lits = append(t.lits, o)
			return err
		})
	}
	var err *Error
	switch n.Op {
	case OpIsEmpty:
	case OpRange:
		if err = one("from", -1, n.From, false, &out.From); err == nil {
			err = one("to", -1, n.To, false, &out.To)
		}
	case OpIn, OpHasAll:
		if len(n.Values) > MaxList {
			return nil, bound{}, fail(n.at, "list_too_long", Args{"max": MaxList})
		}
		out.Values = make([]Literal, len(n.Values))
		t.lits = make([]operand, 0, len(n.Values))
		for i := range n.Values {
			if err == nil {
				err = one("values", i, n.Values[i], n.Op == OpIn, &out.Values[i])
			}
		}
	default:
		err = one("value", -1, n.Value, n.Op == OpEqual || n.Op == OpNotEqual, &out.Value)
	}
	if err != nil {
		return nil, bound{}, err
	}
	return out, bound{op: n.Op, term: t}, nil
}

// path finds the fields of a path. Equal paths of a condition share one Path.
func (c *checker) path(n *Node) (*Path, *Error) {
	if len(n.Path) == 0 {
		return nil, fail(n.at, "bad_tree", Args{"what": "path"})
	}
	if len(n.Path) > MaxHops+1 {
		return nil, fail(n.at, "too_many_hops", Args{"max": MaxHops})
	}
	path, schema := &Path{}, c.schema
	var codes []string
	for i, name := range n.Path {
		at := n.at
		if i < len(n.names) {
			at = n.names[i]
		}
		f, ok := schema.Field(name)
		if !ok {
			return nil, unknown(at, "unknown_field", name, schema)
		}
		path.Steps = append(path.Steps, Step{Type: schema.Type(), Field: f})
		codes = append(codes, f.Code)
		if i == len(n.Path)-1 {
			break
		}
		if f.Kind == Links || f.Kind == Link && f.Many {
			return nil, fail(at, "many_link", Args{"name": name})
		}
		next, ok := schema.Linked(f.LinkType)
		if f.Kind != Link || f.LinkType == "" || !ok {
			return nil, fail(at, "not_a_link", Args{"name": name, "next": n.Path[i+1]})
		}
		schema = next
	}
	path.Name = strings.Join(codes, ".")
	if known := c.paths[path.Name]; known != nil {
		return known, nil
	}
	c.paths[path.Name] = path
	c.order = append(c.order, path)
	return path, nil
}

// unknown says that a field isn't there, with the nearest name if there is one.
func unknown(at place, key, name string, schema Schema) *Error {
	args := Args{"name": name, "type": schema.Type()}
	if hints, ok := schema.(Hinter); ok {
		if near := nearest(name, hints.FieldNames()); near != "" {
			args["near"] = near
			return fail(at, key+"_near", args, near)
		}
	}
	return fail(at, key, args)
}

// schemaOf is the schema the last step of a path belongs to.
func (c *checker) schemaOf(path *Path) Schema {
	schema := c.schema
	for _, step := range path.Steps[:len(path.Steps)-1] {
		schema, _ = schema.Linked(step.Field.LinkType)
	}
	return schema
}
