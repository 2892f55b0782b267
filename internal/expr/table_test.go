package expr_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"voronka/internal/expr"
)

// golden files hold cases parted by blank lines; each is its input and, on lines begun with a mark, what comes of it.
// VORONKA_GOLDEN=write writes what comes of it now.
func golden(t *testing.T, name string, result func(input string) []string) {
	path := filepath.Join("testdata", name)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, block := range strings.Split(strings.TrimSpace(string(data)), "\n\n") {
		var input []string
		for _, line := range strings.Split(block, "\n") {
			if !strings.HasPrefix(line, "→ ") {
				input = append(input, line)
			}
		}
		if strings.HasPrefix(block, "#") {
			out = append(out, block)
			continue
		}
		for _, line := range result(strings.Join(input, "\n")) {
			input = append(input, "→ "+line)
		}
		out = append(out, strings.Join(input, "\n"))
	}
	got := strings.Join(out, "\n\n") + "\n"
	if os.Getenv("VORONKA_GOLDEN") == "write" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(data), got); diff != "" {
		t.Errorf("%s (-file +now):\n%s", path, diff)
	}
}

// Each input gives its canonical text and its JSON.
func TestParse(t *testing.T) {
	golden(t, "parse.txt", func(input string) []string {
		tree, err := expr.Parse(input, deal)
		if err != nil {
			t.Errorf("%s: %v", input, err)
			return []string{"error"}
		}
		raw, err := tree.MarshalJSON()
		if err != nil {
			t.Error(err)
		}
		return []string{tree.String(), string(raw)}
	})
}

// Each wrong input gives the wrong part, the message in both languages, and what would be right.
func TestErrors(t *testing.T) {
	golden(t, "errors.txt", func(input string) []string {
		_, err := expr.Parse(input, deal)
		if strings.HasPrefix(input, "{") {
			_, err = expr.ParseJSON([]byte(input), deal)
		}
		var e *expr.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: got %v, want an error", input, err)
			return []string{"no error"}
		}
		place := e.At
		if place == "" {
			place = fmt.Sprintf("%d–%d %q", e.From, e.To, string([]rune(input)[e.From:min(e.To, len([]rune(input)))]))
		}
		out := []string{e.Key + " at " + place, e.In("ru"), e.In("en")}
		if len(e.Want) > 0 {
			out = append(out, "want: "+strings.Join(e.Want, " | "))
		}
		return out
	})
}

func TestLimits(t *testing.T) {
	numbers := strings.TrimSuffix(strings.Repeat("1, ", expr.MaxList), ", ")
	for _, c := range []struct{ name, src, key string }{
		{"full list", "count in (" + numbers + ")", ""},
		{"long list", "count in (" + numbers + ", 1)", "expr.list_too_long"},
		{"long has all", "has all(contacts, " + numbers + ", 1)", "expr.list_too_long"},
		{"many terms", strings.TrimSuffix(strings.Repeat("vip and ", expr.MaxTerms), " and "), ""},
		{"too many terms", strings.Repeat("vip and ", expr.MaxTerms) + "vip", "expr.too_many_terms"},
		{"too many constants", strings.Repeat("true and ", expr.MaxTerms) + "true", "expr.too_many_terms"},
		{"deep", strings.Repeat("not ", expr.MaxDepth-1) + "vip", ""},
		{"too deep", strings.Repeat("not ", expr.MaxDepth) + "vip", "expr.too_deep"},
		{"much too deep", strings.Repeat("(", 10000) + "vip" + strings.Repeat(")", 10000), "expr.too_deep"},
		{"long text", `title = "` + strings.Repeat("ё", expr.MaxString) + `"`, ""},
		{"too long text", `title = "` + strings.Repeat("ё", expr.MaxString+1) + `"`, "expr.string_too_long"},
		{"huge", strings.Repeat(" ", expr.MaxLength+1), "expr.too_long"},
		{"long number", "count = " + strings.Repeat("1", expr.MaxDigits+1), "expr.number_too_long"},
		{"far", "due < today() + 101 years", "expr.shift_too_far"},
		{"NUL", "title = \"a\x00\"", "expr.bad_char"},
		{"not UTF-8", "title = \"a\xff\"", "expr.bad_char"},
		{"escaped NUL", `title = "\u0000"`, "expr.bad_escape"},
		{"half a surrogate", `title = "\ud800"`, "expr.bad_escape"},
	} {
		_, err := expr.Parse(c.src, deal)
		var e *expr.Error
		key := ""
		if errors.As(err, &e) {
			key = e.Key
		}
		if key != c.key {
			t.Errorf("%s: got %q, want %q", c.name, key, c.key)
		}
	}
	deepJSON := strings.Repeat(`{"op":"not","args":[`, 5000) + `{"op":"true"}` + strings.Repeat("]}", 5000)
	for _, c := range []struct{ src, key string }{
		{deepJSON, "expr.too_long"},
		{deepJSON[len(deepJSON)/2:], "expr.bad_tree"},
		{strings.Repeat(`{"op":"not","args":[`, 100) + `{"op":"true"}` + strings.Repeat("]}", 100), "expr.too_deep"},
		{`{"op":"=","path":["title"],"value":"\u0000"}`, "expr.bad_char"},
	} {
		var e *expr.Error
		if _, err := expr.ParseJSON([]byte(c.src), deal); !errors.As(err, &e) || e.Key != c.key {
			t.Errorf("%.40s…: got %v, want %s", c.src, err, c.key)
		}
	}
}

