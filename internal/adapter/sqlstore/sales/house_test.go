package salesstore_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	flowstore "voronka/internal/adapter/sqlstore/flow"
	"voronka/internal/adapter/sqlstore/jobs"
	orgstore "voronka/internal/adapter/sqlstore/org"
	recordstore "voronka/internal/adapter/sqlstore/record"
	salesstore "voronka/internal/adapter/sqlstore/sales"
	"voronka/internal/flow/deadline"
	"voronka/internal/flow/incident"
	"voronka/internal/flow/pipeline"
	"voronka/internal/flow/stage"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/attendance"
	"voronka/internal/org/directory"
	"voronka/internal/record/activity"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
	"voronka/internal/sales/client"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
)

// The people of every test: an administrator, a head and his four managers, of whom the last has left.
const (
	admin = iota + 1
	head
	anna
	boris
	vera
	gone
)

// house is a portal with everything a request passes.
type house struct {
	*testing.T
	d          *db.DB
	clock      *clock.Manual
	records    *record.Service
	schema     *recordstore.Store
	org        *orgstore.Store
	flow       *flowstore.Store
	sales      *salesstore.Store
	deadlines  *deadline.Service
	limits     *incident.StageLimits
	pipelines  *pipeline.Service
	stages     *stage.Service
	drums      *drum.Service
	intake     *intake.Service
	attendance *attendance.Service
	jobs       *jobs.Runner
}

// each runs f in a fresh house over each database.
func each(t *testing.T, f func(h *house)) {
	t.Helper()
	manual := clock.NewManual(time.Date(2026, 11, 19, 9, 0, 0, 0, time.UTC))
	start := manual.Now()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		manual.Set(start)
		f(newHouse(t, d, manual))
	}, func(o *db.Options) { o.Clock = manual })
}

