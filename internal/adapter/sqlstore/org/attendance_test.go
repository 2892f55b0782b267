package orgstore

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/jobs"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/attendance"
	"voronka/internal/org/calendar"
	"voronka/internal/org/department"
	"voronka/internal/org/directory"
	"voronka/internal/org/user"
	"voronka/internal/org/worktime"
)

// office is house org with a head and two managers who each live in another zone.
type office struct {
	*house
	att               *attendance.Service
	jobs              *jobs.Runner
	admin, head, anna access.Who
	dept              int64
	heard             []string
}

func (o *office) HoursChanged(_ tx.Tx, users []int64) error {
	o.heard = append(o.heard, "hours "+o.names(users))
	return nil
}

func (o *office) Away(_ tx.Tx, id int64) error {
	o.heard = append(o.heard, "away "+o.names([]int64{id}))
	return nil
}

func (o *office) Back(_ tx.Tx, id int64) error {
	o.heard = append(o.heard, "back "+o.names([]int64{id}))
	return nil
}

func (o *office) names(ids []int64) string {
	if ids == nil {
		return "all"
	}
	return map[int64]string{o.admin.UserID: "admin", o.head.UserID: "head", o.anna.UserID: "anna"}[ids[0]]
}

// told is what listeners heard since the last question, after all due jobs have run.
func (o *office) told() []string {
	o.t.Helper()
	if _, err := o.jobs.RunDue(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	heard := o.heard
	o.heard = nil
	return heard
}

func eachOffice(t *testing.T, f func(o *office)) {
	each(t, func(h *house) {
		h.clock.Set(clock.Of(time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC))) // a Friday, 13:00 in Moscow
		o := &office{house: h}
		o.att = &attendance.Service{Tx: h.Store, Store: h.Store, Org: h.Store, Listeners: []attendance.Listener{o}}
		h.users.Hours, h.departments.Hours, h.portal.Hours = o.att.Changed, o.att.Changed, o.att.Changed
		handlers := map[string]job.Handler{}
		for _, handler := range append(o.att.Jobs(), h.Handler()) {
			handlers[handler.Kind] = handler
		}
		o.jobs = jobs.NewRunner(h.d, handlers)
		o.admin = h.begun()
		head := h.add(o.admin, "boris@example.com", access.Head, 0)
		dep, err := h.departments.Add(h.t.Context(), o.admin, department.Draft{Title: "Продажи", HeadID: head.ID})
		want(h.t, err, "")
		o.dept = dep.ID
		anna := h.add(o.admin, "anna@example.com", access.Manager, dep.ID)
		zone := "Asia/Vladivostok"
		_, err = h.users.Change(h.t.Context(), o.admin, anna.ID, user.Patch{Zone: &zone})
		want(h.t, err, "")
		o.head, o.anna = h.who(head.ID), h.who(anna.ID)
		o.told()
		f(o)
	})
}

func (o *office) at(zone, text string) clock.Instant {
	o.t.Helper()
	loc, err := worktime.Zone(zone)
	want(o.t, err, "")
	moment, err := time.ParseInLocation("2006-01-02 15:04", text, loc)
	want(o.t, err, "")
	return clock.Of(moment)
}

func (o *office) presence(id int64, needDay bool) (p attendance.Presence) {
	o.t.Helper()
	want(o.t, o.d.Do(o.t.Context(), func(t tx.Tx) error {
		all, err := o.att.Of(t, []int64{id}, needDay)
		p = all[id]
		return err
	}), "")
	return p
}

func (o *office) schedule(id int64) *worktime.Schedule {
	o.t.Helper()
	dir, err := o.Last(o.t.Context())
	want(o.t, err, "")
	return dir.ScheduleOf(id)
}

