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

// Reader shows drums and offers.
type Reader interface {
	// Drums are all drums with their people.
	Drums(ctx context.Context) ([]*Drum, error)
	// DrumByID is one of them; NotFound when there is none.
	DrumByID(ctx context.Context, id int64) (*Drum, error)
	// Standings are the people of a drum in its order; today begins at the moment since.
	Standings(ctx context.Context, id int64, since clock.Instant) ([]Standing, error)
	// Offers are open offers of records the person sees, and his own; with Title and Access of their records.
	Offers(ctx context.Context, who access.Who, f OfferFilter) ([]Offer, error)
}
