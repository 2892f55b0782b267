package salesstore_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/jobs"
	"voronka/internal/expr"
	"voronka/internal/flow/incident"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/job"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/record"
	"voronka/internal/sales/intake"
	"voronka/internal/sales/routing"
)

// ruled is a house with rules.
type ruled struct {
	*house
	routing *routing.Service
	away    map[int64]string
}

// Away implements routing.Presence.
func (h *ruled) Away(tx.Tx, []int64) (map[int64]string, error) { return h.away, nil }

func eachRuled(t *testing.T, f func(h *ruled)) {
	t.Helper()
	each(t, func(h *house) {
		r := &ruled{house: h}
		incidents := &incident.Service{Store: h.flow.IncidentStore(), Org: h.org, Journal: h.schema}
		r.routing = &routing.Service{Tx: h.d, Store: h.sales, Records: h.records, Drums: h.drums, Org: h.org, Journal: h.schema, Incidents: incidents, Requests: h.intake, Presence: r}
		h.intake.Routing = r.routing
		h.records.Add(r.routing)
		handlers := map[string]job.Handler{}
		for _, handler := range append(h.drums.Jobs(), h.deadlines.Job(), h.deadlines.RecountJob(), h.limits.Job(), h.stages.Job(), r.routing.Job()) {
			handlers[handler.Kind] = handler
		}
		h.jobs = jobs.NewRunner(h.d, handlers)
		f(r)
	})
}

// rule makes a rule; when is its condition as text.
func (h *ruled) rule(title, when string, to routing.Target) int64 {
	h.Helper()
	text, _ := json.Marshal(when)
	id, err := h.routing.Create(h.as(admin), h.who(admin), routing.Patch{Title: &title, When: text, Target: &to})
	if err != nil {
		h.Fatalf("%s: %v", when, err)
	}
	return id
}

func person(id int64) routing.Target { return routing.Target{Kind: routing.ToPerson, ID: id} }

func (h *ruled) standing(r ref.Ref) routing.Standing {
	h.Helper()
	s, err := h.sales.StandingOf(h.Context(), h.who(admin), r)
	if err != nil {
		h.Fatal(err)
	}
	return s
}

// causes are kind and cause of a record's journal in order.
func (h *ruled) causes(r ref.Ref) (list []string) {
	h.Helper()
	if err := h.d.Read(h.Context(), func(q db.Q) error {
		list = nil
		return q.Query("SELECT j.kind, j.cause FROM journal j JOIN record_type y ON y.id = j.type_id WHERE y.code = ? AND j.record_id = ? ORDER BY j.id", []any{r.Type, r.ID},
			func(row db.Row) error {
				var c struct{ Kind, Code, Title string }
				if err := json.Unmarshal(row.Bytes(1), &c); err != nil {
					return err
				}
				list = append(list, row.Text(0)+" "+c.Kind+" "+c.Title)
				return nil
			})
	}); err != nil {
		h.Fatal(err)
	}
	return list
}

