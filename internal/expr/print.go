package expr

import (
	"strconv"
	"strings"
)

// Titles gives the reader's names for codes and numbers. What it answers "" for is printed as the code.
type Titles interface {
	FieldTitle(recordType string, f FieldInfo) string
	ValueTitle(f FieldInfo, code string) string // of list values, stages, pipelines, departments
	IDTitle(f FieldInfo, id string) string      // of people, departments, linked records
}

// String is the condition as text with codes. Parsing it gives an equal tree.
func (t *Tree) String() string { return t.node.String() }

// String is the condition as text, names as they are.
func (n *Node) String() string {
	p := printer{}
	p.node(n, loose)
	return p.String()
}

// Titled is the condition as text with the reader's titles instead of codes and numbers, for reading.
func (t *Tree) Titled(titles Titles) string {
	p := printer{titles: titles, paths: map[string]*Path{}}
	for _, path := range t.paths {
		p.paths[path.Name] = path
	}
	p.node(t.node, loose)
	return p.String()
}

// binding is how strongly the place of a node binds: brackets are put around what binds more loosely.
type binding int

const (
	loose binding = iota // nothing around
	inOr                 // inside or
	inAnd                // inside and, not
)

// opText is how operators are written, also in messages.
var opText = map[Op]string{
	OpEqual: "=", OpNotEqual: "!=", OpLess: "<", OpAtMost: "<=", OpMore: ">", OpAtLeast: ">=", OpRange: "in [..]", OpIn: "in",
	OpHasAll: "has all", OpContains: "contains", OpStartsWith: "starts with", OpIsEmpty: "is empty",
}

type printer struct {
	strings.Builder
	titles Titles
	paths  map[string]*Path
}

func (p *printer) node(n *Node, around binding) {
	switch n.Op {
	case OpTrue, OpFalse:
		p.WriteString(string(n.Op))
	case OpAnd:
		p.group(n, around, inAnd, "true")
	case OpOr:
		p.group(n, around, inOr, "false")
	case OpNot:
		p.WriteString("not(")
		p.node(n.Args[0], loose)
		p.WriteString(")")
	case OpContains, OpStartsWith, OpIsEmpty, OpHasAll:
		p.WriteString(opText[n.Op] + "(")
		p.path(n.Path)
		if n.Op == OpContains || n.Op == OpStartsWith {
			p.WriteString(", ")
			p.literal(n, n.Value)
		}
		for _, v := range n.Values {
			p.WriteString(", ")
			p.literal(n, v)
		}
		p.WriteString(")")
	default:
		p.comparison(n)
	}
}

// group prints and, or. Check leaves no groups of one or none; in nodes made by hand they are what they mean.
func (p *printer) group(n *Node, around, inside binding, neutral string) {
	if len(n.Args) == 0 {
		p.WriteString(neutral)
		return
	}
	if len(n.Args) == 1 {
		p.node(n.Args[0], around)
		return
	}
	if around >= inside {
		p.WriteString("(")
		defer p.WriteString(")")
	}
	for i, arg := range n.Args {
		if i > 0 {
			p.WriteString(" " + string(n.Op) + " ")
		}
		p.node(arg, inside)
	}
}

func (p *printer) comparison(n *Node) {
	p.path(n.Path)
	switch n.Op {
	case OpIn:
		p.WriteString(" in (")
		for i, v := range n.Values {
			if i > 0 {
				p.WriteString(", ")
			}
			p.literal(n, v)
		}
		p.WriteString(")")
	case OpRange:
		p.WriteString(" in " + choose(n.OpenFrom, "(", "["))
		p.literal(n, n.From)
		p.WriteString(" .. ")
		p.literal(n, n.To)
		p.WriteString(choose(n.OpenTo, ")", "]"))
	default:
		p.WriteString(" " + opText[n.Op] + " ")
		p.literal(n, n.Value)
	}
}

func choose[T any](yes bool, a, b T) T {
	if yes {
		return a
	}
	return b
}

func (p *printer) path(codes []string) {
	path := p.paths[strings.Join(codes, ".")]
	for i, code := range codes {
		if i > 0 {
			p.WriteString(".")
		}
		name := code
		if path != nil {
			if title := p.titles.FieldTitle(path.Steps[i].Type, path.Steps[i].Field); title != "" {
				name = title
			}
		}
		p.WriteString(quoteName(name))
	}
}

// quoteName puts what doesn't look like a name, or is a keyword, into backticks.
func quoteName(name string) string {
	plain := name != "" && !reserved[name]
	for i, r := range name {
		plain = plain && (isNamePart(r) && i > 0 || isNameStart(r))
	}
	if plain {
		return name
	}
	return quote(name, '`')
}

// quote writes a string so that the lexer reads it back.
func quote(s string, mark rune) string {
	var b strings.Builder
	b.WriteRune(mark)
	for _, r := range s {
		switch {
		case r == mark || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteRune(mark)
	return b.String()
}

func (p *printer) literal(n *Node, l Literal) {
	if path := p.paths[strings.Join(n.Path, ".")]; path != nil {
		title, f := "", path.Field()
		switch {
		case l.Kind == StringLiteral && classes[f.Kind] == coded:
			title = p.titles.ValueTitle(f, l.Text)
		case l.Kind == NumberLiteral && classes[f.Kind] >= coded && f.Kind != ID:
			title = p.titles.IDTitle(f, l.Text)
		}
		if title != "" {
			p.WriteString("«" + title + "»")
			return
		}
	}
	p.WriteString(l.String())
}

// String is the literal as text.
func (l Literal) String() string {
	switch l.Kind {
	case BoolLiteral, NumberLiteral:
		return l.Text
	case StringLiteral:
		return quote(l.Text, '"')
	case DateLiteral:
		return "date(" + quote(l.Text, '"') + ")"
	case InstantLiteral:
		return "date and time(" + quote(l.Text, '"') + ")"
	case TodayLiteral:
		return "today()" + l.Shift.String()
	case NowLiteral:
		return "now()" + l.Shift.String()
	case MeLiteral:
		return "me"
	}
	return "null"
}

// String is the shift as it follows today(): " - 1 month + 3 days".
func (s Shift) String() string {
	var b strings.Builder
	write := func(n int, unit string) {
		sign := " + "
		if n < 0 {
			sign, n = " - ", -n
		}
		if n != 0 {
			b.WriteString(sign + strconv.Itoa(n) + " " + unit)
			if n != 1 {
				b.WriteString("s")
			}
		}
	}
	if s.Months%12 == 0 {
		write(s.Months/12, "year")
	} else {
		write(s.Months, "month")
	}
	write(s.Days, "day")
	if s.Minutes%60 == 0 {
		write(s.Minutes/60, "hour")
	} else {
		write(s.Minutes, "minute")
	}
	return b.String()
}
