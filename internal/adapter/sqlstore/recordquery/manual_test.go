package recordquery

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	records "voronka/internal/adapter/sqlstore/record"
	"voronka/internal/expr"
	"voronka/internal/expr/exprtest"
	"voronka/internal/kernel/tx"
	"voronka/internal/org/access"
	departments "voronka/internal/org/department"
	"voronka/internal/org/directory"
	"voronka/internal/org/portal"
	"voronka/internal/org/user"
	"voronka/internal/record/activity"
	"voronka/internal/record/query"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

// cellFields are the fields of the records the cells are asked about: those of the language's own tests, under their codes.
var cellFields = []schema.FieldSpec{
	{Code: "line", Kind: schema.Text},
	{Code: "note", Kind: schema.LongText},
	{Code: "count", Kind: schema.Integer},
	{Code: "rate", Kind: schema.Decimal, Scale: 3},
	{Code: "vip", Kind: schema.Bool},
	{Code: "due", Kind: schema.Date},
	{Code: "moment", Kind: schema.DateTime},
	{Code: "source", Kind: schema.List, Values: values("site", "call", "mail")},
	{Code: "tags", Kind: schema.MultiList, Values: values("red", "green", "blue")},
	{Code: "company", Kind: schema.Link, LinkType: "company"},
	{Code: "contacts", Kind: schema.Links, LinkType: "contact"},
	{Code: "phones", Kind: schema.Phone},
	{Code: "mails", Kind: schema.Email},
	{Code: "site", Kind: schema.URL},
	{Code: "address", Kind: schema.Address},
	{Code: "files", Kind: schema.File},
}

// threePeople are persons 1 to 3 of the departments 1 to 3.
func threePeople() staff {
	var people []*user.User
	var all []*departments.Department
	for id := range int64(3) {
		id++
		people = append(people, &user.User{ID: id, Name: fmt.Sprint(id), Role: access.Admin, DepartmentID: id, Lang: "ru", Zone: "Europe/Moscow", Active: true})
		all = append(all, &departments.Department{ID: id, Title: fmt.Sprint(id), Pos: 1000 * id, PosEnd: 1000*id + 999})
	}
	return staff{directory.New(portal.Default(), nil, people, all, directory.Restamping{})}
}

// desk writes the records of the cells and asks for them.
type desk struct {
	*testing.T
	d       *db.DB
	service *record.Service
	root    access.Who
	catalog *schema.Catalog
	known   map[string]int64 // records by field and what is stored in it
	answers map[string][]int64
}

// oddOne tells cells that can't come about in records: two codes of one list value, an empty text (which is no text), and
// fields that hold one phone, e-mail or file (records hold several).
func oddOne(c exprtest.CellCase) bool {
	if !c.Many && (c.Kind == expr.Phone || c.Kind == expr.Email || c.Kind == expr.File) {
		return true
	}
	return strings.Contains(c.Condition, `"warm"`) || exprtest.Textual(c.Field) && len(c.Stored) == 1 && c.Stored[0].Text == ""
}

// TestEveryCellOfTheManual asks real lists every question of the table kind × operator the manual prints, about records
// written by the real use cases: what is so is in the list, what isn't is in the list of the opposite, what isn't known
// is in neither.
func TestEveryCellOfTheManual(t *testing.T) {
	cases, _ := exprtest.Cells()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := newDesk(t, d)
		seen := map[string]bool{}
		for _, c := range cases {
			if oddOne(c) {
				continue
			}
			seen[fmt.Sprint(c.Kind, c.Many, c.Operator)] = true
			if c.Field.Code == "title" { // every record has one; none is tried on another text
				x.cell(c, "line")
				if len(c.Stored) == 0 {
					continue
				}
			}
			field := map[string]string{"created_at": "moment"}[c.Field.Code]
			x.cell(c, field)
		}
		for _, row := range expr.Support() {
			for _, o := range expr.OperatorNames {
				single := !row.Many && (row.Kind == expr.Phone || row.Kind == expr.Email || row.Kind == expr.File)
				if row.Operators&o.Operator != 0 && !single && !seen[fmt.Sprint(row.Kind, row.Many, o.Operator)] {
					t.Errorf("nothing was asked of %v with %s", row.Kind, o.Name)
				}
			}
		}
		x.nextStep()
	})
}

