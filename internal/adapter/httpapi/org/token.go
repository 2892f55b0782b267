package orgapi

import (
	"context"
	"net/http"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
	"voronka/internal/org/session"
)

// APIToken lets a program in as a person.
type APIToken struct {
	ID        int64      `json:"id"`
	Title     string     `json:"title"`
	CreatedAt *time.Time `json:"created_at"`
	UsedAt    *time.Time `json:"used_at" doc:"Last use, known to a minute"`
	ExpiresAt *time.Time `json:"expires_at" doc:"null: never"`
	Uses      []string   `json:"uses" doc:"What it may be used for: read, write, import, settings, all"`
	Types     []string   `json:"types" doc:"Record types it is for; none: all"`
	Token     string     `json:"token,omitempty" doc:"For the header Authorization: Bearer; told once"`
}

func apiToken(k session.Token) APIToken {
	out := APIToken{ID: k.ID, Title: k.Title, CreatedAt: httpapi.Instant(k.CreatedAt), UsedAt: httpapi.Instant(k.UsedAt), ExpiresAt: httpapi.Instant(k.ExpiresAt), Uses: []string{}, Types: append([]string{}, k.Types...)}
	for _, u := range k.Uses {
		out.Uses = append(out.Uses, string(u))
	}
	return out
}

// NewAPIToken is a token to make.
type NewAPIToken struct {
	Title     string     `json:"title"`
	ExpiresAt *time.Time `json:"expires_at,omitempty" doc:"Left out: never for administrators, after a year for others"`
	Uses      []string   `json:"uses,omitempty" maxItems:"5" doc:"Of read, write, import, settings, all; left out: all"`
	Types     []string   `json:"types,omitempty" maxItems:"100" doc:"Codes of record types, with read and write only; left out: all"`
}

// OfUser says whose tokens are meant.
type OfUser struct {
	User int64 `query:"user" minimum:"0" doc:"whose; one's own by default, others' for administrators"`
}

func (o OfUser) id(ctx context.Context) int64 {
	if o.User != 0 {
		return o.User
	}
	return httpapi.Who(ctx).UserID
}

func (d Deps) tokenRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/tokens", httpapi.Member, "profile", "API tokens, the newest first"), d.listTokens)
	add := httpapi.Route(http.MethodPost, "/api/tokens", httpapi.Member, "profile", "Make an API token; its secret is told once")
	add.Secret = true
	httpapi.Handle(r, add, d.addToken)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/tokens/{id}", httpapi.Member, "profile", "Revoke an API token"), d.revokeToken)
}

func (d Deps) listTokens(ctx context.Context, in *OfUser) (*httpapi.Body[httpapi.List[APIToken]], error) {
	tokens, err := d.Sessions.Tokens(ctx, httpapi.Who(ctx), in.id(ctx))
	if err != nil {
		return nil, err
	}
	list := make([]APIToken, 0, len(tokens))
	for _, k := range tokens {
		list = append(list, apiToken(k))
	}
	return httpapi.ListOf(list, ""), nil
}

type addTokenIn struct {
	OfUser
	Body NewAPIToken
}

func (d Deps) addToken(ctx context.Context, in *addTokenIn) (*httpapi.Body[APIToken], error) {
	var expires clock.Instant
	if in.Body.ExpiresAt != nil {
		expires = max(1, clock.Of(*in.Body.ExpiresAt)) // 0 would mean never
	}
	draft := session.TokenDraft{Title: in.Body.Title, Expires: expires, Types: in.Body.Types}
	for _, u := range in.Body.Uses {
		draft.Uses = append(draft.Uses, access.Use(u))
	}
	secret, k, err := d.Sessions.AddToken(ctx, httpapi.Who(ctx), in.id(ctx), draft)
	if err != nil {
		return nil, err
	}
	answer := apiToken(k)
	answer.Token = secret
	return httpapi.OK(answer), nil
}

type revokeTokenIn struct {
	httpapi.ByID
	OfUser
}

func (d Deps) revokeToken(ctx context.Context, in *revokeTokenIn) (*httpapi.Empty, error) {
	return nil, d.Sessions.RevokeToken(ctx, httpapi.Who(ctx), in.OfUser.id(ctx), in.ID)
}
