package expr

// Op is what a node does.
type Op string

// The operators of nodes, as written in JSON. Order operators and OpRange take one value and never null.
const (
	OpTrue       Op = "true"  // holds always: the empty condition
	OpFalse      Op = "false" // never holds
	OpAnd        Op = "and"
	OpOr         Op = "or"
	OpNot        Op = "not"
	OpEqual      Op = "="
	OpNotEqual   Op = "!="
	OpLess       Op = "<"
	OpAtMost     Op = "<="
	OpMore       Op = ">"
	OpAtLeast    Op = ">="
	OpRange      Op = "range"
	OpIn         Op = "in"
	OpHasAll     Op = "has_all"
	OpContains   Op = "contains"
	OpStartsWith Op = "starts_with"
	OpIsEmpty    Op = "is_empty"
)

// Node is a condition as it is written: names are codes, values are literals. Which members count depends on Op, see
// the package comment. Make nodes with the parsers or by hand; Check turns them into a Tree.
type Node struct {
	Op       Op
	Args     []*Node   // and, or: any number; not: one
	Path     []string  // all others: codes of fields
	Value    Literal   // = != < <= > >= contains starts_with
	Values   []Literal // in, has_all
	From, To Literal   // range
	OpenFrom bool      // range: From itself is outside
	OpenTo   bool      // range: To itself is outside

	at    place
	names []place // of the names of Path
	bare  bool    // a field written alone, read as "= true"
}

// place is where a node or literal stood in the text, in characters; to is behind the last.
type place struct{ from, to int }

// LiteralKind is the form of a literal.
type LiteralKind uint8

// The forms of literals.
const (
	NullLiteral    LiteralKind = iota
	BoolLiteral                // Text is "true" or "false"
	NumberLiteral              // Text is an exact decimal in its shortest form, "-12.5"
	StringLiteral              // Text is the string
	DateLiteral                // Text is YYYY-MM-DD
	InstantLiteral             // Text is RFC 3339 with an offset, at most milliseconds
	TodayLiteral               // the reader's today moved by Shift
	NowLiteral                 // the present moment moved by Shift
	MeLiteral                  // the person who asks
)

// Literal is a value as it is written.
type Literal struct {
	Kind  LiteralKind
	Text  string
	Shift Shift // TodayLiteral, NowLiteral

	at place
}

// Shift is a distance on the calendar and the clock. Months move first, then days, then minutes; the 31st moved to a
// shorter month becomes its last day.
type Shift struct {
	Months, Days, Minutes int
}

// Tree is a condition that has passed Check: every name is known and every value fits. It is immutable and may be
// shared between goroutines.
type Tree struct {
	node   *Node
	schema string
	root   bound
	paths  []*Path
}

// Node is the condition as written, with codes. Callers must not change it.
func (t *Tree) Node() *Node { return t.node }

// Type is the code of the record type the condition is about.
func (t *Tree) Type() string { return t.schema }

// Paths are all fields the condition looks at, each once, in order of appearance.
func (t *Tree) Paths() []*Path { return append([]*Path(nil), t.paths...) }

// Always is the condition that holds for every record of a type.
func Always(recordType string) *Tree {
	return &Tree{node: &Node{Op: OpTrue}, schema: recordType, root: bound{op: OpTrue}}
}

// And is the condition that all of trees, conditions about one record type, hold. Nil trees are left out.
func And(recordType string, trees ...*Tree) *Tree { return join(OpAnd, recordType, trees) }

// Or is the condition that one of trees holds.
func Or(recordType string, trees ...*Tree) *Tree { return join(OpOr, recordType, trees) }

// Not is the opposite condition. As everywhere it holds only if t is false, not if t is unknown.
func Not(t *Tree) *Tree {
	return &Tree{
		node: &Node{Op: OpNot, Args: []*Node{t.node}}, schema: t.schema,
		root: bound{op: OpNot, args: []bound{t.root}}, paths: t.paths,
	}
}

func join(op Op, recordType string, trees []*Tree) *Tree {
	out := &Tree{node: &Node{Op: op}, schema: recordType, root: bound{op: op}}
	seen := map[string]bool{}
	for _, t := range trees {
		if t == nil {
			continue
		}
		out.node.Args = append(out.node.Args, t.node)
		out.root.args = append(out.root.args, t.root)
		for _, p := range t.paths {
			if !seen[p.Name] {
				seen[p.Name] = true
				out.paths = append(out.paths, p)
			}
		}
	}
	switch len(out.node.Args) {
	case 0:
		out.node.Op = choose(op == OpAnd, OpTrue, OpFalse)
		out.root.op = out.node.Op
	case 1:
		out.node, out.root = out.node.Args[0], out.root.args[0]
	}
	return out
}