func newDesk(t *testing.T, d *db.DB) *desk {
	must(t, records.EnsureBuiltins(t.Context(), d))
	store := records.New(d)
	x := &desk{T: t, d: d, root: access.Who{UserID: 2, Role: access.Admin, Lang: "ru"}, known: map[string]int64{}, answers: map[string][]int64{}}
	x.service = record.New(store, threePeople(), nil)
	admin, ctx := &schema.Admin{Tx: d, Store: store}, tx.WithActor(t.Context(), 2)
	must(t, admin.AddType(ctx, x.root, schema.TypeSpec{Code: "asked", Title: schema.Titles{RU: "Проба", EN: "Sample"}, Staged: true}))
	for _, spec := range cellFields {
		spec.Title = schema.Titles{RU: spec.Code, EN: spec.Code}
		must(t, admin.AddField(ctx, x.root, "asked", spec))
	}
	must(t, d.Do(ctx, func(t tx.Tx) error {
		_, err := db.Of(t).Exec("INSERT INTO file (hash, size, name, mime, created_at, created_by) VALUES ('a', 1, 'a', 'text/plain', 1, 2), ('b', 1, 'b', 'text/plain', 1, 2)")
		return err
	}))
	for i := range 8 {
		x.create("company", record.Values{"title": fmt.Sprint(i + 1)})
		x.create("contact", record.Values{"title": fmt.Sprint(i + 1)})
	}
	must(t, d.Read(ctx, func(q db.Q) (err error) { x.catalog, err = store.CatalogIn(q); return err }))
	return x
}

func (x *desk) create(typ string, v record.Values) (id int64) {
	x.Helper()
	must(x.T, x.d.Do(tx.WithActor(x.Context(), 2), func(t tx.Tx) (err error) { id, err = x.service.Create(t, x.root, typ, v); return err }))
	return id
}

// cell asks one question of the table; as is another field to ask it of.
func (x *desk) cell(c exprtest.CellCase, as string) {
	x.Helper()
	field := c.Field.Code
	condition := c.Condition
	if as != "" {
		condition, field = strings.ReplaceAll(condition, field, as), as
	}
	id := x.record(field, c)
	switch c.Kind {
	case expr.ID:
		condition = strings.ReplaceAll(condition, "1024", fmt.Sprint(id))
	case expr.Department: // departments have numbers instead of codes
		condition = strings.ReplaceAll(condition, `"support"`, "3")
	}
	yes, no := slices.Contains(x.ask(condition), id), slices.Contains(x.ask("not("+condition+")"), id)
	if yes != (c.Want == expr.True) || no != (c.Want == expr.False) {
		x.Errorf("%s with %v: so %v, not so %v, want %v", condition, c.Stored, yes, no, c.Want)
	}
}

