package db

import (
	"slices"
	"testing"

	"voronka/internal/kernel/event"
)

func eventsOf(from, to int64) (events []event.Event) {
	for n := from; n <= to; n++ {
		events = append(events, event.Event{Seq: n})
	}
	return events
}

func TestFreshGivesOnlyWhatIsSure(t *testing.T) {
	f := &fresh{}
	look := func(what string, after int64, limit int, want []int64, wantSure bool) {
		t.Helper()
		events, sure := f.after(after, limit)
		var got []int64
		for _, e := range events {
			got = append(got, e.Seq)
		}
		if sure != wantSure || !slices.Equal(got, want) {
			t.Errorf("%s: %v, sure %v; want %v, %v", what, got, sure, want, wantSure)
		}
	}
	f.add(eventsOf(1, 3))
	look("nobody has asked before", 0, 10, nil, false)
	f.add(eventsOf(4, 6))
	look("a gap before what is known", 2, 10, nil, false)
	look("what follows", 3, 10, []int64{4, 5, 6}, true)
	look("the same again, nobody said that it was taken", 3, 2, []int64{4, 5}, true)
	look("the rest", 5, 10, []int64{6}, true)
	look("nothing new", 6, 10, nil, true)
	f.unsure()
	look("another process has written", 6, 10, nil, false)
	look("and its event was read", 7, 10, nil, false)
	f.add(eventsOf(8, 8))
	look("from there on it is known again", 7, 10, []int64{8}, true)
	f.add(eventsOf(10, 11))
	look("another process wrote in between", 8, 10, nil, false)
	f.add(eventsOf(12, 12+freshCap))
	look("too many for the memory", 11, 10, nil, false)
	look("those still there", 12, 2, []int64{13, 14}, true)
}
