package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// every is a catalogue with one type that has a field of every kind, named after the kind.
func every() (*Catalog, *Type) {
	p := Parts{Types: []*Type{{ID: 1, Code: "thing"}}, Values: map[int64][]Value{}}
	id := int64(0)
	for _, kind := range []Kind{Text, LongText, Integer, Decimal, Money, Bool, Date, DateTime, List, MultiList, User, Link, Links, Phone, Email, URL, Address, File} {
		id++
		f := &Field{ID: id, TypeID: 1, Code: string(kind), Kind: kind, Col: string(kind)}
		switch kind {
		case Decimal:
			f.Scale = 3
		case Link:
			f.LinkType = "thing"
		case List, MultiList:
			p.Values[id] = []Value{{ID: id*100 + 1, Code: "a"}, {ID: id*100 + 2, Code: "b"}, {ID: id*100 + 3, Code: "old", Removed: true}}
		}
		p.Fields = append(p.Fields, f)
	}
	c := NewCatalog(p)
	return c, c.Type("thing")
}

// anyValue is what a stranger may send.
func anyValue() *rapid.Generator[any] {
	leaf := rapid.OneOf(
		rapid.Just[any](nil),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Map(rapid.Int64(), func(n int64) any { return json.Number(fmt.Sprint(n)) }),
		rapid.Map(rapid.Float64(), func(n float64) any { return n }),
		rapid.Map(rapid.String(), func(s string) any { return s }),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) any { return string(b) }),
		rapid.Map(rapid.SampledFrom([]string{
			"a", "b", "old", "12.5", "-0", "1e5", "2026-02-30", "2026-02-28", "2026-11-19T10:00:00+03:00", "+7 921 555-01-42 доб. 5", "8", "anna@пример.рф",
			"thing/5", "https://a.ru", "javascript:alert(1)", "доб. 5", "ﷺ", "\u202e", "00000000000000000000000001", "9223372036854775808",
		}), func(s string) any { return s }),
		rapid.Map(rapid.SampledFrom([]string{"1e400", "-", "", "0x1", "1.", "12.345", "1e2"}), func(s string) any { return json.Number(s) }),
	)
	inMap := rapid.Map(rapid.MapOf(rapid.SampledFrom([]string{"id", "type", "minor", "amount", "currency", "value", "kind", "role"}), leaf), func(m map[string]any) any { return m })
	one := rapid.OneOf(leaf, inMap)
	return rapid.OneOf(one, rapid.Map(rapid.SliceOfN(one, 0, 4), func(l []any) any { return l }))
}

func TestWhatIsTakenComesBackTheSame(t *testing.T) {
	c, typ := every()
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(typ.Fields).Draw(t, "field")
		in := anyValue().Draw(t, "value")
		comesBack(t, c, f, in)
	})
}

// comesBack reads a value and wants it, when it is taken, written so that it is read the same again.
func comesBack(t interface{ Fatalf(string, ...any) }, c *Catalog, f *Field, in any) {
	portal := Portal{}.Filled()
	d, err := c.Parse("x", f, in, portal)
	if err != nil {
		return
	}
	out := c.AppendJSON(nil, f, d)
	if !json.Valid(out) || !utf8.Valid(out) || bytes.IndexByte(out, 0) >= 0 {
		t.Fatalf("%s %v is written as %q", f.Kind, in, out)
	}
	decoder := json.NewDecoder(bytes.NewReader(out))
	decoder.UseNumber()
	var again any
	if err := decoder.Decode(&again); err != nil {
		t.Fatalf("%s: %v", out, err)
	}
	back, err := c.Parse("x", f, again, portal)
	if err != nil || !back.Equal(d) {
		t.Fatalf("%s: %v is read as %+v, written as %s, read again as %+v (%v)", f.Kind, in, d, out, back, err)
	}
	if d.Set && f.Kind == Text && len(d.Key) > MaxKey {
		t.Fatalf("a key of %d bytes", len(d.Key))
	}
}

func TestStringsAreWrittenAsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "s")
		var back string
		if err := json.Unmarshal(AppendString(nil, s), &back); err != nil {
			t.Fatal(err)
		}
		if want := string(bytes.ToValidUTF8([]byte(s), []byte("\uFFFD"))); utf8.ValidString(s) && back != want {
			t.Fatalf("%q came back as %q", s, back)
		}
	})
}

func TestCatalogFindsEverything(t *testing.T) {
	c := NewCatalog(Parts{
		Types: []*Type{{ID: 2, Code: "deal", Staged: true, Sort: 2}, {ID: 1, Code: "lead", Staged: true, Sort: 1}},
		Fields: []*Field{
			{ID: 1, TypeID: 2, Code: "b", Sort: 2},
			{ID: 2, TypeID: 2, Code: "a", Sort: 1},
			{ID: 3, TypeID: 2, Code: "gone", RemovedAt: 5},
			{ID: 4, TypeID: 2, Code: "amount", Kind: Money, Builtin: true, Sort: 3},
		},
		Pipelines: []*Pipeline{{ID: 5, TypeID: 2, Code: "main"}, {ID: 6, TypeID: 2, Code: "old", Removed: true}},
		Stages:    []*Stage{{ID: 8, PipelineID: 5, Code: "won", Kind: Won, Sort: 2}, {ID: 7, PipelineID: 5, Code: "new", Kind: Open, Sort: 1}, {ID: 9, PipelineID: 5, Code: "x", Removed: true}},
		Reasons:   []*LostReason{{ID: 3, TypeID: 2, Code: "price"}},
	})
	deal := c.Type("deal")
	if c.Types[0].Code != "lead" || deal.Fields[0].Code != "a" || deal.Fields[0].Pos != 0 || deal.Field("gone") != nil || deal.FieldByID(3) == nil || deal.Amount() == nil {
		t.Errorf("types and fields: %+v", deal)
	}
	for i, f := range append(slices.Clone(deal.System), deal.Fields...) {
		if f.Slot != i {
			t.Errorf("%s has slot %d, want %d", f.Code, f.Slot, i)
		}
	}
	if p := c.Pipeline("deal", "main"); len(p.Stages) != 2 || p.First().Code != "new" || c.StageByID(9) == nil || c.Pipeline("deal", "old") != nil || c.PipelineByID(6) == nil {
		t.Errorf("pipelines: %+v", p)
	}
	x := c.ExprSchema("deal")
	f, ok := x.Field("stage")
	if ids, found := x.Values(f, "won"); !ok || !found || ids[0] != 8 {
		t.Errorf("stage won: %v", ids)
	}
	if c.ExprSchema("nothing") != nil {
		t.Error("a schema of no type")
	}
}
