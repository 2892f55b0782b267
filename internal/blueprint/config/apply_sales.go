package config

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/org/worktime"
	"voronka/internal/sales/drum"
	"voronka/internal/sales/form"
	"voronka/internal/sales/intake"
	"voronka/internal/sales/routing"
)

func (a *applying) drums() error {
	if a.choice.NoDrums {
		return nil
	}
	there, err := a.Lists.DrumsIn(a.t)
	if err != nil {
		return err
	}
	taken, err := a.Drums.Store.DrumCodes(a.t)
	if err != nil {
		return err
	}
	for _, x := range a.doc.Drums {
		if err := a.drum(x, there, taken); err != nil {
			return at(err, "drum", x.Code)
		}
	}
	if there, err = a.Lists.DrumsIn(a.t); err != nil {
		return err
	}
	a.drumID = map[string]int64{}
	for _, d := range there {
		a.drumID[d.Code] = d.ID
	}
	return nil
}

func (a *applying) drum(x Drum, list []*drum.Drum, taken map[string]bool) error {
	var there *drum.Drum
	for _, d := range list {
		if d.Code == x.Code {
			there = d
		}
	}
	patch, err := a.drumPatch(x, there == nil)
	if err != nil {
		return err
	}
	if there == nil {
		if err := free(x.Code, taken); err != nil {
			return err
		}
		patch.Code = &x.Code
		_, err := a.Drums.CreateIn(a.t, patch)
		return err
	}
	locked, err := a.Drums.Store.LockDrum(a.t, there.ID)
	if err != nil {
		return err
	}
	return a.Drums.ChangeIn(a.t, locked, patch, a.who)
}

func (a *applying) drumPatch(x Drum, fresh bool) (p drum.Patch, err error) {
	title, take := x.Title.In(a.lang()), time.Duration(x.Take)
	if fresh && a.choice.Take > 0 {
		take = time.Duration(a.choice.Take)
	}
	p = drum.Patch{Title: &title, Take: &take, MissesToHead: &x.Misses, Cap: &x.Cap, Former: &x.Former, NeedDay: &x.NeedDay, Stopped: &x.Stopped}
	for _, s := range []struct {
		to   **string
		text string
	}{{&p.Who, x.Who}, {&p.Order, x.Order}, {&p.HeadBecomes, x.HeadBecomes}, {&p.Hours, x.Clock}} {
		if s.text != "" {
			*s.to = &s.text
		}
	}
	if x.Taken != nil {
		p.Taken = &x.Taken
	}
	head, stageID, department := a.named("drum", x.Code, x.Head), int64(0), int64(0)
	if x.TakeStage != "" {
		s := a.stageAt(x.TakeStage)
		if s == 0 {
			return p, fault.In("take_stage", "stage.not_found")
		}
		stageID = s
	}
	if x.Department != "" {
		if department = a.department(x.Department); department == 0 {
			a.miss("drum", x.Code, x.Department)
			if x.Who == drum.Department { // it waits for people to be named
				who := drum.Named
				p.Who = &who
			}
		}
	}
	p.HeadID, p.TakeStageID, p.DepartmentID = &head, &stageID, &department
	sources := []drum.Portion{}
	for _, s := range x.Sources {
		sources = append(sources, drum.Portion(s))
	}
	p.Sources = &sources
	p.Schedule = &worktime.Schedule{}
	if x.Hours != nil {
		if p.Schedule, err = x.Hours.schedule(a.org.Portal.Zone); err != nil {
			return p, fault.In("hours", "drum.bad_schedule")
		}
	}
	if members := a.members(x); fresh || !x.Invited {
		p.Members = &members
	}
	return p, nil
}

func (a *applying) stageAt(path string) int64 {
	if s := a.names.stage(path); s != nil {
		return s.ID
	}
	return 0
}

// named is the person of an address; one who isn't here is told and left out.
func (a *applying) named(what, code, email string) int64 {
	if email == "" {
		return 0
	}
	id := a.person(email)
	if id == 0 {
		a.miss(what, code, email)
	}
	return id
}

func (a *applying) members(x Drum) []drum.Member {
	list := []drum.Member{}
	for _, m := range x.Members {
		if id := a.named("drum", x.Code, m.Person); id != 0 {
			list = append(list, drum.Member{UserID: id, Active: !m.Passed, Weight: m.Weight, Cap: m.Cap})
		}
	}
	if x.Invited {
		for _, id := range a.invited() {
			list = append(list, drum.Member{UserID: id, Active: true})
		}
	}
	return list
}

// invited are the managers, or everybody who may work when there are none.
func (a *applying) invited() []int64 {
	var managers, all []int64
	for _, u := range a.org.Users() {
		switch {
		case !u.Active || u.Role == access.Guest:
			continue
		case u.Role == access.Manager:
			managers = append(managers, u.ID)
		}
		all = append(all, u.ID)
	}
	if len(managers) == 0 {
		managers = all
	}
	slices.Sort(managers)
	return managers
}

func (a *applying) forms() error {
	there, err := a.Lists.KeysIn(a.t)
	if err != nil {
		return err
	}
	taken, err := a.Intake.Store.KeyCodes(a.t)
	if err != nil {
		return err
	}
	for _, x := range a.doc.Forms {
		if err := a.form(x, there, taken); err != nil {
			return at(err, "form", x.Code)
		}
	}
	return nil
}

