// Package setup is the first run: the portal gets its company, its first administrator, departments and people. Until then
// whoever knows the setup code from the console may do it, and nobody else.
package setup

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/calendar"
	"voronka/internal/org/department"
	"voronka/internal/org/portal"
	"voronka/internal/org/session"
	"voronka/internal/org/user"
	"voronka/internal/org/worktime"
)

// Limits of one set-up: every person's password is hashed before the answer.
const (
	MaxDepartments = 200
	MaxPeople      = 50
)

// Plan is what the first run makes.
type Plan struct {
	Portal      portal.Portal
	WorkTime    *worktime.Schedule // nil: Monday to Friday, nine to six
	Name        string             // of the administrator
	Email       string
	Password    string
	Departments []Department
	People      []Person
	// Business is the code of the ready business to begin with; "": a blank portal.
	Business string
	// Take is how many working minutes an offer of its drums may be taken; 0: without drums.
	Take int
}

// Business equips a fresh portal for a line of business.
type Business interface {
	Known(code string) bool
	// Equip does so within the first run: when it fails nothing was made and the first run can be repeated.
	Equip(t tx.Tx, admin int64, e Equipment) error
}

// Equipment is what the answers say about a ready business.
type Equipment struct {
	Business string
	Simple   bool
	Take     int  // working minutes to take an offer, 0: no drums
	OwnHours bool // the hours were asked for: the business' own don't matter
}

// MaxTakeMinutes is the longest Plan.Take.
const MaxTakeMinutes = 30 * 24 * 60

// Department is one of the first departments. Parent and the departments of people are titles in the list.
type Department struct {
	Title  string
	Parent string
	Head   string // e-mail address of a person in the plan
}

// Person is one of the first people.
type Person struct {
	Name       string
	Email      string
	Role       access.Role
	Department string
	Position   string
}

// Done is the answer: who was made, and the passwords nobody will see again.
type Done struct {
	Portal    portal.Portal
	Admin     *user.User
	Session   session.Session
	Secret    string // for the cookie
	Passwords []Password
}

// Password is the one-time password of a person.
type Password struct {
	UserID   int64
	Name     string
	Email    string
	Password string
}

// Code is the stored setup code.
type Code struct {
	Hash     string `json:"hash"`
	Attempts int    `json:"attempts"`
}

// Store keeps the state of the first run.
type Store interface {
	LockOrg(t tx.Tx) error
	// HasAdmin tells whether there was ever an administrator.
	HasAdmin(ctx context.Context) (bool, error)
	HasAdminIn(t tx.Tx) (bool, error)
	// SetupCode is zero when there is none.
	SetupCode(t tx.Tx) (Code, error)
	SaveSetupCode(t tx.Tx, c Code) error
	DropSetupCode(t tx.Tx) error
	SavePortal(t tx.Tx, p portal.Portal) error
	SaveWorkTime(t tx.Tx, s *worktime.Schedule) error
	SaveCountry(t tx.Tx, country string) error
}

// Hook adds what belongs to a fresh portal in the same transaction: first pipelines, for example.
type Hook func(t tx.Tx, p portal.Portal) error

// Service is the first run.
type Service struct {
	Tx          tx.Doer
	Store       Store
	Users       *user.Service
	Departments *department.Service
	Sessions    *session.Service
	Hasher      *user.Hasher
	Guard       *session.Guard
	Hooks       []Hook
	Business    Business // nil: blank portals only
}

// NewGuard makes the guard of the setup code.
func NewGuard(c clock.Clock) *session.Guard { return session.NewGuard(c) }

// Needed tells whether the portal waits for its first run.
func (s *Service) Needed(ctx context.Context) (bool, error) {
	has, err := s.Store.HasAdmin(ctx)
	return !has, err
}

// alphabet has 32 signs that can't be mistaken for each other, so eight of them are 40 bits.
const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

const (
	codeLength  = 8
	maxAttempts = 1000 // in all; a thousand guesses of 2^40 find nothing
)

// Prepare makes a new setup code for the console, while one is needed. The one before is void.
func (s *Service) Prepare(ctx context.Context) (code string, needed bool, err error) {
	if needed, err = s.Needed(ctx); err != nil || !needed {
		return "", false, err
	}
	code = random(codeLength)
	err = s.Tx.Do(ctx, func(t tx.Tx) error { return s.Store.SaveSetupCode(t, Code{Hash: hashOf(code)}) })
	return code, true, err
}

func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24
	for i := range b {
		b[i] = alphabet[b[i]%byte(len(alphabet))]
	}
	return string(b)
}

// hashOf a code, however it was typed.
func hashOf(code string) string {
	code = strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "–", "").Replace(code))
	sum := sha256.Sum256([]byte("voronka setup\x00" + code))
	return hex.EncodeToString(sum[:])
}

// Run does the first run for somebody who knows the code, and signs the administrator in.
func (s *Service) Run(ctx context.Context, code string, plan Plan, from session.From) (Done, error) {
	if err := s.check(ctx, code, from); err != nil {
		return Done{}, err
	}
	return s.run(ctx, plan, &from, func(t tx.Tx) error { return s.same(t, code) })
}

// Init does the first run for whoever has the machine: the command line.
func (s *Service) Init(ctx context.Context, plan Plan) (Done, error) {
	return s.run(ctx, plan, nil, func(tx.Tx) error { return nil })
}

// Fits tells whether the code is that of the first run, so that a mistype is found before all is asked. A wrong one counts as a
// guess, as it does for Run.
func (s *Service) Fits(ctx context.Context, code string, from session.From) error {
	return s.check(ctx, code, from)
}

