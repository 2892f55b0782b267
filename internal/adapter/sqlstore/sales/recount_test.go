package salesstore_test

import (
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/jobs"
	"voronka/internal/flow/deadline"
	"voronka/internal/flow/stage"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/attendance"
	"voronka/internal/org/calendar"
	"voronka/internal/org/directory"
	"voronka/internal/org/worktime"
	"voronka/internal/record/record"
)

// hearing passes changes of hours on to the deadlines.
type hearing struct{ *deadline.Service }

func (h hearing) HoursChanged(t tx.Tx, users []int64) error { return h.Recount(t, users) }
func (hearing) Away(tx.Tx, int64) error                     { return nil }
func (hearing) Back(tx.Tx, int64) error                     { return nil }

// TestStageLimitsFollowTheHours: a limit of eight working hours moves with the calendar, an absence, the schedule of the person
// and to whom the record is given; one deadline fires once.
func TestStageLimitsFollowTheHours(t *testing.T) {
	each(t, func(h *house) {
		moscow, _ := worktime.Zone("Europe/Moscow")
		at := func(text string) clock.Instant {
			moment, err := time.ParseInLocation("2006-01-02 15:04", text, moscow)
			if err != nil {
				h.Fatal(err)
			}
			return clock.Of(moment)
		}
		hours := directory.Hours{Source: h.org}
		h.deadlines.Hours, h.limits.Hours = hours, hours
		att := &attendance.Service{Tx: h.org, Store: h.org, Org: h.org, Listeners: []attendance.Listener{hearing{h.deadlines}}}
		handlers := map[string]job.Handler{}
		for _, handler := range append(att.Jobs(), h.deadlines.Job(), h.deadlines.RecountJob(), h.limits.Job()) {
			handlers[handler.Kind] = handler
		}
		h.jobs = jobs.NewRunner(h.d, handlers)
		h.clock.Set(at("2026-11-20 13:00")) // Friday
		nine := worktime.Default(moscow)
		ru := "RU"
		if err := att.SetPortal(h.as(admin), h.who(admin), nine, &ru); err != nil {
			h.Fatal(err)
		}
		limit := int64(8 * 3600)
		first := h.catalog().Stages(h.catalog().Pipelines("deal")[0].ID)[0]
		if err := h.stages.Change(h.as(admin), h.who(admin), first.ID, stage.Patch{LimitSeconds: &limit}); err != nil {
			h.Fatal(err)
		}
		h.run(0)
		r := ref.Ref{Type: "deal"}
		h.do(0, func(t tx.Tx) (err error) {
			r.ID, err = h.records.Create(t, access.System(), "deal", record.Values{"title": "Долгая", "responsible": int64(anna)})
			return err
		})
		due := func(want string) {
			h.Helper()
			h.run(0)
			if got := clock.Instant(h.int("SELECT due_at FROM deadline WHERE record_id = ? AND state = 'open'", r.ID)); got != at(want) {
				h.Errorf("due %s, want %s", got.In(moscow), want)
			}
			if n := h.int("SELECT COUNT(*) FROM job WHERE kind = 'deadline'"); n != 1 {
				h.Errorf("%d jobs", n)
			}
		}
		due("2026-11-23 12:00")
		must := func(err error) {
			h.Helper()
			if err != nil {
				h.Fatal(err)
			}
		}
		must(att.SetDay(h.as(admin), h.who(admin), "RU", calendar.Day{Date: "2026-11-23", Kind: worktime.Off}))
		due("2026-11-24 12:00")
		a, err := att.AddAbsence(h.as(head), h.who(head), attendance.Absence{UserID: anna, Kind: "sick", First: "2026-11-24", Last: "2026-11-25"})
		must(err)
		due("2026-11-26 12:00")
		must(att.SetRule(h.as(head), h.who(head), attendance.OfPerson, anna, &worktime.Rule{Zone: "Asia/Vladivostok", Week: &nine.Week}))
		due("2026-11-26 10:00") // Friday is over where she is: eight hours of the 26th end at 17:00 there
		must(att.SetRule(h.as(head), h.who(head), attendance.OfPerson, anna, nil))
		h.do(0, func(t tx.Tx) error {
			_, err := h.records.Update(t, access.System(), r, record.Values{"responsible": int64(boris)}, 0)
			return err
		})
		due("2026-11-24 12:00") // he is not ill
		h.do(0, func(t tx.Tx) error {
			_, err := h.records.Update(t, access.System(), r, record.Values{"responsible": int64(anna)}, 0)
			return err
		})
		must(att.RemoveAbsence(h.as(head), h.who(head), a.ID))
		must(att.DropDay(h.as(admin), h.who(admin), "RU", "2026-11-23"))
		due("2026-11-23 12:00")

		h.clock.Set(at("2026-11-23 12:00"))
		h.run(0)
		must(att.SetDay(h.as(admin), h.who(admin), "RU", calendar.Day{Date: "2026-11-23", Kind: worktime.Off}))
		h.run(time.Hour)
		if n := h.int("SELECT COUNT(*) FROM incident"); n != 1 {
			h.Errorf("%d incidents: what has been missed stays missed, once", n)
		}
	})
}

// TestVisitsCountTheHoursOfTheirPerson: over a night, a holiday and the new year.
func TestVisitsCountTheHoursOfTheirPerson(t *testing.T) {
	each(t, func(h *house) {
		moscow, _ := worktime.Zone("Europe/Moscow")
		att := &attendance.Service{Tx: h.org, Store: h.org, Org: h.org}
		ru := "RU"
		if err := att.SetPortal(h.as(admin), h.who(admin), worktime.Default(moscow), &ru); err != nil {
			h.Fatal(err)
		}
		evening := [7][]worktime.Span{time.Wednesday: {{From: 20 * 60, To: 24 * 60}}, time.Thursday: {{From: 0, To: 2 * 60}}}
		if err := att.SetRule(h.as(admin), h.who(admin), attendance.OfPerson, boris, &worktime.Rule{Week: &evening, Country: worktime.None}); err != nil {
			h.Fatal(err)
		}
		for _, c := range []struct {
			user     int64
			from, to time.Time
			want     int64
		}{
			{anna, time.Date(2025, 12, 30, 17, 0, 0, 0, moscow), time.Date(2026, 1, 12, 10, 0, 0, 0, moscow), 2 * 3600}, // 31 December 2025 was off
			{boris, time.Date(2025, 12, 31, 23, 0, 0, 0, moscow), time.Date(2026, 1, 1, 12, 0, 0, 0, moscow), 3 * 3600}, // he works through the new year
		} {
			h.clock.Set(clock.Of(c.from))
			var id int64
			h.do(0, func(t tx.Tx) (err error) {
				id, err = h.records.Create(t, access.System(), "deal", record.Values{"title": "Сделка", "responsible": c.user})
				return err
			})
			h.clock.Set(clock.Of(c.to))
			next := h.catalog().Stages(h.catalog().Pipelines("deal")[0].ID)[1].Code
			h.do(0, func(t tx.Tx) error {
				_, err := h.records.Update(t, access.System(), ref.Ref{Type: "deal", ID: id}, record.Values{"stage": next}, 0)
				return err
			})
			if got := h.int("SELECT work_seconds FROM visit WHERE record_id = ? AND left_at > 0", id); got != c.want {
				h.Errorf("person %d: %d seconds, want %d", c.user, got, c.want)
			}
		}
	})
}
