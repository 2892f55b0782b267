package recordquery

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	records "voronka/internal/adapter/sqlstore/record"
	"voronka/internal/expr"
	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	departments "voronka/internal/org/department"
	"voronka/internal/org/directory"
	"voronka/internal/org/portal"
	"voronka/internal/org/user"
	"voronka/internal/record/query"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// staff is an organisation of two people.
type staff struct{ dir *directory.Directory }

func (s staff) In(tx.Tx) (*directory.Directory, error) { return s.dir, nil }

func twoPeople() staff {
	person := func(id int64) *user.User {
		return &user.User{ID: id, Name: fmt.Sprint(id), Role: access.Admin, DepartmentID: 1, Lang: "ru", Zone: "Europe/Moscow", Active: true}
	}
	return staff{directory.New(portal.Default(), nil, []*user.User{person(1), person(2)},
		[]*departments.Department{{ID: 1, Title: "Все", Pos: 1000, PosEnd: 1999}}, directory.Restamping{})}
}

// kinds is one field of every kind a customer can add, by its code.
var kinds = []schema.FieldSpec{
	{Code: "line", Kind: schema.Text},
	{Code: "body", Kind: schema.LongText},
	{Code: "number", Kind: schema.Integer},
	{Code: "rate", Kind: schema.Decimal, Scale: 2},
	{Code: "cost", Kind: schema.Money},
	{Code: "urgent", Kind: schema.Bool},
	{Code: "day", Kind: schema.Date},
	{Code: "moment", Kind: schema.DateTime},
	{Code: "color", Kind: schema.List, Values: values("red", "green", "blue")},
	{Code: "tags", Kind: schema.MultiList, Values: values("a", "b", "c")},
	{Code: "owner", Kind: schema.User},
	{Code: "firm", Kind: schema.Link, LinkType: "company"},
	{Code: "firms", Kind: schema.Links, LinkType: "company"},
	{Code: "tels", Kind: schema.Phone},
	{Code: "mails", Kind: schema.Email},
	{Code: "page", Kind: schema.URL},
	{Code: "place", Kind: schema.Address},
	{Code: "scan", Kind: schema.File},
}

func values(codes ...string) (out []schema.ValueSpec) {
	for _, c := range codes {
		out = append(out, schema.ValueSpec{Code: c, Title: schema.Titles{RU: c, EN: c}})
	}
	return out
}

// samples are the records of the test: 3 has nothing but a title.
var samples = []record.Values{
	{
		"title": "Ёлка", "responsible": int64(1), "line": "Зелёная Ёлка", "body": "Длинный ТЕКСТ про ёлку, 100%", "number": int64(10), "rate": "12.50",
		"cost": map[string]any{"amount": "1500.00", "currency": "RUB"}, "urgent": true, "day": "2026-11-19", "moment": "2026-11-19T10:00:00Z",
		"color": "red", "tags": []any{"a", "b"}, "owner": int64(1), "firm": int64(1), "firms": []any{int64(1), int64(2)}, "tels": []any{"+7 921 555-01-42"},
		"mails": []any{"Anna@Example.com"}, "page": "https://example.com/Путь", "place": "Тверь, улица Зелёная", "observers": []any{int64(2)},
	},
	{
		"title": "елка", "responsible": int64(2), "line": "зеленая елка", "body": "другой", "number": int64(-3), "rate": "0", "cost": map[string]any{"amount": "0", "currency": "RUB"},
		"urgent": false, "day": "2026-01-01", "moment": "2026-11-18T21:30:00Z", "color": "green", "tags": []any{"b"}, "owner": int64(2), "firm": int64(2),
		"firms": []any{int64(2)}, "tels": []any{"+7 900 000-00-01", "8 921 555 01 42"}, "mails": []any{"bob@example.com", "b@b.example"},
		"page": "https://other.example", "place": "Москва",
	},
	{"title": "Пусто", "responsible": int64(1)},
}

