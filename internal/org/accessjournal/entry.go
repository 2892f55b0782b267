// Package accessjournal is who entered the portal, whom he looked at, what he carried out and which rights or settings he changed.
// It is for the owner and for the law on personal data; the story of a record itself is record/journal's.
package accessjournal

import (
	"context"
	"encoding/json"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
)

// Kind says what happened.
type Kind string

// The kinds. Data of an entry is described beside each.
const (
	Login        Kind = "login"         // {"way":"password|oidc|invitation|recovery","second":"totp|code|"}
	LoginFailed  Kind = "login_failed"  // {"email":…,"reason":"password|second|oidc|left"}
	LoginBlocked Kind = "login_blocked" // {"email":…,"until":…}
	Logout       Kind = "logout"        // {"session":…}
	Account      Kind = "account"       // password, second factor, sessions, invitations: {"what":…,"user":…}
	TokenMade    Kind = "token_made"    // {"token":…,"title":…,"scopes":[…]}
	TokenRevoked Kind = "token_revoked" // {"token":…,"title":…}
	View         Kind = "view"          // personal data of Ref were shown
	Export       Kind = "export"        // {"type":…,"rows":…,"filter":…}
	Rights       Kind = "rights"        // a role, a group, a stand-in or who holds them: {"what":…,"role":…,"was":…,"is":…}
	Settings     Kind = "settings"      // {"what":…}
	LookAs       Kind = "look_as"       // {"user":…}
)

// Entry is one line.
type Entry struct {
	ID      int64
	At      clock.Instant
	UserID  int64 // 0: nobody is known
	Kind    Kind
	IP      string
	Agent   string
	TokenID int64   // the API client, 0: a browser
	Ref     ref.Ref // View, and what else is about a record
	Data    json.RawMessage
}

// Writer puts lines down. At, IP, Agent and TokenID are filled in when they are zero: from the transaction and from From.
type Writer interface {
	Note(t tx.Tx, e Entry) error
}

// From is where a request comes from.
type From struct {
	IP, Agent string
	TokenID   int64
}

type fromKey struct{}

// With puts the origin of a request into its context.
func With(ctx context.Context, f From) context.Context { return context.WithValue(ctx, fromKey{}, f) }

// Of is the origin of the request ctx belongs to; the zero From for the program itself.
func Of(ctx context.Context) From {
	f, _ := ctx.Value(fromKey{}).(From)
	return f
}

// Data writes what an entry has to say besides its columns.
func Data(v map[string]any) json.RawMessage {
	out, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("{}")
	}
	return out
}
