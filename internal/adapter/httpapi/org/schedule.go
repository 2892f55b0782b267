package orgapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/org/attendance"
	"voronka/internal/org/directory"
	"voronka/internal/org/portal"
	"voronka/internal/org/worktime"
)

// ofPortal is the owner of the portal's schedule, whose number is 0.
const ofPortal = "portal"

// Hours are what somebody says of working time. What is left out is as the next above has it.
type Hours struct {
	Zone    *string              `json:"zone,omitempty" doc:"By whose clock the hours of the week are; everybody's own by default"`
	Country *string              `json:"country,omitempty" enum:"RU,BY,KZ,UZ,none" doc:"Whose calendar holds; none: holidays are worked"`
	Week    *map[string][]string `json:"week,omitempty" doc:"Intervals like 09:00-18:00 by mon, tue, wed, thu, fri, sat, sun"`
	Dates   map[string][]string  `json:"dates,omitempty" doc:"Dates that differ; an empty list is a day off"`
}

// Schedule is the working time of the portal, a department or a person.
type Schedule struct {
	Owner     string   `json:"owner" enum:"portal,department,person"`
	ID        int64    `json:"id" doc:"0 for the portal"`
	Own       Hours    `json:"own" doc:"What is said of this owner itself"`
	Effective WorkTime `json:"effective" doc:"What holds, with everything that is said above; without the days of the calendar and absences"`
	Country   string   `json:"country" doc:"Whose calendar holds"`
	Editable  bool     `json:"editable"`
}

// ByOwner says whose schedule is meant.
type ByOwner struct {
	Owner string `path:"owner" enum:"portal,department,person"`
	ID    int64  `path:"id" minimum:"0"`
}

type setScheduleIn struct {
	ByOwner
	Body Hours
}

func (d Deps) scheduleRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/schedules", httpapi.Member, "hours", "Working time of the portal and of those who have one of their own: one's own, for heads those of their departments"), d.listSchedules)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/schedules/{owner}/{id}", httpapi.Member, "hours", "Working time of the portal, a department or a person"), d.getSchedule)
	httpapi.Handle(r, httpapi.Route(http.MethodPut, "/api/schedules/{owner}/{id}", httpapi.HeadOr(access.People), "hours", "Say what an owner has of its own; clocks that run are counted anew"), d.setSchedule)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/schedules/{owner}/{id}", httpapi.HeadOr(access.People), "hours", "Leave everything to the next above"), d.dropSchedule)
}

// hoursOf writes a rule in the words of the API.
func hoursOf(rule *worktime.Rule) (h Hours, err error) {
	if rule == nil {
		return h, nil
	}
	b, err := json.Marshal(rule)
	if err == nil {
		err = json.Unmarshal(b, &h)
	}
	if err != nil {
		err = fmt.Errorf("schedule: %w", err)
	}
	return h, err
}

// rule reads it back.
func (h Hours) rule() (*worktime.Rule, error) {
	b, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("schedule: %w", err)
	}
	rule := &worktime.Rule{}
	if err := json.Unmarshal(b, rule); err != nil {
		return nil, &fault.Error{Code: fault.Invalid, Key: "invalid", Err: err, Fields: []fault.Field{{Path: "week", Key: "portal.bad_worktime"}}}
	}
	return rule, nil
}

// schedule is one as a person sees it; ok is false when he may not.
func schedule(dir *directory.Directory, who access.Who, owner string, id int64) (s Schedule, ok bool, err error) {
	times := dir.Times()
	s = Schedule{Owner: owner, ID: id}
	var holds *worktime.Schedule
	switch {
	case owner == ofPortal && id == 0:
		holds, s.Editable, s.Country = dir.WorkTime, who.Runs(access.People), times.Country
		zone := dir.WorkTime.Zone.String()
		if s.Effective, err = workTime(holds); err != nil {
			return s, false, err
		}
		s.Own = Hours{Zone: &zone, Country: country(times.Country), Week: &s.Effective.Week, Dates: s.Effective.Dates}
		return s, true, nil
	case owner == attendance.OfDepartment && dir.Department(id) != nil:
		if s.Own, err = hoursOf(times.Departments[id]); err != nil {
			return s, false, err
		}
		holds, s.Country = dir.DepartmentSchedule(id), dir.CountryOf(nil, id)
		if !who.IsAdmin() && who.DepartmentID != id && !slices.Contains(who.Leads(), id) {
			return s, false, nil
		}
	case owner == attendance.OfPerson && dir.User(id) != nil:
		if s.Own, err = hoursOf(times.People[id]); err != nil {
			return s, false, err
		}
		holds, s.Country = dir.ScheduleOf(id), dir.CountryOf(times.People[id], dir.User(id).DepartmentID)
		if id != who.UserID && !attendance.MayManage(who, dir, id) {
			return s, false, nil
		}
	default:
		return s, false, nil
	}
	s.Editable = attendance.MaySet(who, dir, owner, id) == nil
	s.Effective, err = workTime(holds)
	return s, true, err
}

