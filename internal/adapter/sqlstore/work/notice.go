package workstore

import (
	"context"
	"encoding/json"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/recordquery"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
	"voronka/internal/work/notify"
)

const noticeColumns = "n.id, n.user_id, n.at, n.kind, n.source, n.type_id, n.record_id, n.action, n.subject_id, n.until_at, n.args, n.held, n.read_at"

func readNotice(c *schema.Catalog, r db.Row) (*notify.Item, error) {
	args, err := notify.ReadArgs(r.Bytes(10))
	return &notify.Item{
		ID: r.Int64(0), UserID: r.Int64(1), At: clock.Instant(r.Int64(2)), Kind: r.Text(3), Source: r.Text(4), Ref: refOf(c, r.Int64(5), r.Int64(6)),
		Action: r.Text(7), Subject: r.Int64(8), Until: clock.Instant(r.Int64(9)), Args: args, Held: notify.Ways(r.Int64(11)), ReadAt: clock.Instant(r.Int64(12)),
	}, err
}

// Insert implements notify.Store.
func (s *Store) Insert(t tx.Tx, list []*notify.Item) error {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return err
	}
	q := db.Of(t)
	for _, n := range list {
		var typeID int64
		if typ := c.Type(n.Ref.Type); typ != nil {
			typeID = typ.ID
		}
		args, err := json.Marshal(n.Args)
		if err != nil {
			return err
		}
		err = db.Soon(q, `INSERT INTO notice (user_id, at, kind, source, type_id, record_id, action, subject_id, until_at, args, held)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`,
			[]any{n.UserID, n.At, n.Kind, n.Source, typeID, n.Ref.ID, n.Action, n.Subject, n.Until, string(args), int64(n.Held)},
			func(r db.Row) error { n.ID = r.Int64(0); return nil })
		if err != nil {
			return err
		}
	}
	return db.Settle(q)
}

// Titles implements notify.Store.
func (s *Store) Titles(t tx.Tx, refs []ref.Ref) (map[ref.Ref]string, error) {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return nil, err
	}
	called, err := recordquery.Titles(db.Of(t), c, access.System(), refs)
	titles := make(map[ref.Ref]string, len(called))
	for r, title := range called {
		titles[r] = title.Text
	}
	return titles, err
}

// Item implements notify.Store.
func (s *Store) Item(ctx context.Context, id int64) (n *notify.Item, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		n = nil
		c, err := s.schema.CatalogIn(q)
		if err != nil {
			return err
		}
		_, err = db.One(q, "SELECT "+noticeColumns+" FROM notice n WHERE n.id = ?", []any{id}, func(r db.Row) error {
			n, err = readNotice(c, r)
			return err
		})
		return err
	})
	return n, err
}

// List implements notify.Store.
func (s *Store) List(ctx context.Context, userID, before int64, unread bool, limit int) (list []*notify.Item, count int64, err error) {
	// A range of one person, ordered by person and number: PostgreSQL then reads the person's entries of the index. Asked for
	// equality it may walk down the whole table until a page is full.
	where, args := "n.user_id BETWEEN ? AND ?", []any{userID, userID}
	if before != 0 {
		where, args = where+" AND n.id < ?", append(args, before)
	}
	if unread {
		where += " AND n.read_at = 0"
	}
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		c, err := s.schema.CatalogIn(q)
		if err != nil {
			return err
		}
		err = q.Query("SELECT "+noticeColumns+", CASE WHEN o.decided_at = 0 AND o.user_id = n.user_id THEN 1 ELSE 0 END FROM notice n"+
			" LEFT JOIN offer o ON n.action = 'take' AND o.id = n.subject_id WHERE "+where+" ORDER BY n.user_id DESC, n.id DESC LIMIT ?", append(args, limit), func(r db.Row) error {
			n, err := readNotice(c, r)
			if err == nil {
				n.Open = r.Int64(13) != 0
				list = append(list, n)
			}
			return err
		})
		if err != nil {
			return err
		}
		count, err = unreadIn(q, userID)
		return err
	})
	return list, count, err
}

// unreadIn counts no further than anybody reads.
func unreadIn(q db.Q, userID int64) (int64, error) {
	return db.Int(q, "SELECT count(*) FROM ("+fewUnread+") few", userID)
}

const fewUnread = "SELECT 1 FROM notice WHERE user_id = ? AND read_at = 0 LIMIT 100"

// Unread implements notify.Store.
func (s *Store) Unread(t tx.Tx, userIDs []int64) (map[int64]int64, error) {
	q, counts := db.Of(t), map[int64]int64{}
	for _, id := range userIDs {
		if _, asked := counts[id]; asked {
			continue
		}
		counts[id] = 0
		err := db.Soon(q, "SELECT count(*) FROM ("+fewUnread+") few", []any{id}, func(r db.Row) error { counts[id] = r.Int64(0); return nil })
		if err != nil {
			return nil, err
		}
	}
	return counts, db.Settle(q)
}

