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

// Origin is where a request to a door comes from.
type Origin struct {
	Agent  string `header:"User-Agent"`
	Device string `cookie:"voronka_device" doc:"Set when somebody signs in with a browser"`
}

func (o Origin) from(ctx context.Context) session.From {
	return session.From{IP: httpapi.IP(ctx), Agent: o.Agent, Device: o.Device}
}

type loginIn struct {
	Origin
	Body Login
}

// SignedIn is the answer to signing in: who it is, or that the second factor is still wanted.
type SignedIn struct {
	*Me
	SecondFactor bool   `json:"second_factor,omitempty" doc:"The second step is still to be taken; then there is nothing else but the ticket"`
	Ticket       string `json:"ticket,omitempty" doc:"For POST /api/session/second, good once and for five minutes"`
}

// SecondStep is what the second step asks for.
type SecondStep struct {
	Ticket string `json:"ticket" maxLength:"200"`
	Code   string `json:"code" maxLength:"100" doc:"Of the app, or one of the recovery codes"`
}

type secondIn struct {
	Origin
	Body SecondStep
}

// signedIn is an answer that brings the cookies of the session and of the device.
type signedIn[T any] struct {
	Cookie []string `header:"Set-Cookie"`
	Body   T
}

// cookies of a session that has just been made.
func cookies(ctx context.Context, secret string, s session.Session) []string {
	list := []string{httpapi.SessionCookie(ctx, secret, cookieLives(s))}
	if s.Device != "" {
		list = append(list, httpapi.DeviceCookie(ctx, s.Device, s.CreatedAt.Time()))
	}
	return list
}

// entered answers how far somebody has come in.
func (d Deps) entered(ctx context.Context, in session.Entrance) (*signedIn[SignedIn], error) {
	if in.Ticket != "" {
		return &signedIn[SignedIn]{Body: SignedIn{SecondFactor: true, Ticket: in.Ticket}}, nil
	}
	answer, err := d.whole(ctx, in.UserID)
	if err != nil {
		return nil, err
	}
	return &signedIn[SignedIn]{Cookie: cookies(ctx, in.Secret, in.Session), Body: SignedIn{Me: &answer.Body}}, nil
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
	Browser   string     `json:"browser" doc:"In words; empty when it says nothing known"`
	OS        string     `json:"os"`
	Way       string     `json:"way" doc:"How it began: password, oidc, invitation, recovery; empty: otherwise"`
	Current   bool       `json:"current" doc:"The browser that asks"`
}

func (d Deps) sessionRoutes(r *httpapi.Router) {
	login := httpapi.Route(http.MethodPost, "/api/session", httpapi.Public, "profile", "Sign in")
	login.Secret, login.Status, login.PerMinute = true, http.StatusOK, 120
	httpapi.Handle(r, login, d.login)
	second := httpapi.Route(http.MethodPost, "/api/session/second", httpapi.Public, "profile", "Take the second step of signing in")
	second.Secret, second.Status, second.PerMinute = true, http.StatusOK, 60
	httpapi.Handle(r, second, d.secondStep)
	logout := httpapi.Route(http.MethodDelete, "/api/session", httpapi.SignedIn, "profile", "Sign out")
	logout.Unfinished = true
	httpapi.Handle(r, logout, d.logout)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/users/{id}/sessions", httpapi.Admin, "people", "Devices of a person, the last used first"), d.sessionsOf)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/users/{id}/sessions", httpapi.Admin, "people", "Sign a person out everywhere"), d.endSessionsOf)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/users/{id}/sessions/{session}", httpapi.Admin, "people", "Sign a person out on one device"), d.endSessionOf)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/sessions", httpapi.SignedIn, "profile", "My devices, the last used first"), d.listSessions)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/sessions", httpapi.SignedIn, "profile", "Sign out on all my other devices"), d.revokeOthers)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/sessions/{id}", httpapi.SignedIn, "profile", "Sign out on one of my devices"), d.revokeSession)
}

// cookieLives is how long the browser keeps the cookie; the server decides how long it is good.
func cookieLives(s session.Session) time.Time { return s.CreatedAt.Add(session.Absolute).Time() }

func (d Deps) login(ctx context.Context, in *loginIn) (*signedIn[SignedIn], error) {
	entrance, err := d.Sessions.Login(ctx, in.Body.Email, in.Body.Password, in.from(ctx))
	if err != nil {
		return nil, err
	}
	return d.entered(ctx, entrance)
}

func (d Deps) secondStep(ctx context.Context, in *secondIn) (*signedIn[SignedIn], error) {
	entrance, err := d.Sessions.Second(ctx, in.Body.Ticket, in.Body.Code, in.from(ctx))
	if err != nil {
		return nil, err
	}
	return d.entered(ctx, entrance)
}

func (d Deps) logout(ctx context.Context, _ *struct{}) (*signedOut, error) {
	if id := httpapi.Session(ctx); id != 0 {
		if err := d.Sessions.Logout(ctx, httpapi.Who(ctx).Person(), id); err != nil {
			return nil, err
		}
	}
	return &signedOut{Cookie: httpapi.SessionCookie(ctx, "", time.Time{})}, nil
}

func (d Deps) listSessions(ctx context.Context, _ *struct{}) (*httpapi.Body[httpapi.List[Device]], error) {
	return d.devices(ctx, httpapi.Who(ctx).UserID)
}

func (d Deps) devices(ctx context.Context, userID int64) (*httpapi.Body[httpapi.List[Device]], error) {
	sessions, err := d.Sessions.Sessions(ctx, userID)
	if err != nil {
		return nil, err
	}
	list := make([]Device, 0, len(sessions))
	for _, s := range sessions {
		agent := session.AgentOf(s.Agent)
		list = append(list, Device{
			ID: s.ID, CreatedAt: httpapi.Instant(s.CreatedAt), SeenAt: httpapi.Instant(s.SeenAt), ExpiresAt: httpapi.Instant(s.ExpiresAt),
			IP: s.IP, Agent: s.Agent, Browser: agent.Browser, OS: agent.OS, Way: s.Way, Current: s.ID == httpapi.Session(ctx),
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

func (d Deps) sessionsOf(ctx context.Context, in *httpapi.ByID) (*httpapi.Body[httpapi.List[Device]], error) {
	return d.devices(ctx, in.ID)
}

func (d Deps) endSessionsOf(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, d.Sessions.RevokeOthers(ctx, in.ID, 0)
}

type sessionOfIn struct {
	httpapi.ByID
	Session int64 `path:"session" minimum:"1"`
}

func (d Deps) endSessionOf(ctx context.Context, in *sessionOfIn) (*httpapi.Empty, error) {
	return nil, d.Sessions.Revoke(ctx, in.ID, in.Session)
}
