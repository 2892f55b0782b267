package orgapi

import (
	"context"
	"net/http"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/org/access"
	"voronka/internal/org/account"
)

// Invitation waits for a person to come.
type Invitation struct {
	ID         int64      `json:"id"`
	Email      string     `json:"email"`
	Role       string     `json:"role" enum:"admin,head,manager,employee,guest"`
	Department *int64     `json:"department"`
	Position   string     `json:"position"`
	Language   string     `json:"language"`
	InvitedBy  int64      `json:"invited_by"`
	CreatedAt  *time.Time `json:"created_at"`
	SentAt     *time.Time `json:"sent_at" doc:"When the present link was made"`
	ExpiresAt  *time.Time `json:"expires_at"`
	Times      int64      `json:"times" doc:"Links made"`
	Link       string     `json:"link,omitempty" doc:"Path under the portal's address; told once"`
	Letter     *bool      `json:"letter,omitempty" doc:"A letter with the link is on its way"`
}

func invitation(i account.Invitation) Invitation {
	return Invitation{
		ID: i.ID, Email: i.Email, Role: string(i.Role), Department: httpapi.OrNull(i.DepartmentID), Position: i.Position, Language: i.Lang, InvitedBy: i.InvitedBy,
		CreatedAt: httpapi.Instant(i.CreatedAt), SentAt: httpapi.Instant(i.SentAt), ExpiresAt: httpapi.Instant(i.ExpiresAt), Times: i.Times,
	}
}

func invited(i account.Invited) Invitation {
	out := invitation(i.Invitation)
	out.Link, out.Letter = i.Path, &i.Letter
	return out
}

// NewInvitations says whom to invite as what.
type NewInvitations struct {
	Emails     []string          `json:"emails" maxItems:"200"`
	Role       string            `json:"role" enum:"admin,head,manager,employee,guest"`
	Department httpapi.Reference `json:"department,omitempty"`
	Position   string            `json:"position,omitempty"`
	Language   string            `json:"language,omitempty"`
	Days       int               `json:"days,omitempty" doc:"How long the link is good; 7 by default"`
	Roles      []int64           `json:"roles,omitempty" maxItems:"100" doc:"Access roles to hold besides; administrators only"`
}

// AgainFor says how long a new link is good.
type AgainFor struct {
	Days int `json:"days,omitempty" doc:"7 by default"`
}

type againIn struct {
	httpapi.ByID
	Body AgainFor
}

// Secret is the secret at the end of a link. It comes in the body: addresses are written into logs.
type Secret struct {
	Secret string `json:"secret" maxLength:"200"`
}

// Invited is an invitation as its person sees it.
type Invited struct {
	Company    string     `json:"company"`
	Email      string     `json:"email"`
	Role       string     `json:"role"`
	Department string     `json:"department" doc:"Its title"`
	Position   string     `json:"position"`
	By         string     `json:"by" doc:"Who invites"`
	Language   string     `json:"language"`
	ExpiresAt  *time.Time `json:"expires_at"`
}

// Coming accepts an invitation.
type Coming struct {
	Secret   string `json:"secret" maxLength:"200"`
	Name     string `json:"name"`
	Password string `json:"password"`
	Language string `json:"language,omitempty"`
	Zone     string `json:"zone,omitempty"`
}

type comingIn struct {
	Origin
	Body Coming
}

// Forgotten asks for a link to a new password.
type Forgotten struct {
	Email string `json:"email" maxLength:"300"`
}

type forgottenIn struct {
	Origin
	Body Forgotten
}

// Recovered is whom a link to a new password belongs to.
type Recovered struct {
	Company   string     `json:"company"`
	Name      string     `json:"name"`
	Email     string     `json:"email"`
	ExpiresAt *time.Time `json:"expires_at"`
}

// Recovering sets a new password.
type Recovering struct {
	Secret   string `json:"secret" maxLength:"200"`
	Password string `json:"password"`
}

type recoveringIn struct {
	Origin
	Body Recovering
}

