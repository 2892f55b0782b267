package routing

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"voronka/internal/expr"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/event"
	"voronka/internal/kernel/ref"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// catalog is the types every portal has.
func catalog() *schema.Catalog {
	parts := schema.Parts{Values: map[int64][]schema.Value{}, SetUp: true, Portal: schema.Portal{Currency: "RUB", Zone: "Europe/Moscow", Lang: "ru", Region: "RU"}}
	next := int64(0)
	id := func() int64 { next++; return next }
	for _, b := range schema.Builtins() {
		typ := b.Type
		typ.ID = id()
		parts.Types = append(parts.Types, &typ)
		for _, f := range b.Fields {
			f.ID, f.TypeID = id(), typ.ID
			parts.Fields = append(parts.Fields, &f)
			for _, v := range b.Values[f.Code] {
				v.ID = id()
				parts.Values[f.ID] = append(parts.Values[f.ID], v)
			}
		}
		for _, p := range b.Pipelines {
			p.ID, p.TypeID = id(), typ.ID
			stages := p.Stages
			p.Stages = nil
			parts.Pipelines = append(parts.Pipelines, &p)
			for i, s := range stages {
				stage := *s
				stage.ID, stage.PipelineID, stage.Sort = id(), p.ID, int64(i)
				parts.Stages = append(parts.Stages, &stage)
			}
		}
	}
	return schema.NewCatalog(parts)
}

