package salesstore

import (
	"context"
	"encoding/json"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/sales/imports"
)

var (
	_ imports.Store  = (*Store)(nil)
	_ imports.Reader = (*Store)(nil)
)

const importColumns = `i.id, i.created_at, i.created_by, i.file_id, i.file_hash, i.file_name, i.size, i.encoding, i.separator, i.header, i.columns, i.heads,
	i.intake_key_id, i.source, i.state, i.total, i.row_no, i.byte_no, i.added, i.repeated, i.broken, i.started_at, i.finished_at`

func readImport(r db.Row) (*imports.Import, error) {
	i := &imports.Import{
		ID: r.Int64(0), CreatedAt: clock.Instant(r.Int64(1)), CreatedBy: r.Int64(2), FileID: r.Int64(3), FileHash: r.Text(4), FileName: r.Text(5), Size: r.Int64(6),
		Encoding: r.Text(7), Separator: r.Text(8), Header: r.Int64(9) != 0, KeyID: r.Int64(12), Source: r.Text(13), State: r.Text(14), Total: r.Int64(15),
		Row: r.Int64(16), Offset: r.Int64(17), Added: r.Int64(18), Repeated: r.Int64(19), Broken: r.Int64(20), StartedAt: clock.Instant(r.Int64(21)), FinishedAt: clock.Instant(r.Int64(22)),
	}
	if err := json.Unmarshal([]byte(r.Text(10)), &i.Columns); err != nil {
		return nil, err
	}
	return i, json.Unmarshal([]byte(r.Text(11)), &i.Heads)
}

func lists(i *imports.Import) (columns, heads string, err error) {
	c, err := json.Marshal(append([]string{}, i.Columns...))
	if err != nil {
		return "", "", err
	}
	h, err := json.Marshal(append([]string{}, i.Heads...))
	return string(c), string(h), err
}

// InsertImport implements imports.Store.
func (s *Store) InsertImport(t tx.Tx, i *imports.Import) (id int64, err error) {
	columns, heads, err := lists(i)
	if err != nil {
		return 0, err
	}
	_, err = db.One(db.Of(t), `INSERT INTO import (created_at, created_by, file_id, file_hash, file_name, size, encoding, separator, header, columns, heads, state, total)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		[]any{i.CreatedAt, i.CreatedBy, i.FileID, i.FileHash, i.FileName, i.Size, i.Encoding, i.Separator, bit(i.Header), columns, heads, i.State, i.Total},
		func(r db.Row) error { id = r.Int64(0); return nil })
	return id, err
}

func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Import implements imports.Store.
func (s *Store) Import(t tx.Tx, id int64) (*imports.Import, error) {
	q := db.Of(t)
	if err := db.LockRows(q, "import", id); err != nil {
		return nil, err
	}
	return oneImport(q, id)
}

// oneImport reads an import with the title of its door.
func oneImport(q db.Q, id int64) (i *imports.Import, err error) {
	found, err := db.One(q, "SELECT "+importColumns+", coalesce(k.title, '') FROM import i LEFT JOIN intake_key k ON k.id = i.intake_key_id WHERE i.id = ?", []any{id}, func(r db.Row) (err error) {
		if i, err = readImport(r); err == nil {
			i.KeyTitle = r.Text(23)
		}
		return err
	})
	if err == nil && !found {
		err = fault.New(fault.NotFound, "import.not_found")
	}
	return i, err
}

// SaveImport implements imports.Store.
func (s *Store) SaveImport(t tx.Tx, i *imports.Import) error {
	columns, heads, err := lists(i)
	if err != nil {
		return err
	}
	_, err = db.Of(t).Exec(`UPDATE import SET encoding = ?, separator = ?, header = ?, columns = ?, heads = ?, intake_key_id = ?, source = ?, state = ?, total = ?,
		row_no = ?, byte_no = ?, added = ?, repeated = ?, broken = ?, started_at = ?, finished_at = ? WHERE id = ?`,
		i.Encoding, i.Separator, bit(i.Header), columns, heads, i.KeyID, i.Source, i.State, i.Total,
		i.Row, i.Offset, i.Added, i.Repeated, i.Broken, i.StartedAt, i.FinishedAt, i.ID)
	return err
}

// InsertBroken implements imports.Store.
func (s *Store) InsertBroken(t tx.Tx, importID int64, b imports.Broken) error {
	args, err := json.Marshal(b.Args)
	if err != nil {
		return err
	}
	cells, err := json.Marshal(b.Cells)
	if err != nil {
		return err
	}
	_, err = db.Of(t).Exec("INSERT INTO import_row (import_id, row_no, message, args, cells) VALUES (?, ?, ?, ?, ?)", importID, b.Row, b.Key, string(args), string(cells))
	return err
}

// Apart implements imports.Store.
func (s *Store) Apart(t tx.Tx, f func() error) (refused, err error) {
	if err = db.Savepoint(t, f); db.Fatal(t, err) {
		return nil, err
	}
	return err, nil
}

// Imports implements imports.Reader.
func (s *Store) Imports(ctx context.Context, by, before int64, limit int) (list []*imports.Import, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		sql, args := "SELECT "+importColumns+", coalesce(k.title, '') FROM import i LEFT JOIN intake_key k ON k.id = i.intake_key_id WHERE 1 = 1", []any{}
		if by != 0 {
			sql, args = sql+" AND i.created_by = ?", append(args, by)
		}
		if before != 0 {
			sql, args = sql+" AND i.id < ?", append(args, before)
		}
		return q.Query(sql+" ORDER BY i.id DESC LIMIT ?", append(args, limit), func(r db.Row) error {
			i, err := readImport(r)
			if err == nil {
				i.KeyTitle = r.Text(23)
				list = append(list, i)
			}
			return err
		})
	})
	return list, err
}

// ImportDoor implements imports.Store.
func (s *Store) ImportDoor(t tx.Tx) (int64, error) {
	return db.Int(db.Of(t), "SELECT coalesce(min(id), 0) FROM intake_key WHERE channel = 'import' AND active = 1 AND removed_at = 0")
}

// ImportOf implements imports.Reader.
func (s *Store) ImportOf(ctx context.Context, id int64) (i *imports.Import, err error) {
	err = s.d.Read(ctx, func(q db.Q) error { i, err = oneImport(q, id); return err })
	return i, err
}

// BrokenRows implements imports.Reader.
func (s *Store) BrokenRows(ctx context.Context, id, after int64, limit int) (list []imports.Broken, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		return q.Query("SELECT row_no, message, args, cells FROM import_row WHERE import_id = ? AND row_no > ? ORDER BY row_no LIMIT ?", []any{id, after, limit}, func(r db.Row) error {
			b := imports.Broken{Row: r.Int64(0), Key: r.Text(1)}
			if err := json.Unmarshal([]byte(r.Text(2)), &b.Args); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(r.Text(3)), &b.Cells); err != nil {
				return err
			}
			list = append(list, b)
			return nil
		})
	})
	return list, err
}
