package demo

import (
	"strconv"
	"time"

	"voronka/internal/org/access"
	"voronka/internal/org/portal"
	"voronka/internal/org/setup"
	"voronka/internal/org/worktime"
)

// Boxes of the demo's people that others speak of: their e-mail is box@demo.local.
const (
	boxOwner   = "oleg"
	boxHead    = "pavel"
	boxManager = "anna"
	boxRival   = "boris"
)

// member is a person of the dealer as the model sees him.
type member struct {
	box        string
	role       access.Role
	department int // index of tongue.departments, -1 none
	branch     bool
	drum       int // 1 head office, 2 branch, 3 service, 0 none
	manager    manager
}

// staff are the dealer's twenty-four people; the first one is the administrator.
var staff = []member{
	{box: boxOwner, role: access.Admin, department: -1},
	{box: boxHead, role: access.Head, manager: manager{head: true, typical: 25 * time.Minute}},
	{box: boxManager, role: access.Manager, drum: 1, manager: manager{diligence: 0.97, typical: 4 * time.Minute}},
	{box: boxRival, role: access.Manager, drum: 1, manager: manager{diligence: 0.92, typical: 7 * time.Minute}},
	{box: "vera", role: access.Manager, drum: 1, manager: manager{diligence: 0.95, typical: 6 * time.Minute}},
	{box: "gleb", role: access.Manager, drum: 1, manager: manager{diligence: 0.74, typical: 13 * time.Minute}},
	{box: "ilya", role: access.Manager, drum: 1, manager: manager{diligence: 0.88, typical: 9 * time.Minute}},
	{box: "timur", role: access.Manager, branch: true, drum: 2, manager: manager{diligence: 0.96, typical: 5 * time.Minute}},
	{box: "regina", role: access.Manager, branch: true, drum: 2, manager: manager{diligence: 0.93, typical: 6 * time.Minute}},
	{box: "denis", role: access.Manager, branch: true, drum: 2, manager: manager{diligence: 0.8, typical: 12 * time.Minute}},
	{box: "dina", role: access.Head, department: 1},
	{box: "egor", role: access.Manager, department: 1},
	{box: "polina", role: access.Manager, department: 1},
	{box: "stas", role: access.Manager, department: 1},
	{box: "igor", role: access.Head, department: 2},
	{box: "kira", role: access.Manager, department: 2},
	{box: "maksim", role: access.Manager, department: 2},
	{box: "artem", role: access.Manager, department: 2, branch: true},
	{box: "yana", role: access.Manager, department: 2},
	{box: "zhanna", role: access.Head, department: 3},
	{box: "nadya", role: access.Manager, department: 3},
	{box: "liliya", role: access.Manager, department: 3},
	{box: "lev", role: access.Head, department: 4, manager: manager{head: true, typical: 30 * time.Minute}},
	{box: "oksana", role: access.Manager, department: 4, drum: 3, manager: manager{diligence: 0.93, typical: 6 * time.Minute}},
}

// heads are who heads each department.
var heads = [5]string{boxHead, "dina", "igor", "zhanna", "lev"}

// dealer is the company of the demo.
func (w *tongue) dealer() company {
	p := portal.Default()
	p.Company, p.Lang, p.Zone = w.company, w.lang, w.home.zone
	if w.lang == "en" {
		p.Region = "GB"
	}
	c := company{portal: p}
	for i, box := range heads {
		c.departments = append(c.departments, setup.Department{Title: w.departments[i], Head: box + "@demo.local"})
	}
	for _, m := range staff {
		one := colleague{name: w.people[m.box][0], box: m.box, position: w.people[m.box][1], role: m.role, manager: m.manager, zone: w.home.zone}
		if m.department >= 0 {
			one.department = w.departments[m.department]
		}
		if m.branch {
			one.zone = w.branch.zone
		}
		c.people = append(c.people, one)
	}
	return c
}

// hours are when the dealer works: nine to six with a lunch hour. The last day of the history is open until midnight whatever
// day of the week it is, so that there is something to see; the calendar of the country knows the other holidays.
func (w *tongue) hours(now time.Time) (*worktime.Schedule, error) {
	zone, err := worktime.Zone(w.home.zone)
	if err != nil {
		return nil, err
	}
	s := &worktime.Schedule{Zone: zone, Dates: map[string][]worktime.Span{}}
	for d := time.Monday; d <= time.Friday; d++ {
		s.Week[d] = []worktime.Span{{From: 9 * 60, To: 13 * 60}, {From: 14 * 60, To: 18 * 60}}
	}
	if w.lang == "en" { // no calendar comes with the program
		for year := now.Year() - 2; year <= now.Year(); year++ {
			for _, day := range []string{"01-01", "12-25", "12-26", "12-31"} {
				s.Dates[strconv.Itoa(year)+"-"+day] = nil
			}
		}
	}
	open := now.In(zone)
	from := max(0, min(9*60, open.Hour()*60+open.Minute()-freshHours*60)) / 60 * 60
	s.Dates[open.Format(time.DateOnly)] = []worktime.Span{{From: from, To: worktime.Day}}
	return s, nil
}

// freshHours is how long before now the requests of the last day begin.
const freshHours = 7
