package salesapi

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"voronka/internal/adapter/httpapi"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
	"voronka/internal/sales/intake"
	"voronka/internal/sales/routing"
)

// RoutingTarget is who a rule gives records to.
type RoutingTarget struct {
	Kind string `json:"kind" enum:"door,person,drum,department" doc:"door: the drum or person of the door the request came by, for the last rule only"`
	ID   *int64 `json:"id,omitempty" doc:"Of the person, drum or department"`
	Way  string `json:"way,omitempty" enum:"head,turn" doc:"To a department: its head, or its people in turn"`
}

// RoutingRule says who a record goes to.
type RoutingRule struct {
	ID       *int64          `json:"id" doc:"null: the last rule as every portal has it"`
	Code     string          `json:"code" doc:"Never changes"`
	Title    string          `json:"title"`
	Active   bool            `json:"active"`
	Fallback bool            `json:"fallback" doc:"The last rule, which catches whatever is left: it has no condition and can't be removed"`
	When     httpapi.RawJSON `json:"when" doc:"The condition as a tree; null of the last rule"`
	Text     string          `json:"text" doc:"The condition as text"`
	Target   RoutingTarget   `json:"target"`
	Problem  string          `json:"problem" doc:"Why the rule is passed over: broken, person_left, drum_gone, department_gone; empty when it isn't"`
}

// RoutingRulePatch is a new rule, or what shall change; what is left out stays.
type RoutingRulePatch struct {
	Code   *string          `json:"code,omitempty" doc:"Only of a new rule; made from the title when left out"`
	Title  *string          `json:"title,omitempty"`
	Active *bool            `json:"active,omitempty"`
	When   RoutingCondition `json:"when,omitempty" doc:"The condition as a tree, or its text as a string"`
	Target *RoutingTarget   `json:"target,omitempty"`
}

// RoutingCondition is a condition as a tree, or its text as a string.
type RoutingCondition struct{ json.RawMessage }

// Schema implements huma.SchemaProvider: an object or a string.
func (RoutingCondition) Schema(huma.Registry) *huma.Schema { return &huma.Schema{} }

func (p RoutingRulePatch) patch() routing.Patch {
	out := routing.Patch{Code: p.Code, Title: p.Title, Active: p.Active}
	if len(p.When.RawMessage) > 0 {
		out.When = p.When.RawMessage
	}
	if p.Target != nil {
		out.Target = &routing.Target{Kind: p.Target.Kind, Way: p.Target.Way}
		if p.Target.ID != nil {
			out.Target.ID = *p.Target.ID
		}
	}
	return out
}

func targetOf(t routing.Target) RoutingTarget {
	return RoutingTarget{Kind: t.Kind, ID: httpapi.OrNull(t.ID), Way: t.Way}
}

func ruleOf(r routing.Rule) RoutingRule {
	when := r.When
	if when == nil {
		when = json.RawMessage("null")
	}
	return RoutingRule{ID: httpapi.OrNull(r.ID), Code: r.Code, Title: r.Title, Active: r.Active, Fallback: r.Fallback, When: httpapi.RawJSON{RawMessage: when}, Target: targetOf(r.Target)}
}

