package record_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/adapter/sqlstore/jobs"
	"voronka/internal/adapter/sqlstore/portal"
	store "voronka/internal/adapter/sqlstore/record"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// work runs the jobs that are due.
func (h *house) work() {
	h.Helper()
	handlers := map[string]job.Handler{}
	for _, j := range append(h.store.Jobs(), h.service.Jobs(h.d)...) {
		handlers[j.Kind] = j
	}
	if _, err := jobs.NewRunner(h.d, handlers).RunDue(h.Context()); err != nil {
		h.Fatal(err)
	}
	if waiting := h.rows("SELECT kind, error FROM job WHERE error <> ''", 2); len(waiting) > 0 {
		h.Fatalf("jobs failed: %v", waiting)
	}
}

func (h *house) field(typ, code string) *schema.Field {
	h.Helper()
	cat, err := h.store.FreshCatalog(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	return cat.Type(typ).Field(code)
}

func TestFieldIsAddedWhileEightWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for i := range 50 {
			h.mustCreate(3, "deal", record.Values{"title": fmt.Sprint(i), "amount": "5"})
		}
		var stop atomic.Bool
		var written atomic.Int64
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for i := 0; !stop.Load(); i++ {
					if _, err := h.create(3, "deal", record.Values{"title": "во время", "amount": "7"}); err != nil {
						t.Errorf("create: %v", err)
						return
					}
					if _, err := h.update(3, "deal", int64(i%50+1), record.Values{"comment": fmt.Sprint(i)}, 0); err != nil {
						t.Errorf("update: %v", err)
						return
					}
					written.Add(1)
				}
			})
		}
		for n := range 5 {
			h.addField("deal", schema.FieldSpec{Code: fmt.Sprint("extra", n), Kind: schema.Text, Indexed: n%2 == 0})
			h.work()
			if _, err := h.create(3, "deal", record.Values{"title": "с полем", fmt.Sprint("extra", n): "да"}); err != nil {
				t.Errorf("with the new field: %v", err)
			}
		}
		for deadline := time.Now().Add(10 * time.Second); written.Load() < 40 && time.Now().Before(deadline); {
			time.Sleep(10 * time.Millisecond)
		}
		stop.Store(true)
		group.Wait()
		if f := h.field("deal", "extra0"); !f.Indexed || f.Indexing {
			t.Errorf("the index of extra0: ready %v, building %v", f.Indexed, f.Indexing)
		}
		if f := h.field("deal", "extra1"); f.Indexed || f.Indexing {
			t.Error("extra1 wanted no index")
		}
		(&life{house: h, typ: "deal"}).checkTotals()
		// Another node that knew the old schema takes the new one before it touches anything.
		if got := h.rows("SELECT type FROM outbox WHERE type LIKE 'index.%' ORDER BY id", 1); len(got) != 6 || got[0] != "index.building" || got[1] != "index.ready" {
			t.Errorf("announcements: %v", got)
		}
	})
}

func TestSecondNodeSeesTheField(t *testing.T) {
	dbtest.EachOptions(t, func(t *testing.T, o db.Options) {
		first, second := dbtest.Open(t, o), dbtest.Open(t, o)
		h := newHouse(t, first)
		other := newHouse(t, second)
		other.mustCreate(3, "deal", record.Values{"title": "раньше"})
		h.addField("deal", schema.FieldSpec{Code: "later", Kind: schema.Integer})
		id := other.mustCreate(3, "deal", record.Values{"title": "позже", "later": int64(5)})
		if got := h.json("deal", id)["later"]; got != "5" {
			t.Errorf("later = %s", got)
		}
	})
}

func TestFieldIsRemovedAndBroughtBack(t *testing.T) {
	now := clock.NewManual(time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC))
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now.Set(clock.Of(time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC)))
		h := newHouse(t, d)
		h.addField("deal", schema.FieldSpec{Code: "size", Kind: schema.Money, Indexed: true})
		h.addField("deal", schema.FieldSpec{Code: "tags", Kind: schema.MultiList, Values: []schema.ValueSpec{{Code: "a", Title: schema.Titles{EN: "A"}}}})
		h.work()
		id := h.mustCreate(3, "deal", record.Values{"title": "x", "size": "15", "tags": "a"})
		for _, code := range []string{"size", "tags"} {
			if err := h.admin().RemoveField(t.Context(), h.who(1), "deal", code); err != nil {
				t.Fatal(err)
			}
			if _, err := h.update(3, "deal", id, record.Values{code: nil}, 0); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s is gone, yet written: %v", code, err)
			}
			if err := h.admin().AddField(t.Context(), h.who(1), "deal", schema.FieldSpec{Code: code, Kind: schema.Text, Title: schema.Titles{EN: "x"}}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s waits, yet its code is free: %v", code, err)
			}
			if err := h.admin().RestoreField(t.Context(), h.who(1), "deal", code); err != nil {
				t.Fatal(err)
			}
		}
		got := h.json("deal", id)
		if got["size"] != `{"minor":1500,"currency":"RUB","base":1500}` || got["tags"] != `["a"]` {
			t.Errorf("size %s, tags %s", got["size"], got["tags"])
		}
		for _, code := range []string{"size", "tags"} {
			if err := h.admin().RemoveField(t.Context(), h.who(1), "deal", code); err != nil {
				t.Fatal(err)
			}
		}
		now.Advance((schema.KeepDays + 1) * 24 * time.Hour)
		h.work()
		if err := h.admin().RestoreField(t.Context(), h.who(1), "deal", "size"); !fault.Is(err, fault.NotFound) {
			t.Errorf("too late, yet restored: %v", err)
		}
		h.addField("deal", schema.FieldSpec{Code: "size", Kind: schema.Text})
		if got := h.json("deal", id)["size"]; got != "null" {
			t.Errorf("the new field begins with %s", got)
		}
		if err := h.admin().RemoveField(t.Context(), h.who(1), "deal", "amount"); !fault.Is(err, fault.Conflict) {
			t.Errorf("a built-in field: %v", err)
		}
		if err := h.admin().RemoveField(t.Context(), h.who(2), "deal", "size"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a head: %v", err)
		}
	}, func(o *db.Options) { o.Clock = now })
}

