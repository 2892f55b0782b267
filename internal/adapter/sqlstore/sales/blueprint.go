package salesstore

import (
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
)

// DrumsIn implements the lists of a blueprint: what the transaction itself has written is among them.
func (s *Store) DrumsIn(t tx.Tx) ([]*drum.Drum, error) {
	q := db.Of(t)
	var ids []int64
	if err := q.Query("SELECT id FROM drum WHERE active = 1 ORDER BY id", nil, func(r db.Row) error { ids = append(ids, r.Int64(0)); return nil }); err != nil {
		return nil, err
	}
	list := make([]*drum.Drum, 0, len(ids))
	for _, id := range ids {
		d, err := drumIn(q, id)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}

// KeysIn implements the lists of a blueprint.
func (s *Store) KeysIn(t tx.Tx) (list []*intake.Key, err error) {
	err = db.Of(t).Query("SELECT "+keyColumns+" FROM intake_key WHERE removed_at = 0 ORDER BY id", nil, func(r db.Row) error {
		k, err := readKey(r)
		list = append(list, k)
		return err
	})
	return list, err
}
