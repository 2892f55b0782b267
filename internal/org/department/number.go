package department

import "slices"

// stride is how far apart departments are numbered, so that new ones find room between without touching records.
const stride = 1000

// place gives a department that has no children in the tree a place below its ParentID, as the last child, and its followers
// (its own subtree in preorder, itself first) places inside it. It returns every department whose numbers changed; when there
// is no room left, the whole tree is numbered anew.
func (t *Tree) place(followers []*Department) []*Department {
	root := followers[0]
	siblings := slices.DeleteFunc(slices.Clone(t.children[t.parent(root)]), func(d *Department) bool { return d == root })
	last, n := int64(0), int64(len(followers))
	for _, s := range siblings {
		last = max(last, s.PosEnd)
	}
	p := t.byID[root.ParentID]
	if p == nil {
		from := (last/stride + 1) * stride
		return t.spread(followers, from, from+n*stride-1)
	}
	last = max(last, p.Pos)
	free := p.PosEnd - last
	if free < n {
		return t.renumber()
	}
	return t.spread(followers, last+1, last+max(n, free/4))
}

// spread numbers a subtree, given in preorder, evenly over the places from … to.
func (t *Tree) spread(list []*Department, from, to int64) []*Department {
	step := (to - from + 1) / int64(len(list))
	var changed []*Department
	for i, d := range list {
		pos := from + int64(i)*step
		end := pos + int64(t.size(d))*step - 1
		if i == 0 {
			end = to
		}
		if d.Pos != pos || d.PosEnd != end {
			d.Pos, d.PosEnd = pos, end
			changed = append(changed, d)
		}
	}
	return changed
}

func (t *Tree) size(d *Department) int {
	n := 1
	for _, c := range t.children[d.ID] {
		n += t.size(c)
	}
	return n
}

// renumber numbers the whole tree anew.
func (t *Tree) renumber() []*Department {
	var changed []*Department
	from := int64(stride)
	for _, top := range t.children[0] {
		list := t.Subtree(top.ID)
		to := from + int64(len(list))*stride - 1
		changed = append(changed, t.spread(list, from, to)...)
		from = to + 1
	}
	return changed
}

// Add hangs a new department, without numbers yet, under its ParentID and returns all whose numbers changed.
func (t *Tree) Add(d *Department) []*Department {
	d.Pos, d.PosEnd = 0, 0
	t.byID[d.ID] = d
	t.children[t.parent(d)] = append(t.children[t.parent(d)], d)
	return t.place([]*Department{d})
}

// Move hangs a department with all below it under another parent and returns all whose numbers changed. ok is false when the
// parent is the department itself, below it, or not there.
func (t *Tree) Move(id, parent int64) (changed []*Department, ok bool) {
	d := t.byID[id]
	if d == nil || parent != 0 && t.byID[parent] == nil {
		return nil, false
	}
	for _, above := range t.Chain(parent) {
		if above.ID == id {
			return nil, false
		}
	}
	old := t.parent(d)
	if old == parent {
		d.ParentID = parent
		return nil, true
	}
	t.children[old] = slices.DeleteFunc(t.children[old], func(c *Department) bool { return c == d })
	d.ParentID = parent
	t.children[parent] = append(t.children[parent], d)
	return t.place(t.Subtree(id)), true
}

// Remove takes a department out; its children go up to its parent. It returns all whose numbers or parents changed.
func (t *Tree) Remove(id int64) []*Department {
	d := t.byID[id]
	if d == nil {
		return nil
	}
	parent := t.parent(d)
	// The children stay inside the range of whoever is above, so their numbers stand.
	at := slices.Index(t.children[parent], d)
	children := t.children[id]
	for _, c := range children {
		c.ParentID = parent
	}
	t.children[parent] = slices.Replace(t.children[parent], at, at+1, children...)
	delete(t.children, id)
	delete(t.byID, id)
	return children
}
