package insightapi_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"voronka/internal/app"
	"voronka/internal/app/apptest"
	"voronka/internal/kernel/clock"
	"voronka/internal/org/access"
)

type page[T any] struct {
	Items []T
	Next  *string
}

type breach struct {
	ID        int64
	User      int64
	Kind      string
	KindTitle string `json:"kind_title"`
	Type      string
	Record    int64
	Title     string
	Excuse    *struct {
		By      int64
		Comment string
	}
}

type heat struct {
	Months []string
	People []struct {
		User, Total int64
		Cells       []int64
	}
	Totals []int64
	Kinds  []struct {
		Kind, Title string
		Count       int64
	}
}

type taken struct {
	Weeks, Months []struct {
		From          string
		Taken, Missed int64
		InTime        float64 `json:"in_time"`
	}
	People []struct {
		User, Taken, Missed int64
		InTime              float64 `json:"in_time"`
	}
}

type named struct {
	Type, Title string
	ID          int64
}

type turns struct {
	Count int
	Items []struct {
		Record  named
		User    int64
		Source  string
		Taken   bool
		Excused bool
		Minutes *float64
	}
}

type cost struct {
	Lost, Cost int64
	Sources    []struct {
		Source     string
		Lost, Cost int64
		Price      *int64
		Records    []named
	}
}

// office is a running program with a head over a department of two managers, one manager elsewhere, and a guest.
type office struct {
	*apptest.Server
	*testing.T
	clock *clock.Manual
	ids   map[string]int64
	token map[string]string
	drum  struct{ ID int64 }
	key   struct{ Key string }
	sales struct{ ID int64 }
}

// start is a Tuesday, ten in the morning in Moscow.
var start = time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)

func newOffice(t *testing.T, postgres bool) *office {
	o := &office{T: t, clock: clock.NewManual(start), ids: map[string]int64{}, token: map[string]string{}}
	o.Server = apptest.Start(t, apptest.Options{Postgres: postgres, App: []app.Option{app.WithClock(o.clock)}})
	for name, role := range map[string]access.Role{"Hanna": access.Head, "Anna": access.Manager, "Boris": access.Manager, "Viktor": access.Manager, "Gleb": access.Guest} {
		u, token := o.Person(name, role)
		o.ids[name], o.token[name] = u.ID, token
	}
	o.Must("POST", "/api/departments", map[string]any{"title": "Sales", "head": o.ids["Hanna"]}, &o.sales)
	for _, name := range []string{"Anna", "Boris"} {
		o.Must("PATCH", fmt.Sprintf("/api/users/%d", o.ids[name]), map[string]any{"department": o.sales.ID}, nil)
	}
	o.soon("the head leads", func() bool {
		var me struct{ Can map[string]bool }
		o.Must("GET", "/api/me", nil, &me, o.as("Hanna")...)
		return me.Can["reports"]
	})
	o.Must("POST", "/api/drums", map[string]any{"title": "Sales", "take_minutes": 30, "hours": "always", "members": []any{
		map[string]any{"user": o.ids["Anna"]}, map[string]any{"user": o.ids["Boris"], "active": true},
	}}, &o.drum)
	o.Must("POST", "/api/intake-keys", map[string]any{"title": "Site", "channel": "form", "drum": o.drum.ID, "source": "site"}, &o.key)
	return o
}

func (o *office) as(name string) []string {
	if name == "" {
		return nil
	}
	return []string{"Authorization", "Bearer " + o.token[name]}
}