// when is a condition as it is kept.
func when(t testing.TB, c *schema.Catalog, text string) json.RawMessage {
	t.Helper()
	tree, err := expr.Parse(text, Scheme(c))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	raw, err := tree.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// about is the facts of a request that became a lead with some values.
func about(t testing.TB, c *schema.Catalog, r *Request, v map[string]any) *Facts {
	t.Helper()
	typ := c.Type("lead")
	state := &record.State{Title: "Ромашка", Data: make([]schema.Datum, len(typ.Fields))}
	for code, value := range v {
		f := typ.Field(code)
		d, err := c.Parse(code, f, value, c.Portal)
		if err != nil {
			t.Fatal(err)
		}
		if f.Kind == schema.Money {
			d.Base = d.Int
		}
		state.Data[f.Pos] = d
	}
	return &Facts{
		t: standing{}, catalog: c, zone: time.UTC, request: r, seen: map[string]*value{},
		subject: Subject{Type: typ, State: func() (*record.State, error) { return state, nil }},
	}
}

func TestFacts(t *testing.T) {
	c := catalog()
	r := &Request{
		Channel: "form", Key: "site", Source: "ads", Text: "Нужен монтаж сигнализации в школе", Company: "ООО «Ёлка»", Phones: []string{"8 (912) 345-67-89"},
		Emails: []string{"Ivan+ad@Shop.ru"}, UTMSource: "yandex", Referrer: "https://ya.ru/x", More: map[string]any{"город": "Тверь", "budget": "1 200,5", "square": json.Number("340")},
	}
	f := about(t, c, r, map[string]any{"amount": "1500000.50", "source": "ads", "comment": "Срочно"})
	for text, want := range map[string]expr.Tri{
		`request.channel = "form" and request.key in ("site", "blog")`:            expr.True,
		`contains(request.text, "СИГНАЛИЗАЦИ")`:                                   expr.True,
		`contains(request.text, "видео") or contains(request.text, "монтаж")`:     expr.True,
		`starts with(request.company, "ооо «елка")`:                               expr.True,
		`starts with(request.phones, "+7912")`:                                    expr.True,
		`request.phone_country = "ru"`:                                            expr.True,
		`request.mail_domain in ("mail.ru", "gmail.com")`:                         expr.False,
		`request.emails = "ivan@shop.ru"`:                                         expr.True,
		`request.city in ("Тверь", "Калуга")`:                                     expr.True,
		`request.region = "Тверская"`:                                             expr.False,
		`contains(request.region, "твер")`:                                        expr.Null,
		`request.field.budget = "1 200,5"`:                                        expr.True,
		`request.number.budget > 1200 and request.number.square < 341`:            expr.True,
		`request.number.nothing > 1`:                                              expr.Null,
		`record.amount > 1000000`:                                                 expr.True,
		`record.amount in [2000000 .. 3000000]`:                                   expr.False,
		`record.source = "ads" and record.record_type = "lead"`:                   expr.True,
		`lead.comment = null`:                                                     expr.False,
		`deal.probability > 50`:                                                   expr.Null,
		`client.known`:                                                            expr.False,
		`client.company.title = "Ромашка"`:                                        expr.False,
		`contains(request.landing, "pribor")`:                                     expr.Null,
		`request.hour in [9 .. 18) and request.weekday in [1 .. 5]`:               expr.True,
		`is empty(record.phones) and starts with(request.referrer, "https://ya")`: expr.True,
	} {
		tree, err := expr.ParseJSON(when(t, c, text), Scheme(c))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		env := &expr.Env{Moment: expr.Moment{Now: f.t.Now(), Zone: time.UTC}, Record: f}
		if got := expr.Compile(tree)(env); got != want || f.err != nil {
			t.Errorf("%s is %s, want %s (%v)", text, got, want, f.err)
		}
	}
	for _, text := range []string{`request.chanel = "form"`, `record.amount = "x"`, `record.nothing = 1`, `client.contact.phones.x = 1`, `responsible = 1`} {
		if _, err := expr.Parse(text, Scheme(c)); err == nil {
			t.Errorf("%s is taken for a condition", text)
		}
	}
}

// What somebody may not see he doesn't learn from results either: neither of the comparison nor of what hangs on it, be it
// reached through a card he doesn't see.
func TestHiddenPartsTellNothing(t *testing.T) {
	c := catalog()
	f := about(t, c, &Request{Source: "ads"}, nil)
	f.client = ref.Ref{Type: "contact", ID: 5}
	firm := c.Type("contact").Field("company")
	secret := &record.State{Title: "Ivan", Data: make([]schema.Datum, len(c.Type("contact").Fields)), Access: event.Access{ResponsibleID: 3}}
	secret.Data[firm.Pos] = schema.IntDatum(6)
	f.loaded = map[ref.Ref]*record.State{
		f.client:                 secret,
		{Type: "company", ID: 6}: {Title: "Works", Data: make([]schema.Datum, len(c.Type("company").Fields)), Access: event.Access{ResponsibleID: 7}},
	}
	for text, want := range map[string][2]expr.Tri{ // as it is, as it is shown
		`client.known`:                                           {expr.True, expr.Null},
		`client.contact.title = "Petr"`:                          {expr.False, expr.Null},
		`client.company.title = "Works"`:                         {expr.True, expr.Null},
		`not client.known`:                                       {expr.False, expr.Null},
		`request.source = "ads" and client.known`:                {expr.True, expr.Null},
		`request.source = "none" and client.known`:               {expr.False, expr.False},
		`request.source = "none" or client.company.phones = "1"`: {expr.False, expr.Null},
		`request.source = "ads" or not client.known`:             {expr.True, expr.True},
		`request.source = "ads"`:                                 {expr.True, expr.True},
	} {
		tree, err := expr.ParseJSON(when(t, c, text), Scheme(c))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		trace := expr.Explain(tree, &expr.Env{Moment: expr.Moment{Now: f.t.Now(), Zone: time.UTC}, Record: f})
		all, err := f.part(trace, access.System())
		if err != nil || all.Result != want[0] {
			t.Errorf("%s is %s, want %s (%v)", text, all.Result, want[0], err)
		}
		part, err := f.part(trace, access.Who{UserID: 7, Role: access.Manager})
		if err != nil || part.Result != want[1] {
			t.Errorf("%s is shown as %s, want %s (%v)", text, part.Result, want[1], err)
		}
	}
}

// Of any rules the first that is on, whole, true and can be given to wins; those before it say why they didn't.
func TestFirstTrueRuleWins(t *testing.T) {
	c := catalog()
	conditions := []string{`record.amount > 100`, `request.channel = "form"`, `request.city = "Тверь"`, `contains(request.region, "x")`, `client.known`, `true`, `false`, `not(record.amount > 100)`}
	broken := json.RawMessage(`{"op":"=","path":["record","gone"],"value":1}`)
	rapid.Check(t, func(t *rapid.T) {
		var list []Rule
		why := map[int64]string{}
		for i := range rapid.IntRange(0, 12).Draw(t, "rules") {
			r := Rule{ID: int64(i + 1), Code: fmt.Sprint("r", i), Active: rapid.Float64Range(0, 1).Draw(t, "on") < 0.8, Target: Target{Kind: ToPerson, ID: int64(i)}}
			if r.When = broken; rapid.IntRange(0, 9).Draw(t, "whole") > 0 {
				tree, err := expr.Parse(rapid.SampledFrom(conditions).Draw(t, "when"), Scheme(c))
				if err != nil {
					t.Fatal(err)
				}
				r.When, _ = tree.MarshalJSON()
			}
			why[r.ID] = rapid.SampledFrom([]string{"", "", PersonGone, DrumGone}).Draw(t, "gone")
			list = append(list, r)
		}
		book := NewBook(NewRules(list), c)
		r := &Request{Channel: rapid.SampledFrom([]string{"form", "api"}).Draw(t, "channel"), More: map[string]any{}}
		if rapid.Bool().Draw(t, "has a city") {
			r.More["city"] = rapid.SampledFrom([]string{"Тверь", "Омск"}).Draw(t, "city")
		}
		values := map[string]any{}
		if rapid.Bool().Draw(t, "has an amount") {
			values["amount"] = rapid.SampledFrom([]string{"50", "500"}).Draw(t, "amount")
		}
		f := about(quiet{}, c, r, values)
		env := &expr.Env{Moment: expr.Moment{Now: f.t.Now(), Zone: time.UTC}, Record: f}
		give := func(r *Rule) (Given, error) { return Given{UserID: r.ID, Passed: why[r.ID]}, nil }
		plain, err := book.Ask(env, give, false)
		if err != nil {
			t.Fatal(err)
		}
		explained, err := book.Ask(env, give, true)
		if err != nil {
			t.Fatal(err)
		}
		want := Rule{Fallback: true}
		for _, rule := range list {
			tree, err := expr.ParseJSON(rule.When, Scheme(c))
			if err == nil && rule.Active && why[rule.ID] == "" && expr.Compile(tree).Holds(env) {
				want = rule
				break
			}
		}
		for name, d := range map[string]Decision{"plain": plain, "explained": explained} {
			if d.Rule.ID != want.ID || d.Rule.Fallback != want.Fallback || d.UserID != want.ID {
				t.Fatalf("%s: rule %d won, want %d", name, d.Rule.ID, want.ID)
			}
			tells(t, name, d, book, env, why)
		}
	})
}

// tells checks that what was tried tells why each rule before the winner didn't win.
func tells(t *rapid.T, name string, d Decision, book *Book, env *expr.Env, why map[int64]string) {
	for i, tried := range d.Tried {
		last := i == len(d.Tried)-1
		switch {
		case last:
			if tried.Rule.ID != d.Rule.ID || tried.Result != expr.True || tried.Passed != "" {
				t.Fatalf("%s: the winner is told as %+v", name, tried)
			}
		case !tried.Rule.Active:
			if tried.Passed != Off || tried.Asked {
				t.Fatalf("%s: a rule that is off is told as %+v", name, tried)
			}
		case book.entries[i].err != nil:
			if tried.Passed != Broken {
				t.Fatalf("%s: a broken rule is told as %+v", name, tried)
			}
		case tried.Result == expr.True:
			if tried.Passed != why[tried.Rule.ID] || tried.Passed == "" {
				t.Fatalf("%s: a rule that holds was passed over without its reason: %+v", name, tried)
			}
		}
		if tried.Asked && !tried.Rule.Fallback && tried.Result != book.entries[i].holds(env) {
			t.Fatalf("%s: %s is told as %s", name, tried.Rule.Code, tried.Result)
		}
		if name == "explained" && tried.Asked && !tried.Rule.Fallback && (tried.Trace == nil || tried.Trace.Result != tried.Result) {
			t.Fatalf("the trace says something else: %+v", tried.Trace)
		}
	}
}

// hundred rules over all sorts of facts, of which none holds but the last.
func hundred(t testing.TB, c *schema.Catalog) *Book {
	var list []Rule
	for i := range 100 {
		text := [...]string{
			`request.city = "Город %d" and record.amount > 1000`, `contains(request.text, "слово %d") or contains(request.text, "товар %[1]d")`,
			`record.source in ("call", "email") and request.utm_campaign = "c%d"`, `starts with(request.phones, "+7%03d")`,
			`record.amount in [%d00000000 .. 990000000000)`, `client.known and request.field.f%d = "x" and record.created_at >= today() - 90 days`,
		}[i%6]
		list = append(list, Rule{ID: int64(i + 1), Code: fmt.Sprint(i), Active: true, When: when(t, c, fmt.Sprintf(text, i+1)), Target: Target{Kind: ToPerson, ID: 1}})
	}
	return NewBook(NewRules(list), c)
}

func BenchmarkHundredRules(b *testing.B) {
	c := catalog()
	book := hundred(b, c)
	r := &Request{
		Channel: "form", Text: "Нужен монтаж сигнализации в школе, три этажа, площадь 2400 метров. Когда сможете приехать на замер?", Phones: []string{"8 (912) 345-67-89"},
		UTMName: "brand", More: map[string]any{"city": "Тверь"},
	}
	b.ReportAllocs()
	for b.Loop() {
		f := about(b, c, r, map[string]any{"amount": "1500.50", "source": "ads"})
		env := &expr.Env{Moment: expr.Moment{Now: f.t.Now(), Zone: book.zone}, Record: f}
		d, err := book.Ask(env, func(*Rule) (Given, error) { return Given{UserID: 1}, nil }, false)
		if err != nil || !d.Rule.Fallback || f.err != nil {
			b.Fatal(d.Rule.Code, err, f.err)
		}
	}
}

// noon is a Thursday.
var noon = clock.Of(time.Date(2026, 11, 19, 12, 0, 0, 0, time.UTC))
