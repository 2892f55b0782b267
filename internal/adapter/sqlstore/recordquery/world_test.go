package recordquery

import (
	"slices"

	"pgregory.net/rapid"

	"voronka/internal/kernel/event"
	"voronka/internal/org/access"
)

// world is a small company as its people would describe it: departments know what they are part of, people know where they work,
// roles say what their lines say. It knows no plans, ranges or arms; those are made for it beside (who) and must agree with it.
type world struct {
	parent []int   // by department number − 1; −1 at the top
	head   []int64 // by department
	deputy []int64
	pos    []int64 // places the numbering gives now
	end    []int64
	people []colleague // by number − 1
	stands []standing
	// Records of departments that were moved may still carry the old places.
	restamping bool
	deals      []deal
	watched    map[int64][]int64
	companies  []deal
}

type colleague struct {
	role  access.Role
	dept  int64 // 0: none
	roles []*access.Definition
}

type standing struct {
	who, of   int64
	assistant bool
}

// at is the department with a number, for places in slices.
func at(number int64) int { return int(number - 1) }

// depth of the tree at most.
const levels = 6

func drawTree(t *rapid.T, w *world) {
	n := rapid.IntRange(1, 12).Draw(t, "departments")
	depth := make([]int, n)
	for i := range n {
		parent := rapid.IntRange(-1, i-1).Draw(t, "parent")
		if parent >= 0 && depth[parent] == levels-1 {
			parent = -1
		}
		if parent >= 0 {
			depth[i] = depth[parent] + 1
		}
		w.parent = append(w.parent, parent)
	}
	w.number()
}

// number gives places in preorder, with gaps.
func (w *world) number() {
	w.pos, w.end = make([]int64, len(w.parent)), make([]int64, len(w.parent))
	next := int64(1000)
	var walk func(d int)
	walk = func(d int) {
		w.pos[d] = next
		next += 1000
		for c, p := range w.parent {
			if p == d {
				walk(c)
			}
		}
		w.end[d] = next - 1
	}
	for d, p := range w.parent {
		if p < 0 {
			walk(d)
		}
	}
}

// under tells whether a department is another or lies below it.
func (w *world) under(number, top int64) bool {
	for d := at(number); d >= 0; d = w.parent[d] {
		if d == at(top) {
			return true
		}
	}
	return false
}

func drawPeople(t *rapid.T, w *world, pipelines, stages []int64) {
	n := len(w.parent)
	person := rapid.Int64Range(0, people)
	for range n {
		w.head = append(w.head, person.Draw(t, "head"))
		w.deputy = append(w.deputy, person.Draw(t, "deputy"))
	}
	var roles []*access.Definition
	for range rapid.IntRange(1, 4).Draw(t, "roles") {
		roles = append(roles, &access.Definition{Code: "own", Grants: rapid.SliceOfN(drawGrant(pipelines, stages), 0, 3).Draw(t, "grants")})
	}
	for range people {
		c := colleague{
			role: rapid.SampledFrom([]access.Role{access.Employee, access.Manager, access.Head, access.Employee, access.Guest, access.Admin}).Draw(t, "role"),
			dept: rapid.Int64Range(0, int64(n)).Draw(t, "department"),
		}
		for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(roles)-1), 0, len(roles), rapid.ID).Draw(t, "holds") {
			c.roles = append(c.roles, roles[i])
		}
		w.people = append(w.people, c)
	}
	for range rapid.IntRange(0, 3).Draw(t, "stand-ins") {
		s := standing{rapid.Int64Range(1, people).Draw(t, "who"), rapid.Int64Range(1, people).Draw(t, "for"), rapid.Bool().Draw(t, "assistant")}
		if s.who != s.of {
			w.stands = append(w.stands, s)
		}
	}
}

// people is how many there are in a world.
const people = 6

