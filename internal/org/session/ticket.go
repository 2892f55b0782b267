package session

import (
	"context"
	"errors"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
)

// TicketLives is how long there is for the second step; ticketTries how often a ticket may be shown with a wrong code.
const (
	TicketLives = 5 * time.Minute
	ticketTries = 5
)

// Ticket says that somebody has taken the first step of signing in. It is good once.
type Ticket struct {
	UserID    int64
	ExpiresAt clock.Instant
	Way       string // of the first step
	Tries     int64  // wrong codes so far
}

// Tickets keeps tickets under the hash of their secret.
type Tickets interface {
	InsertTicket(t tx.Tx, x Ticket, hash string) error
	TicketByHash(ctx context.Context, hash string) (Ticket, bool, error)
	// Ticket reads it again; whoever changes tickets of a person holds his credentials.
	Ticket(t tx.Tx, hash string) (Ticket, bool, error)
	CountTry(t tx.Tx, hash string) error
	DeleteTicket(t tx.Tx, hash string) error
	// DeleteTickets removes those of a person.
	DeleteTickets(t tx.Tx, userID int64) error
}

func ticketOver() error { return fault.New(fault.Unauthenticated, "session.ticket_over") }

// errWrongCode stays inside: the try has to be counted.
var errWrongCode = errors.New("wrong code")

// Second takes the second step: a code of the app, or one of the recovery codes.
func (s *Service) Second(ctx context.Context, ticket, code string, from From) (Entrance, error) {
	if ticket == "" || len(ticket) > maxSecret {
		return Entrance{}, ticketOver()
	}
	hash := hashOf(ticket)
	x, ok, err := s.store.TicketByHash(ctx, hash)
	if err != nil {
		return Entrance{}, err
	}
	if !ok || x.ExpiresAt <= s.clock.Now() {
		return Entrance{}, ticketOver()
	}
	known, err := s.store.CredentialsByID(ctx, x.UserID)
	if err != nil {
		return Entrance{}, err
	}
	device, err := s.deviceOf(ctx, known.EmailKey, from.Device)
	if err != nil {
		return Entrance{}, err
	}
	pass, err := s.guard.EnterSecond(x.UserID, from.IP, device)
	if err != nil {
		s.blocked(ctx, known.EmailKey, from, err)
		return Entrance{}, err
	}
	in, keys, right := Entrance{}, NewKeys(), false
	err = s.tx.Do(ctx, func(t tx.Tx) error {
		in, err = s.second(t, hash, x.UserID, code, from, keys)
		right = err == nil
		if errors.Is(err, errWrongCode) {
			return nil // what was counted must stay
		}
		return err
	})
	if err != nil {
		pass.Forget()
		return Entrance{}, err
	}
	if !right {
		s.refuse(ctx, known.EmailKey, x.UserID, "second", from)
		return Entrance{}, fault.In("code", "session.wrong_code")
	}
	pass.Succeed()
	s.guard.forgive(known.EmailKey, from.IP, device)
	return in, nil
}

func (s *Service) second(t tx.Tx, hash string, userID int64, code string, from From, keys Keys) (Entrance, error) {
	known, err := s.store.LockCredentials(t, userID)
	if err != nil {
		return Entrance{}, err
	}
	x, ok, err := s.store.Ticket(t, hash)
	if err != nil {
		return Entrance{}, err
	}
	if !ok || !known.Active || x.UserID != userID || x.ExpiresAt <= t.Now() {
		return Entrance{}, ticketOver()
	}
	shown, err := s.shown(t, userID, code)
	if err != nil {
		return Entrance{}, err
	}
	if shown == "" {
		if x.Tries+1 >= ticketTries {
			err = s.store.DeleteTicket(t, hash)
		} else {
			err = s.store.CountTry(t, hash)
		}
		if err == nil {
			err = errWrongCode
		}
		return Entrance{}, err
	}
	if err := s.store.DeleteTicket(t, hash); err != nil {
		return Entrance{}, err
	}
	from.Way, from.Second = x.Way, shown
	opened, err := s.open(t, userID, from, keys.session)
	return Entrance{UserID: userID, Secret: keys.session, Session: opened}, err
}
