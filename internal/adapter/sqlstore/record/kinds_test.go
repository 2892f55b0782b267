package record_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"voronka/internal/adapter/sqlstore/db"
	"voronka/internal/adapter/sqlstore/dbtest"
	"voronka/internal/kernel/fault"
	"voronka/internal/kernel/tx"
	"voronka/internal/record/record"
	"voronka/internal/record/schema"
)

func (h *house) admin() *schema.Admin { return &schema.Admin{Tx: h.d, Store: h.store} }

func (h *house) addField(typ string, spec schema.FieldSpec) {
	h.Helper()
	spec.Title = schema.Titles{RU: "Поле", EN: "Field"}
	if err := h.admin().AddField(h.Context(), h.who(1), typ, spec); err != nil {
		h.Fatalf("add %s: %v", spec.Code, err)
	}
}

func number(n string) json.Number { return json.Number(n) }

// many are 500 values of a list, as input and as output.
func manyPhones() (in []any, out string) {
	var b strings.Builder
	for i := range 500 {
		phone := fmt.Sprintf("+7921%07d", i)
		in = append(in, phone)
		fmt.Fprintf(&b, `,{"value":%q,"e164":%q}`, phone, phone)
	}
	return in, "[" + b.String()[1:] + "]"
}

func TestEveryKindComesBack(t *testing.T) {
	phones, phonesOut := manyPhones()
	cases := []struct {
		spec schema.FieldSpec
		in   any
		want string
		bad  any // refused
	}{
		{schema.FieldSpec{Code: "k_text", Kind: schema.Text}, " Ёлка \"и\"\nИван\x00 ", `"Ёлка \"и\" Иван"`, strings.Repeat("я", 1001)},
		{schema.FieldSpec{Code: "k_long", Kind: schema.LongText}, "строка\r\nвторая\t😀", `"строка\nвторая\t😀"`, number("5")},
		{schema.FieldSpec{Code: "k_int", Kind: schema.Integer}, number("-9007199254740993"), "-9007199254740993", number("1.5")},
		{schema.FieldSpec{Code: "k_dec", Kind: schema.Decimal, Scale: 3}, "12.5", `"12.500"`, "12.3456"},
		{schema.FieldSpec{Code: "k_money", Kind: schema.Money}, map[string]any{"amount": "-0.01", "currency": "rub"}, `{"minor":-1,"currency":"RUB","base":-1}`, map[string]any{"amount": "1", "currency": "JPY"}},
		{schema.FieldSpec{Code: "k_bool", Kind: schema.Bool}, false, "false", "yes"},
		{schema.FieldSpec{Code: "k_date", Kind: schema.Date}, "2024-02-29", `"2024-02-29"`, "2023-02-29"},
		{schema.FieldSpec{Code: "k_at", Kind: schema.DateTime}, "2026-11-19T13:00:00.5+03:00", `"2026-11-19T10:00:00.500Z"`, "2026-11-19"},
		{schema.FieldSpec{Code: "k_list", Kind: schema.List, Values: []schema.ValueSpec{{Code: "a", Title: schema.Titles{RU: "А"}}}}, "a", `"a"`, "b"},
		{
			schema.FieldSpec{Code: "k_lists", Kind: schema.MultiList, Values: []schema.ValueSpec{{Code: "a", Title: schema.Titles{RU: "А"}}, {Code: "b", Title: schema.Titles{RU: "Б"}}}},
			[]any{"b", "a", "b"},
			`["a","b"]`,
			[]any{"c"},
		},
		{schema.FieldSpec{Code: "k_user", Kind: schema.User}, number("4"), "4", number("77")},
		{schema.FieldSpec{Code: "k_link", Kind: schema.Link, LinkType: "company"}, map[string]any{"id": number("1")}, `{"id":1}`, number("99")},
		{
			schema.FieldSpec{Code: "k_links", Kind: schema.Links},
			[]any{"company/1", map[string]any{"type": "company", "id": number("2"), "role": "поставщик"}},
			`[{"type":"company","id":1},{"type":"company","id":2,"role":"поставщик"}]`,
			[]any{"company/99"},
		},
		{schema.FieldSpec{Code: "k_phone", Kind: schema.Phone}, phones, phonesOut, append([]any{"+79990000000"}, phones...)},
		{schema.FieldSpec{Code: "k_mail", Kind: schema.Email}, []any{map[string]any{"value": "Anna+crm@Пример.рф", "kind": "work"}, "anna@пример.рф"}, `[{"value":"Anna+crm@пример.рф","kind":"work"}]`, "anna@"},
		{schema.FieldSpec{Code: "k_url", Kind: schema.URL}, "https://пример.рф/a?b=1", `"https://пример.рф/a?b=1"`, "javascript:alert(1)"},
		{schema.FieldSpec{Code: "k_addr", Kind: schema.Address}, "Тверь,\nпл. Ленина, 1", `"Тверь,\nпл. Ленина, 1"`, []any{}},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.mustCreate(1, "company", record.Values{"title": "Раз"})
		h.mustCreate(1, "company", record.Values{"title": "Два"})
		empty := h.mustCreate(1, "contact", record.Values{"title": "До полей"})
		all, none := record.Values{"title": "Всё"}, record.Values{}
		for _, c := range cases {
			h.addField("contact", c.spec)
			all[c.spec.Code], none[c.spec.Code] = c.in, nil
		}
		id := h.mustCreate(1, "contact", all)
		old := h.json("contact", empty)
		for _, c := range cases {
			if got := h.json("contact", id)[c.spec.Code]; got != c.want {
				t.Errorf("%s created: %.300s, want %.300s", c.spec.Code, got, c.want)
			}
			if old[c.spec.Code] != "null" {
				t.Errorf("%s of an old record: %s", c.spec.Code, old[c.spec.Code])
			}
			_, err := h.update(1, "contact", id, record.Values{c.spec.Code: c.bad}, 0)
			var f *fault.Error
			if !errors.As(err, &f) || f.Code != fault.Invalid || len(f.Fields) == 0 || !strings.HasPrefix(f.Fields[0].Path, c.spec.Code) {
				t.Errorf("%s took %.50v: %v", c.spec.Code, c.bad, err)
			}
		}
		if _, err := h.update(1, "contact", id, none, 1); err != nil {
			t.Fatal(err)
		}
		got := h.json("contact", id)
		for _, c := range cases {
			if got[c.spec.Code] != "null" {
				t.Errorf("%s emptied: %.100s", c.spec.Code, got[c.spec.Code])
			}
		}
		all["title"] = "Снова"
		if _, err := h.update(1, "contact", id, all, 2); err != nil {
			t.Fatal(err)
		}
		got = h.json("contact", id)
		for _, c := range cases {
			if got[c.spec.Code] != c.want {
				t.Errorf("%s updated: %.300s, want %.300s", c.spec.Code, got[c.spec.Code], c.want)
			}
		}
		if v, err := h.update(1, "contact", id, all, 0); err != nil || v != 3 {
			t.Errorf("the same again made version %d (%v), want 3", v, err)
		}
	})
}

