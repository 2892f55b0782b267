package record

import (
	"context"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/schema"
)

// EnsureBuiltins makes the built-in types, their fields, lists, pipelines and lost reasons where they are missing, and
// leaves alone what is there: titles people changed, stages they removed. Texts of older portals get the keys they lack.
// It is called after every migration.
func EnsureBuiltins(ctx context.Context, d *db.DB) error {
	err := d.Do(ctx, func(t tx.Tx) error {
		q := db.Of(t)
		if err := lockValue(q, "builtins"); err != nil {
			return err
		}
		m := &maker{q: q}
		for _, b := range schema.Builtins() {
			if err := m.make(b); err != nil {
				return err
			}
		}
		added, err := addKeys(q)
		if err != nil || !m.changed && !added {
			return err
		}
		return db.Bump(t, "schema")
	})
	if err != nil {
		return err
	}
	return fillKeys(ctx, d)
}

type maker struct {
	q       db.Q
	changed bool
}

func (m *maker) make(b schema.Builtin) error {
	typ := b.Type
	typ.Builtin = true
	id, err := db.Int(m.q, "SELECT id FROM record_type WHERE code = ?", typ.Code)
	if err != nil {
		return err
	}
	fresh := id == 0
	if fresh {
		m.changed = true
		if id, err = insertType(m.q, &typ); err != nil {
			return err
		}
		if err := createTable(m.q, typ.Code); err != nil {
			return err
		}
	}
	typ.ID = id
	for i := range b.Fields {
		f := b.Fields[i]
		f.TypeID, f.Col, f.Sort = id, f.Code, int64(i+1)*10
		if err := m.field(&typ, &f, b.Values[f.Code]); err != nil {
			return err
		}
	}
	if typ.Staged {
		if err := createIndexes(m.q, typ.Code, stagedIndexes); err != nil {
			return err
		}
	}
	if fresh {
		return m.flow(id, b)
	}
	return nil
}

func (m *maker) field(typ *schema.Type, f *schema.Field, values []schema.Value) error {
	there, err := db.Int(m.q, "SELECT id FROM field WHERE type_id = ? AND code = ?", typ.ID, f.Code)
	if err != nil || there != 0 {
		return err
	}
	m.changed = true
	if err := addColumns(m.q, typ.Table(), f); err != nil {
		return err
	}
	if f.ID, err = insertField(m.q, f); err != nil {
		return err
	}
	for i, v := range values {
		v.Sort = int64(i+1) * 10
		if _, err := insertValue(m.q, f.ID, v); err != nil {
			return err
		}
	}
	if f.Indexed && !(typ.Staged && f.Code == "amount") { // the amount leads the indexes of stages
		name, text := fieldIndex(typ, f)
		_, err = m.q.Exec("CREATE INDEX IF NOT EXISTS " + name + " " + indexText(m.q.Dialect(), text))
	}
	return err
}

func (m *maker) flow(typeID int64, b schema.Builtin) error {
	for i, p := range b.Pipelines {
		p.TypeID, p.Sort = typeID, int64(i+1)*10
		if _, err := insertPipeline(m.q, p); err != nil {
			return err
		}
	}
	for i, r := range b.Reasons {
		_, err := m.q.Exec("INSERT INTO lost_reason (type_id, code, title_ru, title_en, sort) VALUES (?, ?, ?, ?, ?)",
			typeID, r.Code, r.TitleRU, r.TitleEN, int64(i+1)*10)
		if err != nil {
			return err
		}
	}
	return nil
}

func insertType(q db.Q, t *schema.Type) (int64, error) {
	return db.InsertID(q, `INSERT INTO record_type (code, title_ru, title_en, plural_ru, plural_en, builtin, staged, sort)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, t.Code, t.TitleRU, t.TitleEN, t.PluralRU, t.PluralEN, t.Builtin, t.Staged, t.Sort)
}

func insertField(q db.Q, f *schema.Field) (int64, error) {
	return db.InsertID(q, `INSERT INTO field (type_id, code, kind, title_ru, title_en, col, builtin, required, uniq, personal, indexed, scale,
		link_type, default_value, sort) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		f.TypeID, f.Code, string(f.Kind), f.TitleRU, f.TitleEN, f.Col, f.Builtin, f.Required, f.Unique, f.Personal, indexState(f), int64(f.Scale),
		f.LinkType, f.Default, f.Sort)
}

func insertValue(q db.Q, fieldID int64, v schema.Value) (int64, error) {
	return db.InsertID(q, "INSERT INTO list_value (field_id, code, title_ru, title_en, color, sort) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
		fieldID, v.Code, v.TitleRU, v.TitleEN, v.Color, v.Sort)
}

func insertPipeline(q db.Q, p schema.Pipeline) (int64, error) {
	id, err := db.InsertID(q, "INSERT INTO pipeline (type_id, code, title_ru, title_en, sort) VALUES (?, ?, ?, ?, ?) RETURNING id",
		p.TypeID, p.Code, p.TitleRU, p.TitleEN, p.Sort)
	if err != nil {
		return 0, err
	}
	for i, s := range p.Stages {
		_, err := q.Exec(`INSERT INTO stage (pipeline_id, code, title_ru, title_en, kind, color, sort) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			id, s.Code, s.TitleRU, s.TitleEN, s.Kind, s.Color, int64(i+1)*10)
		if err != nil {
			return 0, err
		}
	}
	return id, nil
}
