package demo

import (
	"math/rand/v2"
	"slices"
	"time"

	"voronka/internal/kernel/clock"
)

// months are how busy the months of fire protection are: inspections before the dry season and the school year, little in
// January and July.
var months = [13]float64{0, 0.6, 0.9, 1.05, 1.25, 1.1, 0.95, 0.75, 1.15, 1.3, 1.1, 1.15, 1.15}

// weekdays are how busy the days of the week are, Sunday first.
var weekdays = [7]float64{0.15, 1.25, 1.15, 1.1, 1.05, 0.95, 0.25}

// flow is how busy a day is of a company that grows by half over its history; part is how far the history has gone.
func flow(day time.Time, part float64) float64 {
	busy := months[day.Month()] * weekdays[day.Weekday()] * (0.8 + 0.4*part)
	if day.Month() == time.January && day.Day() <= 8 || day.Month() == time.December && day.Day() >= 28 {
		busy *= 0.15
	}
	return busy
}

// moments are n moments between two, by season, day of the week and hour of the day, in order.
func moments(r *rand.Rand, n int, from, to time.Time, zone *time.Location) []clock.Instant {
	start := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, zone)
	var sums []float64
	total := 0.0
	for day := start; day.Before(to); day = day.AddDate(0, 0, 1) {
		total += flow(day, day.Sub(start).Hours()/to.Sub(start).Hours())
		sums = append(sums, total)
	}
	list := make([]clock.Instant, 0, n)
	for len(list) < n {
		day, _ := slices.BinarySearch(sums, r.Float64()*total)
		at := start.AddDate(0, 0, min(day, len(sums)-1)).Add(hour(r))
		if at.After(from) && at.Before(to) {
			list = append(list, clock.Of(at))
		}
	}
	slices.Sort(list)
	return list
}
