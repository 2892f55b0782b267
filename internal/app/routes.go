package app

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"

	"voronka/internal/adapter/httpapi"
	accessjournalapi "voronka/internal/adapter/httpapi/accessjournal"
	blueprintapi "voronka/internal/adapter/httpapi/blueprint"
	flowapi "voronka/internal/adapter/httpapi/flow"
	insightapi "voronka/internal/adapter/httpapi/insight"
	"voronka/internal/adapter/httpapi/live"
	orgapi "voronka/internal/adapter/httpapi/org"
	recordapi "voronka/internal/adapter/httpapi/record"
	queryapi "voronka/internal/adapter/httpapi/recordquery"
	rightsapi "voronka/internal/adapter/httpapi/rights"
	salesapi "voronka/internal/adapter/httpapi/sales"
	"voronka/internal/adapter/httpapi/webui"
	"voronka/internal/adapter/intakeform"
	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/config"
	"voronka/internal/insight/figures"
	"voronka/internal/sales/form"
	"voronka/internal/sales/intake"
	"voronka/web"
)

// addRoutes opens all doors.
func (a *App) addRoutes() error {
	proxies, err := a.Config.Proxies()
	if err != nil {
		return err
	}
	o := httpapi.Options{
		Log: a.Log, Clock: a.clock, Version: config.FullVersion(), Auth: a.Sessions, SetupNeeded: a.setupNeeded(), PortalLang: a.portalLang, Ready: a.ready,
		Answers: answers{a.Answers}, Journal: httpapi.Journal{Tx: a.DB, Lines: a.Org}, TrustedProxies: proxies, MetricsToken: a.Config.MetricsToken, MaxBody: int64(a.Config.LimitBody),
		MaxUpload: int64(a.Config.LimitUpload), InFlight: a.Config.InFlight, RatePerSecond: a.Config.RatePerSecond, Timeout: a.Config.RequestTimeout,
	}
	if a.Config.BaseURL != "" {
		o.TrustedOrigins = []string{a.Config.BaseURL}
	}
	r := httpapi.New(o)
	a.Router = r
	orgapi.Routes(r, orgapi.Deps{Users: a.Users, Departments: a.Departments, Sessions: a.Sessions, Setup: a.Setup, Portal: a.Portal, People: a.Org, Secret: a.Org, Accounts: a.Accounts, Attendance: a.Attendance, HoursDB: a.Org, Clock: a.clock, OIDC: a.OIDC, Address: a.ownAddress, Demo: a.demo != nil})
	rightsapi.Routes(r, rightsapi.Deps{Roles: a.Roles, Sessions: a.Sessions, People: a.Org, Records: a.Query, Catalog: a.Schema.LastCatalog})
	accessjournalapi.Routes(r, accessjournalapi.Deps{Store: a.Org, Keeping: a.Keeping, Records: a.Figures, People: a.Org})
	queryapi.Routes(r, &queryapi.Handlers{Records: a.Query, Org: a.Org, Catalog: a.Schema.LastCatalog, Clock: a.clock, Saw: a.Views.Saw})
	recordapi.Routes(r, &recordapi.Handlers{
		Tx: a.Tx, Records: a.Records, Schema: a.Types, Files: a.Files, Bin: a.Bin, Rates: a.Rates, Clock: a.clock,
		Catalog: a.Schema.LastCatalog, Render: a.render, RenderIn: a.renderIn(), Find: a.find, Saw: a.Views.Saw, RatesOn: a.Schema.Rates,
	})
	insightapi.Routes(r, insightapi.Deps{
		Figures: a.Figures, Prices: &figures.Service{Tx: a.Tx, Store: a.Figures}, Records: a.Query, Catalog: a.Schema.LastCatalog, Org: a.Org, Clock: a.clock,
	})
	flowapi.Routes(r, flowapi.Deps{Pipelines: a.Pipelines, Stages: a.Stages, Schema: a.FlowDB, Incidents: a.FlowDB, Excuses: a.Incidents, Org: a.Org})
	salesapi.Routes(r, salesapi.Deps{Drums: a.Drums, Offers: a.SalesDB, Intake: a.Intake, Imports: a.Imports, Requests: a.SalesDB, Routing: a.Routing, Standing: a.SalesDB, People: a.Org, Clock: a.clock, Catalog: a.Schema.LastCatalog})
	blueprintapi.Routes(r, blueprintapi.Deps{Config: a.Blueprint, Addresses: a.addresses})
	a.addWork(r)
	a.addForms(r)
	live.Routes(r, a.Live)
	if a.demo != nil {
		a.demo(a, r)
	}
	if err := a.addPages(r); err != nil {
		return err
	}
	a.measure(r.Metrics())
	return nil
}

