package orgapi

import (
	"context"
	"net/http"
	"time"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/org/attendance"
	"voronka/internal/org/directory"
)

// WorkingDay is a person's working day.
type WorkingDay struct {
	User           int64               `json:"user"`
	Day            string              `json:"day" doc:"Date where the person was when it began"`
	State          string              `json:"state" enum:"not_started,started,paused,finished"`
	Spans          []WorkingSpan       `json:"spans"`
	WorkedSeconds  int64               `json:"worked_seconds" doc:"Up to now"`
	PausedSeconds  int64               `json:"paused_seconds"`
	PlannedSeconds int64               `json:"planned_seconds" doc:"By the schedule, absences taken off"`
	Zone           string              `json:"zone"`
	Now            *time.Time          `json:"now"`
	Works          bool                `json:"works" doc:"It is the person's working time now; only in one's own day"`
	Next           *time.Time          `json:"next" doc:"When it is next; only in one's own day"`
	Corrections    []WorkingCorrection `json:"corrections"`
	Editable       bool                `json:"editable"`
}

// WorkingSpan is one interval of a working day.
type WorkingSpan struct {
	Kind string     `json:"kind" enum:"work,pause"`
	From time.Time  `json:"from"`
	To   *time.Time `json:"to" doc:"null while it goes on"`
}

// WorkingCorrection is how a day was changed afterwards.
type WorkingCorrection struct {
	At     time.Time     `json:"at"`
	By     *int64        `json:"by" doc:"null: the program, which finished a forgotten day"`
	Reason string        `json:"reason"`
	Before []WorkingSpan `json:"before"`
	After  []WorkingSpan `json:"after"`
}

// WorkingAct is what one does with one's own day.
type WorkingAct struct {
	Act string `json:"act" enum:"start,pause,resume,finish"`
}

// WorkingDayPut replaces the intervals of a day.
type WorkingDayPut struct {
	Spans  []WorkingSpan `json:"spans" maxItems:"50"`
	Reason string        `json:"reason"`
}

type workingDaysIn struct {
	From string `query:"from" format:"date" required:"true"`
	To   string `query:"to" format:"date" required:"true"`
	User int64  `query:"user" minimum:"0" doc:"everybody one may see by default"`
}

type putWorkingDayIn struct {
	User int64  `path:"user" minimum:"1"`
	Day  string `path:"day" format:"date"`
	Body WorkingDayPut
}

func (d Deps) workingDayRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/working-day", httpapi.Member, "hours", "My working day"), d.getWorkingDay)
	act := httpapi.Route(http.MethodPost, "/api/working-day", httpapi.Member, "hours", "Start, pause, resume or finish my working day")
	act.Status = http.StatusOK
	httpapi.Handle(r, act, d.actWorkingDay)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/working-days", httpapi.Member, "hours", "Working days between two dates: one's own, for heads those of their departments"), d.listWorkingDays)
	httpapi.Handle(r, httpapi.Everyday(httpapi.Route(http.MethodPut, "/api/working-days/{user}/{day}", httpapi.HeadOr(access.People), "hours", "Correct a working day, with a reason")), d.correctWorkingDay)
}

func spansOf(spans []attendance.Span) []WorkingSpan {
	out := make([]WorkingSpan, 0, len(spans))
	for _, s := range spans {
		out = append(out, WorkingSpan{Kind: s.Kind, From: s.From.Time(), To: httpapi.Instant(s.To)})
	}
	return out
}

func workingDay(dir *directory.Directory, day attendance.Day, now clock.Instant) WorkingDay {
	worked, rested := day.Worked(now)
	schedule := dir.ScheduleOf(day.UserID)
	out := WorkingDay{
		User: day.UserID, Day: day.Day, State: day.State, Spans: spansOf(day.Spans), WorkedSeconds: int64(worked / time.Second),
		PausedSeconds: int64(rested / time.Second), Zone: schedule.Zone.String(), Now: httpapi.Instant(now), Corrections: []WorkingCorrection{},
	}
	for _, p := range schedule.On(day.Day) {
		out.PlannedSeconds += int64(p.To-p.From) * 60
	}
	return out
}

func (d Deps) getWorkingDay(ctx context.Context, _ *struct{}) (*httpapi.Body[WorkingDay], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	id, now := httpapi.Who(ctx).UserID, d.Clock.Now()
	date := now.Date(dir.ScheduleOf(id).Zone)
	span, going, err := d.HoursDB.Going(ctx, id)
	if err != nil {
		return nil, err
	}
	if going {
		date = span.Day
	}
	spans, err := d.HoursDB.Days(ctx, []int64{id}, date, date)
	if err != nil {
		return nil, err
	}
	return d.mine(dir, attendance.DayOf(id, date, spans), now), nil
}

