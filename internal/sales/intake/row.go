package intake

import (
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/tx"
)

// Row is a request that comes as a row of an imported file.
type Row struct {
	Payload *Payload
	Name    string      // the row's own: the same row comes in once
	Cause   event.Cause // because of what
}

// AcceptRow takes a row in through a door as a part of a transaction, a door closed to others too.
func (s *Service) AcceptRow(t tx.Tx, k *Key, row Row) (Answer, error) {
	return s.take(t, k, Incoming{Payload: row.Payload, name: row.Name, cause: &row.Cause}, "")
}
