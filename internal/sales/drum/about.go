package drum

import (
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
)

// About is what a record is about, as far as a drum's policy asks. The zero About is a new record nothing is known of.
type About struct {
	Record            ref.Ref // zero: it isn't there yet
	FormerResponsible int64   // who answered for the record or its client before; 0 for nobody
	Source            string  // code of its source: some sources are dealt in portions
}

// ChooseFor takes the drum's turn for a record of which something is known. The drum stays locked until the transaction
// ends.
func (s *Service) ChooseFor(t tx.Tx, drumID int64, _ About) (Chosen, error) {
	return s.choose(t, drumID, nil, 0)
}