// record is the record that holds what the case wants stored.
func (x *desk) record(field string, c exprtest.CellCase) int64 {
	x.Helper()
	name := fmt.Sprint(field, c.Stored)
	if id, ok := x.known[name]; ok {
		return id
	}
	v := record.Values{"title": "Запись", "responsible": nil}
	var many []any
	for _, s := range c.Stored {
		v[field] = x.value(c, s)
		many = append(many, v[field])
	}
	if c.Many {
		v[field] = many
	}
	direct := ""
	switch c.Kind {
	case expr.ID:
		delete(v, "id")
	case expr.Department: // that of the responsible
		delete(v, "department")
		if len(c.Stored) > 0 {
			v["responsible"] = c.Stored[0].Int
		}
	case expr.Stage, expr.Pipeline: // a record is always somewhere: nowhere, and another pipeline, are put into the table
		if len(c.Stored) == 0 {
			direct = "0"
		} else if c.Kind == expr.Pipeline && c.Stored[0].Int == 2 {
			delete(v, "pipeline")
			direct = "1000000"
		}
	}
	id := x.create("asked", v)
	if direct != "" {
		must(x.T, x.d.Do(x.Context(), func(t tx.Tx) error {
			_, err := db.Of(t).Exec("UPDATE r_asked SET "+field+"_id = "+direct+" WHERE id = ?", id)
			return err
		}))
	}
	x.known[name] = id
	return id
}

// value is a stored cell as the use cases take it.
func (x *desk) value(c exprtest.CellCase, s exprtest.Cell) any {
	pick := func(codes ...string) any { return codes[s.Int-1] }
	switch c.Kind {
	case expr.Decimal:
		return strconv.FormatFloat(float64(s.Int)/1000, 'f', 3, 64)
	case expr.Money:
		return map[string]any{"minor": s.Int, "currency": "RUB"}
	case expr.Bool:
		return s.Int == 1
	case expr.DateTime:
		return string(schema.AppendInstant(nil, s.Int)[1:25])
	case expr.List:
		return pick("site", "call", "mail")
	case expr.MultiList:
		return pick("red", "green", "blue")
	case expr.Stage:
		return pick("new", "in_work", "won")
	case expr.Pipeline:
		return pick("main", "service")
	}
	if exprtest.Textual(c.Field) {
		return s.Text
	}
	return s.Int
}

// ask reads a list to its end.
func (x *desk) ask(condition string) []int64 {
	x.Helper()
	ids, ok := x.answers[condition+fmt.Sprint(len(x.known))]
	if ok {
		return ids
	}
	l, err := query.NewList(x.catalog, "asked", query.Params{Filter: condition, Sort: "id", Fields: "title", Limit: 500}, exprtest.Noon(), query.PlansOf(x.root))
	if err != nil {
		x.Fatalf("%s: %v", condition, err)
	}
	text, err := New(x.d).List(x.Context(), x.root.Plan("asked", access.See), &l, nil)
	if err != nil {
		x.Fatalf("%s: %v", condition, err)
	}
	got := read[answer](x.T, text)
	if got.Next != "" {
		x.Fatalf("%s: more than one page", condition)
	}
	for _, item := range got.Items {
		ids = append(ids, item.ID)
	}
	x.answers[condition+fmt.Sprint(len(x.known))] = ids
	return ids
}

// nextStep asks the one long text of the system, whose ” means that there is none.
func (x *desk) nextStep() {
	store := records.New(x.d)
	typ := x.catalog.Type("asked")
	var with, without []int64
	for i, id := range slices.Sorted(maps.Values(x.known)) {
		if i >= 3 {
			without = append(without, id)
			continue
		}
		with = append(with, id)
		must(x.T, x.d.Do(x.Context(), func(t tx.Tx) error {
			_, _, err := store.SetNext(t, typ, id, activity.Next{At: 1, ID: int64(i + 1), Title: []string{"Позвонить насчёт Ёлки", "Письмо 100%", "Встреча"}[i]})
			return err
		}))
	}
	clear(x.answers)
	for condition, want := range map[string][]int64{
		`contains(next_title, "НАСЧЕТ ёлки")`: with[:1], `starts with(next_title, "письмо 100%")`: with[1:2], `not(contains(next_title, "е"))`: with[1:2],
		`contains(next_title, "")`: with, `is empty(next_title)`: without, `next_title != null`: with, `next_title = null`: without,
	} {
		if got := x.ask(condition); !slices.Equal(got, want) {
			x.Errorf("%s finds %v, want %v", condition, got, want)
		}
	}
}
