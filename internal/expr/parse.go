package expr

import "strings"

// Parse reads a condition, finds its names in schema and checks its types. The error is an *Error.
func Parse(src string, schema Schema) (*Tree, error) {
	node, err := ParseNode(src)
	if err != nil {
		return nil, err
	}
	return Check(node, schema)
}

// ParseNode reads a condition without looking at types: names are kept as written. The error is an *Error.
func ParseNode(src string) (*Node, error) {
	tokens, err := lex(src)
	if err == nil {
		p := &parser{tokens: tokens}
		var node *Node
		if node, err = p.whole(); err == nil {
			return node, nil
		}
	}
	return nil, err
}

// parser goes down the grammar: or > and > not > comparison.
type parser struct {
	tokens []token
	i      int
	depth  int
}

// reserved words are names only in `backticks`.
var reserved = map[string]bool{
	"and": true, "or": true, "not": true, "in": true, "between": true, "null": true, "true": true, "false": true, "me": true,
}

func (p *parser) peek() token          { return p.tokens[p.i] }
func (p *parser) ahead(n int) token    { return p.tokens[min(p.i+n, len(p.tokens)-1)] }
func (p *parser) next() token          { t := p.peek(); p.i = min(p.i+1, len(p.tokens)-1); return t }
func (p *parser) at(text string) bool  { return p.peek().is(text) }
func (p *parser) since(from int) place { return place{from, p.tokens[max(p.i-1, 0)].at.to} }

// take goes over the sign or keyword if it is there.
func (p *parser) take(text string) bool {
	if p.at(text) {
		p.next()
		return true
	}
	return false
}

// need goes over the sign or keyword that must be there.
func (p *parser) need(text string) *Error {
	if !p.take(text) {
		return p.expected(text)
	}
	return nil
}

// expected says that want (a sign, a keyword or a noun of messages.go) was wanted here.
func (p *parser) expected(want string) *Error {
	t := p.peek()
	if t.kind == endToken {
		return fail(t.at, "unfinished", Args{"want": "want." + want}, want)
	}
	return fail(t.at, "expected", Args{"want": "want." + want, "got": t.text}, want)
}

func (p *parser) whole() (*Node, *Error) {
	if p.peek().kind == endToken {
		return nil, fail(p.peek().at, "empty", nil)
	}
	node, err := p.or()
	if err == nil && p.peek().kind != endToken {
		err = p.expected("end")
	}
	return node, err
}

func (p *parser) or() (*Node, *Error)  { return p.chain(OpOr, p.and) }
func (p *parser) and() (*Node, *Error) { return p.chain(OpAnd, p.not) }

// chain reads "a or b or c" into one node.
func (p *parser) chain(op Op, part func() (*Node, *Error)) (*Node, *Error) {
	from := p.peek().at.from
	first, err := part()
	if err != nil || !p.at(string(op)) {
		return first, err
	}
	node := &Node{Op: op, Args: []*Node{first}}
	for p.take(string(op)) {
		arg, err := part()
		if err != nil {
			return nil, err
		}
		node.Args = append(node.Args, arg)
	}
	node.at = p.since(from)
	return node, nil
}

func (p *parser) not() (*Node, *Error) {
	if p.depth++; p.depth > 3*MaxDepth { // the true limit is Check's; this one keeps the stack short
		return nil, fail(p.peek().at, "too_deep", Args{"max": MaxDepth})
	}
	defer func() { p.depth-- }()
	from := p.peek().at.from
	switch {
	case p.take("not"):
		arg, err := p.not()
		if err != nil {
			return nil, err
		}
		return &Node{Op: OpNot, Args: []*Node{arg}, at: p.since(from)}, nil
	case p.take("("):
		node, err := p.or()
		if err == nil {
			err = p.need(")")
		}
		return node, err
	}
	return p.comparison()
}

// functions are the functions that are conditions, by their words; both spellings are read, the last is printed.
var functions = []struct {
	words []string
	op    Op
}{
	{[]string{"contains"}, OpContains},
	{[]string{"starts_with"}, OpStartsWith},
	{[]string{"starts", "with"}, OpStartsWith},
	{[]string{"has_all"}, OpHasAll},
	{[]string{"has", "all"}, OpHasAll},
	{[]string{"is_empty"}, OpIsEmpty},
	{[]string{"is", "empty"}, OpIsEmpty},
}

// call goes over "word word (" if it is there.
func (p *parser) call(words ...string) bool {
	for i, word := range words {
		if !p.ahead(i).is(word) {
			return false
		}
	}
	if !p.ahead(len(words)).is("(") {
		return false
	}
	for range len(words) + 1 {
		p.next()
	}
	return true
}

func (p *parser) comparison() (*Node, *Error) {
	from := p.peek().at.from
	for _, f := range functions {
		if p.call(f.words...) {
			return p.function(f.op, from)
		}
	}
	if p.startsValue() {
		return p.valueFirst(from)
	}
	node := &Node{}
	if err := p.path(node); err != nil {
		return nil, err
	}
	negated := p.at("not") && (p.ahead(1).is("in") || p.ahead(1).is("between"))
	if negated {
		p.next()
	}
	if err := p.tail(node); err != nil {
		return nil, err
	}
	node.at = p.since(from)
	if negated {
		node = &Node{Op: OpNot, Args: []*Node{node}, at: node.at}
	}
	return node, nil
}

