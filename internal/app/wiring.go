package app

import (
	"path/filepath"
	"time"

	"voronka/internal/adapter/filestore"
	"voronka/internal/adapter/httpapi"
	"voronka/internal/adapter/httpapi/live"
	oidcclient "voronka/internal/adapter/oidc"
	flowstore "voronka/internal/adapter/sqlstore/flow"
	"voronka/internal/adapter/sqlstore/idempotency"
	insightstore "voronka/internal/adapter/sqlstore/insight"
	orgstore "voronka/internal/adapter/sqlstore/org"
	recordstore "voronka/internal/adapter/sqlstore/record"
	"voronka/internal/adapter/sqlstore/recordquery"
	salesstore "voronka/internal/adapter/sqlstore/sales"
	"voronka/internal/blueprint/business"
	blueprint "voronka/internal/blueprint/config"
	"voronka/internal/flow/deadline"
	"voronka/internal/flow/incident"
	"voronka/internal/flow/pipeline"
	"voronka/internal/flow/stage"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/accessjournal"
	"voronka/internal/org/account"
	"voronka/internal/org/attendance"
	"voronka/internal/org/department"
	"voronka/internal/org/directory"
	"voronka/internal/org/oidc"
	"voronka/internal/org/portal"
	"voronka/internal/org/role"
	"voronka/internal/org/session"
	"voronka/internal/org/setup"
	"voronka/internal/org/user"
	"voronka/internal/record/activity"
	"voronka/internal/record/bin"
	"voronka/internal/record/currency"
	"voronka/internal/record/file"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
	"voronka/internal/sales/client"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/imports"
	"voronka/internal/sales/intake"
	"voronka/internal/sales/routing"
)

// Rooms are the use cases of all houses, and the stores that are asked directly.
type Rooms struct {
	// org
	Org         *orgstore.Store
	Users       *user.Service
	Departments *department.Service
	Roles       *role.Service
	Sessions    *session.Service
	Setup       *setup.Service
	Accounts    *account.Service
	Portal      *portal.Service
	Attendance  *attendance.Service
	Views       *accessjournal.Views
	Keeping     *accessjournal.Keeping
	OIDC        *oidc.Service

	// record
	Schema   *recordstore.Store
	Records  *record.Service
	Query    *recordquery.Store
	Types    *schema.Admin
	Blobs    *filestore.Store
	Files    *file.Service
	Bin      *bin.List
	Rates    *currency.Service
	Tx       tx.Doer // how use cases write: a keyed request once
	Answers  *idempotency.Store
	FlowDB   *flowstore.Store
	SalesDB  *salesstore.Store
	Live     *live.Hub
	Deadline *deadline.Service

	// flow
	Pipelines *pipeline.Service
	Stages    *stage.Service
	Limits    *incident.StageLimits
	Incidents *incident.Service

	// sales
	Drums   *drum.Service
	Figures *insightstore.Store
	Routing *routing.Service
	Intake  *intake.Service
	Imports *imports.Service

	// blueprint
	Blueprint *blueprint.Service
}

// wire connects the rooms, the lower ones first.
func (a *App) wire() error {
	a.Answers = idempotency.New(a.DB)
	a.Tx = httpapi.Once(a.DB)
	a.wireOrg()
	if err := a.wireRecord(); err != nil {
		return err
	}
	a.wireFlow()
	a.wireSales()
	a.wireBlueprint()
	a.wireWork()
	a.Live = live.NewHub(missed{a.Pump, a.DB}, a.stageCode)
	return nil
}

func (a *App) wireOrg() {
	store, hasher := orgstore.New(a.DB), user.NewHasher()
	write := httpapi.Once(store)
	a.Org = store
	a.Sessions = session.New(write, store, store, hasher, a.clock)
	a.Users = &user.Service{Tx: write, Store: store, Sessions: a.Sessions, Restamp: store, Hasher: hasher}
	a.Roles = &role.Service{Tx: write, Store: store, Journal: store, Names: roleNames{a}}
	a.Accounts = &account.Service{Tx: write, Store: store, Users: a.Users, Sessions: a.Sessions, Roles: a.Roles, Letters: letters{a}, Clock: a.clock}
	a.Departments = &department.Service{Tx: write, Store: store, Restamp: store}
	a.Setup = &setup.Service{Tx: write, Store: store, Users: a.Users, Departments: a.Departments, Sessions: a.Sessions, Hasher: hasher, Guard: setup.NewGuard(a.clock)}
	a.Portal = &portal.Service{Tx: write, Store: store}
	a.Attendance = &attendance.Service{Tx: write, Store: store, Org: store}
	a.Views = accessjournal.NewViews(a.DB, store, a.clock, a.Log)
	a.OIDC = &oidc.Service{Tx: write, Store: store, Provider: &oidcclient.Provider{Clock: a.clock}, People: a.Users, Sessions: a.Sessions, Clock: a.clock}
	a.Keeping = &accessjournal.Keeping{Tx: httpapi.Once(a.DB), Store: store}
	a.Users.Deactivated = append(a.Users.Deactivated, a.Attendance)
	a.Users.Hours, a.Portal.Hours, a.Departments.Hours = a.Attendance.Changed, a.Attendance.Changed, a.Attendance.Changed
}

