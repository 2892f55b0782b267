package session

import (
	"context"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/user"
)

// Login signs a person in and gives the secret for the cookie. Whatever is wrong, the answer and its time are the same: a
// stranger learns nothing about who has an account.
func (s *Service) Login(ctx context.Context, email, password string, from From) (token string, opened Session, err error) {
	_, key, err := user.Email(email)
	if err != nil {
		key = "" // an address that is none belongs to nobody
	}
	pass, err := s.guard.Enter(key, from.IP)
	if err != nil {
		return "", Session{}, err
	}
	known, err := s.credentials(ctx, key)
	if err != nil {
		pass.Forget()
		return "", Session{}, err
	}
	ok, stale, err := s.hasher.Verify(ctx, known.Hash, password)
	if err != nil {
		pass.Forget()
		return "", Session{}, err
	}
	if !ok {
		return "", Session{}, refused()
	}
	renewed := ""
	if stale {
		if renewed, err = s.hasher.Hash(ctx, password); err != nil {
			renewed = "" // next time
		}
	}
	token = secret()
	err = s.tx.Do(ctx, func(t tx.Tx) error {
		opened, err = s.enter(t, known, renewed, from, token)
		return err
	})
	if err != nil {
		return "", Session{}, err
	}
	pass.Succeed()
	return token, opened, nil
}

func refused() error { return fault.New(fault.Unauthenticated, "session.wrong") }

// credentials of an active person, or those of nobody.
func (s *Service) credentials(ctx context.Context, key string) (Credentials, error) {
	c, err := s.store.CredentialsOf(ctx, key)
	if err != nil || !c.Active {
		return Credentials{}, err
	}
	return c, nil
}

// enter opens the session if the person is still who was compared.
func (s *Service) enter(t tx.Tx, known Credentials, renewed string, from From, token string) (Session, error) {
	now, err := s.store.LockCredentials(t, known.UserID)
	if err != nil {
		return Session{}, err
	}
	if now != known {
		return Session{}, refused()
	}
	if renewed != "" {
		if err := s.store.SavePassword(t, known.UserID, renewed); err != nil {
			return Session{}, err
		}
	}
	if err := s.store.DeleteExpired(t, known.UserID, t.Now()); err != nil {
		return Session{}, err
	}
	return s.open(t, known.UserID, from, token)
}
