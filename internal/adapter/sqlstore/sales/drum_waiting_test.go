package salesstore_test

import (
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/attendance"
	"voronka/internal/org/worktime"
	"voronka/internal/record/record"
	"voronka/internal/sales/drum"
)

// second makes a department beside the first one, without a head, and moves people there.
func (h *house) second(people ...int64) (id int64) {
	h.Helper()
	h.do(admin, func(t tx.Tx) error {
		if _, err := db.Of(t).Exec("INSERT INTO department (parent_id, title, head_id, pos, pos_end) VALUES (0, 'Сервис', 0, 2000, 2999)"); err != nil {
			return err
		}
		var err error
		if id, err = db.Int(db.Of(t), "SELECT max(id) FROM department"); err != nil {
			return err
		}
		for _, person := range people {
			if _, err := db.Of(t).Exec("UPDATE users SET department_id = ? WHERE id = ?", id, person); err != nil {
				return err
			}
		}
		return db.Bump(t, "org")
	})
	return id
}

// TestWhoWaitsWasNobodysFirst: that the head answers for a record at night doesn't make his department the one it is dealt
// to; of a client who is known it is that of who answered for him.
func TestWhoWaitsWasNobodysFirst(t *testing.T) {
	each(t, func(h *house) {
		service := h.second(vera)
		door := h.door(h.dealing(drum.Patch{Who: of(drum.DepartmentOfFirst), DepartmentID: &service}))
		h.at("2026-11-19 22:00")
		id, fresh := h.int("SELECT max(id) FROM drum"), h.asked(door, 1).Record
		h.held("at night", fresh, 0)
		if o := h.open(fresh); o.FirstID != 0 {
			h.Errorf("%d had it first", o.FirstID)
		}
		known := h.create(head, "lead", record.Values{"title": "Старый клиент", "responsible": int64(boris)})
		h.do(0, func(t tx.Tx) error { _, err := h.drums.Into(t, id, known); return err })
		h.at("2026-11-20 09:00")
		h.run(0)
		h.held("in the morning", fresh, vera)
		if o := h.open(known); o.State != drum.Offered || o.UserID == vera {
			h.Errorf("Boris' client: %+v", o)
		}
	})
}

// TestTheHeadGetsItAPlaceIsFree: a record that goes to the head after too many misses leaves a free place behind.
func TestTheHeadGetsItAPlaceIsFree(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.dealing(drum.Patch{Cap: of(1), MissesToHead: of(1), Hours: of(drum.AlwaysHours)}, anna))
		first, second := h.asked(door, 1).Record, h.asked(door, 2).Record
		h.held("Anna has as many as she may", second, 0)
		h.run(30 * time.Minute)
		if o := h.open(first); o.State != drum.Escalated || o.UserID != head {
			h.Errorf("missed once: %+v", o)
		}
		h.held("Anna has a free place", second, anna)
	})
}

// TestWhatWaitsForTwoDepartments is looked after when the first of either comes.
func TestWhatWaitsForTwoDepartments(t *testing.T) {
	each(t, func(h *house) {
		service := h.second(vera)
		early := &worktime.Rule{}
		week := [7][]worktime.Span{time.Friday: {{From: 7 * 60, To: 12 * 60}}}
		early.Week = &week
		if err := h.attendance.SetRule(h.as(admin), h.who(admin), attendance.OfPerson, vera, early); err != nil {
			h.Fatal(err)
		}
		id := h.dealing(drum.Patch{Who: of(drum.DepartmentOfFirst), DepartmentID: &service})
		h.at("2026-11-19 22:00")
		h.run(0)
		first := h.asked(h.door(id), 1).Record
		second := h.create(head, "lead", record.Values{"title": "Старый клиент", "responsible": int64(boris)})
		h.do(0, func(t tx.Tx) error { _, err := h.drums.Into(t, id, second); return err })
		h.held("at night", first, 0)
		h.at("2026-11-20 07:00")
		h.run(0)
		h.held("Vera comes at seven", first, vera)
		h.held("nobody else", second, 0)
		h.at("2026-11-20 09:00")
		h.run(0)
		if o := h.open(second); o.State != drum.Offered {
			h.Errorf("the others come at nine: %+v", o)
		}
	})
}