func (a *App) wireRecord() error {
	store := recordstore.New(a.DB)
	a.Schema, a.Query = store, recordquery.New(a.DB)
	a.Records = record.New(store, a.Org, nil)
	a.Types = &schema.Admin{Tx: a.Tx, Store: store}
	var err error
	if a.Blobs, err = filestore.New(filepath.Join(a.Config.Data, FilesDir)); err != nil {
		return err
	}
	a.Files = &file.Service{Tx: a.Tx, Store: store, Blobs: blobs{a.Blobs, int64(a.Config.LimitUpload)}}
	a.Bin = &bin.List{Store: store}
	a.Rates = &currency.Service{Store: store}
	a.Records.Add(&activity.Steps{Store: store})
	return nil
}

func (a *App) wireFlow() {
	a.FlowDB = flowstore.New(a.DB, a.Schema)
	a.Figures = insightstore.New(a.DB, a.Schema)
	a.Deadline = deadline.New(a.FlowDB.DeadlineStore())
	a.Deadline.Hours = directory.Hours{Source: a.Org}
	a.Attendance.Listeners = append(a.Attendance.Listeners, recounting{a.Deadline})
	a.Incidents = &incident.Service{Tx: a.Tx, Store: a.FlowDB.IncidentStore(), Org: a.Org, Journal: a.Schema}
	a.Limits = &incident.StageLimits{Deadlines: a.Deadline, Hours: directory.Hours{Source: a.Org}, Incidents: a.Incidents, Records: a.Records, Lying: a.FlowDB}
	a.Pipelines = &pipeline.Service{Tx: a.Tx, Store: a.FlowDB}
	a.Stages = &stage.Service{Tx: a.Tx, Store: a.FlowDB, Mover: stage.Through{Records: a.Records}, Limits: a.Limits.Changed}
	a.Deadline.On(deadline.Stage, a.Limits.Missed)
	a.Records.Add(a.Limits)
}

func (a *App) wireSales() {
	a.SalesDB = salesstore.New(a.DB, a.Schema)
	a.Drums = &drum.Service{Tx: a.Tx, Store: a.SalesDB, Records: a.Records, Journal: a.Schema, Org: a.Org, Deadlines: a.Deadline, Incidents: a.Incidents, Presence: a.Attendance}
	a.Routing = &routing.Service{Tx: a.Tx, Store: a.SalesDB, Records: a.Records, Drums: a.Drums, Org: a.Org, Journal: a.Schema, Incidents: a.Incidents, Presence: away{a.Attendance}}
	a.Intake = &intake.Service{
		Tx: a.Tx, Clock: a.clock, Store: a.SalesDB, Records: a.Records, Drums: a.Drums, Clients: a.SalesDB, Org: a.Org, Journal: a.Schema,
		Routing: a.Routing, Limiter: floods(a.Config.RatePerSecond),
	}
	a.Routing.Requests = a.Intake
	a.Imports = &imports.Service{
		Tx: a.Tx, Store: a.SalesDB, Reader: a.SalesDB, Files: a.Files, Contents: blobs{a.Blobs, imports.MaxFile}, Intake: a.Intake, Org: a.Org, Catalogs: a.Records,
	}
	a.Deadline.On(deadline.Offer, a.Drums.Missed)
	a.Attendance.Listeners = append(a.Attendance.Listeners, a.Drums)
	a.Deadline.OnMany(deadline.Offer, a.Drums.MissedTogether)
	a.Deadline.GroupBy(deadline.Offer, a.Drums.Group)
	a.Deadline.CountBy(deadline.Offer, a.Drums.Due)
	a.Deadline.OnMoved(deadline.Offer, a.Drums.Moved)
	for _, hook := range []record.Hook{&client.Hook{Store: a.SalesDB}, &client.CompanyHook{Store: a.SalesDB}, a.Drums, intake.Follow{Records: a.Records}, a.Routing} {
		a.Records.Add(hook)
	}
	a.Users.Deactivated = append(a.Users.Deactivated, a.Drums)
}

func (a *App) wireBlueprint() {
	a.Blueprint = &blueprint.Service{
		Tx: a.Tx, Org: a.Org, Lists: a.SalesDB, Portal: a.Portal, Types: a.Types, Pipelines: a.Pipelines, Stages: a.Stages, Drums: a.Drums, Intake: a.Intake,
		Routing: a.Routing,
	}
	a.Setup.Business = business.Ready{Config: a.Blueprint}
}

// floods lets one address send a burst of requests by one key, then one every few seconds: at the usual 50 requests a second
// of a person 60 and one every two seconds. Nobody's rate limits nothing: replays.
func floods(perSecond float64) *intake.Limiter {
	if perSecond <= 0 {
		return nil
	}
	scale := perSecond / 50
	return &intake.Limiter{Burst: max(1, int(60*scale)), Every: time.Duration(float64(2*time.Second) / scale)}
}
