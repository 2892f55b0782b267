package recordquery

import (
	"fmt"
	"math"
	"slices"

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
	gather                        // all records of some stages, then sorted
)

// branch is one of them.
type branch struct {
	kind  branchKind
	index string       // SQLite is told which index; "" leaves it to the planner
	stage int64        // 0: whatever the request says
	all   []int64      // stages to be read one after the other, a page of each (PostgreSQL)
	arms  []access.Arm // walk: the row is reached by one of these; others: exactly one
	not   []access.Arm // the row is reached by none of these
	ids   []int64      // departments of department, collect and each; stages of gather
	rng   *access.Range
}

// merged tells whether the branch gives only numbers of records, to be looked up afterwards.
func (b branch) merged() bool {
	return b.kind == collect || b.kind == each || b.kind == observation || b.kind == gather || b.all != nil
}

// Costs in microseconds, measured on a million records.
const (
	costEntry    = 0.13 // one more entry of an index
	costCollect  = 0.5  // one more entry collected and sorted
	costRow      = 1.3  // one more row of the table
	costBranch   = 12.0
	costFew      = 5.0 // a branch on SQLite among the few of one stage: each row passes through all branches behind its own
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
	catalog *schema.Catalog
	limit   int
	shares  *shares
	free    bool     // the condition may have a better index of its own: don't force ours
	watched *[]int64 // the observed records in question when they are known already
}

// branches chooses. The result is empty when the plan reaches nothing.
func (p *pathing) branches() []branch {
	if len(p.stages) == 1 {
		p.plan = p.onStage(p.stages[0])
	}
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
			on := whole
			on.plan = whole.onStage(stage)
			out = append(out, on.inStage(pr, stage)...)
		}
		if len(out) <= maxBranches {
			return append(out, observing...)
		}
	}
	return p.anyOrder()
}

// onStage is what the plan comes to on a stage.
func (p *pathing) onStage(id int64) access.Plan {
	if stage := p.catalog.StageByID(id); stage != nil {
		return p.plan.OnStage(stage.PipelineID, id)
	}
	return p.plan
}

// inStages chooses the branches of several stages on PostgreSQL, where one branch can go through all those that are alike.
func (p *pathing) inStages(pr promise) (out []branch) {
	for _, some := range p.alike() {
		on := *p
		on.plan = p.onStage(some[0])
		if len(some) == 1 {
			out = append(out, on.inStage(pr, some[0])...)
			continue
		}
		branches := on.inStage(pr, 0)
		for i := range branches {
			branches[i].all = some
		}
		out = append(out, branches...)
	}
	return out
}

// alike are the stages on which something is reached, those together on which the plan comes to the same.
func (p *pathing) alike() (out [][]int64) {
	if !p.plan.Bounded() {
		return [][]int64{p.stages}
	}
	place := map[string]int{}
	for _, stage := range p.stages {
		plan := p.onStage(stage)
		if plan.Nothing() {
			continue
		}
		key := fmt.Sprint(plan.Arms, plan.Not)
		if i, known := place[key]; known {
			out[i] = append(out[i], stage)
		} else {
			place[key] = len(out)
			out = append(out, []int64{stage})
		}
	}
	return out
}

// apart takes what is observed out of the plan.
func (p *pathing) apart() (rest access.Plan, observing []branch) {
	if p.plan.Everything() {
		return p.plan, nil
	}
	rest.Not = p.plan.Not
	for _, arm := range p.plan.Arms {
		if arm.Kind == access.Observed {
			observing = append(observing, branch{kind: observation, arms: []access.Arm{arm}, not: p.plan.Not})
		} else {
			rest.Arms = append(rest.Arms, arm)
		}
	}
	return rest, observing
}

// inStage chooses the branches of one stage under a promised order. The plan isn't bounded any more.
func (p *pathing) inStage(pr promise, stage int64) []branch {
	if p.plan.Nothing() {
		return nil
	}
	if p.plan.Everything() {
		return []branch{{kind: walk, index: pr.walk, stage: stage, arms: []access.Arm{{Kind: access.All}}}}
	}
	var out []branch
	total, watching := 0.0, false
	for _, arm := range p.plan.Arms {
		if arm.Kind == access.Observed && p.watched != nil {
			if watching { // the records are known, whoever observes them
				continue
			}
			watching = true
		}
		arm, not := less(arm, p.plan.Not)
		branches, cost := p.armInStage(pr, stage, arm)
		for i := range branches {
			branches[i].not = not
		}
		out = append(out, branches...)
		total += cost
	}
	if p.dialect == db.SQLite && len(out) > 0 {
		if len(out) > 1 || out[0].merged() {
			total += costSpread * float64(p.limit)
		}
		if p.walkCost(stage) < total {
			return []branch{{kind: walk, index: pr.walk, stage: stage, arms: p.plan.Arms, not: p.plan.Not}}
		}
	}
	return out
}

// less takes what is forbidden off an arm where the arm itself can say so: departments off places, so that what is left is
// read from places too, and somebody's own records. What can't be taken off that way stays in not.
func less(arm access.Arm, not []access.Arm) (access.Arm, []access.Arm) {
	if len(not) == 0 {
		return arm, nil
	}
	if arm.Kind == access.Own {
		var rest []access.Arm
		for _, no := range not {
			switch {
			case no.Kind != access.Own || no.UserID == arm.UserID && len(no.Pipelines)+len(no.Stages) > 0:
				rest = append(rest, no)
			case no.UserID == arm.UserID:
				return access.Arm{}, nil
			}
		}
		return arm, rest
	}
	if arm.Kind != access.All && (arm.Kind != access.Departments || len(arm.Ranges) == 0) {
		return arm, not
	}
	var rest []access.Arm
	for _, no := range not {
		if no.Kind != access.Departments || len(no.Ranges) == 0 || len(no.Pipelines)+len(no.Stages) > 0 {
			rest = append(rest, no)
			continue
		}
		if arm.Kind == access.All {
			arm.Kind, arm.Ranges = access.Departments, []access.Range{{Lo: math.MinInt64, Hi: math.MaxInt64}}
		}
		for _, gap := range no.Ranges {
			arm.Ranges = cut(arm.Ranges, gap)
		}
		arm.DepartmentIDs = slices.DeleteFunc(slices.Clone(arm.DepartmentIDs), func(id int64) bool { return slices.Contains(no.DepartmentIDs, id) })
	}
	if arm.Kind == access.Departments && len(arm.Ranges) == 0 {
		return access.Arm{}, nil
	}
	return arm, rest
}