// tail reads what follows a path.
func (p *parser) tail(node *Node) (err *Error) {
	switch {
	case p.take("between"):
		node.Op = OpRange
		if node.From, err = p.value(); err != nil {
			return err
		}
		if err = p.need("and"); err != nil {
			return err
		}
		node.To, err = p.value()
		return err
	case p.take("in"):
		return p.in(node)
	}
	if op, ok := p.compareOp(); ok {
		node.Op = op
		node.Value, err = p.value()
		return err
	}
	// A field alone is a question about a yes/no field.
	if t := p.peek(); t.kind == endToken || t.is("and") || t.is("or") || t.is(")") {
		node.Op, node.Value, node.bare = OpEqual, Literal{Kind: BoolLiteral, Text: "true"}, true
		return nil
	}
	return p.expected("operator")
}

// compareOp goes over one of = != < <= > >=.
func (p *parser) compareOp() (Op, bool) {
	if t := p.peek(); t.kind == signToken {
		switch op := Op(t.text); op {
		case OpEqual, OpNotEqual, OpLess, OpAtMost, OpMore, OpAtLeast:
			p.next()
			return op, true
		}
	}
	return "", false
}

// in reads a list or a range.
func (p *parser) in(node *Node) *Error {
	node.Op, node.Values = OpIn, []Literal{}
	open := p.at("(")
	if !open && !p.at("[") {
		return p.expected("list")
	}
	p.next()
	if open && p.take(")") {
		return nil
	}
	first, err := p.value()
	if err != nil {
		return err
	}
	if p.take("..") {
		node.Op, node.Values, node.From, node.OpenFrom = OpRange, nil, first, open
		if node.To, err = p.value(); err != nil {
			return err
		}
		if node.OpenTo = p.take(")"); !node.OpenTo && !p.take("]") {
			return p.expected("]")
		}
		return nil
	}
	if !open {
		return p.expected("..")
	}
	node.Values, err = p.list(first)
	return err
}

// list reads the rest of a list up to its bracket.
func (p *parser) list(values ...Literal) ([]Literal, *Error) {
	for !p.take(")") {
		if len(values) > 0 {
			if p.peek().kind == endToken {
				return nil, p.expected(")")
			}
			if err := p.need(","); err != nil {
				return nil, err
			}
		}
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		if values = append(values, v); len(values) > MaxList {
			return nil, fail(v.at, "list_too_long", Args{"max": MaxList})
		}
	}
	return values, nil
}

// function reads the arguments of contains, starts with, has all, is empty.
func (p *parser) function(op Op, from int) (*Node, *Error) {
	node := &Node{Op: op}
	err := p.path(node)
	if err != nil {
		return nil, err
	}
	switch op {
	case OpContains, OpStartsWith:
		if err = p.need(","); err == nil {
			node.Value, err = p.value()
		}
	case OpHasAll:
		node.Values = []Literal{}
		for err == nil && len(node.Values) <= MaxList && p.take(",") {
			var v Literal
			v, err = p.value()
			node.Values = append(node.Values, v)
		}
	}
	if err == nil {
		err = p.need(")")
	}
	node.at = p.since(from)
	return node, err
}

// mirrored is the operator with its sides exchanged.
var mirrored = map[Op]Op{
	OpEqual: OpEqual, OpNotEqual: OpNotEqual, OpLess: OpMore, OpMore: OpLess, OpAtMost: OpAtLeast, OpAtLeast: OpAtMost,
}

// valueFirst reads "5 < amount" as amount > 5, and true and false standing alone.
func (p *parser) valueFirst(from int) (*Node, *Error) {
	value, err := p.value()
	if err != nil {
		return nil, err
	}
	op, ok := p.compareOp()
	if !ok {
		if value.Kind == BoolLiteral {
			return &Node{Op: Op(value.Text), at: value.at}, nil
		}
		return nil, p.expected("operator")
	}
	if p.startsValue() {
		return nil, fail(p.peek().at, "no_field", nil, "field")
	}
	node := &Node{Op: mirrored[op], Value: value}
	err = p.path(node)
	node.at = p.since(from)
	return node, err
}

// path reads names joined with dots.
func (p *parser) path(node *Node) *Error {
	for {
		t := p.peek()
		if t.kind != quotedToken && (t.kind != nameToken || reserved[t.text]) {
			return p.expected("field")
		}
		if p.ahead(1).is("(") {
			names := []string{"contains", "starts with", "has all", "is empty", "today", "now", "date", "date and time"}
			near := nearest(t.text, names)
			if near == "" {
				return fail(t.at, "unknown_function", Args{"name": t.text, "names": strings.Join(names, ", ")}, names...)
			}
			return fail(t.at, "unknown_function_near", Args{"name": t.text, "near": near}, near)
		}
		p.next()
		node.Path, node.names = append(node.Path, t.text), append(node.names, t.at)
		if len(node.Path) > MaxHops+1 {
			return fail(t.at, "too_many_hops", Args{"max": MaxHops})
		}
		if !p.take(".") {
			return nil
		}
	}
}
