package app

import (
	"voronka/internal/kernel/tx"
	"voronka/internal/org/attendance"
	"voronka/internal/sales/routing"
)

// away tells routing who is absent. Somebody out of hours isn't: what comes at night waits for his morning.
type away struct{ attendance *attendance.Service }

var _ routing.Presence = away{}

// Away implements routing.Presence.
func (a away) Away(t tx.Tx, users []int64) (map[int64]string, error) {
	all, err := a.attendance.Of(t, users, false)
	if err != nil {
		return nil, err
	}
	gone := map[int64]string{}
	for id, p := range all {
		if p.Why == attendance.Absent || p.Why == attendance.Left {
			gone[id] = p.Why
		}
	}
	return gone, nil
}