func TestWhoseHoursHold(t *testing.T) {
	eachOffice(t, func(o *office) {
		ctx := o.t.Context()
		nine := []worktime.Span{{From: 9 * 60, To: 18 * 60}}
		late := [7][]worktime.Span{time.Friday: {{From: 12 * 60, To: 20 * 60}}}
		if s := o.schedule(o.anna.UserID); s.Zone.String() != "Asia/Vladivostok" || !cmp.Equal(s.On("2026-11-20"), nine) || s.On("2026-11-04") != nil {
			o.t.Errorf("as the portal, with the holidays of its country: %v", s)
		}
		want(o.t, o.att.SetRule(ctx, o.admin, attendance.OfDepartment, o.dept, &worktime.Rule{Week: &late}), "")
		if got := o.told(); !cmp.Equal(got, []string{"hours all"}) {
			o.t.Error(got)
		}
		if s := o.schedule(o.anna.UserID); !cmp.Equal(s.On("2026-11-20"), late[time.Friday]) || s.On("2026-11-19") != nil {
			o.t.Errorf("as the department: %v", s)
		}
		if s := o.schedule(0); !cmp.Equal(s.On("2026-11-20"), nine) {
			o.t.Errorf("the portal: %v", s)
		}
		want(o.t, o.att.SetRule(ctx, o.head, attendance.OfPerson, o.anna.UserID, &worktime.Rule{Country: worktime.None, Dates: map[string][]worktime.Span{"2026-11-04": nine}}), "")
		if got := o.told(); !cmp.Equal(got, []string{"hours anna"}) {
			o.t.Error(got)
		}
		if s := o.schedule(o.anna.UserID); !cmp.Equal(s.On("2026-11-20"), late[time.Friday]) || !cmp.Equal(s.On("2026-11-04"), nine) {
			o.t.Errorf("her own: %v", s)
		}
		want(o.t, o.att.SetRule(ctx, o.admin, attendance.OfPerson, o.anna.UserID, nil), "")
		want(o.t, o.att.SetRule(ctx, o.admin, attendance.OfDepartment, o.dept, nil), "")
		if s := o.schedule(o.anna.UserID); !cmp.Equal(s.On("2026-11-20"), nine) {
			o.t.Errorf("as the portal again: %v", s)
		}
		for _, refused := range []struct {
			who   access.Who
			owner string
			id    int64
			want  string
		}{
			{o.anna, attendance.OfPerson, o.anna.UserID, "schedule.not_yours"},
			{o.head, attendance.OfPerson, o.head.UserID, "schedule.not_yours"},
			{o.head, attendance.OfPerson, o.admin.UserID, "schedule.not_yours"},
			{o.anna, attendance.OfDepartment, o.dept, "schedule.not_yours"},
			{o.admin, attendance.OfPerson, 777, "user.unknown"},
		} {
			want(o.t, o.att.SetRule(ctx, refused.who, refused.owner, refused.id, &worktime.Rule{Week: &late}), refused.want)
		}
		want(o.t, o.att.SetRule(ctx, o.admin, attendance.OfPerson, o.anna.UserID, &worktime.Rule{Country: "US"}), "country schedule.bad_country")
	})
}

func TestEditedCalendar(t *testing.T) {
	eachOffice(t, func(o *office) {
		ctx := o.t.Context()
		day := calendar.Day{Date: "2026-11-23", Kind: worktime.Off, TitleRU: "День фирмы"}
		want(o.t, o.att.SetDay(ctx, o.head, "RU", day), "rights.area_portal")
		want(o.t, o.att.SetDay(ctx, o.admin, "US", day), "schedule.bad_country")
		want(o.t, o.att.SetDay(ctx, o.admin, "RU", day), "")
		if got := o.told(); !cmp.Equal(got, []string{"hours all"}) {
			o.t.Error(got)
		}
		hours := directory.Hours{Source: o.Store}
		due := func() (due clock.Instant) {
			want(o.t, o.d.Do(ctx, func(t tx.Tx) (err error) {
				due, err = hours.Due(t, o.admin.UserID, o.at("Europe/Moscow", "2026-11-20 17:30"), time.Hour)
				return err
			}), "")
			return due
		}
		if got := due(); got != o.at("Europe/Moscow", "2026-11-24 09:30") {
			o.t.Error(got.Time())
		}
		want(o.t, o.att.DropDay(ctx, o.admin, "RU", "2026-11-23"), "")
		if got := due(); got != o.at("Europe/Moscow", "2026-11-23 09:30") {
			o.t.Error(got.Time())
		}
		taken, wrong, err := o.att.ImportDays(ctx, o.admin, "RU", "2027-01-01,off,Новый год\nвчера,off\n2027-02-20,work,,2027-02-22\n2027-02-22,off")
		if want(o.t, err, ""); taken != 3 || len(wrong) != 1 {
			o.t.Error(taken, wrong)
		}
		if s := o.schedule(o.admin.UserID); s.On("2027-01-01") != nil || s.On("2027-02-20") == nil || s.On("2027-02-22") != nil {
			o.t.Error("an imported year doesn't hold")
		}
		kz := "KZ"
		want(o.t, o.att.SetPortal(ctx, o.admin, nil, &kz), "")
		if s := o.schedule(o.admin.UserID); s.On("2026-11-04") == nil || s.On("2026-12-16") != nil {
			o.t.Error("the calendar of Kazakhstan doesn't hold")
		}
	})
}

