package figures

import (
	"context"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/directory"
	"voronka/internal/record/query"
)

// Period narrows what is read; zero values of all but From and To don't.
type Period struct {
	From, To   clock.Instant // From inside, To not
	DrumID     int64
	Kind       string
	UserID     int64
	Department access.Range // of the places people had then
}

// Lost is a record that was lost after a missed offer.
type Lost struct {
	Record ref.Ref
	Source string
	Missed []int64 // who missed it
}

// Reader reads what the other rooms have written down. Of rights it knows those on titles alone: Sight knows the rest.
type Reader interface {
	// Breaches are the incidents of a period, up to MaxRead, the newest first.
	Breaches(ctx context.Context, p Period) ([]Breach, error)
	// Decisions are the turns that ended in a period, up to MaxRead, the newest first.
	Decisions(ctx context.Context, p Period) ([]Decision, error)
	// LostAfterMiss are records lost by now that were missed in a period, excused misses apart.
	LostAfterMiss(ctx context.Context, p Period) ([]Lost, error)
	// Titles are what records are called, as far as the person may know; those that are gone are left out.
	Titles(ctx context.Context, who access.Who, records []ref.Ref) (map[ref.Ref]query.Title, error)
	// Prices are what a lead of a source costs, in minor units of the portal's currency.
	Prices(ctx context.Context) (map[string]int64, error)
	SavePrices(t tx.Tx, prices map[string]int64) error
}

// MaxRead is how many rows a figure is worked out of; what has more shows the newest.
const MaxRead = 50_000

// Witness tells which incidents count for a person: those he finds in the journal, by the places people had then.
func Witness(who access.Who) func(b Breach) bool {
	plan := who.Plan("incident", access.See)
	return func(b Breach) bool {
		return plan.Sees(event.Access{ResponsibleID: b.UserID, DepartmentID: b.DepartmentID, DeptPos: b.DeptPos})
	}
}

// Sight is whose figures a person may look at: an administrator everybody's, a head those of his departments, everybody his own.
func Sight(who access.Who, org *directory.Directory) func(user int64) bool {
	plan := who.Plan("incident", access.See)
	seen := map[int64]bool{}
	return func(user int64) bool {
		sees, known := seen[user]
		if !known {
			place, _ := org.Stamp(user)
			sees = plan.Sees(event.Access{ResponsibleID: user, DepartmentID: place.DepartmentID, DeptPos: place.DeptPos})
			seen[user] = sees
		}
		return sees
	}
}

// Service changes the one thing that is set here.
type Service struct {
	Tx    tx.Doer
	Store Reader
}

// maxPrice keeps sums of prices far from what fits.
const maxPrice = 1_000_000_000_00

// SetPrices says what a lead of each source costs.
func (s *Service) SetPrices(ctx context.Context, who access.Who, prices map[string]int64) error {
	if err := who.Must(access.Portal); err != nil {
		return err
	}
	var wrong *fault.Error
	for source, price := range prices {
		if price < 0 || price > maxPrice {
			wrong = wrong.With(source, "figures.bad_price")
		}
	}
	if err := wrong.OrNil(); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error { return s.Store.SavePrices(t, prices) })
}
