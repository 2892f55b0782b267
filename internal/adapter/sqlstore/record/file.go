package record

import (
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/record"
)

// Files implements record.Store.
func (s *Store) Files(t tx.Tx, ids []int64) (map[int64]record.FileHold, error) {
	q := db.Of(t)
	cat, err := s.Catalog(t)
	if err != nil {
		return nil, err
	}
	held := map[int64]record.FileHold{}
	in, arg := db.Ints(q, ids)
	err = q.Query("SELECT id, created_by FROM file WHERE id"+in, []any{arg}, func(r db.Row) error {
		held[r.Int64(0)] = record.FileHold{UploadedBy: r.Int64(1)}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = q.Query("SELECT file_id, type_id, record_id FROM attachment WHERE file_id"+in, []any{arg}, func(r db.Row) error {
		h, ok := held[r.Int64(0)]
		if typ := cat.TypeByID(r.Int64(1)); ok && typ != nil {
			h.On = append(h.On, ref.Ref{Type: typ.Code, ID: r.Int64(2)})
			held[r.Int64(0)] = h
		}
		return nil
	})
	return held, err
}
