package flowstore

import (
	"encoding/json"
	"fmt"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/flow/pipeline"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/schema"
)

// Lock implements pipeline.Store: the row of the version is the lock.
func (s *Store) Lock(t tx.Tx) error { return db.Bump(t, "schema") }

// write changes a row of the schema. The version grows with each write, so that a snapshot somebody took between two
// writes of one transaction isn't kept.
func (s *Store) write(t tx.Tx, sql string, args ...any) error {
	if _, err := db.Of(t).Exec(sql, args...); err != nil {
		return err
	}
	return s.grow(t)
}

func (s *Store) insert(t tx.Tx, sql string, args ...any) (int64, error) {
	id, err := db.InsertID(db.Of(t), sql, args...)
	if err != nil {
		return 0, err
	}
	return id, s.grow(t)
}

func (s *Store) grow(t tx.Tx) error {
	_, err := db.Of(t).Exec("UPDATE version SET n = n + 1 WHERE name = 'schema'")
	return err
}

func removedAt(t tx.Tx, removed bool) int64 {
	if removed {
		return int64(t.Now())
	}
	return 0
}

func (s *Store) codes(t tx.Tx, sql string, owner int64) (map[string]bool, error) {
	codes := map[string]bool{}
	err := db.Of(t).Query(sql, []any{owner}, func(r db.Row) error { codes[r.Text(0)] = true; return nil })
	return codes, err
}

// PipelineCodes implements pipeline.Store.
func (s *Store) PipelineCodes(t tx.Tx, typeID int64) (map[string]bool, error) {
	return s.codes(t, "SELECT code FROM pipeline WHERE type_id = ?", typeID)
}

// StageCodes implements pipeline.Store.
func (s *Store) StageCodes(t tx.Tx, pipelineID int64) (map[string]bool, error) {
	return s.codes(t, "SELECT code FROM stage WHERE pipeline_id = ?", pipelineID)
}

// ReasonCodes implements pipeline.Store.
func (s *Store) ReasonCodes(t tx.Tx, typeID int64) (map[string]bool, error) {
	return s.codes(t, "SELECT code FROM lost_reason WHERE type_id = ?", typeID)
}

// InsertPipeline implements pipeline.Store.
func (s *Store) InsertPipeline(t tx.Tx, p *schema.Pipeline) (int64, error) {
	return s.insert(t, "INSERT INTO pipeline (type_id, code, title_ru, title_en, sort) VALUES (?, ?, ?, ?, ?) RETURNING id",
		p.TypeID, p.Code, p.TitleRU, p.TitleEN, p.Sort)
}

// SavePipeline implements pipeline.Store.
func (s *Store) SavePipeline(t tx.Tx, p *schema.Pipeline) error {
	return s.write(t, "UPDATE pipeline SET title_ru = ?, title_en = ?, sort = ?, removed_at = ? WHERE id = ?",
		p.TitleRU, p.TitleEN, p.Sort, removedAt(t, p.Removed), p.ID)
}

