// Package orgapi is the HTTP door of house org: the first run, signing in, one's own profile, people, departments, the
// settings of the portal, and when people work.
package orgapi

import (
	"context"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/page"
	"voronka/internal/org/account"
	"voronka/internal/org/attendance"
	"voronka/internal/org/department"
	"voronka/internal/org/directory"
	"voronka/internal/org/oidc"
	"voronka/internal/org/portal"
	"voronka/internal/org/session"
	"voronka/internal/org/setup"
	"voronka/internal/org/user"
)

// Deps are the use cases behind the routes.
type Deps struct {
	Users       *user.Service
	Departments *department.Service
	Sessions    *session.Service
	Setup       *setup.Service
	Portal      *portal.Service
	People      directory.Source
	Secret      user.Secret
	Accounts    *account.Service
	Attendance  *attendance.Service
	HoursDB     hoursReader
	Clock       clock.Clock
	OIDC        *oidc.Service
	// Address is how the portal is reached from outside, without a slash at the end; "" when nobody has said.
	Address func(ctx context.Context) string
	Demo    bool // a made-up company: pages offer to look with the eyes of its people
}

// Routes registers the routes of the house.
func Routes(r *httpapi.Router, d Deps) {
	d.setupRoutes(r)
	d.sessionRoutes(r)
	d.meRoutes(r)
	d.tokenRoutes(r)
	d.factorRoutes(r)
	d.accountRoutes(r)
	d.serviceRoutes(r)
	d.userRoutes(r)
	d.departmentRoutes(r)
	d.portalRoutes(r)
	d.scheduleRoutes(r)
	d.calendarRoutes(r)
	d.absenceRoutes(r)
	d.workingDayRoutes(r)
	d.oidcRoutes(r)
}

// Paging is the input of lists.
type Paging struct {
	Limit int    `query:"limit" minimum:"0" maximum:"500" doc:"items a page, 50 by default"`
	After string `query:"after" doc:"next of the page before"`
}

// cut gives one page of a list that lies in memory. The mark is the number of the last item shown; should it be gone, its
// place can't be told and the list is over.
func cut[T any](all []T, p Paging, id func(T) int64) (items []T, next string, err error) {
	start := 0
	if p.After != "" {
		var last int64
		if err := page.Decode(p.After, &last); err != nil {
			return nil, "", err
		}
		start = len(all)
		for i, item := range all {
			if id(item) == last {
				start = i + 1
				break
			}
		}
	}
	items = all[start:]
	if limit := page.Limit(p.Limit); len(items) > limit {
		items = items[:limit]
		next = page.Encode(id(items[limit-1]))
	}
	return items, next, nil
}

// from is where a request comes from.
func from(ctx context.Context, agent string) session.From {
	return session.From{IP: httpapi.IP(ctx), Agent: agent}
}
