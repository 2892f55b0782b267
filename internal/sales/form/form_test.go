package form

import (
	"encoding/hex"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"voronka/internal/kernel/clock"
	"voronka/internal/kernel/fault"
	"voronka/internal/record/schema"
)

// catalog is that of a portal with the built-in types and two fields of its own: a list and its detail.
func catalog() *schema.Catalog {
	p := schema.Parts{Values: map[int64][]schema.Value{}, Portal: schema.Portal{Currency: "RUB", Lang: "ru", Zone: "Europe/Moscow", Region: "RU"}}
	field := int64(0)
	for i, b := range schema.Builtins() {
		typ := b.Type
		typ.ID = int64(i + 1)
		p.Types = append(p.Types, &typ)
		for _, f := range b.Fields {
			field++
			f.ID, f.TypeID, f.Col = field, typ.ID, f.Code
			p.Fields = append(p.Fields, &f)
			p.Values[field] = b.Values[f.Code]
		}
		if typ.Code != "lead" && typ.Code != "deal" {
			continue
		}
		for _, f := range []schema.Field{
			{Code: "object", Kind: schema.List, TitleRU: "Объект", TitleEN: "Object"},
			{Code: "area", Kind: schema.Decimal, TitleRU: "Площадь", TitleEN: "Area", Scale: 1},
			{Code: "systems", Kind: schema.MultiList, TitleRU: "Системы", TitleEN: "Systems"},
			{Code: "paper", Kind: schema.File, TitleRU: "Бумага"},
		} {
			field++
			f.ID, f.TypeID = field, typ.ID
			if f.Kind != schema.MultiList && f.Kind != schema.File {
				f.Col = "f_" + f.Code
			}
			p.Fields = append(p.Fields, &f)
			if f.Kind == schema.List || f.Kind == schema.MultiList {
				p.Values[field] = []schema.Value{{ID: field*10 + 1, Code: "shop", TitleRU: "Магазин", TitleEN: "Shop"}, {ID: field*10 + 2, Code: "plant", TitleRU: "Завод", TitleEN: "Plant"}}
			}
		}
	}
	return schema.NewCatalog(p)
}

func wrongOf(err error) map[string]string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return nil
	}
	got := map[string]string{}
	for _, field := range f.Fields {
		got[field.Path] = field.Key
	}
	return got
}

