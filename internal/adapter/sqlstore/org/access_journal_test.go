package orgstore

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/accessjournal"
)

func (h *house) note(list ...accessjournal.Entry) {
	h.t.Helper()
	ctx := accessjournal.With(h.t.Context(), accessjournal.From{IP: "10.0.0.7", Agent: "Browser", TokenID: 3})
	if err := h.d.Do(tx.WithActor(ctx, 1), func(t tx.Tx) error {
		for _, e := range list {
			if err := h.Note(t, e); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) journal(f accessjournal.Filter) (ids []int64) {
	h.t.Helper()
	if f.Limit == 0 {
		f.Limit = 100
	}
	list, err := h.Entries(h.t.Context(), f)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range list {
		ids = append(ids, e.ID)
	}
	return ids
}

// What nobody said of a line is filled in from the request; what was said stays.
func TestAccessEntryIsFilledIn(t *testing.T) {
	each(t, func(h *house) {
		h.note(accessjournal.Entry{Kind: accessjournal.Export, Data: accessjournal.Data(map[string]any{"rows": 5})},
			accessjournal.Entry{Kind: accessjournal.View, UserID: 9, IP: "::1", At: 5, Ref: ref.Ref{Type: "contact", ID: 8}})
		list, err := h.Entries(h.t.Context(), accessjournal.Filter{Limit: 10})
		if err != nil || len(list) != 2 {
			h.t.Fatal(list, err)
		}
		first, second := list[0], list[1]
		if first.UserID != 1 || first.IP != "10.0.0.7" || first.Agent != "Browser" || first.TokenID != 3 || first.At != h.clock.Now() || string(first.Data) != `{"rows":5}` {
			h.t.Errorf("not filled in: %+v", first)
		}
		if second.UserID != 9 || second.IP != "::1" || second.At != 5 || second.Ref.String() != "contact/8" || string(second.Data) != "{}" {
			h.t.Errorf("changed: %+v", second)
		}
	})
}

// Every filter and every page against the same done by hand.
func TestAccessEntriesFilteredAndPaged(t *testing.T) {
	each(t, func(h *house) {
		who := h.begun()
		kinds := []accessjournal.Kind{accessjournal.View, accessjournal.Login, accessjournal.LoginFailed}
		var all []accessjournal.Entry
		for i := range 60 {
			e := accessjournal.Entry{
				At: clock.Instant(1000 + i/3), UserID: []int64{who.UserID, 77}[i%2], Kind: kinds[i%3], IP: fmt.Sprintf("10.0.0.%d", i%4), Agent: "a", TokenID: int64(1 + i%5),
			}
			if e.Kind == accessjournal.View {
				e.Ref = ref.Ref{Type: []string{"contact", "lead"}[i%2], ID: int64(1 + i%7)}
			}
			if e.Kind == accessjournal.LoginFailed {
				e.Data = accessjournal.Data(map[string]any{"email": fmt.Sprintf("Thief%d@x.org", i%9)})
			}
			h.note(e)
			all = append(all, e)
		}
		read, err := h.Entries(h.t.Context(), accessjournal.Filter{Limit: 1000, To: 2000})
		if err != nil || len(read) != len(all) {
			h.t.Fatal(len(read), err)
		}
		elena := func(e accessjournal.Entry) bool { return e.UserID == who.UserID }
		for name, c := range map[string]struct {
			f    accessjournal.Filter
			keep func(e accessjournal.Entry) bool
		}{
			"person":  {accessjournal.Filter{UserID: 77}, func(e accessjournal.Entry) bool { return e.UserID == 77 }},
			"kinds":   {accessjournal.Filter{Kinds: kinds[1:]}, func(e accessjournal.Entry) bool { return e.Kind != accessjournal.View }},
			"record":  {accessjournal.Filter{Ref: ref.Ref{Type: "lead", ID: 4}}, func(e accessjournal.Entry) bool { return e.Ref.String() == "lead/4" }},
			"token":   {accessjournal.Filter{TokenID: 2}, func(e accessjournal.Entry) bool { return e.TokenID == 2 }},
			"period":  {accessjournal.Filter{From: 1004, To: 1009}, func(e accessjournal.Entry) bool { return e.At >= 1004 && e.At < 1009 }},
			"address": {accessjournal.Filter{Text: " 10.0.0.2 "}, func(e accessjournal.Entry) bool { return e.IP == "10.0.0.2" }},
			"name":    {accessjournal.Filter{Text: "ЖУКОВ"}, elena},
			"mail":    {accessjournal.Filter{Text: "elena@"}, elena},
			"tried":   {accessjournal.Filter{Text: "thief4@"}, func(e accessjournal.Entry) bool { return string(e.Data) == `{"email":"Thief4@x.org"}` }},
			"percent": {accessjournal.Filter{Text: "%"}, func(accessjournal.Entry) bool { return false }},
			"all":     {accessjournal.Filter{}, func(accessjournal.Entry) bool { return true }},
		} {
			var want []int64
			for _, e := range read {
				if c.keep(e) {
					want = append(want, e.ID)
				}
			}
			c.f.To = cmp.Or(c.f.To, 2000)
			if got := h.journal(c.f); !slices.Equal(got, want) {
				h.t.Errorf("%s: got %v, want %v", name, got, want)
			}
			var paged []int64
			for f := c.f; ; {
				f.Limit = 4
				list, err := h.Entries(h.t.Context(), f)
				if err != nil {
					h.t.Fatal(err)
				}
				for _, e := range list {
					paged = append(paged, e.ID)
					f.Before = accessjournal.Mark{At: e.At, ID: e.ID}
				}
				if len(list) < 4 {
					break
				}
			}
			if !slices.Equal(paged, want) {
				h.t.Errorf("%s by pages: got %v, want %v", name, paged, want)
			}
		}
	})
}

// Views go earlier than the rest, and as the portal says.
func TestAccessJournalSweep(t *testing.T) {
	each(t, func(h *house) {
		who := h.begun()
		keeping := &accessjournal.Keeping{Tx: h.d, Store: h.Store}
		run := func() {
			h.t.Helper()
			if err := h.d.Do(h.t.Context(), func(t tx.Tx) error { return keeping.Jobs()[0].Run(t, job.Job{Kind: accessjournal.SweepJob}) }); err != nil {
				h.t.Fatal(err)
			}
		}
		if err := keeping.Change(h.t.Context(), access.Who{UserID: 2, Role: access.Manager}, accessjournal.Keep{Months: 1, Views: 1}); err == nil {
			h.t.Error("a manager says how long the journal is kept")
		}
		if err := keeping.Change(h.t.Context(), who, accessjournal.Keep{Months: 0, Views: 500}); err == nil {
			h.t.Error("no month at all")
		}
		months := func(n int) clock.Instant { return clock.Of(h.clock.Now().Time().AddDate(0, -n, 0)) - 1 }
		before := h.journal(accessjournal.Filter{})
		for _, n := range []int{0, 2, 3, 11, 12} {
			h.note(accessjournal.Entry{Kind: accessjournal.View, At: months(n)}, accessjournal.Entry{Kind: accessjournal.Login, At: months(n)})
		}
		count := func() int { return len(h.journal(accessjournal.Filter{})) - len(before) }
		if run(); count() != 2+4 {
			h.t.Errorf("%d lines are left by default", count())
		}
		if err := keeping.Change(h.t.Context(), who, accessjournal.Keep{Months: 3, Views: 1}); err != nil {
			h.t.Fatal(err)
		}
		if k, err := h.Keeping(h.t.Context()); err != nil || k.Months != 3 || k.Views != 1 {
			h.t.Error(k, err)
		}
		if run(); count() != 1+2 {
			h.t.Errorf("%d lines are left", count())
		}
	})
}

func TestAccessEntryClip(t *testing.T) {
	if got := clipped("я\x00яя", 4); got != "я" {
		t.Errorf("%q", got)
	}
}

// Every way to ask the journal goes by an index that gives the newest lines in order: none is sorted or read whole.
func TestAccessEntriesGoByIndex(t *testing.T) {
	each(t, func(h *house) {
		if h.d.Dialect() != db.SQLite {
			return // the same statements; PostgreSQL plans by what the table holds
		}
		for name, c := range map[string]struct{ where, index string }{
			"all":     {"at < 5", "access_entry_at"},
			"person":  {"user_id = 5 AND at >= 3", "access_entry_user"},
			"kind":    {"kind = 'view'", "access_entry_kind"},
			"address": {"ip = '::1'", "access_entry_ip"},
			"record":  {"record_id > 0 AND type = 'contact' AND record_id = 5", "access_entry_record"},
		} {
			plan := ""
			if err := h.d.Read(h.t.Context(), func(q db.Q) error {
				plan = ""
				return q.Query("EXPLAIN QUERY PLAN SELECT id, "+entryColumns+" FROM access_entry WHERE "+c.where+" AND (at, id) < (9, 9) ORDER BY at DESC, id DESC LIMIT 50", nil,
					func(r db.Row) error { plan += r.Text(3) + "\n"; return nil })
			}); err != nil {
				h.t.Fatal(err)
			}
			if !strings.Contains(plan, c.index+" ") || strings.Contains(plan, "TEMP B-TREE") {
				h.t.Errorf("%s: %s", name, plan)
			}
		}
	})
}