// cut takes a gap out of ranges.
func cut(ranges []access.Range, gap access.Range) (out []access.Range) {
	for _, r := range ranges {
		if gap.Hi < r.Lo || r.Hi < gap.Lo {
			out = append(out, r)
			continue
		}
		if r.Lo < gap.Lo {
			out = append(out, access.Range{Lo: r.Lo, Hi: gap.Lo - 1})
		}
		if gap.Hi < r.Hi {
			out = append(out, access.Range{Lo: gap.Hi + 1, Hi: r.Hi})
		}
	}
	return out
}

// walkCost is what it takes to walk along a stage until a page of visible records is together.
func (p *pathing) walkCost(stage int64) float64 {
	share := p.shares.stage(stage)
	visible := int64(0)
	for _, arm := range p.plan.Arms {
		switch arm, _ := less(arm, p.plan.Not); arm.Kind {
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
		return []branch{one(own, pr.own)}, p.another() + page*costPerFound
	case access.Observed:
		n := 100
		if p.watched != nil {
			if n = len(*p.watched); n == 0 {
				return nil, 0
			}
		}
		return []branch{one(observation, "")}, p.another() + float64(n)*costRow
	case access.Departments:
		return p.departmentsInStage(pr, stage, arm, one)
	}
	return nil, 0
}

// another is the cost of one more branch.
func (p *pathing) another() float64 {
	if p.dialect == db.SQLite && len(p.stages) == 1 {
		return costFew
	}
	return costBranch
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
		if len(ids) <= maxMerged && stage != 0 {
			return p.oneByOne(pr, one, ids), eachCost
		}
		return []branch{each1}, eachCost
	}
	merging, collecting := k*p.another()+found, p.another()+k*costSeek+visible*costCollect
	switch {
	case len(ids) == 0 || walking <= min(merging, collecting):
		return []branch{one(walk, pr.walk)}, walking
	case merging <= collecting && len(ids) <= maxMerged || len(ids) == 1:
		return p.oneByOne(pr, one, ids), merging
	}
	collect1 := one(collect, pr.department)
	collect1.ids = ids
	return []branch{collect1}, collecting
}

// oneByOne reads each department by itself.
func (p *pathing) oneByOne(pr promise, one func(branchKind, string) branch, ids []int64) []branch {
	out := make([]branch, len(ids))
	for i, id := range ids {
		out[i] = one(department, pr.department)
		out[i].ids = []int64{id}
	}
	return out
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
		return []branch{{kind: walk, arms: p.plan.Arms, not: p.plan.Not}}
	}
	var out []branch
	for _, arm := range p.plan.Arms {
		arm, not := less(arm, p.plan.Not)
		b := branch{arms: []access.Arm{arm}, not: not}
		switch arm.Kind {
		case access.NoArm:
			continue
		case access.Own:
			b.kind, b.index = own, p.byNumber().own
		case access.Observed:
			b.kind = observation
		case access.Departments:
			out = append(out, p.departments(b)...)
			continue
		default:
			if stages := p.stagesOf(arm); len(stages) < len(p.stages) && !p.free && p.onStages(stages)*walkShare <= p.shares.total {
				b.kind, b.ids, b.index = gather, stages, p.shares.anyWalk()
			}
		}
		out = append(out, b)
	}
	return out
}

// stagesOf are those of the stages asked for into which an arm reaches.
func (p *pathing) stagesOf(arm access.Arm) (out []int64) {
	for _, id := range p.stages {
		if s := p.catalog.StageByID(id); s != nil && !(access.Plan{Arms: []access.Arm{arm}}).OnStage(s.PipelineID, id).Nothing() {
			out = append(out, id)
		}
	}
	return out
}

// onStages counts the records of some stages.
func (p *pathing) onStages(stages []int64) (n int64) {
	for _, id := range stages {
		n += p.count(id)
	}
	return n
}

// wide tells whether the plan reaches so much that walking along the order meets enough of it.
func (p *pathing) wide() bool {
	share := p.shares.stage(0)
	visible := int64(0)
	for _, arm := range p.plan.Arms {
		arm, _ := less(arm, p.plan.Not)
		switch {
		case arm.Kind != access.All:
			visible += share.within(arm)
		case len(arm.Pipelines)+len(arm.Stages) == 0:
			return true
		default:
			visible += p.onStages(p.stagesOf(arm))
		}
	}
	return visible*walkShare > p.shares.total
}

// byNumber names the indexes that give records of one person or department by their numbers, when that is the order asked for.
func (p *pathing) byNumber() promise {
	if p.free || !p.order.byID() {
		return promise{}
	}
	return p.shares.numbers
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
			out[i] = branch{kind: department, ids: []int64{id}, arms: b.arms, not: b.not, index: p.byNumber().department}
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
			out[i] = branch{kind: walk, arms: b.arms, not: b.not, rng: &arm.Ranges[i]}
		}
		return out
	}
	return []branch{b}
}
