package record

import "voronka/internal/kernel/tx"

// Hook is behaviour of a higher room at every change of a record. Hooks are called in the order they were added; an error
// undoes the whole change.
type Hook interface {
	// Before is called when the change is known and lawful, and nothing is written yet. It may refuse.
	Before(t tx.Tx, c *Change) error
	// After is called when row, totals, journal, visit and event are written.
	After(t tx.Tx, c *Change) error
}

// HookFuncs is a Hook of two functions, each may be nil.
type HookFuncs struct {
	BeforeFunc, AfterFunc func(t tx.Tx, c *Change) error
}

// Before implements Hook.
func (h HookFuncs) Before(t tx.Tx, c *Change) error {
	if h.BeforeFunc == nil {
		return nil
	}
	return h.BeforeFunc(t, c)
}

// After implements Hook.
func (h HookFuncs) After(t tx.Tx, c *Change) error {
	if h.AfterFunc == nil {
		return nil
	}
	return h.AfterFunc(t, c)
}
