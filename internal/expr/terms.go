package expr

// Term is a comparison of a column of the record with one or several values.
type Term struct {
	Path *Path    // one step
	IDs  []int64  // the values of fields held as numbers, or
	Keys []string // the keys of texts, the dates
}

// Terms are what every record that passes must be equal to: the top-level and-terms "column = value" and
// "column in (…)" without null. An index chooser starts from them; a term with several values means any of them.
func Terms(t *Tree, m Moment) []Term {
	var out []Term
	var walk func(l lowered)
	walk = func(l lowered) {
		if l.op == OpAnd {
			for _, arg := range l.args {
				walk(arg)
			}
		}
		if q := l.ask; q != nil && !q.many && q.null == False && len(q.path.Steps) == 1 {
			points, ranges := split(q.spans)
			if len(ranges) == 0 && len(points)+len(q.keys) > 0 {
				out = append(out, Term{Path: q.path, IDs: points, Keys: q.keys})
			}
		}
	}
	walk(t.root.lower(&m))
	return out
}
