// Package account is how people come by an account and back into it: invitations, and the link to a new password. Both are
// links with a secret of 256 random bits, of which only the SHA-256 is stored; each is good once and for a time. Signing in,
// the second factor and tokens are session's; who people are is user's. Letters are sent by a higher house, which is plugged
// in.
package account

import (
	"context"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/accessjournal"
	"voronka/internal/org/portal"
	"voronka/internal/org/role"
	"voronka/internal/org/session"
	"voronka/internal/org/user"
)

// Store keeps invitations and links. All methods with a Tx work inside it.
type Store interface {
	LockOrg(t tx.Tx) error
	Portal(t tx.Tx) (portal.Portal, error)
	EmailOwner(t tx.Tx, key string) (int64, error)
	HasDepartment(t tx.Tx, id int64) (bool, error)
	User(t tx.Tx, id int64) (*user.User, error)
	SaveUser(t tx.Tx, u *user.User) error
	// SavePassword also makes links to a new password good no more.
	SavePassword(t tx.Tx, id int64, hash string) error
	accessjournal.Writer

	// SaveInvitation writes a new invitation (ID 0) or changes one, under the hash of its link.
	SaveInvitation(t tx.Tx, i *Invitation, hash string) error
	// InvitationTo is the one to an address; nil when there is none.
	InvitationTo(t tx.Tx, emailKey string) (*Invitation, error)
	// Invitation is one by its number; nil when there is none.
	Invitation(t tx.Tx, id int64) (*Invitation, error)
	// InvitationIn is the one with this link; nil when there is none.
	InvitationIn(t tx.Tx, hash string) (*Invitation, error)
	InvitationByHash(ctx context.Context, hash string) (*Invitation, error)
	Invitations(ctx context.Context) ([]Invitation, error)
	DeleteInvitation(t tx.Tx, id int64) error

	// SaveLink writes a link to a new password; earlier ones of the person are good no more.
	SaveLink(t tx.Tx, l Link, hash string) error
	LinkIn(t tx.Tx, hash string) (Link, bool, error)
	LinkByHash(ctx context.Context, hash string) (Link, bool, error)
}

// Link leads a person to a new password.
type Link struct {
	UserID    int64
	CreatedAt clock.Instant
	ExpiresAt clock.Instant
}

// Letter brings a link.
type Letter struct {
	Kind    string // invitation or recovery
	Source  string // what it is about; the same is written once
	To      string
	Name    string // of the person; "" unknown
	Lang    string
	Path    string // of the link: /invite/…
	By      string // who invites
	Company string
	Until   clock.Instant
}

// Letters writes letters. The text of a letter holds a secret and must not outlive its sending.
type Letters interface {
	// Post has a letter sent; false when the portal sends none, or doesn't know its own address.
	Post(t tx.Tx, l Letter) (bool, error)
	// Ready tells whether Post would.
	Ready(ctx context.Context) bool
}

// Service are the use cases.
type Service struct {
	Tx       tx.Doer
	Store    Store
	Users    *user.Service
	Sessions *session.Service
	Roles    *role.Service
	Letters  Letters
	Clock    clock.Clock
	asked    windows
}

// How long links are good.
const (
	InvitationDays    = 7
	MaxInvitationDays = 90
	LinkLives         = time.Hour
)

func mayInvite(who access.Who, role access.Role, roles []int64) error {
	if who.IsAdmin() || who.Runs(access.People) && role != access.Admin && len(roles) == 0 {
		return nil
	}
	return fault.New(fault.Forbidden, "org.admin_only")
}

func (s *Service) note(t tx.Tx, userID int64, what string, more map[string]any) error {
	data := map[string]any{"what": what}
	for name, v := range more {
		data[name] = v
	}
	return s.Store.Note(t, accessjournal.Entry{UserID: userID, Kind: accessjournal.Account, Data: accessjournal.Data(data)})
}

// Recovers tells whether who forgot his password can have a link sent.
func (s *Service) Recovers(ctx context.Context) bool { return s.Letters.Ready(ctx) }
