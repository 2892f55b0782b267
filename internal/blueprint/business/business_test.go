package business_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"voronka/internal/app/apptest"
	"voronka/internal/blueprint/business"
	"voronka/internal/blueprint/config"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/org/portal"
	"voronka/internal/org/session"
	"voronka/internal/org/setup"
)

func both(t *testing.T, f func(t *testing.T, o apptest.Options)) {
	t.Run("sqlite", func(t *testing.T) { f(t, apptest.Options{}) })
	t.Run("postgres", func(t *testing.T) { f(t, apptest.Options{Postgres: true}) })
}

func plan(code, lang string, simple bool) setup.Plan {
	p := portal.Default()
	p.Company, p.Lang, p.Simple = "Example", lang, simple
	return setup.Plan{
		Portal: p, Name: "Olga", Email: "olga@example.com", Password: apptest.Password, Business: code, Take: 20,
		People: []setup.Person{
			{Name: "Anna", Email: "anna@example.com", Role: access.Manager},
			{Name: "Boris", Email: "boris@example.com", Role: access.Manager},
			{Name: "Pavel", Email: "pavel@example.com", Role: access.Head},
		},
	}
}

func export(t *testing.T, s *apptest.Server) string {
	t.Helper()
	doc, err := s.Blueprint.Export(context.Background(), access.System())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := doc.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func apply(t *testing.T, s *apptest.Server, text string) []config.Left {
	t.Helper()
	doc, err := config.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	left, err := s.Blueprint.Apply(context.Background(), access.System(), doc, config.Choice{})
	if err != nil {
		t.Fatal(err)
	}
	return left
}

// differ shows the first line two texts differ in.
func differ(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return "before: " + x[i] + "\nafter:  " + y[i]
		}
	}
	return "one is longer"
}

func TestEachBusinessEquipsAPortal(t *testing.T) {
	list, err := business.All()
	if err != nil || len(list) != 5 {
		t.Fatalf("%d businesses, %v", len(list), err)
	}
	both(t, func(t *testing.T, o apptest.Options) {
		for i, b := range list {
			t.Run(b.Code, func(t *testing.T) {
				lang, simple := []string{"ru", "en"}[i%2], i == 2
				o.Fresh = true
				s := apptest.Start(t, o)
				if _, err := s.Setup.Init(context.Background(), plan(b.Code, lang, simple)); err != nil {
					t.Fatal(err)
				}
				check(t, s, b, lang, simple)
				text := export(t, s)
				if left := apply(t, s, text); len(left) > 0 {
					t.Errorf("left out: %v", left)
				}
				if again := export(t, s); again != text {
					t.Errorf("applying its own export changes a portal:\n%s", differ(text, again))
				}
			})
		}
	})
}

