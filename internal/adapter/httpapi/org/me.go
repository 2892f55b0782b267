package orgapi

import (
	"context"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/org/user"
)

// Me is the person who asks.
type Me struct {
	ID             int64           `json:"id"`
	Name           string          `json:"name"`
	Email          string          `json:"email"`
	Role           string          `json:"role" enum:"admin,head,manager,employee,guest"`
	Language       string          `json:"language"`
	Zone           string          `json:"zone"`
	Theme          string          `json:"theme"`
	Density        string          `json:"density"`
	Department     *int64          `json:"department"`
	Position       string          `json:"position"`
	Phone          string          `json:"phone"`
	HeadOf         []int64         `json:"head_of" doc:"Departments the person heads or deputises, with all below"`
	Can            map[string]bool `json:"can" doc:"What of the portal the person may see and change: people, portal, types, pipelines, drums, keys, rules, mail, journal, roles, incidents, bin, records, tokens, imports, held, reports, absences, schedules"`
	SecondFactor   bool            `json:"has_second_factor" doc:"Signing in asks for a code too"`
	NeedsSecond    bool            `json:"needs_second_factor" doc:"The second factor has to be set up before anything else"`
	LookedAtBy     *Looker         `json:"looked_at_by" doc:"The administrator who looks with this person's eyes; nothing may be changed then"`
	ChangePassword bool            `json:"change_password" doc:"The password was given by somebody else and should be changed"`
}

// Looker is an administrator who looks with another's eyes.
type Looker struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// capabilities says which menus make sense for a person.
func capabilities(who access.Who) map[string]bool {
	member := who.IsMember()
	return map[string]bool{
		"people": who.Runs(access.People), "portal": who.Runs(access.Portal), "types": who.Runs(access.Types), "pipelines": who.SetsUpPipelines(),
		"drums": who.Runs(access.Drums), "keys": who.Runs(access.Forms), "rules": who.Runs(access.Rules), "mail": who.Runs(access.Mail),
		"journal": who.Runs(access.Journal), "roles": who.IsAdmin(), "incidents": member, "bin": member, "records": member, "tokens": member,
		"imports": who.Imports(), "held": who.IsHead() || who.Runs(access.Forms), "reports": who.LooksOverPeople() || who.Runs(access.Reports),
		"absences": member, "schedules": who.IsHead() || who.Runs(access.People),
	}
}

func me(who access.Who, u *user.User) Me {
	heads := who.Leads()
	if heads == nil {
		heads = []int64{}
	}
	return Me{
		ID: u.ID, Name: u.Name, Email: u.Email, Role: string(u.Role), Language: u.Lang, Zone: u.Zone, Theme: u.Prefs.Theme, Density: u.Prefs.Density,
		Department: httpapi.OrNull(u.DepartmentID), Position: u.Position, Phone: u.Phone, HeadOf: heads, Can: capabilities(who), ChangePassword: u.Prefs.ChangePassword, SecondFactor: u.SecondFactor,
	}
}

// MePatch is what people may change about themselves.
type MePatch struct {
	Name     *string `json:"name,omitempty"`
	Phone    *string `json:"phone,omitempty"`
	Language *string `json:"language,omitempty"`
	Zone     *string `json:"zone,omitempty"`
	Theme    *string `json:"theme,omitempty" doc:"auto, light or dark"`
	Density  *string `json:"density,omitempty" doc:"compact, cosy or comfortable"`
}

// NewPassword changes one's own password.
type NewPassword struct {
	Old      string `json:"old"`
	Password string `json:"password"`
}

func (d Deps) meRoutes(r *httpapi.Router) {
	get := httpapi.Route(http.MethodGet, "/api/me", httpapi.SignedIn, "profile", "Who I am and what I may")
	get.Unfinished = true
	httpapi.Handle(r, get, d.getMe)
	patch := httpapi.Route(http.MethodPatch, "/api/me", httpapi.SignedIn, "profile", "Change my profile")
	patch.Unfinished = true
	httpapi.Handle(r, patch, d.changeMe)
	change := httpapi.Route(http.MethodPost, "/api/me/password", httpapi.SignedIn, "profile", "Change my password; my other sessions end")
	change.Secret, change.PerMinute, change.Unfinished = true, 10, true
	httpapi.Handle(r, change, d.changePassword)
}

// whole is the person as the newest snapshot has him.
func (d Deps) whole(ctx context.Context, id int64) (*httpapi.Body[Me], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	who, ok := dir.Caller(id)
	if !ok {
		return nil, fault.New(fault.Unauthenticated, "session.ended")
	}
	answer := me(who, dir.User(id))
	if by := httpapi.Who(ctx).LookedAtBy; by != 0 {
		answer.LookedAtBy = &Looker{ID: by, Name: dir.Name(by)}
	}
	answer.NeedsSecond = dir.NeedsSecondFactor(id)
	if httpapi.Session(ctx) != 0 { // another house may have seen to it
		answer.NeedsSecond = httpapi.Who(ctx).Limit != nil
	}
	return httpapi.OK(answer), nil
}

func (d Deps) getMe(ctx context.Context, _ *struct{}) (*httpapi.Body[Me], error) {
	return d.whole(ctx, httpapi.Who(ctx).UserID)
}

func (d Deps) changeMe(ctx context.Context, in *httpapi.Body[MePatch]) (*httpapi.Body[Me], error) {
	who, b := httpapi.Who(ctx), in.Body
	patch := user.Patch{Name: b.Name, Phone: b.Phone, Lang: b.Language, Zone: b.Zone, Theme: b.Theme, Density: b.Density}
	if _, err := d.Users.Change(ctx, who, who.UserID, patch); err != nil {
		return nil, err
	}
	return d.whole(ctx, who.UserID)
}

func (d Deps) changePassword(ctx context.Context, in *httpapi.Body[NewPassword]) (*httpapi.Empty, error) {
	return nil, d.Users.SetOwnPassword(ctx, d.Secret, httpapi.Who(ctx).UserID, httpapi.Session(ctx), in.Body.Old, in.Body.Password)
}
