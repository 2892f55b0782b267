package drum

import (
	"slices"

	"voronka/internal/kernel/fault"
	"voronka/internal/org/worktime"
)

// Who a drum's people are.
const (
	Named             = "named"               // its members
	Department        = "department"          // everybody of a department and those below it
	DepartmentOfFirst = "department_of_first" // everybody of the department of who had the record first
	DepartmentAbove   = "department_above"    // everybody of the department above that one
)

// Orders of a drum's people.
const (
	InTurn   = "turn"     // who has waited longest
	Weighted = "weighted" // shares by weight, spread evenly
	Least    = "least"    // who has the least in work
)

// What the head becomes after too many misses.
const (
	HeadResponsible = "responsible" // the record is his, without a deadline
	HeadObserver    = "observer"    // he watches, the drum goes on
	HeadTold        = "told"        // he is only told, the drum goes on
)

// Whose hours an offer's time is counted in.
const (
	PersonHours = "person" // working time of who is offered the record
	AlwaysHours = "always" // round the clock
)

// Deeds that count as taking a record, besides pressing Take.
const (
	ByStage    = "stage"     // moving it to another stage
	ByOwnStage = "own_stage" // moving it to the drum's take stage
	ByActivity = "activity"  // doing an activity about it
)

// Limits of a policy.
const (
	MaxCap     = 1000
	MaxPerDay  = 10_000
	MaxSources = 50
	MinWeight  = 1 // hundredths
	FullWeight = 100
	MaxWeight  = 100 * FullWeight
)

// Policy is how a drum deals. What is left out of its JSON has the meaning drums had before there were policies.
type Policy struct {
	Who          string             `json:"who,omitempty"`
	DepartmentID int64              `json:"department,omitempty"` // of Department; of the others when nobody had the record yet
	Order        string             `json:"order,omitempty"`
	Cap          int                `json:"cap,omitempty"`    // open offers of a person, 0 = any number
	Former       bool               `json:"former,omitempty"` // who answered for the client before gets it out of turn
	Taken        []string           `json:"taken,omitempty"`
	Head         string             `json:"head,omitempty"`
	Hours        string             `json:"hours,omitempty"`
	Schedule     *worktime.Schedule `json:"schedule,omitempty"` // the drum's own hours; a person's count within them
	NeedDay      bool               `json:"need_day,omitempty"` // only to people whose working day runs
	Sources      []Portion          `json:"sources,omitempty"`
	Stopped      bool               `json:"stopped,omitempty"` // deals nothing until it is started again
}

// Portion is a source that is dealt slowly: so many records a person and working day, without a deadline and misses.
type Portion struct {
	Source string `json:"source"`
	PerDay int    `json:"per_day"`
}

// NewPolicy is what a new drum begins with.
func NewPolicy() Policy {
	return Policy{Who: Named, Order: InTurn, Taken: []string{ByStage}, Head: HeadResponsible, Hours: PersonHours}
}

// Filled is the policy with every choice spelled out.
func (p Policy) Filled() Policy {
	for _, f := range []struct {
		to   *string
		text string
	}{{&p.Who, Named}, {&p.Order, InTurn}, {&p.Head, HeadResponsible}, {&p.Hours, AlwaysHours}} {
		if *f.to == "" {
			*f.to = f.text
		}
	}
	if p.Taken == nil {
		p.Taken = []string{ByStage}
	}
	return p
}

// byRecord tells whether it depends on the record who may get it.
func (p Policy) byRecord() bool { return p.Who == DepartmentOfFirst || p.Who == DepartmentAbove }

// PerDay is how many records of a source a person gets a day; 0: it is dealt as usual.
func (p Policy) PerDay(source string) int {
	if i := slices.IndexFunc(p.Sources, func(s Portion) bool { return s.Source == source }); source != "" && i >= 0 {
		return p.Sources[i].PerDay
	}
	return 0
}

// check names what is wrong with a policy.
func (p Policy) check(wrong *fault.Error) *fault.Error {
	for _, c := range []struct {
		field, value string
		allowed      []string
	}{
		{"who", p.Who, []string{Named, Department, DepartmentOfFirst, DepartmentAbove}},
		{"order", p.Order, []string{InTurn, Weighted, Least}},
		{"head_becomes", p.Head, []string{HeadResponsible, HeadObserver, HeadTold}},
		{"hours", p.Hours, []string{PersonHours, AlwaysHours}},
	} {
		if !slices.Contains(c.allowed, c.value) {
			wrong = wrong.With(c.field, "drum.bad_choice")
		}
	}
	for _, deed := range p.Taken {
		if !slices.Contains([]string{ByStage, ByOwnStage, ByActivity}, deed) {
			wrong = wrong.With("taken_by", "drum.bad_choice")
		}
	}
	if p.Cap < 0 || p.Cap > MaxCap {
		wrong = wrong.With("cap", "drum.bad_cap", fault.Args{"max": MaxCap})
	}
	if len(p.Sources) > MaxSources {
		wrong = wrong.With("sources", "drum.too_many_sources", fault.Args{"max": MaxSources})
	}
	for i, s := range p.Sources {
		if s.Source == "" || s.PerDay < 1 || s.PerDay > MaxPerDay {
			wrong = wrong.With("sources", "drum.bad_portion", fault.Args{"max": MaxPerDay})
		}
		if slices.ContainsFunc(p.Sources[:i], func(o Portion) bool { return o.Source == s.Source }) {
			wrong = wrong.With("sources", "drum.source_twice")
		}
	}
	if p.Schedule != nil {
		if err := p.Schedule.Check(); err != nil {
			wrong = wrong.With("schedule", "drum.bad_schedule")
		}
	}
	return wrong
}
