package record

import (
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// Preview is what a record made of v would be like, with its defaults, prices and place; nothing is written. Values it would
// be refused for are left out.
func (s *Service) Preview(t tx.Tx, who access.Who, typ string, v Values) (*State, error) {
	x, err := s.begin(t, who, typ)
	if err != nil {
		return nil, err
	}
	now := t.Now()
	c := x.change(0)
	c.Created = true
	c.After = State{CreatedAt: now, UpdatedAt: now, CreatedBy: who.UserID, Data: make([]schema.Datum, len(x.typ.Fields))}
	in, wrong := x.read(v)
	if wrong != nil && wrong.Code != fault.Invalid {
		return nil, wrong
	}
	if err := x.fill(c, in, &wrong); err != nil {
		return nil, err
	}
	return &c.After, nil
}
