package recordquery

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	records "voronka/internal/adapter/sqlstore/record"
	"voronka/internal/kernel/ref"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	"voronka/internal/record/query"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// office writes through the real use cases.
type office struct {
	*testing.T
	d       *db.DB
	c       *schema.Catalog
	s       *Store
	service *record.Service
	ctx     context.Context
}

var root = access.Who{UserID: 1, Role: access.Admin, Lang: "ru"}

func newOffice(t *testing.T, d *db.DB) *office {
	t.Helper()
	must(t, records.EnsureBuiltins(t.Context(), d))
	store := records.New(d)
	c, err := store.LastCatalog(t.Context())
	must(t, err)
	return &office{T: t, d: d, c: c, s: New(d), service: record.New(store, twoPeople(), nil), ctx: tx.WithActor(t.Context(), 1)}
}

func (o *office) create(typ string, v record.Values) (id int64) {
	o.Helper()
	must(o.T, o.d.Do(o.ctx, func(x tx.Tx) (err error) { id, err = o.service.Create(x, root, typ, v); return err }))
	return id
}

func (o *office) update(typ string, id int64, v record.Values) {
	o.Helper()
	must(o.T, o.d.Do(o.ctx, func(x tx.Tx) error {
		_, err := o.service.Update(x, root, ref.Ref{Type: typ, ID: id}, v, 0)
		return err
	}))
}

func TestSearchFindsWhatIsRemembered(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.create("contact", record.Values{"title": "Анна Ёлкина", "responsible": int64(2), "phones": []any{"+7 921 555-01-42"}, "emails": []any{"Anna.E@example.com"}})
		o.create("contact", record.Values{"title": "Борис 50%", "responsible": int64(1), "phones": []any{"8 (900) 111-22-33"}})
		o.create("company", record.Values{"title": "ООО «Ёлка»", "responsible": int64(1)})
		for i := range 12 {
			o.create("deal", record.Values{"title": fmt.Sprintf("Поставка %d", i), "responsible": int64(1 + i%2)})
		}
		manager, guest := access.Who{UserID: 2, Role: access.Manager}, access.Who{UserID: 2, Role: access.Guest}
		for _, c := range []struct {
			text string
			who  access.Who
			want []string
		}{
			{"анна", root, []string{"contact/1"}},
			{"ЕЛКИН", root, []string{"contact/1"}},
			{"елка", root, []string{"company/1"}},
			{"50%", root, []string{"contact/2"}},
			{"0%", root, []string{"contact/2"}},
			{"5_%", root, nil},
			{"+7 921 555", root, []string{"contact/1"}},
			{"8921555", root, []string{"contact/1"}},
			{"921 555 01", root, []string{"contact/1"}},
			{"0142", root, []string{"contact/1"}},
			{"1-22-33", root, []string{"contact/2"}},
			{"9999", root, nil},
			{"anna.e@", root, []string{"contact/1"}},
			{"ANNA", root, []string{"contact/1"}},
			{"x", root, nil},
			{"", root, nil},
			{"анна", manager, []string{"contact/1"}},
			{"борис", manager, nil},
			{"елка", manager, nil},
			{"111-22-33", manager, nil},
			{"анна", guest, nil},
			{"анна", access.Who{}, nil},
			{"ставка 3", manager, []string{"deal/4"}},
			{"ставка 2", manager, nil},
		} {
			got := o.search(c.who, c.text)
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("%q by %s %d: %v, want %v", c.text, c.who.Role, c.who.UserID, got, c.want)
			}
		}
		if got := o.search(root, "постав"); len(got) != query.SearchLimit {
			t.Errorf("%d deals, want %d", len(got), query.SearchLimit)
		}
	})
}

func (o *office) search(who access.Who, text string) (out []string) {
	o.Helper()
	plans := query.PlansOf(who)
	ask, ok := query.NewSearch(o.c, text, plans)
	if !ok {
		return nil
	}
	b, err := o.s.Search(o.Context(), plans, &ask, nil)
	must(o.T, err)
	a := read[struct {
		Items []struct {
			Type string `json:"type"`
			ID   int64  `json:"id"`
		} `json:"items"`
	}](o.T, b)
	for _, item := range a.Items {
		out = append(out, fmt.Sprintf("%s/%d", item.Type, item.ID))
	}
	return out
}

func TestTheStoryIsToldInPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		deal := o.create("deal", record.Values{"title": "Сделка", "responsible": int64(1)})
		contact := o.create("contact", record.Values{"title": "Анна", "birthday": "1990-05-01"})
		about := []any{map[string]any{"type": "deal", "id": deal}}
		o.create("activity", record.Values{"title": "Позвонить", "kind": "call", "about": about, "due_at": "2030-01-02T10:00:00Z"})
		o.create("activity", record.Values{"title": "Встретились", "kind": "meeting", "about": about, "done_at": "2020-01-02T10:00:00Z"})
		o.create("activity", record.Values{"title": "Чужое", "kind": "note"})
		for i := range 5 {
			o.update("deal", deal, record.Values{"comment": fmt.Sprint("правка ", i)})
		}
		type story struct {
			Planned []struct{ Title string } `json:"planned"`
			Items   []struct {
				ID       int64                   `json:"id"`
				At       string                  `json:"at"`
				Kind     string                  `json:"kind"`
				Diff     map[string]any          `json:"diff"`
				Activity *struct{ Title string } `json:"activity"`
			} `json:"items"`
			Next string `json:"next"`
		}
		tell := func(typ string, id int64, who access.Who, kind, after string, limit int) (story, error) {
			q, err := query.NewTimeline(o.c, typ, id, kind, after, limit, query.PlansOf(who))
			must(t, err)
			b, err := o.s.Timeline(t.Context(), who.Plan(typ, access.See), &q, nil)
			if err != nil {
				return story{}, err
			}
			return read[story](t, b), nil
		}
		whole, err := tell("deal", deal, root, "", "", 100)
		must(t, err)
		if len(whole.Planned) != 1 || whole.Planned[0].Title != "Позвонить" || whole.Next != "" {
			t.Errorf("planned: %+v, next %q", whole.Planned, whole.Next)
		}
		last := whole.Items[len(whole.Items)-1]
		if last.Activity == nil || last.Activity.Title != "Встретились" || len(whole.Items) < 7 {
			t.Errorf("%d entries, the oldest is %+v", len(whole.Items), last)
		}
		for i := 1; i < len(whole.Items); i++ {
			if strings.Compare(whole.Items[i-1].At, whole.Items[i].At) < 0 {
				t.Errorf("entry %d is newer than the one before", i)
			}
		}
		after, n := "", 0
		for {
			part, err := tell("deal", deal, root, "", after, 2)
			must(t, err)
			for _, item := range part.Items {
				if want := whole.Items[n]; item.ID != want.ID || item.Kind != want.Kind {
					t.Fatalf("entry %d is %s %d in pages, %s %d in one", n, item.Kind, item.ID, want.Kind, want.ID)
				}
				n++
			}
			if after = part.Next; after == "" {
				break
			}
		}
		if n != len(whole.Items) {
			t.Errorf("%d entries in pages, %d in one", n, len(whole.Items))
		}
		only, err := tell("deal", deal, root, "created", "", 10)
		if err != nil || len(only.Items) != 1 || only.Items[0].Kind != "created" {
			t.Errorf("kind created: %+v %v", only, err)
		}
		// Values of personal fields lie apart, yet whoever sees the record reads them in its story.
		person, err := tell("contact", contact, root, "", "", 10)
		must(t, err)
		if _, ok := person.Items[len(person.Items)-1].Diff["birthday"]; !ok {
			t.Errorf("the birthday is missing in %+v", person.Items)
		}
		if _, err := tell("deal", deal, access.Who{UserID: 2, Role: access.Manager}, "", "", 10); err == nil {
			t.Error("a stranger reads the story")
		}
	})
}

func TestOneRecordTellsItsOpenOffer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		lead := o.create("lead", record.Values{"title": "Лид", "responsible": int64(1)})
		typ := o.c.Type("lead")
		must(t, d.Do(o.ctx, func(x tx.Tx) error {
			q := db.Of(x)
			if _, err := q.Exec("INSERT INTO drum (id, code, title, take_seconds) VALUES (5, 'sales', 'Продажи', 60)"); err != nil {
				return err
			}
			_, err := q.Exec("INSERT INTO offer (drum_id, type_id, record_id, user_id, round, state, offered_at, due_at, decided_at) VALUES (5, ?, ?, 2, 1, 'missed', 1, 2, 3), (5, ?, ?, 1, 2, 'offered', 1000, 61000, 0)",
				typ.ID, lead, typ.ID, lead)
			return err
		}))
		g, err := query.NewGet(o.c, "lead", lead, "title", nil)
		must(t, err)
		b, err := o.s.Get(t.Context(), root.Plan("lead", access.See), &g, nil)
		must(t, err)
		want := `"offer":{"id":2,"drum":"sales","user":1,"round":2,"state":"offered","offered_at":"1970-01-01T00:00:01.000Z","due_at":"1970-01-01T00:01:01.000Z"}`
		if !strings.Contains(string(b), want) {
			t.Errorf("%s lacks %s", b, want)
		}
	})
}
