package access

import (
	"slices"

	"voronka/internal/kernel/event"
)

// Miss says by which attribute of a record a line doesn't reach it.
type Miss string

// The attributes.
const (
	NoMiss       Miss = ""
	MissPipeline Miss = "pipeline"
	MissStage    Miss = "stage"
	MissScope    Miss = "scope" // responsible, observers or department, as the scope says
)

// Reason is one line of a role looked at with one of its scopes: whether it reaches the record, and if not, by what it misses.
type Reason struct {
	Role    *Definition // nil: the person is an administrator
	Line    int         // of Role.Grants, from 0
	Scope   Scope
	Deny    bool
	Through int64 // for whom the person stands in by whose role it is, 0: his own
	Misses  Miss
	Nobody  bool // the scope is empty for this person: he has no department, or leads none
}

// Holds tells whether the line reaches the record.
func (r Reason) Holds() bool { return r.Misses == NoMiss }

// Verdict is an answer with its reasons.
type Verdict struct {
	Allowed bool
	// Reasons are all lines about the type and operation, the deciding ones among them. Without any, no role says anything.
	Reasons []Reason
}

// Explain says whether the person may do op with a record of a type that has these attributes, and why. It agrees with Plan.
func (w Who) Explain(recordType string, op Op, a event.Access) Verdict {
	if w.IsAdmin() {
		return Verdict{Allowed: true, Reasons: []Reason{{Scope: ScopeAll}}}
	}
	var v Verdict
	if !w.IsMember() {
		return v
	}
	v.Reasons = w.reasons(nil, recordType, op, a, 0)
	for _, s := range w.StandsIn {
		switch {
		case s.Sight && op != See, !s.For.IsMember():
		case s.For.IsAdmin():
			v.Reasons = append(v.Reasons, Reason{Scope: ScopeAll, Through: s.For.UserID})
		default:
			v.Reasons = s.For.reasons(v.Reasons, recordType, op, a, s.For.UserID)
		}
	}
	given, denied := false, false
	for _, r := range v.Reasons {
		given = given || r.Holds() && !r.Deny
		denied = denied || r.Holds() && r.Deny
	}
	v.Allowed = given && !denied
	return v
}

func (w Who) reasons(list []Reason, recordType string, op Op, a event.Access, through int64) []Reason {
	for _, d := range w.definitions() {
		for i := range d.Grants {
			g := &d.Grants[i]
			if !g.about(recordType, op) {
				continue
			}
			for _, scope := range g.Scopes {
				r := Reason{Role: d, Line: i, Scope: scope, Deny: g.Deny, Through: through}
				arm, any := w.arm(scope)
				switch {
				case len(g.Pipelines) > 0 && !slices.Contains(g.Pipelines, a.PipelineID):
					r.Misses = MissPipeline
				case len(g.Stages) > 0 && !slices.Contains(g.Stages, a.StageID):
					r.Misses = MissStage
				case !any:
					r.Misses, r.Nobody = MissScope, true
				case !arm.sees(a):
					r.Misses = MissScope
				}
				list = append(list, r)
			}
		}
	}
	return list
}

// Cell is what somebody may do with records of a type: one cell of the matrix of rights.
type Cell struct {
	Scopes  []Scope  // all that some line gives, from the narrowest to the widest
	Bounded bool     // by pipelines or stages, or less something forbidden
	Lines   []Reason // the lines that make it, forbidding ones too; Misses is of no meaning
}

// Cell sums up the lines about op with records of a type, without those of people stood in for.
func (w Who) Cell(recordType string, op Op) Cell {
	if w.IsAdmin() {
		return Cell{Scopes: []Scope{ScopeAll}}
	}
	var c Cell
	if !w.IsMember() {
		return c
	}
	free := map[Scope]bool{} // scopes given without bounds
	var given []Scope
	for _, d := range w.definitions() {
		for i := range d.Grants {
			g := &d.Grants[i]
			if !g.about(recordType, op) || len(g.Scopes) == 0 { // nobody can write a line without a scope; a damaged one says nothing
				continue
			}
			c.Lines = append(c.Lines, Reason{Role: d, Line: i, Scope: g.Scopes[len(g.Scopes)-1], Deny: g.Deny})
			switch {
			case g.Deny && slices.Contains(g.Scopes, ScopeAll) && len(g.Pipelines) == 0 && len(g.Stages) == 0:
				return Cell{Lines: c.Lines}
			case g.Deny:
				c.Bounded = true
			default:
				given = append(given, g.Scopes...)
				if len(g.Pipelines) == 0 && len(g.Stages) == 0 {
					for _, s := range g.Scopes {
						free[s] = true
					}
				}
			}
		}
	}
	for _, s := range Scopes {
		if slices.Contains(given, s) {
			c.Scopes = append(c.Scopes, s)
		}
	}
	if n := len(c.Scopes); n == 0 {
		c.Bounded = false
	} else if !free[ScopeAll] && !free[c.Scopes[n-1]] {
		c.Bounded = true
	}
	return c
}
