package tx

import (
	"context"

	"voronka/internal/kernel/event"
)

// because is a transaction in which something follows from something else.
type because struct {
	Tx
	ctx   context.Context
	cause event.Cause
}

// Because continues t as the program itself, because of c: what is written through the result has no actor and names c as
// its cause, one step deeper than what t runs because of. What begins by itself (a job, a request from outside) has depth
// 0. It is the same transaction: t itself may be used again later.
func Because(t Tx, c event.Cause) Tx {
	before := t.Cause()
	c.Depth = before.Depth + 1
	if before.Kind == "system" && before.Code == "" {
		c.Depth = before.Depth
	}
	if c.Chain == "" {
		c.Chain = before.Chain
	}
	ctx := WithCause(WithActor(t.Context(), 0), c)
	return &because{Tx: t, ctx: ctx, cause: c}
}

// Base is the transaction under all that Because has put around it.
func Base(t Tx) Tx {
	for {
		b, ok := t.(*because)
		if !ok {
			return t
		}
		t = b.Tx
	}
}

// Context implements Tx.
func (b *because) Context() context.Context { return b.ctx }

// Actor implements Tx: nobody, the program itself.
func (b *because) Actor() int64 { return 0 }

// Cause implements Tx.
func (b *because) Cause() event.Cause { return b.cause }

// Emit implements Tx; without a cause of its own the event gets this one.
func (b *because) Emit(e event.Event) error {
	if e.Cause == (event.Cause{}) {
		e.Cause = b.cause
	}
	return b.Tx.Emit(e)
}
