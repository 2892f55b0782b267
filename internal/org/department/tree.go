// Package department is the tree of departments: titles, heads and deputies, and the numbers by which a department with all
// below it is one range. It knows people only by their ids.
package department

import (
	"cmp"
	"slices"

	"voronka/internal/org/access"
)

// Department is one node of the tree.
type Department struct {
	ID       int64
	ParentID int64 // 0: at the top
	Title    string
	HeadID   int64   // 0: nobody
	Deputies []int64 // stand in for the head always; sorted
	// Pos is the place in a preorder walk of the tree; PosEnd the last place reserved for what is below. 0 stands for
	// "no department" and belongs to none.
	Pos, PosEnd int64
	Sort        int64 // order among siblings as shown
}

// Range are the places of the department and all below it.
func (d *Department) Range() access.Range { return access.Range{Lo: d.Pos, Hi: d.PosEnd} }

// Leads tells whether a person heads the department or deputises.
func (d *Department) Leads(userID int64) bool {
	return userID != 0 && (d.HeadID == userID || slices.Contains(d.Deputies, userID))
}

// Tree is all departments. It is not safe for changes by several goroutines.
type Tree struct {
	byID     map[int64]*Department
	children map[int64][]*Department // in the order of Pos
}

// NewTree makes a tree. The departments are shared with it. Departments whose parent is missing stand at the top.
func NewTree(all []*Department) *Tree {
	t := &Tree{byID: make(map[int64]*Department, len(all)), children: map[int64][]*Department{}}
	for _, d := range all {
		t.byID[d.ID] = d
	}
	for _, d := range all {
		t.children[t.parent(d)] = append(t.children[t.parent(d)], d)
	}
	for _, list := range t.children {
		slices.SortFunc(list, func(a, b *Department) int { return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.ID, b.ID)) })
	}
	return t
}

func (t *Tree) parent(d *Department) int64 {
	if t.byID[d.ParentID] == nil {
		return 0
	}
	return d.ParentID
}

// Get finds a department, nil when there is none.
func (t *Tree) Get(id int64) *Department { return t.byID[id] }

// Children are the departments directly below id; 0 gives those at the top.
func (t *Tree) Children(id int64) []*Department { return t.children[id] }

// Chain is the department and everything above it, from the bottom to the top.
func (t *Tree) Chain(id int64) []*Department {
	var chain []*Department
	for d := t.byID[id]; d != nil && len(chain) <= len(t.byID); d = t.byID[d.ParentID] {
		chain = append(chain, d)
	}
	return chain
}

// Subtree is the department and everything below it in preorder; 0 gives the whole tree.
func (t *Tree) Subtree(id int64) []*Department {
	var out []*Department
	if d := t.byID[id]; d != nil {
		out = append(out, d)
	} else if id != 0 {
		return nil
	}
	for _, c := range t.children[id] {
		out = append(out, t.Subtree(c.ID)...)
	}
	return out
}
