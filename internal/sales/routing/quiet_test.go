package routing

import (
	"testing"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
)

// standing is a transaction that knows only its moment.
type standing struct{ tx.Tx }

// Now implements tx.Tx.
func (standing) Now() clock.Instant { return noon }

// quiet lets helpers of tests fail inside a property.
type quiet struct{ testing.TB }

// Helper implements testing.TB.
func (quiet) Helper() {}

// Fatal implements testing.TB.
func (quiet) Fatal(args ...any) { panic(args) }
