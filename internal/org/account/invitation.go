package account

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/session"
	"voronka/internal/org/user"
)

// Invitation waits for a person to come.
type Invitation struct {
	ID           int64
	Email        string
	EmailKey     string
	Role         access.Role
	DepartmentID int64
	Position     string
	Lang         string
	InvitedBy    int64
	CreatedAt    clock.Instant
	SentAt       clock.Instant // when the present link was made
	ExpiresAt    clock.Instant
	Times        int64   // links made
	Roles        []int64 // access roles the person shall hold besides, by number
}

// MaxInvited is how many can be invited at once.
const MaxInvited = 50

// Draft says whom to invite as what.
type Draft struct {
	Emails       []string
	Role         access.Role
	DepartmentID int64
	Position     string
	Lang         string  // of the letter, and what the person begins with; "" the portal's
	Days         int     // how long the link is good; 0: InvitationDays
	Roles        []int64 // access roles besides; given by administrators only
}

// Invited is an invitation with its link, which is told this once.
type Invited struct {
	Invitation
	Path   string // /invite/…
	Letter bool   // a letter is on its way
}

func (d *Draft) clean(t tx.Tx, s *Service) error {
	var wrong *fault.Error
	if len(d.Emails) == 0 {
		wrong = wrong.With("emails", "invitation.nobody")
	}
	if len(d.Emails) > MaxInvited {
		return fault.In("emails", "invitation.too_many", fault.Args{"max": MaxInvited})
	}
	if !d.Role.Valid() {
		wrong = wrong.With("role", "user.bad_role")
	}
	if d.Days == 0 {
		d.Days = InvitationDays
	}
	if d.Days < 1 || d.Days > MaxInvitationDays {
		wrong = wrong.With("days", "invitation.bad_days", fault.Args{"max": MaxInvitationDays})
	}
	var err error
	if d.Position, err = user.Position(d.Position); err != nil {
		return err
	}
	if d.Lang == "" {
		p, err := s.Store.Portal(t)
		if err != nil {
			return err
		}
		d.Lang = p.Lang
	}
	if user.Lang(d.Lang) != nil {
		wrong = wrong.With("language", "user.bad_language")
	}
	if d.DepartmentID != 0 {
		if ok, err := s.Store.HasDepartment(t, d.DepartmentID); err != nil {
			return err
		} else if !ok {
			wrong = wrong.With("department", "department.unknown")
		}
	}
	if err := s.Roles.Own(t, d.Roles); err != nil {
		return err
	}
	return wrong.OrNil()
}

