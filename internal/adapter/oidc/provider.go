// Package oidcclient speaks OpenID Connect with a provider: the authorization code flow with PKCE. Discovery, keys and the
// verification of tokens are go-oidc's; here is what it leaves to its callers, and a transport that can't be led inside.
package oidcclient

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"voronka/internal/kernel/clock"
	"voronka/internal/org/oidc"
)

// known is how long what a provider says of itself is believed; its keys are looked up when a new one appears.
const known = time.Hour

// Provider implements oidc.Provider.
type Provider struct {
	Clock clock.Clock

	mu     sync.Mutex
	issuer string
	found  *discovered
	at     clock.Instant
}

var _ oidc.Provider = (*Provider)(nil)

// discovered is a provider with the client that may speak to it.
type discovered struct {
	*gooidc.Provider
	client *http.Client
}

// discover asks the issuer of the settings what it is.
func discover(ctx context.Context, s oidc.Settings) (*discovered, error) {
	u, err := oidc.IssuerURL(s.Issuer)
	if err != nil {
		return nil, err
	}
	client := newClient(u)
	// The keys are fetched with this context as long as the provider is used.
	p, err := gooidc.NewProvider(gooidc.ClientContext(context.WithoutCancel(ctx), client), s.Issuer)
	if err != nil {
		return nil, err
	}
	return &discovered{p, client}, nil
}

func (p *Provider) provider(ctx context.Context, s oidc.Settings) (*discovered, error) {
	p.mu.Lock()
	d, now := p.found, p.Clock.Now()
	fresh := d != nil && p.issuer == s.Issuer && now-p.at >= 0 && now.Sub(p.at) < known
	p.mu.Unlock()
	if fresh {
		return d, nil
	}
	d, err := discover(ctx, s)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.issuer, p.found, p.at = s.Issuer, d, now
	return d, nil
}

// Check implements oidc.Provider.
func (p *Provider) Check(ctx context.Context, s oidc.Settings) error {
	d, err := discover(ctx, s)
	if err == nil && (d.Endpoint().AuthURL == "" || d.Endpoint().TokenURL == "") {
		err = errors.New("no authorization or token endpoint")
	}
	return err
}

func (d *discovered) config(s oidc.Settings, redirect string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: s.ClientID, ClientSecret: s.Secret, Endpoint: d.Endpoint(), RedirectURL: redirect,
		Scopes: []string{gooidc.ScopeOpenID, "email", "profile"},
	}
}

// Address implements oidc.Provider.
func (p *Provider) Address(ctx context.Context, s oidc.Settings, a oidc.Attempt, redirect string) (string, error) {
	d, err := p.provider(ctx, s)
	if err != nil {
		return "", err
	}
	address := d.config(s, redirect).AuthCodeURL(a.State, gooidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier))
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		return "", fmt.Errorf("the authorization endpoint is no web address: %w", oidc.BadAnswer)
	}
	return address, nil
}

// said are the claims that are looked at.
type said struct {
	Email    string  `json:"email"`
	Verified boolean `json:"email_verified"`
	Name     string  `json:"name"`
	Locale   string  `json:"locale"`
	AZP      string  `json:"azp"`
}

// boolean reads true and "true": some providers write it as a text.
type boolean bool

// UnmarshalJSON implements json.Unmarshaler. What is neither is no consent.
func (b *boolean) UnmarshalJSON(text []byte) error {
	*b = string(text) == "true" || string(text) == `"true"`
	return nil
}

// Claims implements oidc.Provider.
func (p *Provider) Claims(ctx context.Context, s oidc.Settings, a oidc.Attempt, code, redirect string) (oidc.Claims, error) {
	d, err := p.provider(ctx, s)
	if err != nil {
		return oidc.Claims{}, err
	}
	ctx = gooidc.ClientContext(ctx, d.client)
	token, err := d.config(s, redirect).Exchange(ctx, code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		var refused *oauth2.RetrieveError
		if errors.As(err, &refused) && refused.Response.StatusCode < http.StatusInternalServerError {
			err = errors.Join(oidc.BadAnswer, err)
		}
		return oidc.Claims{}, err
	}
	id, err := p.verified(ctx, d, s, a, token)
	if err != nil {
		return oidc.Claims{}, errors.Join(oidc.BadAnswer, err)
	}
	return d.claims(ctx, id, s, token)
}

// verified is the ID token after everything that has to hold does: go-oidc looks at signature, issuer, audience and expiry.
func (p *Provider) verified(ctx context.Context, d *discovered, s oidc.Settings, a oidc.Attempt, token *oauth2.Token) (*gooidc.IDToken, error) {
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return nil, errors.New("the answer has no ID token")
	}
	id, err := d.VerifierContext(ctx, &gooidc.Config{ClientID: s.ClientID, Now: func() time.Time { return p.Clock.Now().Time() }}).Verify(ctx, raw)
	if err != nil {
		return nil, err
	}
	if a.Nonce == "" || subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(a.Nonce)) != 1 {
		return nil, errors.New("the ID token was made for another attempt")
	}
	if id.AccessTokenHash != "" {
		if err := id.VerifyAccessToken(token.AccessToken); err != nil {
			return nil, err
		}
	}
	return id, nil
}

// claims are what the ID token says; what is missing the provider is asked for.
func (d *discovered) claims(ctx context.Context, id *gooidc.IDToken, s oidc.Settings, token *oauth2.Token) (oidc.Claims, error) {
	var c said
	if err := id.Claims(&c); err != nil {
		return oidc.Claims{}, errors.Join(oidc.BadAnswer, err)
	}
	if c.AZP != "" && c.AZP != s.ClientID || len(id.Audience) > 1 && !slices.Contains([]string{s.ClientID}, c.AZP) {
		return oidc.Claims{}, errors.Join(oidc.BadAnswer, errors.New("the ID token was given to another client"))
	}
	if c.Email == "" && d.UserInfoEndpoint() != "" {
		info, err := d.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil {
			return oidc.Claims{}, err
		}
		if info.Subject != id.Subject {
			return oidc.Claims{}, errors.Join(oidc.BadAnswer, errors.New("the provider speaks of somebody else"))
		}
		if err := info.Claims(&c); err != nil {
			return oidc.Claims{}, errors.Join(oidc.BadAnswer, err)
		}
	}
	lang, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(c.Locale, "_", "-")), "-")
	if lang != "ru" && lang != "en" {
		lang = ""
	}
	return oidc.Claims{Subject: id.Subject, Email: c.Email, EmailVerified: bool(c.Verified), Name: c.Name, Lang: lang}, nil
}
