package intake

import (
	"context"

	"voronka/internal/kernel/ref"
)

// RequestFilter narrows a list of requests; zero values don't.
type RequestFilter struct {
	KeyID  int64
	Record ref.Ref
	Before int64 // the last one of the page before; the newest come first
	Limit  int
}

// Reader shows keys and requests. Whoever asks for the requests of a record must have made sure that the person sees it.
type Reader interface {
	Keys(ctx context.Context) ([]*Key, error)
	// Door is the active key of an address; NotFound when there is none.
	Door(ctx context.Context, address string) (*Key, error)
	Requests(ctx context.Context, f RequestFilter) ([]Request, error)
}
