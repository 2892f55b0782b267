package app

import (
	"context"
	"errors"
	"strings"
	"time"

	"voronka/internal/adapter/httpapi"
	workapi "voronka/internal/adapter/httpapi/work"
	"voronka/internal/adapter/smtp"
	workstore "voronka/internal/adapter/sqlstore/work"
	"voronka/internal/adapter/webpush"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/job"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/texts"
	"voronka/internal/work/mail"
	"voronka/internal/work/notify"
)

// WorkRooms are the use cases of house work.
type WorkRooms struct {
	WorkDB *workstore.Store
	Mail   *mail.Service
	Notify *notify.Service

	sender mail.Sender   // nil: SMTP
	pusher notify.Pusher // nil: the push services of the world
}

// WithSender puts in another way to send letters; for tests.
func WithSender(s mail.Sender) Option { return func(a *App) { a.sender = s } }

// WithPusher puts in another way to push; for tests.
func WithPusher(p notify.Pusher) Option { return func(a *App) { a.pusher = p } }

func (a *App) wireWork() {
	if a.sender == nil {
		a.sender = smtp.Sender{}
	}
	if a.pusher == nil {
		a.pusher = webpush.New(a.Config.PushLoopback, nil)
	}
	a.WorkDB = workstore.New(a.DB, a.Schema)
	a.Mail = &mail.Service{Tx: a.Tx, Store: a.WorkDB, Sender: a.sender, Org: a.Org, Clock: a.clock, Say: say}
	a.Notify = &notify.Service{
		Tx: a.Tx, Store: a.WorkDB, Org: a.Org, Offers: a.SalesDB, Drums: a.Drums, Mail: a.Mail, Pusher: a.pusher, Hours: working{},
		Texts: speech{}, Clock: a.clock, Contact: a.contact,
	}
}

func (a *App) workJobs() []job.Handler { return append(a.Mail.Jobs(), a.Notify.Jobs()...) }

func (a *App) startWork(ctx context.Context) error {
	return errors.Join(a.Mail.Start(ctx), a.Notify.Start(ctx))
}

func (a *App) addWork(r *httpapi.Router) {
	workapi.Routes(r, workapi.Deps{Tx: a.Tx, Notify: a.Notify, Mail: a.Mail, Clock: a.clock, Say: say})
}

// ownAddress is how the portal is reached from outside, as far as somebody has said.
func (a *App) ownAddress(ctx context.Context) string {
	address := a.Config.BaseURL
	if address == "" {
		if s, err := a.Mail.Settings(ctx); err == nil {
			address = s.Address
		}
	}
	return strings.TrimSuffix(address, "/")
}

// contact is whom a push service may ask about us: the portal, else where its letters come from, else an administrator.
func (a *App) contact(ctx context.Context) string {
	if strings.HasPrefix(a.Config.BaseURL, "https://") {
		return a.Config.BaseURL
	}
	if s, err := a.Mail.Settings(ctx); err == nil {
		if strings.HasPrefix(s.Address, "https://") {
			return s.Address
		}
		if s.From != "" {
			return "mailto:" + s.From
		}
	}
	if org, err := a.Org.Last(ctx); err == nil {
		for _, u := range org.Users() {
			if u.Active && u.Role == access.Admin {
				return "mailto:" + u.Email
			}
		}
	}
	return "https://voronka.invalid"
}

func say(lang, key string, args map[string]any) string { return texts.For(lang).Say(key, args) }

// speech are the catalogues as rooms ask them.
type speech struct{}

var _ notify.Texts = speech{}

// Say implements notify.Texts.
func (speech) Say(lang, key string, args map[string]any) string { return say(lang, key, args) }

// Moment implements notify.Texts.
func (speech) Moment(lang string, at time.Time) string { return texts.Moment(lang, at) }

// working knows when people work by their schedules.
type working struct{}

var _ notify.Hours = working{}

// Working implements notify.Hours. Who never works by his schedule is never held back: he would never hear of anything.
func (working) Working(org *directory.Directory, userID int64, at clock.Instant) (bool, clock.Instant) {
	s := org.ScheduleOf(userID)
	if s == nil || s.Works(at) {
		return true, 0
	}
	next, ok := s.Next(at)
	return !ok, next
}
