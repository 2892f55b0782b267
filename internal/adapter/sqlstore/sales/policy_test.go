package salesstore_test

import (
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/attendance"
	"voronka/internal/org/worktime"
	"voronka/internal/record/record"
	"voronka/internal/sales/drum"
)

// at sets the clock to a moment in Moscow.
func (h *house) at(text string) {
	h.Helper()
	h.clock.Set(moscow(h.T, text))
}

func moscow(t *testing.T, text string) clock.Instant {
	t.Helper()
	zone, err := worktime.Zone("Europe/Moscow")
	if err != nil {
		t.Fatal(err)
	}
	moment, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return clock.Of(moment)
}

// dealing makes a drum by a policy.
func (h *house) dealing(p drum.Patch, people ...int64) int64 {
	h.Helper()
	title, boss := "Продажи", int64(head)
	p.Title, p.HeadID = &title, &boss
	if p.Members == nil {
		members := make([]drum.Member, len(people))
		for i, id := range people {
			members[i] = drum.Member{UserID: id, Active: true}
		}
		p.Members = &members
	}
	id, err := h.drums.Create(h.as(admin), h.who(admin), p)
	if err != nil {
		h.Fatal(err)
	}
	return id
}

func of[T any](v T) *T { return &v }

// held fails unless a record is offered to a person, or waits (0) with the head answering for it.
func (h *house) held(what string, r ref.Ref, person int64) {
	h.Helper()
	o, responsible := h.open(r), h.load(r).ResponsibleID
	switch {
	case o == nil:
		h.Errorf("%s: nobody is offered it", what)
	case person == 0 && (o.State != drum.Waiting || o.UserID != 0 || responsible != head):
		h.Errorf("%s: %+v of %d, want it to wait", what, o, responsible)
	case person != 0 && (o.State != drum.Offered || o.UserID != person || responsible != person):
		h.Errorf("%s: %+v of %d, want %d", what, o, responsible, person)
	}
}

func (h *house) incidents(want int64) {
	h.Helper()
	if n := h.int("SELECT count(*) FROM incident"); n != want {
		h.Errorf("%d incidents, want %d", n, want)
	}
}

func TestTheClockStandsStillAtNight(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.dealing(drum.Patch{}, anna, boris))
		h.at("2026-11-19 17:45")
		lead := h.asked(door, 1)
		due, night := moscow(t, "2026-11-20 09:15"), drum.Pause{From: moscow(t, "2026-11-19 18:00"), To: moscow(t, "2026-11-20 09:00")}
		if o := h.open(lead.Record); o.DueAt != due || len(o.Pauses) != 1 || o.Pauses[0] != night || o.PausedUntil(moscow(t, "2026-11-19 20:00")) != night.To ||
			o.PausedUntil(moscow(t, "2026-11-19 17:59")) != 0 {
			h.Fatalf("%+v", o)
		}
		h.at("2026-11-20 09:14")
		h.run(0)
		h.held("a minute is left", lead.Record, anna)
		h.run(time.Minute)
		h.held("missed", lead.Record, boris)
		h.incidents(1)
	})
}

// TestWhatComesAtNight waits for the first who works, oldest first; until then the head answers for it.
func TestWhatComesAtNight(t *testing.T) {
	each(t, func(h *house) {
		id := h.dealing(drum.Patch{}, anna, boris)
		early := &[7][]worktime.Span{}
		for d := range early {
			early[d] = []worktime.Span{{From: 7 * 60, To: 12 * 60}}
		}
		if err := h.attendance.SetRule(h.as(admin), h.who(admin), attendance.OfPerson, boris, &worktime.Rule{Week: early}); err != nil {
			h.Fatal(err)
		}
		h.at("2026-11-20 22:00") // a Friday
		h.run(0)
		door := h.door(id)
		first, second := h.asked(door, 1), h.asked(door, 2)
		h.held("at night", first.Record, 0)
		h.at("2026-11-21 06:59")
		h.run(0)
		h.held("too early", first.Record, 0)
		h.run(time.Minute) // Boris works on Saturdays too
		h.held("Boris comes at seven", first.Record, boris)
		h.held("and gets all of it", second.Record, boris)
		if n := h.int("SELECT count(*) FROM offer WHERE state = 'dealt'"); n != 2 {
			h.Errorf("%d waited", n)
		}
		h.incidents(0)
	})
}