// Invite invites people by their addresses. Who was invited before gets a new link, and the old one is good no more.
func (s *Service) Invite(ctx context.Context, who access.Who, d Draft) ([]Invited, error) {
	if err := mayInvite(who, d.Role, d.Roles); err != nil {
		return nil, err
	}
	secrets := make([]string, min(len(d.Emails), MaxInvited))
	for i := range secrets {
		secrets[i] = session.NewSecret()
	}
	var list []Invited
	err := s.Tx.Do(ctx, func(t tx.Tx) error {
		list = nil
		if err := s.Store.LockOrg(t); err != nil {
			return err
		}
		d := d
		if err := d.clean(t, s); err != nil {
			return err
		}
		var wrong *fault.Error
		seen := map[string]bool{}
		for i, email := range d.Emails {
			shown, key, err := user.Email(email)
			if err != nil {
				wrong = wrong.With(fmt.Sprintf("emails/%d", i), "user.bad_email")
				continue
			}
			if seen[key] {
				continue
			}
			seen[key] = true
			if owner, err := s.Store.EmailOwner(t, key); err != nil {
				return err
			} else if owner != 0 {
				wrong = wrong.With(fmt.Sprintf("emails/%d", i), "user.email_taken")
				continue
			}
			one, err := s.invite(t, who, d, shown, key, secrets[i])
			if err != nil {
				return err
			}
			list = append(list, one)
		}
		return wrong.OrNil()
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

func (s *Service) invite(t tx.Tx, who access.Who, d Draft, email, key, secret string) (Invited, error) {
	i, err := s.Store.InvitationTo(t, key)
	if err != nil {
		return Invited{}, err
	}
	if i == nil {
		i = &Invitation{CreatedAt: t.Now()}
	}
	i.Email, i.EmailKey, i.Role, i.DepartmentID, i.Position, i.Lang, i.Roles = email, key, d.Role, d.DepartmentID, d.Position, d.Lang, d.Roles
	return s.send(t, who, i, d.Days, secret, "invited")
}

// send gives an invitation a new link.
func (s *Service) send(t tx.Tx, who access.Who, i *Invitation, days int, secret, what string) (Invited, error) {
	i.InvitedBy, i.SentAt, i.ExpiresAt = who.UserID, t.Now(), t.Now().Add(time.Duration(days)*24*time.Hour)
	i.Times++
	if err := s.Store.SaveInvitation(t, i, hashOf(secret)); err != nil {
		return Invited{}, err
	}
	p, err := s.Store.Portal(t)
	if err != nil {
		return Invited{}, err
	}
	out := Invited{Invitation: *i, Path: "/invite/" + secret}
	out.Letter, err = s.Letters.Post(t, Letter{
		Kind: "invitation", Source: "invitation/" + strconv.FormatInt(i.ID, 10) + "/" + strconv.FormatInt(i.Times, 10), To: i.Email, Lang: i.Lang,
		Path: out.Path, By: who.Name, Company: p.Company, Until: i.ExpiresAt,
	})
	if err != nil {
		return Invited{}, err
	}
	return out, s.note(t, 0, what, map[string]any{"invitation": i.ID, "email": i.Email, "role": i.Role})
}

// Invitations lists those who were invited and haven't come, the newest first.
func (s *Service) Invitations(ctx context.Context, who access.Who) ([]Invitation, error) {
	if err := mayInvite(who, access.Guest, nil); err != nil {
		return nil, err
	}
	return s.Store.Invitations(ctx)
}

// SendAgain gives an invitation a new link, good for so many days; the old one is good no more.
func (s *Service) SendAgain(ctx context.Context, who access.Who, id int64, days int) (out Invited, err error) {
	if days == 0 {
		days = InvitationDays
	}
	if days < 1 || days > MaxInvitationDays {
		return Invited{}, fault.In("days", "invitation.bad_days", fault.Args{"max": MaxInvitationDays})
	}
	secret := session.NewSecret()
	return out, s.change(ctx, who, id, func(t tx.Tx, i *Invitation) (err error) {
		out, err = s.send(t, who, i, days, secret, "invited_again")
		return err
	})
}

// Revoke takes an invitation back: its link is good no more.
func (s *Service) Revoke(ctx context.Context, who access.Who, id int64) error {
	return s.change(ctx, who, id, func(t tx.Tx, i *Invitation) error {
		if err := s.Store.DeleteInvitation(t, id); err != nil {
			return err
		}
		return s.note(t, 0, "invitation_revoked", map[string]any{"invitation": id, "email": i.Email})
	})
}

func (s *Service) change(ctx context.Context, who access.Who, id int64, f func(tx.Tx, *Invitation) error) error {
	if err := mayInvite(who, access.Guest, nil); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.LockOrg(t); err != nil {
			return err
		}
		i, err := s.Store.Invitation(t, id)
		if err != nil {
			return err
		}
		if i == nil {
			return fault.New(fault.NotFound, "invitation.unknown")
		}
		if err := mayInvite(who, i.Role, i.Roles); err != nil {
			return err
		}
		return f(t, i)
	})
}

func invitationOver() error { return fault.New(fault.NotFound, "invitation.over") }

// Look shows an invitation to whoever has its link.
func (s *Service) Look(ctx context.Context, secret string) (*Invitation, error) {
	if !plausible(secret) {
		return nil, invitationOver()
	}
	i, err := s.Store.InvitationByHash(ctx, hashOf(secret))
	if err == nil && (i == nil || i.ExpiresAt <= s.Clock.Now()) {
		err = invitationOver()
	}
	return i, err
}

// Coming is what an invited person says of himself.
type Coming struct{ Name, Password, Lang, Zone string }

// Accept makes an account of an invitation and signs in. The link is good once, also for two who use it at the same moment.
func (s *Service) Accept(ctx context.Context, secret string, c Coming, from session.From) (in session.Entrance, err error) {
	looked, err := s.Look(ctx, secret)
	if err != nil {
		return in, err
	}
	if c.Password == "" {
		return in, fault.In("password", "user.password_short", fault.Args{"min": user.MinPassword})
	}
	if err := user.CheckPassword(c.Password, looked.Email); err != nil {
		return in, err
	}
	hash, err := s.Users.Hasher.Hash(ctx, c.Password)
	if err != nil {
		return in, err
	}
	from.Way = session.WayInvitation
	keys := session.NewKeys()
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.LockOrg(t); err != nil {
			return err
		}
		i, err := s.Store.InvitationIn(t, hashOf(secret))
		if err != nil {
			return err
		}
		if i == nil || i.ExpiresAt <= t.Now() {
			return invitationOver()
		}
		if err := s.stillMeant(t, i); err != nil {
			return err
		}
		u, err := s.take(t, i, c, hash)
		if err != nil {
			return err
		}
		if err := s.Roles.GiveIn(t, i.InvitedBy, u.ID, i.Roles); err != nil {
			return err
		}
		if err := s.Store.DeleteInvitation(t, i.ID); err != nil {
			return err
		}
		if err := s.note(t, u.ID, "invitation_accepted", map[string]any{"invitation": i.ID, "user": u.ID, "email": u.Email, "by": i.InvitedBy}); err != nil {
			return err
		}
		in, err = s.Sessions.EnterIn(t, u.ID, from, keys)
		return err
	})
	return in, err
}

// stillMeant refuses an invitation by somebody who has left since, or to be an administrator by one who is none any more.
func (s *Service) stillMeant(t tx.Tx, i *Invitation) error {
	if i.InvitedBy == 0 { // the program itself
		return nil
	}
	by, err := s.Users.Store.User(t, i.InvitedBy)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err != nil || !by.Active || (i.Role == access.Admin || len(i.Roles) > 0) && by.Role != access.Admin {
		return invitationOver()
	}
	return nil
}

// take makes the person. A department that is gone since is left out.
func (s *Service) take(t tx.Tx, i *Invitation, c Coming, hash string) (*user.User, error) {
	d := user.Draft{Email: i.Email, Name: c.Name, Role: i.Role, DepartmentID: i.DepartmentID, Position: i.Position, Lang: c.Lang, Zone: c.Zone}
	if d.Lang == "" {
		d.Lang = i.Lang
	}
	if d.DepartmentID != 0 {
		if ok, err := s.Store.HasDepartment(t, d.DepartmentID); err != nil {
			return nil, err
		} else if !ok {
			d.DepartmentID = 0
		}
	}
	u, err := s.Users.AddIn(t, d, hash)
	var e *fault.Error
	if errors.As(err, &e) && len(e.Fields) == 1 && e.Fields[0].Key == "user.email_taken" {
		return nil, invitationOver()
	}
	return u, err
}
