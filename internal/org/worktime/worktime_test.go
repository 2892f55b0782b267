package worktime

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"voronka/internal/kernel/clock"
)

func at(t *testing.T, zone, text string) clock.Instant {
	t.Helper()
	loc, err := Zone(zone)
	if err != nil {
		t.Fatal(err)
	}
	moment, err := time.ParseInLocation("2006-01-02 15:04", text, loc)
	if err != nil {
		t.Fatal(err)
	}
	return clock.Of(moment)
}

func TestBetween(t *testing.T) {
	moscow, _ := Zone("Europe/Moscow")
	office := Default(moscow)
	office.Dates = map[string][]Span{"2026-11-04": {}, "2026-11-07": {{10 * 60, 14 * 60}}}
	lunch := Default(moscow)
	lunch.Week[time.Monday] = []Span{{9 * 60, 13 * 60}, {14 * 60, 18 * 60}}
	for _, c := range []struct {
		name     string
		s        *Schedule
		from, to string
		want     time.Duration
	}{
		{"within a day", office, "2026-11-02 10:00", "2026-11-02 12:30", 150 * time.Minute},
		{"before the opening", office, "2026-11-02 07:00", "2026-11-02 09:30", 30 * time.Minute},
		{"over night", office, "2026-11-02 17:00", "2026-11-03 10:00", 2 * time.Hour},
		{"over a holiday", office, "2026-11-03 17:00", "2026-11-05 10:00", 2 * time.Hour},
		{"over a weekend with a working Saturday", office, "2026-11-06 17:00", "2026-11-09 10:00", 6 * time.Hour},
		{"over lunch", lunch, "2026-11-02 12:30", "2026-11-02 14:30", time.Hour},
		{"nothing", office, "2026-11-04 00:00", "2026-11-04 23:00", 0},
		{"backwards", office, "2026-11-02 12:00", "2026-11-02 11:00", -time.Hour},
	} {
		if got := c.s.Between(at(t, "Europe/Moscow", c.from), at(t, "Europe/Moscow", c.to)); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestClocksPutForwardAndBack(t *testing.T) {
	berlin, _ := Zone("Europe/Berlin")
	night := &Schedule{Zone: berlin}
	for d := range night.Week {
		night.Week[d] = []Span{{60, 4 * 60}} // 01:00–04:00
	}
	havana, _ := Zone("America/Havana") // changes at midnight
	allDay := Always()
	allDay.Zone = havana
	for _, c := range []struct {
		name, zone, from, to string
		s                    *Schedule
		want                 time.Duration
	}{
		{"forward: an hour less", "Europe/Berlin", "2026-03-29 00:00", "2026-03-29 12:00", night, 2 * time.Hour},
		{"back: an hour more", "Europe/Berlin", "2026-10-25 00:00", "2026-10-25 12:00", night, 4 * time.Hour},
		{"an ordinary night", "Europe/Berlin", "2026-10-26 00:00", "2026-10-26 12:00", night, 3 * time.Hour},
		{"a short day", "America/Havana", "2026-03-07 12:00", "2026-03-08 12:00", allDay, 23 * time.Hour},
		{"a long day", "America/Havana", "2026-10-31 12:00", "2026-11-01 12:00", allDay, 25 * time.Hour},
	} {
		if got := c.s.Between(at(t, c.zone, c.from), at(t, c.zone, c.to)); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAdd(t *testing.T) {
	moscow, _ := Zone("Europe/Moscow")
	office := Default(moscow)
	for _, c := range []struct {
		from string
		d    time.Duration
		want string
	}{
		{"2026-11-02 10:00", time.Hour, "2026-11-02 11:00"},
		{"2026-11-02 17:45", 30 * time.Minute, "2026-11-03 09:15"},
		{"2026-11-06 17:45", 30 * time.Minute, "2026-11-09 09:15"},
		{"2026-11-07 12:00", time.Minute, "2026-11-09 09:01"},
		{"2026-11-02 09:00", 9 * time.Hour, "2026-11-02 18:00"}, // the end of the day, not the next morning
		{"2026-11-07 12:00", 0, "2026-11-07 12:00"},
	} {
		got, ok := office.Add(at(t, "Europe/Moscow", c.from), c.d)
		if want := at(t, "Europe/Moscow", c.want); !ok || got != want {
			t.Errorf("%s + %v = %v, want %s", c.from, c.d, got.In(moscow), c.want)
		}
	}
	if _, ok := (&Schedule{Zone: time.UTC}).Add(0, time.Second); ok {
		t.Error("a schedule without working time has an answer")
	}
	if _, ok := Always().Add(0, 1<<62); ok {
		t.Error("146 years have an answer")
	}
}

// zoneNames are zones with half hours, changes at midnight, whole days skipped, and a far past of odd seconds.
var zoneNames = []string{
	"UTC", "Europe/Moscow", "Europe/Berlin", "America/Havana", "America/New_York", "Asia/Vladivostok",
	"Europe/Kaliningrad", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Asia/Tehran",
}

func anySchedule(t *rapid.T) *Schedule {
	loc, err := Zone(rapid.SampledFrom(zoneNames).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	s := &Schedule{Zone: loc, Dates: map[string][]Span{}}
	spans := rapid.Custom(func(t *rapid.T) []Span {
		var out []Span
		for last := 0; last < Day-1 && len(out) < 3 && rapid.Bool().Draw(t, "more"); {
			from := rapid.IntRange(last, Day-1).Draw(t, "from")
			to := rapid.IntRange(from+1, Day).Draw(t, "to")
			out, last = append(out, Span{from, to}), to
		}
		return out
	})
	for d := range s.Week {
		s.Week[d] = spans.Draw(t, "spans")
	}
	for range rapid.IntRange(0, 3).Draw(t, "overrides") {
		s.Dates[moment(t, "date").Date(time.UTC)] = spans.Draw(t, "override")
	}
	s.Calendar = Calendar{}
	for range rapid.IntRange(0, 20).Draw(t, "holidays") {
		kind := rapid.SampledFrom([]Kind{Off, Short, Work, Plain}).Draw(t, "kind")
		s.Calendar[moment(t, "holiday").Date(time.UTC)] = CalendarDay{Kind: kind, Like: time.Weekday(rapid.IntRange(0, 6).Draw(t, "like"))}
	}
	for range rapid.IntRange(0, 3).Draw(t, "absences") {
		first := moment(t, "first")
		a := Away{First: first.Date(time.UTC), Last: first.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "days")) * 24 * time.Hour).Date(time.UTC)}
		if rapid.Bool().Draw(t, "part") {
			a.From = rapid.IntRange(0, Day-1).Draw(t, "from")
			a.To = rapid.IntRange(a.From+1, Day).Draw(t, "to")
		}
		s.Away = append(s.Away, a)
	}
	slices.SortFunc(s.Away, func(a, b Away) int { return strings.Compare(a.First, b.First) })
	return s
}

func moment(t *rapid.T, name string) clock.Instant {
	from := time.Date(2011, 12, 20, 0, 0, 0, 0, time.UTC).UnixMilli() // Apia skipped 30 December 2011
	return clock.Instant(from + rapid.Int64Range(0, 400*24*3600*1000).Draw(t, name))
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySchedule(t)
		if rapid.Bool().Draw(t, "both") {
			s = s.And(anySchedule(t))
		}
		if err := s.Check(); err != nil {
			t.Fatal(err)
		}
		a, b, c := moment(t, "a"), moment(t, "b"), moment(t, "c")
		if ab, bc, ac := s.Between(a, b), s.Between(b, c), s.Between(a, c); ab+bc != ac {
			t.Fatalf("additive: %v + %v ≠ %v", ab, bc, ac)
		}
		lo, hi := min(a, b), max(a, b)
		if d := s.Between(lo, hi); d < 0 || d > hi.Sub(lo) {
			t.Fatalf("%v of work in %v", d, hi.Sub(lo))
		}
		if x, y := s.Between(lo, max(hi, c)), s.Between(lo, hi); x < y {
			t.Fatalf("not monotone: %v < %v", x, y)
		}
		d := time.Duration(rapid.Int64Range(0, 200*3600*1000).Draw(t, "d")) * time.Millisecond
		end, ok := s.Add(a, d)
		if !ok {
			if s.Between(a, a.Add(horizon)) >= d {
				t.Fatal("there is enough time, but Add finds none")
			}
			return
		}
		if got := s.Between(a, end); got != d {
			t.Fatalf("Between(a, Add(a, %v)) = %v", d, got)
		}
		if d > 0 && s.Between(a, end-1) >= d {
			t.Fatal("Add is not the earliest")
		}
		if d2 := d + time.Duration(rapid.Int64Range(0, 3600*1000).Draw(t, "more"))*time.Millisecond; d2 > d {
			if later, ok := s.Add(a, d2); ok && later <= end {
				t.Fatal("more work ends no later")
			}
		}
	})
}

