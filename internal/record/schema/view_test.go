package schema

import (
	"slices"
	"testing"

	"voronka/internal/org/access"
)

// eyes are somebody whose role sees everything but what the rules say.
func eyes(rules ...access.FieldRule) access.Who {
	return access.Who{UserID: 7, Role: access.Employee, Rights: access.NewRights([]*access.Definition{{
		Grants: []access.Grant{{Ops: []access.Op{access.See}, Scopes: []access.Scope{access.ScopeAll}}}, Fields: rules,
	}})}
}

func wholeCatalog() *Catalog {
	return NewCatalog(Parts{
		Types: []*Type{{ID: 1, Code: "deal", Staged: true}, {ID: 2, Code: "contact"}},
		Fields: []*Field{
			{ID: 1, TypeID: 1, Code: "amount", Kind: Money, Col: "amount", Builtin: true, Sort: 1},
			{ID: 2, TypeID: 1, Code: "note", Kind: Text, Col: "note", Sort: 2},
			{ID: 3, TypeID: 1, Code: "contact", Kind: Link, Col: "contact", LinkType: "contact", Sort: 3},
			{ID: 4, TypeID: 1, Code: "old", Kind: Text, Col: "old", RemovedAt: 5, Sort: 4},
			{ID: 5, TypeID: 2, Code: "phones", Kind: Phone, Sort: 1},
		},
	})
}

func TestAViewLacksWhatIsHidden(t *testing.T) {
	c := wholeCatalog()
	hidden := func(typ, field string) access.FieldRule {
		return access.FieldRule{Type: typ, Field: field, Access: access.Hidden}
	}
	who := eyes(hidden("deal", "amount"), hidden("deal", "title"), hidden("deal", "observers"), hidden("deal", "old"), hidden("contact", "phones"),
		access.FieldRule{Type: "deal", Field: "note", Access: access.ReadOnly})
	v := c.For(who)
	deal := v.Type("deal")
	switch {
	case deal.Field("amount") != nil || deal.FieldByID(1) != nil || deal.Amount() != nil || !deal.Hides("amount"):
		t.Error("the amount is there")
	case deal.Field("title") == nil || deal.Hides("title"):
		t.Error("a title can't be hidden")
	case deal.Field("observers") != nil || deal.FieldByID(4) != nil || len(deal.Removed) != 0:
		t.Error("system and removed fields can be hidden")
	case !deal.Field("note").ReadOnly || c.Type("deal").Field("note").ReadOnly:
		t.Error("the note is read-only for him, and for him alone")
	case deal.Field("note").Pos != 1 || deal.Field("contact").Slot != c.Type("deal").Field("contact").Slot:
		t.Error("fields have lost their places")
	case v.TypeByID(1) != deal || !slices.Contains(v.Types, deal) || v.Type("contact").Field("phones") != nil || !v.Type("contact").Partial():
		t.Error("types are found otherwise than in the whole catalogue")
	}
	expr := v.ExprSchema("deal")
	if _, known := expr.Field("amount"); known {
		t.Error("conditions know the amount")
	}
	if linked, _ := expr.Linked("contact"); linked != nil {
		if _, known := linked.Field("phones"); known {
			t.Error("conditions know phones behind a link")
		}
	}
	if v.Whole() != c || c.Whole() != c || v.For(who) != v || v.For(access.Who{Role: access.Admin}) != c {
		t.Error("a view knows what it is a view of")
	}
}

func TestMostPeopleHaveNoViewOfTheirOwn(t *testing.T) {
	c := wholeCatalog()
	for name, who := range map[string]access.Who{
		"administrator": {Role: access.Admin}, "manager": {UserID: 2, Role: access.Manager}, "the program": access.System(), "a role without fields": eyes(),
	} {
		if c.For(who) != c {
			t.Errorf("%s has a view of his own", name)
		}
	}
	rule := access.FieldRule{Type: "deal", Field: "amount", Access: access.Hidden}
	if one, other := c.For(eyes(rule)), c.For(eyes(rule)); one != other {
		t.Error("equal rights make two views")
	}
}

func BenchmarkFor(b *testing.B) {
	c, who := wholeCatalog(), eyes(access.FieldRule{Type: "deal", Field: "amount", Access: access.Hidden})
	b.ReportAllocs()
	for range b.N {
		c.For(who)
	}
}