// cells are filters with the records they find, every operator of every kind.
var cells = []struct {
	filter string
	want   []int64
}{
	{`line = "ЗЕЛЕНАЯ ЁЛКА"`, []int64{1, 2}},
	{`line != "зелёная ёлка"`, []int64{3}},
	{`line < "и"`, []int64{1, 2}},
	{`line >= "и"`, nil},
	{`line in ("нет", "зеленая елка")`, []int64{1, 2}},
	{`line in ()`, nil},
	{`not line in ()`, []int64{1, 2, 3}},
	{`contains(line, "ЁЛК")`, []int64{1, 2}},
	{`starts with(line, "зелё")`, []int64{1, 2}},
	{`line = null`, []int64{3}},
	{`line != null`, []int64{1, 2}},
	{`is empty(line)`, []int64{3}},
	{`contains(body, "текст ПРО ЕЛКУ")`, []int64{1}},
	{`contains(body, "100%")`, []int64{1}},
	{`contains(body, "1_0")`, nil},
	{`starts with(body, "ДРУГ")`, []int64{2}},
	{`body = null`, []int64{3}},
	{`not contains(body, "текст")`, []int64{2}},
	{`number = 10`, []int64{1}},
	{`number != 10`, []int64{2, 3}},
	{`number < 0`, []int64{2}},
	{`number between -3 and 10`, []int64{1, 2}},
	{`number in (-3, 7)`, []int64{2}},
	{`number = null`, []int64{3}},
	{`not number < 0`, []int64{1}},
	{`rate = 12.5`, []int64{1}},
	{`rate > 12.499`, []int64{1}},
	{`rate in (0, 12.50)`, []int64{1, 2}},
	{`rate <= 0`, []int64{2}},
	{`rate = null`, []int64{3}},
	{`cost = 1500`, []int64{1}},
	{`cost = 0`, []int64{2}},
	{`cost >= 0`, []int64{1, 2}},
	{`cost != 0`, []int64{1, 3}},
	{`cost = null`, []int64{3}},
	{`cost in (1500.00)`, []int64{1}},
	{`urgent`, []int64{1}},
	{`urgent = false`, []int64{2}},
	{`urgent != true`, []int64{2, 3}},
	{`urgent = null`, []int64{3}},
	{`urgent in (true, false)`, []int64{1, 2}},
	{`day = date("2026-11-19")`, []int64{1}},
	{`day < date("2026-11-19")`, []int64{2}},
	{`day in [date("2026-01-01")..date("2026-06-01")]`, []int64{2}},
	{`day in (date("2026-11-19"))`, []int64{1}},
	{`day = today()`, []int64{1}},
	{`day = null`, []int64{3}},
	{`moment < now()`, []int64{1, 2}},
	{`moment = date("2026-11-19")`, []int64{1, 2}},
	{`moment >= date and time("2026-11-19T10:00:00Z")`, []int64{1}},
	{`moment = null`, []int64{3}},
	{`color = "red"`, []int64{1}},
	{`color != "red"`, []int64{2, 3}},
	{`color in ("green", "blue")`, []int64{2}},
	{`color = null`, []int64{3}},
	{`tags = "b"`, []int64{1, 2}},
	{`tags != "a"`, []int64{2, 3}},
	{`tags in ("a", "c")`, []int64{1}},
	{`has all(tags, "a", "b")`, []int64{1}},
	{`is empty(tags)`, []int64{3}},
	{`owner = me`, []int64{1}},
	{`owner != me`, []int64{2, 3}},
	{`owner in (1, 2)`, []int64{1, 2}},
	{`owner = null`, []int64{3}},
	{`responsible = me`, []int64{1, 3}},
	{`responsible in (2)`, []int64{2}},
	{`observers = 2`, []int64{1}},
	{`observers != 2`, []int64{2, 3}},
	{`is empty(observers)`, []int64{2, 3}},
	{`firm = 1`, []int64{1}},
	{`firm != 1`, []int64{2, 3}},
	{`firm in (1, 2)`, []int64{1, 2}},
	{`firm = null`, []int64{3}},
	{`firm.title = "ооо вектор"`, []int64{1}},
	{`firm.title != "ооо вектор"`, []int64{2, 3}},
	{`firm.title = null`, []int64{3}},
	{`contains(firm.title, "РОМ")`, []int64{2}},
	{`firms = 1`, []int64{1}},
	{`firms != 1`, []int64{2, 3}},
	{`firms in (1, 2)`, []int64{1, 2}},
	{`has all(firms, 1, 2)`, []int64{1}},
	{`is empty(firms)`, []int64{3}},
	{`tels = "+79215550142"`, []int64{1, 2}},
	{`contains(tels, "555")`, []int64{1, 2}},
	{`starts with(tels, "+7900")`, []int64{2}},
	{`tels != "+79000000001"`, []int64{1, 3}},
	{`is empty(tels)`, []int64{3}},
	{`tels in ("+79000000001")`, []int64{2}},
	{`has all(tels, "+79215550142", "+79000000001")`, []int64{2}},
	{`mails = "ANNA@example.com"`, []int64{1}},
	{`starts with(mails, "b")`, []int64{2}},
	{`contains(mails, "EXAMPLE.COM")`, []int64{1, 2}},
	{`is empty(mails)`, []int64{3}},
	{`starts with(page, "HTTPS://example")`, []int64{1}},
	{`contains(page, "путь")`, []int64{1}},
	{`page = null`, []int64{3}},
	{`page != null`, []int64{1, 2}},
	{`contains(place, "зеленая")`, []int64{1}},
	{`starts with(place, "МОСК")`, []int64{2}},
	{`is empty(place)`, []int64{3}},
	{`scan = null`, []int64{1, 2, 3}},
	{`is empty(scan)`, []int64{1, 2, 3}},
	{`title = "елка"`, []int64{1, 2}},
	{`id in (1, 3)`, []int64{1, 3}},
	{`id > 1`, []int64{2, 3}},
	{`department = "1"`, []int64{1, 2, 3}},
	{`version = 1`, []int64{1, 2, 3}},
	{`created_at <= now()`, []int64{1, 2, 3}},
	{`next_at = null`, []int64{1, 2, 3}},
	{`next_title = null`, []int64{1, 2, 3}},
	{`(line = "зелёная ёлка" and number < 0) or color = "red"`, []int64{1, 2}},
	{`not (line = "зелёная ёлка")`, []int64{3}},
	{``, []int64{1, 2, 3}},
	{`id in (` + many(500) + `)`, []int64{1, 2, 3}},
	{`line in (` + texts(499) + `, "зеленая ёлка")`, []int64{1, 2}},
}

