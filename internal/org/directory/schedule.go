package directory

import (
	"sync"
	"time"

	"voronka/internal/kernel/clock"
	"voronka/internal/org/calendar"
	"voronka/internal/org/worktime"
)

// Times is what is said of working time beside the portal's week: whose calendar holds, what the portal has edited in
// calendars, what departments and people have of their own, and when people are away.
type Times struct {
	Country     string                    // of the portal; "" or worktime.None: no calendar
	Edits       map[string][]calendar.Day // by country
	Departments map[int64]*worktime.Rule
	People      map[int64]*worktime.Rule
	Away        map[int64][]worktime.Away // in order of First, by the clock of the person's schedule
}

// schedules are worked out when somebody asks: most people of a large company are not asked about before the next change.
type schedules struct {
	people    sync.Map // int64 → *worktime.Schedule
	calendars sync.Map // country → worktime.Calendar
}

// WithTimes is a snapshot with what is said of working time. It is called before anybody else has the snapshot.
func (d *Directory) WithTimes(t Times) *Directory {
	d.times = t
	return d
}

// Times are what ScheduleOf is worked out from.
func (d *Directory) Times() Times { return d.times }

// ScheduleOf is when a person works: his own hours, else those of the nearest department up the tree, else the portal's,
// by the clock of his zone; holidays of his country, dates that differ and absences are taken off. 0 is the portal. Somebody
// unknown works like the portal, a portal without hours always.
func (d *Directory) ScheduleOf(userID int64) *worktime.Schedule {
	if d.byID[userID] == nil {
		userID = 0
	}
	if s, ok := d.schedules.people.Load(userID); ok {
		return s.(*worktime.Schedule)
	}
	s, _ := d.schedules.people.LoadOrStore(userID, d.resolve(userID))
	return s.(*worktime.Schedule)
}

func (d *Directory) resolve(userID int64) *worktime.Schedule {
	if d.WorkTime == nil {
		return worktime.Always()
	}
	own, rules := d.WorkTime.Zone, []*worktime.Rule(nil)
	if u := d.byID[userID]; u != nil {
		if zone, err := worktime.Zone(u.Zone); err == nil {
			own = zone
		}
		rules = d.rules(d.times.People[userID], u.DepartmentID)
	}
	s := worktime.Resolve(rules, d.WorkTime, d.times.Country, own, d.CalendarOf)
	s.Away = d.times.Away[userID]
	return s
}

func (d *Directory) rules(own *worktime.Rule, departmentID int64) []*worktime.Rule {
	rules := []*worktime.Rule{own}
	for _, dep := range d.tree.Chain(departmentID) {
		rules = append(rules, d.times.Departments[dep.ID])
	}
	return rules
}

// DepartmentSchedule is when a department works that people of the portal's zone are in, without anybody's absences.
func (d *Directory) DepartmentSchedule(departmentID int64) *worktime.Schedule {
	if d.WorkTime == nil {
		return worktime.Always()
	}
	return worktime.Resolve(d.rules(nil, departmentID), d.WorkTime, d.times.Country, d.WorkTime.Zone, d.CalendarOf)
}

// CalendarOf is the calendar of a country as the portal has edited it; nil when there is none.
func (d *Directory) CalendarOf(country string) worktime.Calendar {
	if country == "" || country == worktime.None {
		return nil
	}
	if c, ok := d.schedules.calendars.Load(country); ok {
		return c.(worktime.Calendar)
	}
	c, _ := d.schedules.calendars.LoadOrStore(country, calendar.Times(calendar.Merge(country, d.times.Edits[country])))
	return c.(worktime.Calendar)
}

// AwayAt tells until when a person is away at a moment; ok is false when he isn't.
func (d *Directory) AwayAt(userID int64, at clock.Instant) (until clock.Instant, ok bool) {
	away := d.times.Away[userID]
	if len(away) == 0 {
		return 0, false
	}
	zone := d.ScheduleOf(userID).Zone
	until = at
	for again := true; again; {
		again = false
		for _, a := range away {
			if end, in := within(a, until, zone); in {
				until, again = end, true
			}
		}
	}
	return until, until > at
}

// within tells whether a moment lies in a time away, and when that ends; a part of several days ends on the same day.
func within(a worktime.Away, at clock.Instant, zone *time.Location) (end clock.Instant, in bool) {
	local := at.In(zone)
	date, minute := local.Format(time.DateOnly), local.Hour()*60+local.Minute()
	if date < a.First || date > a.Last {
		return 0, false
	}
	span := a.Span()
	if minute < span.From || minute >= span.To {
		return 0, false
	}
	last := date
	if span == (worktime.Span{From: 0, To: worktime.Day}) {
		last = a.Last
	}
	day, err := time.ParseInLocation(time.DateOnly, last, zone)
	if err != nil {
		return 0, false
	}
	end = clock.Of(time.Date(day.Year(), day.Month(), day.Day(), 0, span.To, 0, 0, zone))
	return end, end > at
}

// NextTurn is when a person goes or comes back next after a moment; ok is false when nothing is planned.
func (d *Directory) NextTurn(userID int64, after clock.Instant) (at clock.Instant, ok bool) {
	zone := d.ScheduleOf(userID).Zone
	consider := func(date string, minute int) {
		day, err := time.ParseInLocation(time.DateOnly, date, zone)
		if err != nil {
			return
		}
		moment := clock.Of(time.Date(day.Year(), day.Month(), day.Day(), 0, minute, 0, 0, zone))
		if moment > after && (!ok || moment < at) {
			at, ok = moment, true
		}
	}
	today := after.Date(zone)
	tomorrow := after.In(zone).AddDate(0, 0, 1).Format(time.DateOnly)
	for _, a := range d.times.Away[userID] {
		if a.Last < today {
			continue
		}
		span := a.Span()
		if span == (worktime.Span{From: 0, To: worktime.Day}) {
			consider(a.First, 0)
			consider(a.Last, worktime.Day)
			continue
		}
		for _, date := range []string{a.First, today, tomorrow} { // a part of each of several days
			if a.First <= date && date <= a.Last {
				consider(date, span.From)
				consider(date, span.To)
			}
		}
	}
	return at, ok
}

// CountryOf is whose calendar holds for somebody with a rule of his own (nil: none) in a department.
func (d *Directory) CountryOf(own *worktime.Rule, departmentID int64) string {
	for _, r := range d.rules(own, departmentID) {
		if r != nil && r.Country != "" {
			return r.Country
		}
	}
	return d.times.Country
}
