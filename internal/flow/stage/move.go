package stage

import (
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// Records is the writing of records, as far as moving needs it.
type Records interface {
	Catalog(t tx.Tx) (*schema.Catalog, error)
	Update(t tx.Tx, who access.Who, r ref.Ref, v record.Values, base int64) (version int64, err error)
}

// Through moves records by the use case everybody else uses, so that nothing that belongs to a move is left out.
type Through struct{ Records Records }

// Move implements Mover.
func (m Through) Move(t tx.Tx, r ref.Ref, to *schema.Stage) error {
	c, err := m.Records.Catalog(t)
	if err != nil {
		return err
	}
	v := record.Values{"stage": to.Code}
	if p := c.PipelineByID(to.PipelineID); p != nil {
		v["pipeline"] = p.Code
	}
	_, err = m.Records.Update(t, access.System(), r, v, 0)
	return err
}