func TestWhoIsAbsentLosesHisOffers(t *testing.T) {
	each(t, func(h *house) {
		lead := h.asked(h.door(h.dealing(drum.Patch{}, anna, boris)), 1).Record
		h.held("first", lead, anna)
		away := func(person int64) int64 {
			a, err := h.attendance.AddAbsence(h.as(admin), h.who(admin), attendance.Absence{UserID: person, Kind: "sick", First: "2026-11-19", Last: "2026-11-19"})
			if err != nil {
				h.Fatal(err)
			}
			h.run(0)
			return a.ID
		}
		away(anna)
		h.held("Anna is ill", lead, boris)
		his := away(boris)
		h.held("so is Boris", lead, 0)
		if err := h.attendance.RemoveAbsence(h.as(admin), h.who(admin), his); err != nil {
			h.Fatal(err)
		}
		h.run(0)
		h.held("Boris is back", lead, boris)
		h.incidents(0)
		if n := h.int("SELECT count(*) FROM offer WHERE state = 'withdrawn'"); n != 2 {
			h.Errorf("%d withdrawn", n)
		}
	})
}

func TestOnlyWhoseDayRuns(t *testing.T) {
	each(t, func(h *house) {
		act := func(person int64, what string) {
			if _, err := h.attendance.Act(h.as(person), h.who(person), what); err != nil {
				h.Fatal(err)
			}
			h.run(0)
		}
		lead := h.asked(h.door(h.dealing(drum.Patch{NeedDay: of(true)}, anna, boris)), 1).Record
		h.held("nobody has begun", lead, 0)
		act(boris, attendance.ActStart)
		h.held("Boris has", lead, boris)
		act(anna, attendance.ActStart)
		act(boris, attendance.ActPause)
		h.held("Boris is out", lead, anna)
		act(anna, attendance.ActFinish)
		h.held("Anna goes home", lead, 0)
		act(boris, attendance.ActResume)
		h.held("Boris is there again", lead, boris)
		h.incidents(0)
	})
}

// TestAnEditedCalendar: running offers are counted anew, with their pauses.
func TestAnEditedCalendar(t *testing.T) {
	each(t, func(h *house) {
		lead := h.asked(h.door(h.dealing(drum.Patch{}, anna)), 1).Record // at noon, due at half past
		short := &worktime.Rule{Dates: map[string][]worktime.Span{"2026-11-19": {{From: 9 * 60, To: 12*60 + 10}}}}
		set := func(rule *worktime.Rule, due string, pauses int) {
			h.Helper()
			if err := h.attendance.SetRule(h.as(admin), h.who(admin), attendance.OfPerson, anna, rule); err != nil {
				h.Fatal(err)
			}
			h.run(0)
			o := h.open(lead)
			if o.DueAt != moscow(t, due) || len(o.Pauses) != pauses || h.int("SELECT due_at FROM deadline WHERE state = 'open'") != int64(o.DueAt) {
				h.Errorf("due %v with %v, want %s", o.DueAt.Time(), o.Pauses, due)
			}
		}
		set(short, "2026-11-20 09:20", 1)
		h.run(time.Hour)
		h.held("not late today", lead, anna)
		set(nil, "2026-11-19 13:30", 0) // it should have been taken by half past twelve: missed, and offered anew
		h.incidents(1)
	})
}

