package session

import (
	"context"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/user"
)

// Entrance is how far somebody has come in.
type Entrance struct {
	UserID  int64
	Secret  string  // of the session, for its cookie; "" while the second factor is wanted
	Session Session // zero while the second factor is wanted
	Ticket  string  // for Second; "" when signed in
}

// Login signs a person in and gives the secret for the cookie, or the ticket for the second step. Whatever is wrong, the
// answer and its time are the same: a stranger learns nothing about who has an account.
func (s *Service) Login(ctx context.Context, email, password string, from From) (Entrance, error) {
	_, key, err := user.Email(email)
	if err != nil {
		key = "" // an address that is none belongs to nobody
	}
	from.Way = WayPassword
	device, err := s.deviceOf(ctx, key, from.Device)
	if err != nil {
		return Entrance{}, err
	}
	pass, err := s.guard.Enter(key, from.IP, device)
	if err != nil {
		s.blocked(ctx, email, from, err)
		return Entrance{}, err
	}
	known, err := s.credentials(ctx, key)
	if err != nil {
		pass.Forget()
		return Entrance{}, err
	}
	ok, stale, err := s.hasher.Verify(ctx, known.Hash, password)
	if err != nil {
		pass.Forget()
		return Entrance{}, err
	}
	if !ok {
		s.refuse(ctx, email, known.UserID, "password", from)
		return Entrance{}, refused()
	}
	renewed := ""
	if stale {
		if renewed, err = s.hasher.Hash(ctx, password); err != nil {
			renewed = "" // next time
		}
	}
	in, keys := Entrance{}, NewKeys()
	err = s.tx.Do(ctx, func(t tx.Tx) error {
		in, err = s.login(t, known, renewed, from, keys)
		return err
	})
	if err != nil {
		return Entrance{}, err
	}
	if in.Ticket == "" { // else the second step forgives
		pass.Succeed()
	}
	return in, nil
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

// login lets the person in if he is still who was compared.
func (s *Service) login(t tx.Tx, known Credentials, renewed string, from From, keys Keys) (Entrance, error) {
	now, err := s.store.LockCredentials(t, known.UserID)
	if err != nil {
		return Entrance{}, err
	}
	if now != known {
		return Entrance{}, refused()
	}
	if renewed != "" {
		if err := s.store.SavePassword(t, known.UserID, renewed); err != nil {
			return Entrance{}, err
		}
	}
	return s.enter(t, known.UserID, from, keys)
}

// Keys are the secrets an entrance may need. They are made outside of the transaction, which may run twice.
type Keys struct{ session, ticket string }

// NewKeys makes Keys.
func NewKeys() Keys { return Keys{secret(), secret()} }

// EnterIn signs a person in who has proved otherwise than by his password that it is he: up to the second factor.
func (s *Service) EnterIn(t tx.Tx, userID int64, from From, keys Keys) (Entrance, error) {
	if _, err := s.store.LockCredentials(t, userID); err != nil {
		return Entrance{}, err
	}
	return s.enter(t, userID, from, keys)
}

// enter opens a session, or writes a ticket for who has a second factor.
func (s *Service) enter(t tx.Tx, userID int64, from From, keys Keys) (Entrance, error) {
	if err := s.store.DeleteExpired(t, userID, t.Now()); err != nil {
		return Entrance{}, err
	}
	factor, err := s.store.Factor(t, userID)
	if err != nil {
		return Entrance{}, err
	}
	if factor.OnAt != 0 {
		x := Ticket{UserID: userID, ExpiresAt: t.Now().Add(TicketLives), Way: from.Way}
		return Entrance{UserID: userID, Ticket: keys.ticket}, s.store.InsertTicket(t, x, hashOf(keys.ticket))
	}
	x, err := s.open(t, userID, from, keys.session)
	return Entrance{UserID: userID, Secret: keys.session, Session: x}, err
}
