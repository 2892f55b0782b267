package orgapi

import (
	"context"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/org/access"
	"voronka/internal/org/portal"
	"voronka/internal/org/setup"
	"voronka/internal/org/user"
)

// SetupState tells whether the portal waits for its first run.
type SetupState struct {
	Needed    bool     `json:"needed"`
	Languages []string `json:"languages"`
	Recovery  bool     `json:"recovery" doc:"Who forgot his password can have a link sent"`
}

// FirstRun is what the first run makes.
type FirstRun struct {
	Code        string            `json:"code" doc:"Printed where the program was started" maxLength:"40"`
	Company     string            `json:"company"`
	Name        string            `json:"name" doc:"Of the administrator"`
	Email       string            `json:"email"`
	Password    string            `json:"password"`
	Language    string            `json:"language" enum:"ru,en"`
	Zone        string            `json:"zone"`
	Currency    string            `json:"currency"`
	Simple      bool              `json:"simple,omitempty"`
	Region      string            `json:"region,omitempty"`
	WorkTime    *WorkTime         `json:"worktime,omitempty"`
	Departments []FirstDepartment `json:"departments,omitempty" maxItems:"200" doc:"Parents before children"`
	People      []FirstPerson     `json:"people,omitempty" maxItems:"50"`
	Business    string            `json:"business,omitempty" doc:"Code of a ready business to begin with, see /api/businesses; empty: a blank portal"`
	Take        int               `json:"take_minutes,omitempty" doc:"Of the business's drums; 0: without drums"`
}

// FirstDepartment is one of the first departments.
type FirstDepartment struct {
	Title  string `json:"title"`
	Parent string `json:"parent,omitempty" doc:"Title of one before"`
	Head   string `json:"head,omitempty" doc:"E-mail address of one of the people"`
}

// FirstPerson is one of the first people.
type FirstPerson struct {
	Name       string `json:"name"`
	Email      string `json:"email"`
	Role       string `json:"role" enum:"admin,head,manager,employee,guest"`
	Department string `json:"department,omitempty" doc:"Title of one of the departments"`
	Position   string `json:"position,omitempty"`
}

func (f FirstRun) plan() (setup.Plan, error) {
	schedule, err := f.WorkTime.schedule(f.Zone)
	if err != nil {
		return setup.Plan{}, err
	}
	p := setup.Plan{
		Name: f.Name, Email: f.Email, Password: f.Password, WorkTime: schedule, Business: f.Business, Take: f.Take,
		Portal: portal.Portal{Company: f.Company, Lang: f.Language, Zone: f.Zone, Currency: f.Currency, Simple: f.Simple, Region: f.Region},
	}
	for _, d := range f.Departments {
		p.Departments = append(p.Departments, setup.Department(d))
	}
	for _, x := range f.People {
		p.People = append(p.People, setup.Person{Name: x.Name, Email: x.Email, Role: access.Role(x.Role), Department: x.Department, Position: x.Position})
	}
	return p, nil
}

// SetUp is the answer to the first run.
type SetUp struct {
	Me        Me                `json:"me"`
	Passwords []OneTimePassword `json:"passwords" doc:"Of the people, told once"`
}

// OneTimePassword is to be handed to a person, who changes it.
type OneTimePassword struct {
	User     int64  `json:"user"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
}

func (d Deps) setupRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/setup", httpapi.Public, "portal", "Whether the portal waits for its first run"), d.setupState)
	run := httpapi.Route(http.MethodPost, "/api/setup", httpapi.SetupOnly, "portal", "The first run; signs the administrator in")
	run.Secret, run.PerMinute = true, 30
	httpapi.Handle(r, run, d.runSetup)
	code := httpapi.Route(http.MethodPost, "/api/setup/code", httpapi.SetupOnly, "portal", "Whether the setup code fits, before the other questions are answered; guesses count as those of the first run")
	code.Secret, code.PerMinute = true, 30
	httpapi.Handle(r, code, d.checkCode)
}

func (d Deps) setupState(ctx context.Context, _ *struct{}) (*httpapi.Body[SetupState], error) {
	needed, err := d.Setup.Needed(ctx)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(SetupState{Needed: needed, Languages: user.Langs, Recovery: !needed && d.Accounts.Recovers(ctx)}), nil
}

// SetupCode is the code of the first run.
type SetupCode struct {
	Code string `json:"code" doc:"Printed where the program was started" maxLength:"40"`
}

type checkCodeIn struct {
	Agent string `header:"User-Agent"`
	Body  SetupCode
}

func (d Deps) checkCode(ctx context.Context, in *checkCodeIn) (*httpapi.Empty, error) {
	return nil, d.Setup.Fits(ctx, in.Body.Code, from(ctx, in.Agent))
}

type runSetupIn struct {
	Agent string `header:"User-Agent"`
	Body  FirstRun
}

func (d Deps) runSetup(ctx context.Context, in *runSetupIn) (*signedIn[SetUp], error) {
	plan, err := in.Body.plan()
	if err != nil {
		return nil, err
	}
	done, err := d.Setup.Run(ctx, in.Body.Code, plan, from(ctx, in.Agent))
	if err != nil {
		return nil, err
	}
	mine, err := d.whole(ctx, done.Admin.ID)
	if err != nil {
		return nil, err
	}
	answer := SetUp{Me: mine.Body, Passwords: []OneTimePassword{}}
	for _, p := range done.Passwords {
		answer.Passwords = append(answer.Passwords, OneTimePassword{User: p.UserID, Name: p.Name, Email: p.Email, Password: p.Password})
	}
	return &signedIn[SetUp]{Cookie: cookies(ctx, done.Secret, done.Session), Body: answer}, nil
}