// TestTheNightClocksArePutForward: between two and three there is no time to take anything in.
func TestTheNightClocksArePutForward(t *testing.T) {
	each(t, func(h *house) {
		own := &worktime.Schedule{}
		own.Zone, _ = worktime.Zone("Europe/Berlin")
		for d := range own.Week {
			own.Week[d] = []worktime.Span{{From: 60, To: 4 * 60}}
		}
		door := h.door(h.dealing(drum.Patch{Hours: of(drum.AlwaysHours), Schedule: own, Take: of(2 * time.Hour)}, anna))
		h.clock.Set(clock.Of(time.Date(2026, 3, 29, 0, 30, 0, 0, time.UTC))) // 01:30 in Berlin
		lead := h.asked(door, 1).Record
		want := clock.Of(time.Date(2026, 3, 29, 23, 30, 0, 0, time.UTC)) // half an hour, an hour from three to four, half an hour
		if o := h.open(lead); o.DueAt != want || o.Work != 2*time.Hour {
			h.Errorf("due %v, want %v", o.DueAt.Time(), want.Time())
		}
		h.clock.Set(clock.Of(time.Date(2026, 3, 29, 12, 0, 0, 0, time.UTC)))
		h.run(0)
		h.held("the drum sleeps", lead, anna)
		h.held("what comes by day waits", h.asked(door, 2).Record, 0)
	})
}

func TestPortions(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.dealing(drum.Patch{Sources: &[]drum.Portion{{Source: "base", PerDay: 2}}}, anna, boris))
		var all []ref.Ref
		h.do(0, func(t tx.Tx) error {
			for range 6 {
				id, err := h.records.Create(t, h.who(admin), "lead", record.Values{"title": "База"})
				if err != nil {
					return err
				}
				all = append(all, ref.Ref{Type: "lead", ID: id})
				if _, err := h.drums.OfferFor(t, h.int("SELECT max(id) FROM drum"), drum.About{Record: all[len(all)-1], Source: "base"}); err != nil {
					return err
				}
			}
			return nil
		})
		for i, person := range []int64{anna, boris, anna, boris, 0, 0} {
			h.held("today", all[i], person)
		}
		if o := h.open(all[0]); o.DueAt != 0 || o.Portion != "base" {
			h.Errorf("%+v", o)
		}
		usual := h.asked(door, 1).Record
		h.held("others don't wait behind a portion", usual, h.load(usual).ResponsibleID)
		h.at("2026-11-20 08:59")
		h.run(0)
		h.held("before the morning", all[4], 0)
		h.run(time.Minute)
		h.held("the next day", all[4], h.load(all[4]).ResponsibleID)
		h.held("the next day", all[5], h.load(all[5]).ResponsibleID)
		if h.load(all[4]).ResponsibleID == head || h.load(all[4]).ResponsibleID == h.load(all[5]).ResponsibleID {
			h.Error("not dealt to both")
		}
		if n := h.int("SELECT count(*) FROM incident i JOIN offer o ON o.id = i.subject_id WHERE o.portion <> ''"); n != 0 {
			h.Errorf("%d misses of a portion", n)
		}
	})
}

func TestHandsFull(t *testing.T) {
	each(t, func(h *house) {
		members := []drum.Member{{UserID: anna, Active: true}, {UserID: boris, Active: true, Cap: 2}}
		door := h.door(h.dealing(drum.Patch{Cap: of(1), Members: &members}))
		var leads []ref.Ref
		for n := range 5 {
			leads = append(leads, h.asked(door, n).Record)
		}
		for i, person := range []int64{anna, boris, boris, 0, 0} {
			h.held("dealt", leads[i], person)
		}
		if _, err := h.drums.Take(h.as(anna), h.who(anna), h.open(leads[0]).ID); err != nil {
			h.Fatal(err)
		}
		h.run(0)
		h.held("Anna is free, the oldest comes first", leads[3], anna)
		h.held("the last still waits", leads[4], 0)
	})
}

