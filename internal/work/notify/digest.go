package notify

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/user"
)

// maxDigest is how many notices a digest lists.
const maxDigest = 30

// Digest tells a person what was held back while he rested: one thing as itself, several in one push and one letter.
func (s *Service) digest(t tx.Tx, userID int64) error {
	org, err := s.Org.In(t)
	if err != nil {
		return err
	}
	if _, works := org.Who(userID); !works {
		return nil
	}
	if working, next := s.Hours.Working(org, userID, t.Now()); !working {
		return s.later(t, userID, next) // his hours have changed meanwhile
	}
	held, err := s.Store.Release(t, userID)
	if err != nil {
		return err
	}
	u := org.User(userID)
	for _, way := range []Ways{Push, Email} {
		var list []*Item
		for _, n := range held {
			if n.Held.Has(way) && n.ReadAt == 0 && (n.Until == 0 || n.Until > t.Now()) {
				list = append(list, n)
			}
		}
		if err := s.digestBy(t, u, way, list); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) digestBy(t tx.Tx, u *user.User, way Ways, list []*Item) error {
	switch {
	case len(list) == 0:
		return nil
	case len(list) == 1:
		return s.disturb(t, list[0], u, way)
	case way == Push:
		return s.pushDigest(t, u.ID, len(list), list[len(list)-1].ID)
	}
	settings, err := s.Mail.Store.MailSettingsIn(t)
	if err != nil {
		return err
	}
	var b strings.Builder
	for i, n := range list {
		if i == maxDigest {
			b.WriteString(s.say(u.Lang, "notice.digest.more", map[string]any{"n": len(list) - maxDigest}) + "\n")
			break
		}
		title, body := s.Words(n, u.Lang, u.Zone, t.Now())
		b.WriteString("• " + strings.TrimRight(title+". "+body, ". ") + "\n")
		if settings.Address != "" && !n.Ref.Zero() {
			b.WriteString("  " + settings.Address + Path(n.Ref) + "\n")
		}
	}
	source := "digest/" + strconv.FormatInt(u.ID, 10) + "/" + strconv.FormatInt(list[len(list)-1].ID, 10)
	return s.letter(t, u, source, s.say(u.Lang, "notice.digest.title", map[string]any{"n": len(list)}), b.String(), 0)
}

// Jobs are the handlers of this room.
func (s *Service) Jobs() []job.Handler {
	return []job.Handler{
		{Kind: DigestJob, Run: func(t any, j job.Job) error {
			var userID int64
			if err := json.Unmarshal(j.Payload, &userID); err != nil {
				return fmt.Errorf("notify: %w", err)
			}
			return s.digest(t.(tx.Tx), userID)
		}},
		{Kind: PushJob, MaxAttempts: pushAttempts + 2, Do: s.send},
		{Kind: SweepJob, Run: func(t any, _ job.Job) error { return s.sweep(t.(tx.Tx)) }},
	}
}

// SweepJob removes old notices once a day.
const SweepJob = "notify.sweep"

// How long notices stay, in days.
const (
	keepRead = 60
	keepAny  = 180
	day      = clock.Instant(24 * 60 * 60 * 1000)
)

// sweep removes old notices slice by slice and rests for a day when there are none left.
func (s *Service) sweep(t tx.Tx) error {
	n, err := s.Store.Sweep(t, t.Now()-keepRead*day, t.Now()-keepAny*day, job.SweepSlice)
	if err != nil {
		return err
	}
	return t.Schedule(job.NextSweep(SweepJob, t.Now(), n))
}