func (d Deps) routingRoutes(r *httpapi.Router) {
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/routing-rules", httpapi.Member, "routing", "Routing rules in their order"), d.listRules)
	httpapi.Handle(r, httpapi.Route(http.MethodPost, "/api/routing-rules", httpapi.Area(access.Rules), "routing", "Make a rule; it comes last but one"), d.addRule)
	httpapi.Handle(r, httpapi.Route(http.MethodPatch, "/api/routing-rules/{id}", httpapi.Area(access.Rules), "routing", "Change a rule"), d.changeRule)
	httpapi.Handle(r, httpapi.Route(http.MethodDelete, "/api/routing-rules/{id}", httpapi.Area(access.Rules), "routing", "Remove a rule; records stay with whom they are"), d.removeRule)
	httpapi.Handle(r, httpapi.Route(http.MethodPut, "/api/routing-rules/order", httpapi.Area(access.Rules), "routing", "Put the rules in order"), d.orderRules)
	httpapi.Handle(r, httpapi.Route(http.MethodPatch, "/api/routing-rules/last", httpapi.Area(access.Rules), "routing", "Change who gets what no rule catches"), d.changeLastRule)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/routing-facts", httpapi.Member, "routing", "What rules may look at"), d.listFacts)
	test := httpapi.Route(http.MethodPost, "/api/routing-test", httpapi.Member, "routing", "Ask the rules about a record, a request, or one that might come; nothing happens")
	httpapi.Handle(r, test, d.testRouting)
	httpapi.Handle(r, httpapi.Route(http.MethodGet, "/api/routings/{type}/{id}", httpapi.Member, "routing", "How a lead or deal stands with the rules"), d.getRouting)
	httpapi.Handle(r, httpapi.Route(http.MethodPut, "/api/routings/{type}/{id}", httpapi.Member, "routing", "Fix who answers for a record, or let the rules decide again"), d.putRouting)
}

func (d Deps) allRules(ctx context.Context) (*httpapi.Body[httpapi.List[RoutingRule]], error) {
	shown, _, err := d.Routing.List(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]RoutingRule, len(shown))
	for i, one := range shown {
		list[i] = ruleOf(one.Rule)
		list[i].Problem = one.Problem
		if one.Tree != nil {
			list[i].Text = one.Tree.String()
		}
	}
	return httpapi.ListOf(list, ""), nil
}

func (d Deps) listRules(ctx context.Context, _ *struct{}) (*httpapi.Body[httpapi.List[RoutingRule]], error) {
	return d.allRules(ctx)
}

func (d Deps) oneRule(ctx context.Context, id int64) (*httpapi.Body[RoutingRule], error) {
	all, err := d.allRules(ctx)
	if err != nil {
		return nil, err
	}
	for _, one := range all.Body.Items {
		if one.ID != nil && *one.ID == id {
			return httpapi.OK(one), nil
		}
	}
	return nil, fault.New(fault.NotFound, "routing.no_such_rule")
}

func (d Deps) addRule(ctx context.Context, in *httpapi.Body[RoutingRulePatch]) (*httpapi.Body[RoutingRule], error) {
	id, err := d.Routing.Create(ctx, httpapi.Who(ctx), in.Body.patch())
	if err != nil {
		return nil, err
	}
	return d.oneRule(ctx, id)
}

type changeRuleIn struct {
	httpapi.ByID
	Body RoutingRulePatch
}

func (d Deps) changeRule(ctx context.Context, in *changeRuleIn) (*httpapi.Body[RoutingRule], error) {
	if err := d.Routing.Change(ctx, httpapi.Who(ctx), in.ID, in.Body.patch()); err != nil {
		return nil, err
	}
	return d.oneRule(ctx, in.ID)
}

func (d Deps) removeRule(ctx context.Context, in *httpapi.ByID) (*httpapi.Empty, error) {
	return nil, d.Routing.Remove(ctx, httpapi.Who(ctx), in.ID)
}

type orderRulesIn struct {
	Body struct {
		Rules []int64 `json:"rules" maxItems:"500" doc:"All rules but the last one in their new order"`
	}
}

func (d Deps) orderRules(ctx context.Context, in *orderRulesIn) (*httpapi.Body[httpapi.List[RoutingRule]], error) {
	if err := d.Routing.Reorder(ctx, httpapi.Who(ctx), in.Body.Rules); err != nil {
		return nil, err
	}
	return d.allRules(ctx)
}

func (d Deps) changeLastRule(ctx context.Context, in *httpapi.Body[RoutingRulePatch]) (*httpapi.Body[RoutingRule], error) {
	if err := d.Routing.ChangeLast(ctx, httpapi.Who(ctx), in.Body.patch()); err != nil {
		return nil, err
	}
	all, err := d.allRules(ctx)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(all.Body.Items[len(all.Body.Items)-1]), nil
}