func TestWhatTheHeadBecomes(t *testing.T) {
	for becomes, watches := range map[string]bool{drum.HeadObserver: true, drum.HeadTold: false} {
		t.Run(becomes, func(t *testing.T) {
			each(t, func(h *house) {
				lead := h.asked(h.door(h.dealing(drum.Patch{MissesToHead: of(2), HeadBecomes: &becomes, Hours: of(drum.AlwaysHours)}, anna, boris)), 1).Record
				for range 2 {
					h.run(30 * time.Minute)
				}
				h.held("the drum goes on", lead, anna)
				if got := len(h.load(lead).Observers) == 1; got != watches {
					h.Errorf("observers %v", h.load(lead).Observers)
				}
				if n := h.int("SELECT count(*) FROM journal WHERE kind = 'offer_escalated'"); n != 1 {
					h.Errorf("the head was told %d times", n)
				}
				h.run(30 * time.Minute)
				h.held("and on", lead, boris)
			})
		})
	}
}

func TestWhatCountsAsTaken(t *testing.T) {
	each(t, func(h *house) {
		stage := h.catalog().Pipelines("lead")[0].Stages[1]
		byStage := h.door(h.dealing(drum.Patch{Taken: &[]string{drum.ByOwnStage}, TakeStageID: &stage.ID}, anna))
		byDeed := h.door(h.dealing(drum.Patch{Taken: &[]string{drum.ByActivity}, TakeStageID: &stage.ID}, anna))
		own, moved, done := h.asked(byStage, 1), h.asked(byDeed, 2), h.asked(byDeed, 3)
		h.update(anna, own.Record, record.Values{"stage": stage.Code})
		h.update(anna, moved.Record, record.Values{"stage": stage.Code})
		about := func(user int64, r ref.Ref, field, value string) {
			v := record.Values{"title": "Звонок", "kind": "call", "about": []any{r}, field: value}
			h.do(user, func(t tx.Tx) error { _, err := h.records.Create(t, h.who(user), "activity", v); return err })
		}
		about(anna, done.Record, "due_at", "2026-11-25T10:00:00Z")  // only planned
		about(head, done.Record, "done_at", "2026-11-19T09:00:00Z") // by somebody else
		for offer, want := range map[int64]string{own.Offer.ID: drum.Taken, moved.Offer.ID: drum.Offered, done.Offer.ID: drum.Offered} {
			if got := h.state(offer); got != want {
				h.Errorf("offer %d: %s, want %s", offer, got, want)
			}
		}
		about(anna, done.Record, "done_at", "2026-11-19T09:00:00Z")
		if h.state(done.Offer.ID) != drum.Taken || h.field(done.Record, "stage") != `"in_work"` {
			h.Errorf("called by Anna it is %s on %s", h.state(done.Offer.ID), h.field(done.Record, "stage"))
		}
	})
}

// TestADepartmentsDrum deals to everybody of the department but its head, and follows who comes and goes.
func TestADepartmentsDrum(t *testing.T) {
	each(t, func(h *house) {
		none := []drum.Member{{UserID: boris}} // Boris is on pause
		id := h.dealing(drum.Patch{Who: of(drum.Department), DepartmentID: of(int64(1)), Members: &none})
		door, got := h.door(id), map[int64]int{}
		for n := range 6 {
			got[h.asked(door, n).Offer.UserID]++
		}
		if len(got) != 3 || got[anna] != 2 || got[vera] != 2 || got[admin] != 2 {
			h.Errorf("dealt to %v", got)
		}
		r := h.asked(door, 7).Record
		look, err := h.drums.Look(h.as(head), h.who(head), id)
		if err != nil || len(look.People) != 4 || look.Next == 0 {
			h.Errorf("%+v %v", look, err)
		}
		if _, err := h.drums.Look(h.as(anna), h.who(anna), id); err != nil {
			h.Errorf("Anna is in it: %v", err)
		}
		h.do(0, func(t tx.Tx) error { return h.drums.Release(t, r) })
		if h.open(r) != nil {
			h.Error("it is still offered")
		}
	})
}

