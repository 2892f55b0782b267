package record

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/file"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

var _ file.Store = (*Store)(nil)

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
	err = q.Query("SELECT file_id, type_id, record_id, field_id FROM attachment WHERE file_id"+in, []any{arg}, func(r db.Row) error {
		h, ok := held[r.Int64(0)]
		if typ := cat.TypeByID(r.Int64(1)); ok && typ != nil {
			h.On = append(h.On, record.FilePlace{Ref: ref.Ref{Type: typ.Code, ID: r.Int64(2)}, Field: codeOf(typ, r.Int64(3))})
			held[r.Int64(0)] = h
		}
		return nil
	})
	return held, err
}

// codeOf is the code of a field by its number, a removed one too.
func codeOf(typ *schema.Type, fieldID int64) string {
	if f := typ.FieldByID(fieldID); f != nil {
		return f.Code
	}
	return ""
}

// AddFile implements file.Store.
func (s *Store) AddFile(t tx.Tx, f file.File) (int64, error) {
	return db.InsertID(db.Of(t), "INSERT INTO file (hash, size, name, mime, created_at, created_by) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
		f.Hash, f.Size, f.Name, f.Mime, f.CreatedAt, f.CreatedBy)
}

// maxHolds is how many records a file is looked for on; one of them usually suffices.
const maxHolds = 100

// File implements file.Store.
func (s *Store) File(ctx context.Context, id int64) (f file.File, holds []file.Hold, ok bool, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		ok, err = db.One(q, "SELECT hash, size, name, mime, created_at, created_by FROM file WHERE id = ?", []any{id}, func(r db.Row) error {
			f = file.File{ID: id, Hash: r.Text(0), Size: r.Int64(1), Name: r.Text(2), Mime: r.Text(3), CreatedAt: clock.Instant(r.Int64(4)), CreatedBy: r.Int64(5)}
			return nil
		})
		if err != nil || !ok {
			return err
		}
		holds, err = s.holds(q, id)
		return err
	})
	return f, holds, ok, err
}

func (s *Store) holds(q db.Q, fileID int64) ([]file.Hold, error) {
	cat, err := s.CatalogIn(q)
	if err != nil {
		return nil, err
	}
	type place struct {
		typ   *schema.Type
		id    int64
		field string
	}
	var places []place
	err = q.Query("SELECT type_id, record_id, field_id FROM attachment WHERE file_id = ? LIMIT ?", []any{fileID, maxHolds}, func(r db.Row) error {
		if typ := cat.TypeByID(r.Int64(0)); typ != nil {
			places = append(places, place{typ, r.Int64(1), codeOf(typ, r.Int64(2))})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var holds []file.Hold
	for _, p := range places {
		a, there, err := accessOf(q, p.typ, p.id)
		if err != nil {
			return nil, err
		}
		if there {
			holds = append(holds, file.Hold{Type: p.typ.Code, Field: p.field, Access: a})
		}
	}
	return holds, nil
}
