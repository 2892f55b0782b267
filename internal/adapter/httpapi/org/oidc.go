package orgapi

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/org/access"
	"voronka/internal/org/oidc"
)

// OIDCDoor is what the door says of the provider.
type OIDCDoor struct {
	Active bool   `json:"active"`
	Title  string `json:"title" doc:"Of the button; empty: the usual words"`
}

// OIDCSettings say through which provider people sign in. The secret is never shown.
type OIDCSettings struct {
	Active    bool     `json:"active"`
	Issuer    string   `json:"issuer"`
	ClientID  string   `json:"client_id"`
	HasSecret bool     `json:"has_secret"`
	Title     string   `json:"title" doc:"Of the button at the door"`
	Create    bool     `json:"create" doc:"Make people who don't exist yet"`
	Role      string   `json:"role" doc:"Of people who are made"`
	Domains   []string `json:"domains" doc:"Of the e-mail addresses of people who are made"`
	Redirect  string   `json:"redirect" doc:"To be registered with the provider; only a path when the portal doesn't know its own address"`
}

// OIDCSettingsPatch is what shall change; what is left out stays. With another issuer or client the secret must be given anew.
type OIDCSettingsPatch struct {
	Active   *bool     `json:"active,omitempty"`
	Issuer   *string   `json:"issuer,omitempty"`
	ClientID *string   `json:"client_id,omitempty"`
	Secret   *string   `json:"secret,omitempty"`
	Title    *string   `json:"title,omitempty"`
	Create   *bool     `json:"create,omitempty"`
	Role     *string   `json:"role,omitempty"`
	Domains  *[]string `json:"domains,omitempty"`
}

// attemptCookie keeps what the browser must bring back.
const attemptCookie = "voronka_oidc"

func (d Deps) oidcRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/oidc", httpapi.Public, "profile", "Whether people sign in through a provider"), d.oidcDoor)
	start := httpapi.Route(http.MethodGet, "/api/oidc/start", httpapi.Public, "profile", "Sends the browser to the provider")
	start.PerMinute, start.Status = 60, http.StatusSeeOther
	start.Query = []httpapi.Param{{Name: "back", Type: "", Doc: "Page to end on"}}
	httpapi.Stream(r, start, nil, d.oidcStart)
	callback := httpapi.Route(http.MethodGet, "/api/oidc/callback", httpapi.Public, "profile", "Where the provider sends the browser back to")
	callback.PerMinute, callback.Status, callback.Secret = 60, http.StatusSeeOther, true
	callback.Query = []httpapi.Param{{Name: "code", Type: ""}, {Name: "state", Type: ""}, {Name: "error", Type: ""}}
	httpapi.Stream(r, callback, nil, d.oidcCallback)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/oidc-settings", httpapi.Admin, "portal", "Through which provider people sign in"), d.oidcSettings)
	httpapi.Handle(r, httpapi.Route(http.MethodPatch, "/api/oidc-settings", httpapi.Admin, "portal", "Change the provider people sign in through"), d.changeOIDC)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/users/{id}/identities", httpapi.Admin, "people", "Forget as whom the provider knows a person"), d.forgetIdentities)
}

func (d Deps) oidcDoor(ctx context.Context, _ *struct{}) (*httpapi.Body[OIDCDoor], error) {
	s, err := d.OIDC.Settings(ctx)
	if err != nil || !s.Active {
		return httpapi.OK(OIDCDoor{}), err
	}
	return httpapi.OK(OIDCDoor{Active: true, Title: s.Title}), nil
}

// redirect is where the provider sends browsers back to: at the portal's known address, else at the one it was asked by.
func (d Deps) redirect(ctx context.Context, host string) string {
	base := d.Address(ctx)
	if base == "" && host != "" {
		base = map[bool]string{true: "https://", false: "http://"}[httpapi.Secure(ctx)] + host
	}
	return base + "/api/oidc/callback"
}

