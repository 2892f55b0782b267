package routing

import (
	"encoding/json"

	"voronka/internal/expr"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
)

// Limits of rules.
const (
	MaxRules = 500
	// DefaultCode is the code of the rule that catches what no other does.
	DefaultCode = "default"
)

// What a rule gives a record to.
const (
	ToDoor       = "door" // the drum or person of the door the request came by; of the last rule only
	ToPerson     = "person"
	ToDrum       = "drum"
	ToDepartment = "department"
)

// Ways to give a record to a department.
const (
	ToHead = "head" // its head answers for it
	InTurn = "turn" // its people in turn
)

// Target is who a rule gives a record to.
type Target struct {
	Kind string `json:"kind"`
	ID   int64  `json:"id,omitempty"`  // of the person, drum or department
	Way  string `json:"way,omitempty"` // to a department
}

// Rule is a condition and who gets the record.
type Rule struct {
	ID       int64 // 0: the last rule as every portal has it, never written down
	Code     string
	Title    string
	Active   bool
	Fallback bool            // the last rule: it has no condition and can't be removed
	When     json.RawMessage // the tree of the condition; nil for the last rule
	Target   Target
}

// Rules are all rules in their order, the last one last.
type Rules struct{ List []Rule }

// last is the rule that catches what no other does, as long as nobody has changed it.
func last() Rule {
	return Rule{Code: DefaultCode, Active: true, Fallback: true, Target: Target{Kind: ToDoor}}
}

// Who decided last whose a record is.
const (
	ByRule   = "rule"
	ByPerson = "person"
)

// Routing is how a record stands with the rules. A record that came by a request and has none yet is the rules'.
type Routing struct {
	Record  ref.Ref
	RuleID  int64
	Target  Target // as the rule had it then
	By      string
	UserID  int64 // who fixed it; 0 by a rule
	At      clock.Instant
	Rounds  int           // how often rules have given it away since RoundsAt
	RoundAt clock.Instant // when the first of those rounds was
}

// Why a rule was passed over though its condition may hold.
const (
	Off           = "off"             // switched off
	Broken        = "broken"          // its condition names what isn't there any more
	PersonGone    = "person_left"     // its person doesn't work any more
	PersonAway    = "person_away"     // its person is absent
	DrumGone      = "drum_gone"       // its drum was removed
	DepartmentOff = "department_gone" // its department was removed
	Nobody        = "nobody"          // nobody in its department could take anything
)

// Tried is a rule that was asked, and what came of it.
type Tried struct {
	Rule   *Rule
	Result expr.Tri // of its condition; Null when it wasn't asked
	Asked  bool
	Passed string      // why it was passed over; "" when it wasn't
	Trace  *expr.Trace // part by part, if that was asked for
}

// Decision is who a record goes to and by which rule. At most one of UserID and DrumID is set; none when there is nobody.
type Decision struct {
	Rule         Rule
	UserID       int64
	DrumID       int64
	DepartmentID int64 // when UserID was found through a department
	Tried        []Tried
}

// Passed are the rules that held and were passed over, for the journal.
func (d Decision) Passed() []Tried {
	var out []Tried
	for _, tried := range d.Tried {
		if tried.Passed != "" && tried.Passed != Off && tried.Result == expr.True {
			out = append(out, tried)
		}
	}
	return out
}

// NewRules puts rules together; the last one is added as every portal has it unless it is among them.
func NewRules(list []Rule) *Rules {
	if len(list) == 0 || !list[len(list)-1].Fallback {
		list = append(list, last())
	}
	return &Rules{List: list}
}
