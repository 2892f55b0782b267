package accessjournal

import (
	"context"
	"sync/atomic"
)

// Tally counts the lines that were written in a context: whoever wants a line of any change to be there asks it whether the
// use case has written its own already.
type Tally struct{ n atomic.Int64 }

type tallyKey struct{}

// WithTally gives ctx a tally.
func WithTally(ctx context.Context) (context.Context, *Tally) {
	t := &Tally{}
	return context.WithValue(ctx, tallyKey{}, t), t
}

// Count tells stores to call it for each line they write.
func Count(ctx context.Context) {
	if t, ok := ctx.Value(tallyKey{}).(*Tally); ok {
		t.n.Add(1)
	}
}

// N is how many lines were written, those of transactions that were undone too.
func (t *Tally) N() int64 { return t.n.Load() }