func TestRulesGiveRequestsAway(t *testing.T) {
	eachRuled(t, func(h *ruled) {
		common, special := h.drum(anna, boris), h.drum(vera)
		door := h.door(common)
		if a := h.send(door, `{"name":"До правил","phone":"+79120000001"}`); a.Offer == nil || h.load(a.Record).ResponsibleID != anna || h.int("SELECT count(*) FROM routing") != 0 {
			h.Errorf("without rules the door decides: %+v", a)
		}
		big := h.rule("Крупные", `record.amount > 1000000`, person(head))
		h.rule("Тверь", `request.city in ("Тверь", "Калуга")`, routing.Target{Kind: routing.ToDrum, ID: special})
		h.rule("Корпоративные", `client.company.title = "Ромашка"`, routing.Target{Kind: routing.ToDepartment, ID: 1})

		a := h.send(door, `{"name":"Большой","phone":"+79120000002","amount":"1500000"}`)
		if a.Offer != nil || h.load(a.Record).ResponsibleID != head {
			h.Errorf("a big order: %+v", h.load(a.Record).Access)
		}
		if s := h.standing(a.Record); s.By != routing.ByRule || s.Rule == nil || s.Rule.ID != big || s.Rule.Code != "krupnye" {
			h.Errorf("%+v", s)
		}
		if all := strings.Join(h.causes(a.Record), "\n"); !strings.Contains(all, "routed routing Крупные") {
			h.Errorf("the journal doesn't name the rule:\n%s", all)
		}
		if a := h.send(door, `{"name":"Тверской","phone":"+79120000003","город":"тверь","amount":"5"}`); a.Offer == nil || a.Offer.DrumID != special || a.Offer.UserID != vera {
			h.Errorf("from Tver: %+v", a.Offer)
		}
		h.do(admin, func(t tx.Tx) error {
			id, err := h.records.Create(t, h.who(admin), "company", record.Values{"title": "Ромашка"})
			if err != nil {
				return err
			}
			_, err = h.records.Create(t, h.who(admin), "contact", record.Values{"title": "Инна", "phones": []any{"+79120000004"}, "company": id})
			return err
		})
		if a := h.send(door, `{"name":"Инна","phone":"+79120000004"}`); h.load(a.Record).ResponsibleID != head {
			h.Errorf("of the company: %+v", h.load(a.Record).Access)
		}
		a = h.send(door, `{"name":"Прочие","phone":"+79120000005"}`)
		if a.Offer == nil || a.Offer.DrumID != common || h.standing(a.Record).Rule != nil {
			h.Errorf("the rest goes by the door: %+v %+v", a.Offer, h.standing(a.Record))
		}
		to := person(boris)
		if err := h.routing.ChangeLast(h.as(admin), h.who(admin), routing.Patch{Target: &to}); err != nil {
			h.Fatal(err)
		}
		if a := h.send(door, `{"name":"Прочие 2","phone":"+79120000006"}`); a.Offer != nil || h.load(a.Record).ResponsibleID != boris {
			h.Errorf("the last rule is changed: %+v", h.load(a.Record).Access)
		}
	})
}

func TestTargetsThatAreGone(t *testing.T) {
	eachRuled(t, func(h *ruled) {
		door, special := h.door(h.drum(anna)), h.drum(vera)
		h.rule("Вера", `true`, person(vera))
		h.rule("Барабан", `true`, routing.Target{Kind: routing.ToDrum, ID: special})
		h.rule("Сломанное", `record.comment = null`, person(boris))
		h.do(0, func(t tx.Tx) error {
			if _, err := db.Of(t).Exec("UPDATE users SET active = 0 WHERE id = ?", vera); err != nil {
				return err
			}
			if _, err := db.Of(t).Exec(`UPDATE routing_rule SET tree = '{"op":"=","path":["record","gone"],"value":1}' WHERE title = 'Сломанное'`); err != nil {
				return err
			}
			if err := db.Bump(t, "routing"); err != nil {
				return err
			}
			return db.Bump(t, "org")
		})
		if err := h.drums.Remove(h.as(admin), h.who(admin), special); err != nil {
			h.Fatal(err)
		}
		a := h.send(door, `{"name":"x","phone":"+79120000001"}`)
		if a.Offer == nil || a.Offer.UserID != anna {
			h.Errorf("what nobody can be given falls through: %+v", a)
		}
		if n := h.int(`SELECT count(*) FROM journal WHERE kind = 'routed' AND diff LIKE '%person_left%' AND diff LIKE '%drum_gone%'`); n != 1 {
			h.Errorf("the journal doesn't say why they were passed over (%d)", n)
		}
		list, _, err := h.routing.List(h.Context())
		if err != nil {
			h.Fatal(err)
		}
		var problems []string
		for _, one := range list {
			problems = append(problems, one.Problem)
		}
		if got := fmt.Sprint(problems); got != "[person_left drum_gone broken ]" {
			h.Errorf("problems: %s", got)
		}
		if _, err := h.routing.Create(h.as(admin), h.who(admin), routing.Patch{Title: new("x"), Target: &routing.Target{Kind: routing.ToPerson, ID: vera}}); !fault.Is(err, fault.Invalid) {
			h.Errorf("a new rule for somebody who has left: %v", err)
		}
	})
}

func TestAbsentAndInTurn(t *testing.T) {
	eachRuled(t, func(h *ruled) {
		door := h.door(0)
		h.rule("Отпуск", `request.channel = "form"`, person(boris))
		h.rule("Отдел", `true`, routing.Target{Kind: routing.ToDepartment, ID: 1, Way: routing.InTurn})
		h.away = map[int64]string{boris: "absent"}
		got := map[int64]int{}
		for i := range 6 {
			a := h.send(door, fmt.Sprintf(`{"name":"x","phone":"+7912000000%d"}`, i))
			got[h.load(a.Record).ResponsibleID]++
		}
		if got[boris] != 0 || got[anna] != 2 || got[vera] != 2 || got[admin] != 2 {
			h.Errorf("in turn, without who is absent: %v", got)
		}
		h.away = nil
		if a := h.send(door, `{"name":"x","phone":"+79120000009"}`); h.load(a.Record).ResponsibleID != boris {
			h.Error("he is back")
		}
	})
}

