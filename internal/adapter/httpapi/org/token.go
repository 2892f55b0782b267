package orgapi

import (
	"context"
	"net/http"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/session"
)

// APIToken lets a program in as a person.
type APIToken struct {
	ID        int64      `json:"id"`
	Title     string     `json:"title"`
	CreatedAt *time.Time `json:"created_at"`
	UsedAt    *time.Time `json:"used_at" doc:"Last use, known to a minute"`
	ExpiresAt *time.Time `json:"expires_at" doc:"null: never"`
	Token     string     `json:"token,omitempty" doc:"For the header Authorization: Bearer; told once"`
}

func apiToken(k session.Token) APIToken {
	return APIToken{ID: k.ID, Title: k.Title, CreatedAt: httpapi.Instant(k.CreatedAt), UsedAt: httpapi.Instant(k.UsedAt), ExpiresAt: httpapi.Instant(k.ExpiresAt)}
}

// NewAPIToken is a token to make.
type NewAPIToken struct {
	Title     string     `json:"title"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
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
	secret, k, err := d.Sessions.AddToken(ctx, httpapi.Who(ctx), in.id(ctx), in.Body.Title, expires)
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
