// Package plant fills a portal with a large company for measuring: departments in six levels, people, deals and what they
// observe, written straight into the tables in bulk. It is the one place that goes round the use cases, and it is not part of
// the program.
package plant

import (
	"context"
	"fmt"
	"math/rand/v2"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/textkey"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// The company.
const (
	Departments = 200
	People      = 5000
	Observing   = 300 // records some person observes
	Watched     = 200 // records that person has of his own
	ManyOwn     = 5000
	FewOwn      = 16
)

// Person is somebody whose requests are measured.
type Person struct {
	ID    int64
	Email string
	Role  access.Role
	Heads []int64 // departments
}

// Company is who and where, the same for every size.
type Company struct {
	Parents []int   // department → parent, -1 at the top; a department's number is its place + 1
	Pos     []int64 // department → place in preorder
	End     []int64
	Dept    []int64 // person − FirstPerson → department
	First   int64   // number of the first planted person

	// The people measured, by name, and who of them stands in for whom.
	Cast     map[string]Person
	StandsIn map[string]string
}

// levels is how many departments each level has.
var levels = []int{1, 4, 15, 40, 60, 80}

// NewCompany draws the departments and places the people: exactly 5 under one head, 100 under another, 800 under a third, 2,500
// under a fourth, and 24 in four departments that lie apart.
func NewCompany(first int64) *Company {
	r := rand.New(rand.NewPCG(2026, 11))
	c := &Company{First: first, Dept: make([]int64, People), Cast: map[string]Person{}}
	start, previous := 0, 0
	for level, n := range levels {
		for range n {
			parent := -1
			if level > 0 {
				parent = previous + r.IntN(start-previous)
			}
			c.Parents = append(c.Parents, parent)
		}
		previous, start = start, len(c.Parents)
	}
	c.number()
	c.place(r)
	return c
}

func (c *Company) number() {
	c.Pos, c.End = make([]int64, len(c.Parents)), make([]int64, len(c.Parents))
	next := int64(1000)
	var walk func(d int)
	walk = func(d int) {
		c.Pos[d] = next
		next += 1000
		for child, parent := range c.Parents {
			if parent == d {
				walk(child)
			}
		}
		c.End[d] = next - 1
	}
	walk(0)
}

// Below are a department and all under it, by number.
func (c *Company) Below(number int64) []int64 {
	var out []int64
	d := number - 1
	for i, pos := range c.Pos {
		if pos >= c.Pos[d] && pos <= c.End[d] {
			out = append(out, int64(i+1))
		}
	}
	return out
}

// place chooses the departments of the cast, puts people into them and everybody else elsewhere.
func (c *Company) place(r *rand.Rand) {
	taken := map[int64]bool{1: true}
	pick := func(want int) int64 { // a free department with about so many below
		best, gap := int64(0), 1<<30
		for i := range c.Parents {
			number := int64(i + 1)
			below := c.Below(number)
			free := true
			for _, b := range below {
				free = free && !taken[b]
			}
			if d := abs(len(below) - want); free && d < gap {
				best, gap = number, d
			}
		}
		for _, b := range c.Below(best) {
			taken[b] = true
		}
		return best
	}
	d2500, d800, d100, d5 := pick(60), pick(40), pick(6), pick(1)
	several := []int64{pick(1), pick(1), pick(1), pick(1)}
	person := 0
	fill := func(number int64, n int) {
		below := c.Below(number)
		for i := range n {
			c.Dept[person] = below[i%len(below)]
			person++
		}
	}
	fill(d2500, 2500)
	fill(d800, 800)
	fill(d100, 100)
	fill(d5, 5)
	for _, d := range several {
		fill(d, 6)
	}
	var rest []int64
	for i := range c.Parents {
		if !taken[int64(i+1)] {
			rest = append(rest, int64(i+1))
		}
	}
	for ; person < People; person++ {
		c.Dept[person] = rest[r.IntN(len(rest))]
	}
	// The last people of the company are the cast; they sit among the rest.
	add := func(name string, role access.Role, heads ...int64) {
		id := c.First + int64(People-1-len(c.Cast))
		c.Cast[name] = Person{ID: id, Email: name + "@bench.example", Role: role, Heads: heads}
	}
	add("admin", access.Admin)
	add("own16", access.Manager)
	add("own5000", access.Manager)
	add("head5", access.Head, d5)
	add("head100", access.Head, d100)
	add("head800", access.Head, d800)
	add("several", access.Head, several...)
	add("observer", access.Manager)
	add("nothing", access.Guest)
	add("head2500", access.Head, d2500)
	add("newcomer", access.Manager)
	add("estimator", access.Employee)
	add("deputy", access.Manager)
	c.StandsIn = map[string]string{"deputy": "head100"}
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// Who is a member of the cast as rights see him, for asking without a server.
func (c *Company) Who(name string) access.Who {
	p := c.Cast[name]
	w := access.Who{UserID: p.ID, Role: p.Role, Lang: "ru", Zone: "Europe/Moscow"}
	for _, d := range p.Heads {
		w.HeadOf = append(w.HeadOf, access.Range{Lo: c.Pos[d-1], Hi: c.End[d-1]})
		w.HeadOfIDs = append(w.HeadOfIDs, c.Below(d)...)
	}
	if other := c.StandsIn[name]; other != "" {
		of := c.Who(other)
		w.StandsIn = []access.StandIn{{For: &of}}
	}
	return w
}

// PlantPeople writes departments and people. Departments there already are replaced.
func (c *Company) PlantPeople(ctx context.Context, d *db.DB) error {
	return d.Do(ctx, func(t tx.Tx) error {
		q := db.Of(t)
		if _, err := q.Exec("DELETE FROM department"); err != nil {
			return err
		}
		heads := map[int64]int64{}
		names := map[int64]string{}
		for name, p := range c.Cast {
			names[p.ID] = name
			for _, d := range p.Heads {
				heads[d] = p.ID
			}
		}
		for i, parent := range c.Parents {
			if _, err := q.Exec("INSERT INTO department (id, parent_id, title, head_id, pos, pos_end, sort) VALUES (?, ?, ?, ?, ?, ?, 0)",
				int64(i+1), int64(parent+1), fmt.Sprintf("Отдел %d", i+1), heads[int64(i+1)], c.Pos[i], c.End[i]); err != nil {
				return err
			}
		}
		for i, dept := range c.Dept {
			id := c.First + int64(i)
			name, email, role := fmt.Sprintf("Сотрудник %d", id), fmt.Sprintf("user%d@bench.example", id), access.Manager
			if n := names[id]; n != "" {
				email, role = c.Cast[n].Email, c.Cast[n].Role
			}
			if _, err := q.Exec("INSERT INTO users (id, email, email_key, name, name_key, role, department_id, lang, zone, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'ru', 'Europe/Moscow', 1)",
				id, email, email, name, textkey.Key(name), string(role), dept); err != nil {
				return err
			}
		}
		for name, other := range c.StandsIn {
			if _, err := q.Exec("INSERT INTO stand_in (user_id, for_id, kind) VALUES (?, ?, 'deputy')", c.Cast[name].ID, c.Cast[other].ID); err != nil {
				return err
			}
		}
		return db.Bump(t, "org")
	})
}