func (d Deps) mine(dir *directory.Directory, day attendance.Day, now clock.Instant) *httpapi.Body[WorkingDay] {
	out := workingDay(dir, day, now)
	p := attendance.At(dir, day.UserID, now)
	out.Works, out.Next = p.Works, httpapi.Instant(p.Next)
	return httpapi.OK(out)
}

func (d Deps) actWorkingDay(ctx context.Context, in *httpapi.Body[WorkingAct]) (*httpapi.Body[WorkingDay], error) {
	day, err := d.Attendance.Act(ctx, httpapi.Who(ctx), in.Body.Act)
	if err != nil {
		return nil, err
	}
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	return d.mine(dir, day, d.Clock.Now()), nil
}

// longest is how many days one question about working days may span.
const longest = 62

func (d Deps) listWorkingDays(ctx context.Context, in *workingDaysIn) (*httpapi.Body[httpapi.List[WorkingDay]], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	from, err1 := time.Parse(time.DateOnly, in.From)
	to, err2 := time.Parse(time.DateOnly, in.To)
	if err1 != nil || err2 != nil || to.Sub(from) > longest*24*time.Hour {
		return nil, fault.In("to", "day.period", fault.Args{"max": longest})
	}
	users := d.seen(ctx, dir, in.User)
	spans, err := d.HoursDB.Days(ctx, users, in.From, in.To)
	if err != nil {
		return nil, err
	}
	corrections, err := d.HoursDB.Corrections(ctx, users, in.From, in.To)
	if err != nil {
		return nil, err
	}
	return httpapi.ListOf(d.days(ctx, dir, spans, corrections), ""), nil
}

// seen are the people whose days somebody may see; user 0 stands for all of them.
func (d Deps) seen(ctx context.Context, dir *directory.Directory, user int64) []int64 {
	who, users := httpapi.Who(ctx), []int64{}
	for _, u := range dir.Users() {
		if (user == 0 || u.ID == user) && (u.ID == who.UserID || attendance.MayManage(who, dir, u.ID)) {
			users = append(users, u.ID)
		}
	}
	return users
}

type dayKey struct {
	user int64
	day  string
}

// days puts intervals and corrections together; a day whose intervals were all taken out is listed for its corrections.
func (d Deps) days(ctx context.Context, dir *directory.Directory, spans []attendance.Span, corrections []attendance.Correction) []WorkingDay {
	who, now := httpapi.Who(ctx), d.Clock.Now()
	var order []dayKey
	bySpans, byCorrections := map[dayKey][]attendance.Span{}, map[dayKey][]WorkingCorrection{}
	for _, s := range spans {
		k := dayKey{s.UserID, s.Day}
		if bySpans[k] == nil {
			order = append(order, k)
		}
		bySpans[k] = append(bySpans[k], s)
	}
	for _, c := range corrections {
		k := dayKey{c.UserID, c.Day}
		if bySpans[k] == nil && byCorrections[k] == nil {
			order = append(order, k)
		}
		byCorrections[k] = append(byCorrections[k], WorkingCorrection{
			At: c.At.Time(), By: httpapi.OrNull(c.ByID), Reason: c.Reason, Before: spansOf(c.Before), After: spansOf(c.After),
		})
	}
	list := make([]WorkingDay, 0, len(order))
	for _, k := range order {
		day := workingDay(dir, attendance.DayOf(k.user, k.day, bySpans[k]), now)
		if of := byCorrections[k]; of != nil {
			day.Corrections = of
		}
		day.Editable = attendance.MayPlan(who, dir, k.user)
		list = append(list, day)
	}
	return list
}

func (d Deps) correctWorkingDay(ctx context.Context, in *putWorkingDayIn) (*httpapi.Body[WorkingDay], error) {
	spans := make([]attendance.Span, 0, len(in.Body.Spans))
	for _, s := range in.Body.Spans {
		span := attendance.Span{Kind: s.Kind, From: clock.Of(s.From)}
		if s.To != nil {
			span.To = clock.Of(*s.To)
		}
		spans = append(spans, span)
	}
	if _, err := d.Attendance.Correct(ctx, httpapi.Who(ctx), in.User, in.Day, spans, in.Body.Reason); err != nil {
		return nil, err
	}
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	users := []int64{in.User}
	now, err := d.HoursDB.Days(ctx, users, in.Day, in.Day)
	if err != nil {
		return nil, err
	}
	corrections, err := d.HoursDB.Corrections(ctx, users, in.Day, in.Day)
	if err != nil {
		return nil, err
	}
	if all := d.days(ctx, dir, now, corrections); len(all) > 0 {
		return httpapi.OK(all[0]), nil
	}
	return nil, fault.New(fault.NotFound, "day.not_going")
}