// TestOneDrumAtATime: two drums never hold one record, and who moves a record moves it whole.
func TestOneDrumAtATime(t *testing.T) {
	each(t, func(h *house) {
		first, second := h.drum(anna), h.drum(boris)
		r := h.asked(h.door(first), 1).Record
		if err := h.try(0, func(t tx.Tx) error { _, err := h.drums.Offer(t, second, r); return err }); !fault.Is(err, fault.Conflict) {
			h.Errorf("offered by two: %v", err)
		}
		h.do(0, func(t tx.Tx) error { _, err := h.drums.Into(t, second, r); return err })
		h.held("in the other drum", r, boris)
		h.run(30 * time.Minute)
		if n := h.int("SELECT count(*) FROM offer WHERE decided_at = 0"); n != 1 {
			h.Errorf("%d open offers", n)
		}
	})
}

// TestFromKaliningradToVladivostok: a drum follows the sun; each is offered records in his own hours.
func TestFromKaliningradToVladivostok(t *testing.T) {
	each(t, func(h *house) {
		h.do(admin, func(t tx.Tx) error {
			for person, zone := range map[int64]string{anna: "Europe/Kaliningrad", boris: "Asia/Vladivostok"} {
				if _, err := db.Of(t).Exec("UPDATE users SET zone = ? WHERE id = ?", zone, person); err != nil {
					return err
				}
			}
			return db.Bump(t, "org")
		})
		door := h.door(h.dealing(drum.Patch{}, anna, boris))
		for i, c := range []struct {
			moscow string
			person int64
		}{{"2026-11-19 02:30", boris}, {"2026-11-19 09:30", boris}, {"2026-11-19 10:30", anna}, {"2026-11-19 18:59", anna}, {"2026-11-19 19:30", 0}, {"2026-11-20 02:00", boris}} {
			h.at(c.moscow)
			lead := h.asked(door, i).Record
			h.held(c.moscow, lead, c.person)
			if o := h.open(lead); c.moscow == "2026-11-19 18:59" && o.DueAt != moscow(h.T, "2026-11-20 10:29") {
				h.Errorf("due %v", o.DueAt.Time())
			}
		}
	})
}

// TestPlansOfOffers: with hundreds of thousands of offers the drum page and its turns go by indexes.
func TestPlansOfOffers(t *testing.T) {
	each(t, func(h *house) {
		h.do(0, func(t tx.Tx) error {
			_, err := db.Of(t).Exec(`INSERT INTO offer (drum_id, type_id, record_id, user_id, round, state, offered_at, due_at, decided_at)
				SELECT CASE WHEN i % 50 = 0 THEN 1 ELSE 2 END, 1, i, i % 40, 1,
					CASE WHEN i % 400 = 0 THEN 'offered' WHEN i % 100 = 50 THEN 'waiting' WHEN i % 3 = 0 THEN 'missed' ELSE 'taken' END, i, 0,
					CASE WHEN i % 400 = 0 OR i % 100 = 50 THEN 0 ELSE i END
				FROM (WITH RECURSIVE s(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM s WHERE i < 30000) SELECT i FROM s) x`)
			return err
		})
		if err := h.d.Alone(h.Context(), func(q db.Q) error { _, err := q.Exec("ANALYZE"); return err }); err != nil {
			h.Fatal(err)
		}
		for sql, index := range map[string]string{
			"SELECT id FROM offer o WHERE o.drum_id = 1 AND o.portion = '' AND o.state = 'waiting' ORDER BY o.id LIMIT 50":                                               "offer_waiting",
			"SELECT DISTINCT portion FROM offer WHERE drum_id = 1 AND state = 'waiting' ORDER BY portion":                                                                "offer_waiting",
			"SELECT user_id, count(*) FROM offer WHERE drum_id = 1 AND state = 'offered' AND portion = '' GROUP BY user_id":                                              "offer_running",
			"SELECT user_id, state, count(*) FROM offer WHERE drum_id = 1 AND state IN ('taken', 'missed', 'withdrawn') AND decided_at >= 29000 GROUP BY user_id, state": "offer_day",
			"SELECT user_id, reasons FROM offer o WHERE o.drum_id = 1 AND o.id < 20000 ORDER BY o.id DESC LIMIT 41":                                                      "offer_dealt",
		} {
			var plan strings.Builder
			if err := h.d.Read(h.Context(), func(q db.Q) error {
				word := "EXPLAIN QUERY PLAN "
				if q.Dialect() == db.Postgres {
					word = "EXPLAIN "
				}
				return q.Query(word+sql, nil, func(r db.Row) error { plan.WriteString(r.Text(r.Len()-1) + "\n"); return nil })
			}); err != nil {
				h.Fatal(err)
			}
			if !strings.Contains(plan.String(), index) {
				h.Errorf("%s\n%s", sql, plan.String())
			}
		}
	})
}

