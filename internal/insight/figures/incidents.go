package figures

import (
	"cmp"
	"slices"
	"time"

	"voronka/internal/kernel/clock"
)

// Breach is an incident as figures count it.
type Breach struct {
	At           clock.Instant
	UserID       int64
	Kind         string
	DepartmentID int64 // where he was then
	DeptPos      int64
	Excused      bool // for a good reason: it shows the person and doesn't count
}

// Heat is incidents by person and month.
type Heat struct {
	Months []string // YYYY-MM, in their order, without gaps
	People []HeatRow
}

// HeatRow is one person.
type HeatRow struct {
	UserID int64
	Cells  []int // by month; -1 where he wasn't here yet
	Total  int
}

// HeatOf counts breaches by person and month in a zone, excused ones apart. since tells when a person came; those without
// breaches are shown too when they are in people.
func HeatOf(breaches []Breach, people []int64, since func(user int64) clock.Instant, from, to clock.Instant, zone *time.Location) Heat {
	h := Heat{}
	first := from.In(zone)
	for m := time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, zone); clock.Of(m) < to; m = m.AddDate(0, 1, 0) {
		h.Months = append(h.Months, m.Format("2006-01"))
	}
	rows := map[int64]*HeatRow{}
	row := func(user int64) *HeatRow {
		if rows[user] == nil {
			r := &HeatRow{UserID: user, Cells: make([]int, len(h.Months))}
			came := since(user).In(zone).Format("2006-01")
			for i, month := range h.Months {
				if month < came {
					r.Cells[i] = -1
				}
			}
			rows[user] = r
		}
		return rows[user]
	}
	for _, user := range people {
		row(user)
	}
	for _, b := range breaches {
		i, found := slices.BinarySearch(h.Months, b.At.In(zone).Format("2006-01"))
		if !found {
			continue
		}
		r := row(b.UserID)
		if b.Excused {
			continue
		}
		r.Cells[i] = max(r.Cells[i], 0) + 1
		r.Total++
	}
	for _, r := range rows {
		h.People = append(h.People, *r)
	}
	slices.SortFunc(h.People, func(a, b HeatRow) int { return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(a.UserID, b.UserID)) })
	return h
}