func TestListValueInUseMovesItsRecords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.addField("deal", schema.FieldSpec{Code: "tags", Kind: schema.MultiList, Values: []schema.ValueSpec{
			{Code: "a", Title: schema.Titles{EN: "A"}}, {Code: "b", Title: schema.Titles{EN: "B"}}, {Code: "c", Title: schema.Titles{EN: "C"}},
		}})
		var ids []int64
		for range 60 {
			ids = append(ids, h.mustCreate(3, "deal", record.Values{"title": "x", "source": "ads", "tags": []any{"a", "b"}}))
		}
		err := h.admin().RemoveValue(t.Context(), h.who(1), "deal", "source", "ads", "")
		if !fault.Is(err, fault.Conflict) || err.(*fault.Error).Data != (schema.InUse{Count: 60}) {
			t.Fatalf("in use: %v", err)
		}
		for code, value := range map[string]string{"source": "ads", "tags": "a"} {
			to := map[string]string{"source": "site", "tags": "c"}[code]
			if err := h.admin().RemoveValue(t.Context(), h.who(1), "deal", code, value, to); err != nil {
				t.Fatal(err)
			}
		}
		h.work()
		for _, id := range ids {
			if got := h.json("deal", id); got["source"] != `"site"` || got["tags"] != `["b","c"]` {
				t.Fatalf("%d: source %s, tags %s", id, got["source"], got["tags"])
			}
		}
		if err := h.admin().RemoveValue(t.Context(), h.who(1), "deal", "source", "exhibition", ""); err != nil {
			t.Errorf("nobody holds it: %v", err)
		}
		if err := h.admin().AddValue(t.Context(), h.who(1), "deal", "source", schema.ValueSpec{Code: "ads", Title: schema.Titles{RU: "Снова реклама"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.update(3, "deal", ids[0], record.Values{"source": "ads"}, 0); err != nil {
			t.Error(err)
		}
	})
}

// A record somebody's hook refuses to change keeps the removed value, and the job says which.
func TestRecordsLeftWithARemovedValueAreNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		var ids []int64
		for i := range 3 {
			ids = append(ids, h.mustCreate(3, "deal", record.Values{"title": fmt.Sprint(i), "source": "ads"}))
		}
		h.service.Add(record.HookFuncs{BeforeFunc: func(_ tx.Tx, c *record.Change) error {
			if c.ID == ids[1] {
				return fault.New(fault.Conflict, "record.doctor_steps")
			}
			return nil
		}})
		if err := h.admin().RemoveValue(t.Context(), h.who(1), "deal", "source", "ads", "site"); err != nil {
			t.Fatal(err)
		}
		var j job.Job
		if err := d.Read(t.Context(), func(q db.Q) error {
			return q.Query("SELECT payload FROM job WHERE kind = ?", []any{schema.JobMoveValue}, func(r db.Row) error { j.Payload = []byte(r.Text(0)); return nil })
		}); err != nil {
			t.Fatal(err)
		}
		for _, handler := range h.service.Jobs(d) {
			if handler.Kind != schema.JobMoveValue {
				continue
			}
			err := handler.Do(t.Context(), j)
			if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("\n%d: ", ids[1])) || !strings.HasPrefix(err.Error(), "1 records") {
				t.Errorf("the job says %v", err)
			}
		}
		if got := h.json("deal", ids[0])["source"] + h.json("deal", ids[1])["source"] + h.json("deal", ids[2])["source"]; got != `"site""ads""site"` {
			t.Error(got)
		}
	})
}

