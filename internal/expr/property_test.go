package expr_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"voronka/internal/expr"
	"voronka/internal/expr/exprtest"
)

var deal = exprtest.Schema("deal")

// The compiled condition must answer as the slow evaluator does, also about a moment it was not first asked at.
func TestMemoryEqualsMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := exprtest.Moment().Draw(t, "moment")
		w := exprtest.Worlds(m).Draw(t, "world")
		for range 20 {
			node := exprtest.Condition(m).Draw(t, "condition")
			tree, err := expr.Check(node, deal)
			if err != nil {
				t.Fatalf("%s: %v", node, err)
			}
			holds := expr.Compile(tree)
			for _, at := range []expr.Moment{m, exprtest.Moment().Draw(t, "later"), m} {
				for _, r := range w["deal"] {
					env := &expr.Env{Moment: at, Record: exprtest.At{World: w, Record: r}}
					if got, want := holds(env), exprtest.Naive(node, w, r, at); got != want {
						t.Fatalf("%s\nat %s in %s about deal %d: got %s, want %s\n%s", tree, at.Now.Time(), at.Zone, r.ID, got, want, w.Dump())
					}
				}
			}
		}
	})
}

// What is printed is read back as the same tree, as text and as JSON.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := exprtest.Moment().Draw(t, "moment")
		tree, err := expr.Check(exprtest.Condition(m).Draw(t, "condition"), deal)
		if err != nil {
			t.Fatal(err)
		}
		want := asJSON(t, tree)
		fromText, err := expr.Parse(tree.String(), deal)
		if err != nil {
			t.Fatalf("%s: %v", tree, err)
		}
		fromJSON, err := expr.ParseJSON(want, deal)
		if err != nil {
			t.Fatalf("%s: %v", want, err)
		}
		for name, again := range map[string]*expr.Tree{"text": fromText, "JSON": fromJSON} {
			if got := asJSON(t, again); !bytes.Equal(got, want) {
				t.Fatalf("through %s\n%s became\n%s\n(%s)", name, want, got, tree)
			}
		}
	})
}

func asJSON(t interface{ Fatal(...any) }, tree *expr.Tree) []byte {
	data, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`title = "ёлка" and (amount > 1.5 or not vip)`, `created_at in [today() - 90 days .. today()]`, `due between date("2026-01-01") and today()`,
		`has all(tags, "red", "green") or is empty(mail)`, `company.contact.title != null`, "`Дата создания` < now() - duration(\"PT2H\")",
		`responsible = me and stage in ("new", "won")`, `contains(phones, "+7921")`, `(((`, `"\u00e9`, `5 < сумма`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		tree, err := expr.Parse(src, deal)
		if err != nil {
			e := err.(*expr.Error)
			if e.In("ru") == "" || e.In("en") == "" || e.From < 0 || e.To < e.From || e.To > len([]rune(src))+1 {
				t.Fatalf("%q: bad error %+v", src, e)
			}
			return
		}
		again, err := expr.Parse(tree.String(), deal)
		if err != nil || again.String() != tree.String() {
			t.Fatalf("%q printed as %s: %v", src, tree, err)
		}
		if back, err := expr.ParseJSON(asJSON(t, tree), deal); err != nil || back.String() != tree.String() {
			t.Fatalf("%q through JSON: %v", src, err)
		}
	})
}

func FuzzParseJSON(f *testing.F) {
	for _, s := range []string{
		`{"op":"and","args":[{"op":"=","path":["title"],"value":"a"},{"op":"in","path":["tags"],"values":[]}]}`,
		`{"op":"range","path":["due"],"from":{"today":{"days":-7}},"to":{"date":"2026-11-19"},"open":"both"}`, `{"op":"true"}`, `null`, `[`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tree, err := expr.ParseJSON(data, deal)
		if err != nil {
			if e := err.(*expr.Error); e.In("ru") == "" || e.At == "" && len(data) <= expr.MaxLength {
				t.Fatalf("%q: bad error %+v", data, e)
			}
			return
		}
		again, err := expr.Parse(tree.String(), deal)
		if err != nil || again.String() != tree.String() {
			t.Fatalf("%s printed as %s: %v", data, tree, err)
		}
	})
}
