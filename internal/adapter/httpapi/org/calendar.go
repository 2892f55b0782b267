package orgapi

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/org/calendar"
	"voronka/internal/org/directory"
	"voronka/internal/org/worktime"
	"voronka/internal/texts"
)

// Calendar is the calendar of a country.
type Calendar struct {
	Country   string `json:"country" enum:"RU,BY,KZ,UZ"`
	FirstYear int    `json:"first_year" doc:"Of the days that are known"`
	LastYear  int    `json:"last_year"`
	Shipped   int    `json:"shipped" doc:"The last year the program brings; later ones are edited or imported"`
	Portal    bool   `json:"portal" doc:"It holds where nothing else is said"`
}

// CalendarDay is a date that differs from the ordinary week.
type CalendarDay struct {
	Date      string  `json:"date" format:"date"`
	Kind      string  `json:"kind" enum:"off,short,work,plain" doc:"short: an hour less; work: a day of rest that is worked; plain: as the week has it"`
	Title     string  `json:"title"`
	MovedFrom *string `json:"moved_from" doc:"The date whose rest or work it has"`
	Edited    bool    `json:"edited" doc:"Said by the portal"`
}

// CalendarDayPut is what a day shall be.
type CalendarDayPut struct {
	Kind      string `json:"kind" enum:"off,short,work,plain"`
	Title     string `json:"title,omitempty"`
	MovedFrom string `json:"moved_from,omitempty"`
}

// CalendarImport is a file of days.
type CalendarImport struct {
	Country string `json:"country" enum:"RU,BY,KZ,UZ"`
	Text    string `json:"text" doc:"Lines: date, kind (off, short, work, plain), name, moved from"`
}

// CalendarImported tells what was taken.
type CalendarImported struct {
	Taken int                 `json:"taken"`
	Wrong []CalendarLineWrong `json:"wrong"`
}

// CalendarLineWrong is a line that was not taken.
type CalendarLineWrong struct {
	Line    int    `json:"line"`
	Message string `json:"message"`
}

type yearIn struct {
	Country string `query:"country" enum:"RU,BY,KZ,UZ" doc:"that of the portal by default"`
	Year    int    `query:"year" minimum:"0" maximum:"2100" doc:"all years by default"`
}

// OfDay says which day of which calendar is meant.
type OfDay struct {
	Country string `path:"country" enum:"RU,BY,KZ,UZ"`
	Date    string `path:"date" format:"date"`
}

type putDayIn struct {
	OfDay
	Body CalendarDayPut
}

func (d Deps) calendarRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/calendars", httpapi.Member, "hours", "Calendars of countries"), d.listCalendars)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/calendar-days", httpapi.Member, "hours", "Days of a calendar that differ from the week"), d.listCalendarDays)
	httpapi.Handle(r, httpapi.Route(http.MethodPut, "/api/calendar-days/{country}/{date}", httpapi.Area(access.Portal), "hours", "Edit a day"), d.putCalendarDay)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/calendar-days/{country}/{date}", httpapi.Area(access.Portal), "hours", "Take an edit back"), d.dropCalendarDay)
	add := httpapi.Route(http.MethodPost, "/api/calendar-imports", httpapi.Area(access.Portal), "hours", "Take days out of a file")
	add.Status = http.StatusOK
	httpapi.Handle(r, add, d.importCalendar)
}

func (d Deps) listCalendars(ctx context.Context, _ *struct{}) (*httpapi.Body[httpapi.List[Calendar]], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	var list []Calendar
	for _, code := range calendar.Countries {
		c := Calendar{Country: code, Portal: dir.Times().Country == code}
		c.FirstYear, c.LastYear = calendar.Years(code)
		c.Shipped = c.LastYear
		for _, e := range dir.Times().Edits[code] {
			if year, err := strconv.Atoi(e.Date[:4]); err == nil {
				c.FirstYear, c.LastYear = min(c.FirstYear, year), max(c.LastYear, year)
			}
		}
		list = append(list, c)
	}
	return httpapi.ListOf(list, ""), nil
}

func calendarDay(d calendar.Day, lang string) CalendarDay {
	out := CalendarDay{Date: d.Date, Kind: string(d.Kind), Title: d.TitleRU, Edited: d.Edited}
	if lang == "en" {
		out.Title = d.TitleEN
	}
	if d.MovedFrom != "" {
		out.MovedFrom = &d.MovedFrom
	}
	return out
}

func daysOf(dir *directory.Directory, country string, year int, lang string) (list []CalendarDay) {
	for _, d := range calendar.Merge(country, dir.Times().Edits[country]) {
		if year == 0 || strings.HasPrefix(d.Date, strconv.Itoa(year)+"-") {
			list = append(list, calendarDay(d, lang))
		}
	}
	return list
}

func (d Deps) listCalendarDays(ctx context.Context, in *yearIn) (*httpapi.Body[httpapi.List[CalendarDay]], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	code := in.Country
	if code == "" {
		code = dir.Times().Country
	}
	return httpapi.ListOf(daysOf(dir, code, in.Year, httpapi.Lang(ctx)), ""), nil
}

func (d Deps) putCalendarDay(ctx context.Context, in *putDayIn) (*httpapi.Body[CalendarDay], error) {
	b := in.Body
	day := calendar.Day{Date: in.Date, Kind: worktime.Kind(b.Kind), TitleRU: b.Title, MovedFrom: b.MovedFrom}
	if err := d.Attendance.SetDay(ctx, httpapi.Who(ctx), in.Country, day); err != nil {
		return nil, err
	}
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	for _, day := range dir.Times().Edits[in.Country] {
		if day.Date == in.Date {
			return httpapi.OK(calendarDay(day, httpapi.Lang(ctx))), nil
		}
	}
	return nil, fault.New(fault.NotFound, "schedule.bad_date")
}

func (d Deps) dropCalendarDay(ctx context.Context, in *OfDay) (*httpapi.Empty, error) {
	return nil, d.Attendance.DropDay(ctx, httpapi.Who(ctx), in.Country, in.Date)
}

func (d Deps) importCalendar(ctx context.Context, in *httpapi.Body[CalendarImport]) (*httpapi.Body[CalendarImported], error) {
	taken, wrong, err := d.Attendance.ImportDays(ctx, httpapi.Who(ctx), in.Body.Country, in.Body.Text)
	if err != nil {
		return nil, err
	}
	out := CalendarImported{Taken: taken, Wrong: []CalendarLineWrong{}}
	for _, w := range wrong[:min(len(wrong), 100)] {
		out.Wrong = append(out.Wrong, CalendarLineWrong{w.Line, texts.For(httpapi.Lang(ctx)).Say(w.Key, nil)})
	}
	return httpapi.OK(out), nil
}
