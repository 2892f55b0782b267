package mail

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
)

// States of a letter.
const (
	Waiting = "waiting"
	Sent    = "sent"
	Failed  = "failed"
	Dropped = "dropped"
)

// SendJob is the kind of the jobs that send letters; SweepJob removes old ones once a day.
const (
	SendJob  = "mail.send"
	SweepJob = "mail.sweep"
)

// Limits of the queue.
const (
	giveUp    = 3 * 24 * time.Hour // how long a server may be away
	alarmFrom = 3                  // attempts after which the administrators hear of it
	keep      = 90 * 24 * time.Hour
	attempts  = 1000 // never reached: giveUp comes first
)

// EventTrouble says that letters can't be sent; its data is {"reason": kind of the problem, "detail": what the server said}.
const EventTrouble = "mail.trouble"

// Letter is one letter to one person.
type Letter struct {
	ID        int64
	Source    string // what it is about; the same is written once
	MessageID string // without angle brackets
	To        string
	ToName    string
	Lang      string
	Subject   string
	Body      string // plain text
	State     string
	Attempts  int
	Error     string
	CreatedAt clock.Instant
	Until     clock.Instant // not worth sending later; 0 always
	SentAt    clock.Instant
	Secret    bool // there is a secret in its body, which goes when the letter is no longer waiting
}

// Store keeps settings, letters and templates.
type Store interface {
	MailSettings(ctx context.Context) (Settings, error)
	MailSettingsIn(t tx.Tx) (Settings, error)
	SaveMailSettings(t tx.Tx, s Settings) error

	// InsertLetter writes a letter; fresh is false when there is one about the same already.
	InsertLetter(t tx.Tx, l *Letter) (fresh bool, err error)
	// Letter is one; nil when there is none.
	Letter(ctx context.Context, id int64) (*Letter, error)
	// Mark writes down how an attempt went; it changes only waiting letters.
	Mark(t tx.Tx, id int64, state, problem string) error
	// LettersTo counts those to the mailbox of an address whose source begins with prefix, since a moment. Case and "+tag"
	// make no other mailbox.
	LettersTo(t tx.Tx, address, prefix string, since clock.Instant) (int64, error)
	// Queue counts waiting letters and those that failed since a moment, with the last problem.
	Queue(ctx context.Context, since clock.Instant) (Queue, error)
	// SweepLetters removes letters older than a moment that don't wait, the oldest first and up to limit, and tells how many.
	SweepLetters(t tx.Tx, before clock.Instant, limit int) (int64, error)

	Template(ctx context.Context, keyID int64) (Template, error)
	TemplateIn(t tx.Tx, keyID int64) (Template, error)
	SaveTemplate(t tx.Tx, x Template) error
	// Came is what letters to clients are about: those of the requests whose key has a letter, imported ones left out.
	Came(t tx.Tx, requestIDs []int64) ([]Came, error)
}

// Queue is how the sending goes.
type Queue struct {
	Waiting int64
	Failed  int64
	Problem string // of the last one that went wrong
}

// Sender hands letters to a mail server. A letter it gave no error for was taken by the server.
type Sender interface {
	Send(ctx context.Context, s Settings, l Letter) error
}

// Problem is why a letter wasn't taken. Reason is one of connect, tls, auth, refused, recipient, settings.
type Problem struct {
	Reason    string
	Permanent bool // trying again is no use
	Err       error
}

// Error implements error.
func (p *Problem) Error() string { return p.Reason + ": " + p.Err.Error() }

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Err }

// Service are the use cases.
type Service struct {
	Tx     tx.Doer
	Store  Store
	Sender Sender
	Org    directory.Source
	Clock  clock.Clock
	// Say gives a text of the catalogues.
	Say func(lang, key string, args map[string]any) string
}

// Put writes a letter and has it sent; false when it was written before, or when no mail is sent at all.
func (s *Service) Put(t tx.Tx, l Letter) (bool, error) {
	settings, err := s.Store.MailSettingsIn(t)
	if err != nil || !settings.Active {
		return false, err
	}
	if !address(l.To) {
		return false, nil
	}
	_, domain, _ := strings.Cut(settings.From, "@")
	l.MessageID = strings.ToLower(rand.Text()) + ".voronka@" + domain
	l.Subject, l.ToName = line(l.Subject), line(l.ToName)
	l.State, l.CreatedAt = Waiting, t.Now()
	fresh, err := s.Store.InsertLetter(t, &l)
	if err != nil || !fresh {
		return false, err
	}
	return true, s.schedule(t, l.ID)
}

// line keeps a text on one line, so that it can't become a header of its own.
func line(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' }), " ")
}

