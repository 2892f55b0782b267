package expr

import (
	"testing"
	"time"
	_ "time/tzdata"

	"voronka/internal/kernel/clock"
)

func zone(t testing.TB, name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// Days begin where the calendar says, also where clocks jump at midnight.
func TestDayStart(t *testing.T) {
	for _, c := range []struct{ zone, day, want string }{
		{"UTC", "2026-11-19", "2026-11-19T00:00:00Z"},
		{"Europe/Kaliningrad", "2026-11-19", "2026-11-18T22:00:00Z"},
		{"Asia/Vladivostok", "2026-11-19", "2026-11-18T14:00:00Z"},
		{"Asia/Kathmandu", "2026-11-19", "2026-11-18T18:15:00Z"},
		{"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"},
		{"Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z"},
		{"Europe/Berlin", "2026-10-26", "2026-10-25T23:00:00Z"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"}, // 00:00 jumped to 01:00
		{"America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"}, // the hour before it came twice
		{"America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00:00Z"},
		{"Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z"},    // 00:00 jumped to 01:00
		{"America/Havana", "2025-11-02", "2025-11-02T04:00:00Z"}, // 01:00 fell back: midnight came twice
		{"Europe/Moscow", "2011-03-27", "2011-03-26T21:00:00Z"},
	} {
		d := parseDay(c.day)
		got := time.UnixMilli(d.start(zone(t, c.zone))).UTC().Format(time.RFC3339)
		if got != c.want || d.String() != c.day {
			t.Errorf("%s in %s begins at %s, want %s", c.day, c.zone, got, c.want)
		}
	}
}

// Every millisecond belongs to the day its local date names, and days leave no gaps, through years of clock changes.
func TestDaysMeet(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/Sao_Paulo", "America/Havana", "Asia/Beirut", "Australia/Lord_Howe", "Europe/Kaliningrad"} {
		z := zone(t, name)
		d := day{2008, time.January, 1}
		for range 365 * 19 {
			p, next := d.in(z), d.move(Shift{Days: 1})
			for _, ms := range []int64{p.lo, p.hi} {
				if local := clock.Instant(ms).Date(z); local != d.String() {
					t.Fatalf("%s: %s holds %d, which is %s", name, d, ms, local)
				}
			}
			if before := clock.Instant(p.lo - 1).Date(z); before >= d.String() {
				t.Fatalf("%s: %s begins too late", name, d)
			}
			if next.start(z) != p.hi+1 {
				t.Fatalf("%s: a gap after %s", name, d)
			}
			d = next
		}
	}
}

func TestShift(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	at := func(s string) *Moment {
		now, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return &Moment{Now: clock.Of(now), Zone: berlin}
	}
	for _, c := range []struct {
		now   string
		shift Shift
		today string
		then  string
	}{
		{"2026-01-31T11:00:00Z", Shift{Months: 1}, "2026-02-28", "2026-02-28T11:00:00Z"},
		{"2024-02-29T11:00:00Z", Shift{Months: 12}, "2025-02-28", "2025-02-28T11:00:00Z"},
		{"2026-03-31T10:00:00Z", Shift{Months: -1, Days: 1}, "2026-03-01", "2026-03-01T11:00:00Z"},
		{"2026-03-28T11:00:00Z", Shift{Days: 1}, "2026-03-29", "2026-03-29T10:00:00Z"}, // the same time of day, 23 hours later
		{"2026-03-28T11:00:00Z", Shift{Minutes: 24 * 60}, "2026-03-28", "2026-03-29T11:00:00Z"},
		{"2026-01-15T23:30:00Z", Shift{Months: -13}, "2024-12-16", "2024-12-15T23:30:00Z"},
		{"2026-10-25T01:30:00Z", Shift{}, "2026-10-25", "2026-10-25T01:30:00Z"}, // the second 02:30 stays the second
	} {
		m := at(c.now)
		today := m.today(Shift{Months: c.shift.Months, Days: c.shift.Days}).String()
		then := time.UnixMilli(m.now(c.shift)).UTC().Format(time.RFC3339)
		if today != c.today || then != c.then {
			t.Errorf("%s %+v: got %s and %s, want %s and %s", c.now, c.shift, today, then, c.today, c.then)
		}
	}
	if (&Moment{}).zone() != time.UTC {
		t.Error("no zone must mean UTC")
	}
}

// Numbers lie on, between or beyond the values of a field.
func TestScaled(t *testing.T) {
	for _, c := range []struct {
		number string
		scale  int
		want   point
	}{
		{"0", 0, point{lo: 0, hi: 0}},
		{"1.5", 1, point{lo: 15, hi: 15}},
		{"1.5", 3, point{lo: 1500, hi: 1500}},
		{"1.2345", 2, point{lo: 124, hi: 123}},
		{"-1.2345", 2, point{lo: -123, hi: -124}},
		{"-0.5", 0, point{lo: 0, hi: -1}},
		{"9223372036854775807", 0, point{lo: maxInt, hi: maxInt}},
		{"9223372036854775807.5", 0, point{beyond: 1}},
		{"9223372036854775808", 0, point{beyond: 1}},
		{"-9223372036854775808", 0, point{lo: minInt, hi: minInt}},
		{"-9223372036854775808.5", 0, point{beyond: -1}},
		{"-9223372036854775807.5", 0, point{lo: minInt + 1, hi: minInt}},
		{"1", 30, point{beyond: 1}},
	} {
		if got := scaled(c.number, c.scale); got != c.want {
			t.Errorf("scaled(%s, %d) = %+v, want %+v", c.number, c.scale, got, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"title", "amount", "created_at", "Сумма"}
	for name, want := range map[string]string{
		"titel": "title", "TITLE": "title", "ammount": "amount", "created": "", "create_at": "created_at", "сума": "Сумма", "zzz": "", "": "",
	} {
		if got := nearest(name, names); got != want {
			t.Errorf("nearest(%q) = %q, want %q", name, got, want)
		}
	}
}

// Every message and noun is there in both languages with the same placeholders.
func TestMessages(t *testing.T) {
	holes := func(s string) string {
		out := ""
		for i, r := range s {
			if r == '{' {
				for _, q := range s[i:] {
					if out += string(q); q == '}' {
						break
					}
				}
			}
		}
		return out
	}
	for key, m := range messages {
		ru, en := map[rune]int{}, map[rune]int{}
		for _, r := range holes(m.ru) {
			ru[r]++
		}
		for _, r := range holes(m.en) {
			en[r]++
		}
		for r := range ru {
			if ru[r] != en[r] {
				t.Errorf("%s: the languages have different placeholders", key)
				break
			}
		}
		if m.ru == "" || m.en == "" || len(ru) != len(en) {
			t.Errorf("%s: %+v", key, m)
		}
	}
	for key, m := range nouns {
		if m.ru == "" || m.en == "" {
			t.Errorf("%s: %+v", key, m)
		}
	}
	for kind := range classes {
		if nouns[string(kind)].en == "" || wantNoun[classes[kind]] == "" || nouns[wantNoun[classes[kind]]].en == "" {
			t.Errorf("%s has no name or no name for its values", kind)
		}
	}
	for _, row := range support {
		if classes[row.Kind] == noClass || row.Kind.many() && !row.Many {
			t.Errorf("%s: bad row", row.Kind)
		}
	}
}
