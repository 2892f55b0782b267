package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/accessjournal"
	"voronka/internal/org/session"
	"voronka/internal/org/user"
)

// ForgotJob is the kind of the jobs that look whether an address is somebody's and write the letter. It is a job so that whoever
// asks can't tell by the time the answer takes.
const ForgotJob = "account.forgot"

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// plausible tells whether a text may be one of our secrets.
func plausible(secret string) bool { return len(secret) >= 40 && len(secret) <= 128 }

// forgot is the payload of a ForgotJob.
type forgot struct {
	Email string `json:"email"`
	IP    string `json:"ip"`
	Agent string `json:"agent"`
}

// Forgot has a link to a new password sent, if the address is somebody's. What it answers is the same for every address.
func (s *Service) Forgot(ctx context.Context, email string, from session.From) error {
	_, key, err := user.Email(email)
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	if seconds := s.asked.ask("ip "+session.Network(from.IP), perNetwork, now); seconds > 0 {
		return &fault.Error{Code: fault.TooMany, Key: "session.too_many", Args: fault.Args{"seconds": seconds}, RetryAfter: seconds}
	}
	if s.asked.ask("to "+key, perAddress, now) > 0 {
		return nil // whose mailbox it is has had enough; that he exists is nobody's business
	}
	payload, err := json.Marshal(forgot{key, from.IP, from.Agent})
	if err != nil {
		return fmt.Errorf("account: %w", err)
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		return t.Schedule(job.Job{Kind: ForgotJob, Key: hashOf(key), DueAt: t.Now(), Payload: payload})
	})
}

// Jobs are the handlers of this room.
func (s *Service) Jobs() []job.Handler {
	return []job.Handler{{Kind: ForgotJob, Run: func(t any, j job.Job) error {
		var f forgot
		if err := json.Unmarshal(j.Payload, &f); err != nil {
			return fmt.Errorf("account: %w", err)
		}
		return s.remember(t.(tx.Tx), f)
	}}}
}

// remember writes the letter for who forgot his password.
func (s *Service) remember(t tx.Tx, f forgot) error {
	id, err := s.Store.EmailOwner(t, f.Email)
	if err != nil || id == 0 {
		return err
	}
	u, err := s.Store.User(t, id)
	if err != nil || !u.Active || u.Service {
		return err
	}
	p, err := s.Store.Portal(t)
	if err != nil {
		return err
	}
	secret := session.NewSecret()
	l := Link{UserID: id, CreatedAt: t.Now(), ExpiresAt: t.Now().Add(LinkLives)}
	if err := s.Store.SaveLink(t, l, hashOf(secret)); err != nil {
		return err
	}
	sent, err := s.Letters.Post(t, Letter{
		Kind: "recovery", Source: "recovery/" + strconv.FormatInt(id, 10) + "/" + strconv.FormatInt(int64(t.Now()), 10), To: u.Email, Name: u.Name,
		Lang: u.Lang, Path: "/recover/" + secret, Company: p.Company, Until: l.ExpiresAt,
	})
	if err != nil {
		return err
	}
	return s.Store.Note(t, accessjournal.Entry{
		UserID: id, Kind: accessjournal.Account, IP: f.IP, Agent: f.Agent,
		Data: accessjournal.Data(map[string]any{"what": "recovery_asked", "user": id, "letter": sent}),
	})
}

func linkOver() error { return fault.New(fault.NotFound, "recovery.over") }

// LookLink shows whom a link to a new password belongs to.
func (s *Service) LookLink(ctx context.Context, secret string) (Link, error) {
	if !plausible(secret) {
		return Link{}, linkOver()
	}
	l, ok, err := s.Store.LinkByHash(ctx, hashOf(secret))
	if err == nil && (!ok || l.ExpiresAt <= s.Clock.Now()) {
		err = linkOver()
	}
	return l, err
}

// Recover sets a new password by a link and signs in, up to the second factor. All sessions end. The link is good once, also
// for two who use it at the same moment.
func (s *Service) Recover(ctx context.Context, secret, password string, from session.From) (in session.Entrance, err error) {
	looked, err := s.LookLink(ctx, secret)
	if err != nil {
		return in, err
	}
	var email string
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		u, err := s.Store.User(t, looked.UserID)
		if err == nil {
			email = u.Email
		}
		return err
	})
	if err != nil {
		return in, err
	}
	if err := user.CheckPassword(password, email); err != nil {
		return in, err
	}
	hash, err := s.Users.Hasher.Hash(ctx, password)
	if err != nil {
		return in, err
	}
	from.Way = session.WayRecovery
	keys := session.NewKeys()
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.LockOrg(t); err != nil {
			return err
		}
		in, err = s.recover(t, hashOf(secret), hash, from, keys)
		return err
	})
	return in, err
}

func (s *Service) recover(t tx.Tx, link, hash string, from session.From, keys session.Keys) (in session.Entrance, err error) {
	l, ok, err := s.Store.LinkIn(t, link)
	if err != nil {
		return in, err
	}
	if !ok || l.ExpiresAt <= t.Now() {
		return in, linkOver()
	}
	u, err := s.Store.User(t, l.UserID)
	if err != nil {
		return in, err
	}
	if !u.Active {
		return in, linkOver()
	}
	u.Prefs.ChangePassword = false
	if err := s.Store.SaveUser(t, u); err != nil {
		return in, err
	}
	if err := s.Store.SavePassword(t, u.ID, hash); err != nil {
		return in, err
	}
	if err := s.Sessions.EndSessions(t, u.ID, 0); err != nil {
		return in, err
	}
	if err := s.note(t, u.ID, "password_recovered", map[string]any{"user": u.ID}); err != nil {
		return in, err
	}
	return s.Sessions.EnterIn(t, u.ID, from, keys)
}
