package oidc

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/accessjournal"
	"voronka/internal/org/session"
	"voronka/internal/org/user"
)

// Start begins a way to the provider: the address the browser is sent to, and what it must bring back, sealed.
func (s *Service) Start(ctx context.Context, back, redirect string) (address, sealed string, err error) {
	set, err := s.Store.OIDC(ctx)
	if err != nil {
		return "", "", err
	}
	if !set.Active {
		return "", "", Off
	}
	a := newAttempt(set, back, s.Clock.Now())
	if address, err = s.Provider.Address(ctx, set, a, redirect); err != nil {
		return "", "", refusal(err)
	}
	sealed, err = a.seal(set.Key)
	return address, sealed, err
}

// Return is what a browser comes back with.
type Return struct {
	Code, State string
	Error       string // the provider's word for why there is no code
	Sealed      string
	Redirect    string // the address it came back to
}

// Entered is who came in.
type Entered struct {
	Session session.Session
	Secret  string
	Back    string
}

// Finish ends the way of a browser: with a session, or with the Refusal why not. Refused people are noted in the access
// journal once it is sure that the browser was at the provider; who merely calls the address leaves nothing.
func (s *Service) Finish(ctx context.Context, r Return, from session.From) (Entered, error) {
	set, err := s.Store.OIDC(ctx)
	if err != nil {
		return Entered{}, err
	}
	if !set.Active {
		return Entered{}, Off
	}
	a, err := open(r.Sealed, set.Key, s.Clock.Now())
	if err != nil || !a.fits(r.State, set.Issuer) {
		return Entered{}, BadState
	}
	c, err := s.claims(ctx, set, a, r)
	var in Entered
	if err == nil {
		in, err = s.enter(ctx, set, c, from)
		in.Back = a.Back
	}
	if err != nil {
		s.noteFailure(ctx, c.Email, refusal(err), from)
	}
	return in, err
}

func (s *Service) claims(ctx context.Context, set Settings, a Attempt, r Return) (Claims, error) {
	if r.Error != "" || r.Code == "" {
		return Claims{}, Cancelled
	}
	c, err := s.Provider.Claims(ctx, set, a, r.Code, r.Redirect)
	if err == nil && c.Subject == "" {
		err = BadAnswer
	}
	return c, err
}

// refusal is the word for an error; what the provider didn't say is that it can't be reached.
func refusal(err error) Refusal {
	var r Refusal
	if errors.As(err, &r) {
		return r
	}
	return Unreachable
}

// noteFailure writes a refused person into the access journal. That it fails lets nobody in.
func (s *Service) noteFailure(ctx context.Context, email string, why Refusal, from session.From) {
	_ = s.Tx.Do(context.WithoutCancel(ctx), func(t tx.Tx) error {
		data := map[string]any{"email": email, "reason": "oidc", "detail": string(why)}
		return s.Store.Note(t, accessjournal.Entry{Kind: accessjournal.LoginFailed, IP: from.IP, Agent: from.Agent, Data: accessjournal.Data(data)})
	})
}

// enter signs in whom the claims are about. The provider has asked for whatever it demands, a second factor too; ours isn't
// asked for on top.
func (s *Service) enter(ctx context.Context, set Settings, c Claims, from session.From) (in Entered, err error) {
	from.Way = session.WayOIDC
	in.Secret = session.NewSecret()
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		// Whoever is made, linked or shown out at the same moment waits.
		if err := s.Store.LockOrg(t); err != nil {
			return err
		}
		userID, err := s.whose(t, set, c)
		if err != nil {
			return err
		}
		u, err := s.Store.User(t, userID)
		if err != nil {
			return err
		}
		if !u.Active || u.Service {
			return Left
		}
		in.Session, err = s.Sessions.Open(t, userID, from, in.Secret)
		return err
	})
	return in, err
}

// whose is the person of a subject. One the provider has named before is known by the subject, whatever his address is now;
// a new one by an address the provider vouches for.
func (s *Service) whose(t tx.Tx, set Settings, c Claims) (int64, error) {
	owner, err := s.Store.IdentityOwner(t, set.Issuer, c.Subject)
	if err != nil || owner != 0 {
		return owner, err
	}
	if c.Email == "" {
		return 0, NoEmail
	}
	_, key, err := user.Email(c.Email)
	if err != nil {
		return 0, NoEmail
	}
	if !c.EmailVerified {
		return 0, EmailUnverified
	}
	if owner, err = s.Store.EmailOwner(t, key); err != nil {
		return 0, err
	}
	what := "oidc_linked"
	if owner == 0 {
		if owner, err = s.make(t, set, c, key); err != nil {
			return 0, err
		}
		what = "oidc_made"
	} else if taken, err := s.Store.HasIdentity(t, set.Issuer, owner); err != nil {
		return 0, err
	} else if taken { // the address has gone to somebody else over there
		return 0, OtherIdentity
	}
	if err := s.Store.InsertIdentity(t, Identity{Issuer: set.Issuer, Subject: c.Subject, UserID: owner, Email: c.Email}); err != nil {
		return 0, err
	}
	return owner, s.Store.Note(t, accessjournal.Entry{
		UserID: owner, Kind: accessjournal.Account, Data: accessjournal.Data(map[string]any{"what": what, "user": owner, "email": c.Email}),
	})
}

func (s *Service) make(t tx.Tx, set Settings, c Claims, key string) (int64, error) {
	if !set.allows(key) {
		return 0, Unknown
	}
	name, _, _ := strings.Cut(c.Email, "@")
	u, err := s.People.AddIn(t, user.Draft{Email: c.Email, Name: cmp.Or(strings.TrimSpace(c.Name), name), Role: set.Role, Lang: c.Lang}, "")
	if fault.Is(err, fault.Invalid) { // a name or address no person here could have
		return 0, errors.Join(BadAnswer, err)
	}
	if err != nil {
		return 0, err
	}
	return u.ID, nil
}

// Forget makes a person unknown to the provider: the next time his address decides anew who he is.
func (s *Service) Forget(ctx context.Context, userID int64) error {
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		n, err := s.Store.DropIdentities(t, userID)
		if err != nil || n == 0 {
			return err
		}
		return s.Store.Note(t, accessjournal.Entry{Kind: accessjournal.Account, Data: accessjournal.Data(map[string]any{"what": "oidc_forgotten", "user": userID})})
	})
}