func (a *applying) form(x Form, list []*intake.Key, taken map[string]bool) error {
	title, open := x.Title.In(a.lang()), !x.Closed
	patch := intake.KeyPatch{Title: &title, Source: &x.Source, Lang: &x.Language, Active: &open}
	if x.Channel != "" {
		patch.Channel = &x.Channel
	}
	var pipelineID, responsible int64
	drumID, known := a.drumID[x.Drum]
	if x.Drum != "" && !known && !a.choice.NoDrums {
		return fault.In("drum", "drum.not_found")
	}
	if x.Pipeline != "" {
		p := a.names.pipeline(x.Pipeline)
		if p == nil {
			return fault.In("pipeline", "pipeline.not_found")
		}
		pipelineID = p.ID
	}
	responsible = a.named("form", x.Code, x.Responsible)
	patch.PipelineID, patch.DrumID, patch.ResponsibleID = &pipelineID, &drumID, &responsible
	if x.Form != nil {
		options, err := optionsOf(x.Form)
		if err != nil {
			return fault.In("form", "blueprint.unreadable", fault.Args{"detail": err.Error()})
		}
		patch.Form = options
	}
	for _, k := range list {
		if k.Code == x.Code {
			_, err := a.Intake.ChangeKey(a.ctx, a.who, k.ID, patch)
			return err
		}
	}
	if err := free(x.Code, taken); err != nil {
		return err
	}
	patch.Code = &x.Code
	_, err := a.Intake.CreateKey(a.ctx, a.who, patch)
	return err
}

// optionsOf reads the options of a form strictly.
func optionsOf(x map[string]any) (*form.Options, error) {
	b, err := json.Marshal(x)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	o := &form.Options{}
	return o, d.Decode(o)
}

func (a *applying) rules() error {
	if a.choice.NoDrums {
		return nil
	}
	now, err := a.Routing.Store.Rules(a.t)
	if err != nil {
		return err
	}
	for _, x := range a.doc.Rules {
		if err := a.rule(x, now.List); err != nil {
			return at(err, "rule", x.Code)
		}
	}
	return a.ruleOrder()
}

func (a *applying) rule(x Rule, list []routing.Rule) error {
	target, missing := a.target(x.To)
	if missing != "" {
		a.miss("rule", x.Code, missing)
		return nil
	}
	title, on := x.Title.In(a.lang()), !x.Off
	patch := routing.Patch{Title: &title, Active: &on, Target: &target}
	if x.Code == routing.DefaultCode {
		return a.Routing.ChangeLastIn(a.t, patch)
	}
	if target.Kind == routing.ToDoor {
		return fault.In("to", "routing.bad_target")
	}
	if strings.HasPrefix(x.When, "{") { // it was broken when it was written down
		a.miss("rule", x.Code, x.When)
		return nil
	}
	var err error
	if x.When != "" {
		if patch.When, err = json.Marshal(x.When); err != nil {
			return err
		}
	}
	for _, r := range list {
		if r.Code == x.Code {
			return a.Routing.Change(a.ctx, a.who, r.ID, patch)
		}
	}
	taken, err := a.Routing.Store.RuleCodes(a.t)
	if err != nil {
		return err
	}
	if err := free(x.Code, taken); err != nil {
		return err
	}
	patch.Code = &x.Code
	_, err = a.Routing.CreateIn(a.t, patch)
	return err
}

// target is who a rule gives to, or the name of who isn't here.
func (a *applying) target(x Target) (to routing.Target, missing string) {
	switch {
	case x.Person != "":
		to, missing = routing.Target{Kind: routing.ToPerson, ID: a.person(x.Person)}, x.Person
	case x.Drum != "":
		to, missing = routing.Target{Kind: routing.ToDrum, ID: a.drumID[x.Drum]}, x.Drum
	case x.Department != "":
		to, missing = routing.Target{Kind: routing.ToDepartment, ID: a.department(x.Department), Way: x.Way}, x.Department
	default:
		return routing.Target{Kind: routing.ToDoor}, ""
	}
	if to.ID != 0 {
		missing = ""
	}
	return to, missing
}

// ruleOrder puts the document's rules first, in its order.
func (a *applying) ruleOrder() error {
	now, err := a.Routing.Store.Rules(a.t)
	if err != nil || len(a.doc.Rules) == 0 {
		return err
	}
	place := map[string]int{}
	for i, x := range a.doc.Rules {
		place[x.Code] = i + 1
	}
	var own []routing.Rule
	for _, r := range now.List {
		if !r.Fallback {
			own = append(own, r)
		}
	}
	rank := func(r routing.Rule) int {
		if p := place[r.Code]; p != 0 {
			return p
		}
		return len(place) + 1
	}
	if slices.IsSortedFunc(own, func(x, y routing.Rule) int { return rank(x) - rank(y) }) {
		return nil
	}
	slices.SortStableFunc(own, func(x, y routing.Rule) int { return rank(x) - rank(y) })
	var ids []int64
	for _, r := range own {
		ids = append(ids, r.ID)
	}
	return a.Routing.Reorder(a.ctx, a.who, ids)
}
