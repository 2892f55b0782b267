package intake

import (
	"slices"

	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
)

// Follow is the hook by which whoever begins to work on a record gets at the client's card: one that is nobody's becomes
// his, one of a colleague's he observes.
type Follow struct{ Records Records }

// Before implements record.Hook.
func (Follow) Before(tx.Tx, *record.Change) error { return nil }

// After opens the contact of a lead or deal that was moved to the record's responsible person.
func (f Follow) After(t tx.Tx, c *record.Change) error {
	if !c.Moved() || c.After.ResponsibleID == 0 || c.Type.Code != "lead" && c.Type.Code != "deal" {
		return nil
	}
	contact := c.To("contact")
	if !contact.Set {
		return nil
	}
	r := ref.Ref{Type: "contact", ID: contact.Int}
	state, err := f.Records.Load(t, access.System(), r)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	person := c.After.ResponsibleID
	if err != nil || state.ResponsibleID == person || slices.Contains(state.Observers, person) {
		return err
	}
	v := record.Values{"responsible": person}
	if state.ResponsibleID != 0 {
		observers := []any{person}
		for _, id := range state.Observers {
			observers = append(observers, id)
		}
		v = record.Values{"observers": observers}
	}
	t = tx.Because(t, event.Cause{Kind: "system", Code: "follow", Note: "intake.cause.follow"})
	_, err = f.Records.Update(t, access.System(), r, v, 0)
	return err
}