func (o *office) soon(what string, f func() bool) {
	o.T.Helper()
	for range 400 {
		if f() {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	o.Fatal("in vain: " + what)
}

// offer is the one open offer of a person.
func (o *office) offer(name string) (id, record int64) {
	o.T.Helper()
	o.soon("an offer for "+name, func() bool {
		var list page[struct{ ID, Record int64 }]
		o.Must("GET", "/api/offers?mine=true", nil, &list, o.as(name)...)
		if len(list.Items) == 1 {
			id, record = list.Items[0].ID, list.Items[0].Record
		}
		return id != 0
	})
	return id, record
}

func (o *office) request(name string, phone int) {
	o.Must("POST", "/api/intake/"+o.key.Key, fmt.Sprintf(`{"name":%q,"phone":"+7912345%04d"}`, name, phone), nil, "Authorization", "")
}

func (o *office) take(name string) int64 {
	id, record := o.offer(name)
	o.Must("POST", fmt.Sprintf("/api/offers/%d/take", id), map[string]any{}, nil, o.as(name)...)
	return record
}

func get[T any](o *office, path, as string) (out T) {
	o.T.Helper()
	o.Must("GET", path, nil, &out, o.as(as)...)
	return out
}

// TestFigures: Anna misses, Boris takes and loses, everybody sees what is his to see, the head excuses.
func TestFigures(t *testing.T) {
	for name, postgres := range map[string]bool{"sqlite": false, "postgres": true} {
		t.Run(name, func(t *testing.T) { figures(t, newOffice(t, postgres)) })
	}
}

func figures(t *testing.T, o *office) {
	o.request("Ivan", 1)
	_, record := o.offer("Anna")
	o.clock.Advance(30 * time.Minute)
	o.offer("Boris")
	o.clock.Advance(10 * time.Minute)
	if got := o.take("Boris"); got != record {
		t.Fatalf("Boris took %d, Anna missed %d", got, record)
	}
	o.journal(record)
	o.shares(record)
	o.lost(record)
	o.excused()
	o.acrossTheNight()
	o.yesterday()
}

// TestRecordsOfOthersStayUnnamed: what Anna missed now lies with another department. Her miss stays hers, its record isn't.
func TestRecordsOfOthersStayUnnamed(t *testing.T) {
	for name, postgres := range map[string]bool{"sqlite": false, "postgres": true} {
		t.Run(name, func(t *testing.T) { unnamed(t, newOffice(t, postgres)) })
	}
}

func unnamed(t *testing.T, o *office) {
	o.request("Ivan", 1)
	_, record := o.offer("Anna")
	o.clock.Advance(30 * time.Minute)
	o.offer("Boris")
	o.take("Boris")
	path := fmt.Sprintf("/api/leads/%d", record)
	look := func(as string) (b breach, turn, lost named) {
		list := get[page[breach]](o, "/api/incidents", as)
		missed := get[turns](o, "/api/reports/turns?outcome=missed", as)
		c := get[cost](o, "/api/reports/cost", as)
		if len(list.Items) != 1 || len(missed.Items) != 1 || c.Lost != 1 || len(c.Sources[0].Records) != 1 {
			t.Fatalf("%s: %+v %+v %+v", as, list, missed, c)
		}
		return list.Items[0], named(missed.Items[0].Record), c.Sources[0].Records[0]
	}
	o.lose(record)
	o.Must("PATCH", path, map[string]any{"title": "Secret", "responsible": o.ids["Viktor"]}, nil)
	if status, body := o.Call("GET", path, nil, o.as("Anna")...); status != 404 {
		t.Fatalf("Anna still sees it: %d %s", status, body)
	}
	whole, bare := named{"lead", "Secret", record}, named{Type: "lead"}
	for as, want := range map[string]named{"": whole, "Hanna": bare, "Anna": bare} {
		b, turn, lost := look(as)
		if got := (named{b.Type, b.Title, b.Record}); got != want || turn != want || lost != want {
			t.Errorf("%q: %+v, %+v and %+v, want %+v", as, got, turn, lost, want)
		}
	}
	o.Must("PATCH", path, map[string]any{"observers": []int64{o.ids["Anna"]}}, nil)
	if b, turn, lost := look("Anna"); b.Title != "Secret" || b.Record != record || turn != whole || lost != whole {
		t.Errorf("Anna observes it: %+v %+v %+v", b, turn, lost)
	}
}

func (o *office) journal(record int64) {
	t := o.T
	for as, want := range map[string]int{"": 1, "Hanna": 1, "Anna": 1, "Boris": 0, "Viktor": 0} {
		list := get[page[breach]](o, "/api/incidents", as)
		h := get[heat](o, "/api/reports/incidents", as)
		if len(list.Items) != want || len(h.People) != want || len(h.Kinds) != want {
			t.Errorf("%s sees %+v and %+v", as, list, h)
			continue
		}
		if want == 0 {
			continue
		}
		title := "Ivan"
		if as == "Anna" { // it is Boris's now
			title = ""
		}
		if i := list.Items[0]; i.User != o.ids["Anna"] || i.Kind != "missed_offer" || i.KindTitle != "Missed offer" || i.Title != title || i.Excuse != nil {
			t.Errorf("%+v", i)
		}
		last := len(h.Months) - 1
		if len(h.Months) != 12 || h.Months[last] != "2026-11" || h.People[0].Cells[last] != 1 || h.People[0].Total != 1 || h.Totals[last] != 1 {
			t.Errorf("%+v", h)
		}
		// The accounts are of today: nobody was here before.
		if h.People[0].Cells[last-1] != -1 {
			t.Errorf("Anna wasn't here in October: %+v", h.People[0])
		}
	}
	for _, query := range []string{
		fmt.Sprintf("user=%d&from=2026-11-01&to=2026-11-30&kind=missed_offer&drum=%d&department=%d", o.ids["Anna"], o.drum.ID, o.sales.ID),
	} {
		if h, list := get[heat](o, "/api/reports/incidents?"+query, ""), get[page[breach]](o, "/api/incidents?"+query, ""); len(h.People) != 1 || len(list.Items) != 1 {
			t.Errorf("%s: %+v %+v", query, h, list)
		}
	}
	for _, query := range []string{"kind=stage_overdue", fmt.Sprintf("user=%d", o.ids["Boris"]), "from=2026-10-01&to=2026-10-31", "drum=999"} {
		if h, list := get[heat](o, "/api/reports/incidents?"+query, ""), get[page[breach]](o, "/api/incidents?"+query, ""); len(h.People) != 0 || len(list.Items) != 0 {
			t.Errorf("%s: %+v %+v", query, h, list)
		}
	}
	if h := get[heat](o, "/api/reports/incidents?kind=stage_overdue", ""); len(h.Kinds) != 1 || h.Kinds[0].Count != 1 || h.Kinds[0].Kind != "missed_offer" {
		t.Errorf("the tabs count every kind: %+v", h.Kinds)
	}
	for _, path := range []string{"incidents", "taken", "speed", "cost", "stages", "cohort", "turns", "cohort/records", "yesterday"} {
		if status, body := o.Call("GET", "/api/reports/"+path, nil, o.as("Gleb")...); status != 403 {
			t.Errorf("a guest reads %s: %d %s", path, status, body)
		}
		if status, body := o.Call("GET", "/api/reports/"+path+"?from=x&day=x", nil); status != 422 && path != "stages" {
			t.Errorf("%s of no day: %d %s", path, status, body)
		}
	}
	for path, want := range map[string]int{"/api/reports/yesterday": 403, "/api/lead-prices": 403, "/api/reports/incidents?from=2026-12-02&to=2026-12-01": 422, "/api/reports/incidents?department=77": 422, "/api/reports/cohort/records?source=nowhere": 422} {
		if status, body := o.Call("GET", path, nil, o.as("Boris")...); status != want {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}

func (o *office) shares(record int64) {
	t := o.T
	for as, want := range map[string][2]int64{"": {1, 1}, "Hanna": {1, 1}, "Anna": {0, 1}, "Boris": {1, 0}, "Viktor": {0, 0}} {
		var sum [2]int64
		for _, m := range get[taken](o, "/api/reports/taken", as).Months {
			sum[0], sum[1] = sum[0]+m.Taken, sum[1]+m.Missed
		}
		if sum != want || get[turns](o, "/api/reports/turns?outcome=counted", as).Count != int(want[0]+want[1]) {
			t.Errorf("%s: %v, want %v", as, sum, want)
		}
	}
	all := get[taken](o, "/api/reports/taken", "")
	if len(all.Weeks) != 1 || all.Weeks[0].From != "2026-11-23" || all.Weeks[0].InTime != .5 || len(all.People) != 2 || all.People[0].User != o.ids["Anna"] || all.People[1].InTime != 1 {
		t.Errorf("%+v", all)
	}
	list := get[turns](o, "/api/reports/turns?outcome=taken&hour=10&source=site", "Hanna")
	if len(list.Items) != 1 || list.Items[0].Record.ID != record || list.Items[0].Record.Title != "Ivan" || *list.Items[0].Minutes != 40 {
		t.Errorf("%+v", list)
	}
	speed := get[struct {
		All     struct{ Count, P50, P90 float64 }
		Hours   []struct{ Hour int }
		Sources []struct{ Source string }
		Would   []struct{ Minutes, Share float64 }
	}](o, "/api/reports/speed", "")
	if speed.All.Count != 1 || speed.All.P50 != 40 || speed.Hours[0].Hour != 10 || speed.Sources[0].Source != "site" || speed.Would[1].Share != 0 || speed.Would[2].Share != 1 {
		t.Errorf("%+v", speed)
	}
}

// lose closes a lead as lost.
func (o *office) lose(record int64) {
	var reasons page[struct{ Code string }]
	o.Must("GET", "/api/lost-reasons?type=lead", nil, &reasons)
	var pipelines page[struct{ Stages []struct{ Code, Kind string } }]
	o.Must("GET", "/api/pipelines?type=lead", nil, &pipelines)
	gone := ""
	for _, s := range pipelines.Items[0].Stages {
		if s.Kind == "lost" {
			gone = s.Code
		}
	}
	o.Must("PATCH", fmt.Sprintf("/api/leads/%d", record), map[string]any{"stage": gone, "lost_reason": reasons.Items[0].Code}, nil)
}

// lost loses the lead after Anna's miss and gives it a price.
func (o *office) lost(record int64) {
	t := o.T
	if c := get[cost](o, "/api/reports/cost", ""); c.Lost != 0 {
		t.Errorf("nothing is lost yet: %+v", c)
	}
	o.lose(record)
	if c := get[cost](o, "/api/reports/cost", ""); c.Lost != 1 || c.Cost != 0 || c.Sources[0].Price != nil || c.Sources[0].Source != "site" || c.Sources[0].Records[0].Title != "Ivan" {
		t.Errorf("%+v", c)
	}
	for as, want := range map[string]int{"Hanna": 403, "Boris": 403, "": 200} {
		if status, body := o.Call("PUT", "/api/lead-prices", map[string]any{"prices": map[string]int64{"site": 150_000}}, o.as(as)...); status != want {
			t.Errorf("%s sets a price: %d %s", as, status, body)
		}
	}
	if status, body := o.Call("PUT", "/api/lead-prices", map[string]any{"prices": map[string]int64{"site": -1}}); status != 422 {
		t.Errorf("a negative price: %d %s", status, body)
	}
	if c := get[cost](o, "/api/reports/cost", "Hanna"); c.Cost != 150_000 || *c.Sources[0].Price != 150_000 {
		t.Errorf("%+v", c)
	}
	if c := get[cost](o, "/api/reports/cost", "Boris"); c.Lost != 0 {
		t.Errorf("Boris missed nothing: %+v", c)
	}
}

func (o *office) excused() {
	t := o.T
	id := get[page[breach]](o, "/api/incidents", "").Items[0].ID
	path := fmt.Sprintf("/api/incidents/%d/excuse", id)
	why := map[string]any{"comment": "She was at a client's"}
	for as, want := range map[string]int{"Anna": 403, "Boris": 404, "Viktor": 404, "Gleb": 403} {
		if status, body := o.Call("PUT", path, why, o.as(as)...); status != want {
			t.Errorf("%s excuses: %d %s", as, status, body)
		}
	}
	if status, body := o.Call("PUT", path, map[string]any{"comment": strings.Repeat("x", 5000)}, o.as("Hanna")...); status != 422 {
		t.Errorf("a long story: %d %s", status, body)
	}
	o.Must("PUT", path, why, nil, o.as("Hanna")...)
	list := get[page[breach]](o, "/api/incidents", "Anna")
	if len(list.Items) != 1 || list.Items[0].Excuse == nil || list.Items[0].Excuse.By != o.ids["Hanna"] {
		t.Errorf("it stays in the list: %+v", list)
	}
	if h := get[heat](o, "/api/reports/incidents", ""); len(h.People) != 1 || h.People[0].Total != 0 || len(h.Kinds) != 0 || h.Totals[11] != 0 {
		t.Errorf("it is out of the table: %+v", h)
	}
	if all := get[taken](o, "/api/reports/taken", ""); all.Weeks[0].Missed != 0 || all.Weeks[0].InTime != 1 {
		t.Errorf("it is out of the shares: %+v", all)
	}
	if c := get[cost](o, "/api/reports/cost", ""); c.Lost != 0 {
		t.Errorf("it costs nothing: %+v", c)
	}
	o.Must("PUT", path, map[string]any{"comment": ""}, nil, o.as("Hanna")...)
	if h := get[heat](o, "/api/reports/incidents", ""); len(h.People) != 1 || h.People[0].Total != 1 {
		t.Errorf("the reason was taken back: %+v", h)
	}
}

// acrossTheNight: asked at ten to six, taken at twenty past nine: that is half an hour of work.
func (o *office) acrossTheNight() {
	o.Must("PATCH", fmt.Sprintf("/api/drums/%d", o.drum.ID), map[string]any{"take_minutes": 2000}, nil)
	o.clock.Advance(start.Add(7*time.Hour + 50*time.Minute).Sub(o.clock.Now().Time()))
	o.request("Olga", 2)
	o.clock.Advance(15*time.Hour + 30*time.Minute)
	record := o.take("Anna")
	list := get[turns](o, fmt.Sprintf("/api/reports/turns?outcome=taken&user=%d", o.ids["Anna"]), "")
	if len(list.Items) != 1 || list.Items[0].Record.ID != record || *list.Items[0].Minutes != 30 {
		o.Errorf("%+v", list)
	}
}

// yesterday was the Tuesday: two requests, one missed and lost.
func (o *office) yesterday() {
	t := o.T
	y := get[struct {
		Day, Type string
		Requests  []struct {
			Source, Pipeline string
			Count, Won, Lost int64
		}
		Taken struct{ Taken, Missed int64 }
		Cost  cost
		Stuck []struct {
			Type   string
			NoStep int64 `json:"no_step"`
		}
	}](o, "/api/reports/yesterday", "Hanna")
	if y.Day != "2026-11-24" || y.Type != "lead" || len(y.Requests) != 1 || y.Requests[0].Count != 2 || y.Requests[0].Lost != 1 || y.Requests[0].Source != "site" {
		t.Errorf("%+v", y)
	}
	if len(y.Stuck) != 1 || y.Stuck[0].Type != "lead" || y.Stuck[0].NoStep != 1 {
		t.Errorf("Anna's lead has no next step: %+v", y.Stuck)
	}
	if y.Taken.Taken != 1 || y.Taken.Missed != 1 || y.Cost.Cost != 150_000 {
		t.Errorf("%+v", y)
	}
	cohort := get[struct {
		Stages  []string
		Sources []struct {
			Source           string
			Count, Won, Lost int64
			Reached          []int64
		}
	}](o, "/api/reports/cohort?from=2026-11-24&to=2026-11-24", "Hanna")
	if len(cohort.Sources) != 1 || cohort.Sources[0].Count != 2 || cohort.Sources[0].Lost != 1 || cohort.Sources[0].Reached[0] != 2 {
		t.Errorf("%+v", cohort)
	}
	for query, want := range map[string]int{"source=site": 2, "source=-": 0, "outcome=lost": 1, "outcome=won": 0, "reached=" + cohort.Stages[0]: 2} {
		list := get[page[struct{ Title string }]](o, "/api/reports/cohort/records?from=2026-11-24&to=2026-11-24&"+query, "Hanna")
		if len(list.Items) != want {
			t.Errorf("%s: %+v", query, list)
		}
	}
	stages := get[struct {
		Cells []struct {
			Stage string
			User  *int64
			Count int64
		}
	}](o, "/api/reports/stages?type=lead", "Hanna")
	if len(stages.Cells) != 1 || *stages.Cells[0].User != o.ids["Anna"] || stages.Cells[0].Count != 1 {
		t.Errorf("%+v", stages)
	}
	if s := get[struct{ Cells []any }](o, "/api/reports/stages?type=lead", "Viktor"); len(s.Cells) != 0 {
		t.Errorf("Viktor sees %+v", s)
	}
}