func (s *Service) schedule(t tx.Tx, id int64) error {
	payload, err := json.Marshal(id)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return t.Schedule(job.Job{Kind: SendJob, Key: strconv.FormatInt(id, 10), DueAt: t.Now(), Payload: payload})
}

// Jobs are the handlers of this room.
func (s *Service) Jobs() []job.Handler {
	return []job.Handler{
		{Kind: SendJob, MaxAttempts: attempts, Do: s.send},
		{Kind: SweepJob, Run: func(t any, _ job.Job) error { return s.sweep(t.(tx.Tx)) }},
	}
}

// send tries one letter. What it returns is tried again by the runner, ever more rarely.
func (s *Service) send(ctx context.Context, j job.Job) error {
	var id int64
	if err := json.Unmarshal(j.Payload, &id); err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	l, err := s.Store.Letter(ctx, id)
	if err != nil || l == nil || l.State != Waiting {
		return err
	}
	now := s.Clock.Now()
	if l.Until != 0 && now > l.Until {
		return s.mark(ctx, id, Dropped, "")
	}
	settings, err := s.Store.MailSettings(ctx)
	if err != nil {
		return err
	}
	if !settings.Active {
		return s.mark(ctx, id, Dropped, "")
	}
	err = s.Sender.Send(ctx, settings, *l)
	if err == nil {
		// The server has it: this is written even when the program is just stopping.
		return s.mark(context.WithoutCancel(ctx), id, Sent, "")
	}
	if ctx.Err() != nil {
		return err
	}
	return s.failed(ctx, l, j.Attempt, now, err)
}

func (s *Service) failed(ctx context.Context, l *Letter, attempt int, now clock.Instant, cause error) error {
	p := problemOf(cause)
	state, again := Waiting, cause
	if p.Permanent || now.Sub(l.CreatedAt) > giveUp {
		state, again = Failed, nil
	}
	err := s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.Mark(t, l.ID, state, p.Error()); err != nil {
			return err
		}
		if state == Waiting && attempt < alarmFrom || p.Reason == "recipient" {
			return nil
		}
		data, err := json.Marshal(map[string]string{"reason": p.Reason, "detail": clip(p.Err.Error())})
		if err != nil {
			return fmt.Errorf("mail: %w", err)
		}
		return t.Emit(event.Event{Type: EventTrouble, Data: data})
	})
	return errors.Join(again, err)
}

func problemOf(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return &Problem{Reason: "connect", Err: err}
}

func clip(s string) string {
	if r := []rune(line(s)); len(r) > 300 {
		return string(r[:300])
	}
	return line(s)
}

func (s *Service) mark(ctx context.Context, id int64, state, problem string) error {
	return s.Tx.Do(ctx, func(t tx.Tx) error { return s.Store.Mark(t, id, state, problem) })
}

// Test sends a letter at once and says how it went; it leaves no trace in the queue.
func (s *Service) Test(ctx context.Context, who access.Who, to string) error {
	if err := who.Must(access.Mail); err != nil {
		return err
	}
	if !address(to) {
		return fault.In("to", "mail.bad_to")
	}
	settings, err := s.Store.MailSettings(ctx)
	if err != nil {
		return err
	}
	complete := settings
	complete.Active = true
	if err := complete.check(); err != nil {
		return err
	}
	_, domain, _ := strings.Cut(settings.From, "@")
	l := Letter{
		MessageID: strings.ToLower(rand.Text()) + ".voronka@" + domain, To: to, ToName: who.Name, Lang: who.Lang, CreatedAt: s.Clock.Now(),
		Subject: s.Say(who.Lang, "mail.test.subject", nil), Body: s.Say(who.Lang, "mail.test.body", map[string]any{"address": settings.Address}),
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := s.Sender.Send(ctx, settings, l); err != nil {
		p := problemOf(err)
		return &fault.Error{Code: fault.Unavailable, Key: "mail.problem." + p.Reason, Args: fault.Args{"detail": clip(p.Err.Error())}, Err: err}
	}
	return nil
}

// Queue is how the sending goes; failures of the last week count.
func (s *Service) Queue(ctx context.Context) (Queue, error) {
	return s.Store.Queue(ctx, s.Clock.Now().Add(-7*24*time.Hour))
}

// Start has old letters removed once a day.
func (s *Service) Start(ctx context.Context) error {
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		return t.Schedule(job.FirstSweep(SweepJob, t.Now()))
	})
}

// sweep removes old letters slice by slice and rests for a day when there are none left.
func (s *Service) sweep(t tx.Tx) error {
	n, err := s.Store.SweepLetters(t, t.Now().Add(-keep), job.SweepSlice)
	if err != nil {
		return err
	}
	return t.Schedule(job.NextSweep(SweepJob, t.Now(), n))
}
