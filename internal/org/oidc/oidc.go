// Package oidc is signing in through a provider of OpenID Connect: by which one, whom its word lets in, and who is known to
// it under which subject. The protocol itself is spoken by an adapter; sessions are session's.
package oidc

import (
	"context"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/accessjournal"
	"voronka/internal/org/session"
	"voronka/internal/org/user"
)

// Claims are what a provider says of somebody, verified.
type Claims struct {
	Subject       string
	Email         string
	EmailVerified bool
	Name          string
	Lang          string // ru, en or ""
}

// Attempt is one way of a browser to the provider and back. All of it is random and kept by the browser alone, sealed.
type Attempt struct {
	State    string `json:"s"` // comes back in the address
	Nonce    string `json:"n"` // comes back in the token
	Verifier string `json:"v"` // proves to the provider that it is we who ask (PKCE, RFC 7636)
	Back     string `json:"b"` // page of the portal to end on
	Issuer   string `json:"i"`
	Until    clock.Instant
}

// Provider speaks the protocol. Its errors are Refusal for what the provider said, anything else is a provider that can't
// be reached or talks nonsense.
type Provider interface {
	// Check looks whether there is a provider at the issuer of the settings.
	Check(ctx context.Context, s Settings) error
	// Address is where the browser is sent to.
	Address(ctx context.Context, s Settings, a Attempt, redirect string) (string, error)
	// Claims exchanges the code the browser came back with and verifies what the provider says: signature, issuer, audience,
	// expiry, nonce.
	Claims(ctx context.Context, s Settings, a Attempt, code, redirect string) (Claims, error)
}

// Identity is one person known to one provider.
type Identity struct {
	Issuer, Subject string
	UserID          int64
	Email           string
}

// Store keeps settings and identities.
type Store interface {
	OIDC(ctx context.Context) (Settings, error)
	OIDCIn(t tx.Tx) (Settings, error)
	SaveOIDC(t tx.Tx, s Settings) error

	// IdentityOwner is whose identity a subject is, 0 nobody's. It notes that the identity was used.
	IdentityOwner(t tx.Tx, issuer, subject string) (int64, error)
	// HasIdentity tells whether the person is known to a provider.
	HasIdentity(t tx.Tx, issuer string, userID int64) (bool, error)
	InsertIdentity(t tx.Tx, i Identity) error
	// DropIdentities forgets a person's.
	DropIdentities(t tx.Tx, userID int64) (int64, error)

	LockOrg(t tx.Tx) error
	User(t tx.Tx, id int64) (*user.User, error)
	EmailOwner(t tx.Tx, key string) (int64, error)
	accessjournal.Writer
}

// People makes people.
type People interface {
	AddIn(t tx.Tx, d user.Draft, hash string) (*user.User, error)
}

// Sessions opens sessions.
type Sessions interface {
	Open(t tx.Tx, userID int64, from session.From, token string) (session.Session, error)
}

// Service are the use cases.
type Service struct {
	Tx       tx.Doer
	Store    Store
	Provider Provider
	People   People
	Sessions Sessions
	Clock    clock.Clock
}

// Refusal is why somebody isn't let in; the page of the door has the words.
type Refusal string

// The refusals.
const (
	Off             Refusal = "off"              // nobody signs in this way here
	BadState        Refusal = "state"            // the browser didn't come from where it was sent, or came too late
	Cancelled       Refusal = "cancelled"        // he didn't want to after all, or the provider doesn't want him
	BadAnswer       Refusal = "answer"           // what the provider said doesn't hold
	Unreachable     Refusal = "unreachable"      // the provider is away
	NoEmail         Refusal = "no_email"         // it says no address
	EmailUnverified Refusal = "email_unverified" // it doesn't vouch for the address
	Unknown         Refusal = "unknown"          // nobody here has the address, and none is made
	Left            Refusal = "left"             // he doesn't work here any more
	OtherIdentity   Refusal = "other_identity"   // the address belongs to somebody the provider knew as another one
)

// Error implements error.
func (r Refusal) Error() string { return "oidc: " + string(r) }
