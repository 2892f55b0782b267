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
	Role           string          `json:"role" enum:"admin,head,manager,guest"`
	Language       string          `json:"language"`
	Zone           string          `json:"zone"`
	Theme          string          `json:"theme"`
	Density        string          `json:"density"`
	Department     *int64          `json:"department"`
	Position       string          `json:"position"`
	Phone          string          `json:"phone"`
	HeadOf         []int64         `json:"head_of" doc:"Departments the person heads or deputises, with all below"`
	Can            map[string]bool `json:"can" doc:"What of the portal the person may see and change: people, portal, types, pipelines, drums, keys, incidents, bin, records, tokens, held, reports, absences, schedules"`
	ChangePassword bool            `json:"change_password" doc:"The password was given by somebody else and should be changed"`
}

// capabilities says which menus make sense for a person.
func capabilities(who access.Who) map[string]bool {
	admin, member := who.IsAdmin(), who.Role != access.Guest
	return map[string]bool{
		"people": admin, "portal": admin, "types": admin, "pipelines": admin, "drums": admin, "keys": admin,
		"incidents": member, "bin": member, "records": member, "tokens": member, "held": admin || who.IsHead(),
		"reports": admin || who.IsHead(), "absences": member, "schedules": admin || who.IsHead(),
	}
}

func me(who access.Who, u *user.User) Me {
	heads := who.HeadOfIDs
	if heads == nil {
		heads = []int64{}
	}
	return Me{
		ID: u.ID, Name: u.Name, Email: u.Email, Role: string(u.Role), Language: u.Lang, Zone: u.Zone, Theme: u.Prefs.Theme, Density: u.Prefs.Density,
		Department: httpapi.OrNull(u.DepartmentID), Position: u.Position, Phone: u.Phone, HeadOf: heads, Can: capabilities(who), ChangePassword: u.Prefs.ChangePassword,
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
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/me", httpapi.SignedIn, "profile", "Who I am and what I may"), d.getMe)
	httpapi.Handle(r, httpapi.Route(http.MethodPatch, "/api/me", httpapi.SignedIn, "profile", "Change my profile"), d.changeMe)
	change := httpapi.Route(http.MethodPost, "/api/me/password", httpapi.SignedIn, "profile", "Change my password; my other sessions end")
	change.Secret, change.PerMinute = true, 10
	httpapi.Handle(r, change, d.changePassword)
}

// whole is the person as the newest snapshot has him.
func (d Deps) whole(ctx context.Context, id int64) (*httpapi.Body[Me], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	who, ok := dir.Who(id)
	if !ok {
		return nil, fault.New(fault.Unauthenticated, "session.ended")
	}
	return httpapi.OK(me(who, dir.User(id))), nil
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