// TestAgainstTheWallClock compares with the definition, minute by minute.
func TestAgainstTheWallClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySchedule(t)
		a := moment(t, "a") / minuteMS * minuteMS
		n := rapid.IntRange(1, 3*Day).Draw(t, "minutes")
		var want time.Duration
		for i := range n {
			local := (a + clock.Instant(i)*minuteMS).In(s.Zone)
			minute := local.Hour()*60 + local.Minute()
			for _, p := range s.spans(local.Format(time.DateOnly), local.Weekday()) {
				if p.From <= minute && minute < p.To {
					want += time.Minute
				}
			}
		}
		if got := s.Between(a, a+clock.Instant(n)*minuteMS); got != want {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

func TestJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySchedule(t)
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back Schedule
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		again, _ := json.Marshal(&back)
		if diff := cmp.Diff(string(b), string(again)); diff != "" {
			t.Fatal(diff)
		}
	})
	for _, bad := range []string{
		`{}`, `{"zone":"Local"}`, `{"zone":"Mars/Phobos"}`, `{"zone":"UTC","week":{"mo":[]}}`,
		`{"zone":"UTC","week":{"mon":["9-18"]}}`, `{"zone":"UTC","week":{"mon":["18:00-09:00"]}}`,
		`{"zone":"UTC","week":{"mon":["09:00-13:00","12:00-18:00"]}}`, `{"zone":"UTC","dates":{"1.1.26":[]}}`,
		`{"zone":"UTC","week":{"mon":["09:00-25:00"]}}`, `{"zone":"UTC","week":{"mon":["-1:00-05:00"]}}`,
	} {
		if err := json.Unmarshal([]byte(bad), new(Schedule)); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

// TestAnd compares both schedules with each of them, minute by minute.
func TestAnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y, z := anySchedule(t), anySchedule(t), anySchedule(t)
		both := x.And(y).And(z)
		a := moment(t, "a") / minuteMS * minuteMS
		n := rapid.IntRange(1, Day).Draw(t, "minutes")
		var want time.Duration
		for i := range n {
			at := a + clock.Instant(i)*minuteMS
			works := x.Works(at) && y.Works(at) && z.Works(at)
			if works != both.Works(at) {
				t.Fatalf("at %v: %v", at.Time(), !works)
			}
			if works {
				want += time.Minute
			}
		}
		if got := both.Between(a, a+clock.Instant(n)*minuteMS); got != want {
			t.Fatalf("%v, want %v", got, want)
		}
		if got := y.And(z).And(x).Between(a, a+clock.Instant(n)*minuteMS); got != want {
			t.Fatalf("the order matters: %v, want %v", got, want)
		}
	})
}

