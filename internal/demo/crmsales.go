package demo

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"voronka/internal/app"
	"voronka/internal/config"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/portal"
	"voronka/internal/org/setup"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// CRMSales is the name of the set of data: a sales team's opportunities as Maven Analytics gives them out.
const CRMSales = "crm-sales"

// crmSalesFolder is where it lies beside the project when no folder is named.
const crmSalesFolder = "../shared/data/crm-sales"

// Dirt is what was wrong with a set of data and what was made of it.
type Dirt struct {
	Rows      int            `json:"rows"` // of opportunities
	Mended    map[string]int `json:"mended"`
	NoAccount int            `json:"no_account"`  // opportunities of nobody known: deals without a company
	NoDates   int            `json:"no_dates"`    // never engaged: they begin on the last day
	NoValue   int            `json:"no_value"`    // open ones: the price of the product stands for it
	IdleStaff int            `json:"idle_agents"` // agents without an opportunity
	Shifted   int            `json:"shifted_days"`
	Refused   []string       `json:"refused"` // rows nothing could be made of, with the reason; at most twenty
}

// table is a CSV file read by the names of its columns.
type table struct {
	columns map[string]int
	rows    [][]string
}

func (t table) get(row []string, column string) string {
	if i, ok := t.columns[column]; ok && i < len(row) {
		return strings.TrimSpace(row[i])
	}
	return ""
}

func readTable(path string, wanted ...string) (t table, err error) {
	f, err := os.Open(path)
	if err != nil {
		return t, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	head, err := r.Read()
	if err != nil {
		return t, fmt.Errorf("%s: %w", path, err)
	}
	t.columns = map[string]int{}
	for i, name := range head {
		t.columns[strings.TrimPrefix(strings.TrimSpace(name), "\ufeff")] = i
	}
	for _, name := range wanted {
		if _, ok := t.columns[name]; !ok {
			return t, fmt.Errorf("%s: there is no column %q", path, name)
		}
	}
	for {
		row, err := r.Read()
		if err == io.EOF {
			return t, nil
		}
		if err != nil {
			return t, fmt.Errorf("%s: %w", path, err)
		}
		t.rows = append(t.rows, row)
	}
}

// misspelt are the mistakes the data are known for.
var misspelt = map[string]string{"GTXPro": "GTX Pro", "technolgy": "technology", "Philipines": "Philippines"}

// SeedCRMSales builds a portal from the set of data in a folder ("" or its name: beside the project) instead of making a
// company up. Its dates are shifted by whole weeks so that the last one is just over.
func SeedCRMSales(ctx context.Context, c config.Config, folder string, o SeedOptions) (Portal, error) {
	began := time.Now()
	if folder == "" || folder == CRMSales {
		folder = crmSalesFolder
	}
	x := &crmSales{seeding: seeding{player: newPlayer(ctx, newRand(o.Seed), o.Now.AddDate(-3, 0, 0)), o: o, words: tongueOf("en"), now: clock.Of(o.Now), steps: map[ref.Ref]planned{}}}
	x.dirt.Mended = map[string]int{}
	if err := x.read(folder); err != nil {
		return Portal{}, err
	}
	var err error
	if x.app, err = app.New(ctx, c, app.WithClock(x.clock), app.WithoutDiskWaits(), app.WithLog(quietLog())); err != nil {
		return Portal{}, err
	}
	defer x.app.Close()
	x.ctx = tx.WithCause(ctx, event.Cause{Kind: "import", Code: "crm_sales", Title: "sales_pipeline.csv"})
	for _, part := range []func() error{x.setUp, x.companies, x.opportunities, x.play, x.finish} {
		if err := part(); err != nil {
			return Portal{}, err
		}
	}
	if o.Progress != nil {
		o.Progress(1)
	}
	p := x.made
	p.Password, p.Seconds, p.Dirt = Password, float64(time.Since(began).Milliseconds())/1000, &x.dirt
	for _, one := range x.crew.company.people {
		p.Logins = append(p.Logins, Login{one.name, one.box + "@demo.local", string(one.role), one.position, one.department})
	}
	return p, nil
}

// crmSales is one run of SeedCRMSales.
type crmSales struct {
	seeding
	accounts, products, pipeline, teams table
	price                               map[string]string // of a product
	agents                              map[string]int64
	firms                               map[string]int64
	shift                               time.Duration
	dirt                                Dirt
	best                                string // the agent with the most opportunities
}

func (x *crmSales) read(folder string) (err error) {
	for _, f := range []struct {
		to     *table
		name   string
		wanted []string
	}{
		{&x.accounts, "accounts.csv", []string{"account", "sector"}},
		{&x.products, "products.csv", []string{"product", "sales_price"}},
		{&x.teams, "sales_teams.csv", []string{"sales_agent", "manager", "regional_office"}},
		{&x.pipeline, "sales_pipeline.csv", []string{"opportunity_id", "sales_agent", "product", "account", "deal_stage", "engage_date", "close_date", "close_value"}},
	} {
		if *f.to, err = readTable(filepath.Join(folder, f.name), f.wanted...); err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("the set of data %s is not in %s: %w", CRMSales, folder, err)
			}
			return err
		}
	}
	x.price = map[string]string{}
	for _, row := range x.products.rows {
		x.price[x.clean(x.products.get(row, "product"))] = x.products.get(row, "sales_price")
	}
	var last time.Time
	for _, row := range x.pipeline.rows {
		for _, column := range []string{"engage_date", "close_date"} {
			if day, err := usDay(x.pipeline.get(row, column)); err == nil && day.After(last) {
				last = day
			}
		}
	}
	if last.IsZero() {
		return fmt.Errorf("%s: there is no date in it", folder)
	}
	weeks := int(x.o.Now.Add(-24*time.Hour).Sub(last).Hours()) / (24 * 7)
	x.shift, x.dirt.Shifted = time.Duration(weeks)*7*24*time.Hour, weeks*7
	x.clock.Set(clock.Of(last.AddDate(-2, 0, 0).Add(x.shift)))
	return nil
}