// Read implements notify.Store.
func (s *Store) Read(t tx.Tx, userID int64, ids []int64) error {
	q := db.Of(t)
	if ids == nil {
		_, err := q.Exec("UPDATE notice SET read_at = ? WHERE user_id = ? AND read_at = 0", t.Now(), userID)
		return err
	}
	in, arg := db.Ints(q, ids)
	_, err := q.Exec("UPDATE notice SET read_at = ? WHERE id"+in+" AND user_id = ? AND read_at = 0", t.Now(), arg, userID)
	return err
}

// Settle implements notify.Store.
func (s *Store) Settle(t tx.Tx, over []notify.Over, kinds []string) (map[int64][]int64, error) {
	q, read := db.Of(t), map[int64][]int64{}
	text := "UPDATE notice SET read_at = ? WHERE user_id = ? AND read_at = 0 AND subject_id = ? AND kind IN (" +
		strings.TrimSuffix(strings.Repeat("?, ", len(kinds)), ", ") + ") RETURNING id"
	for _, o := range over {
		args := []any{t.Now(), o.UserID, o.OfferID}
		for _, k := range kinds {
			args = append(args, k)
		}
		err := db.Soon(q, text, args, func(r db.Row) error { read[o.UserID] = append(read[o.UserID], r.Int64(0)); return nil })
		if err != nil {
			return nil, err
		}
	}
	return read, db.Settle(q)
}

// Release implements notify.Store.
func (s *Store) Release(t tx.Tx, userID int64) (list []*notify.Item, err error) {
	c, err := s.schema.Catalog(t)
	if err != nil {
		return nil, err
	}
	q := db.Of(t)
	err = q.Query("SELECT "+noticeColumns+" FROM notice n WHERE n.user_id = ? AND n.held <> 0 ORDER BY n.id", []any{userID}, func(r db.Row) error {
		n, err := readNotice(c, r)
		list = append(list, n)
		return err
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	_, err = q.Exec("UPDATE notice SET held = 0 WHERE user_id = ? AND held <> 0 AND id <= ?", userID, list[len(list)-1].ID)
	return list, err
}

// Sweep implements notify.Store.
func (s *Store) Sweep(t tx.Tx, readBefore, anyBefore clock.Instant, limit int) (int64, error) {
	q := db.Of(t)
	n, err := q.Exec("DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE at < ? AND (read_at <> 0 OR at < ?) ORDER BY at LIMIT ?)", readBefore, anyBefore, limit)
	if err != nil {
		return n, err
	}
	if _, err := q.Exec("DELETE FROM push_spent WHERE at < ?", readBefore); err != nil {
		return n, err
	}
	_, err = q.Exec("DELETE FROM push_subscription WHERE session_id <> 0 AND NOT EXISTS (SELECT 1 FROM session s WHERE s.id = push_subscription.session_id)")
	return n, err
}

// Chosen implements notify.Store.
func (s *Store) Chosen(t tx.Tx, userIDs []int64) (map[int64]map[string]notify.Ways, error) {
	q, all := db.Of(t), map[int64]map[string]notify.Ways{}
	in, arg := db.Ints(q, userIDs)
	err := q.Query("SELECT user_id, kind, ways FROM notice_choice WHERE user_id"+in, []any{arg}, func(r db.Row) error {
		chosen := all[r.Int64(0)]
		if chosen == nil {
			chosen = map[string]notify.Ways{}
			all[r.Int64(0)] = chosen
		}
		chosen[r.Text(1)] = notify.Ways(r.Int64(2))
		return nil
	})
	return all, err
}

// Choices implements notify.Store.
func (s *Store) Choices(ctx context.Context, userID int64) (all map[string]notify.Ways, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		all = map[string]notify.Ways{}
		return q.Query("SELECT kind, ways FROM notice_choice WHERE user_id = ?", []any{userID}, func(r db.Row) error {
			all[r.Text(0)] = notify.Ways(r.Int64(1))
			return nil
		})
	})
	return all, err
}

// Choose implements notify.Store.
func (s *Store) Choose(t tx.Tx, userID int64, kind string, w notify.Ways) error {
	_, err := db.Of(t).Exec(`INSERT INTO notice_choice (user_id, kind, ways) VALUES (?, ?, ?)
		ON CONFLICT (user_id, kind) DO UPDATE SET ways = excluded.ways`, userID, kind, int64(w))
	return err
}