// Check gets trees made by hand as well.
func TestCheckByHand(t *testing.T) {
	for _, n := range []*expr.Node{
		nil,
		{},
		{Op: "xor"},
		{Op: expr.OpNot},
		{Op: expr.OpAnd, Args: []*expr.Node{nil}},
		{Op: expr.OpEqual},
		{Op: expr.OpEqual, Path: []string{"count"}, Value: expr.Literal{Kind: expr.NumberLiteral, Text: "1e5"}},
		{Op: expr.OpEqual, Path: []string{"count"}, Value: expr.Literal{Kind: expr.NumberLiteral, Text: ""}},
		{Op: expr.OpEqual, Path: []string{"vip"}, Value: expr.Literal{Kind: expr.BoolLiteral, Text: "yes"}},
		{Op: expr.OpLess, Path: []string{"count"}},
	} {
		var e *expr.Error
		if _, err := expr.Check(n, deal); !errors.As(err, &e) {
			t.Errorf("%+v: got %v, want an error", n, err)
		}
	}
	// Groups of one and none are what they mean.
	for _, c := range []struct {
		node *expr.Node
		want string
	}{
		{&expr.Node{Op: expr.OpAnd}, "true"},
		{&expr.Node{Op: expr.OpOr}, "false"},
		{&expr.Node{Op: expr.OpOr, Args: []*expr.Node{{Op: expr.OpTrue}}}, "true"},
	} {
		tree, err := expr.Check(c.node, deal)
		if err != nil || tree.String() != c.want {
			t.Errorf("%+v: %v, %v, want %s", c.node, tree, err, c.want)
		}
	}
}

func TestJoin(t *testing.T) {
	parse := func(src string) *expr.Tree {
		tree, err := expr.Parse(src, deal)
		if err != nil {
			t.Fatal(err)
		}
		return tree
	}
	a, b := parse("vip"), parse("count > 1 or vip")
	for _, c := range []struct {
		tree *expr.Tree
		want string
	}{
		{expr.And("deal"), "true"},
		{expr.Or("deal"), "false"},
		{expr.And("deal", nil, a), "vip = true"},
		{expr.Always("deal"), "true"},
		{expr.And("deal", a, b), "vip = true and (count > 1 or vip = true)"},
		{expr.Or("deal", a, expr.Not(b)), "vip = true or not(count > 1 or vip = true)"},
	} {
		if c.tree.String() != c.want {
			t.Errorf("got %s, want %s", c.tree, c.want)
		}
	}
	var names []string
	for _, p := range expr.And("deal", b, a, parse("company.contact.vip")).Paths() {
		names = append(names, p.Name)
	}
	if got := strings.Join(names, " "); got != "count vip company.contact.vip" {
		t.Errorf("paths: %s", got)
	}
}

type titles struct{}

func (titles) FieldTitle(recordType string, f expr.FieldInfo) string {
	return map[string]string{"title": "Название", "company": "Компания", "responsible": "Ответственный", "stage": "Стадия", "amount": "Сумма сделки"}[f.Code]
}

func (titles) ValueTitle(f expr.FieldInfo, code string) string {
	return map[string]string{"new": "Новая"}[code]
}

func (titles) IDTitle(f expr.FieldInfo, id string) string {
	return map[string]string{"17": "Анна Петрова"}[id]
}

func TestTitled(t *testing.T) {
	tree, err := expr.Parse(`stage in ("new", "won") and responsible = 17 and company.title = "new" and amount > 17 and count = 17`, deal)
	if err != nil {
		t.Fatal(err)
	}
	want := "Стадия in («Новая», \"won\") and Ответственный = «Анна Петрова» and Компания.Название = \"new\" and `Сумма сделки` > 17 and count = 17"
	if got := tree.Titled(titles{}); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestFault(t *testing.T) {
	_, err := expr.Parse("titel = 1", deal)
	var e *expr.Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	f := e.Fault("filter")
	data, _ := json.Marshal(f.Data)
	want := `{"key":"expr.unknown_field_near","from":0,"to":5,"want":["title"]}`
	if string(data) != want || !errors.Is(f, err) || f.Fields[0].Path != "filter" || f.Fields[0].Key != "expr.wrong" {
		t.Errorf("got  %s\nwant %s", data, want)
	}
}