func TestRulesAreAskedAgain(t *testing.T) {
	eachRuled(t, func(h *ruled) {
		door := h.door(h.drum(anna, boris))
		h.rule("Крупные", `record.amount > 1000000`, person(head))
		h.rule("Средние", `record.amount > 100000`, routing.Target{Kind: routing.ToDrum, ID: h.drum(vera)})
		a := h.send(door, `{"name":"x","phone":"+79120000001","amount":"500"}`)
		if a.Offer.UserID != anna {
			h.Fatalf("%+v", a.Offer)
		}
		change := func(amount string) {
			h.Helper()
			h.update(admin, a.Record, record.Values{"amount": amount})
			h.run(0)
		}
		h.update(anna, a.Record, record.Values{"comment": "ничего нового"})
		if n := h.int("SELECT count(*) FROM job WHERE kind = 'routing.again'"); n != 0 {
			h.Error("the rules are asked about what they don't look at")
		}
		h.do(anna, func(t tx.Tx) error { // two changes in one transaction are one question
			for _, amount := range []string{"2000000", "200000"} {
				if _, err := h.records.Update(t, access.System(), a.Record, record.Values{"amount": amount}, 0); err != nil {
					return err
				}
			}
			return nil
		})
		h.run(0)
		if o := h.open(a.Record); o == nil || o.UserID != vera || h.load(a.Record).ResponsibleID != vera {
			h.Fatalf("over 100,000 it is in the other drum: %+v", o)
		}
		if n := h.int("SELECT count(*) FROM journal WHERE kind = 'routed'"); n != 2 {
			h.Errorf("%d decisions, want that of the request and one more", n)
		}
		change("3000000")
		if s := h.load(a.Record); h.open(a.Record) != nil || s.ResponsibleID != head {
			h.Errorf("over a million: %+v %+v", h.open(a.Record), s.Access)
		}
		change("10")
		if h.load(a.Record).ResponsibleID != head {
			h.Error("when only the last rule catches it, it stays with whom it is")
		}
		h.update(head, a.Record, record.Values{"responsible": boris})
		if s := h.standing(a.Record); s.By != routing.ByPerson || s.UserID != head {
			h.Errorf("a person has fixed it: %+v", s)
		}
		change("3000001")
		if h.load(a.Record).ResponsibleID != boris {
			h.Error("what a person has fixed stays fixed")
		}
		if err := h.routing.Fix(h.as(boris), h.who(boris), a.Record, routing.ByRule); err != nil {
			h.Fatal(err)
		}
		if s := h.standing(a.Record); s.By != routing.ByRule || h.load(a.Record).ResponsibleID != head {
			h.Errorf("let the rules decide again: %+v", s)
		}
		if err := h.routing.Fix(h.as(vera), h.who(vera), a.Record, routing.ByPerson); !fault.Is(err, fault.NotFound) {
			h.Errorf("who doesn't see it: %v", err)
		}
		h.do(admin, func(t tx.Tx) error { return h.records.Delete(t, h.who(admin), a.Record) })
		if n := h.int("SELECT count(*) FROM routing"); n != 0 {
			h.Errorf("%d rows of what is deleted", n)
		}
	})
}

// Records a person has made by hand are his; the rules take them only if they are asked to.
func TestByHandIsFixed(t *testing.T) {
	eachRuled(t, func(h *ruled) {
		h.rule("Крупные", `record.amount > 1000000`, person(head))
		var r ref.Ref
		h.do(anna, func(t tx.Tx) (err error) {
			r.Type = "deal"
			r.ID, err = h.records.Create(t, h.who(anna), "deal", record.Values{"title": "x"})
			return err
		})
		h.update(anna, r, record.Values{"amount": "2000000"})
		h.run(0)
		if h.load(r).ResponsibleID != anna || h.standing(r).By != routing.ByPerson {
			h.Errorf("%+v", h.load(r).Access)
		}
		if err := h.routing.Fix(h.as(anna), h.who(anna), r, routing.ByRule); err != nil {
			h.Fatal(err)
		}
		if h.load(r).ResponsibleID != head {
			h.Error("asked to, they take it")
		}
	})
}