// TestFromKaliningradToVladivostok: a drum that is open from nine to six in Moscow, and people of eleven zones who work from
// nine to six each where he lives.
func TestFromKaliningradToVladivostok(t *testing.T) {
	moscow, _ := Zone("Europe/Moscow")
	drum := Default(moscow)
	for zone, want := range map[string]time.Duration{
		"Europe/Kaliningrad": 8 * time.Hour, "Europe/Moscow": 9 * time.Hour, "Europe/Samara": 8 * time.Hour,
		"Asia/Yekaterinburg": 7 * time.Hour, "Asia/Omsk": 6 * time.Hour, "Asia/Krasnoyarsk": 5 * time.Hour, "Asia/Irkutsk": 4 * time.Hour,
		"Asia/Yakutsk": 3 * time.Hour, "Asia/Vladivostok": 2 * time.Hour, "Asia/Magadan": time.Hour, "Asia/Kamchatka": 0,
	} {
		loc, err := Zone(zone)
		if err != nil {
			t.Fatal(err)
		}
		both := Default(loc).And(drum)
		if got := both.Between(at(t, "Europe/Moscow", "2026-11-17 00:00"), at(t, "Europe/Moscow", "2026-11-18 00:00")); got != want {
			t.Errorf("%s: %v, want %v", zone, got, want)
		}
	}
	vladivostok, _ := Zone("Asia/Vladivostok")
	both := Default(vladivostok).And(drum) // 9:00–11:00 in Moscow, 16:00–18:00 there
	for _, c := range []struct{ from, want string }{
		{"2026-11-17 08:00", "2026-11-17 09:30"},
		{"2026-11-17 10:45", "2026-11-18 09:15"},
		{"2026-11-20 10:45", "2026-11-23 09:15"}, // over a weekend
	} {
		got, ok := both.Add(at(t, "Europe/Moscow", c.from), 30*time.Minute)
		if want := at(t, "Europe/Moscow", c.want); !ok || got != want {
			t.Errorf("%s: %v, want %s", c.from, got.In(moscow), c.want)
		}
	}
}

