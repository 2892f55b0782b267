// Package insightstore reads what figures are worked out of: incidents, offers, requests.
package insightstore

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/recordquery"
	"voronka/internal/flow/incident"
	"voronka/internal/insight/figures"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
	"voronka/internal/record/schema"
)

// Schema is the schema as a snapshot sees it.
type Schema interface {
	CatalogIn(q db.Q) (*schema.Catalog, error)
}

// Store implements figures.Reader over one database.
type Store struct {
	d      *db.DB
	schema Schema
}

var _ figures.Reader = (*Store)(nil)

// New makes a Store.
func New(d *db.DB, s Schema) *Store { return &Store{d, s} }

// Breaches implements figures.Reader.
func (s *Store) Breaches(ctx context.Context, p figures.Period) (list []figures.Breach, err error) {
	sql, args := breaches(p)
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		return q.Query(sql, args, func(r db.Row) error {
			list = append(list, figures.Breach{At: clock.Instant(r.Int64(0)), UserID: r.Int64(1), Kind: r.Text(2), DepartmentID: r.Int64(3), DeptPos: r.Int64(4), Excused: r.Int64(5) > 0})
			return nil
		})
	})
	return list, err
}

// Decisions implements figures.Reader.
func (s *Store) Decisions(ctx context.Context, p figures.Period) (list []figures.Decision, err error) {
	sql, args := decisions(p)
	err = s.d.Read(ctx, func(q db.Q) error {
		c, err := s.schema.CatalogIn(q)
		if err != nil {
			return err
		}
		list = nil
		err = q.Query(sql, args, func(r db.Row) error {
			d := figures.Decision{
				DrumID: r.Int64(0), UserID: r.Int64(1), OfferedAt: clock.Instant(r.Int64(4)), DecidedAt: clock.Instant(r.Int64(5)), Taken: r.Text(6) == "taken",
				First: clock.Instant(r.Int64(7)), Excused: !r.Null(8) && r.Int64(8) > 0,
			}
			if typ := c.TypeByID(r.Int64(2)); typ != nil {
				d.Record = ref.Ref{Type: typ.Code, ID: r.Int64(3)}
			}
			list = append(list, d)
			return nil
		})
		if err != nil {
			return err
		}
		return sources(q, c, list)
	})
	return list, err
}

// sources reads where the records came from.
func sources(q db.Q, c *schema.Catalog, list []figures.Decision) error {
	byType := map[string]map[int64]string{}
	for _, d := range list {
		if byType[d.Record.Type] == nil {
			byType[d.Record.Type] = map[int64]string{}
		}
		byType[d.Record.Type][d.Record.ID] = ""
	}
	for code, found := range byType {
		typ := c.Type(code)
		if typ == nil || sourceOf(typ) == nil {
			continue
		}
		in, arg := db.Ints(q, slices.Collect(maps.Keys(found)))
		err := q.Query("SELECT id, coalesce("+sourceOf(typ).Col+", 0) FROM "+typ.Table()+" WHERE id"+in, []any{arg}, func(r db.Row) error {
			found[r.Int64(0)] = valueCode(sourceOf(typ), r.Int64(1))
			return nil
		})
		if err != nil {
			return err
		}
	}
	for i, d := range list {
		list[i].Source = byType[d.Record.Type][d.Record.ID]
	}
	return nil
}

// sourceOf is the list of sources of a type; nil when it has none.
func sourceOf(typ *schema.Type) *schema.Field {
	if f := typ.Field("source"); f != nil && f.Kind == schema.List {
		return f
	}
	return nil
}

func valueCode(f *schema.Field, id int64) string {
	for _, v := range f.Values {
		if v.ID == id {
			return v.Code
		}
	}
	return ""
}

// Titles implements figures.Reader.
func (s *Store) Titles(ctx context.Context, who access.Who, records []ref.Ref) (titles map[ref.Ref]query.Title, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		c, err := s.schema.CatalogIn(q)
		if err != nil {
			return err
		}
		titles, err = recordquery.Titles(q, c, who, records)
		return err
	})
	return titles, err
}

// LostAfterMiss implements figures.Reader.
func (s *Store) LostAfterMiss(ctx context.Context, p figures.Period) (list []figures.Lost, err error) {
	p.Kind = incident.MissedOffer
	err = s.d.Read(ctx, func(q db.Q) error {
		c, err := s.schema.CatalogIn(q)
		if err != nil {
			return err
		}
		list = nil
		for _, typ := range c.Types {
			if !typ.Staged {
				continue
			}
			source := sourceOf(typ)
			sql, args := lost(typ, p)
			byRecord := map[int64]int{}
			err := q.Query(sql, args, func(r db.Row) error {
				at, known := byRecord[r.Int64(0)]
				if !known {
					at = len(list)
					byRecord[r.Int64(0)] = at
					l := figures.Lost{Record: ref.Ref{Type: typ.Code, ID: r.Int64(0)}}
					if source != nil {
						l.Source = valueCode(source, r.Int64(2))
					}
					list = append(list, l)
				}
				list[at].Missed = append(list[at].Missed, r.Int64(1))
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// prices is the setting they are kept in.
const prices = "lead_prices"

// Prices implements figures.Reader.
func (s *Store) Prices(ctx context.Context) (out map[string]int64, err error) {
	out = map[string]int64{}
	err = s.d.ReadLoose(ctx, func(q db.Q) error {
		_, err := db.One(q, "SELECT value FROM setting WHERE key = ?", []any{prices}, func(r db.Row) error {
			return json.NewDecoder(strings.NewReader(r.Text(0))).Decode(&out)
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("prices of leads: %w", err)
	}
	return out, nil
}

// SavePrices implements figures.Reader.
func (s *Store) SavePrices(t tx.Tx, p map[string]int64) error {
	text, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("prices of leads: %w", err)
	}
	_, err = db.Of(t).Exec("INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", prices, string(text))
	return err
}