func TestAbsences(t *testing.T) {
	eachOffice(t, func(o *office) {
		ctx, anna := o.t.Context(), o.anna.UserID
		a := attendance.Absence{UserID: anna, Kind: "vacation", First: "2026-11-24", Last: "2026-11-25", SubstituteID: o.head.UserID, Note: " Сочи "}
		_, err := o.att.AddAbsence(ctx, o.anna, a)
		want(o.t, err, "absence.not_yours")
		a, err = o.att.AddAbsence(ctx, o.head, a)
		want(o.t, err, "")
		slices.Sort(o.heard)
		if got := o.told(); !cmp.Equal(got, []string{"back anna", "hours anna"}) && !cmp.Equal(got, []string{"hours anna", "back anna"}) {
			o.t.Error(got)
		}
		_, err = o.att.AddAbsence(ctx, o.head, attendance.Absence{UserID: anna, Kind: "sick", First: "2026-11-25", Last: "2026-11-27"})
		want(o.t, err, "first absence.overlaps")
		for _, bad := range []struct {
			a    attendance.Absence
			want string
		}{
			{attendance.Absence{Kind: "fishing", First: "2026-12-01", Last: "2026-12-01"}, "kind absence.bad_kind"},
			{attendance.Absence{Kind: "sick", First: "2026-12-02", Last: "2026-12-01"}, "last absence.ends_before"},
			{attendance.Absence{Kind: "sick", First: "2026-12-02", Last: "2036-12-01"}, "last absence.too_long"},
			{attendance.Absence{Kind: "sick", First: "2026-12-01", Last: "2026-12-01", From: 600, To: 500}, "to absence.bad_part"},
			{attendance.Absence{Kind: "sick", First: "2026-12-01", Last: "2026-12-01", SubstituteID: anna}, "substitute absence.bad_substitute"},
		} {
			bad.a.UserID = anna
			_, err := o.att.AddAbsence(ctx, o.admin, bad.a)
			want(o.t, err, bad.want)
		}
		// In Vladivostok the 24th begins when it is 17:00 of the 23rd in Moscow.
		o.clock.Set(o.at("Asia/Vladivostok", "2026-11-24 00:00"))
		if got := o.told(); !cmp.Equal(got, []string{"away anna"}) {
			o.t.Error(got)
		}
		want := attendance.Presence{Why: attendance.Absent, Until: o.at("Asia/Vladivostok", "2026-11-26 00:00"), Next: o.at("Asia/Vladivostok", "2026-11-26 09:00")}
		if got := o.presence(anna, false); got != want {
			o.t.Errorf("%+v, want %+v", got, want)
		}
		o.clock.Set(o.at("Asia/Vladivostok", "2026-11-26 00:00"))
		if got := o.told(); !cmp.Equal(got, []string{"back anna"}) {
			o.t.Error(got)
		}
		first, last := "2026-11-26", "2026-11-26"
		_, err = o.att.ChangeAbsence(ctx, o.head, a.ID, func(a *attendance.Absence) { a.First, a.Last, a.From, a.To = first, last, 14*60, 18*60 })
		if err != nil {
			o.t.Fatal(err)
		}
		o.told()
		o.clock.Set(o.at("Asia/Vladivostok", "2026-11-26 14:00"))
		if got := o.told(); !cmp.Equal(got, []string{"away anna"}) {
			o.t.Error(got)
		}
		if got := o.presence(anna, false); got.Why != attendance.Absent || got.Until != o.at("Asia/Vladivostok", "2026-11-26 18:00") {
			o.t.Errorf("%+v", got)
		}
		if err := o.att.RemoveAbsence(ctx, o.head, a.ID); err != nil {
			o.t.Fatal(err)
		}
		if got := o.presence(anna, false); !got.Works || got.Until != o.at("Asia/Vladivostok", "2026-11-26 18:00") {
			o.t.Errorf("%+v", got)
		}
	})
}