// Two rules that give a record to and fro come to rest, and somebody hears of it.
func TestRulesInCircles(t *testing.T) {
	eachRuled(t, func(h *ruled) {
		door := h.door(0)
		h.rule("Анне", `record.responsible != 3 and not(contains(record.comment, "x"))`, person(anna))
		h.rule("Борису", `record.responsible != 4`, person(boris))
		a := h.send(door, `{"name":"x","phone":"+79120000001"}`)
		for i := range 20 { // a program outside that answers each change with another
			h.do(0, func(t tx.Tx) error {
				_, err := h.records.Update(t, access.System(), a.Record, record.Values{"comment": fmt.Sprint("ход ", i)}, 0)
				return err
			})
			h.run(time.Second)
		}
		if n := h.int("SELECT count(*) FROM incident WHERE kind = 'routing_loop'"); n != 1 {
			h.Errorf("%d incidents", n)
		}
		if n := h.int("SELECT count(*) FROM journal WHERE kind = 'routed'"); n > 8 {
			h.Errorf("%d decisions", n)
		}
		if s := h.standing(a.Record); s.By != routing.ByPerson {
			h.Errorf("%+v", s)
		}
	})
}

func TestNobodyWorksOnIt(t *testing.T) {
	eachRuled(t, func(h *ruled) {
		door := h.door(h.drum(anna))
		h.rule("Снова", `client.known`, person(boris))
		a := h.send(door, `{"name":"x","phone":"+79120000001"}`)
		h.do(0, func(t tx.Tx) error {
			_, err := h.records.Update(t, access.System(), a.Record, record.Values{"responsible": nil}, 0)
			return err
		})
		again := h.send(door, `{"phone":"+79120000001"}`)
		if !again.Repeat || h.load(a.Record).ResponsibleID != boris {
			h.Errorf("%+v %+v", again, h.load(a.Record).Access)
		}
	})
}

func TestAskTheRules(t *testing.T) {
	eachRuled(t, func(h *ruled) {
		door := h.door(h.drum(anna))
		h.rule("Крупные", `record.amount > 1000000 and client.contact.title = "Иван"`, person(head))
		h.rule("Реклама", `request.source = "ads" or contains(request.text, "скидка")`, person(boris))
		a := h.send(door, `{"name":"Иван","phone":"+79120000001","message":"скидка"}`)
		before := h.int("SELECT (SELECT count(*) FROM request) + (SELECT count(*) FROM journal) + (SELECT count(*) FROM client_key)")
		p, err := intake.ParseJSON([]byte(`{"name":"Новый","phone":"+79120000002","amount":"5000000","source":"ads"}`))
		if err != nil {
			h.Fatal(err)
		}
		for name, c := range map[string]struct {
			who  int64
			q    intake.Question
			rule string
			code fault.Code
		}{
			"the record":                 {admin, intake.Question{Record: a.Record}, "Реклама", ""},
			"the request":                {admin, intake.Question{Request: a.Request}, "Реклама", ""},
			"one that might come":        {admin, intake.Question{Key: door.ID, Payload: p}, "Реклама", ""},
			"who works on it":            {boris, intake.Question{Record: a.Record}, "Реклама", ""},
			"who doesn't see it":         {anna, intake.Question{Record: a.Record}, "", fault.NotFound},
			"nor the request":            {anna, intake.Question{Request: a.Request}, "", fault.NotFound},
			"nor may try":                {anna, intake.Question{Key: door.ID, Payload: p}, "", fault.Forbidden},
			"a request that isn't there": {admin, intake.Question{Request: 99}, "", fault.NotFound},
			"nothing at all":             {admin, intake.Question{}, "", fault.Invalid},
		} {
			got, err := h.intake.Ask(h.as(c.who), h.who(c.who), c.q)
			if fault.CodeOf(err) != c.code || got.Rule.Title != c.rule {
				h.Errorf("%s: %q %v", name, got.Rule.Title, err)
			}
		}
		got, err := h.intake.Ask(h.as(admin), h.who(admin), intake.Question{Key: door.ID, Payload: p})
		if err != nil || len(got.Rules) != 3 {
			h.Fatal(got, err)
		}
		first := got.Rules[0]
		if first.Result != expr.False || first.Why == nil || len(first.Why.Args) != 2 || string(first.Why.Args[0].Seen) != `{"minor":500000000,"currency":"RUB","base":500000000}` || string(first.Why.Args[1].Seen) != "null" {
			h.Errorf("%+v", first.Why)
		}
		if second := got.Rules[1]; !second.Won || string(second.Why.Args[0].Seen) != `"ads"` || second.Why.Args[1].Result != expr.Null || got.Rules[2].Tried {
			h.Errorf("%+v", second.Why)
		}
		hidden, err := h.intake.Ask(h.as(boris), h.who(boris), intake.Question{Record: a.Record})
		if err != nil {
			h.Fatal(err)
		}
		if title := hidden.Rules[0].Why.Args[1]; title.Hidden || string(title.Seen) != `"Иван"` {
			h.Errorf("Boris works with Ivan: %+v", title)
		}
		h.update(admin, a.Client, record.Values{"responsible": vera, "observers": []any{}})
		if hidden, err = h.intake.Ask(h.as(boris), h.who(boris), intake.Question{Record: a.Record}); err != nil {
			h.Fatal(err)
		}
		if title := hidden.Rules[0].Why.Args[1]; !title.Hidden || title.Seen != nil {
			h.Errorf("what Boris doesn't see is told: %+v", title)
		}
		h.update(admin, a.Client, record.Values{"responsible": boris})
		if after := h.int("SELECT (SELECT count(*) FROM request) + (SELECT count(*) FROM journal WHERE type_id = 1) + (SELECT count(*) FROM client_key) + (SELECT count(*) FROM journal WHERE type_id <> 1)"); after != before+2 {
			h.Errorf("asking leaves traces: %d rows, then %d", before, after)
		}
	})
}