func TestCalendarAndAway(t *testing.T) {
	moscow, _ := Zone("Europe/Moscow")
	s := Default(moscow)
	s.Week[time.Monday] = []Span{{9 * 60, 13 * 60}, {14 * 60, 17 * 60}}
	s.Calendar = Calendar{"2026-11-03": {Kind: Short}, "2026-11-04": {Kind: Off}, "2026-11-07": {Kind: Work, Like: time.Monday}, "2026-11-06": {Kind: Off}}
	s.Dates = map[string][]Span{"2026-11-06": {{10 * 60, 12 * 60}}}
	s.Away = []Away{{First: "2026-11-09", Last: "2026-11-10"}, {First: "2026-11-11", Last: "2026-11-11", From: 10 * 60, To: 12 * 60}}
	for date, want := range map[string][]Span{
		"2026-11-02": {{9 * 60, 13 * 60}, {14 * 60, 17 * 60}},
		"2026-11-03": {{9 * 60, 17 * 60}},
		"2026-11-04": nil,
		"2026-11-06": {{10 * 60, 12 * 60}}, // a date of one's own goes before the calendar
		"2026-11-07": {{9 * 60, 13 * 60}, {14 * 60, 17 * 60}},
		"2026-11-08": nil,
		"2026-11-09": nil,
		"2026-11-10": nil,
		"2026-11-11": {{9 * 60, 10 * 60}, {12 * 60, 18 * 60}},
	} {
		if diff := cmp.Diff(want, s.On(date)); diff != "" {
			t.Errorf("%s: %s", date, diff)
		}
	}
	if got := shortened([]Span{{9 * 60, 13 * 60}, {17 * 60, 17*60 + 30}}); !cmp.Equal(got, []Span{{9 * 60, 12*60 + 30}}) {
		t.Errorf("a short last part: %v", got)
	}
	if got := shortened([]Span{{9 * 60, 10 * 60}}); got != nil {
		t.Errorf("an hour: %v", got)
	}
	if end, ok := s.Ends(at(t, "Europe/Moscow", "2026-11-02 09:30")); !ok || end != at(t, "Europe/Moscow", "2026-11-02 13:00") {
		t.Error(end.In(moscow))
	}
	if _, ok := s.Ends(at(t, "Europe/Moscow", "2026-11-02 13:30")); ok {
		t.Error("lunch ends")
	}
	if _, ok := Always().Ends(0); ok {
		t.Error("always ends")
	}
}

func TestResolve(t *testing.T) {
	moscow, _ := Zone("Europe/Moscow")
	omsk, _ := Zone("Asia/Omsk")
	base := Default(moscow)
	base.Dates = map[string][]Span{"2026-11-20": {}, "2026-11-23": {{600, 700}}}
	week := [7][]Span{time.Saturday: {{600, 900}}}
	calendars := func(c string) Calendar {
		if c == None {
			return nil
		}
		return Calendar{c: {}}
	}
	person := &Rule{Dates: map[string][]Span{"2026-11-20": {{1, 2}}}}
	department := &Rule{Week: &week, Dates: map[string][]Span{"2026-11-20": {{3, 4}}, "2026-11-21": {{5, 6}}}, Country: "KZ"}
	shift := &Rule{Week: &week, Zone: "Europe/Moscow", Country: None}
	for _, c := range []struct {
		name    string
		rules   []*Rule
		zone    *time.Location
		week    [7][]Span
		dates   map[string][]Span
		country string
	}{
		{"nothing of one's own", []*Rule{nil, {}}, omsk, base.Week, base.Dates, "RU"},
		{"the nearest says", []*Rule{person, nil, department}, omsk, week, map[string][]Span{"2026-11-20": {{1, 2}}, "2026-11-21": {{5, 6}}, "2026-11-23": {{600, 700}}}, "KZ"},
		{"without holidays", []*Rule{shift, department}, moscow, week, nil, ""},
		{"dates of one's own without holidays", []*Rule{person, shift, department}, moscow, week, person.Dates, ""},
	} {
		s := Resolve(c.rules, base, "RU", omsk, calendars)
		if _, ok := s.Calendar[c.country]; s.Zone.String() != c.zone.String() || ok != (c.country != "") {
			t.Errorf("%s: %v, %v", c.name, s.Zone, s.Calendar)
		}
		if diff := cmp.Diff(c.week, s.Week) + cmp.Diff(c.dates, s.Dates); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestRuleJSON(t *testing.T) {
	for _, text := range []string{
		`{}`, `{"zone":"Asia/Omsk","country":"none"}`, `{"week":{}}`, `{"week":{"mon":["09:00-13:00","14:00-18:00"]},"dates":{"2026-11-20":[]}}`,
	} {
		var r Rule
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			t.Fatal(err)
		}
		if b, err := json.Marshal(&r); err != nil || string(b) != text {
			t.Errorf("%s: %s %v", text, b, err)
		}
	}
	for _, bad := range []string{`{"zone":"Local"}`, `{"week":{"mon":["9-18"]}}`, `{"dates":{"1.1":[]}}`} {
		if err := json.Unmarshal([]byte(bad), new(Rule)); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}
