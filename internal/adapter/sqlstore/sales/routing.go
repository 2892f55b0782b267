package salesstore

import (
	"context"
	"encoding/json"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
	"voronka/internal/sales/intake"
	"voronka/internal/sales/routing"
)

var (
	_ routing.Store  = (*Store)(nil)
	_ routing.Reader = (*Store)(nil)
)

// routingVersion is the name under which rules are kept in memory.
const routingVersion = "routing"

const ruleColumns = "id, code, title, fallback, active, tree, target_kind, target_id, target_way"

func readRule(r db.Row) routing.Rule {
	rule := routing.Rule{
		ID: r.Int64(0), Code: r.Text(1), Title: r.Text(2), Fallback: r.Int64(3) != 0, Active: r.Int64(4) != 0,
		Target: routing.Target{Kind: r.Text(6), ID: r.Int64(7), Way: r.Text(8)},
	}
	if tree := r.Text(5); tree != "" {
		rule.When = json.RawMessage(tree)
	}
	return rule
}

func loadRules(q db.Q) (*routing.Rules, error) {
	list := []routing.Rule{}
	err := q.Query("SELECT "+ruleColumns+" FROM routing_rule WHERE removed_at = 0 ORDER BY fallback, pos, id", nil, func(r db.Row) error {
		list = append(list, readRule(r))
		return nil
	})
	return routing.NewRules(list), err
}

// Rules implements routing.Store.
func (s *Store) Rules(t tx.Tx) (*routing.Rules, error) { return s.rules.In(db.Of(t)) }

// RuleCodes implements routing.Store.
func (s *Store) RuleCodes(t tx.Tx) (map[string]bool, error) {
	return codes(t, "SELECT code FROM routing_rule")
}

