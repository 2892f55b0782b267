package orgapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/org/portal"
	"voronka/internal/org/worktime"
)

// Portal are the settings of the installation.
type Portal struct {
	Company      string   `json:"company"`
	Language     string   `json:"language" enum:"ru,en"`
	Zone         string   `json:"zone"`
	Currency     string   `json:"currency" doc:"ISO 4217; sums are compared in it"`
	Simple       bool     `json:"simple" doc:"Requests become deals at once, there are no leads"`
	Region       string   `json:"region" doc:"ISO 3166, of phone numbers without a country code"`
	WorkTime     WorkTime `json:"worktime"`
	SecondFactor string   `json:"second_factor" enum:"nobody,admins,all" doc:"Of whom signing in demands a second factor"`
	Demo         bool     `json:"demo,omitempty" doc:"A made-up company that can be looked at with the eyes of its people"`
}

// WorkTime is a week of working intervals, 09:00-18:00, and dates that differ from it.
type WorkTime struct {
	Zone  string              `json:"zone,omitempty"`
	Week  map[string][]string `json:"week" doc:"By mon, tue, wed, thu, fri, sat, sun"`
	Dates map[string][]string `json:"dates,omitempty" doc:"By date; an empty list is a day off"`
}

func workTime(s *worktime.Schedule) (w WorkTime, err error) {
	b, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(b, &w)
	}
	if err != nil {
		err = fmt.Errorf("working time: %w", err)
	}
	return w, err
}

// schedule reads working time; without a zone it is in the portal's.
func (w *WorkTime) schedule(zone string) (*worktime.Schedule, error) {
	if w == nil {
		return nil, nil
	}
	in := *w
	if in.Zone == "" {
		in.Zone = zone
	}
	b, err := json.Marshal(in)
	if err != nil {
		return nil, fmt.Errorf("working time: %w", err)
	}
	var s worktime.Schedule
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, &fault.Error{Code: fault.Invalid, Key: "invalid", Err: err, Fields: []fault.Field{{Path: "worktime", Key: "portal.bad_worktime"}}}
	}
	return &s, nil
}

func portalOf(p portal.Portal, s *worktime.Schedule) (Portal, error) {
	w, err := workTime(s)
	return Portal{Company: p.Company, Language: p.Lang, Zone: p.Zone, Currency: p.Currency, Simple: p.Simple, Region: p.Region, WorkTime: w, SecondFactor: demand(p.SecondFactor)}, err
}

// PortalPatch is what shall change; what is left out stays.
type PortalPatch struct {
	Company      *string   `json:"company,omitempty"`
	Language     *string   `json:"language,omitempty"`
	Zone         *string   `json:"zone,omitempty"`
	Currency     *string   `json:"currency,omitempty" doc:"Can't change once there are records with amounts"`
	Simple       *bool     `json:"simple,omitempty"`
	Region       *string   `json:"region,omitempty"`
	WorkTime     *WorkTime `json:"worktime,omitempty"`
	SecondFactor *string   `json:"second_factor,omitempty" enum:"nobody,admins,all" doc:"For administrators"`
}

func demand(d portal.Demand) string {
	if d == portal.OfNobody {
		return "nobody"
	}
	return string(d)
}

func demanded(s *string) *portal.Demand {
	if s == nil {
		return nil
	}
	d := portal.Demand(*s)
	if *s == "nobody" {
		d = portal.OfNobody
	}
	return &d
}

func (d Deps) portalRoutes(r *httpapi.Router) {
	get := httpapi.Route(http.MethodGet, "/api/portal", httpapi.SignedIn, "portal", "Settings of the portal")
	get.Unfinished = true
	httpapi.Handle(r, get, d.getPortal)
	httpapi.Handle(r, httpapi.Route(http.MethodPatch, "/api/portal", httpapi.Area(access.Portal), "portal", "Change settings of the portal"), d.changePortal)
}

func (d Deps) getPortal(ctx context.Context, _ *struct{}) (*httpapi.Body[Portal], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	p, err := portalOf(dir.Portal, dir.WorkTime)
	if err != nil {
		return nil, err
	}
	p.Demo = d.Demo
	return httpapi.OK(p), nil
}

func (d Deps) changePortal(ctx context.Context, in *httpapi.Body[PortalPatch]) (*httpapi.Body[Portal], error) {
	dir, err := d.People.Last(ctx)
	if err != nil {
		return nil, err
	}
	b, zone := in.Body, dir.Portal.Zone
	if b.Zone != nil {
		zone = *b.Zone
	}
	if _, bad := worktime.Zone(zone); bad == nil && b.WorkTime == nil && zone != dir.Portal.Zone { // the hours move with the company
		now, err := workTime(dir.WorkTime)
		if err != nil {
			return nil, err
		}
		now.Zone = ""
		b.WorkTime = &now
	}
	schedule, err := b.WorkTime.schedule(zone)
	if err != nil {
		return nil, err
	}
	patch := portal.Patch{Company: b.Company, Lang: b.Language, Zone: b.Zone, Currency: b.Currency, Simple: b.Simple, Region: b.Region, WorkTime: schedule, SecondFactor: demanded(b.SecondFactor)}
	if _, err := d.Portal.Change(ctx, httpapi.Who(ctx), patch); err != nil {
		return nil, err
	}
	return d.getPortal(ctx, nil)
}