// TestWhatComesAfterTheDayWasFinished waits for the next morning, though by the schedule people would work still.
func TestWhatComesAfterTheDayWasFinished(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.dealing(drum.Patch{}, anna))
		act := func(what string) {
			h.Helper()
			if _, err := h.attendance.Act(h.as(anna), h.who(anna), what); err != nil {
				h.Fatal(err)
			}
			h.run(0)
		}
		h.at("2026-11-19 09:00")
		act(attendance.ActStart)
		h.at("2026-11-19 17:00")
		act(attendance.ActFinish)
		h.at("2026-11-19 17:30")
		lead := h.asked(door, 1).Record
		h.held("Anna has gone home", lead, 0)
		h.at("2026-11-20 08:59")
		h.run(0)
		h.held("too early", lead, 0)
		h.run(time.Minute)
		h.held("she comes", lead, anna)
	})
}

// TestAnAbsentDepartmentBlocksNobodyElse, however many records wait for it; and a new record doesn't stand behind them.
func TestAnAbsentDepartmentBlocksNobodyElse(t *testing.T) {
	each(t, func(h *house) {
		service := h.second(vera)
		id := h.dealing(drum.Patch{Who: of(drum.DepartmentOfFirst), DepartmentID: &service, Cap: of(100)})
		door := h.door(id)
		h.at("2026-11-19 22:00")
		h.run(0)
		for n := range 60 {
			h.asked(door, n)
		}
		old := func() ref.Ref {
			r := h.create(head, "lead", record.Values{"title": "Старый клиент", "responsible": int64(boris)})
			h.do(0, func(t tx.Tx) error { _, err := h.drums.Into(t, id, r); return err })
			return r
		}
		first := old()
		a := attendance.Absence{UserID: vera, Kind: "sick", First: "2026-11-20", Last: "2026-11-20"}
		if _, err := h.attendance.AddAbsence(h.as(admin), h.who(admin), a); err != nil {
			h.Fatal(err)
		}
		h.at("2026-11-20 09:00")
		h.run(0)
		if o := h.open(first); o.State != drum.Offered {
			h.Errorf("behind sixty of Vera's: %+v", o)
		}
		if o := h.open(old()); o.State != drum.Offered {
			h.Errorf("a new one: %+v", o)
		}
		if n := h.int("SELECT count(*) FROM offer WHERE state = 'waiting'"); n != 60 {
			h.Errorf("%d wait for Vera", n)
		}
		h.at("2026-11-23 09:00") // she works again on Monday
		h.run(0)
		if n := h.int("SELECT count(*) FROM offer WHERE state = 'offered' AND user_id = ?", vera); n != 60 {
			h.Errorf("Vera has %d", n)
		}
	})
}

// locks notes in which order a drain locks.
type locks struct {
	drum.Store
	order []string
}

func (l *locks) LockRecords(t tx.Tx, records []ref.Ref) (map[ref.Ref]bool, error) {
	l.order = append(l.order, "records")
	return l.Store.LockRecords(t, records)
}

func (l *locks) LockDrum(t tx.Tx, id int64) (*drum.Drum, error) {
	l.order = append(l.order, "drum")
	return l.Store.LockDrum(t, id)
}

// TestADrainLocksRecordsBeforeTheDrum, those of several portions too.
func TestADrainLocksRecordsBeforeTheDrum(t *testing.T) {
	each(t, func(h *house) {
		id := h.dealing(drum.Patch{Sources: &[]drum.Portion{{Source: "base", PerDay: 5}}}, anna)
		door := h.door(id)
		h.at("2026-11-19 22:00")
		h.run(0)
		h.asked(door, 1)
		h.do(0, func(t tx.Tx) error {
			n, err := h.records.Create(t, access.System(), "lead", record.Values{"title": "Из базы"})
			if err != nil {
				return err
			}
			_, err = h.drums.OfferFor(t, id, drum.About{Record: ref.Ref{Type: "lead", ID: n}, Source: "base"})
			return err
		})
		if n := h.int("SELECT count(DISTINCT portion) FROM offer WHERE state = 'waiting'"); n != 2 {
			h.Fatalf("%d portions wait", n)
		}
		noted := &locks{Store: h.drums.Store}
		h.drums.Store = noted
		h.at("2026-11-20 09:00")
		h.run(0)
		if n := h.int("SELECT count(*) FROM offer WHERE state = 'offered'"); n != 2 {
			h.Errorf("%d are offered", n)
		}
		if got := strings.Join(noted.order, " "); got != "records drum" {
			h.Errorf("locked: %s", got)
		}
	})
}
