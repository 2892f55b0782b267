package drum

import (
	"voronka/internal/kernel/ref"
	"voronka/internal/org/directory"
)

// About is what a record is about, as far as a drum's policy asks. The zero About is a new record nothing is known of.
type About struct {
	Record            ref.Ref // zero: it isn't there yet
	FormerResponsible int64   // who answered for the record or its client before; 0 for nobody
	Source            string  // code of its source: some sources are dealt in portions

	first  int64         // who had it first, from the offers before
	misses map[int64]int // who missed it how often
	last   int64         // who had it just now
	queued bool          // it waits already: it may be dealt
}

// round is which offer of the record the next one is.
func (a About) round() int {
	n := 1
	for _, m := range a.misses {
		n += m
	}
	return n
}

// department is whose people a drum deals a record to; 0 for its named people.
func (d *Drum) department(org *directory.Directory, a About) int64 {
	switch d.Policy.Who {
	case Department:
		return d.Policy.DepartmentID
	case DepartmentOfFirst, DepartmentAbove:
	default:
		return 0
	}
	first := a.first
	if first == 0 {
		first = a.FormerResponsible
	}
	id := d.Policy.DepartmentID
	for _, person := range []int64{d.HeadID, first} {
		if u := org.User(person); u != nil && u.DepartmentID != 0 && (id == 0 || person == first) {
			id = u.DepartmentID
		}
	}
	if d.Policy.Who == DepartmentAbove && first != 0 {
		if chain := org.Chain(id); len(chain) > 1 {
			return chain[1].ID
		}
	}
	return id
}

// people are those a record may be dealt to, in their order. Of a department these are all who work in it and below, but
// for its head and guests; members stand for who is treated specially.
func (d *Drum) people(org *directory.Directory, departmentID int64) []Member {
	if d.Policy.Who == Named {
		return d.Members
	}
	places, ok := org.Subtree(departmentID)
	if !ok {
		return nil
	}
	special := make(map[int64]Member, len(d.Members))
	for _, m := range d.Members {
		special[m.UserID] = m
	}
	head := org.Department(departmentID).HeadID
	var list []Member
	for _, u := range org.Users() {
		place, _ := org.Stamp(u.ID)
		who, works := org.Who(u.ID)
		if !works || who.Role == "guest" || u.ID == head || u.ID == d.HeadID || place.DepartmentID == 0 || place.DeptPos < places.Lo || place.DeptPos > places.Hi {
			continue
		}
		m, known := special[u.ID]
		if !known {
			m = Member{UserID: u.ID, Active: true}
		}
		list = append(list, m)
	}
	return list
}
