package orgstore

import (
	"cmp"
	"context"
	"encoding/json"
	"net/netip"
	"slices"
	"strings"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/textkey"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/accessjournal"
)

var _ accessjournal.Store = (*Store)(nil)

// keepKey is the setting that says how long lines are kept.
const keepKey = "access_journal"

const entryColumns = "at, user_id, kind, ip, agent, token_id, type, record_id, data"

// maxAgent is how much of what a browser says of itself is kept, in bytes.
const maxAgent = 300

// Note implements accessjournal.Writer. The acting person is filled in like the rest.
func (s *Store) Note(t tx.Tx, e accessjournal.Entry) error {
	from := accessjournal.Of(t.Context())
	e.At = cmp.Or(e.At, t.Now())
	e.UserID = cmp.Or(e.UserID, t.Actor())
	e.IP, e.Agent, e.TokenID = cmp.Or(e.IP, from.IP), cmp.Or(e.Agent, from.Agent), cmp.Or(e.TokenID, from.TokenID)
	accessjournal.Count(t.Context())
	return s.NoteAll(t, []accessjournal.Entry{e})
}

// NoteAll implements accessjournal.Store.
func (s *Store) NoteAll(t tx.Tx, list []accessjournal.Entry) error {
	if len(list) == 0 {
		return nil
	}
	values, args := strings.Builder{}, make([]any, 0, 9*len(list))
	for i, e := range list {
		if i > 0 {
			values.WriteString(", ")
		}
		values.WriteString("(?, ?, ?, ?, ?, ?, ?, ?, ?)")
		if len(e.Data) == 0 {
			e.Data = json.RawMessage("{}")
		}
		args = append(args, e.At, e.UserID, string(e.Kind), e.IP, clipped(e.Agent, maxAgent), e.TokenID, e.Ref.Type, e.Ref.ID, string(e.Data))
	}
	return exec(t, "INSERT INTO access_entry ("+entryColumns+") VALUES "+values.String(), args...)
}

// clipped is the beginning of a text, as whole characters of at most n bytes without zeros, which PostgreSQL can't hold.
func clipped(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
}

// Entries implements accessjournal.Reader. Each way a text can be meant is asked by its own index, and the answers are
// merged.
func (s *Store) Entries(ctx context.Context, f accessjournal.Filter) (list []accessjournal.Entry, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		list = nil
		ways, err := waysOf(q, f.Text)
		if err != nil {
			return err
		}
		for _, part := range parts(f, len(ways)) {
			for _, way := range ways {
				if list, err = entries(q, way, part, list); err != nil {
					return err
				}
			}
		}
		slices.SortFunc(list, func(a, b accessjournal.Entry) int { return cmp.Or(cmp.Compare(b.At, a.At), cmp.Compare(b.ID, a.ID)) })
		list = slices.CompactFunc(list, func(a, b accessjournal.Entry) bool { return a.ID == b.ID })
		list = list[:min(len(list), f.Limit)]
		return nil
	})
	return list, err
}

// parts are filters for one kind each, where the kind is what narrows most: its index gives the newest lines in their order,
// while several kinds at once would be sorted whole.
func parts(f accessjournal.Filter, ways int) []accessjournal.Filter {
	if len(f.Kinds) < 2 || ways > 1 || f.UserID != 0 || !f.Ref.Zero() {
		return []accessjournal.Filter{f}
	}
	list := make([]accessjournal.Filter, len(f.Kinds))
	for i, kind := range f.Kinds {
		list[i] = f
		list[i].Kinds = []accessjournal.Kind{kind}
	}
	return list
}

// way is a condition with its arguments.
type way struct {
	sql  string
	args []any
}

// maxNamed is how many people of a name are looked for: whoever types "а" sees the first ones.
const maxNamed = 50

// waysOf is what a searched text can mean: a network address, people by name or e-mail address, or the address somebody
// tried to enter with.
func waysOf(q db.Q, wanted string) ([]way, error) {
	if wanted = strings.TrimSpace(wanted); wanted == "" {
		return []way{{sql: "1 = 1"}}, nil
	}
	if ip, err := netip.ParseAddr(wanted); err == nil {
		return []way{{"ip = ?", []any{ip.Unmap().String()}}}, nil
	}
	pattern := "%" + like(textkey.Key(wanted)) + "%"
	tried := way{"kind IN ('login_failed', 'login_blocked') AND lower(data) LIKE ? ESCAPE '!'", []any{"%" + like(strings.ToLower(wanted)) + "%"}}
	ways := []way{tried}
	err := q.Query("SELECT id FROM users WHERE name_key LIKE ? ESCAPE '!' OR email_key LIKE ? ESCAPE '!' ORDER BY active DESC, id LIMIT ?",
		[]any{pattern, pattern, maxNamed}, func(r db.Row) error {
			ways = append(ways, way{"user_id = ?", []any{r.Int64(0)}})
			return nil
		})
	return ways, err
}

