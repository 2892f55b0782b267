package recordquery

import (
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// A page is found by branches: each reads, in the order of the list, no more records than the page has, from one stretch
// of one index; what they find together is sorted once more and cut. Which branches is a question of cost, decided for
// each request from the shares of departments in memory.

// branchKind is how a branch finds its records.
type branchKind uint8

const (
	walk        branchKind = iota // along the order, rights checked inside the index
	own                           // one responsible
	department                    // one department
	collect                       // all records of some departments, then sorted
	each                          // some departments one after the other, a page of each (PostgreSQL)
	observation                   // from the list of what the person observes
)

// branch is one of them.
type branch struct {
	kind  branchKind
	index string       // SQLite is told which index; "" leaves it to the planner
	stage int64        // 0: whatever the request says
	all   []int64      // stages to be read one after the other, a page of each (PostgreSQL)
	arms  []access.Arm // walk: the row is reached by one of these; others: exactly one
	ids   []int64      // departments of department, collect and each
	rng   *access.Range
}

// merged tells whether the branch gives only numbers of records, to be looked up afterwards.
func (b branch) merged() bool {
	return b.kind == collect || b.kind == each || b.kind == observation || b.all != nil
}

// Costs in microseconds, measured on a million records.
const (
	costEntry    = 0.13 // one more entry of an index
	costCollect  = 0.5  // one more entry collected and sorted
	costRow      = 1.3  // one more row of the table
	costBranch   = 12.0
	costSeek     = 3.0 // finding one more department in an index
	costSpread   = 0.6 // looking up one row that was found by several branches
	costPerFound = 0.3 // an entry of a branch that is read and may be thrown away
	maxBranches  = 200 // SQLite takes 500 in one statement
	maxMerged    = 8   // departments merged one by one on SQLite
)

// pathing is what a choice is made from.
type pathing struct {
	dialect db.Dialect
	t       *schema.Type
	plan    access.Plan
	order   order
	stages  []int64 // the stages asked for, when they are known
	limit   int
	shares  *shares
	free    bool     // the condition may have a better index of its own: don't force ours
	watched *[]int64 // the observed records in question when they are known already
}

// branches chooses. The result is empty when the plan reaches nothing.
func (p *pathing) branches() []branch {
	if p.plan.Nothing() {
		return nil
	}
	if pr, ok := p.shares.promises[p.order.col]; ok && !p.free && len(p.stages) > 0 {
		whole, observing := *p, []branch(nil)
		if len(p.stages) > 1 { // what is observed is read once, not for each stage
			whole.plan, observing = p.apart()
		}
		if p.dialect == db.Postgres && len(p.stages) > 1 {
			return append(whole.inStages(pr), observing...)
		}
		var out []branch
		for _, stage := range p.stages {
			out = append(out, whole.inStage(pr, stage)...)
		}
		if len(out) <= maxBranches {
			return append(out, observing...)
		}
	}
	return p.anyOrder()
}

// inStages chooses the branches of several stages on PostgreSQL, where one branch can go through all of them.
func (p *pathing) inStages(pr promise) []branch {
	out := p.inStage(pr, 0)
	for i := range out {
		out[i].all = p.stages
	}
	return out
}

// apart takes what is observed out of the plan.
func (p *pathing) apart() (rest access.Plan, observing []branch) {
	if p.plan.Everything() {
		return p.plan, nil
	}
	for _, arm := range p.plan.Arms {
		if arm.Kind == access.Observed {
			observing = append(observing, branch{kind: observation, arms: []access.Arm{arm}})
		} else {
			rest.Arms = append(rest.Arms, arm)
		}
	}
	return rest, observing
}

// inStage chooses the branches of one stage under a promised order.
func (p *pathing) inStage(pr promise, stage int64) []branch {
	if p.plan.Everything() {
		return []branch{{kind: walk, index: pr.walk, stage: stage, arms: []access.Arm{{Kind: access.All}}}}
	}
	var out []branch
	total := 0.0
	for _, arm := range p.plan.Arms {
		branches, cost := p.armInStage(pr, stage, arm)
		out = append(out, branches...)
		total += cost
	}
	if p.dialect == db.SQLite && len(out) > 0 {
		if len(out) > 1 || out[0].merged() {
			total += costSpread * float64(p.limit)
		}
		if p.walkCost(stage) < total {
			return []branch{{kind: walk, index: pr.walk, stage: stage, arms: p.plan.Arms}}
		}
	}
	return out
}

// walkCost is what it takes to walk along a stage until a page of visible records is together.
func (p *pathing) walkCost(stage int64) float64 {
	share := p.shares.stage(stage)
	visible := int64(0)
	for _, arm := range p.plan.Arms {
		switch arm.Kind {
		case access.Departments:
			visible += share.within(arm)
		case access.All:
			visible += p.count(stage)
		}
	}
	return p.walkUntil(stage, visible, costEntry)
}

func (p *pathing) count(stage int64) int64 {
	if s := p.shares.stage(stage); s != nil {
		return s.n
	}
	return 0
}

func (p *pathing) walkUntil(stage, visible int64, entry float64) float64 {
	all := float64(p.count(stage))
	if visible <= 0 {
		return all * entry
	}
	return min(all, all/float64(visible)*float64(p.limit)) * entry
}

// armInStage finds the cheapest way for one arm.
func (p *pathing) armInStage(pr promise, stage int64, arm access.Arm) ([]branch, float64) {
	one := func(kind branchKind, index string) branch {
		return branch{kind: kind, index: index, stage: stage, arms: []access.Arm{arm}}
	}
	page := float64(p.limit)
	switch arm.Kind {
	case access.All:
		return []branch{one(walk, pr.walk)}, page * costEntry
	case access.Own:
		return []branch{one(own, pr.own)}, costBranch + page*costPerFound
	case access.Observed:
		n := 100
		if p.watched != nil {
			if n = len(*p.watched); n == 0 {
				return nil, 0
			}
		}
		return []branch{one(observation, "")}, costBranch + float64(n)*costRow
	case access.Departments:
		return p.departmentsInStage(pr, stage, arm, one)
	}
	return nil, 0
}

// departmentsInStage reads all departments the arm names, also those the shares know no records of: shares may be old.
func (p *pathing) departmentsInStage(pr promise, stage int64, arm access.Arm, one func(branchKind, string) branch) ([]branch, float64) {
	ids := arm.DepartmentIDs
	visible := float64(p.shares.stage(stage).within(arm))
	k, page := float64(len(ids)), float64(p.limit)
	walking := p.walkUntil(stage, int64(visible), costEntry)
	found := min(k*page, visible) * costPerFound
	if p.dialect == db.Postgres {
		each1 := one(each, "")
		if each1.ids = ids; len(ids) == 1 {
			each1.kind = department
		}
		eachCost := costBranch + k*costSeek + found
		if len(arm.Ranges) > 0 && (len(ids) == 0 || walking*float64(len(arm.Ranges)) < eachCost) {
			return p.walkRanges(one, arm), walking
		}
		return []branch{each1}, eachCost
	}
	merging, collecting := k*costBranch+found, costBranch+k*costSeek+visible*costCollect
	switch {
	case len(ids) == 0 || walking <= min(merging, collecting):
		return []branch{one(walk, pr.walk)}, walking
	case merging <= collecting && len(ids) <= maxMerged || len(ids) == 1:
		out := make([]branch, len(ids))
		for i, id := range ids {
			out[i] = one(department, pr.department)
			out[i].ids = []int64{id}
		}
		return out, merging
	}
	collect1 := one(collect, pr.department)
	collect1.ids = ids
	return []branch{collect1}, collecting
}

// walkRanges walks once for each range on PostgreSQL, which checks a range inside the index but never an OR of two.
func (p *pathing) walkRanges(one func(branchKind, string) branch, arm access.Arm) []branch {
	out := make([]branch, len(arm.Ranges))
	for i := range arm.Ranges {
		out[i] = one(walk, "")
		out[i].rng = &arm.Ranges[i]
	}
	return out
}

// anyOrder chooses for orders without a promise, or when the condition brings its own index: one branch an arm, the
// index left to the planner.
func (p *pathing) anyOrder() []branch {
	if p.plan.Everything() {
		return []branch{{kind: walk, arms: []access.Arm{{Kind: access.All}}}}
	}
	if p.dialect == db.SQLite && p.wide() {
		return []branch{{kind: walk, arms: p.plan.Arms}}
	}
	var out []branch
	for _, arm := range p.plan.Arms {
		b := branch{arms: []access.Arm{arm}}
		switch arm.Kind {
		case access.Own:
			b.kind = own
		case access.Observed:
			b.kind = observation
		case access.Departments:
			out = append(out, p.departments(b)...)
			continue
		}
		out = append(out, b)
	}
	return out
}

// wide tells whether the plan reaches so much that walking along the order meets enough of it.
func (p *pathing) wide() bool {
	share := p.shares.stage(0)
	visible := int64(0)
	for _, arm := range p.plan.Arms {
		if arm.Kind == access.All {
			return true
		}
		visible += share.within(arm)
	}
	return visible*walkShare > p.shares.total
}

// walkShare: a walk is worth it when at least one record in so many is visible.
const walkShare = 20

// departments reads an arm's departments by their index, or by their place when they are many.
func (p *pathing) departments(b branch) []branch {
	arm := b.arms[0]
	few := p.shares.stage(0).within(arm)*walkShare <= p.shares.total && len(arm.DepartmentIDs) > 0
	switch {
	case few && p.order.byID() && len(arm.DepartmentIDs) <= maxMerged && p.dialect == db.SQLite:
		out := make([]branch, len(arm.DepartmentIDs))
		for i, id := range arm.DepartmentIDs {
			out[i] = branch{kind: department, ids: []int64{id}, arms: b.arms}
		}
		return out
	case (few || len(arm.Ranges) == 0) && p.order.byID() && p.dialect == db.Postgres:
		b.kind, b.ids = each, arm.DepartmentIDs
		return []branch{b}
	case few:
		b.kind, b.ids = collect, arm.DepartmentIDs
		return []branch{b}
	case p.dialect == db.Postgres && len(arm.Ranges) > 0:
		out := make([]branch, len(arm.Ranges))
		for i := range arm.Ranges {
			out[i] = branch{kind: walk, arms: b.arms, rng: &arm.Ranges[i]}
		}
		return out
	}
	return []branch{b}
}