func check(t *testing.T, s *apptest.Server, b business.Business, lang string, simple bool) {
	t.Helper()
	ctx := context.Background()
	c, err := s.Schema.FreshCatalog(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, typ := range b.Types {
		for _, p := range typ.Pipelines {
			made := c.Pipeline(typ.Code, p.Code)
			if made == nil || len(made.Stages) != len(p.Stages) {
				t.Fatalf("%s/%s was not made as written", typ.Code, p.Code)
			}
			for i, stage := range p.Stages {
				if got := made.Stages[i]; got.Code != stage.Code || got.Instruction != stage.Instruction.In(lang) || got.Goal != stage.Goal.In(lang) {
					t.Errorf("%s/%s/%s: %+v", typ.Code, p.Code, stage.Code, got)
				}
			}
		}
	}
	drums, err := s.SalesDB.Drums(ctx)
	if err != nil || len(drums) != len(b.Drums) {
		t.Fatalf("%d drums, %v", len(drums), err)
	}
	for _, d := range drums {
		if len(d.Members) != 2 || d.Take.Minutes() != 20 {
			t.Errorf("drum %s has %d people and %s: only the managers take requests", d.Code, len(d.Members), d.Take)
		}
	}
	doors, err := s.SalesDB.Keys(ctx)
	if err != nil || len(doors) != 1 || doors[0].DrumID != drums[0].ID || doors[0].Form.Secret == "" {
		t.Errorf("%d doors, %v", len(doors), err)
	}
	rules, _, err := s.Routing.List(ctx)
	if err != nil || len(rules) != len(b.Rules)+1 {
		t.Errorf("%d rules, %v", len(rules), err)
	}
	for _, r := range rules {
		if r.Problem != "" {
			t.Errorf("rule %s: %s", r.Code, r.Problem)
		}
	}
	org, err := s.Org.Last(ctx)
	if err != nil || org.Portal.Simple != simple || org.Portal.Company != "Example" {
		t.Errorf("%+v, %v", org.Portal, err)
	}
}

// TestWhatIsWrittenIsWhatOneNeeds looks at the documents themselves.
func TestWhatIsWrittenIsWhatOneNeeds(t *testing.T) {
	list, err := business.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range list {
		for _, typ := range b.Types {
			for _, p := range typ.Pipelines {
				if n := len(p.Stages); n < 5 || n > 8 {
					t.Errorf("%s: pipeline %s has %d stages", b.Code, p.Code, n)
				}
				for _, s := range p.Stages {
					texts := []config.Text{s.Title}
					if s.Kind != "won" && s.Kind != "lost" {
						texts = append(texts, s.Goal, s.Role, s.Task, s.Product, s.Instruction)
					}
					for _, x := range texts {
						if x.RU == "" || x.EN == "" || x.RU == x.EN {
							t.Errorf("%s: %s/%s has a text in one language: %q %q", b.Code, p.Code, s.Code, x.RU, x.EN)
						}
					}
				}
			}
			if len(typ.Reasons) < 4 {
				t.Errorf("%s: %s has %d lost reasons", b.Code, typ.Code, len(typ.Reasons))
			}
		}
	}
}

func TestAnExportMakesTheSamePortal(t *testing.T) {
	both(t, func(t *testing.T, o apptest.Options) {
		o.Fresh = true
		first := apptest.Start(t, o)
		if _, err := first.Setup.Init(context.Background(), plan("fire", "ru", false)); err != nil {
			t.Fatal(err)
		}
		changes := "voronka: 1\ntypes:\n  - {code: visit, title: {ru: Выезд, en: Visit}, staged: true, fields: [{code: deal, kind: link, link: deal, title: Сделка}, {code: km, kind: decimal, scale: 1, indexed: true, title: Км}]}\n" +
			"  - {code: deal, fields: [{code: source, kind: list, title: Откуда, required: true, values: [{code: site, title: Сайт, color: 1}, {code: fair, title: Ярмарка, color: 3}]}]}\n" +
			"drums:\n  - {code: night, title: Ночь, take: 1h30m, misses_to_head: 0, head: pavel@example.com, take_stage: lead/main/in_work, order: weighted, taken_by: [own_stage, activity], clock: always, hours: {zone: Asia/Omsk, week: {sun: ['00:00-24:00']}, dates: {'2030-01-01': []}}, sources: [{source: call, per_day: 5}], members: [{person: anna@example.com, weight: 250, cap: 3}, {person: boris@example.com, passed: true}]}\n" +
			"rules:\n  - {code: night, title: Ночь, off: true, when: \"record.amount > 5\", to: {drum: night}}\n  - {code: default, to: {person: anna@example.com}}\n"
		if left := apply(t, first, changes); len(left) > 0 {
			t.Fatalf("left out: %v", left)
		}
		text := export(t, first)
		second := apptest.Start(t, o)
		blank := plan("", "en", true)
		if _, err := second.Setup.Init(context.Background(), blank); err != nil {
			t.Fatal(err)
		}
		if left := apply(t, second, text); len(left) > 0 {
			t.Errorf("left out: %v", left)
		}
		if again := export(t, second); again != text {
			t.Errorf("the same document, another portal:\n%s", differ(text, again))
		}
		if strings.Contains(text, "secret") {
			t.Error("an export holds secrets")
		}
	})
}

func TestWhoIsNotHereIsLeftOut(t *testing.T) {
	s := apptest.Start(t, apptest.Options{})
	left := apply(t, s, "voronka: 1\ndrums:\n  - {code: a, title: A, take: 5m, misses_to_head: 1, who: department, department: Sales / North, members: [{person: nobody@example.com}]}\nrules:\n  - {code: r, title: R, when: 'record.amount > 5', to: {person: nobody@example.com}}\n")
	names := []string{}
	for _, l := range left {
		names = append(names, l.What+": "+l.Name)
	}
	slices.Sort(names)
	if strings.Join(names, "; ") != "drum a: Sales / North; drum a: nobody@example.com; rule r: nobody@example.com" {
		t.Error(names)
	}
}

func TestAWrongDocumentChangesNothing(t *testing.T) {
	both(t, func(t *testing.T, o apptest.Options) {
		s := apptest.Start(t, o)
		before := export(t, s)
		for _, text := range []string{
			"types: []", "voronka: 2", "voronka: 1\nfrobs: []", "voronka: 1\ntypes: [{code: lead, title: {de: Kunde}}]",
			"voronka: 1\ntypes: [{code: thing, title: Thing}]\ndrums: [{code: a, title: A, take: 5m, misses_to_head: 1000}]",
			"voronka: 1\ntypes: [{code: thing, title: Thing}, {code: deal, pipelines: [{code: main, title: M, stages: [{code: only, title: Only}]}]}]",
			"voronka: 1\ntypes: [{code: deal, fields: [{code: amount, kind: text, title: A}]}]",
			"voronka: 1\nrules: [{code: r, title: R, when: 'record.nothing = 1', to: {person: admin@example.com}}]",
			"voronka: 1\nforms: [{code: f, title: F, channel: form, form: {colour: red}}]",
		} {
			doc, err := config.Read([]byte(text))
			if err == nil {
				_, err = s.Blueprint.Apply(context.Background(), access.System(), doc, config.Choice{})
			}
			if err == nil {
				t.Errorf("accepted: %s", text)
			}
		}
		if after := export(t, s); after != before {
			t.Errorf("something was changed: %s", differ(before, after))
		}
	})
}

type broken struct{ business.Ready }

func (b broken) Equip(in tx.Tx, admin int64, e setup.Equipment) error {
	if err := b.Ready.Equip(in, admin, e); err != nil {
		return err
	}
	return fault.New(fault.Unavailable, "http.unavailable")
}

func TestAFailedFirstRunCanBeRepeated(t *testing.T) {
	both(t, func(t *testing.T, o apptest.Options) {
		o.Fresh = true
		s := apptest.Start(t, o)
		ctx := context.Background()
		code, _, err := s.Setup.Prepare(ctx)
		if err != nil {
			t.Fatal(err)
		}
		ready := s.Setup.Business
		s.Setup.Business = broken{ready.(business.Ready)}
		from := session.From{IP: "127.0.0.1"}
		if _, err := s.Setup.Run(ctx, code, plan("clinic", "ru", false), from); err == nil {
			t.Fatal("the failure was swallowed")
		}
		if needed, err := s.Setup.Needed(ctx); err != nil || !needed {
			t.Fatalf("half a portal: %v", err)
		}
		s.Setup.Business = ready
		if _, err := s.Setup.Run(ctx, code, plan("nothing", "ru", false), from); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unknown business: %v", err)
		}
		done, err := s.Setup.Run(ctx, code, plan("clinic", "ru", false), from)
		if err != nil || len(done.Passwords) != 3 {
			t.Fatalf("the second try: %v", err)
		}
	})
}
