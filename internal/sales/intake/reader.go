package intake

import (
	"context"

	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
)

// RequestFilter narrows a list of requests; zero values don't.
type RequestFilter struct {
	KeyID  int64
	Record ref.Ref
	Before int64 // the last one of the page before; the newest come first
	Limit  int
}

// Reader shows keys and requests.
type Reader interface {
	Keys(ctx context.Context) ([]*Key, error)
	// Door is the active key of an address; NotFound when there is none.
	Door(ctx context.Context, address string) (*Key, error)
	// ClosedDoor is a key that was switched off or removed; NotFound when there never was one.
	ClosedDoor(ctx context.Context, address string) (*Key, error)
	KeyOf(ctx context.Context, id int64) (*Key, error)
	// Held are requests waiting for a decision, or decided ones.
	Held(ctx context.Context, f HeldFilter) ([]Held, error)
	// HeldWaiting counts those that wait, no further than to limit.
	HeldWaiting(ctx context.Context, limit int) (int, error)
	// Requests are those of a record the person sees, NotFound when he doesn't; administrators may ask for all.
	Requests(ctx context.Context, who access.Who, f RequestFilter) ([]Request, error)
}