func drawGrant(pipelines, stages []int64) *rapid.Generator[access.Grant] {
	some := func(t *rapid.T, of []int64, what string) []int64 {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(of), 0, 2, rapid.ID).Draw(t, what)
	}
	return rapid.Custom(func(t *rapid.T) access.Grant {
		g := access.Grant{
			Types:  rapid.SampledFrom([][]string{nil, {"deal"}, {"deal"}, {"deal"}, {"company"}, {"deal", "company"}}).Draw(t, "types"),
			Ops:    rapid.SampledFrom([][]access.Op{{access.See}, {access.See}, {access.See, access.Edit}, {access.Move}, access.Ops}).Draw(t, "ops"),
			Scopes: rapid.SliceOfNDistinct(rapid.SampledFrom(access.Scopes), 1, 3, rapid.ID).Draw(t, "scopes"),
			Deny:   rapid.IntRange(0, 2).Draw(t, "deny") == 0,
		}
		if rapid.Bool().Draw(t, "bound") {
			g.Pipelines, g.Stages = some(t, pipelines, "pipelines"), some(t, stages, "stages")
		}
		return g
	})
}

// drawRecords puts records into people's hands, then moves people and departments about, some records being left behind.
func drawRecords(t *rapid.T, w *world, stages map[int64]int64, list []int64) {
	w.watched = map[int64][]int64{}
	stamp := func(d *deal) {
		d.dept, d.pos = 0, 0
		if d.responsible == 0 || w.people[d.responsible-1].dept == 0 {
			return
		}
		d.dept = w.people[d.responsible-1].dept
		d.pos = w.pos[at(d.dept)]
	}
	for i := range rapid.IntRange(1, 30).Draw(t, "deals") {
		d := deal{
			id: int64(i + 1), stage: rapid.SampledFrom(list).Draw(t, "stage"), responsible: rapid.Int64Range(0, people).Draw(t, "responsible"),
			title: words[i%len(words)], amount: int64(rapid.IntRange(0, 6).Draw(t, "amount")) * 100, currency: rapid.SampledFrom([]string{"RUB", "USD"}).Draw(t, "currency"),
			entered: int64(1000 + i%5), created: int64(1000 + i),
		}
		d.pipeline = stages[d.stage]
		company := int64(1 + i%3)
		d.company = &company
		stamp(&d)
		w.deals = append(w.deals, d)
		if who := rapid.SliceOfNDistinct(rapid.Int64Range(1, people), 0, 2, rapid.ID).Draw(t, "observers"); rapid.IntRange(0, 2).Draw(t, "observed") == 0 {
			w.watched[d.id] = who
		}
	}
	for i := range 3 {
		c := deal{id: int64(i + 1), responsible: rapid.Int64Range(0, people).Draw(t, "responsible"), title: words[i]}
		stamp(&c)
		w.companies = append(w.companies, c)
	}
	for range rapid.IntRange(0, 2).Draw(t, "people moved") {
		person := rapid.Int64Range(1, people).Draw(t, "mover")
		w.people[person-1].dept = rapid.Int64Range(0, int64(len(w.parent))).Draw(t, "to")
		w.restamp(t, func(d *deal) bool { return d.responsible == person }, stamp)
	}
	if rapid.IntRange(0, 2).Draw(t, "departments moved") > 0 {
		return
	}
	number := rapid.Int64Range(1, int64(len(w.parent))).Draw(t, "department")
	if to := rapid.IntRange(-1, len(w.parent)-1).Draw(t, "under"); to < 0 || !w.under(int64(to+1), number) {
		w.parent[at(number)] = to
		w.number()
		left := w.restamp(t, func(d *deal) bool { return d.dept != 0 && d.pos != w.pos[at(d.dept)] }, func(d *deal) { d.pos = w.pos[at(d.dept)] })
		w.restamping = left > 0
	}
}

// restamp gives records their new places, all of them or the first few.
func (w *world) restamp(t *rapid.T, which func(*deal) bool, stamp func(*deal)) (left int) {
	few := rapid.SampledFrom([]int{1000, 1000, 3, 0}).Draw(t, "restamped")
	for _, list := range [][]deal{w.deals, w.companies} {
		for i := range list {
			if !which(&list[i]) {
				continue
			}
			if few > 0 {
				stamp(&list[i])
				few--
			} else {
				left++
			}
		}
	}
	return left
}

// may is what one would tell a new colleague who asks what he may do with a record.
func (w *world) may(person int64, op access.Op, typ string, a event.Access) bool {
	me := w.people[person-1]
	if me.role == access.Admin {
		return true
	}
	if me.role == access.Guest {
		return false
	}
	yes, no := w.lines(person, op, typ, a)
	for _, s := range w.stands {
		if s.who != person || s.assistant && op != access.See {
			continue
		}
		switch w.people[s.of-1].role {
		case access.Admin:
			yes = true
		case access.Guest:
		default:
			more, never := w.lines(s.of, op, typ, a)
			yes, no = yes || more, no || never
		}
	}
	return yes && !no
}