func TestUnknownAndReadOnlyFieldsAreNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		_, err := h.create(1, "deal", record.Values{"title": "x", "nothing": 1, "created_at": "2026-11-19T10:00:00Z", "stage": "nowhere", "responsible": int64(99)})
		var f *fault.Error
		if !errors.As(err, &f) {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, x := range f.Fields {
			got[x.Path] = x.Key
		}
		for path, key := range map[string]string{"nothing": "record.unknown_field", "created_at": "record.read_only", "stage": "record.no_such_stage", "responsible": "record.no_such_user"} {
			if got[path] != key {
				t.Errorf("%s: %s, want %s", path, got[path], key)
			}
		}
		for _, c := range []struct {
			v    record.Values
			path string
		}{
			{record.Values{}, "title"},
			{record.Values{"title": "   "}, "title"},
			{record.Values{"title": "x", "responsible": int64(6)}, "responsible"},
			{record.Values{"title": "x", "stage": "lost"}, "lost_reason"},
			{record.Values{"title": "x", "lost_reason": "price"}, "lost_reason"},
			{record.Values{"title": "x", "observers": []int64{99}}, "observers"},
			{record.Values{"title": "x", "amount": "1e99"}, "amount"},
			{record.Values{"title": "x", "amount": "99999999999999999"}, "amount"},
		} {
			_, err := h.create(1, "deal", c.v)
			if !errors.As(err, &f) || f.Code != fault.Invalid || f.Fields[0].Path != c.path {
				t.Errorf("%v: %v, want a complaint about %s", c.v, err, c.path)
			}
		}
	})
}

func TestUniqueValues(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.addField("company", schema.FieldSpec{Code: "ogrn", Kind: schema.Text, Unique: true})
		h.addField("company", schema.FieldSpec{Code: "hotline", Kind: schema.Phone, Unique: true})
		first := h.mustCreate(3, "company", record.Values{"title": "Один", "ogrn": "АЁ 1", "hotline": "8 812 5550142"})
		for _, v := range []record.Values{{"title": "Два", "ogrn": "ае 1"}, {"title": "Два", "hotline": "+7 (812) 555-01-42"}} {
			_, err := h.create(5, "company", v)
			var f *fault.Error
			if !errors.As(err, &f) || f.Fields[0].Key != "record.taken" {
				t.Errorf("%v: %v, want record.taken, for he doesn't see the other", v, err)
			}
			if _, err = h.create(3, "company", v); !errors.As(err, &f) || f.Fields[0].Key != "record.taken_by" || f.Fields[0].Args["id"] != first {
				t.Errorf("%v: %v, want record.taken_by", v, err)
			}
		}
		if _, err := h.update(3, "company", first, record.Values{"ogrn": "АЁ 1", "title": "Один!"}, 0); err != nil {
			t.Errorf("his own value: %v", err)
		}
		// Of eight who want the same value at once exactly one gets it.
		won := make(chan error, 8)
		for i := range 8 {
			go func() {
				won <- h.do(1, func(t tx.Tx) error {
					_, err := h.service.Create(t, h.who(1), "company", record.Values{"title": fmt.Sprint(i), "ogrn": "777"})
					return err
				})
			}()
		}
		done := 0
		for range 8 {
			if err := <-won; err == nil {
				done++
			} else if !fault.Is(err, fault.Invalid) {
				t.Error(err)
			}
		}
		if done != 1 {
			t.Errorf("%d got a unique value", done)
		}
	})
}
