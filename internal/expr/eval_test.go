package expr_test

import (
	"sync"
	"testing"
	"time"

	"voronka/internal/expr"
	"voronka/internal/expr/exprtest"
	"voronka/internal/kernel/clock"
)

// One compiled condition serves many moments, zones and people, in any order and from several goroutines.
func TestConditionFollowsMoment(t *testing.T) {
	moscow := exprtest.Noon()
	vladivostok, err := time.LoadLocation("Asia/Vladivostok")
	if err != nil {
		t.Fatal(err)
	}
	at := func(now clock.Instant, zone *time.Location, me int64) expr.Moment {
		return expr.Moment{Now: now, Zone: zone, Me: me}
	}
	evening := clock.Of(time.Date(2026, 11, 19, 18, 0, 0, 0, time.UTC)) // 21:00 in Moscow, the 20th in Vladivostok
	w := exprtest.World{"deal": {{ID: 1, One: map[string]exprtest.Cell{
		"created_at": {Int: int64(evening)}, "due": {Text: "2026-11-20"}, "responsible": {Int: 2},
	}}}}
	for _, c := range []struct {
		condition string
		moment    expr.Moment
		want      expr.Tri
	}{
		{"created_at = today()", at(evening, moscow.Zone, 2), expr.True},
		{"created_at = today()", at(evening.Add(24*time.Hour), moscow.Zone, 2), expr.False},
		{"due = today()", at(evening, moscow.Zone, 2), expr.False},
		{"due = today()", at(evening, vladivostok, 2), expr.True},
		{"due = today()", at(evening.Add(-5*time.Hour), vladivostok, 2), expr.False},
		{"due = today()", at(evening, nil, 2), expr.False},
		{`created_at = date("2026-11-20")`, at(evening, moscow.Zone, 2), expr.False},
		{`created_at = date("2026-11-20")`, at(evening, vladivostok, 2), expr.True},
		{"responsible = me", at(evening, moscow.Zone, 2), expr.True},
		{"responsible = me", at(evening, moscow.Zone, 3), expr.False},
		{"responsible = me", at(evening, moscow.Zone, 0), expr.False},
		{"created_at <= now()", at(evening, nil, 0), expr.True},
		{"created_at <= now()", at(evening-1, nil, 0), expr.False},
		{"created_at > now() - 1 hour", at(evening.Add(time.Hour), nil, 0), expr.False},
		{"created_at > now() - 1 hour", at(evening.Add(time.Hour)-1, nil, 0), expr.True},
	} {
		compiled[c.condition] = compiledOnce(t, c.condition)
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				env := &expr.Env{Moment: c.moment, Record: exprtest.At{World: w, Record: w["deal"][0]}}
				if got := compiled[c.condition](env); got != c.want {
					t.Errorf("%s at %s in %v for %d: got %s, want %s", c.condition, c.moment.Now.Time(), c.moment.Zone, c.moment.Me, got, c.want)
				}
			})
		}
		group.Wait()
	}
}

// compiled keeps one Condition for each text, so that a later moment meets what an earlier one left behind.
var compiled = map[string]expr.Condition{}

func compiledOnce(t *testing.T, src string) expr.Condition {
	if c := compiled[src]; c != nil {
		return c
	}
	tree, err := expr.Parse(src, deal)
	if err != nil {
		t.Fatal(err)
	}
	return expr.Compile(tree)
}