func country(code string) *string {
	if code == "" {
		code = worktime.None
	}
	return &code
}

func (d Deps) listSchedules(ctx context.Context, _ *struct{}) (*httpapi.Body[httpapi.List[Schedule]], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	who := httpapi.Who(ctx)
	var list []Schedule
	add := func(owner string, id int64) error {
		s, ok, err := schedule(dir, who, owner, id)
		if ok {
			list = append(list, s)
		}
		return err
	}
	if err := add(ofPortal, 0); err != nil {
		return nil, err
	}
	times := dir.Times()
	for _, dep := range dir.Departments() {
		if times.Departments[dep.ID] != nil {
			if err := add(attendance.OfDepartment, dep.ID); err != nil {
				return nil, err
			}
		}
	}
	for _, u := range dir.Users() {
		if u.Active && times.People[u.ID] != nil {
			if err := add(attendance.OfPerson, u.ID); err != nil {
				return nil, err
			}
		}
	}
	return httpapi.ListOf(list, ""), nil
}

func (d Deps) getSchedule(ctx context.Context, in *ByOwner) (*httpapi.Body[Schedule], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	s, ok, err := schedule(dir, httpapi.Who(ctx), in.Owner, in.ID)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "schedule.unknown")
	}
	if err != nil {
		return nil, err
	}
	return httpapi.OK(s), nil
}

func (d Deps) setSchedule(ctx context.Context, in *setScheduleIn) (*httpapi.Body[Schedule], error) {
	if in.Owner == ofPortal {
		return d.setPortalSchedule(ctx, in)
	}
	rule, err := in.Body.rule()
	if err != nil {
		return nil, err
	}
	if err := d.Attendance.SetRule(ctx, httpapi.Who(ctx), in.Owner, in.ID, rule); err != nil {
		return nil, err
	}
	return d.getSchedule(ctx, &in.ByOwner)
}

func (d Deps) setPortalSchedule(ctx context.Context, in *setScheduleIn) (*httpapi.Body[Schedule], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	now, err := workTime(dir.WorkTime)
	if err != nil {
		return nil, err
	}
	var week *worktime.Schedule
	if b := in.Body; b.Week != nil || b.Zone != nil || b.Dates != nil {
		if b.Week != nil {
			now.Week, now.Dates = *b.Week, b.Dates
		}
		if b.Dates != nil {
			now.Dates = b.Dates
		}
		if b.Zone != nil {
			now.Zone = *b.Zone
		}
		if week, err = now.schedule(dir.Portal.Zone); err != nil {
			return nil, err
		}
	}
	if err := d.Attendance.SetPortal(ctx, httpapi.Who(ctx), week, in.Body.Country); err != nil {
		return nil, err
	}
	if zone := in.Body.Zone; zone != nil && *zone != dir.Portal.Zone { // the company has one zone
		if _, err := d.Portal.Change(ctx, httpapi.Who(ctx), portal.Patch{Zone: zone}); err != nil {
			return nil, err
		}
	}
	return d.getSchedule(ctx, &ByOwner{Owner: ofPortal})
}

func (d Deps) dropSchedule(ctx context.Context, in *ByOwner) (*httpapi.Empty, error) {
	if in.Owner == ofPortal {
		return nil, fault.New(fault.Conflict, "schedule.portal_stays")
	}
	return nil, d.Attendance.SetRule(ctx, httpapi.Who(ctx), in.Owner, in.ID, nil)
}
