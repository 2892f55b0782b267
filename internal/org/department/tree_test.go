package department

import (
	"testing"

	"pgregory.net/rapid"
)

// sound checks what the numbers promise: a subtree is exactly the departments whose Pos lies in the range of its top, no two
// departments share a place, and no place is 0.
func sound(t interface{ Fatalf(string, ...any) }, tree *Tree) {
	seen := map[int64]bool{}
	for id, d := range tree.byID {
		if d.Pos <= 0 || d.PosEnd < d.Pos || seen[d.Pos] {
			t.Fatalf("department %d stands at %d…%d", id, d.Pos, d.PosEnd)
		}
		seen[d.Pos] = true
		below := map[int64]bool{}
		for _, s := range tree.Subtree(id) {
			below[s.ID] = true
		}
		for other, o := range tree.byID {
			if d.Range().Has(o.Pos) != below[other] {
				t.Fatalf("department %d at %d, range of %d is %v, below: %v", other, o.Pos, id, d.Range(), below[other])
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree, next := NewTree(nil), int64(1)
		any := func(name string) int64 { return rapid.Int64Range(0, next-1).Draw(t, name) }
		numbers := map[int64][2]int64{}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			var changed []*Department
			switch rapid.IntRange(0, 4).Draw(t, "act") {
			case 0, 1, 2:
				parent := any("parent")
				if tree.Get(parent) == nil {
					parent = 0
				}
				changed = tree.Add(&Department{ID: next, ParentID: parent})
				next++
			case 3:
				id, parent := any("id"), any("parent")
				loop := false
				for _, d := range tree.Subtree(id) {
					loop = loop || d.ID == parent
				}
				var ok bool
				changed, ok = tree.Move(id, parent)
				if want := tree.Get(id) != nil && (parent == 0 || tree.Get(parent) != nil) && !loop; ok != want {
					t.Fatalf("move %d under %d: %v, want %v", id, parent, ok, want)
				}
			case 4:
				tree.Remove(any("id"))
			}
			sound(t, tree)
			told := map[int64]bool{}
			for _, d := range changed {
				told[d.ID] = true
			}
			for id, d := range tree.byID {
				if now := [2]int64{d.Pos, d.PosEnd}; now != numbers[id] {
					if !told[id] {
						t.Fatalf("the numbers of %d changed in silence", id)
					}
					numbers[id] = now
				}
			}
		}
	})
}

func TestOneMoreDepartmentLeavesTheOthersAlone(t *testing.T) {
	tree := NewTree(nil)
	for id := int64(1); id <= 20; id++ {
		if changed := tree.Add(&Department{ID: id}); len(changed) != 1 {
			t.Fatalf("the %d-th top department renumbers %d", id, len(changed))
		}
	}
	for id := int64(100); id < 112; id++ {
		if changed := tree.Add(&Department{ID: id, ParentID: 3}); len(changed) != 1 {
			t.Fatalf("child %d renumbers %d", id, len(changed))
		}
	}
	if pos := tree.Get(3).Pos; pos != 3000 {
		t.Errorf("the third stands at %d", pos)
	}
}

func TestChainOfABrokenTreeEnds(t *testing.T) {
	tree := NewTree([]*Department{{ID: 1, ParentID: 2, Pos: 1, PosEnd: 1}, {ID: 2, ParentID: 1, Pos: 2, PosEnd: 2}})
	if n := len(tree.Chain(1)); n > 3 {
		t.Errorf("%d steps", n)
	}
}
