package drum

import (
	"context"

	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
)

// OfferFilter narrows a list of open offers; zero values don't.
type OfferFilter struct {
	Mine   bool
	DrumID int64
	After  int64 // the last one of the page before
	Limit  int
}

// Standing is how a person of a drum stands.
type Standing struct {
	Member
	Open        int // offers he has now
	MissesToday int
	TakenToday  int
}

// Day is what became of a drum's offers on a day.
type Day struct {
	Offered   int
	Taken     int
	Missed    int
	Withdrawn int
	Waiting   int // now, for anybody
	People    map[int64]Standing
}

// DecisionFilter narrows the decisions of a drum; zero values don't.
type DecisionFilter struct {
	DrumID int64
	State  string
	Before int64 // the last one of the page before
	Limit  int
}

// Reader shows drums and offers.
type Reader interface {
	// Drums are all drums with their people.
	Drums(ctx context.Context) ([]*Drum, error)
	// DrumByID is one of them; NotFound when there is none.
	DrumByID(ctx context.Context, id int64) (*Drum, error)
	// Day is what became of a drum's offers since a moment, and what its people have now.
	Day(ctx context.Context, id int64, since clock.Instant) (Day, error)
	// Decisions are offers of a drum, the newest first, open ones too; with Title and Access of records the person sees.
	Decisions(ctx context.Context, who access.Who, f DecisionFilter) ([]Offer, error)
	// Offers are open offers of records the person sees, and his own; with Title and Access of their records.
	Offers(ctx context.Context, who access.Who, f OfferFilter) ([]Offer, error)
}
