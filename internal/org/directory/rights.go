package directory

import (
	"slices"
	"strconv"
	"strings"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/textkey"
	"voronka/internal/org/access"
	"voronka/internal/org/role"
)

// WithRoles gives people the rights their roles come to at a moment.
func (d *Directory) WithRoles(book *role.Book, now clock.Instant) *Directory {
	d.book = book
	c := compiler{d: d, definitions: map[int64]*access.Definition{}, fixed: map[string]*access.Definition{}, rights: map[string]*access.Rights{}}
	c.index()
	for id := range d.whos {
		w := d.whos[id]
		w.Rights = c.together(c.of(w), nil)
		d.whos[id] = w
	}
	own := map[int64]access.Who{}
	for _, in := range book.Holding(now) {
		user, works := d.whos[in.UserID]
		other, known := d.whos[in.ForID]
		if !works || !known || in.UserID == in.ForID {
			continue
		}
		if w, done := own[in.ForID]; done { // he may stand in for somebody too; that is not handed on
			other = w
		}
		if _, done := own[in.UserID]; !done {
			own[in.UserID] = user
		}
		user.StandsIn = append(slices.Clip(user.StandsIn), access.StandIn{For: &other, Sight: in.Kind == role.Assistant})
		d.whos[in.UserID] = user
	}
	for id := range own {
		w := d.whos[id]
		var others []*access.Definition
		for _, in := range w.StandsIn {
			if in.For.Rights != nil {
				others = append(others, in.For.Rights.Roles...)
			}
		}
		w.Rights = c.together(w.Rights.Roles, others)
		d.whos[id] = w
	}
	return d
}

// Book is what rights go by besides people and departments.
func (d *Directory) Book() *role.Book { return d.book }

// RolesOf are the numbers of the roles a person holds, the fixed one first; nil for who doesn't work here.
func (d *Directory) RolesOf(userID int64) []int64 {
	w, ok := d.whos[userID]
	if !ok || w.Rights == nil {
		return nil
	}
	ids := make([]int64, 0, len(w.Rights.Roles))
	for _, r := range w.Rights.Roles {
		ids = append(ids, r.ID)
	}
	return ids
}

// compiler finds the roles of people. People with the same roles share their rights.
type compiler struct {
	d           *Directory
	definitions map[int64]*access.Definition
	fixed       map[string]*access.Definition
	byUser      map[int64][]int64
	byDept      map[int64][]int64
	byGroup     map[int64][]int64
	byPosition  map[string][]int64
	groups      map[int64][]int64 // of people
	rights      map[string]*access.Rights
}

func (c *compiler) index() {
	c.byUser, c.byDept, c.byGroup, c.byPosition, c.groups = map[int64][]int64{}, map[int64][]int64{}, map[int64][]int64{}, map[string][]int64{}, map[int64][]int64{}
	for _, r := range c.d.book.Roles {
		def := r.Definition()
		c.definitions[r.ID] = def
		if r.Fixed {
			c.fixed[r.Code] = def
		}
		for _, h := range r.Holders {
			switch h.Kind {
			case role.User:
				c.byUser[h.ID] = append(c.byUser[h.ID], r.ID)
			case role.Department:
				c.byDept[h.ID] = append(c.byDept[h.ID], r.ID)
			case role.Group:
				c.byGroup[h.ID] = append(c.byGroup[h.ID], r.ID)
			case role.Position:
				c.byPosition[h.Key()] = append(c.byPosition[h.Key()], r.ID)
			}
		}
	}
	for _, g := range c.d.book.Groups {
		for _, m := range g.Members {
			c.groups[m] = append(c.groups[m], g.ID)
		}
	}
}

// of are the roles of a person, the fixed one first. Guests have no other: they are no members.
func (c *compiler) of(w access.Who) []*access.Definition {
	fixed := string(w.Role)
	if w.Role == access.Manager && len(w.HeadOf) > 0 { // a deputy stands in for the head
		fixed = string(access.Head)
	}
	var out []*access.Definition
	if def := c.fixed[fixed]; def != nil {
		out = append(out, def)
	}
	if w.Role == access.Guest {
		return out
	}
	ids := slices.Clone(c.byUser[w.UserID])
	if len(c.byDept) > 0 {
		for _, dep := range c.d.tree.Chain(w.DepartmentID) {
			ids = append(ids, c.byDept[dep.ID]...)
		}
	}
	for _, g := range c.groups[w.UserID] {
		ids = append(ids, c.byGroup[g]...)
	}
	if len(c.byPosition) > 0 {
		if u := c.d.byID[w.UserID]; u.Position != "" {
			ids = append(ids, c.byPosition[textkey.Key(u.Position)]...)
		}
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		out = append(out, c.definitions[id])
	}
	return out
}

// together are several roles together, made once for everybody who has the same.
func (c *compiler) together(roles, others []*access.Definition) *access.Rights {
	var key strings.Builder
	for _, list := range [][]*access.Definition{roles, others} {
		for _, r := range list {
			key.WriteString(strconv.FormatInt(r.ID, 36))
			key.WriteByte(' ')
		}
		key.WriteByte('|')
	}
	r := c.rights[key.String()]
	if r == nil {
		r = access.NewRights(roles, others...)
		c.rights[key.String()] = r
	}
	return r
}