// like takes the meaning from signs that have one in LIKE.
func like(s string) string { return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s) }

func entries(q db.Q, w way, f accessjournal.Filter, list []accessjournal.Entry) ([]accessjournal.Entry, error) {
	sql, args := strings.Builder{}, slices.Clone(w.args)
	sql.WriteString("SELECT id, " + entryColumns + " FROM access_entry WHERE " + w.sql)
	add := func(part string, values ...any) {
		sql.WriteString(" AND " + part)
		args = append(args, values...)
	}
	if f.UserID != 0 {
		add("user_id = ?", f.UserID)
	}
	if len(f.Kinds) > 0 {
		add("kind IN ("+strings.TrimPrefix(strings.Repeat(", ?", len(f.Kinds)), ", ")+")", kindArgs(f.Kinds)...)
	}
	if f.TokenID != 0 {
		add("token_id = ?", f.TokenID)
	}
	if !f.Ref.Zero() {
		add("record_id > 0 AND type = ? AND record_id = ?", f.Ref.Type, f.Ref.ID)
	}
	if f.From != 0 {
		add("at >= ?", f.From)
	}
	if f.To != 0 {
		add("at < ?", f.To)
	}
	if f.Before.ID != 0 {
		add("(at, id) < (?, ?)", f.Before.At, f.Before.ID)
	}
	sql.WriteString(" ORDER BY at DESC, id DESC LIMIT ?")
	err := q.Query(sql.String(), append(args, f.Limit), func(r db.Row) error {
		list = append(list, accessjournal.Entry{
			ID: r.Int64(0), At: clock.Instant(r.Int64(1)), UserID: r.Int64(2), Kind: accessjournal.Kind(r.Text(3)), IP: r.Text(4), Agent: r.Text(5),
			TokenID: r.Int64(6), Ref: ref.Ref{Type: r.Text(7), ID: r.Int64(8)}, Data: json.RawMessage(r.Text(9)),
		})
		return nil
	})
	return list, err
}

func kindArgs(kinds []accessjournal.Kind) []any {
	args := make([]any, len(kinds))
	for i, k := range kinds {
		args[i] = string(k)
	}
	return args
}

// Sweep implements accessjournal.Store.
func (s *Store) Sweep(t tx.Tx, kinds []accessjournal.Kind, before clock.Instant, limit int) (int64, error) {
	removed := int64(0)
	for _, kind := range kinds { // each by its index
		n, err := db.Of(t).Exec("DELETE FROM access_entry WHERE id IN (SELECT id FROM access_entry WHERE kind = ? AND at < ? ORDER BY at LIMIT ?)",
			string(kind), before, int64(limit)-removed)
		if removed += n; err != nil || removed >= int64(limit) {
			return removed, err
		}
	}
	return removed, nil
}

// Keeping implements accessjournal.Store.
func (s *Store) Keeping(ctx context.Context) (k accessjournal.Keep, err error) {
	err = s.d.Read(ctx, func(q db.Q) error {
		k = accessjournal.DefaultKeep()
		return setting(q, keepKey, &k)
	})
	return k, err
}

// KeepingIn implements accessjournal.Store.
func (s *Store) KeepingIn(t tx.Tx) (accessjournal.Keep, error) {
	k := accessjournal.DefaultKeep()
	return k, setting(db.Of(t), keepKey, &k)
}

// SaveKeeping implements accessjournal.Store.
func (s *Store) SaveKeeping(t tx.Tx, k accessjournal.Keep) error { return saveSetting(t, keepKey, k) }

// TokenTitles are the titles of tokens that are still there.
func (s *Store) TokenTitles(ctx context.Context, ids []int64) (map[int64]string, error) {
	titles := map[int64]string{}
	if len(ids) == 0 {
		return titles, nil
	}
	return titles, s.d.Read(ctx, func(q db.Q) error {
		in, arg := db.Ints(q, ids)
		return q.Query("SELECT id, title FROM api_token WHERE id"+in, []any{arg}, func(r db.Row) error {
			titles[r.Int64(0)] = r.Text(1)
			return nil
		})
	})
}
