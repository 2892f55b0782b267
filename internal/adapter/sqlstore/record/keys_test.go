package record_test

import (
	"fmt"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	store "voronka/internal/adapter/sqlstore/record"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/textkey"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/activity"
	"voronka/internal/record/record"
)

// A portal made before long texts had keys gets them with the next start, over more records than one slice takes.
func TestOlderTextsGetTheirKeys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.service.Add(&activity.Steps{Store: h.store})
		const n = 620
		for i := range n {
			h.mustCreate(3, "deal", record.Values{"title": fmt.Sprint(i), "comment": fmt.Sprintf("Ёлка %d", i)})
		}
		bare := h.mustCreate(3, "deal", record.Values{"title": "Без слов"})
		h.mustCreate(3, "activity", record.Values{"title": "Звонок ЁЖ", "due_at": "2026-12-01T10:00:00Z", "about": []any{ref.Ref{Type: "deal", ID: bare}}})
		if err := h.do(1, func(t tx.Tx) error {
			for _, column := range []string{"comment_key", "next_title_key"} {
				if _, err := db.Of(t).Exec("ALTER TABLE r_deal DROP COLUMN " + column); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time there is nothing to do
			if err := store.EnsureBuiltins(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		seen := 0
		err := d.Read(t.Context(), func(q db.Q) error {
			return q.Query("SELECT id, comment, comment_key, next_title, next_title_key FROM r_deal", nil, func(r db.Row) error {
				seen++
				switch {
				case r.Int64(0) == bare:
					if !r.Null(2) || r.Text(4) != textkey.Key("Звонок ЁЖ") {
						t.Errorf("without a comment: key %q, next step %q", r.Text(2), r.Text(4))
					}
				case r.Text(2) != textkey.Key(r.Text(1)) || !r.Null(4):
					t.Errorf("%d: %q has the key %q; next step %q", r.Int64(0), r.Text(1), r.Text(2), r.Text(4))
				}
				return nil
			})
		})
		if err != nil || seen != n+1 {
			t.Fatal(seen, err)
		}
		if _, err := h.update(3, "deal", 1, record.Values{"comment": "Новый"}, 0); err != nil {
			t.Fatal(err)
		}
		left, err := countOf(h, "SELECT count(*) FROM setting WHERE key = 'record.keyless'")
		if err != nil || left != 0 {
			t.Error("still waiting", left, err)
		}
	})
}

func countOf(h *house, text string, args ...any) (n int64, err error) {
	err = h.d.Read(h.Context(), func(q db.Q) error { n, err = db.Int(q, text, args...); return err })
	return n, err
}
