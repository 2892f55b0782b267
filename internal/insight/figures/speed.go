package figures

import (
	"math"
	"slices"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
)

// Decision is how a turn at a record ended: taken or missed.
type Decision struct {
	DrumID    int64
	UserID    int64
	Record    ref.Ref
	First     clock.Instant // when the record was first offered by this drum
	OfferedAt clock.Instant
	DecidedAt clock.Instant
	Taken     bool
	Excused   bool   // the miss has a good reason
	Source    string // code of where the record came from; "" when nobody said
	Took      time.Duration
}

// Spread is how long requests wait until somebody takes them, in working time.
type Spread struct {
	Count         int
	P50, P80, P90 time.Duration
}

// Hours counts the working time between two moments for the one who took the record.
type Hours func(user int64, from, to clock.Instant) time.Duration

// Clocked fills in how long taken records waited, from the first offer on.
func Clocked(list []Decision, hours Hours) {
	for i := range list {
		if list[i].Taken {
			list[i].Took = hours(list[i].UserID, list[i].First, list[i].DecidedAt)
		}
	}
}

// SpreadOf sums up taken records.
func SpreadOf(list []Decision) Spread {
	var took []time.Duration
	for _, d := range list {
		if d.Taken {
			took = append(took, d.Took)
		}
	}
	slices.Sort(took)
	at := func(share float64) time.Duration { // nearest rank
		if len(took) == 0 {
			return 0
		}
		return took[max(0, int(math.Ceil(share*float64(len(took))))-1)]
	}
	return Spread{len(took), at(.5), at(.8), at(.9)}
}

// Would is the share of taken records that would have been in time with a limit.
func Would(list []Decision, limit time.Duration) float64 {
	n, in := 0, 0
	for _, d := range list {
		if d.Taken {
			n++
			if d.Took <= limit {
				in++
			}
		}
	}
	if n == 0 {
		return 0
	}
	return float64(in) / float64(n)
}

// Share is how many turns ended in time.
type Share struct {
	Taken, Missed int
}

// InTime is the share of turns that were taken; ok is false when there were none.
func (s Share) InTime() (share float64, ok bool) {
	if s.Taken+s.Missed == 0 {
		return 0, false
	}
	return float64(s.Taken) / float64(s.Taken+s.Missed), true
}

// Add counts a decision. Excused misses don't count.
func (s *Share) Add(d Decision) {
	switch {
	case d.Taken:
		s.Taken++
	case !d.Excused:
		s.Missed++
	}
}

// Grouped puts decisions under the keys they are counted by.
func Grouped[K comparable](list []Decision, key func(Decision) K) map[K][]Decision {
	out := map[K][]Decision{}
	for _, d := range list {
		k := key(d)
		out[k] = append(out[k], d)
	}
	return out
}

// Monday is the first day of the week of a moment in a zone, YYYY-MM-DD.
func Monday(at clock.Instant, zone *time.Location) string {
	t := at.In(zone)
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7).Format(time.DateOnly)
}
