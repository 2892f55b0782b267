package routing

import (
	"errors"
	"slices"
	"time"

	"voronka/internal/expr"
	"voronka/internal/record/schema"
)

// Book is all rules made ready to be asked many times, for one state of the rules and one of the schema.
type Book struct {
	rules   *Rules
	catalog *schema.Catalog
	zone    *time.Location
	entries []entry
	watched map[string]bool // codes of fields of leads and deals whose change may change the answer
}

// entry is a rule ready to be asked.
type entry struct {
	rule  *Rule
	tree  *expr.Tree // nil of the last rule and of a broken one
	holds expr.Condition
	err   error // why it can't be asked
}

// NewBook makes rules ready. A rule whose condition names what isn't there any more is broken, the others go on.
func NewBook(rules *Rules, c *schema.Catalog) *Book {
	b := &Book{rules: rules, catalog: c, zone: time.UTC, watched: map[string]bool{}}
	if zone, err := time.LoadLocation(c.Portal.Zone); err == nil {
		b.zone = zone
	}
	scheme := Scheme(c)
	for i := range rules.List {
		e := entry{rule: &rules.List[i]}
		if !e.rule.Fallback {
			if e.tree, e.err = expr.ParseJSON(e.rule.When, scheme); e.err == nil {
				e.holds = expr.Compile(e.tree)
			}
		}
		b.entries = append(b.entries, e)
		if e.rule.Active && e.tree != nil {
			b.watch(e.tree)
		}
	}
	return b
}

// Plain tells whether there is nothing but the last rule as every portal has it: whatever comes goes the way of its door.
func (b *Book) Plain() bool {
	return len(b.rules.List) == 1 && b.rules.List[0].Target.Kind == ToDoor
}

// watch notes the fields of a record a condition looks at. Who answers for a record is what rules decide, not what they are
// asked anew for.
func (b *Book) watch(tree *expr.Tree) {
	for _, p := range tree.Paths() {
		switch root := p.Steps[0].Field.Code; {
		case root == "client":
			b.watched["contact"], b.watched["company"] = true, true
		case root != "request":
			b.watched[p.Steps[1].Field.Code] = true
		}
	}
	for _, code := range []string{"responsible", "department", "observers", "version", "updated_at", "next_at", "next_id", "next_title", "id", recordType} {
		delete(b.watched, code)
	}
}

// Watches tells whether a change of these fields may change the answer.
func (b *Book) Watches(codes []string) bool {
	return slices.ContainsFunc(codes, func(code string) bool { return b.watched[code] })
}

// Given is who a rule's target turned out to be, or why nobody.
type Given struct {
	UserID, DrumID, DepartmentID int64
	Passed                       string
}

// Ask goes through the rules in their order: the first one whose condition holds and whose target can be given to wins. The
// last one wins whatever is left, even if there is nobody to give to. give is asked for a rule that holds.
func (b *Book) Ask(env *expr.Env, give func(*Rule) (Given, error), explain bool) (Decision, error) {
	d := Decision{Tried: make([]Tried, 0, len(b.entries))}
	for i := range b.entries {
		e := &b.entries[i]
		tried := e.ask(env, explain)
		if tried.Passed == "" && tried.Result == expr.True {
			given, err := give(e.rule)
			if err != nil {
				return Decision{}, err
			}
			if tried.Passed = given.Passed; given.Passed == "" || e.rule.Fallback {
				d.Rule, d.UserID, d.DrumID, d.DepartmentID = *e.rule, given.UserID, given.DrumID, given.DepartmentID
				d.Tried = append(d.Tried, tried)
				return d, nil
			}
		}
		d.Tried = append(d.Tried, tried)
	}
	return Decision{}, errors.New("routing: there is no last rule")
}

func (e *entry) ask(env *expr.Env, explain bool) Tried {
	tried := Tried{Rule: e.rule, Result: expr.Null}
	switch {
	case e.rule.Fallback:
		tried.Result, tried.Asked = expr.True, true
	case !e.rule.Active:
		tried.Passed = Off
	case e.err != nil:
		tried.Passed = Broken
	case explain:
		trace := expr.Explain(e.tree, env)
		tried.Trace, tried.Result, tried.Asked = &trace, trace.Result, true
	default:
		tried.Result, tried.Asked = e.holds(env), true
	}
	return tried
}
