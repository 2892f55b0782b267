package record

import (
	"context"
	"encoding/json"
	"sync"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// Store implements record.Store, and the stores of the other rooms of the house. It is safe for concurrent use.
type Store struct {
	d       *db.DB
	catalog *db.Versioned[schema.Catalog]
	texts   sync.Map // *schema.Type → *texts
}

var _ record.Store = (*Store)(nil)

// New makes a Store over d. EnsureBuiltins must have run.
func New(d *db.DB) *Store {
	return &Store{d: d, catalog: db.NewVersioned(d, "schema", loadCatalog)}
}

// Catalog implements record.Store.
func (s *Store) Catalog(t tx.Tx) (*schema.Catalog, error) { return s.catalog.In(db.Of(t)) }

// CatalogIn is the schema as q's snapshot has it.
func (s *Store) CatalogIn(q db.Q) (*schema.Catalog, error) { return s.catalog.In(q) }

// LastCatalog is the newest schema known here, without asking the database.
func (s *Store) LastCatalog(ctx context.Context) (*schema.Catalog, error) { return s.catalog.Last(ctx) }

// FreshCatalog is the schema as it is in the database now, for those who have just changed it.
func (s *Store) FreshCatalog(ctx context.Context) (cat *schema.Catalog, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		cat, err = s.catalog.In(q)
		return err
	})
	return cat, err
}

// Savepoint implements record.Store.
func (s *Store) Savepoint(t tx.Tx, f func() error) error { return db.Savepoint(t, f) }

// loadCatalog reads the whole schema.
func loadCatalog(q db.Q) (*schema.Catalog, error) {
	p := schema.Parts{Values: map[int64][]schema.Value{}}
	for _, load := range []func(db.Q, *schema.Parts) error{loadTypes, loadFields, loadValues, loadPipelines, loadStages, loadReasons, loadPortal} {
		if err := load(q, &p); err != nil {
			return nil, err
		}
	}
	return schema.NewCatalog(p), nil
}

func loadTypes(q db.Q, p *schema.Parts) error {
	return q.Query("SELECT id, code, title_ru, title_en, plural_ru, plural_en, builtin, staged, sort FROM record_type WHERE removed_at = 0", nil, func(r db.Row) error {
		p.Types = append(p.Types, &schema.Type{
			ID: r.Int64(0), Code: r.Text(1), TitleRU: r.Text(2), TitleEN: r.Text(3), PluralRU: r.Text(4), PluralEN: r.Text(5),
			Builtin: r.Int64(6) != 0, Staged: r.Int64(7) != 0, Sort: r.Int64(8),
		})
		return nil
	})
}

func loadFields(q db.Q, p *schema.Parts) error {
	return q.Query(`SELECT id, type_id, code, kind, title_ru, title_en, col, builtin, required, uniq, personal, indexed, scale, link_type,
		default_value, sort, removed_at FROM field`, nil, func(r db.Row) error {
		p.Fields = append(p.Fields, &schema.Field{
			ID: r.Int64(0), TypeID: r.Int64(1), Code: r.Text(2), Kind: schema.Kind(r.Text(3)), TitleRU: r.Text(4), TitleEN: r.Text(5),
			Col: r.Text(6), Builtin: r.Int64(7) != 0, Required: r.Int64(8) != 0, Unique: r.Int64(9) != 0, Personal: r.Int64(10) != 0,
			Indexed: r.Int64(11) == indexReady, Indexing: r.Int64(11) == indexWanted, Scale: int(r.Int64(12)), LinkType: r.Text(13), Default: r.Text(14), Sort: r.Int64(15),
			RemovedAt: r.Int64(16),
		})
		return nil
	})
}

func loadValues(q db.Q, p *schema.Parts) error {
	return q.Query("SELECT field_id, id, code, title_ru, title_en, color, sort, removed_at FROM list_value", nil, func(r db.Row) error {
		p.Values[r.Int64(0)] = append(p.Values[r.Int64(0)], schema.Value{
			ID: r.Int64(1), Code: r.Text(2), TitleRU: r.Text(3), TitleEN: r.Text(4), Color: r.Int64(5), Sort: r.Int64(6), Removed: r.Int64(7) != 0,
		})
		return nil
	})
}

func loadPipelines(q db.Q, p *schema.Parts) error {
	return q.Query("SELECT id, type_id, code, title_ru, title_en, sort, removed_at FROM pipeline", nil, func(r db.Row) error {
		p.Pipelines = append(p.Pipelines, &schema.Pipeline{
			ID: r.Int64(0), TypeID: r.Int64(1), Code: r.Text(2), TitleRU: r.Text(3), TitleEN: r.Text(4), Sort: r.Int64(5), Removed: r.Int64(6) != 0,
		})
		return nil
	})
}

func loadStages(q db.Q, p *schema.Parts) error {
	return q.Query(`SELECT id, pipeline_id, code, title_ru, title_en, kind, color, sort, limit_seconds, goal, business_role, task, product,
		instruction, removed_at FROM stage`, nil, func(r db.Row) error {
		p.Stages = append(p.Stages, &schema.Stage{
			ID: r.Int64(0), PipelineID: r.Int64(1), Code: r.Text(2), TitleRU: r.Text(3), TitleEN: r.Text(4), Kind: r.Text(5), Color: r.Int64(6),
			Sort: r.Int64(7), LimitSeconds: r.Int64(8), Goal: r.Text(9), BusinessRole: r.Text(10), Task: r.Text(11), Product: r.Text(12),
			Instruction: r.Text(13), Removed: r.Int64(14) != 0,
		})
		return nil
	})
}

func loadReasons(q db.Q, p *schema.Parts) error {
	return q.Query("SELECT id, type_id, code, title_ru, title_en, sort, removed_at FROM lost_reason", nil, func(r db.Row) error {
		p.Reasons = append(p.Reasons, &schema.LostReason{
			ID: r.Int64(0), TypeID: r.Int64(1), Code: r.Text(2), TitleRU: r.Text(3), TitleEN: r.Text(4), Sort: r.Int64(5), Removed: r.Int64(6) != 0,
		})
		return nil
	})
}

func loadPortal(q db.Q, p *schema.Parts) error {
	var text string
	found, err := db.One(q, "SELECT value FROM setting WHERE key = 'portal'", nil, func(r db.Row) error { text = r.Text(0); return nil })
	if err != nil || !found {
		return err
	}
	p.SetUp = true
	return json.Unmarshal([]byte(text), &p.Portal)
}