// usDay reads 10/20/2016.
func usDay(s string) (time.Time, error) {
	day, err := time.Parse("1/2/2006", s)
	if err != nil {
		day, err = time.Parse(time.DateOnly, s)
	}
	return day, err
}

// clean mends what is known to be misspelt, and counts it.
func (x *crmSales) clean(s string) string {
	good, ok := misspelt[s]
	if !ok {
		return s
	}
	x.dirt.Mended[s+" → "+good]++
	return good
}

// zones are where the offices are.
var zones = map[string]string{"Central": "America/Chicago", "East": "America/New_York", "West": "America/Los_Angeles"}

// setUp makes offices, teams under their managers, agents, and the fields of the data.
func (x *crmSales) setUp() (err error) {
	c := x.teamsOf()
	if x.crew, err = hire(x.ctx, x.app, c); err != nil {
		return err
	}
	x.agents = map[string]int64{}
	for _, p := range c.people {
		x.agents[p.name] = x.crew.ids[p.box]
	}
	if x.admin, err = x.crew.who(x.ctx, x.app, boxOwner); err != nil {
		return err
	}
	return x.dataFields()
}

func (x *crmSales) teamsOf() company {
	p := portal.Default()
	p.Company, p.Lang, p.Zone, p.Currency, p.Region = "CRM Sales", "en", "America/Chicago", "USD", "US"
	c := company{portal: p, people: []colleague{{name: "Olivia Owner", box: boxOwner, role: access.Admin, zone: p.Zone}}}
	taken := map[string]string{}
	box := func(name string) string {
		code := strings.ReplaceAll(strings.ToLower(name), " ", ".")
		taken[code] = name
		return code
	}
	for _, row := range x.teams.rows {
		agent, manager, office := x.teams.get(row, "sales_agent"), x.teams.get(row, "manager"), x.teams.get(row, "regional_office")
		if !slices.ContainsFunc(c.departments, func(d setup.Department) bool { return d.Title == office }) {
			c.departments = append(c.departments, setup.Department{Title: office})
		}
		team := "Team " + manager
		if !slices.ContainsFunc(c.departments, func(d setup.Department) bool { return d.Title == team }) {
			b := box(manager)
			c.departments = append(c.departments, setup.Department{Title: team, Parent: office, Head: b + "@demo.local"})
			c.people = append(c.people, colleague{name: manager, box: b, position: "Manager", department: team, role: access.Head, zone: zones[office]})
		}
		c.people = append(c.people, colleague{name: agent, box: box(agent), position: "Sales agent", department: team, role: access.Manager, zone: zones[office]})
	}
	return c
}

// dataFields adds what the data say of accounts and opportunities.
func (x *crmSales) dataFields() error {
	title := func(ru, en string) schema.Titles { return schema.Titles{RU: ru, EN: en} }
	product := schema.FieldSpec{Code: "product", Kind: schema.List, Title: title("Продукт", "Product")}
	for i, row := range x.products.rows {
		name := x.clean(x.products.get(row, "product"))
		product.Values = append(product.Values, schema.ValueSpec{Code: codeOf(name), Title: title(name, name), Color: int64(i%9 + 1)})
	}
	sector := schema.FieldSpec{Code: "sector", Kind: schema.List, Title: title("Отрасль", "Sector")}
	seen := map[string]bool{}
	for _, row := range x.accounts.rows {
		name := x.accounts.get(row, "sector")
		if good, ok := misspelt[name]; ok {
			name = good
		}
		if name != "" && !seen[name] {
			seen[name] = true
			sector.Values = append(sector.Values, schema.ValueSpec{Code: codeOf(name), Title: title(name, name), Color: int64(len(seen)%9 + 1)})
		}
	}
	for _, f := range []struct {
		recordType string
		spec       schema.FieldSpec
	}{
		{"deal", product},
		{"deal", schema.FieldSpec{Code: "opportunity", Kind: schema.Text, Title: title("Номер", "Opportunity"), Unique: true}},
		{"company", sector},
		{"company", schema.FieldSpec{Code: "employees", Kind: schema.Integer, Title: title("Сотрудников", "Employees")}},
		{"company", schema.FieldSpec{Code: "revenue", Kind: schema.Decimal, Scale: 2, Title: title("Выручка, млн", "Revenue, millions")}},
		{"company", schema.FieldSpec{Code: "founded", Kind: schema.Integer, Title: title("Основана", "Founded")}},
		{"company", schema.FieldSpec{Code: "parent", Kind: schema.Link, LinkType: "company", Title: title("Входит в", "Subsidiary of")}},
	} {
		if err := x.app.Types.AddField(x.ctx, x.admin, f.recordType, f.spec); err != nil {
			return fmt.Errorf("field %s: %w", f.spec.Code, err)
		}
	}
	return nil
}

