package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// gate is one promise. Limits are for SQLite; PostgreSQL may take twice as long.
type gate struct {
	what  string
	unit  string
	most  float64 // 0: no such bound
	least float64
	than  string  // another figure of the same size and database …
	times float64 // … of which it may be so many times
	ever  bool    // the same on every database: memory, counts
}

// gates are the promises of the first release.
func gates() []gate {
	out := []gate{
		{what: "list12_admin", unit: "us", most: 1500},
		{what: "list30_admin", unit: "us", most: 2000},
		{what: "list12_page1000", unit: "us", most: 1500},
		{what: "board_admin", unit: "us", most: 3000},
		{what: "create_1clients", unit: "us", most: 1500},
		{what: "create_8clients", unit: "per_second", least: 800},
		{what: "intake", unit: "us", most: 3000},
		{what: "intake_routing", unit: "us", most: 4000},
		{what: "jobs_waiting", unit: "percent_of_core", most: 0.1},
		{what: "jobs_due", unit: "ms", most: 5000},
		{what: "offers_due", unit: "ms", most: 20_000, ever: true},
		{what: "list12_beside_jobs", unit: "times", most: 2},
		{what: "field_added", unit: "ms", most: 50},
		{what: "field_index", unit: "ms", most: 5000},
		{what: "field_second_node", unit: "ms", most: 1000, ever: true},
		{what: "list12_growth", unit: "times", most: 1.25},
		{what: "list30_growth", unit: "times", most: 1.25},
		{what: "ready", unit: "ms", most: 300},
		{what: "rss_mixed", unit: "mb", most: 80, ever: true},
		{what: "rss_overload", unit: "mb", most: 128, ever: true},
		{what: "after_overload", unit: "ms", most: 100},
		{what: "demo_build", unit: "s", most: 60},
		{what: "replay", unit: "s", most: 60},
		{what: "binary", unit: "mb", most: 45, ever: true},
	}
	out = append(out, rightsGates()...)
	for _, who := range people {
		times := 1.5
		if who == "several" || who == "observer" {
			times = 2
		}
		out = append(out,
			gate{what: "list12_" + who, unit: "us", most: 2500, than: "list12_admin", times: times},
			gate{what: "list30_" + who, unit: "us", most: 2500, than: "list30_admin", times: times},
			gate{what: "board_" + who, unit: "us", most: 4000})
	}
	return out
}

// parts splits a figure's name into what, size, database and unit.
func parts(figure string) (what, size, database, unit string) {
	for _, d := range []string{"sqlite", "postgres", "any"} {
		before, after, ok := strings.Cut(figure, "_"+d+"_")
		if !ok {
			continue
		}
		what, database, unit = before, d, after
		if i := strings.LastIndexByte(before, '_'); i > 0 && isSize(before[i+1:]) {
			what, size = before[:i], before[i+1:]
		}
		return what, size, database, unit
	}
	return figure, "", "", ""
}

func isSize(s string) bool { return s == "2k" || s == "10k" || s == "100k" || s == "1m" }

// broken says what is the matter with a figure, "" when nothing is.
func (b *bench) broken(figure string, g gate) string {
	value, factor := b.figures[figure], 1.0
	_, size, database, unit := parts(figure)
	if database == "postgres" && !g.ever {
		factor = 2
	}
	switch {
	case g.most > 0 && value > g.most*factor:
		return fmt.Sprintf("at most %g", g.most*factor)
	case g.least > 0 && value < g.least/factor:
		return fmt.Sprintf("at least %g", g.least/factor)
	}
	if g.than != "" {
		other := b.figures[g.than+"_"+size+"_"+database+"_"+unit]
		if bound := g.times * factor * other; other > 0 && value > bound {
			return fmt.Sprintf("at most %.2g × %s (%.0f)", g.times*factor, g.than, bound)
		}
	}
	return ""
}

// report prints all figures and tells which promises are broken.
func (b *bench) report() error {
	byWhat := map[string]gate{}
	for _, g := range gates() {
		byWhat[g.what+" "+g.unit] = g
	}
	var broken []string
	fmt.Printf("\n%-48s %12s %10s  %s\n", "", "measured", "× nop", "")
	for _, figure := range slices.Sorted(maps.Keys(b.figures)) {
		what, size, database, unit := parts(figure)
		verdict := ""
		if g, ok := byWhat[what+" "+unit]; ok {
			if verdict = "ok"; b.broken(figure, g) != "" {
				verdict = "BROKEN: " + b.broken(figure, g)
				broken = append(broken, figure+": "+verdict)
			}
		}
		scaled := ""
		if nop := b.figures["nop_"+size+"_"+database+"_us"]; unit == "us" && nop > 0 {
			scaled = fmt.Sprintf("%.1f", b.figures[figure]/nop)
		}
		fmt.Printf("%-48s %12.1f %10s  %s\n", figure, b.figures[figure], scaled, verdict)
	}
	broken = append(broken, b.wrong...)
	fmt.Printf("\n%d figures in %.0f s\n", len(b.figures), time.Since(b.started).Seconds())
	if len(broken) > 0 {
		return errors.New("broken promises:\n  " + strings.Join(broken, "\n  "))
	}
	return nil
}
