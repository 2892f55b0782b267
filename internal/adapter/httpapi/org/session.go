package orgapi

import (
	"context"
	"net/http"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/org/session"
)

// Login is what signing in asks for.
type Login struct {
	Email    string `json:"email" maxLength:"300"`
	Password string `json:"password" maxLength:"1000"`
}

type loginIn struct {
	Agent string `header:"User-Agent"`
	Body  Login
}

// signedIn is an answer that brings the cookie of the session.
type signedIn[T any] struct {
	Cookie string `header:"Set-Cookie"`
	Body   T
}

// signedOut takes the cookie away.
type signedOut struct {
	Cookie string `header:"Set-Cookie"`
}

// Device is a browser somebody is signed in with.
type Device struct {
	ID        int64      `json:"id"`
	CreatedAt *time.Time `json:"created_at"`
	SeenAt    *time.Time `json:"seen_at" doc:"Last use, known to a few minutes"`
	ExpiresAt *time.Time `json:"expires_at"`
	IP        string     `json:"ip"`
	Agent     string     `json:"agent"`
	Current   bool       `json:"current" doc:"The browser that asks"`
}

func (d Deps) sessionRoutes(r *httpapi.Router) {
	login := httpapi.Route(http.MethodPost, "/api/session", httpapi.Public, "profile", "Sign in")
	login.Secret, login.Status, login.PerMinute = true, http.StatusOK, 120
	httpapi.Handle(r, login, d.login)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/session", httpapi.SignedIn, "profile", "Sign out"), d.logout)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/sessions", httpapi.SignedIn, "profile", "My devices, the last used first"), d.listSessions)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/sessions", httpapi.SignedIn, "profile", "Sign out on all my other devices"), d.revokeOthers)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/sessions/{id}", httpapi.SignedIn, "profile", "Sign out on one of my devices"), d.revokeSession)
}

// cookieLives is how long the browser keeps the cookie; the server decides how long it is good.
func cookieLives(s session.Session) time.Time { return s.CreatedAt.Add(session.Absolute).Time() }

func (d Deps) login(ctx context.Context, in *loginIn) (*signedIn[Me], error) {
	secret, opened, err := d.Sessions.Login(ctx, in.Body.Email, in.Body.Password, from(ctx, in.Agent))
	if err != nil {
		return nil, err
	}
	answer, err := d.whole(ctx, opened.UserID)
	if err != nil {
		return nil, err
	}
	return &signedIn[Me]{Cookie: httpapi.SessionCookie(ctx, secret, cookieLives(opened)), Body: answer.Body}, nil
}

func (d Deps) logout(ctx context.Context, _ *struct{}) (*signedOut, error) {
	if id := httpapi.Session(ctx); id != 0 {
		if err := d.Sessions.Revoke(ctx, httpapi.Who(ctx).UserID, id); err != nil {
			return nil, err
		}
	}
	return &signedOut{Cookie: httpapi.SessionCookie(ctx, "", time.Time{})}, nil
}

func (d Deps) listSessions(ctx context.Context, _ *struct{}) (*httpapi.Body[httpapi.List[Device]], error) {
	sessions, err := d.Sessions.Sessions(ctx, httpapi.Who(ctx).UserID)
	if err != nil {
		return nil, err
	}
	list := make([]Device, 0, len(sessions))
	for _, s := range sessions {
		list = append(list, Device{
			ID: s.ID, CreatedAt: httpapi.Instant(s.CreatedAt), SeenAt: httpapi.Instant(s.SeenAt), ExpiresAt: httpapi.Instant(s.ExpiresAt),
			IP: s.IP, Agent: s.Agent, Current: s.ID == httpapi.Session(ctx),
		})
	}
	return httpapi.ListOf(list, ""), nil
}

func (d Deps) revokeOthers(ctx context.Context, _ *struct{}) (*httpapi.Empty, error) {
	return nil, d.Sessions.RevokeOthers(ctx, httpapi.Who(ctx).UserID, httpapi.Session(ctx))
}

func (d Deps) revokeSession(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, d.Sessions.Revoke(ctx, httpapi.Who(ctx).UserID, in.ID)
}
