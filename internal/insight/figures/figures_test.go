package figures

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"voronka/internal/kernel/clock"
)

func at(text string) clock.Instant {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return clock.Of(t)
}

func TestHeat(t *testing.T) {
	moscow := time.FixedZone("", 3*3600)
	breaches := []Breach{
		{At: at("2026-09-30T21:30:00Z"), UserID: 1}, // October already in Moscow
		{At: at("2026-10-15T12:00:00Z"), UserID: 1},
		{At: at("2026-12-01T00:00:00Z"), UserID: 1},
		{At: at("2026-11-01T00:00:00Z"), UserID: 2},
		{At: at("2026-10-16T12:00:00Z"), UserID: 1, Excused: true},
		{At: at("2026-10-16T12:00:00Z"), UserID: 4, Excused: true},
	}
	came := func(user int64) clock.Instant { return map[int64]clock.Instant{2: at("2026-10-20T00:00:00Z")}[user] }
	got := HeatOf(breaches, []int64{3}, came, at("2026-09-05T00:00:00Z"), at("2026-11-30T00:00:00Z"), moscow)
	want := Heat{Months: []string{"2026-09", "2026-10", "2026-11"}, People: []HeatRow{{1, []int{0, 2, 0}, 2}, {2, []int{-1, 0, 1}, 1}, {3, []int{0, 0, 0}, 0}, {4, []int{0, 0, 0}, 0}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSpread(t *testing.T) {
	var list []Decision
	for i := range 10 {
		list = append(list, Decision{Taken: true, Took: time.Duration(10-i) * time.Minute}, Decision{})
	}
	want := Spread{10, 5 * time.Minute, 8 * time.Minute, 9 * time.Minute}
	if got := SpreadOf(list); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := Would(list, 3*time.Minute); got != .3 {
		t.Errorf("%v would have been in time", got)
	}
	if SpreadOf(nil) != (Spread{}) || Would(nil, time.Hour) != 0 {
		t.Error("nothing has a spread")
	}
}

func TestSharesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOf(rapid.Custom(func(t *rapid.T) Decision {
			return Decision{UserID: rapid.Int64Range(1, 4).Draw(t, "user"), Taken: rapid.Bool().Draw(t, "taken"), Excused: rapid.Bool().Draw(t, "excused")}
		})).Draw(t, "list")
		var all, sum Share
		for _, d := range list {
			all.Add(d)
		}
		for _, part := range Grouped(list, func(d Decision) int64 { return d.UserID }) {
			var s Share
			for _, d := range part {
				s.Add(d)
			}
			if share, ok := s.InTime(); share < 0 || share > 1 || ok != (s.Taken+s.Missed > 0) {
				t.Fatalf("%+v is %v %v", s, share, ok)
			}
			sum.Taken, sum.Missed = sum.Taken+s.Taken, sum.Missed+s.Missed
		}
		if all != sum {
			t.Fatalf("%+v, by person %+v", all, sum)
		}
	})
}

func TestMonday(t *testing.T) {
	moscow := time.FixedZone("", 3*3600)
	for moment, want := range map[string]string{"2026-11-22T20:59:00Z": "2026-11-16", "2026-11-22T21:00:00Z": "2026-11-23", "2026-11-16T00:00:00Z": "2026-11-16"} {
		if got := Monday(at(moment), moscow); got != want {
			t.Errorf("%s: %s, want %s", moment, got, want)
		}
	}
}