func TestCustomTypeLivesAndDies(t *testing.T) {
	now := clock.NewManual(time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC))
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		admin := h.admin()
		for _, code := range []string{"", "Deal", "deal", "records", "with-dash", strings.Repeat("x", 31)} {
			if err := admin.AddType(t.Context(), h.who(1), schema.TypeSpec{Code: code, Title: schema.Titles{RU: "Х"}}); !fault.Is(err, fault.Invalid) {
				t.Errorf("code %q: %v", code, err)
			}
		}
		if err := admin.AddType(t.Context(), h.who(1), schema.TypeSpec{Code: "complaint", Title: schema.Titles{RU: "Рекламация"}, Staged: true}); err != nil {
			t.Fatal(err)
		}
		id := h.mustCreate(3, "complaint", record.Values{"title": "Сломалось", "amount": "5"})
		if _, err := h.update(3, "complaint", id, record.Values{"stage": "won"}, 1); err != nil {
			t.Fatal(err)
		}
		(&life{house: h, typ: "complaint"}).checkTotalsOf("complaint")
		h.addField("deal", schema.FieldSpec{Code: "about", Kind: schema.Link, LinkType: "complaint"})
		if _, err := admin.RemoveType(t.Context(), h.who(1), "complaint"); !fault.Is(err, fault.Conflict) {
			t.Errorf("deals link to it: %v", err)
		}
		if err := admin.RemoveField(t.Context(), h.who(1), "deal", "about"); err != nil {
			t.Fatal(err)
		}
		if n, err := admin.RemoveType(t.Context(), h.who(1), "complaint"); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		if _, err := h.create(3, "complaint", record.Values{"title": "x"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("the type is gone: %v", err)
		}
		if err := admin.RestoreType(t.Context(), h.who(1), "complaint"); err != nil {
			t.Fatal(err)
		}
		if got := h.json("complaint", id)["stage"]; got != `"won"` {
			t.Errorf("stage %s", got)
		}
		if _, err := admin.RemoveType(t.Context(), h.who(1), "complaint"); err != nil {
			t.Fatal(err)
		}
		now.Advance((schema.KeepDays + 1) * 24 * time.Hour)
		h.work()
		if err := admin.AddType(t.Context(), h.who(1), schema.TypeSpec{Code: "complaint", Title: schema.Titles{EN: "Complaint"}}); err != nil {
			t.Errorf("the code is free again: %v", err)
		}
		found, err := portal.Doctor(t.Context(), d, portal.Checks(nil))
		if err != nil || len(found) > 0 {
			t.Errorf("doctor: %v %v", found, err)
		}
	}, func(o *db.Options) { o.Clock = now })
}

// TestRunTimeTablesAgree makes the same types and fields on both databases and compares what came of it.
func TestRunTimeTablesAgree(t *testing.T) {
	var read []*portal.Schema
	for _, d := range []*db.DB{dbtest.SQLite(t), dbtest.Postgres(t)} {
		h := newHouse(t, d)
		for kind, spec := range map[schema.Kind]schema.FieldSpec{
			schema.Text: {}, schema.LongText: {}, schema.Integer: {}, schema.Decimal: {Scale: 2}, schema.Money: {}, schema.Bool: {}, schema.Date: {},
			schema.DateTime: {}, schema.List: {}, schema.User: {}, schema.Link: {LinkType: "company"}, schema.URL: {}, schema.Address: {},
		} {
			spec.Code, spec.Kind, spec.Indexed = "f"+string(kind), kind, kind.CanBeIndexed()
			h.addField("deal", spec)
		}
		if err := h.admin().AddType(t.Context(), h.who(1), schema.TypeSpec{Code: "own", Title: schema.Titles{EN: "Own"}, Staged: true}); err != nil {
			t.Fatal(err)
		}
		h.work()
		if err := d.Read(t.Context(), func(q db.Q) error {
			s, err := portal.Read(q)
			read = append(read, s)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range read { // indexes of fields bear the fields' numbers, given in the order of a map
		for _, table := range s.Tables {
			for _, x := range table.Indexes {
				if before, number, ok := strings.Cut(x.Name, "_x"); ok && strings.Trim(number, "0123456789") == "" {
					x.Name = before + "_x_" + strings.Join(x.Parts, "_")
				}
			}
		}
	}
	if differ := portal.Compare(read[0], read[1]); len(differ) > 0 {
		t.Errorf("the databases differ:\n%s", strings.Join(differ, "\n"))
	}
	if n := len(read[0].Table("r_deal").Indexes); n < 15 {
		t.Errorf("r_deal has only %d indexes", n)
	}
}

func TestBuiltinsAreMadeOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		before := h.rows("SELECT n FROM version WHERE name = 'schema'", 1)
		if err := store.EnsureBuiltins(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if after := h.rows("SELECT n FROM version WHERE name = 'schema'", 1); after[0] != before[0] {
			t.Errorf("nothing was missing, yet the version went from %s to %s", before, after)
		}
	})
}

func TestTotalsAreRebuilt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for i := range 20 {
			h.mustCreate(int64(2+i%4), "deal", record.Values{"title": "x", "amount": fmt.Sprint(i)})
		}
		if err := h.do(0, func(t tx.Tx) error {
			if _, err := db.Of(t).Exec("UPDATE total_dept SET n = n + 1"); err != nil {
				return err
			}
			_, err := db.Of(t).Exec("DELETE FROM total_user")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := h.store.RebuildTotals(t.Context()); err != nil {
			t.Fatal(err)
		}
		(&life{house: h, typ: "deal"}).checkTotals()
	})
}
