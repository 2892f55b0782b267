package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// PushJob is the kind of the jobs that push one notice to one device.
const PushJob = "notify.push"

// Limits of pushing.
const (
	pushAttempts = 6
	pushAlive    = 24 * time.Hour // how long a push service keeps what has no end of its own
	maxDevices   = 20             // of one person; the one unused for longest goes
	maxPushText  = 300            // characters of a title or a sentence
)

// Subscription is a browser that may be pushed to.
type Subscription struct {
	ID        int64
	UserID    int64
	SessionID int64 // pushes end with it; 0: with the subscription
	Endpoint  string
	P256dh    string // the browser's key, base64url
	Auth      string
	Agent     string
	CreatedAt clock.Instant
	UsedAt    clock.Instant
}

// Keys are the secrets of pushing. The public one is given to browsers; Sign signs words of action.
type Keys struct {
	Public  string `json:"public"`
	Private string `json:"private"`
	Sign    string `json:"sign"`
}

// Message is what is pushed.
type Message struct {
	Payload []byte
	Topic   string // a later one with the same topic takes its place while the device is away
	TTL     time.Duration
	Urgent  bool
	Contact string
}

// What a push service may say.
var (
	// ErrGone: the browser doesn't want to hear of us any more.
	ErrGone = errors.New("notify: the subscription is gone")
	// ErrRefused: the push service will never take this.
	ErrRefused = errors.New("notify: the push was refused")
)

// Pusher speaks to push services.
type Pusher interface {
	// Make makes a pair of keys, base64url.
	Make() (public, private string, err error)
	// Check refuses a subscription nothing may be pushed to.
	Check(x Subscription) error
	// Push gives a message to the browser's push service.
	Push(ctx context.Context, k Keys, x Subscription, m Message) error
}

// pushed is the payload of the job.
type pushed struct {
	Notice int64 `json:"notice"`
	Device int64 `json:"device"`
	More   int   `json:"more,omitempty"` // a digest of so many
}

// push has a notice pushed to all devices of a person.
func (s *Service) push(t tx.Tx, userID, noticeID int64) error {
	return s.pushDigest(t, userID, 0, noticeID)
}

func (s *Service) pushDigest(t tx.Tx, userID int64, n int, noticeID int64) error {
	devices, err := s.Store.DevicesIn(t, userID)
	if err != nil {
		return err
	}
	for _, d := range devices {
		payload, err := json.Marshal(pushed{noticeID, d.ID, n})
		if err != nil {
			return fmt.Errorf("notify: %w", err)
		}
		key := strconv.FormatInt(noticeID, 10) + "/" + strconv.FormatInt(d.ID, 10)
		if err := t.Schedule(job.Job{Kind: PushJob, Key: key, DueAt: t.Now(), Payload: payload}); err != nil {
			return err
		}
	}
	return nil
}

// send pushes one notice to one device, unless it is of no use any more.
func (s *Service) send(ctx context.Context, j job.Job) error {
	var p pushed
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	n, err := s.Store.Item(ctx, p.Notice)
	if err != nil || n == nil || n.ReadAt != 0 || n.Until != 0 && n.Until <= s.Clock.Now() {
		return err
	}
	d, err := s.Store.Device(ctx, p.Device)
	if err != nil || d == nil || d.UserID != n.UserID {
		return err
	}
	keys, err := s.keys(ctx)
	if err != nil {
		return err
	}
	m, err := s.message(ctx, keys, n, p.More)
	if err != nil || m == nil {
		return err
	}
	err = s.Pusher.Push(ctx, keys, *d, *m)
	switch {
	case err == nil:
		return s.Tx.Do(context.WithoutCancel(ctx), func(t tx.Tx) error { return s.Store.Used(t, d.ID) })
	case errors.Is(err, ErrGone):
		return s.Tx.Do(ctx, func(t tx.Tx) error { return s.Store.Unsubscribe(t, d.UserID, d.ID, "") })
	case errors.Is(err, ErrRefused), j.Attempt >= pushAttempts && ctx.Err() == nil:
		return nil // the bell has it
	}
	return err
}

