package record_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/record"
)

// TestLifeOfRecords lets many random changes happen and then compares what is kept beside the records with what follows
// from them.
func TestLifeOfRecords(t *testing.T) {
	now := clock.NewManual(time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC))
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		seed := uint64(time.Now().UnixNano())
		r := rand.New(rand.NewPCG(seed, 1))
		t.Logf("seed %d", seed)
		if err := h.do(1, func(t tx.Tx) error {
			_, err := db.Of(t).Exec("INSERT INTO currency_rate (currency, day, rate) VALUES ('USD', '2026-01-01', 92500000000)")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		life := &life{house: h, r: r, typ: []string{"deal", "lead"}[r.IntN(2)]}
		for range 400 {
			now.Advance(time.Duration(r.IntN(100_000)) * time.Millisecond)
			life.step()
		}
		if len(life.alive) == 0 || life.deleted == 0 || life.moved == 0 {
			t.Fatalf("nothing happened: %d alive, %d deleted, %d moves", len(life.alive), life.deleted, life.moved)
		}
		life.checkTotals()
		for _, id := range life.alive {
			life.checkVisits(id)
			life.checkJournal(id)
		}
	}, func(o *db.Options) { o.Clock = now })
}

type life struct {
	*house
	r              *rand.Rand
	typ            string
	alive, binned  []int64
	moved, deleted int
}

func (l *life) pick(from ...any) any { return from[l.r.IntN(len(from))] }

func (l *life) values() record.Values {
	v := record.Values{}
	if l.r.IntN(2) == 0 {
		v["amount"] = l.pick(nil, "100", "250000.50", map[string]any{"amount": "12.34", "currency": "USD"}, map[string]any{"minor": json.Number("7"), "currency": "RUB"})
	}
	if l.r.IntN(3) == 0 {
		v["responsible"] = l.pick(nil, int64(2), int64(3), int64(4), int64(5))
	}
	if l.r.IntN(3) == 0 {
		v["observers"] = l.pick(nil, []int64{5}, []int64{3, 4})
	}
	if l.r.IntN(3) == 0 {
		v["comment"] = l.pick(nil, "ёлка", "«кавычки» & \"ещё\"\nстрока", "")
	}
	if l.r.IntN(4) == 0 {
		v["source"] = l.pick(nil, "site", "call")
	}
	return v
}

func (l *life) step() {
	l.Helper()
	switch n := l.r.IntN(10); {
	case n < 3 || len(l.alive) == 0:
		v := l.values()
		v["title"] = fmt.Sprint("Запись ", l.r.IntN(1000))
		l.alive = append(l.alive, l.mustCreate(1, l.typ, v))
	case n < 5:
		_, err := l.update(1, l.typ, l.any(l.alive), l.values(), 0)
		l.must(err)
	case n < 8:
		stages := map[string][]any{"deal": {"new", "need", "postponed", "won", "lost"}, "lead": {"new", "in_work", "qualified", "not_ours"}}
		v := l.values()
		v["stage"] = l.pick(stages[l.typ]...)
		if v["stage"] == "lost" || v["stage"] == "not_ours" {
			v["lost_reason"] = "other"
		}
		_, err := l.update(1, l.typ, l.any(l.alive), v, 0)
		l.must(err)
		l.moved++
	case n < 9 || len(l.binned) == 0:
		id := l.any(l.alive)
		l.must(l.do(1, func(t tx.Tx) error { return l.service.Delete(t, l.who(1), ref.Ref{Type: l.typ, ID: id}) }))
		l.alive, l.binned = without(l.alive, id), append(l.binned, id)
		l.deleted++
	default:
		id := l.any(l.binned)
		l.must(l.do(1, func(t tx.Tx) error { return l.service.Restore(t, l.who(1), l.typ, id) }))
		l.binned, l.alive = without(l.binned, id), append(l.alive, id)
	}
}

func (l *life) any(ids []int64) int64 { return ids[l.r.IntN(len(ids))] }

func without(ids []int64, id int64) []int64 {
	return slices.DeleteFunc(ids, func(o int64) bool { return o == id })
}

func (l *life) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// rows is an answer as lines of text.
func (h *house) rows(sql string, width int, args ...any) (out []string) {
	h.Helper()
	err := h.d.Read(h.Context(), func(q db.Q) error {
		out = nil
		return q.Query(sql, args, func(r db.Row) error {
			var line []string
			for i := range width {
				line = append(line, r.Text(i))
			}
			out = append(out, strings.Join(line, " "))
			return nil
		})
	})
	if err != nil {
		h.Fatal(err)
	}
	return out
}

func (l *life) checkTotals() { l.Helper(); l.checkTotalsOf(l.typ) }

func (l *life) checkTotalsOf(typ string) {
	l.Helper()
	for table, keys := range map[string]string{
		"total_dept": "pipeline_id, stage_id, department_id", "total_user": "pipeline_id, responsible_id, stage_id, department_id",
	} {
		n := strings.Count(keys, ",") + 5
		kept := l.rows("SELECT "+keys+", currency, n, amount, base FROM "+table+" WHERE type_id = (SELECT id FROM record_type WHERE code = '"+typ+"') AND (n <> 0 OR amount <> 0 OR base <> 0) ORDER BY "+keys+", currency", n)
		real := l.rows("SELECT "+keys+", coalesce(amount_cur, '') AS currency, count(*), coalesce(sum(amount), 0), sum(amount_base) FROM r_"+typ+
			" GROUP BY "+keys+", coalesce(amount_cur, '') ORDER BY "+keys+", currency", n)
		if !slices.Equal(kept, real) {
			l.Errorf("%s:\nkept %v\nreal %v", table, kept, real)
		}
	}
}

