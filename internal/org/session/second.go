package session

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// Factor is the second factor of a person. Its secret can't be hashed, for codes are made of it; it lies in the database as it
// is, and so in backups.
type Factor struct {
	Key  []byte
	OnAt clock.Instant // 0: a first code is waited for
	Step int64         // of the last code used
}

// Factors keeps second factors and the hashes of recovery codes. Whoever writes holds the person's credentials.
type Factors interface {
	Factor(t tx.Tx, userID int64) (Factor, error)
	SaveFactor(t tx.Tx, userID int64, f Factor) error
	// DeleteFactor removes the factor with its recovery codes, and tells whether there was one.
	DeleteFactor(t tx.Tx, userID int64) (bool, error)
	SaveRecoveryCodes(t tx.Tx, userID int64, hashes []string) error
	// SpendRecoveryCode tells whether the code was there unused.
	SpendRecoveryCode(t tx.Tx, userID int64, hash string) (bool, error)
	FactorState(ctx context.Context, userID int64) (FactorState, error)
	// CredentialsByID are those of a person; the zero Credentials when there is none.
	CredentialsByID(ctx context.Context, userID int64) (Credentials, error)
}

// FactorState is what a person sees of his second factor.
type FactorState struct {
	OnAt      clock.Instant // 0: off
	CodesLeft int64
	Password  bool // there is one to prove oneself by
}

// RecoveryCodes is how many are given out.
const RecoveryCodes = 10

// Setup is what an authenticator app needs.
type Setup struct {
	Secret  string // to be typed
	Address string // to be scanned
}

// Proof that it is the person himself, not somebody at his open browser: his password, or a code for who has none.
type Proof struct{ Password, Code string }

// FactorOf is the state of one's own second factor.
func (s *Service) FactorOf(ctx context.Context, userID int64) (FactorState, error) {
	return s.store.FactorState(ctx, userID)
}

// BeginFactor makes a new secret. It is good once Confirm has seen a code of it.
func (s *Service) BeginFactor(ctx context.Context, userID int64) (Setup, error) {
	people, err := s.people.Last(ctx)
	if err != nil {
		return Setup{}, err
	}
	u := people.User(userID)
	if u == nil || u.Service {
		return Setup{}, fault.New(fault.NotFound, "user.unknown")
	}
	key := newTOTP()
	err = s.tx.Do(ctx, func(t tx.Tx) error {
		if _, err := s.store.LockCredentials(t, userID); err != nil {
			return err
		}
		f, err := s.store.Factor(t, userID)
		if err != nil {
			return err
		}
		if f.OnAt != 0 {
			return fault.New(fault.Conflict, "second.on_already")
		}
		return s.store.SaveFactor(t, userID, Factor{Key: key})
	})
	return Setup{Secret: b32.EncodeToString(key), Address: totpAddress(key, people.Portal.Company, u.Email)}, err
}