// lines tells whether some line of a person's roles gives something, and whether some line forbids it.
func (w *world) lines(person int64, op access.Op, typ string, a event.Access) (yes, no bool) {
	me := w.people[person-1]
	leads := slices.Contains(w.head, person) || slices.Contains(w.deputy, person)
	works := func(in ...access.Op) bool { return slices.Contains(in, op) }
	own, observes, led := w.scope(person, access.ScopeOwn, a), w.scope(person, access.ScopeObserved, a), w.scope(person, access.ScopeLed, a)
	switch {
	case me.role != access.Manager && me.role != access.Head:
	case works(access.Create):
		yes = true
	case works(access.See, access.Export):
		yes = own || observes || (me.role == access.Head || leads) && led
	case works(access.Edit, access.Move, access.Assign, access.Delete):
		yes = own || (me.role == access.Head || leads) && led
	}
	for _, role := range me.roles {
		for _, line := range role.Grants {
			if len(line.Types) > 0 && !slices.Contains(line.Types, typ) || !slices.Contains(line.Ops, op) ||
				len(line.Pipelines) > 0 && !slices.Contains(line.Pipelines, a.PipelineID) || len(line.Stages) > 0 && !slices.Contains(line.Stages, a.StageID) {
				continue
			}
			for _, scope := range line.Scopes {
				if !w.scope(person, scope, a) {
					continue
				}
				if line.Deny {
					no = true
				} else {
					yes = true
				}
			}
		}
	}
	return yes, no
}

// scope tells whether a record is among those a scope means for a person.
func (w *world) scope(person int64, scope access.Scope, a event.Access) bool {
	mine := w.people[person-1].dept
	switch scope {
	case access.ScopeOwn:
		return a.ResponsibleID == person
	case access.ScopeObserved:
		return slices.Contains(a.Observers, person)
	case access.ScopeDepartment:
		return mine != 0 && a.DepartmentID == mine
	case access.ScopeBelow:
		return mine != 0 && a.DepartmentID != 0 && w.under(a.DepartmentID, mine)
	case access.ScopeLed:
		for d := at(a.DepartmentID); d >= 0; d = w.parent[d] {
			if w.head[d] == person || w.deputy[d] == person {
				return true
			}
		}
		return false
	}
	return scope == access.ScopeAll
}

// who is the person as the directory would describe him to rights.
func (w *world) who(person int64) access.Who {
	out := w.alone(person)
	for _, s := range w.stands {
		if s.who == person {
			of := w.alone(s.of)
			out.StandsIn = append(out.StandsIn, access.StandIn{For: &of, Sight: s.assistant})
		}
	}
	return out
}

func (w *world) alone(person int64) access.Who {
	me := w.people[person-1]
	out := access.Who{UserID: person, Role: me.role, DepartmentID: me.dept, Restamping: w.restamping}
	if me.dept != 0 {
		d := at(me.dept)
		out.Place, out.Below, out.BelowIDs = access.Range{Lo: w.pos[d], Hi: w.pos[d]}, access.Range{Lo: w.pos[d], Hi: w.end[d]}, w.below(me.dept)
	}
	for d := range w.parent {
		if w.head[d] != person && w.deputy[d] != person {
			continue
		}
		out.HeadOf = append(out.HeadOf, access.Range{Lo: w.pos[d], Hi: w.end[d]})
		out.HeadOfIDs = append(out.HeadOfIDs, w.below(int64(d+1))...)
	}
	slices.Sort(out.HeadOfIDs)
	out.HeadOfIDs = slices.Compact(out.HeadOfIDs)
	base := me.role
	if base == access.Manager && len(out.HeadOf) > 0 {
		base = access.Head
	}
	if len(me.roles) > 0 && me.role != access.Admin {
		out.Rights = access.NewRights(append([]*access.Definition{access.Fixed(base)}, me.roles...))
	}
	return out
}

func (w *world) below(number int64) (out []int64) {
	for d := range w.parent {
		if w.under(int64(d+1), number) {
			out = append(out, int64(d+1))
		}
	}
	return out
}