func newHouse(t *testing.T, d *db.DB, manual *clock.Manual) *house {
	t.Helper()
	if err := recordstore.EnsureBuiltins(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	h := &house{T: t, d: d, clock: manual, schema: recordstore.New(d), org: orgstore.New(d)}
	h.people()
	h.records = record.New(h.schema, h.org, nil)
	h.flow, h.sales = flowstore.New(d, h.schema), salesstore.New(d, h.schema)
	h.deadlines = deadline.New(h.flow.DeadlineStore())
	incidents := &incident.Service{Store: h.flow.IncidentStore(), Org: h.org, Journal: h.schema}
	h.limits = &incident.StageLimits{Deadlines: h.deadlines, Hours: deadline.Wall{}, Incidents: incidents, Records: h.records, Lying: h.flow}
	h.pipelines = &pipeline.Service{Tx: d, Store: h.flow}
	h.stages = &stage.Service{Tx: d, Store: h.flow, Mover: stage.Through{Records: h.records}, Limits: h.limits.Changed}
	h.drums = &drum.Service{Tx: d, Store: h.sales, Records: h.records, Journal: h.schema, Org: h.org, Deadlines: h.deadlines, Incidents: incidents}
	h.attendance = &attendance.Service{Tx: h.org, Store: h.org, Org: h.org, Listeners: []attendance.Listener{recounting{h.deadlines}, h.drums}}
	h.drums.Presence = h.attendance
	h.intake = &intake.Service{Tx: d, Clock: manual, Store: h.sales, Records: h.records, Drums: h.drums, Clients: h.sales, Org: h.org, Journal: h.schema}
	h.deadlines.Hours = directory.Hours{Source: h.org}
	h.deadlines.On(deadline.Offer, h.drums.Missed)
	h.deadlines.OnMany(deadline.Offer, h.drums.MissedTogether)
	h.deadlines.GroupBy(deadline.Offer, h.drums.Group)
	h.deadlines.CountBy(deadline.Offer, h.drums.Due)
	h.deadlines.OnMoved(deadline.Offer, h.drums.Moved)
	h.deadlines.On(deadline.Stage, h.limits.Missed)
	for _, hook := range []record.Hook{&client.Hook{Store: h.sales}, &client.CompanyHook{Store: h.sales}, &activity.Steps{Store: h.schema}, h.limits, h.drums, intake.Follow{Records: h.records}} {
		h.records.Add(hook)
	}
	handlers := map[string]job.Handler{}
	for _, handler := range append(slices.Concat(h.drums.Jobs(), h.attendance.Jobs()), h.deadlines.Job(), h.deadlines.RecountJob(), h.limits.Job(), h.stages.Job()) {
		handlers[handler.Kind] = handler
	}
	h.jobs = jobs.NewRunner(d, handlers)
	return h
}

// recounting counts deadlines anew when hours change, as the program does.
type recounting struct{ *deadline.Service }

func (r recounting) HoursChanged(t tx.Tx, users []int64) error { return r.Recount(t, users) }
func (recounting) Away(tx.Tx, int64) error                     { return nil }
func (recounting) Back(tx.Tx, int64) error                     { return nil }

func (h *house) people() {
	h.Helper()
	h.do(0, func(t tx.Tx) error {
		q := db.Of(t)
		if _, err := q.Exec("INSERT INTO department (parent_id, title, head_id, pos, pos_end) VALUES (0, 'Продажи', ?, 1000, 1999)", head); err != nil {
			return err
		}
		for id, role := range map[int]access.Role{admin: access.Admin, head: access.Head, anna: access.Manager, boris: access.Manager, vera: access.Manager, gone: access.Manager} {
			if _, err := q.Exec(`INSERT INTO users (id, email, email_key, name, name_key, role, department_id, lang, zone, active, created_at)
				VALUES (?, ?, ?, ?, ?, ?, 1, 'ru', 'Europe/Moscow', ?, 0)`, id, fmt.Sprint(id), fmt.Sprint(id), fmt.Sprint(id), fmt.Sprint(id), string(role), id != gone); err != nil {
				return err
			}
		}
		return db.Bump(t, "org")
	})
}

// do runs a transaction of a person that must succeed.
func (h *house) do(user int64, f func(t tx.Tx) error) {
	h.Helper()
	if err := h.try(user, f); err != nil {
		h.Fatal(err)
	}
}

func (h *house) try(user int64, f func(t tx.Tx) error) error {
	return h.d.Do(h.as(user), f)
}

// as is the context of a person.
func (h *house) as(user int64) context.Context {
	return tx.WithActor(context.WithoutCancel(h.Context()), user)
}

func (h *house) who(id int64) access.Who {
	h.Helper()
	dir, err := h.org.Last(h.Context())
	if err != nil {
		h.Fatal(err)
	}
	w, ok := dir.Who(id)
	if !ok {
		h.Fatalf("nobody is %d", id)
	}
	return w
}

// run lets a while pass and does what has come due.
func (h *house) run(d time.Duration) {
	h.Helper()
	h.clock.Advance(d)
	if _, err := h.jobs.RunDue(h.Context()); err != nil {
		h.Fatal(err)
	}
}

// drum makes a drum of people who have half an hour each, round the clock.
func (h *house) drum(people ...int64) int64 {
	h.Helper()
	var members []drum.Member
	for _, id := range people {
		members = append(members, drum.Member{UserID: id, Active: true})
	}
	title, hours := "Продажи", drum.AlwaysHours
	id, err := h.drums.Create(h.as(admin), h.who(admin), drum.Patch{Title: &title, Members: &members, Hours: &hours})
	if err != nil {
		h.Fatal(err)
	}
	return id
}

// door makes an intake key of a drum (0: of nobody).
func (h *house) door(drumID int64) *intake.Key {
	h.Helper()
	title, source := "Сайт", "site"
	k, err := h.intake.CreateKey(h.as(admin), h.who(admin), intake.KeyPatch{Title: &title, Source: &source, DrumID: &drumID})
	if err != nil {
		h.Fatal(err)
	}
	return k
}

func (h *house) send(k *intake.Key, json string) intake.Answer {
	h.Helper()
	a, err := h.trySend(k, json)
	if err != nil {
		h.Fatalf("%s: %v", json, err)
	}
	return a
}

func (h *house) trySend(k *intake.Key, json string) (intake.Answer, error) {
	p, err := intake.ParseJSON([]byte(json))
	if err != nil {
		return intake.Answer{}, err
	}
	return h.intake.Accept(h.as(0), intake.Incoming{Key: k.Key, Payload: p})
}

func (h *house) load(r ref.Ref) *record.State {
	h.Helper()
	var s *record.State
	h.do(0, func(t tx.Tx) (err error) { s, err = h.records.Load(t, access.System(), r); return err })
	return s
}

// field is a value of a record in the API's shape.
func (h *house) field(r ref.Ref, code string) string {
	h.Helper()
	c := h.catalog()
	f := c.Type(r.Type).Field(code)
	return string(c.AppendJSON(nil, f, h.load(r).Get(f)))
}

func (h *house) catalog() (c *schema.Catalog) {
	h.Helper()
	h.do(0, func(t tx.Tx) (err error) { c, err = h.schema.Catalog(t); return err })
	return c
}

// open is the open offer of a record, nil when there is none.
func (h *house) open(r ref.Ref) (o *drum.Offer) {
	h.Helper()
	h.do(0, func(t tx.Tx) (err error) { o, err = h.sales.OpenOffer(t, r); return err })
	return o
}

func (h *house) int(sql string, args ...any) (n int64) {
	h.Helper()
	if err := h.d.Read(h.Context(), func(q db.Q) (err error) { n, err = db.Int(q, sql, args...); return err }); err != nil {
		h.Fatal(err)
	}
	return n
}

// kinds are the kinds of a record's journal in order.
func (h *house) kinds(r ref.Ref) (kinds []string) {
	h.Helper()
	if err := h.d.Read(h.Context(), func(q db.Q) error {
		kinds = nil
		return q.Query("SELECT j.kind FROM journal j JOIN record_type y ON y.id = j.type_id WHERE y.code = ? AND j.record_id = ? ORDER BY j.id", []any{r.Type, r.ID},
			func(row db.Row) error { kinds = append(kinds, row.Text(0)); return nil })
	}); err != nil {
		h.Fatal(err)
	}
	return kinds
}

// move takes a person out of his department.
func (h *house) move(t tx.Tx, person int64) error {
	if _, err := db.Of(t).Exec("UPDATE users SET department_id = 0 WHERE id = ?", person); err != nil {
		return err
	}
	return db.Bump(t, "org")
}
