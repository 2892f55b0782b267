package expr

// Trace is a condition with what came of each part, for those who ask why.
type Trace struct {
	Node   *Node // the part as it is written, with codes
	Result Tri
	Args   []Trace // of and, or, not: every one, also those that weren't needed for the answer
	Path   *Path   // of a comparison: where the value comes from
}

// Explain evaluates every part of a condition. Its Result is that of Compile.
func Explain(t *Tree, env *Env) Trace { return t.root.explain(t.node, env) }

func (b bound) explain(n *Node, env *Env) Trace {
	if b.term != nil {
		return Trace{Node: n, Path: b.term.path, Result: b.term.lower(&env.Moment).compile()(env)}
	}
	out := Trace{Node: n}
	answers := make([]Condition, len(b.args))
	for i, arg := range b.args {
		part := arg.explain(n.Args[i], env)
		out.Args = append(out.Args, part)
		answers[i] = func(*Env) Tri { return part.Result }
	}
	out.Result = combine(b.op, answers)(env)
	return out
}