func codeOf(s string) string {
	return strings.ReplaceAll(strings.ToLower(s), " ", "_")
}

// companies makes the accounts, those others belong to first.
func (x *crmSales) companies() (err error) {
	x.firms = map[string]int64{}
	for range 2 {
		for _, row := range x.accounts.rows {
			get := func(column string) string { return x.accounts.get(row, column) }
			name, parent := get("account"), get("subsidiary_of")
			if x.firms[name] != 0 || parent != "" && x.firms[parent] == 0 {
				continue
			}
			v := record.Values{"title": name, "address": x.clean(get("office_location"))}
			for field, column := range map[string]string{"employees": "employees", "revenue": "revenue", "founded": "year_established"} {
				if text := get(column); text != "" {
					v[field] = text
				}
			}
			if sector := x.clean(get("sector")); sector != "" {
				v["sector"] = codeOf(sector)
			}
			if parent != "" {
				v["parent"] = x.firms[parent]
			}
			if x.firms[name], err = x.create(x.admin.UserID, "company", v); err != nil {
				return fmt.Errorf("account %s: %w", name, err)
			}
		}
	}
	return nil
}

// opportunities puts every row on the line: the deal begins on the day it was engaged and ends on the day it was closed.
func (x *crmSales) opportunities() error {
	x.dirt.Rows = len(x.pipeline.rows)
	count := map[string]int{}
	for n, row := range x.pipeline.rows {
		get := func(column string) string { return x.pipeline.get(row, column) }
		agent := x.agents[get("sales_agent")]
		if agent == 0 {
			x.refuse(n, "nobody is called "+get("sales_agent"))
			continue
		}
		count[get("sales_agent")]++
		product := x.clean(get("product"))
		v := record.Values{"title": product, "opportunity": get("opportunity_id"), "product": codeOf(product), "stage": "new", "amount": get("close_value")}
		switch account := get("account"); {
		case x.firms[account] != 0:
			v["company"], v["title"] = x.firms[account], product+", "+account
		case account == "":
			x.dirt.NoAccount++
		default:
			x.refuse(n, "there is no account "+account)
			continue
		}
		if v["amount"] == "" {
			x.dirt.NoValue++
			v["amount"] = x.price[product]
		}
		begin, err := usDay(get("engage_date"))
		if err != nil {
			x.dirt.NoDates++
			begin = x.o.Now.Add(-x.shift).Truncate(24*time.Hour).AddDate(0, 0, -1-x.r.IntN(30))
		}
		end, closed := usDay(get("close_date"))
		stage := get("deal_stage")
		x.line.put(x.office(begin), func() error { return x.deal(agent, v, stage, end, closed == nil) })
	}
	for name, n := range count {
		if n > count[x.best] || n == count[x.best] && name < x.best {
			x.best = name
		}
	}
	x.dirt.IdleStaff = len(x.teams.rows) - len(count)
	return nil
}

func (x *crmSales) refuse(n int, why string) {
	if len(x.dirt.Refused) < 20 {
		x.dirt.Refused = append(x.dirt.Refused, fmt.Sprintf("row %d: %s", n+2, why))
	}
}

// office is a moment of a day in the office, moved to the present.
func (x *crmSales) office(day time.Time) clock.Instant {
	return clock.Of(day.Add(x.shift + 15*time.Hour + time.Duration(x.r.IntN(8*3600))*time.Second))
}

// deal is one opportunity: made, engaged, and closed on its day.
func (x *crmSales) deal(agent int64, v record.Values, stage string, end time.Time, closed bool) error {
	if stage != "Prospecting" {
		v["stage"] = "need"
	}
	id, err := x.create(agent, "deal", v)
	if err != nil {
		return err
	}
	x.made.Deals++
	if !closed || stage != "Won" && stage != "Lost" {
		return nil
	}
	change := record.Values{"stage": "won"}
	if stage == "Lost" {
		change = record.Values{"stage": "lost", "lost_reason": "other"}
	}
	x.line.put(max(x.office(end), x.clock.Now()), func() error { return x.change(agent, ref.Ref{Type: "deal", ID: id}, change) })
	return nil
}

// finish says of the portal what it is.
func (x *crmSales) finish() error {
	head := int64(0)
	for _, p := range x.crew.company.people {
		if p.role == access.Head {
			head = x.crew.ids[p.box]
			break
		}
	}
	return mark(x.ctx, x.app, Mark{Lang: "en", Seed: x.o.Seed, Set: CRMSales, Personas: map[string]int64{"owner": x.admin.UserID, "head": head, "manager": x.agents[x.best]}})
}
