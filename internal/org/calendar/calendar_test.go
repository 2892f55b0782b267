package calendar

import (
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"voronka/internal/kernel/clock"
	"voronka/internal/org/worktime"
)

func TestShippedDaysAreInOrderAndNamed(t *testing.T) {
	for _, country := range Countries {
		days := Shipped(country)
		if first, last := Years(country); len(days) < 50 || first > 2019 || last < 2026 {
			t.Errorf("%s: %d days, %d–%d", country, len(days), first, last)
		}
		for i, d := range days {
			if _, err := time.Parse(time.DateOnly, d.Date); err != nil || !d.Kind.Valid() || i > 0 && days[i-1].Date >= d.Date {
				t.Errorf("%s: %+v", country, d)
			}
			if (d.TitleRU == "") != (d.TitleEN == "") {
				t.Errorf("%s %s has a name in one language only", country, d.Date)
			}
		}
	}
}

// hours is how much is worked in a month of a five-day week of eight hours, as the official norms have it.
func hours(country, from, to string) float64 {
	s := &worktime.Schedule{Zone: time.UTC, Calendar: Times(Shipped(country))}
	for d := time.Monday; d <= time.Friday; d++ {
		s.Week[d] = []worktime.Span{{From: 9 * 60, To: 13 * 60}, {From: 14 * 60, To: 18 * 60}}
	}
	a, _ := time.Parse(time.DateOnly, from)
	b, _ := time.Parse(time.DateOnly, to)
	return s.Between(clock.Of(a), clock.Of(b)).Hours()
}

// The official norms of Russia for a week of forty hours.
func TestNormsOfRussia(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     float64
	}{
		{"2024-01-01", "2025-01-01", 1979},
		{"2025-01-01", "2026-01-01", 1972},
		{"2026-01-01", "2027-01-01", 1972},
		{"2024-04-01", "2024-05-01", 168},
		{"2026-01-01", "2026-02-01", 120},
	} {
		if got := hours("RU", c.from, c.to); got != c.want {
			t.Errorf("%s–%s: %v hours, want %v", c.from, c.to, got, c.want)
		}
	}
}

func TestEditsGoBeforeWhatIsShipped(t *testing.T) {
	merged := Merge("RU", []Day{{Date: "2026-01-09", Kind: worktime.Plain}, {Date: "2031-01-01", Kind: worktime.Off, TitleRU: "Новый год"}})
	c := Times(merged)
	if c["2026-01-09"].Kind != worktime.Plain || c["2031-01-01"].Kind != worktime.Off || c["2026-01-01"].Kind != worktime.Off {
		t.Errorf("%+v %+v", c["2026-01-09"], c["2031-01-01"])
	}
	if len(merged) != len(Shipped("RU"))+1 {
		t.Errorf("%d days", len(merged))
	}
}

func TestParse(t *testing.T) {
	days, wrong := Parse("\ufeffдата;вид;название;перенос\n01.01.2027;выходной;Новый год\n2027-02-22;short\n20.02.2027;рабочий;;22.02.2027\nзавтра;off\n2027-03-01;праздный\n2027-02-22;off;Передумали\n")
	want := []Day{
		{Date: "2027-01-01", Kind: worktime.Off, TitleRU: "Новый год", TitleEN: "Новый год", Edited: true},
		{Date: "2027-02-22", Kind: worktime.Off, TitleRU: "Передумали", TitleEN: "Передумали", Edited: true},
		{Date: "2027-02-20", Kind: worktime.Work, MovedFrom: "2027-02-22", Edited: true},
	}
	if diff := cmp.Diff(want, days); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Wrong{{5, "calendar.bad_date"}, {6, "calendar.bad_kind"}}, wrong); diff != "" {
		t.Error(diff)
	}
}
