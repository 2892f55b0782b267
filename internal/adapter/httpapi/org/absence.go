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

// Hours of people as the database knows them beside the snapshot.
type hoursReader interface {
	Absences(ctx context.Context, users []int64, first, last string, limit int) ([]attendance.Absence, error)
	Going(ctx context.Context, userID int64) (attendance.Span, bool, error)
	Days(ctx context.Context, users []int64, first, last string) ([]attendance.Span, error)
	Corrections(ctx context.Context, users []int64, first, last string) ([]attendance.Correction, error)
}

// Absence is when somebody doesn't work. Colleagues see only who is away now and until when.
type Absence struct {
	ID         int64      `json:"id" doc:"0 when only the end may be known"`
	User       int64      `json:"user"`
	Kind       string     `json:"kind" doc:"vacation, sick, trip, day_off, other; empty when only the end may be known"`
	First      string     `json:"first" doc:"Date where the person is; empty when only the end may be known"`
	Last       string     `json:"last"`
	From       string     `json:"from" doc:"Part of the days, like 14:00; empty: whole days"`
	To         string     `json:"to"`
	Substitute *int64     `json:"substitute"`
	Note       string     `json:"note"`
	AwayUntil  *time.Time `json:"away_until" doc:"The person is away now, until this moment"`
	Editable   bool       `json:"editable"`
}

// AbsenceDraft is a new absence.
type AbsenceDraft struct {
	User       int64             `json:"user" minimum:"1"`
	Kind       string            `json:"kind" enum:"vacation,sick,trip,day_off,other"`
	First      string            `json:"first" format:"date"`
	Last       string            `json:"last" format:"date"`
	From       string            `json:"from,omitempty" doc:"Like 14:00; left out: whole days"`
	To         string            `json:"to,omitempty"`
	Substitute httpapi.Reference `json:"substitute,omitempty"`
	Note       string            `json:"note,omitempty"`
}

// AbsencePatch is what shall change; what is left out stays.
type AbsencePatch struct {
	Kind       *string           `json:"kind,omitempty" enum:"vacation,sick,trip,day_off,other"`
	First      *string           `json:"first,omitempty" format:"date"`
	Last       *string           `json:"last,omitempty" format:"date"`
	From       *string           `json:"from,omitempty"`
	To         *string           `json:"to,omitempty"`
	Substitute httpapi.Reference `json:"substitute,omitempty"`
	Note       *string           `json:"note,omitempty"`
}

type absencesIn struct {
	From string `query:"from" format:"date" doc:"today by default"`
	To   string `query:"to" format:"date" doc:"a month later by default"`
	User int64  `query:"user" minimum:"0"`
}

type changeAbsenceIn struct {
	httpapi.ByID
	Body AbsencePatch
}

// maxListed is how many absences or days one answer holds.
const maxListed = 5000

func (d Deps) absenceRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/absences", httpapi.Member, "hours", "Absences: one's own, for heads those of their departments; of other colleagues who is away now and until when"), d.listAbsences)
	httpapi.Handle(r, httpapi.Everyday(httpapi.Route(http.MethodPost, "/api/absences", httpapi.HeadOr(access.People), "hours", "Enter an absence")), d.addAbsence)
	httpapi.Handle(r, httpapi.Everyday(httpapi.Route(http.MethodPatch, "/api/absences/{id}", httpapi.HeadOr(access.People), "hours", "Change an absence")), d.changeAbsence)
	httpapi.Handle(r, httpapi.Everyday(httpapi.Route(http.MethodDelete, "/api/absences/{id}", httpapi.HeadOr(access.People), "hours", "Take an absence back")), d.removeAbsence)
}

// minutes reads 14:00; "" is 0.
func minutes(text, path string) (int, error) {
	if text == "" {
		return 0, nil
	}
	if text == "24:00" {
		return 24 * 60, nil
	}
	t, err := time.Parse("15:04", text)
	if err != nil {
		return 0, fault.In(path, "absence.bad_part")
	}
	return t.Hour()*60 + t.Minute(), nil
}

func clockText(minutes int) string {
	return time.Date(2000, 1, 1, minutes/60, minutes%60, 0, 0, time.UTC).Format("15:04")
}