func many(n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprint(i + 1)
	}
	return strings.Join(parts, ", ")
}

func texts(n int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf(`"нет \\ %d"`, i)
	}
	return strings.Join(parts, ", ")
}

// TestEveryCellOfTheFilterTable asks the real tables, written through the real use cases.
func TestEveryCellOfTheFilterTable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := records.EnsureBuiltins(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		store := records.New(d)
		service, admin := record.New(store, twoPeople(), nil), &schema.Admin{Tx: d, Store: store}
		root := access.Who{UserID: 1, Role: access.Admin, Lang: "ru"}
		ctx := tx.WithActor(t.Context(), 1)
		must(t, admin.AddType(ctx, root, schema.TypeSpec{Code: "sample", Title: schema.Titles{RU: "Проба", EN: "Sample"}}))
		for _, spec := range kinds {
			spec.Title = schema.Titles{RU: spec.Code, EN: spec.Code}
			must(t, admin.AddField(ctx, root, "sample", spec))
		}
		create := func(typ string, v record.Values) {
			t.Helper()
			must(t, d.Do(ctx, func(x tx.Tx) error { _, err := service.Create(x, root, typ, v); return err }))
		}
		create("company", record.Values{"title": "ООО Вектор"})
		create("company", record.Values{"title": "Ромашка"})
		for _, v := range samples {
			create("sample", v)
		}
		var c *schema.Catalog
		must(t, d.Read(ctx, func(q db.Q) (err error) { c, err = store.CatalogIn(q); return err }))
		moscow, err := time.LoadLocation("Europe/Moscow")
		must(t, err)
		m := expr.Moment{Now: max(clock.Of(time.Date(2026, 11, 19, 12, 0, 0, 0, time.UTC)), 0), Zone: moscow, Me: 1}
		s := New(d)
		for _, cell := range cells {
			if strings.HasPrefix(cell.filter, "created_at") {
				m.Now = d.Clock().Now()
			}
			l, err := query.NewList(c, "sample", query.Params{Filter: cell.filter, Sort: "id", Fields: "title"}, m, query.PlansOf(root))
			if err != nil {
				t.Errorf("%.80s: %v", cell.filter, err)
				continue
			}
			text, err := s.List(ctx, root.Plan("sample", access.See), &l, nil)
			if err != nil {
				t.Errorf("%.80s: %v", cell.filter, err)
				continue
			}
			var ids []int64
			for _, item := range read[answer](t, text).Items {
				ids = append(ids, item.ID)
			}
			if !slices.Equal(ids, cell.want) {
				t.Errorf("%.80s finds %v, want %v", cell.filter, ids, cell.want)
			}
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
