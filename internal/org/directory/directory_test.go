package directory

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voronka/internal/org/access"
	"voronka/internal/org/department"
	"voronka/internal/org/portal"
	"voronka/internal/org/user"
	"voronka/internal/org/worktime"
)

func sample(restamping Restamping) *Directory {
	people := []*user.User{
		{ID: 1, Name: "Яна", Role: access.Admin, Active: true},
		{ID: 2, Name: "Борис", Role: access.Head, DepartmentID: 10, Active: true},
		{ID: 3, Name: "Ёлкина", Role: access.Manager, DepartmentID: 11, Active: true},
		{ID: 4, Name: "Анна", Role: access.Manager, DepartmentID: 11},
		{ID: 5, Name: "Елисеева", Role: access.Manager, DepartmentID: 99, Active: true},
	}
	deps := []*department.Department{
		{ID: 10, Title: "Продажи", HeadID: 2, Deputies: []int64{4}, Pos: 1000, PosEnd: 2999},
		{ID: 11, ParentID: 10, Title: "Опт", HeadID: 3, Deputies: []int64{2, 3}, Pos: 2000, PosEnd: 2999},
		{ID: 12, Title: "Сервис", HeadID: 4, Pos: 3000, PosEnd: 3999},
	}
	return New(portal.Default(), worktime.Default(time.UTC), people, deps, restamping)
}

func TestWho(t *testing.T) {
	d := sample(nil)
	w, ok := d.Who(2)
	if !ok || !cmp.Equal(w.HeadOf, []access.Range{{Lo: 1000, Hi: 2999}}) || !cmp.Equal(w.HeadOfIDs, []int64{10, 11}) {
		t.Errorf("Boris: %+v %v", w, ok)
	}
	if _, ok := d.Who(4); ok {
		t.Error("a person who left may do something")
	}
	if _, ok := d.Who(77); ok {
		t.Error("nobody may do something")
	}
	plan := func(d *Directory) access.Arm {
		w, _ := d.Who(2)
		for _, arm := range w.Plan("deal", access.See).Arms {
			if arm.Kind == access.Departments {
				return arm
			}
		}
		return access.Arm{}
	}
	if arm := plan(d); len(arm.Ranges) != 1 {
		t.Errorf("by ranges: %+v", arm)
	}
	if arm := plan(sample(Restamping{12: 0, 77: 11})); len(arm.Ranges) != 0 || !cmp.Equal(arm.DepartmentIDs, []int64{10, 11, 77}) {
		t.Errorf("while records are re-stamped, by departments: %+v", arm)
	}
}

func TestPlaces(t *testing.T) {
	d := sample(nil)
	for id, want := range map[int64]Stamp{0: {}, 1: {Active: true}, 3: {11, 2000, true}, 4: {11, 2000, false}, 5: {0, 0, true}} {
		if got, ok := d.Stamp(id); !ok || got != want {
			t.Errorf("%d: %+v %v, want %+v", id, got, ok, want)
		}
	}
	if _, ok := d.Stamp(77); ok {
		t.Error("nobody has a place")
	}
	for id, want := range map[int64]int64{3: 2, 2: 0, 1: 0, 4: 3, 77: 0} {
		if got := d.HeadAbove(id); got != want {
			t.Errorf("above %d: %d, want %d", id, got, want)
		}
	}
	if heads := d.HeadsOf(12); len(heads) != 0 {
		t.Errorf("somebody who left heads: %v", heads)
	}
	var names []string
	for _, u := range d.Users() {
		names = append(names, u.Name)
	}
	if diff := cmp.Diff([]string{"Анна", "Борис", "Елисеева", "Ёлкина", "Яна"}, names); diff != "" {
		t.Error(diff)
	}
}