// check compares the code and counts failures, in a transaction of its own so that they stay counted.
func (s *Service) check(ctx context.Context, code string, from session.From) error {
	needed, err := s.Needed(ctx)
	if err != nil {
		return err
	}
	if !needed {
		return done()
	}
	pass, err := s.Guard.Enter("setup", from.IP, "")
	if err != nil {
		return err
	}
	var refused error
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		refused = s.same(t, code)
		if refused == nil {
			return nil
		}
		kept, err := s.Store.SetupCode(t)
		if err != nil || kept.Hash == "" {
			return err
		}
		kept.Attempts++
		return s.Store.SaveSetupCode(t, kept)
	})
	if err == nil && refused == nil {
		pass.Succeed()
	}
	if err != nil {
		return err
	}
	return refused
}

func (s *Service) same(t tx.Tx, code string) error {
	kept, err := s.Store.SetupCode(t)
	if err != nil {
		return err
	}
	if kept.Attempts >= maxAttempts {
		return fault.New(fault.Forbidden, "setup.code_spent")
	}
	if kept.Hash == "" || subtle.ConstantTimeCompare([]byte(kept.Hash), []byte(hashOf(code))) != 1 {
		return fault.In("code", "setup.bad_code")
	}
	return nil
}

func done() error { return fault.New(fault.Conflict, "setup.done") }

// prepared is what a plan needs and has to be made outside of the transaction.
type prepared struct {
	adminHash string
	passwords []string
	hashes    []string
	secret    string
}

func (s *Service) prepare(ctx context.Context, plan Plan) (p prepared, err error) {
	if len(plan.People) > MaxPeople || len(plan.Departments) > MaxDepartments {
		return p, fault.New(fault.TooLarge, "setup.too_many", fault.Args{"people": MaxPeople, "departments": MaxDepartments})
	}
	if err := user.CheckPassword(plan.Password, plan.Email); err != nil {
		return p, err
	}
	if p.adminHash, err = s.Hasher.Hash(ctx, plan.Password); err != nil {
		return p, err
	}
	for range plan.People {
		password := user.NewPassword()
		hash, err := s.Hasher.Hash(ctx, password)
		if err != nil {
			return p, err
		}
		p.passwords, p.hashes = append(p.passwords, password), append(p.hashes, hash)
	}
	p.secret = session.NewSecret()
	return p, nil
}

func (s *Service) run(ctx context.Context, plan Plan, from *session.From, allowed func(tx.Tx) error) (Done, error) {
	var err error
	if plan.Portal, err = plan.Portal.Clean(); err != nil {
		return Done{}, err
	}
	if plan.Business != "" && (s.Business == nil || !s.Business.Known(plan.Business)) {
		return Done{}, fault.In("business", "setup.no_such_business")
	}
	if plan.Take < 0 || plan.Take > MaxTakeMinutes {
		return Done{}, fault.In("take", "setup.bad_take")
	}
	p, err := s.prepare(ctx, plan)
	if err != nil {
		return Done{}, err
	}
	var answer Done
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.LockOrg(t); err != nil { // of two strangers the second waits here and finds the portal taken
			return err
		}
		if has, err := s.Store.HasAdminIn(t); err != nil {
			return err
		} else if has {
			return done()
		}
		if err := allowed(t); err != nil {
			return err
		}
		answer, err = s.build(t, plan, p)
		if err != nil || from == nil {
			return err
		}
		answer.Secret = p.secret
		answer.Session, err = s.Sessions.Open(t, answer.Admin.ID, *from, p.secret)
		return err
	})
	return answer, err
}

func (s *Service) build(t tx.Tx, plan Plan, p prepared) (Done, error) {
	schedule := plan.WorkTime
	if schedule == nil {
		zone, err := worktime.Zone(plan.Portal.Zone)
		if err != nil {
			return Done{}, fmt.Errorf("setup: %w", err)
		}
		schedule = worktime.Default(zone)
	}
	if err := schedule.Check(); err != nil {
		return Done{}, fault.In("worktime", "portal.bad_worktime")
	}
	for _, step := range []func() error{
		func() error { return s.Store.SavePortal(t, plan.Portal) },
		func() error { return s.Store.SaveWorkTime(t, schedule) },
		func() error { return s.Store.SaveCountry(t, country(plan.Portal.Region, schedule)) },
		func() error { return s.Store.DropSetupCode(t) },
	} {
		if err := step(); err != nil {
			return Done{}, err
		}
	}
	admin, err := s.Users.AddIn(t, user.Draft{Name: plan.Name, Email: plan.Email, Role: access.Admin, Lang: plan.Portal.Lang, Zone: plan.Portal.Zone}, p.adminHash)
	if err != nil {
		return Done{}, err
	}
	answer := Done{Portal: plan.Portal, Admin: admin}
	if answer.Passwords, err = s.people(t, plan, p, admin); err != nil {
		return Done{}, err
	}
	for _, hook := range s.Hooks {
		if err := hook(t, plan.Portal); err != nil {
			return Done{}, err
		}
	}
	return answer, s.equip(t, plan, admin.ID)
}

// equip sets the portal up for the business that was picked.
func (s *Service) equip(t tx.Tx, plan Plan, admin int64) error {
	if plan.Business == "" {
		return nil
	}
	if err := s.Store.LockOrg(t); err != nil { // who looks from here on sees the people that were made
		return err
	}
	return s.Business.Equip(t, admin, Equipment{Business: plan.Business, Simple: plan.Portal.Simple, Take: plan.Take, OwnHours: plan.WorkTime != nil})
}

// country is whose calendar a new portal goes by: that of its region, but none for who works at weekends anyway.
func country(region string, s *worktime.Schedule) string {
	if !calendar.Known(region) || len(s.Week[time.Saturday]) > 0 && len(s.Week[time.Sunday]) > 0 {
		return worktime.None
	}
	return region
}
