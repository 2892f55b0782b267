package directory

import (
	"testing"
	"time"
	_ "time/tzdata"

	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
	"voronka/internal/org/department"
	"voronka/internal/org/portal"
	"voronka/internal/org/user"
	"voronka/internal/org/worktime"
)

func msk(t testing.TB, text string) clock.Instant {
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

// crowd is a company of n people in departments of a hundred.
func crowd(n int) ([]*user.User, []*department.Department) {
	zones := []string{"Europe/Kaliningrad", "Europe/Moscow", "Asia/Yekaterinburg", "Asia/Vladivostok"}
	var people []*user.User
	var departments []*department.Department
	for i := range n {
		dep := int64(i/100 + 1)
		if i%100 == 0 {
			departments = append(departments, &department.Department{ID: dep, ParentID: dep / 4, Pos: dep * 10, PosEnd: dep*10 + 9})
		}
		people = append(people, &user.User{ID: int64(i + 1), Name: "Имя", Role: access.Manager, DepartmentID: dep, Zone: zones[i%len(zones)], Active: true})
	}
	return people, departments
}

func company(n int, times Times) *Directory {
	zone, _ := worktime.Zone("Europe/Moscow")
	people, departments := crowd(n)
	return New(portal.Default(), worktime.Default(zone), people, departments, nil).WithTimes(times)
}

func TestScheduleOf(t *testing.T) {
	week := [7][]worktime.Span{time.Saturday: {{From: 600, To: 900}}}
	d := company(1000, Times{Country: "RU", Departments: map[int64]*worktime.Rule{1: {Week: &week}}, People: map[int64]*worktime.Rule{2: {Country: worktime.None}}})
	if s := d.ScheduleOf(1); len(s.On("2026-11-21")) != 1 || s.Zone.String() != "Europe/Kaliningrad" {
		t.Errorf("his department's: %v", s)
	}
	if s := d.ScheduleOf(450); len(s.On("2026-11-21")) != 1 { // department 5 is below 1
		t.Errorf("the department's above: %v", s)
	}
	if s := d.ScheduleOf(0); len(s.On("2026-11-20")) != 1 || s.On("2026-11-04") != nil || s != d.ScheduleOf(77777) {
		t.Errorf("the portal's: %v", s)
	}
	if s := d.ScheduleOf(2); s.Calendar != nil || d.ScheduleOf(2) != s || d.CountryOf(d.Times().People[2], 1) != worktime.None {
		t.Errorf("without holidays, worked out once: %v", s)
	}
	if s := d.DepartmentSchedule(1); len(s.On("2026-11-21")) != 1 {
		t.Errorf("of the department: %v", s)
	}
	bare := New(portal.Default(), nil, nil, nil, nil)
	if !bare.ScheduleOf(5).Works(0) || !bare.DepartmentSchedule(5).Works(0) {
		t.Error("a portal without hours rests")
	}
}

func TestAwayAt(t *testing.T) {
	d := company(4, Times{Away: map[int64][]worktime.Away{2: {
		{First: "2026-11-20", Last: "2026-11-22"},
		{First: "2026-11-23", Last: "2026-11-24"},
		{First: "2026-11-25", Last: "2026-11-26", From: 600, To: 720},
	}}})
	for _, c := range []struct{ at, until, turn string }{
		{"2026-11-19 23:59", "", "2026-11-20 00:00"},
		{"2026-11-20 00:00", "2026-11-25 00:00", "2026-11-23 00:00"}, // one absence follows the other
		{"2026-11-24 23:59", "2026-11-25 00:00", "2026-11-25 00:00"},
		{"2026-11-25 00:00", "", "2026-11-25 10:00"},
		{"2026-11-25 10:00", "2026-11-25 12:00", "2026-11-25 12:00"},
		{"2026-11-25 12:00", "", "2026-11-26 10:00"},
		{"2026-11-26 12:00", "", ""},
	} {
		until, away := d.AwayAt(2, msk(t, c.at))
		if away != (c.until != "") || away && until != msk(t, c.until) {
			t.Errorf("%s: %v %v, want %q", c.at, until.Time(), away, c.until)
		}
		turn, ok := d.NextTurn(2, msk(t, c.at))
		if ok != (c.turn != "") || ok && turn != msk(t, c.turn) {
			t.Errorf("after %s: %v %v, want %q", c.at, turn.Time(), ok, c.turn)
		}
	}
	if _, away := d.AwayAt(3, msk(t, "2026-11-20 12:00")); away {
		t.Error("somebody else is away")
	}
}

// BenchmarkSchedules works out when five thousand people work, once after a change.
func BenchmarkSchedules(b *testing.B) {
	away := map[int64][]worktime.Away{}
	for id := int64(1); id <= 5000; id++ {
		away[id] = []worktime.Away{{First: "2025-07-01", Last: "2025-07-28"}, {First: "2026-07-01", Last: "2026-07-28"}}
	}
	for range b.N {
		d := company(5000, Times{Country: "RU", Away: away})
		for id := int64(1); id <= 5000; id++ {
			if !d.ScheduleOf(id).Works(1_763_625_600_000) && id == 0 {
				b.Fatal("nobody works")
			}
		}
	}
}
