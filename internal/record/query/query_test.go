package query

import (
	"testing"

	"voronka/internal/expr"
	"voronka/internal/kernel/fault"
	"voronka/internal/org/access"
	"voronka/internal/record/schema"
)

// catalog is deals with two pipelines that share a stage.
func catalog() *schema.Catalog {
	p := schema.Parts{Types: []*schema.Type{{ID: 1, Code: "deal", Staged: true}, {ID: 2, Code: "contact"}}, Fields: []*schema.Field{
		{ID: 1, TypeID: 1, Code: "amount", Kind: schema.Money, Col: "amount", Builtin: true},
		{ID: 2, TypeID: 1, Code: "comment", Kind: schema.LongText, Col: "comment"},
		{ID: 3, TypeID: 1, Code: "tags", Kind: schema.MultiList},
		{ID: 4, TypeID: 1, Code: "closes_on", Kind: schema.Date, Col: "closes_on"},
	}}
	for i, code := range []string{"main", "partners"} {
		id := int64(i + 1)
		p.Pipelines = append(p.Pipelines, &schema.Pipeline{ID: id, TypeID: 1, Code: code, Sort: id})
		p.Stages = append(p.Stages, &schema.Stage{ID: id * 10, PipelineID: id, Code: "new"}, &schema.Stage{ID: id*10 + 1, PipelineID: id, Code: "won_" + code})
	}
	return schema.NewCatalog(p)
}

func TestListsAreChecked(t *testing.T) {
	number := int64(7)
	good := Mark{Sort: "-amount", Int: &number, ID: 3}.String()
	for name, c := range map[string]struct {
		typ  string
		p    Params
		path string // of the wrong input, "" = fine
		code fault.Code
	}{
		"plain":               {"deal", Params{}, "", ""},
		"everything":          {"deal", Params{Filter: "amount > 5", Sort: "-amount", Fields: "title, amount", Pipeline: "main", Stage: "new", Limit: 10, After: good}, "", ""},
		"stage of one":        {"deal", Params{Stage: "won_main"}, "", ""},
		"unknown type":        {"boat", Params{}, "", fault.NotFound},
		"unknown pipeline":    {"deal", Params{Pipeline: "x"}, "pipeline", fault.Invalid},
		"unknown stage":       {"deal", Params{Stage: "x"}, "stage", fault.Invalid},
		"stage of two":        {"deal", Params{Stage: "new"}, "stage", fault.Invalid},
		"stage elsewhere":     {"deal", Params{Pipeline: "main", Stage: "won_partners"}, "stage", fault.Invalid},
		"unknown field":       {"deal", Params{Fields: "title,x"}, "fields", fault.Invalid},
		"unknown sort":        {"deal", Params{Sort: "x"}, "sort", fault.Invalid},
		"sort by long text":   {"deal", Params{Sort: "comment"}, "sort", fault.Invalid},
		"sort by many":        {"deal", Params{Sort: "-tags"}, "sort", fault.Invalid},
		"broken condition":    {"deal", Params{Filter: "amount >"}, "filter", fault.Invalid},
		"foreign mark":        {"deal", Params{Sort: "amount", After: good}, "after", fault.Invalid},
		"mark of other kind":  {"deal", Params{Sort: "-closes_on", After: Mark{Sort: "-closes_on", Int: &number, ID: 1}.String()}, "after", fault.Invalid},
		"mark without value":  {"deal", Params{Sort: "-amount", After: Mark{Sort: "-amount", ID: 1}.String()}, "after", fault.Invalid},
		"mark that is no one": {"deal", Params{After: "%%%"}, "after", fault.Invalid},
	} {
		_, err := NewList(catalog(), c.typ, c.p, expr.Moment{}, nil)
		if fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if f, ok := err.(*fault.Error); ok && c.path != "" && (len(f.Fields) == 0 || f.Fields[0].Path != c.path) {
			t.Errorf("%s: %+v, want it at %s", name, f.Fields, c.path)
		}
	}
}

func TestListsHaveDefaults(t *testing.T) {
	l, err := NewList(catalog(), "deal", Params{Limit: 100_000}, expr.Moment{}, nil)
	if err != nil || l.Limit != 500 || l.Sort.String() != "-id" || len(l.Fields) < 10 {
		t.Errorf("limit %d, sort %s, %d fields, %v", l.Limit, l.Sort, len(l.Fields), err)
	}
	b, err := NewBoard(catalog(), "deal", Params{Stage: "new", After: "x"}, expr.Moment{}, nil)
	if err != nil || b.Pipeline.Code != "main" || b.Stage != nil || b.Limit != BoardLimit || b.Sort.String() != "-stage_entered_at" {
		t.Errorf("board %+v, %v", b, err)
	}
	if _, err := NewBoard(catalog(), "contact", Params{}, expr.Moment{}, nil); !fault.Is(err, fault.NotFound) {
		t.Errorf("a board of contacts: %v", err)
	}
}

func TestWithoutPlansNothingIsReached(t *testing.T) {
	if !Plans(nil).Of("deal").Nothing() {
		t.Error("nobody reaches deals")
	}
	if !PlansOf(access.System()).Of("deal").Everything() {
		t.Error("the system doesn't reach deals")
	}
}

func TestSearchReadsWhatWasTyped(t *testing.T) {
	for text, want := range map[string]Search{
		"  ЁЛКА  ":         {Key: "елка"},
		"+7 (921) 555":     {Key: "+7 (921) 555", Digits: "7921555"},
		"123":              {Key: "123"},
		"Anna@Example.com": {Key: "anna@example.com", Email: "anna@example.com"},
		"дом 12345":        {Key: "дом 12345"},
	} {
		got, ok := NewSearch(nil, text, nil)
		if !ok || got.Key != want.Key || got.Digits != want.Digits || got.Email != want.Email {
			t.Errorf("%q: %+v", text, got)
		}
	}
	for _, text := range []string{"", " ", "я"} {
		if _, ok := NewSearch(nil, text, nil); ok {
			t.Errorf("%q is enough to look for", text)
		}
	}
}
