package record

import (
	"context"
	"encoding/json"
	"fmt"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/bin"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// binDoc is a deleted record as one document. Values lie by the codes of their fields, so that it can be read when fields
// were added or removed meanwhile.
type binDoc struct {
	V              int                     `json:"v"`
	Version        int64                   `json:"version"`
	Title          string                  `json:"title"`
	Access         event.Access            `json:"access"`
	StageEnteredAt clock.Instant           `json:"stage_entered_at,omitempty"`
	CreatedAt      clock.Instant           `json:"created_at"`
	CreatedBy      int64                   `json:"created_by,omitempty"`
	UpdatedAt      clock.Instant           `json:"updated_at"`
	ClosedAt       clock.Instant           `json:"closed_at,omitempty"`
	LostReasonID   int64                   `json:"lost_reason_id,omitempty"`
	Data           map[string]schema.Datum `json:"data,omitempty"`
	External       []record.External       `json:"external,omitempty"`
}

// PutBin implements record.Store.
func (s *Store) PutBin(t tx.Tx, typ *schema.Type, b *record.Binned) error {
	st := &b.State
	doc := binDoc{
		V: 1, Version: st.Version, Title: st.Title, Access: st.Access, StageEnteredAt: st.StageEnteredAt, CreatedAt: st.CreatedAt, CreatedBy: st.CreatedBy,
		UpdatedAt: st.UpdatedAt, ClosedAt: st.ClosedAt, LostReasonID: st.LostReasonID, Data: map[string]schema.Datum{}, External: b.External,
	}
	for _, f := range typ.Fields {
		if d := st.Data[f.Pos]; d.Set {
			doc.Data[f.Code] = d
		}
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	_, err = db.Of(t).Exec(`INSERT INTO bin (type_id, record_id, title, deleted_at, deleted_by, responsible_id, department_id, dept_pos, pipeline_id,
		stage_id, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, typ.ID, st.ID, st.Title, b.DeletedAt, b.DeletedBy, st.ResponsibleID, st.DepartmentID,
		st.DeptPos, st.PipelineID, st.StageID, string(text))
	return err
}

// binAccess are the columns rights go by. They are kept in line with the departments, the document isn't: only the
// observers are taken from there.
const binAccess = "pipeline_id, stage_id, responsible_id, department_id, dept_pos"

func readBinAccess(r db.Row, i int) event.Access {
	return event.Access{PipelineID: r.Int64(i), StageID: r.Int64(i + 1), ResponsibleID: r.Int64(i + 2), DepartmentID: r.Int64(i + 3), DeptPos: r.Int64(i + 4)}
}

// Binned implements record.Store. The row is locked, so that two can't restore the same record.
func (s *Store) Binned(t tx.Tx, typ *schema.Type, id int64) (record.Binned, bool, error) {
	q := db.Of(t)
	row, err := db.Int(q, "SELECT id FROM bin WHERE type_id = ? AND record_id = ?", typ.ID, id)
	if err != nil || row == 0 {
		return record.Binned{}, false, err
	}
	if err := db.LockRows(q, "bin", row); err != nil {
		return record.Binned{}, false, err
	}
	var b record.Binned
	var text string
	var now event.Access
	found, err := db.One(q, "SELECT doc, deleted_at, deleted_by, "+binAccess+" FROM bin WHERE id = ?", []any{row}, func(r db.Row) error {
		text, b.DeletedAt, b.DeletedBy, now = r.Text(0), clock.Instant(r.Int64(1)), r.Int64(2), readBinAccess(r, 3)
		return nil
	})
	if err != nil || !found {
		return b, false, err
	}
	var doc binDoc
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return b, false, fmt.Errorf("bin %s/%d: %w", typ.Code, id, err)
	}
	now.Observers = doc.Access.Observers
	b.External = doc.External
	b.State = record.State{
		ID: id, Version: doc.Version, Title: doc.Title, Access: now, StageEnteredAt: doc.StageEnteredAt, CreatedAt: doc.CreatedAt,
		CreatedBy: doc.CreatedBy, UpdatedAt: doc.UpdatedAt, ClosedAt: doc.ClosedAt, LostReasonID: doc.LostReasonID, Data: make([]schema.Datum, len(typ.Fields)),
	}
	for code, d := range doc.Data {
		if f := typ.Field(code); f != nil && f.Pos >= 0 {
			d.Set = true
			b.State.Data[f.Pos] = d
		}
	}
	return b, true, nil
}

// DropBin implements record.Store.
func (s *Store) DropBin(t tx.Tx, typ *schema.Type, id int64) error {
	_, err := db.Of(t).Exec("DELETE FROM bin WHERE type_id = ? AND record_id = ?", typ.ID, id)
	return err
}

// BinnedAfter implements bin.Store.
func (s *Store) BinnedAfter(ctx context.Context, typ string, after int64, each func(bin.Item) bool) error {
	return s.d.Read(ctx, func(q db.Q) error {
		cat, err := s.CatalogIn(q)
		if err != nil {
			return err
		}
		text, args := "SELECT id, type_id, record_id, title, deleted_at, deleted_by, doc, "+binAccess+" FROM bin", []any{}
		glue := " WHERE "
		if typ != "" {
			x := cat.Type(typ)
			if x == nil {
				return fault.New(fault.NotFound, "record.no_such_type", fault.Args{"type": typ})
			}
			text, args, glue = text+glue+"type_id = ?", append(args, x.ID), " AND "
		}
		if after != 0 {
			text, args = text+glue+"id < ?", append(args, after)
		}
		return q.Query(text+" ORDER BY id DESC", args, func(r db.Row) error {
			x := cat.TypeByID(r.Int64(1))
			if x == nil {
				return nil
			}
			var doc struct {
				Access event.Access `json:"access"`
			}
			if err := json.Unmarshal(r.Bytes(6), &doc); err != nil {
				return fmt.Errorf("bin %s/%d: %w", x.Code, r.Int64(2), err)
			}
			item := bin.Item{
				BinID: r.Int64(0), Type: x.Code, ID: r.Int64(2), Title: r.Text(3), DeletedAt: clock.Instant(r.Int64(4)), DeletedBy: r.Int64(5), Access: readBinAccess(r, 7),
			}
			item.Access.Observers = doc.Access.Observers
			if !each(item) {
				return db.Stop
			}
			return nil
		})
	})
}

// Purge removes for good what is left of a record in the bin: its document, what pointed at it, its visits. The journal
// stays. A record that was restored meanwhile is left alone.
func (s *Store) Purge(t tx.Tx, typeID, id int64) error {
	q := db.Of(t)
	n, err := q.Exec("DELETE FROM bin WHERE type_id = ? AND record_id = ?", typeID, id)
	if err != nil || n == 0 {
		return err
	}
	for _, text := range []string{"DELETE FROM link WHERE to_type = ? AND to_id = ?", "DELETE FROM visit WHERE type_id = ? AND record_id = ?"} {
		if _, err := q.Exec(text, typeID, id); err != nil {
			return err
		}
	}
	return nil
}