func TestCheck(t *testing.T) {
	c := catalog()
	built := Options{Items: []Item{
		{Name: "phone"},
		{Name: "lead.object", Required: true},
		{Name: "lead.area", Required: true, When: &When{Item: "lead.object", Is: []string{"plant"}}},
		{Name: "lead.systems", When: &When{Item: "lead.area"}},
	}}
	for name, x := range map[string]struct {
		options Options
		values  url.Values
		wrong   map[string]string
	}{
		"a phone is enough":              {Options{}, url.Values{"phone": {"8 912 345-67-89"}}, nil},
		"an e-mail is enough":            {Options{}, url.Values{"email": {"anna@mail.ru"}}, nil},
		"one of them is wanted":          {Options{}, url.Values{"name": {"Анна"}}, map[string]string{"phone": "form.phone_or_email"}},
		"mistyped":                       {Options{}, url.Values{"phone": {"нет"}, "email": {"anna"}}, map[string]string{"phone": "form.bad_phone", "email": "form.bad_email"}},
		"wanted and forgotten":           {Options{Wanted: []string{"name"}}, url.Values{"phone": {"+79123456789"}}, map[string]string{"name": "required"}},
		"the only way to answer":         {Options{Fields: []string{"email"}}, url.Values{}, map[string]string{"email": "required"}},
		"there is always a way":          {Options{Fields: []string{"comment"}}, url.Values{"comment": {"?"}}, map[string]string{"phone": "required"}},
		"built, too":                     {Options{Items: []Item{{Name: "comment"}}}, url.Values{"comment": {"?"}}, map[string]string{"phone": "required"}},
		"what isn't shown is not asked":  {Options{Fields: []string{"phone"}}, url.Values{"phone": {"+79123456789"}, "email": {"x"}}, nil},
		"hidden, so not wanted":          {built, url.Values{"phone": {"+79123456789"}, "lead.object": {"shop"}}, nil},
		"shown, so wanted":               {built, url.Values{"phone": {"+79123456789"}, "lead.object": {"plant"}}, map[string]string{"lead.area": "required"}},
		"a number with a comma":          {built, url.Values{"phone": {"+79123456789"}, "lead.object": {"plant"}, "lead.area": {"1 200,5"}}, nil},
		"no number":                      {built, url.Values{"phone": {"+79123456789"}, "lead.object": {"plant"}, "lead.area": {"много"}}, map[string]string{"lead.area": "record.bad_decimal"}},
		"no such value":                  {built, url.Values{"phone": {"+79123456789"}, "lead.object": {"moon"}}, map[string]string{"lead.object": "record.no_such_value"}},
		"several of a list":              {built, url.Values{"phone": {"+79123456789"}, "lead.object": {"plant"}, "lead.area": {"5"}, "lead.systems": {"shop", "plant"}}, nil},
		"hidden by what is hidden":       {built, url.Values{"phone": {"+79123456789"}, "lead.object": {"shop"}, "lead.area": {"5"}, "lead.systems": {"moon"}}, nil},
		"far too long":                   {Options{}, url.Values{"phone": {"+79123456789"}, "comment": {strings.Repeat("x", MaxValue+1)}}, map[string]string{"comment": "form.too_long"}},
		"consent is wanted":              {Options{Consent: &Consent{Text: Titles{RU: "Согласен"}, Required: true}}, url.Values{"phone": {"+79123456789"}}, map[string]string{"consent": "form.consent_wanted"}},
		"consent is given":               {Options{Consent: &Consent{Text: Titles{RU: "Согласен"}, Required: true}}, url.Values{"phone": {"+79123456789"}, "consent": {"1"}}, nil},
		"what has gone is asked no more": {Options{Items: []Item{{Name: "lead.gone", Required: true}, {Name: "phone"}}}, url.Values{"phone": {"+79123456789"}}, nil},
	} {
		if diff := cmp.Diff(x.wrong, wrongOf(Resolve(x.options, c, "lead").Check(x.values))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestValuesAreThoseThatShow(t *testing.T) {
	o := Options{Items: []Item{
		{Name: "name"},
		{Name: "phone"},
		{Name: "lead.object"},
		{Name: "lead.area", When: &When{Item: "lead.object", Is: []string{"PLANT"}}},
		{Name: "company.inn"},
		{Name: "lead.systems"},
	}}
	values := url.Values{
		"name": {"Анна", "Вера"}, "phone": {"+79123456789"}, "lead.object": {"plant"}, "lead.area": {"1\u00a0200,5"}, "company.inn": {"7701234567"},
		"lead.systems": {"shop", "plant", ""}, "strange": {"x"}, "t": {"token"}, "dedupe": {"mine"}, "email": {"not@asked.ru"},
	}
	want := url.Values{"name": {"Анна"}, "phone": {"+79123456789"}, "object": {"plant"}, "area": {"1200.5"}, "company.inn": {"7701234567"}, "systems": {"shop", "plant"}}
	f := Resolve(o, catalog(), "lead")
	if diff := cmp.Diff(want, f.Values(values)); diff != "" {
		t.Error(diff)
	}
	values.Set("lead.object", "shop")
	if _, there := f.Values(values)["area"]; there {
		t.Error("a field that was hidden is sent")
	}
	if deal := Resolve(o, catalog(), "deal"); len(deal.Items) != 6 { // the form outlives simple mode
		t.Errorf("%d items of a deal", len(deal.Items))
	}
}

func TestFormsNobodyCouldFillIn(t *testing.T) {
	c := catalog()
	ru := func(s string) Titles { return Titles{RU: s} }
	for name, x := range map[string]struct {
		options Options
		path    string // "": nothing is wrong
	}{
		"the usual":            {Options{}, ""},
		"all of it":            {Options{Items: []Item{{Name: "phone"}, {Name: "lead.object", When: &When{Item: "phone"}}}, Look: Look{Accent: "#aB12f0", Size: 18, Theme: "dark"}, Consent: &Consent{Text: ru("Да")}, Work: -1, NoScript: Accept}, ""},
		"no such field":        {Options{Items: []Item{{Name: "lead.password"}}}, "form/items/0/name"},
		"a field of the house": {Options{Items: []Item{{Name: "lead.responsible"}}}, "form/items/0/name"},
		"a file":               {Options{Items: []Item{{Name: "lead.paper"}}}, "form/items/0/name"},
		"another type":         {Options{Items: []Item{{Name: "activity.text"}}}, "form/items/0/name"},
		"twice":                {Options{Items: []Item{{Name: "name"}, {Name: "name"}}}, "form/items/1/name"},
		"looks down":           {Options{Items: []Item{{Name: "name", When: &When{Item: "phone"}}, {Name: "phone"}}}, "form/items/0/when"},
		"looks at itself":      {Options{Items: []Item{{Name: "phone", When: &When{Item: "phone"}}}}, "form/items/0/when"},
		"an old name":          {Options{Fields: []string{"password"}}, "form"},
		"style in a colour":    {Options{Look: Look{Accent: "#fff}*{}"}}, "form/look/accent"},
		"a short colour":       {Options{Look: Look{Ground: "#fff"}}, "form/look/ground"},
		"tiny":                 {Options{Look: Look{Size: 5}}, "form/look/size"},
		"a theme":              {Options{Look: Look{Theme: "pink"}}, "form/look/theme"},
		"an empty consent":     {Options{Consent: &Consent{}}, "form/consent"},
		"a language":           {Options{Words: map[string]Words{"de": {}}}, "form/words"},
		"endless words":        {Options{Words: map[string]Words{"ru": {Intro: strings.Repeat("я", MaxWords+1)}}}, "form/words/ru/intro"},
		"endless label":        {Options{Items: []Item{{Name: "phone", Label: ru(strings.Repeat("я", 301))}}}, "form/items/0/label"},
		"too hard":             {Options{Work: MaxBits + 1}, "form/work"},
		"no scripts":           {Options{NoScript: "burn"}, "form/no_script"},
		"too many":             {Options{Items: make([]Item, MaxItems+1)}, "form/items"},
	} {
		wrong := wrongOf(x.options.CheckOptions(c, "lead").OrNil())
		if _, there := wrong[x.path]; x.path == "" && wrong != nil || x.path != "" && !there {
			t.Errorf("%s: %v, want %q", name, wrong, x.path)
		}
	}
}

func TestWordsOfALanguage(t *testing.T) {
	o := Options{Heading: "old", Thanks: "спасибо", Words: map[string]Words{"en": {Heading: "new", Button: "Go"}}}
	if diff := cmp.Diff(Words{Heading: "new", Button: "Go", Thanks: "спасибо"}, o.In("en")); diff != "" {
		t.Error(diff)
	}
	if got := o.In("ru").Heading; got != "old" {
		t.Error(got)
	}
	if (Titles{EN: "x"}).In("ru") != "x" || (Titles{RU: "я", EN: "x"}).In("en") != "x" || (Titles{RU: "я"}).In("en") != "я" {
		t.Error("an empty text isn't replaced by the other one")
	}
}

func TestPieces(t *testing.T) {
	for text, want := range map[string][]Piece{
		"":         nil,
		"Согласен": {{Text: "Согласен"}},
		"Я [согласен](https://a.ru/p) с ним": {{Text: "Я "}, {"согласен", "https://a.ru/p"}, {Text: " с ним"}},
		"[x](javascript:alert(1))":           {{Text: "["}, {Text: "x](javascript:alert(1))"}},
		"[a[b](https://x.ru)":                {{Text: "["}, {Text: "a"}, {"b", "https://x.ru"}},
		"[a](https://x.ru":                   {{Text: "["}, {Text: "a](https://x.ru"}},
	} {
		if diff := cmp.Diff(want, Pieces(text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// changed is a token with one character of its signature replaced.
func changed(token string) string {
	at := len(token) - 10
	other := "A"
	if token[at] == 'A' {
		other = "B"
	}
	return token[:at] + other + token[at+1:]
}

func TestToken(t *testing.T) {
	opened := clock.Of(time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC))
	terms := Terms{"ru", "Согласен"}.Hash()
	token := Ticket{Opened: opened, Bits: 12, Consent: terms}.Token("secret")
	plain := Ticket{Opened: opened}.Token("secret")
	for name, c := range map[string]struct {
		secret, token string
		after         time.Duration
		want          Verdict
	}{
		"a minute later":     {"secret", token, time.Minute, Good},
		"without a consent":  {"secret", plain, time.Minute, Good},
		"at once":            {"secret", token, time.Second, TooFast},
		"two days later":     {"secret", token, 48 * time.Hour, TooOld},
		"of another form":    {"other", token, time.Minute, Forged},
		"changed":            {"secret", changed(token), time.Minute, Forged},
		"cut":                {"secret", token[:10], time.Minute, Forged},
		"none":               {"secret", "", time.Minute, Forged},
		"clocks differ":      {"secret", Ticket{Opened: opened.Add(30 * time.Second)}.Token("secret"), time.Second, TooFast},
		"from the future":    {"secret", Ticket{Opened: opened.Add(time.Hour)}.Token("secret"), time.Minute, TooOld}, // the clock was put back
		"not base64":         {"secret", "!!!", time.Minute, Forged},
		"no hash of consent": {"secret", Ticket{Opened: opened, Consent: "zz"}.Token("secret"), time.Minute, Good},
	} {
		if _, got := Open(c.secret, c.token, opened.Add(c.after)); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if k, _ := Open("secret", token, opened.Add(time.Minute)); k != (Ticket{opened, 12, terms}) {
		t.Errorf("%+v", k)
	}
	if token == (Ticket{Opened: opened, Bits: 12, Consent: terms}).Token("secret") {
		t.Error("two tokens are alike")
	}
}

func TestPuzzle(t *testing.T) {
	for bits := range 13 {
		answer := Solve("token", bits)
		if !Solved("token", answer, bits) || bits > 4 && Solved("another", answer, bits) && Solved("third", answer, bits) {
			t.Errorf("%d bits: %s", bits, answer)
		}
	}
	answer := Solve("token", 8)
	for _, bad := range []string{"", "-1", "0" + answer, "+" + answer, answer + " ", "1e9", strings.Repeat("9", 400), "x", "９"} {
		if Solved("token", bad, 8) {
			t.Errorf("%q is taken for an answer", bad)
		}
	}
	if Solved("token", answer, MaxBits+1) || !Solved("token", "", 0) || !Solved("token", "", -1) {
		t.Error("too hard, or none at all")
	}
	if zeros([]byte{0, 0, 0x1f, 0}) != 19 || zeros([]byte{0, 0}) != 16 || zeros([]byte{255}) != 0 {
		t.Error("bits are counted wrongly")
	}
}

func TestDraft(t *testing.T) {
	now := clock.Of(time.Date(2026, 11, 19, 10, 0, 0, 0, time.UTC))
	o := Options{Secret: "s", Heading: "Смета за день", Items: []Item{{Name: "phone", Label: Titles{RU: "Ваш телефон"}}}}
	draft, err := Seal(o, "s", now)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Unseal(draft, "s", now.Add(time.Minute))
	if diff := cmp.Diff(o, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	for name, x := range map[string]struct {
		draft, secret string
		after         time.Duration
	}{"of another form": {draft, "x", 0}, "tomorrow": {draft, "s", 25 * time.Hour}, "changed": {changed(draft), "s", 0}, "none": {"", "s", 0}, "no base64": {"!", "s", 0}} {
		if _, err := Unseal(x.draft, x.secret, now.Add(x.after)); err == nil {
			t.Errorf("%s: taken for a draft", name)
		}
	}
}

func FuzzSolved(f *testing.F) {
	f.Add("token", "123", 8)
	f.Add("", "", 0)
	f.Add("t", "99999999999999999999", 15)
	f.Fuzz(func(t *testing.T, token, answer string, difficulty int) {
		if Solved(token, answer, difficulty) && difficulty > 0 && (answer == "" || len(answer) > 16) {
			t.Errorf("%q solves %d bits of %q", answer, difficulty, token)
		}
	})
}

func FuzzOpen(f *testing.F) {
	now := clock.Instant(1_800_000_000_000)
	f.Add(Ticket{Opened: now, Bits: 15, Consent: strings.Repeat("ab", 32)}.Token("s"))
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		k, verdict := Open("s", token, now.Add(time.Minute))
		if _, err := hex.DecodeString(k.Consent); err != nil || verdict != Good && verdict != TooFast && k != (Ticket{}) {
			t.Errorf("%q: %+v %d", token, k, verdict)
		}
		_, _ = Unseal(token, "s", now)
	})
}

func FuzzOptions(f *testing.F) {
	c := catalog()
	f.Add([]byte(`{"items":[{"name":"phone"},{"name":"lead.object","when":{"item":"phone"}}],"look":{"accent":"#fff"}}`), "phone=1&lead.object=shop")
	f.Add([]byte(`{"fields":["name"],"consent":{"text":{"ru":"[a](https://b.ru)"}}}`), "consent=1")
	f.Fuzz(func(t *testing.T, text []byte, query string) {
		o, err := readOptions(text)
		if err != nil {
			return
		}
		values, _ := url.ParseQuery(query)
		form := Resolve(o, c, "lead")
		_ = o.CheckOptions(c, "lead")
		_ = form.Check(values)
		for name := range form.Values(values) {
			if name == "" {
				t.Error("a value without a name")
			}
		}
		if o.Consent != nil {
			for _, p := range Pieces(o.Consent.Text.RU) {
				if p.Address != "" && !isAddress(p.Address) {
					t.Errorf("a link to %q", p.Address)
				}
			}
		}
	})
}