// shown is what the service worker shows.
type shown struct {
	ID    int64  `json:"id"`
	Kind  string `json:"kind"`
	Title string `json:"title"`
	Body  string `json:"body"`
	Tag   string `json:"tag"`
	URL   string `json:"url"`
	Lang  string `json:"lang"`
	Take  *take  `json:"take,omitempty"`
}

// take is the button by which an offer is taken from the notification.
type take struct {
	Token  string `json:"token"`
	Label  string `json:"label"`
	Failed string `json:"failed"` // what to say without a connection
}

func (s *Service) message(ctx context.Context, keys Keys, n *Item, more int) (*Message, error) {
	org, err := s.Org.Last(ctx)
	if err != nil {
		return nil, err
	}
	u, now := org.User(n.UserID), s.Clock.Now()
	if u == nil || !u.Active {
		return nil, nil
	}
	title, body := s.Words(n, u.Lang, u.Zone, now)
	out := shown{ID: n.ID, Kind: n.Kind, Title: clip(title), Body: clip(body), Tag: tag(n), URL: Path(n.Ref), Lang: u.Lang}
	m := &Message{TTL: pushAlive, Topic: topic(out.Tag), Contact: s.Contact(ctx)}
	if more > 0 {
		out.Title, out.Body = s.say(u.Lang, "notice.digest.title", map[string]any{"n": more}), clip(title)
		out.Tag, out.URL = "digest", "/"
		m.Topic = "digest"
	}
	if n.Until != 0 {
		m.TTL = n.Until.Sub(now)
	}
	if n.Action == ActionTake && more == 0 {
		m.Urgent = true
		out.Take = &take{Token: keys.word(n), Label: s.say(u.Lang, "notice.take", nil), Failed: s.say(u.Lang, "notice.take_failed", nil)}
	}
	m.Payload, err = json.Marshal(out)
	return m, err
}

// tag makes a later notice about the same take the place of the one before it.
func tag(n *Item) string {
	if n.Subject != 0 {
		return "offer-" + strconv.FormatInt(n.Subject, 10)
	}
	return "notice-" + strconv.FormatInt(n.ID, 10)
}

// topic is a tag as push services take it: at most 32 letters of base64url.
func topic(tag string) string { return tag[:min(len(tag), 32)] }

func clip(s string) string {
	if r := []rune(s); len(r) > maxPushText {
		return string(r[:maxPushText-1]) + "…"
	}
	return s
}

// keys are the secrets of pushing, made when they are first needed.
func (s *Service) keys(ctx context.Context) (Keys, error) {
	k, err := s.Store.Keys(ctx)
	if err != nil {
		return Keys{}, err
	}
	if k == nil {
		fresh := Keys{Sign: secret()}
		if fresh.Public, fresh.Private, err = s.Pusher.Make(); err != nil {
			return Keys{}, err
		}
		if err := s.Tx.Do(ctx, func(t tx.Tx) error { return s.Store.SaveKeys(t, fresh) }); err != nil {
			return Keys{}, err
		}
		if k, err = s.Store.Keys(ctx); err != nil || k == nil {
			return Keys{}, errors.Join(errors.New("notify: no keys"), err)
		}
	}
	return *k, nil
}

// PublicKey is what a browser subscribes with.
func (s *Service) PublicKey(ctx context.Context) (string, error) {
	k, err := s.keys(ctx)
	return k.Public, err
}

// Subscribe lets a browser of the person be pushed to.
func (s *Service) Subscribe(ctx context.Context, who access.Who, x Subscription) (Subscription, error) {
	if err := s.Pusher.Check(x); err != nil {
		return Subscription{}, fault.Wrap(fault.Invalid, "push.bad_subscription", err)
	}
	x.UserID = who.UserID
	return x, s.Tx.Do(ctx, func(t tx.Tx) error {
		x.CreatedAt = t.Now()
		if err := s.Store.Subscribe(t, &x); err != nil {
			return err
		}
		devices, err := s.Store.DevicesIn(t, who.UserID)
		if err != nil {
			return err
		}
		for len(devices) > maxDevices { // the oldest come first
			if devices[0].ID == x.ID {
				devices = devices[1:]
				continue
			}
			if err := s.Store.Unsubscribe(t, who.UserID, devices[0].ID, ""); err != nil {
				return err
			}
			devices = devices[1:]
		}
		return nil
	})
}
