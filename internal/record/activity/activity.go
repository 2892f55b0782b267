// Package activity is the behaviour special to activities: calls, meetings, letters, to-dos. The nearest planned one about a
// record is that record's next step, kept in its row, so that boards and lists show it without looking further.
package activity

import (
	"cmp"
	"slices"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// Type is the code of the record type.
const Type = "activity"

// Codes of its fields.
const (
	About  = "about"
	DueAt  = "due_at"
	DoneAt = "done_at"
	Kind   = "kind"
)

// Next is the next step of a record; the zero Next is none.
type Next struct {
	At    clock.Instant
	ID    int64
	Title string
}

// Store keeps next steps.
type Store interface {
	// About lists the records an activity is about.
	About(t tx.Tx, about *schema.Field, id int64) ([]schema.Item, error)
	// Nearest is the planned activity about a record that is due first. The record is locked.
	Nearest(t tx.Tx, about *schema.Field, typ *schema.Type, id int64) (Next, error)
	// SetNext writes the next step of a record; changed is false when it is that already or the record isn't there.
	SetNext(t tx.Tx, typ *schema.Type, id int64, n Next) (changed bool, a event.Access, err error)
}

// Steps keeps next steps; it is a record.Hook.
type Steps struct{ Store Store }

var _ record.Hook = (*Steps)(nil)

// Before implements record.Hook.
func (s *Steps) Before(tx.Tx, *record.Change) error { return nil }

// After implements record.Hook.
func (s *Steps) After(t tx.Tx, c *record.Change) error {
	if c.Restored { // the bin knows of no next step
		if err := s.refresh(t, c.Catalog, []schema.Item{{Type: c.Type.ID, ID: c.ID}}); err != nil {
			return err
		}
	}
	if c.Type.Code != Type || !matters(c) {
		return nil
	}
	about := c.Type.Field(About)
	items, err := s.about(t, c, about)
	if err != nil {
		return err
	}
	return s.refresh(t, c.Catalog, items)
}

// matters tells whether a change can make another next step.
func matters(c *record.Change) bool {
	due, done := c.Type.Field(DueAt), c.Type.Field(DoneAt)
	switch {
	case c.Created, c.Restored:
		return c.After.Get(due).Set && !c.After.Get(done).Set
	case c.Deleted:
		return c.Before.Get(due).Set && !c.Before.Get(done).Set
	}
	return c.Changed(About) || c.Changed(DueAt) || c.Changed(DoneAt) || c.Changed("title")
}

// about are the records the activity is or was about.
func (s *Steps) about(t tx.Tx, c *record.Change, about *schema.Field) ([]schema.Item, error) {
	if d, changed := c.Fields[About]; changed {
		return append(slices.Clone(d.From.Many), d.To.Many...), nil
	}
	switch {
	case c.Deleted:
		return c.Before.Get(about).Many, nil
	case c.Restored, c.Created:
		return c.After.Get(about).Many, nil
	}
	return s.Store.About(t, about, c.ID)
}

// refresh looks for the next step of records, in one order, so that two changes wait for each other instead of deadlocking.
func (s *Steps) refresh(t tx.Tx, cat *schema.Catalog, items []schema.Item) error {
	items = slices.Clone(items)
	order := func(a, b schema.Item) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID)) }
	slices.SortFunc(items, order)
	items = slices.CompactFunc(items, func(a, b schema.Item) bool { return order(a, b) == 0 })
	activity := cat.Type(Type)
	if activity == nil {
		return nil
	}
	for _, item := range items {
		typ := cat.TypeByID(item.Type)
		if typ == nil {
			continue
		}
		next, err := s.Store.Nearest(t, activity.Field(About), typ, item.ID)
		if err != nil {
			return err
		}
		changed, access, err := s.Store.SetNext(t, typ, item.ID, next)
		if err != nil {
			return err
		}
		if !changed {
			continue
		}
		before := access
		err = t.Emit(event.Event{
			Type: "record.changed", Ref: ref.Ref{Type: typ.Code, ID: item.ID}, Before: &before, After: &access,
			Fields: []string{"next_at", "next_id", "next_title"},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