// ConfirmFactor turns the second factor on with a first code of it, and gives the recovery codes.
func (s *Service) ConfirmFactor(ctx context.Context, userID int64, code string) ([]string, error) {
	codes := newRecoveryCodes()
	err := s.tx.Do(ctx, func(t tx.Tx) error {
		if err := s.store.LockOrg(t); err != nil {
			return err
		}
		if _, err := s.store.LockCredentials(t, userID); err != nil {
			return err
		}
		f, err := s.store.Factor(t, userID)
		if err != nil {
			return err
		}
		if f.OnAt != 0 || f.Key == nil {
			return fault.New(fault.Conflict, "second.not_begun")
		}
		step, ok := totpMatch(f.Key, digits(code), t.Now(), f.Step)
		if !ok {
			return fault.In("code", "session.wrong_code")
		}
		f.OnAt, f.Step = t.Now(), step
		if err := s.store.SaveFactor(t, userID, f); err != nil {
			return err
		}
		if err := s.store.SaveRecoveryCodes(t, userID, hashesOf(userID, codes)); err != nil {
			return err
		}
		return s.noteAccount(t, "second_factor_on", userID, nil)
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// RenewCodes makes new recovery codes; the old ones are good no more.
func (s *Service) RenewCodes(ctx context.Context, userID int64, p Proof, from From) ([]string, error) {
	codes := newRecoveryCodes()
	err := s.proved(ctx, userID, p, from, func(t tx.Tx) error {
		f, err := s.store.Factor(t, userID)
		if err != nil {
			return err
		}
		if f.OnAt == 0 {
			return fault.New(fault.Conflict, "second.off")
		}
		if err := s.store.SaveRecoveryCodes(t, userID, hashesOf(userID, codes)); err != nil {
			return err
		}
		return s.noteAccount(t, "recovery_codes_made", userID, nil)
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// TurnFactorOff takes one's own second factor away.
func (s *Service) TurnFactorOff(ctx context.Context, userID int64, p Proof, from From) error {
	return s.proved(ctx, userID, p, from, func(t tx.Tx) error { return s.dropFactor(t, userID, "second_factor_off") })
}

// ResetFactor takes somebody's second factor away who has lost it; his sessions end.
func (s *Service) ResetFactor(ctx context.Context, who access.Who, userID int64) error {
	if !who.IsAdmin() {
		return fault.New(fault.Forbidden, "org.admin_only")
	}
	return s.tx.Do(ctx, func(t tx.Tx) error {
		if err := s.store.LockOrg(t); err != nil {
			return err
		}
		if _, err := s.store.LockCredentials(t, userID); err != nil {
			return err
		}
		if err := s.dropFactor(t, userID, "second_factor_reset"); err != nil {
			return err
		}
		return s.EndSessions(t, userID, 0)
	})
}

func (s *Service) dropFactor(t tx.Tx, userID int64, what string) error {
	had, err := s.store.DeleteFactor(t, userID)
	if err != nil {
		return err
	}
	if !had {
		return fault.New(fault.Conflict, "second.off")
	}
	if err := s.store.DeleteTickets(t, userID); err != nil {
		return err
	}
	return s.noteAccount(t, what, userID, nil)
}

// proved does what only the person himself may. Guesses count like those at the door.
func (s *Service) proved(ctx context.Context, userID int64, p Proof, from From, f func(tx.Tx) error) error {
	known, err := s.store.CredentialsByID(ctx, userID)
	if err != nil {
		return err
	}
	pass, err := s.guard.EnterSecond(userID, from.IP, "")
	if err != nil {
		return err
	}
	if known.Hash != "" {
		ok, _, err := s.hasher.Verify(ctx, known.Hash, p.Password)
		if err != nil {
			pass.Forget()
			return err
		}
		if !ok {
			return fault.In("password", "second.wrong_password")
		}
	}
	err = s.tx.Do(ctx, func(t tx.Tx) error {
		if err := s.store.LockOrg(t); err != nil {
			return err
		}
		now, err := s.store.LockCredentials(t, userID)
		if err != nil {
			return err
		}
		if now != known || !now.Active {
			return unknown()
		}
		if known.Hash == "" {
			if shown, err := s.shown(t, userID, p.Code); err != nil {
				return err
			} else if shown == "" {
				return fault.In("code", "session.wrong_code")
			}
		}
		return f(t)
	})
	if err == nil {
		pass.Succeed()
	}
	return err
}

// shown tells which second factor a code shows, and uses it up: totp, code, or "" for none.
func (s *Service) shown(t tx.Tx, userID int64, code string) (string, error) {
	f, err := s.store.Factor(t, userID)
	if err != nil || f.OnAt == 0 {
		return "", err
	}
	if plain := digits(code); len(plain) == totpDigits && len(recovery(code)) == totpDigits {
		step, ok := totpMatch(f.Key, plain, t.Now(), f.Step)
		if !ok {
			return "", nil
		}
		f.Step = step
		return "totp", s.store.SaveFactor(t, userID, f)
	}
	ok, err := s.store.SpendRecoveryCode(t, userID, recoveryHash(userID, code))
	if !ok {
		return "", err
	}
	return "code", err
}

// digits are those of a text: people type 123 456.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, short(s, 40))
}

// codeLetters has no signs that can be mistaken for each other; its length divides 256.
const codeLetters = "23456789abcdefghjkmnpqrstuvwxyz="

// newRecoveryCodes makes codes of 16 letters in groups: 79 random bits, too many to try even with the hashes in hand.
func newRecoveryCodes() []string {
	codes := make([]string, RecoveryCodes)
	for i := range codes {
		var b strings.Builder
		for n := 0; n < 16; {
			var one [1]byte
			_, _ = rand.Read(one[:]) // never fails since Go 1.24
			letter := codeLetters[one[0]%32]
			if letter == '=' {
				continue
			}
			if n > 0 && n%4 == 0 {
				b.WriteByte('-')
			}
			b.WriteByte(letter)
			n++
		}
		codes[i] = b.String()
	}
	return codes
}

// recovery is a recovery code as it is compared, however it was typed.
func recovery(code string) string {
	return strings.Map(func(r rune) rune {
		if !strings.ContainsRune(codeLetters[:31], r) && (r < '0' || r > '9') {
			return -1
		}
		return r
	}, strings.ToLower(short(code, 80)))
}

func recoveryHash(userID int64, code string) string {
	return hashOf("recovery " + strconv.FormatInt(userID, 10) + " " + recovery(code))
}

func hashesOf(userID int64, codes []string) []string {
	hashes := make([]string, len(codes))
	for i, c := range codes {
		hashes[i] = recoveryHash(userID, c)
	}
	return hashes
}
