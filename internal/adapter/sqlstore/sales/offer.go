package salesstore

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/schema"
	"voronka/internal/sales/drum"
)

const offerColumns = "o.id, o.drum_id, o.type_id, o.record_id, o.user_id, o.round, o.state, o.offered_at, o.due_at, o.decided_at, o.decided_by, o.reasons, " +
	"o.work_ms, o.pauses, o.portion, o.first_id"

// offerWidth is how many columns that are.
const offerWidth = 16

func readOffer(c *schema.Catalog, r db.Row) (drum.Offer, error) {
	o := drum.Offer{
		ID: r.Int64(0), DrumID: r.Int64(1), Record: refOf(c, r.Int64(2), r.Int64(3)), UserID: r.Int64(4), Round: int(r.Int64(5)), State: r.Text(6),
		OfferedAt: clock.Instant(r.Int64(7)), DueAt: clock.Instant(r.Int64(8)), DecidedAt: clock.Instant(r.Int64(9)), DecidedBy: r.Int64(10),
	}
	if err := json.Unmarshal(r.Bytes(11), &o.Reasons); err != nil {
		return o, fmt.Errorf("reasons of offer %d: %w", o.ID, err)
	}
	o.Work, o.Portion, o.FirstID = time.Duration(r.Int64(12))*time.Millisecond, r.Text(14), r.Int64(15)
	if text := r.Bytes(13); len(text) > len("[]") {
		if err := json.Unmarshal(text, &o.Pauses); err != nil {
			return o, fmt.Errorf("pauses of offer %d: %w", o.ID, err)
		}
	}
	return o, nil
}

func (s *Store) offers(t tx.Tx, where string, args ...any) (list []drum.Offer, err error) {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return nil, err
	}
	err = db.Of(t).Query("SELECT "+offerColumns+" FROM offer o WHERE "+where, args, func(r db.Row) error {
		o, err := readOffer(c, r)
		list = append(list, o)
		return err
	})
	return list, err
}