// InsertRule implements routing.Store.
func (s *Store) InsertRule(t tx.Tx, r *routing.Rule) (int64, error) {
	q := db.Of(t)
	pos, err := db.Int(q, "SELECT max(pos) + 1 FROM routing_rule")
	if err != nil {
		return 0, err
	}
	id, err := db.InsertID(q, `INSERT INTO routing_rule (code, title, pos, fallback, active, tree, target_kind, target_id, target_way)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, r.Code, r.Title, pos, r.Fallback, r.Active, string(r.When), r.Target.Kind, r.Target.ID, r.Target.Way)
	if err != nil {
		return 0, err
	}
	return id, db.Bump(t, routingVersion)
}

// SaveRule implements routing.Store.
func (s *Store) SaveRule(t tx.Tx, r *routing.Rule) error {
	if _, err := db.Of(t).Exec("UPDATE routing_rule SET title = ?, active = ?, tree = ?, target_kind = ?, target_id = ?, target_way = ? WHERE id = ?",
		r.Title, r.Active, string(r.When), r.Target.Kind, r.Target.ID, r.Target.Way, r.ID); err != nil {
		return err
	}
	return db.Bump(t, routingVersion)
}

// RemoveRule implements routing.Store.
func (s *Store) RemoveRule(t tx.Tx, id int64) error {
	n, err := db.Of(t).Exec("UPDATE routing_rule SET removed_at = ? WHERE id = ? AND fallback = 0 AND removed_at = 0", t.Now(), id)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "routing.no_such_rule")
	}
	return db.Bump(t, routingVersion)
}

// OrderRules implements routing.Store.
func (s *Store) OrderRules(t tx.Tx, ids []int64) error {
	for pos, id := range ids {
		if _, err := db.Of(t).Exec("UPDATE routing_rule SET pos = ? WHERE id = ?", pos+1, id); err != nil {
			return err
		}
	}
	return db.Bump(t, routingVersion)
}

// Turn implements routing.Store.
func (s *Store) Turn(t tx.Tx, ruleID int64) (int64, error) {
	q := db.Of(t)
	if err := db.LockRows(q, "routing_rule", ruleID); err != nil {
		return 0, err
	}
	return db.Int(q, "SELECT turn_id FROM routing_rule WHERE id = ?", ruleID)
}

// SaveTurn implements routing.Store.
func (s *Store) SaveTurn(t tx.Tx, ruleID, userID int64) error {
	_, err := db.Of(t).Exec("UPDATE routing_rule SET turn_id = ? WHERE id = ?", userID, ruleID)
	return err
}

// Won implements routing.Store.
func (s *Store) Won(t tx.Tx, client ref.Ref) (n int64, err error) {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return 0, err
	}
	col, typ := clientColumn(c, "deal", client)
	if col == "" {
		return 0, nil
	}
	var won []int64
	for _, p := range c.Pipelines(typ.Code) {
		for _, stage := range p.Stages {
			if stage.Kind == schema.Won {
				won = append(won, stage.ID)
			}
		}
	}
	q := db.Of(t)
	in, arg := db.Ints(q, won)
	return db.Int(q, "SELECT count(*) FROM "+typ.Table()+" WHERE "+col+" = ? AND stage_id"+in, client.ID, arg)
}

// Former implements routing.Store.
func (s *Store) Former(t tx.Tx, client ref.Ref) (int64, error) {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return 0, err
	}
	for _, code := range []string{"deal", "lead"} {
		col, typ := clientColumn(c, code, client)
		if col == "" {
			continue
		}
		person, err := db.Int(db.Of(t), "SELECT responsible_id FROM "+typ.Table()+" WHERE "+col+` = ? AND closed_at IS NOT NULL AND responsible_id <> 0
			ORDER BY closed_at DESC, id DESC LIMIT 1`, client.ID)
		if err != nil || person != 0 {
			return person, err
		}
	}
	return 0, nil
}

// clientColumn is the column by which records of a type belong to clients of a sort, "" when they don't.
func clientColumn(c *schema.Catalog, code string, client ref.Ref) (string, *schema.Type) {
	typ := c.Type(code)
	if typ == nil {
		return "", nil
	}
	if f := typ.Field(client.Type); f != nil && f.Kind == schema.Link && f.LinkType == client.Type {
		return f.Col, typ
	}
	return "", typ
}

const routingColumns = "rule_id, target_kind, target_id, target_way, routed_by, user_id, at, rounds, round_at"

// Routing implements routing.Store.
func (s *Store) Routing(t tx.Tx, r ref.Ref) (*routing.Routing, error) {
	typ, err := s.typeID(t, r)
	if err != nil {
		return nil, err
	}
	return routingIn(db.Of(t), typ, r)
}

func routingIn(q db.Q, typeID int64, r ref.Ref) (out *routing.Routing, err error) {
	_, err = db.One(q, "SELECT "+routingColumns+" FROM routing WHERE type_id = ? AND record_id = ?", []any{typeID, r.ID}, func(row db.Row) error {
		out = &routing.Routing{
			Record: r, RuleID: row.Int64(0), Target: routing.Target{Kind: row.Text(1), ID: row.Int64(2), Way: row.Text(3)}, By: row.Text(4), UserID: row.Int64(5),
			At: clock.Instant(row.Int64(6)), Rounds: int(row.Int64(7)), RoundAt: clock.Instant(row.Int64(8)),
		}
		return nil
	})
	return out, err
}

// StandingOf implements routing.Reader.
func (s *Store) StandingOf(ctx context.Context, who access.Who, r ref.Ref) (out routing.Standing, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		c, err := s.schema.CatalogIn(q)
		if err != nil {
			return err
		}
		if ok, err := sees(q, c, who, r); err != nil {
			return err
		} else if !ok || r.Zero() {
			return fault.New(fault.NotFound, "record.not_found", fault.Args{"type": r.Type, "id": r.ID})
		}
		typ := c.Type(r.Type).ID
		now, err := routingIn(q, typ, r)
		if err != nil {
			return err
		}
		came, err := db.Int(q, "SELECT 1 FROM request WHERE type_id = ? AND record_id = ? LIMIT 1", typ, r.ID)
		if err != nil {
			return err
		}
		rules, err := s.rules.In(q)
		out = routing.Stand(r, now, came != 0, rules)
		return err
	})
	return out, err
}

// SaveRouting implements routing.Store.
func (s *Store) SaveRouting(t tx.Tx, r *routing.Routing) error {
	typ, err := s.typeID(t, r.Record)
	if err != nil {
		return err
	}
	columns := strings.Split(routingColumns, ", ")
	sets := make([]string, len(columns))
	for i, name := range columns {
		sets[i] = name + " = excluded." + name
	}
	return db.Later(db.Of(t), "INSERT INTO routing (type_id, record_id, "+routingColumns+") VALUES (?, ?"+strings.Repeat(", ?", len(columns))+
		") ON CONFLICT (type_id, record_id) DO UPDATE SET "+strings.Join(sets, ", "),
		typ, r.Record.ID, r.RuleID, r.Target.Kind, r.Target.ID, r.Target.Way, r.By, r.UserID, r.At, r.Rounds, r.RoundAt)
}

// DropRouting implements routing.Store.
func (s *Store) DropRouting(t tx.Tx, r ref.Ref) error {
	typ, err := s.typeID(t, r)
	if err != nil {
		return err
	}
	return db.Later(db.Of(t), "DELETE FROM routing WHERE type_id = ? AND record_id = ?", typ, r.ID)
}

const requestFacts = "SELECT id, at, intake_key_id, channel, source, payload, type_id, record_id, attribution FROM request WHERE "

func (s *Store) oneRequest(t tx.Tx, where string, args ...any) (out *intake.Request, err error) {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return nil, err
	}
	_, err = db.One(db.Of(t), requestFacts+where, args, func(r db.Row) error {
		out = &intake.Request{
			ID: r.Int64(0), At: clock.Instant(r.Int64(1)), KeyID: r.Int64(2), Channel: r.Text(3), Source: r.Text(4), Payload: []byte(r.Text(5)),
			Record: refOf(c, r.Int64(6), r.Int64(7)), Attribution: []byte(r.Text(8)),
		}
		return nil
	})
	return out, err
}

// LastRequest implements intake.Store.
func (s *Store) LastRequest(t tx.Tx, r ref.Ref) (*intake.Request, error) {
	typ, err := s.typeID(t, r)
	if err != nil {
		return nil, err
	}
	return s.oneRequest(t, "type_id = ? AND record_id = ? ORDER BY id DESC LIMIT 1", typ, r.ID)
}

// RequestByID implements intake.Store.
func (s *Store) RequestByID(t tx.Tx, id int64) (*intake.Request, error) {
	r, err := s.oneRequest(t, "id = ?", id)
	if err == nil && r == nil {
		err = fault.New(fault.NotFound, "routing.no_such_request")
	}
	return r, err
}
