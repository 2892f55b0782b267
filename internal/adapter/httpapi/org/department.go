package orgapi

import (
	"context"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/org/access"
	"voronka/internal/org/department"
	"voronka/internal/org/directory"
)

// Department is one node of the tree.
type Department struct {
	ID       int64   `json:"id"`
	Title    string  `json:"title"`
	Parent   *int64  `json:"parent"`
	Head     *int64  `json:"head"`
	Deputies []int64 `json:"deputies"`
	Sort     int64   `json:"sort"`
	People   int     `json:"people" doc:"Active people in the department itself"`
}

func departmentOf(d *department.Department, people int) Department {
	deputies := d.Deputies
	if deputies == nil {
		deputies = []int64{}
	}
	return Department{ID: d.ID, Title: d.Title, Parent: httpapi.OrNull(d.ParentID), Head: httpapi.OrNull(d.HeadID), Deputies: deputies, Sort: d.Sort, People: people}
}

func counts(dir *directory.Directory) map[int64]int {
	n := map[int64]int{}
	for _, u := range dir.Users() {
		if u.Active {
			n[u.DepartmentID]++
		}
	}
	return n
}

// DepartmentDraft is a new department.
type DepartmentDraft struct {
	Title    string            `json:"title"`
	Parent   httpapi.Reference `json:"parent,omitempty"`
	Head     httpapi.Reference `json:"head,omitempty"`
	Deputies []int64           `json:"deputies,omitempty" maxItems:"50"`
}

// DepartmentPatch is what shall change; what is left out stays.
type DepartmentPatch struct {
	Title    *string           `json:"title,omitempty"`
	Parent   httpapi.Reference `json:"parent,omitempty"`
	Head     httpapi.Reference `json:"head,omitempty"`
	Deputies *[]int64          `json:"deputies,omitempty" maxItems:"50"`
	Sort     *int64            `json:"sort,omitempty"`
}

func (d Deps) departmentRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/departments", httpapi.SignedIn, "people", "Departments in the order of the tree; guests see none"), d.listDepartments)
	httpapi.Handle(r, httpapi.Route(http.MethodPost, "/api/departments", httpapi.Area(access.People), "people", "Make a department"), d.addDepartment)
	httpapi.Handle(r, httpapi.Route(http.MethodPatch, "/api/departments/{id}", httpapi.Area(access.People), "people", "Change or move a department"), d.changeDepartment)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/departments/{id}", httpapi.Area(access.People), "people", "Dissolve a department; those below go up a level"), d.removeDepartment)
}

func (d Deps) listDepartments(ctx context.Context, in *Paging) (*httpapi.Body[httpapi.List[Department]], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	all := dir.Departments()
	if httpapi.Who(ctx).Role == access.Guest {
		all = nil
	}
	shown, next, err := cut(all, *in, func(d *department.Department) int64 { return d.ID })
	if err != nil {
		return nil, err
	}
	people := counts(dir)
	list := make([]Department, 0, len(shown))
	for _, d := range shown {
		list = append(list, departmentOf(d, people[d.ID]))
	}
	return httpapi.ListOf(list, next), nil
}

func (d Deps) addDepartment(ctx context.Context, in *httpapi.Body[DepartmentDraft]) (*httpapi.Body[Department], error) {
	b := in.Body
	made, err := d.Departments.Add(ctx, httpapi.Who(ctx), department.Draft{Title: b.Title, ParentID: b.Parent.ID, HeadID: b.Head.ID, Deputies: b.Deputies})
	if err != nil {
		return nil, err
	}
	return httpapi.OK(departmentOf(made, 0)), nil
}

type changeDepartmentIn struct {
	httpapi.ByID
	Body DepartmentPatch
}

func (d Deps) changeDepartment(ctx context.Context, in *changeDepartmentIn) (*httpapi.Body[Department], error) {
	b := in.Body
	changed, err := d.Departments.Change(ctx, httpapi.Who(ctx), in.ID,
		department.Patch{Title: b.Title, ParentID: b.Parent.Value(), HeadID: b.Head.Value(), Deputies: b.Deputies, Sort: b.Sort})
	if err != nil {
		return nil, err
	}
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(departmentOf(changed, counts(dir)[in.ID])), nil
}

type removeDepartmentIn struct {
	httpapi.ByID
	MoveTo int64 `query:"move_to" minimum:"-1" default:"-1" doc:"the department its people go to, 0 for none; must be said when there are any"`
}

func (d Deps) removeDepartment(ctx context.Context, in *removeDepartmentIn) (*httpapi.Empty, error) {
	to := &in.MoveTo
	if in.MoveTo < 0 {
		to = nil
	}
	return nil, d.Departments.Remove(ctx, httpapi.Who(ctx), in.ID, to)
}
