package demo

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"voronka/internal/app"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/portal"
	"voronka/internal/org/setup"
	"voronka/internal/org/user"
	"voronka/internal/org/worktime"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/intake"
)

// Password is what everybody in the demo logs in with.
const Password = "voronka-demo-2026"

// Director is whom one signs in as to see everything in the demo.
const Director = boxOwner + "@demo.local"

// manager is how a person answers offers.
type manager struct {
	diligence float64       // how many of the offers in working hours he answers in time, 0 to 1
	typical   time.Duration // how long he usually takes
	head      bool          // answers sooner or later whatever the hour
}

// answer says whether a person takes what he is offered, and after how long. At night few do.
func (m manager) answer(r *rand.Rand, offered, due clock.Instant) (time.Duration, bool) {
	after := time.Duration(float64(m.typical) * math.Exp(r.NormFloat64()*0.7))
	takes := r.Float64() < m.diligence
	at := offered.In(moscow).Hour()
	switch {
	case m.head:
		for h := offered.Add(after).In(moscow).Hour(); h < 9 || h >= 20; h = offered.Add(after).In(moscow).Hour() {
			after += time.Hour
		}
		return after, true
	case at < 8 || at >= 21:
		takes = r.Float64() < 0.15
	}
	return after, takes && offered.Add(after) < due
}

// typically is how long a person takes to answer an offer, and whether he does so at all.
func (m manager) typically(r *rand.Rand) (time.Duration, bool) {
	after := time.Duration(float64(m.typical) * math.Exp(r.NormFloat64()*0.7))
	return after, m.head || r.Float64() < m.diligence
}

// moscow is the zone the team lives in.
var moscow = time.FixedZone("MSK", 3*3600)

// colleague is one of a company's people.
type colleague struct {
	name, box, position, department string
	zone                            string // "": the portal's
	role                            access.Role
	manager                         manager
}

// company is a portal to be made.
type company struct {
	portal      portal.Portal
	departments []setup.Department
	people      []colleague        // the first one is the administrator
	hours       *worktime.Schedule // nil: what every portal begins with
}

func replayCompany() company {
	p := portal.Default()
	p.Company = "Повтор"
	c := company{portal: p, departments: []setup.Department{{Title: "Продажи", Head: "head@demo.local"}}}
	c.people = append(c.people, colleague{name: "Админ", box: "admin", role: access.Admin},
		colleague{name: "Павел Орлов", box: "head", role: access.Head, department: "Продажи", manager: manager{head: true, typical: 40 * time.Minute}})
	for i, name := range []string{"Анна Белова", "Борис Громов", "Вера Исаева", "Глеб Котов", "Дина Ларина", "Егор Мишин"} {
		c.people = append(c.people, colleague{
			name: name, box: fmt.Sprintf("manager%d", i+1), role: access.Manager, department: "Продажи",
			manager: manager{diligence: 0.95 - 0.07*float64(i), typical: time.Duration(3+2*i) * time.Minute},
		})
	}
	return c
}

// crew are the people of a company in its portal.
type crew struct {
	company company
	ids     map[string]int64 // by box
}

// hire does the first run of a portal: company, departments, people who all have the same password.
func hire(ctx context.Context, a *app.App, c company) (*crew, error) {
	ctx = because(ctx)
	first := c.people[0]
	plan := setup.Plan{Portal: c.portal, WorkTime: c.hours, Name: first.name, Email: first.box + "@demo.local", Password: Password}
	for _, d := range c.departments { // heads are named when they are there
		d.Head = ""
		plan.Departments = append(plan.Departments, d)
	}
	done, err := a.Setup.Init(ctx, plan)
	if err != nil {
		return nil, fmt.Errorf("first run: %w", err)
	}
	w := &crew{company: c, ids: map[string]int64{first.box: done.Admin.ID}}
	return w, w.join(ctx, a)
}

func (w *crew) join(ctx context.Context, a *app.App) error {
	hash, err := a.Users.Hasher.Hash(ctx, Password)
	if err != nil {
		return err
	}
	org, err := a.Org.Last(ctx)
	if err != nil {
		return err
	}
	departments := map[string]int64{}
	for _, d := range org.Departments() {
		departments[d.Title] = d.ID
	}
	return a.Org.Do(ctx, func(t tx.Tx) error {
		if err := a.Org.LockOrg(t); err != nil {
			return err
		}
		for _, p := range w.company.people[1:] {
			u, err := a.Users.AddIn(t, user.Draft{Name: p.name, Email: p.box + "@demo.local", Role: p.role, Position: p.position, DepartmentID: departments[p.department], Zone: p.zone}, hash)
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			w.ids[p.box] = u.ID
		}
		for _, d := range w.company.departments {
			for box, id := range w.ids {
				if d.Head == box+"@demo.local" {
					if err := a.Departments.SetHeadIn(t, departments[d.Title], id); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

// managers are how people answer, by number.
func (w *crew) managers() map[int64]manager {
	team := map[int64]manager{}
	for _, p := range w.company.people {
		team[w.ids[p.box]] = p.manager
	}
	return team
}

// who is a person as rights see him.
func (w *crew) who(ctx context.Context, a *app.App, box string) (access.Who, error) {
	org, err := a.Org.Last(ctx)
	if err != nil {
		return access.Who{}, err
	}
	who, ok := org.Who(w.ids[box])
	if !ok {
		return access.Who{}, fmt.Errorf("demo: nobody is %q", box)
	}
	return who, nil
}

// door makes a drum of all who answer offers, the head apart, and an intake key that leads to it.
func (w *crew) door(ctx context.Context, a *app.App, title string, take time.Duration) (*intake.Key, error) {
	admin, err := w.who(ctx, a, w.company.people[0].box)
	if err != nil {
		return nil, err
	}
	var members []drum.Member
	var head int64
	for _, p := range w.company.people {
		switch {
		case p.manager.head:
			head = w.ids[p.box]
		case p.manager.diligence > 0:
			members = append(members, drum.Member{UserID: w.ids[p.box], Active: true})
		}
	}
	ctx = because(ctx)
	hours := drum.AlwaysHours
	id, err := a.Drums.Create(ctx, admin, drum.Patch{Title: &title, Take: &take, HeadID: &head, Members: &members, Hours: &hours})
	if err != nil {
		return nil, err
	}
	source, channel := "site", "form"
	return a.Intake.CreateKey(ctx, admin, intake.KeyPatch{Title: &title, Channel: &channel, Source: &source, DrumID: &id})
}
