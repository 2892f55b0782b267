package accessjournal

import (
	"context"
	"slices"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
)

// SweepJob is the kind of the job that removes old lines once a day.
const SweepJob = "accessjournal.sweep"

// Keep is how many months lines are kept, stored as JSON in setting "access_journal".
type Keep struct {
	Months int `json:"months"`
	Views  int `json:"views"` // lines of kind View: there are the most of them by far
}

// MaxMonths is the longest time lines are kept.
const MaxMonths = 120

// DefaultKeep holds until somebody says otherwise.
func DefaultKeep() Keep { return Keep{Months: 12, Views: 3} }

func (k Keep) check() error {
	var wrong *fault.Error
	for path, n := range map[string]int{"months": k.Months, "views": k.Views} {
		if n < 1 || n > MaxMonths {
			wrong = wrong.With(path, "accessjournal.bad_months", fault.Args{"max": MaxMonths})
		}
	}
	return wrong.OrNil()
}

// Keeping has old lines removed and lets administrators say how old.
type Keeping struct {
	Tx    tx.Doer
	Store Store
}

// Change sets how long lines are kept; the sweep acts on it at once.
func (s *Keeping) Change(ctx context.Context, who access.Who, k Keep) error {
	if !who.IsAdmin() {
		return fault.New(fault.Forbidden, "org.admin_only")
	}
	if err := k.check(); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.SaveKeeping(t, k); err != nil {
			return err
		}
		return t.Schedule(job.Job{Kind: SweepJob, Key: "daily", DueAt: t.Now()})
	})
}

// Jobs are the handlers of this room.
func (s *Keeping) Jobs() []job.Handler {
	return []job.Handler{{Kind: SweepJob, Run: func(t any, _ job.Job) error { return s.sweep(t.(tx.Tx)) }}}
}

// Start has old lines removed once a day.
func (s *Keeping) Start(ctx context.Context) error {
	return s.Tx.Do(ctx, func(t tx.Tx) error { return t.Schedule(job.FirstSweep(SweepJob, t.Now())) })
}

// sweep removes old lines slice by slice and rests for a day when there are none left.
func (s *Keeping) sweep(t tx.Tx) error {
	k, err := s.Store.KeepingIn(t)
	if err != nil {
		return err
	}
	removed := int64(0)
	others := slices.DeleteFunc(slices.Clone(Kinds), func(kind Kind) bool { return kind == View })
	for _, part := range []struct {
		kinds  []Kind
		months int
	}{{[]Kind{View}, k.Views}, {others, k.Months}} {
		n, err := s.Store.Sweep(t, part.kinds, monthsBefore(t.Now(), part.months), job.SweepSlice)
		if err != nil {
			return err
		}
		removed = max(removed, n)
	}
	return t.Schedule(job.NextSweep(SweepJob, t.Now(), removed))
}

func monthsBefore(now clock.Instant, months int) clock.Instant {
	return clock.Of(now.Time().AddDate(0, -months, 0))
}