// InsertStage implements pipeline.Store.
func (s *Store) InsertStage(t tx.Tx, g *schema.Stage) (int64, error) {
	return s.insert(t, `INSERT INTO stage (pipeline_id, code, title_ru, title_en, kind, color, sort, limit_seconds, goal, business_role, task, product,
		instruction) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, g.PipelineID, g.Code, g.TitleRU, g.TitleEN, g.Kind, g.Color, g.Sort,
		g.LimitSeconds, g.Goal, g.BusinessRole, g.Task, g.Product, g.Instruction)
}

// SaveStage implements pipeline.Store.
func (s *Store) SaveStage(t tx.Tx, g *schema.Stage) error {
	return s.write(t, `UPDATE stage SET title_ru = ?, title_en = ?, kind = ?, color = ?, sort = ?, limit_seconds = ?, goal = ?, business_role = ?,
		task = ?, product = ?, instruction = ?, removed_at = ? WHERE id = ?`, g.TitleRU, g.TitleEN, g.Kind, g.Color, g.Sort, g.LimitSeconds, g.Goal,
		g.BusinessRole, g.Task, g.Product, g.Instruction, removedAt(t, g.Removed), g.ID)
}

// Held implements pipeline.Store.
func (s *Store) Held(t tx.Tx, typeID int64, stages []int64) (h pipeline.Held, err error) {
	table, err := s.table(t, typeID)
	if err != nil {
		return h, err
	}
	q := db.Of(t)
	in, arg := db.Ints(q, stages)
	if h.Records, err = db.Int(q, "SELECT count(*) FROM "+table+" WHERE stage_id"+in, arg); err != nil {
		return h, err
	}
	h.Bin, err = db.Int(q, "SELECT count(*) FROM bin WHERE type_id = ? AND stage_id"+in, typeID, arg)
	return h, err
}

// Some implements pipeline.Store.
func (s *Store) Some(t tx.Tx, typeID int64, stages []int64, after int64, n int) (list []ref.Ref, err error) {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return nil, err
	}
	typ := c.TypeByID(typeID)
	if typ == nil {
		return nil, nil
	}
	q := db.Of(t)
	in, arg := db.Ints(q, stages)
	err = q.Query("SELECT id FROM "+typ.Table()+" WHERE stage_id"+in+" AND id > ? ORDER BY id LIMIT ?", []any{arg, after, n}, func(r db.Row) error {
		list = append(list, ref.Ref{Type: typ.Code, ID: r.Int64(0)})
		return nil
	})
	return list, err
}

// binSlice is how many deleted records are moved in one transaction.
const binSlice = 100

// MoveBin implements pipeline.Store. The document of a deleted record names its stage too.
func (s *Store) MoveBin(t tx.Tx, typeID int64, stages []int64, to *schema.Stage) error {
	q := db.Of(t)
	in, arg := db.Ints(q, stages)
	docs := map[int64]string{}
	err := q.Query("SELECT id, doc FROM bin WHERE type_id = ? AND stage_id"+in+" ORDER BY id LIMIT ?", []any{typeID, arg, binSlice}, func(r db.Row) error {
		docs[r.Int64(0)] = r.Text(1)
		return nil
	})
	for id, doc := range docs {
		if err == nil {
			doc, err = moved(doc, to)
		}
		if err == nil {
			_, err = q.Exec("UPDATE bin SET stage_id = ?, pipeline_id = ?, doc = ? WHERE id = ?", to.ID, to.PipelineID, doc, id)
		}
	}
	return err
}

// moved is the document of a deleted record with another stage; all else stays as it was.
func moved(doc string, to *schema.Stage) (string, error) {
	var whole map[string]json.RawMessage
	if err := json.Unmarshal([]byte(doc), &whole); err != nil {
		return "", fmt.Errorf("document in the bin: %w", err)
	}
	var a event.Access
	if err := json.Unmarshal(whole["access"], &a); err != nil {
		return "", fmt.Errorf("document in the bin: %w", err)
	}
	a.PipelineID, a.StageID = to.PipelineID, to.ID
	var err error
	if whole["access"], err = json.Marshal(a); err != nil {
		return "", err
	}
	b, err := json.Marshal(whole)
	return string(b), err
}

func (s *Store) table(t tx.Tx, typeID int64) (string, error) {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return "", err
	}
	if typ := c.TypeByID(typeID); typ != nil {
		return typ.Table(), nil
	}
	return "(SELECT 0 AS id, 0 AS stage_id WHERE 1 = 0) none", nil
}

// InsertReason implements pipeline.Store.
func (s *Store) InsertReason(t tx.Tx, r *schema.LostReason) (int64, error) {
	return s.insert(t, "INSERT INTO lost_reason (type_id, code, title_ru, title_en, sort) VALUES (?, ?, ?, ?, ?) RETURNING id",
		r.TypeID, r.Code, r.TitleRU, r.TitleEN, r.Sort)
}

// SaveReason implements pipeline.Store.
func (s *Store) SaveReason(t tx.Tx, r *schema.LostReason) error {
	return s.write(t, "UPDATE lost_reason SET title_ru = ?, title_en = ?, sort = ?, removed_at = ? WHERE id = ?",
		r.TitleRU, r.TitleEN, r.Sort, removedAt(t, r.Removed), r.ID)
}
