package orgapi

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/textkey"
	"voronka/internal/org/access"
	"voronka/internal/org/user"
)

// Person is somebody with an account.
type Person struct {
	ID           int64  `json:"id"`
	Name         string `json:"name"`
	Email        string `json:"email"`
	Role         string `json:"role" enum:"admin,head,manager,employee,guest"`
	Department   *int64 `json:"department"`
	Position     string `json:"position"`
	Phone        string `json:"phone"`
	Language     string `json:"language"`
	Zone         string `json:"zone"`
	Active       bool   `json:"active"`
	SecondFactor *bool  `json:"second_factor,omitempty" doc:"For administrators: signing in asks for a code too"`
	Service      bool   `json:"service,omitempty" doc:"A program with an account of its own"`
	// Held is told when a person was deactivated.
	Held *int64 `json:"held,omitempty" doc:"Records the person still answers for"`
	// Password is told once.
	Password string `json:"password,omitempty" doc:"One-time password, made when none was given and never shown again"`
}

func person(u *user.User) Person {
	return Person{
		ID: u.ID, Name: u.Name, Email: u.Email, Role: string(u.Role), Department: httpapi.OrNull(u.DepartmentID), Position: u.Position,
		Phone: u.Phone, Language: u.Lang, Zone: u.Zone, Active: u.Active, Service: u.Service,
	}
}

// NewPerson is somebody to take on.
type NewPerson struct {
	Name       string            `json:"name"`
	Email      string            `json:"email"`
	Role       string            `json:"role" enum:"admin,head,manager,employee,guest"`
	Department httpapi.Reference `json:"department,omitempty"`
	Position   string            `json:"position,omitempty"`
	Phone      string            `json:"phone,omitempty"`
	Language   string            `json:"language,omitempty"`
	Zone       string            `json:"zone,omitempty"`
	Password   string            `json:"password,omitempty" doc:"Without one a one-time password is made"`
}

func (n NewPerson) draft() user.Draft {
	return user.Draft{
		Name: n.Name, Email: n.Email, Role: access.Role(n.Role), DepartmentID: n.Department.ID, Position: n.Position, Phone: n.Phone,
		Lang: n.Language, Zone: n.Zone, Password: n.Password,
	}
}

// PersonPatch is what shall change; what is left out stays.
type PersonPatch struct {
	Name       *string           `json:"name,omitempty"`
	Email      *string           `json:"email,omitempty"`
	Role       *string           `json:"role,omitempty" enum:"admin,head,manager,employee,guest"`
	Department httpapi.Reference `json:"department,omitempty"`
	Position   *string           `json:"position,omitempty"`
	Phone      *string           `json:"phone,omitempty"`
	Language   *string           `json:"language,omitempty"`
	Zone       *string           `json:"zone,omitempty"`
	Active     *bool             `json:"active,omitempty" doc:"false ends all sessions and tokens at once"`
	Password   *string           `json:"password,omitempty"`
}

func (p PersonPatch) patch() user.Patch {
	return user.Patch{
		Name: p.Name, Email: p.Email, Role: (*access.Role)(p.Role), DepartmentID: p.Department.Value(), Position: p.Position, Phone: p.Phone,
		Lang: p.Language, Zone: p.Zone, Active: p.Active, Password: p.Password,
	}
}

func (d Deps) userRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/users", httpapi.SignedIn, "people", "People by name; guests find only themselves"), d.listUsers)
	add := httpapi.Route(http.MethodPost, "/api/users", httpapi.Area(access.People), "people", "Take a person on")
	add.Secret = true // the one-time password
	httpapi.Handle(r, add, d.addUser)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/users/{id}", httpapi.SignedIn, "people", "One person"), d.getUser)
	httpapi.Handle(r, httpapi.Route(http.MethodPatch, "/api/users/{id}", httpapi.Area(access.People), "people", "Change a person, or deactivate"), d.changeUser)
}

type usersIn struct {
	Paging
	Q          string `query:"q" doc:"part of the name or e-mail address"`
	Department int64  `query:"department" minimum:"0"`
	Active     string `query:"active" enum:"true,false" doc:"only those who are, or are not, active"`
}

func (in *usersIn) wants(u *user.User) bool {
	switch {
	case in.Active != "" && u.Active != (in.Active == "true"), in.Department != 0 && u.DepartmentID != in.Department:
		return false
	case in.Q == "":
		return true
	}
	q := textkey.Key(strings.TrimSpace(in.Q))
	return strings.Contains(textkey.Key(u.Name), q) || strings.Contains(u.EmailKey, q)
}

func (d Deps) listUsers(ctx context.Context, in *usersIn) (*httpapi.Body[httpapi.List[Person]], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	who := httpapi.Who(ctx)
	users := slices.DeleteFunc(slices.Clone(dir.Users()), func(u *user.User) bool { return !visible(who, u) || !in.wants(u) })
	shown, next, err := cut(users, in.Paging, func(u *user.User) int64 { return u.ID })
	if err != nil {
		return nil, err
	}
	list := make([]Person, 0, len(shown))
	for _, u := range shown {
		list = append(list, seenBy(who, u))
	}
	return httpapi.ListOf(list, next), nil
}

// seenBy is a person as somebody sees him: how he signs in is for administrators.
func seenBy(who access.Who, u *user.User) Person {
	p := person(u)
	if who.IsAdmin() {
		p.SecondFactor = &u.SecondFactor
	}
	return p
}

// visible: colleagues know each other, those who left too, because records and history name them; guests know themselves.
func visible(who access.Who, u *user.User) bool {
	return who.Role != access.Guest || u.ID == who.UserID
}

func (d Deps) getUser(ctx context.Context, in *httpapi.ByID) (*httpapi.Body[Person], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	u := dir.User(in.ID)
	if u == nil || !visible(httpapi.Who(ctx), u) {
		return nil, fault.New(fault.NotFound, "user.unknown")
	}
	return httpapi.OK(seenBy(httpapi.Who(ctx), u)), nil
}

func (d Deps) addUser(ctx context.Context, in *httpapi.Body[NewPerson]) (*httpapi.Body[Person], error) {
	draft, made := in.Body.draft(), ""
	if draft.Password == "" {
		made = user.NewPassword()
		draft.Password = made
	}
	u, err := d.Users.Add(ctx, httpapi.Who(ctx), draft)
	if err != nil {
		return nil, err
	}
	answer := person(u)
	answer.Password = made
	return httpapi.OK(answer), nil
}

type changeUserIn struct {
	httpapi.ByID
	Body PersonPatch
}

func (d Deps) changeUser(ctx context.Context, in *changeUserIn) (*httpapi.Body[Person], error) {
	changed, err := d.Users.Change(ctx, httpapi.Who(ctx), in.ID, in.Body.patch())
	if err != nil {
		return nil, err
	}
	answer := person(changed.User)
	if in.Body.Active != nil && !*in.Body.Active {
		answer.Held = &changed.Held
	}
	return httpapi.OK(answer), nil
}