func TestPresence(t *testing.T) {
	eachOffice(t, func(o *office) {
		admin := o.admin.UserID
		for _, c := range []struct {
			now, why, until, next string
		}{
			{"2026-11-20 13:00", "", "2026-11-20 18:00", "2026-11-20 13:00"},
			{"2026-11-20 18:00", attendance.OutOfHours, "2026-11-23 09:00", "2026-11-23 09:00"},
			{"2026-12-31 23:59", attendance.OutOfHours, "2027-01-01 09:00", "2027-01-01 09:00"}, // the day off of 2026 is known, 2027 isn't yet
			{"2026-11-03 16:30", "", "2026-11-03 17:00", "2026-11-03 16:30"},                    // before a holiday
			{"2026-11-03 17:00", attendance.OutOfHours, "2026-11-05 09:00", "2026-11-05 09:00"},
		} {
			o.clock.Set(o.at("Europe/Moscow", c.now))
			want := attendance.Presence{Works: c.why == "", Why: c.why, Until: o.at("Europe/Moscow", c.until), Next: o.at("Europe/Moscow", c.next)}
			if got := o.presence(admin, false); got != want {
				o.t.Errorf("%s: %+v, want %+v", c.now, got, want)
			}
		}
		if got := o.presence(777, false); got.Works || got.Why != attendance.Left {
			o.t.Errorf("%+v", got)
		}
	})
}

func TestWorkingDay(t *testing.T) {
	eachOffice(t, func(o *office) {
		ctx, anna := o.t.Context(), o.anna.UserID
		act := func(what, state string) attendance.Day {
			o.t.Helper()
			d, err := o.att.Act(ctx, o.anna, what)
			if want(o.t, err, ""); d.State != state {
				o.t.Fatalf("after %s: %s", what, d.State)
			}
			return d
		}
		why := func(want string) {
			o.t.Helper()
			if got := o.presence(anna, true); got.Why != want || got.Works != (want == "") {
				o.t.Fatalf("%+v, want %q", got, want)
			}
		}
		o.clock.Set(o.at("Asia/Vladivostok", "2026-11-23 09:00"))
		why(attendance.DayNotStarted)
		for _, early := range []string{attendance.ActPause, attendance.ActResume, attendance.ActFinish} {
			_, err := o.att.Act(ctx, o.anna, early)
			want(o.t, err, "day.not_going")
		}
		act(attendance.ActStart, attendance.Started)
		act(attendance.ActStart, attendance.Started)
		why("")
		o.clock.Advance(2 * time.Hour)
		act(attendance.ActPause, attendance.Paused)
		why(attendance.DayPaused)
		o.clock.Advance(time.Hour)
		act(attendance.ActResume, attendance.Started)
		o.clock.Advance(3 * time.Hour)
		d := act(attendance.ActFinish, attendance.Finished)
		why(attendance.DayFinished)
		if worked, rested := d.Worked(o.clock.Now()); worked != 5*time.Hour || rested != time.Hour || len(d.Spans) != 3 {
			o.t.Errorf("%v, %v, %+v", worked, rested, d.Spans)
		}
		act(attendance.ActStart, attendance.Started) // it goes on after all
		why("")
		if got := o.told(); !cmp.Equal(got, []string{"back anna", "away anna", "back anna", "away anna", "back anna"}) {
			o.t.Error(got)
		}

		// Nobody finished it: at 16 hours it ends where the working time of the day did.
		o.clock.Advance(attendance.MaxDay)
		if got := o.told(); !cmp.Equal(got, []string{"away anna"}) {
			o.t.Error(got)
		}
		spans, err := o.Days(ctx, []int64{anna}, "2026-11-23", "2026-11-23")
		if want(o.t, err, ""); len(spans) != 4 || spans[3].To != o.at("Asia/Vladivostok", "2026-11-23 18:00") {
			o.t.Errorf("%+v", spans)
		}
		if _, err := o.users.Change(ctx, o.admin, anna, user.Patch{Active: new(bool)}); err != nil {
			o.t.Fatal(err)
		}
		why(attendance.Left)
	})
}