func TestRulesAreSetUp(t *testing.T) {
	eachRuled(t, func(h *ruled) {
		one, two := h.rule("Одно", `true`, person(anna)), h.rule("Два", `request.hour > 18`, person(boris))
		if err := h.routing.Reorder(h.as(admin), h.who(admin), []int64{two, one}); err != nil {
			h.Fatal(err)
		}
		codes := func() string {
			list, _, err := h.routing.List(h.Context())
			if err != nil {
				h.Fatal(err)
			}
			var out []string
			for _, r := range list {
				out = append(out, r.Code)
			}
			return strings.Join(out, " ")
		}
		if got := codes(); got != "dva odno default" {
			h.Errorf("%s", got)
		}
		for name, err := range map[string]error{
			"an order of other rules": h.routing.Reorder(h.as(admin), h.who(admin), []int64{one}),
			"a rule that isn't there": h.routing.Remove(h.as(admin), h.who(admin), 99),
			"by who may not":          h.routing.Remove(h.as(anna), h.who(anna), one),
			"a condition of nonsense": h.routing.Change(h.as(admin), h.who(admin), one, routing.Patch{When: json.RawMessage(`"record.nothing = 1"`)}),
			"a target that isn't one": h.routing.Change(h.as(admin), h.who(admin), one, routing.Patch{Target: &routing.Target{Kind: "door"}}),
			"a drum that isn't there": h.routing.Change(h.as(admin), h.who(admin), one, routing.Patch{Target: &routing.Target{Kind: "drum", ID: 99}}),
			"a title of nothing":      h.routing.Change(h.as(admin), h.who(admin), one, routing.Patch{Title: new("")}),
		} {
			if fault.CodeOf(err) == "" || fault.CodeOf(err) == fault.Internal {
				h.Errorf("%s: %v", name, err)
			}
		}
		to := person(vera)
		if err := h.routing.ChangeLast(h.as(admin), h.who(admin), routing.Patch{Target: &to}); err != nil {
			h.Fatal(err)
		}
		last := h.int("SELECT id FROM routing_rule WHERE fallback = 1")
		if err := h.routing.Remove(h.as(admin), h.who(admin), last); !fault.Is(err, fault.Conflict) {
			h.Errorf("the last rule can be removed: %v", err)
		}
		if err := h.routing.Remove(h.as(admin), h.who(admin), two); err != nil {
			h.Fatal(err)
		}
		if three := h.rule("Два", `false`, person(anna)); three == two {
			h.Error("a number is used again")
		}
		if got := codes(); got != "odno dva_2 default" {
			h.Errorf("%s", got)
		}
	})
}
