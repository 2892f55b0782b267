package intake

import (
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
)

// Follow is the hook by which a client's card that is nobody's comes to whoever begins to work on his record.
type Follow struct{ Records Records }

// Before implements record.Hook.
func (Follow) Before(tx.Tx, *record.Change) error { return nil }

// After gives the contact of a lead or deal that was moved to the record's responsible person.
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
	if err != nil || state.ResponsibleID != 0 {
		return err
	}
	t = tx.Because(t, event.Cause{Kind: "system", Code: "follow", Note: "intake.cause.follow"})
	_, err = f.Records.Update(t, access.System(), r, record.Values{"responsible": c.After.ResponsibleID}, 0)
	return err
}