// addForms opens the hosted forms. They are shown in frames of other sites, and other sites post to them.
func (a *App) addForms(r *httpapi.Router) {
	page := &intakeform.Handler{
		Intake: a.Intake, Doors: a.SalesDB, Clock: a.clock, Lang: a.portalLang, Resolve: a.resolveForm, Log: a.Log,
		IP: func(req *http.Request) string { return httpapi.IP(req.Context()) },
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		httpapi.Raw(r, httpapi.Op{Method: method, Path: "/f/{key}", Access: httpapi.Public, Anywhere: true, PerMinute: 600}, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			httpapi.Embeddable(w, req)
			page.ServeHTTP(w, req)
		}))
	}
	for path, script := range map[string]http.Handler{"/f/form.js": intakeform.Script(), "/f/embed.js": intakeform.Snippet()} {
		httpapi.Raw(r, httpapi.Op{Method: http.MethodGet, Path: path, Access: httpapi.Public, Anywhere: true}, script)
	}
}

// resolveForm finds the fields of a form as the portal knows them now.
func (a *App) resolveForm(ctx context.Context, o form.Options) (*form.Form, error) {
	c, err := a.Schema.LastCatalog(ctx)
	if err != nil {
		return nil, err
	}
	org, err := a.Org.Last(ctx)
	if err != nil {
		return nil, err
	}
	return form.Resolve(o, c, intake.Main(org, c)), nil
}

func (a *App) addPages(r *httpapi.Router) error {
	files, built := web.FS()
	pages, err := webui.New(files, built, webui.Asking{Nonce: httpapi.Nonce, Lang: httpapi.Lang})
	if err != nil {
		return fmt.Errorf("the interface: %w", err)
	}
	httpapi.Pages(r, pages)
	return nil
}

// setupNeeded asks the database until the first run is through, and never again.
func (a *App) setupNeeded() func(context.Context) bool {
	var done atomic.Bool
	return func(ctx context.Context) bool {
		if done.Load() {
			return false
		}
		needed, err := a.Setup.Needed(ctx)
		if err == nil && !needed {
			done.Store(true)
		}
		return needed && err == nil
	}
}

func (a *App) portalLang(ctx context.Context) string {
	d, err := a.Org.Last(ctx)
	if err != nil {
		return ""
	}
	return d.Portal.Lang
}

// ready tells whether the database answers. Its tables are up to date since New.
func (a *App) ready(ctx context.Context) error {
	return a.DB.ReadLoose(ctx, func(q db.Q) error {
		_, err := db.Int(q, "SELECT n FROM version WHERE name = 'org'")
		return err
	})
}

// measure adds the figures that belong to no request.
func (a *App) measure(m prometheus.Registerer) {
	gauge := func(name, help string, f func() float64) {
		m.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, f))
	}
	gauge("voronka_live_streams", "Open live streams.", func() float64 { open, _, _ := a.Live.Readers(); return float64(open) })
	gauge("voronka_live_messages", "Messages given to live streams since the start.", func() float64 { _, spread, _ := a.Live.Readers(); return float64(spread) })
	gauge("voronka_live_dropped", "Live streams cut off because they were too slow.", func() float64 { _, _, dropped := a.Live.Readers(); return float64(dropped) })
	gauge("voronka_outbox_head", "Number of the last delivered event.", func() float64 { return float64(a.Pump.Head()) })
}
