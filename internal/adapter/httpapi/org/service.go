package orgapi

import (
	"context"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/org/user"
)

// NewService is a program that shall have an account of its own.
type NewService struct {
	Name       string            `json:"name"`
	Role       string            `json:"role" enum:"admin,head,manager,employee,guest"`
	Department httpapi.Reference `json:"department,omitempty"`
}

func (d Deps) serviceRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/service-accounts", httpapi.Admin, "people", "Programs with an account of their own"), d.listServices)
	httpapi.Handle(r, httpapi.Route(http.MethodPost, "/api/service-accounts", httpapi.Admin, "people", "Give a program an account; it comes in by tokens only"), d.addService)
	httpapi.Handle(r, httpapi.Route(http.MethodPatch, "/api/service-accounts/{id}", httpapi.Admin, "people", "Change a program's account, or deactivate it"), d.changeService)
}

func (d Deps) listServices(ctx context.Context, _ *struct{}) (*httpapi.Body[httpapi.List[Person]], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	list := []Person{}
	for _, u := range dir.Services() {
		list = append(list, person(u))
	}
	return httpapi.ListOf(list, ""), nil
}

func (d Deps) addService(ctx context.Context, in *httpapi.Body[NewService]) (*httpapi.Body[Person], error) {
	u, err := d.Users.AddService(ctx, httpapi.Who(ctx), user.Draft{Name: in.Body.Name, Role: access.Role(in.Body.Role), DepartmentID: in.Body.Department.ID})
	if err != nil {
		return nil, err
	}
	return httpapi.OK(person(u)), nil
}

// ServicePatch is what shall change; what is left out stays.
type ServicePatch struct {
	Name       *string           `json:"name,omitempty"`
	Role       *string           `json:"role,omitempty" enum:"admin,head,manager,employee,guest"`
	Department httpapi.Reference `json:"department,omitempty"`
	Active     *bool             `json:"active,omitempty" doc:"false ends all its tokens at once"`
}

type changeServiceIn struct {
	httpapi.ByID
	Body ServicePatch
}

func (d Deps) changeService(ctx context.Context, in *changeServiceIn) (*httpapi.Body[Person], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	if u := dir.User(in.ID); u == nil || !u.Service {
		return nil, fault.New(fault.NotFound, "user.unknown")
	}
	b := in.Body
	changed, err := d.Users.Change(ctx, httpapi.Who(ctx), in.ID, user.Patch{Name: b.Name, Role: (*access.Role)(b.Role), DepartmentID: b.Department.Value(), Active: b.Active})
	if err != nil {
		return nil, err
	}
	return httpapi.OK(person(changed.User)), nil
}
