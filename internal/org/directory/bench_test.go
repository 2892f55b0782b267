package directory

import (
	"fmt"
	"testing"

	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
	"voronka/internal/org/department"
	"voronka/internal/org/portal"
	"voronka/internal/org/role"
	"voronka/internal/org/user"
)

// BenchmarkRoleChange is what a change of a role costs every node: the whole organisation is put together anew, 5,000 people in
// 1,092 departments on six levels, 30 roles held in every way.
func BenchmarkRoleChange(b *testing.B) {
	var departments []*department.Department
	tree := department.NewTree(nil)
	level := []int64{0}
	for depth := range 6 {
		var next []int64
		for _, parent := range level {
			for range min(3, depth+3) {
				d := &department.Department{ID: int64(len(departments) + 1), ParentID: parent, Title: "D", HeadID: int64(len(departments) + 1)}
				departments = append(departments, d)
				tree.Add(d)
				next = append(next, d.ID)
			}
		}
		level = next
	}
	var people []*user.User
	for i := range int64(5000) {
		people = append(people, &user.User{
			ID: i + 1, Name: fmt.Sprintf("Person %d", i), Role: access.Manager, Active: true, DepartmentID: i%int64(len(departments)) + 1, Position: fmt.Sprintf("Position %d", i%40),
		})
	}
	book := &role.Book{Groups: []*role.UserGroup{{ID: 1, Members: []int64{1, 2, 3}}}}
	for i := range int64(30) {
		r := &role.Role{ID: i + 1, Code: fmt.Sprintf("role_%d", i+1)}
		r.Body.Grants = []access.Grant{{Ops: []access.Op{access.See}, Scopes: []access.Scope{access.ScopeBelow}}}
		r.Holders = []role.Holder{{Kind: role.User, ID: i + 1}, {Kind: role.Department, ID: i*30 + 1}, {Kind: role.Group, ID: 1}, {Kind: role.Position, Text: fmt.Sprintf("Position %d", i)}}
		book.Roles = append(book.Roles, r)
	}
	for b.Loop() {
		d := New(portal.Default(), nil, people, departments, nil).WithRoles(book, clock.Instant(1))
		if w, ok := d.Who(1); !ok || len(w.Rights.Roles) == 0 {
			b.Fatal("nobody has a role")
		}
	}
}
