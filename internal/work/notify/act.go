package notify

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/sales/drum"
)

// A word of action is "offer.user.notice.signature". It says who may take what; whether it is still in time is asked of the
// offer itself when the word is redeemed, because a deadline may stand still meanwhile.

func secret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

func (k Keys) word(n *Item) string {
	said := fmt.Sprintf("%d.%d.%d", n.Subject, n.UserID, n.ID)
	return said + "." + k.signature(said)
}

func (k Keys) signature(said string) string {
	mac := hmac.New(sha256.New, []byte(k.Sign))
	_, _ = mac.Write([]byte("voronka take " + said)) // never fails
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// word is a word of action, read and found genuine.
type word struct{ offer, user, notice int64 }

func (k Keys) read(token string) (w word, ok bool) {
	at := strings.LastIndexByte(token, '.')
	if at < 0 || len(token) > 200 || k.Sign == "" || subtle.ConstantTimeCompare([]byte(token[at+1:]), []byte(k.signature(token[:at]))) != 1 {
		return w, false
	}
	parts := strings.Split(token[:at], ".")
	if len(parts) != 3 {
		return w, false
	}
	for i, to := range []*int64{&w.offer, &w.user, &w.notice} {
		n, err := strconv.ParseInt(parts[i], 10, 64)
		if err != nil || n <= 0 {
			return w, false
		}
		*to = n
	}
	return w, true
}

// Act redeems a word of action: its person takes the offer it was pushed about. It works once, for the person the offer is
// made to, until the deadline.
func (s *Service) Act(ctx context.Context, token string) (o *drum.Offer, userID int64, err error) {
	keys, err := s.Store.Keys(ctx)
	if err != nil {
		return nil, 0, err
	}
	if keys == nil {
		keys = &Keys{}
	}
	w, ok := keys.read(token)
	if !ok {
		return nil, 0, fault.New(fault.Forbidden, "push.bad_token")
	}
	ctx = tx.WithCause(tx.WithActor(ctx, w.user), event.Cause{Kind: "person", Code: "push", Note: "notice.cause.push"})
	err = s.Tx.Do(ctx, func(t tx.Tx) error {
		o, err = s.redeem(t, w, token)
		return err
	})
	return o, w.user, err
}

func (s *Service) redeem(t tx.Tx, w word, token string) (*drum.Offer, error) {
	org, err := s.Org.In(t)
	if err != nil {
		return nil, err
	}
	who, works := org.Who(w.user)
	if !works {
		return nil, fault.New(fault.Forbidden, "push.bad_token")
	}
	o, err := s.Offers.Offer(t, w.offer)
	if err != nil {
		return nil, err
	}
	if o.UserID != w.user {
		return nil, fault.New(fault.Forbidden, "offer.not_yours")
	}
	if o.Open() && o.DueAt != 0 && o.DueAt < t.Now() {
		return nil, fault.New(fault.Conflict, "offer.missed")
	}
	if fresh, err := s.Store.Spend(t, token); err != nil {
		return nil, err
	} else if !fresh {
		return nil, fault.New(fault.Conflict, "push.used_token")
	}
	return s.Drums.TakeIn(t, who, w.offer)
}
