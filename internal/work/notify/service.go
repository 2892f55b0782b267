package notify

import (
	"context"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/sales/drum"
	"voronka/internal/work/mail"
)

// Store keeps notices, choices and subscriptions. What has a transaction works inside it.
type Store interface {
	// Insert writes notices and gives them numbers; 0 stays where the person was told the same already.
	Insert(t tx.Tx, list []*Item) error
	// Item is one notice; nil when there is none.
	Item(ctx context.Context, id int64) (*Item, error)
	// List are a person's notices from the newest on, before a number (0 from the top).
	List(ctx context.Context, userID, before int64, unread bool, limit int) (list []*Item, count int64, err error)
	// Unread counts those of each person, up to 100.
	Unread(t tx.Tx, userIDs []int64) (map[int64]int64, error)
	// Read marks notices of the person as read, all when ids is nil.
	Read(t tx.Tx, userID int64, ids []int64) error
	// Settle marks those of kinds about a subject as read and gives their numbers by person.
	Settle(t tx.Tx, over []Over, kinds []string) (map[int64][]int64, error)
	// Titles are the titles of the records that are there. Nothing is locked.
	Titles(t tx.Tx, refs []ref.Ref) (map[ref.Ref]string, error)
	// Release gives the notices held back from a person, which are held no more.
	Release(t tx.Tx, userID int64) ([]*Item, error)
	// Sweep removes notices that were read before a moment, or came before another, the oldest first and up to limit, and
	// tells how many; and what pushes have left behind.
	Sweep(t tx.Tx, readBefore, anyBefore clock.Instant, limit int) (int64, error)

	// Choices are what a person chose, by kind; Chosen what each of several did, in a transaction.
	Choices(ctx context.Context, userID int64) (map[string]Ways, error)
	Chosen(t tx.Tx, userIDs []int64) (map[int64]map[string]Ways, error)
	Choose(t tx.Tx, userID int64, kind string, w Ways) error

	// Keys are the secrets of pushing; nil when there are none yet. SaveKeys keeps those that are there.
	Keys(ctx context.Context) (*Keys, error)
	SaveKeys(t tx.Tx, k Keys) error
	// Subscribe adds a device; one known by its endpoint becomes this person's.
	Subscribe(t tx.Tx, x *Subscription) error
	// Devices are a person's whose sessions live, those unused for longest first; DevicesIn in a transaction.
	Devices(ctx context.Context, userID int64) ([]Subscription, error)
	DevicesIn(t tx.Tx, userID int64) ([]Subscription, error)
	Device(ctx context.Context, id int64) (*Subscription, error)
	// Unsubscribe removes a device of a person by its number or endpoint.
	Unsubscribe(t tx.Tx, userID, id int64, endpoint string) error
	// Used notes that a push came through.
	Used(t tx.Tx, id int64) error
	// Spend notes that a word of action was used; false when it was before.
	Spend(t tx.Tx, token string) (bool, error)
}

// Offers are drum's offers.
type Offers interface {
	Offer(t tx.Tx, id int64) (*drum.Offer, error)
	OffersByID(t tx.Tx, ids []int64) ([]drum.Offer, error)
}

// Drums takes offers.
type Drums interface {
	TakeIn(t tx.Tx, who access.Who, offerID int64) (*drum.Offer, error)
}

// Hours knows when people work.
type Hours interface {
	// Working tells whether the person works at a moment, and when he works next; 0 never.
	Working(org *directory.Directory, userID int64, at clock.Instant) (works bool, next clock.Instant)
}

// Texts speaks the reader's language.
type Texts interface {
	Say(lang, key string, args map[string]any) string
	Moment(lang string, at time.Time) string
}

// Service are the use cases.
type Service struct {
	Tx      tx.Doer
	Store   Store
	Org     directory.Source
	Offers  Offers
	Drums   Drums
	Mail    *mail.Service
	Pusher  Pusher
	Hours   Hours
	Texts   Texts
	Clock   clock.Clock
	Contact func(ctx context.Context) string // of the operator, for push services: mailto: or https:
}

// Start has old notices removed once a day.
func (s *Service) Start(ctx context.Context) error {
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		return t.Schedule(job.FirstSweep(SweepJob, t.Now()))
	})
}