// InsertOffers implements drum.Store.
func (s *Store) InsertOffers(t tx.Tx, offers []*drum.Offer) error {
	q := db.Of(t)
	for _, o := range offers {
		typ, err := s.typeID(t, o.Record)
		if err != nil {
			return err
		}
		reasons := []byte("[]")
		if o.Reasons != nil {
			if reasons, err = json.Marshal(o.Reasons); err != nil {
				return err
			}
		}
		pauses, err := pausesText(o.Pauses)
		if err != nil {
			return err
		}
		err = db.Soon(q, `INSERT INTO offer (drum_id, type_id, record_id, user_id, round, state, offered_at, due_at, reasons,
			work_ms, pauses, portion, first_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, []any{
			o.DrumID, typ, o.Record.ID, o.UserID, o.Round, o.State, o.OfferedAt, o.DueAt, string(reasons), o.Work.Milliseconds(), pauses, o.Portion, o.FirstID,
		}, func(r db.Row) error { o.ID = r.Int64(0); return nil })
		if err != nil {
			return alreadyOpen(err)
		}
	}
	return alreadyOpen(db.Settle(q))
}

// alreadyOpen names what the index offer_open is for.
func alreadyOpen(err error) error {
	if db.IsUnique(err) {
		return fault.Wrap(fault.Conflict, "offer.already_open", err)
	}
	return err
}

func pausesText(pauses []drum.Pause) (string, error) {
	if len(pauses) == 0 {
		return "[]", nil
	}
	text, err := json.Marshal(pauses)
	return string(text), err
}

// MoveOffer implements drum.Store.
func (s *Store) MoveOffer(t tx.Tx, o *drum.Offer) error {
	pauses, err := pausesText(o.Pauses)
	if err != nil {
		return err
	}
	return db.Later(db.Of(t), "UPDATE offer SET due_at = ?, pauses = ? WHERE id = ? AND decided_at = 0", o.DueAt, pauses, o.ID)
}

// OffersByID implements drum.Store.
func (s *Store) OffersByID(t tx.Tx, ids []int64) ([]drum.Offer, error) {
	in, arg := db.Ints(db.Of(t), ids)
	return s.offers(t, "o.id"+in+" ORDER BY o.id", arg)
}

// LockRecords implements drum.Store: type by type, in the order of their numbers.
func (s *Store) LockRecords(t tx.Tx, records []ref.Ref) (map[ref.Ref]bool, error) {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return nil, err
	}
	byType := map[string][]int64{}
	for _, r := range records {
		byType[r.Type] = append(byType[r.Type], r.ID)
	}
	q, there := db.Of(t), make(map[ref.Ref]bool, len(records))
	for _, code := range slices.Sorted(maps.Keys(byType)) {
		typ := c.Type(code)
		if typ == nil {
			continue
		}
		if err := db.LockRows(q, typ.Table(), byType[code]...); err != nil {
			return nil, err
		}
		in, arg := db.Ints(q, byType[code])
		if err := q.Query("SELECT id FROM "+typ.Table()+" WHERE id"+in, []any{arg}, func(r db.Row) error {
			there[ref.Ref{Type: code, ID: r.Int64(0)}] = true
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return there, nil
}

// Offer implements drum.Store.
func (s *Store) Offer(t tx.Tx, id int64) (*drum.Offer, error) {
	list, err := s.offers(t, "o.id = ?", id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "offer.not_found")
	}
	return &list[0], nil
}

// OpenOffer implements drum.Store.
func (s *Store) OpenOffer(t tx.Tx, r ref.Ref) (*drum.Offer, error) {
	typ, err := s.typeID(t, r)
	if err != nil {
		return nil, err
	}
	list, err := s.offers(t, "o.type_id = ? AND o.record_id = ? AND o.decided_at = 0", typ, r.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// DecideMany implements drum.Store.
func (s *Store) DecideMany(t tx.Tx, ids []int64, state string, by int64) (map[int64]bool, error) {
	q, won := db.Of(t), make(map[int64]bool, len(ids))
	in, arg := db.Ints(q, ids)
	err := q.Query("UPDATE offer SET state = ?, decided_at = ?, decided_by = ? WHERE id"+in+" AND decided_at = 0 RETURNING id", []any{state, t.Now(), by, arg},
		func(r db.Row) error { won[r.Int64(0)] = true; return nil })
	return won, err
}

// Decide implements drum.Store.
func (s *Store) Decide(t tx.Tx, id int64, state string, by int64) (bool, error) {
	n, err := db.Of(t).Exec("UPDATE offer SET state = ?, decided_at = ?, decided_by = ? WHERE id = ? AND decided_at = 0", state, t.Now(), by, id)
	return n == 1, err
}

// OpenOf implements drum.Store.
func (s *Store) OpenOf(t tx.Tx, userID int64) ([]drum.Offer, error) {
	return s.offers(t, "o.user_id = ? AND o.state IN ('offered', 'escalated') AND o.decided_at = 0 ORDER BY o.type_id, o.record_id", userID)
}

// OpenIn implements drum.Store.
func (s *Store) OpenIn(t tx.Tx, drumID int64) ([]drum.Offer, error) {
	return s.offers(t, "o.drum_id = ? AND o.state IN ('offered', 'escalated', 'waiting') AND o.decided_at = 0 ORDER BY o.type_id, o.record_id", drumID)
}

// WaitingIn implements drum.Store.
func (s *Store) WaitingIn(t tx.Tx, drumID int64, portion string, n int) ([]drum.Offer, error) {
	return s.offers(t, "o.drum_id = ? AND o.portion = ? AND o.state = 'waiting' ORDER BY o.id LIMIT ?", drumID, portion, n)
}

// WaitingPortions implements drum.Store.
func (s *Store) WaitingPortions(t tx.Tx, drumID int64) (portions []string, err error) {
	err = db.Of(t).Query("SELECT DISTINCT portion FROM offer WHERE drum_id = ? AND state = 'waiting' ORDER BY portion", []any{drumID}, func(r db.Row) error {
		portions = append(portions, r.Text(0))
		return nil
	})
	return portions, err
}

// Running implements drum.Store.
func (s *Store) Running(t tx.Tx, drumID int64) (map[int64]int, error) {
	return counts(t, "SELECT user_id, count(*) FROM offer WHERE drum_id = ? AND state = 'offered' AND portion = '' GROUP BY user_id", drumID)
}

func counts(t tx.Tx, sql string, args ...any) (map[int64]int, error) {
	n := map[int64]int{}
	err := db.Of(t).Query(sql, args, func(r db.Row) error { n[r.Int64(0)] = int(r.Int64(1)); return nil })
	return n, err
}

// Loads implements drum.Store, by the totals of pipelines.
func (s *Store) Loads(t tx.Tx, users []int64) (map[int64]int, error) {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return nil, err
	}
	var pipelines, stages []int64
	for _, typ := range c.Types {
		for _, p := range c.Pipelines(typ.Code) {
			pipelines = append(pipelines, p.ID)
			for _, stage := range p.Stages {
				if !stage.Closed() {
					stages = append(stages, stage.ID)
				}
			}
		}
	}
	q := db.Of(t)
	inPipelines, arg1 := db.Ints(q, pipelines)
	inUsers, arg2 := db.Ints(q, users)
	inStages, arg3 := db.Ints(q, stages)
	return counts(t, "SELECT responsible_id, sum(n) FROM total_user WHERE pipeline_id"+inPipelines+" AND responsible_id"+inUsers+" AND stage_id"+inStages+
		" GROUP BY responsible_id", arg1, arg2, arg3)
}

// WaitingDrums implements drum.Store.
func (s *Store) WaitingDrums(t tx.Tx) (ids []int64, err error) {
	err = db.Of(t).Query("SELECT DISTINCT drum_id FROM offer WHERE decided_at = 0 AND state = 'waiting'", nil, func(r db.Row) error {
		ids = append(ids, r.Int64(0))
		return nil
	})
	return ids, err
}

// Misses implements drum.Store.
func (s *Store) Misses(t tx.Tx, drumID int64, r ref.Ref) (map[int64]int, error) {
	all, err := s.MissesOf(t, drumID, []drum.About{{Record: r}})
	return all[r], err
}

// MissesOf implements drum.Store.
func (s *Store) MissesOf(t tx.Tx, drumID int64, records []drum.About) (map[ref.Ref]map[int64]int, error) {
	byType := map[string][]int64{}
	all := make(map[ref.Ref]map[int64]int, len(records))
	for _, about := range records {
		byType[about.Record.Type] = append(byType[about.Record.Type], about.Record.ID)
		all[about.Record] = map[int64]int{}
	}
	q := db.Of(t)
	for code, ids := range byType {
		typ, err := s.typeID(t, ref.Ref{Type: code})
		if err != nil {
			return nil, err
		}
		in, arg := db.Ints(q, ids)
		err = q.Query("SELECT record_id, user_id, state FROM offer WHERE type_id = ? AND record_id"+in+" AND drum_id = ? ORDER BY type_id, record_id, id", []any{typ, arg, drumID},
			func(row db.Row) error {
				misses := all[ref.Ref{Type: code, ID: row.Int64(0)}]
				switch row.Text(2) {
				case drum.Taken:
					clear(misses)
				case drum.Missing:
					misses[row.Int64(1)]++
				}
				return nil
			})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Left implements drum.Store.
func (s *Store) Left(t tx.Tx) ([]drum.Offer, error) {
	return s.offers(t, `o.decided_at = 0 AND o.state IN ('offered', 'escalated')
		AND NOT EXISTS (SELECT 1 FROM users u WHERE u.id = o.user_id AND u.active = 1) ORDER BY o.type_id, o.record_id LIMIT 200`)
}