// TestTheFormerResponsibleFirst, once; when he misses it, it goes on in turn.
func TestTheFormerResponsibleFirst(t *testing.T) {
	each(t, func(h *house) {
		id := h.dealing(drum.Patch{Former: of(true), Hours: of(drum.AlwaysHours)}, anna, boris, vera)
		var r ref.Ref
		h.do(0, func(t tx.Tx) error {
			n, err := h.records.Create(t, h.who(admin), "lead", record.Values{"title": "Старый клиент", "responsible": int64(vera)})
			r = ref.Ref{Type: "lead", ID: n}
			if err == nil {
				_, err = h.drums.Offer(t, id, r)
			}
			return err
		})
		h.held("Vera knows him", r, vera)
		h.run(30 * time.Minute)
		h.held("she missed it", r, anna)
	})
}

// TestLateTogether: offers of a drum that are late at once are decided together, as if one after another.
func TestLateTogether(t *testing.T) {
	each(t, func(h *house) {
		door := h.door(h.drum(anna, boris, vera))
		var leads []ref.Ref
		for n := range 90 {
			leads = append(leads, h.asked(door, n).Record)
		}
		before := map[ref.Ref]int64{}
		for _, r := range leads {
			before[r] = h.open(r).UserID
		}
		h.run(30 * time.Minute)
		h.incidents(90)
		got := map[int64]int{}
		for _, r := range leads {
			o := h.open(r)
			if o == nil || o.Round != 2 || o.UserID == before[r] || h.load(r).ResponsibleID != o.UserID {
				h.Fatalf("%+v after %d", o, before[r])
			}
			got[o.UserID]++
		}
		for person, n := range got {
			if n < 28 || n > 32 {
				h.Errorf("%d got %d of 90", person, n)
			}
		}
		if n := h.int("SELECT count(*) FROM deadline WHERE state = 'open'"); n != 90 {
			h.Errorf("%d deadlines are open", n)
		}
	})
}

// TestHeadsSetUpDrumsOfTheirPeople and of nobody else.
func TestHeadsSetUpDrumsOfTheirPeople(t *testing.T) {
	each(t, func(h *house) {
		title := "Свой"
		his := []drum.Member{{UserID: anna, Active: true}}
		id, err := h.drums.Create(h.as(head), h.who(head), drum.Patch{Title: &title, Members: &his})
		if err != nil {
			h.Fatal(err)
		}
		if err := h.drums.Change(h.as(anna), h.who(anna), id, drum.Patch{Stopped: of(true)}); err == nil {
			h.Error("a manager stopped a drum")
		}
		if err := h.drums.Change(h.as(head), h.who(head), id, drum.Patch{Stopped: of(true)}); err != nil {
			h.Error(err)
		}
		h.held("a stopped drum deals nothing", h.asked(h.door(h.int("SELECT max(id) FROM drum")), 1).Record, 0)
		h.do(admin, func(t tx.Tx) error { return h.move(t, anna) })
		if err := h.drums.Change(h.as(head), h.who(head), id, drum.Patch{Stopped: of(false)}); err == nil {
			h.Error("a head changed a drum of people of others")
		}
	})
}