func TestCorrections(t *testing.T) {
	eachOffice(t, func(o *office) {
		ctx, anna := o.t.Context(), o.anna.UserID
		o.clock.Set(o.at("Asia/Vladivostok", "2026-11-23 09:40"))
		_, err := o.att.Act(ctx, o.anna, attendance.ActStart)
		want(o.t, err, "")
		o.clock.Advance(time.Hour)
		at := func(text string) clock.Instant { return o.at("Asia/Vladivostok", "2026-11-23 "+text) }
		good := []attendance.Span{{Kind: attendance.Work, From: at("09:00"), To: at("09:30")}, {Kind: attendance.Work, From: at("09:40")}}
		correct := func(who access.Who, spans []attendance.Span, reason string) error {
			_, err := o.att.Correct(ctx, who, anna, "2026-11-23", slices.Clone(spans), reason)
			return err
		}
		want(o.t, correct(o.anna, good, "Забыла"), "user.unknown")
		want(o.t, correct(o.head, good, " "), "reason day.reason_missing")
		for _, bad := range []struct {
			spans []attendance.Span
			want  string
		}{
			{[]attendance.Span{{Kind: "nap", From: at("09:00"), To: at("09:30")}}, "spans/0 day.bad_kind"},
			{[]attendance.Span{{Kind: attendance.Work, From: at("09:30"), To: at("09:00")}}, "spans/0 day.ends_before"},
			{[]attendance.Span{{Kind: attendance.Work, From: at("09:00"), To: at("23:00")}}, "spans/0 day.elsewhere"},
			{[]attendance.Span{{Kind: attendance.Work, From: at("09:00")}, {Kind: attendance.Work, From: at("09:10"), To: at("09:20")}}, "spans/0 day.ends_before"},
			{[]attendance.Span{{Kind: attendance.Work, From: at("09:00"), To: at("09:30")}, {Kind: attendance.Pause, From: at("09:20"), To: at("09:40")}}, "spans/1 day.overlaps"},
		} {
			want(o.t, correct(o.head, bad.spans, "Проверка"), bad.want)
		}
		want(o.t, correct(o.head, good, "Пришла раньше, забыла нажать"), "")
		if got := o.told(); !cmp.Equal(got, []string{"back anna", "back anna"}) {
			o.t.Error(got)
		}
		list, err := o.Corrections(ctx, []int64{anna}, "2026-11-01", "2026-11-30")
		if want(o.t, err, ""); len(list) != 1 || list[0].ByID != o.head.UserID || len(list[0].Before) != 1 || len(list[0].After) != 2 || list[0].Before[0].From != at("09:40") {
			o.t.Fatalf("%+v", list)
		}
		closed := []attendance.Span{{Kind: attendance.Work, From: at("09:00"), To: at("10:00")}}
		want(o.t, correct(o.admin, closed, "Ушла"), "")
		if p := o.presence(anna, true); p.Why != attendance.DayFinished {
			o.t.Errorf("%+v", p)
		}
		want(o.t, correct(o.admin, good, "Снова"), "spans/1 day.ends_before") // what is over doesn't go on by correcting
		_, err = o.att.Correct(ctx, o.head, o.head.UserID, "2026-11-23", closed, "Себе")
		if !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Forbidden) {
			o.t.Error(err)
		}
	})
}

// TestDaysOfManyAtOnce: two who press at once make one interval.
func TestDaysOfManyAtOnce(t *testing.T) {
	eachOffice(t, func(o *office) {
		errs := make(chan error, 8)
		for range cap(errs) {
			go func() {
				_, err := o.att.Act(context.WithoutCancel(o.t.Context()), o.anna, attendance.ActStart)
				errs <- err
			}()
		}
		for range cap(errs) {
			want(o.t, <-errs, "")
		}
		if err := o.d.Read(o.t.Context(), func(q db.Q) error {
			n, err := db.Int(q, "SELECT COUNT(*) FROM day_span")
			if n != 1 {
				o.t.Errorf("%d intervals", n)
			}
			return err
		}); err != nil {
			o.t.Fatal(err)
		}
	})
}
