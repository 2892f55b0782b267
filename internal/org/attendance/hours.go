package attendance

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/calendar"
	"voronka/internal/org/directory"
	"voronka/internal/org/worktime"
)

// Limits of what is said of working time.
const (
	MaxDates  = 500 // dates of one schedule that differ from its week
	MaxImport = 5000
	MaxTitle  = 120
)

// MayPlan tells whether somebody may change the hours and the working days of a person: administrators everybody's, heads
// those of their people, but not their own.
func MayPlan(who access.Who, dir *directory.Directory, userID int64) bool {
	return who.Runs(access.People) || userID != who.UserID && MayManage(who, dir, userID)
}

// MaySet tells whether somebody may change the hours of an owner.
func MaySet(who access.Who, dir *directory.Directory, owner string, id int64) error {
	switch {
	case owner == OfPerson && dir.User(id) == nil:
		return fault.New(fault.NotFound, "user.unknown")
	case owner == OfDepartment && dir.Department(id) == nil:
		return fault.New(fault.NotFound, "department.unknown")
	case owner == OfPerson && MayPlan(who, dir, id), owner == OfDepartment && who.Runs(access.People):
		return nil
	case owner == OfDepartment && slices.Contains(who.Leads(), id):
		return nil
	}
	return fault.New(fault.Forbidden, "schedule.not_yours")
}

// SetRule says what a person or a department has of its own; an empty rule leaves everything to the next above.
func (s *Service) SetRule(ctx context.Context, who access.Who, owner string, id int64, rule *worktime.Rule) error {
	if err := cleanRule(rule); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		dir, err := s.Org.In(t)
		if err != nil {
			return err
		}
		if err := MaySet(who, dir, owner, id); err != nil {
			return err
		}
		if err := s.Store.LockOrg(t); err != nil {
			return err
		}
		if err := s.Store.SaveRule(t, owner, id, rule); err != nil {
			return err
		}
		if owner == OfDepartment {
			id = 0
		}
		return s.Changed(t, id)
	})
}

// SetPortal changes the portal's week (nil: stays) and whose calendar holds (nil: stays).
func (s *Service) SetPortal(ctx context.Context, who access.Who, week *worktime.Schedule, country *string) error {
	if err := who.Must(access.People); err != nil {
		return err
	}
	if week != nil {
		if err := week.Check(); err != nil || len(week.Dates) > MaxDates {
			return fault.In("week", "portal.bad_worktime")
		}
	}
	if country != nil && !goodCountry(*country) {
		return fault.In("country", "schedule.bad_country")
	}
	return s.locked(ctx, func(t tx.Tx) error {
		if week != nil {
			if err := s.Store.SaveWorkTime(t, week); err != nil {
				return err
			}
		}
		if country == nil {
			return nil
		}
		return s.Store.SaveCountry(t, *country)
	})
}

// SetDay edits a day of a country's calendar.
func (s *Service) SetDay(ctx context.Context, who access.Who, country string, d calendar.Day) error {
	if err := who.Must(access.Portal); err != nil {
		return err
	}
	if !calendar.Known(country) {
		return fault.New(fault.NotFound, "schedule.bad_country")
	}
	if err := cleanDay(&d); err != nil {
		return err
	}
	return s.locked(ctx, func(t tx.Tx) error { return s.Store.SaveDays(t, country, []calendar.Day{d}) })
}

// DropDay takes an edit back: the day is again as the program brings it.
func (s *Service) DropDay(ctx context.Context, who access.Who, country, date string) error {
	if err := who.Must(access.Portal); err != nil {
		return err
	}
	return s.locked(ctx, func(t tx.Tx) error { return s.Store.DropDay(t, country, date) })
}

// ImportDays takes days of a country out of a file; see calendar.Parse. Lines that say nothing sensible are told, the others
// are taken.
func (s *Service) ImportDays(ctx context.Context, who access.Who, country, text string) (taken int, wrong []calendar.Wrong, err error) {
	if err := who.Must(access.Portal); err != nil {
		return 0, nil, err
	}
	if !calendar.Known(country) {
		return 0, nil, fault.New(fault.NotFound, "schedule.bad_country")
	}
	days, wrong := calendar.Parse(text)
	if len(days) > MaxImport {
		return 0, nil, fault.New(fault.TooLarge, "schedule.too_many_days", fault.Args{"max": MaxImport})
	}
	if len(days) == 0 {
		return 0, wrong, nil
	}
	return len(days), wrong, s.locked(ctx, func(t tx.Tx) error { return s.Store.SaveDays(t, country, days) })
}

// locked changes what holds for everybody.
func (s *Service) locked(ctx context.Context, f func(tx.Tx) error) error {
	return s.Tx.Do(ctx, func(t tx.Tx) error {
		if err := s.Store.LockOrg(t); err != nil {
			return err
		}
		if err := f(t); err != nil {
			return err
		}
		return s.Changed(t, 0)
	})
}

func goodCountry(c string) bool { return c == worktime.None || calendar.Known(c) }

func cleanRule(r *worktime.Rule) error {
	if r == nil {
		return nil
	}
	var wrong *fault.Error
	if r.Country != "" && !goodCountry(r.Country) {
		wrong = wrong.With("country", "schedule.bad_country")
	}
	if _, err := worktime.Zone(r.Zone); r.Zone != "" && err != nil {
		wrong = wrong.With("zone", "user.bad_zone")
	}
	if len(r.Dates) > MaxDates {
		wrong = wrong.With("dates", "schedule.too_many_days", fault.Args{"max": MaxDates})
	}
	return wrong.OrNil()
}

func cleanDay(d *calendar.Day) error {
	var wrong *fault.Error
	if _, err := time.Parse(time.DateOnly, d.Date); err != nil {
		wrong = wrong.With("date", "schedule.bad_date")
	}
	if !d.Kind.Valid() {
		wrong = wrong.With("kind", "schedule.bad_kind")
	}
	d.TitleRU = strings.Join(strings.Fields(strings.ToValidUTF8(d.TitleRU, "")), " ")
	if utf8.RuneCountInString(d.TitleRU) > MaxTitle {
		wrong = wrong.With("title", "user.too_long", fault.Args{"max": MaxTitle})
	}
	d.TitleEN = d.TitleRU
	return wrong.OrNil()
}