// RoutingChoice is a value a fact may have.
type RoutingChoice struct {
	Code    string `json:"code"`
	TitleRU string `json:"title_ru"`
	TitleEN string `json:"title_en"`
}

// RoutingFact is something rules may look at.
type RoutingFact struct {
	Path     []string        `json:"path"`
	Group    string          `json:"group" doc:"request, record, lead, deal, client, contact or company"`
	TitleRU  string          `json:"title_ru"`
	TitleEN  string          `json:"title_en"`
	Kind     string          `json:"kind" doc:"As the language of conditions knows it"`
	Many     bool            `json:"many"`
	LinkType string          `json:"link_type,omitempty"`
	Values   []RoutingChoice `json:"values,omitempty"`
}

func (d Deps) listFacts(ctx context.Context, _ *struct{}) (*httpapi.Body[httpapi.List[RoutingFact]], error) {
	_, c, err := d.Routing.List(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := d.Requests.Keys(ctx)
	if err != nil {
		return nil, err
	}
	var list []RoutingFact
	for _, a := range routing.Asks(c.For(httpapi.Who(ctx))) {
		f := RoutingFact{Path: a.Path, Group: a.Group, TitleRU: a.TitleRU, TitleEN: a.TitleEN, Kind: string(a.Kind), Many: a.Many, LinkType: a.LinkType}
		for _, v := range a.Choices {
			f.Values = append(f.Values, RoutingChoice(v))
		}
		if a.Group == "request" {
			switch a.Path[1] {
			case "channel":
				for _, channel := range intake.Channels {
					f.Values = append(f.Values, RoutingChoice{channel, channel, channel})
				}
			case "key":
				for _, k := range keys {
					f.Values = append(f.Values, RoutingChoice{k.Code, k.Title, k.Title})
				}
			}
		}
		list = append(list, f)
	}
	return httpapi.ListOf(list, ""), nil
}

type testRoutingIn struct {
	Body struct {
		Record  string          `json:"record,omitempty" doc:"lead/5: a record as it stands"`
		Request int64           `json:"request,omitempty" doc:"A request that came, as if it came now"`
		Key     int64           `json:"key,omitempty" doc:"The door the request below would come by"`
		Payload *map[string]any `json:"payload,omitempty" doc:"A request that might come, as the door takes it"`
	}
}

// RoutingPart is a part of a condition and what came of it.
type RoutingPart struct {
	Op     string           `json:"op"`
	Path   []string         `json:"path,omitempty"`
	Node   *httpapi.RawJSON `json:"node,omitempty" doc:"A comparison as a tree"`
	Seen   *httpapi.RawJSON `json:"seen,omitempty" doc:"The value seen there; null for none"`
	Kind   string           `json:"kind,omitempty"`
	Hidden bool             `json:"hidden,omitempty" doc:"You may not see the record the value comes from"`
	Result string           `json:"result" enum:"true,false,null" doc:"null: unknown"`
	Args   []RoutingPart    `json:"args,omitempty"`
}

// RoutingStep is one rule and what came of it.
type RoutingStep struct {
	Rule   RoutingRule  `json:"rule"`
	Tried  bool         `json:"tried" doc:"false: a rule before it won"`
	Result string       `json:"result" enum:"true,false,null"`
	Passed string       `json:"passed" doc:"Why it was passed over: off, broken, person_left, person_away, drum_gone, department_gone, nobody"`
	Won    bool         `json:"won"`
	Why    *RoutingPart `json:"why,omitempty"`
}

// RoutingAnswer is what the rules say.
type RoutingAnswer struct {
	Rules       []RoutingStep `json:"rules"`
	Responsible *int64        `json:"responsible"`
	Drum        *int64        `json:"drum"`
	Department  *int64        `json:"department"`
	ClientType  string        `json:"client_type"`
	Client      *int64        `json:"client" doc:"Whom it was taken to be from"`
}

func (d Deps) testRouting(ctx context.Context, in *testRoutingIn) (*httpapi.Body[RoutingAnswer], error) {
	q, err := in.question()
	if err != nil {
		return nil, err
	}
	a, err := d.Intake.Ask(ctx, httpapi.Who(ctx), q)
	if err != nil {
		return nil, err
	}
	out := RoutingAnswer{
		Rules: make([]RoutingStep, len(a.Rules)), Responsible: httpapi.OrNull(a.UserID), Drum: httpapi.OrNull(a.DrumID), Department: httpapi.OrNull(a.DepartmentID),
		ClientType: a.Client.Type, Client: httpapi.OrNull(a.Client.ID),
	}
	for i, step := range a.Rules {
		out.Rules[i] = RoutingStep{Rule: ruleOf(step.Rule), Tried: step.Tried, Result: step.Result.String(), Passed: step.Passed, Won: step.Won}
		if step.Why != nil {
			part := partOf(*step.Why)
			out.Rules[i].Why = &part
		}
	}
	return httpapi.OK(out), nil
}

func (in *testRoutingIn) question() (q intake.Question, err error) {
	b := in.Body
	q = intake.Question{Request: b.Request, Key: b.Key}
	switch {
	case b.Record != "":
		if q.Record, err = ref.Parse(b.Record); err != nil {
			return q, fault.In("record", "input.bad")
		}
	case b.Request == 0:
		if b.Payload == nil {
			return q, fault.New(fault.Invalid, "intake.empty")
		}
		body, err := json.Marshal(b.Payload)
		if err != nil {
			return q, fault.Wrap(fault.Invalid, "intake.bad_json", err)
		}
		if q.Payload, err = intake.ParseJSON(body); err != nil {
			return q, err
		}
	}
	return q, nil
}

func partOf(p routing.Part) RoutingPart {
	out := RoutingPart{Op: string(p.Op), Path: p.Path, Kind: string(p.Kind), Hidden: p.Hidden, Result: p.Result.String()}
	if p.Node != nil {
		out.Node = &httpapi.RawJSON{RawMessage: p.Node}
	}
	if p.Seen != nil {
		out.Seen = &httpapi.RawJSON{RawMessage: p.Seen}
	}
	for _, arg := range p.Args {
		out.Args = append(out.Args, partOf(arg))
	}
	return out
}

// RoutingStanding is how a lead or deal stands with the rules.
type RoutingStanding struct {
	RoutedBy string       `json:"routed_by" enum:"rule,person" doc:"person: somebody fixed who answers for it, the rules leave it alone"`
	At       *time.Time   `json:"at"`
	User     *int64       `json:"user" doc:"Who fixed it"`
	Rule     *RoutingRule `json:"rule" doc:"Which rule gave it away; null: none did, or it is gone"`
}

// RoutingRef names a lead or deal.
type RoutingRef struct {
	Type string `path:"type" enum:"lead,deal"`
	ID   int64  `path:"id" minimum:"1"`
}

func (d Deps) getRouting(ctx context.Context, in *RoutingRef) (*httpapi.Body[RoutingStanding], error) {
	s, err := d.Standing.StandingOf(ctx, httpapi.Who(ctx), ref.Ref{Type: in.Type, ID: in.ID})
	if err != nil {
		return nil, err
	}
	out := RoutingStanding{RoutedBy: s.By, User: httpapi.OrNull(s.UserID)}
	if s.At != 0 {
		at := s.At.Time()
		out.At = &at
	}
	if s.Rule != nil {
		rule := ruleOf(*s.Rule)
		out.Rule = &rule
	}
	return httpapi.OK(out), nil
}

type putRoutingIn struct {
	RoutingRef
	Body struct {
		RoutedBy string `json:"routed_by" enum:"rule,person" doc:"rule: the rules decide again, at once"`
	}
}

func (d Deps) putRouting(ctx context.Context, in *putRoutingIn) (*httpapi.Body[RoutingStanding], error) {
	if err := d.Routing.Fix(ctx, httpapi.Who(ctx), ref.Ref{Type: in.Type, ID: in.ID}, in.Body.RoutedBy); err != nil {
		return nil, err
	}
	return d.getRouting(ctx, &in.RoutingRef)
}