func (d Deps) oidcStart(ctx context.Context, w http.ResponseWriter, req *http.Request) error {
	address, sealed, err := d.OIDC.Start(ctx, req.URL.Query().Get("back"), d.redirect(ctx, req.Host))
	if err != nil {
		return d.toDoor(ctx, w, err)
	}
	setAttempt(ctx, w, sealed)
	return seeOther(w, address)
}

func (d Deps) oidcCallback(ctx context.Context, w http.ResponseWriter, req *http.Request) error {
	q := req.URL.Query()
	back := oidc.Return{Code: q.Get("code"), State: q.Get("state"), Error: q.Get("error"), Redirect: d.redirect(ctx, req.Host)}
	if kept, err := req.Cookie(attemptCookie); err == nil {
		back.Sealed = kept.Value
	}
	setAttempt(ctx, w, "") // one way, one attempt
	from := Origin{Agent: req.UserAgent()}.from(ctx)
	if device, err := req.Cookie(httpapi.DeviceCookieName); err == nil {
		from.Device = device.Value
	}
	in, err := d.OIDC.Finish(ctx, back, from)
	if err != nil {
		return d.toDoor(ctx, w, err)
	}
	for _, cookie := range cookies(ctx, in.Secret, in.Session) {
		w.Header().Add("Set-Cookie", cookie)
	}
	return seeOther(w, "/login?"+url.Values{"oidc": {"in"}, "back": {in.Back}}.Encode())
}

// toDoor sends the browser to the page of the door, which has words for the refusal.
func (d Deps) toDoor(ctx context.Context, w http.ResponseWriter, err error) error {
	var why oidc.Refusal
	if !errors.As(err, &why) {
		why = oidc.Unreachable
	}
	httpapi.Log(ctx).Warn("signing in through the provider failed", "why", string(why), "err", err)
	return seeOther(w, "/login?"+url.Values{"oidc": {string(why)}}.Encode())
}

func seeOther(w http.ResponseWriter, address string) error {
	w.Header().Set("Location", address)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// setAttempt keeps an attempt with the browser, for the calls of the provider alone; "" takes it away.
func setAttempt(ctx context.Context, w http.ResponseWriter, sealed string) {
	cookie := http.Cookie{
		Name: attemptCookie, Value: sealed, Path: "/api/oidc", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: httpapi.Secure(ctx),
		MaxAge: int(oidc.Lives.Seconds()),
	}
	if sealed == "" {
		cookie.MaxAge = -1
	}
	w.Header().Add("Set-Cookie", cookie.String())
}

func (d Deps) oidcSettings(ctx context.Context, _ *struct{}) (*httpapi.Body[OIDCSettings], error) {
	s, err := d.OIDC.Settings(ctx)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(d.oidcOf(ctx, s)), nil
}

func (d Deps) oidcOf(ctx context.Context, s oidc.Settings) OIDCSettings {
	return OIDCSettings{
		Active: s.Active, Issuer: s.Issuer, ClientID: s.ClientID, HasSecret: s.Secret != "", Title: s.Title, Create: s.Create, Role: string(s.Role),
		Domains: s.Domains, Redirect: d.redirect(ctx, ""),
	}
}

func (d Deps) changeOIDC(ctx context.Context, in *httpapi.Body[OIDCSettingsPatch]) (*httpapi.Body[OIDCSettings], error) {
	b := in.Body
	p := oidc.Patch{Active: b.Active, Create: b.Create, Issuer: b.Issuer, ClientID: b.ClientID, Secret: b.Secret, Title: b.Title, Domains: b.Domains}
	if b.Role != nil {
		role := access.Role(cmp.Or(*b.Role, string(access.Manager)))
		p.Role = &role
	}
	s, err := d.OIDC.Change(ctx, httpapi.Who(ctx), p)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(d.oidcOf(ctx, s)), nil
}

func (d Deps) forgetIdentities(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, d.OIDC.Forget(ctx, in.ID)
}