func (d Deps) accountRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/invitations", httpapi.Area(access.People), "people", "Who was invited and hasn't come, the newest first"), d.listInvitations)
	add := httpapi.Route(http.MethodPost, "/api/invitations", httpapi.Area(access.People), "people", "Invite people; their links are told once")
	add.Secret = true
	httpapi.Handle(r, add, d.invite)
	again := httpapi.Route(http.MethodPost, "/api/invitations/{id}/link", httpapi.Area(access.People), "people", "Give an invitation a new link; the old one is good no more")
	again.Secret = true
	httpapi.Handle(r, again, d.inviteAgain)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/invitations/{id}", httpapi.Area(access.People), "people", "Take an invitation back"), d.revokeInvitation)

	public := func(path, summary string, status int) httpapi.Op {
		op := httpapi.Route(http.MethodPost, path, httpapi.Public, "profile", summary)
		op.Secret, op.Status, op.PerMinute = true, status, 60
		return op
	}
	httpapi.Handle(r, public("/api/invitation", "The invitation behind a link", http.StatusOK), d.lookInvitation)
	httpapi.Handle(r, public("/api/invitation/acceptance", "Accept an invitation; signs in", http.StatusOK), d.acceptInvitation)
	httpapi.Handle(r, public("/api/password-links", "Have a link to a new password sent; the answer is the same for every address", http.StatusNoContent), d.forgot)
	httpapi.Handle(r, public("/api/password-link", "Whom a link to a new password belongs to", http.StatusOK), d.lookLink)
	httpapi.Handle(r, public("/api/password-link/password", "Set a new password by a link; signs in, other sessions end", http.StatusOK), d.recover)
}

func (d Deps) listInvitations(ctx context.Context, _ *struct{}) (*httpapi.Body[httpapi.List[Invitation]], error) {
	list, err := d.Accounts.Invitations(ctx, httpapi.Who(ctx))
	if err != nil {
		return nil, err
	}
	out := make([]Invitation, 0, len(list))
	for _, i := range list {
		out = append(out, invitation(i))
	}
	return httpapi.ListOf(out, ""), nil
}

func (d Deps) invite(ctx context.Context, in *httpapi.Body[NewInvitations]) (*httpapi.Body[httpapi.List[Invitation]], error) {
	b := in.Body
	list, err := d.Accounts.Invite(ctx, httpapi.Who(ctx), account.Draft{
		Emails: b.Emails, Role: access.Role(b.Role), DepartmentID: b.Department.ID, Position: b.Position, Lang: b.Language, Days: b.Days, Roles: b.Roles,
	})
	if err != nil {
		return nil, err
	}
	out := make([]Invitation, 0, len(list))
	for _, i := range list {
		out = append(out, invited(i))
	}
	return httpapi.ListOf(out, ""), nil
}

func (d Deps) inviteAgain(ctx context.Context, in *againIn) (*httpapi.Body[Invitation], error) {
	i, err := d.Accounts.SendAgain(ctx, httpapi.Who(ctx), in.ID, in.Body.Days)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(invited(i)), nil
}

func (d Deps) revokeInvitation(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, d.Accounts.Revoke(ctx, httpapi.Who(ctx), in.ID)
}

func (d Deps) lookInvitation(ctx context.Context, in *httpapi.Body[Secret]) (*httpapi.Body[Invited], error) {
	i, err := d.Accounts.Look(ctx, in.Body.Secret)
	if err != nil {
		return nil, err
	}
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	out := Invited{
		Company: dir.Portal.Company, Email: i.Email, Role: string(i.Role), Position: i.Position, By: dir.Name(i.InvitedBy), Language: i.Lang,
		ExpiresAt: httpapi.Instant(i.ExpiresAt),
	}
	if dep := dir.Department(i.DepartmentID); dep != nil {
		out.Department = dep.Title
	}
	return httpapi.OK(out), nil
}

func (d Deps) acceptInvitation(ctx context.Context, in *comingIn) (*signedIn[SignedIn], error) {
	b := in.Body
	entrance, err := d.Accounts.Accept(ctx, b.Secret, account.Coming{Name: b.Name, Password: b.Password, Lang: b.Language, Zone: b.Zone}, in.from(ctx))
	if err != nil {
		return nil, err
	}
	return d.entered(ctx, entrance)
}

func (d Deps) forgot(ctx context.Context, in *forgottenIn) (*httpapi.Empty, error) {
	return nil, d.Accounts.Forgot(ctx, in.Body.Email, in.from(ctx))
}

func (d Deps) lookLink(ctx context.Context, in *httpapi.Body[Secret]) (*httpapi.Body[Recovered], error) {
	l, err := d.Accounts.LookLink(ctx, in.Body.Secret)
	if err != nil {
		return nil, err
	}
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	out := Recovered{Company: dir.Portal.Company, Name: dir.Name(l.UserID), ExpiresAt: httpapi.Instant(l.ExpiresAt)}
	if u := dir.User(l.UserID); u != nil {
		out.Email = u.Email
	}
	return httpapi.OK(out), nil
}

func (d Deps) recover(ctx context.Context, in *recoveringIn) (*signedIn[SignedIn], error) {
	entrance, err := d.Accounts.Recover(ctx, in.Body.Secret, in.Body.Password, in.from(ctx))
	if err != nil {
		return nil, err
	}
	return d.entered(ctx, entrance)
}