func absenceOf(dir *directory.Directory, who access.Who, a attendance.Absence, now clock.Instant) (Absence, bool) {
	out := Absence{User: a.UserID, Substitute: httpapi.OrNull(a.SubstituteID), Last: a.Last}
	zone := dir.ScheduleOf(a.UserID).Zone
	if today := now.Date(zone); a.First <= today && today <= a.Last {
		if until, away := dir.AwayAt(a.UserID, now); away {
			out.AwayUntil = httpapi.Instant(until)
		}
	}
	out.Editable = attendance.MayManage(who, dir, a.UserID)
	if !out.Editable && a.UserID != who.UserID {
		return out, out.AwayUntil != nil
	}
	out.ID, out.Kind, out.First, out.Note = a.ID, a.Kind, a.First, a.Note
	if a.From != 0 || a.To != 0 {
		out.From, out.To = clockText(a.From), clockText(a.To)
		if a.To == 24*60 {
			out.To = "24:00"
		}
	}
	return out, true
}

func (d Deps) listAbsences(ctx context.Context, in *absencesIn) (*httpapi.Body[httpapi.List[Absence]], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	who, now := httpapi.Who(ctx), d.Clock.Now()
	from, to := in.From, in.To
	if from == "" {
		from = now.Date(dir.ScheduleOf(who.UserID).Zone)
	}
	if to == "" {
		start, err := time.Parse(time.DateOnly, from)
		if err != nil {
			return nil, fault.In("from", "schedule.bad_date")
		}
		to = start.AddDate(0, 1, 0).Format(time.DateOnly)
	}
	var users []int64
	if in.User != 0 {
		users = []int64{in.User}
	}
	all, err := d.HoursDB.Absences(ctx, users, from, to, maxListed)
	if err != nil {
		return nil, err
	}
	var list []Absence
	for _, a := range all {
		if u := dir.User(a.UserID); u == nil || !u.Active {
			continue
		}
		if shown, ok := absenceOf(dir, who, a, now); ok {
			list = append(list, shown)
		}
	}
	return httpapi.ListOf(list, ""), nil
}

func (d Deps) absence(ctx context.Context, a attendance.Absence) (*httpapi.Body[Absence], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	out, _ := absenceOf(dir, httpapi.Who(ctx), a, d.Clock.Now())
	return httpapi.OK(out), nil
}

func (d Deps) addAbsence(ctx context.Context, in *httpapi.Body[AbsenceDraft]) (*httpapi.Body[Absence], error) {
	b := in.Body
	a := attendance.Absence{UserID: b.User, Kind: b.Kind, First: b.First, Last: b.Last, SubstituteID: b.Substitute.ID, Note: b.Note}
	var err error
	if a.From, err = minutes(b.From, "from"); err != nil {
		return nil, err
	}
	if a.To, err = minutes(b.To, "to"); err != nil {
		return nil, err
	}
	if a, err = d.Attendance.AddAbsence(ctx, httpapi.Who(ctx), a); err != nil {
		return nil, err
	}
	return d.absence(ctx, a)
}

func (d Deps) changeAbsence(ctx context.Context, in *changeAbsenceIn) (*httpapi.Body[Absence], error) {
	b := in.Body
	var from, to int
	var err error
	if b.From != nil {
		if from, err = minutes(*b.From, "from"); err != nil {
			return nil, err
		}
	}
	if b.To != nil {
		if to, err = minutes(*b.To, "to"); err != nil {
			return nil, err
		}
	}
	a, err := d.Attendance.ChangeAbsence(ctx, httpapi.Who(ctx), in.ID, func(a *attendance.Absence) {
		set(&a.Kind, b.Kind)
		set(&a.First, b.First)
		set(&a.Last, b.Last)
		set(&a.Note, b.Note)
		set(&a.SubstituteID, b.Substitute.Value())
		if b.From != nil {
			a.From = from
		}
		if b.To != nil {
			a.To = to
		}
	})
	if err != nil {
		return nil, err
	}
	return d.absence(ctx, a)
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

func (d Deps) removeAbsence(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, d.Attendance.RemoveAbsence(ctx, httpapi.Who(ctx), in.ID)
}