func (l *life) checkVisits(id int64) {
	l.Helper()
	visits := l.rows("SELECT v.stage_id, v.entered_at, v.left_at, v.wall_seconds, v.work_seconds FROM visit v JOIN record_type t ON t.id = v.type_id WHERE t.code = ? AND v.record_id = ? ORDER BY v.id", 5, l.typ, id)
	var stage, left int64
	for i, text := range visits {
		var entered, now, wall, work int64
		if _, err := fmt.Sscan(text, &stage, &entered, &now, &wall, &work); err != nil {
			l.Fatal(err)
		}
		if entered < left {
			l.Errorf("%s/%d: visit %d begins before the last ends: %v", l.typ, id, i, visits)
		}
		if now != 0 && (wall != (now-entered)/1000 || work != wall) {
			l.Errorf("%s/%d: visit %d lasts %d s, noted %d and %d", l.typ, id, i, (now-entered)/1000, wall, work)
		}
		if (now == 0) != (i == len(visits)-1) {
			l.Errorf("%s/%d: exactly the last visit is open: %v", l.typ, id, visits)
		}
		left = now
	}
	if s, err := l.load(1, l.typ, id); err != nil || s.StageID != stage {
		l.Errorf("%s/%d lies on %d, its last visit is of %d (%v)", l.typ, id, s.StageID, stage, err)
	}
}

func (l *life) checkJournal(id int64) {
	l.Helper()
	replayed := map[string]string{}
	for _, diff := range l.rows("SELECT j.diff FROM journal j JOIN record_type t ON t.id = j.type_id WHERE t.code = ? AND j.record_id = ? ORDER BY j.id", 1, l.typ, id) {
		fields := map[string]struct{ From, To json.RawMessage }{}
		if err := json.Unmarshal([]byte(diff), &fields); err != nil {
			l.Fatalf("%s: %v", diff, err)
		}
		for code, d := range fields {
			if was, known := replayed[code]; known && was != string(d.From) || !known && string(d.From) != "null" {
				l.Errorf("%s/%d %s: was %s, the journal says from %s", l.typ, id, code, was, d.From)
			}
			replayed[code] = string(d.To)
		}
	}
	now := l.json(l.typ, id)
	for _, code := range []string{"title", "amount", "responsible", "observers", "comment", "source", "stage", "pipeline", "closed_at", "lost_reason"} {
		was, known := replayed[code]
		if !known {
			was = "null"
		}
		if was != now[code] {
			l.Errorf("%s/%d %s is %s, the journal ends with %s", l.typ, id, code, now[code], was)
		}
	}
}

func TestConflictsMergeByField(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for _, c := range []struct {
			name         string
			theirs, mine record.Values
			base         int64
			clash        []string
		}{
			{"other fields merge", record.Values{"comment": "их"}, record.Values{"probability": int64(5)}, 1, nil},
			{"same field, same value", record.Values{"comment": "одно"}, record.Values{"comment": "одно"}, 1, nil},
			{"same field, another value", record.Values{"comment": "их"}, record.Values{"comment": "моё"}, 1, []string{"comment"}},
			{"one clashes, one merges", record.Values{"comment": "их", "source": "site"}, record.Values{"comment": "моё", "probability": int64(1)}, 1, []string{"comment"}},
			{"the present version", record.Values{"comment": "их"}, record.Values{"comment": "моё"}, 2, nil},
			{"no version writes over", record.Values{"comment": "их"}, record.Values{"comment": "моё"}, 0, nil},
			{"stages", record.Values{"stage": "need"}, record.Values{"stage": "proposal"}, 1, []string{"stage"}},
			{"money", record.Values{"amount": "1"}, record.Values{"amount": "2"}, 1, []string{"amount"}},
		} {
			id := h.mustCreate(3, "deal", record.Values{"title": c.name, "responsible": int64(3)})
			if _, err := h.update(2, "deal", id, c.theirs, 1); err != nil {
				t.Fatal(c.name, err)
			}
			_, err := h.update(3, "deal", id, c.mine, c.base)
			var clash []string
			var f *fault.Error
			if fault.Is(err, fault.Conflict) {
				f = err.(*fault.Error)
				for code, values := range f.Data.(record.ConflictData).Fields {
					clash = append(clash, code)
					if string(values.Theirs) != h.json("deal", id)[code] || string(values.Yours) == string(values.Theirs) {
						t.Errorf("%s: %s yours %s theirs %s", c.name, code, values.Yours, values.Theirs)
					}
				}
			} else if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			if !slices.Equal(clash, c.clash) {
				t.Errorf("%s: clash in %v, want %v", c.name, clash, c.clash)
			}
			if f != nil && h.json("deal", id)["version"] != "2" {
				t.Errorf("%s: refused, yet written", c.name)
			}
		}
		id := h.mustCreate(3, "deal", record.Values{"title": "x"})
		if _, err := h.update(3, "deal", id, record.Values{"comment": "a"}, 7); !fault.Is(err, fault.Invalid) {
			t.Errorf("a version from the future: %v", err)
		}
	})
}
