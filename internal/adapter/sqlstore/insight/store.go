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
	"voronka/internal/flow/incident"
	"voronka/internal/insight/figures"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
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

// narrowed adds the conditions of a period to a statement over a table with a moment, a kind and a drum.
func narrowed(sql, moment string, p figures.Period) (string, []any) {
	sql += " AND " + moment + " >= ? AND " + moment + " < ?"
	args := []any{int64(p.From), int64(p.To)}
	if p.DrumID != 0 {
		sql, args = sql+" AND x.drum_id = ?", append(args, p.DrumID)
	}
	if p.Kind != "" {
		sql, args = sql+" AND x.kind = ?", append(args, p.Kind)
	}
	if p.UserID != 0 {
		sql, args = sql+" AND x.user_id = ?", append(args, p.UserID)
	}
	if p.Department.Hi != 0 {
		sql, args = sql+" AND x.dept_pos BETWEEN ? AND ?", append(args, p.Department.Lo, p.Department.Hi)
	}
	return sql, args
}

// Breaches implements figures.Reader.
func (s *Store) Breaches(ctx context.Context, p figures.Period) (list []figures.Breach, err error) {
	sql, args := narrowed("SELECT x.at, x.user_id, x.kind, x.department_id, x.dept_pos, x.excused_at FROM incident x WHERE 1 = 1", "x.at", p)
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		return q.Query(sql+" ORDER BY x.at DESC LIMIT ?", append(args, figures.MaxRead), func(r db.Row) error {
			list = append(list, figures.Breach{At: clock.Instant(r.Int64(0)), UserID: r.Int64(1), Kind: r.Text(2), DepartmentID: r.Int64(3), DeptPos: r.Int64(4), Excused: r.Int64(5) > 0})
			return nil
		})
	})
	return list, err
}

// Decisions implements figures.Reader.
func (s *Store) Decisions(ctx context.Context, p figures.Period) (list []figures.Decision, err error) {
	p.Kind, p.Department = "", access.Range{} // turns keep no place: whose are looked at is up to the caller
	sql, args := narrowed(`SELECT x.drum_id, x.user_id, x.type_id, x.record_id, x.offered_at, x.decided_at, x.state,
		(SELECT min(f.offered_at) FROM offer f WHERE f.type_id = x.type_id AND f.record_id = x.record_id AND f.drum_id = x.drum_id AND f.id <= x.id AND f.id >
			coalesce((SELECT max(g.id) FROM offer g WHERE g.type_id = x.type_id AND g.record_id = x.record_id AND g.state = 'taken' AND g.id < x.id), 0)),
		CASE WHEN x.state = 'missed' THEN (SELECT max(i.excused_at) FROM incident i WHERE i.type_id = x.type_id AND i.record_id = x.record_id
			AND i.kind = 'missed_offer' AND i.subject_id = x.id) ELSE 0 END
		FROM offer x WHERE x.decided_at > 0 AND x.state IN ('taken', 'missed')`, "x.decided_at", p)
	err = s.d.Read(ctx, func(q db.Q) error {
		c, err := s.schema.CatalogIn(q)
		if err != nil {
			return err
		}
		list = nil
		err = q.Query(sql+" ORDER BY x.decided_at DESC LIMIT ?", append(args, figures.MaxRead), func(r db.Row) error {
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
func (s *Store) Titles(ctx context.Context, records []ref.Ref) (titles map[ref.Ref]string, err error) {
	byType := map[string][]int64{}
	for _, r := range records {
		byType[r.Type] = append(byType[r.Type], r.ID)
	}
	err = s.d.Read(ctx, func(q db.Q) error {
		titles = map[ref.Ref]string{}
		c, err := s.schema.CatalogIn(q)
		if err != nil {
			return err
		}
		for code, ids := range byType {
			typ := c.Type(code)
			if typ == nil {
				continue
			}
			in, arg := db.Ints(q, ids)
			if err := q.Query("SELECT id, title FROM "+typ.Table()+" WHERE id"+in, []any{arg}, func(r db.Row) error {
				titles[ref.Ref{Type: code, ID: r.Int64(0)}] = r.Text(1)
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
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
			column := "0"
			if source != nil {
				column = "coalesce(r." + source.Col + ", 0)"
			}
			sql, args := narrowed("SELECT x.record_id, x.user_id, "+column+` FROM incident x JOIN `+typ.Table()+` r ON r.id = x.record_id JOIN stage st ON st.id = r.stage_id
				WHERE x.type_id = ? AND x.excused_at = 0 AND st.kind = 'lost'`, "x.at", p)
			byRecord := map[int64]int{}
			err := q.Query(sql+" ORDER BY x.at DESC LIMIT ?", slices.Concat([]any{typ.ID}, args, []any{figures.MaxRead}), func(r db.Row) error {
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
